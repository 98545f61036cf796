/**
 * Which values of one column an expression lets through: what contradictions between a filter and a partition's bounds are seen by.
 *
 * I1  Every answer may hold more than is true, never less: an expression that says nothing of the column lets everything through.
 */
import type { ColumnId, ConstExpr, Expr } from '../exec/expr.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { sameKeyType, stripRelabel } from './ranges.ts';

interface Interval {
  /** Null: open to that side. */
  readonly low: Datum;
  readonly isLowIn: boolean;
  readonly high: Datum;
  readonly isHighIn: boolean;
}

export interface ColumnValues {
  readonly intervals: readonly Interval[];
  readonly hasNull: boolean;
}

const WHOLE: Interval = { low: null, isLowIn: false, high: null, isHighIn: false };
const ALL: ColumnValues = { intervals: [WHOLE], hasNull: true };
const NOT_NULL: ColumnValues = { intervals: [WHOLE], hasNull: false };
const NONE: ColumnValues = { intervals: [], hasNull: false };
const NULL_ALONE: ColumnValues = { intervals: [], hasNull: true };
/** More pieces than that are not worth the time. */
const INTERVALS_MAX = 1000;

/** The column looked at: as the expression knows it, and its type. */
export interface LookedAt {
  readonly id: ColumnId;
  readonly type: SqlType;
}

/** The values for which the expression is true. */
export function valuesWhereTrue(expr: Expr, column: LookedAt): ColumnValues {
  return valuesWhere(expr, column, true);
}

/** Those for which it is false; where it is NULL it is neither. */
export function valuesWhereFalse(expr: Expr, column: LookedAt): ColumnValues {
  return valuesWhere(expr, column, false);
}

export function areNone(values: ColumnValues): boolean {
  return values.intervals.length === 0 && !values.hasNull;
}

/** The values one by one, NULL among them; null when they are not told so. */
export function pointsOf(values: ColumnValues, countMax: number): readonly Datum[] | null {
  if (values.intervals.length > countMax) return null;
  const points: Datum[] = values.hasNull ? [null] : [];
  for (const { low, high, isLowIn, isHighIn } of values.intervals) {
    if (low === null || low !== high || !isLowIn || !isHighIn) return null;
    points.push(low);
  }
  return points;
}

export function both(a: ColumnValues, b: ColumnValues, type: SqlType): ColumnValues {
  if (a === ALL) return b;
  if (b === ALL) return a;
  const intervals: Interval[] = [];
  for (const one of a.intervals)
    for (const other of b.intervals) {
      const common = overlap(one, other, type);
      if (common !== null) intervals.push(common);
    }
  const hasNull = a.hasNull && b.hasNull;
  return intervals.length > INTERVALS_MAX ? { intervals: [WHOLE], hasNull } : { intervals, hasNull };
}

function either(a: ColumnValues, b: ColumnValues): ColumnValues {
  if (a === ALL || b === ALL) return ALL;
  const hasNull = a.hasNull || b.hasNull;
  const intervals = [...a.intervals, ...b.intervals];
  return intervals.length > INTERVALS_MAX ? { intervals: [WHOLE], hasNull } : { intervals, hasNull };
}

function valuesWhere(expr: Expr, column: LookedAt, wanted: boolean): ColumnValues {
  switch (expr.kind) {
    case 'const':
      return expr.value === wanted ? ALL : NONE;
    case 'not':
      return valuesWhere(expr.arg, column, !wanted);
    case 'and':
    case 'or': {
      const parts = expr.args.map((arg) => valuesWhere(arg, column, wanted));
      const isMeet = (expr.kind === 'and') === wanted;
      return parts.reduce((a, b) => (isMeet ? both(a, b, column.type) : either(a, b)));
    }
    case 'isNull':
      if (!isColumn(expr.arg, column) || expr.isRow) return ALL;
      return expr.negated === wanted ? NOT_NULL : NULL_ALONE;
    case 'call':
      return compared(expr, column, wanted);
    case 'quantified':
      return amongList(expr, column, wanted);
    default:
      return ALL;
  }
}

function isColumn(expr: Expr, column: LookedAt): boolean {
  const inner = stripRelabel(expr);
  return inner.kind === 'column' && inner.id === column.id;
}

function isComparable(expr: Expr | undefined, column: LookedAt): expr is ConstExpr {
  return expr?.kind === 'const' && sameKeyType(expr.type, column.type);
}

const SYMBOLS: ReadonlySet<string> = new Set(['=', '<', '<=', '>', '>=', '<>']);
const TURNED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const OPPOSITE: Readonly<Record<string, string>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

function compared(expr: Extract<Expr, { kind: 'call' }>, column: LookedAt, wanted: boolean): ColumnValues {
  const symbol = expr.fn.operator?.symbol;
  const [left, right] = expr.args;
  if (symbol === undefined || !SYMBOLS.has(symbol) || left === undefined) return ALL;
  if (isColumn(left, column) && isComparable(right, column)) return beside(symbol, right.value, wanted);
  if (right !== undefined && isColumn(right, column) && isComparable(left, column))
    return beside(TURNED[symbol] ?? symbol, left.value, wanted);
  return ALL;
}

/** A comparison with NULL is neither true nor false. */
function beside(symbol: string, value: Datum, wanted: boolean): ColumnValues {
  if (value === null) return NONE;
  const below = (isHighIn: boolean): Interval => ({ ...WHOLE, high: value, isHighIn });
  const above = (isLowIn: boolean): Interval => ({ ...WHOLE, low: value, isLowIn });
  const some = (...intervals: Interval[]): ColumnValues => ({ intervals, hasNull: false });
  switch (wanted ? symbol : OPPOSITE[symbol]) {
    case '=':
      return some({ low: value, isLowIn: true, high: value, isHighIn: true });
    case '<>':
      return some(below(false), above(false));
    case '<':
      return some(below(false));
    case '<=':
      return some(below(true));
    case '>':
      return some(above(false));
    default:
      return some(above(true));
  }
}

function amongList(
  expr: Extract<Expr, { kind: 'quantified' }>,
  column: LookedAt,
  wanted: boolean,
): ColumnValues {
  const symbol = expr.op.operator?.symbol;
  const { list } = expr;
  if (symbol === undefined || !SYMBOLS.has(symbol) || list === null || !isColumn(expr.left, column))
    return ALL;
  const isMeet = (expr.quantifier === 'all') === wanted;
  let found: ColumnValues | null = null;
  for (const item of list) {
    if (!isComparable(item, column)) return ALL;
    const one = beside(symbol, item.value, wanted);
    found = found === null ? one : isMeet ? both(found, one, column.type) : either(found, one);
  }
  return found ?? ALL;
}

function overlap(a: Interval, b: Interval, type: SqlType): Interval | null {
  const low = a.low === null ? -1 : b.low === null ? 1 : order(a.low, b.low, type);
  const high = a.high === null ? 1 : b.high === null ? -1 : order(a.high, b.high, type);
  const from = low > 0 ? a : low < 0 ? b : { ...a, isLowIn: a.isLowIn && b.isLowIn };
  const to = high < 0 ? a : high > 0 ? b : { ...a, isHighIn: a.isHighIn && b.isHighIn };
  const lowest = a.low === null ? b : from;
  const highest = a.high === null ? b : to;
  const made: Interval = {
    low: lowest.low,
    isLowIn: lowest.isLowIn,
    high: highest.high,
    isHighIn: highest.isHighIn,
  };
  if (made.low === null || made.high === null) return made;
  const width = order(made.low, made.high, type);
  return width < 0 || (width === 0 && made.isLowIn && made.isHighIn) ? made : null;
}

function order(a: Exclude<Datum, null>, b: Exclude<Datum, null>, type: SqlType): number {
  const isNumber = (value: Datum): value is number | bigint =>
    typeof value === 'number' || typeof value === 'bigint';
  // Integers of different widths are numbers of different kinds in memory.
  if (isNumber(a) && isNumber(b) && typeof a !== typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return type.compare(a, b);
}
