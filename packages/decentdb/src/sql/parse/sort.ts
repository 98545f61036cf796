// ORDER BY.

import type { SortBy } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseAnyOperator, parseExpr, parseOperatorName } from './expression.ts';
import { NONE, parseList } from './names.ts';
import type { Parser } from './parser.ts';

export function parseOptSortClause(p: Parser): readonly SortBy[] {
  return p.kind === K.ORDER ? parseSortClause(p) : NONE;
}

/** ORDER BY item, ... */
export function parseSortClause(p: Parser): readonly SortBy[] {
  p.expect(K.ORDER);
  p.expect(K.BY);
  return parseList(p, parseSortBy);
}

function parseSortBy(p: Parser): SortBy {
  const node = parseExpr(p);
  let sortby_dir: SortBy['sortby_dir'] = 'SORTBY_DEFAULT';
  let useOp: readonly string[] = NONE;
  let location = -1;
  if (p.accept(K.ASC)) sortby_dir = 'SORTBY_ASC';
  else if (p.accept(K.DESC)) sortby_dir = 'SORTBY_DESC';
  else if (p.accept(K.USING)) {
    sortby_dir = 'SORTBY_USING';
    location = p.location;
    if (p.kind === K.OPERATOR) {
      p.next();
      p.expect(T.LPAREN);
      useOp = parseAnyOperator(p);
      p.expect(T.RPAREN);
    } else useOp = parseOperatorName(p);
  }
  return { kind: 'SortBy', node, sortby_dir, sortby_nulls: parseNullsOrder(p), useOp, location };
}

/** [NULLS FIRST | NULLS LAST]. */
export function parseNullsOrder(p: Parser): SortBy['sortby_nulls'] {
  if (p.accept2(K.NULLS, K.FIRST)) return 'SORTBY_NULLS_FIRST';
  if (p.accept2(K.NULLS, K.LAST)) return 'SORTBY_NULLS_LAST';
  return 'SORTBY_NULLS_DEFAULT';
}
