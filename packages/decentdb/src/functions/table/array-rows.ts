/** Arrays and delimited text as rows: unnest, string_to_table (PostgreSQL manual 9.19, 9.4). */
import { DecentDbError } from '../../base/errors.ts';
import type { SqlArray } from '../../types/array.ts';
import { Oid as T } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import type { TableFunction } from '../function.ts';
import { splitText } from '../split-text.ts';
import { tableFn } from './define.ts';

function* elements(array: SqlArray): Generator<[Datum]> {
  for (const element of array.elements) yield [element];
}

function* pieces(text: Datum, delimiter: Datum, nullText: Datum): Generator<[Datum]> {
  if (text === null) return;
  for (const piece of splitText(text as string, delimiter as string | null))
    yield [piece === nullText ? null : piece];
}

/** Elements with their places, counted from 1. */
function* numbered(array: SqlArray): Generator<[Datum, Datum]> {
  let place = 0;
  for (const element of array.elements) yield [element, ++place];
}

/** `name=value` apart. */
function* options(array: SqlArray): Generator<[Datum, Datum]> {
  for (const element of array.elements) {
    const text = element as string | null;
    if (text === null) throw new DecentDbError('22004', 'null array element not allowed in this context');
    const at = text.indexOf('=');
    yield at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
  }
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
  // What drivers ask for the columns of keys with.
  tableFn(
    'information_schema._pg_expandarray',
    [T.anyarray],
    [
      { name: 'x', type: T.anyelement },
      { name: 'n', type: T.int4 },
    ],
    (_c, [array]) => numbered(array as SqlArray),
    'Elements of an array with their places, one a row.',
    ["select sum(n) from information_schema._pg_expandarray('{7,8}'::int[])", '3'],
  ),
  tableFn(
    'pg_options_to_table',
    [T.textArray],
    [
      { name: 'option_name', type: T.text },
      { name: 'option_value', type: T.text },
    ],
    (_c, [array]) => options(array as SqlArray),
    'Options as name and value, one a row.',
    ["select option_value from pg_options_to_table('{a=1}')", '1'],
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
