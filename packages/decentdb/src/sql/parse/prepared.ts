// PREPARE, EXECUTE, DEALLOCATE, and EXPLAIN.

import type {
  DeallocateStmt,
  DefElem,
  ExecuteStmt,
  ExplainStmt,
  PrepareStmt,
  Statement,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { NONE, parseColId, parseList } from './names.ts';
import { makeDefElem, parseUtilityOptions } from './options.ts';
import type { Parser } from './parser.ts';
import { isQueryAhead } from './primary.ts';
import { parseExplainable } from './statement.ts';
import { parseTypeName } from './types.ts';
import { parsePreparableStmt } from './with.ts';

/** PREPARE name [(types)] AS statement. */
export function parsePrepare(p: Parser, location: number): PrepareStmt {
  const name = parseColId(p);
  let argtypes: PrepareStmt['argtypes'] = NONE;
  if (p.accept(T.LPAREN)) {
    argtypes = parseList(p, parseTypeName);
    p.expect(T.RPAREN);
  }
  p.expect(K.AS);
  return { kind: 'PrepareStmt', name, argtypes, query: parsePreparableStmt(p), location };
}

export function parseExecute(p: Parser): ExecuteStmt {
  const location = p.location;
  p.expect(K.EXECUTE);
  const name = parseColId(p);
  let params: ExecuteStmt['params'] = NONE;
  if (p.accept(T.LPAREN)) {
    params = parseList(p, parseExpr);
    p.expect(T.RPAREN);
  }
  return { kind: 'ExecuteStmt', name, params, location };
}

export function parseDeallocate(p: Parser): DeallocateStmt {
  const location = p.location;
  p.next();
  // PREPARE may itself be the name.
  if (p.kind === K.PREPARE && p.peek() !== T.SEMICOLON && p.peek() !== T.EOF) p.next();
  const isall = p.accept(K.ALL);
  return { kind: 'DeallocateStmt', name: isall ? null : parseColId(p), isall, location };
}

export function parseExplain(p: Parser): ExplainStmt {
  const location = p.location;
  p.next();
  let options: readonly DefElem[] = NONE;
  if (p.kind === T.LPAREN && !isQueryAhead(p)) options = parseUtilityOptions(p);
  else {
    const flags: DefElem[] = [];
    const at = p.location;
    if (p.accept(K.ANALYZE) || p.accept(K.ANALYSE)) flags.push(makeDefElem('analyze', null, at));
    const verboseAt = p.location;
    if (p.accept(K.VERBOSE)) flags.push(makeDefElem('verbose', null, verboseAt));
    options = flags;
  }
  const query: Statement = parseExplainable(p);
  return { kind: 'ExplainStmt', query, options, location };
}
