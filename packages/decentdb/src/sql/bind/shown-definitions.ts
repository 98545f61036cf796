/** Stored expressions as the catalogues show them: bound over their table for the types, then printed (print/shown-expression.ts). */
import { DecentDbError } from '../../base/errors.ts';
import type { ColumnDef, TableDef } from '../../catalog/schema.ts';
import type * as ast from '../ast/nodes.ts';
import { parseExpression } from '../parse/parse.ts';
import { ExpressionNotes } from '../print/expression-notes.ts';
import { ShownExpression } from '../print/shown-expression.ts';
import type { ClauseKind } from './clauses.ts';
import { coerceAssignment, coerceToBoolean } from './coerce.ts';
import type { BindEnv } from './env.ts';
import { bindExpr } from './expressions.ts';
import { Level } from './level.ts';
import { type BindRecorder, BindState } from './state.ts';
import { asStored, bindOverRow } from './stored-expressions.ts';

class Recorder extends ExpressionNotes implements BindRecorder {
  relation(): void {}
  star(): void {}
  column(): void {}
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
