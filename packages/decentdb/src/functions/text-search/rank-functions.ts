/**
 * ts_rank and ts_rank_cd (PostgreSQL manual 12.3.3).
 */
import { DecentDbError } from '../../base/errors.ts';
import type { SqlArray } from '../../types/array.ts';
import { Oid as T } from '../../types/oids.ts';
import type { TsQuery } from '../../types/tsquery.ts';
import type { TsVector } from '../../types/tsvector.ts';
import { overloads } from '../define.ts';
import type { ScalarFunction } from '../function.ts';
import { DEFAULT_WEIGHTS, rank, rankCoverDensity } from './rank.ts';

const { tsvector, tsquery, float4, float4Array, int4 } = T;

function weightsOf(array: SqlArray): readonly number[] {
  if (array.dimensions !== 1) throw new DecentDbError('2202E', 'array of weight must be one-dimensional');
  if (array.elements.length < 4) throw new DecentDbError('2202E', 'array of weight is too short');
  return array.elements.slice(0, 4).map((element, i) => {
    if (element === null) throw new DecentDbError('22004', 'array of weight must not contain nulls');
    const weight = element as number;
    if (weight > 1) throw new DecentDbError('22023', 'weight out of range');
    return weight >= 0 ? weight : DEFAULT_WEIGHTS[i]!;
  });
}

function ranking(
  name: string,
  compute: typeof rank,
  description: string,
  example: readonly [string, string],
): ScalarFunction[] {
  return overloads(name, description, example, [
    [
      [tsvector, tsquery],
      float4,
      (_, vector: TsVector, query: TsQuery) => compute(DEFAULT_WEIGHTS, vector, query, 0),
    ],
    [
      [tsvector, tsquery, int4],
      float4,
      (_, vector: TsVector, query: TsQuery, normalization: number) =>
        compute(DEFAULT_WEIGHTS, vector, query, normalization),
    ],
    [
      [float4Array, tsvector, tsquery],
      float4,
      (_, weights: SqlArray, vector: TsVector, query: TsQuery) =>
        compute(weightsOf(weights), vector, query, 0),
    ],
    [
      [float4Array, tsvector, tsquery, int4],
      float4,
      (_, weights: SqlArray, vector: TsVector, query: TsQuery, normalization: number) =>
        compute(weightsOf(weights), vector, query, normalization),
    ],
  ]);
}

export const rankFunctions: readonly ScalarFunction[] = [
  ...ranking('ts_rank', rank, 'How well a vector fits a query, by how often its words occur.', [
    "ts_rank(to_tsvector('raining cats and dogs'), 'cat'::tsquery)",
    '0.06079271',
  ]),
  ...ranking('ts_rank_cd', rankCoverDensity, 'How well a vector fits a query, by how close its words are.', [
    "ts_rank_cd(to_tsvector('raining cats and dogs'), 'cat'::tsquery)",
    '0.1',
  ]),
];
