/**
 * INSERT, UPDATE and DELETE on views with INSTEAD OF triggers: every row the statement would change fires them.
 *
 *     with rows as materialized (source, old and new values)
 *     select returning from rows, lateral fire(old values, new values)
 *
 * I1  The rows are collected before the first trigger runs: what triggers change does not come back as rows.
 * I2  A trigger that answers NULL drops the row; it neither counts nor returns.
 */

import type { TableDef, ViewDef } from '../../catalog/schema.ts';
import { insteadOfTriggers, type RowEvent, viewAsTable } from '../../catalog/view-table.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { TableFunction } from '../../functions/function.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { Oid } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import type * as ast from '../ast/nodes.ts';
import { bindNotSupported } from './errors.ts';
import type { Level, NamespaceItem } from './level.ts';
import { findRelation } from './relations.ts';
import { bindReturning, type ChangedRow } from './returning.ts';

/** The view a statement's target is, when INSTEAD OF triggers for the event stand on it. */
export function insteadOfTarget(level: Level, node: ast.RangeVar, event: RowEvent): ViewDef | null {
  for (let at: Level | null = level; at !== null && node.schemaname === null; at = at.parent)
    if (at.ctes.has(node.relname)) return null;
  const relation = findRelation(level.state.env, node);
  if (relation?.kind !== 'view' || relation.view.materializedTableId !== null) return null;
  return insteadOfTriggers(relation.view, event).length === 0 ? null : relation.view;
}

export interface InsteadOf {
  readonly view: ViewDef;
  readonly event: RowEvent;
  /** The rows to change, before any trigger ran. */
  readonly rows: LogicalNode;
  readonly oldValues: readonly Expr[];
  readonly newValues: readonly Expr[];
  /** Columns of the row as the triggers leave it. */
  readonly newRow: readonly ColumnId[];
  readonly oldRow: readonly ColumnId[] | null;
  readonly returning: ast.ReturningClause | null;
  /** The target's names as RETURNING sees them; what they stand for is in the namespace already. */
  readonly item: NamespaceItem;
}

export function fireInstead(level: Level, change: InsteadOf): LogicalNode {
  const { state } = level;
  if (level.parent !== null) throw bindNotSupported('a view with INSTEAD OF triggers in WITH', -1);
  const { view, event, rows, oldValues, newValues, newRow } = change;
  const table = viewAsTable(view);
  state.hasWrites = true;
  state.uses(view.id, -1);
  const args = [...oldValues, ...newValues];
  const columns = table.columns.map(
    (column, i): OutputColumn => ({
      id: newRow[i] as ColumnId,
      name: column.name,
      type: column.type,
      typmod: column.typmod,
      origin: null,
    }),
  );
  const fired: LogicalNode = {
    kind: 'tableFunction',
    functions: [{ fn: firing(table, event), args, columnCount: columns.length }],
    withOrdinality: false,
    columns,
  };
  const cteId = state.newCteId();
  const scan: LogicalNode = { kind: 'cteScan', cteId, isWorkTable: false, columns: rows.columns };
  const joined: LogicalNode = {
    kind: 'join',
    join: 'inner',
    left: scan,
    right: fired,
    condition: null,
    lateral: true,
    mark: null,
    columns: [...rows.columns, ...columns],
  };
  const row: ChangedRow = { oldRow: change.oldRow, newRow, lacking: [] };
  const returning = bindReturning(level, change.returning, table, row);
  const body: LogicalNode = {
    kind: 'project',
    input: joined,
    exprs: returning.clause?.exprs ?? [],
    columns: returning.columns,
  };
  state.insteadOf = { returnsRows: change.returning !== null };
  const definition = {
    cteId,
    name: view.name,
    plan: rows,
    materialized: true,
    recursive: null,
    references: 1,
  };
  return { kind: 'with', definitions: [definition], body, columns: body.columns };
}

/** One row, or none where a trigger drops it. */
function firing(table: TableDef, event: RowEvent): TableFunction {
  const width = table.columns.length;
  return {
    kind: 'table',
    name: `instead_of_${event}`,
    args: new Array<number>(event === 'update' ? 2 * width : width).fill(Oid.any),
    columns: table.columns.map(({ name, type }) => ({ name, type: type.oid })),
    strict: false,
    volatility: 'volatile',
    rows(context, values) {
      const oldRow = event === 'insert' ? null : values.slice(0, width);
      const newRow = event === 'delete' ? null : values.slice(event === 'insert' ? 0 : width);
      const row = context.service('fireInsteadOf', [table.id, event, asDatum(oldRow), asDatum(newRow)]);
      return row === null ? [] : [row as unknown as readonly Datum[]];
    },
    description: 'Fires INSTEAD OF triggers.',
  };
}

function asDatum(row: readonly Datum[] | null): Datum {
  return row as unknown as Datum;
}
