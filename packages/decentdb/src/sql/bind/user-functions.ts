/**
 * Calls of functions the application registered: found by name, and refused where only stored expressions call them.
 *
 * I1  Text that came with the database (a view, a default, a check ...) calls a function only if it was registered with
 *     `directOnly: false`: a file from elsewhere runs no JavaScript of the application otherwise.
 */
import type { AggregateFunction, ScalarFunction, TableFunction } from '../../functions/function.ts';
import { bindError } from './errors.ts';
import type { Level } from './level.ts';
import { isBindingStored } from './views.ts';

export function userScalars(level: Level, name: string): readonly ScalarFunction[] {
  return level.state.env.userFunctions?.scalars(name) ?? [];
}

export function userAggregates(level: Level, name: string): readonly AggregateFunction[] {
  return level.state.env.userFunctions?.aggregates(name) ?? [];
}

export function userTables(level: Level, name: string): readonly TableFunction[] {
  return level.state.env.userFunctions?.tables(name) ?? [];
}

/** 42501 where the function is not for stored expressions. */
export function requireCallable(level: Level, fn: { readonly name: string }, location: number): void {
  const { userFunctions, isSchemaStatement, routine } = level.state.env;
  if (userFunctions === undefined || !userFunctions.isDirectOnly(fn.name)) return;
  if (isSchemaStatement !== true && routine === undefined && !isBindingStored()) return;
  throw bindError('42501', `function ${fn.name} cannot be called by stored expressions`, location, {
    hint: 'Register it with directOnly: false to use it in views, defaults, checks, indexes and generated columns.',
  });
}
