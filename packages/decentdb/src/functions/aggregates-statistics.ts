/**
 * Variance, standard deviation, correlation and regression.
 *
 * I1  Integers and numerics are exact until the last division; floats use the updating formulas of Youngs and Cramer, as PostgreSQL does.
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal } from '../types/decimal.ts';
import { squareRootDecimal } from '../types/decimal-math.ts';
import { Oid as T } from '../types/oids.ts';
import type { Datum } from '../types/vector.ts';
import type { AggregateFunction, EvalContext } from './function.ts';

interface ExactState {
  count: number;
  sum: Decimal;
  squares: Decimal;
  hasSpecial: boolean;
}

function toDecimal(value: Datum): Decimal {
  return value instanceof Decimal ? value : Decimal.fromInteger(value as number | bigint);
}

function addExact(state: ExactState, given: Datum, direction: 1 | -1): void {
  const value = toDecimal(given);
  state.count += direction;
  if (!value.isFinite) state.hasSpecial = true;
  else if (direction === 1) {
    state.sum = state.sum.add(value);
    state.squares = state.squares.add(value.multiply(value));
  } else {
    state.sum = state.sum.subtract(value);
    state.squares = state.squares.subtract(value.multiply(value));
  }
}

/** (N * sum(x^2) - sum(x)^2) / (N * (N or N - 1)), and its root. */
function spread(state: ExactState, isSample: boolean, isRoot: boolean): Datum {
  const { count } = state;
  if (count === 0 || (isSample && count < 2)) return null;
  if (state.hasSpecial) return Decimal.nan;
  const n = Decimal.fromInteger(count);
  const numerator = n.multiply(state.squares).subtract(state.sum.multiply(state.sum));
  if (numerator.sign <= 0) return Decimal.zero;
  const variance = numerator.divide(n.multiply(Decimal.fromInteger(isSample ? count - 1 : count)));
  // PostgreSQL gives the root as many digits as the variance.
  return isRoot ? squareRootDecimal(variance, variance.scale) : variance;
}

/** Count, sum and sum of squared deviations. */
interface FloatState {
  count: number;
  sum: number;
  deviations: number;
}

function addFloat(state: FloatState, value: number): void {
  state.count++;
  state.sum += value;
  if (state.count > 1) {
    const gap = value * state.count - state.sum;
    state.deviations += (gap * gap) / (state.count * (state.count - 1));
  } else if (!Number.isFinite(value)) state.deviations = Number.NaN;
}

function mergeFloat(into: FloatState, from: FloatState): void {
  if (from.count === 0) return;
  if (into.count > 0) {
    const gap = into.sum / into.count - from.sum / from.count;
    into.deviations += from.deviations + (into.count * from.count * gap * gap) / (into.count + from.count);
  } else into.deviations = from.deviations;
  into.count += from.count;
  into.sum += from.sum;
}

/** Infinite values make sums of squares NaN (their first gap is); only finite ones that overflow make them infinite. */
function requireInRange(...squares: readonly number[]): void {
  if (squares.some((sum) => Math.abs(sum) === Number.POSITIVE_INFINITY))
    throw new DecentDbError('22003', 'value out of range: overflow');
}

function floatSpread(state: FloatState, isSample: boolean, isRoot: boolean): Datum {
  if (state.count === 0 || (isSample && state.count < 2)) return null;
  requireInRange(state.deviations);
  const variance = state.deviations / (isSample ? state.count - 1 : state.count);
  return isRoot ? Math.sqrt(variance) : variance;
}

function spreadFamily(name: string, isSample: boolean, isRoot: boolean): AggregateFunction[] {
  const description = `${isSample ? 'Sample' : 'Population'} ${isRoot ? 'standard deviation' : 'variance'}.`;
  const exact = [T.int4, T.int2, T.int8, T.numeric].map(
    (type): AggregateFunction => ({
      kind: 'aggregate',
      name,
      args: [type],
      returns: T.numeric,
      strict: true,
      init: (): ExactState => ({ count: 0, sum: Decimal.zero, squares: Decimal.zero, hasSpecial: false }),
      step: (state: ExactState, _c: EvalContext, value: Datum) => addExact(state, value, 1),
      final: (state: ExactState) => spread(state, isSample, isRoot),
      merge: (into: ExactState, from: ExactState) => {
        into.count += from.count;
        into.sum = into.sum.add(from.sum);
        into.squares = into.squares.add(from.squares);
        into.hasSpecial ||= from.hasSpecial;
      },
      description,
    }),
  );
  const float = [T.float8, T.float4].map(
    (type): AggregateFunction => ({
      kind: 'aggregate',
      name,
      args: [type],
      returns: T.float8,
      strict: true,
      init: (): FloatState => ({ count: 0, sum: 0, deviations: 0 }),
      step: (state: FloatState, _c: EvalContext, value: number) => addFloat(state, value),
      final: (state: FloatState) => floatSpread(state, isSample, isRoot),
      merge: mergeFloat,
      description,
    }),
  );
  return [...exact, ...float];
}

/** Sums over pairs (y, x): the arguments of regression functions come dependent first. */
interface PairState {
  count: number;
  sumX: number;
  sxx: number;
  sumY: number;
  syy: number;
  sxy: number;
}

function addPair(state: PairState, y: number, x: number): void {
  state.count++;
  state.sumX += x;
  state.sumY += y;
  const { count } = state;
  if (count > 1) {
    const gapX = x * count - state.sumX;
    const gapY = y * count - state.sumY;
    const scale = 1 / (count * (count - 1));
    state.sxx += gapX * gapX * scale;
    state.syy += gapY * gapY * scale;
    state.sxy += gapX * gapY * scale;
  } else {
    if (!Number.isFinite(x)) state.sxx = state.sxy = Number.NaN;
    if (!Number.isFinite(y)) state.syy = state.sxy = Number.NaN;
  }
}

function mergePairs(into: PairState, from: PairState): void {
  if (from.count === 0) return;
  if (into.count === 0) {
    Object.assign(into, from);
    return;
  }
  const weight = (into.count * from.count) / (into.count + from.count);
  const gapX = into.sumX / into.count - from.sumX / from.count;
  const gapY = into.sumY / into.count - from.sumY / from.count;
  into.sxx += from.sxx + weight * gapX * gapX;
  into.syy += from.syy + weight * gapY * gapY;
  into.sxy += from.sxy + weight * gapX * gapY;
  into.count += from.count;
  into.sumX += from.sumX;
  into.sumY += from.sumY;
}

function pairAggregate(
  name: string,
  final: (state: PairState) => Datum,
  description: string,
  returns: number = T.float8,
): AggregateFunction {
  return {
    kind: 'aggregate',
    name,
    args: [T.float8, T.float8],
    returns,
    strict: true,
    init: (): PairState => ({ count: 0, sumX: 0, sxx: 0, sumY: 0, syy: 0, sxy: 0 }),
    step: (state: PairState, _c: EvalContext, y: number, x: number) => addPair(state, y, x),
    final:
      name === 'regr_count'
        ? final
        : (state: PairState) => {
            requireInRange(state.sxx, state.syy, state.sxy);
            return final(state);
          },
    merge: mergePairs,
    description,
  };
}

function correlation(state: PairState): Datum {
  if (state.count < 1 || state.sxx === 0 || state.syy === 0) return null;
  // One root rounds once, as PostgreSQL's does; of two only where their product leaves the range of numbers.
  const product = state.sxx * state.syy;
  const isInRange = product > MIN_NORMAL && product < Number.POSITIVE_INFINITY;
  return state.sxy / (isInRange ? Math.sqrt(product) : Math.sqrt(state.sxx) * Math.sqrt(state.syy));
}

const MIN_NORMAL = 2 ** -1022;

const ifAny =
  (compute: (state: PairState) => number): ((state: PairState) => Datum) =>
  (state) =>
    state.count < 1 ? null : compute(state);

const pairs: readonly AggregateFunction[] = [
  pairAggregate('corr', correlation, 'Correlation coefficient.'),
  pairAggregate(
    'covar_pop',
    ifAny((s) => s.sxy / s.count),
    'Population covariance.',
  ),
  pairAggregate('covar_samp', (s) => (s.count < 2 ? null : s.sxy / (s.count - 1)), 'Sample covariance.'),
  pairAggregate(
    'regr_avgx',
    ifAny((s) => s.sumX / s.count),
    'Mean of the independent variable.',
  ),
  pairAggregate(
    'regr_avgy',
    ifAny((s) => s.sumY / s.count),
    'Mean of the dependent variable.',
  ),
  pairAggregate('regr_count', (s) => s.count, 'Number of pairs.', T.int8),
  pairAggregate(
    'regr_intercept',
    (s) => (s.count < 1 || s.sxx === 0 ? null : (s.sumY - (s.sumX * s.sxy) / s.sxx) / s.count),
    'Intercept of the least-squares line.',
  ),
  pairAggregate(
    'regr_r2',
    (s) => (s.count < 1 || s.sxx === 0 ? null : s.syy === 0 ? 1 : (s.sxy * s.sxy) / (s.sxx * s.syy)),
    'Square of the correlation.',
  ),
  pairAggregate(
    'regr_slope',
    (s) => (s.count < 1 || s.sxx === 0 ? null : s.sxy / s.sxx),
    'Slope of the least-squares line.',
  ),
  pairAggregate(
    'regr_sxx',
    ifAny((s) => s.sxx),
    'Sum of squares of the independent variable.',
  ),
  pairAggregate(
    'regr_sxy',
    ifAny((s) => s.sxy),
    'Sum of products.',
  ),
  pairAggregate(
    'regr_syy',
    ifAny((s) => s.syy),
    'Sum of squares of the dependent variable.',
  ),
];

export const statisticalAggregates: readonly AggregateFunction[] = [
  ...spreadFamily('stddev', true, true),
  ...spreadFamily('stddev_samp', true, true),
  ...spreadFamily('stddev_pop', false, true),
  ...spreadFamily('variance', true, false),
  ...spreadFamily('var_samp', true, false),
  ...spreadFamily('var_pop', false, false),
  ...pairs,
];
