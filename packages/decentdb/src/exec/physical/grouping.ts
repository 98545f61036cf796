/** Aggregation and windows. */
import type { AggregateFunction, WindowFunction } from '../../functions/function.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Expr, SortKey, WindowFrame } from '../expr.ts';
import type { PhysicalNode, PhysicalNodeBase } from '../physical.ts';

export interface Aggregate {
  readonly fn: AggregateFunction;
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  readonly orderBy: readonly SortKey[];
  readonly filter: Expr | null;
  /** Direct arguments of ordered-set aggregates; `orderBy` is then the WITHIN GROUP order. */
  readonly directArgs: readonly Expr[];
  readonly type: SqlType;
  readonly typmod: number;
  /** What it is in a grouping set (by its list in `sets`), where direct arguments use keys that some sets have not. */
  readonly bySet?: ReadonlyMap<readonly number[], Aggregate>;
}

/**
 * Output: `groups`, then `aggregates`, then `groupings`. Group columns outside a row's grouping set are NULL.
 *
 *     strategy 'hash'    any input order; groups come out in first-seen order
 *     strategy 'sorted'  input is ordered so that equal groups are adjacent; keeps one group in memory, keeps order.
 *                        One grouping set only.
 *
 * No groups and one empty set: exactly one row. Inputs' order is kept within groups for order-sensitive aggregates.
 */
export interface AggregateNode extends PhysicalNodeBase {
  readonly kind: 'aggregate';
  readonly strategy: 'hash' | 'sorted';
  readonly input: PhysicalNode;
  readonly groups: readonly Expr[];
  /** Indexes into `groups`, one list a grouping set. A plain GROUP BY: one set with all; no GROUP BY: one empty set. */
  readonly sets: readonly (readonly number[])[];
  readonly aggregates: readonly Aggregate[];
  /** GROUPING(...) columns: the group indexes each asks about. */
  readonly groupings: readonly (readonly number[])[];
  /** Below a gather node, or above one: for EXPLAIN. */
  readonly stage?: 'partial' | 'final';
}

export interface WindowCall {
  readonly fn: WindowFunction | AggregateFunction;
  readonly args: readonly Expr[];
  readonly filter: Expr | null;
  readonly frame: WindowFrame;
  readonly type: SqlType;
  readonly typmod: number;
}

/** Calls sharing PARTITION BY and ORDER BY. Output: input slots, then the calls. */
export interface WindowNode extends PhysicalNodeBase {
  readonly kind: 'window';
  readonly input: PhysicalNode;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly SortKey[];
  readonly calls: readonly WindowCall[];
  /** The input is already sorted by partitionBy, then orderBy. */
  readonly isSorted: boolean;
}
