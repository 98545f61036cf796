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

const EXHAUSTIVE_MAX = 9;

export function searchJoinOrder(graph: JoinGraph, access: readonly LeafAccess[]): JoinTree {
  const search = new JoinSearch(graph, access);
  return graph.relations.length <= EXHAUSTIVE_MAX ? search.exhaustive() : search.greedy();
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

  exhaustive(): JoinTree {
    const n = this.#graph.relations.length;
    const best = new Array<JoinTree | undefined>(1 << n);
    for (let i = 0; i < n; i++) best[1 << i] = this.#leaf(i);
    const full = (1 << n) - 1;
    for (let set = 1; set <= full; set++) {
      if ((set & (set - 1)) === 0) continue;
      let found: JoinTree | undefined;
      // Splits of the set into two halves; each pair once, both orientations are tried by `join`.
      for (let part = (set - 1) & set; part > (set ^ part); part = (part - 1) & set) {
        const [a, b] = [best[part], best[set ^ part]];
        if (a === undefined || b === undefined) continue;
        const edges = this.#between(a, b);
        if (edges.length === 0) continue;
        const joined = this.#join(a, b, edges, found?.rows);
        if (found === undefined || joined.cost < found.cost) found = joined;
      }
      best[set] = found;
    }
    return best[full] ?? this.greedy();
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
        const joined = this.#join(a, b, edges, undefined);
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
  #between(a: JoinTree, b: JoinTree): Edge[] {
    const [small, large] = a.relations.size <= b.relations.size ? [a, b] : [b, a];
    const found: Edge[] = [];
    const seen = new Set<Edge>();
    const classes = new Set<number>();
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
        if (edge.classId !== -1 && !edge.isDerived) classes.add(edge.classId);
      }
    }
    return found.filter((edge) => {
      if (!edge.isDerived) return true;
      if (classes.has(edge.classId)) return false;
      classes.add(edge.classId);
      return true;
    });
  }

  #rows(a: JoinTree, b: JoinTree, edges: readonly Edge[]): number {
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
      const [left, right] = [a, b].map((side) => this.#graph.combinations(side.relations, classIds));
      selectivity *= keySelectivity([...keys.values()], left ?? null, right ?? null);
    }
    return Math.max(1, a.rows * b.rows * selectivity);
  }

  #join(a: JoinTree, b: JoinTree, edges: readonly Edge[], knownRows: number | undefined): JoinTree {
    const rows = knownRows ?? this.#rows(a, b, edges);
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

  /** Cheapest method with `left` as the streaming side. */
  #cost(left: JoinTree, right: JoinTree, edges: readonly Edge[], rows: number): number {
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
