// Parse tree, part 4: INSERT, UPDATE, DELETE, MERGE, COPY, TRUNCATE. Rules I1-I5 of expressions.ts hold.

import type { Expr } from './expressions.ts';
import type { FromItem, PreparableStmt, RangeVar, ResTarget, SelectStmt, WithClause } from './select.ts';
import type { DefElem, DropBehavior } from './utility.ts';

export interface ReturningOption {
  readonly kind: 'ReturningOption';
  readonly option: 'RETURNING_OPTION_OLD' | 'RETURNING_OPTION_NEW';
  readonly value: string;
  readonly location: number;
}

export interface ReturningClause {
  readonly kind: 'ReturningClause';
  readonly options: readonly ReturningOption[];
  readonly exprs: readonly ResTarget[];
  readonly location: number;
}

export type OverridingKind = 'OVERRIDING_NOT_SET' | 'OVERRIDING_USER_VALUE' | 'OVERRIDING_SYSTEM_VALUE';

/** `selectStmt` is null for DEFAULT VALUES. */
export interface InsertStmt {
  readonly kind: 'InsertStmt';
  readonly relation: RangeVar;
  readonly cols: readonly ResTarget[];
  readonly selectStmt: SelectStmt | null;
  readonly onConflictClause: OnConflictClause | null;
  readonly returningClause: ReturningClause | null;
  readonly withClause: WithClause | null;
  readonly override: OverridingKind;
  readonly location: number;
}

export interface OnConflictClause {
  readonly kind: 'OnConflictClause';
  readonly action: 'ONCONFLICT_NOTHING' | 'ONCONFLICT_UPDATE';
  readonly infer: InferClause | null;
  readonly targetList: readonly ResTarget[];
  readonly whereClause: Expr | null;
  readonly location: number;
}

/** The arbiter: a list of index elements, or a constraint's name. */
export interface InferClause {
  readonly kind: 'InferClause';
  readonly indexElems: readonly IndexElem[];
  readonly whereClause: Expr | null;
  readonly conname: string | null;
  readonly location: number;
}

/** A column or expression of an index; `name` xor `expr`. */
export interface IndexElem {
  readonly kind: 'IndexElem';
  readonly name: string | null;
  readonly expr: Expr | null;
  readonly collation: readonly string[];
  readonly opclass: readonly string[];
  readonly opclassopts: readonly DefElem[];
  readonly ordering: 'SORTBY_DEFAULT' | 'SORTBY_ASC' | 'SORTBY_DESC';
  readonly nulls_ordering: 'SORTBY_NULLS_DEFAULT' | 'SORTBY_NULLS_FIRST' | 'SORTBY_NULLS_LAST';
  readonly location: number;
}

export interface UpdateStmt {
  readonly kind: 'UpdateStmt';
  readonly relation: RangeVar;
  readonly targetList: readonly ResTarget[];
  readonly whereClause: Expr | null;
  readonly fromClause: readonly FromItem[];
  readonly returningClause: ReturningClause | null;
  readonly withClause: WithClause | null;
  readonly location: number;
}

export interface DeleteStmt {
  readonly kind: 'DeleteStmt';
  readonly relation: RangeVar;
  readonly usingClause: readonly FromItem[];
  readonly whereClause: Expr | null;
  readonly returningClause: ReturningClause | null;
  readonly withClause: WithClause | null;
  readonly location: number;
}

export interface MergeStmt {
  readonly kind: 'MergeStmt';
  readonly relation: RangeVar;
  readonly sourceRelation: FromItem;
  readonly joinCondition: Expr;
  readonly mergeWhenClauses: readonly MergeWhenClause[];
  readonly returningClause: ReturningClause | null;
  readonly withClause: WithClause | null;
  readonly location: number;
}

/** UPDATE and INSERT keep assignments / columns in `targetList`, INSERT its values in `values`. */
export interface MergeWhenClause {
  readonly kind: 'MergeWhenClause';
  readonly matchKind:
    | 'MERGE_WHEN_MATCHED'
    | 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE'
    | 'MERGE_WHEN_NOT_MATCHED_BY_TARGET';
  readonly commandType: 'CMD_UPDATE' | 'CMD_INSERT' | 'CMD_DELETE' | 'CMD_NOTHING';
  readonly override: OverridingKind;
  readonly condition: Expr | null;
  readonly targetList: readonly ResTarget[];
  readonly values: readonly Expr[];
  readonly location: number;
}

/** `filename` is null for STDIN / STDOUT; `query` for COPY (SELECT ...) TO. */
export interface CopyStmt {
  readonly kind: 'CopyStmt';
  readonly relation: RangeVar | null;
  readonly query: PreparableStmt | null;
  readonly attlist: readonly string[];
  readonly is_from: boolean;
  readonly is_program: boolean;
  readonly filename: string | null;
  readonly options: readonly DefElem[];
  readonly whereClause: Expr | null;
  readonly location: number;
}

export interface TruncateStmt {
  readonly kind: 'TruncateStmt';
  readonly relations: readonly RangeVar[];
  readonly restart_seqs: boolean;
  readonly behavior: DropBehavior;
  readonly location: number;
}
