/**
 * Literals of a statement's text, found without parsing it.
 *
 * Two texts that differ only in literals have the same skeleton; a plan made for one can serve the other with the literals as
 * parameters (templates.ts decides which literals).
 *
 * I1  Only plain texts are scanned: whatever this scanner does not understand completely makes it give up (null), never guess.
 * I2  Integers count as literals up to nine digits, so that each has PostgreSQL's type integer; decimals (`12.50`) up to
 *     fifteen; strings if they have no backslash. Everything else is part of the skeleton.
 * I3  The key tells the three kinds apart: texts with equal keys have literals of equal kinds.
 */

/** An integer as its value, a string or decimal as its text. */
export type Literal = number | string;

/** The text without its literals, and the literals in order. */
export interface Skeleton {
  readonly key: string;
  readonly values: readonly Literal[];
  /** Offsets of the literals in the text. */
  readonly locations: readonly number[];
}

const DIGITS_MAX = 9;
const DECIMAL_CHARS_MAX = 16;
const TEXT_MAX = 4000;
const LITERALS_MAX = 100;

const CharKind = { other: 0, word: 1, digit: 2, quote: 3, stop: 4 } as const;

const classes: Uint8Array = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  const isLetter = (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95;
  if (isLetter) classes[c] = CharKind.word;
  else if (c >= 48 && c <= 57) classes[c] = CharKind.digit;
  else if (c === 39) classes[c] = CharKind.quote;
  else if (c === 34 || c === 36 || c === 92 || c === 59 || c === 63 || c === 64 || c === 58)
    classes[c] = CharKind.stop;
}

/** Null for texts that hold comments, quoted names, parameters, several statements, or no literal. */
export function scanLiterals(sql: string): Skeleton | null {
  const { length } = sql;
  if (length > TEXT_MAX) return null;
  const values: Literal[] = [];
  const locations: number[] = [];
  let key = '';
  let from = 0;
  let at = 0;
  while (at < length) {
    const c = sql.charCodeAt(at);
    if (c > 127) return null;
    const kind = classes[c];
    if (kind === CharKind.word) {
      at++;
      for (; at < length; at++) {
        const k = classes[sql.charCodeAt(at)];
        if (k !== CharKind.word && k !== CharKind.digit) break;
      }
      // E'..', B'..', X'..', U&'..', and typed literals such as date '...' stay with the parser.
      if (at < length && sql.charCodeAt(at) === 39) return null;
    } else if (kind === CharKind.digit) {
      const start = at;
      let value = 0;
      for (; at < length && classes[sql.charCodeAt(at)] === CharKind.digit; at++)
        value = value * 10 + sql.charCodeAt(at) - 48;
      const next = at < length ? sql.charCodeAt(at) : 32;
      const before = start > 0 ? sql.charCodeAt(start - 1) : 32;
      if (next === 46 && before !== 46 && values.length < LITERALS_MAX) {
        const end = endOfDecimal(sql, start, at + 1);
        if (end !== -1) {
          key += `${sql.slice(from, start)}\u0003`;
          values.push(sql.slice(start, end));
          locations.push(start);
          at = end;
          from = at;
          continue;
        }
      }
      const isPlain = next !== 46 && before !== 46 && classes[next] !== CharKind.word && next < 128;
      if (!isPlain || at - start > DIGITS_MAX || values.length === LITERALS_MAX) {
        // Exponents, large numbers: part of the skeleton.
        while (at < length && isNumberPart(sql.charCodeAt(at))) at++;
        continue;
      }
      key += `${sql.slice(from, start)}\u0001`;
      values.push(value);
      locations.push(start);
      from = at;
    } else if (kind === CharKind.quote) {
      const end = endOfText(sql, at + 1);
      if (end === -1 || values.length === LITERALS_MAX) return null;
      const text = sql.slice(at + 1, end);
      key += `${sql.slice(from, at)}\u0002`;
      values.push(text);
      locations.push(at);
      at = end + 1;
      from = at;
    } else if (kind === CharKind.stop) {
      // A cast; a single colon may begin a parameter.
      if (c !== 58 || sql.charCodeAt(at + 1) !== 58) return null;
      at += 2;
    } else {
      if ((c === 45 || c === 47) && at + 1 < length) {
        const next = sql.charCodeAt(at + 1);
        if ((c === 45 && next === 45) || (c === 47 && next === 42)) return null;
      }
      at++;
    }
  }
  if (values.length === 0) return null;
  return { key: key + sql.slice(from), values, locations };
}

/** End of `digits.digits` with nothing attached, given the offset behind the point; -1 for other numbers. */
function endOfDecimal(sql: string, start: number, from: number): number {
  let at = from;
  while (at < sql.length && classes[sql.charCodeAt(at)] === CharKind.digit) at++;
  const next = at < sql.length ? sql.charCodeAt(at) : 32;
  const isPlain = at > from && next !== 46 && classes[next] !== CharKind.word && next < 128;
  return isPlain && at - start <= DECIMAL_CHARS_MAX ? at : -1;
}

/**
 * Offset of the closing quote; -1 for texts with doubled quotes, backslashes, line ends or anything beyond ASCII, and for those
 * that go on behind a line end ('a' newline 'b' is 'ab').
 */
function endOfText(sql: string, from: number): number {
  for (let at = from; at < sql.length; at++) {
    const c = sql.charCodeAt(at);
    if (c === 39) return isFollowedByQuote(sql, at + 1) ? -1 : at;
    if (c === 92 || c < 32 || c > 126) return -1;
  }
  return -1;
}

function isFollowedByQuote(sql: string, from: number): boolean {
  let at = from;
  while (at < sql.length && sql.charCodeAt(at) <= 32) at++;
  return at < sql.length && sql.charCodeAt(at) === 39;
}

function isNumberPart(c: number): boolean {
  return c === 46 || classes[c] === CharKind.digit || classes[c] === CharKind.word;
}
