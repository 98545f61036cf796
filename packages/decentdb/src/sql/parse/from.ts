// FROM: relations, subqueries, functions, joins, TABLESAMPLE, LATERAL, ROWS FROM.
//
// I1  Join chains are left-deep and built in a loop; only `a JOIN b JOIN c ON .. ON ..` nests.

import type {
  Alias,
  ColumnDef,
  Expr,
  FromItem,
  JoinExpr,
  RangeFunctionItem,
  RangeVar,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { parseFunctionCall } from './function-call.ts';
import { parseJsonTable } from './json-table.ts';
import {
  makeAlias,
  NONE,
  parseColId,
  parseColLabel,
  parseList,
  parseOptParenNames,
  parseParenNames,
  parseRelationExpr,
  rangeVarOf,
} from './names.ts';
import type { Parser } from './parser.ts';
import { isColId, isTypeFunctionName } from './parser.ts';
import { isQueryAhead, parseParenthesized } from './primary.ts';
import { isSelectTail, parseSelectTail } from './select.ts';
import { parseSpecialFunction } from './special-function.ts';
import { parseCollate } from './table.ts';
import { parseTypeName } from './types.ts';
import { parseXmlTable } from './xml.ts';

/** from_list. */
export function parseFromClause(p: Parser): FromItem[] {
  return parseList(p, parseTableRef);
}

function isJoinStart(kind: number): boolean {
  switch (kind) {
    case K.JOIN:
    case K.INNER:
    case K.LEFT:
    case K.RIGHT:
    case K.FULL:
    case K.CROSS:
    case K.NATURAL:
      return true;
    default:
      return false;
  }
}

/** table_ref. */
export function parseTableRef(p: Parser): FromItem {
  p.enter();
  const item = parseJoinTail(p, parseTablePrimary(p));
  p.leave();
  return item;
}

function parseJoinTail(p: Parser, first: FromItem): FromItem {
  let left = first;
  let joins = 0;
  while (isJoinStart(p.kind)) {
    left = parseJoin(p, left);
    if (++joins > p.limits.nestingMax)
      throw p.errorAt('54001', 'statement too complex', p.location, 'Too many joins in one FROM clause.');
  }
  return left;
}

function parseJoinType(p: Parser): JoinExpr['jointype'] {
  let jointype: JoinExpr['jointype'] = 'JOIN_INNER';
  if (p.kind === K.LEFT || p.kind === K.RIGHT || p.kind === K.FULL) {
    jointype = p.kind === K.LEFT ? 'JOIN_LEFT' : p.kind === K.RIGHT ? 'JOIN_RIGHT' : 'JOIN_FULL';
    p.next();
    p.accept(K.OUTER);
  } else p.accept(K.INNER);
  p.expect(K.JOIN);
  return jointype;
}

function parseJoin(p: Parser, larg: FromItem): JoinExpr {
  const location = p.location;
  let isNatural = false;
  let jointype: JoinExpr['jointype'] = 'JOIN_INNER';
  let usingClause: readonly string[] = NONE;
  let usingAlias: Alias | null = null;
  let quals: Expr | null = null;
  let rarg: FromItem;
  if (p.accept(K.CROSS)) {
    p.expect(K.JOIN);
    rarg = parseTablePrimary(p);
  } else if (p.accept(K.NATURAL)) {
    isNatural = true;
    jointype = parseJoinType(p);
    rarg = parseTablePrimary(p);
  } else {
    jointype = parseJoinType(p);
    rarg = parseTablePrimary(p);
    // The condition belongs to the innermost join still without one.
    while (isJoinStart(p.kind)) {
      p.enter();
      rarg = parseJoin(p, rarg);
      p.leave();
    }
    if (p.accept(K.USING)) {
      usingClause = parseParenNames(p);
      const at = p.location;
      if (p.accept(K.AS)) usingAlias = makeAlias(parseColId(p), NONE, at);
    } else {
      p.expect(K.ON);
      quals = parseExpr(p);
    }
  }
  return {
    kind: 'JoinExpr',
    jointype,
    isNatural,
    larg,
    rarg,
    usingClause,
    join_using_alias: usingAlias,
    quals,
    alias: null,
    location,
  };
}

function parseTablePrimary(p: Parser): FromItem {
  const location = p.location;
  const lateral = p.accept(K.LATERAL);
  if (p.kind === T.LPAREN) {
    const item = parseParenItem(p, lateral, location);
    if (lateral && item.kind !== 'RangeSubselect') p.fail();
    return item;
  }
  if (p.kind === K.ROWS && p.peek() === K.FROM) return parseRowsFrom(p, lateral, location);
  if (p.kind === K.XMLTABLE && p.peek() === T.LPAREN) {
    const table = parseXmlTable(p, lateral, location);
    return { ...table, alias: parseOptAlias(p) };
  }
  if (p.kind === K.JSON_TABLE && p.peek() === T.LPAREN) {
    const table = parseJsonTable(p, lateral, location);
    return { ...table, alias: parseOptAlias(p) };
  }
  if (p.kind === K.ONLY) {
    if (lateral) p.fail();
    return finishRelation(p, parseRelationExpr(p));
  }
  return parseNamedItem(p, lateral, location);
}

/** A relation, or a function (told apart by the parenthesis). */
function parseNamedItem(p: Parser, lateral: boolean, location: number): FromItem {
  const at = p.location;
  const special = p.kind === T.IDENT ? null : parseSpecialFunction(p);
  if (special !== null) return finishFunction(p, special, lateral, location);
  const isFunction = isTypeFunctionName(p.kind);
  if (!isFunction && !isColId(p.kind)) p.fail();
  const isColumn = isColId(p.kind);
  const names = [p.takeName()];
  while (p.accept(T.DOT)) names.push(parseColLabel(p));
  if (p.kind === T.LPAREN && (isFunction || names.length > 1)) {
    const call = parseFunctionCall(p, names, at, false);
    return finishFunction(p, call, lateral, location);
  }
  if (lateral || !isColumn) p.fail();
  const relation = rangeVarOf(p, names, at, true);
  p.accept(T.STAR);
  return finishRelation(p, relation);
}

function finishRelation(p: Parser, relation: RangeVar): FromItem {
  const alias = parseOptAlias(p);
  const aliased = alias === null ? relation : { ...relation, alias };
  if (p.kind !== K.TABLESAMPLE) return aliased;
  p.next();
  const at = p.location;
  if (!isTypeFunctionName(p.kind) && !isColId(p.kind)) p.fail();
  const method = [p.takeName()];
  while (p.accept(T.DOT)) method.push(parseColLabel(p));
  p.expect(T.LPAREN);
  const args = parseList(p, parseExpr);
  p.expect(T.RPAREN);
  let repeatable: Expr | null = null;
  if (p.accept(K.REPEATABLE)) {
    p.expect(T.LPAREN);
    repeatable = parseExpr(p);
    p.expect(T.RPAREN);
  }
  return { kind: 'RangeTableSample', relation: aliased, method, args, repeatable, location: at };
}

/** opt_alias_clause. */
export function parseOptAlias(p: Parser): Alias | null {
  const location = p.location;
  if (p.accept(K.AS)) {
    const name = parseColId(p);
    return makeAlias(name, parseOptParenNames(p), location);
  }
  if (!isColId(p.kind)) return null;
  const name = p.takeName();
  return makeAlias(name, parseOptParenNames(p), location);
}

/** After a function in FROM: WITH ORDINALITY, alias, column definitions. */
function finishFunction(p: Parser, func: Expr, lateral: boolean, location: number): FromItem {
  const ordinality = parseOrdinality(p);
  const tail = parseFunctionAlias(p);
  const functions: RangeFunctionItem[] = [{ func, coldeflist: NONE }];
  return { kind: 'RangeFunction', lateral, ordinality, is_rowsfrom: false, functions, ...tail, location };
}

function parseOrdinality(p: Parser): boolean {
  return p.accept2(K.WITH, K.ORDINALITY);
}

interface FunctionAlias {
  readonly alias: Alias | null;
  readonly coldeflist: readonly ColumnDef[];
}

function parseFunctionAlias(p: Parser): FunctionAlias {
  const location = p.location;
  const as = p.accept(K.AS);
  if (as && p.kind === T.LPAREN) return { alias: null, coldeflist: parseParenColumnDefs(p) };
  if (!as && !isColId(p.kind)) return { alias: null, coldeflist: NONE };
  const name = parseColId(p);
  if (p.kind !== T.LPAREN) return { alias: makeAlias(name, NONE, location), coldeflist: NONE };
  const after = p.peek(2);
  if (after === T.COMMA || after === T.RPAREN)
    return { alias: makeAlias(name, parseParenNames(p), location), coldeflist: NONE };
  return { alias: makeAlias(name, NONE, location), coldeflist: parseParenColumnDefs(p) };
}

/** `( name type [COLLATE c], ... )`. */
export function parseParenColumnDefs(p: Parser): ColumnDef[] {
  p.expect(T.LPAREN);
  const list = parseList(p, parseFieldDef);
  p.expect(T.RPAREN);
  return list;
}

/** A column of a record type: name, type, collation. */
export function parseFieldDef(p: Parser): ColumnDef {
  const location = p.location;
  const colname = parseColId(p);
  const typeName = parseTypeName(p);
  return {
    kind: 'ColumnDef',
    colname,
    typeName,
    compression: null,
    storage_name: null,
    raw_default: null,
    collClause: parseCollate(p),
    constraints: NONE,
    fdwoptions: NONE,
    is_local: true,
    location,
  };
}

function parseRowsFrom(p: Parser, lateral: boolean, location: number): FromItem {
  p.next();
  p.next();
  p.expect(T.LPAREN);
  const functions = parseList(p, (q): RangeFunctionItem => {
    const func = parseWindowlessFunction(q);
    return { func, coldeflist: q.accept(K.AS) ? parseParenColumnDefs(q) : NONE };
  });
  p.expect(T.RPAREN);
  const ordinality = parseOrdinality(p);
  const tail = parseFunctionAlias(p);
  return { kind: 'RangeFunction', lateral, ordinality, is_rowsfrom: true, functions, ...tail, location };
}

/** func_expr_windowless. */
export function parseWindowlessFunction(p: Parser): Expr {
  const location = p.location;
  const special = p.kind === T.IDENT ? null : parseSpecialFunction(p);
  if (special !== null) return special;
  if (!isTypeFunctionName(p.kind) && !isColId(p.kind)) p.fail();
  const isFunction = isTypeFunctionName(p.kind);
  const names = [p.takeName()];
  while (p.accept(T.DOT)) names.push(parseColLabel(p));
  if (p.kind !== T.LPAREN || (!isFunction && names.length === 1)) p.fail();
  return parseFunctionCall(p, names, location, false);
}

/** In FROM, `(` opens a query or a joined table. */
function parseParenItem(p: Parser, lateral: boolean, location: number): FromItem {
  p.enter();
  const isQuery = isQueryAhead(p);
  let item: FromItem;
  if (!isQuery) {
    p.expect(T.LPAREN);
    item = parseTableRef(p);
    item = closeJoined(p, item);
  } else if (p.peek() !== T.LPAREN) {
    item = finishSubselect(p, parseParenthesized(p, false).select!, lateral, location);
  } else {
    p.expect(T.LPAREN);
    const innerAt = p.location;
    const inner = parseBareParenItem(p);
    if (inner.select !== null && p.kind === T.RPAREN) {
      p.next();
      item = finishSubselect(p, inner.select, lateral, location);
    } else if (inner.select !== null && isSelectTail(p.kind)) {
      const select = parseSelectTail(p, inner.select);
      p.expect(T.RPAREN);
      item = finishSubselect(p, select, lateral, location);
    } else {
      const first = inner.item ?? finishSubselect(p, inner.select!, false, innerAt);
      item = closeJoined(p, parseJoinTail(p, first));
    }
  }
  p.leave();
  return item;
}

interface BareItem {
  readonly select: import('../ast/nodes.ts').SelectStmt | null;
  readonly item: FromItem | null;
}

/** An inner parenthesis of `((...`: a query still without alias, or a complete joined table. */
function parseBareParenItem(p: Parser): BareItem {
  if (p.peek() !== T.LPAREN) return { select: parseParenthesized(p, false).select, item: null };
  p.enter();
  p.expect(T.LPAREN);
  const innerAt = p.location;
  const inner = parseBareParenItem(p);
  let result: BareItem;
  if (inner.select !== null && (p.kind === T.RPAREN || isSelectTail(p.kind))) {
    const select = p.kind === T.RPAREN ? inner.select : parseSelectTail(p, inner.select);
    p.expect(T.RPAREN);
    result = { select, item: null };
  } else {
    const first = inner.item ?? finishSubselect(p, inner.select!, false, innerAt);
    result = { select: null, item: closeJoined(p, parseJoinTail(p, first)) };
  }
  p.leave();
  return result;
}

/** `)` after a joined table, and its alias. Parentheses around anything but a join are a syntax error. */
function closeJoined(p: Parser, item: FromItem): FromItem {
  if (p.kind !== T.RPAREN || item.kind !== 'JoinExpr') p.fail();
  p.next();
  const alias = parseOptAlias(p);
  return alias === null ? item : { ...item, alias };
}

function finishSubselect(
  p: Parser,
  subquery: import('../ast/nodes.ts').SelectStmt,
  lateral: boolean,
  location: number,
): FromItem {
  return { kind: 'RangeSubselect', lateral, subquery, alias: parseOptAlias(p), location };
}
