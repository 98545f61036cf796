// index_elem: a column, function or parenthesised expression with collation, operator class and order.

import type { DefElem, Expr, IndexElem } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { parseWindowlessFunction } from './from.ts';
import { NONE, parseAnyName } from './names.ts';
import { parseRelOptions } from './options.ts';
import type { Parser } from './parser.ts';
import { isColId } from './parser.ts';
import { parseNullsOrder } from './sort.ts';

/** The element itself: name xor expression. */
export function parseIndexKey(p: Parser): { name: string | null; expr: Expr | null } {
  if (p.accept(T.LPAREN)) {
    const expr = parseExpr(p);
    p.expect(T.RPAREN);
    return { name: null, expr };
  }
  const next = p.peek();
  if (isColId(p.kind) && next !== T.LPAREN && next !== T.DOT) return { name: p.takeName(), expr: null };
  return { name: null, expr: parseWindowlessFunction(p) };
}

export function parseIndexElem(p: Parser): IndexElem {
  const location = p.location;
  const key = parseIndexKey(p);
  const collation = p.accept(K.COLLATE) ? parseAnyName(p) : NONE;
  let opclass: readonly string[] = NONE;
  let opclassopts: readonly DefElem[] = NONE;
  if (isColId(p.kind) && p.kind !== K.NULLS && !(p.kind === K.INCLUDE && p.peek() === T.LPAREN)) {
    opclass = parseAnyName(p);
    if (p.kind === T.LPAREN) opclassopts = parseRelOptions(p);
  }
  let ordering: IndexElem['ordering'] = 'SORTBY_DEFAULT';
  if (p.accept(K.ASC)) ordering = 'SORTBY_ASC';
  else if (p.accept(K.DESC)) ordering = 'SORTBY_DESC';
  return {
    kind: 'IndexElem',
    name: key.name,
    expr: key.expr,
    collation,
    opclass,
    opclassopts,
    ordering,
    nulls_ordering: parseNullsOrder(p),
    location,
  };
}
