/** `f(VARIADIC array)`: the function gets the elements one by one, as it would written out. */
import type { ScalarFunction } from '../../functions/function.ts';
import { SqlArray } from '../../types/array.ts';

/**
 * The function that takes the array as its last argument. A NULL array makes the result NULL, except of `format`, for which it
 * is an empty one (PostgreSQL's rule for each of its functions of this kind).
 */
export function spreading(fn: ScalarFunction): ScalarFunction {
  const { inline: _, ...rest } = fn;
  return {
    ...rest,
    strict: false,
    eval(context, ...args) {
      const last = args[args.length - 1] ?? null;
      if (last === null && fn.name !== 'format') return null;
      const elements = last instanceof SqlArray ? last.elements : [];
      const all = [...args.slice(0, -1), ...elements];
      return fn.strict && all.includes(null) ? null : fn.eval(context, ...all);
    },
  };
}
