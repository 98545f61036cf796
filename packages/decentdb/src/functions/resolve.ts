/**
 * Which function or operator a call means: PostgreSQL's overload resolution (manual, chapter 10).
 *
 * 1. Candidates by name and number of arguments (defaults filled in, variadic parameters repeated).
 * 2. An exact match of all types wins; for operators an unknown operand first assumes the other's type.
 * 3. Of the candidates every argument can implicitly become: most exact matches; then most exact or preferred; then unknown
 *    literals choose string, else the one category all share; then all arguments take the type the known ones share.
 * 4. None left: 42883. Several left: 42725.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType, typeByName } from '../types/registry.ts';
import { domainBase, type SqlType } from '../types/sql-type.ts';
import { basicOperatorsNamed } from './basic-operators.ts';
import { canCoerce, canPlainBecome, findCast, OIDS } from './coercion.ts';
import type { AggregateFunction, ScalarFunction, TableFunction, WindowFunction } from './function.ts';
import { plainTypes } from './plain-types.ts';
import { isPolymorphic, unify } from './polymorphism.ts';
import {
  aggregatesNamed,
  commonOperatorsNamed,
  operatorsFor,
  scalarsFor,
  tableFunctionsNamed,
  windowFunctionsNamed,
} from './registry.ts';

/** What overload resolution needs to know of an entry. */
export interface Signature {
  readonly name: string;
  readonly args: readonly number[];
  readonly variadic?: number;
  readonly needsVariadic?: boolean;
  readonly defaults?: readonly unknown[];
  readonly argNames?: readonly string[];
  readonly returns?: number;
  /** Types of the user this signature mentions; absent: it has built-in ones only. */
  readonly typeOf?: (oid: number) => SqlType | undefined;
}

/** A type a signature mentions. */
function typeIn(fn: Signature, oid: number): SqlType {
  return fn.typeOf?.(oid) ?? builtinType(oid);
}

export interface ResolveOptions {
  /** Name of each argument, for `f(a => 1)` calls; null for positional ones. */
  readonly argNames?: readonly (string | null)[];
  /** The last argument was written VARIADIC: it is the array itself. */
  readonly isVariadicArray?: boolean;
}

export interface Resolved<F> {
  /** Already specialised to the argument types. */
  readonly fn: F;
  /** Type each given argument must be converted to (implicitly), in the order of `order`. */
  readonly argTypes: readonly SqlType[];
  readonly resultType: SqlType;
  /** `order[i]`: which given argument is parameter i; -1 takes `fn.defaults`' value. Identity for plain calls. */
  readonly order: readonly number[];
  /** Default datums for the trailing -1 entries of `order`. */
  readonly defaults: readonly unknown[];
}

interface Candidate<F> {
  readonly fn: F;
  /** Declared type of each parameter used, variadic ones repeated. */
  readonly params: readonly number[];
  readonly order: readonly number[];
  readonly isVariadic: boolean;
}

/** All ways to apply `fn` to that many arguments. */
function makeCandidate<F extends Signature>(
  fn: F,
  count: number,
  options: ResolveOptions,
): Candidate<F> | null {
  const { variadic } = fn;
  if (options.isVariadicArray === true) {
    if (variadic === undefined || fn.args.length + 1 !== count) return null;
    const array =
      variadic === T.any
        ? T.anyarray
        : variadic === T.anyelement
          ? T.anyarray
          : variadic === T.anycompatible
            ? T.anycompatiblearray
            : (typeIn(fn, variadic).arrayType?.oid ?? T.anyarray);
    return { fn, params: [...fn.args, array], order: identity(count), isVariadic: true };
  }
  if (options.argNames?.some((name) => name !== null)) return namedCandidate(fn, count, options.argNames);
  if (variadic !== undefined) {
    const isOptional = variadic === T.any && fn.needsVariadic !== true;
    if (count < fn.args.length + (isOptional ? 0 : 1)) return null;
    const repeated = new Array<number>(count - fn.args.length).fill(variadic);
    return { fn, params: [...fn.args, ...repeated], order: identity(count), isVariadic: true };
  }
  const missing = fn.args.length - count;
  if (missing < 0 || missing > (fn.defaults?.length ?? 0)) return null;
  return {
    fn,
    params: fn.args,
    order: [...identity(count), ...new Array<number>(missing).fill(-1)],
    isVariadic: false,
  };
}

function namedCandidate<F extends Signature>(
  fn: F,
  count: number,
  names: readonly (string | null)[],
): Candidate<F> | null {
  const order = new Array<number>(fn.args.length).fill(-1);
  for (let i = 0; i < count; i++) {
    const name = names[i] ?? null;
    const at = name === null ? i : (fn.argNames?.indexOf(name) ?? -1);
    if (at < 0 || at >= order.length || order[at] !== -1) return null;
    order[at] = i;
  }
  const firstDefault = fn.args.length - (fn.defaults?.length ?? 0);
  return order.every((from, i) => from >= 0 || i >= firstDefault)
    ? { fn, params: fn.args, order, isVariadic: false }
    : null;
}

/** The defaults of the parameters that were left out, in parameter order; named calls may leave out any of them. */
function omittedDefaults(order: readonly number[], defaults: readonly unknown[]): unknown[] {
  const first = order.length - defaults.length;
  return order.flatMap((from, i) => (from < 0 ? [defaults[i - first]] : []));
}

function identity(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Argument types in parameter order, without those left to defaults. */
function givenTypes(candidate: Candidate<unknown>, args: readonly SqlType[]): SqlType[] {
  return candidate.order.filter((at) => at >= 0).map((at) => args[at]!);
}

function givenParams(candidate: Candidate<unknown>): number[] {
  return candidate.params.filter((_, i) => candidate.order[i]! >= 0);
}

function isExact(candidate: Candidate<unknown>, args: readonly SqlType[]): boolean {
  const types = givenTypes(candidate, args);
  return givenParams(candidate).every((oid, i) => oid === types[i]!.oid);
}

function isApplicable(candidate: Candidate<Signature>, args: readonly SqlType[]): boolean {
  const types = givenTypes(candidate, args);
  const params = givenParams(candidate);
  for (let i = 0; i < params.length; i++) {
    const oid = params[i]!;
    if (oid === types[i]!.oid || oid === T.any) continue;
    if (isPolymorphic(oid)) continue;
    if (!canBecome(types[i]!, oid, candidate.fn)) return false;
  }
  if (!params.some(isPolymorphic)) return true;
  try {
    return unify(params, T.bool, types, candidate.fn.typeOf) !== null;
  } catch (error) {
    // Nothing but unknown literals: applicable, and refused with its own message once chosen.
    if (error instanceof DecentDbError && error.code === '42804') return true;
    throw error;
  }
}

function canBecome(type: SqlType, oid: number, fn: Signature): boolean {
  if (plainTypes.has(type.oid) && oid < OIDS && oid !== T.record) return canPlainBecome(type.oid, oid);
  return canCoerce(type, typeIn(fn, oid), 'implicit');
}

/** Keeps the candidates with the highest score, if that is above zero. */
function keepBest<C>(candidates: readonly C[], score: (candidate: C) => number): readonly C[] {
  let best = 0;
  const scores = candidates.map((candidate) => {
    const value = score(candidate);
    if (value > best) best = value;
    return value;
  });
  return best === 0 ? candidates : candidates.filter((_, i) => scores[i] === best);
}

/** Step 3; null when still ambiguous. */
function selectCandidate<F extends Signature>(
  found: readonly Candidate<F>[],
  args: readonly SqlType[],
): Candidate<F> | null {
  let candidates = found;
  if (candidates.length === 1) return candidates[0]!;
  const inputs = (candidate: Candidate<F>): SqlType[] => givenTypes(candidate, args).map(domainBase);
  const matches = (candidate: Candidate<F>, alsoPreferred: boolean): number => {
    const types = inputs(candidate);
    let count = 0;
    givenParams(candidate).forEach((oid, i) => {
      const type = types[i]!;
      if (type.oid === T.unknown) return;
      if (oid === type.oid) count++;
      else if (alsoPreferred && !isPolymorphic(oid) && oid !== T.any) {
        const param = typeIn(candidate.fn, oid);
        if (param.isPreferred && param.category === type.category) count++;
      }
    });
    return count;
  };
  candidates = keepBest(candidates, (candidate) => matches(candidate, false));
  if (candidates.length === 1) return candidates[0]!;
  candidates = keepBest(candidates, (candidate) => matches(candidate, true));
  if (candidates.length === 1) return candidates[0]!;
  if (!args.some((type) => type.oid === T.unknown)) return null;
  candidates = byUnknownCategory(candidates, args);
  if (candidates.length === 1) return candidates[0]!;
  return byKnownType(candidates, args);
}

function categoryOf(fn: Signature, oid: number): string {
  return isPolymorphic(oid) || oid === T.any ? 'P' : typeIn(fn, oid).category;
}

/** Step 3, unknown literals: string if any candidate takes one there, else the category they all share. */
function byUnknownCategory<F extends Signature>(
  found: readonly Candidate<F>[],
  args: readonly SqlType[],
): readonly Candidate<F>[] {
  const slots = args.flatMap((type, i) => (type.oid === T.unknown ? [i] : []));
  const wanted = new Map<number, string>();
  for (const slot of slots) {
    const categories = new Set(
      found.map((candidate) => categoryOf(candidate.fn, candidate.params[candidate.order.indexOf(slot)]!)),
    );
    if (categories.has('S')) wanted.set(slot, 'S');
    else if (categories.size === 1) wanted.set(slot, [...categories][0]!);
    else return found;
  }
  const paramAt = (candidate: Candidate<F>, slot: number): number =>
    candidate.params[candidate.order.indexOf(slot)]!;
  const isPreferredAt = (candidate: Candidate<F>, slot: number): boolean => {
    const oid = paramAt(candidate, slot);
    return (
      !isPolymorphic(oid) &&
      oid !== T.any &&
      typeIn(candidate.fn, oid).isPreferred &&
      categoryOf(candidate.fn, oid) === wanted.get(slot)
    );
  };
  const hasPreferred = new Set(
    slots.filter((slot) => found.some((candidate) => isPreferredAt(candidate, slot))),
  );
  const kept = found.filter((candidate) =>
    slots.every(
      (slot) =>
        categoryOf(candidate.fn, paramAt(candidate, slot)) === wanted.get(slot) &&
        (!hasPreferred.has(slot) || isPreferredAt(candidate, slot)),
    ),
  );
  return kept.length === 0 ? found : kept;
}

/** Last resort: if all known arguments share a type, the unknown ones take it too. */
function byKnownType<F extends Signature>(
  found: readonly Candidate<F>[],
  args: readonly SqlType[],
): Candidate<F> | null {
  const known = args.filter((type) => type.oid !== T.unknown).map(domainBase);
  const first = known[0];
  if (first === undefined || known.some((type) => type.oid !== first.oid)) return null;
  const assumed = args.map(() => first);
  const kept = found.filter((candidate) => isApplicable(candidate, assumed));
  return kept.length === 1 ? kept[0]! : null;
}

type Outcome<F> =
  | { readonly chosen: Candidate<F> }
  | { readonly chosen: null; readonly isAmbiguous: boolean };

function choose<F extends Signature>(
  entries: readonly F[],
  args: readonly SqlType[],
  options: ResolveOptions,
): Outcome<F> {
  const all: Candidate<F>[] = [];
  for (const entry of entries) {
    const candidate = makeCandidate(entry, args.length, options);
    if (candidate !== null) all.push(candidate);
  }
  const exact =
    all.find((candidate) => !candidate.isVariadic && isExact(candidate, args)) ??
    all.find((candidate) => isExact(candidate, args));
  if (exact !== undefined) return { chosen: exact };
  let applicable = all.filter((candidate) => isApplicable(candidate, args));
  // A plain signature hides a variadic one with the same types.
  const plain = applicable.filter((candidate) => !candidate.isVariadic);
  if (plain.length > 0 && plain.length < applicable.length) {
    applicable = applicable.filter(
      (candidate) =>
        !candidate.isVariadic || !plain.some((other) => String(other.params) === String(candidate.params)),
    );
  }
  if (applicable.length === 0) return { chosen: null, isAmbiguous: false };
  const chosen = selectCandidate(applicable, args);
  return chosen === null ? { chosen: null, isAmbiguous: true } : { chosen };
}

interface Specializable {
  readonly specialize?: (argTypes: readonly SqlType[], resultType: SqlType) => unknown;
}

/** What functions were specialised to, by the types' oids: equal calls get the same entry, so expressions compare by identity. */
const specializations = new WeakMap<
  object,
  Map<string, { readonly types: readonly SqlType[]; readonly fn: unknown }>
>();

function specialized<F extends Specializable>(fn: F, args: readonly SqlType[], result: SqlType): F {
  if (fn.specialize === undefined) return fn;
  let known = specializations.get(fn);
  if (known === undefined) {
    known = new Map();
    specializations.set(fn, known);
  }
  const types = [...args, result];
  const key = types.map(({ oid }) => oid).join();
  const found = known.get(key);
  // A type made anew by DDL keeps its oid but is another object.
  if (found?.types.every((type, i) => type === types[i])) return found.fn as F;
  const made = (fn.specialize(args, result) as F | undefined) ?? fn;
  known.set(key, { types, fn: made });
  return made;
}

function finish<F extends Signature & Specializable>(
  candidate: Candidate<F>,
  args: readonly SqlType[],
  isVariadicArray = false,
): Resolved<F> {
  const { fn } = candidate;
  const types = givenTypes(candidate, args);
  const params = givenParams(candidate);
  const unified = unify(params, fn.returns ?? T.record, types, fn.typeOf);
  if (unified === null)
    throw new DecentDbError('42804', 'arguments declared as polymorphic types are not all alike');
  const argTypes = unified.args.map((type, i) =>
    params[i] === T.any && type.oid === T.unknown ? builtinType(T.text) : type,
  );
  // A VARIADIC array reaches the function as its elements, one by one.
  const last = argTypes[argTypes.length - 1];
  const seen =
    isVariadicArray && last?.elementType != null ? [...argTypes.slice(0, -1), last.elementType] : argTypes;
  const missing = candidate.order.filter((at) => at < 0).length;
  const defaults = fn.defaults ?? [];
  return {
    fn: specialized(fn, seen, unified.result),
    argTypes,
    resultType: unified.result,
    order: candidate.order,
    defaults: missing === 0 ? [] : omittedDefaults(candidate.order, defaults),
  };
}

function describeArgs(args: readonly SqlType[]): string {
  return args.map((type) => type.sqlName(-1)).join(', ');
}

function describeCall(name: string, args: readonly SqlType[], options: ResolveOptions): string {
  const shown = args.map((type, i) => {
    const argName = options.argNames?.[i];
    return (argName === null || argName === undefined ? '' : `${argName} => `) + type.sqlName(-1);
  });
  return `${name}(${shown.join(', ')})`;
}

function functionError(what: string, isAmbiguous: boolean): DecentDbError {
  if (isAmbiguous) {
    return new DecentDbError('42725', `function ${what} is not unique`, {
      hint: 'Could not choose a best candidate function. You might need to add explicit type casts.',
    });
  }
  return new DecentDbError('42883', `function ${what} does not exist`, {
    hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
  });
}

/** The scalar function a call means; throws 42883 / 42725. A type name with one argument is a cast, as in PostgreSQL. */
export function resolveFunction(
  name: string,
  args: readonly SqlType[],
  options: ResolveOptions = {},
): Resolved<ScalarFunction> {
  const resolved = tryResolveFunction(name, args, options);
  if (resolved === null) throw functionError(describeCall(name, args, options), false);
  return resolved;
}

/** As {@link resolveFunction}, but null when no signature fits; still throws 42725. */
export function tryResolveFunction(
  name: string,
  args: readonly SqlType[],
  options: ResolveOptions = {},
): Resolved<ScalarFunction> | null {
  // What a multirange's own function makes of one range, it does not make of a literal: that is one of the type named.
  const isLiteral = args.length === 1 && args[0]?.oid === T.unknown;
  if (isLiteral && options.isVariadicArray !== true && (typeByName(name)?.multirangeOf ?? null) !== null)
    return resolveCastCall(name, args);
  return resolveAmong(scalarsFor(name, args), name, args, options) ?? resolveCastCall(name, args);
}

/** Overload resolution among given entries (user-defined functions); null when none fits; throws 42725. */
export function resolveAmong<F extends Signature & Specializable>(
  entries: readonly F[],
  name: string,
  args: readonly SqlType[],
  options: ResolveOptions = {},
): Resolved<F> | null {
  const outcome = choose(entries, args, options);
  if (outcome.chosen !== null) return finish(outcome.chosen, args, options.isVariadicArray);
  if (outcome.isAmbiguous) throw functionError(describeCall(name, args, options), true);
  return null;
}

/** `int4(x)`, `text(x)`: a function named like a type, with one argument, is a cast. */
function resolveCastCall(name: string, args: readonly SqlType[]): Resolved<ScalarFunction> | null {
  const target = args.length === 1 ? typeByName(name) : undefined;
  const source = args[0];
  if (target === undefined || source === undefined || target.kind === 'pseudo') return null;
  const from = source.oid === T.unknown ? builtinType(T.text) : source;
  const path = findCast(from, target, 'explicit');
  if (path === null) return null;
  const fn: ScalarFunction = path.fn ?? {
    name,
    args: [from.oid],
    returns: target.oid,
    strict: true,
    volatility: 'immutable',
    eval: (_context, value) => value ?? null,
    description: `Converts to ${target.sqlName(-1)}.`,
  };
  return { fn, argTypes: [from], resultType: target, order: [0], defaults: [] };
}

/** The operator `left symbol right` (or prefix: `left` null); throws 42883 / 42725. */
export function resolveOperator(
  symbol: string,
  left: SqlType | null,
  right: SqlType,
): Resolved<ScalarFunction> {
  const resolved = tryResolveOperator(symbol, left, right);
  if (resolved !== null) return resolved;
  const what =
    left === null ? `${symbol} ${right.sqlName(-1)}` : `${left.sqlName(-1)} ${symbol} ${right.sqlName(-1)}`;
  throw new DecentDbError('42883', `operator does not exist: ${what}`, {
    hint:
      left === null
        ? 'No operator matches the given name and argument type. You might need to add an explicit type cast.'
        : 'No operator matches the given name and argument types. You might need to add explicit type casts.',
  });
}

/** As {@link resolveOperator}, but null when none fits; still throws 42725. */
export function tryResolveOperator(
  symbol: string,
  left: SqlType | null,
  right: SqlType,
): Resolved<ScalarFunction> | null {
  const name = symbol === '!=' ? '<>' : symbol;
  const args = left === null ? [right] : [left, right];
  const known =
    exactOperator(basicOperatorsNamed(name), args) ?? exactOperator(commonOperatorsNamed(name), args);
  if (known !== null) return finish(known, args);
  const entries = operatorsFor(name, args).filter((entry) => entry.args.length === args.length);
  const assumed = assumeOther(entries, args);
  if (assumed !== null) return finish(assumed, args);
  const outcome = choose(entries, args, {});
  if (outcome.chosen !== null) return finish(outcome.chosen, args);
  if (!outcome.isAmbiguous) return null;
  const what =
    left === null ? `${symbol} ${right.sqlName(-1)}` : `${left.sqlName(-1)} ${symbol} ${right.sqlName(-1)}`;
  throw new DecentDbError('42725', `operator is not unique: ${what}`, {
    hint: 'Could not choose a best candidate operator. You might need to add explicit type casts.',
  });
}

/** An exact match, which wins whatever else there is. */
function exactOperator(
  known: readonly ScalarFunction[],
  args: readonly SqlType[],
): Candidate<ScalarFunction> | null {
  const entries = known.filter((entry) => entry.args.length === args.length);
  const assumed = assumeOther(entries, args);
  if (assumed !== null) return assumed;
  const fn = entries.find((entry) => entry.args.every((oid, i) => oid === args[i]!.oid));
  return fn === undefined ? null : { fn, params: fn.args, order: identity(args.length), isVariadic: false };
}

/** An unknown operand has the other's type if that makes an exact match. */
function assumeOther(
  entries: readonly ScalarFunction[],
  args: readonly SqlType[],
): Candidate<ScalarFunction> | null {
  const [left, right] = args;
  if (left === undefined || right === undefined) return null;
  const isUnknown = left.oid === T.unknown || right.oid === T.unknown;
  if (!isUnknown || left.oid === right.oid) return null;
  const other = left.oid === T.unknown ? right : left;
  for (const oid of [other.oid, domainBase(other).oid]) {
    const fn = entries.find((entry) => entry.args[0] === oid && entry.args[1] === oid);
    if (fn !== undefined) return { fn, params: fn.args, order: [0, 1], isVariadic: false };
  }
  return null;
}

/** The aggregate a call means, direct arguments first for ordered-set ones; null when there is none; throws 42725. */
export function tryResolveAggregate(
  name: string,
  args: readonly SqlType[],
  options: ResolveOptions = {},
): Resolved<AggregateFunction> | null {
  return resolveAmong(aggregatesNamed(name), name, args, options);
}

/** As {@link tryResolveAggregate}, but throws 42883. */
export function resolveAggregate(
  name: string,
  args: readonly SqlType[],
  options: ResolveOptions = {},
): Resolved<AggregateFunction> {
  const resolved = tryResolveAggregate(name, args, options);
  if (resolved === null) throw functionError(`${name}(${describeArgs(args)})`, false);
  return resolved;
}

/** The window function a call means, or null. */
export function tryResolveWindowFunction(
  name: string,
  args: readonly SqlType[],
): Resolved<WindowFunction> | null {
  const entries = windowFunctionsNamed(name).map((fn) => ({
    ...fn,
    defaults: new Array<null>(fn.optionalArgs).fill(null),
  }));
  return resolveAmong(entries, name, args);
}

/** The set-returning function a call means, or null. */
export function tryResolveTableFunction(
  name: string,
  args: readonly SqlType[],
  options: ResolveOptions = {},
  own: readonly TableFunction[] = [],
): ResolvedTable | null {
  const known = own.length > 0 ? own : tableFunctionsNamed(name);
  const entries = known.map((fn) => ({ ...fn, returns: T.record as number }));
  const outcome = choose(entries, args, options);
  if (outcome.chosen === null) {
    if (outcome.isAmbiguous) throw functionError(describeCall(name, args, options), true);
    return null;
  }
  const { chosen } = outcome;
  const params = givenParams(chosen);
  const types = givenTypes(chosen, args);
  const columnTypes = chosen.fn.columns.map((column) => {
    const unified = unify(params, column.type, types);
    return unified === null ? builtinType(T.text) : unified.result;
  });
  return { ...finish(chosen, args, options.isVariadicArray), columnTypes };
}

export interface ResolvedTable extends Resolved<TableFunction> {
  /** Types of the result columns. */
  readonly columnTypes: readonly SqlType[];
}
