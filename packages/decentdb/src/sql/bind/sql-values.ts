/**
 * CURRENT_DATE and its family: calls of the functions that answer them.
 */
import type { Expr } from '../../exec/expr.ts';
import { typeByName } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { callFunction } from './calls.ts';
import { applyTypmod, convert } from './coerce.ts';
import { bindNotSupported } from './errors.ts';
import type { Level } from './level.ts';

/** Function behind each, and the type its result is cast to. */
const SOURCES: Readonly<Record<ast.SQLValueFunctionOp, readonly [fn: string, type: string]>> = {
  SVFOP_CURRENT_DATE: ['now', 'date'],
  SVFOP_CURRENT_TIME: ['now', 'timetz'],
  SVFOP_CURRENT_TIME_N: ['now', 'timetz'],
  SVFOP_CURRENT_TIMESTAMP: ['now', 'timestamptz'],
  SVFOP_CURRENT_TIMESTAMP_N: ['now', 'timestamptz'],
  SVFOP_LOCALTIME: ['now', 'time'],
  SVFOP_LOCALTIME_N: ['now', 'time'],
  SVFOP_LOCALTIMESTAMP: ['now', 'timestamp'],
  SVFOP_LOCALTIMESTAMP_N: ['now', 'timestamp'],
  SVFOP_CURRENT_ROLE: ['current_user', 'name'],
  SVFOP_CURRENT_USER: ['current_user', 'name'],
  SVFOP_USER: ['current_user', 'name'],
  SVFOP_SESSION_USER: ['session_user', 'name'],
  SVFOP_CURRENT_CATALOG: ['current_database', 'name'],
  SVFOP_CURRENT_SCHEMA: ['current_schema', 'name'],
};

export function bindSqlValue(level: Level, node: ast.SQLValueFunction): Expr {
  const [fn, typeName] = SOURCES[node.op];
  const type = typeByName(typeName) as SqlType;
  const value = callFunction(level, fn, [], node.location);
  const cast = convert(level, value, type, 'explicit');
  if (cast === null) throw bindNotSupported(node.op.slice('SVFOP_'.length).toLowerCase(), node.location);
  return { ...applyTypmod(cast, node.typmod, true), location: node.location };
}
