// Tokens as objects, for highlighting and completion. (The parser and the plan cache read TokenStream's arrays instead.)
//
// I1  The tokens cover everything but blanks, in order; comments are tokens here.
// I2  Never throws on bad SQL: what cannot be lexed is one `error` token up to the end.

import { KEYWORD_FIRST } from './keywords.ts';
import { DEFAULT_SQL_LIMITS } from './limits.ts';
import { TokenStream } from './token-stream.ts';
import * as T from './tokens.ts';

export type TokenType =
  | 'keyword'
  | 'identifier'
  | 'number'
  | 'string'
  | 'parameter'
  | 'operator'
  | 'punctuation'
  | 'comment'
  | 'error';

export interface Token {
  readonly type: TokenType;
  /** Offsets into the text: `sql.slice(start, end)`. */
  readonly start: number;
  readonly end: number;
}

function typeOf(kind: number): TokenType {
  if (kind >= KEYWORD_FIRST) return 'keyword';
  switch (kind) {
    case T.IDENT:
      return 'identifier';
    case T.ICONST:
    case T.FCONST:
      return 'number';
    case T.SCONST:
    case T.BCONST:
    case T.XCONST:
      return 'string';
    case T.PARAM:
      return 'parameter';
    case T.LEX_ERROR:
      return 'error';
    case T.LPAREN:
    case T.RPAREN:
    case T.LBRACKET:
    case T.RBRACKET:
    case T.COMMA:
    case T.SEMICOLON:
    case T.COLON:
    case T.DOT:
      return 'punctuation';
    default:
      return 'operator';
  }
}

/** All tokens of a text.
 *
 * @example
 * tokenize('SELECT 1 -- one').map((t) => t.type) // ['keyword', 'number', 'comment']
 */
export function tokenize(sql: string): Token[] {
  const stream = new TokenStream(sql, { ...DEFAULT_SQL_LIMITS, tokensMax: Number.MAX_SAFE_INTEGER }, 0);
  const tokens: Token[] = [];
  let at = 0;
  try {
    for (let i = 0; ; i++) {
      if (i >= stream.count) {
        stream.restart(stream.count);
        i = 0;
        stream.fill();
      }
      const kind = stream.kinds[i]!;
      const start = stream.starts[i]!;
      pushComments(sql, at, start, tokens);
      if (kind === T.EOF) return tokens;
      const end = stream.ends[i]!;
      if (end > start) tokens.push({ type: typeOf(kind), start, end });
      if (kind === T.LEX_ERROR) return tokens;
      at = end;
    }
  } finally {
    stream.release();
  }
}

/** Between two tokens there are only blanks and comments. */
function pushComments(sql: string, from: number, to: number, tokens: Token[]): void {
  let at = from;
  while (at < to) {
    const c = sql.charCodeAt(at);
    if (c !== 45 && c !== 47) {
      at++;
      continue;
    }
    const end = c === 45 ? endOfLine(sql, at, to) : endOfBlock(sql, at, to);
    tokens.push({ type: 'comment', start: at, end });
    at = end;
  }
}

function endOfLine(sql: string, from: number, to: number): number {
  let at = from;
  while (at < to && sql.charCodeAt(at) !== 10 && sql.charCodeAt(at) !== 13) at++;
  return at;
}

function endOfBlock(sql: string, from: number, to: number): number {
  let depth = 0;
  for (let at = from; at < to; at++) {
    if (sql.startsWith('/*', at)) {
      depth++;
      at++;
    } else if (sql.startsWith('*/', at)) {
      at++;
      if (--depth === 0) return at + 1;
    }
  }
  return to;
}
