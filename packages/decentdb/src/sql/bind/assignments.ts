/**
 * SET lists of UPDATE, ON CONFLICT DO UPDATE and MERGE.
 *
 * I1  `(a, b) = (SELECT ...)` evaluates the subquery once: it is handed back in `sources` for the caller to join, and the
 *     assignments refer to its columns.
 */
import type { ColumnDef, TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { Assignment, LogicalNode } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { constant } from './constants.ts';
import { assignTo, defaultOf, refuseGenerated, rowColumn, targetColumn } from './dml-target.ts';
import { bindError } from './errors.ts';
import { bindExpr } from './expressions.ts';
import type { Level } from './level.ts';
import { assembled, assignPart, unchecked } from './part-assignment.ts';
import { bindRowFields } from './rows.ts';
import { bindSubquery } from './select.ts';
import { expandRowStar } from './stars.ts';
import { columnExpr } from './state.ts';
import type { SetDefault } from './view-defaults.ts';

/** Position in the table of a column named in the statement. */
export type PositionOf = (name: string, location: number) => number;

export interface BoundAssignments {
  readonly assignments: readonly Assignment[];
  /** Subqueries that give several columns; to be joined to the input, NULLs when they have no row. */
  readonly sources: readonly LogicalNode[];
}

export function bindAssignments(
  level: Level,
  table: TableDef,
  list: readonly ast.ResTarget[],
  row: readonly ColumnId[],
  positionOf: PositionOf = (name, location) => targetColumn(table, name, location),
  setDefault: SetDefault | null = null,
): BoundAssignments {
  const sources = new Map<ast.Expr, LogicalNode>();
  const seen = new Set<number>();
  const parts = new Set<number>();
  const assignments: Assignment[] = [];
  for (const target of list) {
    const name = target.name as string;
    const position = positionOf(name, target.location);
    if (target.indirection.length > 0) {
      const known = assignments.findIndex((one) => one.column === position);
      if (known >= 0 && !parts.has(position)) throw assignedTwice(table.columns[position]?.name ?? name);
      const current = assignments[known]?.expr ?? rowColumn(table, row, position);
      const expr = bindPart(level, table, position, target, current, sources);
      parts.add(position);
      if (known >= 0) assignments[known] = { column: position, expr };
      else assignments.push({ column: position, expr });
      continue;
    }
    if (seen.has(position) || parts.has(position)) throw assignedTwice(table.columns[position]?.name ?? name);
    seen.add(position);
    const expr = bindValue(level, table, position, target, sources, setDefault);
    if (expr !== null) assignments.push({ column: position, expr });
  }
  const whole = assignments.map(
    ({ column, expr }): Assignment => ({
      column,
      expr: parts.has(column) ? assembled(level, table.columns[column] as ColumnDef, expr) : expr,
    }),
  );
  return { assignments: whole, sources: [...sources.values()] };
}

function assignedTwice(name: string): Error {
  return bindError('42601', `multiple assignments to same column "${name}"`, -1);
}

/** The column's new value when a part of it is assigned. */
function bindPart(
  level: Level,
  table: TableDef,
  position: number,
  target: ast.ResTarget,
  current: Expr,
  sources: Map<ast.Expr, LogicalNode>,
): Expr {
  const column = table.columns[position] as ColumnDef;
  const node = target.val as ast.Expr;
  const single = node.kind === 'MultiAssignRef' ? partOf(level, node, sources) : node;
  if ('kind' in single && single.kind === 'SetToDefault')
    throw bindError('0A000', 'cannot set an array element to DEFAULT', single.location);
  refuseGenerated(column, 'UPDATE', node.location);
  const value = isBound(single) ? single : bindExpr(level, single as ast.Expr, 'updateSource');
  const part = { ...unchecked(column), location: target.location };
  return assignPart(level, part, current, target.indirection, value);
}

/** Null: the column is generated and set to DEFAULT, which changes nothing. */
function bindValue(
  level: Level,
  table: TableDef,
  position: number,
  target: ast.ResTarget,
  sources: Map<ast.Expr, LogicalNode>,
  setDefault: SetDefault | null,
): Expr | null {
  const column = table.columns[position] as ColumnDef;
  const node = target.val as ast.Expr;
  const single = node.kind === 'MultiAssignRef' ? partOf(level, node, sources) : node;
  if ('kind' in single && single.kind === 'SetToDefault') {
    if (setDefault !== null) {
      refuseGenerated(column, 'UPDATE', node.location);
      return setDefault(target.name as string) ?? constant(null, column.type, single.location);
    }
    if (column.generated !== null) return null;
    return defaultOf(level, table, position) ?? constant(null, column.type, single.location);
  }
  refuseGenerated(column, 'UPDATE', node.location);
  const value = isBound(single) ? single : bindExpr(level, single as ast.Expr, 'updateSource');
  return assignTo(level, table, position, value);
}

function isBound(value: ast.Expr | Expr): value is Expr {
  return 'typmod' in value && 'type' in value;
}

/** One column of a multiple assignment: a field of the row, or a column of the subquery. */
function partOf(
  level: Level,
  node: ast.MultiAssignRef,
  sources: Map<ast.Expr, LogicalNode>,
): ast.Expr | Expr {
  const { source } = node;
  if (source.kind === 'RowExpr') {
    level.kind = 'updateSource';
    const hasStar = source.args.some((arg) => expandRowStar(level, arg) !== null);
    const fields = hasStar ? bindRowFields(level, source) : source.args;
    if (fields.length !== node.ncolumns)
      throw bindError('42601', 'number of columns does not match number of values', source.location);
    return fields[node.colno - 1] as ast.Expr | Expr;
  }
  if (source.kind !== 'SubLink' || source.subLinkType !== 'EXPR_SUBLINK')
    throw bindError(
      '0A000',
      'source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression',
      source.location,
    );
  let plan = sources.get(source);
  if (plan === undefined) {
    level.kind = 'updateSource';
    plan = bindSubquery(level, source.subselect);
    if (plan.columns.length !== node.ncolumns)
      throw bindError('42601', 'number of columns does not match number of values', source.location);
    sources.set(source, plan);
  }
  const column = plan.columns[node.colno - 1];
  if (column === undefined)
    throw bindError('XX000', 'multiple assignment beyond its source', source.location);
  return columnExpr(column, source.location);
}
