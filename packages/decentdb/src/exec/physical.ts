/**
 * The physical plan: what the planner hands to the executor. Immutable data, no behaviour.
 *
 * I1  Every node outputs the ordered list of typed slots in `slots`; there are no names and no ColumnIds.
 * I2  Expressions use SlotExpr over the slots of their input; over two inputs the slots are concatenated, left first.
 *     OuterExpr i is the i-th value handed in by the enclosing apply / SubqueryExpr / subplan, never further out:
 *     a value needed two levels down is handed through by both.
 * I3  `id` is unique within the statement (subplans included): counters of EXPLAIN ANALYZE hang on it.
 * I4  Plans are shared by concurrent executions: operators keep all state of their own.
 */

import type { SqlType } from '../types/sql-type.ts';
import type { Expr } from './expr.ts';
import type { ScanNode, TableFunctionNode, ValuesNode, VirtualScanNode } from './physical/access.ts';
import type { AggregateNode, WindowNode } from './physical/grouping.ts';
import type {
  ApplyNode,
  HashJoinNode,
  IndexJoinNode,
  MergeJoinNode,
  NestedLoopNode,
} from './physical/join.ts';
import type { GatherNode } from './physical/parallel.ts';
import type { FilterNode, ProjectNode, ProjectSetNode } from './physical/row.ts';
import type {
  CteScanNode,
  DistinctNode,
  LimitNode,
  SetOpNode,
  SortNode,
  TopNNode,
  WithNode,
} from './physical/set.ts';
import type { DeleteNode, InsertNode, MergeNode, UpdateNode } from './physical/write.ts';

/** One output column of an operator. */
export interface Slot {
  readonly type: SqlType;
  readonly typmod: number;
}

/** The planner's guess; costs in PostgreSQL's units. */
export interface Estimate {
  readonly rows: number;
  readonly startupCost: number;
  readonly totalCost: number;
}

export interface PhysicalNodeBase {
  readonly id: number;
  readonly slots: readonly Slot[];
  readonly estimate?: Estimate;
}

export type PhysicalNode =
  | ScanNode
  | ValuesNode
  | TableFunctionNode
  | VirtualScanNode
  | FilterNode
  | ProjectNode
  | ProjectSetNode
  | HashJoinNode
  | MergeJoinNode
  | NestedLoopNode
  | IndexJoinNode
  | ApplyNode
  | AggregateNode
  | WindowNode
  | SortNode
  | TopNNode
  | LimitNode
  | DistinctNode
  | SetOpNode
  | WithNode
  | CteScanNode
  | GatherNode
  | InsertNode
  | UpdateNode
  | DeleteNode
  | MergeNode;

/**
 * What `SubqueryExpr.plan` is after planning. `SubqueryExpr.outer` (expressions over the enclosing operator's slots)
 * become the subplan's outer values. With no outer values the subplan runs at most once an execution.
 */
export interface Subplan {
  readonly kind: 'subplan';
  readonly id: number;
  readonly root: PhysicalNode;
  readonly outer: readonly Slot[];
  /** Keep results by outer values: worth it when values repeat. Never for volatile plans. */
  readonly memo: boolean;
  /**
   * Uncorrelated IN / = ANY over a large set: keep the column's values in a hash instead of scanning it.
   * The executor does so by itself when `outer` is empty and the operators are the types' default equality.
   */
  readonly hashed?: boolean;
}

/** A whole statement, ready to run. */
export interface PhysicalPlan {
  readonly root: PhysicalNode;
  /** Types of $1..; index 0 is $1. */
  readonly paramTypes: readonly SqlType[];
  /** Number of node and subplan ids: ids are below it. */
  readonly idCount: number;
  readonly command: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE';
  readonly isReadOnly: boolean;
}

/** Inputs of a node, outermost first; subplans in expressions are not among them. */
export function inputsOf(node: PhysicalNode): readonly PhysicalNode[] {
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'tableFunction':
    case 'virtualScan':
    case 'cteScan':
      return [];
    case 'hashJoin':
    case 'mergeJoin':
    case 'nestedLoop':
    case 'apply':
      return [node.left, node.right];
    case 'indexJoin':
      return [node.left];
    case 'setOp':
      return node.inputs;
    case 'with':
      return [
        ...node.definitions.flatMap((d) => (d.recursive === null ? [d.plan] : [d.plan, d.recursive.term])),
        node.body,
      ];
    default:
      return [node.input];
  }
}

export type * from './physical/access.ts';
export type * from './physical/grouping.ts';
export type * from './physical/join.ts';
export type * from './physical/parallel.ts';
export type * from './physical/row.ts';
export type * from './physical/set.ts';
export type * from './physical/write.ts';
export type { Expr };
