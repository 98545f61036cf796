/**
 * Every built-in function, operator, aggregate, window and table function by name.
 *
 * I1  Entries come from the family files' constant lists; this file only indexes them.
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
import { rankFunctions } from './text-search/rank-functions.ts';
import { vectorFunctions } from './text-search/vector-functions.ts';
import { snapshotFunctions, snapshotRowFunctions } from './transaction-snapshots.ts';
import { trigramFunctions } from './trigram-similarity.ts';
import { uuidFunctions } from './uuids.ts';
import { windowFunctions } from './window-functions.ts';

/** The families in the order the documentation has them. */
const families: readonly (readonly [title: string, functions: readonly ScalarFunction[]])[] = [
  ['Arithmetic operators', arithmeticOperators],
  ['Comparison operators', comparisonOperators],
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
const scalarFamilies: readonly (readonly ScalarFunction[])[] = [
  ...ownFamilies,
  functionsOfOperators(ownFamilies.flat()),
  supportFunctions(ownFamilies.flat()),
];
const aggregateFamilies: readonly (readonly AggregateFunction[])[] = [
  basicAggregates,
  collectingAggregates,
  statisticalAggregates,
  orderedAggregates,
  rangeAggregates,
];
const windowFamilies: readonly (readonly WindowFunction[])[] = [windowFunctions];
const tableFamilies: readonly (readonly TableFunction[])[] = [
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
  inputErrorFunctions,
  snapshotRowFunctions,
];

function indexByName<F extends { readonly name: string }>(
  families: readonly (readonly F[])[],
): Map<string, F[]> {
  const index = new Map<string, F[]>();
  for (const family of families) {
    for (const entry of family) {
      const known = index.get(entry.name);
      if (known === undefined) index.set(entry.name, [entry]);
      else known.push(entry);
    }
  }
  return index;
}

const isOperator = (entry: ScalarFunction): boolean => entry.operator !== undefined;
const scalars = indexByName(scalarFamilies.map((family) => family.filter((entry) => !isOperator(entry))));
const operators = indexByName(scalarFamilies.map((family) => family.filter(isOperator)));
const aggregates = indexByName(aggregateFamilies);
const windows = indexByName(windowFamilies);
const tables = indexByName(tableFamilies);

export function scalarsNamed(name: string): readonly ScalarFunction[] {
  return scalars.get(name) ?? [];
}
/** By symbol. */
export function operatorsNamed(symbol: string): readonly ScalarFunction[] {
  return operators.get(symbol) ?? [];
}
export function aggregatesNamed(name: string): readonly AggregateFunction[] {
  return aggregates.get(name) ?? [];
}
export function windowFunctionsNamed(name: string): readonly WindowFunction[] {
  return windows.get(name) ?? [];
}
export function tableFunctionsNamed(name: string): readonly TableFunction[] {
  return tables.get(name) ?? [];
}

/** Everything, for documentation, pg_proc, pg_operator and completion. */
export function allFunctions(): {
  readonly scalars: Iterable<readonly ScalarFunction[]>;
  readonly operators: Iterable<readonly ScalarFunction[]>;
  readonly aggregates: Iterable<readonly AggregateFunction[]>;
  readonly windows: Iterable<readonly WindowFunction[]>;
  readonly tables: Iterable<readonly TableFunction[]>;
} {
  return {
    scalars: scalars.values(),
    operators: operators.values(),
    aggregates: aggregates.values(),
    windows: windows.values(),
    tables: tables.values(),
  };
}

/** Scalar functions and operators by family, without other names of the same functions. */
export function functionFamilies(): readonly (readonly [
  title: string,
  functions: readonly ScalarFunction[],
])[] {
  return families;
}
