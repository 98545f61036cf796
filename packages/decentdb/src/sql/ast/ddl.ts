// Parse tree, part 5: tables, indexes, views, sequences, types, functions, triggers. Rules I1-I5 of expressions.ts hold.

import type { IndexElem } from './dml.ts';
import type { CollateClause, Expr, TypeName } from './expressions.ts';
import type { Statement } from './nodes.ts';
import type { IntoClause, OnCommitAction, RangeVar, SelectStmt } from './select.ts';
import type { DefElem, DropBehavior, ExecuteStmt, ObjectName, ObjectType, RoleSpec } from './utility.ts';

export interface CreateStmt {
  readonly kind: 'CreateStmt';
  readonly relation: RangeVar;
  readonly tableElts: readonly TableElement[];
  readonly inhRelations: readonly RangeVar[];
  readonly partbound: PartitionBoundSpec | null;
  readonly partspec: PartitionSpec | null;
  readonly ofTypename: TypeName | null;
  readonly options: readonly DefElem[];
  readonly oncommit: OnCommitAction;
  readonly tablespacename: string | null;
  readonly accessMethod: string | null;
  readonly if_not_exists: boolean;
  readonly location: number;
}

export type TableElement = ColumnDef | Constraint | TableLikeClause;

/** A column of a table, a type, a function result. `constraints` holds NOT NULL, DEFAULT, CHECK ... in written order. */
export interface ColumnDef {
  readonly kind: 'ColumnDef';
  readonly colname: string;
  readonly typeName: TypeName | null;
  readonly compression: string | null;
  readonly storage_name: string | null;
  /** USING expression of ALTER COLUMN TYPE, else null. */
  readonly raw_default: Expr | null;
  readonly collClause: CollateClause | null;
  readonly constraints: readonly Constraint[];
  readonly fdwoptions: readonly DefElem[];
  readonly is_local: boolean;
  readonly location: number;
}

/** Bits of `TableLikeClause.options`, as PostgreSQL numbers them. */
export interface TableLikeClause {
  readonly kind: 'TableLikeClause';
  readonly relation: RangeVar;
  readonly options: number;
  readonly location: number;
}

export type ConstrType =
  | 'CONSTR_NULL'
  | 'CONSTR_NOTNULL'
  | 'CONSTR_DEFAULT'
  | 'CONSTR_IDENTITY'
  | 'CONSTR_GENERATED'
  | 'CONSTR_CHECK'
  | 'CONSTR_PRIMARY'
  | 'CONSTR_UNIQUE'
  | 'CONSTR_EXCLUSION'
  | 'CONSTR_FOREIGN'
  | 'CONSTR_ATTR_DEFERRABLE'
  | 'CONSTR_ATTR_NOT_DEFERRABLE'
  | 'CONSTR_ATTR_DEFERRED'
  | 'CONSTR_ATTR_IMMEDIATE'
  | 'CONSTR_ATTR_ENFORCED'
  | 'CONSTR_ATTR_NOT_ENFORCED';

/** Foreign key action: a no action, r restrict, c cascade, n set null, d set default. */
export type FkAction = '' | 'a' | 'r' | 'c' | 'n' | 'd';

/** A column or table constraint. Column-level deferrability and enforcement stand as CONSTR_ATTR_ entries of their own,
 * table-level ones as flags. */
export interface Constraint {
  readonly kind: 'Constraint';
  readonly contype: ConstrType;
  readonly conname: string | null;
  readonly deferrable: boolean;
  readonly initdeferred: boolean;
  readonly is_enforced: boolean;
  readonly skip_validation: boolean;
  readonly initially_valid: boolean;
  readonly is_no_inherit: boolean;
  /** DEFAULT, CHECK and GENERATED expression. */
  readonly raw_expr: Expr | null;
  /** IDENTITY and GENERATED: a(lways), d (by default). */
  readonly generated_when: '' | 'a' | 'd';
  /** GENERATED: s(tored), v(irtual). */
  readonly generated_kind: '' | 's' | 'v';
  readonly nulls_not_distinct: boolean;
  /** PRIMARY KEY / UNIQUE columns; a NOT NULL table constraint's column. */
  readonly keys: readonly string[];
  readonly without_overlaps: boolean;
  readonly including: readonly string[];
  readonly exclusions: readonly ExclusionElem[];
  /** Index or identity sequence options. */
  readonly options: readonly DefElem[];
  readonly indexname: string | null;
  readonly indexspace: string | null;
  readonly access_method: string | null;
  readonly where_clause: Expr | null;
  readonly pktable: RangeVar | null;
  readonly fk_attrs: readonly string[];
  readonly pk_attrs: readonly string[];
  readonly fk_with_period: boolean;
  readonly pk_with_period: boolean;
  /** s(imple), f(ull), p(artial). */
  readonly fk_matchtype: '' | 's' | 'f' | 'p';
  readonly fk_upd_action: FkAction;
  readonly fk_del_action: FkAction;
  readonly fk_del_set_cols: readonly string[];
  readonly location: number;
}

/** `element WITH operator` of EXCLUDE. */
export interface ExclusionElem {
  readonly elem: IndexElem;
  readonly operator: readonly string[];
}

export interface PartitionSpec {
  readonly kind: 'PartitionSpec';
  readonly strategy: 'PARTITION_STRATEGY_LIST' | 'PARTITION_STRATEGY_RANGE' | 'PARTITION_STRATEGY_HASH';
  readonly partParams: readonly PartitionElem[];
  readonly location: number;
}

export interface PartitionElem {
  readonly kind: 'PartitionElem';
  readonly name: string | null;
  readonly expr: Expr | null;
  readonly collation: readonly string[];
  readonly opclass: readonly string[];
  readonly location: number;
}

export interface PartitionBoundSpec {
  readonly kind: 'PartitionBoundSpec';
  /** h(ash), l(ist), r(ange), empty for DEFAULT. */
  readonly strategy: '' | 'h' | 'l' | 'r';
  readonly is_default: boolean;
  readonly modulus: number;
  readonly remainder: number;
  readonly listdatums: readonly Expr[];
  readonly lowerdatums: readonly Expr[];
  readonly upperdatums: readonly Expr[];
  readonly location: number;
}

export interface IndexStmt {
  readonly kind: 'IndexStmt';
  readonly idxname: string | null;
  readonly relation: RangeVar;
  readonly accessMethod: string;
  readonly tableSpace: string | null;
  readonly indexParams: readonly IndexElem[];
  readonly indexIncludingParams: readonly IndexElem[];
  readonly options: readonly DefElem[];
  readonly whereClause: Expr | null;
  readonly unique: boolean;
  readonly nulls_not_distinct: boolean;
  readonly concurrent: boolean;
  readonly if_not_exists: boolean;
  readonly location: number;
}

export interface ViewStmt {
  readonly kind: 'ViewStmt';
  readonly view: RangeVar;
  readonly aliases: readonly string[];
  readonly query: SelectStmt;
  readonly replace: boolean;
  readonly options: readonly DefElem[];
  readonly withCheckOption: 'NO_CHECK_OPTION' | 'LOCAL_CHECK_OPTION' | 'CASCADED_CHECK_OPTION';
  readonly location: number;
}

/** CREATE TABLE AS and CREATE MATERIALIZED VIEW. */
export interface CreateTableAsStmt {
  readonly kind: 'CreateTableAsStmt';
  readonly query: SelectStmt | ExecuteStmt;
  readonly into: IntoClause;
  readonly objtype: 'OBJECT_TABLE' | 'OBJECT_MATVIEW';
  readonly if_not_exists: boolean;
  readonly location: number;
}

export interface RefreshMatViewStmt {
  readonly kind: 'RefreshMatViewStmt';
  readonly concurrent: boolean;
  readonly skipData: boolean;
  readonly relation: RangeVar;
  readonly location: number;
}

export interface CreateSeqStmt {
  readonly kind: 'CreateSeqStmt';
  readonly sequence: RangeVar;
  readonly options: readonly DefElem[];
  readonly if_not_exists: boolean;
  readonly location: number;
}

export interface AlterSeqStmt {
  readonly kind: 'AlterSeqStmt';
  readonly sequence: RangeVar;
  readonly options: readonly DefElem[];
  readonly missing_ok: boolean;
  readonly location: number;
}

export interface CreateSchemaStmt {
  readonly kind: 'CreateSchemaStmt';
  readonly schemaname: string | null;
  readonly authrole: RoleSpec | null;
  readonly schemaElts: readonly Statement[];
  readonly if_not_exists: boolean;
  readonly location: number;
}

export type AlterTableType =
  | 'AT_AddColumn'
  | 'AT_ColumnDefault'
  | 'AT_DropNotNull'
  | 'AT_SetNotNull'
  | 'AT_SetExpression'
  | 'AT_DropExpression'
  | 'AT_SetStatistics'
  | 'AT_SetOptions'
  | 'AT_ResetOptions'
  | 'AT_SetStorage'
  | 'AT_SetCompression'
  | 'AT_DropColumn'
  | 'AT_AddConstraint'
  | 'AT_AlterConstraint'
  | 'AT_ValidateConstraint'
  | 'AT_DropConstraint'
  | 'AT_AlterColumnType'
  | 'AT_AlterColumnGenericOptions'
  | 'AT_ChangeOwner'
  | 'AT_ClusterOn'
  | 'AT_DropCluster'
  | 'AT_SetLogged'
  | 'AT_SetUnLogged'
  | 'AT_DropOids'
  | 'AT_SetAccessMethod'
  | 'AT_SetTableSpace'
  | 'AT_SetRelOptions'
  | 'AT_ResetRelOptions'
  | 'AT_EnableTrig'
  | 'AT_EnableAlwaysTrig'
  | 'AT_EnableReplicaTrig'
  | 'AT_DisableTrig'
  | 'AT_EnableTrigAll'
  | 'AT_DisableTrigAll'
  | 'AT_EnableTrigUser'
  | 'AT_DisableTrigUser'
  | 'AT_EnableRule'
  | 'AT_EnableAlwaysRule'
  | 'AT_EnableReplicaRule'
  | 'AT_DisableRule'
  | 'AT_AddInherit'
  | 'AT_DropInherit'
  | 'AT_AddOf'
  | 'AT_DropOf'
  | 'AT_ReplicaIdentity'
  | 'AT_EnableRowSecurity'
  | 'AT_DisableRowSecurity'
  | 'AT_ForceRowSecurity'
  | 'AT_NoForceRowSecurity'
  | 'AT_GenericOptions'
  | 'AT_AttachPartition'
  | 'AT_DetachPartition'
  | 'AT_DetachPartitionFinalize'
  | 'AT_AddIdentity'
  | 'AT_SetIdentity'
  | 'AT_DropIdentity';

export interface AlterTableStmt {
  readonly kind: 'AlterTableStmt';
  readonly relation: RangeVar;
  readonly cmds: readonly AlterTableCmd[];
  /** OBJECT_TABLE, _INDEX, _SEQUENCE, _VIEW, _MATVIEW, _FOREIGN_TABLE or _TYPE. */
  readonly objtype: ObjectType;
  readonly missing_ok: boolean;
  readonly location: number;
}

export type AlterTableDef =
  | ColumnDef
  | Constraint
  | Expr
  | TypeName
  | RangeVar
  | DefElemList
  | ATAlterConstraint
  | ReplicaIdentityStmt
  | PartitionCmd
  | { readonly kind: 'Integer'; readonly ival: number; readonly location: number }
  | { readonly kind: 'String'; readonly sval: string; readonly location: number };

/** PostgreSQL's List of DefElem in a node slot. */
export interface DefElemList {
  readonly kind: 'DefElemList';
  readonly items: readonly DefElem[];
  readonly location: number;
}

export interface AlterTableCmd {
  readonly kind: 'AlterTableCmd';
  readonly subtype: AlterTableType;
  readonly name: string | null;
  readonly num: number;
  readonly newowner: RoleSpec | null;
  readonly def: AlterTableDef | null;
  readonly behavior: DropBehavior;
  readonly missing_ok: boolean;
  readonly location: number;
}

export interface ATAlterConstraint {
  readonly kind: 'ATAlterConstraint';
  readonly conname: string;
  readonly alterEnforceability: boolean;
  readonly is_enforced: boolean;
  readonly alterDeferrability: boolean;
  readonly deferrable: boolean;
  readonly initdeferred: boolean;
  readonly alterInheritability: boolean;
  readonly noinherit: boolean;
  readonly location: number;
}

export interface ReplicaIdentityStmt {
  readonly kind: 'ReplicaIdentityStmt';
  /** n(othing), f(ull), d(efault), i(ndex). */
  readonly identity_type: 'n' | 'f' | 'd' | 'i';
  readonly name: string | null;
  readonly location: number;
}

export interface PartitionCmd {
  readonly kind: 'PartitionCmd';
  readonly name: RangeVar;
  readonly bound: PartitionBoundSpec | null;
  readonly concurrent: boolean;
  readonly location: number;
}

export interface CreateDomainStmt {
  readonly kind: 'CreateDomainStmt';
  readonly domainname: readonly string[];
  readonly typeName: TypeName;
  readonly collClause: CollateClause | null;
  readonly constraints: readonly Constraint[];
  readonly location: number;
}

export interface AlterDomainStmt {
  readonly kind: 'AlterDomainStmt';
  /** T default, N drop not null, O set not null, C add constraint, X drop constraint, V validate constraint. */
  readonly subtype: 'T' | 'N' | 'O' | 'C' | 'X' | 'V';
  readonly typeName: readonly string[];
  readonly name: string | null;
  readonly def: Expr | Constraint | null;
  readonly behavior: DropBehavior;
  readonly missing_ok: boolean;
  readonly location: number;
}

export interface CompositeTypeStmt {
  readonly kind: 'CompositeTypeStmt';
  readonly typevar: RangeVar;
  readonly coldeflist: readonly ColumnDef[];
  readonly location: number;
}

export interface CreateEnumStmt {
  readonly kind: 'CreateEnumStmt';
  readonly typeName: readonly string[];
  readonly vals: readonly string[];
  readonly location: number;
}

export interface CreateRangeStmt {
  readonly kind: 'CreateRangeStmt';
  readonly typeName: readonly string[];
  readonly params: readonly DefElem[];
  readonly location: number;
}

export interface AlterEnumStmt {
  readonly kind: 'AlterEnumStmt';
  readonly typeName: readonly string[];
  readonly oldVal: string | null;
  readonly newVal: string;
  readonly newValNeighbor: string | null;
  readonly newValIsAfter: boolean;
  readonly skipIfNewValExists: boolean;
  readonly location: number;
}

export interface FunctionParameter {
  readonly kind: 'FunctionParameter';
  readonly name: string | null;
  readonly argType: TypeName;
  readonly mode:
    | 'FUNC_PARAM_IN'
    | 'FUNC_PARAM_OUT'
    | 'FUNC_PARAM_INOUT'
    | 'FUNC_PARAM_VARIADIC'
    | 'FUNC_PARAM_TABLE'
    | 'FUNC_PARAM_DEFAULT';
  readonly defexpr: Expr | null;
  readonly location: number;
}

export interface ReturnStmt {
  readonly kind: 'ReturnStmt';
  readonly returnval: Expr;
  readonly location: number;
}

/** BEGIN ATOMIC ... END of a SQL function. */
export interface SqlBody {
  readonly kind: 'SqlBody';
  readonly stmts: readonly (Statement | ReturnStmt)[];
  readonly location: number;
}

export interface CreateFunctionStmt {
  readonly kind: 'CreateFunctionStmt';
  readonly is_procedure: boolean;
  readonly replace: boolean;
  readonly funcname: readonly string[];
  readonly parameters: readonly FunctionParameter[];
  readonly returnType: TypeName | null;
  readonly options: readonly DefElem[];
  readonly sql_body: ReturnStmt | SqlBody | null;
  readonly location: number;
}

export interface AlterFunctionStmt {
  readonly kind: 'AlterFunctionStmt';
  readonly objtype: ObjectType;
  readonly func: ObjectName;
  readonly actions: readonly DefElem[];
  readonly location: number;
}

export interface TriggerTransition {
  readonly kind: 'TriggerTransition';
  readonly name: string;
  readonly isNew: boolean;
  readonly isTable: boolean;
  readonly location: number;
}

/** `timing`: 2 BEFORE, 0 AFTER, 64 INSTEAD OF. `events`: bits 4 INSERT, 8 DELETE, 16 UPDATE, 32 TRUNCATE. */
export interface CreateTrigStmt {
  readonly kind: 'CreateTrigStmt';
  readonly replace: boolean;
  readonly isconstraint: boolean;
  readonly trigname: string;
  readonly relation: RangeVar;
  readonly funcname: readonly string[];
  readonly args: readonly string[];
  readonly row: boolean;
  readonly timing: number;
  readonly events: number;
  readonly columns: readonly string[];
  readonly whenClause: Expr | null;
  readonly transitionRels: readonly TriggerTransition[];
  readonly deferrable: boolean;
  readonly initdeferred: boolean;
  readonly constrrel: RangeVar | null;
  readonly location: number;
}

export interface RuleStmt {
  readonly kind: 'RuleStmt';
  readonly relation: RangeVar;
  readonly rulename: string;
  readonly whereClause: Expr | null;
  readonly event: 'CMD_SELECT' | 'CMD_UPDATE' | 'CMD_INSERT' | 'CMD_DELETE';
  readonly instead: boolean;
  readonly actions: readonly Statement[];
  readonly replace: boolean;
  readonly location: number;
}

/** CREATE AGGREGATE / OPERATOR / TYPE (base or shell) / COLLATION / TEXT SEARCH ... */
export interface DefineStmt {
  readonly kind: 'DefineStmt';
  /** PostgreSQL's field `kind`. */
  readonly objtype: ObjectType;
  readonly oldstyle: boolean;
  readonly defnames: readonly string[];
  /** Aggregates: their parameters and the number of direct arguments (-1: no ORDER BY; null args: `(*)` or none). */
  readonly args: readonly FunctionParameter[] | null;
  readonly directArgs: number;
  readonly definition: readonly DefElem[];
  readonly if_not_exists: boolean;
  readonly replace: boolean;
  readonly location: number;
}

export interface CreateCastStmt {
  readonly kind: 'CreateCastStmt';
  readonly sourcetype: TypeName;
  readonly targettype: TypeName;
  readonly func: ObjectName | null;
  readonly context: 'COERCION_IMPLICIT' | 'COERCION_ASSIGNMENT' | 'COERCION_EXPLICIT';
  readonly inout: boolean;
  readonly location: number;
}

export interface StatsElem {
  readonly kind: 'StatsElem';
  readonly name: string | null;
  readonly expr: Expr | null;
  readonly location: number;
}

export interface CreateStatsStmt {
  readonly kind: 'CreateStatsStmt';
  readonly defnames: readonly string[];
  readonly stat_types: readonly string[];
  readonly exprs: readonly StatsElem[];
  readonly relations: readonly import('./select.ts').FromItem[];
  readonly if_not_exists: boolean;
  readonly location: number;
}

export interface CreatePolicyStmt {
  readonly kind: 'CreatePolicyStmt';
  readonly policy_name: string;
  readonly table: RangeVar;
  readonly cmd_name: string;
  readonly permissive: boolean;
  readonly roles: readonly RoleSpec[];
  readonly qual: Expr | null;
  readonly with_check: Expr | null;
  readonly location: number;
}

export interface AlterPolicyStmt {
  readonly kind: 'AlterPolicyStmt';
  readonly policy_name: string;
  readonly table: RangeVar;
  readonly roles: readonly RoleSpec[];
  readonly qual: Expr | null;
  readonly with_check: Expr | null;
  readonly location: number;
}
