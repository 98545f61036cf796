// The functions SQL spells with keywords: EXTRACT, TRIM, SUBSTRING, COALESCE, CURRENT_DATE ...

import type { Expr, SQLValueFunctionOp } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { makeFunc, makeOp, parseExpr, parseRestrictedExpr } from './expression.ts';
import { parseFunctionArgument } from './function-call.ts';
import { parseNormalForm } from './is-test.ts';
import { parseJsonFunction } from './json.ts';
import { makeCast, makeString } from './literals.ts';
import { NONE, parseList } from './names.ts';
import type { Parser } from './parser.ts';
import { parseCast } from './primary.ts';
import { makeInteger, parseTypeName, systemType } from './types.ts';
import { parseXmlFunction } from './xml.ts';

const NAME_EQ: readonly string[] = ['='];

const VALUE_FUNCTIONS: ReadonlyMap<number, SQLValueFunctionOp> = new Map<number, SQLValueFunctionOp>([
  [K.CURRENT_DATE, 'SVFOP_CURRENT_DATE'],
  [K.CURRENT_TIME, 'SVFOP_CURRENT_TIME'],
  [K.CURRENT_TIMESTAMP, 'SVFOP_CURRENT_TIMESTAMP'],
  [K.LOCALTIME, 'SVFOP_LOCALTIME'],
  [K.LOCALTIMESTAMP, 'SVFOP_LOCALTIMESTAMP'],
  [K.CURRENT_ROLE, 'SVFOP_CURRENT_ROLE'],
  [K.CURRENT_USER, 'SVFOP_CURRENT_USER'],
  [K.USER, 'SVFOP_USER'],
  [K.SESSION_USER, 'SVFOP_SESSION_USER'],
  [K.CURRENT_CATALOG, 'SVFOP_CURRENT_CATALOG'],
  [K.CURRENT_SCHEMA, 'SVFOP_CURRENT_SCHEMA'],
]);

/** func_expr_common_subexpr; null when the keyword at hand starts none (it is then a name). */
export function parseSpecialFunction(p: Parser): Expr | null {
  p.enter();
  const expr = parseByKeyword(p);
  p.leave();
  return expr;
}

function parseByKeyword(p: Parser): Expr | null {
  const location = p.location;
  const op = VALUE_FUNCTIONS.get(p.kind);
  if (op !== undefined) return parseValueFunction(p, op);
  if (p.kind === K.SYSTEM_USER) {
    p.next();
    return makeFunc('system_user', NONE, location);
  }
  if (p.kind === K.COLLATION && p.peek() === K.FOR) return parseCollationFor(p);
  if (p.peek() !== T.LPAREN) return null;
  switch (p.kind) {
    case K.CAST:
      return parseCast(p);
    case K.EXTRACT:
      return parseExtract(p);
    case K.NORMALIZE:
      return parseNormalize(p);
    case K.OVERLAY:
      return parseOverlay(p);
    case K.POSITION:
      return parsePosition(p);
    case K.SUBSTRING:
      return parseSubstring(p);
    case K.TREAT:
      return parseTreat(p);
    case K.TRIM:
      return parseTrim(p);
    case K.NULLIF: {
      open(p);
      const left = parseExpr(p);
      p.expect(T.COMMA);
      const right = parseExpr(p);
      p.expect(T.RPAREN);
      return makeOp(NAME_EQ, left, right, location, 'AEXPR_NULLIF');
    }
    case K.COALESCE:
      return { kind: 'CoalesceExpr', args: parseParenExprs(p), location };
    case K.GREATEST:
      return { kind: 'MinMaxExpr', op: 'IS_GREATEST', args: parseParenExprs(p), location };
    case K.LEAST:
      return { kind: 'MinMaxExpr', op: 'IS_LEAST', args: parseParenExprs(p), location };
    case K.MERGE_ACTION:
      open(p);
      p.expect(T.RPAREN);
      return { kind: 'MergeSupportFunc', location };
    default:
      // Asked only about their own words, which are numbered in alphabetical order: both are rarely needed and loaded when first called.
      if (p.kind >= K.JSON && p.kind <= K.JSON_VALUE) return parseJsonFunction(p);
      return p.kind >= K.XML && p.kind <= K.XMLTABLE ? parseXmlFunction(p) : null;
  }
}

/** The keyword and its `(`. */
function open(p: Parser): void {
  p.next();
  p.expect(T.LPAREN);
}

function parseParenExprs(p: Parser): Expr[] {
  open(p);
  const list = parseList(p, parseExpr);
  p.expect(T.RPAREN);
  return list;
}

function parseValueFunction(p: Parser, op: SQLValueFunctionOp): Expr | null {
  const location = p.location;
  // current_schema(...) is an ordinary function.
  if (p.kind === K.CURRENT_SCHEMA && (p.peek() === T.LPAREN || p.peek() === T.SCONST)) return null;
  const hasPrecision =
    p.kind === K.CURRENT_TIME ||
    p.kind === K.CURRENT_TIMESTAMP ||
    p.kind === K.LOCALTIME ||
    p.kind === K.LOCALTIMESTAMP;
  p.next();
  if (!hasPrecision || !p.accept(T.LPAREN)) return { kind: 'SQLValueFunction', op, typmod: -1, location };
  const typmod = p.takeInteger();
  p.expect(T.RPAREN);
  return { kind: 'SQLValueFunction', op: `${op}_N` as SQLValueFunctionOp, typmod, location };
}

function parseCollationFor(p: Parser): Expr {
  const location = p.location;
  p.next();
  p.next();
  p.expect(T.LPAREN);
  const arg = parseExpr(p);
  p.expect(T.RPAREN);
  return makeFunc('pg_collation_for', [arg], location);
}

function isExtractField(kind: number): boolean {
  return (
    kind === T.IDENT ||
    kind === T.SCONST ||
    kind === K.YEAR ||
    kind === K.MONTH ||
    kind === K.DAY ||
    kind === K.HOUR ||
    kind === K.MINUTE ||
    kind === K.SECOND
  );
}

function parseExtract(p: Parser): Expr {
  const location = p.location;
  open(p);
  if (!isExtractField(p.kind)) p.fail();
  const at = p.location;
  const field = makeString(p.kind === T.SCONST ? p.takeText() : p.takeName(), at);
  p.expect(K.FROM);
  const source = parseExpr(p);
  p.expect(T.RPAREN);
  return makeFunc('extract', [field, source], location);
}

function parseNormalize(p: Parser): Expr {
  const location = p.location;
  open(p);
  const args = [parseExpr(p)];
  if (p.accept(T.COMMA)) {
    const form = parseNormalForm(p);
    if (form === null) p.fail();
    args.push(form);
  }
  p.expect(T.RPAREN);
  return makeFunc('normalize', args, location);
}

/** The call written as an ordinary function: `overlay(a, b, c)`, from its second argument on. */
function finishPlainCall(p: Parser, name: string, first: Expr | null, location: number): Expr {
  const args: Expr[] = first === null ? [] : [first];
  while (first !== null && p.accept(T.COMMA)) args.push(parseFunctionArgument(p));
  p.expect(T.RPAREN);
  return { ...makeFunc(name, args, location), funcname: [name], funcformat: 'COERCE_EXPLICIT_CALL' };
}

function parseOverlay(p: Parser): Expr {
  const location = p.location;
  open(p);
  if (p.kind === T.RPAREN) return finishPlainCall(p, 'overlay', null, location);
  const source = parseFunctionArgument(p);
  if (p.kind !== K.PLACING || source.kind === 'NamedArgExpr')
    return finishPlainCall(p, 'overlay', source, location);
  p.next();
  const args = [source, parseExpr(p)];
  p.expect(K.FROM);
  args.push(parseExpr(p));
  if (p.accept(K.FOR)) args.push(parseExpr(p));
  p.expect(T.RPAREN);
  return makeFunc('overlay', args, location);
}

function parsePosition(p: Parser): Expr {
  const location = p.location;
  open(p);
  const needle = parseRestrictedExpr(p);
  p.expect(K.IN);
  const haystack = parseRestrictedExpr(p);
  p.expect(T.RPAREN);
  return makeFunc('position', [haystack, needle], location);
}

function parseSubstring(p: Parser): Expr {
  const location = p.location;
  open(p);
  if (p.kind === T.RPAREN) return finishPlainCall(p, 'substring', null, location);
  const source = parseFunctionArgument(p);
  const named = source.kind === 'NamedArgExpr';
  const args = [source];
  if (!named && p.accept(K.FROM)) {
    args.push(parseExpr(p));
    if (p.accept(K.FOR)) args.push(parseExpr(p));
  } else if (!named && p.accept(K.FOR)) {
    const count = parseExpr(p);
    if (p.accept(K.FROM)) args.push(parseExpr(p), count);
    else args.push(makeInteger(1, -1), makeCast(count, systemType('int4', -1), -1));
  } else if (!named && p.kind === K.SIMILAR) {
    p.next();
    args.push(parseExpr(p));
    p.expect(K.ESCAPE);
    args.push(parseExpr(p));
  } else return finishPlainCall(p, 'substring', source, location);
  p.expect(T.RPAREN);
  return makeFunc('substring', args, location);
}

function parseTreat(p: Parser): Expr {
  const location = p.location;
  open(p);
  const arg = parseExpr(p);
  p.expect(K.AS);
  const type = parseTypeName(p);
  p.expect(T.RPAREN);
  const name = type.names[type.names.length - 1]!;
  return { ...makeFunc(name, [arg], location), funcformat: 'COERCE_EXPLICIT_CALL' };
}

function parseTrim(p: Parser): Expr {
  const location = p.location;
  open(p);
  let name = 'btrim';
  if (p.accept(K.LEADING)) name = 'ltrim';
  else if (p.accept(K.TRAILING)) name = 'rtrim';
  else p.accept(K.BOTH);
  let args: Expr[];
  if (p.accept(K.FROM)) args = parseList(p, parseExpr);
  else {
    const first = parseExpr(p);
    if (p.accept(K.FROM)) args = [...parseList(p, parseExpr), first];
    else {
      args = [first];
      while (p.accept(T.COMMA)) args.push(parseExpr(p));
    }
  }
  p.expect(T.RPAREN);
  return makeFunc(name, args, location);
}
