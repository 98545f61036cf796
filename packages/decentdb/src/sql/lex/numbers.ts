// Numeric literals and `$n` parameters.
//
// I1  ICONST values fit a signed 32-bit integer; larger integers are FCONST, as in PostgreSQL.
// I2  Digits may be grouped by single underscores, between digits only.

import { sqlError, syntaxErrorAt } from './limits.ts';
import type { TokenStream } from './token-stream.ts';
import * as T from './tokens.ts';

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isIdentStart(c: number): boolean {
  return c >= 128 || (c >= 0 && T.CHAR_CLASS[c] === T.CLASS_IDENT_START);
}

/** End of a run of digits of `radix` with underscores between them; `from` itself when there is none. */
function endOfDigits(sql: string, from: number, radix: number): number {
  let at = from;
  for (;;) {
    const c = sql.charCodeAt(at);
    if (isRadixDigit(c, radix)) at++;
    else if (c === 95 && at > from && isRadixDigit(sql.charCodeAt(at + 1), radix)) at++;
    else return at;
  }
}

function isRadixDigit(c: number, radix: number): boolean {
  if (radix === 16) return isDigit(c) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
  return c >= 48 && c < 48 + radix;
}

/** At a digit, or at a dot that a digit follows. */
export function lexNumber(s: TokenStream, start: number): number {
  const sql = s.sql;
  if (sql.charCodeAt(start) === 48) {
    const radix = radixOf(sql.charCodeAt(start + 1));
    if (radix !== 0) return lexRadixInteger(s, start, radix);
  }
  let isReal = false;
  let at = endOfDigits(sql, start, 10);
  if (sql.charCodeAt(at) === 46 && sql.charCodeAt(at + 1) !== 46) {
    isReal = true;
    at = endOfDigits(sql, at + 1, 10);
  }
  const e = sql.charCodeAt(at);
  if (e === 101 || e === 69) {
    const sign = sql.charCodeAt(at + 1);
    const digits = sign === 43 || sign === 45 ? at + 2 : at + 1;
    const end = endOfDigits(sql, digits, 10);
    if (end > digits) {
      isReal = true;
      at = end;
    } else if (digits === at + 2)
      throw syntaxErrorAt(sql, start, digits, 'trailing junk after numeric literal');
  }
  if (isIdentStart(sql.charCodeAt(at))) throw trailingJunk(sql, start, at);
  return pushNumber(s, start, at, isReal ? Number.NaN : integerValue(sql, start, at, 10));
}

function radixOf(letter: number): number {
  if (letter === 120 || letter === 88) return 16;
  if (letter === 111 || letter === 79) return 8;
  if (letter === 98 || letter === 66) return 2;
  return 0;
}

function lexRadixInteger(s: TokenStream, start: number, radix: number): number {
  const sql = s.sql;
  // 0x_1F is allowed: an underscore may follow the prefix.
  const from = sql.charCodeAt(start + 2) === 95 ? start + 3 : start + 2;
  const at = endOfDigits(sql, from, radix);
  if (at === from) {
    const name = radix === 16 ? 'hexadecimal' : radix === 8 ? 'octal' : 'binary';
    const end = start + 2;
    if (isIdentStart(sql.charCodeAt(end)) || isDigit(sql.charCodeAt(end)))
      throw syntaxErrorAt(sql, start, end, `invalid ${name} integer`);
    throw syntaxErrorAt(sql, start, end, `invalid ${name} integer`);
  }
  const c = sql.charCodeAt(at);
  if (isIdentStart(c) || isDigit(c)) throw trailingJunk(sql, start, at);
  return pushNumber(s, start, at, integerValue(sql, from, at, radix));
}

function trailingJunk(sql: string, start: number, from: number): Error {
  let end = from;
  while (end < sql.length) {
    const c = sql.charCodeAt(end);
    if (!isIdentStart(c) && !isDigit(c) && c !== 36) break;
    end++;
  }
  return syntaxErrorAt(sql, start, Math.max(end, from), 'trailing junk after numeric literal');
}

/** The value when it is at most 2^31 - 1, else NaN. */
export function integerValue(sql: string, start: number, end: number, radix: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const c = sql.charCodeAt(at);
    if (c === 95) continue;
    value = value * radix + (c <= 57 ? c - 48 : (c | 0x20) - 87);
    if (value > 0x7fffffff) return Number.NaN;
  }
  return value;
}

function pushNumber(s: TokenStream, start: number, end: number, value: number): number {
  const kind = value === value ? T.ICONST : T.FCONST;
  s.push(kind, start, end, T.FORM_SLICE);
  s.at = end;
  return kind;
}

/** `$n`. */
export function lexParam(s: TokenStream, start: number): number {
  const sql = s.sql;
  let at = start + 1;
  while (isDigit(sql.charCodeAt(at))) at++;
  if (isIdentStart(sql.charCodeAt(at))) {
    let end = at;
    while (isIdentStart(sql.charCodeAt(end)) || isDigit(sql.charCodeAt(end))) end++;
    throw syntaxErrorAt(sql, start, end, 'trailing junk after parameter');
  }
  const value = integerValue(sql, start + 1, at, 10);
  if (value !== value) throw syntaxErrorAt(sql, start, at, 'parameter number too large');
  if (value > s.limits.parametersMax)
    throw sqlError('54000', `parameter number exceeds the limit of ${s.limits.parametersMax}`, sql, start);
  s.push(T.PARAM, start, at, T.FORM_SLICE);
  s.at = at;
  return T.PARAM;
}

/** The value of an ICONST token, in any radix. */
export function iconstValue(sql: string, start: number, end: number): number {
  if (sql.charCodeAt(start) === 48 && end - start > 2) {
    const radix = radixOf(sql.charCodeAt(start + 1));
    if (radix !== 0) return integerValue(sql, start + 2, end, radix);
  }
  return integerValue(sql, start, end, 10);
}
