/** Parts of queries that the binder writes itself, for constructs that stand for a query. */
import type * as ast from '../ast/nodes.ts';

/** A call of a built-in function. */
export function makeCall(name: string, args: readonly ast.Expr[], location: number): ast.FuncCall {
  return {
    kind: 'FuncCall',
    funcname: ['pg_catalog', name],
    args,
    agg_order: [],
    agg_filter: null,
    over: null,
    agg_within_group: false,
    agg_star: false,
    agg_distinct: false,
    func_variadic: false,
    funcformat: 'COERCE_EXPLICIT_CALL',
    location,
  };
}

/** SELECT value AS name, ... FROM item. */
export function makeSelect(
  targets: readonly { readonly name: string | null; readonly value: ast.Expr }[],
  from: ast.FromItem | null,
  location: number,
): ast.SelectStmt {
  return {
    kind: 'SelectStmt',
    distinctClause: null,
    intoClause: null,
    targetList: targets.map(({ name, value }) => ({
      kind: 'ResTarget',
      name,
      indirection: [],
      val: value,
      location,
    })),
    fromClause: from === null ? [] : [from],
    whereClause: null,
    groupClause: [],
    groupDistinct: false,
    havingClause: null,
    windowClause: [],
    valuesLists: [],
    sortClause: [],
    limitOffset: null,
    limitCount: null,
    limitOption: 'LIMIT_OPTION_DEFAULT',
    lockingClause: [],
    withClause: null,
    op: 'SETOP_NONE',
    all: false,
    larg: null,
    rarg: null,
    location,
  };
}
