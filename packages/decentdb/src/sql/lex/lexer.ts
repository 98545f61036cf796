// The lexer: PostgreSQL's lexical rules over UTF-16 code units.
//
// I1  No regular expressions and no allocation for identifiers, keywords, operators, numbers and plain strings.
// I2  standard_conforming_strings is on: a backslash means something in E'' only.
// I3  Identifier characters are A-Z a-z _ and everything from 0x80 up, then also 0-9 and $.
// Must never happen here: a loop that does not advance `at`.

import { DecentDbError } from '../../base/errors.ts';
import { keywordOf } from './keyword-lookup.ts';
import { NCHAR } from './keywords.ts';
import { sqlError, syntaxErrorAt } from './limits.ts';
import { lexNumber, lexParam } from './numbers.ts';
import {
  lexBitString,
  lexDollarString,
  lexEscapeString,
  lexQuotedIdentifier,
  lexString,
  lexUnicodeIdentifier,
  lexUnicodeString,
} from './strings.ts';
import type { TokenStream } from './token-stream.ts';
import * as T from './tokens.ts';

const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const UPPER_BIT = 0x20;

/** Appends the tokens of one statement, through `;` or EOF. A lexical error ends them with LEX_ERROR. */
export function lexStatement(s: TokenStream): void {
  try {
    const first = s.count;
    for (;;) {
      const kind = lexToken(s);
      if (kind === T.EOF || kind === T.SEMICOLON) return;
      if (s.count - first > s.limits.tokensMax)
        throw sqlError('54000', `statement exceeds the limit of ${s.limits.tokensMax} tokens`, s.sql, s.at);
    }
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
    s.error = error;
    s.push(T.LEX_ERROR, (error.position ?? s.at + 1) - 1, s.sql.length, T.FORM_SLICE);
  }
}

/** Skips blanks and comments, then appends one token and returns its kind. */
function lexToken(s: TokenStream): number {
  const sql = s.sql;
  const length = sql.length;
  let at = s.at;
  for (;;) {
    if (at >= length) {
      s.at = length;
      s.push(T.EOF, length, length, T.FORM_SLICE);
      return T.EOF;
    }
    const c = sql.charCodeAt(at);
    const charClass = c < 128 ? T.CHAR_CLASS[c]! : T.CLASS_IDENT_START;
    switch (charClass) {
      case T.CLASS_SPACE:
        at++;
        continue;
      case T.CLASS_IDENT_START:
        return lexWord(s, at, c);
      case T.CLASS_DIGIT:
        return lexNumber(s, at);
      case T.CLASS_OPERATOR: {
        const next = sql.charCodeAt(at + 1);
        if (c === 45 && next === 45) at = skipLineComment(sql, at + 2);
        else if (c === 47 && next === 42) at = skipBlockComment(sql, at);
        else return lexOperator(s, at, c);
        continue;
      }
      case T.CLASS_SELF:
        return lexSelf(s, at, c);
      default:
        return lexOther(s, at, c);
    }
  }
}

function lexOther(s: TokenStream, at: number, c: number): number {
  if (c === QUOTE) return lexString(s, at);
  if (c === DOUBLE_QUOTE) return lexQuotedIdentifier(s, at);
  if (c === DOLLAR) {
    const next = s.sql.charCodeAt(at + 1);
    if (next >= 48 && next <= 57) return lexParam(s, at);
    return lexDollarString(s, at);
  }
  throw syntaxErrorAt(s.sql, at, at + 1);
}

/** Identifiers, keywords, and the string forms that begin with a letter. */
function lexWord(s: TokenStream, start: number, first: number): number {
  const sql = s.sql;
  const length = sql.length;
  const next = sql.charCodeAt(start + 1);
  if (next === QUOTE || next === 38) {
    const special = lexPrefixedString(s, start, first | UPPER_BIT, next);
    if (special >= 0) return special;
  }
  let at = start;
  let hash = 0;
  let upper = false;
  let c = first;
  for (;;) {
    if (c >= 65 && c <= 90) upper = true;
    hash = (Math.imul(hash, 31) + (c | 0x20)) | 0;
    if (++at >= length) break;
    c = sql.charCodeAt(at);
    if (c >= 128) continue;
    const charClass = T.CHAR_CLASS[c]!;
    if (charClass !== T.CLASS_IDENT_START && charClass !== T.CLASS_DIGIT && c !== DOLLAR) break;
  }
  s.at = at;
  const keyword = keywordOf(sql, start, at, hash);
  const kind = keyword === 0 ? T.IDENT : keyword;
  s.push(kind, start, at, upper ? T.FORM_LOWER : T.FORM_SLICE);
  return kind;
}

/** E'' B'' X'' N'' U&'' U&""; -1 when the letter is just a letter. */
function lexPrefixedString(s: TokenStream, start: number, letter: number, next: number): number {
  if (next === 38) {
    if (letter !== 117) return -1;
    const quote = s.sql.charCodeAt(start + 2);
    if (quote === QUOTE) return lexUnicodeString(s, start);
    if (quote === DOUBLE_QUOTE) return lexUnicodeIdentifier(s, start);
    return -1;
  }
  switch (letter) {
    case 101:
      return lexEscapeString(s, start);
    case 98:
    case 120:
      return lexBitString(s, start, letter);
    case 110:
      // N'...' is the keyword NCHAR followed by a string.
      s.push(NCHAR, start, start + 1, T.FORM_LOWER);
      s.at = start + 1;
      return NCHAR;
    default:
      return -1;
  }
}

function lexSelf(s: TokenStream, at: number, c: number): number {
  const next = s.sql.charCodeAt(at + 1);
  let kind = T.SELF_TOKEN[c]!;
  let end = at + 1;
  if (c === 46) {
    if (next >= 48 && next <= 57) return lexNumber(s, at);
    if (next === 46) {
      kind = T.DOT_DOT;
      end++;
    }
  } else if (c === 58) {
    if (next === 58) {
      kind = T.TYPECAST;
      end++;
    } else if (next === 61) {
      kind = T.COLON_EQUALS;
      end++;
    }
  }
  s.push(kind, at, end, T.FORM_SLICE);
  s.at = end;
  return kind;
}

/** Whether an operator holding this character may end in + or -. */
function allowsTrailingSign(c: number): boolean {
  // ~ ! @ # ^ & | ` ? %
  return (
    c === 126 ||
    c === 33 ||
    c === 64 ||
    c === 35 ||
    c === 94 ||
    c === 38 ||
    c === 124 ||
    c === 96 ||
    c === 63 ||
    c === 37
  );
}

function lexOperator(s: TokenStream, start: number, first: number): number {
  const sql = s.sql;
  let end = start + 1;
  for (;;) {
    const c = sql.charCodeAt(end);
    if (!(c < 128) || T.CHAR_CLASS[c] !== T.CLASS_OPERATOR) break;
    // A comment ends the operator.
    const next = sql.charCodeAt(end + 1);
    if ((c === 45 && next === 45) || (c === 47 && next === 42)) break;
    end++;
  }
  if (end - start > 1) end = dropTrailingSigns(sql, start, end);
  let kind: number = T.OP;
  if (end - start === 1) kind = T.SELF_TOKEN[first] || T.OP;
  else if (end - start === 2) kind = twoCharOperator(first, sql.charCodeAt(start + 1));
  s.push(kind, start, end, T.FORM_SLICE);
  s.at = end;
  return kind;
}

/** `a*-b`: an operator keeps a trailing + or - only when one of ~!@#^&|`?% is in it. */
function dropTrailingSigns(sql: string, start: number, end: number): number {
  const last = sql.charCodeAt(end - 1);
  if (last !== 43 && last !== 45) return end;
  for (let i = start; i < end - 1; i++) if (allowsTrailingSign(sql.charCodeAt(i))) return end;
  let at = end;
  while (at - start > 1 && (sql.charCodeAt(at - 1) === 43 || sql.charCodeAt(at - 1) === 45)) at--;
  return at;
}

function twoCharOperator(a: number, b: number): number {
  if (a === 61 && b === 62) return T.EQUALS_GREATER;
  if (a === 62 && b === 61) return T.GE;
  if (a === 60 && b === 61) return T.LE;
  if (a === 60 && b === 62) return T.NE;
  if (a === 33 && b === 61) return T.NE;
  return T.OP;
}

function skipLineComment(sql: string, from: number): number {
  let at = from;
  while (at < sql.length) {
    const c = sql.charCodeAt(at);
    if (c === 10 || c === 13) break;
    at++;
  }
  return at;
}

/** Block comments nest. */
function skipBlockComment(sql: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < sql.length) {
    const c = sql.charCodeAt(at);
    const next = sql.charCodeAt(at + 1);
    if (c === 47 && next === 42) {
      depth++;
      at += 2;
    } else if (c === 42 && next === 47) {
      depth--;
      at += 2;
      if (depth === 0) return at;
    } else at++;
  }
  throw syntaxErrorAt(sql, start, sql.length, 'unterminated /* comment');
}
