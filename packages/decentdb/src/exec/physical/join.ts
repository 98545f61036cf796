/**
 * Joins.
 *
 * Output slots by kind: inner, left, right, full, single: left slots then right slots (NULLs where there is no match);
 * semi, anti: left slots; mark: left slots then one boolean (true, false, or NULL as `x IN (...)` would give).
 * single is a left join that fails (21000) on a second match.
 */
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type { Expr } from '../expr.ts';
import type { PhysicalNode, PhysicalNodeBase } from '../physical.ts';

export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'mark' | 'single';

/**
 * Equality of key pairs by the types' default equality; both sides of a pair have the same type (the planner casts,
 * int2/int4/int8 among themselves excepted). Order of output rows is unspecified.
 */
export interface HashJoinNode extends PhysicalNodeBase {
  readonly kind: 'hashJoin';
  readonly join: JoinKind;
  readonly left: PhysicalNode;
  readonly right: PhysicalNode;
  /** Over left slots / over right slots. */
  readonly leftKeys: readonly Expr[];
  readonly rightKeys: readonly Expr[];
  /** Per key: NULLs match each other (IS NOT DISTINCT FROM). Absent: none. */
  readonly nullSafe?: readonly boolean[];
  /** The probe side may be told the keys, so that rows without a partner stay down. */
  readonly pushesKeys?: boolean;
  /** Columns of the side kept may be fetched when a row has found a partner. */
  readonly fetchesLate?: boolean;
  /** Side kept in memory. mark and single need 'right'. */
  readonly build: 'left' | 'right';
  /** Over left ++ right; part of the join condition. */
  readonly residual: Expr | null;
  /**
   * NULL among the right keys or in the left key means "unknown": anti drops the row (NOT IN), mark gives NULL. Needs one
   * key, no residual, build 'right'; other null-aware joins are nested loops with the comparison as condition.
   * Default: true for mark without residual and with one key, false else. mark with false is EXISTS.
   */
  readonly nullAware?: boolean;
}

/** Both inputs are sorted on their keys as given. Kinds: inner, left, right, full, semi, anti. */
export interface MergeJoinNode extends PhysicalNodeBase {
  readonly kind: 'mergeJoin';
  readonly join: JoinKind;
  readonly left: PhysicalNode;
  readonly right: PhysicalNode;
  readonly leftKeys: readonly Expr[];
  readonly rightKeys: readonly Expr[];
  readonly order: readonly { readonly descending: boolean; readonly nullsFirst: boolean }[];
  readonly residual: Expr | null;
}

/** The right side is kept in memory and compared with each left row. Left order is kept for all but right and full. */
export interface NestedLoopNode extends PhysicalNodeBase {
  readonly kind: 'nestedLoop';
  readonly join: JoinKind;
  readonly left: PhysicalNode;
  readonly right: PhysicalNode;
  /** Over left ++ right; null joins everything. */
  readonly condition: Expr | null;
}

/**
 * For each left row, look-ups in a table (`index` null: by row id) or index. Kinds: inner, left, semi, anti, single, mark.
 * Left order is kept. `keys` are compared by equality with the leading key columns; a NULL key matches nothing.
 */
export interface IndexJoinNode extends PhysicalNodeBase {
  readonly kind: 'indexJoin';
  readonly join: JoinKind;
  readonly left: PhysicalNode;
  readonly table: TableDef;
  /** Name in the query, for EXPLAIN. */
  readonly alias?: string;
  readonly index: IndexDef | null;
  readonly indexOnly: boolean;
  /** Over left slots. */
  readonly keys: readonly Expr[];
  /** Bounds on the key column after `keys`, over left slots; null bounds are open. */
  readonly range: { readonly lower: Bound | null; readonly upper: Bound | null } | null;
  /** The table's columns that follow the left slots (or that `residual` alone needs, for semi and anti). */
  readonly columns: readonly number[];
  /** Over left ++ columns. */
  readonly residual: Expr | null;
  /** The residual in parts that are tried one after the other, columns fetched for the rows that are left by then. */
  readonly stages?: readonly Expr[];
}
export interface Bound {
  readonly expr: Expr;
  readonly inclusive: boolean;
}

/**
 * The right plan is run for each left row, with `outer` (over left slots) as its outer values: lateral joins and what
 * decorrelation left. Kinds: inner, left, semi, anti, mark, single.
 */
export interface ApplyNode extends PhysicalNodeBase {
  readonly kind: 'apply';
  readonly join: JoinKind;
  readonly left: PhysicalNode;
  readonly right: PhysicalNode;
  readonly outer: readonly Expr[];
  readonly condition: Expr | null;
  /** Keep the right rows by outer values. */
  readonly memo: boolean;
}
