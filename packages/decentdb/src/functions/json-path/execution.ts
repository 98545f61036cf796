/**
 * Runs a jsonpath over a document (PostgreSQL manual 9.16.2): the items of a path one after the other, each value through the rest of it.
 *
 * I1  `found` null means that only existence is asked for: a step stops at its first result.
 * I2  A structural mismatch is an error, unless structural errors are ignored (lax mode, and behind `**`).
 * I3  With `isThrowing` off, errors become `Outcome.error` and nothing is thrown, but for undefined variables and time zone use.
 * I4  Lax mode unwraps arrays that a step cannot work on, one level, and wraps values that stand for arrays.
 */
import { DecentDbError } from '../../base/errors.ts';
import { Decimal } from '../../types/decimal.ts';
import {
  isJsonArray,
  isJsonObject,
  type JsonNode,
  type JsonObject,
  makeJsonObject,
} from '../../types/json.ts';
import type { JsonPath, PathItem } from '../../types/jsonpath.ts';
import { type TimeZone, timeZone } from '../../types/time-zone.ts';
import type { EvalContext } from '../function.ts';
import { itemType, PathDateTime, type PathValue } from './item.ts';
import { offsetIn } from './keyvalue-ids.ts';
import { convertItem, numericMethod, sizeOf } from './methods.ts';
import { holds } from './predicates.ts';
import { arithmetic, arrayIndex, dateTimeMethod, signed } from './values.ts';

export const Outcome = { ok: 0, none: 1, error: 2 } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** What a path knows of its surroundings. */
export interface PathSurroundings {
  readonly context: EvalContext;
  readonly variables: JsonObject | null;
  readonly isZoneAllowed: boolean;
}

const ID_STEP = 10_000_000_000;
/** Errors that silence does not cover (I3). */
const LOUD: ReadonlySet<string> = new Set(['42704', '0A000', '54001', '57014']);

export class PathExecution {
  readonly isLax: boolean;
  readonly surroundings: PathSurroundings;
  isThrowing: boolean;
  current: PathValue;
  /** Size of the array whose subscripts are being worked out: what `last` counts from. */
  arraySize = -1;
  private readonly root: JsonNode;
  private isIgnoringStructure: boolean;
  /** The object that ids of .keyvalue() are relative to. */
  private base: { readonly node: JsonNode; readonly id: number };
  private objectsGenerated = 1;
  private zoneFound: TimeZone | null = null;

  constructor(path: JsonPath, document: JsonNode, surroundings: PathSurroundings, isSilent: boolean) {
    this.isLax = path.isLax;
    this.surroundings = surroundings;
    this.isThrowing = !isSilent;
    this.isIgnoringStructure = path.isLax;
    this.root = document;
    this.current = document;
    this.base = { node: document, id: 0 };
  }

  get zone(): TimeZone {
    this.zoneFound ??= timeZone(this.surroundings.context.typeSettings.timeZone);
    return this.zoneFound;
  }

  /** The values of a path over the document; those before it after a silenced error. */
  run(path: PathItem): PathValue[] {
    const found: PathValue[] = [];
    this.step(path, this.root, found, this.isLax);
    return found;
  }

  /** Whether the path yields anything; null after a silenced error. Strict mode looks at all of it for errors. */
  exists(path: PathItem): boolean | null {
    const found: PathValue[] | null = this.isLax ? null : [];
    const outcome = this.step(path, this.root, found, this.isLax);
    if (outcome === Outcome.error) return null;
    return found === null ? outcome === Outcome.ok : found.length > 0;
  }

  /** Values of an operand with errors silenced; null after one. */
  operand(path: PathItem, value: PathValue, isUnwrapping: boolean): PathValue[] | null {
    const found: PathValue[] = [];
    const outcome = this.silently(() => this.unwrapped(path, value, isUnwrapping, found));
    return outcome === Outcome.error ? null : found;
  }

  existsQuietly(path: PathItem, value: PathValue): boolean | null {
    const found: PathValue[] | null = this.isLax ? null : [];
    const outcome = this.silently(() => this.step(path, value, found, this.isLax));
    if (outcome === Outcome.error) return null;
    return found === null ? outcome === Outcome.ok : found.length > 0;
  }

  /** Values of a path, arrays among them taken apart in lax mode. */
  unwrapped(path: PathItem, value: PathValue, isUnwrapping: boolean, found: PathValue[]): Outcome {
    if (!isUnwrapping || !this.isLax) return this.step(path, value, found, this.isLax);
    const whole: PathValue[] = [];
    const outcome = this.step(path, value, whole, true);
    if (outcome === Outcome.error) return outcome;
    for (const item of whole) {
      if (isArray(item)) for (const element of item) found.push(element);
      else found.push(item);
    }
    return Outcome.ok;
  }

  private silently(run: () => Outcome): Outcome {
    const before = this.isThrowing;
    this.isThrowing = false;
    try {
      return run();
    } finally {
      this.isThrowing = before;
    }
  }

  fail(code: string, message: string): Outcome {
    if (this.isThrowing) throw new DecentDbError(code, message);
    return Outcome.error;
  }

  /** Hands a value to the rest of the path. */
  forward(path: PathItem, value: PathValue, found: PathValue[] | null): Outcome {
    if (path.next !== null) return this.step(path.next, value, found, this.isLax);
    found?.push(value);
    return Outcome.ok;
  }

  /** Computes a value and hands it on; its DecentDbErrors follow I3. */
  private compute(path: PathItem, found: PathValue[] | null, value: () => PathValue): Outcome {
    let item: PathValue;
    try {
      item = value();
    } catch (cause) {
      if (this.isThrowing || !(cause instanceof DecentDbError) || LOUD.has(cause.code)) throw cause;
      return Outcome.error;
    }
    return this.forward(path, item, found);
  }

  /** Runs one item of a path, and all behind it, on a value. */
  step(path: PathItem, value: PathValue, found: PathValue[] | null, isUnwrapping: boolean): Outcome {
    switch (path.kind) {
      case 'literal':
        return this.forward(path, path.value, found);
      case 'variable':
        return this.variable(path, found);
      case 'root':
        return this.based(this.root, 0, () => this.forward(path, this.root, found));
      case 'current':
        return this.forward(path, this.current, found);
      case 'last':
        return this.forward(path, Decimal.fromInteger(this.arraySize - 1), found);
      case 'key':
        return this.key(path, value, found, isUnwrapping);
      case 'anyKey':
        return this.anyKey(path, value, found, isUnwrapping);
      case 'anyArray':
        return this.anyArray(path, value, found);
      case 'indexArray':
        return this.indexArray(path, value, found);
      case 'any':
        return this.any(path, value, found);
      case 'filter':
        if (isUnwrapping && isArray(value)) return this.elements(path, value, found);
        return this.passes(path.left!, value) === true ? this.forward(path, value, found) : Outcome.none;
      case 'method':
        return this.method(path, value, found, isUnwrapping);
      case 'unary':
        return signed(this, path, value, found);
      case 'arithmetic':
        return arithmetic(this, path, value, found);
      default:
        return this.forward(path, holds(this, path, value), found);
    }
  }

  /** Truth of a filter for a value, which is `@` in it. */
  private passes(predicate: PathItem, value: PathValue): boolean | null {
    const before = this.current;
    this.current = value;
    const truth = holds(this, predicate, value);
    this.current = before;
    return truth;
  }

  private based(node: JsonNode, id: number, run: () => Outcome): Outcome {
    const before = this.base;
    this.base = { node, id };
    const outcome = run();
    this.base = before;
    return outcome;
  }

  private variable(path: PathItem, found: PathValue[] | null): Outcome {
    const name = path.value as string;
    const value = this.lookUp(name);
    return this.based(this.surroundings.variables!, 1, () => this.forward(path, value, found));
  }

  lookUp(name: string): JsonNode {
    const value = this.surroundings.variables?.get(name);
    if (value === undefined) throw new DecentDbError('42704', `could not find jsonpath variable "${name}"`);
    return value;
  }

  /** The path from `path` on, for each element of an array, arrays among them left whole. */
  private elements(path: PathItem, array: readonly JsonNode[], found: PathValue[] | null): Outcome {
    let outcome: Outcome = Outcome.none;
    for (const element of array) {
      const one = this.step(path, element, found, false);
      if (one === Outcome.error) return one;
      if (one === Outcome.ok) outcome = one;
      if (one === Outcome.ok && found === null) return one;
    }
    return outcome;
  }

  /** The rest of the path for each of some values. */
  private each(path: PathItem, values: Iterable<JsonNode>, found: PathValue[] | null): Outcome {
    let outcome: Outcome = Outcome.none;
    for (const value of values) {
      const one = this.forward(path, value, found);
      if (one === Outcome.error) return one;
      if (one === Outcome.ok) outcome = one;
      if (one === Outcome.ok && found === null) return one;
    }
    return outcome;
  }

  private key(path: PathItem, value: PathValue, found: PathValue[] | null, isUnwrapping: boolean): Outcome {
    if (isObject(value)) {
      const member = value.get(path.value as string);
      if (member !== undefined) return this.forward(path, member, found);
      if (this.isIgnoringStructure) return Outcome.none;
      return this.fail('2203A', `JSON object does not contain key "${path.value}"`);
    }
    if (isUnwrapping && isArray(value)) return this.elements(path, value, found);
    if (this.isIgnoringStructure) return Outcome.none;
    return this.fail('2203A', 'jsonpath member accessor can only be applied to an object');
  }

  private anyKey(
    path: PathItem,
    value: PathValue,
    found: PathValue[] | null,
    isUnwrapping: boolean,
  ): Outcome {
    if (isObject(value)) return this.each(path, value.values(), found);
    if (isUnwrapping && isArray(value)) return this.elements(path, value, found);
    if (this.isIgnoringStructure) return Outcome.none;
    return this.fail('2203C', 'jsonpath wildcard member accessor can only be applied to an object');
  }

  private anyArray(path: PathItem, value: PathValue, found: PathValue[] | null): Outcome {
    if (isArray(value)) return this.each(path, value, found);
    if (this.isLax) return this.forward(path, value, found);
    if (this.isIgnoringStructure) return Outcome.none;
    return this.fail('22039', 'jsonpath wildcard array accessor can only be applied to an array');
  }

  private indexArray(path: PathItem, value: PathValue, found: PathValue[] | null): Outcome {
    const items: readonly PathValue[] | null = isArray(value) ? value : this.isLax ? [value] : null;
    if (items === null) {
      if (this.isIgnoringStructure) return Outcome.none;
      return this.fail('22039', 'jsonpath array accessor can only be applied to an array');
    }
    const before = this.arraySize;
    this.arraySize = items.length;
    const outcome = this.subscripted(path, value, items, found);
    this.arraySize = before;
    return outcome;
  }

  private subscripted(
    path: PathItem,
    value: PathValue,
    items: readonly PathValue[],
    found: PathValue[] | null,
  ): Outcome {
    let outcome: Outcome = Outcome.none;
    const size = items.length;
    for (const { from, to } of path.subscripts) {
      this.arraySize = size;
      const first = arrayIndex(this, from, value);
      const last = to === null || first === null ? first : arrayIndex(this, to, value);
      if (first === null || last === null) return Outcome.error;
      if (!this.isIgnoringStructure && (first < 0 || first > last || last >= size))
        return this.fail('22033', 'jsonpath array subscript is out of bounds');
      for (let i = Math.max(first, 0); i <= Math.min(last, size - 1); i++) {
        const one = this.forward(path, items[i]!, found);
        if (one === Outcome.error) return one;
        if (one === Outcome.ok) outcome = one;
        if (one === Outcome.ok && found === null) return one;
      }
    }
    return outcome;
  }

  private any(path: PathItem, value: PathValue, found: PathValue[] | null): Outcome {
    const before = this.isIgnoringStructure;
    this.isIgnoringStructure = true;
    let outcome: Outcome = Outcome.none;
    if (path.bounds!.first === 0) outcome = this.forward(path, value, found);
    if (outcome !== Outcome.error && !(outcome === Outcome.ok && found === null)) {
      const below = this.descend(path, value, found, 1);
      if (below !== Outcome.none) outcome = below;
    }
    this.isIgnoringStructure = before;
    return outcome;
  }

  private descend(path: PathItem, value: PathValue, found: PathValue[] | null, level: number): Outcome {
    const { first, last } = path.bounds!;
    if (level > last) return Outcome.none;
    const isLeavesOnly = first === Number.POSITIVE_INFINITY && last === first;
    const values = isObject(value) ? value.values() : isArray(value) ? value : [];
    let outcome: Outcome = Outcome.none;
    for (const child of values) {
      const isContainer = isObject(child) || isArray(child);
      if (level >= first || (isLeavesOnly && !isContainer)) {
        const one = this.forward(path, child, found);
        if (one === Outcome.error) return one;
        if (one === Outcome.ok) outcome = one;
        if (one === Outcome.ok && found === null) return one;
      }
      if (level >= last || !isContainer) continue;
      const below = this.descend(path, child, found, level + 1);
      if (below === Outcome.error) return below;
      if (below === Outcome.ok) outcome = below;
      if (below === Outcome.ok && found === null) return below;
    }
    return outcome;
  }

  private method(
    path: PathItem,
    value: PathValue,
    found: PathValue[] | null,
    isUnwrapping: boolean,
  ): Outcome {
    const { operator } = path;
    if (operator === 'type') return this.forward(path, itemType(value), found);
    if (operator === 'size') {
      if (this.isIgnoringStructure && !this.isLax && !isArray(value)) return Outcome.none;
      return this.compute(path, found, () => sizeOf(value, this.isLax));
    }
    if (isUnwrapping && isArray(value)) return this.elements(path, value, found);
    switch (operator) {
      case 'abs':
      case 'floor':
      case 'ceiling':
        return this.compute(path, found, () => numericMethod(value, operator));
      case 'keyvalue':
        return this.keyValue(path, value, found);
      case 'datetime':
      case 'date':
      case 'time':
      case 'time_tz':
      case 'timestamp':
      case 'timestamp_tz':
        return this.compute(path, found, () => dateTimeMethod(this, path, value));
      default:
        return this.compute(path, found, () => convertItem(value, path));
    }
  }

  private keyValue(path: PathItem, value: PathValue, found: PathValue[] | null): Outcome {
    if (!isObject(value))
      return this.fail('2203C', 'jsonpath item method .keyvalue() can only be applied to an object');
    const id = this.base.id * ID_STEP + offsetIn(this.base.node, value);
    let outcome: Outcome = Outcome.none;
    for (const [key, member] of value) {
      const pair = makeJsonObject([
        ['key', key],
        ['value', member],
        ['id', Decimal.fromInteger(id)],
      ]);
      const generated = ++this.objectsGenerated;
      const one = this.based(pair, generated, () => this.forward(path, pair, found));
      if (one === Outcome.error) return one;
      if (one === Outcome.ok) outcome = one;
      if (one === Outcome.ok && found === null) return one;
    }
    return outcome;
  }
}

export function isArray(value: PathValue): value is readonly JsonNode[] {
  return !(value instanceof PathDateTime) && isJsonArray(value);
}

export function isObject(value: PathValue): value is JsonObject {
  return !(value instanceof PathDateTime) && isJsonObject(value);
}
