// MERGE.

import type {
  Expr,
  FromItem,
  MergeStmt,
  MergeWhenClause,
  OverridingKind,
  ResTarget,
  WithClause,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseInsertColumns, parseOverriding, parseReturning, parseSetClauses } from './dml.ts';
import { parseExpr } from './expression.ts';
import { parseTableRef } from './from.ts';
import { NONE, parseList, parseRelationOptAlias } from './names.ts';
import type { Parser } from './parser.ts';

export function parseMerge(p: Parser, withClause: WithClause | null): MergeStmt {
  const location = p.location;
  p.expect(K.MERGE);
  p.expect(K.INTO);
  const relation = parseRelationOptAlias(p);
  p.expect(K.USING);
  const sourceRelation: FromItem = parseTableRef(p);
  p.expect(K.ON);
  const joinCondition = parseExpr(p);
  const mergeWhenClauses: MergeWhenClause[] = [];
  while (p.kind === K.WHEN) mergeWhenClauses.push(parseMergeWhen(p));
  if (mergeWhenClauses.length === 0) p.fail();
  return {
    kind: 'MergeStmt',
    relation,
    sourceRelation,
    joinCondition,
    mergeWhenClauses,
    returningClause: parseReturning(p),
    withClause,
    location,
  };
}

function parseMatchKind(p: Parser): MergeWhenClause['matchKind'] {
  p.expect(K.WHEN);
  if (p.accept(K.MATCHED)) return 'MERGE_WHEN_MATCHED';
  p.expect(K.NOT);
  p.expect(K.MATCHED);
  if (!p.accept(K.BY)) return 'MERGE_WHEN_NOT_MATCHED_BY_TARGET';
  if (p.accept(K.SOURCE)) return 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE';
  p.expect(K.TARGET);
  return 'MERGE_WHEN_NOT_MATCHED_BY_TARGET';
}

function parseMergeWhen(p: Parser): MergeWhenClause {
  const location = p.location;
  const matchKind = parseMatchKind(p);
  const condition = p.accept(K.AND) ? parseExpr(p) : null;
  p.expect(K.THEN);
  let commandType: MergeWhenClause['commandType'] = 'CMD_NOTHING';
  let targetList: readonly ResTarget[] = NONE;
  let values: readonly Expr[] = NONE;
  let override: OverridingKind = 'OVERRIDING_NOT_SET';
  if (p.kind === K.DO) {
    p.next();
    p.expect(K.NOTHING);
  } else if (matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_TARGET') {
    p.expect(K.INSERT);
    commandType = 'CMD_INSERT';
    if (p.kind === T.LPAREN) targetList = parseInsertColumns(p);
    override = parseOverriding(p);
    if (p.kind === K.DEFAULT && override === 'OVERRIDING_NOT_SET' && targetList.length === 0) {
      p.next();
      p.expect(K.VALUES);
    } else {
      p.expect(K.VALUES);
      p.expect(T.LPAREN);
      values = parseList(p, parseExpr);
      p.expect(T.RPAREN);
    }
  } else if (p.accept(K.DELETE)) commandType = 'CMD_DELETE';
  else {
    p.expect(K.UPDATE);
    p.expect(K.SET);
    commandType = 'CMD_UPDATE';
    targetList = parseSetClauses(p);
  }
  return {
    kind: 'MergeWhenClause',
    matchKind,
    commandType,
    override,
    condition,
    targetList,
    values,
    location,
  };
}
