// WITH: common table expressions with MATERIALIZED, SEARCH and CYCLE.

import type {
  CommonTableExpr,
  CTECycleClause,
  CTESearchClause,
  Expr,
  PreparableStmt,
  WithClause,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseDelete, parseInsert, parseUpdate } from './dml.ts';
import { makeBoolean } from './literals.ts';
import { parseMerge } from './merge.ts';
import { parseColId, parseNameList, parseOptParenNames } from './names.ts';
import type { Parser } from './parser.ts';
import { parsePrimary } from './primary.ts';
import { parseSelectAfterWith, parseSelectStmt } from './select.ts';

export function parseWithClause(p: Parser): WithClause {
  const location = p.location;
  p.expect(K.WITH);
  const recursive = p.accept(K.RECURSIVE);
  const ctes = [parseCte(p)];
  while (p.accept(T.COMMA)) ctes.push(parseCte(p));
  return { kind: 'WithClause', ctes, recursive, location };
}

function parseCte(p: Parser): CommonTableExpr {
  const location = p.location;
  const ctename = parseColId(p);
  const aliascolnames = parseOptParenNames(p);
  p.expect(K.AS);
  let ctematerialized: CommonTableExpr['ctematerialized'] = 'CTEMaterializeDefault';
  if (p.accept(K.MATERIALIZED)) ctematerialized = 'CTEMaterializeAlways';
  else if (p.accept(K.NOT)) {
    p.expect(K.MATERIALIZED);
    ctematerialized = 'CTEMaterializeNever';
  }
  p.enter();
  p.expect(T.LPAREN);
  const ctequery = parsePreparableStmt(p);
  p.expect(T.RPAREN);
  p.leave();
  const search_clause = p.kind === K.SEARCH ? parseSearch(p) : null;
  const cycle_clause = p.kind === K.CYCLE ? parseCycle(p) : null;
  return {
    kind: 'CommonTableExpr',
    ctename,
    aliascolnames,
    ctematerialized,
    ctequery,
    search_clause,
    cycle_clause,
    location,
  };
}

function parseSearch(p: Parser): CTESearchClause {
  const location = p.location;
  p.next();
  const search_breadth_first = p.accept(K.BREADTH);
  if (!search_breadth_first) p.expect(K.DEPTH);
  p.expect(K.FIRST);
  p.expect(K.BY);
  const search_col_list = parseNameList(p);
  p.expect(K.SET);
  return {
    kind: 'CTESearchClause',
    search_col_list,
    search_breadth_first,
    search_seq_column: parseColId(p),
    location,
  };
}

function parseCycle(p: Parser): CTECycleClause {
  const location = p.location;
  p.next();
  const cycle_col_list = parseNameList(p);
  p.expect(K.SET);
  const cycle_mark_column = parseColId(p);
  let value: Expr = makeBoolean(true, -1);
  let fallback: Expr = makeBoolean(false, -1);
  if (p.accept(K.TO)) {
    value = parsePrimary(p, false);
    p.expect(K.DEFAULT);
    fallback = parsePrimary(p, false);
  }
  p.expect(K.USING);
  return {
    kind: 'CTECycleClause',
    cycle_col_list,
    cycle_mark_column,
    cycle_mark_value: value,
    cycle_mark_default: fallback,
    cycle_path_column: parseColId(p),
    location,
  };
}

/** PreparableStmt: SELECT, INSERT, UPDATE, DELETE, MERGE, each perhaps after WITH. */
export function parsePreparableStmt(p: Parser): PreparableStmt {
  const withClause = p.kind === K.WITH ? parseWithClause(p) : null;
  switch (p.kind) {
    case K.INSERT:
      return parseInsert(p, withClause);
    case K.UPDATE:
      return parseUpdate(p, withClause);
    case K.DELETE:
      return parseDelete(p, withClause);
    case K.MERGE:
      return parseMerge(p, withClause);
    default:
      return withClause === null ? parseSelectStmt(p) : parseSelectAfterWith(p, withClause);
  }
}
