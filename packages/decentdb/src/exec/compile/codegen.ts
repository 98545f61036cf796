/**
 * The one place where source text becomes a function.
 *
 * I1  Source is written by the emitters of exec/compile/ and exec/rows/ alone: identifiers they make (k0, c1, t2, ...),
 *     numbers they count (slots, scales) and operators. A user's name or literal reaches a function only as an entry of
 *     the constant table, by position.
 * I2  Functions of equal source, over data of the same kinds, share one compilation: statements that differ in constants find the
 *     code of the first one compiled and warm. Which functions they call is part of the key, so that these calls stay direct.
 * I3  Code generation may be forbidden (Content-Security-Policy): `canGenerate` says so, callers then interpret.
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
      // I3: EvalError where code generation from strings is disallowed.
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
  return makerOf(parameters, body, constants)(...constants.values) as F;
}

type Maker = (...constants: unknown[]) => unknown;

function makerOf(parameters: readonly string[], body: string, constants: ConstantTable): Maker {
  const names = constants.values.map((_, i) => `k${i}`);
  return makeFunction(names, `return function(${parameters.join(',')}){${body}}`);
}

const makers = new Map<string, Maker>();
const MAKERS_MAX = 500;
const SHARED_CHARS_MAX = 4000;

/** The same, shared with whatever has the same source over data of the same `kinds` (I2). */
export function generateShared<F>(
  parameters: readonly string[],
  body: string,
  constants: ConstantTable,
  kinds: string,
): F {
  if (body.length > SHARED_CHARS_MAX) return generate(parameters, body, constants);
  const key = `${kinds}\n${constants.values.map(kindOf).join(' ')}\n${body}`;
  let maker = makers.get(key);
  if (maker === undefined) {
    maker = makerOf(parameters, body, constants);
    if (makers.size >= MAKERS_MAX) makers.delete(makers.keys().next().value as string);
  } else makers.delete(key);
  // The ones used last are the last to go.
  makers.set(key, maker);
  return maker(...constants.values) as F;
}

const functionNumbers = new WeakMap<object, number>();
let functionCount = 0;

function kindOf(constant: unknown): string {
  if (typeof constant !== 'function') return typeof constant;
  let number = functionNumbers.get(constant);
  if (number === undefined) {
    number = ++functionCount;
    functionNumbers.set(constant, number);
  }
  return `f${number}`;
}
