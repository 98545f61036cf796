/**
 * Unicode: normalisation, escapes, ASCII forms (PostgreSQL manual 9.4).
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid as T } from '../types/oids.ts';
import { fn, overloads } from './define.ts';
import type { ScalarFunction } from './function.ts';

const { text, bool, int4, name } = T;

function normalized(value: string, form: string): string {
  const known = form.toUpperCase();
  if (known !== 'NFC' && known !== 'NFD' && known !== 'NFKC' && known !== 'NFKD')
    throw new DecentDbError('22023', `invalid normalization form: ${form}`);
  return value.normalize(known);
}

function invalidEscape(): DecentDbError {
  return new DecentDbError('42601', 'invalid Unicode escape', {
    hint: 'Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.',
  });
}

const ESCAPE = /\\(?:(\\)|([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[\s\S]?)/g;

/** Resolves \XXXX, \+XXXXXX, \uXXXX, \UXXXXXXXX and doubled backslashes. */
function unescapeUnicode(value: string): string {
  let pending = 0;
  let end = 0;
  const result = value.replace(
    ESCAPE,
    (_all, backslash?: string, short?: string, plus?: string, u?: string, long?: string, at?: number) => {
      const hex = short ?? plus ?? u ?? long;
      if (backslash !== undefined) {
        if (pending !== 0) throw invalidPair();
        return '\\';
      }
      if (hex === undefined) throw invalidEscape();
      const point = Number.parseInt(hex, 16);
      if (point === 0 || point > 0x10ffff)
        throw new DecentDbError('22023', `invalid Unicode code point: ${hex.padStart(4, '0').toUpperCase()}`);
      if (pending !== 0 && at !== end) throw invalidPair();
      end = (at ?? 0) + _all.length;
      return joinPair(point);
    },
  );
  if (pending !== 0) throw invalidPair();
  return result;

  function joinPair(point: number): string {
    const isLow = point >= 0xdc00 && point < 0xe000;
    if (pending !== 0) {
      if (!isLow) throw invalidPair();
      const pair = String.fromCharCode(pending, point);
      pending = 0;
      return pair;
    }
    if (isLow) throw invalidPair();
    if (point < 0xd800 || point >= 0xe000) return String.fromCodePoint(point);
    pending = point;
    return '';
  }
}

function invalidPair(): DecentDbError {
  return new DecentDbError('42601', 'invalid Unicode surrogate pair');
}

const unassigned = /\p{Cn}/u;

export const normalizationFunctions: readonly ScalarFunction[] = [
  ...overloads(
    'normalize',
    'Text in a Unicode normalisation form, NFC unless one is named.',
    ["length(normalize('a' || chr(776)))", '1'],
    [
      [[text], text, (_, value: string) => value.normalize('NFC')],
      [[text, text], text, (_, value: string, form: string) => normalized(value, form)],
    ],
  ),
  ...overloads(
    'is_normalized',
    'Whether text is in a Unicode normalisation form.',
    ["is_normalized('a' || chr(776))", 'f'],
    [
      [[text], bool, (_, value: string) => value.normalize('NFC') === value],
      [[text, text], bool, (_, value: string, form: string) => normalized(value, form) === value],
    ],
  ),
  fn('unistr', [text], text, (_, value: string) => unescapeUnicode(value), 'Resolves Unicode escapes.', [
    "unistr('d\\0061t\\+000061')",
    'data',
  ]),
  fn(
    'unicode_assigned',
    [text],
    bool,
    (_, value: string) => !unassigned.test(value),
    'Whether all characters are assigned in Unicode.',
    ["unicode_assigned('abc')", 't'],
  ),
  ...overloads(
    'to_ascii',
    'Text without accents; of Latin encodings only, which this database is not in.',
    null,
    [
      [[text], text, () => refuseAscii()],
      [[text, name], text, () => refuseAscii()],
      [[text, int4], text, () => refuseAscii()],
    ],
  ),
];

function refuseAscii(): never {
  throw new DecentDbError('0A000', 'encoding conversion from UTF8 to ASCII not supported');
}
