/**
 * The families that most statements find their functions in, and what is known of the others without loading them.
 *
 * I1  What the lists of names say is held to the families themselves (lazy-families.test.ts).
 */

import { Oid as T } from '../types/oids.ts';
import { basicAggregates } from './aggregates-basic.ts';
import { collectingAggregates } from './aggregates-collecting.ts';
import { arithmeticOperators } from './arithmetic.ts';
import { comparisonOperators } from './comparison.ts';
import { dateTimeFunctions } from './date-time.ts';
import { dateTimeOperators } from './date-time-operators.ts';
import type { AggregateFunction, ScalarFunction, TableFunction, WindowFunction } from './function.ts';
import { mathFunctions } from './math.ts';
import { matchOperators } from './pattern-operators.ts';
import { stringFunctions } from './strings.ts';
import { seriesFunctions } from './table/generate-series.ts';
import { uuidFunctions } from './uuids.ts';
import { windowFunctions } from './window-functions.ts';

export const commonScalars: readonly (readonly ScalarFunction[])[] = [
  arithmeticOperators,
  comparisonOperators,
  mathFunctions,
  stringFunctions,
  matchOperators,
  dateTimeOperators,
  dateTimeFunctions,
  uuidFunctions,
];
export const commonAggregates: readonly (readonly AggregateFunction[])[] = [
  basicAggregates,
  collectingAggregates,
];
export const commonWindows: readonly (readonly WindowFunction[])[] = [windowFunctions];
export const commonTables: readonly (readonly TableFunction[])[] = [seriesFunctions];

/** Names of theirs that other families have too. */
export const sharedScalars: ReadonlySet<string> = new Set(
  (
    '# % & * + - / < << <= <> = > >= >> age bit_count bit_length get_bit length lower octet_length overlay ' +
    'position random set_bit substring to_timestamp trunc upper | || ~'
  ).split(' '),
);
export const sharedAggregates: ReadonlySet<string> = new Set([
  'cume_dist',
  'dense_rank',
  'percent_rank',
  'rank',
]);

/**
 * Types that few other families take: of the shared names, only the undecided ones may mean a function of another family when all
 * arguments have one of these types.
 */
export const plainTypes: ReadonlySet<number> = new Set([
  T.bool,
  T.int2,
  T.int4,
  T.int8,
  T.float4,
  T.float8,
  T.numeric,
  T.text,
  T.varchar,
  T.bpchar,
  T.date,
  T.timestamp,
  T.timestamptz,
  T.time,
  T.timetz,
  T.interval,
  T.uuid,
]);
export const undecided: ReadonlySet<string> = new Set(['%', 'random', 'substring', 'to_timestamp', '~']);
