/**
 * Builders of registry entries: they fill in what most entries have in common.
 */
import type { Datum } from '../types/vector.ts';
import type { EvalContext, OperatorInfo, ScalarFunction } from './function.ts';

/** Method-typed, so that an implementation may declare the datum types its arguments have. */
export type Evaluate = { eval(context: EvalContext, ...args: Datum[]): Datum }['eval'];

/** Everything of an entry that usually is at its default. */
export type EntryOptions = Partial<
  Pick<
    ScalarFunction,
    | 'strict'
    | 'volatility'
    | 'inline'
    | 'variadic'
    | 'needsVariadic'
    | 'defaults'
    | 'argNames'
    | 'specialize'
    | 'operator'
  >
>;

/** A strict, immutable function unless `options` say otherwise. `example`: SQL of one call and its result as text. */
export function fn(
  name: string,
  args: readonly number[],
  returns: number,
  evaluate: Evaluate,
  description: string,
  example: readonly [sql: string, result: string] | null,
  options: EntryOptions = {},
): ScalarFunction {
  return {
    name,
    args,
    returns,
    strict: true,
    volatility: 'immutable',
    eval: evaluate,
    description,
    ...(example === null ? {} : { example }),
    ...options,
  };
}

/** One signature of several under the same name. */
export type Overload = readonly [
  args: readonly number[],
  returns: number,
  evaluate: Evaluate,
  options?: EntryOptions,
];

/** Several signatures of one function; the example goes with the first. */
export function overloads(
  name: string,
  description: string,
  example: readonly [sql: string, result: string] | null,
  list: readonly Overload[],
  shared: EntryOptions = {},
): ScalarFunction[] {
  return list.map(([args, returns, evaluate, options], i) =>
    fn(name, args, returns, evaluate, description, i === 0 ? example : null, { ...shared, ...options }),
  );
}

/** An operator; prefix operators have one argument. */
export function op(
  symbol: string,
  args: readonly number[],
  returns: number,
  evaluate: Evaluate,
  description: string,
  example: readonly [sql: string, result: string] | null,
  options: EntryOptions & { readonly info?: Omit<OperatorInfo, 'symbol'> } = {},
): ScalarFunction {
  const { info, ...rest } = options;
  return fn(symbol, args, returns, evaluate, description, example, {
    ...rest,
    operator: { symbol, ...info },
  });
}
