/**
 * UPDATE and DELETE: the rows to change as a plan that yields their row ids, then what to change.
 *
 * I1  The target is scanned with its row id; FROM / USING items are joined to it; WHERE filters.
 * I2  A target row that the join finds several times is changed once (the executor takes the first).
 */
import { hasFamily } from '../../catalog/family.ts';
import type { TableDef, ViewDef } from '../../catalog/schema.ts';
import { viewAsTable } from '../../catalog/view-table.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { DeleteNode, LogicalNode, OutputColumn, UpdateNode, ViewCheck } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { bindAssignments, type PositionOf } from './assignments.ts';
import { coerceToBoolean } from './coerce.ts';
import { newRowIds, resolveTarget, rowColumn, rowItem, targetColumn } from './dml-target.ts';
import { bindError } from './errors.ts';
import { bindExpr } from './expressions.ts';
import { addTableId, type FamilyScan, scanFamily } from './families.ts';
import { bindFrom, crossJoin, setLateral, usesColumnsOf } from './from.ts';
import { applyColumnAliases } from './from-items.ts';
import { fireInstead, insteadOfTarget } from './instead-of.ts';
import type { Level, NamespaceItem } from './level.ts';
import { bindReturning } from './returning.ts';
import { familyItem, makeScan, overScan, tableItem } from './scans.ts';
import { filter } from './select.ts';
import { setDefaultThrough } from './view-defaults.ts';
import {
  allPositions,
  type DmlTarget,
  namesOfTarget,
  positionInTable,
  type TargetNames,
  viewChecksOf,
} from './view-targets.ts';
import { expandView } from './views.ts';

type Command = 'UPDATE' | 'DELETE' | 'MERGE';

interface Target {
  readonly table: TableDef;
  readonly node: LogicalNode;
  readonly rowId: ColumnId;
  /** Set: rows of descendants are changed too. */
  readonly tableId?: ColumnId;
  readonly oldRow: readonly ColumnId[];
  readonly item: NamespaceItem;
  /** Names of the row before it. */
  readonly names: TargetNames;
  /** Names of the row after the change, for RETURNING. */
  readonly namesOver: (row: readonly ColumnId[]) => TargetNames;
  /** Position in the table of a column the statement names. */
  readonly position: PositionOf;
  /** Positions in the table of all columns there are to insert into, in their order; 55000 for one that cannot be written. */
  readonly positions: readonly (() => number)[];
}

/** A scan of the target with its row id; a view's rows only, when it is named through one. */
export function bindTarget(level: Level, relation: ast.RangeVar, command: Command): Target {
  const target = resolveTarget(level, relation, command);
  const { table } = target;
  const refname = relation.alias?.aliasname ?? relation.relname;
  const isDirect = target.through === null;
  const aliases = relation.alias?.colnames ?? [];
  const names = isDirect ? aliases : [];
  if (!target.isOnly && hasFamily(level.state.env.catalog, table))
    return familyTarget(level, relation, target, scanFamily(level, table, refname, names, true), command);
  const scan = makeScan(level, table, refname, names, true);
  const oldRow = table.columns.map(
    (column, i) => scan.ids[i] ?? level.state.newColumnId(level, refname, column.name),
  );
  const over = (row: readonly ColumnId[]): TargetNames =>
    namesOfTarget(
      level,
      target,
      refname,
      (at, name) => {
        if (isDirect && row === oldRow) return tableItem(at, relation, table, scan);
        const item = rowItem(at, table, name, row, { isUnaliased: isDirect && relation.alias === null });
        return row === oldRow ? overScan(at, item, table, oldRow) : item;
      },
      command,
    );
  return targetOver(relation, target, scan, oldRow, over, command);
}

/** The rows a target's names leave, and what else is known of it. */
function targetOver(
  relation: ast.RangeVar,
  target: DmlTarget,
  scan: Pick<FamilyScan, 'node' | 'rowId'>,
  oldRow: readonly ColumnId[],
  over: (row: readonly ColumnId[]) => TargetNames,
  command: Command,
): Target {
  const shown = over(oldRow);
  let node: LogicalNode = scan.node;
  for (const condition of shown.conditions) node = filter(node, condition);
  return {
    table: target.table,
    node,
    rowId: (scan.rowId as OutputColumn).id,
    oldRow,
    item:
      target.through === null
        ? shown.item
        : applyColumnAliases(shown.item, relation.alias, relation.location),
    names: shown,
    namesOver: over,
    position: (name, location) => positionInTable(target, shown, oldRow, name, location, command),
    positions: allPositions(target, shown, oldRow),
  };
}

/** A target whose descendants' rows are changed too. */
function familyTarget(
  level: Level,
  relation: ast.RangeVar,
  target: DmlTarget,
  scan: FamilyScan,
  command: Command,
): Target {
  const { table, through } = target;
  const refname = relation.alias?.aliasname ?? relation.relname;
  const oldRow = table.columns.map(
    (column, i) => scan.ids[i] ?? level.state.newColumnId(level, refname, column.name),
  );
  const over = (row: readonly ColumnId[]): TargetNames =>
    namesOfTarget(
      level,
      target,
      refname,
      (at, name) => {
        if (through === null && row === oldRow) return familyItem(at, relation, table, scan);
        return rowItem(at, table, name, row, { isUnaliased: through === null && relation.alias === null });
      },
      command,
    );
  return { ...targetOver(relation, target, scan, oldRow, over, command), tableId: scan.tableId.id };
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

export function bindUpdate(level: Level, stmt: ast.UpdateStmt): LogicalNode {
  const view = insteadOfTarget(level, stmt.relation, 'update');
  return view === null ? bindTableUpdate(level, stmt) : bindViewUpdate(level, stmt, view);
}

/** The rows of a view with INSTEAD OF triggers, in the shape of a table's. */
function bindViewTarget(level: Level, relation: ast.RangeVar, view: ViewDef): Target {
  const table = viewAsTable(view);
  const { node, namespace } = expandView(level, relation, view);
  const oldRow = node.columns.map(({ id }) => id);
  const item = namespace[0] as NamespaceItem;
  const refuse = (): never => {
    throw bindError('XX000', 'a view with INSTEAD OF triggers has no rows of its own', -1);
  };
  return {
    table,
    node,
    rowId: oldRow[0] as ColumnId,
    oldRow,
    item,
    names: { item, conditions: [], views: [] },
    namesOver: refuse,
    position: (name, location) => targetColumn(table, name, location),
    positions: table.columns.map((_, position) => () => position),
  };
}

function bindViewUpdate(level: Level, stmt: ast.UpdateStmt, view: ViewDef): LogicalNode {
  const target = bindViewTarget(level, stmt.relation, view);
  const { table, oldRow, item } = target;
  let rows = joinFrom(level, target, stmt.fromClause);
  const set = bindAssignments(level, table, stmt.targetList, oldRow, target.position);
  rows = bindWhere(level, rows, stmt.whereClause);
  for (const source of set.sources) rows = joinSource(rows, source);
  const oldValues = table.columns.map((_, position) => rowColumn(table, oldRow, position));
  const newValues = oldValues.map(
    (value, position) => set.assignments.find(({ column }) => column === position)?.expr ?? value,
  );
  const newRow = newRowIds(level, table, item.refname);
  const columns = item.columns.map((column, i) => ({ ...column, expr: rowColumn(table, newRow, i) }));
  level.namespace = level.namespace.map((other) => (other === item ? { ...item, columns } : other));
  const returning = stmt.returningClause;
  return fireInstead(level, {
    view,
    event: 'update',
    rows,
    oldValues,
    newValues,
    newRow,
    oldRow,
    returning,
    item,
  });
}

function bindViewDelete(level: Level, stmt: ast.DeleteStmt, view: ViewDef): LogicalNode {
  const target = bindViewTarget(level, stmt.relation, view);
  const { table, oldRow, item } = target;
  const rows = bindWhere(level, joinFrom(level, target, stmt.usingClause), stmt.whereClause);
  const oldValues = table.columns.map((_, position) => rowColumn(table, oldRow, position));
  const newRow = newRowIds(level, table, item.refname);
  const returning = stmt.returningClause;
  return fireInstead(level, {
    view,
    event: 'delete',
    rows,
    oldValues,
    newValues: [],
    newRow,
    oldRow,
    returning,
    item,
  });
}

function bindTableUpdate(level: Level, stmt: ast.UpdateStmt): UpdateNode {
  const target = bindTarget(level, stmt.relation, 'UPDATE');
  const { table, oldRow } = target;
  let input = joinFrom(level, target, stmt.fromClause);
  const setDefault = setDefaultThrough(level, target.names);
  const set = bindAssignments(level, table, stmt.targetList, oldRow, target.position, setDefault);
  input = bindWhere(level, input, stmt.whereClause);
  for (const source of set.sources) input = joinSource(input, source);
  const newRow = newRowIds(level, table, target.item.refname);
  const tableId =
    addTableId(level, table, target.item.refname, newRow) ??
    // Rows of tables that inherit stay where they are.
    (table.partitionKey === undefined ? target.item.systemColumn?.('tableoid') : null) ??
    null;
  const viewChecks = showNewRow(level, target, newRow, tableId);
  const returning = bindReturning(level, stmt.returningClause, table, { oldRow, newRow, lacking: [] });
  return {
    kind: 'update',
    table,
    input,
    rowId: target.rowId,
    ...(target.tableId === undefined ? {} : { tableId: target.tableId }),
    oldRow,
    newRow,
    set: set.assignments,
    viewChecks,
    returning: returning.clause,
    columns: returning.columns,
  };
}

/** RETURNING sees the row as it is after the change. Gives what views ask of it. */
export function showNewRow(
  level: Level,
  target: Target,
  newRow: readonly ColumnId[],
  tableId: Expr | null = null,
): readonly ViewCheck[] {
  const { item } = target;
  const names = target.namesOver(newRow);
  const made = names.item;
  level.rangeTable.pop();
  const columns = made.columns.map((column, i) => ({
    ...column,
    name: item.columns[i]?.name ?? column.name,
  }));
  const systemColumn = (name: string): Expr | null => (name === 'tableoid' ? tableId : null);
  const after = Object.assign(made, { columns, systemColumn });
  level.namespace = level.namespace.map((other) => (other === item ? after : other));
  return viewChecksOf(names);
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

export function bindDelete(level: Level, stmt: ast.DeleteStmt): LogicalNode {
  const view = insteadOfTarget(level, stmt.relation, 'delete');
  return view === null ? bindTableDelete(level, stmt) : bindViewDelete(level, stmt, view);
}

function bindTableDelete(level: Level, stmt: ast.DeleteStmt): DeleteNode {
  const target = bindTarget(level, stmt.relation, 'DELETE');
  const { table, oldRow } = target;
  const joined = joinFrom(level, target, stmt.usingClause);
  const input = bindWhere(level, joined, stmt.whereClause);
  const newRow = newRowIds(level, table, target.item.refname);
  const returning = bindReturning(level, stmt.returningClause, table, {
    oldRow,
    newRow,
    lacking: ['new'],
  });
  return {
    kind: 'delete',
    table,
    input,
    rowId: target.rowId,
    ...(target.tableId === undefined ? {} : { tableId: target.tableId }),
    oldRow,
    newRow,
    returning: returning.clause,
    columns: returning.columns,
  };
}
