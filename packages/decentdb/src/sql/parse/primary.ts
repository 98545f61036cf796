// Primary expressions: constants, columns, parentheses, CASE, CAST, ARRAY, ROW, EXISTS, typed literals.
//
// I1  A parenthesis that begins a query is recognised by looking past the run of `(`: no backtracking.

import type { CaseWhen, Expr, Indirection, SelectStmt, StringNode } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { makeFunc, parseExpr, parseInfixTail } from './expression.ts';
import { parseFunctionCall } from './function-call.ts';
import { makeBoolean, makeCast, makeNull, makeString, takeBitString, takeFloat } from './literals.ts';
import { checkStarLast, NONE, parseIndirection, parseList } from './names.ts';
import type { Parser } from './parser.ts';
import { isColId, wordClass } from './parser.ts';
import { isSelectTail, parseSelectNoParens, parseSelectTail } from './select.ts';
import { parseSpecialFunction } from './special-function.ts';
import {
  makeInteger,
  makeTypeName,
  parseConstTypeName,
  parseIntervalFields,
  parseIntervalTail,
  parseTypeName,
} from './types.ts';

/** A parenthesised query, or the expressions inside. */
export interface Parenthesized {
  readonly select: SelectStmt | null;
  readonly items: Expr[];
}

/** At `(`: whether a query starts after this run of parentheses. */
export function isQueryAhead(p: Parser): boolean {
  const kind = p.parenRunKind();
  if (kind === K.VALUES) return p.peek(p.parenRunEnd - p.pos + 1) === T.LPAREN;
  return kind === K.SELECT || kind === K.WITH || kind === K.TABLE;
}

/** At `(`: a query, or one expression, or (with `allowList`) several. */
export function parseParenthesized(p: Parser, allowList: boolean): Parenthesized {
  const isQuery = isQueryAhead(p);
  p.expect(T.LPAREN);
  let result: Parenthesized;
  if (!isQuery) {
    const items = [parseExpr(p)];
    if (allowList) while (p.accept(T.COMMA)) items.push(parseExpr(p));
    result = { select: null, items };
  } else if (p.kind === T.LPAREN) result = parseAfterInnerParen(p, allowList);
  else result = { select: parseSelectNoParens(p), items: [] };
  p.expect(T.RPAREN);
  return result;
}

/** `((query) ...`: what follows the inner parenthesis decides between query and expression. */
function parseAfterInnerParen(p: Parser, allowList: boolean): Parenthesized {
  const location = p.location;
  p.enter();
  const inner = parseParenthesized(p, true);
  p.leave();
  if (inner.select !== null) {
    if (p.kind === T.RPAREN) return inner;
    if (isSelectTail(p.kind)) return { select: parseSelectTail(p, inner.select), items: [] };
  }
  const items = [parseInfixTail(p, finishParenthesized(p, inner, location), 0, false)];
  if (allowList) while (p.accept(T.COMMA)) items.push(parseExpr(p));
  return { select: null, items };
}

/** A parenthesis as an expression: subquery, grouping with indirection, or implicit row. */
function finishParenthesized(p: Parser, inner: Parenthesized, location: number): Expr {
  if (inner.select !== null) {
    const link: Expr = {
      kind: 'SubLink',
      subLinkType: 'EXPR_SUBLINK',
      testexpr: null,
      operName: NONE,
      subselect: inner.select,
      location,
    };
    return withIndirection(p, link);
  }
  if (inner.items.length === 1) return withIndirection(p, inner.items[0]!);
  const row: Expr = { kind: 'RowExpr', args: inner.items, row_format: 'COERCE_IMPLICIT_CAST', location };
  return p.kind === K.OVERLAPS ? parseOverlaps(p, row.args, location) : row;
}

function withIndirection(p: Parser, arg: Expr): Expr {
  if (p.kind !== T.DOT && p.kind !== T.LBRACKET) return arg;
  const location = p.location;
  const indirection = parseIndirection(p);
  checkStarLast(p, indirection);
  return { kind: 'A_Indirection', arg, indirection, location };
}

/** c_expr. `restricted` is for what only a_expr has. */
export function parsePrimary(p: Parser, restricted: boolean): Expr {
  const location = p.location;
  switch (p.kind) {
    case T.IDENT:
      return parseNameExpr(p);
    case T.ICONST: {
      const node = makeInteger(p.currentInteger(), location);
      p.next();
      return node;
    }
    case T.FCONST:
      return takeFloat(p);
    case T.SCONST:
      return makeString(p.takeText(), location);
    case T.BCONST:
    case T.XCONST:
      return takeBitString(p);
    case T.PARAM: {
      const number = Number(p.sql.slice(location + 1, p.ends[p.pos]!));
      p.next();
      return withIndirection(p, { kind: 'ParamRef', number, location });
    }
    case T.LPAREN:
      return finishParenthesized(p, parseParenthesized(p, true), location);
    case K.TRUE:
      p.next();
      return makeBoolean(true, location);
    case K.FALSE:
      p.next();
      return makeBoolean(false, location);
    case K.NULL:
      p.next();
      return makeNull(location);
    case K.CASE:
      return parseCase(p);
    case K.CAST:
      return parseCast(p);
    case K.ARRAY:
      return parseArray(p);
    case K.EXISTS:
      if (p.peek() === T.LPAREN) return parseExists(p);
      return parseNameExpr(p);
    case K.ROW:
      if (p.peek() === T.LPAREN) return parseRow(p);
      return parseNameExpr(p);
    case K.GROUPING:
      if (p.peek() === T.LPAREN) return parseGrouping(p);
      return parseNameExpr(p);
    case K.DEFAULT:
      if (restricted) p.fail();
      p.next();
      return { kind: 'SetToDefault', location };
    case K.UNIQUE:
      if (restricted || p.peek() !== T.LPAREN) p.fail();
      throw p.errorAt('0A000', 'UNIQUE predicate is not yet implemented', location);
    default:
      return parseKeywordExpr(p);
  }
}

function parseKeywordExpr(p: Parser): Expr {
  if (wordClass(p.kind) > 3) p.fail();
  const special = parseSpecialFunction(p) ?? parseTypedLiteral(p);
  return special ?? parseNameExpr(p);
}

/** `integer '5'`, `interval '1' day`, `timestamp with time zone '...'`; null when the keyword is used as a name. */
function parseTypedLiteral(p: Parser): Expr | null {
  const location = p.location;
  const next = p.peek();
  if (p.kind === K.INTERVAL) {
    if (next !== T.SCONST && next !== T.LPAREN) return null;
    p.next();
    let type = next === T.LPAREN ? parseIntervalTail(p, location) : null;
    const at = p.location;
    const text = makeString(p.takeString(), at);
    type ??= makeTypeName(['pg_catalog', 'interval'], parseIntervalFields(p), location);
    return makeCast(text, type, -1);
  }
  const isType =
    next === T.SCONST ||
    next === T.LPAREN ||
    next === K.VARYING ||
    next === K.PRECISION ||
    ((next === K.WITH || next === K.WITHOUT) && p.peek(2) === K.TIME) ||
    p.kind === K.NATIONAL;
  if (!isType) return null;
  const type = parseConstTypeName(p, false);
  if (type === null) return null;
  const at = p.location;
  return makeCast(makeString(p.takeString(), at), type, -1);
}

/** A column, a function call, or `type 'literal'`. */
function parseNameExpr(p: Parser): Expr {
  const location = p.location;
  const kind = p.kind;
  const isColumn = isColId(kind);
  if (!isColumn && wordClass(kind) > 2) p.fail();
  const isFunction = kind === T.IDENT || wordClass(kind) !== 1;
  const name = p.takeName();
  switch (p.kind) {
    case T.LPAREN:
      if (!isFunction) p.fail();
      return parseFunctionCall(p, [name], location, true);
    case T.SCONST: {
      if (!isFunction) p.fail();
      return parseLiteralOf(p, [name], location);
    }
    case T.DOT:
    case T.LBRACKET:
      if (!isColumn) p.fail();
      return parseDottedName(p, name, location);
    default:
      if (!isColumn) p.fail();
      return { kind: 'ColumnRef', fields: [name], star: false, location };
  }
}

function parseLiteralOf(p: Parser, names: readonly string[], location: number): Expr {
  const at = p.location;
  return makeCast(makeString(p.takeString(), at), makeTypeName(names, NONE, location), -1);
}

function parseDottedName(p: Parser, name: string, location: number): Expr {
  const indirection = parseIndirection(p);
  const names = [name];
  let used = 0;
  while (used < indirection.length && indirection[used]!.kind === 'String')
    names.push((indirection[used++] as StringNode).sval);
  const allNames = used === indirection.length;
  if (allNames && p.kind === T.LPAREN) return parseFunctionCall(p, names, location, true);
  if (allNames && p.kind === T.SCONST) return parseLiteralOf(p, names, location);
  checkStarLast(p, indirection);
  const star = used < indirection.length && indirection[used]!.kind === 'A_Star';
  const column: Expr = { kind: 'ColumnRef', fields: names, star, location };
  if (allNames || star) return column;
  return {
    kind: 'A_Indirection',
    arg: column,
    indirection: indirection.slice(used) as Indirection[],
    location,
  };
}

function parseCase(p: Parser): Expr {
  const location = p.location;
  p.next();
  const arg = p.kind === K.WHEN ? null : parseExpr(p);
  const args: CaseWhen[] = [];
  while (p.kind === K.WHEN) {
    const at = p.location;
    p.next();
    const expr = parseExpr(p);
    p.expect(K.THEN);
    args.push({ kind: 'CaseWhen', expr, result: parseExpr(p), location: at });
  }
  if (args.length === 0) p.fail();
  const defresult = p.accept(K.ELSE) ? parseExpr(p) : null;
  p.expect(K.END);
  return { kind: 'CaseExpr', arg, args, defresult, location };
}

export function parseCast(p: Parser): Expr {
  const location = p.location;
  p.next();
  p.expect(T.LPAREN);
  const arg = parseExpr(p);
  p.expect(K.AS);
  const type = parseTypeName(p);
  p.expect(T.RPAREN);
  return makeCast(arg, type, location);
}

function parseArray(p: Parser): Expr {
  const location = p.location;
  p.next();
  if (p.kind === T.LPAREN)
    return {
      kind: 'SubLink',
      subLinkType: 'ARRAY_SUBLINK',
      testexpr: null,
      operName: NONE,
      subselect: parseSelectWithParens(p),
      location,
    };
  if (p.kind !== T.LBRACKET) p.fail();
  return parseArrayBrackets(p, location);
}

function parseArrayBrackets(p: Parser, location: number): Expr {
  p.enter();
  p.expect(T.LBRACKET);
  let elements: readonly Expr[] = NONE;
  if (p.kind === T.LBRACKET)
    elements = parseList(p, (q) => {
      if (q.kind !== T.LBRACKET) q.fail();
      return parseArrayBrackets(q, q.location);
    });
  else if (p.kind !== T.RBRACKET) elements = parseList(p, parseExpr);
  p.expect(T.RBRACKET);
  p.leave();
  return { kind: 'A_ArrayExpr', elements, location };
}

/** select_with_parens, where nothing else may stand. */
export function parseSelectWithParens(p: Parser): SelectStmt {
  if (p.kind !== T.LPAREN) p.fail();
  const inner = parseParenthesized(p, false);
  if (inner.select === null) throw p.syntaxError(firstInside(p));
  return inner.select;
}

/** The first token inside the parenthesis just read: what cannot start a query. */
function firstInside(p: Parser): number {
  let depth = 0;
  let i = p.pos - 1;
  for (; i > 0; i--) {
    if (p.kinds[i] === T.RPAREN) depth++;
    else if (p.kinds[i] === T.LPAREN && --depth === 0) break;
  }
  while (p.kinds[i] === T.LPAREN) i++;
  return i;
}

function parseExists(p: Parser): Expr {
  const location = p.location;
  p.next();
  return {
    kind: 'SubLink',
    subLinkType: 'EXISTS_SUBLINK',
    testexpr: null,
    operName: NONE,
    subselect: parseSelectWithParens(p),
    location,
  };
}

function parseRow(p: Parser): Expr {
  const location = p.location;
  p.next();
  p.expect(T.LPAREN);
  const args: readonly Expr[] = p.kind === T.RPAREN ? NONE : parseList(p, parseExpr);
  p.expect(T.RPAREN);
  if (p.kind === K.OVERLAPS) return parseOverlaps(p, args, location);
  return { kind: 'RowExpr', args, row_format: 'COERCE_EXPLICIT_CALL', location };
}

/** `(a, b) OVERLAPS (c, d)`. */
function parseOverlaps(p: Parser, left: readonly Expr[], location: number): Expr {
  const at = p.location;
  p.next();
  const rightAt = p.location;
  p.accept(K.ROW);
  if (p.kind !== T.LPAREN) p.fail();
  const right = parseParenthesized(p, true).items;
  if (left.length !== 2)
    throw p.errorAt('42601', 'wrong number of parameters on left side of OVERLAPS expression', location);
  if (right.length !== 2)
    throw p.errorAt('42601', 'wrong number of parameters on right side of OVERLAPS expression', rightAt);
  return makeFunc('overlaps', [...left, ...right], at);
}

function parseGrouping(p: Parser): Expr {
  const location = p.location;
  p.next();
  p.expect(T.LPAREN);
  const args = parseList(p, parseExpr);
  p.expect(T.RPAREN);
  return { kind: 'GroupingFunc', args, location };
}
