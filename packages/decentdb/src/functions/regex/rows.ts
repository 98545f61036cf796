/**
 * Regular expression matches as rows: regexp_matches, regexp_split_to_table (PostgreSQL manual 9.4).
 */
import { Oid as T } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import type { TableFunction } from '../function.ts';
import { matchArray, splitByRegex } from './functions.ts';
import { compileRegex, isGlobal } from './regex.ts';

const { text, textArray } = T;

function* matches(source: string, pattern: string, letters: string): Generator<readonly Datum[]> {
  const regex = compileRegex(pattern, letters);
  for (const match of regex.findAll(source)) {
    yield [matchArray(source, match, regex)];
    if (!isGlobal(letters)) return;
  }
}

function rowsOf(name: string, type: number, rows: TableFunction['rows'], description: string): TableFunction {
  return {
    kind: 'table',
    name,
    args: [text, text, text],
    defaults: [''],
    columns: [{ name, type }],
    strict: true,
    volatility: 'immutable',
    rows,
    description,
  };
}

export const regexRowFunctions: readonly TableFunction[] = [
  rowsOf(
    'regexp_matches',
    textArray,
    (_context, [source, pattern, letters]) => matches(source as string, pattern as string, letters as string),
    'Groups of the first match, or with the option g of every match.',
  ),
  rowsOf(
    'regexp_split_to_table',
    text,
    (_context, [source, pattern, letters]) =>
      splitByRegex(source as string, pattern as string, letters as string, 'regexp_split_to_table()').map(
        (part) => [part],
      ),
    'Splits a text at matches.',
  ),
];
