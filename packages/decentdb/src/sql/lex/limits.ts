// Limits on SQL text (RELIABILITY: a limit on everything) and the errors of the lexer and parser.
//
// I1  Positions in errors are 1-based UTF-16 positions: `sql[position - 1]` is the character meant.

import { DecentDbError } from '../../base/errors.ts';

export interface SqlLimits {
  /** Bytes of one text handed to the parser, counted as UTF-8. */
  readonly textBytesMax: number;
  /** Tokens of one statement. */
  readonly tokensMax: number;
  /** Depth of parentheses, subqueries and expression trees. */
  readonly nestingMax: number;
  /** Arguments of one function call. */
  readonly functionArgumentsMax: number;
  /** Highest `$n`. */
  readonly parametersMax: number;
}

export const DEFAULT_SQL_LIMITS: SqlLimits = {
  textBytesMax: 16 * 1024 * 1024,
  tokensMax: 1_000_000,
  nestingMax: 1_000,
  functionArgumentsMax: 100,
  parametersMax: 65_535,
};

/** What limits may be raised to. */
export const SQL_LIMITS_MAX: SqlLimits = {
  textBytesMax: 512 * 1024 * 1024,
  tokensMax: 16_000_000,
  nestingMax: 5_000,
  functionArgumentsMax: 100,
  parametersMax: 65_535,
};

/** For SQL from strangers. */
export const HARDENED_SQL_LIMITS: SqlLimits = {
  textBytesMax: 100_000,
  tokensMax: 20_000,
  nestingMax: 64,
  functionArgumentsMax: 16,
  parametersMax: 1_000,
};

/** An error at offset `at` of `sql`. */
export function sqlError(
  code: string,
  message: string,
  sql: string,
  at: number,
  hint?: string,
): DecentDbError {
  return new DecentDbError(code, message, { position: at + 1, query: sql, hint });
}

/** `syntax error at or near "token"` (42601), or `at end of input` when the token is empty. */
export function syntaxErrorAt(sql: string, start: number, end: number, what = 'syntax error'): DecentDbError {
  const message =
    start >= sql.length || end <= start
      ? `${what} at end of input`
      : `${what} at or near "${sql.slice(start, end)}"`;
  return sqlError('42601', message, sql, start);
}

/** Refuses texts over the limit (54000) before a character of them is read. */
export function checkTextBytes(sql: string, limits: SqlLimits): void {
  if (sql.length * 3 <= limits.textBytesMax) return;
  if (sql.length <= limits.textBytesMax && utf8Bytes(sql) <= limits.textBytesMax) return;
  throw new DecentDbError('54000', `SQL text exceeds the limit of ${limits.textBytesMax} bytes`);
}

function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x80) continue;
    // Two units of a surrogate pair make four bytes: two each.
    bytes += c < 0x800 || (c >= 0xd800 && c < 0xe000) ? 1 : 2;
  }
  return bytes;
}
