/**
 * Data-changing nodes.
 *
 * A **row layout** of a table is one slot per table column, in column order (dropped columns included, NULL), then one
 * slot for the row id: `columns.length + 1` slots. Expressions of a WriteTarget use one row layout.
 *
 * RETURNING expressions see: the new row's layout, the old row's layout, then the input's slots. Parts that do not exist
 * (old row of an INSERT, new row of a DELETE) are NULL. Without RETURNING a node outputs no rows; `ExecContext.affected`
 * counts them either way.
 */
import type { ReferringKey } from '../../catalog/family.ts';
import type { PartitionBound, PartitionKey } from '../../catalog/partitioning.ts';
import type { CheckConstraint, ForeignKeyConstraint, IndexDef, TableDef } from '../../catalog/schema.ts';
import type { Expr } from '../expr.ts';
import type { PhysicalNode, PhysicalNodeBase, Slot } from '../physical.ts';

/** How an index follows its table. Expressions over the row layout. */
export interface IndexTarget {
  readonly index: IndexDef;
  /** One per key column: the column's slot or the index expression. */
  readonly keys: readonly Expr[];
  /** Partial index: rows for which this is true. */
  readonly predicate: Expr | null;
}

/** Where rows of a partitioned table go. */
export interface PartitionRouting {
  readonly key: PartitionKey;
  /** The key's parts, over a row of the table, and as messages name them. */
  readonly keys: readonly Expr[];
  readonly keyNames: readonly string[];
  /** Partitions in the order of their bounds. */
  readonly routes: readonly {
    readonly tableId: number;
    readonly bound: PartitionBound;
  }[];
}

/** How rows of a descendant are rows of another table of its family. */
export interface RowShape {
  readonly outer: TableDef;
  readonly inner: TableDef;
  /** By column of the outer table: the inner one's; -1 for dropped ones. */
  readonly there: readonly number[];
  readonly slots: readonly Slot[];
}

/** Everything needed to change rows of a table. Built once per table version by the planner; shared by all its writers. */
export interface WriteTarget {
  readonly table: TableDef;
  readonly indexes: readonly IndexTarget[];
  /** Stored generated columns, in dependency order. */
  readonly generated: readonly { readonly column: number; readonly expr: Expr }[];
  /** Virtual generated columns: computed for checks, indexes and RETURNING, stored as NULL. */
  readonly virtual: readonly { readonly column: number; readonly expr: Expr }[];
  /** The last has no constraint where the table is a partition: it is what the bounds ask. */
  readonly checks: readonly { readonly constraint: CheckConstraint | null; readonly expr: Expr }[];
  /** Set: a partitioned table. Rows inserted go to one of its partitions. */
  readonly routing?: PartitionRouting;
  /** WITH CHECK OPTION of the views the statement goes through; only in targets of one statement. */
  readonly viewChecks?: readonly { readonly view: string; readonly expr: Expr }[];
  /** Set: the views show another table of the family, whose rows these are seen as. */
  readonly viewShape?: RowShape;
  /** Default of each column (ON DELETE SET DEFAULT, MERGE); null: NULL. No slots. */
  readonly defaults: readonly (Expr | null)[];
  /** Foreign keys of this table, with the table each refers to. */
  readonly foreignKeys: readonly { readonly constraint: ForeignKeyConstraint; readonly target: TableDef }[];
  /** Foreign keys of other tables (or this one) that refer to this table, or to one it is part of. */
  readonly referencedBy: readonly ReferringKey[];
}

export interface Assignment {
  readonly column: number;
  readonly expr: Expr;
}

export interface InsertNode extends PhysicalNodeBase {
  readonly kind: 'insert';
  readonly target: WriteTarget;
  readonly input: PhysicalNode;
  /** Per table column: over the input's slots; null: NULL, or for the row id column the next free one. */
  readonly values: readonly (Expr | null)[];
  readonly onConflict: {
    readonly action: 'nothing' | 'update';
    /** Index ids that arbitrate, -1 for the row id key; empty: any. */
    readonly arbiters: readonly number[];
    /** Over the proposed row's layout (EXCLUDED), then the existing row's layout. */
    readonly set: readonly Assignment[];
    readonly where: Expr | null;
  } | null;
  readonly returning: readonly Expr[] | null;
}

export interface UpdateNode extends PhysicalNodeBase {
  readonly kind: 'update';
  readonly target: WriteTarget;
  readonly input: PhysicalNode;
  /** Slot of the input that holds the target's row id. */
  readonly rowIdSlot: number;
  /** Slot of the oid of the table the row is in, where rows of descendants are changed too. */
  readonly tableIdSlot?: number;
  /** Over the input's slots. */
  readonly set: readonly Assignment[];
  readonly returning: readonly Expr[] | null;
}

export interface DeleteNode extends PhysicalNodeBase {
  readonly kind: 'delete';
  readonly target: WriteTarget;
  readonly input: PhysicalNode;
  readonly rowIdSlot: number;
  readonly tableIdSlot?: number;
  readonly returning: readonly Expr[] | null;
}

export interface MergeAction {
  readonly when: 'matched' | 'notMatchedByTarget' | 'notMatchedBySource';
  /** Over the input's slots. */
  readonly condition: Expr | null;
  readonly action: 'update' | 'delete' | 'insert' | 'nothing';
  readonly set: readonly Assignment[];
  /** insert: per table column, over the input's slots; null as in InsertNode. */
  readonly values: readonly (Expr | null)[];
}

export interface MergeNode extends PhysicalNodeBase {
  readonly kind: 'merge';
  readonly target: WriteTarget;
  /** Source joined to the target: row id NULL where no target row matches. */
  readonly input: PhysicalNode;
  readonly rowIdSlot: number;
  readonly tableIdSlot?: number;
  /** Boolean slot that is NULL where no source row matches; null when every row has a source. */
  readonly sourcePresentSlot: number | null;
  /** In order; the first whose kind and condition apply acts. */
  readonly actions: readonly MergeAction[];
  /** As above; a ContextExpr `mergeAction` gives INSERT, UPDATE or DELETE. */
  readonly returning: readonly Expr[] | null;
}
