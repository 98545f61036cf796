// Splits a script into statements without parsing it: what a shell needs to know whether to ask for another line.
//
// I1  A `;` ends a statement unless inside parentheses (CREATE RULE) or a BEGIN ATOMIC ... END body.
// I2  Works on any text, also on one that does not parse.

import * as K from './keywords.ts';
import { DEFAULT_SQL_LIMITS } from './limits.ts';
import { TokenStream } from './token-stream.ts';
import * as T from './tokens.ts';

export interface StatementText {
  readonly text: string;
  /** Offsets of the statement without its `;`. */
  readonly start: number;
  readonly end: number;
  /** Whether a `;` ended it. */
  readonly complete: boolean;
  /** What is still open in an incomplete statement, as a shell's prompt shows it: a quote, comment, dollar quote, parenthesis, or nothing. */
  readonly open: 'string' | 'identifier' | 'comment' | 'dollar' | 'paren' | null;
}

function openOf(message: string): StatementText['open'] {
  if (message.startsWith('unterminated quoted identifier')) return 'identifier';
  if (message.startsWith('unterminated dollar')) return 'dollar';
  if (message.startsWith('unterminated /*')) return 'comment';
  return message.startsWith('unterminated') ? 'string' : null;
}

/** The statements of a script; the last one may be incomplete.
 *
 * @example
 * splitStatements("SELECT ';'; SELECT (1") // two: complete, and incomplete with open 'paren'
 */
export function splitStatements(sql: string): StatementText[] {
  const stream = new TokenStream(sql, { ...DEFAULT_SQL_LIMITS, tokensMax: Number.MAX_SAFE_INTEGER }, 0);
  const statements: StatementText[] = [];
  let start = -1;
  let end = 0;
  let parens = 0;
  // Depth of BEGIN ATOMIC bodies and the CASEs in them.
  let body = 0;
  const push = (complete: boolean, open: StatementText['open']): void => {
    if (start >= 0) statements.push({ text: sql.slice(start, end), start, end, complete, open });
    start = -1;
    parens = 0;
    body = 0;
  };
  try {
    for (let i = 0; ; i++) {
      if (i >= stream.count) {
        stream.restart(stream.count);
        i = 0;
        stream.fill();
      }
      const kind = stream.kinds[i]!;
      if (kind === T.EOF) {
        push(false, parens > 0 ? 'paren' : null);
        return statements;
      }
      if (kind === T.LEX_ERROR) {
        if (start < 0) start = stream.starts[i]!;
        end = sql.length;
        push(false, openOf(stream.error?.message ?? ''));
        return statements;
      }
      if (kind === T.SEMICOLON && parens === 0 && body === 0) {
        push(true, null);
        continue;
      }
      if (start < 0) start = stream.starts[i]!;
      end = stream.ends[i]!;
      if (kind === T.LPAREN) parens++;
      else if (kind === T.RPAREN) parens = Math.max(0, parens - 1);
      else if (kind === K.ATOMIC && i > 0 && stream.kinds[i - 1] === K.BEGIN) body = 1;
      else if (body > 0 && kind === K.CASE) body++;
      else if (body > 0 && kind === K.END) body--;
    }
  } finally {
    stream.release();
  }
}
