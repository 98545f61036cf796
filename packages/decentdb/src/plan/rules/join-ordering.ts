/**
 * Orders the inner joins of each cluster by cost.
 *
 * I1  A cluster is a tree of inner joins; whatever else stands below is a leaf and is ordered on its own.
 * I2  Left joins below a cluster move above it when no predicate of the cluster uses their right side.
 * I4  A semi or anti join over a cluster that looks at one of its leaves alone may go to that leaf: what it takes away is then
 *     joined no more.
 * I3  The columns of a reordered cluster come back in their old order by a projection of plain columns.
 */
import type { Expr } from '../../exec/expr.ts';
import type { Cardinality } from '../cardinality.ts';
import { Cost, joinFetchCost, lookUpCost } from '../cost.ts';
import { scanBelow } from '../emit/index-join.ts';
import type { Statistics } from '../env.ts';
import { columnRef } from '../expr-walk.ts';
import type { JoinNode, LogicalNode } from '../logical.ts';
import {
  freeColumns,
  inputsOf,
  intersects,
  isSubset,
  joinColumns,
  mapNodeExprs,
  mapSubqueryPlans,
  outputIds,
  usedColumns,
  withInputs,
} from '../node-walk.ts';
import { conjunction, conjunctsOf, filtered, hasSubquery, isVolatile } from '../predicates.ts';
import { sameKeyType, stripRelabel } from '../ranges.ts';
import { JoinGraph } from './join-graph.ts';
import { type JoinTree, type LeafAccess, searchJoinOrder, searchJoinsTo } from './join-search.ts';
import { mostReducedAmong, type OrderedStart, orderedStartBelow, startAmong } from './ordered-start.ts';
import type { Rule, RuleContext } from './rule.ts';

export const joinOrdering: Rule = {
  name: 'join_ordering',
  description: 'join in the cheapest order found',
  needs: ['join'],
  apply: (root, context) => {
    const cardinality = context.cardinality(root);
    // From the top, so that what a WITH definition yields is known where it is read.
    cardinality.rows(root);
    return new Ordering(cardinality, context).order(root);
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
  readonly #mayReduceLeaves: boolean;

  readonly #context: RuleContext;
  #wanted: OrderedStart | null = null;

  constructor(cardinality: Cardinality, context: RuleContext) {
    const { env } = context;
    this.#context = context;
    this.#cardinality = cardinality;
    this.#statistics = env.statistics;
    this.#mayLookUp = env.isRuleOn('index_join');
    this.#mayReduceLeaves = env.isRuleOn('early_semi_join');
  }

  order(node: LogicalNode): LogicalNode {
    this.#wanted = orderedStartBelow(node, isClusterJoin) ?? this.#wanted;
    const result = isClusterJoin(node)
      ? this.#orderCluster(node, [])
      : (this.#orderReduced(node) ?? this.#descend(node));
    return this.#orderSubqueries(result);
  }

  /** A cluster with semi and anti joins on top; null for anything else. */
  #orderReduced(node: LogicalNode): LogicalNode | null {
    const reducers: JoinNode[] = [];
    let at = node;
    while (isReducer(at)) {
      reducers.unshift(at);
      at = at.left;
    }
    return reducers.length > 0 && isClusterJoin(at) ? this.#orderCluster(at, reducers) : null;
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

  /** `reducers`: semi and anti joins over the cluster, innermost first. */
  #orderCluster(root: JoinNode, reducers: readonly JoinNode[]): LogicalNode {
    const cluster: Cluster = { leaves: [], predicates: [], above: [], outer: [] };
    collect(root, cluster);
    takeOutLeftJoins(cluster);
    const leaves = cluster.leaves.map((leaf) => this.order(leaf));
    const access = leaves.map((leaf) => this.#access(leaf));
    const search = (nodes: readonly LogicalNode[], ways: readonly LeafAccess[]) => {
      const graph = new JoinGraph(nodes, cluster.predicates, this.#cardinality);
      return { graph, tree: searchJoinOrder(graph, ways) };
    };
    let { graph, tree } = search(leaves, access);
    if (reducers.length === 0) tree = this.#orderedTree(root, leaves, graph, access) ?? tree;
    const onTop: JoinNode[] = [];
    for (const reducer of reducers) {
      const ordered: JoinNode = { ...reducer, right: this.order(reducer.right) };
      const at = this.#mayReduceLeaves ? soleLeaf(ordered, leaves) : -1;
      const reduced = at === -1 ? null : this.#reduced(ordered, at, leaves, access);
      const found = reduced === null ? null : search(reduced.leaves, reduced.access);
      const cost = this.#reducerCost(ordered);
      const early =
        found === null ? 0 : found.tree.cost + cost(this.#cardinality.rows(leaves[at] as LogicalNode));
      if (reduced === null || found === null || early >= tree.cost + cost(tree.rows)) {
        onTop.push(ordered);
        continue;
      }
      leaves.splice(0, leaves.length, ...reduced.leaves);
      access.splice(0, access.length, ...reduced.access);
      ({ graph, tree } = found);
    }
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
    const whole: LogicalNode = { kind: 'project', input: result, exprs, columns: root.columns };
    return onTop.reduce<LogicalNode>(
      (left, reducer) =>
        this.#orderSubqueries({
          ...reducer,
          left,
          columns: joinColumns(reducer.join, left, reducer.right, null),
        }),
      whole,
    );
  }

  /** The joins from the table on that gives a LIMIT above its first rows soon, where that is asked for; the plan tells what it is worth. */
  #orderedTree(
    root: JoinNode,
    leaves: readonly LogicalNode[],
    graph: JoinGraph,
    access: readonly LeafAccess[],
  ): JoinTree | null {
    if (!this.#wanted?.joins.includes(root) || !this.#context.env.isRuleOn('ordered_start')) return null;
    const { ids } = this.#wanted;
    if (ids === null) {
      this.#context.hasFirstRows = true;
      if (!this.#context.takesFirstRows) return null;
      return searchJoinsTo(this.#mostReduced(leaves), graph, access);
    }
    const start = startAmong(leaves, ids);
    if (start === -1) return null;
    // A branch has found its rows where its part of the OR is: that is the table to start from, or the order is not worth it.
    if (this.#context.takesOrBranches && start !== this.#mostReduced(leaves)) return null;
    this.#context.hasOrderedStart = true;
    return this.#context.takesOrderedStart ? searchJoinsTo(start, graph, access) : null;
  }

  #mostReduced(leaves: readonly LogicalNode[]): number {
    return mostReducedAmong(leaves, (node) => this.#cardinality.rows(node));
  }

  /** Cost of a semi or anti join by the rows that come to it: hashing the right side, or look-ups in it. */
  #reducerCost(reducer: JoinNode): (rows: number) => number {
    const { right, condition, left } = reducer;
    const access = this.#access(right);
    const rightRows = this.#cardinality.rows(right);
    const hash = access.scanCost + rightRows * Cost.hashBuildRow;
    let perRow: number | null = null;
    for (const predicate of conjunctsOf(condition))
      if (predicate.kind === 'call' && predicate.fn.operator?.btree === '=')
        perRow = access.lookUpRow(predicate) ?? perRow;
    const sides = [outputIds(left), outputIds(right)];
    const matches = rightRows * this.#cardinality.joinSelectivity(condition, 1e12, 1e12, sides);
    const lookUp = perRow === null ? Number.POSITIVE_INFINITY : access.lookUp + Math.max(1, matches) * perRow;
    return (rows) => Math.min(hash + rows * Cost.hashProbeRow, rows * lookUp);
  }

  /** The leaves with one of them reduced, and what they cost to read then. */
  #reduced(
    reducer: JoinNode,
    at: number,
    leaves: readonly LogicalNode[],
    access: readonly LeafAccess[],
  ): { readonly leaves: LogicalNode[]; readonly access: LeafAccess[] } {
    const leaf = leaves[at] as LogicalNode;
    const columns = joinColumns(reducer.join, leaf, reducer.right, null);
    const node: JoinNode = { ...reducer, left: leaf, columns };
    const { scanCost } = access[at] as LeafAccess;
    return {
      leaves: leaves.with(at, node),
      access: access.with(at, { scanCost, lookUp: 0, lookUpRow: () => null }),
    };
  }

  #access(leaf: LogicalNode): LeafAccess {
    const below = scanBelow(leaf);
    if (below === null)
      return { scanCost: this.#cardinality.rows(leaf) * Cost.outputRow, lookUp: 0, lookUpRow: () => null };
    const { scan, filters } = below;
    const tableRows = this.#cardinality.rows(scan);
    /** Cost of a row found by the column. */
    const indexed = new Map<number, number>();
    const { table } = scan;
    if (table.rowIdColumn !== -1) indexed.set(table.rowIdColumn, Cost.indexRow);
    for (const index of table.indexes)
      if (index.method === 'btree' && index.predicateSql === null) {
        const column = index.keys[0]?.column ?? -3;
        const row = Cost.indexRow + joinFetchCost(this.#statistics.locality?.(table, index) ?? 0, tableRows);
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
    const lookUpRow = (predicate: Expr): number | null => {
      if (!this.#mayLookUp || predicate.kind !== 'call') return null;
      const [a, b] = predicate.args as readonly [Expr, Expr];
      if (!sameKeyType(a.type, b.type)) return null;
      return indexed.get(columnOf(a) ?? -4) ?? indexed.get(columnOf(b) ?? -4) ?? null;
    };
    return { scanCost, lookUp: lookUpCost(tableRows), lookUpRow };
  }
}

function isClusterJoin(node: LogicalNode): node is JoinNode {
  return node.kind === 'join' && node.join === 'inner' && !isDependent(node);
}

function isReducer(node: LogicalNode): node is JoinNode {
  return node.kind === 'join' && (node.join === 'semi' || node.join === 'anti') && !isDependent(node);
}

/** The leaf whose columns are all that the reducer's condition uses of the left side; -1 when there is none. */
function soleLeaf(reducer: JoinNode, leaves: readonly LogicalNode[]): number {
  const { condition } = reducer;
  if (condition === null || isVolatile(condition) || hasSubquery(condition)) return -1;
  // Columns of a left join that was taken out of the cluster are in no leaf: the condition has to wait for them.
  const ofLeft = outputIds(reducer.left);
  const used = new Set([...usedColumns(condition)].filter((id) => ofLeft.has(id)));
  const at = leaves.findIndex((leaf) => intersects(used, outputIds(leaf)));
  return at !== -1 && isSubset(used, outputIds(leaves[at] as LogicalNode)) ? at : -1;
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
