/**
 * What an UPDATE or DELETE keeps of its input until all of it is read.
 *
 * I1  A row is kept once, however often a join found it.
 * I2  Beyond the budget all of it goes to files; what tells whether a row was met takes a bit or two bytes a row.
 */
import { int4Type } from '../../types/integer-types.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import { visitExpr } from '../compile/shape.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import type { StatementMemory } from '../memory.ts';
import type { DeleteNode, Slot, UpdateNode } from '../physical.ts';
import { RowIdSet } from '../row-id-set.ts';
import { KeptRows } from '../spill/kept-rows.ts';
import { datumAt } from '../vectors.ts';
import { aftermathOf } from './aftermath.ts';
import { type ChangedPart, memberOf, type PartRows } from './changed-parts.ts';
import { layoutSlots } from './row-batch.ts';
import { consecutive } from './row-numbers.ts';

const NUMBER_SLOT: Slot = { type: int4Type, typmod: -1 };
/** Rows looked at together when they are numbered by table. */
const NUMBERED_ROWS = 1024;

/** The slots of the input a statement keeps for RETURNING, beside those that tell rows apart. */
function shownSlots(node: UpdateNode | DeleteNode): readonly number[] {
  const kept = new Set<number>();
  const before = layoutSlots(node.target.table).length * 2;
  const look = (part: Expr): void => {
    if (part.kind === 'slot' && part.slot >= before) kept.add(part.slot - before);
  };
  for (const expr of node.returning ?? []) visitExpr(expr, look);
  for (const slot of idSlots(node)) kept.delete(slot);
  return [...kept];
}

/** The slots that tell rows apart: the row id, and the table's where there are several. */
function idSlots({ rowIdSlot, tableIdSlot }: UpdateNode | DeleteNode): readonly number[] {
  return tableIdSlot === undefined ? [rowIdSlot] : [rowIdSlot, tableIdSlot];
}

/** Rows of one table among those kept: all of them from `from` on, or those numbered. */
class NumberedRows implements PartRows {
  length = 0;
  /** Null: rows 0 to `length`. */
  private readonly numbers: KeptRows | null;

  constructor(memory: StatementMemory | null, count = 0) {
    this.numbers = memory === null ? null : new KeptRows([NUMBER_SLOT], memory);
    this.length = count;
  }

  append(numbers: Int32Array): void {
    this.numbers!.appendVectors([{ physical: Physical.int32, values: numbers, nulls: null }], numbers.length);
    this.length += numbers.length;
  }

  *batches(size: number): Iterable<Int32Array> {
    const { numbers, length } = this;
    numbers?.finish();
    for (let from = 0; from < length; from += size) {
      const rows = consecutive(from, Math.min(length, from + size));
      yield numbers === null
        ? rows
        : (numbers.rowsAt(rows)[0]!.values as Int32Array).subarray(0, rows.length);
    }
  }

  clear(): void {
    this.numbers?.clear();
  }
}

/** Rows `rows` of a batch. */
function narrowed(batch: Batch, rows: Int32Array): Batch {
  const { selection } = batch;
  return batch.select(selection === null ? rows : rows.map((row) => selection[row]!), rows.length);
}

/** What a statement keeps of its input. */
export class KeptInput {
  private readonly node: UpdateNode | DeleteNode;
  private readonly memory: StatementMemory;
  private readonly idSlots: readonly number[];
  private readonly shownSlots: readonly number[];
  private readonly kept: KeptRows;
  private count = 0;
  /** Row ids met, by table. */
  private readonly met = new Map<number, RowIdSet>();
  private readonly numbered: NumberedRows[] = [];

  constructor(node: UpdateNode | DeleteNode, memory: StatementMemory) {
    this.node = node;
    this.memory = memory;
    this.idSlots = idSlots(node);
    this.shownSlots = shownSlots(node);
    const slots = [...this.idSlots, ...this.shownSlots].map((place) => node.input.slots[place]!);
    this.kept = new KeptRows(slots, memory);
  }

  /** Keeps the rows that were not met before; their positions among the batch's, null for all (I1). */
  append(batch: Batch): Int32Array | null {
    const fresh = this.firstMet(batch);
    const some = fresh === null ? batch : narrowed(batch, fresh);
    this.kept.append(some.pick([...this.idSlots, ...this.shownSlots]));
    this.count += some.count;
    return fresh;
  }

  private firstMet(batch: Batch): Int32Array | null {
    const { rowIdSlot, tableIdSlot } = this.node;
    const ids = batch.column(rowIdSlot);
    const tables = tableIdSlot === undefined ? null : batch.column(tableIdSlot);
    const fresh = new Int32Array(batch.count);
    let count = 0;
    for (let i = 0; i < batch.count; i++) {
      const at = batch.position(i);
      const id = datumAt(ids, at);
      if (id === null) continue;
      const table = tables === null ? 0 : datumAt(tables, at);
      if (table !== null && this.metIn(table as number).add(id)) fresh[count++] = i;
    }
    return count === batch.count ? null : fresh.subarray(0, count);
  }

  private metIn(table: number): RowIdSet {
    let met = this.met.get(table);
    if (met === undefined) {
      met = new RowIdSet(this.memory);
      this.met.set(table, met);
    }
    return met;
  }

  /** The rows by the table each is in; no more are appended. */
  parts(context: ExecContext): ChangedPart[] {
    const { node, count, kept } = this;
    kept.finish();
    for (const met of this.met.values()) met.clear();
    if (node.tableIdSlot === undefined) {
      const enforcer = aftermathOf(context).enforcerFor(node.target);
      const isAll = context.statement.changedIn(node.target.table.id) === null;
      const rows = isAll ? new NumberedRows(null, count) : this.numberRows(context).get(0);
      return rows === undefined ? [] : [{ target: node.target, enforcer, shape: null, rows }];
    }
    return [...this.numberRows(context)].map(([id, rows]) => ({
      ...memberOf(node.target, id, context),
      rows,
    }));
  }

  /** Numbers of rows by table (0 where there is one), without rows another part of the statement has changed; those it takes. */
  private numberRows(context: ExecContext): Map<number, NumberedRows> {
    const { node, count } = this;
    const byTable = new Map<number, NumberedRows>();
    for (let from = 0; from < count; from += NUMBERED_ROWS) {
      const rows = consecutive(from, Math.min(count, from + NUMBERED_ROWS));
      const columns = this.columnsAt(rows);
      const numbers = new Map<number, number[]>();
      for (let i = 0; i < rows.length; i++) {
        const table = node.tableIdSlot === undefined ? 0 : (datumAt(columns[node.tableIdSlot]!, i) as number);
        const list = numbers.get(table);
        if (list === undefined) numbers.set(table, [i]);
        else list.push(i);
      }
      for (const [table, list] of numbers) {
        const changed = context.statement.changedIn(table === 0 ? node.target.table.id : table);
        let own = byTable.get(table);
        if (own === undefined) {
          own = new NumberedRows(this.memory);
          byTable.set(table, own);
          this.numbered.push(own);
        }
        const isFree = (i: number): boolean =>
          changed === null || changed.add(datumAt(columns[node.rowIdSlot]!, i));
        own.append(Int32Array.from(list.filter(isFree), (i) => from + i));
      }
    }
    return byTable;
  }

  /** Columns of some rows by the input's slots; those not kept are nobody's. */
  columnsAt(rows: Int32Array): Vector[] {
    const all: Vector[] = [];
    const columns = this.kept.rowsAt(rows);
    this.idSlots.forEach((slot, i) => {
      all[slot] = columns[i]!;
    });
    this.shownSlots.forEach((slot, i) => {
      all[slot] = columns[this.idSlots.length + i]!;
    });
    return all;
  }

  clear(): void {
    this.kept.clear();
    for (const met of this.met.values()) met.clear();
    for (const rows of this.numbered) rows.clear();
  }
}
