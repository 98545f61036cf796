// The parser's state: the current token, look-ahead, depth counters, and the errors of syntax. The grammar itself is a
// set of functions over it, one file a family.
//
// I1  `kind` is always kinds[pos]. `peek` never looks past a `;`: what follows is not lexed yet.
// I2  Recursion that depends on the input passes through `enter`/`leave`, so depth is bounded by nestingMax (54001).
// I3  `height` bounds the height of expression trees too (a long chain of + is deep without being nested): walkers of the
//     tree may recurse as deep as HEIGHT_SLACK + nestingMax levels of expressions and no deeper.

import type { DecentDbError } from '../../base/errors.ts';
import { CLASS_COL_NAME, CLASS_TYPE_FUNC_NAME, KEYWORD_CLASS, KEYWORD_FIRST } from '../lex/keywords.ts';
import { sqlError, syntaxErrorAt } from '../lex/limits.ts';
import { iconstValue } from '../lex/numbers.ts';
import { TokenStream } from '../lex/token-stream.ts';
import * as T from '../lex/tokens.ts';

/** A query and its outermost expression are levels too, but no nesting. */
const DEPTH_SLACK = 2;
/** Trees may be this much higher than nestingMax: what one parenthesis level adds at most besides itself. */
const HEIGHT_SLACK = 24;

export class Parser extends TokenStream {
  pos = 0;
  kind = 0;
  depth = 0;
  height = 0;
  /** Memo for `parenRunKind`: the run of ( that begins at or before `pos` ends here, at a token of this kind. */
  parenRunEnd = -1;

  /** Lexes the first statement and stands on its first token. */
  start(): void {
    this.fill();
    this.kind = this.kinds[0]!;
  }

  next(): void {
    if (++this.pos >= this.count) this.fill();
    this.kind = this.kinds[this.pos]!;
  }

  peek(distance = 1): number {
    const i = this.pos + distance;
    return i < this.count ? this.kinds[i]! : T.EOF;
  }

  accept(kind: number): boolean {
    if (this.kind !== kind) return false;
    this.next();
    return true;
  }

  expect(kind: number): void {
    if (this.kind !== kind) this.fail();
    this.next();
  }

  /** Accepts both keywords or neither. */
  accept2(first: number, second: number): boolean {
    if (this.kind !== first || this.peek() !== second) return false;
    this.next();
    this.next();
    return true;
  }

  get location(): number {
    return this.starts[this.pos]!;
  }

  /** End of the token before the current one. */
  get previousEnd(): number {
    return this.pos > 0 ? this.ends[this.pos - 1]! : 0;
  }

  /** The current token's text as a name (identifiers) or value (strings), and moves on. */
  takeName(): string {
    const name = this.name(this.pos);
    this.next();
    return name;
  }

  takeText(): string {
    const text = this.text(this.pos);
    this.next();
    return text;
  }

  takeString(): string {
    if (this.kind !== T.SCONST) this.fail();
    return this.takeText();
  }

  takeInteger(): number {
    if (this.kind !== T.ICONST) this.fail();
    const value = this.currentInteger();
    this.next();
    return value;
  }

  currentInteger(): number {
    return iconstValue(this.sql, this.starts[this.pos]!, this.ends[this.pos]!);
  }

  fail(): never {
    throw this.syntaxError(this.pos);
  }

  syntaxError(i: number, what = 'syntax error'): DecentDbError {
    if (this.kinds[i] === T.LEX_ERROR && this.error !== null) return this.error;
    return syntaxErrorAt(this.sql, this.starts[i]!, this.ends[i]!, what);
  }

  errorAt(code: string, message: string, at: number, hint?: string): DecentDbError {
    // A lexical error hides behind no other.
    if (this.kind === T.LEX_ERROR && this.error !== null) return this.error;
    return sqlError(code, message, this.sql, at, hint);
  }

  enter(): void {
    if (++this.depth > this.limits.nestingMax + DEPTH_SLACK) this.failTooDeep();
  }

  leave(): void {
    this.depth--;
  }

  checkHeight(): void {
    if (this.height > this.limits.nestingMax + HEIGHT_SLACK) this.failTooDeep();
  }

  private failTooDeep(): never {
    throw sqlError(
      '54001',
      'statement too complex',
      this.sql,
      this.starts[this.pos]!,
      `Parentheses, subqueries and expressions may nest ${this.limits.nestingMax} deep.`,
    );
  }

  /** At `(`: the kind of the first token after this run of opening parentheses. */
  parenRunKind(): number {
    let i = this.parenRunEnd > this.pos && this.parenRunEnd < this.count ? this.parenRunEnd : this.pos;
    while (i < this.count && this.kinds[i] === T.LPAREN) i++;
    this.parenRunEnd = i;
    return i < this.count ? this.kinds[i]! : T.EOF;
  }
}

/** 0-3 for keywords (see keywords.ts), -1 for plain identifiers, 9 for everything else. */
export function wordClass(kind: number): number {
  if (kind >= KEYWORD_FIRST) return KEYWORD_CLASS[kind - KEYWORD_FIRST]! & 3;
  return kind === T.IDENT ? -1 : 9;
}

/** ColId: identifiers, unreserved and column-name keywords. */
export function isColId(kind: number): boolean {
  return wordClass(kind) <= CLASS_COL_NAME;
}

/** type_function_name: identifiers, unreserved and type-or-function keywords. */
export function isTypeFunctionName(kind: number): boolean {
  const c = wordClass(kind);
  return c <= 0 || c === CLASS_TYPE_FUNC_NAME;
}

/** NonReservedWord. */
export function isNonReservedWord(kind: number): boolean {
  return wordClass(kind) <= CLASS_TYPE_FUNC_NAME;
}

/** ColLabel: any word. */
export function isColLabel(kind: number): boolean {
  return wordClass(kind) <= 3;
}

/** Whether the word may be a column label without AS. */
export function isBareLabel(kind: number): boolean {
  if (kind >= KEYWORD_FIRST) return (KEYWORD_CLASS[kind - KEYWORD_FIRST]! & 4) !== 0;
  return kind === T.IDENT;
}
