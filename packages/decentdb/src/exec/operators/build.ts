/** Plan nodes to operators. */
import { unreachable } from '../../base/assert.ts';
import { DeleteOperator, InsertOperator, MergeOperator, UpdateOperator } from '../dml/operators.ts';
import type { PhysicalNode } from '../physical.ts';
import { AggregateOperator } from './aggregate.ts';
import { ApplyOperator } from './apply.ts';
import { CountingOperator } from './counting.ts';
import { DistinctOperator } from './distinct.ts';
import { GatherOperator } from './gather.ts';
import { HashJoinOperator } from './hash-join.ts';
import { IndexJoinOperator } from './index-join.ts';
import { LimitOperator } from './limit.ts';
import { MergeJoinOperator } from './merge-join.ts';
import { NearestScanOperator } from './nearest-scan.ts';
import { NestedLoopOperator } from './nested-loop.ts';
import type { Operator } from './operator.ts';
import { ProjectSetOperator } from './project-set.ts';
import { FilterOperator, ProjectOperator } from './row-operators.ts';
import { ScanOperator } from './scan.ts';
import { IntersectExceptOperator, UnionOperator } from './set-operations.ts';
import { SkipScanOperator } from './skip-scan.ts';
import { SortOperator, TopNOperator } from './sort.ts';
import { TableFunctionOperator, ValuesOperator, VirtualScanOperator } from './sources.ts';
import { TrigramScanOperator } from './trigram-scan.ts';
import { WindowOperator } from './window.ts';
import { CteScanOperator, WithOperator } from './with.ts';

export interface BuildOptions {
  /** Count rows and time by node. */
  readonly isCounting: boolean;
}

/** The operators of a plan, not yet opened; one execution at a time may use them. */
export function buildOperator(node: PhysicalNode, options: BuildOptions): Operator {
  const operator = build(node, options);
  return options.isCounting ? new CountingOperator(operator, node.id) : operator;
}

function build(node: PhysicalNode, options: BuildOptions): Operator {
  const of = (input: PhysicalNode): Operator => buildOperator(input, options);
  switch (node.kind) {
    case 'scan':
      if (node.skip !== undefined) return new SkipScanOperator(node);
      if (node.nearest) return new NearestScanOperator(node);
      return node.path === 'trigram' ? new TrigramScanOperator(node) : new ScanOperator(node);
    case 'values':
      return new ValuesOperator(node);
    case 'tableFunction':
      return new TableFunctionOperator(node);
    case 'virtualScan':
      return new VirtualScanOperator(node);
    case 'filter':
      return new FilterOperator(node, of(node.input));
    case 'project':
      return new ProjectOperator(node, of(node.input));
    case 'projectSet':
      return new ProjectSetOperator(node, of(node.input));
    case 'hashJoin':
      return new HashJoinOperator(node, of(node.left), of(node.right));
    case 'mergeJoin':
      return new MergeJoinOperator(node, of(node.left), of(node.right));
    case 'nestedLoop':
      return new NestedLoopOperator(node, of(node.left), of(node.right));
    case 'indexJoin':
      return new IndexJoinOperator(node, of(node.left));
    case 'apply':
      return new ApplyOperator(node, of(node.left), of(node.right));
    case 'aggregate':
      return new AggregateOperator(node, of(node.input));
    case 'window':
      return new WindowOperator(node, of(node.input));
    case 'sort':
      return new SortOperator(node, of(node.input));
    case 'topN':
      return new TopNOperator(node, of(node.input));
    case 'limit':
      return new LimitOperator(node, of(node.input));
    case 'distinct':
      return new DistinctOperator(node, of(node.input));
    case 'setOp':
      return node.op === 'union'
        ? new UnionOperator(node, (at) => of(node.inputs[at]!))
        : new IntersectExceptOperator(node, node.inputs.map(of));
    case 'with':
      return new WithOperator(
        node,
        node.definitions.map((d) => ({
          plan: of(d.plan),
          term: d.recursive === null ? null : of(d.recursive.term),
        })),
        of(node.body),
      );
    case 'cteScan':
      return new CteScanOperator(node);
    case 'gather':
      return new GatherOperator(node, of(node.input));
    case 'insert':
      return new InsertOperator(node, of(node.input));
    case 'update':
      return new UpdateOperator(node, of(node.input));
    case 'delete':
      return new DeleteOperator(node, of(node.input));
    case 'merge':
      return new MergeOperator(node, of(node.input));
    default:
      return unreachable(node, 'buildOperator');
  }
}
