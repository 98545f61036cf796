/**
 * Which part of the rows a predicate lets through, as a guess between 0 and 1.
 *
 * Defaults are PostgreSQL's (selfuncs.h): equality 0.005, inequality one third, LIKE 0.005 .. , unknown one half.
 */
import type { TableDef } from '../catalog/schema.ts';
import { parseLike } from '../exec/compile/like.ts';
import type { ColumnId, Expr } from '../exec/expr.ts';
import type { TextMatch } from '../exec/physical.ts';
import { isItemMatch } from '../exec/storage/item-search.ts';
import { isSearchable } from '../exec/storage/search-stores.ts';
import { isLike, isLikeIgnoringCase } from '../functions/like.ts';
import type { Datum } from '../types/vector.ts';
import type { ColumnOrigins } from './column-origins.ts';
import { itemMatchOf } from './emit/item-condition.ts';
import type { ColumnStatistics, Statistics } from './env.ts';
import { likePrefixRange } from './like-prefix.ts';
import { constantsOnly, type ParamPeek, type ValueOf } from './peek.ts';
import { conjunctsOf, sameExpr } from './predicates.ts';
import { sameKeyType } from './ranges.ts';

const EQUAL = 0.005;
const RANGE = 1 / 3;
const BOTH_BOUNDS = 0.05;
const MATCH = 0.02;
/** Of texts of a line: those with a certain letter, with a certain two. */
const MATCH_OF_ONE = 0.25;
const MATCH_OF_TWO = 0.05;
/** So many values of a sample say as much as the guess. */
const GUESS_WEIGHT = 16;
const UNKNOWN = 0.5;

/** How PostgreSQL guesses the number of different values of a column nobody has analysed. */
const DISTINCT_DEFAULT = 200;

export class Selectivity {
  readonly #origins: ColumnOrigins;
  readonly #statistics: Statistics;
  readonly #peek: ParamPeek | null;

  constructor(origins: ColumnOrigins, statistics: Statistics, peek: ParamPeek | null = null) {
    this.#origins = origins;
    this.#statistics = statistics;
    this.#peek = peek;
  }

  /** The share of rows a guess comes to; noted where it looks at parameters. */
  #guess(id: ColumnId, role: string, values: readonly Expr[], share: (valueOf: ValueOf) => number): number {
    return this.#peek === null ? share(constantsOnly) : this.#peek.note(`${id} ${role}`, values, share);
  }

  #isKnown(value: Expr): boolean {
    return (this.#peek?.valueOf ?? constantsOnly)(value) !== undefined;
  }

  /** Number of different values of a column; at most its table's rows. */
  distinct(id: ColumnId): number | null {
    const origin = this.#origins.of(id);
    if (origin === undefined) return null;
    const { table, column } = origin;
    const rows = Math.max(1, this.#statistics.tableRows(table));
    if (column < 0 || column === table.rowIdColumn) return rows;
    for (const index of table.indexes) {
      if (index.unique && index.keys.length === 1 && index.keys[0]?.column === column) return rows;
    }
    const known = this.#statistics.column(table, column);
    if (known !== null) return Math.max(1, Math.min(known.distinct, rows));
    if (table.columns[column]?.type.name === 'bool') return Math.min(rows, 2);
    return Math.min(rows, Math.max(DISTINCT_DEFAULT, rows / 10));
  }

  /** Whether a column with that many different values has no value twice. */
  #isUnique(id: ColumnId, distinct: number | null): boolean {
    const origin = this.#origins.of(id);
    return origin !== undefined && distinct !== null && distinct >= this.#statistics.tableRows(origin.table);
  }

  /** Distinct values of an expression: a column's, or a guess. */
  distinctOf(expr: Expr, rows: number): number {
    if (expr.kind === 'column')
      return Math.min(this.distinct(expr.id) ?? Math.min(rows, DISTINCT_DEFAULT), rows);
    if (expr.kind === 'const' || expr.kind === 'param') return 1;
    return Math.max(1, Math.min(rows, DISTINCT_DEFAULT));
  }

  /** Different combinations of columns of one table; null when they are not of one, or no index begins with them. */
  combinations(ids: readonly ColumnId[]): number | null {
    let table: TableDef | null = null;
    const columns = new Set<number>();
    for (const id of ids) {
      const origin = this.#origins.of(id);
      if (origin === undefined || (table !== null && table !== origin.table)) return null;
      table = origin.table;
      columns.add(origin.column);
    }
    return table === null || columns.size < 2 ? null : this.#combinationsIn(table, columns);
  }

  /** The table a column is read from, as it is. */
  tableOf(id: ColumnId): TableDef | null {
    return this.#origins.of(id)?.table ?? null;
  }

  /** In any order. */
  #combinationsIn(table: TableDef, columns: ReadonlySet<number>): number | null {
    for (const index of table.indexes) {
      if (index.method !== 'btree' || index.predicateSql !== null || index.keys.length < columns.size)
        continue;
      const first = index.keys.slice(0, columns.size);
      if (!first.every((key) => columns.has(key.column))) continue;
      return this.#statistics.prefixDistinct?.(table, index, columns.size) ?? null;
    }
    return null;
  }

  of(predicate: Expr | null): number {
    if (predicate === null) return 1;
    let all = 1;
    const ranged = new Map<ColumnId, RangePart[]>();
    for (const conjunct of conjunctsOf(predicate)) {
      const part = rangePart(conjunct);
      if (part === null) {
        all *= this.#one(conjunct);
        continue;
      }
      const parts = ranged.get(part.id);
      if (parts === undefined) ranged.set(part.id, [part]);
      else parts.push(part);
    }
    for (const parts of ranged.values()) all *= this.#range(parts);
    return Math.max(1e-9, Math.min(1, all));
  }

  /** All bounds on one column together. */
  #range(parts: readonly RangePart[]): number {
    const statistics = this.#statisticsOf(parts[0]?.id as ColumnId, parts[0]?.value as Expr);
    if (
      statistics !== null &&
      statistics.quantiles.length > 1 &&
      parts.every((p) => this.#isKnown(p.value))
    ) {
      const role = parts.map((p) => (p.isLower ? '>' : '<')).join('');
      const values = parts.map((p) => p.value);
      return this.#guess(parts[0]?.id as ColumnId, role, values, (valueOf) =>
        shareBetween(statistics, parts, valueOf),
      );
    }
    const width = statistics === null ? null : shareOfWidth(statistics, parts);
    if (width !== null) return width;
    let guess = 1;
    parts.forEach((_, i) => {
      guess *= i === 0 ? RANGE : i === 1 ? BOTH_BOUNDS / RANGE : 0.9;
    });
    return guess;
  }

  /** Statistics of a column that constants like `value` can be compared with; null when there are none. */
  #statisticsOf(id: ColumnId, value: Expr): ColumnStatistics | null {
    const origin = this.#origins.of(id);
    const type = origin?.table.columns[origin.column]?.type;
    if (origin === undefined || type === undefined || !sameKeyType(type, value.type)) return null;
    return this.#statistics.column(origin.table, origin.column);
  }

  #one(predicate: Expr): number {
    switch (predicate.kind) {
      case 'const':
        return predicate.value === true ? 1 : 0;
      case 'column':
      case 'param':
        return UNKNOWN;
      case 'booleanTest': {
        if (predicate.test !== 'true') return UNKNOWN;
        const part = this.#one(predicate.arg);
        return predicate.negated ? Math.max(0.001, 1 - part) : part;
      }
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
    const { list, left } = predicate;
    const isEquality = predicate.op.operator?.btree === '=';
    if (predicate.quantifier === 'any') {
      if (!isEquality) return RANGE;
      if (list === null) return Math.min(1, this.#equal(left, null) * 10);
      return Math.min(
        1,
        list.reduce((sum, item) => sum + this.#equal(left, item), 0),
      );
    }
    if (predicate.op.operator?.symbol !== '<>') return RANGE;
    return Math.max(0.01, 1 - this.#equal(left, null) * (list?.length ?? 10));
  }

  #call(call: Extract<Expr, { kind: 'call' }>): number {
    const [left, right] = call.args;
    const symbol = call.fn.operator?.symbol;
    if (left === undefined || right === undefined || symbol === undefined) return RANGE;
    const items = itemMatchOf(symbol, left.type);
    const counted = items === null ? null : this.#counted(left, items, right);
    if (counted !== null) return counted;
    if (items !== null && symbol !== '=') return MATCH;
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
        return this.#counted(left, 'like', right) ?? this.#like(left, right);
      case '~~*':
        return this.#counted(left, 'like', right) ?? this.#matching(left, right, isLikeIgnoringCase);
      case '~':
        return this.#counted(left, 'regex', right) ?? MATCH;
      case '~*':
        return this.#counted(left, 'regexIgnoringCase', right) ?? MATCH;
      case '@@':
      case '@@@':
        return this.#counted(left, 'query', right) ?? this.#counted(right, 'query', left) ?? MATCH;
      case '!~~':
      case '!~~*':
        return 1 - matchShare(right);
      case '!~':
      case '!~*':
        return 1 - MATCH;
      default:
        return RANGE;
    }
  }

  /** What a search index of the column counts for a pattern; null when there is none, or it cannot tell. */
  #counted(left: Expr, match: TextMatch, pattern: Expr): number | null {
    const origin = left.kind === 'column' && pattern.kind === 'const' ? this.#origins.of(left.id) : undefined;
    if (origin === undefined) return null;
    const { table, column } = origin;
    const methods = isItemMatch(match) ? ['gin'] : match === 'query' ? ['fulltext', 'gin'] : ['trigram'];
    for (const index of table.indexes) {
      if (!methods.includes(index.method) || index.predicateSql !== null || !isSearchable(index)) continue;
      const key = index.keys.findIndex((one) => one.column === column);
      if (key < 0) continue;
      const rows =
        this.#statistics.trigramRows?.(table, { kind: 'match', index, key, match, pattern }) ?? null;
      if (rows === null || !Number.isFinite(rows)) continue;
      return Math.min(1, rows / Math.max(1, this.#statistics.tableRows(table)));
    }
    return null;
  }

  #like(left: Expr, pattern: Expr): number {
    const range = left.kind === 'column' ? likePrefixRange(pattern, left.type) : null;
    if (range === null || left.kind !== 'column') return this.#matching(left, pattern, isLike);
    if (range.isWhole) return this.#equal(left, range.lower);
    const lower: RangePart = { id: left.id, isLower: true, value: range.lower };
    const upper: RangePart[] =
      range.upper === null ? [] : [{ id: left.id, isLower: false, value: range.upper }];
    return Math.min(this.#range([lower, ...upper]), RANGE);
  }

  /** What a pattern is guessed to match, and what it does match of a sample of the column's values, taken together. */
  #matching(left: Expr, pattern: Expr, matches: (text: string, pattern: string) => boolean): number {
    const guess = matchShare(pattern);
    const value = pattern.kind === 'const' ? pattern.value : null;
    const origin = left.kind === 'column' ? this.#origins.of(left.id) : undefined;
    if (origin === undefined || origin.column < 0 || typeof value !== 'string') return guess;
    // A pattern that ends in an escape is an error for a text that gets as far, not for the plan.
    if (parseLike(value) === null) return guess;
    const statistics = this.#statistics.column(origin.table, origin.column);
    if (statistics === null) return guess;
    let hits = 0;
    for (const text of statistics.quantiles) if (typeof text === 'string' && matches(text, value)) hits++;
    const present = (guess * GUESS_WEIGHT + hits) / (GUESS_WEIGHT + statistics.quantiles.length);
    return present * (1 - statistics.nullFraction);
  }

  /** Equality with a constant or parameter (null: of unknown value), or of two columns. */
  #equal(left: Expr, right: Expr | null): number {
    if (left.kind !== 'column' && right?.kind === 'column') return this.#equal(right, left);
    const a = left.kind === 'column' ? this.distinct(left.id) : null;
    const b = right?.kind === 'column' ? this.distinct(right.id) : null;
    if (left.kind === 'column' && right !== null && this.#isKnown(right) && !this.#isUnique(left.id, a)) {
      const statistics = this.#statisticsOf(left.id, right);
      if (statistics !== null && statistics.common.length > 0)
        return this.#guess(left.id, '=', [right], (valueOf) =>
          shareEqual(statistics, valueOf(right) as Datum),
        );
    }
    if (left.kind === 'column' && right?.kind === 'column') {
      const meeting = this.#meetings(left.id, right.id);
      if (meeting !== null) return meeting;
    }
    const distinct = Math.max(a ?? 0, b ?? 0);
    return distinct > 0 ? 1 / distinct : EQUAL;
  }

  /** Share of the pairs of two columns' values that are equal, where values are common on either side; null: nothing says so. */
  #meetings(left: ColumnId, right: ColumnId): number | null {
    const [one, other] = [this.#valuesOf(left), this.#valuesOf(right)];
    if (one === null || other === null || one.type !== other.type) return null;
    const [a, b] = [one.statistics, other.statistics];
    return a.common.length + b.common.length === 0 ? null : shareMeeting(a, b);
  }

  /** What is known of a column in which values come more than once. */
  #valuesOf(id: ColumnId): { readonly type: string; readonly statistics: ColumnStatistics } | null {
    const origin = this.#origins.of(id);
    if (origin === undefined || origin.column < 0 || this.#isUnique(id, this.distinct(id))) return null;
    const { table, column } = origin;
    const statistics = this.#statistics.column(table, column);
    const type = table.columns[column]?.type.name;
    return statistics === null || type === undefined ? null : { type, statistics };
  }
}

/** One bound on a column. */
interface RangePart {
  readonly id: ColumnId;
  readonly isLower: boolean;
  readonly value: Expr;
}

/** The bound a one-sided range predicate sets; null when it is none. */
function rangePart(expr: Expr): RangePart | null {
  if (expr.kind !== 'call' || expr.args.length !== 2) return null;
  const role = expr.fn.operator?.btree;
  if (role === undefined || role === '=') return null;
  const [a, b] = expr.args as readonly [Expr, Expr];
  const isGreater = role === '>' || role === '>=';
  if (a.kind === 'column') return { id: a.id, isLower: isGreater, value: b };
  return b.kind === 'column' ? { id: b.id, isLower: !isGreater, value: a } : null;
}

/** Share of the rows with a value, which is common or one of the rest. */
function shareEqual(statistics: ColumnStatistics, value: Datum): number {
  if (value !== null) {
    const known = statistics.common.find((c) => statistics.compare(c.value, value) === 0);
    if (known !== undefined) return known.fraction;
  }
  const rest = statistics.common.reduce((sum, c) => sum - c.fraction, 1 - statistics.nullFraction);
  return Math.max(1e-6, rest / Math.max(1, statistics.distinct - statistics.common.length));
}

/**
 * Share of the pairs of two columns' values that are equal: common values meet each other as often as they come, and where the other
 * side has them among its rare ones, as often as one of those; rare values meet as those of two even columns do.
 */
function shareMeeting(a: ColumnStatistics, b: ColumnStatistics): number {
  let both = 0;
  let [commonOfA, commonOfB] = [0, 0];
  for (const one of a.common) commonOfA += one.fraction;
  for (const other of b.common) commonOfB += other.fraction;
  const [rareOfA, rareOfB] = [1 - a.nullFraction - commonOfA, 1 - b.nullFraction - commonOfB];
  for (const one of a.common) {
    const other = b.common.find((c) => a.compare(one.value, c.value) === 0);
    if (other === undefined) continue;
    both += one.fraction * other.fraction;
    commonOfA -= one.fraction;
    commonOfB -= other.fraction;
  }
  const [manyOfA, manyOfB] = [a, b].map((one) => Math.max(1, one.distinct - one.common.length)) as [
    number,
    number,
  ];
  const mixed = (commonOfA * rareOfB) / manyOfB + (commonOfB * rareOfA) / manyOfA;
  const rare = (rareOfA * rareOfB) / Math.max(manyOfA, manyOfB);
  return Math.min(1, Math.max(1e-9, both + mixed + rare));
}

/** Share of the rows within all bounds on a column. */
function shareBetween(statistics: ColumnStatistics, parts: readonly RangePart[], valueOf: ValueOf): number {
  let low = 0;
  let high = 1;
  for (const { isLower, value } of parts) {
    const place = placeOf(statistics, valueOf(value) ?? null);
    if (isLower) low = Math.max(low, place);
    else high = Math.min(high, place);
  }
  const least = 1 / Math.max(1, statistics.distinct);
  return Math.max(high - low, Math.min(least, 0.001)) * (1 - statistics.nullFraction);
}

/** Share of the rows within bounds that are known by their distance alone: `BETWEEN x AND x + 10`, whatever x is. */
function shareOfWidth(statistics: ColumnStatistics, parts: readonly RangePart[]): number | null {
  const [a, b] = parts;
  if (parts.length !== 2 || a === undefined || b === undefined || a.isLower === b.isLower) return null;
  const [lower, upper] = a.isLower ? [a, b] : [b, a];
  const [from, to] = [shiftOf(lower.value), shiftOf(upper.value)];
  const { quantiles, distinct, nullFraction } = statistics;
  const [least, most] = [quantiles[0], quantiles.at(-1)];
  if (from === null || to === null || !sameExpr(from.base, to.base)) return null;
  if (typeof least !== 'number' || typeof most !== 'number' || most <= least) return null;
  const share = (to.by - from.by) / (most - least);
  // NaN among the values, or infinite distances.
  if (Number.isNaN(share)) return null;
  return Math.min(1, Math.max(share, 1 / Math.max(1, distinct))) * (1 - nullFraction);
}

/** An expression as another one and a constant added to it. */
function shiftOf(expr: Expr): { readonly base: Expr; readonly by: number } | null {
  const symbol = expr.kind === 'call' ? expr.fn.operator?.symbol : undefined;
  if (expr.kind !== 'call' || (symbol !== '+' && symbol !== '-')) return { base: expr, by: 0 };
  const [base, by] = expr.args;
  if (base === undefined || by?.kind !== 'const' || typeof by.value !== 'number') return null;
  return { base, by: symbol === '+' ? by.value : -by.value };
}

/** Share of the values below `value`, from the quantiles, between their places by halves. */
function placeOf(statistics: ColumnStatistics, value: Datum): number {
  const { quantiles, compare } = statistics;
  if (value === null) return 0;
  let low = 0;
  let high = quantiles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(quantiles[middle] as Datum, value) < 0) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  if (low === quantiles.length) return 1;
  return (low - 0.5) / (quantiles.length - 1);
}

/** The share of texts a LIKE pattern is guessed to match: a letter or two anywhere are in many. */
function matchShare(pattern: Expr): number {
  const value = pattern.kind === 'const' ? pattern.value : null;
  if (typeof value !== 'string' || !/^%.*%$|^%$/s.test(value) || value.includes('\\')) return MATCH;
  const letters = value.replace(/[%_]/g, '').length;
  return letters === 0 ? 1 : letters === 1 ? MATCH_OF_ONE : letters === 2 ? MATCH_OF_TWO : MATCH;
}
