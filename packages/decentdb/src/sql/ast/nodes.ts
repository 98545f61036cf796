// The parse tree: every node kind, and the unions over them. Rules I1-I5 are in expressions.ts.

import type * as ddl from './ddl.ts';
import type * as dml from './dml.ts';
import type * as expressions from './expressions.ts';
import type * as json from './json.ts';
import type * as select from './select.ts';
import type * as utility from './utility.ts';

export type * from './ddl.ts';
export type * from './dml.ts';
export type * from './expressions.ts';
export type * from './json.ts';
export type * from './select.ts';
export type * from './utility.ts';

export type Statement =
  | select.SelectStmt
  | dml.InsertStmt
  | dml.UpdateStmt
  | dml.DeleteStmt
  | dml.MergeStmt
  | dml.CopyStmt
  | dml.TruncateStmt
  | ddl.CreateStmt
  | ddl.IndexStmt
  | ddl.ViewStmt
  | ddl.CreateTableAsStmt
  | ddl.RefreshMatViewStmt
  | ddl.CreateSeqStmt
  | ddl.AlterSeqStmt
  | ddl.CreateSchemaStmt
  | ddl.AlterTableStmt
  | ddl.CreateDomainStmt
  | ddl.AlterDomainStmt
  | ddl.CompositeTypeStmt
  | ddl.CreateEnumStmt
  | ddl.CreateRangeStmt
  | ddl.AlterEnumStmt
  | ddl.CreateFunctionStmt
  | ddl.AlterFunctionStmt
  | ddl.CreateTrigStmt
  | ddl.RuleStmt
  | ddl.DefineStmt
  | ddl.CreateCastStmt
  | ddl.CreateStatsStmt
  | ddl.CreatePolicyStmt
  | ddl.AlterPolicyStmt
  | utility.TransactionStmt
  | utility.VariableSetStmt
  | utility.VariableShowStmt
  | utility.ConstraintsSetStmt
  | utility.ExplainStmt
  | utility.PrepareStmt
  | utility.ExecuteStmt
  | utility.DeallocateStmt
  | utility.DeclareCursorStmt
  | utility.ClosePortalStmt
  | utility.FetchStmt
  | utility.ListenStmt
  | utility.UnlistenStmt
  | utility.NotifyStmt
  | utility.VacuumStmt
  | utility.ReindexStmt
  | utility.ClusterStmt
  | utility.CheckPointStmt
  | utility.DiscardStmt
  | utility.LockStmt
  | utility.LoadStmt
  | utility.DoStmt
  | utility.CallStmt
  | utility.DropStmt
  | utility.RenameStmt
  | utility.AlterObjectSchemaStmt
  | utility.AlterOwnerStmt
  | utility.AlterObjectDependsStmt
  | utility.CommentStmt
  | utility.SecLabelStmt
  | utility.GrantStmt
  | utility.GrantRoleStmt
  | utility.AlterDefaultPrivilegesStmt
  | utility.CreateRoleStmt
  | utility.AlterRoleStmt
  | utility.AlterRoleSetStmt
  | utility.DropRoleStmt
  | utility.DropOwnedStmt
  | utility.ReassignOwnedStmt
  | utility.CreateExtensionStmt
  | utility.UnsupportedStmt;

/** Nodes that are neither statements nor expressions. */
export type PartNode =
  | expressions.ExprList
  | expressions.CaseWhen
  | expressions.A_Indices
  | expressions.A_Star
  | expressions.TypeName
  | expressions.SortBy
  | expressions.WindowDef
  | expressions.IntegerNode
  | expressions.FloatNode
  | expressions.BooleanNode
  | expressions.StringNode
  | json.JsonPartNode
  | select.FromItem
  | select.ResTarget
  | select.GroupingSet
  | select.IntoClause
  | select.LockingClause
  | select.Alias
  | select.WithClause
  | select.CommonTableExpr
  | select.CTESearchClause
  | select.CTECycleClause
  | select.RangeTableFuncCol
  | dml.ReturningOption
  | dml.ReturningClause
  | dml.OnConflictClause
  | dml.InferClause
  | dml.IndexElem
  | dml.MergeWhenClause
  | ddl.ColumnDef
  | ddl.Constraint
  | ddl.TableLikeClause
  | ddl.PartitionSpec
  | ddl.PartitionElem
  | ddl.PartitionBoundSpec
  | ddl.AlterTableCmd
  | ddl.DefElemList
  | ddl.ATAlterConstraint
  | ddl.ReplicaIdentityStmt
  | ddl.PartitionCmd
  | ddl.FunctionParameter
  | ddl.ReturnStmt
  | ddl.SqlBody
  | ddl.TriggerTransition
  | ddl.StatsElem
  | utility.DefElem
  | utility.NameList
  | utility.RoleSpec
  | utility.ObjectName
  | utility.VacuumRelation
  | utility.AccessPriv;

export type Node = Statement | expressions.Expr | PartNode;

export type NodeKind = Node['kind'];

/** One statement of a text: `stmtLocation` is the offset of its first character, `stmtLen` excludes the semicolon. */
export interface RawStmt {
  readonly stmt: Statement;
  readonly stmtLocation: number;
  readonly stmtLen: number;
}
