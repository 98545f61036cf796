/**
 * Row ids given out by a write transaction.
 *
 * I1  The counter of a table starts at its largest row id and only grows, so an id is not given twice in a transaction,
 *     even when rows were deleted meanwhile; explicit ids raise it.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { ReadView } from '../../txn/page-view.ts';
import { Oid } from '../../types/oids.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import type { RowIdCounters } from '../services.ts';
import { dataOf, datumAt } from '../vectors.ts';

/** Counters kept in a map: what the session gives, and what runs without a session make for themselves. */
export class RowIdMap implements RowIdCounters {
  private readonly last = new Map<number, number>();

  get(tableId: number): number | undefined {
    return this.last.get(tableId);
  }

  set(tableId: number, last: number): void {
    this.last.set(tableId, last);
  }
}

/** Gives out the row ids of one table. */
export class RowIdAllocator {
  private last: number;
  private readonly counters: RowIdCounters;
  private readonly table: TableDef;
  private readonly tableId: number;
  private readonly tree: Tree;
  private readonly view: ReadView;
  private readonly max: number;

  constructor(table: TableDef, tree: Tree, view: ReadView, counters: RowIdCounters) {
    this.table = table;
    this.tableId = table.id;
    this.tree = tree;
    this.view = view;
    this.counters = counters;
    this.last = counters.get(table.id) ?? largestRowId(tree, view);
    const type = table.columns[table.rowIdColumn]?.type;
    this.max = type?.oid === Oid.int4 ? 2147483647 : type?.oid === Oid.int2 ? 32767 : Number.MAX_SAFE_INTEGER;
  }

  next(): number {
    if (this.last >= this.max) {
      throw new DecentDbError(
        '2200H',
        `no more row ids in table "${this.table.name}": the largest is ${this.last}`,
        {
          table: this.table.name,
        },
      );
    }
    return ++this.last;
  }

  /** An id chosen by the user. */
  note(id: Datum): void {
    if (typeof id === 'number') {
      if (id > this.last) this.last = id;
    } else if (typeof id === 'bigint' && id > 0n) {
      this.last = Number.MAX_SAFE_INTEGER;
    }
  }

  /** Ids chosen by the user, rows 0..count-1 of a column. */
  noteAll(ids: Vector, count: number): void {
    const values = dataOf(ids);
    if (ids.nulls !== null || !(values instanceof Int32Array || values instanceof Float64Array)) {
      for (let i = 0; i < count; i++) this.note(datumAt(ids, i));
      return;
    }
    let { last } = this;
    for (let i = 0; i < count; i++) if (values[i]! > last) last = values[i]!;
    this.last = last;
  }

  /** Takes over what other statements of the transaction gave out; an undone one made them forget, and the table tells. */
  refresh(): void {
    const known = this.counters.get(this.tableId) ?? largestRowId(this.tree, this.view);
    if (known > this.last) this.last = known;
  }

  /** Keeps the counter for the next statement; never lowers what a statement within this one reached. */
  save(): void {
    const known = this.counters.get(this.tableId);
    if (known !== undefined && known > this.last) this.last = known;
    this.counters.set(this.tableId, this.last);
  }
}

function largestRowId(tree: Tree, view: ReadView): number {
  const cursor = new TreeCursor(tree, view);
  cursor.seek(WHOLE_TREE, true);
  if (!cursor.next()) return 0;
  const last = tree.datum(view, cursor.leaf!, cursor.to - 1, 0) as number | bigint;
  if (typeof last === 'bigint') return last > 0n ? Number.MAX_SAFE_INTEGER : 0;
  return Math.max(last, 0);
}
