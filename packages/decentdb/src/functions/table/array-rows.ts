/** Arrays and delimited text as rows: unnest, string_to_table (PostgreSQL manual 9.19, 9.4). */
import type { SqlArray } from '../../types/array.ts';
import { Oid as T } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import type { TableFunction } from '../function.ts';
import { tableFn } from './define.ts';

function* elements(array: SqlArray): Generator<[Datum]> {
  for (const element of array.elements) yield [element];
}

/** Pieces of `text`; a NULL delimiter splits into characters, an empty one does not split. */
export function splitText(text: string, delimiter: string | null): string[] {
  if (text === '') return [];
  if (delimiter === null) return [...text];
  return delimiter === '' ? [text] : text.split(delimiter);
}

function* pieces(text: Datum, delimiter: Datum, nullText: Datum): Generator<[Datum]> {
  if (text === null) return;
  for (const piece of splitText(text as string, delimiter as string | null))
    yield [piece === nullText ? null : piece];
}

export const arrayRowFunctions: readonly TableFunction[] = [
  tableFn(
    'unnest',
    [T.anyarray],
    [{ name: 'unnest', type: T.anyelement }],
    (_c, [array]) => elements(array as SqlArray),
    'Elements of an array, one a row.',
    ['select sum(u) from unnest(array[1,2,3]) u', '6'],
  ),
  tableFn(
    'string_to_table',
    [T.text, T.text],
    [{ name: 'string_to_table', type: T.text }],
    (_c, [text, delimiter]) => pieces(text ?? null, delimiter ?? null, null),
    'Pieces of a text between delimiters, one a row.',
    ["select count(*) from string_to_table('a,b,c', ',')", '3'],
    { strict: false },
  ),
  tableFn(
    'string_to_table',
    [T.text, T.text, T.text],
    [{ name: 'string_to_table', type: T.text }],
    (_c, [text, delimiter, nullText]) => pieces(text ?? null, delimiter ?? null, nullText ?? null),
    'Pieces of a text between delimiters, one a row; pieces equal to the third argument become NULL.',
    null,
    { strict: false },
  ),
];
