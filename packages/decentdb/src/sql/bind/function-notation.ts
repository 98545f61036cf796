/** `row.f` where the row has no field of that name: the call f(row) of a function in the catalogue. */
import type { Expr } from '../../exec/expr.ts';
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
