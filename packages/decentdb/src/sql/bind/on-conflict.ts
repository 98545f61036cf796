/**
 * ON CONFLICT: which unique indexes arbitrate, and what DO UPDATE sets.
 *
 * I1  Inference takes every unique index whose key columns and expressions are exactly those written, and whose predicate (if
 *     partial) is the one written. None: 42P10.
 */
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { isImplied } from '../../plan/implication.ts';
import type { OnConflict } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { bindAssignments } from './assignments.ts';
import { coerceToBoolean } from './coerce.ts';
import { newRowIds, rowItem, targetColumn } from './dml-target.ts';
import { bindError } from './errors.ts';
import { exprEqual } from './expr-equal.ts';
import { bindExpr } from './expressions.ts';
import { Level, type NamespaceItem } from './level.ts';
import { singleAssignments } from './single-assignments.ts';
import { bindIndexExpressions } from './stored-expressions.ts';
import type { SetDefault } from './view-defaults.ts';

/** The arbiter that is the table's row id. */
const ROW_ID_ARBITER = -1;

/** A view in front of the table: what the statement calls its rows and columns. */
export interface ConflictNames {
  itemOver(level: Level, refname: string, row: readonly ColumnId[]): NamespaceItem;
  positionOf(name: string, location: number): number;
  readonly setDefault: SetDefault | null;
}

export function bindOnConflict(
  parent: Level,
  clause: ast.OnConflictClause,
  table: TableDef,
  refname: string,
  excluded: readonly ColumnId[],
  names: ConflictNames | null = null,
): OnConflict {
  const level = new Level(parent.state, parent);
  const existingRow = newRowIds(level, table, refname);
  const target =
    names?.itemOver(level, refname, existingRow) ??
    rowItem(level, table, refname, existingRow, { isUnaliased: refname === table.name });
  level.namespace = [target];
  const arbiters = clause.infer === null ? [] : findArbiters(level, clause.infer, table, existingRow, names);
  if (clause.action === 'ONCONFLICT_NOTHING')
    return { action: 'nothing', arbiters, existingRow, set: [], where: null };
  if (clause.infer === null)
    throw bindError(
      '42601',
      'ON CONFLICT DO UPDATE requires inference specification or constraint name',
      clause.location,
      { hint: 'For example, ON CONFLICT (column_name).' },
    );
  const proposed =
    names?.itemOver(level, 'excluded', excluded) ?? rowItem(level, table, 'excluded', excluded);
  level.namespace = [target, proposed];
  const list = singleAssignments(level, clause.targetList);
  const set = bindAssignments(level, table, list, existingRow, names?.positionOf, names?.setDefault);
  const where =
    clause.whereClause === null
      ? null
      : coerceToBoolean(level, bindExpr(level, clause.whereClause, 'where'), 'WHERE');
  return { action: 'update', arbiters, existingRow, set: set.assignments, where };
}

function findArbiters(
  level: Level,
  infer: ast.InferClause,
  table: TableDef,
  row: readonly ColumnId[],
  names: ConflictNames | null,
): number[] {
  if (infer.conname !== null) return [arbiterOfConstraint(table, infer.conname)];
  const columns = new Set<number>();
  const expressions: Expr[] = [];
  for (const element of infer.indexElems)
    bindElement(level, table, infer, element, columns, expressions, names);
  const where =
    infer.whereClause === null
      ? null
      : coerceToBoolean(level, bindExpr(level, infer.whereClause, 'indexPredicate'), 'WHERE');
  const found: number[] = [];
  if (expressions.length === 0 && columns.size === 1 && columns.has(table.rowIdColumn))
    found.push(ROW_ID_ARBITER);
  for (const index of table.indexes)
    if (index.unique && matches(level, table, index, columns, expressions, where, row)) found.push(index.id);
  if (found.length === 0)
    throw bindError(
      '42P10',
      'there is no unique or exclusion constraint matching the ON CONFLICT specification',
      -1,
    );
  return found;
}

function bindElement(
  level: Level,
  table: TableDef,
  infer: ast.InferClause,
  element: ast.IndexElem,
  columns: Set<number>,
  expressions: Expr[],
  names: ConflictNames | null,
): void {
  if (element.ordering !== 'SORTBY_DEFAULT')
    throw bindError('42P10', 'ASC/DESC is not allowed in ON CONFLICT clause', element.location);
  if (element.nulls_ordering !== 'SORTBY_NULLS_DEFAULT')
    throw bindError('42P10', 'NULLS FIRST/LAST is not allowed in ON CONFLICT clause', element.location);
  if (element.name !== null) {
    if (names !== null) {
      columns.add(names.positionOf(element.name, element.location));
      return;
    }
    const known = table.columns.some((column) => column.name === element.name && !column.isDropped);
    if (!known) throw bindError('42703', `column "${element.name}" does not exist`, infer.location);
    columns.add(targetColumn(table, element.name, element.location));
  } else expressions.push(bindExpr(level, element.expr as ast.Expr, 'indexExpression'));
}

function arbiterOfConstraint(table: TableDef, name: string): number {
  const constraint = table.constraints.find((candidate) => candidate.name === name);
  if (constraint === undefined)
    throw bindError('42704', `constraint "${name}" for table "${table.name}" does not exist`, -1);
  if (constraint.kind !== 'primaryKey' && constraint.kind !== 'unique')
    throw bindError('42809', 'constraint in ON CONFLICT clause has no associated index', -1);
  return constraint.indexId ?? ROW_ID_ARBITER;
}

function matches(
  level: Level,
  table: TableDef,
  index: IndexDef,
  columns: ReadonlySet<number>,
  expressions: readonly Expr[],
  where: Expr | null,
  row: readonly ColumnId[],
): boolean {
  const plain = new Set(index.keys.filter((key) => key.column >= 0).map((key) => key.column));
  if (plain.size !== columns.size || [...plain].some((column) => !columns.has(column))) return false;
  const bound = bindIndexExpressions(level.state, table, index, row);
  const keys = bound.keys.filter((key): key is Expr => key !== null);
  const covers = (from: readonly Expr[], to: readonly Expr[]): boolean =>
    from.every((one) => to.some((other) => exprEqual(one, other)));
  if (!covers(keys, expressions) || !covers(expressions, keys)) return false;
  if (bound.predicate === null) return true;
  return where !== null && implies(where, bound.predicate);
}

/** Whether a condition says at least what the predicate says: each conjunct of the one is among those of the other, or follows from them. */
function implies(where: Expr, predicate: Expr): boolean {
  const conjuncts = (expr: Expr): readonly Expr[] => (expr.kind === 'and' ? expr.args : [expr]);
  const given = conjuncts(where);
  return conjuncts(predicate).every(
    (wanted) => given.some((one) => exprEqual(one, wanted)) || isImplied(wanted, given),
  );
}
