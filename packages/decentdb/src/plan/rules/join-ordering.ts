/**
 * Orders the inner joins of each cluster by cost.
 *
 * I1  A cluster is a tree of inner joins; whatever else stands below is a leaf and is ordered on its own.
 * I2  Left joins below a cluster move above it when no predicate of the cluster uses their right side.
 * I3  The columns of a reordered cluster come back in their old order by a projection of plain columns.
 */
import type { Expr } from '../../exec/expr.ts';
import type { Cardinality } from '../cardinality.ts';
import { Cost, fetchCost } from '../cost.ts';
import { scanBelow } from '../emit/index-join.ts';
import type { Statistics } from '../env.ts';
import { columnRef } from '../expr-walk.ts';
import type { JoinNode, LogicalNode } from '../logical.ts';
import {
  freeColumns,
  inputsOf,
  intersects,
  joinColumns,
  mapNodeExprs,
  mapSubqueryPlans,
  outputIds,
  usedColumns,
  withInputs,
} from '../node-walk.ts';
import { conjunction, conjunctsOf, filtered, hasSubquery, isVolatile } from '../predicates.ts';
import { sameKeyType, stripRelabel } from '../ranges.ts';
import { type Edge, JoinGraph } from './join-graph.ts';
import { type JoinTree, type LeafAccess, searchJoinOrder } from './join-search.ts';
import type { Rule } from './rule.ts';

export const joinOrdering: Rule = {
  name: 'join_ordering',
  description: 'join in the cheapest order found',
  apply: (root, context) => {
    const cardinality = context.cardinality(root);
    const mayLookUp = context.env.isRuleOn('index_join');
    return new Ordering(cardinality, context.env.statistics, mayLookUp).order(root);
  },
};

interface Cluster {
  readonly leaves: LogicalNode[];
  readonly predicates: Expr[];
  /** Predicates that must be tested above all joins: volatile ones, and those that hold subqueries. */
  readonly above: Expr[];
  /** Left joins taken out of leaves, innermost first. */
  readonly outer: JoinNode[];
}

class Ordering {
  readonly #cardinality: Cardinality;
  readonly #statistics: Statistics;
  readonly #mayLookUp: boolean;

  constructor(cardinality: Cardinality, statistics: Statistics, mayLookUp: boolean) {
    this.#cardinality = cardinality;
    this.#statistics = statistics;
    this.#mayLookUp = mayLookUp;
  }

  order(node: LogicalNode): LogicalNode {
    const result = isClusterJoin(node) ? this.#orderCluster(node) : this.#descend(node);
    return this.#orderSubqueries(result);
  }

  #orderSubqueries(node: LogicalNode): LogicalNode {
    return mapNodeExprs(node, (expr) => mapSubqueryPlans(expr, (plan) => this.order(plan)));
  }

  #descend(node: LogicalNode): LogicalNode {
    return withInputs(
      node,
      inputsOf(node).map((input) => this.order(input)),
    );
  }

  #orderCluster(root: JoinNode): LogicalNode {
    const cluster: Cluster = { leaves: [], predicates: [], above: [], outer: [] };
    collect(root, cluster);
    takeOutLeftJoins(cluster);
    const leaves = cluster.leaves.map((leaf) => this.order(leaf));
    const graph = new JoinGraph(leaves, cluster.predicates, this.#cardinality);
    const access = leaves.map((leaf) => this.#access(leaf));
    const tree = searchJoinOrder(graph, access);
    // Predicates on no relation or one (constants, what pushdown was not allowed to move) are tested on top.
    const unplaced = graph.edges.filter((e) => !e.isDerived && e.relations.size < 2).map((e) => e.predicate);
    let result = filtered(build(tree, leaves), unplaced);
    for (const outer of cluster.outer) {
      const right = this.order(outer.right);
      const joined: JoinNode = {
        ...outer,
        left: result,
        right,
        columns: joinColumns(outer.join, result, right, null),
      };
      result = this.#orderSubqueries(joined);
    }
    result = this.#orderSubqueries(filtered(result, cluster.above));
    const exprs = root.columns.map((c) => columnRef(c.id, c));
    return { kind: 'project', input: result, exprs, columns: root.columns };
  }

  #access(leaf: LogicalNode): LeafAccess {
    const below = scanBelow(leaf);
    if (below === null)
      return { scanCost: this.#cardinality.rows(leaf) * Cost.outputRow, lookUpRow: () => null };
    const { scan, filters } = below;
    const tableRows = this.#cardinality.rows(scan);
    /** Cost of a row found by the column. */
    const indexed = new Map<number, number>();
    const { table } = scan;
    if (table.rowIdColumn !== -1) indexed.set(table.rowIdColumn, Cost.indexRow);
    for (const index of table.indexes)
      if (index.method === 'btree' && index.predicateSql === null) {
        const column = index.keys[0]?.column ?? -3;
        const row = Cost.indexRow + fetchCost(this.#statistics.locality?.(table, index) ?? 0);
        indexed.set(column, Math.min(row, indexed.get(column) ?? row));
      }
    const columnOf = (expr: Expr): number | undefined => {
      const inner = stripRelabel(expr);
      if (inner.kind !== 'column') return undefined;
      const at = scan.columns.findIndex((c) => c.id === inner.id);
      return at === -1 ? undefined : scan.stored[at];
    };
    const isSargable = filters.some(
      (f) =>
        f.kind === 'call' &&
        f.fn.operator?.btree !== undefined &&
        f.args.some((a) => indexed.has(columnOf(a) ?? -4)),
    );
    const rows = this.#cardinality.rows(leaf);
    const whole = tableRows * (Cost.scanRow + filters.length * Cost.filterRow);
    const scanCost = isSargable
      ? Math.min(whole, Cost.descent + rows * (Cost.indexRow + Cost.fetchRow))
      : whole;
    const lookUpRow = (edge: Edge): number | null => {
      if (!this.#mayLookUp || edge.predicate.kind !== 'call') return null;
      const [a, b] = edge.predicate.args as readonly [Expr, Expr];
      if (!sameKeyType(a.type, b.type)) return null;
      return indexed.get(columnOf(a) ?? -4) ?? indexed.get(columnOf(b) ?? -4) ?? null;
    };
    return { scanCost, lookUpRow };
  }
}

function isClusterJoin(node: LogicalNode): node is JoinNode {
  return node.kind === 'join' && node.join === 'inner' && !isDependent(node);
}

function isDependent(node: JoinNode): boolean {
  return intersects(freeColumns(node.right), outputIds(node.left));
}

function collect(node: LogicalNode, cluster: Cluster): void {
  if (node.kind === 'filter' && isClusterJoin(node.input)) {
    for (const c of conjunctsOf(node.predicate)) addPredicate(c, cluster);
    collect(node.input, cluster);
  } else if (
    node.kind === 'project' &&
    isClusterJoin(node.input) &&
    node.exprs.every((e, i) => e.kind === 'column' && e.id === node.columns[i]?.id)
  ) {
    collect(node.input, cluster);
  } else if (isClusterJoin(node)) {
    for (const c of conjunctsOf(node.condition)) addPredicate(c, cluster);
    collect(node.left, cluster);
    collect(node.right, cluster);
  } else {
    cluster.leaves.push(node);
  }
}

function addPredicate(c: Expr, cluster: Cluster): void {
  (isVolatile(c) || hasSubquery(c) ? cluster.above : cluster.predicates).push(c);
}

function takeOutLeftJoins(cluster: Cluster): void {
  for (let i = 0; i < cluster.leaves.length; i++) {
    for (;;) {
      const leaf = cluster.leaves[i] as LogicalNode;
      if (leaf.kind !== 'join' || leaf.join !== 'left' || isDependent(leaf)) break;
      const rightIds = outputIds(leaf.right);
      const isUsed = cluster.predicates.some((p) => intersects(usedColumns(p), rightIds));
      // A left join already taken out from further up may need this one's columns: then order among them keeps it below.
      if (isUsed) break;
      cluster.outer.unshift(leaf);
      cluster.leaves[i] = leaf.left;
      // What was a leaf may itself be a cluster now: its joins take part.
      if (isClusterJoin(leaf.left)) {
        cluster.leaves.splice(i, 1);
        collect(leaf.left, cluster);
        i--;
        break;
      }
    }
  }
}

function build(tree: JoinTree, leaves: readonly LogicalNode[]): LogicalNode {
  if (tree.left === null || tree.right === null) return leaves[tree.leaf] as LogicalNode;
  const left = build(tree.left, leaves);
  const right = build(tree.right, leaves);
  return {
    kind: 'join',
    join: 'inner',
    left,
    right,
    condition: conjunction(tree.predicates),
    lateral: false,
    mark: null,
    columns: joinColumns('inner', left, right, null),
  };
}
