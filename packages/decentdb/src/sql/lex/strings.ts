// String literals and quoted identifiers.
//
// I1  Literals separated by blanks that contain a newline are one literal (SQL's continuation rule).
// I2  A plain literal or identifier without doubled quotes and continuation is never copied: the token is its slice.
// I3  Code points are validated: NUL and lone surrogates written as escapes are errors.

import { sqlError, syntaxErrorAt } from './limits.ts';
import type { TokenStream } from './token-stream.ts';
import * as T from './tokens.ts';
import { decodeUnicodeEscapes, findUescape } from './unicode-escapes.ts';

const QUOTE = 39;
const UNTERMINATED = 'unterminated quoted string';

/** Offset after the closing quote; `doubled` tells whether a doubled quote was passed. */
let doubled = false;
function endOfQuoted(sql: string, from: number, quote: string): number {
  doubled = false;
  let at = from;
  for (;;) {
    const end = sql.indexOf(quote, at);
    if (end < 0) return -1;
    if (sql.charCodeAt(end + 1) !== quote.charCodeAt(0)) return end + 1;
    doubled = true;
    at = end + 2;
  }
}

/** If the literal goes on after blanks with a newline (I1), the offset after its next opening quote, else -1. */
function continuation(sql: string, from: number): number {
  let newline = false;
  let at = from;
  for (;;) {
    const c = sql.charCodeAt(at);
    if (c === 10 || c === 13) newline = true;
    else if (c === 45 && sql.charCodeAt(at + 1) === 45) {
      while (at < sql.length && sql.charCodeAt(at) !== 10 && sql.charCodeAt(at) !== 13) at++;
      continue;
    } else if (c === QUOTE) return newline ? at + 1 : -1;
    else if (!(c < 128) || T.CHAR_CLASS[c] !== T.CLASS_SPACE) return -1;
    at++;
  }
}

/** Scans the quoted parts of a literal from after its opening quote; returns the raw inner text. Sets `partsEnd`. */
let partsEnd = 0;
function joinParts(s: TokenStream, start: number, open: number, unescapeQuotes: boolean): string {
  const sql = s.sql;
  let text = '';
  let from = open;
  for (;;) {
    const end = endOfQuoted(sql, from, "'");
    if (end < 0) throw syntaxErrorAt(sql, start, sql.length, UNTERMINATED);
    const part = sql.slice(from, end - 1);
    text += doubled && unescapeQuotes ? part.replaceAll("''", "'") : part;
    const next = continuation(sql, end);
    if (next < 0) {
      partsEnd = end;
      return text;
    }
    from = next;
  }
}

function checkNoNul(sql: string, text: string, start: number): void {
  if (text.includes('\0'))
    throw sqlError('22021', 'invalid byte sequence for encoding "UTF8": 0x00', sql, start);
}

/** `'...'`. */
export function lexString(s: TokenStream, start: number): number {
  const sql = s.sql;
  const end = endOfQuoted(sql, start + 1, "'");
  if (end < 0) throw syntaxErrorAt(sql, start, sql.length, UNTERMINATED);
  if (!doubled && continuation(sql, end) < 0) {
    s.push(T.SCONST, start, end, T.FORM_QUOTED);
    s.at = end;
    return T.SCONST;
  }
  const text = joinParts(s, start, start + 1, true);
  s.pushText(T.SCONST, start, partsEnd, text);
  s.at = partsEnd;
  return T.SCONST;
}

/** `"..."`. */
export function lexQuotedIdentifier(s: TokenStream, start: number): number {
  const sql = s.sql;
  const end = endOfQuoted(sql, start + 1, '"');
  if (end < 0) throw syntaxErrorAt(sql, start, sql.length, 'unterminated quoted identifier');
  if (end - start === 2) throw syntaxErrorAt(sql, start, end, 'zero-length delimited identifier');
  if (doubled) s.pushText(T.IDENT, start, end, sql.slice(start + 1, end - 1).replaceAll('""', '"'));
  else s.push(T.IDENT, start, end, T.FORM_QUOTED);
  s.at = end;
  return T.IDENT;
}

/** `B'...'` and `X'...'`; the stored text is `b101` / `x1F`. PostgreSQL checks the digits when it converts. */
export function lexBitString(s: TokenStream, start: number, letter: number): number {
  const text = joinParts(s, start, start + 2, false);
  const kind = letter === 98 ? T.BCONST : T.XCONST;
  s.pushText(kind, start, partsEnd, String.fromCharCode(letter) + text);
  s.at = partsEnd;
  return kind;
}

/** `$tag$...$tag$`. */
export function lexDollarString(s: TokenStream, start: number): number {
  const sql = s.sql;
  let at = start + 1;
  for (;;) {
    const c = sql.charCodeAt(at);
    if (c === 36) break;
    const charClass = c < 128 ? T.CHAR_CLASS[c]! : c >= 128 ? T.CLASS_IDENT_START : 0;
    const ok = charClass === T.CLASS_IDENT_START || (charClass === T.CLASS_DIGIT && at > start + 1);
    if (!ok) throw syntaxErrorAt(sql, start, start + 1);
    at++;
  }
  const tag = sql.slice(start, at + 1);
  const end = sql.indexOf(tag, at + 1);
  if (end < 0) throw syntaxErrorAt(sql, start, sql.length, 'unterminated dollar-quoted string');
  s.pushText(T.SCONST, start, end + tag.length, sql.slice(at + 1, end));
  s.at = end + tag.length;
  return T.SCONST;
}

/** `U&'...' [UESCAPE 'c']`. */
export function lexUnicodeString(s: TokenStream, start: number): number {
  const raw = joinParts(s, start, start + 3, true);
  const uescape = findUescape(s.sql, partsEnd);
  const text = decodeUnicodeEscapes(s.sql, raw, start + 3, uescape.escape);
  s.pushText(T.SCONST, start, uescape.end, text);
  s.at = uescape.end;
  return T.SCONST;
}

/** `U&"..." [UESCAPE 'c']`. */
export function lexUnicodeIdentifier(s: TokenStream, start: number): number {
  const sql = s.sql;
  const end = endOfQuoted(sql, start + 3, '"');
  if (end < 0) throw syntaxErrorAt(sql, start, sql.length, 'unterminated quoted identifier');
  if (end - start === 4) throw syntaxErrorAt(sql, start, end, 'zero-length delimited identifier');
  const raw = sql.slice(start + 3, end - 1).replaceAll('""', '"');
  const uescape = findUescape(sql, end);
  s.pushText(T.IDENT, start, uescape.end, decodeUnicodeEscapes(sql, raw, start + 3, uescape.escape));
  s.at = uescape.end;
  return T.IDENT;
}

/** `E'...'`: backslash escapes. */
export function lexEscapeString(s: TokenStream, start: number): number {
  const sql = s.sql;
  let text = '';
  let at = start + 2;
  let from = at;
  for (;;) {
    const c = sql.charCodeAt(at);
    if (c === QUOTE) {
      text += sql.slice(from, at);
      if (sql.charCodeAt(at + 1) === QUOTE) {
        text += "'";
        at += 2;
        from = at;
        continue;
      }
      const next = continuation(sql, at + 1);
      if (next < 0) break;
      at = next;
      from = at;
    } else if (c === 92) {
      text += sql.slice(from, at);
      text += readEscape(sql, start, at);
      at = escapeEnd;
      from = at;
    } else if (at >= sql.length) throw syntaxErrorAt(sql, start, sql.length, UNTERMINATED);
    else at++;
  }
  checkNoNul(sql, text, start);
  s.pushText(T.SCONST, start, at + 1, joinUtf8Bytes(sql, text, start));
  s.at = at + 1;
  return T.SCONST;
}

/** Bytes written as \ooo or \xhh are kept as code units U+DC80..U+DCFF until the literal is complete (as byte - 0x80). */
const BYTE_BASE = 0xdc00;

let escapeEnd = 0;
function readEscape(sql: string, start: number, at: number): string {
  const c = sql.charCodeAt(at + 1);
  escapeEnd = at + 2;
  switch (c) {
    case 98:
      return '\b';
    case 102:
      return '\f';
    case 110:
      return '\n';
    case 114:
      return '\r';
    case 116:
      return '\t';
    case 118:
      return '\v';
    case 120:
      return readByte(sql, at + 2, 16, 2, 'x');
    case 117:
      return readCodePoint(sql, at, 4);
    case 85:
      return readCodePoint(sql, at, 8);
    default:
      if (c >= 48 && c <= 55) return readByte(sql, at + 1, 8, 3, '');
      if (at + 1 >= sql.length) throw syntaxErrorAt(sql, start, sql.length, UNTERMINATED);
      // Any other character stands for itself.
      return sql.charAt(at + 1);
  }
}

function digitOf(c: number, radix: number): number {
  const value = c >= 48 && c <= 57 ? c - 48 : (c | 0x20) >= 97 && (c | 0x20) <= 102 ? (c | 0x20) - 87 : 99;
  return value < radix ? value : -1;
}

function readByte(sql: string, from: number, radix: number, digitsMax: number, literal: string): string {
  let value = 0;
  let at = from;
  while (at < from + digitsMax && digitOf(sql.charCodeAt(at), radix) >= 0) {
    value = value * radix + digitOf(sql.charCodeAt(at), radix);
    at++;
  }
  escapeEnd = at;
  if (at === from) return literal;
  value &= 0xff;
  return String.fromCharCode(value < 0x80 ? value : BYTE_BASE + value);
}

function readCodePoint(sql: string, at: number, digits: number): string {
  let value = 0;
  for (let i = 0; i < digits; i++) {
    const digit = digitOf(sql.charCodeAt(at + 2 + i), 16);
    if (digit < 0)
      throw sqlError(
        '22025',
        'invalid Unicode escape',
        sql,
        at,
        'Unicode escapes must be \\uXXXX or \\UXXXXXXXX.',
      );
    value = value * 16 + digit;
  }
  escapeEnd = at + 2 + digits;
  if (value >= 0xd800 && value < 0xdc00) return readSurrogatePair(sql, at, value);
  if (value === 0 || value > 0x10ffff)
    throw syntaxErrorAt(sql, at, escapeEnd, 'invalid Unicode escape value');
  if (value >= 0xdc00 && value < 0xe000)
    throw syntaxErrorAt(sql, at, escapeEnd, 'invalid Unicode surrogate pair');
  return String.fromCodePoint(value);
}

function readSurrogatePair(sql: string, at: number, high: number): string {
  const next = escapeEnd;
  const letter = sql.charCodeAt(next + 1);
  const digits = letter === 117 ? 4 : letter === 85 ? 8 : 0;
  let low = 0;
  for (let i = 0; i < digits; i++) low = low * 16 + Math.max(0, digitOf(sql.charCodeAt(next + 2 + i), 16));
  if (sql.charCodeAt(next) !== 92 || low < 0xdc00 || low >= 0xe000)
    throw syntaxErrorAt(sql, at, next, 'invalid Unicode surrogate pair');
  escapeEnd = next + 2 + digits;
  return String.fromCharCode(high, low);
}

/** Turns runs of bytes (readByte) into the characters they encode; an invalid sequence is 22021. */
function joinUtf8Bytes(sql: string, text: string, start: number): string {
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isByte(text, i)) continue;
    const bytes: number[] = [];
    let j = i;
    while (j < text.length && isByte(text, j)) bytes.push(text.charCodeAt(j++) - BYTE_BASE);
    let decoded: string;
    try {
      decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
    } catch (cause) {
      const shown = bytes.map((b) => `0x${b.toString(16)}`).join(' ');
      const error = sqlError('22021', `invalid byte sequence for encoding "UTF8": ${shown}`, sql, start);
      error.cause = cause;
      throw error;
    }
    out += text.slice(from, i) + decoded;
    from = j;
    i = j - 1;
  }
  return from === 0 ? text : out + text.slice(from);
}

function isByte(text: string, i: number): boolean {
  const c = text.charCodeAt(i);
  if (c < BYTE_BASE + 0x80 || c > BYTE_BASE + 0xff) return false;
  // The second half of a real character is not a byte.
  const before = i > 0 ? text.charCodeAt(i - 1) : 0;
  return !(before >= 0xd800 && before < 0xdc00);
}
