/**
 * INSERT, UPDATE, DELETE, MERGE.
 *
 * I1  RETURNING sees the new row's layout, the old row's layout, then the input's slots (exec/physical/write.ts).
 */
import { assert } from '../../base/assert.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { PhysicalNode, Slot, WriteTarget } from '../../exec/physical.ts';
import { estimates } from '../cost.ts';
import type { DeleteNode, InsertNode, LogicalNode, MergeNode, UpdateNode, ViewCheck } from '../logical.ts';
import { type EmitContext, estimateOf, exactColumns, slotMapOf, slotsOf } from './context.ts';
import { type Emitted, noWish, type SlotMap } from './frame.ts';
import { buildWriteTarget } from './write-target.ts';

const targets = new WeakMap<TableDef, WriteTarget>();

/** The table's write target, made once for each definition. */
export function writeTargetOf(context: EmitContext, table: TableDef): WriteTarget {
  return writeTargetFor(table, context.env);
}

/** The same, for those who have no emitter at hand (cascades at run time). */
export function writeTargetFor(
  table: TableDef,
  env: Pick<EmitContext['env'], 'tableExpressions'>,
): WriteTarget {
  const bound = env.tableExpressions(table);
  const known = targets.get(table);
  if (known !== undefined && known.referencedBy === bound.referencedBy) return known;
  const target = buildWriteTarget(table, bound);
  targets.set(table, target);
  return target;
}

/** The table's target with the conditions of the views it is changed through. */
function withViewChecks(
  context: EmitContext,
  table: TableDef,
  newRow: readonly ColumnId[],
  viewChecks: readonly ViewCheck[],
): WriteTarget {
  const target = writeTargetOf(context, table);
  if (viewChecks.length === 0) return target;
  const slots = new Map(newRow.map((id, i) => [id, i]));
  const checks = viewChecks.map(({ view, expr }) => ({ view, expr: context.resolve(expr, slots) }));
  return { ...target, viewChecks: checks };
}

/** Slots of new row, old row and input, in this order. */
function returningSlots(
  table: TableDef,
  newRow: readonly ColumnId[],
  oldRow: readonly ColumnId[],
  input: SlotMap,
): SlotMap {
  const width = table.columns.length + 1;
  const slots = new Map<ColumnId, number>();
  for (const [id, slot] of input) slots.set(id, 2 * width + slot);
  oldRow.forEach((id, i) => slots.set(id, width + i));
  newRow.forEach((id, i) => slots.set(id, i));
  return slots;
}

function outputSlots(node: LogicalNode): readonly Slot[] {
  return slotsOf(node.columns);
}

export function emitInsert(context: EmitContext, node: InsertNode): Emitted {
  const { table } = node;
  const below = context.emit(context, node.source, noWish);
  const input = exactColumns(context, below, node.source.columns);
  const inputSlots = slotMapOf(node.source.columns);
  const values = node.values.map((value): Expr | null => {
    if (value === null) return null;
    if (typeof value !== 'number') return context.resolve(value, inputSlots);
    const column = node.source.columns[value] as (typeof node.source.columns)[number];
    return { kind: 'slot', slot: value, type: column.type, typmod: column.typmod, location: -1 };
  });
  const base = estimateOf(input);
  const conflict = node.onConflict;
  const conflictSlots = new Map<ColumnId, number>();
  conflict?.existingRow.forEach((id, i) => conflictSlots.set(id, table.columns.length + 1 + i));
  node.newRow.forEach((id, i) => conflictSlots.set(id, i));
  const target = withViewChecks(context, table, node.newRow, node.viewChecks);
  const returned = returningSlots(table, node.newRow, node.oldRow, inputSlots);
  const plan: PhysicalNode = {
    kind: 'insert',
    id: context.newId(),
    slots: node.returning === null ? [] : outputSlots(node),
    estimate: estimates(
      node.returning === null ? 0 : base.rows,
      base.startupCost,
      base.totalCost + base.rows * 0.1,
    ),
    target,
    input,
    values,
    onConflict:
      conflict === null
        ? null
        : {
            action: conflict.action,
            arbiters: conflict.arbiters,
            set: conflict.set.map((a) => ({
              column: a.column,
              expr: context.resolve(a.expr, conflictSlots),
            })),
            where: context.resolveMaybe(conflict.where, conflictSlots),
          },
    returning: node.returning === null ? null : context.resolveAll(node.returning.exprs, returned),
  };
  return { plan, slots: slotMapOf(node.columns), order: [] };
}

export function emitUpdate(context: EmitContext, node: UpdateNode): Emitted {
  const target = withViewChecks(context, node.table, node.newRow, node.viewChecks);
  const below = context.emit(context, node.input, noWish);
  const base = estimateOf(below.plan);
  const returned = returningSlots(node.table, node.newRow, node.oldRow, below.slots);
  const plan: PhysicalNode = {
    kind: 'update',
    id: context.newId(),
    slots: node.returning === null ? [] : outputSlots(node),
    estimate: estimates(
      node.returning === null ? 0 : base.rows,
      base.startupCost,
      base.totalCost + base.rows * 0.1,
    ),
    target,
    input: below.plan,
    rowIdSlot: slotFor(node.rowId, below),
    ...(node.tableId === undefined ? {} : { tableIdSlot: slotFor(node.tableId, below) }),
    set: node.set.map((a) => ({ column: a.column, expr: context.resolve(a.expr, below.slots) })),
    returning: node.returning === null ? null : context.resolveAll(node.returning.exprs, returned),
  };
  return { plan, slots: slotMapOf(node.columns), order: [] };
}

export function emitDelete(context: EmitContext, node: DeleteNode): Emitted {
  const target = writeTargetOf(context, node.table);
  const below = context.emit(context, node.input, noWish);
  const base = estimateOf(below.plan);
  const returned = returningSlots(node.table, node.newRow, node.oldRow, below.slots);
  const plan: PhysicalNode = {
    kind: 'delete',
    id: context.newId(),
    slots: node.returning === null ? [] : outputSlots(node),
    estimate: estimates(
      node.returning === null ? 0 : base.rows,
      base.startupCost,
      base.totalCost + base.rows * 0.1,
    ),
    target,
    input: below.plan,
    rowIdSlot: slotFor(node.rowId, below),
    ...(node.tableId === undefined ? {} : { tableIdSlot: slotFor(node.tableId, below) }),
    returning: node.returning === null ? null : context.resolveAll(node.returning.exprs, returned),
  };
  return { plan, slots: slotMapOf(node.columns), order: [] };
}

export function emitMerge(context: EmitContext, node: MergeNode): Emitted {
  const target = withViewChecks(context, node.table, node.newRow, node.viewChecks);
  const below = context.emit(context, node.input, noWish);
  const base = estimateOf(below.plan);
  const returned = returningSlots(node.table, node.newRow, node.oldRow, below.slots);
  const plan: PhysicalNode = {
    kind: 'merge',
    id: context.newId(),
    slots: node.returning === null ? [] : outputSlots(node),
    estimate: estimates(
      node.returning === null ? 0 : base.rows,
      base.startupCost,
      base.totalCost + base.rows * 0.1,
    ),
    target,
    input: below.plan,
    rowIdSlot: slotFor(node.rowId, below),
    ...(node.tableId === undefined ? {} : { tableIdSlot: slotFor(node.tableId, below) }),
    sourcePresentSlot: node.sourcePresent === null ? null : slotFor(node.sourcePresent, below),
    actions: node.actions.map((a) => ({
      when: a.when,
      condition: context.resolveMaybe(a.condition, below.slots),
      action: a.action,
      set: a.set.map((s) => ({ column: s.column, expr: context.resolve(s.expr, below.slots) })),
      values: a.values.map((v) => context.resolveMaybe(v, below.slots)),
    })),
    returning: node.returning === null ? null : context.resolveAll(node.returning.exprs, returned),
  };
  return { plan, slots: slotMapOf(node.columns), order: [] };
}

function slotFor(id: ColumnId, input: Emitted): number {
  const slot = input.slots.get(id);
  assert(slot !== undefined, 'the row id of a data-changing statement is a column of its input');
  return slot;
}
