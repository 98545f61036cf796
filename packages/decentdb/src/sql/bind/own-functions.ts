/**
 * Functions of the catalogue under names that aggregates or window functions have too.
 *
 * I1  Which one is meant is PostgreSQL's overload resolution among them all, the built-in one first; where it cannot tell, the built-in one.
 * I2  Arguments are bound on trial only where a function and a built-in one take as many, once for each call however deep it is nested;
 *     nothing of the trial stays in the level.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { AggregateFunction, WindowFunction } from '../../functions/function.ts';
import { aggregatesNamed, windowFunctionsNamed } from '../../functions/registry.ts';
import { resolveAmong, type Signature } from '../../functions/resolve.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { bindArguments, typesOf } from './calls.ts';
import type { Level } from './level.ts';
import type { RoutineEntry } from './routine-lookup.ts';
import { isBindingStored } from './views.ts';

/** What calls were found to mean, at the level they were bound at. */
const answers = new WeakMap<ast.FuncCall, { readonly level: Level; readonly isOwn: boolean }>();

/** Whether a call means a function of the catalogue, and no aggregate or window function of its name. */
export function isOwnFunction(level: Level, own: readonly RoutineEntry[], node: ast.FuncCall): boolean {
  if (own.length === 0) return false;
  const known = answers.get(node);
  if (known?.level === level) return known.isOwn;
  const isOwn = isMeant(level, own, node);
  answers.set(node, { level, isOwn });
  return isOwn;
}

function isMeant(level: Level, own: readonly RoutineEntry[], node: ast.FuncCall): boolean {
  if (node.over !== null || node.agg_star || node.agg_within_group) return false;
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
  return isChosen(functions, others.filter(takes), name, types);
}

/** Whether one of `functions` is it; where several might be, none is. */
function isChosen(
  functions: readonly RoutineEntry[],
  others: readonly (AggregateFunction | WindowFunction)[],
  name: string,
  types: readonly SqlType[],
): boolean {
  try {
    const all: readonly (RoutineEntry | AggregateFunction | WindowFunction)[] = [...others, ...functions];
    const found = resolveAmong(all, name, types);
    return found !== null && 'routine' in found.fn;
  } catch (error) {
    if (error instanceof DecentDbError) return false;
    throw error;
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
