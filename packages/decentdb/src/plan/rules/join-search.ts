/**
 * The search for a join order: dynamic programming over sets of relations where there are few, greedy pairing beyond.
 *
 * After Moerkotte and Neumann (DPsub) and Fegaras (greedy operator ordering).
 *
 * I1  Sets without a tying predicate are joined only when nothing tied is left.
 * I2  A side's rows do not depend on the order it was built in by more than rounding: the first split found decides.
 */
import type { Expr } from '../../exec/expr.ts';
import { Cost } from '../cost.ts';
import { keySelectivity } from '../key-classes.ts';
import type { Edge, JoinGraph } from './join-graph.ts';

/** A joined set: a relation, or two joined sets with the predicates applied there. */
export interface JoinTree {
  readonly relations: ReadonlySet<number>;
  readonly rows: number;
  readonly cost: number;
  readonly leaf: number;
  readonly left: JoinTree | null;
  readonly right: JoinTree | null;
  readonly predicates: readonly Expr[];
}

/** What a relation offers to a join that looks rows up in it: cost of reading it whole, and of one look-up, by join column. */
export interface LeafAccess {
  readonly scanCost: number;
  /** Cost of a look-up, whatever it finds. */
  readonly lookUp: number;
  /** Cost of a row found for an equality edge by an index (or the row id) of the relation; null: it cannot be. */
  lookUpRow(equality: Expr): number | null;
}

/** What the cost of a join needs to know of a side. */
interface JoinSide {
  readonly rows: number;
  readonly cost: number;
  readonly leaf: number;
}

const EXHAUSTIVE_MAX = 9;

export function searchJoinOrder(graph: JoinGraph, access: readonly LeafAccess[]): JoinTree {
  const search = new JoinSearch(graph, access);
  return graph.relations.length <= EXHAUSTIVE_MAX ? search.exhaustive() : search.greedy();
}

/** Joins one relation after the other to `start`, whose order the rows keep; null where nothing ties one of them. */
export function searchJoinsTo(
  start: number,
  graph: JoinGraph,
  access: readonly LeafAccess[],
): JoinTree | null {
  return new JoinSearch(graph, access).startingWith(start);
}

class JoinSearch {
  readonly #graph: JoinGraph;
  readonly #access: readonly LeafAccess[];

  constructor(graph: JoinGraph, access: readonly LeafAccess[]) {
    this.#graph = graph;
    this.#access = access;
  }

  #leaf(i: number): JoinTree {
    const rows = (this.#graph.relations[i] as JoinGraph['relations'][number]).rows;
    const cost = (this.#access[i] as LeafAccess).scanCost;
    return { relations: new Set([i]), rows, cost, leaf: i, left: null, right: null, predicates: [] };
  }

  /** Sets are bit masks here; trees are made of the best splits alone. */
  exhaustive(): JoinTree {
    const n = this.#graph.relations.length;
    const size = 1 << n;
    const leaves = this.#graph.relations.map((_, i) => this.#leaf(i));
    const rows = new Float64Array(size);
    const costs = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    const lefts = new Int32Array(size);
    for (let i = 0; i < n; i++) {
      rows[1 << i] = (leaves[i] as JoinTree).rows;
      costs[1 << i] = (leaves[i] as JoinTree).cost;
    }
    const masks = this.#graph.edges.map((edge) => maskOf(edge.relations));
    const side = (set: number): JoinSide => ({
      rows: rows[set] as number,
      cost: costs[set] as number,
      leaf: (set & (set - 1)) === 0 ? 31 - Math.clz32(set) : -1,
    });
    for (let set = 1; set < size; set++) {
      if ((set & (set - 1)) === 0) continue;
      // Splits of the set into two halves, each pair once.
      for (let part = (set - 1) & set; part > (set ^ part); part = (part - 1) & set) {
        const rest = set ^ part;
        if (costs[part] === Number.POSITIVE_INFINITY || costs[rest] === Number.POSITIVE_INFINITY) continue;
        const edges = this.#edgesBetween(part, rest, masks);
        if (edges.length === 0) continue;
        const [a, b] = [side(part), side(rest)];
        if (rows[set] === 0) rows[set] = this.#rows(a.rows, b.rows, edges, membersOf(part), membersOf(rest));
        const forward = this.#cost(a, b, edges, rows[set] as number);
        const backward = this.#cost(b, a, edges, rows[set] as number);
        if (Math.min(forward, backward) >= (costs[set] as number)) continue;
        costs[set] = Math.min(forward, backward);
        lefts[set] = forward <= backward ? part : rest;
      }
    }
    const build = (set: number): JoinTree => {
      const left = lefts[set] as number;
      if (left === 0) return leaves[31 - Math.clz32(set)] as JoinTree;
      return {
        relations: new Set(membersOf(set)),
        rows: rows[set] as number,
        cost: costs[set] as number,
        leaf: -1,
        left: build(left),
        right: build(set ^ left),
        predicates: this.#edgesBetween(left, set ^ left, masks).map((e) => e.predicate),
      };
    };
    return costs[size - 1] === Number.POSITIVE_INFINITY ? this.greedy() : build(size - 1);
  }

  /** As {@link #between}, of sets as bit masks. */
  #edgesBetween(a: number, b: number, masks: readonly number[]): readonly Edge[] {
    const found: Edge[] = [];
    for (let i = 0; i < masks.length; i++) {
      const mask = masks[i] as number;
      if ((mask & a) !== 0 && (mask & b) !== 0 && (mask & ~(a | b)) === 0)
        found.push(this.#graph.edges[i] as Edge);
    }
    return found.length > 1 ? withoutSpare(found) : found;
  }

  startingWith(start: number): JoinTree | null {
    let tree = this.#leaf(start);
    const rest = new Set(this.#graph.relations.keys());
    rest.delete(start);
    while (rest.size > 0) {
      let best: JoinTree | null = null;
      for (const relation of rest) {
        const leaf = this.#leaf(relation);
        const edges = this.#between(tree, leaf);
        if (!edges.some((edge) => edge.isEquality)) continue;
        const joined = this.#inOrder(tree, leaf, edges);
        if (best === null || joined.rows < best.rows) best = joined;
      }
      if (best === null) return null;
      tree = best;
      rest.delete((tree.right as JoinTree).leaf);
    }
    return tree;
  }

  greedy(): JoinTree {
    let trees = this.#graph.relations.map((_, i) => this.#leaf(i));
    while (trees.length > 1) {
      const pair = this.#bestPair(trees);
      trees = trees.filter(
        (t) => t !== pair.left && t !== pair.right && t !== pair.swappedLeft && t !== pair.swappedRight,
      );
      trees.push(pair.joined);
    }
    return trees[0] as JoinTree;
  }

  #bestPair(trees: readonly JoinTree[]) {
    let best: { a: JoinTree; b: JoinTree; joined: JoinTree; isTied: boolean } | null = null;
    for (let i = 0; i < trees.length; i++) {
      for (let j = i + 1; j < trees.length; j++) {
        const [a, b] = [trees[i] as JoinTree, trees[j] as JoinTree];
        const edges = this.#between(a, b);
        const isTied = edges.length > 0;
        if (best?.isTied === true && !isTied) continue;
        const joined = this.#join(a, b, edges);
        const isBetter =
          best === null ||
          (isTied && !best.isTied) ||
          joined.rows < best.joined.rows ||
          (joined.rows === best.joined.rows && joined.cost < best.joined.cost);
        if (isBetter) best = { a, b, joined, isTied };
      }
    }
    const { a, b, joined } = best as NonNullable<typeof best>;
    return { left: a, right: b, swappedLeft: joined.left, swappedRight: joined.right, joined };
  }

  /** Predicates that become applicable when the two sets meet. Derived ones only where their class has no written one. */
  #between(a: JoinTree, b: JoinTree): readonly Edge[] {
    const [small, large] = a.relations.size <= b.relations.size ? [a, b] : [b, a];
    const found: Edge[] = [];
    const seen = new Set<Edge>();
    for (const relation of small.relations) {
      for (const edge of this.#graph.edgesOf[relation] as readonly Edge[]) {
        if (seen.has(edge)) continue;
        seen.add(edge);
        let inLarge = false;
        let isComplete = true;
        for (const r of edge.relations) {
          if (large.relations.has(r)) inLarge = true;
          else if (!small.relations.has(r)) isComplete = false;
        }
        if (!inLarge || !isComplete) continue;
        found.push(edge);
      }
    }
    return withoutSpare(found);
  }

  #rows(
    leftRows: number,
    rightRows: number,
    edges: readonly Edge[],
    leftRelations: Iterable<number>,
    rightRelations: Iterable<number>,
  ): number {
    const keys = new Map<number, number>();
    let selectivity = 1;
    let anonymous = -2;
    for (const edge of edges) {
      if (!edge.isEquality) {
        selectivity *= edge.selectivity;
        continue;
      }
      const key = edge.classId === -1 ? anonymous-- : edge.classId;
      keys.set(key, Math.min(keys.get(key) ?? 1, edge.selectivity));
    }
    if (keys.size < 2) for (const s of keys.values()) selectivity *= s;
    else {
      const classIds = [...keys.keys()];
      const left = this.#graph.combinations(leftRelations, classIds);
      const right = this.#graph.combinations(rightRelations, classIds);
      selectivity *= keySelectivity([...keys.values()], left, right);
    }
    return Math.max(1, leftRows * rightRows * selectivity);
  }

  #join(a: JoinTree, b: JoinTree, edges: readonly Edge[]): JoinTree {
    const rows = this.#rows(a.rows, b.rows, edges, a.relations, b.relations);
    const forward = this.#cost(a, b, edges, rows);
    const backward = this.#cost(b, a, edges, rows);
    const [left, right, cost] = forward <= backward ? [a, b, forward] : [b, a, backward];
    return {
      relations: new Set([...a.relations, ...b.relations]),
      rows,
      cost,
      leaf: -1,
      left,
      right,
      predicates: edges.map((e) => e.predicate),
    };
  }

  #inOrder(left: JoinTree, right: JoinTree, edges: readonly Edge[]): JoinTree {
    const rows = this.#rows(left.rows, right.rows, edges, left.relations, right.relations);
    return {
      relations: new Set([...left.relations, ...right.relations]),
      rows,
      cost: this.#cost(left, right, edges, rows),
      leaf: -1,
      left,
      right,
      predicates: edges.map((e) => e.predicate),
    };
  }

  /** Cheapest method with `left` as the streaming side. */
  #cost(left: JoinSide, right: JoinSide, edges: readonly Edge[], rows: number): number {
    const output = rows * Cost.outputRow;
    const hasKey = edges.some((e) => e.isEquality);
    let best = left.cost + right.cost + left.rows * right.rows * Cost.loopPair + output;
    if (hasKey) {
      const hash =
        left.cost + right.cost + left.rows * Cost.hashProbeRow + right.rows * Cost.hashBuildRow + output;
      best = Math.min(best, hash);
      if (right.leaf !== -1) {
        const access = this.#access[right.leaf] as LeafAccess;
        let perRow: number | null = null;
        for (const e of edges) {
          const row = e.isEquality ? access.lookUpRow(e.predicate) : null;
          if (row !== null) perRow = Math.min(row, perRow ?? row);
        }
        if (perRow !== null) {
          const matches = rows / Math.max(1, left.rows);
          const look = left.cost + left.rows * (access.lookUp + matches * perRow) + output;
          best = Math.min(best, look);
        }
      }
    }
    return best;
  }
}

/** Derived edges only where no written one of their class is there, and one a class. */
function withoutSpare(found: readonly Edge[]): readonly Edge[] {
  if (!found.some((edge) => edge.isDerived)) return found;
  const classes = new Set<number>();
  for (const edge of found) if (edge.classId !== -1 && !edge.isDerived) classes.add(edge.classId);
  return found.filter((edge) => {
    if (!edge.isDerived) return true;
    if (classes.has(edge.classId)) return false;
    classes.add(edge.classId);
    return true;
  });
}

function maskOf(relations: ReadonlySet<number>): number {
  let mask = 0;
  for (const relation of relations) mask |= 1 << relation;
  return mask;
}

function membersOf(mask: number): number[] {
  const members: number[] = [];
  for (let i = 0; mask >> i !== 0; i++) if (((mask >> i) & 1) === 1) members.push(i);
  return members;
}
