/** `row.f` where the row has no field of that name: the call f(row) of a function in the catalogue; and f(row) for the field f. */
import type { Expr } from '../../exec/expr.ts';
import { tryResolveFunction } from '../../functions/resolve.ts';
import { domainBase } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { field } from './arrays.ts';
import type { BoundArguments } from './calls.ts';
import type { Level } from './level.ts';
import { makeCall } from './made-queries.ts';
import { boundCall, findRoutine, routineExpr } from './routine-calls.ts';
import { routinesNamed } from './routine-lookup.ts';

/** The call, or null when no function of the name takes the row alone. */
export function callOnRow(level: Level, row: Expr, name: string, location: number): Expr | null {
  const funcname = [name];
  if (routinesNamed(level.state.env, funcname).length === 0) return null;
  const bound = { args: [row], options: {} };
  const found = findRoutine(level, { ...makeCall(name, [], location), funcname }, bound);
  if (found === null || found.fn.routine.kind !== 'function' || found.fn.routine.returnsSet) return null;
  return routineExpr(boundCall(level, found, bound), location);
}

/** `f(row)` as the field f of the row, where no function of the name takes the row; else null. */
export function fieldAsCall(node: ast.FuncCall, { args, options }: BoundArguments): Expr | null {
  const [row] = args;
  const [name] = node.funcname;
  if (row === undefined || name === undefined || args.length > 1 || node.funcname.length > 1) return null;
  if (options.argNames !== undefined || options.isVariadicArray === true) return null;
  if (domainBase(row.type).fields?.some((one) => one.name === name) !== true) return null;
  return tryResolveFunction(name, [row.type]) === null ? field(row, name, node.location) : null;
}
