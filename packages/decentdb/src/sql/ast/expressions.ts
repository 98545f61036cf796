// Parse tree, part 1: expressions, constants, names and types.
//
// Shapes and names follow PostgreSQL's parsenodes.h / primnodes.h as libpg_query prints them, with these rules:
// I1  Every node carries `kind` (the node's name) and `location` (UTF-16 offset into the statement text, -1 unknown).
//     Where PostgreSQL itself has a field called `kind`, ours is renamed (A_Expr.exprKind, GroupingSet.setKind, ...).
// I2  Every field is always present, in the order declared: absent nodes are null, absent lists are empty. One hidden
//     class per kind.
// I3  A list of String nodes that is a dotted name is a plain string[] (`names`, `funcname`, `name`, ...).
// I4  ColumnRef keeps a trailing `*` as `star`, so `fields` is strings only.
// I5  Raw trees never hold resolved information (OIDs, types): that is the bound tree's.

import type { SelectStmt } from './select.ts';

export type ConstType = 'Integer' | 'Float' | 'Boolean' | 'String' | 'BitString' | 'Null';

/** A literal. `ival` for Integer (int4 range), `boolval` for Boolean; `sval` holds the text of Float (digits as
 * written), String (unescaped) and BitString (`b101` / `x1F`). */
export interface A_Const {
  readonly kind: 'A_Const';
  readonly constType: ConstType;
  readonly ival: number;
  readonly boolval: boolean;
  readonly sval: string;
  readonly location: number;
}

export interface ColumnRef {
  readonly kind: 'ColumnRef';
  readonly fields: readonly string[];
  readonly star: boolean;
  readonly location: number;
}

/** `$n`. */
export interface ParamRef {
  readonly kind: 'ParamRef';
  readonly number: number;
  readonly location: number;
}

export type A_Expr_Kind =
  | 'AEXPR_OP'
  | 'AEXPR_OP_ANY'
  | 'AEXPR_OP_ALL'
  | 'AEXPR_DISTINCT'
  | 'AEXPR_NOT_DISTINCT'
  | 'AEXPR_NULLIF'
  | 'AEXPR_IN'
  | 'AEXPR_LIKE'
  | 'AEXPR_ILIKE'
  | 'AEXPR_SIMILAR'
  | 'AEXPR_BETWEEN'
  | 'AEXPR_NOT_BETWEEN'
  | 'AEXPR_BETWEEN_SYM'
  | 'AEXPR_NOT_BETWEEN_SYM';

/** Operators and their relatives. `lexpr` is null for prefix operators; AEXPR_IN and the BETWEENs have an ExprList on the right. */
export interface A_Expr {
  readonly kind: 'A_Expr';
  readonly exprKind: A_Expr_Kind;
  readonly name: readonly string[];
  readonly lexpr: Expr | null;
  readonly rexpr: Expr | ExprList | null;
  readonly location: number;
}

/** PostgreSQL's bare List where an expression list stands in an expression slot (IN (...), BETWEEN). */
export interface ExprList {
  readonly kind: 'List';
  readonly items: readonly Expr[];
  readonly location: number;
}

export interface BoolExpr {
  readonly kind: 'BoolExpr';
  readonly boolop: 'AND_EXPR' | 'OR_EXPR' | 'NOT_EXPR';
  readonly args: readonly Expr[];
  readonly location: number;
}

export interface TypeCast {
  readonly kind: 'TypeCast';
  readonly arg: Expr;
  readonly typeName: TypeName;
  readonly location: number;
}

export interface CollateClause {
  readonly kind: 'CollateClause';
  readonly arg: Expr | null;
  readonly collname: readonly string[];
  readonly location: number;
}

export type CoercionForm = 'COERCE_EXPLICIT_CALL' | 'COERCE_SQL_SYNTAX';

export interface FuncCall {
  readonly kind: 'FuncCall';
  readonly funcname: readonly string[];
  readonly args: readonly Expr[];
  readonly agg_order: readonly SortBy[];
  readonly agg_filter: Expr | null;
  readonly over: WindowDef | null;
  readonly agg_within_group: boolean;
  readonly agg_star: boolean;
  readonly agg_distinct: boolean;
  readonly func_variadic: boolean;
  readonly funcformat: CoercionForm;
  readonly location: number;
}

/** `name => arg` in a call. */
export interface NamedArgExpr {
  readonly kind: 'NamedArgExpr';
  readonly name: string;
  readonly arg: Expr;
  readonly location: number;
}

export type SubLinkType = 'EXISTS_SUBLINK' | 'ALL_SUBLINK' | 'ANY_SUBLINK' | 'EXPR_SUBLINK' | 'ARRAY_SUBLINK';

/** A subquery in an expression. ANY with an empty `operName` is `IN`. */
export interface SubLink {
  readonly kind: 'SubLink';
  readonly subLinkType: SubLinkType;
  readonly testexpr: Expr | null;
  readonly operName: readonly string[];
  readonly subselect: SelectStmt;
  readonly location: number;
}

export interface CaseExpr {
  readonly kind: 'CaseExpr';
  readonly arg: Expr | null;
  readonly args: readonly CaseWhen[];
  readonly defresult: Expr | null;
  readonly location: number;
}

export interface CaseWhen {
  readonly kind: 'CaseWhen';
  readonly expr: Expr;
  readonly result: Expr;
  readonly location: number;
}

export interface CoalesceExpr {
  readonly kind: 'CoalesceExpr';
  readonly args: readonly Expr[];
  readonly location: number;
}

export interface MinMaxExpr {
  readonly kind: 'MinMaxExpr';
  readonly op: 'IS_GREATEST' | 'IS_LEAST';
  readonly args: readonly Expr[];
  readonly location: number;
}

export interface NullTest {
  readonly kind: 'NullTest';
  readonly arg: Expr;
  readonly nulltesttype: 'IS_NULL' | 'IS_NOT_NULL';
  readonly location: number;
}

export type BoolTestType =
  | 'IS_TRUE'
  | 'IS_NOT_TRUE'
  | 'IS_FALSE'
  | 'IS_NOT_FALSE'
  | 'IS_UNKNOWN'
  | 'IS_NOT_UNKNOWN';

export interface BooleanTest {
  readonly kind: 'BooleanTest';
  readonly arg: Expr;
  readonly booltesttype: BoolTestType;
  readonly location: number;
}

export type SQLValueFunctionOp =
  | 'SVFOP_CURRENT_DATE'
  | 'SVFOP_CURRENT_TIME'
  | 'SVFOP_CURRENT_TIME_N'
  | 'SVFOP_CURRENT_TIMESTAMP'
  | 'SVFOP_CURRENT_TIMESTAMP_N'
  | 'SVFOP_LOCALTIME'
  | 'SVFOP_LOCALTIME_N'
  | 'SVFOP_LOCALTIMESTAMP'
  | 'SVFOP_LOCALTIMESTAMP_N'
  | 'SVFOP_CURRENT_ROLE'
  | 'SVFOP_CURRENT_USER'
  | 'SVFOP_USER'
  | 'SVFOP_SESSION_USER'
  | 'SVFOP_CURRENT_CATALOG'
  | 'SVFOP_CURRENT_SCHEMA';

/** CURRENT_DATE and its family; `typmod` is the precision of the _N forms, else -1. */
export interface SQLValueFunction {
  readonly kind: 'SQLValueFunction';
  readonly op: SQLValueFunctionOp;
  readonly typmod: number;
  readonly location: number;
}

/** `ARRAY[...]`; nested brackets are nested A_ArrayExpr elements. */
export interface A_ArrayExpr {
  readonly kind: 'A_ArrayExpr';
  readonly elements: readonly Expr[];
  readonly location: number;
}

/** `(expr).field`, `expr[1]`, `expr[1:2]`, `(expr).*`. */
export interface A_Indirection {
  readonly kind: 'A_Indirection';
  readonly arg: Expr;
  readonly indirection: readonly Indirection[];
  readonly location: number;
}

export type Indirection = StringNode | A_Indices | A_Star;

export interface A_Indices {
  readonly kind: 'A_Indices';
  readonly is_slice: boolean;
  readonly lidx: Expr | null;
  readonly uidx: Expr | null;
  readonly location: number;
}

export interface A_Star {
  readonly kind: 'A_Star';
  readonly location: number;
}

/** `ROW(...)` (explicit) or `(a, b)` (implicit). */
export interface RowExpr {
  readonly kind: 'RowExpr';
  readonly args: readonly Expr[];
  readonly row_format: 'COERCE_EXPLICIT_CALL' | 'COERCE_IMPLICIT_CAST';
  readonly location: number;
}

/** `GROUPING(a, b)`. */
export interface GroupingFunc {
  readonly kind: 'GroupingFunc';
  readonly args: readonly Expr[];
  readonly location: number;
}

/** `DEFAULT` as a value in INSERT ... VALUES or UPDATE ... SET. */
export interface SetToDefault {
  readonly kind: 'SetToDefault';
  readonly location: number;
}

/** `WHERE CURRENT OF cursor`. */
export interface CurrentOfExpr {
  readonly kind: 'CurrentOfExpr';
  readonly cursor_name: string;
  readonly location: number;
}

/** One column of `UPDATE ... SET (a, b) = source`; `source` is shared by its columns, `colno` counts from 1. */
export interface MultiAssignRef {
  readonly kind: 'MultiAssignRef';
  readonly source: Expr;
  readonly colno: number;
  readonly ncolumns: number;
  readonly location: number;
}

/** MERGE_ACTION() (PostgreSQL 17). */
export interface MergeSupportFunc {
  readonly kind: 'MergeSupportFunc';
  readonly location: number;
}

/** A type as written. INTERVAL field masks and lengths are in `typmods`; `arrayBounds` holds -1 for `[]`. */
export interface TypeName {
  readonly kind: 'TypeName';
  readonly names: readonly string[];
  readonly setof: boolean;
  readonly pct_type: boolean;
  readonly typmods: readonly Expr[];
  readonly arrayBounds: readonly number[];
  readonly location: number;
}

export interface SortBy {
  readonly kind: 'SortBy';
  readonly node: Expr;
  readonly sortby_dir: 'SORTBY_DEFAULT' | 'SORTBY_ASC' | 'SORTBY_DESC' | 'SORTBY_USING';
  readonly sortby_nulls: 'SORTBY_NULLS_DEFAULT' | 'SORTBY_NULLS_FIRST' | 'SORTBY_NULLS_LAST';
  readonly useOp: readonly string[];
  readonly location: number;
}

/** A window, inline (`OVER (...)`), by reference (`OVER w`: `name` set) or defined in WINDOW. `frameOptions` are PostgreSQL's
 * FRAMEOPTION_ bits, see frame-options.ts. */
export interface WindowDef {
  readonly kind: 'WindowDef';
  readonly name: string | null;
  readonly refname: string | null;
  readonly partitionClause: readonly Expr[];
  readonly orderClause: readonly SortBy[];
  readonly frameOptions: number;
  readonly startOffset: Expr | null;
  readonly endOffset: Expr | null;
  readonly location: number;
}

// Value nodes, in option lists.
export interface IntegerNode {
  readonly kind: 'Integer';
  readonly ival: number;
  readonly location: number;
}
export interface FloatNode {
  readonly kind: 'Float';
  readonly fval: string;
  readonly location: number;
}
export interface BooleanNode {
  readonly kind: 'Boolean';
  readonly boolval: boolean;
  readonly location: number;
}
export interface StringNode {
  readonly kind: 'String';
  readonly sval: string;
  readonly location: number;
}

import type { JsonExprNode, XmlExprNode } from './json.ts';

export type Expr =
  | A_Const
  | ColumnRef
  | ParamRef
  | A_Expr
  | BoolExpr
  | TypeCast
  | CollateClause
  | FuncCall
  | NamedArgExpr
  | SubLink
  | CaseExpr
  | CoalesceExpr
  | MinMaxExpr
  | NullTest
  | BooleanTest
  | SQLValueFunction
  | A_ArrayExpr
  | A_Indirection
  | RowExpr
  | GroupingFunc
  | SetToDefault
  | CurrentOfExpr
  | MultiAssignRef
  | MergeSupportFunc
  | JsonExprNode
  | XmlExprNode;
