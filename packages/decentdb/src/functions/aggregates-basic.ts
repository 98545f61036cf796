/**
 * count, sum, avg, min, max.
 *
 * I1  Sums are exact: integers leave the number range for bigint, numerics are Decimals; only floats round.
 * I2  `merge` and `inverse` undo nothing that `step` did not do: a state is a plain record of counts and sums.
 */
import { Decimal } from '../types/decimal.ts';
import { Interval } from '../types/interval.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { AggregateFunction, EvalContext } from './function.ts';
import { checkInt8, inlineHelpers as h } from './inline-kernel.ts';

type Example = readonly [sql: string, result: string];

interface CountState {
  count: number;
}

const countBase = {
  kind: 'aggregate',
  name: 'count',
  returns: T.int8,
  init: (): CountState => ({ count: 0 }),
  step: (state: CountState): void => {
    state.count++;
  },
  final: (state: CountState): Datum => state.count,
  merge: (into: CountState, from: CountState): void => {
    into.count += from.count;
  },
  inverse: (state: CountState): void => {
    state.count--;
  },
} as const;

const counts: readonly AggregateFunction[] = [
  {
    ...countBase,
    args: [],
    strict: false,
    vectorized: 'countStar',
    description: 'Number of rows.',
    example: ['count(*) over 3 rows', '3'],
  },
  {
    ...countBase,
    args: [T.any],
    strict: true,
    vectorized: 'count',
    description: 'Number of rows whose value is not NULL.',
  },
];

/** Exact integer sum: a safe number, and a bigint for what overflowed it. */
interface IntegerState {
  count: number;
  small: number;
  large: bigint;
}

function addInteger(state: IntegerState, value: number | bigint, direction: 1 | -1): void {
  state.count += direction;
  if (typeof value === 'number') {
    const sum = direction === 1 ? state.small + value : state.small - value;
    if (Number.isSafeInteger(sum)) {
      state.small = sum;
      return;
    }
  }
  state.large += BigInt(state.small) + (direction === 1 ? BigInt(value) : -BigInt(value));
  state.small = 0;
}

function integerTotal(state: IntegerState): number | bigint {
  return state.large === 0n ? state.small : state.large + BigInt(state.small);
}

const integerBase = {
  kind: 'aggregate',
  strict: true,
  init: (): IntegerState => ({ count: 0, small: 0, large: 0n }),
  step: (state: IntegerState, _context: EvalContext, value: number | bigint): void =>
    addInteger(state, value, 1),
  inverse: (state: IntegerState, _context: EvalContext, value: number | bigint): void =>
    addInteger(state, value, -1),
  merge: (into: IntegerState, from: IntegerState): void => {
    into.count += from.count;
    into.large += from.large + BigInt(into.small) + BigInt(from.small);
    into.small = 0;
  },
} as const;

function integerSum(arg: number, returns: number, example?: Example): AggregateFunction {
  const final = (state: IntegerState): Datum => {
    if (state.count === 0) return null;
    const total = integerTotal(state);
    return returns === T.numeric ? Decimal.of(total, 0) : checkInt8(BigInt(total));
  };
  return {
    ...integerBase,
    name: 'sum',
    args: [arg],
    returns,
    final,
    vectorized: 'sum',
    description: 'Sum.',
    ...(example ? { example } : {}),
  };
}

/** Adds up what sums or counts of parts came to: integers again, where `sum(bigint)` gives numerics. */
export const sumOfSums: AggregateFunction = integerSum(T.int8, T.int8);

function integerAverage(arg: number, example?: Example): AggregateFunction {
  const final = (state: IntegerState): Datum =>
    state.count === 0 ? null : Decimal.of(integerTotal(state), 0).divide(Decimal.fromInteger(state.count));
  return {
    ...integerBase,
    name: 'avg',
    args: [arg],
    returns: T.numeric,
    final,
    vectorized: 'avg',
    description: 'Arithmetic mean.',
    ...(example ? { example } : {}),
  };
}

/** Finite values are summed; specials are counted, so that they can leave a moving frame again. */
interface DecimalState {
  count: number;
  sum: Decimal;
  /** The largest scale added, which is the sum's, and by how many values. */
  scaleMax: number;
  scaleMaxCount: number;
  nans: number;
  positives: number;
  negatives: number;
}

function addDecimal(state: DecimalState, value: Decimal, direction: 1 | -1): void {
  state.count += direction;
  if (value.isFinite) state.sum = direction === 1 ? state.sum.add(value) : state.sum.subtract(value);
  else if (value.isNaN) state.nans += direction;
  else if (value.sign > 0) state.positives += direction;
  else state.negatives += direction;
}

function countScale(state: DecimalState, scale: number): void {
  if (scale === state.scaleMax) state.scaleMaxCount++;
  else if (scale > state.scaleMax) {
    state.scaleMax = scale;
    state.scaleMaxCount = 1;
  }
}

/** The last value of the largest scale cannot leave: what the next largest is, is not known. */
function removeDecimal(state: DecimalState, value: Decimal): boolean {
  if (value.isFinite && value.scale === state.scaleMax && state.scaleMax > 0 && --state.scaleMaxCount === 0)
    return false;
  addDecimal(state, value, -1);
  return true;
}

function decimalTotal(state: DecimalState): Decimal {
  if (state.nans > 0 || (state.positives > 0 && state.negatives > 0)) return Decimal.nan;
  if (state.positives > 0) return Decimal.infinity;
  return state.negatives > 0 ? Decimal.negativeInfinity : state.sum;
}

const decimalBase = {
  kind: 'aggregate',
  args: [T.numeric],
  returns: T.numeric,
  strict: true,
  init: (): DecimalState => ({
    count: 0,
    sum: Decimal.zero,
    scaleMax: 0,
    scaleMaxCount: 0,
    nans: 0,
    positives: 0,
    negatives: 0,
  }),
  step: (state: DecimalState, _context: EvalContext, value: Decimal): void => {
    addDecimal(state, value, 1);
    if (value.isFinite) countScale(state, value.scale);
  },
  inverse: (state: DecimalState, _context: EvalContext, value: Decimal): boolean =>
    removeDecimal(state, value),
  merge: (into: DecimalState, from: DecimalState): void => {
    into.count += from.count;
    if (from.scaleMax === into.scaleMax) into.scaleMaxCount += from.scaleMaxCount;
    else if (from.scaleMax > into.scaleMax) {
      into.scaleMax = from.scaleMax;
      into.scaleMaxCount = from.scaleMaxCount;
    }
    into.sum = into.sum.add(from.sum);
    into.nans += from.nans;
    into.positives += from.positives;
    into.negatives += from.negatives;
  },
} as const;

interface FloatState {
  count: number;
  sum: number;
}

function floatBase(
  isSingle: boolean,
): Pick<AggregateFunction, 'init' | 'step' | 'merge' | 'strict' | 'kind'> {
  const add = isSingle ? (a: number, b: number) => h.toFloat4(h.addFloat(a, b)) : h.addFloat;
  return {
    kind: 'aggregate',
    strict: true,
    init: (): FloatState => ({ count: 0, sum: 0 }),
    step: (state: FloatState, _context: EvalContext, value: number): void => {
      state.count++;
      state.sum = add(state.sum, value);
    },
    merge: (into: FloatState, from: FloatState): void => {
      into.count += from.count;
      into.sum = add(into.sum, from.sum);
    },
  };
}

const floatSum = (state: FloatState): Datum => (state.count === 0 ? null : state.sum);
const floatAverage = (state: FloatState): Datum => (state.count === 0 ? null : state.sum / state.count);

interface IntervalState {
  count: number;
  sum: Interval;
}

const intervalBase = {
  kind: 'aggregate',
  args: [T.interval],
  returns: T.interval,
  strict: true,
  init: (): IntervalState => ({ count: 0, sum: Interval.zero }),
  step: (state: IntervalState, _context: EvalContext, value: Interval): void => {
    state.count++;
    state.sum = state.sum.add(value);
  },
  merge: (into: IntervalState, from: IntervalState): void => {
    into.count += from.count;
    into.sum = into.sum.add(from.sum);
  },
} as const;

const sums: readonly AggregateFunction[] = [
  integerSum(T.int4, T.int8, ['sum(x) over 1, 2, 3', '6']),
  integerSum(T.int2, T.int8),
  integerSum(T.int8, T.numeric),
  {
    ...decimalBase,
    name: 'sum',
    final: (state: DecimalState) => (state.count === 0 ? null : decimalTotal(state)),
    vectorized: 'sum',
    description: 'Sum.',
  },
  {
    ...floatBase(false),
    name: 'sum',
    args: [T.float8],
    returns: T.float8,
    final: floatSum,
    vectorized: 'sum',
    description: 'Sum.',
  },
  {
    ...floatBase(true),
    name: 'sum',
    args: [T.float4],
    returns: T.float4,
    final: floatSum,
    vectorized: 'sum',
    description: 'Sum.',
  },
  {
    ...intervalBase,
    name: 'sum',
    final: (state: IntervalState) => (state.count === 0 ? null : state.sum),
    description: 'Sum.',
  },
];

interface AmountState {
  sum: bigint | null;
}

/** Sum of money, which is an amount again. */
const amountSum: AggregateFunction = {
  kind: 'aggregate',
  name: 'sum',
  args: [T.money],
  returns: T.money,
  strict: true,
  init: (): AmountState => ({ sum: null }),
  step: (state: AmountState, _context: EvalContext, value: Datum): void => {
    state.sum = (state.sum ?? 0n) + BigInt(value as number | bigint);
  },
  final: (state: AmountState): Datum => (state.sum === null ? null : checkInt8(state.sum)),
  merge: (into: AmountState, from: AmountState): void => {
    if (from.sum !== null) into.sum = (into.sum ?? 0n) + from.sum;
  },
  description: 'Sum.',
};

const averages: readonly AggregateFunction[] = [
  integerAverage(T.int4, ['avg(x) over 1, 2', '1.5000000000000000']),
  integerAverage(T.int2),
  integerAverage(T.int8),
  {
    ...decimalBase,
    name: 'avg',
    final: (state: DecimalState) =>
      state.count === 0 ? null : decimalTotal(state).divide(Decimal.fromInteger(state.count)),
    vectorized: 'avg',
    description: 'Arithmetic mean.',
  },
  {
    ...floatBase(false),
    name: 'avg',
    args: [T.float8],
    returns: T.float8,
    final: floatAverage,
    vectorized: 'avg',
    description: 'Arithmetic mean.',
  },
  {
    ...floatBase(false),
    name: 'avg',
    args: [T.float4],
    returns: T.float8,
    final: floatAverage,
    vectorized: 'avg',
    description: 'Arithmetic mean.',
  },
  {
    ...intervalBase,
    name: 'avg',
    final: (state: IntervalState) => (state.count === 0 ? null : state.sum.divide(state.count)),
    description: 'Arithmetic mean.',
  },
];

interface ExtremeState {
  value: Datum;
}

/** min or max of a type, by its order. */
function extreme(name: 'min' | 'max', arg: number, type: SqlType, example?: Example): AggregateFunction {
  const sign = name === 'min' ? -1 : 1;
  const { compare } = type;
  // Of equal values that are written otherwise (1.5 and 1.50) the last stays; of blank-padded ones the first.
  const least = type.oid === T.bpchar ? 1 : 0;
  const keep = (state: ExtremeState, value: Datum): void => {
    if (value !== null && (state.value === null || compare(value, state.value) * sign >= least))
      state.value = value;
  };
  return {
    kind: 'aggregate',
    name,
    args: [arg],
    returns: arg,
    strict: true,
    init: (): ExtremeState => ({ value: null }),
    step: (state: ExtremeState, _context: EvalContext, value: Datum): void => keep(state, value),
    final: (state: ExtremeState): Datum => state.value,
    merge: (into: ExtremeState, from: ExtremeState): void => keep(into, from.value),
    vectorized: name,
    description: name === 'min' ? 'Smallest value.' : 'Largest value.',
    ...(example ? { example } : {}),
  };
}

const ORDERED = [
  T.int4,
  T.int2,
  T.int8,
  T.float8,
  T.float4,
  T.numeric,
  T.text,
  T.bpchar,
  T.date,
  T.time,
  T.timetz,
  T.timestamp,
  T.timestamptz,
  T.interval,
  T.bytea,
  T.money,
  T.oid,
  T.inet,
  T.pgLsn,
  T.xid8,
  T.tid,
];
/** Types that few programs use: one is loaded when values of it are compared. */
const RARE: ReadonlySet<number> = new Set([T.money, T.inet, T.pgLsn, T.xid8, T.tid]);

function extremes(name: 'min' | 'max'): AggregateFunction[] {
  const example: Example = [`${name}(x) over 3, 1, 2`, name === 'min' ? '1' : '3'];
  const ofType = (oid: number): AggregateFunction => ({
    ...extreme(name, oid, builtinType(T.text)),
    specialize: ([type]) => extreme(name, type!.oid, type!),
  });
  return [
    ...ORDERED.map((oid, i) =>
      RARE.has(oid) ? ofType(oid) : extreme(name, oid, builtinType(oid), i === 0 ? example : undefined),
    ),
    ...[T.anyarray, T.anyenum, T.record].map(ofType),
  ];
}

export const basicAggregates: readonly AggregateFunction[] = [
  amountSum,
  ...counts,
  ...sums,
  ...averages,
  ...extremes('min'),
  ...extremes('max'),
];
