/**
 * Which part of the rows a predicate lets through, as a guess between 0 and 1.
 *
 * Defaults are PostgreSQL's (selfuncs.h): equality 0.005, inequality one third, LIKE 0.005 .. , unknown one half.
 */
import type { ColumnId, Expr } from '../exec/expr.ts';
import type { ColumnOrigins } from './column-origins.ts';
import type { Statistics } from './env.ts';
import { conjunctsOf } from './predicates.ts';

const EQUAL = 0.005;
const RANGE = 1 / 3;
const BOTH_BOUNDS = 0.05;
const MATCH = 0.02;
const UNKNOWN = 0.5;

/** How PostgreSQL guesses the number of different values of a column nobody has analysed. */
const DISTINCT_DEFAULT = 200;

export class Selectivity {
  readonly #origins: ColumnOrigins;
  readonly #statistics: Statistics;

  constructor(origins: ColumnOrigins, statistics: Statistics) {
    this.#origins = origins;
    this.#statistics = statistics;
  }

  /** Number of different values of a column; at most its table's rows. */
  distinct(id: ColumnId): number | null {
    const origin = this.#origins.of(id);
    if (origin === undefined) return null;
    const { table, column } = origin;
    const rows = Math.max(1, this.#statistics.tableRows(table));
    if (column < 0 || column === table.rowIdColumn) return rows;
    const known = this.#statistics.column(table, column);
    if (known !== null) return Math.max(1, Math.min(known.distinct, rows));
    for (const index of table.indexes) {
      if (index.unique && index.keys.length === 1 && index.keys[0]?.column === column) return rows;
    }
    for (const c of table.constraints) {
      if (c.kind !== 'foreignKey' || c.columns.length !== 1 || c.columns[0] !== column) continue;
      return Math.max(1, Math.min(rows, rows / 5));
    }
    if (table.columns[column]?.type.name === 'bool') return Math.min(rows, 2);
    return Math.min(rows, Math.max(DISTINCT_DEFAULT, rows / 10));
  }

  /** Distinct values of an expression: a column's, or a guess. */
  distinctOf(expr: Expr, rows: number): number {
    if (expr.kind === 'column')
      return Math.min(this.distinct(expr.id) ?? Math.min(rows, DISTINCT_DEFAULT), rows);
    if (expr.kind === 'const' || expr.kind === 'param') return 1;
    return Math.max(1, Math.min(rows, DISTINCT_DEFAULT));
  }

  of(predicate: Expr | null): number {
    if (predicate === null) return 1;
    const conjuncts = conjunctsOf(predicate);
    let all = 1;
    const ranged = new Map<string, number>();
    for (const conjunct of conjuncts) {
      const column = rangeColumn(conjunct);
      if (column === null) {
        all *= this.#one(conjunct);
        continue;
      }
      const before = ranged.get(column) ?? 0;
      ranged.set(column, before + 1);
      all *= before === 0 ? RANGE : before === 1 ? BOTH_BOUNDS / RANGE : 0.9;
    }
    return Math.max(1e-9, Math.min(1, all));
  }

  #one(predicate: Expr): number {
    switch (predicate.kind) {
      case 'const':
        return predicate.value === true ? 1 : 0;
      case 'column':
      case 'param':
      case 'booleanTest':
        return UNKNOWN;
      case 'not':
        return Math.max(0.001, 1 - this.#one(predicate.arg));
      case 'or': {
        let none = 1;
        for (const arg of predicate.args) none *= 1 - this.of(arg);
        return 1 - none;
      }
      case 'and':
        return this.of(predicate);
      case 'isNull':
        return this.#isNull(predicate);
      case 'quantified':
        return this.#quantified(predicate);
      case 'call':
        return this.#call(predicate);
      default:
        return UNKNOWN;
    }
  }

  #isNull(predicate: Extract<Expr, { kind: 'isNull' }>): number {
    let fraction = EQUAL;
    if (predicate.arg.kind === 'column') {
      const origin = this.#origins.of(predicate.arg.id);
      if (origin !== undefined) {
        if (origin.table.columns[origin.column]?.notNull === true) fraction = 0;
        else fraction = this.#statistics.column(origin.table, origin.column)?.nullFraction ?? EQUAL;
      }
    }
    return predicate.negated ? 1 - fraction : fraction;
  }

  #quantified(predicate: Extract<Expr, { kind: 'quantified' }>): number {
    const count = predicate.list?.length ?? 10;
    const one = predicate.op.operator?.btree === '=' ? this.#equal(predicate.left, null) : RANGE;
    if (predicate.quantifier === 'any') return Math.min(1, one * count);
    return predicate.op.operator?.symbol === '<>'
      ? Math.max(0.01, 1 - this.#equal(predicate.left, null) * count)
      : one;
  }

  #call(call: Extract<Expr, { kind: 'call' }>): number {
    const [left, right] = call.args;
    const symbol = call.fn.operator?.symbol;
    if (left === undefined || right === undefined || symbol === undefined) return RANGE;
    switch (symbol) {
      case '=':
        return this.#equal(left, right);
      case '<>':
        return 1 - this.#equal(left, right);
      case '<':
      case '<=':
      case '>':
      case '>=':
        return RANGE;
      case '~~':
      case '~~*':
      case '~':
      case '~*':
        return MATCH;
      case '!~~':
      case '!~~*':
      case '!~':
      case '!~*':
        return 1 - MATCH;
      default:
        return RANGE;
    }
  }

  /** Equality with a constant (`right` null or constant), or of two columns. */
  #equal(left: Expr, right: Expr | null): number {
    const a = left.kind === 'column' ? this.distinct(left.id) : null;
    const b = right?.kind === 'column' ? this.distinct(right.id) : null;
    const distinct = Math.max(a ?? 0, b ?? 0);
    return distinct > 0 ? 1 / distinct : EQUAL;
  }
}

/** The column a one-sided range predicate is about, as a key; null when it is not one. */
function rangeColumn(expr: Expr): string | null {
  if (expr.kind !== 'call' || expr.args.length !== 2) return null;
  const role = expr.fn.operator?.btree;
  if (role === undefined || role === '=') return null;
  for (const arg of expr.args) if (arg.kind === 'column') return String(arg.id);
  return null;
}
