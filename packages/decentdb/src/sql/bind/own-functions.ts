/**
 * Functions of the catalogue under names that aggregates or window functions have too.
 *
 * I1  Which one is meant is PostgreSQL's overload resolution as far as it can tell them apart: the number of arguments, then inputs of
 *     just the arguments' types (the built-in one's before the user's), then whether the built-in one takes them at all.
 * I2  Arguments are bound on trial only where a function and a built-in one take as many; nothing of the trial stays in the level.
 */
import { DecentDbError } from '../../base/errors.ts';
import { aggregatesNamed, windowFunctionsNamed } from '../../functions/registry.ts';
import { resolveAmong, type Signature } from '../../functions/resolve.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { bindArguments, typesOf } from './calls.ts';
import type { Level } from './level.ts';
import type { RoutineEntry } from './routine-lookup.ts';
import { isBindingStored } from './views.ts';

/** Whether a call means a function of the catalogue, and no aggregate or window function of its name. */
export function isOwnFunction(level: Level, own: readonly RoutineEntry[], node: ast.FuncCall): boolean {
  if (own.length === 0 || node.over !== null || node.agg_star || node.agg_within_group) return false;
  const count = node.args.length;
  const takes = ({ args, variadic }: Signature): boolean =>
    variadic === undefined ? args.length === count : count >= args.length;
  const functions = own.filter((one) => one.routine.kind === 'function' && takes(one));
  if (functions.length === 0 || own.some((one) => one.routine.kind === 'aggregate' && takes(one)))
    return false;
  const name = node.funcname.at(-1) as string;
  const others = [...aggregatesNamed(name), ...windowFunctionsNamed(name)];
  if (!others.some(takes)) return true;
  if (node.agg_distinct || node.agg_order.length > 0 || node.agg_filter !== null) return false;
  if (node.funcname.length > 1) return node.funcname.at(-2) !== 'pg_catalog';
  // In what is stored a name alone means the built-in one (routine-calls.ts).
  if (isBindingStored() || (level.state.env.routine?.known ?? null) !== null) return false;
  const types = typesOnTrial(level, node);
  if (types === null) return false;
  const isExact = ({ args, variadic }: Signature): boolean =>
    variadic === undefined && args.length === count && args.every((oid, i) => oid === types[i]?.oid);
  if (functions.some(isExact)) return !others.some(isExact);
  return !isTaken(aggregatesNamed(name), name, types) && isTaken(functions, name, types);
}

function isTaken<F extends Parameters<typeof resolveAmong>[0][number]>(
  entries: readonly F[],
  name: string,
  types: readonly SqlType[],
): boolean {
  try {
    return resolveAmong(entries, name, types) !== null;
  } catch {
    // Several take them.
    return true;
  }
}

/** I2; null where the arguments cannot be bound as those of a function. */
function typesOnTrial(level: Level, node: ast.FuncCall): readonly SqlType[] | null {
  const undo: (() => void)[] = [];
  for (let at: Level | null = level; at !== null; at = at.parent) undo.push(remembered(at));
  try {
    return typesOf(bindArguments(level, node).args);
  } catch (error) {
    if (error instanceof DecentDbError) return null;
    throw error;
  } finally {
    for (const restore of undo) restore();
  }
}

function remembered(level: Level): () => void {
  const { aggregates, groupings, windows, windowCalls, setFunctions, hasSubqueries } = level;
  const { length } = level.rangeTable;
  const before = {
    aggregates: [...aggregates],
    groupings: [...groupings],
    windows: [...windows],
    windowCalls: [...windowCalls],
    setFunctions: [...setFunctions],
    hasSubqueries,
  };
  return () => {
    Object.assign(level, before);
    level.rangeTable.length = length;
  };
}
