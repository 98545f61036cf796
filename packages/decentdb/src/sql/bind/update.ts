/**
 * UPDATE and DELETE: the rows to change as a plan that yields their row ids, then what to change.
 *
 * I1  The target is scanned with its row id; FROM / USING items are joined to it; WHERE filters.
 * I2  A target row that the join finds several times is changed once (the executor takes the first).
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { DeleteNode, LogicalNode, OutputColumn, UpdateNode } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { bindAssignments } from './assignments.ts';
import { coerceToBoolean } from './coerce.ts';
import { newRowIds, resolveTarget, rowItem } from './dml-target.ts';
import { bindExpr } from './expressions.ts';
import { bindFrom, crossJoin, setLateral, usesColumnsOf } from './from.ts';
import type { Level, NamespaceItem } from './level.ts';
import { bindReturning } from './returning.ts';
import { makeScan, tableItem } from './scans.ts';
import { filter } from './select.ts';

interface Target {
  readonly table: TableDef;
  readonly node: LogicalNode;
  readonly rowId: ColumnId;
  readonly oldRow: readonly ColumnId[];
  readonly item: NamespaceItem;
}

/** A scan of the target with its row id, in the namespace of `level`. */
export function bindTarget(
  level: Level,
  relation: ast.RangeVar,
  command: 'UPDATE' | 'DELETE' | 'MERGE',
): Target {
  const table = resolveTarget(level, relation, command);
  const refname = relation.alias?.aliasname ?? table.name;
  const scan = makeScan(level, table, refname, relation.alias?.colnames ?? [], true);
  const item = tableItem(level, relation, table, scan);
  const oldRow = table.columns.map(
    (column, i) => scan.ids[i] ?? level.state.newColumnId(level, refname, column.name),
  );
  return { table, node: scan.node, rowId: (scan.rowId as OutputColumn).id, oldRow, item };
}

function joinFrom(level: Level, target: Target, items: readonly ast.FromItem[]): LogicalNode {
  const from = bindFromWithTarget(level, target, items);
  return from === null ? target.node : crossJoin(target.node, from);
}

function bindFromWithTarget(
  level: Level,
  target: Target,
  items: readonly ast.FromItem[],
): LogicalNode | null {
  level.namespace = [target.item];
  setLateral(level.namespace, true, false);
  const node = bindFrom(level, items);
  setLateral(level.namespace, false, true);
  return node;
}

function bindWhere(level: Level, node: LogicalNode, where: ast.Expr | null): LogicalNode {
  if (where === null) return node;
  return filter(node, coerceToBoolean(level, bindExpr(level, where, 'where'), 'WHERE'));
}

export function bindUpdate(level: Level, stmt: ast.UpdateStmt): UpdateNode {
  const target = bindTarget(level, stmt.relation, 'UPDATE');
  const { table, oldRow } = target;
  let input = joinFrom(level, target, stmt.fromClause);
  const set = bindAssignments(level, table, stmt.targetList);
  input = bindWhere(level, input, stmt.whereClause);
  for (const source of set.sources) input = joinSource(input, source);
  const newRow = newRowIds(level, table, target.item.refname);
  showNewRow(level, table, target.item, newRow);
  const returning = bindReturning(level, stmt.returningClause, table, { oldRow, newRow });
  return {
    kind: 'update',
    table,
    input,
    rowId: target.rowId,
    oldRow,
    newRow,
    set: set.assignments,
    returning: returning.clause,
    columns: returning.columns,
  };
}

/** RETURNING sees the row as it is after the change. */
export function showNewRow(
  level: Level,
  table: TableDef,
  item: NamespaceItem,
  newRow: readonly ColumnId[],
): void {
  const names = new Map(item.columns.map((column) => [column.position, column.name]));
  const made = rowItem(level, table, item.refname, newRow, { isUnaliased: item.isUnaliased });
  const columns = made.columns.map((column) => ({
    ...column,
    name: names.get(column.position) ?? column.name,
  }));
  const after = Object.assign(made, { columns });
  level.namespace = level.namespace.map((other) => (other === item ? after : other));
}

/** The input with the columns of a `(a, b) = (SELECT ...)` source: NULLs for no row, an error for two. */
function joinSource(left: LogicalNode, right: LogicalNode): LogicalNode {
  const condition: Expr | null = null;
  return {
    kind: 'join',
    join: 'single',
    left,
    right,
    condition,
    lateral: usesColumnsOf(right, left),
    mark: null,
    columns: [...left.columns, ...right.columns],
  };
}

export function bindDelete(level: Level, stmt: ast.DeleteStmt): DeleteNode {
  const target = bindTarget(level, stmt.relation, 'DELETE');
  const { table, oldRow } = target;
  const joined = joinFrom(level, target, stmt.usingClause);
  const input = bindWhere(level, joined, stmt.whereClause);
  const returning = bindReturning(level, stmt.returningClause, table, { oldRow, newRow: null });
  return {
    kind: 'delete',
    table,
    input,
    rowId: target.rowId,
    oldRow,
    returning: returning.clause,
    columns: returning.columns,
  };
}
