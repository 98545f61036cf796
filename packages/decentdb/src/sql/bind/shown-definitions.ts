/** Stored expressions as the catalogues show them: bound over their table for the types, then printed (print/shown-expression.ts). */
import { DecentDbError } from '../../base/errors.ts';
import type { ColumnDef, TableDef, ViewDef } from '../../catalog/schema.ts';
import type * as ast from '../ast/nodes.ts';
import { parseExpression, parseOne } from '../parse/parse.ts';
import { ExpressionNotes } from '../print/expression-notes.ts';
import { ShownExpression } from '../print/shown-expression.ts';
import { type QueryNames, ShownQuery } from '../print/shown-query.ts';
import type { ClauseKind } from './clauses.ts';
import { coerceAssignment, coerceToBoolean } from './coerce.ts';
import { columnNameOf } from './column-names.ts';
import type { BindEnv } from './env.ts';
import { bindExpr } from './expressions.ts';
import { Level } from './level.ts';
import { isNamedAsBuiltin } from './routine-calls.ts';
import { routinesNamed } from './routine-lookup.ts';
import { type BindRecorder, BindState } from './state.ts';
import { bindWithState } from './statement.ts';
import { asStored, bindOverRow } from './stored-expressions.ts';
import { knownColumns, withoutPositions } from './views.ts';

class Recorder extends ExpressionNotes implements BindRecorder {
  relation(): void {}
  star(): void {}
  column(): void {}

  /** References by the name of an entry to its only column, and that column's name. */
  readonly soleColumns: Map<ast.ColumnRef, string> = new Map();

  soleColumn(node: ast.ColumnRef, name: string): void {
    this.soleColumns.set(node, name);
  }
}

/** Text of an expression that cannot be bound any more is shown as it is kept. */
function shown(env: BindEnv, sql: string, bind: (state: BindState, tree: ast.Expr) => void): string {
  try {
    const tree = parseExpression(sql);
    const notes = new Recorder();
    const state = new BindState(env, notes);
    asStored(state, () => bind(state, tree));
    return new ShownExpression(notes, env.settings).root(tree);
  } catch (error) {
    if (!(error instanceof DecentDbError) || error.code.startsWith('XX')) throw error;
    return sql;
  }
}

const shownViews = new WeakMap<ViewDef, { readonly key: string; readonly text: string }>();

/** The query of a view with its semicolon; names of relations lose their schema where the search path finds them. */
export function shownView(env: BindEnv, view: ViewDef, isPretty: boolean = false): string {
  const key = [isPretty, ...env.searchPath].join();
  const known = shownViews.get(view);
  if (known?.key === key) return known.text;
  const text = shownQuery(env, view, isPretty);
  shownViews.set(view, { key, text });
  return text;
}

function shownQuery(env: BindEnv, view: ViewDef, isPretty: boolean): string {
  const query = parseOne(view.sql).stmt as ast.SelectStmt;
  const notes = new Recorder();
  try {
    const { state } = withoutPositions(() => bindWithState(query, env, notes, knownColumns(view)));
    const names: QueryNames = {
      columnOf: (node) => {
        const made = notes.boundTo(node);
        const column = made?.kind === 'column' ? state.columns[made.id] : undefined;
        return column === undefined
          ? null
          : {
              relation: column.relation,
              name: notes.soleColumns.get(node) ?? node.fields.at(-1) ?? column.name,
            };
      },
      isVisible: (node) => isVisible(env, node),
      isVisibleRoutine: (name) => isVisibleRoutine(env, name),
      nameOf: columnNameOf,
    };
    const columns = view.columns.map(({ name }) => name);
    return new ShownQuery(notes, env.settings, names, isPretty).view(query, columns);
  } catch (error) {
    if (!(error instanceof DecentDbError) || error.code.startsWith('XX')) throw error;
    return `${view.sql};`;
  }
}

function isVisible(env: BindEnv, { schemaname, relname }: ast.RangeVar): boolean {
  if (schemaname === null) return true;
  return env.searchPath.find((schema) => env.catalog.relation(schema, relname) !== undefined) === schemaname;
}

function isVisibleRoutine(env: BindEnv, path: readonly string[]): boolean {
  const [name, schema] = [...path].reverse();
  if (schema === undefined || schema === 'pg_catalog') return true;
  // Its name alone would mean the built-in one, wherever the text is read again.
  if (routinesNamed(env, path).some(isNamedAsBuiltin)) return false;
  const own = [...env.catalog.routines.values()].filter((routine) => routine.name === name);
  return env.searchPath.find((one) => own.some((routine) => routine.schema === one)) === schema;
}

/** A default or what a column is generated from. */
export function shownDefault(env: BindEnv, table: TableDef, column: ColumnDef): string {
  return shown(env, column.defaultSql as string, (state, tree) => {
    const expr =
      column.generated === null
        ? bindExpr(new Level(state, null), tree, 'columnDefault')
        : bindOverRow(state, table, rowOf(state, table), tree, 'generated');
    coerceAssignment(new Level(state, null), expr, column);
  });
}

/** A condition over the table's row (CHECK, WHERE of an index), or the key of an index. */
export function shownOverRow(env: BindEnv, table: TableDef, sql: string, kind: ClauseKind): string {
  return shown(env, sql, (state, tree) => {
    const expr = bindOverRow(state, table, rowOf(state, table), tree, kind);
    if (kind !== 'indexExpression') coerceToBoolean(new Level(state, null), expr, 'CHECK');
  });
}

function rowOf(state: BindState, table: TableDef): ReturnType<BindState['newColumnId']>[] {
  return table.columns.map((column) => state.newColumnId(null, table.name, column.name));
}
