/**
 * The relations of an inner-join cluster and what ties them: predicates as edges, equalities as classes.
 *
 * I1  A predicate is used in exactly one join: the first that has all its relations.
 * I2  Equalities that follow from others (a = b, b = c: a = c) are offered where no written one of their class applies, so
 *     that any two members of a class can be joined directly; they are consequences, so using or not using them is the same.
 */
import type { ColumnExpr, ColumnId, Expr } from '../../exec/expr.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { boolType } from '../../types/bool-type.ts';
import type { Cardinality } from '../cardinality.ts';
import type { LogicalNode } from '../logical.ts';
import { outputIds, usedColumns } from '../node-walk.ts';
import type { Selectivity } from '../selectivity.ts';

export interface Relation {
  readonly node: LogicalNode;
  readonly rows: number;
  readonly ids: ReadonlySet<ColumnId>;
}

export interface Edge {
  readonly predicate: Expr;
  readonly relations: ReadonlySet<number>;
  /** For an equality of two relations: its class and selectivity. */
  readonly classId: number;
  readonly isEquality: boolean;
  readonly isDerived: boolean;
  readonly selectivity: number;
}

const DERIVED_CLASS_MAX = 16;

export class JoinGraph {
  readonly relations: readonly Relation[];
  readonly edges: readonly Edge[];
  /** Edges by relation. */
  readonly edgesOf: readonly (readonly Edge[])[];
  readonly #selectivity: Selectivity;
  /** By relation: its column in each class. */
  readonly #columnIn: readonly Map<number, ColumnId>[];
  readonly #combinations = new Map<string, number | null>();

  constructor(nodes: readonly LogicalNode[], predicates: readonly Expr[], cardinality: Cardinality) {
    this.relations = nodes.map((node) => ({
      node,
      rows: Math.max(1, cardinality.rows(node)),
      ids: outputIds(node),
    }));
    const owner = new Map<ColumnId, number>();
    this.relations.forEach((relation, i) => {
      for (const id of relation.ids) owner.set(id, i);
    });
    const classes = new EqualityClasses();
    const written: {
      predicate: Expr;
      relations: Set<number>;
      pair: readonly [ColumnExpr, ColumnExpr] | null;
    }[] = [];
    for (const predicate of predicates) {
      const relations = new Set<number>();
      for (const id of usedColumns(predicate)) {
        const relation = owner.get(id);
        if (relation !== undefined) relations.add(relation);
      }
      const pair = relations.size === 2 ? columnPair(predicate) : null;
      if (pair !== null) classes.join(pair[0], pair[1], (predicate as Extract<Expr, { kind: 'call' }>).fn);
      written.push({ predicate, relations, pair });
    }
    const sides = this.relations.map((relation) => relation.ids);
    const selectivityOf = (predicate: Expr): number =>
      cardinality.joinSelectivity(predicate, 1e12, 1e12, sides);
    const edges: Edge[] = written.map(({ predicate, relations, pair }) => ({
      predicate,
      relations,
      classId: pair === null ? -1 : classes.idOf(pair[0].id),
      isEquality: pair !== null || isEqualityOfTwo(predicate, relations),
      isDerived: false,
      selectivity: selectivityOf(predicate),
    }));
    for (const predicate of classes.derived(owner)) {
      const [a, b] = columnPair(predicate) as readonly [ColumnExpr, ColumnExpr];
      edges.push({
        predicate,
        relations: new Set([owner.get(a.id) as number, owner.get(b.id) as number]),
        classId: classes.idOf(a.id),
        isEquality: true,
        isDerived: true,
        selectivity: selectivityOf(predicate),
      });
    }
    this.edges = edges;
    this.#selectivity = cardinality.selectivity;
    this.#columnIn = this.relations.map(() => new Map());
    for (const column of classes.columns()) {
      const relation = owner.get(column.id);
      if (relation !== undefined)
        (this.#columnIn[relation] as Map<number, ColumnId>).set(classes.idOf(column.id), column.id);
    }
    this.edgesOf = this.relations.map((_, i) => edges.filter((e) => e.relations.has(i)));
  }

  /** Combinations of the classes' values in one of the relations that has them all; null when none is known. */
  combinations(relations: Iterable<number>, classIds: readonly number[]): number | null {
    let fewest: number | null = null;
    for (const relation of relations) {
      const key = `${relation}:${classIds.join(',')}`;
      let known = this.#combinations.get(key);
      if (known === undefined) {
        const columns = this.#columnIn[relation] as Map<number, ColumnId>;
        const ids = classIds.map((id) => columns.get(id)).filter((id) => id !== undefined);
        known = ids.length === classIds.length ? this.#selectivity.combinations(ids) : null;
        this.#combinations.set(key, known);
      }
      if (known !== null) fewest = Math.min(fewest ?? known, known);
    }
    return fewest;
  }
}

function isEqualityOfTwo(predicate: Expr, relations: ReadonlySet<number>): boolean {
  return relations.size === 2 && predicate.kind === 'call' && predicate.fn.operator?.btree === '=';
}

function columnPair(predicate: Expr): readonly [ColumnExpr, ColumnExpr] | null {
  if (predicate.kind !== 'call' || predicate.fn.operator?.btree !== '=') return null;
  const [a, b] = predicate.args;
  return a?.kind === 'column' && b?.kind === 'column' ? [a, b] : null;
}

/** Columns that written equalities make equal. */
class EqualityClasses {
  readonly #parent = new Map<ColumnId, ColumnId>();
  readonly #columns = new Map<ColumnId, ColumnExpr>();
  readonly #written = new Set<string>();
  readonly #fns = new Map<string, ScalarFunction>();

  join(a: ColumnExpr, b: ColumnExpr, fn: ScalarFunction): void {
    this.#columns.set(a.id, a);
    this.#columns.set(b.id, b);
    this.#written.add(pairKey(a.id, b.id));
    if (a.type === b.type) this.#fns.set(String(a.type.oid), fn);
    const [rootA, rootB] = [this.idOf(a.id) as ColumnId, this.idOf(b.id) as ColumnId];
    if (rootA !== rootB) this.#parent.set(rootA, rootB);
  }

  columns(): Iterable<ColumnExpr> {
    return this.#columns.values();
  }

  /** Number of the class a column is in: the id of its root column. */
  idOf(id: ColumnId): number {
    let root = id;
    for (let next = this.#parent.get(root); next !== undefined; next = this.#parent.get(root)) root = next;
    return root;
  }

  /** Equalities between members of a class in different relations that nobody wrote. */
  derived(owner: ReadonlyMap<ColumnId, number>): Expr[] {
    const members = new Map<number, ColumnExpr[]>();
    for (const column of this.#columns.values()) {
      const root = this.idOf(column.id);
      const list = members.get(root);
      if (list === undefined) members.set(root, [column]);
      else list.push(column);
    }
    const found: Expr[] = [];
    for (const list of members.values()) {
      if (list.length < 3 || list.length > DERIVED_CLASS_MAX) continue;
      for (let i = 0; i < list.length; i++) {
        for (let j = i + 1; j < list.length; j++) {
          const [a, b] = [list[i] as ColumnExpr, list[j] as ColumnExpr];
          const fn = this.#fns.get(String(a.type.oid));
          if (fn === undefined || a.type !== b.type || owner.get(a.id) === owner.get(b.id)) continue;
          if (this.#written.has(pairKey(a.id, b.id))) continue;
          found.push({ kind: 'call', fn, args: [a, b], type: boolType, typmod: -1, location: -1 });
        }
      }
    }
    return found;
  }
}

function pairKey(a: ColumnId, b: ColumnId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
