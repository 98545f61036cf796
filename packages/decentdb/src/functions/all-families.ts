/**
 * Every built-in function, operator, aggregate, window and table function, by family.
 *
 * I1  Entries come from the family files' constant lists.
 * I2  Loading this file loads every family: the registry does so when a name is asked for that the common ones do not have.
 */

import { basicAggregates } from './aggregates-basic.ts';
import { collectingAggregates } from './aggregates-collecting.ts';
import { orderedAggregates } from './aggregates-ordered.ts';
import { statisticalAggregates } from './aggregates-statistics.ts';
import { arithmeticOperators } from './arithmetic.ts';
import { arrayFunctions } from './arrays.ts';
import { bitStringFunctions } from './bit-strings.ts';
import { comparisonOperators } from './comparison.ts';
import { dateTimeFunctions } from './date-time.ts';
import { dateTimeOperators } from './date-time-operators.ts';
import { formatFunctions } from './format/functions.ts';
import type { AggregateFunction, ScalarFunction, TableFunction, WindowFunction } from './function.ts';
import { geometricFunctions } from './geometry/functions.ts';
import { geometricOperators } from './geometry/operators.ts';
import { hashFunctions } from './hash-functions.ts';
import { jsonAccess } from './json-access.ts';
import { jsonFunctions } from './json-functions.ts';
import { jsonPathFunctions, jsonPathRowFunctions } from './json-path/functions.ts';
import { jsonRecordFunctions, jsonRecordTables } from './json-records.ts';
import { mathFunctions } from './math.ts';
import { momentFunctions } from './moments.ts';
import { multirangeFunctions, multirangeRowFunctions, rangeAggregates } from './multiranges.ts';
import { networkFunctions } from './networks.ts';
import { normalizationFunctions } from './normalization.ts';
import { oidFunctions } from './oid-functions.ts';
import { functionsOfOperators } from './operator-names.ts';
import { matchOperators } from './pattern-operators.ts';
import { privilegeFunctions, privilegeRowFunctions } from './privileges.ts';
import { rangeFunctions } from './ranges.ts';
import { regexFunctions } from './regex/functions.ts';
import { regexRowFunctions } from './regex/rows.ts';
import { serverFunctions } from './server-information.ts';
import { stringFunctions } from './strings.ts';
import { supportFunctions } from './support-functions.ts';
import { systemFunctions } from './system.ts';
import { arrayRowFunctions } from './table/array-rows.ts';
import { catalogRowFunctions } from './table/catalog-rows.ts';
import { seriesFunctions } from './table/generate-series.ts';
import { inputErrorFunctions } from './table/input-errors.ts';
import { jsonRowFunctions } from './table/json-rows.ts';
import { bm25Functions } from './text-search/bm25.ts';
import { documentFunctions, documentTables } from './text-search/document-functions.ts';
import { queryFunctions } from './text-search/query-functions.ts';
import { queryRunFunctions, queryRunTables } from './text-search/query-run.ts';
import { rankFunctions } from './text-search/rank-functions.ts';
import { vectorFunctions } from './text-search/vector-functions.ts';
import { snapshotFunctions, snapshotRowFunctions } from './transaction-snapshots.ts';
import { trigramFunctions } from './trigram-similarity.ts';
import { uuidFunctions } from './uuids.ts';
import { windowFunctions } from './window-functions.ts';

/** The families in the order the documentation has them. */
export const families: readonly (readonly [title: string, functions: readonly ScalarFunction[]])[] = [
  ['Arithmetic operators', arithmeticOperators],
  ['Comparison operators', comparisonOperators()],
  ['Mathematics', mathFunctions],
  ['Strings and bytes', stringFunctions],
  ['LIKE', matchOperators],
  ['Date and time operators', dateTimeOperators],
  ['Dates and times', dateTimeFunctions],
  ['Formatting', formatFunctions],
  ['Regular expressions', regexFunctions],
  ['Arrays', arrayFunctions],
  ['JSON operators', jsonAccess],
  ['JSON', jsonFunctions],
  ['JSON and rows', jsonRecordFunctions],
  ['JSON paths', jsonPathFunctions],
  ['Bit strings', bitStringFunctions],
  ['Ranges', rangeFunctions],
  ['Multiranges', multirangeFunctions],
  ['Object identifiers and money', oidFunctions],
  ['UUIDs', uuidFunctions],
  ['Session and system information', systemFunctions],
  ['Session and system information', privilegeFunctions],
  ['Trigram similarity', trigramFunctions],
  ['Full text search', vectorFunctions],
  ['Full text search', queryFunctions],
  ['Full text search', rankFunctions],
  ['Full text search', bm25Functions],
  ['Full text search', documentFunctions],
  ['Full text search', queryRunFunctions],
  ['Server information', serverFunctions],
  ['Unicode', normalizationFunctions],
  ['Network addresses', networkFunctions],
  ['Transactions', snapshotFunctions],
  ['Statistics', momentFunctions],
  ['Geometry', geometricOperators],
  ['Geometry', geometricFunctions],
  ['Hashes', hashFunctions],
];
const ownFamilies: readonly (readonly ScalarFunction[])[] = families.map(([, functions]) => functions);
/** With the functions that are other names of those above. */
export const scalarFamilies: readonly (readonly ScalarFunction[])[] = [
  ...ownFamilies,
  functionsOfOperators(ownFamilies.flat()),
  supportFunctions(ownFamilies.flat()),
];
export const aggregateFamilies: readonly (readonly AggregateFunction[])[] = [
  basicAggregates,
  collectingAggregates,
  statisticalAggregates,
  orderedAggregates,
  rangeAggregates,
];
export const windowFamilies: readonly (readonly WindowFunction[])[] = [windowFunctions];
export const tableFamilies: readonly (readonly TableFunction[])[] = [
  catalogRowFunctions,
  privilegeRowFunctions,
  seriesFunctions,
  arrayRowFunctions,
  jsonRowFunctions,
  jsonRecordTables,
  jsonPathRowFunctions,
  regexRowFunctions,
  multirangeRowFunctions,
  documentTables,
  queryRunTables,
  inputErrorFunctions,
  snapshotRowFunctions,
];
