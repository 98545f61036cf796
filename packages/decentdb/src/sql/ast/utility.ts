// Parse tree, part 6: transactions, settings, cursors, prepared statements, privileges, maintenance, and the statements
// that work on any kind of object (DROP, RENAME, COMMENT ...). Rules I1-I5 of expressions.ts hold.

import type { DefElemList, FunctionParameter } from './ddl.ts';
import type {
  BooleanNode,
  Expr,
  FloatNode,
  FuncCall,
  IntegerNode,
  StringNode,
  TypeName,
} from './expressions.ts';
import type { Statement } from './nodes.ts';
import type { PreparableStmt, RangeVar, SelectStmt } from './select.ts';

export type DropBehavior = 'DROP_RESTRICT' | 'DROP_CASCADE';

export type ObjectType =
  | 'OBJECT_ACCESS_METHOD'
  | 'OBJECT_AGGREGATE'
  | 'OBJECT_ATTRIBUTE'
  | 'OBJECT_CAST'
  | 'OBJECT_COLUMN'
  | 'OBJECT_COLLATION'
  | 'OBJECT_CONVERSION'
  | 'OBJECT_DATABASE'
  | 'OBJECT_DOMAIN'
  | 'OBJECT_DOMCONSTRAINT'
  | 'OBJECT_EVENT_TRIGGER'
  | 'OBJECT_EXTENSION'
  | 'OBJECT_FDW'
  | 'OBJECT_FOREIGN_SERVER'
  | 'OBJECT_FOREIGN_TABLE'
  | 'OBJECT_FUNCTION'
  | 'OBJECT_INDEX'
  | 'OBJECT_LANGUAGE'
  | 'OBJECT_LARGEOBJECT'
  | 'OBJECT_MATVIEW'
  | 'OBJECT_OPCLASS'
  | 'OBJECT_OPERATOR'
  | 'OBJECT_OPFAMILY'
  | 'OBJECT_PARAMETER_ACL'
  | 'OBJECT_POLICY'
  | 'OBJECT_PROCEDURE'
  | 'OBJECT_PUBLICATION'
  | 'OBJECT_ROLE'
  | 'OBJECT_ROUTINE'
  | 'OBJECT_RULE'
  | 'OBJECT_SCHEMA'
  | 'OBJECT_SEQUENCE'
  | 'OBJECT_SUBSCRIPTION'
  | 'OBJECT_STATISTIC_EXT'
  | 'OBJECT_TABCONSTRAINT'
  | 'OBJECT_TABLE'
  | 'OBJECT_TABLESPACE'
  | 'OBJECT_TRANSFORM'
  | 'OBJECT_TRIGGER'
  | 'OBJECT_TSCONFIGURATION'
  | 'OBJECT_TSDICTIONARY'
  | 'OBJECT_TSPARSER'
  | 'OBJECT_TSTEMPLATE'
  | 'OBJECT_TYPE'
  | 'OBJECT_USER_MAPPING'
  | 'OBJECT_VIEW';

/** `NAMES` is PostgreSQL's List of String in an option's argument (OWNED BY a.b, or a list of quoted names). */
export interface NameList {
  readonly kind: 'NameList';
  readonly names: readonly string[];
  readonly location: number;
}

export type DefArg =
  | IntegerNode
  | FloatNode
  | BooleanNode
  | StringNode
  | TypeName
  | NameList
  | DefElemList
  | RoleSpec
  | VariableSetStmt
  | Expr;

/** `name [= arg]` of any option list. */
export interface DefElem {
  readonly kind: 'DefElem';
  readonly defnamespace: string | null;
  readonly defname: string;
  readonly arg: DefArg | null;
  readonly defaction: 'DEFELEM_UNSPEC' | 'DEFELEM_SET' | 'DEFELEM_ADD' | 'DEFELEM_DROP';
  readonly location: number;
}

export interface RoleSpec {
  readonly kind: 'RoleSpec';
  readonly roletype:
    | 'ROLESPEC_CSTRING'
    | 'ROLESPEC_CURRENT_ROLE'
    | 'ROLESPEC_CURRENT_USER'
    | 'ROLESPEC_SESSION_USER'
    | 'ROLESPEC_PUBLIC';
  readonly rolename: string | null;
  readonly location: number;
}

/** Any object a statement can point at: PostgreSQL's List of String, TypeName or ObjectWithArgs, in one shape.
 * `names` is the dotted name (for constraints, triggers, rules, policies: relation's name followed by the object's);
 * `args` are the argument types of functions, aggregates and operators (null element: NONE of a prefix operator; null
 * list: not written); `typeName` is set for types, domains and casts' targets. */
export interface ObjectName {
  readonly kind: 'ObjectName';
  readonly names: readonly string[];
  readonly typeName: TypeName | null;
  readonly args: readonly (TypeName | null)[] | null;
  readonly funcargs: readonly FunctionParameter[];
  /** CAST: source type; TRANSFORM: language and OPERATOR CLASS/FAMILY: access method in `using`. */
  readonly sourceType: TypeName | null;
  readonly using: string | null;
  readonly location: number;
}

export interface TransactionStmt {
  readonly kind: 'TransactionStmt';
  /** PostgreSQL's field `kind`. */
  readonly stmtKind:
    | 'TRANS_STMT_BEGIN'
    | 'TRANS_STMT_START'
    | 'TRANS_STMT_COMMIT'
    | 'TRANS_STMT_ROLLBACK'
    | 'TRANS_STMT_SAVEPOINT'
    | 'TRANS_STMT_RELEASE'
    | 'TRANS_STMT_ROLLBACK_TO'
    | 'TRANS_STMT_PREPARE'
    | 'TRANS_STMT_COMMIT_PREPARED'
    | 'TRANS_STMT_ROLLBACK_PREPARED';
  /** transaction_isolation (String), transaction_read_only, transaction_deferrable (Boolean as A_Const). */
  readonly options: readonly DefElem[];
  readonly savepoint_name: string | null;
  readonly gid: string | null;
  readonly chain: boolean;
  readonly location: number;
}

/** SET and RESET. SET TRANSACTION is VAR_SET_MULTI with name `TRANSACTION` and DefElem args. */
export interface VariableSetStmt {
  readonly kind: 'VariableSetStmt';
  /** PostgreSQL's field `kind`. */
  readonly setKind:
    | 'VAR_SET_VALUE'
    | 'VAR_SET_DEFAULT'
    | 'VAR_SET_CURRENT'
    | 'VAR_SET_MULTI'
    | 'VAR_RESET'
    | 'VAR_RESET_ALL';
  readonly name: string | null;
  readonly args: readonly (Expr | DefElem)[];
  readonly is_local: boolean;
  readonly location: number;
}

export interface VariableShowStmt {
  readonly kind: 'VariableShowStmt';
  readonly name: string;
  readonly location: number;
}

export interface ConstraintsSetStmt {
  readonly kind: 'ConstraintsSetStmt';
  /** Empty for ALL. */
  readonly constraints: readonly RangeVar[];
  readonly deferred: boolean;
  readonly location: number;
}

export interface ExplainStmt {
  readonly kind: 'ExplainStmt';
  readonly query: Statement;
  readonly options: readonly DefElem[];
  readonly location: number;
}

export interface PrepareStmt {
  readonly kind: 'PrepareStmt';
  readonly name: string;
  readonly argtypes: readonly TypeName[];
  readonly query: PreparableStmt;
  readonly location: number;
}

export interface ExecuteStmt {
  readonly kind: 'ExecuteStmt';
  readonly name: string;
  readonly params: readonly Expr[];
  readonly location: number;
}

/** `name` is null for ALL. */
export interface DeallocateStmt {
  readonly kind: 'DeallocateStmt';
  readonly name: string | null;
  readonly isall: boolean;
  readonly location: number;
}

/** `options`: bits 1 BINARY, 2 SCROLL, 4 NO SCROLL, 8 INSENSITIVE, 16 ASENSITIVE, 32 WITH HOLD, 256 FAST PLAN (always). */
export interface DeclareCursorStmt {
  readonly kind: 'DeclareCursorStmt';
  readonly portalname: string;
  readonly options: number;
  readonly query: SelectStmt;
  readonly location: number;
}

/** `portalname` is null for ALL. */
export interface ClosePortalStmt {
  readonly kind: 'ClosePortalStmt';
  readonly portalname: string | null;
  readonly location: number;
}

/** `howMany` is Infinity for ALL. */
export interface FetchStmt {
  readonly kind: 'FetchStmt';
  readonly direction: 'FETCH_FORWARD' | 'FETCH_BACKWARD' | 'FETCH_ABSOLUTE' | 'FETCH_RELATIVE';
  readonly howMany: number;
  readonly portalname: string;
  readonly ismove: boolean;
  readonly location: number;
}

export interface ListenStmt {
  readonly kind: 'ListenStmt';
  readonly conditionname: string;
  readonly location: number;
}

/** `conditionname` is null for `*`. */
export interface UnlistenStmt {
  readonly kind: 'UnlistenStmt';
  readonly conditionname: string | null;
  readonly location: number;
}

export interface NotifyStmt {
  readonly kind: 'NotifyStmt';
  readonly conditionname: string;
  readonly payload: string | null;
  readonly location: number;
}

export interface VacuumRelation {
  readonly kind: 'VacuumRelation';
  readonly relation: RangeVar;
  readonly va_cols: readonly string[];
  readonly location: number;
}

/** VACUUM (is_vacuumcmd) and ANALYZE. */
export interface VacuumStmt {
  readonly kind: 'VacuumStmt';
  readonly options: readonly DefElem[];
  readonly rels: readonly VacuumRelation[];
  readonly is_vacuumcmd: boolean;
  readonly location: number;
}

export interface ReindexStmt {
  readonly kind: 'ReindexStmt';
  /** PostgreSQL's field `kind`. */
  readonly objectKind:
    | 'REINDEX_OBJECT_INDEX'
    | 'REINDEX_OBJECT_TABLE'
    | 'REINDEX_OBJECT_SCHEMA'
    | 'REINDEX_OBJECT_SYSTEM'
    | 'REINDEX_OBJECT_DATABASE';
  readonly relation: RangeVar | null;
  readonly name: string | null;
  readonly params: readonly DefElem[];
  readonly location: number;
}

export interface ClusterStmt {
  readonly kind: 'ClusterStmt';
  readonly relation: RangeVar | null;
  readonly indexname: string | null;
  readonly params: readonly DefElem[];
  readonly location: number;
}

export interface CheckPointStmt {
  readonly kind: 'CheckPointStmt';
  readonly location: number;
}

export interface DiscardStmt {
  readonly kind: 'DiscardStmt';
  readonly target: 'DISCARD_ALL' | 'DISCARD_PLANS' | 'DISCARD_SEQUENCES' | 'DISCARD_TEMP';
  readonly location: number;
}

/** `mode`: PostgreSQL's lock number, 1 ACCESS SHARE .. 8 ACCESS EXCLUSIVE. */
export interface LockStmt {
  readonly kind: 'LockStmt';
  readonly relations: readonly RangeVar[];
  readonly mode: number;
  readonly nowait: boolean;
  readonly location: number;
}

export interface LoadStmt {
  readonly kind: 'LoadStmt';
  readonly filename: string;
  readonly location: number;
}

export interface DoStmt {
  readonly kind: 'DoStmt';
  readonly args: readonly DefElem[];
  readonly location: number;
}

export interface CallStmt {
  readonly kind: 'CallStmt';
  readonly funccall: FuncCall;
  readonly location: number;
}

export interface DropStmt {
  readonly kind: 'DropStmt';
  readonly objects: readonly ObjectName[];
  readonly removeType: ObjectType;
  readonly behavior: DropBehavior;
  readonly missing_ok: boolean;
  readonly concurrent: boolean;
  readonly location: number;
}

/** RENAME TO; `relation` for relations and what belongs to them (`subname`: the column, constraint, trigger ...), else `object`. */
export interface RenameStmt {
  readonly kind: 'RenameStmt';
  readonly renameType: ObjectType;
  readonly relationType: ObjectType | null;
  readonly relation: RangeVar | null;
  readonly object: ObjectName | null;
  readonly subname: string | null;
  readonly newname: string;
  readonly behavior: DropBehavior;
  readonly missing_ok: boolean;
  readonly location: number;
}

/** SET SCHEMA. */
export interface AlterObjectSchemaStmt {
  readonly kind: 'AlterObjectSchemaStmt';
  readonly objectType: ObjectType;
  readonly relation: RangeVar | null;
  readonly object: ObjectName | null;
  readonly newschema: string;
  readonly missing_ok: boolean;
  readonly location: number;
}

/** OWNER TO, for what is not a relation. */
export interface AlterOwnerStmt {
  readonly kind: 'AlterOwnerStmt';
  readonly objectType: ObjectType;
  readonly object: ObjectName;
  readonly newowner: RoleSpec;
  readonly location: number;
}

/** [NO] DEPENDS ON EXTENSION. */
export interface AlterObjectDependsStmt {
  readonly kind: 'AlterObjectDependsStmt';
  readonly objectType: ObjectType;
  readonly relation: RangeVar | null;
  readonly object: ObjectName | null;
  readonly extname: string;
  readonly remove: boolean;
  readonly location: number;
}

/** `comment` is null for IS NULL. */
export interface CommentStmt {
  readonly kind: 'CommentStmt';
  readonly objtype: ObjectType;
  readonly object: ObjectName;
  readonly comment: string | null;
  readonly location: number;
}

export interface SecLabelStmt {
  readonly kind: 'SecLabelStmt';
  readonly objtype: ObjectType;
  readonly object: ObjectName;
  readonly provider: string | null;
  readonly label: string | null;
  readonly location: number;
}

/** `priv_name` null means ALL (with `cols`). */
export interface AccessPriv {
  readonly kind: 'AccessPriv';
  readonly priv_name: string | null;
  readonly cols: readonly string[];
  readonly location: number;
}

/** GRANT / REVOKE of privileges; empty `privileges` is ALL. */
export interface GrantStmt {
  readonly kind: 'GrantStmt';
  readonly is_grant: boolean;
  readonly targtype: 'ACL_TARGET_OBJECT' | 'ACL_TARGET_ALL_IN_SCHEMA' | 'ACL_TARGET_DEFAULTS';
  readonly objtype: ObjectType;
  readonly objects: readonly (RangeVar | ObjectName)[];
  readonly privileges: readonly AccessPriv[];
  readonly grantees: readonly RoleSpec[];
  readonly grant_option: boolean;
  readonly grantor: RoleSpec | null;
  readonly behavior: DropBehavior;
  readonly location: number;
}

export interface GrantRoleStmt {
  readonly kind: 'GrantRoleStmt';
  readonly granted_roles: readonly AccessPriv[];
  readonly grantee_roles: readonly RoleSpec[];
  readonly is_grant: boolean;
  readonly opt: readonly DefElem[];
  readonly grantor: RoleSpec | null;
  readonly behavior: DropBehavior;
  readonly location: number;
}

export interface AlterDefaultPrivilegesStmt {
  readonly kind: 'AlterDefaultPrivilegesStmt';
  readonly options: readonly DefElem[];
  readonly action: GrantStmt;
  readonly location: number;
}

export interface CreateRoleStmt {
  readonly kind: 'CreateRoleStmt';
  readonly stmt_type: 'ROLESTMT_ROLE' | 'ROLESTMT_USER' | 'ROLESTMT_GROUP';
  readonly role: string;
  readonly options: readonly DefElem[];
  readonly location: number;
}

/** `action`: 1 add/alter, -1 drop (ALTER GROUP). */
export interface AlterRoleStmt {
  readonly kind: 'AlterRoleStmt';
  readonly role: RoleSpec;
  readonly options: readonly DefElem[];
  readonly action: number;
  readonly location: number;
}

export interface AlterRoleSetStmt {
  readonly kind: 'AlterRoleSetStmt';
  readonly role: RoleSpec | null;
  readonly database: string | null;
  readonly setstmt: VariableSetStmt;
  readonly location: number;
}

export interface DropRoleStmt {
  readonly kind: 'DropRoleStmt';
  readonly roles: readonly RoleSpec[];
  readonly missing_ok: boolean;
  readonly location: number;
}

export interface CreateExtensionStmt {
  readonly kind: 'CreateExtensionStmt';
  readonly extname: string;
  readonly if_not_exists: boolean;
  readonly options: readonly DefElem[];
  readonly location: number;
}

/** DROP OWNED BY. */
export interface DropOwnedStmt {
  readonly kind: 'DropOwnedStmt';
  readonly roles: readonly RoleSpec[];
  readonly behavior: DropBehavior;
  readonly location: number;
}

/** REASSIGN OWNED BY ... TO. */
export interface ReassignOwnedStmt {
  readonly kind: 'ReassignOwnedStmt';
  readonly roles: readonly RoleSpec[];
  readonly newrole: RoleSpec;
  readonly location: number;
}

/** A statement PostgreSQL's grammar knows and this engine never executes (tablespaces, foreign data, replication,
 * text search configuration, languages, databases ...). Recognised by its leading words only, so that the refusal can
 * name it; `tag` is PostgreSQL's command tag, `text` the statement's text. */
export interface UnsupportedStmt {
  readonly kind: 'UnsupportedStmt';
  readonly tag: string;
  readonly text: string;
  readonly location: number;
}
