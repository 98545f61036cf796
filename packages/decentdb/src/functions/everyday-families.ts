/**
 * The families that most statements find their functions in, and what is known of the others without loading them.
 *
 * I1  What the lists of names say is held to the families themselves (lazy-families.test.ts).
 */

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
  comparisonOperators(),
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
 * Of the shared names, only these may mean a function of another family when all arguments have one of the plain types
 * (plain-types.ts).
 */
export const undecided: ReadonlySet<string> = new Set(['%', 'random', 'substring', 'to_timestamp', '~']);
/** And only these and those when at most two arguments do, or are literals without a type. */
export const undecidedUntyped: ReadonlySet<string> = new Set([
  '#',
  '-',
  'age',
  'bit_count',
  'get_bit',
  'trunc',
]);
