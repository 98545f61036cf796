/**
 * Scans of large tables shared with other threads: the last step of planning, on the physical plan.
 *
 *     Finalize Aggregate <- Gather <- Partial Aggregate <- Parallel Seq Scan
 *     Top-N Sort         <- Gather <- Top-N Sort        <- Parallel Seq Scan
 *     Unique             <- Gather <- Unique            <- Parallel Seq Scan
 *                           Gather <- Parallel Seq Scan with a filter that few rows pass
 *
 * I1  A gather node's rows are those of its input, in the same order (exec/operators/gather.ts): nothing above can tell, and each of
 *     these plans gives what the plan without it gives.
 * I2  What threads run is fixed by the plan, the parameters and the snapshot: no volatile functions, subqueries or outer values.
 * I3  Only a part of the plan that runs once is shared.
 */
import type { Expr } from '../../exec/expr.ts';
import { PIECES_PER_THREAD } from '../../exec/parallel.ts';
import type {
  AggregateNode,
  DistinctNode,
  GatherNode,
  PhysicalNode,
  ScanNode,
  TopNNode,
} from '../../exec/physical.ts';
import { spillSpecs } from '../../exec/spill/block-codec.ts';
import { Physical } from '../../types/vector.ts';
import { constantNumber } from '../cardinality.ts';
import { Cost, type Estimates, estimates } from '../cost.ts';
import type { ParallelEnv, PlanEnv } from '../env.ts';
import { nodeExprs } from '../explain/node-exprs.ts';
import { someExpr } from '../expr-walk.ts';
import { partialSlots, splitAggregates } from './gathered-aggregates.ts';

const LIMIT_GUESS = 100;

/** The plan with what is worth it shared. `newId` gives ids to nodes that are new. */
export function withGathers(root: PhysicalNode, env: PlanEnv, newId: () => number): PhysicalNode {
  const { parallel } = env;
  if (parallel == null || parallel.workers < 1 || !env.isRuleOn('parallel_scan')) return root;
  return new Sharing(env, parallel, newId).visit(root, true);
}

/** A chain of projections and filters down to the scan to be shared. */
interface Chain {
  readonly plan: PhysicalNode;
  readonly rows: number;
  readonly pieces: number;
}

class Sharing {
  readonly #env: PlanEnv;
  readonly #parallel: ParallelEnv;
  readonly #newId: () => number;

  constructor(env: PlanEnv, parallel: ParallelEnv, newId: () => number) {
    this.#env = env;
    this.#parallel = parallel;
    this.#newId = newId;
  }

  /** `isWhole`: all rows will be asked for. */
  visit(node: PhysicalNode, isWhole: boolean): PhysicalNode {
    switch (node.kind) {
      case 'aggregate':
        return this.#aggregate(node) ?? { ...node, input: this.visit(node.input, true) };
      case 'topN':
        return this.#topN(node) ?? { ...node, input: this.visit(node.input, true) };
      case 'distinct':
        return (isWhole ? this.#distinct(node) : null) ?? { ...node, input: this.visit(node.input, isWhole) };
      case 'scan':
        return (isWhole ? this.#plain(node) : null) ?? node;
      case 'filter':
      case 'project':
        return (isWhole ? this.#plain(node) : null) ?? { ...node, input: this.visit(node.input, isWhole) };
      case 'sort':
      case 'window':
        return { ...node, input: this.visit(node.input, true) };
      case 'limit':
        return { ...node, input: this.visit(node.input, false) };
      case 'hashJoin': {
        // The probe side is read under the eye of a filter by the other side's keys, which does not reach other threads.
        const isLeft = node.build === 'left';
        return { ...node, left: this.visit(node.left, isLeft), right: this.visit(node.right, !isLeft) };
      }
      case 'nestedLoop':
      case 'apply':
      case 'indexJoin':
        return { ...node, left: this.visit(node.left, isWhole) };
      case 'setOp':
        return { ...node, inputs: node.inputs.map((input) => this.visit(input, isWhole)) };
      case 'with':
        return {
          ...node,
          definitions: node.definitions.map((d) =>
            d.recursive === null ? { ...d, plan: this.visit(d.plan, false) } : d,
          ),
          body: this.visit(node.body, isWhole),
        };
      default:
        return node;
    }
  }

  #aggregate(node: AggregateNode): PhysicalNode | null {
    const isPlain =
      node.sets.length === 1 && (node.sets[0] as readonly number[]).length === node.groups.length;
    if (!isPlain || node.groupings.length > 0 || !areSafe(nodeExprs(node))) return null;
    const chain = this.#chain(node.input);
    const split = chain === null ? null : splitAggregates(node);
    if (chain === null || split === null) return null;
    const slots = partialSlots(node, split.partial);
    const groups = node.estimate?.rows ?? 1;
    const rows = node.groups.length === 0 ? chain.pieces : groupsOfPieces(groups, chain);
    const own = estimateOf(node);
    const partial: AggregateNode = {
      ...node,
      id: this.#newId(),
      input: chain.plan,
      slots,
      aggregates: split.partial,
      stage: 'partial',
      estimate: estimates(rows / chain.pieces, own.startupCost, own.totalCost),
    };
    const gathered = this.#gather(partial, own.totalCost, rows, rows * Cost.aggregateRow * slots.length);
    if (gathered === null) return null;
    const total = estimateOf(gathered).totalCost + rows * Cost.aggregateRow * slots.length;
    const final: AggregateNode = {
      ...node,
      input: gathered,
      groups: node.groups.map((group, slot): Expr => {
        const { typmod } = node.slots[slot] as AggregateNode['slots'][number];
        return { kind: 'slot', slot, type: group.type, typmod, location: -1 };
      }),
      aggregates: split.final,
      slots,
      stage: 'final',
      estimate: estimates(own.rows, total, total),
    };
    if (split.exprs === null) return final;
    const exprs = [...final.groups, ...split.exprs];
    const { estimate } = final;
    return {
      kind: 'project',
      id: this.#newId(),
      slots: node.slots,
      ...(estimate && { estimate }),
      input: final,
      exprs,
    };
  }

  #topN(node: TopNNode): PhysicalNode | null {
    if (!areSafe(nodeExprs(node))) return null;
    const chain = this.#chain(node.input);
    const count = numberOf(node.count);
    const offset = node.offset === null ? 0 : numberOf(node.offset);
    if (chain === null || count === null || offset === null) return null;
    const kept = Math.min(count + offset, chain.rows / chain.pieces);
    const partial: TopNNode = { ...node, id: this.#newId(), input: chain.plan, isPartial: true };
    const own = estimateOf(node);
    const gathered = this.#gather(partial, own.totalCost, kept * chain.pieces, 0);
    return gathered === null ? null : { ...node, input: gathered, estimate: above(gathered, own.rows) };
  }

  /** The first rows of their kind in each piece, and the first of those. */
  #distinct(node: DistinctNode): PhysicalNode | null {
    if (!areSafe(nodeExprs(node))) return null;
    const chain = this.#chain(node.input);
    if (chain === null) return null;
    const own = estimateOf(node);
    const rows = groupsOfPieces(own.rows, chain);
    const partial: DistinctNode = { ...node, id: this.#newId(), input: chain.plan };
    const gathered = this.#gather(partial, own.totalCost, rows, rows * Cost.aggregateRow);
    return gathered === null ? null : { ...node, input: gathered, estimate: above(gathered, own.rows) };
  }

  #plain(node: PhysicalNode): PhysicalNode | null {
    const chain = this.#chain(node);
    return chain === null ? null : this.#gather(chain.plan, estimateOf(node).totalCost, chain.rows, 0);
  }

  /** The plan's input as threads run it; null when it is not one they can share, or not worth a thought. */
  #chain(node: PhysicalNode): Chain | null {
    if (node.kind === 'scan') {
      if (!isShareable(node)) return null;
      const rows = this.#rowsRead(node);
      if (rows * rowBytes(node) < this.#parallel.scanBytesMin) return null;
      const threads = this.#parallel.workers + 1;
      const pieces = Math.max(
        1,
        Math.min(threads * PIECES_PER_THREAD, Math.floor(rows / this.#parallel.pieceRowsMin)),
      );
      if (pieces < 2) return null;
      return { plan: { ...node, isParallel: true }, rows: estimateOf(node).rows, pieces };
    }
    if ((node.kind !== 'filter' && node.kind !== 'project') || !areSafe(nodeExprs(node))) return null;
    const below = this.#chain(node.input);
    return below === null
      ? null
      : { ...below, plan: { ...node, input: below.plan }, rows: estimateOf(node).rows };
  }

  /** Rows that a scan reads, whatever its filter leaves of them. */
  #rowsRead(scan: ScanNode): number {
    const all = this.#env.statistics.tableRows(scan.table);
    if (scan.ranges === null) return all;
    const perRow = Cost.scanRow + (scan.filter === null ? 0 : Cost.filterRow);
    return Math.min(all, estimateOf(scan).totalCost / perRow);
  }

  /** `plan` gathered, when that costs less than running it here, what follows (`more`) included. */
  #gather(plan: PhysicalNode, cost: number, rows: number, more: number): GatherNode | null {
    const { workers, setupCost, tupleCost } = this.#parallel;
    if (spillSpecs(plan.slots) === null) return null;
    const total = setupCost + cost / (workers + 1) + rows * tupleCost;
    if (total + more >= cost) return null;
    return {
      kind: 'gather',
      id: this.#newId(),
      slots: plan.slots,
      estimate: estimates(Math.round(rows), setupCost, total),
      input: plan,
      workers,
    };
  }
}

function isShareable(scan: ScanNode): boolean {
  return (
    (scan.path === 'table' || scan.path === 'indexOnly') &&
    scan.sample === null &&
    scan.skip === undefined &&
    scan.direction === 'forward' &&
    areSafe(nodeExprs(scan))
  );
}

/** The number of a LIMIT or OFFSET, or a guess where it is a parameter; null for LIMIT NULL. */
function numberOf(expr: Expr): number | null {
  return expr.kind === 'const' ? constantNumber(expr) : LIMIT_GUESS;
}

/** I2. */
function areSafe(exprs: readonly Expr[]): boolean {
  return !exprs.some((expr) =>
    someExpr(
      expr,
      (e) =>
        e.kind === 'subquery' ||
        e.kind === 'outer' ||
        e.kind === 'context' ||
        (e.kind === 'call' && e.fn.volatility === 'volatile'),
    ),
  );
}

/** Groups of all pieces together, when there are so many in the table. */
function groupsOfPieces(groups: number, chain: Chain): number {
  return chain.pieces * Math.min(groups, chain.rows / chain.pieces);
}

function above(input: PhysicalNode, rows: number): Estimates {
  const { totalCost } = estimateOf(input);
  return estimates(rows, totalCost, totalCost);
}

function estimateOf(node: PhysicalNode): Estimates {
  return node.estimate ?? { rows: 1, startupCost: 0, totalCost: 0 };
}

/** What a row of the table takes in PostgreSQL, roughly. */
function rowBytes({ table }: ScanNode): number {
  const widths = table.columns.map(({ type }) => (type.physical === Physical.text ? 32 : 8));
  return widths.reduce((sum, width) => sum + width, 24);
}
