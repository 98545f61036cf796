/** Which accumulator does an aggregate: typed ones where the function says what it means, else the generic one. */
import { Oid } from '../../types/oids.ts';
import { Physical } from '../../types/vector.ts';
import type { Aggregate } from '../physical.ts';
import { isInteger } from '../type-traits.ts';
import type { Accumulator } from './accumulator.ts';
import { CountAccumulator } from './count.ts';
import {
  BooleanAccumulator,
  GenericExtremeAccumulator,
  Int64ExtremeAccumulator,
  NumberExtremeAccumulator,
} from './extreme.ts';
import { GenericAccumulator } from './generic.ts';
import { FloatSumAccumulator, IntegerSumAccumulator, NumericSumAccumulator } from './sum.ts';

export function makeAccumulator(aggregate: Aggregate): Accumulator {
  return vectorizedAccumulator(aggregate) ?? new GenericAccumulator(aggregate.fn, aggregate.type.physical);
}

/** Whether the order of input rows can matter to the result: sums of floats round at every step. */
export function isOrderSensitive(aggregate: Aggregate): boolean {
  const accumulator = vectorizedAccumulator(aggregate);
  return accumulator === null || accumulator instanceof FloatSumAccumulator;
}

function vectorizedAccumulator(aggregate: Aggregate): Accumulator | null {
  const { fn, args } = aggregate;
  const argument = args[0];
  switch (fn.vectorized) {
    case 'countStar':
      return new CountAccumulator(false);
    case 'count':
      return new CountAccumulator(true);
    case 'sum':
    case 'avg':
      return argument === undefined ? null : sumAccumulator(aggregate, fn.vectorized === 'avg');
    case 'min':
    case 'max':
      return argument === undefined ? null : extremeAccumulator(aggregate, fn.vectorized === 'max');
    case 'boolAnd':
    case 'boolOr':
      return new BooleanAccumulator(fn.vectorized === 'boolOr');
    default:
      return null;
  }
}

function sumAccumulator(aggregate: Aggregate, isAverage: boolean): Accumulator | null {
  const { type } = aggregate.args[0]!;
  if (isInteger(type)) return new IntegerSumAccumulator(aggregate.type.physical, isAverage);
  if (type.oid === Oid.numeric) return new NumericSumAccumulator(isAverage);
  if (type.oid === Oid.float8) return new FloatSumAccumulator(isAverage, false);
  if (type.oid === Oid.float4) return new FloatSumAccumulator(isAverage, !isAverage);
  return null;
}

function extremeAccumulator(aggregate: Aggregate, isMax: boolean): Accumulator {
  const { type } = aggregate.args[0]!;
  switch (type.physical) {
    case Physical.int32:
    case Physical.float64:
      return new NumberExtremeAccumulator(type.physical, isMax);
    case Physical.int64:
      return new Int64ExtremeAccumulator(type, isMax);
    default:
      return new GenericExtremeAccumulator(type, isMax);
  }
}
