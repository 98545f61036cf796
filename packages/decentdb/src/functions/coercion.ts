/**
 * Which type can become which: implicit, assignment and explicit casts, and the common type of several expressions.
 *
 * Follows PostgreSQL's parse_coerce: the pg_cast table first, then arrays element by element, then conversion through text.
 */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import { domainBase, type SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { integerToBits } from './bit-strings.ts';
import { type CastContext, type CastEntry, casts } from './casts.ts';
import type { ScalarFunction } from './function.ts';
import { madeOnce } from './made-function.ts';
import { multirangeCast } from './multiranges.ts';
import { rarelyBecome, rarelyCast } from './plain-types.ts';
import { rareCasts } from './rare-casts.ts';
import { textVolatility } from './text-volatility.ts';

const STRENGTH: Readonly<Record<CastContext, number>> = { implicit: 0, assignment: 1, explicit: 2 };

const table = new Map<number, CastEntry>();
/** Oids of the system's types are below this; types of users have no entries. */
export const OIDS = 65536;
let isComplete = false;

function castBetween(source: number, target: number): CastEntry | undefined {
  if (table.size === 0) add(casts);
  if (!isComplete && hasRareCasts(source, target)) {
    isComplete = true;
    add(rareCasts());
  }
  return target < OIDS ? table.get(source * OIDS + target) : undefined;
}

/** Whether a cast between these two may be a rare one. */
function hasRareCasts(source: number, target: number): boolean {
  const ofSource = rarelyCast.get(source);
  const ofTarget = rarelyCast.get(target);
  if (ofSource === undefined) return ofTarget?.includes(source) === true;
  return ofTarget !== undefined || ofSource.includes(target);
}

/**
 * Whether a plain type can implicitly become another type of the system that is neither `any` nor polymorphic: what findCast says,
 * for which neither the other type nor casts of others are loaded.
 */
export function canPlainBecome(source: number, target: number): boolean {
  if (source === target) return true;
  if (rarelyCast.has(target)) return rarelyBecome.get(source)?.includes(target) === true;
  return castBetween(source, target)?.context === 'implicit';
}

function add(entries: readonly CastEntry[]): void {
  for (const entry of entries) table.set(entry.source * OIDS + entry.target, entry);
}

/** A way from one type to another. */
export interface CastPath {
  /** Function from source datum to target datum; null when the datum already serves (binary compatible). */
  readonly fn: ScalarFunction | null;
  /** Whether the conversion goes through the text form. */
  readonly isThroughText: boolean;
}

const SAME: CastPath = { fn: null, isThroughText: false };

/**
 * The cast from `source` to `target` allowed in `context`, or null. Domains convert from their base type; checks of a
 * target domain, and length or precision (typmodCast), are the caller's to add; `typmod` matters only to integers becoming
 * bit(n), which keep their low bits. An `unknown` literal is not a cast: read it
 * with the target's `input`.
 */
export function findCast(
  source: SqlType,
  target: SqlType,
  context: CastContext,
  typmod = -1,
): CastPath | null {
  if (source.oid === target.oid || target.oid === T.any) return SAME;
  const from = domainBase(source);
  const to = domainBase(target);
  if (from.oid === to.oid) return SAME;
  const entry = castBetween(from.oid, to.oid);
  if (entry !== undefined) {
    if (to.oid === T.bit && typmod > 0 && entry.fn !== null && context === 'explicit')
      return {
        fn: madeOnce([from], `bits ${typmod}`, () => integerToBits(from, typmod)),
        isThroughText: false,
      };
    return STRENGTH[entry.context] <= STRENGTH[context] ? { fn: entry.fn, isThroughText: false } : null;
  }
  if (from.elementType !== null && to.elementType !== null) return findArrayCast(from, to, context);
  if (to.oid === T.record && from.fields !== null) return SAME;
  if (from.oid === T.record && to.kind === 'composite') return findRowCast(from, to);
  if (to.multirangeOf !== null && to.multirangeOf.oid === from.oid && context === 'explicit')
    return { fn: remember(from, to, () => multirangeCast(to)), isThroughText: false };
  return findTextCast(from, to, context);
}

function findTextCast(from: SqlType, to: SqlType, context: CastContext): CastPath | null {
  if (
    from.kind === 'pseudo' &&
    from.oid !== T.unknown &&
    from.oid !== T.cstring &&
    from.oid !== T.record &&
    from.oid !== T.void
  )
    return null;
  if (to.kind === 'pseudo') return null;
  const isToText = to.category === 'S';
  const isFromText = from.category === 'S' || from.oid === T.unknown;
  const isAllowed = isToText ? context !== 'implicit' : isFromText && context === 'explicit';
  return isAllowed ? { fn: textCast(from, to), isThroughText: true } : null;
}

/**
 * What ROW(...) makes becomes a named row when each field can become the one there. By which casts is for the binder to say, who
 * sees whether a text was an untyped literal.
 */
function findRowCast(from: SqlType, to: SqlType): CastPath | null {
  if (from.fields === null || to.fields === null || from.fields.length !== to.fields.length) return null;
  const paths = from.fields.map(({ type }, i) => findCast(type, to.fields![i]!.type, 'explicit'));
  if (paths.includes(null)) return null;
  if (paths.every((path) => path!.fn === null)) return SAME;
  const fn = remember(from, to, () => ({
    name: to.name,
    args: [from.oid],
    returns: to.oid,
    strict: true,
    volatility: 'stable',
    eval: (context, value) => {
      const row = value as unknown as readonly Datum[];
      const cast = (item: Datum, i: number): Datum => paths[i]!.fn?.eval(context, item) ?? item;
      return row.map((item, i) => (item === null ? null : cast(item, i))) as unknown as Datum;
    },
    description: `Converts a row to ${to.name}.`,
  }));
  return { fn, isThroughText: false };
}

/** Array casts convert each element the way its type is cast. */
function findArrayCast(from: SqlType, to: SqlType, context: CastContext): CastPath | null {
  const element = findCast(from.elementType!, to.elementType!, context);
  if (element === null) return null;
  const convert = element.fn;
  if (convert === null) return SAME;
  return { fn: arrayCast(from, to, convert), isThroughText: false };
}

const made = new WeakMap<SqlType, WeakMap<SqlType, ScalarFunction>>();

function remember(from: SqlType, to: SqlType, make: () => ScalarFunction): ScalarFunction {
  let targets = made.get(from);
  if (targets === undefined) {
    targets = new WeakMap();
    made.set(from, targets);
  }
  let fn = targets.get(to);
  if (fn === undefined) {
    fn = make();
    targets.set(to, fn);
  }
  return fn;
}

function arrayCast(from: SqlType, to: SqlType, element: ScalarFunction): ScalarFunction {
  return remember(from, to, () => ({
    name: to.name,
    args: [from.oid],
    returns: to.oid,
    strict: true,
    volatility: element.volatility,
    eval: (context, value) => {
      const array = value as SqlArray;
      const items = array.elements.map((item) => (item === null ? null : element.eval(context, item)));
      return new SqlArray(items, array.lengths, array.lowerBounds);
    },
    description: `Converts ${from.name} to ${to.name}.`,
  }));
}

/** Conversion through the text form. */
export function textCast(from: SqlType, to: SqlType): ScalarFunction {
  return remember(from, to, () => ({
    name: to.name,
    args: [from.oid],
    returns: to.oid,
    strict: true,
    volatility:
      textVolatility(from, 'out') === 'immutable' && textVolatility(to, 'in') === 'immutable'
        ? 'immutable'
        : 'stable',
    eval: (context, value) =>
      to.input(from.output(value ?? null, context.typeSettings), -1, context.typeSettings),
    description: `Converts ${from.name} to ${to.name} through its text form.`,
  }));
}

/**
 * The function that enforces a length, precision or scale; null when `typmod` asks for nothing. `isExplicit` for written
 * casts, which cut where assignments throw.
 */
export function typmodCast(type: SqlType, typmod: number, isExplicit: boolean): ScalarFunction | null {
  if (typmod < 0) return null;
  return madeOnce([type], `fit ${typmod} ${isExplicit}`, () => ({
    name: type.name,
    args: [type.oid],
    returns: type.oid,
    strict: true,
    volatility: 'immutable',
    eval: (_context, value) => type.applyTypmod(value as Datum, typmod, isExplicit),
    description: `Fits a value to ${type.sqlName(typmod)}.`,
  }));
}

/** Whether a value of `source` may stand where `target` is expected. An unknown literal may become anything storable. */
export function canCoerce(source: SqlType, target: SqlType, context: CastContext): boolean {
  if (source.oid === T.unknown)
    return (
      target.kind !== 'pseudo' || target.oid === T.cstring || target.oid === T.any || target.oid === T.record
    );
  return findCast(source, target, context) !== null;
}

/** The common type by PostgreSQL's rules for UNION and CASE, or null when there is none. */
export function commonTypeOrNull(types: readonly SqlType[]): SqlType | null {
  let chosen: SqlType | null = null;
  for (const given of types) {
    if (given.oid === T.unknown) continue;
    if (chosen === null) {
      chosen = given;
      continue;
    }
    if (given.oid === chosen.oid) continue;
    const type = domainBase(given);
    const current: SqlType = domainBase(chosen);
    if (type.oid === current.oid) {
      chosen = current;
      continue;
    }
    if (type.category !== current.category) return null;
    if (!current.isPreferred && canCoerce(current, type, 'implicit') && !canCoerce(type, current, 'implicit'))
      chosen = type;
    else chosen = current;
  }
  if (chosen === null) return builtinType(T.text);
  for (const type of types) if (!canCoerce(type, chosen, 'implicit')) return null;
  return chosen;
}

/**
 * The common type of `types`; `context` ('UNION', 'CASE', 'COALESCE', 'ARRAY', 'VALUES', ...) words the error 42804.
 * All unknown gives text.
 */
export function selectCommonType(types: readonly SqlType[], context: string): SqlType {
  const chosen = commonTypeOrNull(types);
  if (chosen !== null) return chosen;
  const known = types.filter((type) => type.oid !== T.unknown);
  const first = known[0]!;
  const other = known.find((type) => domainBase(type).category !== domainBase(first).category);
  if (other !== undefined) {
    throw new DecentDbError(
      '42804',
      `${context} types ${first.sqlName(-1)} and ${other.sqlName(-1)} cannot be matched`,
    );
  }
  const target = known.reduce((best, type) =>
    !best.isPreferred && canCoerce(best, type, 'implicit') ? type : best,
  );
  const stuck = known.find((type) => !canCoerce(type, target, 'implicit')) ?? first;
  throw new DecentDbError(
    '42846',
    `${context} could not convert type ${stuck.sqlName(-1)} to ${target.sqlName(-1)}`,
  );
}

/** Every entry of the cast table, for pg_cast. */
export function castEntries(): readonly CastEntry[] {
  return [...casts, ...rareCasts()];
}
