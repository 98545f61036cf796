/**
 * String functions in terms of characters (code points).
 *
 * I1  Positions and lengths count characters. Text without surrogates takes the plain UTF-16 path.
 * I2  A result may not exceed VALUE_LENGTH_MAX characters (54000).
 */
import { DecentDbError } from '../base/errors.ts';
import { codePointLength, isBasicPlane, offsetOfCodePoint } from '../types/text-order.ts';

export const VALUE_LENGTH_MAX = 268_435_456;

export function tooLong(): DecentDbError {
  return new DecentDbError('54000', 'requested length too large');
}

/** substring(text from start for count); positions are 1-based and may lie outside. */
export function substring(text: string, start: number, count: number | null): string {
  if (count !== null && count < 0) throw new DecentDbError('22011', 'negative substring length not allowed');
  const from = Math.max(start, 1) - 1;
  const to = count === null ? Number.POSITIVE_INFINITY : start + count - 1;
  if (to <= from) return '';
  if (isBasicPlane(text)) return text.slice(from, Math.min(to, text.length));
  return text.slice(
    offsetOfCodePoint(text, from),
    to === Number.POSITIVE_INFINITY ? text.length : offsetOfCodePoint(text, to),
  );
}

/** 1-based position of `part`, 0 when absent. */
export function position(text: string, part: string): number {
  const at = text.indexOf(part);
  return at < 0 ? 0 : codePointLength(text.slice(0, at)) + 1;
}

export function left(text: string, count: number): string {
  if (count >= 0) return substring(text, 1, count);
  return substring(text, 1, Math.max(codePointLength(text) + count, 0));
}

export function right(text: string, count: number): string {
  const length = codePointLength(text);
  return substring(text, (count >= 0 ? Math.max(length - count, 0) : -count) + 1, null);
}

export function reverse(text: string): string {
  return isBasicPlane(text) ? text.split('').reverse().join('') : [...text].reverse().join('');
}

export function repeat(text: string, count: number): string {
  if (count <= 0 || text === '') return '';
  if (text.length * count > VALUE_LENGTH_MAX) throw tooLong();
  return text.repeat(count);
}

function fillTo(fill: string, length: number): string {
  const characters = [...fill];
  if (characters.length === fill.length) return fill.repeat(Math.ceil(length / fill.length)).slice(0, length);
  let filled = '';
  for (let i = 0; i < length; i++) filled += characters[i % characters.length]!;
  return filled;
}

export function pad(text: string, length: number, fill: string, isLeft: boolean): string {
  if (length > VALUE_LENGTH_MAX) throw tooLong();
  const target = Math.max(length, 0);
  const present = codePointLength(text);
  if (present >= target || fill === '') return substring(text, 1, Math.min(present, target));
  const filled = fillTo(fill, target - present);
  return isLeft ? filled + text : text + filled;
}

/** Removes characters of `set` from the ends. */
export function trim(text: string, set: string, isLeading: boolean, isTrailing: boolean): string {
  const characters = new Set(set);
  let from = 0;
  let to = text.length;
  if (isLeading) {
    while (from < to) {
      const char = String.fromCodePoint(text.codePointAt(from)!);
      if (!characters.has(char)) break;
      from += char.length;
    }
  }
  if (isTrailing) {
    while (to > from) {
      const width = (text.charCodeAt(to - 1) & 0xfc00) === 0xdc00 ? 2 : 1;
      if (!characters.has(text.slice(to - width, to))) break;
      to -= width;
    }
  }
  return text.slice(from, to);
}

/** The n-th field, from the end when negative; empty when there is none. */
export function splitPart(text: string, separator: string, index: number): string {
  if (index === 0) throw new DecentDbError('22023', 'field position must not be zero');
  if (separator === '') return index === 1 || index === -1 ? text : '';
  const parts = text.split(separator);
  return (index > 0 ? parts[index - 1] : parts[parts.length + index]) ?? '';
}

/** Each character of `from` becomes the one at the same place in `to`, or nothing. */
export function translate(text: string, from: string, to: string): string {
  const targets = [...to];
  const table = new Map<string, string>();
  [...from].forEach((char, i) => {
    if (!table.has(char)) table.set(char, targets[i] ?? '');
  });
  let result = '';
  for (const char of text) result += table.get(char) ?? char;
  return result;
}

const LETTER = /[\p{L}\p{N}]/u;

/** First letter of each word upper case, the rest lower case. */
export function initialCapitals(text: string): string {
  let result = '';
  let isInWord = false;
  for (const char of text) {
    result += isInWord ? lowerCase(char) : upperCase(char);
    isInWord = LETTER.test(char);
  }
  return result;
}

/** Character by character, as the C library maps case: no letter becomes two (ß stays ß). */
export function upperCase(text: string): string {
  if (isAscii(text)) return text.toUpperCase();
  let result = '';
  for (const char of text) {
    const mapped = char.toUpperCase();
    result += codePointLength(mapped) === 1 ? mapped : char;
  }
  return result;
}

export function lowerCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  let result = '';
  for (const char of text) {
    const mapped = char.toLowerCase();
    result += codePointLength(mapped) === 1 ? mapped : char;
  }
  return result;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

export function overlay(text: string, part: string, start: number, count: number): string {
  if (start <= 0) throw new DecentDbError('22011', 'negative substring length not allowed');
  if (start + count > 2147483647) throw new DecentDbError('22003', 'integer out of range');
  return substring(text, 1, start - 1) + part + substring(text, start + count, null);
}

export function replaceAll(text: string, from: string, to: string): string {
  return from === '' ? text : text.replaceAll(from, () => to);
}

/** Code point of the first character, 0 for empty text. */
export function codeOf(text: string): number {
  return text.codePointAt(0) ?? 0;
}

export function characterOf(code: number): string {
  if (code === 0) throw new DecentDbError('54000', 'null character not permitted');
  if (code < 0) throw new DecentDbError('22023', 'character number must be positive');
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    throw new DecentDbError(
      '54000',
      code > 0x10ffff
        ? 'requested character too large for encoding: ' + code
        : `requested character not valid for encoding: ${code}`,
    );
  }
  return String.fromCodePoint(code);
}

const RESERVED = new Set(
  'all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value lateral leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references returning right row select session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable'.split(
    ' ',
  ),
);

/** An SQL identifier, quoted only if it must be. */
export function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string literal. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? `E${quoted}` : quoted;
}
