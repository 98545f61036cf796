/**
 * Postings of a full text index under construction, in compressed lists: documents come in by ascending row id, all of them go into
 * the tree sorted by column, lexeme and row.
 *
 *     posting   distance to the document before * 2 + (1: of several places or none) | their count, if so | places
 *     place     distance to the one before * 4 + weight                            (all of them seven bits a byte)
 *     slice     bytes... | next slice u32                                           (16 bytes, then twice as many, up to 512)
 *
 * I1  What is held stays below the budget by a document: whoever adds looks at `isFull` and takes what there is.
 * I2  A list is of one column and one key, its documents ascend.
 */
import { keyBytesMax } from '../../tree/row-fit.ts';
import { utf8Size } from '../../tree/text-bytes.ts';
import type { Tree } from '../../tree/tree.ts';
import { fetchRoot } from '../../tree/tree-descent.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { compareText } from '../../types/text-order.ts';
import type { TsVector, VectorSource } from '../../types/tsvector.ts';
import { DocumentLists } from './document-lists.ts';
import { LexemeLeaves } from './lexeme-leaves.ts';
import { eachPosting, lexemeKey, placeCountOf } from './lexeme-posting.ts';
import { PostingBatch } from './posting-batch.ts';
import { WordTable } from './word-table.ts';

const LINK_BYTES = 4;
const PLACE_BYTES_MAX = 3;
const SLICE_LOG_MIN = 4;
const SLICE_LOG_MAX = 9;
/** Memory of a list besides its slices, and of a document, about. */
const LIST_BYTES = 160;
const DOCUMENT_BYTES = 12;

/** A posting with more bytes of places may be too large for a leaf beside others. */
const PLAIN_BYTES_MAX = 256;

/** What the postings of one list have in common. */
export interface ListKey {
  readonly column: number;
  readonly key: string;
  readonly head: number;
  readonly number: number;
}

/** The states of lists, four integers each: where the next byte goes, where its slice's link is, the slice's level, the last document. */
const STATE_LOG = 2;
const TAIL = 0;
const LIMIT = 1;
const LEVEL = 2;
const LAST_DOCUMENT = 3;

export class LexemeCollector {
  private readonly bytesMax: number;
  private readonly numbers: Map<string, number>[];
  private readonly words: Map<object, WordTable>[];
  private lists: ListKey[] = [];
  private states: Int32Array = new Int32Array(1024 << STATE_LOG);
  private pool: Uint8Array = new Uint8Array(1 << 16);
  private used = 0;
  /** Row and size of each document; a document is a vector: of one row and column. */
  private rows: Float64Array = new Float64Array(1024);
  private sizes: Int32Array = new Int32Array(1024);
  private documents = 0;
  /** All postings have places, and none has many. */
  private isPlain = true;
  private readonly document: DocumentLists = new DocumentLists();

  constructor(columnCount: number, bytesMax: number) {
    this.bytesMax = bytesMax;
    this.numbers = Array.from({ length: columnCount }, () => new Map());
    this.words = Array.from({ length: columnCount }, () => new Map());
  }

  get isFull(): boolean {
    return this.used + this.lists.length * LIST_BYTES + this.documents * DOCUMENT_BYTES > this.bytesMax;
  }

  addVector(column: number, rowId: number, vector: TsVector): void {
    const { source } = vector;
    if (source !== null) {
      this.addSource(column, rowId, source);
      return;
    }
    const number = this.beginDocument(rowId, vector.size);
    eachPosting(vector, (key, stat, places) => {
      const list = this.listOf(column, key);
      const count = placeCountOf(stat);
      this.beginPosting(list, number, count);
      if (places === null || places.length > PLAIN_BYTES_MAX) this.isPlain = false;
      for (let i = 0; i < (places?.length ?? 0); i++) this.put(list, places!.charCodeAt(i));
    });
  }

  private addSource(column: number, rowId: number, source: VectorSource): void {
    const { document } = this;
    document.begin();
    source.scanNumbers(this.wordsOf(column, source.dictionary), (list, position) =>
      document.add(list, position),
    );
    const number = this.beginDocument(rowId, document.size);
    for (let slot = 0; slot < document.size; slot++) {
      const list = document.lists[slot]!;
      const count = document.counts[slot]!;
      if (count > PLAIN_BYTES_MAX / PLACE_BYTES_MAX) this.isPlain = false;
      this.beginPosting(list, number, count);
      for (let at = document.firstOf(slot); at >= 0; at = document.nextOf(at))
        this.putNumber(list, document.distanceOf(at) * 4);
    }
  }

  private wordsOf(column: number, dictionary: object): WordTable {
    const tables = this.words[column]!;
    let words = tables.get(dictionary);
    if (words === undefined) {
      words = new WordTable((lexeme) => this.listOf(column, lexemeKey(lexeme)));
      tables.set(dictionary, words);
    }
    return words;
  }

  private listOf(column: number, key: string): number {
    const numbers = this.numbers[column]!;
    let list = numbers.get(key);
    if (list === undefined) {
      list = this.lists.length;
      numbers.set(key, list);
      const head = this.newSlice(SLICE_LOG_MIN);
      const limit = this.used - LINK_BYTES;
      this.lists.push({ column, key, head, number: list });
      const state = list << STATE_LOG;
      if (state === this.states.length) {
        const states = new Int32Array(state * 2);
        states.set(this.states);
        this.states = states;
      }
      this.states[state + TAIL] = head;
      this.states[state + LIMIT] = limit;
      this.states[state + LEVEL] = SLICE_LOG_MIN;
      this.states[state + LAST_DOCUMENT] = -1;
    }
    return list;
  }

  private beginDocument(rowId: number, size: number): number {
    const number = this.documents++;
    if (number === this.rows.length) {
      const rows = new Float64Array(number * 2);
      rows.set(this.rows);
      this.rows = rows;
      const sizes = new Int32Array(number * 2);
      sizes.set(this.sizes);
      this.sizes = sizes;
    }
    this.rows[number] = rowId;
    this.sizes[number] = size;
    return number;
  }

  private beginPosting(list: number, document: number, count: number): void {
    const last = (list << STATE_LOG) + LAST_DOCUMENT;
    const distance = document - this.states[last]!;
    this.states[last] = document;
    this.putNumber(list, distance * 2 + (count === 1 ? 0 : 1));
    if (count !== 1) this.putNumber(list, count);
  }

  private putNumber(list: number, value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.put(list, (rest & 0x7f) | 0x80);
    this.put(list, rest);
  }

  private put(list: number, byte: number): void {
    const { states } = this;
    const tail = (list << STATE_LOG) + TAIL;
    if (states[tail] === states[tail + LIMIT - TAIL]) this.openSlice(list);
    this.pool[states[tail]!++] = byte;
  }

  private openSlice(list: number): void {
    const { states } = this;
    const state = list << STATE_LOG;
    const level = Math.min(SLICE_LOG_MAX, states[state + LEVEL]! + 1);
    const link = states[state + LIMIT]!;
    const start = this.newSlice(level);
    const { pool } = this;
    pool[link] = start;
    pool[link + 1] = start >>> 8;
    pool[link + 2] = start >>> 16;
    pool[link + 3] = start >>> 24;
    states[state + LEVEL] = level;
    states[state + TAIL] = start;
    states[state + LIMIT] = this.used - LINK_BYTES;
  }

  private newSlice(level: number): number {
    const start = this.used;
    this.used += 1 << level;
    if (this.used > this.pool.length) {
      const pool = new Uint8Array(this.pool.length * 2);
      pool.set(this.pool);
      this.pool = pool;
    }
    return start;
  }

  /** Adds all there is to the tree; returns whether none of it was there before. Nothing is left. */
  writeTo(tree: Tree, view: WriteView): boolean {
    const order = this.lists.sort((a, b) => a.column - b.column || compareText(a.key, b.key));
    const isBuilt = this.isPlain && isEmpty(tree, view) && haveRoom(order, keyBytesMax(view.payloadBytes));
    const target = isBuilt ? new LexemeLeaves(tree, view) : new PostingBatch(tree, view);
    for (const list of order) this.writeList(list, target);
    target.finish();
    this.lists = [];
    for (const numbers of this.numbers) numbers.clear();
    // Words have the numbers of lists that are gone.
    for (const tables of this.words) tables.clear();
    this.used = 0;
    this.documents = 0;
    this.isPlain = true;
    return target.isNew;
  }

  private writeList(list: ListKey, target: LexemeLeaves | PostingBatch): void {
    const reader = new ListReader(this.pool, list.head);
    const { rows, sizes } = this;
    const last = this.states[(list.number << STATE_LOG) + LAST_DOCUMENT]!;
    for (let document = -1; document < last; ) {
      const head = reader.number();
      document += head >>> 1;
      const count = (head & 1) === 0 ? 1 : reader.number();
      target.add(list, rows[document]!, sizes[document]!, count, reader);
    }
  }
}

/** Of a posting's key besides its text. */
const KEY_NUMBER_BYTES = 16;

/** Whether all keys are short enough for an index: on the smallest pages some are not. */
function haveRoom(lists: readonly ListKey[], bytesMax: number): boolean {
  const unitsMax = (bytesMax - KEY_NUMBER_BYTES) / 3;
  return lists.every(({ key }) => key.length <= unitsMax || utf8Size(key) + KEY_NUMBER_BYTES <= bytesMax);
}

function isEmpty(tree: Tree, view: WriteView): boolean {
  const root = fetchRoot(tree, view);
  return root.level === 0 && root.count === 0;
}

/** Reads the bytes of a list, slice by slice. */
export class ListReader {
  private readonly pool: Uint8Array;
  private at: number;
  private limit: number;
  private level: number = SLICE_LOG_MIN;

  constructor(pool: Uint8Array, head: number) {
    this.pool = pool;
    this.at = head;
    this.limit = head + (1 << SLICE_LOG_MIN) - LINK_BYTES;
  }

  byte(): number {
    if (this.at === this.limit) this.follow();
    return this.pool[this.at++]!;
  }

  private follow(): void {
    const { pool, limit } = this;
    this.level = Math.min(SLICE_LOG_MAX, this.level + 1);
    this.at = pool[limit]! | (pool[limit + 1]! << 8) | (pool[limit + 2]! << 16) | (pool[limit + 3]! << 24);
    this.limit = this.at + (1 << this.level) - LINK_BYTES;
  }

  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}
