/**
 * Changes of a full text index's postings on their way into its tree: rows come in by ascending id, what they hold goes out sorted
 * by column, lexeme and row.
 *
 * I1  What is held stays below the budget by a row: whoever adds looks at `isFull` and takes what there is.
 * I2  Keys are numbered as they come and sorted once, before they are written.
 * I3  A posting that goes comes before the one that takes its place.
 */

import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { compareText } from '../../types/text-order.ts';
import type { TsVector, VectorSource } from '../../types/tsvector.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import type { PostingKey } from '../note-tree.ts';
import { DocumentLists } from './document-lists.ts';
import { eachPosting, encodePlace, lexemeKey, statOf } from './lexeme-posting.ts';

/** Postings handed to the tree at once. */
const BATCH_POSTINGS = 4096;
/** Memory of a posting besides its places, and of a key, about. */
const POSTING_BYTES = 24;
const KEY_BYTES = 120;
const STRING_BYTES = 20;

/** Stands for the stat of a posting that goes. */
const STALE = -1;

/** One posting after the other, as they came. */
class PostingLog {
  count = 0;
  lists: Int32Array = new Int32Array(4096);
  rows: Float64Array = new Float64Array(4096);
  stats: Int32Array = new Int32Array(4096);
  readonly places: (string | null)[] = [];
  /** Characters of the places. */
  used = 0;

  add(list: number, row: number, stat: number, places: string | null): void {
    if (this.count === this.lists.length) this.grow();
    const at = this.count++;
    this.lists[at] = list;
    this.rows[at] = row;
    this.stats[at] = stat;
    this.places.push(places);
    // A single character is shared by all who have it.
    if (places !== null && places.length > 1) this.used += places.length + STRING_BYTES;
  }

  private grow(): void {
    const length = this.lists.length * 2;
    const larger = (old: Int32Array): Int32Array => {
      const grown = new Int32Array(length);
      grown.set(old);
      return grown;
    };
    this.lists = larger(this.lists);
    this.stats = larger(this.stats);
    const rows = new Float64Array(length);
    rows.set(this.rows);
    this.rows = rows;
  }
}

export class LexemeLists {
  private readonly bytesMax: number;
  private readonly numbers: Map<string, number>[];
  private readonly keys: { readonly column: number; readonly key: string }[] = [];
  private readonly counts: number[] = [];
  private readonly log: PostingLog = new PostingLog();
  private readonly document: DocumentLists = new DocumentLists();
  /** Numbers of the postings in order, once they are sorted. */
  private order: Int32Array = new Int32Array(0);

  constructor(columnCount: number, bytesMax: number) {
    this.bytesMax = bytesMax;
    this.numbers = Array.from({ length: columnCount }, () => new Map());
  }

  get isFull(): boolean {
    const { log } = this;
    return log.count * POSTING_BYTES + log.used + this.keys.length * KEY_BYTES > this.bytesMax;
  }

  /** How many postings there are. */
  get count(): number {
    return this.log.count;
  }

  addVector(column: number, rowId: number, vector: TsVector): void {
    const { source } = vector;
    if (source !== null) this.addSource(column, rowId, source);
    else eachPosting(vector, (key, stat, places) => this.add(column, key, rowId, stat, places));
  }

  /** Postings without places, of a row that is noted anew: nobody looks at them before they go again. */
  addKeys(column: number, rowId: number, keys: Iterable<string>): void {
    for (const key of keys) this.add(column, key, rowId, 0, null);
  }

  /** Postings that go. */
  addStale(column: number, rowId: number, keys: Iterable<string>): void {
    for (const key of keys) this.add(column, key, rowId, STALE, null);
  }

  /** What a vector of the source would have, without making one. */
  private addSource(column: number, rowId: number, source: VectorSource): void {
    const { document } = this;
    document.begin();
    source.scan((lexeme, position) => {
      document.add(this.listOf(column, lexemeKey(lexeme)), position);
      return false;
    });
    for (let i = 0; i < document.size; i++) {
      const list = document.lists[i]!;
      this.counts[list]!++;
      this.log.add(list, rowId, statOf(document.size, document.counts[i]!), placesOf(document, i));
    }
  }

  private listOf(column: number, key: string): number {
    const numbers = this.numbers[column]!;
    let list = numbers.get(key);
    if (list === undefined) {
      list = this.keys.length;
      numbers.set(key, list);
      this.keys.push({ column, key });
      this.counts.push(0);
    }
    return list;
  }

  private add(column: number, key: string, rowId: number, stat: number, places: string | null): void {
    const list = this.listOf(column, key);
    this.counts[list]!++;
    this.log.add(list, rowId, stat, places);
  }

  /** Key of a posting, by its place in order. */
  keyAt(place: number): PostingKey {
    const { log } = this;
    const at = this.order[place]!;
    const { column, key } = this.keys[log.lists[at]!]!;
    return [column, key, log.rows[at]!];
  }

  /** Whether the posting at a place is of the same key as the one before. */
  isRepeated(place: number): boolean {
    const { log, order } = this;
    if (place === 0 || place >= order.length) return false;
    const [a, b] = [order[place - 1]!, order[place]!];
    return log.lists[a] === log.lists[b] && log.rows[a] === log.rows[b];
  }

  sort(): void {
    const order = this.keys
      .map((_, i) => i)
      .sort((a, b) => {
        const [x, y] = [this.keys[a]!, this.keys[b]!];
        return x.column - y.column || compareText(x.key, y.key);
      });
    this.order = this.sorted(order);
  }

  /** Brings postings `from`.. to before `to`, in order, to the tree; returns whether none that comes was there before. */
  apply(tree: Tree, view: WriteView, from: number, to: number): boolean {
    const { log, order } = this;
    const coming = new Int32Array(Math.min(BATCH_POSTINGS, to - from));
    let count = 0;
    let isNew = true;
    const write = (): void => {
      view.relieve();
      const added = tree.insertBatch(view, this.vectors(coming.subarray(0, count)), count, true);
      isNew &&= added === count;
      count = 0;
    };
    for (let place = from; place < to; place++) {
      const at = order[place]!;
      if (log.stats[at] === STALE) {
        tree.delete(view, this.keyAt(place));
        continue;
      }
      coming[count++] = at;
      if (count === coming.length) write();
    }
    if (count > 0) write();
    return isNew;
  }

  /** Postings by list in the given order; those of one list stay as they came. */
  private sorted(order: readonly number[]): Int32Array {
    const { log, counts } = this;
    const next = new Int32Array(counts.length);
    let at = 0;
    for (const list of order) {
      next[list] = at;
      at += counts[list]!;
    }
    const places = new Int32Array(log.count);
    for (let i = 0; i < log.count; i++) places[next[log.lists[i]!]!++] = i;
    return places;
  }

  private vectors(postings: Int32Array): Vector[] {
    const { log, keys } = this;
    const { length } = postings;
    const columns = new Int32Array(length);
    const texts = new Array<string>(length);
    const rows = new Float64Array(length);
    const stats = new Int32Array(length);
    const places = new Array<string>(length);
    let nulls: Uint8Array | null = null;
    for (let i = 0; i < length; i++) {
      const at = postings[i]!;
      const { column, key } = keys[log.lists[at]!]!;
      columns[i] = column;
      texts[i] = key;
      rows[i] = log.rows[at]!;
      stats[i] = log.stats[at]!;
      const own = log.places[at] ?? null;
      places[i] = own ?? '';
      if (own === null) {
        nulls ??= new Uint8Array(length);
        nulls[i] = 1;
      }
    }
    return [
      { physical: Physical.int32, values: columns, nulls: null },
      { physical: Physical.text, values: texts, nulls: null },
      { physical: Physical.int64, values: rows, nulls: null },
      { physical: Physical.int32, values: stats, nulls: null },
      { physical: Physical.text, values: places, nulls },
    ];
  }
}

function placesOf(document: DocumentLists, slot: number): string {
  let text = '';
  for (let at = document.firstOf(slot); at >= 0; at = document.nextOf(at))
    text += encodePlace(document.distanceOf(at), 0);
  return text;
}
