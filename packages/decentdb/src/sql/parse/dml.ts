// INSERT, UPDATE, DELETE, RETURNING, ON CONFLICT.

import type {
  DeleteStmt,
  Expr,
  IndexElem,
  InferClause,
  InsertStmt,
  OnConflictClause,
  OverridingKind,
  ResTarget,
  ReturningClause,
  ReturningOption,
  SelectStmt,
  UpdateStmt,
  WithClause,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { parseFromClause } from './from.ts';
import { parseIndexElem } from './index-element.ts';
import {
  checkStarLast,
  makeAlias,
  NONE,
  parseColId,
  parseIndirection,
  parseList,
  parseQualifiedName,
  parseRelationOptAlias,
} from './names.ts';
import type { Parser } from './parser.ts';
import { isQueryAhead } from './primary.ts';
import { parseSelectStmt, parseTargetList } from './select.ts';

export function parseInsert(p: Parser, withClause: WithClause | null): InsertStmt {
  const location = p.location;
  p.expect(K.INSERT);
  p.expect(K.INTO);
  let relation = parseQualifiedName(p);
  const aliasAt = p.location;
  if (p.accept(K.AS)) relation = { ...relation, alias: makeAlias(parseColId(p), NONE, aliasAt) };
  let cols: readonly ResTarget[] = NONE;
  let override: OverridingKind = 'OVERRIDING_NOT_SET';
  let selectStmt: SelectStmt | null = null;
  if (p.kind === K.DEFAULT) {
    p.next();
    p.expect(K.VALUES);
  } else {
    if (p.kind === T.LPAREN && !isQueryAhead(p)) cols = parseInsertColumns(p);
    override = parseOverriding(p);
    selectStmt = parseSelectStmt(p);
  }
  const onConflictClause = p.kind === K.ON ? parseOnConflict(p) : null;
  return {
    kind: 'InsertStmt',
    relation,
    cols,
    selectStmt,
    onConflictClause,
    returningClause: parseReturning(p),
    withClause,
    override,
    location,
  };
}

/** `(column [indirection], ...)`. */
export function parseInsertColumns(p: Parser): ResTarget[] {
  p.expect(T.LPAREN);
  const cols = parseList(p, (q): ResTarget => {
    const location = q.location;
    const name = parseColId(q);
    return { kind: 'ResTarget', name, indirection: parseTargetIndirection(q), val: null, location };
  });
  p.expect(T.RPAREN);
  return cols;
}

function parseTargetIndirection(p: Parser): ResTarget['indirection'] {
  if (p.kind !== T.DOT && p.kind !== T.LBRACKET) return NONE;
  const indirection = parseIndirection(p);
  checkStarLast(p, indirection);
  return indirection;
}

/** [OVERRIDING {USER | SYSTEM} VALUE]. */
export function parseOverriding(p: Parser): OverridingKind {
  if (!p.accept(K.OVERRIDING)) return 'OVERRIDING_NOT_SET';
  const user = p.accept(K.USER);
  if (!user) p.expect(K.SYSTEM);
  p.expect(K.VALUE);
  return user ? 'OVERRIDING_USER_VALUE' : 'OVERRIDING_SYSTEM_VALUE';
}

function parseOnConflict(p: Parser): OnConflictClause {
  const location = p.location;
  p.next();
  p.expect(K.CONFLICT);
  const infer = parseInfer(p);
  p.expect(K.DO);
  if (p.accept(K.NOTHING))
    return {
      kind: 'OnConflictClause',
      action: 'ONCONFLICT_NOTHING',
      infer,
      targetList: NONE,
      whereClause: null,
      location,
    };
  p.expect(K.UPDATE);
  p.expect(K.SET);
  const targetList = parseSetClauses(p);
  const whereClause = p.accept(K.WHERE) ? parseExpr(p) : null;
  return { kind: 'OnConflictClause', action: 'ONCONFLICT_UPDATE', infer, targetList, whereClause, location };
}

function parseInfer(p: Parser): InferClause | null {
  const location = p.location;
  if (p.accept(T.LPAREN)) {
    const indexElems = parseList<IndexElem>(p, parseIndexElem);
    p.expect(T.RPAREN);
    const whereClause = p.accept(K.WHERE) ? parseExpr(p) : null;
    return { kind: 'InferClause', indexElems, whereClause, conname: null, location };
  }
  if (p.kind !== K.ON) return null;
  p.next();
  p.expect(K.CONSTRAINT);
  return { kind: 'InferClause', indexElems: NONE, whereClause: null, conname: parseColId(p), location };
}

/** set_clause_list: assignments, single and multiple. */
export function parseSetClauses(p: Parser): ResTarget[] {
  const targets: ResTarget[] = [];
  do {
    if (p.kind === T.LPAREN) parseMultiAssignment(p, targets);
    else {
      const target = parseSetTarget(p);
      p.expect(T.EQ);
      targets.push({ ...target, val: parseExpr(p) });
    }
  } while (p.accept(T.COMMA));
  return targets;
}

function parseSetTarget(p: Parser): ResTarget {
  const location = p.location;
  const name = parseColId(p);
  return { kind: 'ResTarget', name, indirection: parseTargetIndirection(p), val: null, location };
}

/** `(a, b) = source`: each column gets a MultiAssignRef to the one source. */
function parseMultiAssignment(p: Parser, targets: ResTarget[]): void {
  p.next();
  const columns = parseList(p, parseSetTarget);
  p.expect(T.RPAREN);
  p.expect(T.EQ);
  const source: Expr = parseExpr(p);
  columns.forEach((column, i) => {
    targets.push({
      ...column,
      val: { kind: 'MultiAssignRef', source, colno: i + 1, ncolumns: columns.length, location: -1 },
    });
  });
}

/** [RETURNING [WITH (OLD|NEW AS name, ...)] targets]. */
export function parseReturning(p: Parser): ReturningClause | null {
  const location = p.location;
  if (!p.accept(K.RETURNING)) return null;
  let options: readonly ReturningOption[] = NONE;
  if (p.kind === K.WITH) {
    p.next();
    p.expect(T.LPAREN);
    options = parseList(p, (q): ReturningOption => {
      const at = q.location;
      const isNew = q.accept(K.NEW);
      if (!isNew) q.expect(K.OLD);
      q.expect(K.AS);
      const option = isNew ? 'RETURNING_OPTION_NEW' : 'RETURNING_OPTION_OLD';
      return { kind: 'ReturningOption', option, value: parseColId(q), location: at };
    });
    p.expect(T.RPAREN);
  }
  return { kind: 'ReturningClause', options, exprs: parseTargetList(p), location };
}

/** WHERE condition | WHERE CURRENT OF cursor. */
function parseWhereOrCurrent(p: Parser): Expr | null {
  if (!p.accept(K.WHERE)) return null;
  if (p.kind !== K.CURRENT || p.peek() !== K.OF) return parseExpr(p);
  const location = p.location;
  p.next();
  p.next();
  return { kind: 'CurrentOfExpr', cursor_name: parseColId(p), location };
}

export function parseUpdate(p: Parser, withClause: WithClause | null): UpdateStmt {
  const location = p.location;
  p.expect(K.UPDATE);
  const relation = parseRelationOptAlias(p);
  p.expect(K.SET);
  const targetList = parseSetClauses(p);
  const fromClause = p.accept(K.FROM) ? parseFromClause(p) : NONE;
  const whereClause = parseWhereOrCurrent(p);
  return {
    kind: 'UpdateStmt',
    relation,
    targetList,
    whereClause,
    fromClause,
    returningClause: parseReturning(p),
    withClause,
    location,
  };
}

export function parseDelete(p: Parser, withClause: WithClause | null): DeleteStmt {
  const location = p.location;
  p.expect(K.DELETE);
  p.expect(K.FROM);
  const relation = parseRelationOptAlias(p);
  const usingClause = p.accept(K.USING) ? parseFromClause(p) : NONE;
  const whereClause = parseWhereOrCurrent(p);
  return {
    kind: 'DeleteStmt',
    relation,
    usingClause,
    whereClause,
    returningClause: parseReturning(p),
    withClause,
    location,
  };
}
