/**
 * Writing postings in bulk: all lists of a table, or what a merge adds.
 *
 * A build reads the rows several times and sorts nothing: the first pass counts the rows of each trigram, the following ones
 * fill the lists of as many trigrams as fit the budget (a counting sort), so that postings are always appended at the right
 * edge of the tree.
 *
 * I1  Memory is bounded by `postingsMax` list entries and one counter for each different trigram, whatever the table's size.
 * I2  Every pass must see the same rows with the same texts, in ascending row id: they come from one snapshot.
 */
import { assert } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { type Int32Vector, Physical } from '../../types/vector.ts';
import { appendTrigrams } from './trigram-code.ts';

/** Texts of the indexed columns of one row. */
export type RowTexts = readonly (string | null)[];

export interface IndexedRow {
  readonly rowId: number;
  readonly texts: RowTexts;
}

/** List entries kept in memory by one pass of a build: 64 MiB. */
const POSTINGS_MAX = 8 * 1024 * 1024;
/** Postings handed to the tree at once. */
const BATCH_POSTINGS = 8192;

/** Fills empty postings. */
export function buildPostings(
  postings: Tree,
  view: WriteView,
  rows: () => Iterable<IndexedRow>,
  columnCount: number,
  postingsMax: number = POSTINGS_MAX,
): void {
  const tables = Array.from({ length: columnCount }, () => new CodeTable());
  const reader = new TrigramReader(tables);
  reader.read(rows(), (table, slot) => {
    table.counts[slot]!++;
  });
  const writer = new PostingWriter(postings, view);
  for (let column = 0; column < columnCount; column++) {
    const table = tables[column]!;
    const order = table.sortedSlots();
    for (let from = 0; from < order.length; ) {
      const to = table.plan(order, from, postingsMax);
      fillRange(reader, rows, table, writer, column, order.subarray(from, to));
      from = to;
    }
  }
  writer.flush();
}

/** One pass: the lists of some trigrams of one column. */
function fillRange(
  reader: TrigramReader,
  rows: () => Iterable<IndexedRow>,
  table: CodeTable,
  writer: PostingWriter,
  column: number,
  slots: Int32Array,
): void {
  let total = 0;
  table.places.fill(-1);
  for (const slot of slots) {
    table.places[slot] = total;
    total += table.counts[slot]!;
  }
  const lists = new Float64Array(total);
  const { places } = table;
  reader.read(rows(), (filled, slot, rowId) => {
    if (filled !== table) return;
    const place = places[slot]!;
    if (place < 0) return;
    lists[place] = rowId;
    places[slot] = place + 1;
  });
  let from = 0;
  for (const slot of slots) {
    const to = places[slot]!;
    assert(to - from === table.counts[slot]!, 'passes of a build see the same rows');
    writer.add(column, table.codes[slot]!, lists, from, to);
    from = to;
  }
}

/** Tells of each different trigram of each row, once. */
class TrigramReader {
  private readonly tables: readonly CodeTable[];
  private codes: Int32Array = new Int32Array(1024);

  constructor(tables: readonly CodeTable[]) {
    this.tables = tables;
  }

  read(rows: Iterable<IndexedRow>, tell: (table: CodeTable, slot: number, rowId: number) => void): void {
    for (const table of this.tables) table.lastSeen.fill(-1);
    let number = 0;
    for (const { rowId, texts } of rows) {
      for (let column = 0; column < texts.length; column++) {
        const text = texts[column] ?? null;
        if (text === null || text.length < 3) continue;
        if (text.length > this.codes.length) this.codes = new Int32Array(text.length * 2);
        const count = appendTrigrams(text, this.codes, 0);
        const table = this.tables[column]!;
        for (let i = 0; i < count; i++) {
          const slot = table.slotOf(this.codes[i]!);
          if (table.lastSeen[slot] === number) continue;
          table.lastSeen[slot] = number;
          tell(table, slot, rowId);
        }
      }
      number++;
    }
  }
}

const EMPTY = -1;

/** Trigrams by code: an open-addressing table with a counter, a place and the last row for each. */
class CodeTable {
  size = 0;
  codes: Int32Array = new Int32Array(4096).fill(EMPTY);
  counts: Int32Array = new Int32Array(4096);
  lastSeen: Int32Array = new Int32Array(4096).fill(-1);
  places: Int32Array = new Int32Array(4096);

  slotOf(code: number): number {
    const { codes } = this;
    const mask = codes.length - 1;
    let slot = (Math.imul(code, 0x9e3779b1) >>> 12) & mask;
    for (;;) {
      const found = codes[slot]!;
      if (found === code) return slot;
      if (found === EMPTY) return this.insert(code, slot);
      slot = (slot + 1) & mask;
    }
  }

  private insert(code: number, slot: number): number {
    if (this.size * 2 >= this.codes.length) {
      this.grow();
      return this.slotOf(code);
    }
    this.size++;
    this.codes[slot] = code;
    return slot;
  }

  private grow(): void {
    const { codes, counts, lastSeen } = this;
    const length = codes.length * 4;
    assert(length <= 2 ** 31, 'there are fewer different trigrams than codes');
    this.codes = new Int32Array(length).fill(EMPTY);
    this.counts = new Int32Array(length);
    this.lastSeen = new Int32Array(length).fill(-1);
    this.places = new Int32Array(length);
    this.size = 0;
    for (let i = 0; i < codes.length; i++) {
      if (codes[i] === EMPTY) continue;
      const slot = this.slotOf(codes[i]!);
      this.counts[slot] = counts[i]!;
      this.lastSeen[slot] = lastSeen[i]!;
    }
  }

  /** Slots in use, by ascending code. */
  sortedSlots(): Int32Array {
    const slots = new Int32Array(this.size);
    let count = 0;
    for (let slot = 0; slot < this.codes.length; slot++)
      if (this.codes[slot] !== EMPTY) slots[count++] = slot;
    return slots.sort((a, b) => this.codes[a]! - this.codes[b]!);
  }

  /** End of a range of slots whose lists fit the budget; always at least one. */
  plan(order: Int32Array, from: number, postingsMax: number): number {
    let total = this.counts[order[from]!]!;
    let to = from + 1;
    while (to < order.length && total + this.counts[order[to]!]! <= postingsMax)
      total += this.counts[order[to++]!]!;
    return to;
  }
}

/** Hands lists to the tree, many short ones at once. Lists come in ascending (column, trigram). */
export class PostingWriter {
  private readonly postings: Tree;
  private readonly view: WriteView;
  private readonly columns: Int32Array = new Int32Array(BATCH_POSTINGS);
  private readonly codes: Int32Array = new Int32Array(BATCH_POSTINGS);
  private readonly rows: Float64Array = new Float64Array(BATCH_POSTINGS);
  private count = 0;

  constructor(postings: Tree, view: WriteView) {
    this.postings = postings;
    this.view = view;
  }

  /** Adds the rows `list[from..to)` of one trigram. */
  add(column: number, code: number, list: Float64Array | readonly number[], from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.columns[this.count] = column;
      this.codes[this.count] = code;
      this.rows[this.count] = list[i]!;
      if (++this.count === BATCH_POSTINGS) this.flush();
    }
  }

  flush(): void {
    const { count } = this;
    if (count === 0) return;
    this.count = 0;
    const ints = (values: Int32Array): Int32Vector => ({ physical: Physical.int32, values, nulls: null });
    const rows = { physical: Physical.int64, values: this.rows, nulls: null } as const;
    this.view.relieve();
    const done = this.postings.insertBatch(this.view, [ints(this.columns), ints(this.codes), rows], count);
    if (done < count)
      throw new DecentDbError(
        'XX002',
        `trigram index "${this.postings.name}" has an entry it should not have`,
        {
          hint: 'REINDEX it.',
        },
      );
  }
}

/** Keys of lists under construction: column * COLUMN_STEP + trigram. */
const COLUMN_STEP = 2 ** 31;

/** Row ids by column and trigram, for merges: rows come in ascending order. */
export class PostingLists {
  private readonly lists: Map<number, number[]> = new Map();

  add(column: number, code: number, rowId: number): void {
    const key = column * COLUMN_STEP + code;
    const list = this.lists.get(key);
    if (list === undefined) this.lists.set(key, [rowId]);
    else list.push(rowId);
  }

  /** By ascending column and trigram. */
  forEach(tell: (column: number, code: number, rows: readonly number[]) => void): void {
    for (const key of Float64Array.from(this.lists.keys()).sort()) {
      const column = Math.floor(key / COLUMN_STEP);
      tell(column, key - column * COLUMN_STEP, this.lists.get(key)!);
    }
  }
}
