/**
 * Ordered-set aggregates (mode, percentiles) and hypothetical-set aggregates (rank of a row that is not there).
 *
 * I1  `step` gets the sort values of each row, rows in order; `final` gets the direct arguments.
 */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import type { Interval } from '../types/interval.ts';
import { Oid as T } from '../types/oids.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { AggregateFunction, EvalContext, OrderedKey } from './function.ts';

interface Sorted {
  readonly values: Datum[];
}

const base = {
  kind: 'aggregate',
  strict: true,
  keepsArguments: true,
  init: (): Sorted => ({ values: [] }),
  step: (state: Sorted, _c: EvalContext, value: Datum): void => {
    state.values.push(value);
  },
} as const;

function checkFraction(fraction: number): number {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new DecentDbError('22003', `percentile value ${fraction} is not between 0 and 1`);
  }
  return fraction;
}

function discrete(values: readonly Datum[], fraction: number): Datum {
  checkFraction(fraction);
  if (values.length === 0) return null;
  return values[Math.max(Math.ceil(fraction * values.length) - 1, 0)] ?? null;
}

type Interpolate = (low: never, high: never, share: number) => Datum;

function continuous(values: readonly Datum[], fraction: number, between: Interpolate): Datum {
  checkFraction(fraction);
  if (values.length === 0) return null;
  const at = fraction * (values.length - 1);
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return low === high
    ? (values[low] ?? null)
    : between(values[low] as never, values[high] as never, at - low);
}

/** The same for an array of fractions. */
function forEach(fractions: Datum, compute: (fraction: number) => Datum): Datum {
  if (fractions === null) return null;
  const array = fractions as SqlArray;
  return new SqlArray(
    array.elements.map((fraction) => (fraction === null ? null : compute(fraction as number))),
    array.lengths,
    array.lowerBounds,
  );
}

const betweenFloats: Interpolate = (low: number, high: number, share) => low + share * (high - low);
const betweenIntervals: Interpolate = (low: Interval, high: Interval, share) =>
  low.add(high.subtract(low).multiply(share));

const percentiles: readonly AggregateFunction[] = [
  {
    ...base,
    name: 'percentile_disc',
    args: [T.float8, T.anyelement],
    returns: T.anyelement,
    orderedSet: { hypothetical: false, directArgs: [T.float8] },
    final: (state: Sorted, _c: EvalContext, fraction: Datum) =>
      fraction === null ? null : discrete(state.values, fraction as number),
    description: 'First value whose share of the order reaches a fraction.',
  },
  {
    ...base,
    name: 'percentile_disc',
    args: [T.float8Array, T.anyelement],
    returns: T.anyarray,
    orderedSet: { hypothetical: false, directArgs: [T.float8Array] },
    final: (state: Sorted, _c: EvalContext, fractions: Datum) =>
      state.values.length === 0 ? null : forEach(fractions, (fraction) => discrete(state.values, fraction)),
    description: 'First values whose share of the order reaches each fraction.',
  },
  ...(
    [
      [T.float8, T.float8Array, betweenFloats],
      [T.interval, T.intervalArray, betweenIntervals],
    ] as const
  ).flatMap(([type, arrayType, between]): AggregateFunction[] => [
    {
      ...base,
      name: 'percentile_cont',
      args: [T.float8, type],
      returns: type,
      orderedSet: { hypothetical: false, directArgs: [T.float8] },
      final: (state: Sorted, _c: EvalContext, fraction: Datum) =>
        fraction === null ? null : continuous(state.values, fraction as number, between),
      description: 'Value at a fraction of the order, interpolated.',
    },
    {
      ...base,
      name: 'percentile_cont',
      args: [T.float8Array, type],
      returns: arrayType,
      orderedSet: { hypothetical: false, directArgs: [T.float8Array] },
      final: (state: Sorted, _c: EvalContext, fractions: Datum) =>
        state.values.length === 0
          ? null
          : forEach(fractions, (fraction) => continuous(state.values, fraction, between)),
      description: 'Values at each fraction of the order, interpolated.',
    },
  ]),
];

interface ModeState {
  best: Datum;
  bestCount: number;
  current: Datum;
  currentCount: number;
}

function makeMode(type: SqlType | null): AggregateFunction {
  return {
    kind: 'aggregate',
    name: 'mode',
    args: [T.anyelement],
    returns: T.anyelement,
    strict: true,
    orderedSet: { hypothetical: false, directArgs: [] },
    init: (): ModeState => ({ best: null, bestCount: 0, current: null, currentCount: 0 }),
    step: (state: ModeState, _c: EvalContext, value: Datum) => {
      if (
        state.currentCount > 0 &&
        value !== null &&
        state.current !== null &&
        type?.equals(state.current, value)
      )
        state.currentCount++;
      else {
        state.current = value;
        state.currentCount = 1;
      }
      if (state.currentCount > state.bestCount) {
        state.best = state.current;
        state.bestCount = state.currentCount;
      }
    },
    final: (state: ModeState) => state.best,
    specialize: ([element]) => makeMode(element!),
    description: 'Most frequent value; the first of equally frequent ones.',
  };
}

interface RowsState {
  readonly rows: Datum[][];
}

/** Where the hypothetical row would stand: rows before it, and its peers. */
function place(
  rows: readonly Datum[][],
  wanted: readonly Datum[],
  keys: readonly OrderedKey[],
): { before: number; peers: number; groupsBefore: number } {
  let before = 0;
  let peers = 0;
  let groupsBefore = 0;
  let previous: readonly Datum[] | null = null;
  for (const row of rows) {
    const order = compareRows(row, wanted, keys);
    if (order < 0) {
      before++;
      if (previous === null || compareRows(previous, row, keys) !== 0) groupsBefore++;
    } else if (order === 0) peers++;
    previous = row;
  }
  return { before, peers, groupsBefore };
}

function compareRows(a: readonly Datum[], b: readonly Datum[], keys: readonly OrderedKey[]): number {
  for (let i = 0; i < keys.length; i++) {
    const { type, descending, nullsFirst } = keys[i]!;
    const x = a[i] ?? null;
    const y = b[i] ?? null;
    if (x === null || y === null) {
      if (x === y) continue;
      return (x === null) === nullsFirst ? -1 : 1;
    }
    const order = type.compare(x, y);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

type Rank = (found: { before: number; peers: number; groupsBefore: number }, count: number) => Datum;

function makeHypothetical(
  name: string,
  returns: number,
  rank: Rank,
  description: string,
  keys: readonly OrderedKey[],
): AggregateFunction {
  return {
    kind: 'aggregate',
    name,
    args: [],
    variadic: T.any,
    returns,
    strict: false,
    orderedSet: { hypothetical: true, directArgs: [T.any] },
    keepsArguments: true,
    init: (): RowsState => ({ rows: [] }),
    step: (state: RowsState, _c: EvalContext, ...values: Datum[]) => {
      state.rows.push(values);
    },
    final: (state: RowsState, _c: EvalContext, ...wanted: Datum[]) =>
      rank(place(state.rows, wanted, keys), state.rows.length),
    // Argument types come twice: those of the hypothetical row, then those of the order.
    specialize: (types) =>
      makeHypothetical(
        name,
        returns,
        rank,
        description,
        types.slice(types.length / 2).map((type) => ({ type, descending: false, nullsFirst: false })),
      ),
    withOrder: (order) => makeHypothetical(name, returns, rank, description, order),
    description,
  };
}

const hypothetical: readonly AggregateFunction[] = [
  makeHypothetical(
    'rank',
    T.int8,
    ({ before }) => before + 1,
    'Rank the given row would have, with gaps.',
    [],
  ),
  makeHypothetical(
    'dense_rank',
    T.int8,
    ({ groupsBefore }) => groupsBefore + 1,
    'Rank the given row would have, without gaps.',
    [],
  ),
  makeHypothetical(
    'percent_rank',
    T.float8,
    ({ before }, count) => (count === 0 ? 0 : before / count),
    'Relative rank the given row would have.',
    [],
  ),
  makeHypothetical(
    'cume_dist',
    T.float8,
    ({ before, peers }, count) => (before + peers + 1) / (count + 1),
    'Cumulative distribution the given row would have.',
    [],
  ),
];

export const orderedAggregates: readonly AggregateFunction[] = [
  ...percentiles,
  makeMode(null),
  ...hypothetical,
];
