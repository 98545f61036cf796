/**
 * What an UPDATE or DELETE keeps of its input until all of it is read.
 *
 * I1  Row ids, by which rows are told apart, stay in memory; what RETURNING shows goes to a file beyond the budget.
 */
import type { Vector } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import { visitExpr } from '../compile/shape.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import type { StatementMemory } from '../memory.ts';
import type { DeleteNode, Slot, UpdateNode } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { KeptRows } from '../spill/kept-rows.ts';
import { gather } from '../vectors.ts';
import { type ChangedPart, partsOf } from './changed-parts.ts';
import { layoutSlots } from './row-batch.ts';

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

/** What a statement keeps of its input: ids in memory, what RETURNING shows where there is room. */
export class KeptInput {
  private readonly node: UpdateNode | DeleteNode;
  private readonly idSlots: readonly number[];
  private readonly shownSlots: readonly number[];
  private readonly ids: RowStore;
  private readonly shown: KeptRows;

  constructor(node: UpdateNode | DeleteNode, memory: StatementMemory) {
    const slotsAt = (places: readonly number[]): Slot[] => places.map((place) => node.input.slots[place]!);
    this.node = node;
    this.idSlots = idSlots(node);
    this.shownSlots = shownSlots(node);
    this.ids = new RowStore(slotsAt(this.idSlots), memory);
    this.shown = new KeptRows(slotsAt(this.shownSlots), memory);
  }

  append(batch: Batch): void {
    this.ids.append(batch.pick(this.idSlots));
    if (this.shownSlots.length > 0) this.shown.append(batch.pick(this.shownSlots));
  }

  /** The rows by the table each is in; no more are appended. */
  parts(context: ExecContext): ChangedPart[] {
    const { ids, node } = this;
    this.shown.finish();
    const tableIds = this.idSlots.length === 1 ? null : ids.column(1);
    return partsOf(node.target, ids.column(0), tableIds, ids.count, context);
  }

  /** Columns of some rows by the input's slots; those not kept are nobody's. */
  columnsAt(rows: Int32Array): Vector[] {
    const all: Vector[] = [];
    const put = (slots: readonly number[], columns: readonly Vector[]): void => {
      for (let i = 0; i < slots.length; i++) all[slots[i]!] = columns[i]!;
    };
    put(
      this.idSlots,
      this.ids.columns.map((column) => gather(column.vector(), rows, rows.length)),
    );
    if (this.shownSlots.length > 0) put(this.shownSlots, this.shown.rowsAt(rows));
    return all;
  }

  clear(): void {
    this.ids.clear();
    this.shown.clear();
  }
}
