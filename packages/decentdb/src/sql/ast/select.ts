// Parse tree, part 3: SELECT, its FROM items and WITH. Rules I1-I5 of expressions.ts hold.

import type { ColumnDef } from './ddl.ts';
import type { DeleteStmt, InsertStmt, MergeStmt, UpdateStmt } from './dml.ts';
import type { Expr, Indirection, SortBy, TypeName, WindowDef } from './expressions.ts';
import type { JsonTable } from './json.ts';
import type { DefElem } from './utility.ts';

/** SELECT, VALUES, TABLE and the set operations. A VALUES has `valuesLists` and no targetList; a set operation has
 * `op` other than SETOP_NONE with `larg` and `rarg` (chains are left-deep: walk `larg` in a loop, never by recursion alone). */
export interface SelectStmt {
  readonly kind: 'SelectStmt';
  /** null: no DISTINCT; empty: DISTINCT; else DISTINCT ON (...). */
  readonly distinctClause: readonly Expr[] | null;
  readonly intoClause: IntoClause | null;
  readonly targetList: readonly ResTarget[];
  readonly fromClause: readonly FromItem[];
  readonly whereClause: Expr | null;
  readonly groupClause: readonly (Expr | GroupingSet)[];
  readonly groupDistinct: boolean;
  readonly havingClause: Expr | null;
  readonly windowClause: readonly WindowDef[];
  readonly valuesLists: readonly (readonly Expr[])[];
  readonly sortClause: readonly SortBy[];
  readonly limitOffset: Expr | null;
  /** LIMIT ALL is a Null A_Const. */
  readonly limitCount: Expr | null;
  readonly limitOption: 'LIMIT_OPTION_DEFAULT' | 'LIMIT_OPTION_COUNT' | 'LIMIT_OPTION_WITH_TIES';
  readonly lockingClause: readonly LockingClause[];
  readonly withClause: WithClause | null;
  readonly op: 'SETOP_NONE' | 'SETOP_UNION' | 'SETOP_INTERSECT' | 'SETOP_EXCEPT';
  readonly all: boolean;
  readonly larg: SelectStmt | null;
  readonly rarg: SelectStmt | null;
  readonly location: number;
}

/** One output column, an INSERT target column, or one SET assignment. */
export interface ResTarget {
  readonly kind: 'ResTarget';
  readonly name: string | null;
  readonly indirection: readonly Indirection[];
  readonly val: Expr | null;
  readonly location: number;
}

export interface GroupingSet {
  readonly kind: 'GroupingSet';
  /** PostgreSQL's field `kind`. */
  readonly setKind: 'GROUPING_SET_EMPTY' | 'GROUPING_SET_ROLLUP' | 'GROUPING_SET_CUBE' | 'GROUPING_SET_SETS';
  readonly content: readonly (Expr | GroupingSet)[];
  readonly location: number;
}

export interface IntoClause {
  readonly kind: 'IntoClause';
  readonly rel: RangeVar;
  readonly colNames: readonly string[];
  readonly accessMethod: string | null;
  readonly options: readonly DefElem[];
  readonly onCommit: OnCommitAction;
  readonly tableSpaceName: string | null;
  readonly skipData: boolean;
  readonly location: number;
}

export type OnCommitAction =
  | 'ONCOMMIT_NOOP'
  | 'ONCOMMIT_PRESERVE_ROWS'
  | 'ONCOMMIT_DELETE_ROWS'
  | 'ONCOMMIT_DROP';

export interface LockingClause {
  readonly kind: 'LockingClause';
  readonly lockedRels: readonly RangeVar[];
  readonly strength: 'LCS_FORKEYSHARE' | 'LCS_FORSHARE' | 'LCS_FORNOKEYUPDATE' | 'LCS_FORUPDATE';
  readonly waitPolicy: 'LockWaitBlock' | 'LockWaitSkip' | 'LockWaitError';
  readonly location: number;
}

export interface Alias {
  readonly kind: 'Alias';
  readonly aliasname: string;
  readonly colnames: readonly string[];
  readonly location: number;
}

export interface RangeVar {
  readonly kind: 'RangeVar';
  readonly catalogname: string | null;
  readonly schemaname: string | null;
  readonly relname: string;
  /** false after ONLY. */
  readonly inh: boolean;
  /** p(ermanent), t(emporary), u(nlogged). */
  readonly relpersistence: 'p' | 't' | 'u';
  readonly alias: Alias | null;
  readonly location: number;
}

export interface RangeSubselect {
  readonly kind: 'RangeSubselect';
  readonly lateral: boolean;
  readonly subquery: SelectStmt;
  readonly alias: Alias | null;
  readonly location: number;
}

/** One function of a RangeFunction with its own column definitions (ROWS FROM). */
export interface RangeFunctionItem {
  readonly func: Expr;
  readonly coldeflist: readonly ColumnDef[];
}

export interface RangeFunction {
  readonly kind: 'RangeFunction';
  readonly lateral: boolean;
  readonly ordinality: boolean;
  readonly is_rowsfrom: boolean;
  readonly functions: readonly RangeFunctionItem[];
  readonly alias: Alias | null;
  readonly coldeflist: readonly ColumnDef[];
  readonly location: number;
}

export interface RangeTableSample {
  readonly kind: 'RangeTableSample';
  readonly relation: RangeVar;
  readonly method: readonly string[];
  readonly args: readonly Expr[];
  readonly repeatable: Expr | null;
  readonly location: number;
}

/** XMLTABLE. */
export interface RangeTableFunc {
  readonly kind: 'RangeTableFunc';
  readonly lateral: boolean;
  readonly docexpr: Expr;
  readonly rowexpr: Expr;
  readonly namespaces: readonly ResTarget[];
  readonly columns: readonly RangeTableFuncCol[];
  readonly alias: Alias | null;
  readonly location: number;
}

export interface RangeTableFuncCol {
  readonly kind: 'RangeTableFuncCol';
  readonly colname: string;
  readonly typeName: TypeName | null;
  readonly for_ordinality: boolean;
  readonly is_not_null: boolean;
  readonly colexpr: Expr | null;
  readonly coldefexpr: Expr | null;
  readonly location: number;
}

/** CROSS JOIN is JOIN_INNER with neither quals nor usingClause nor isNatural. Chains are left-deep over `larg`. */
export interface JoinExpr {
  readonly kind: 'JoinExpr';
  readonly jointype: 'JOIN_INNER' | 'JOIN_LEFT' | 'JOIN_FULL' | 'JOIN_RIGHT';
  readonly isNatural: boolean;
  readonly larg: FromItem;
  readonly rarg: FromItem;
  readonly usingClause: readonly string[];
  readonly join_using_alias: Alias | null;
  readonly quals: Expr | null;
  readonly alias: Alias | null;
  readonly location: number;
}

export type FromItem =
  | RangeVar
  | RangeSubselect
  | RangeFunction
  | RangeTableSample
  | RangeTableFunc
  | JsonTable
  | JoinExpr;

export interface WithClause {
  readonly kind: 'WithClause';
  readonly ctes: readonly CommonTableExpr[];
  readonly recursive: boolean;
  readonly location: number;
}

export interface CommonTableExpr {
  readonly kind: 'CommonTableExpr';
  readonly ctename: string;
  readonly aliascolnames: readonly string[];
  readonly ctematerialized: 'CTEMaterializeDefault' | 'CTEMaterializeAlways' | 'CTEMaterializeNever';
  readonly ctequery: PreparableStmt;
  readonly search_clause: CTESearchClause | null;
  readonly cycle_clause: CTECycleClause | null;
  readonly location: number;
}

export interface CTESearchClause {
  readonly kind: 'CTESearchClause';
  readonly search_col_list: readonly string[];
  readonly search_breadth_first: boolean;
  readonly search_seq_column: string;
  readonly location: number;
}

export interface CTECycleClause {
  readonly kind: 'CTECycleClause';
  readonly cycle_col_list: readonly string[];
  readonly cycle_mark_column: string;
  readonly cycle_mark_value: Expr | null;
  readonly cycle_mark_default: Expr | null;
  readonly cycle_path_column: string;
  readonly location: number;
}

export type PreparableStmt = SelectStmt | InsertStmt | UpdateStmt | DeleteStmt | MergeStmt;
