/**
 * Names of a function's parameters inside its body: `name`, `function.name`, and fields of row parameters.
 *
 * I1  Columns come first: a name is looked up here only when no column or relation of the query has it.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Expr } from '../../exec/expr.ts';
import { domainBase } from '../../types/sql-type.ts';
import { unknownType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import type { Level } from './level.ts';

/** What a reference means that `look` could not resolve; its error when it is no parameter either. */
export function orParameter<T>(level: Level, node: ast.ColumnRef, look: () => T, made: (expr: Expr) => T): T {
  const { routine } = level.state.env;
  if (routine === undefined) return look();
  try {
    return look();
  } catch (error) {
    if (!(error instanceof DecentDbError) || !['42703', '42P01'].includes(error.code)) throw error;
    const expr = parameterOf(level, node);
    if (expr === null) throw error;
    return made(expr);
  }
}

/** The parameter (or a field of it) the names mean, or null. */
export function parameterOf(level: Level, node: ast.ColumnRef): Expr | null {
  const { routine } = level.state.env;
  if (routine === undefined) return null;
  const [first, ...others] = node.fields;
  if (first === routine.name && others.length > 0) {
    const found = parameter(level, others, node.location);
    if (found !== null) return found;
  }
  return parameter(level, node.fields, node.location);
}

function parameter(level: Level, names: readonly string[], location: number): Expr | null {
  const index = level.state.env.routine?.parameters.indexOf(names[0] ?? '') ?? -1;
  if (index < 0 || names.length > 2) return null;
  const whole = level.state.param(index + 1, location, unknownType);
  if (names.length === 1) return whole;
  const { fields } = domainBase(whole.type);
  const field = fields?.findIndex(({ name }) => name === names[1]) ?? -1;
  const found = fields?.[field];
  if (found === undefined) return null;
  return { kind: 'field', arg: whole, field, type: found.type, typmod: found.typmod, location };
}
