/**
 * How many rows a logical node will give: the guess that join order, join method and access paths rest on.
 *
 * I1  Never below 1 except for provably empty inputs, so that products of guesses keep an order of magnitude.
 * I2  Cached by node: nodes are immutable.
 */

import type { ColumnId, Expr } from '../exec/expr.ts';
import type { Statistics } from './env.ts';
import { columnRef } from './expr-walk.ts';
import { addEquality, combinationsOn, type KeyClass, keySelectivity } from './key-classes.ts';
import type { AggregateNode, JoinNode, LogicalNode } from './logical.ts';
import { outputIds } from './node-walk.ts';
import { conjunction, conjunctsOf, isRowIndependent } from './predicates.ts';
import { orRestrictions } from './rules/or-factoring.ts';
import type { Selectivity } from './selectivity.ts';

const FUNCTION_ROWS = 100;
const CTE_ROWS = 1000;
/** Rows that a LIMIT of unknown value leaves: pages are small. */
const LIMIT_ROWS = 1000;

export class Cardinality {
  readonly selectivity: Selectivity;
  readonly #statistics: Statistics;
  readonly #cache = new WeakMap<LogicalNode, number>();
  readonly #cteRows = new Map<number, number>();

  constructor(selectivity: Selectivity, statistics: Statistics) {
    this.selectivity = selectivity;
    this.#statistics = statistics;
  }

  rows(node: LogicalNode): number {
    const cached = this.#cache.get(node);
    if (cached !== undefined) return cached;
    const rows = Math.max(0, this.#estimate(node));
    this.#cache.set(node, rows);
    return rows;
  }

  #estimate(node: LogicalNode): number {
    switch (node.kind) {
      case 'scan': {
        const all = Math.max(1, this.#statistics.tableRows(node.table));
        return node.sample === null
          ? all
          : Math.max(1, (all * (constantNumber(node.sample.percent) ?? 10)) / 100);
      }
      case 'values':
        return node.rows.length;
      case 'tableFunction':
        return this.#functionRows(node.functions[0]?.args ?? []);
      case 'projectSet':
        return this.rows(node.input) * 10;
      case 'virtualScan':
        return CTE_ROWS;
      case 'cteScan':
        return this.#cteRows.get(node.cteId) ?? CTE_ROWS;
      case 'filter':
        return Math.max(1, this.rows(node.input) * this.selectivity.of(node.predicate));
      case 'join':
        return this.joinRows(node, this.rows(node.left), this.rows(node.right));
      case 'aggregate':
        return this.#groups(node);
      case 'limit':
        return Math.min(this.rows(node.input), limitOf(node.count));
      case 'distinct':
        return this.#distinctRows(
          node.on ?? node.columns.map((c) => columnRef(c.id, c)),
          this.rows(node.input),
        );
      case 'setOp':
        return this.#setOpRows(node);
      case 'with':
        for (const d of node.definitions)
          this.#cteRows.set(d.cteId, this.rows(d.plan) * (d.recursive === null ? 1 : 10));
        return this.rows(node.body);
      case 'insert':
        return this.rows(node.source);
      default:
        return this.rows(node.input);
    }
  }

  joinRows(node: JoinNode, left: number, right: number): number {
    const sides = [outputIds(node.left), outputIds(node.right)];
    const selectivity = this.joinSelectivity(node.condition, left, right, sides);
    const inner = left * right * selectivity;
    switch (node.join) {
      case 'inner':
        return Math.max(1, inner);
      case 'left':
      case 'single':
        return Math.max(left, inner);
      case 'right':
        return Math.max(right, inner);
      case 'full':
        return Math.max(left, right, inner);
      case 'semi':
        return Math.max(1, Math.min(left, inner === 0 ? 0 : left * Math.min(1, right * selectivity)));
      case 'anti':
        return Math.max(1, left * Math.max(0.05, 1 - Math.min(1, right * selectivity)));
      case 'mark':
        return left;
    }
  }

  /** Selectivity of a join condition; see key-classes.ts for keys of several columns. */
  joinSelectivity(
    condition: Expr | null,
    left: number,
    right: number,
    sides: readonly ReadonlySet<ColumnId>[],
  ): number {
    const classes: KeyClass[] = [];
    let rest = 1;
    const ranges: Expr[] = [];
    for (const conjunct of conjunctsOf(condition)) {
      // Bounds on one column are guessed together.
      if (isRange(conjunct)) {
        ranges.push(conjunct);
        continue;
      }
      let s = this.selectivity.of(conjunct);
      // What an OR says about one side alone has narrowed that side already: it must not count again.
      if (conjunct.kind === 'or')
        for (const implied of orRestrictions([conjunct], sides))
          s = Math.min(1, s / this.selectivity.of(implied));
      if (
        conjunct.kind === 'call' &&
        conjunct.fn.operator?.btree === '=' &&
        !conjunct.args.some((arg) => isRowIndependent(arg))
      )
        addEquality(
          classes,
          conjunct.args.flatMap((arg) => (arg.kind === 'column' ? [arg.id] : [])),
          s,
        );
      else rest *= s;
    }
    rest *= this.selectivity.of(conjunction(ranges));
    if (classes.length === 0) return rest;
    const selectivities = classes.map((one) => one.selectivity);
    if (classes.length === 1) return (selectivities[0] as number) * rest;
    const [a, b] = sides.map((side) => combinationsOn(classes, side, this.selectivity));
    const keys = keySelectivity(selectivities, a ?? null, b ?? null);
    // One row of the larger side at the least meets its partner: keys cannot be rarer than that.
    const floor = 1 / Math.max(1, left, right);
    return Math.max(keys, Math.min(floor, ...selectivities)) * rest;
  }

  #groups(node: AggregateNode): number {
    const input = this.rows(node.input);
    if (node.groups.length === 0) return 1;
    const groups = this.#distinctRows(
      node.groups.map((g) => g.expr),
      input,
    );
    return groups * Math.max(1, node.sets.length);
  }

  #distinctRows(exprs: readonly Expr[], input: number): number {
    let groups = 1;
    for (const expr of exprs) groups *= this.selectivity.distinctOf(expr, input);
    const ids = exprs.flatMap((expr) => (expr.kind === 'column' ? [expr.id] : []));
    const known = ids.length === exprs.length && ids.length > 1 ? this.selectivity.combinations(ids) : null;
    return Math.max(1, Math.min(known ?? groups, groups, input));
  }

  #setOpRows(node: Extract<LogicalNode, { kind: 'setOp' }>): number {
    const rows = node.inputs.map((input) => this.rows(input));
    if (node.op === 'union') return rows.reduce((a, b) => a + b, 0) * (node.all ? 1 : 0.7);
    const first = rows[0] ?? 1;
    return Math.max(1, node.op === 'intersect' ? Math.min(...rows) / 2 : first / 2);
  }

  #functionRows(args: readonly Expr[]): number {
    const [from, to] = [constantNumber(args[0] ?? null), constantNumber(args[1] ?? null)];
    if (from === null || to === null) return FUNCTION_ROWS;
    return Math.max(1, Math.min(1e7, (to - from) / (constantNumber(args[2] ?? null) ?? 1) + 1));
  }
}

function isRange(expr: Expr): boolean {
  const role = expr.kind === 'call' ? expr.fn.operator?.btree : undefined;
  return role !== undefined && role !== '=';
}

function limitOf(count: Expr | null): number {
  if (count === null) return Number.POSITIVE_INFINITY;
  if (count.kind === 'const' && count.value === null) return Number.POSITIVE_INFINITY;
  return constantNumber(count) ?? LIMIT_ROWS;
}

export function constantNumber(expr: Expr | null): number | null {
  if (expr?.kind !== 'const') return null;
  if (typeof expr.value === 'number') return expr.value;
  return typeof expr.value === 'bigint' ? Number(expr.value) : null;
}
