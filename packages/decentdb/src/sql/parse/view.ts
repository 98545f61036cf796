// CREATE VIEW.

import type { Expr, ResTarget, SelectStmt, ViewStmt } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { NONE, parseNameList, parseOptParenNames, parseQualifiedName } from './names.ts';
import { parseRelOptions } from './options.ts';
import type { Parser } from './parser.ts';
import { parseSelectStmt } from './select.ts';

type CheckOption = ViewStmt['withCheckOption'];

/** From [RECURSIVE] VIEW on. */
export function parseCreateView(
  p: Parser,
  location: number,
  replace: boolean,
  persistence: 'p' | 't',
): ViewStmt {
  const recursive = p.accept(K.RECURSIVE);
  p.expect(K.VIEW);
  const view = parseQualifiedName(p, persistence);
  let aliases: readonly string[];
  if (recursive) {
    p.expect(T.LPAREN);
    aliases = parseNameList(p);
    p.expect(T.RPAREN);
  } else aliases = parseOptParenNames(p);
  const options = p.accept(K.WITH) ? parseRelOptions(p) : NONE;
  p.expect(K.AS);
  let query = parseSelectStmt(p);
  if (recursive) query = makeRecursive(view.relname, aliases, query);
  const checkAt = p.location;
  const withCheckOption = parseCheckOption(p);
  if (recursive && withCheckOption !== 'NO_CHECK_OPTION')
    throw p.errorAt('0A000', 'WITH CHECK OPTION not supported on recursive views', checkAt);
  return { kind: 'ViewStmt', view, aliases, query, replace, options, withCheckOption, location };
}

function parseCheckOption(p: Parser): CheckOption {
  if (p.kind !== K.WITH) return 'NO_CHECK_OPTION';
  p.next();
  let option: CheckOption = 'CASCADED_CHECK_OPTION';
  if (p.accept(K.LOCAL)) option = 'LOCAL_CHECK_OPTION';
  else p.accept(K.CASCADED);
  p.expect(K.CHECK);
  p.expect(K.OPTION);
  return option;
}

/** CREATE RECURSIVE VIEW v (cols) AS q means WITH RECURSIVE v (cols) AS (q) SELECT cols FROM v. */
function makeRecursive(relname: string, aliases: readonly string[], query: SelectStmt): SelectStmt {
  const targetList = aliases.map((name): ResTarget => {
    const val: Expr = { kind: 'ColumnRef', fields: [name], star: false, location: -1 };
    return { kind: 'ResTarget', name: null, indirection: NONE, val, location: -1 };
  });
  return {
    kind: 'SelectStmt',
    distinctClause: null,
    intoClause: null,
    targetList,
    fromClause: [
      {
        kind: 'RangeVar',
        catalogname: null,
        schemaname: null,
        relname,
        inh: true,
        relpersistence: 'p',
        alias: null,
        location: -1,
      },
    ],
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
    withClause: {
      kind: 'WithClause',
      ctes: [
        {
          kind: 'CommonTableExpr',
          ctename: relname,
          aliascolnames: aliases,
          ctematerialized: 'CTEMaterializeDefault',
          ctequery: query,
          search_clause: null,
          cycle_clause: null,
          location: -1,
        },
      ],
      recursive: true,
      location: -1,
    },
    op: 'SETOP_NONE',
    all: false,
    larg: null,
    rarg: null,
    location: -1,
  };
}
