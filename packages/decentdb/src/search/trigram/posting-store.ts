/**
 * A trigram index on disk: two ordinary trees.
 *
 *     postings   (column, trigram, row id)                which rows contain which trigram, as of the last merge
 *     pending    (row id, old text of each column)        rows changed since, with the texts the postings still speak of
 *
 * A change to a row costs one small row in `pending`, whatever the length of its texts; `merge` turns pending rows into
 * postings in sorted bulk. A query takes the postings' rows and all pending ones as candidates.
 *
 * I1  Every row whose text satisfies a query is among the candidates: its trigrams are in the postings, or it is pending.
 *     (The caller tests each candidate against the predicate itself, so answers are exact at every moment.)
 * I2  `pending` keeps the texts as of the last merge (NULL for rows that were not there), so that a merge removes exactly the
 *     postings that are stale: after a merge, postings equal those of a fresh build.
 * I3  Both trees belong to the transaction that changes them: rollback, crash and snapshots are the trees'.
 */
import { BulkBuilder } from '../../tree/bulk-builder.ts';
import type { TreeSchema } from '../../tree/node-schema.ts';
import { estimateRange } from '../../tree/range-estimate.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { ReadView, WriteView } from '../../txn/page-view.ts';
import {
  type Datum,
  type Int32Vector,
  type Int64Vector,
  Physical,
  type TextVector,
} from '../../types/vector.ts';
import { intersect, NO_ROWS, type RowSet, union } from './row-set.ts';
import { trigramsOf } from './trigram-code.ts';
import type { TrigramQuery } from './trigram-query.ts';

export const POSTING_SCHEMA: TreeSchema = {
  columns: [{ physical: Physical.int32 }, { physical: Physical.int32 }, { physical: Physical.int64 }],
  keyCount: 3,
};

/** Schema of the pending tree of an index on so many columns. */
export function pendingSchema(columnCount: number): TreeSchema {
  const texts = Array.from({ length: columnCount }, () => ({ physical: Physical.text }));
  return { columns: [{ physical: Physical.int64 }, ...texts], keyCount: 1 };
}

/** Texts of the indexed columns of one row. */
export type RowTexts = readonly (string | null)[];

/** A posting list this many times longer than the candidates in hand is not worth reading: testing them is cheaper. */
const SKIP_RATIO = 32;

export class PostingStore {
  private readonly postings: Tree;
  private readonly pending: Tree;
  private readonly position: TreePosition = new TreePosition();

  constructor(postings: Tree, pending: Tree) {
    this.postings = postings;
    this.pending = pending;
  }

  /**
   * Notes that a row is about to change. `before` are its texts now, all null when the row is new.
   * The first note since a merge counts: it holds what the postings speak of.
   */
  noteChange(view: WriteView, rowId: number, before: RowTexts): void {
    if (this.pending.get(view, [rowId], this.position)) return;
    this.pending.insert(view, [rowId, ...before]);
  }

  pendingRows(view: ReadView): number {
    return this.pending.rowCount(view);
  }

  /** About how many postings a query would read first: what the planner compares with a scan. */
  estimate(view: ReadView, column: number, query: TrigramQuery): number {
    switch (query.kind) {
      case 'anything':
        return Number.POSITIVE_INFINITY;
      case 'has': {
        const prefix = [column, query.code];
        return estimateRange(this.postings, view, {
          lower: prefix,
          lowerInclusive: true,
          upper: prefix,
          upperInclusive: true,
        });
      }
      case 'all':
        return Math.min(...query.parts.map((part) => this.estimate(view, column, part)));
      case 'any':
        return query.parts.reduce((sum, part) => sum + this.estimate(view, column, part), 0);
    }
  }

  /** Rows that may satisfy the query, pending ones included; null when the index knows nothing of it. */
  candidates(view: ReadView, column: number, query: TrigramQuery): RowSet | null {
    const found = this.evaluate(view, column, query);
    return found === null ? null : union(found, this.allPending(view));
  }

  private evaluate(view: ReadView, column: number, query: TrigramQuery): RowSet | null {
    switch (query.kind) {
      case 'anything':
        return null;
      case 'has':
        return this.rowsOf(view, column, query.code);
      case 'all':
        return this.evaluateAll(view, column, query.parts);
      case 'any': {
        let rows: RowSet = NO_ROWS;
        for (const part of query.parts) {
          const more = this.evaluate(view, column, part);
          if (more === null) return null;
          rows = union(rows, more);
        }
        return rows;
      }
    }
  }

  /** Rarest first; lists much longer than what is left are not read at all. */
  private evaluateAll(view: ReadView, column: number, parts: readonly TrigramQuery[]): RowSet | null {
    const ranked = parts
      .map((part) => ({ part, estimate: this.estimate(view, column, part) }))
      .sort((a, b) => a.estimate - b.estimate);
    let rows: RowSet | null = null;
    for (const { part, estimate } of ranked) {
      if (rows !== null && (rows.length === 0 || estimate > rows.length * SKIP_RATIO)) break;
      const more = this.evaluate(view, column, part);
      if (more !== null) rows = rows === null ? more : intersect(rows, more);
    }
    return rows;
  }

  private rowsOf(view: ReadView, column: number, code: number): RowSet {
    const cursor = new TreeCursor(this.postings, view);
    cursor.seekPrefix([column, code]);
    return collectRowIds(cursor, 2);
  }

  private allPending(view: ReadView): RowSet {
    const cursor = new TreeCursor(this.pending, view);
    cursor.seek(WHOLE_TREE);
    return collectRowIds(cursor, 0);
  }

  /**
   * Turns up to `rowsMax` pending rows into postings. `textsOf` gives a row's texts now, null when the row is gone.
   * Returns how many rows were merged; fewer than `rowsMax` means nothing is left.
   */
  merge(view: WriteView, textsOf: (rowId: number) => RowTexts | null, rowsMax: number): number {
    const batch = this.takePending(view, rowsMax);
    const removed: Datum[][] = [];
    const added: Datum[][] = [];
    for (const { rowId, before } of batch) {
      const now = textsOf(rowId);
      for (let column = 0; column < before.length; column++) {
        diffTrigrams(before[column] ?? null, now?.[column] ?? null, (code, isAdded) => {
          (isAdded ? added : removed).push([column, code, rowId]);
        });
      }
    }
    for (const key of removed.sort(comparePostings)) this.postings.delete(view, key);
    for (const key of added.sort(comparePostings)) this.postings.insert(view, key);
    for (const { rowId } of batch) this.pending.delete(view, [rowId]);
    return batch.length;
  }

  private takePending(view: WriteView, rowsMax: number): { rowId: number; before: (string | null)[] }[] {
    const columnCount = this.pending.schema.leaf.length - 1;
    const cursor = new TreeCursor(this.pending, view);
    cursor.seek(WHOLE_TREE);
    const batch: { rowId: number; before: (string | null)[] }[] = [];
    while (batch.length < rowsMax && cursor.next()) {
      const ids = cursor.vector(0) as Int64Vector;
      const texts = Array.from({ length: columnCount }, (_, i) => cursor.vector(i + 1) as TextVector);
      for (let row = cursor.from; row < cursor.to && batch.length < rowsMax; row++) {
        const before = texts.map(({ values, nulls }) => (nulls?.[row] === 1 ? null : values[row]!));
        batch.push({ rowId: Number(ids.values[row]), before });
      }
    }
    return batch;
  }

  /** Fills empty postings from all rows of the table, in ascending row id. Pending rows must be empty too. */
  build(view: WriteView, rows: Iterable<{ readonly rowId: number; readonly texts: RowTexts }>): void {
    const lists = new Map<number, RowList>();
    let columnCount = 0;
    for (const { rowId, texts } of rows) {
      columnCount = texts.length;
      for (let column = 0; column < texts.length; column++) {
        const text = texts[column] ?? null;
        if (text === null) continue;
        const codes = trigramsOf(text);
        for (let i = 0; i < codes.length; i++) listOf(lists, column * COLUMN_STEP + codes[i]!).push(rowId);
      }
    }
    const builder = new BulkBuilder(this.postings, view);
    const keys = Float64Array.from(lists.keys()).sort();
    for (let i = 0; i < keys.length && columnCount > 0; i++) {
      const column = Math.floor(keys[i]! / COLUMN_STEP);
      addList(builder, column, keys[i]! - column * COLUMN_STEP, lists.get(keys[i]!)!.rows());
    }
  }
}

/** Keys of lists under construction: column * COLUMN_STEP + trigram. */
const COLUMN_STEP = 2 ** 31;

/** A growing ascending list of row ids. */
class RowList {
  private values: Float64Array = new Float64Array(4);
  private count = 0;

  push(rowId: number): void {
    if (this.count === this.values.length) {
      const grown = new Float64Array(this.count * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.count++] = rowId;
  }

  rows(): RowSet {
    return this.values.subarray(0, this.count);
  }
}

function listOf(lists: Map<number, RowList>, key: number): RowList {
  let list = lists.get(key);
  if (list === undefined) {
    list = new RowList();
    lists.set(key, list);
  }
  return list;
}

function addList(builder: BulkBuilder, column: number, code: number, rows: RowSet): void {
  const columns: Int32Vector = {
    physical: Physical.int32,
    values: new Int32Array(rows.length).fill(column),
    nulls: null,
  };
  const codes: Int32Vector = {
    physical: Physical.int32,
    values: new Int32Array(rows.length).fill(code),
    nulls: null,
  };
  builder.addBatch([columns, codes, { physical: Physical.int64, values: rows, nulls: null }], rows.length);
}

function comparePostings(a: readonly Datum[], b: readonly Datum[]): number {
  for (let i = 0; i < 3; i++) {
    const gap = (a[i] as number) - (b[i] as number);
    if (gap !== 0) return gap;
  }
  return 0;
}

/** Tells which trigrams a change of text takes away and which it brings. */
function diffTrigrams(
  before: string | null,
  now: string | null,
  tell: (code: number, isAdded: boolean) => void,
): void {
  if (before === now) return;
  const old = before === null ? null : trigramsOf(before);
  const fresh = now === null ? null : trigramsOf(now);
  const oldSet = new Set(old ?? []);
  const freshSet = new Set(fresh ?? []);
  for (const code of oldSet) if (!freshSet.has(code)) tell(code, false);
  for (const code of freshSet) if (!oldSet.has(code)) tell(code, true);
}

function collectRowIds(cursor: TreeCursor, column: number): RowSet {
  let rows = new Float64Array(256);
  let count = 0;
  while (cursor.next()) {
    const { values } = cursor.vector(column) as Int64Vector;
    const more = cursor.to - cursor.from;
    if (count + more > rows.length) {
      const grown = new Float64Array(Math.max(rows.length * 2, count + more));
      grown.set(rows);
      rows = grown;
    }
    if (values instanceof Float64Array) {
      rows.set(values.subarray(cursor.from, cursor.to), count);
    } else {
      for (let i = 0; i < more; i++) rows[count + i] = Number(values[cursor.from + i]);
    }
    count += more;
  }
  return rows.subarray(0, count);
}
