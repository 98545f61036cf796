/**
 * The one place where source text becomes a function.
 *
 * I1  Source is written by the emitters of exec/compile/ and exec/rows/ alone: identifiers they make (k0, c1, t2, ...),
 *     numbers they count (slots, scales) and operators. A user's name or literal reaches a function only as an entry of
 *     the constant table, by position.
 * I2  Code generation may be forbidden (Content-Security-Policy): `canGenerate` says so, callers then interpret.
 */

type FunctionMaker = (names: string[], body: string) => (...args: unknown[]) => unknown;

const makeFunction: FunctionMaker = (names, body) =>
  new Function(...names, `"use strict";${body}`) as (...args: unknown[]) => unknown;

let allowed: boolean | null = null;

/** Whether this environment lets code be generated; tried once. */
export function canGenerate(): boolean {
  if (allowed === null) {
    try {
      allowed = makeFunction([], 'return 1')() === 1;
    } catch {
      // I2: EvalError where code generation from strings is disallowed.
      allowed = false;
    }
  }
  return allowed;
}

/** Values the source refers to as k0, k1, ... */
export class ConstantTable {
  readonly values: unknown[] = [];

  /** The name of a constant; equal objects share one. */
  add(value: unknown): string {
    let index = this.values.indexOf(value);
    if (index < 0 || typeof value === 'number') {
      index = this.values.length;
      this.values.push(value);
    }
    return `k${index}`;
  }
}

/** A function from its parameter names and body; `constants` are in scope as k0, k1, ... */
export function generate<F>(parameters: readonly string[], body: string, constants: ConstantTable): F {
  const names = constants.values.map((_, i) => `k${i}`);
  const source = `return function(${parameters.join(',')}){${body}}`;
  return makeFunction(names, source)(...constants.values) as F;
}
