/** WHEN conditions of triggers, over OLD and NEW. */
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type * as ast from '../ast/nodes.ts';
import { parseExpression } from '../parse/parse.ts';
import { coerceToBoolean } from './coerce.ts';
import { newRowIds, rowItem } from './dml-target.ts';
import type { BindEnv } from './env.ts';
import { bindExpr } from './expressions.ts';
import { Level } from './level.ts';
import { type BindRecorder, BindState } from './state.ts';
import { withoutPositions } from './views.ts';

export interface TriggerCondition {
  readonly expr: Expr;
  readonly oldRow: readonly ColumnId[];
  readonly newRow: readonly ColumnId[];
}

export function bindTriggerCondition(env: BindEnv, table: TableDef, sql: string): TriggerCondition {
  return withoutPositions(() => bindConditionNode(env, table, parseExpression(sql)));
}

export function bindConditionNode(
  env: BindEnv,
  table: TableDef,
  node: ast.Expr,
  recorder: BindRecorder | null = null,
): TriggerCondition {
  const level = new Level(new BindState(env, recorder), null);
  const oldRow = newRowIds(level, table, 'old');
  const newRow = newRowIds(level, table, 'new');
  level.namespace = [
    rowItem(level, table, 'old', oldRow, { columnsVisible: false }),
    rowItem(level, table, 'new', newRow, { columnsVisible: false }),
  ];
  const expr = coerceToBoolean(level, bindExpr(level, node, 'check'), 'WHEN');
  return { expr, oldRow, newRow };
}
