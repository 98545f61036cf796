/**
 * Ordered-set aggregates (mode, percentiles) and hypothetical-set aggregates (rank of a row that is not there).
 *
 * I1  `step` gets the sort values of each row, rows in order; `final` gets the direct arguments.
 * I2  No state grows with the rows: percentiles keep the values at the places they are asked for, ranks count.
 */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import type { Interval } from '../types/interval.ts';
import { Oid as T } from '../types/oids.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { AggregateFunction, EvalContext, OrderedKey, OrderedSet } from './function.ts';

interface Sorted {
  /** Rows so far. */
  rows: number;
  /** By place. */
  readonly values: Map<number, Datum>;
}

const base = {
  kind: 'aggregate',
  strict: true,
  init: (): Sorted => ({ rows: 0, values: new Map() }),
  step: (state: Sorted, _c: EvalContext, value: Datum): void => {
    state.values.set(state.rows++, value);
  },
} as const;

/** The fractions of a direct argument: of one that is none, `final` complains. */
function fractionsOf(argument: Datum): number[] {
  const list = argument instanceof SqlArray ? argument.elements : [argument];
  return list.filter((one): one is number => typeof one === 'number' && one >= 0 && one <= 1);
}

/** I2: `placesOf` tells where a fraction of so many rows is. */
function setOf(
  directType: number,
  placesOf: (fraction: number, rows: number) => readonly number[],
): OrderedSet {
  return {
    hypothetical: false,
    directArgs: [directType],
    wants: (rows, fractions) => {
      if (rows === 0) return [];
      const places = fractionsOf(fractions ?? null).flatMap((fraction) => placesOf(fraction, rows));
      return [...new Set(places)].sort((a, b) => a - b);
    },
    skip: (state) => {
      (state as Sorted).rows++;
    },
  };
}

function checkFraction(fraction: number): number {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new DecentDbError('22003', `percentile value ${fraction} is not between 0 and 1`);
  }
  return fraction;
}

function discretePlace(fraction: number, rows: number): number {
  return Math.max(Math.ceil(fraction * rows) - 1, 0);
}

const discretePlaces = (fraction: number, rows: number): readonly number[] => [discretePlace(fraction, rows)];

function discrete({ rows, values }: Sorted, fraction: number): Datum {
  checkFraction(fraction);
  return values.get(discretePlace(fraction, rows)) ?? null;
}

type Interpolate = (low: never, high: never, share: number) => Datum;

function continuousPlaces(fraction: number, rows: number): readonly [number, number] {
  const at = fraction * (rows - 1);
  return [Math.floor(at), Math.ceil(at)];
}

function continuous({ rows, values }: Sorted, fraction: number, between: Interpolate): Datum {
  checkFraction(fraction);
  if (rows === 0) return null;
  const [low, high] = continuousPlaces(fraction, rows);
  const first = values.get(low) ?? null;
  return low === high
    ? first
    : between(first as never, values.get(high) as never, fraction * (rows - 1) - low);
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
    orderedSet: setOf(T.float8, discretePlaces),
    final: (state: Sorted, _c: EvalContext, fraction: Datum) =>
      fraction === null ? null : discrete(state, fraction as number),
    description: 'First value whose share of the order reaches a fraction.',
  },
  {
    ...base,
    name: 'percentile_disc',
    args: [T.float8Array, T.anyelement],
    returns: T.anyarray,
    orderedSet: setOf(T.float8Array, discretePlaces),
    final: (state: Sorted, _c: EvalContext, fractions: Datum) =>
      state.rows === 0 ? null : forEach(fractions, (fraction) => discrete(state, fraction)),
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
      orderedSet: setOf(T.float8, continuousPlaces),
      final: (state: Sorted, _c: EvalContext, fraction: Datum) =>
        fraction === null ? null : continuous(state, fraction as number, between),
      description: 'Value at a fraction of the order, interpolated.',
    },
    {
      ...base,
      name: 'percentile_cont',
      args: [T.float8Array, type],
      returns: arrayType,
      orderedSet: setOf(T.float8Array, continuousPlaces),
      final: (state: Sorted, _c: EvalContext, fractions: Datum) =>
        state.rows === 0 ? null : forEach(fractions, (fraction) => continuous(state, fraction, between)),
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

/** Where the hypothetical row would stand: rows before it, and its peers; among how many. */
interface Place {
  rows: number;
  before: number;
  peers: number;
  groupsBefore: number;
}

interface PlaceState extends Place {
  wanted: readonly Datum[];
  /** The last row before. */
  previous: readonly Datum[] | null;
}

function count(state: PlaceState, row: readonly Datum[], keys: readonly OrderedKey[]): void {
  const order = compareRows(row, state.wanted, keys);
  state.rows++;
  if (order === 0) state.peers++;
  if (order >= 0) return;
  state.before++;
  if (state.previous === null || compareRows(state.previous, row, keys) !== 0) state.groupsBefore++;
  state.previous = row;
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

type Rank = (found: Place) => Datum;

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
    orderedSet: {
      hypothetical: true,
      directArgs: [T.any],
      begin: (state: object, ...wanted: Datum[]) => {
        (state as PlaceState).wanted = wanted;
      },
    },
    init: (): PlaceState => ({
      rows: 0,
      before: 0,
      peers: 0,
      groupsBefore: 0,
      wanted: [],
      previous: null,
    }),
    step: (state: PlaceState, _c: EvalContext, ...values: Datum[]) => count(state, values, keys),
    final: (state: PlaceState) => rank(state),
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
    ({ before, rows }) => (rows === 0 ? 0 : before / rows),
    'Relative rank the given row would have.',
    [],
  ),
  makeHypothetical(
    'cume_dist',
    T.float8,
    ({ before, peers, rows }) => (before + peers + 1) / (rows + 1),
    'Cumulative distribution the given row would have.',
    [],
  ),
];

export const orderedAggregates: readonly AggregateFunction[] = [
  ...percentiles,
  makeMode(null),
  ...hypothetical,
];
