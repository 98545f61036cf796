/**
 * The comparison operators of every type.
 *
 * I1  For each pair of types: = <> < <= > >=, with `btree`, `negator` and `commutator` filled in, and all six agreeing with the type's `compare`.
 * I2  Comparisons of timestamps with dates or across zones convert in the session's zone (stable); all others are immutable.
 * I3  Operators are made when their symbol is first asked for, once: all of them are three hundred, and a process starts without them.
 */
import { DecentDbError } from '../base/errors.ts';
import {
  DATE_INFINITY,
  DATE_NEGATIVE_INFINITY,
  isFiniteTimestamp,
  joinTimestamp,
  TIMESTAMP_INFINITY,
  TIMESTAMP_NEGATIVE_INFINITY,
} from '../types/calendar.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import { domainBase, type SqlType, type TypeField } from '../types/sql-type.ts';
import { compareText } from '../types/text-order.ts';
import { instantFromLocal, timeZone } from '../types/time-zone.ts';
import type { Datum } from '../types/vector.ts';
import { op } from './define.ts';
import type { EvalContext, InlineTemplate, OperatorInfo, ScalarFunction, Volatility } from './function.ts';
import { inlineHelpers as h } from './inline-kernel.ts';

type Symbol6 = '=' | '<>' | '<' | '<=' | '>' | '>=';
type Test = (context: EvalContext, a: never, b: never) => boolean;

const INFO: Readonly<Record<Symbol6, Omit<OperatorInfo, 'symbol'>>> = {
  '=': { btree: '=', negator: '<>', commutator: '=' },
  '<>': { negator: '=', commutator: '<>' },
  '<': { btree: '<', negator: '>=', commutator: '>' },
  '<=': { btree: '<=', negator: '>', commutator: '>=' },
  '>': { btree: '>', negator: '<=', commutator: '<' },
  '>=': { btree: '>=', negator: '<', commutator: '<=' },
};
const WORDS: Readonly<Record<Symbol6, string>> = {
  '=': 'Equal.',
  '<>': 'Not equal.',
  '<': 'Less than.',
  '<=': 'Less than or equal.',
  '>': 'Greater than.',
  '>=': 'Greater than or equal.',
};
const SYMBOLS: readonly Symbol6[] = ['=', '<>', '<', '<=', '>', '>='];

/** How values of two types compare: what the six operators between them are made of. */
interface Pair {
  readonly left: number;
  readonly right: number;
  readonly tests: Readonly<Record<Symbol6, Test>>;
  readonly inline: ((symbol: Symbol6) => InlineTemplate) | null;
  readonly options: PairOptions;
}

interface PairOptions {
  readonly volatility?: Volatility;
  readonly specialize?: (symbol: Symbol6) => NonNullable<ScalarFunction['specialize']>;
}

function pair(
  left: number,
  right: number,
  tests: Pair['tests'],
  inline: Pair['inline'],
  options: PairOptions = {},
): Pair {
  return { left, right, tests, inline, options };
}

function operatorOf({ left, right, tests, inline, options }: Pair, symbol: Symbol6): ScalarFunction {
  return op(symbol, [left, right], T.bool, tests[symbol] as ScalarFunction['eval'], WORDS[symbol], null, {
    info: INFO[symbol],
    ...(inline === null ? {} : { inline: inline(symbol) }),
    ...(options.volatility === undefined ? {} : { volatility: options.volatility }),
    ...(options.specialize === undefined ? {} : { specialize: options.specialize(symbol) }),
  });
}

/** Datums that JavaScript compares as SQL does: integers, timestamps, booleans, uuids. */
const primitive: Readonly<Record<Symbol6, Test>> = {
  '=': (_, a: number, b: number) => a === b,
  '<>': (_, a: number, b: number) => a !== b,
  '<': (_, a: number, b: number) => a < b,
  '<=': (_, a: number, b: number) => a <= b,
  '>': (_, a: number, b: number) => a > b,
  '>=': (_, a: number, b: number) => a >= b,
};
const JS: Readonly<Record<Symbol6, string>> = {
  '=': '===',
  '<>': '!==',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const primitiveInline =
  (symbol: Symbol6): InlineTemplate =>
  (a, b) =>
    `(${a}${JS[symbol]}${b})`;

const float: Readonly<Record<Symbol6, Test>> = {
  '=': (_, a: number, b: number) => h.eqFloat(a, b),
  '<>': (_, a: number, b: number) => !h.eqFloat(a, b),
  '<': (_, a: number, b: number) => h.ltFloat(a, b),
  '<=': (_, a: number, b: number) => h.leFloat(a, b),
  '>': (_, a: number, b: number) => h.ltFloat(b, a),
  '>=': (_, a: number, b: number) => h.leFloat(b, a),
};
const floatInline = (symbol: Symbol6): InlineTemplate => {
  const calls: Readonly<Record<Symbol6, InlineTemplate>> = {
    '=': (a, b) => `h.eqFloat(${a},${b})`,
    '<>': (a, b) => `(!h.eqFloat(${a},${b}))`,
    '<': (a, b) => `h.ltFloat(${a},${b})`,
    '<=': (a, b) => `h.leFloat(${a},${b})`,
    '>': (a, b) => `(!h.leFloat(${a},${b}))`,
    '>=': (a, b) => `(!h.ltFloat(${a},${b}))`,
  };
  return calls[symbol];
};

const text: Readonly<Record<Symbol6, Test>> = {
  '=': (_, a: string, b: string) => a === b,
  '<>': (_, a: string, b: string) => a !== b,
  '<': (_, a: string, b: string) => compareText(a, b) < 0,
  '<=': (_, a: string, b: string) => compareText(a, b) <= 0,
  '>': (_, a: string, b: string) => compareText(a, b) > 0,
  '>=': (_, a: string, b: string) => compareText(a, b) >= 0,
};
const textInline = (symbol: Symbol6): InlineTemplate => {
  const calls: Readonly<Record<Symbol6, InlineTemplate>> = {
    '=': (a, b) => `(${a}===${b})`,
    '<>': (a, b) => `(${a}!==${b})`,
    '<': (a, b) => `h.ltText(${a},${b})`,
    '<=': (a, b) => `h.leText(${a},${b})`,
    '>': (a, b) => `(!h.leText(${a},${b}))`,
    '>=': (a, b) => `(!h.ltText(${a},${b}))`,
  };
  return calls[symbol];
};

/** The six tests of a type with a `compare` of its own. */
function byCompare(type: Pick<SqlType, 'compare' | 'equals'>): Readonly<Record<Symbol6, Test>> {
  const { compare, equals } = type;
  return {
    '=': (_, a: Datum, b: Datum) => equals(a, b),
    '<>': (_, a: Datum, b: Datum) => !equals(a, b),
    '<': (_, a: Datum, b: Datum) => compare(a, b) < 0,
    '<=': (_, a: Datum, b: Datum) => compare(a, b) <= 0,
    '>': (_, a: Datum, b: Datum) => compare(a, b) > 0,
    '>=': (_, a: Datum, b: Datum) => compare(a, b) >= 0,
  };
}

/** The order of a built-in type, which is made when two of its values are first compared: few programs use all of them. */
function orderOf(oid: number): Pick<SqlType, 'compare' | 'equals'> {
  let known: SqlType | null = null;
  const type = (): SqlType => (known ??= builtinType(oid));
  return { compare: (a, b) => type().compare(a, b), equals: (a, b) => type().equals(a, b) };
}

/** The six tests over values converted to something JavaScript compares. */
function converted(
  left: (context: EvalContext, value: never) => number | bigint,
  right: (context: EvalContext, value: never) => number | bigint,
): Readonly<Record<Symbol6, Test>> {
  return {
    '=': (c, a, b) => left(c, a) === right(c, b),
    '<>': (c, a, b) => left(c, a) !== right(c, b),
    '<': (c, a, b) => left(c, a) < right(c, b),
    '<=': (c, a, b) => left(c, a) <= right(c, b),
    '>': (c, a, b) => left(c, a) > right(c, b),
    '>=': (c, a, b) => left(c, a) >= right(c, b),
  };
}

/** Midnight of a date; infinities stay infinite. Unchecked: beyond timestamps' range it still orders rightly. */
export function timestampOfDate(days: number): number | bigint {
  if (days === DATE_INFINITY) return TIMESTAMP_INFINITY;
  return days === DATE_NEGATIVE_INFINITY ? TIMESTAMP_NEGATIVE_INFINITY : joinTimestamp(days, 0);
}

/** The instant of a civil timestamp in the session's zone; infinities stay. */
export function instantInSession(context: EvalContext, local: number | bigint): number | bigint {
  return isFiniteTimestamp(local) ? instantFromLocal(local, timeZone(context.typeSettings.timeZone)) : local;
}

const same = (_: EvalContext, value: number | bigint): number | bigint => value;
/** A date beyond the range of timestamps comes after all of them, but before infinity. */
const LAST = TIMESTAMP_INFINITY - 1n;
const ofDate = (_: EvalContext, days: number): number | bigint => {
  const value = timestampOfDate(days);
  return value > LAST && days !== DATE_INFINITY ? LAST : value;
};
const dateInstant = (c: EvalContext, days: number): number | bigint => {
  const value = ofDate(c, days);
  return value === LAST ? LAST : instantInSession(c, value);
};

function mixedTimes(): Pair[] {
  const stable = { volatility: 'stable' } as const;
  return [
    pair(T.date, T.timestamp, converted(ofDate, same), null),
    pair(T.timestamp, T.date, converted(same, ofDate), null),
    pair(T.date, T.timestamptz, converted(dateInstant, same), null, stable),
    pair(T.timestamptz, T.date, converted(same, dateInstant), null, stable),
    pair(T.timestamp, T.timestamptz, converted(instantInSession, same), null, stable),
    pair(T.timestamptz, T.timestamp, converted(same, instantInSession), null, stable),
  ];
}

/** Rows of other shapes: they differ where a field before the first unlike one does; null for rows of one shape. */
function unlikeRows(left: SqlType, right: SqlType): Readonly<Record<Symbol6, Test>> | null {
  const a = left.fields;
  const b = right.fields;
  if (a === null || b === null || left === right) return null;
  const oids = (fields: readonly TypeField[]): string => fields.map(({ type }) => type.oid).join();
  if (oids(a) === oids(b)) return null;
  const order = (x: readonly Datum[], y: readonly Datum[]): number => {
    for (const [i, { type }] of a.slice(0, b.length).entries()) {
      const other = b[i]!.type;
      if (type.oid !== other.oid)
        throw new DecentDbError(
          '42804',
          `cannot compare dissimilar column types ${type.sqlName(-1)} and ${other.sqlName(-1)} at record column ${i + 1}`,
        );
      const found = compareNullable(type, x[i] ?? null, y[i] ?? null);
      if (found !== 0) return found;
    }
    throw new DecentDbError('42804', 'cannot compare record types with different numbers of columns');
  };
  return byCompare({
    compare: (x: Datum, y: Datum) => order(x as never, y as never),
    equals: (x: Datum, y: Datum) => order(x as never, y as never) === 0,
  });
}

/** NULL comes after everything, as in rows it does. */
function compareNullable(type: SqlType, x: Datum, y: Datum): number {
  if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
  return type.compare(x, y);
}

/** 42883 for what has no equality, which is asked of the elements of an array. */
export function requireElementEquality(element: SqlType | null): void {
  if (element !== null && domainBase(element).oid === T.json)
    throw new DecentDbError(
      '42883',
      `could not identify an equality operator for type ${element.sqlName(-1)}`,
    );
}

/** Operators on polymorphic types take their order from the actual type when specialised. */
function polymorphic(pseudo: number): Pair {
  const unresolved: Test = () => {
    throw new TypeError('a polymorphic comparison was called before it was specialised');
  };
  const tests = Object.fromEntries(SYMBOLS.map((symbol) => [symbol, unresolved])) as Record<Symbol6, Test>;
  return pair(pseudo, pseudo, tests, null, {
    specialize: (symbol) => (argTypes) => {
      const type = argTypes[0]!;
      requireElementEquality(type.elementType);
      const tests = unlikeRows(type, argTypes[1] ?? type) ?? byCompare(type);
      const test = tests[symbol] as ScalarFunction['eval'];
      return op(symbol, [type.oid, type.oid], T.bool, test, WORDS[symbol], null, { info: INFO[symbol] });
    },
  });
}

const INTEGERS = [T.int4, T.int8, T.int2];
const PRIMITIVES = [T.bool, T.date, T.time, T.timestamp, T.timestamptz, T.uuid];
const TEXTS = [T.text, T.name, T.char];
/** Hexadecimal of fixed width, whose order as text is their order. */
const HEXES = [T.macaddr, T.macaddr8, T.pgLsn, T.xid8, T.tid];
const OBJECTS = [T.inet, T.bpchar, T.numeric, T.bytea, T.timetz, T.interval, T.jsonb, T.tsvector, T.tsquery];

function allPairs(): readonly Pair[] {
  return [
    ...INTEGERS.flatMap((left) => INTEGERS.map((right) => pair(left, right, primitive, primitiveInline))),
    ...PRIMITIVES.map((type) => pair(type, type, primitive, primitiveInline)),
    ...TEXTS.map((type) => pair(type, type, text, textInline)),
    ...[T.float8, T.float4].flatMap((left) =>
      [T.float8, T.float4].map((right) => pair(left, right, float, floatInline)),
    ),
    ...HEXES.map((type) => pair(type, type, primitive, primitiveInline)),
    ...OBJECTS.map((type) => pair(type, type, byCompare(orderOf(type)), null)),
    ...mixedTimes(),
    ...[T.anyarray, T.anyenum, T.anyrange, T.anymultirange, T.record].map(polymorphic),
  ];
}

let pairs: readonly Pair[] | null = null;
const bySymbol = new Map<string, readonly ScalarFunction[]>();

/** The comparisons of one symbol, pair by pair (I3). */
export function comparisonsNamed(symbol: string): readonly ScalarFunction[] {
  let known = bySymbol.get(symbol);
  if (known === undefined) {
    const own = SYMBOLS.find((one) => one === symbol);
    if (own === undefined) return [];
    pairs ??= allPairs();
    known = pairs.map((one) => operatorOf(one, own));
    bySymbol.set(symbol, known);
  }
  return known;
}

/** All of them, the six of a pair after each other. */
export function comparisonOperators(): readonly ScalarFunction[] {
  const columns = SYMBOLS.map(comparisonsNamed);
  return (columns[0] ?? []).flatMap((_, i) => columns.map((column) => column[i] as ScalarFunction));
}
