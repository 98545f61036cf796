/** Order, limits, distinct, set operations, WITH. All but setOp and with output their input's slots. */
import type { Expr, SortKey } from '../expr.ts';
import type { PhysicalNode, PhysicalNodeBase } from '../physical.ts';

/** Stable. */
export interface SortNode extends PhysicalNodeBase {
  readonly kind: 'sort';
  readonly input: PhysicalNode;
  readonly keys: readonly SortKey[];
  /** Number of leading keys the input is already sorted by (incremental sort). */
  readonly presorted: number;
}

/** The first `count` rows after `offset` in the order of `keys`; memory for count + offset rows only. */
export interface TopNNode extends PhysicalNodeBase {
  readonly kind: 'topN';
  readonly input: PhysicalNode;
  readonly keys: readonly SortKey[];
  readonly count: Expr;
  readonly offset: Expr | null;
  /** Below a gather node: the rows that `offset` leaves out come too. */
  readonly isPartial?: boolean;
}

/** Values are bigint expressions without slots; NULL count means all; negative fails (2201W, 2201X). */
export interface LimitNode extends PhysicalNodeBase {
  readonly kind: 'limit';
  readonly input: PhysicalNode;
  readonly count: Expr | null;
  readonly offset: Expr | null;
  /** WITH TIES: keys the input is sorted by. */
  readonly ties: readonly SortKey[] | null;
}

/**
 * DISTINCT (`on` null: all slots) or DISTINCT ON (the first row of each `on` value).
 * 'hash' keeps first-seen order; 'sorted' needs equal rows adjacent.
 */
export interface DistinctNode extends PhysicalNodeBase {
  readonly kind: 'distinct';
  /** `sorted`: rows of equal keys come together. */
  readonly strategy: 'hash' | 'sorted';
  /** The node above relies on the order of the rows: hash tables may not be worked through in parts. */
  readonly isOrdered: boolean;
  readonly input: PhysicalNode;
  readonly on: readonly Expr[] | null;
}

/** Inputs have equal slot types, column by column. Any number for UNION (ALL); exactly two else. */
export interface SetOpNode extends PhysicalNodeBase {
  readonly kind: 'setOp';
  readonly op: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly inputs: readonly PhysicalNode[];
  /** UNION ALL: inputs whose guard, an expression without slots, is not true are not opened. */
  readonly guards?: readonly (Expr | null)[];
}

export interface CteDefinition {
  readonly cteId: number;
  readonly name: string;
  readonly plan: PhysicalNode;
  readonly recursive: { readonly term: PhysicalNode; readonly all: boolean } | null;
  /**
   * 'lazy': rows are computed once, when first read. 'eager': also when nobody reads it (data-modifying WITH), before
   * the statement ends.
   */
  readonly run: 'lazy' | 'eager';
}

/** Definitions are visible in later definitions, in `body`, and in subplans below. Output: the body's slots. */
export interface WithNode extends PhysicalNodeBase {
  readonly kind: 'with';
  readonly definitions: readonly CteDefinition[];
  readonly body: PhysicalNode;
}

/** Rows of a definition (or, inside its own recursive term, of the working table); `slots[i]` is its column `columns[i]`. */
export interface CteScanNode extends PhysicalNodeBase {
  readonly kind: 'cteScan';
  readonly cteId: number;
  readonly isWorkTable: boolean;
  readonly columns: readonly number[];
}
