/**
 * Relational algebra: what the binder makes of a statement, and what the optimiser rewrites.
 *
 * I1  Every node lists its `columns`: the ColumnIds it outputs, in order, with names and types. Ids are unique in the statement:
 *     two scans of one table have different ids for the same stored column.
 * I2  Nodes are immutable; a rule returns a new node or the same one.
 * I3  An expression may use the columns of its node's inputs, of enclosing queries (correlation), and parameters; nothing else.
 * I4  Long chains (joins, unions) may be deep: walkers use the depth guard in walk.ts.
 */

import type { IndexDef, TableDef } from '../catalog/schema.ts';
import type { AggregateCall, ColumnId, Expr, SortKey, WindowCall } from '../exec/expr.ts';
import type { TableFunction } from '../functions/function.ts';
import type { SqlType } from '../types/sql-type.ts';

/** A column as a node outputs it. */
export interface OutputColumn {
  readonly id: ColumnId;
  readonly name: string;
  readonly type: SqlType;
  readonly typmod: number;
  /** Where it comes from, for result metadata; null for computed columns. */
  readonly origin: { readonly table: TableDef; readonly column: number } | null;
}

interface NodeBase {
  readonly columns: readonly OutputColumn[];
}

/** Rows of a stored table. `stored[i]` is the table column behind `columns[i]`; -1 the row id, -2 the table oid. */
export interface ScanNode extends NodeBase {
  readonly kind: 'scan';
  readonly table: TableDef;
  readonly alias: string;
  readonly stored: readonly number[];
  /** TABLESAMPLE, if any. */
  readonly sample: {
    readonly method: 'bernoulli' | 'system';
    readonly percent: Expr;
    readonly seed: Expr | null;
  } | null;
}
/** Rows of expressions: VALUES, or the single empty row of a SELECT without FROM (rows = [[]]). */
export interface ValuesNode extends NodeBase {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expr[])[];
}
/** Set-returning functions in FROM, zipped (ROWS FROM), optionally with ordinality as last column. */
export interface TableFunctionNode extends NodeBase {
  readonly kind: 'tableFunction';
  readonly functions: readonly {
    readonly fn: TableFunction;
    readonly args: readonly Expr[];
    readonly columnCount: number;
  }[];
  readonly withOrdinality: boolean;
}
export interface FilterNode extends NodeBase {
  readonly kind: 'filter';
  readonly input: LogicalNode;
  readonly predicate: Expr;
}
/** `columns[i]` = `exprs[i]`. */
export interface ProjectNode extends NodeBase {
  readonly kind: 'project';
  readonly input: LogicalNode;
  readonly exprs: readonly Expr[];
}
/** Set-returning functions in the select list: each input row makes as many rows as the longest function, padded with NULL. */
export interface ProjectSetNode extends NodeBase {
  readonly kind: 'projectSet';
  readonly input: LogicalNode;
  readonly exprs: readonly (
    | { readonly set: false; readonly expr: Expr }
    | { readonly set: true; readonly fn: TableFunction; readonly args: readonly Expr[] }
  )[];
}
export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'mark' | 'single';
/**
 * `lateral`: the right input may use columns of the left (evaluated per left row unless decorrelated).
 * mark: left rows plus `mark` (true/false/null as `x IN (subquery)` would give). single: left join that errors (21000) on a second match.
 */
export interface JoinNode extends NodeBase {
  readonly kind: 'join';
  readonly join: JoinKind;
  readonly left: LogicalNode;
  readonly right: LogicalNode;
  /** Null: no condition (cross join). */
  readonly condition: Expr | null;
  readonly lateral: boolean;
  readonly mark: ColumnId | null;
}
/** GROUP BY: `columns` = group columns, then aggregate outputs, then `grouping` bit columns asked for. */
export interface AggregateNode extends NodeBase {
  readonly kind: 'aggregate';
  readonly input: LogicalNode;
  readonly groups: readonly { readonly output: ColumnId; readonly expr: Expr }[];
  /** Indexes into `groups` per grouping set; a plain GROUP BY has one set with all; no GROUP BY has one empty set. */
  readonly sets: readonly (readonly number[])[];
  readonly aggregates: readonly AggregateCall[];
  /** GROUPING(...) calls: output column and the group indexes it asks about. */
  readonly groupings: readonly { readonly output: ColumnId; readonly groups: readonly number[] }[];
}
/** Window functions sharing one PARTITION BY / ORDER BY. Outputs input columns, then the calls. */
export interface WindowNode extends NodeBase {
  readonly kind: 'window';
  readonly input: LogicalNode;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly SortKey[];
  readonly calls: readonly WindowCall[];
}
export interface SortNode extends NodeBase {
  readonly kind: 'sort';
  readonly input: LogicalNode;
  readonly keys: readonly SortKey[];
}
export interface LimitNode extends NodeBase {
  readonly kind: 'limit';
  readonly input: LogicalNode;
  readonly count: Expr | null;
  readonly offset: Expr | null;
  /** WITH TIES: keys of the sort below. */
  readonly ties: readonly SortKey[] | null;
}
/** DISTINCT (on = null: all columns) or DISTINCT ON over sorted input. */
export interface DistinctNode extends NodeBase {
  readonly kind: 'distinct';
  readonly input: LogicalNode;
  readonly on: readonly Expr[] | null;
}
export interface SetOpNode extends NodeBase {
  readonly kind: 'setOp';
  readonly op: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  /** Two or more for UNION ALL chains; exactly two else. Input i's column k feeds output column k. */
  readonly inputs: readonly LogicalNode[];
}
/** WITH: `definitions` are visible in later definitions and in `body` through cteScan. */
export interface WithNode extends NodeBase {
  readonly kind: 'with';
  readonly definitions: readonly CteDefinition[];
  readonly body: LogicalNode;
}
export interface CteDefinition {
  readonly cteId: number;
  readonly name: string;
  readonly plan: LogicalNode;
  /** AS MATERIALIZED true, AS NOT MATERIALIZED false, unsaid null. Data-modifying and recursive ones are always materialised. */
  readonly materialized: boolean | null;
  /** Recursive term; `plan` is the non-recursive one. */
  readonly recursive: { readonly term: LogicalNode; readonly all: boolean } | null;
  readonly references: number;
}
/** Reads a WITH definition (or, inside its own recursive term, the working table). `source[i]` feeds `columns[i]`. */
export interface CteScanNode extends NodeBase {
  readonly kind: 'cteScan';
  readonly cteId: number;
  readonly isWorkTable: boolean;
}
/** Rows of a system view computed by the session (sys.*, pg_catalog.*, information_schema.*). */
export interface VirtualScanNode extends NodeBase {
  readonly kind: 'virtualScan';
  readonly view: VirtualTable;
  readonly stored: readonly number[];
}
/** A read-only relation computed on demand. `rows` gets the running statement's context (opaque here). */
export interface VirtualTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  /** A query over other system views that stands for this one: bound in its place, `rows` is never asked. */
  readonly querySql?: string;
  /** Its rows are what one session holds, or what only the thread that writes knows. */
  readonly isOfSession?: boolean;
  rows(context: unknown): Iterable<readonly unknown[]>;
}
/** FOR UPDATE and friends: locks nothing more (one writer), but must see the newest rows. */
export interface LockNode extends NodeBase {
  readonly kind: 'lock';
  readonly input: LogicalNode;
}

/** A column assignment of INSERT / UPDATE / MERGE. */
export interface Assignment {
  readonly column: number;
  readonly expr: Expr;
}
/** RETURNING: expressions over the columns of the target row (and, if any, of the other relations). */
export interface ReturningClause {
  readonly exprs: readonly Expr[];
}
export interface InsertNode extends NodeBase {
  readonly kind: 'insert';
  readonly table: TableDef;
  /** Produces one column per table column, in table order, defaults and generated columns not yet filled. */
  readonly source: LogicalNode;
  /** Per table column: position in source's columns, or the default expression, or null for NULL / automatic row id. */
  readonly values: readonly (number | Expr | null)[];
  /** ColumnIds standing for the new row's columns in generated, check and RETURNING expressions. */
  readonly newRow: readonly ColumnId[];
  readonly onConflict: OnConflict | null;
  /** ColumnIds of the row ON CONFLICT DO UPDATE found, for RETURNING; NULLs for a row inserted. */
  readonly oldRow: readonly ColumnId[];
  /** Over `newRow`. */
  readonly viewChecks: readonly ViewCheck[];
  readonly returning: ReturningClause | null;
}
/** WITH CHECK OPTION: the condition of a view that changed rows must satisfy. */
export interface ViewCheck {
  readonly view: string;
  readonly expr: Expr;
}
export interface OnConflict {
  readonly action: 'nothing' | 'update';
  /** Arbiter indexes; empty with 'nothing' means any. The table's row id key counts as the index -1. */
  readonly arbiters: readonly number[];
  /** ColumnIds for the existing row; EXCLUDED is the node's newRow. */
  readonly existingRow: readonly ColumnId[];
  readonly set: readonly Assignment[];
  readonly where: Expr | null;
}
/** `input` outputs the row id of each target row (column `rowId`), the old values it needs, and whatever FROM adds. */
export interface UpdateNode extends NodeBase {
  readonly kind: 'update';
  readonly table: TableDef;
  readonly input: LogicalNode;
  readonly rowId: ColumnId;
  /** Oid of the table the row is in, where rows of descendants are changed too. */
  readonly tableId?: ColumnId;
  readonly oldRow: readonly ColumnId[];
  readonly newRow: readonly ColumnId[];
  readonly set: readonly Assignment[];
  /** Over `newRow`. */
  readonly viewChecks: readonly ViewCheck[];
  readonly returning: ReturningClause | null;
}
export interface DeleteNode extends NodeBase {
  readonly kind: 'delete';
  readonly table: TableDef;
  readonly input: LogicalNode;
  readonly rowId: ColumnId;
  /** Oid of the table the row is in, where rows of descendants are changed too. */
  readonly tableId?: ColumnId;
  readonly oldRow: readonly ColumnId[];
  /** ColumnIds of what RETURNING calls NEW: NULLs. */
  readonly newRow: readonly ColumnId[];
  readonly returning: ReturningClause | null;
}
export interface MergeNode extends NodeBase {
  readonly kind: 'merge';
  readonly table: TableDef;
  /** Source joined to target; target row id null when not matched. */
  readonly input: LogicalNode;
  readonly rowId: ColumnId;
  /** Oid of the table the row is in, where rows of descendants are changed too. */
  readonly tableId?: ColumnId;
  readonly sourcePresent: ColumnId | null;
  readonly oldRow: readonly ColumnId[];
  readonly newRow: readonly ColumnId[];
  readonly actions: readonly {
    readonly when: 'matched' | 'notMatchedByTarget' | 'notMatchedBySource';
    readonly condition: Expr | null;
    readonly action: 'update' | 'delete' | 'insert' | 'nothing';
    readonly set: readonly Assignment[];
    readonly values: readonly (Expr | null)[];
  }[];
  /** Over `newRow`. */
  readonly viewChecks: readonly ViewCheck[];
  readonly returning: ReturningClause | null;
}

export type LogicalNode =
  | ScanNode
  | ValuesNode
  | TableFunctionNode
  | FilterNode
  | ProjectNode
  | ProjectSetNode
  | JoinNode
  | AggregateNode
  | WindowNode
  | SortNode
  | LimitNode
  | DistinctNode
  | SetOpNode
  | WithNode
  | CteScanNode
  | VirtualScanNode
  | LockNode
  | InsertNode
  | UpdateNode
  | DeleteNode
  | MergeNode;

/** A bound query or data-changing statement. */
export interface BoundStatement {
  readonly root: LogicalNode;
  /** Types of $1.. as resolved; index 0 is $1. */
  readonly paramTypes: readonly SqlType[];
  /** Tables read or written with their schema versions: what a cached plan depends on. */
  readonly dependsOn: readonly TableDef[];
  readonly usesIndexes?: readonly IndexDef[];
  /** Command tag: SELECT, INSERT, UPDATE, DELETE, MERGE. */
  readonly command: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE';
  /** True when nothing is changed: may run on a read snapshot. */
  readonly isReadOnly: boolean;
  /** Calls functions that change data: its own reads must not see what they do. */
  readonly callsWriters?: boolean;
  /** Asks for what only its session knows (currval, set_config, pg_cursors ...): another session would answer otherwise. */
  readonly asksSession?: boolean;
  /** Changes a view through INSTEAD OF triggers: the rows of `root` are the rows changed, shown only by RETURNING. */
  readonly insteadOf?: { readonly returnsRows: boolean };
}
