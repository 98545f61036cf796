// U&'...' and U&"..." contents: \XXXX and \+XXXXXX with a choosable escape character.

import { sqlError, syntaxErrorAt } from './limits.ts';
import * as T from './tokens.ts';

export interface Uescape {
  readonly escape: number;
  /** Offset after the UESCAPE clause, or after the literal when there is none. */
  readonly end: number;
}

/** Reads an optional `UESCAPE 'c'` after a literal that ends at `from`. */
export function findUescape(sql: string, from: number): Uescape {
  let at = skipBlanks(sql, from);
  if (sql.slice(at, at + 7).toLowerCase() !== 'uescape') return { escape: 92, end: from };
  const after = sql.charCodeAt(at + 7);
  if (after >= 128 || T.CHAR_CLASS[after] === T.CLASS_IDENT_START || T.CHAR_CLASS[after] === T.CLASS_DIGIT)
    return { escape: 92, end: from };
  at = skipBlanks(sql, at + 7);
  if (sql.charCodeAt(at) !== 39)
    throw syntaxErrorAt(sql, at, at + 1, 'UESCAPE must be followed by a simple string literal');
  const end = sql.indexOf("'", at + 1);
  // '''' is the quote itself.
  const c = sql.charCodeAt(at + 1);
  if (end !== at + 2 || isHexDigit(c) || c === 43 || c === 34 || T.CHAR_CLASS[c] === T.CLASS_SPACE)
    throw syntaxErrorAt(sql, at, end < 0 ? sql.length : end + 1, 'invalid Unicode escape character');
  return { escape: c, end: end + 1 };
}

function skipBlanks(sql: string, from: number): number {
  let at = from;
  for (;;) {
    const c = sql.charCodeAt(at);
    if (c < 128 && T.CHAR_CLASS[c] === T.CLASS_SPACE) at++;
    else if (c === 45 && sql.charCodeAt(at + 1) === 45) {
      while (at < sql.length && sql.charCodeAt(at) !== 10) at++;
    } else return at;
  }
}

function isHexDigit(c: number): boolean {
  return (c >= 48 && c <= 57) || ((c | 0x20) >= 97 && (c | 0x20) <= 102);
}

/** `raw` has its quotes undoubled already; `at` is only for error positions. */
export function decodeUnicodeEscapes(sql: string, raw: string, at: number, escape: number): string {
  let out = '';
  let from = 0;
  let high = 0;
  let i = 0;
  while (i < raw.length) {
    if (raw.charCodeAt(i) !== escape) {
      if (high !== 0) throw invalidPair(sql, at + i);
      i++;
      continue;
    }
    out += raw.slice(from, i);
    let end = i + 2;
    if (raw.charCodeAt(i + 1) === escape) {
      if (high !== 0) throw invalidPair(sql, at + i);
      out += raw.charAt(i);
    } else {
      const plus = raw.charCodeAt(i + 1) === 43;
      end = plus ? i + 8 : i + 5;
      const value = hexValue(sql, raw.slice(plus ? i + 2 : i + 1, end), plus ? 6 : 4, at + i);
      high = appendable(sql, value, high, at + i);
      if (high === 0) out += String.fromCodePoint(combined);
    }
    i = end;
    from = end;
  }
  if (high !== 0) throw invalidPair(sql, at + i);
  return out + raw.slice(from);
}

/** Returns the pending high surrogate, or 0 with the complete code point in `combined`. */
let combined = 0;
function appendable(sql: string, value: number, high: number, at: number): number {
  if (value === 0 || value > 0x10ffff) throw sqlError('42601', 'invalid Unicode escape value', sql, at);
  const isHigh = value >= 0xd800 && value < 0xdc00;
  const isLow = value >= 0xdc00 && value < 0xe000;
  if (high !== 0) {
    if (!isLow) throw invalidPair(sql, at);
    combined = 0x10000 + ((high - 0xd800) << 10) + (value - 0xdc00);
    return 0;
  }
  if (isLow) throw invalidPair(sql, at);
  if (isHigh) return value;
  combined = value;
  return 0;
}

function hexValue(sql: string, digits: string, count: number, at: number): number {
  for (let i = 0; i < count; i++) {
    if (i >= digits.length || !isHexDigit(digits.charCodeAt(i)))
      throw sqlError(
        '42601',
        'invalid Unicode escape',
        sql,
        at,
        'Unicode escapes must be \\XXXX or \\+XXXXXX.',
      );
  }
  return Number.parseInt(digits, 16);
}

function invalidPair(sql: string, at: number): Error {
  return sqlError('42601', 'invalid Unicode surrogate pair', sql, at);
}
