/**
 * Expressions that definitions keep as SQL text: defaults, checks, generated columns, index keys and predicates.
 *
 * I1  Text is parsed once per definition object; binding is done for the ColumnIds asked for.
 * I2  What these expressions may contain was checked when they were made; a failure here means the catalogue changed under
 *     them, and is reported as such without a position.
 * I3  Schema `public` is searched first, whatever the search path of the session is: what else they use is stored with its schema
 *     (session/ddl/stored-text.ts).
 */
import { referringKeys } from '../../catalog/family.ts';
import type {
  CheckConstraint,
  ColumnDef,
  ForeignKeyConstraint,
  IndexDef,
  TableDef,
} from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { TableExpressions } from '../../plan/env.ts';
import type * as ast from '../ast/nodes.ts';
import { parseExpression } from '../parse/parse.ts';
import type { ClauseKind } from './clauses.ts';
import { coerceAssignment, coerceToBoolean } from './coerce.ts';
import { rowItem } from './dml-target.ts';
import type { BindEnv } from './env.ts';
import { bindExpr } from './expressions.ts';
import { Level } from './level.ts';
import { bindPartitionCheck, bindRouting } from './partition-checks.ts';
import { nextValueOf } from './sequence-calls.ts';
import { BindState } from './state.ts';
import { withoutPositions } from './views.ts';

const parsed = new Map<string, ast.Expr>();
const PARSED_MAX = 2000;

/** The tree of a stored text; a bounded cache keyed on the text. */
function treeOf(sql: string): ast.Expr {
  let tree = parsed.get(sql);
  if (tree === undefined) {
    tree = parseExpression(sql);
    if (parsed.size >= PARSED_MAX) parsed.clear();
    parsed.set(sql, tree);
  }
  return tree;
}

/** I2, I3. */
export function asStored<T>(state: BindState, work: () => T): T {
  const { env } = state;
  if (env.searchPath[0] === 'public') return withoutPositions(work);
  const others = env.searchPath.filter((schema) => schema !== 'public');
  state.env = { ...env, searchPath: ['public', ...others] };
  try {
    return withoutPositions(work);
  } finally {
    state.env = env;
  }
}

/** Binds a tree over the columns of one row of a table. */
export function bindOverRow(
  state: BindState,
  table: TableDef,
  row: readonly ColumnId[],
  node: ast.Expr,
  kind: ClauseKind,
): Expr {
  const level = new Level(state, null);
  level.namespace = [rowItem(level, table, table.name, row, { isUnaliased: true })];
  return bindExpr(level, node, kind);
}

/** What a generated column is computed from, over a row. */
export function bindGeneration(
  state: BindState,
  table: TableDef,
  row: readonly ColumnId[],
  column: ColumnDef,
): Expr {
  const tree = treeOf(column.defaultSql as string);
  return asStored(state, () =>
    coerceAssignment(new Level(state, null), bindOverRow(state, table, row, tree, 'generated'), column),
  );
}

/** The default of a column, converted to its type; null when it has none. */
export function bindStoredDefault(state: BindState, table: TableDef, position: number): Expr | null {
  const column = table.columns[position] as ColumnDef;
  const level = new Level(state, null);
  if (column.sequenceId !== null) return coerceAssignment(level, nextValueOf(column.sequenceId), column);
  if (column.defaultSql === null || column.generated !== null) return domainDefault(state, column);
  const tree = treeOf(column.defaultSql);
  return asStored(state, () => coerceAssignment(level, bindExpr(level, tree, 'columnDefault'), column));
}

/** A column without a default takes its domain's. */
function domainDefault(state: BindState, column: ColumnDef): Expr | null {
  if (column.type.kind !== 'domain' || column.generated !== null) return null;
  const form = state.env.catalog.types.get(column.type.oid)?.form;
  if (form?.kind !== 'domain' || form.defaultSql === null) return null;
  const level = new Level(state, null);
  const tree = treeOf(form.defaultSql);
  return asStored(state, () => coerceAssignment(level, bindExpr(level, tree, 'columnDefault'), column));
}

export interface IndexExpressions {
  /** Per key: the expression, or null for a plain column. */
  readonly keys: readonly (Expr | null)[];
  readonly predicate: Expr | null;
}

export function bindIndexExpressions(
  state: BindState,
  table: TableDef,
  index: IndexDef,
  row: readonly ColumnId[],
): IndexExpressions {
  const bind = (sql: string, kind: ClauseKind): Expr =>
    asStored(state, () => bindOverRow(state, table, row, treeOf(sql), kind));
  return {
    keys: index.keys.map((key) =>
      key.expressionSql === null ? null : bind(key.expressionSql, 'indexExpression'),
    ),
    predicate: index.predicateSql === null ? null : bind(index.predicateSql, 'indexPredicate'),
  };
}

/** A CHECK condition over a row. */
export function bindStoredCheck(
  state: BindState,
  table: TableDef,
  sql: string,
  row: readonly ColumnId[],
): Expr {
  return asStored(state, () => {
    const level = new Level(state, null);
    return coerceToBoolean(level, bindOverRow(state, table, row, treeOf(sql), 'check'), 'CHECK');
  });
}

/** What the bounds of a partition ask of its rows; null for a table that is none. */
export function bindStoredPartition(
  state: BindState,
  table: TableDef,
  row: readonly ColumnId[],
): Expr | null {
  return bindPartitionCheck(state, table, row, (of, ids, sql) => keyOverRow(state, of, ids, sql));
}

function keyOverRow(state: BindState, table: TableDef, row: readonly ColumnId[], sql: string): Expr {
  return asStored(state, () => bindOverRow(state, table, row, treeOf(sql), 'partitionKey'));
}

/** All expressions of a table over one set of ColumnIds: what planning its writers needs. */
export function bindTableExpressions(env: BindEnv, table: TableDef): TableExpressions {
  const state = new BindState(env);
  const row = table.columns.map((column) => state.newColumnId(null, table.name, column.name));
  const rowId = state.newColumnId(null, table.name, 'rowid');
  const generated: { column: number; expr: Expr }[] = [];
  const virtual: { column: number; expr: Expr }[] = [];
  for (const [position, column] of table.columns.entries()) {
    if (column.generated === null || column.isDropped) continue;
    const expr = bindGeneration(state, table, row, column);
    (column.generated === 'stored' ? generated : virtual).push({ column: position, expr });
  }
  const checks = table.constraints
    .filter((constraint): constraint is CheckConstraint => constraint.kind === 'check')
    .map((constraint) => ({ constraint, expr: bindStoredCheck(state, table, constraint.sql, row) }));
  return {
    row,
    rowId,
    generated,
    virtual,
    checks,
    partition: bindStoredPartition(state, table, row),
    routing: bindRouting(state, table, row, (of, ids, sql) => keyOverRow(state, of, ids, sql)),
    defaults: table.columns.map((column, i) =>
      column.isDropped ? null : bindStoredDefault(state, table, i),
    ),
    indexes: table.indexes.map((index) => bindIndexExpressions(state, table, index, row)),
    foreignKeys: table.constraints
      .filter((constraint): constraint is ForeignKeyConstraint => constraint.kind === 'foreignKey')
      .map((constraint) => ({ constraint, target: env.catalog.table(constraint.targetTableId) as TableDef })),
    referencedBy: referringKeys(env.catalog, table),
  };
}
