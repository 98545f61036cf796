// Expressions: precedence climbing over PostgreSQL's operator table.
//
//   1 OR   2 AND   3 NOT   4 IS   5 < > = <= >= <>   6 BETWEEN IN LIKE ILIKE SIMILAR   8 other operators
//   9 + -   10 * / %   11 ^   12 AT TIME ZONE   13 COLLATE   14 unary + -   15 ::
//
// I1  Left-associative chains are built in a loop; only operands recurse (Parser I2). AND and OR chains are one n-ary
//     BoolExpr, as in PostgreSQL.
// I2  Non-associative levels (4, 5, 6): after `a < b` the next operator of the same level is a syntax error.
// I3  In restricted expressions (PostgreSQL's b_expr: BETWEEN's lower bound, DEFAULT) only operators of the levels 5, 8-11
//     and IS DISTINCT FROM, IS DOCUMENT, casts are taken.

import type { A_Expr_Kind, BoolExpr, Expr, ExprList, FuncCall } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import { KEYWORD_FIRST } from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseIsTest } from './is-test.ts';
import { NONE, parseAnyName, parseColId } from './names.ts';
import type { Parser } from './parser.ts';
import { parseParenthesized, parsePrimary } from './primary.ts';
import { parseTypeName } from './types.ts';

export const PREC_OR = 1;
export const PREC_AND = 2;
export const PREC_NOT = 3;
export const PREC_IS = 4;
export const PREC_COMPARE = 5;
export const PREC_MATCH = 6;
export const PREC_OP = 8;
export const PREC_ADD = 9;
export const PREC_MULTIPLY = 10;
export const PREC_POWER = 11;
export const PREC_AT = 12;
export const PREC_COLLATE = 13;
export const PREC_UNARY = 14;
export const PREC_CAST = 15;

/** Level of each token as an infix or postfix operator; 0: none. NOT and OPERATOR need a look further. */
const INFIX = new Uint8Array(1024);
for (const [kind, level] of [
  [K.OR, PREC_OR],
  [K.AND, PREC_AND],
  [K.IS, PREC_IS],
  [K.ISNULL, PREC_IS],
  [K.NOTNULL, PREC_IS],
  [T.LT, PREC_COMPARE],
  [T.GT, PREC_COMPARE],
  [T.EQ, PREC_COMPARE],
  [T.LE, PREC_COMPARE],
  [T.GE, PREC_COMPARE],
  [T.NE, PREC_COMPARE],
  [K.BETWEEN, PREC_MATCH],
  [K.IN, PREC_MATCH],
  [K.LIKE, PREC_MATCH],
  [K.ILIKE, PREC_MATCH],
  [K.SIMILAR, PREC_MATCH],
  [K.NOT, PREC_MATCH],
  [T.OP, PREC_OP],
  [K.OPERATOR, PREC_OP],
  [T.PLUS, PREC_ADD],
  [T.MINUS, PREC_ADD],
  [T.STAR, PREC_MULTIPLY],
  [T.SLASH, PREC_MULTIPLY],
  [T.PERCENT, PREC_MULTIPLY],
  [T.CARET, PREC_POWER],
  [K.AT, PREC_AT],
  [K.COLLATE, PREC_COLLATE],
  [T.TYPECAST, PREC_CAST],
] as const)
  INFIX[kind] = level;

/** Levels a restricted expression takes (I3). */
const RESTRICTED = new Uint8Array(16);
for (const level of [PREC_IS, PREC_COMPARE, PREC_OP, PREC_ADD, PREC_MULTIPLY, PREC_POWER, PREC_CAST])
  RESTRICTED[level] = 1;

/** One shared list per operator token with a fixed spelling. */
const OPERATOR_NAME: (readonly string[])[] = [];
for (const [kind, name] of [
  [T.LT, '<'],
  [T.GT, '>'],
  [T.EQ, '='],
  [T.LE, '<='],
  [T.GE, '>='],
  [T.NE, '<>'],
  [T.PLUS, '+'],
  [T.MINUS, '-'],
  [T.STAR, '*'],
  [T.SLASH, '/'],
  [T.PERCENT, '%'],
  [T.CARET, '^'],
] as const)
  OPERATOR_NAME[kind] = [name];

const NAME_LIKE: readonly string[] = ['~~'];
const NAME_NOT_LIKE: readonly string[] = ['!~~'];
const NAME_ILIKE: readonly string[] = ['~~*'];
const NAME_NOT_ILIKE: readonly string[] = ['!~~*'];
const NAME_SIMILAR: readonly string[] = ['~'];
const NAME_NOT_SIMILAR: readonly string[] = ['!~'];
const NAME_EQ: readonly string[] = ['='];
const NAME_NE: readonly string[] = ['<>'];

/** a_expr. */
export function parseExpr(p: Parser): Expr {
  return parseOperators(p, 0, false);
}

/** b_expr. */
export function parseRestrictedExpr(p: Parser): Expr {
  return parseOperators(p, 0, true);
}

export function parseOperators(p: Parser, minimum: number, restricted: boolean): Expr {
  p.enter();
  const outerHeight = p.height;
  p.height = 0;
  const left = parseInfixTail(p, parsePrefix(p, restricted), minimum, restricted);
  p.height = Math.max(outerHeight, p.height + 1);
  p.checkHeight();
  p.leave();
  return left;
}

/** Level of the infix operator at the current token, or 0. */
function infixLevel(p: Parser, restricted: boolean): number {
  const kind = p.kind;
  const level = INFIX[kind]!;
  if (level === 0) return 0;
  if (restricted && RESTRICTED[level] === 0) return 0;
  if (kind === K.NOT) {
    const next = p.peek();
    const isMatch =
      next === K.BETWEEN || next === K.IN || next === K.LIKE || next === K.ILIKE || next === K.SIMILAR;
    return isMatch ? PREC_MATCH : 0;
  }
  if (kind === K.SIMILAR) return p.peek() === K.TO ? PREC_MATCH : 0;
  if (kind === K.OPERATOR) return p.peek() === T.LPAREN ? PREC_OP : 0;
  if (restricted && kind === K.IS) {
    const next = p.peek() === K.NOT ? p.peek(2) : p.peek();
    return next === K.DISTINCT || next === K.DOCUMENT ? PREC_IS : 0;
  }
  if (restricted && (kind === K.ISNULL || kind === K.NOTNULL)) return 0;
  return level;
}

/** Takes infix and postfix operators of at least level `minimum` onto `left`. */
export function parseInfixTail(p: Parser, first: Expr, minimum: number, restricted: boolean): Expr {
  let left = first;
  for (;;) {
    const level = infixLevel(p, restricted);
    if (level === 0 || level < minimum) return left;
    p.height++;
    switch (level) {
      case PREC_OR:
      case PREC_AND:
        left = parseBoolChain(p, left, level);
        break;
      case PREC_IS:
        left = parseIsTest(p, left);
        break;
      case PREC_COMPARE:
        left = parseBinary(p, left, level, restricted);
        break;
      case PREC_MATCH:
        left = parseMatch(p, left);
        break;
      case PREC_AT:
        left = parseAtTimeZone(p, left);
        break;
      case PREC_COLLATE: {
        const location = p.location;
        p.next();
        left = { kind: 'CollateClause', arg: left, collname: parseAnyName(p), location };
        break;
      }
      case PREC_CAST: {
        const location = p.location;
        p.next();
        left = { kind: 'TypeCast', arg: left, typeName: parseTypeName(p), location };
        break;
      }
      default:
        left = parseBinary(p, left, level, restricted);
    }
    p.checkHeight();
  }
}

/** I2: the operator just taken had a right operand at `level`. */
export function rejectChained(p: Parser, level: number): void {
  if (infixLevel(p, false) === level) p.fail();
}

/** `a AND b AND c`: one node. A parenthesised operand stays a node of its own only on the right, as in PostgreSQL. */
function parseBoolChain(p: Parser, left: Expr, level: number): Expr {
  const token = level === PREC_OR ? K.OR : K.AND;
  const boolop = level === PREC_OR ? 'OR_EXPR' : 'AND_EXPR';
  const location = p.location;
  let args: Expr[];
  // makeAndExpr flattens a left operand of the same kind, parenthesised or not.
  const flattened = left.kind === 'BoolExpr' && left.boolop === boolop;
  if (flattened) args = left.args.slice();
  else args = [left];
  while (p.kind === token) {
    p.next();
    args.push(parseOperators(p, level + 1, false));
  }
  return { kind: 'BoolExpr', boolop, args, location: flattened ? left.location : location };
}

function parsePrefix(p: Parser, restricted: boolean): Expr {
  const location = p.location;
  switch (p.kind) {
    case K.NOT: {
      if (restricted) p.fail();
      p.next();
      const arg = parseOperators(p, PREC_NOT, false);
      return { kind: 'BoolExpr', boolop: 'NOT_EXPR', args: [arg], location };
    }
    case T.MINUS: {
      p.next();
      return negate(parseOperators(p, PREC_UNARY, restricted), location);
    }
    case T.PLUS:
      p.next();
      return makeOp(OPERATOR_NAME[T.PLUS]!, null, parseOperators(p, PREC_UNARY, restricted), location);
    case T.OP:
    case K.OPERATOR: {
      if (p.kind === K.OPERATOR && p.peek() !== T.LPAREN) break;
      const name = parseOperatorName(p);
      return makeOp(name, null, parseOperators(p, PREC_OP + 1, restricted), location);
    }
  }
  return parsePrimary(p, restricted);
}

/** `-5` is a constant, as PostgreSQL's doNegate makes it. */
function negate(arg: Expr, location: number): Expr {
  if (arg.kind === 'A_Const') {
    if (arg.constType === 'Integer') return { ...arg, ival: arg.ival === 0 ? 0 : -arg.ival, location };
    if (arg.constType === 'Float') {
      const sval = arg.sval.startsWith('-') ? arg.sval.slice(1) : `-${arg.sval}`;
      return { ...arg, sval, location };
    }
  }
  return makeOp(OPERATOR_NAME[T.MINUS]!, null, arg, location);
}

export function makeOp(
  name: readonly string[],
  lexpr: Expr | null,
  rexpr: Expr | ExprList,
  location: number,
  exprKind: A_Expr_Kind = 'AEXPR_OP',
): Expr {
  return { kind: 'A_Expr', exprKind, name, lexpr, rexpr, location };
}

export function makeFunc(name: string, args: readonly Expr[], location: number): FuncCall {
  return {
    kind: 'FuncCall',
    funcname: ['pg_catalog', name],
    args,
    agg_order: NONE,
    agg_filter: null,
    over: null,
    agg_within_group: false,
    agg_star: false,
    agg_distinct: false,
    func_variadic: false,
    funcformat: 'COERCE_SQL_SYNTAX',
    location,
  };
}

/** all_Op or OPERATOR(schema.op): the current token and what belongs to it. */
export function parseOperatorName(p: Parser): readonly string[] {
  if (p.kind === K.OPERATOR) {
    p.next();
    p.expect(T.LPAREN);
    const name = parseAnyOperator(p);
    p.expect(T.RPAREN);
    return name;
  }
  const name = p.kind < KEYWORD_FIRST ? OPERATOR_NAME[p.kind] : undefined;
  if (name !== undefined) {
    p.next();
    return name;
  }
  if (p.kind !== T.OP) p.fail();
  return [p.takeText()];
}

/** any_operator: [schema.] op. */
export function parseAnyOperator(p: Parser): string[] {
  const names: string[] = [];
  while (p.kind !== T.OP && OPERATOR_NAME[p.kind] === undefined) {
    names.push(parseColId(p));
    p.expect(T.DOT);
  }
  names.push(p.kind === T.OP ? p.text(p.pos) : OPERATOR_NAME[p.kind]![0]!);
  p.next();
  return names;
}

function isQuantifier(kind: number): boolean {
  return kind === K.ANY || kind === K.SOME || kind === K.ALL;
}

function parseBinary(p: Parser, left: Expr, level: number, restricted: boolean): Expr {
  const location = p.location;
  const name = parseOperatorName(p);
  if (!restricted && isQuantifier(p.kind)) return parseQuantified(p, left, name, location);
  const right = parseOperators(p, level + 1, restricted);
  if (level === PREC_COMPARE) rejectChained(p, level);
  return makeOp(name, left, right, location);
}

/** `left op ANY|ALL (query or array)`. */
function parseQuantified(p: Parser, left: Expr, name: readonly string[], location: number): Expr {
  const all = p.kind === K.ALL;
  p.next();
  if (p.kind !== T.LPAREN) p.fail();
  // Operator and parenthesis: two levels.
  p.enter();
  const inner = parseParenthesized(p, false);
  p.leave();
  if (inner.select !== null)
    return {
      kind: 'SubLink',
      subLinkType: all ? 'ALL_SUBLINK' : 'ANY_SUBLINK',
      testexpr: left,
      operName: name,
      subselect: inner.select,
      location,
    };
  return makeOp(name, left, inner.items[0]!, location, all ? 'AEXPR_OP_ALL' : 'AEXPR_OP_ANY');
}

/** BETWEEN, IN, LIKE, ILIKE, SIMILAR TO, each with NOT. */
function parseMatch(p: Parser, left: Expr): Expr {
  const location = p.location;
  const not = p.accept(K.NOT);
  switch (p.kind) {
    case K.BETWEEN:
      return parseBetween(p, left, not, location);
    case K.IN:
      p.next();
      return parseIn(p, left, not, location);
    case K.LIKE:
      p.next();
      return parseLike(p, left, not ? NAME_NOT_LIKE : NAME_LIKE, 'AEXPR_LIKE', location);
    case K.ILIKE:
      p.next();
      return parseLike(p, left, not ? NAME_NOT_ILIKE : NAME_ILIKE, 'AEXPR_ILIKE', location);
    default:
      p.next();
      p.expect(K.TO);
      return parseSimilar(p, left, not ? NAME_NOT_SIMILAR : NAME_SIMILAR, location);
  }
}

function parseLike(
  p: Parser,
  left: Expr,
  name: readonly string[],
  exprKind: A_Expr_Kind,
  location: number,
): Expr {
  if (isQuantifier(p.kind)) return parseQuantified(p, left, name, location);
  let pattern = parseOperators(p, PREC_MATCH + 1, false);
  if (p.accept(K.ESCAPE)) {
    const escape = parseOperators(p, PREC_MATCH + 1, false);
    pattern = { ...makeFunc('like_escape', [pattern, escape], location), funcformat: 'COERCE_EXPLICIT_CALL' };
  }
  rejectChained(p, PREC_MATCH);
  return makeOp(name, left, pattern, location, exprKind);
}

function parseSimilar(p: Parser, left: Expr, name: readonly string[], location: number): Expr {
  const args = [parseOperators(p, PREC_MATCH + 1, false)];
  if (p.accept(K.ESCAPE)) args.push(parseOperators(p, PREC_MATCH + 1, false));
  rejectChained(p, PREC_MATCH);
  const pattern: Expr = {
    ...makeFunc('similar_to_escape', args, location),
    funcformat: 'COERCE_EXPLICIT_CALL',
  };
  return makeOp(name, left, pattern, location, 'AEXPR_SIMILAR');
}

function parseBetween(p: Parser, left: Expr, not: boolean, location: number): Expr {
  p.next();
  const symmetric = p.accept(K.SYMMETRIC);
  if (!symmetric) p.accept(K.ASYMMETRIC);
  const low = parseRestrictedExpr(p);
  p.expect(K.AND);
  const high = parseOperators(p, PREC_MATCH + 1, false);
  rejectChained(p, PREC_MATCH);
  const exprKind: A_Expr_Kind = symmetric
    ? not
      ? 'AEXPR_NOT_BETWEEN_SYM'
      : 'AEXPR_BETWEEN_SYM'
    : not
      ? 'AEXPR_NOT_BETWEEN'
      : 'AEXPR_BETWEEN';
  const name = exprKind.slice(6).replace('_SYM', ' SYMMETRIC').replace('NOT_', 'NOT ');
  return makeOp([name], left, { kind: 'List', items: [low, high], location: -1 }, location, exprKind);
}

function parseIn(p: Parser, left: Expr, not: boolean, location: number): Expr {
  if (p.kind !== T.LPAREN) p.fail();
  p.enter();
  const inner = parseParenthesized(p, true);
  p.leave();
  if (inner.select === null)
    return makeOp(
      not ? NAME_NE : NAME_EQ,
      left,
      { kind: 'List', items: inner.items, location: -1 },
      location,
      'AEXPR_IN',
    );
  const link: Expr = {
    kind: 'SubLink',
    subLinkType: 'ANY_SUBLINK',
    testexpr: left,
    operName: NONE,
    subselect: inner.select,
    location,
  };
  if (!not) return link;
  const negated: BoolExpr = { kind: 'BoolExpr', boolop: 'NOT_EXPR', args: [link], location };
  return negated;
}

/** AT TIME ZONE zone, AT LOCAL. */
function parseAtTimeZone(p: Parser, left: Expr): Expr {
  const location = p.location;
  p.next();
  if (p.accept(K.LOCAL)) return makeFunc('timezone', [left], -1);
  p.expect(K.TIME);
  p.expect(K.ZONE);
  const zone = parseOperators(p, PREC_AT + 1, false);
  return makeFunc('timezone', [zone, left], location);
}
