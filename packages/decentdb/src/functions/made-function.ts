/**
 * Functions made for a place in a statement: a cast to a length, the check of a domain, JSON_VALUE with its clauses.
 *
 * I1  Two that are made of the same are one object, so expressions that hold them are found equal: `GROUP BY a::numeric(5, 2)`.
 * I2  They are kept for as long as the first of their parts.
 */
import type { ScalarFunction } from './function.ts';

class Made {
  readonly further = new WeakMap<object, Made>();
  readonly functions = new Map<string, ScalarFunction>();
}

const roots = new WeakMap<object, Made>();

/** The function made of `parts` (types and the like, by identity) and of what `key` says. */
export function madeOnce(
  parts: readonly [object, ...object[]],
  key: string,
  make: () => ScalarFunction,
): ScalarFunction {
  let known = roots;
  let node: Made | undefined;
  for (const part of parts) {
    node = known.get(part);
    if (node === undefined) {
      node = new Made();
      known.set(part, node);
    }
    known = node.further;
  }
  const { functions } = node as Made;
  let fn = functions.get(key);
  if (fn === undefined) {
    fn = make();
    functions.set(key, fn);
  }
  return fn;
}
