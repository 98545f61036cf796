// CREATE INDEX.

import type { IndexElem, IndexStmt } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { parseIndexElem } from './index-element.ts';
import { NONE, parseColId, parseList, parseRelationExpr } from './names.ts';
import { parseRelOptions } from './options.ts';
import type { Parser } from './parser.ts';
import { parseIfNotExists } from './table.ts';

/** From [UNIQUE] INDEX on. */
export function parseCreateIndex(p: Parser, location: number): IndexStmt {
  const unique = p.accept(K.UNIQUE);
  p.expect(K.INDEX);
  const concurrent = p.accept(K.CONCURRENTLY);
  const if_not_exists = parseIfNotExists(p);
  const idxname = p.kind === K.ON && !if_not_exists ? null : parseColId(p);
  p.expect(K.ON);
  const relation = parseRelationExpr(p);
  const accessMethod = p.accept(K.USING) ? parseColId(p) : 'btree';
  const indexParams = parseParams(p);
  const indexIncludingParams = p.accept(K.INCLUDE) ? parseParams(p) : NONE;
  let nulls_not_distinct = false;
  if (p.kind === K.NULLS) {
    p.next();
    nulls_not_distinct = p.accept(K.NOT);
    p.expect(K.DISTINCT);
  }
  const options = p.accept(K.WITH) ? parseRelOptions(p) : NONE;
  const tableSpace = p.accept(K.TABLESPACE) ? parseColId(p) : null;
  const whereClause = p.accept(K.WHERE) ? parseExpr(p) : null;
  return {
    kind: 'IndexStmt',
    idxname,
    relation,
    accessMethod,
    tableSpace,
    indexParams,
    indexIncludingParams,
    options,
    whereClause,
    unique,
    nulls_not_distinct,
    concurrent,
    if_not_exists,
    location,
  };
}

function parseParams(p: Parser): IndexElem[] {
  p.expect(T.LPAREN);
  const list = parseList(p, parseIndexElem);
  p.expect(T.RPAREN);
  return list;
}
