// SELECT, VALUES, TABLE, set operations, and what may follow them (ORDER BY, LIMIT, locking).
//
// I1  A chain of set operations is built in a loop, left-deep; INTERSECT binds tighter than UNION and EXCEPT.

import type {
  Expr,
  GroupingSet,
  IntoClause,
  LockingClause,
  RangeVar,
  ResTarget,
  SelectStmt,
  SortBy,
  WindowDef,
  WithClause,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { parseFromClause } from './from.ts';
import { makeNull } from './literals.ts';
import { NONE, parseColLabel, parseList, parseQualifiedName, parseRelationExpr } from './names.ts';
import type { Parser } from './parser.ts';
import { isBareLabel } from './parser.ts';
import { isQueryAhead, parseParenthesized } from './primary.ts';
import { parseSortClause } from './sort.ts';
import { parsePersistence } from './table.ts';
import { makeInteger } from './types.ts';
import { parseWindowDefinition } from './window.ts';
import { parseWithClause } from './with.ts';

type Mutable<X> = { -readonly [K in keyof X]: X[K] };
export type Draft = Mutable<SelectStmt>;

function emptySelect(location: number): Draft {
  return {
    kind: 'SelectStmt',
    distinctClause: null,
    intoClause: null,
    targetList: NONE,
    fromClause: NONE,
    whereClause: null,
    groupClause: NONE,
    groupDistinct: false,
    havingClause: null,
    windowClause: NONE,
    valuesLists: NONE,
    sortClause: NONE,
    limitOffset: null,
    limitCount: null,
    limitOption: 'LIMIT_OPTION_DEFAULT',
    lockingClause: NONE,
    withClause: null,
    op: 'SETOP_NONE',
    all: false,
    larg: null,
    rarg: null,
    location,
  };
}

/** Whether a statement or clause that begins here is a query. */
export function startsQuery(p: Parser): boolean {
  if (p.kind === T.LPAREN) return isQueryAhead(p);
  return p.kind === K.SELECT || p.kind === K.VALUES || p.kind === K.WITH || p.kind === K.TABLE;
}

/** SelectStmt: with or without parentheses around it. */
export function parseSelectStmt(p: Parser): SelectStmt {
  return parseSelectNoParens(p);
}

/** select_no_parens (and a query in parentheses followed by nothing). */
export function parseSelectNoParens(p: Parser): SelectStmt {
  p.enter();
  const withClause = p.kind === K.WITH ? parseWithClause(p) : null;
  const left = parseSetOperations(p, parseSelectOperand(p), 0);
  const select = parseSelectOptions(p, left, withClause);
  p.leave();
  return select;
}

/** A query whose WITH is read already. */
export function parseSelectAfterWith(p: Parser, withClause: WithClause): SelectStmt {
  const left = parseSetOperations(p, parseSelectOperand(p), 0);
  return parseSelectOptions(p, left, withClause);
}

/** The rest of a query whose first operand, a parenthesised query, is read already. */
export function parseSelectTail(p: Parser, first: SelectStmt): SelectStmt {
  return parseSelectOptions(p, parseSetOperations(p, first, 0), null);
}

/** After `)`: whether the query goes on. */
export function isSelectTail(kind: number): boolean {
  switch (kind) {
    case K.UNION:
    case K.INTERSECT:
    case K.EXCEPT:
    case K.ORDER:
    case K.LIMIT:
    case K.OFFSET:
    case K.FETCH:
    case K.FOR:
      return true;
    default:
      return false;
  }
}

function parseSetOperations(p: Parser, first: SelectStmt, minimum: number): SelectStmt {
  let left = first;
  let links = 0;
  for (;;) {
    const op = p.kind === K.UNION ? 'SETOP_UNION' : p.kind === K.EXCEPT ? 'SETOP_EXCEPT' : 'SETOP_INTERSECT';
    if (op === 'SETOP_INTERSECT' && p.kind !== K.INTERSECT) break;
    const level = op === 'SETOP_INTERSECT' ? 1 : 0;
    if (level < minimum) break;
    const location = p.location;
    p.next();
    const all = p.accept(K.ALL);
    if (!all) p.accept(K.DISTINCT);
    let right = parseSelectOperand(p);
    if (level === 0 && p.kind === K.INTERSECT) right = parseSetOperations(p, right, 1);
    const node = emptySelect(location);
    node.op = op;
    node.all = all;
    node.larg = left;
    node.rarg = right;
    left = node;
    links++;
  }
  // The chain is as deep as it is long; a query nested in it starts at least this high.
  if (links > 0) p.height = Math.max(p.height, 1);
  return left;
}

/** select_clause: simple_select without set operations, or a query in parentheses. */
function parseSelectOperand(p: Parser): SelectStmt {
  switch (p.kind) {
    case K.SELECT:
      return parseSimpleSelect(p);
    case K.VALUES:
      return parseValues(p);
    case K.TABLE:
      return parseTableCommand(p);
    case T.LPAREN: {
      if (!isQueryAhead(p)) p.fail();
      const inner = parseParenthesized(p, false);
      if (inner.select === null) p.fail();
      return inner.select;
    }
    default:
      return p.fail();
  }
}

function parseSimpleSelect(p: Parser): SelectStmt {
  const s = emptySelect(p.location);
  p.next();
  if (p.kind === K.DISTINCT) s.distinctClause = parseDistinct(p);
  else p.accept(K.ALL);
  const all = s.distinctClause === null;
  if (!endsTargetList(p.kind) || !all) s.targetList = parseTargetList(p);
  if (p.kind === K.INTO) s.intoClause = parseSelectInto(p);
  if (p.accept(K.FROM)) s.fromClause = parseFromClause(p);
  if (p.accept(K.WHERE)) s.whereClause = parseExpr(p);
  if (p.kind === K.GROUP) parseGroupBy(p, s);
  if (p.accept(K.HAVING)) s.havingClause = parseExpr(p);
  if (p.accept(K.WINDOW)) s.windowClause = parseList<WindowDef>(p, parseWindowDefinition);
  return s;
}

/** An empty target list is allowed: these tokens may follow SELECT at once. */
function endsTargetList(kind: number): boolean {
  switch (kind) {
    case T.EOF:
    case T.SEMICOLON:
    case T.RPAREN:
    case K.INTO:
    case K.FROM:
    case K.WHERE:
    case K.GROUP:
    case K.HAVING:
    case K.WINDOW:
      return true;
    default:
      return isSelectTail(kind);
  }
}

function parseDistinct(p: Parser): readonly Expr[] {
  p.next();
  if (!p.accept(K.ON)) return [];
  p.expect(T.LPAREN);
  const list = parseList(p, parseExpr);
  p.expect(T.RPAREN);
  return list;
}

export function parseTargetList(p: Parser): ResTarget[] {
  return parseList(p, parseTarget);
}

function parseTarget(p: Parser): ResTarget {
  const location = p.location;
  if (p.kind === T.STAR) {
    p.next();
    const val: Expr = { kind: 'ColumnRef', fields: NONE, star: true, location };
    return { kind: 'ResTarget', name: null, indirection: NONE, val, location };
  }
  const val = parseExpr(p);
  let name: string | null = null;
  if (p.accept(K.AS)) name = parseColLabel(p);
  else if (isBareLabel(p.kind)) name = p.takeName();
  return { kind: 'ResTarget', name, indirection: NONE, val, location };
}

function parseSelectInto(p: Parser): IntoClause {
  p.next();
  const location = p.location;
  const persistence = parsePersistence(p);
  p.accept(K.TABLE);
  return makeInto(parseQualifiedName(p, persistence ?? 'p'), location);
}

export function makeInto(rel: RangeVar, location: number): Mutable<IntoClause> {
  return {
    kind: 'IntoClause',
    rel,
    colNames: NONE,
    accessMethod: null,
    options: NONE,
    onCommit: 'ONCOMMIT_NOOP',
    tableSpaceName: null,
    skipData: false,
    location,
  };
}

function parseGroupBy(p: Parser, s: Draft): void {
  p.next();
  p.expect(K.BY);
  if (p.accept(K.DISTINCT)) s.groupDistinct = true;
  else p.accept(K.ALL);
  s.groupClause = parseList(p, parseGroupItem);
}

function parseGroupItem(p: Parser): Expr | GroupingSet {
  const location = p.location;
  if (p.kind === T.LPAREN && p.peek() === T.RPAREN) {
    p.next();
    p.next();
    return { kind: 'GroupingSet', setKind: 'GROUPING_SET_EMPTY', content: NONE, location };
  }
  if ((p.kind === K.CUBE || p.kind === K.ROLLUP) && p.peek() === T.LPAREN) {
    const setKind = p.kind === K.CUBE ? 'GROUPING_SET_CUBE' : 'GROUPING_SET_ROLLUP';
    p.next();
    p.next();
    const content = parseList(p, parseExpr);
    p.expect(T.RPAREN);
    return { kind: 'GroupingSet', setKind, content, location };
  }
  if (p.kind === K.GROUPING && p.peek() === K.SETS) {
    p.next();
    p.next();
    p.enter();
    p.expect(T.LPAREN);
    const content = parseList(p, parseGroupItem);
    p.expect(T.RPAREN);
    p.leave();
    return { kind: 'GroupingSet', setKind: 'GROUPING_SET_SETS', content, location };
  }
  return parseExpr(p);
}

function parseValues(p: Parser): SelectStmt {
  const s = emptySelect(p.location);
  p.next();
  s.valuesLists = parseList(p, (q) => {
    q.expect(T.LPAREN);
    const row = parseList(q, parseExpr);
    q.expect(T.RPAREN);
    return row;
  });
  return s;
}

/** TABLE t is SELECT * FROM t. */
function parseTableCommand(p: Parser): SelectStmt {
  const s = emptySelect(p.location);
  p.next();
  const val: Expr = { kind: 'ColumnRef', fields: NONE, star: true, location: -1 };
  s.targetList = [{ kind: 'ResTarget', name: null, indirection: NONE, val, location: -1 }];
  s.fromClause = [parseRelationExpr(p)];
  return s;
}

interface Options {
  sort: readonly SortBy[];
  offset: Expr | null;
  count: Expr | null;
  option: SelectStmt['limitOption'];
  hasLimit: boolean;
  /** Where WITH TIES stands, for errors. */
  tiesAt: number;
  locking: readonly LockingClause[];
}

/** ORDER BY, then LIMIT/OFFSET/FETCH and locking clauses in either order. */
function parseSelectOptions(p: Parser, select: SelectStmt, withClause: WithClause | null): SelectStmt {
  if (withClause === null && !isSelectTail(p.kind)) return select;
  const o: Options = {
    sort: NONE,
    offset: null,
    count: null,
    option: 'LIMIT_OPTION_DEFAULT',
    hasLimit: false,
    tiesAt: -1,
    locking: NONE,
  };
  if (p.kind === K.ORDER) o.sort = parseSortClause(p);
  const lockFirst = p.kind === K.FOR;
  if (lockFirst) o.locking = parseLocking(p);
  if (p.kind === K.LIMIT || p.kind === K.OFFSET || p.kind === K.FETCH) parseLimit(p, o);
  if (!lockFirst && p.kind === K.FOR) o.locking = parseLocking(p);
  return insertOptions(p, select as Draft, o, withClause);
}

/** PostgreSQL's insertSelectOptions: a query in parentheses may already have its own. */
function insertOptions(p: Parser, s: Draft, o: Options, withClause: WithClause | null): SelectStmt {
  if (o.sort.length > 0) {
    if (s.sortClause.length > 0)
      throw p.errorAt('42601', 'multiple ORDER BY clauses not allowed', o.sort[0]!.node.location);
    s.sortClause = o.sort;
  }
  if (o.locking.length > 0) s.lockingClause = [...s.lockingClause, ...o.locking];
  if (o.offset !== null) {
    if (s.limitOffset !== null)
      throw p.errorAt('42601', 'multiple OFFSET clauses not allowed', o.offset.location);
    s.limitOffset = o.offset;
  }
  if (o.count !== null) {
    if (s.limitCount !== null)
      throw p.errorAt('42601', 'multiple LIMIT clauses not allowed', o.count.location);
    s.limitCount = o.count;
  }
  if (o.hasLimit) {
    if (o.option === 'LIMIT_OPTION_WITH_TIES') {
      if (s.limitOption === 'LIMIT_OPTION_WITH_TIES')
        throw p.errorAt('42601', 'multiple limit options not allowed', o.tiesAt);
      if (s.sortClause.length === 0)
        throw p.errorAt('42601', 'WITH TIES cannot be specified without ORDER BY clause', o.tiesAt);
      if (s.lockingClause.some((lock) => lock.waitPolicy === 'LockWaitSkip'))
        throw p.errorAt('42601', 'SKIP LOCKED and WITH TIES options cannot be used together', o.tiesAt);
    }
    if (s.limitOption !== 'LIMIT_OPTION_WITH_TIES') s.limitOption = o.option;
  }
  if (withClause !== null) {
    if (s.withClause !== null)
      throw p.errorAt('42601', 'multiple WITH clauses not allowed', withClause.location);
    s.withClause = withClause;
  }
  return s;
}

function parseLimit(p: Parser, o: Options): void {
  o.hasLimit = true;
  o.option = 'LIMIT_OPTION_COUNT';
  if (p.kind === K.OFFSET) {
    parseOffset(p, o);
    if (p.kind === K.LIMIT || p.kind === K.FETCH) parseLimitCount(p, o);
  } else {
    parseLimitCount(p, o);
    if (p.kind === K.OFFSET) parseOffset(p, o);
  }
}

function parseOffset(p: Parser, o: Options): void {
  p.next();
  o.offset = parseExpr(p);
  if (p.kind === K.ROW || p.kind === K.ROWS) p.next();
}

function parseLimitCount(p: Parser, o: Options): void {
  if (p.kind === K.FETCH) {
    parseFetchFirst(p, o);
    return;
  }
  const limitAt = p.location;
  p.next();
  const location = p.location;
  if (p.accept(K.ALL)) o.count = makeNull(location);
  else o.count = parseExpr(p);
  if (p.kind === T.COMMA)
    throw p.errorAt(
      '42601',
      'LIMIT #,# syntax is not supported',
      limitAt,
      'Use separate LIMIT and OFFSET clauses.',
    );
}

/** FETCH FIRST n ROWS ONLY | WITH TIES. */
function parseFetchFirst(p: Parser, o: Options): void {
  p.next();
  if (!p.accept(K.FIRST)) p.expect(K.NEXT);
  if (p.kind === K.ROW || p.kind === K.ROWS) o.count = makeInteger(1, -1);
  else o.count = parseExpr(p);
  if (!p.accept(K.ROW)) p.expect(K.ROWS);
  if (p.accept(K.ONLY)) return;
  o.tiesAt = p.location;
  p.expect(K.WITH);
  p.expect(K.TIES);
  o.option = 'LIMIT_OPTION_WITH_TIES';
}

function parseLocking(p: Parser): LockingClause[] {
  const list: LockingClause[] = [];
  while (p.kind === K.FOR) {
    const location = p.location;
    p.next();
    if (p.accept(K.READ)) {
      p.expect(K.ONLY);
      continue;
    }
    const strength = parseLockStrength(p);
    const lockedRels = p.accept(K.OF) ? parseList(p, (q) => parseQualifiedName(q)) : NONE;
    let waitPolicy: LockingClause['waitPolicy'] = 'LockWaitBlock';
    if (p.accept(K.NOWAIT)) waitPolicy = 'LockWaitError';
    else if (p.accept(K.SKIP)) {
      p.expect(K.LOCKED);
      waitPolicy = 'LockWaitSkip';
    }
    list.push({ kind: 'LockingClause', lockedRels, strength, waitPolicy, location });
  }
  return list;
}

function parseLockStrength(p: Parser): LockingClause['strength'] {
  if (p.accept(K.UPDATE)) return 'LCS_FORUPDATE';
  if (p.accept(K.SHARE)) return 'LCS_FORSHARE';
  if (p.accept(K.KEY)) {
    p.expect(K.SHARE);
    return 'LCS_FORKEYSHARE';
  }
  p.expect(K.NO);
  p.expect(K.KEY);
  p.expect(K.UPDATE);
  return 'LCS_FORNOKEYUPDATE';
}
