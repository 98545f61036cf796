/**
 * From conjuncts to key ranges of a tree: which leading key columns are fixed, which next column is bounded.
 *
 * I1  A range finds every row its conjuncts are true for. It may find more only where `exact` does not list the conjunct.
 * I2  Bounds are evaluated once per scan: no columns of the scan itself, nothing volatile, no subqueries but uncorrelated ones.
 * I3  A bound's type is the key column's, the integer types counting as one, text and varchar as another.
 */
import type { ColumnId, Expr } from '../exec/expr.ts';
import type { KeyBound, KeyPart, KeyRange } from '../exec/physical.ts';
import { Oid } from '../types/oids.ts';
import type { SqlType } from '../types/sql-type.ts';
import { paddedArray, paddedValue } from './char-keys.ts';
import { likePrefixRange } from './like-prefix.ts';
import { usedColumns } from './node-walk.ts';
import { isVolatile } from './predicates.ts';

/** One key column of the tree, as the scan's predicates name it. */
export interface KeyColumn {
  /** The scan's column; null when the scan does not output it (then nothing can match). */
  readonly id: ColumnId | null;
  /** For an expression key: its fingerprint is compared by `matches`. */
  readonly matches: ((expr: Expr) => boolean) | null;
  readonly type: SqlType;
  readonly typmod: number;
  readonly notNull: boolean;
}

export interface RangeMatch {
  readonly ranges: readonly KeyRange[];
  /** Conjuncts the ranges enforce fully: no filter needed. */
  readonly exact: ReadonlySet<Expr>;
  /** Conjuncts the ranges enforce at least in part. */
  readonly used: readonly Expr[];
  /** Leading key columns fixed to one value. */
  readonly equalPrefix: number;
}

/** What one conjunct says about one key column. */
interface Restriction {
  readonly conjunct: Expr;
  readonly exact: boolean;
  readonly part: KeyPart | null;
  readonly lower: KeyBound | null;
  readonly upper: KeyBound | null;
}

const integerOids = new Set([20, 21, 23]);
const textOids = new Set([25, 1043]);

/** Whether values of the two types compare and are stored alike. */
export function sameKeyType(a: SqlType, b: SqlType): boolean {
  return (
    a.oid === b.oid ||
    (integerOids.has(a.oid) && integerOids.has(b.oid)) ||
    (textOids.has(a.oid) && textOids.has(b.oid))
  );
}

/** A value as it is looked for among keys; null when it is not comparable with them as they are stored. */
export function keyValue(value: Expr, type: SqlType, typmod: number): Expr | null {
  if (!sameKeyType(value.type, type)) return null;
  return type.oid === Oid.bpchar ? paddedValue(value, typmod) : value;
}

/** The expression below casts that change neither value nor order (varchar to text). */
export function stripRelabel(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === 'call' && inner.args.length === 1) {
    const arg = inner.args[0] as Expr;
    if (!textOids.has(inner.type.oid) || !textOids.has(arg.type.oid) || inner.typmod !== -1) break;
    if (inner.fn.volatility !== 'immutable' || !relabelNames.has(inner.fn.name)) break;
    inner = arg;
  }
  return inner;
}
const relabelNames = new Set(['text', 'varchar']);

/** Ranges of a tree with these key columns for a conjunction; null when nothing restricts the first key column. */
export function matchRanges(
  keys: readonly KeyColumn[],
  conjuncts: readonly Expr[],
  own: ReadonlySet<ColumnId>,
): RangeMatch | null {
  const used: Expr[] = [];
  const exact = new Set<Expr>();
  const prefix: KeyPart[] = [];
  let equalPrefix = 0;
  let range: KeyRange['range'] = null;
  for (let k = 0; k < keys.length; k++) {
    const found = restrictionsOf(keys, k, conjuncts, own);
    const part = bestPart(found);
    if (part !== null) {
      prefix.push(part.part as KeyPart);
      used.push(part.conjunct);
      if (part.exact) exact.add(part.conjunct);
      if (equalPrefix === k && (part.part?.kind === 'equal' || part.part?.kind === 'isNull')) equalPrefix++;
      continue;
    }
    range = boundsOf(found, used, exact);
    break;
  }
  if (prefix.length === 0 && range === null) {
    const union = matchUnion(keys, conjuncts, own);
    return union;
  }
  return { ranges: [{ prefix, range }], exact, used, equalPrefix };
}

function bestPart(found: readonly Restriction[]): Restriction | null {
  const order = ['equal', 'isNull', 'in', 'inArray'];
  let best: Restriction | null = null;
  for (const r of found) {
    if (r.part === null) continue;
    if (best === null || order.indexOf(r.part.kind) < order.indexOf((best.part as KeyPart).kind)) best = r;
  }
  return best;
}

function boundsOf(found: readonly Restriction[], used: Expr[], exact: Set<Expr>): KeyRange['range'] {
  let lower: KeyBound | null = null;
  let upper: KeyBound | null = null;
  let any = false;
  for (const r of found) {
    const takesLower = r.lower !== null && lower === null;
    const takesUpper = r.upper !== null && upper === null;
    const isNotNullOnly = r.lower === null && r.upper === null && r.part === null;
    if (!takesLower && !takesUpper && !isNotNullOnly) continue;
    if ((r.lower !== null && !takesLower) || (r.upper !== null && !takesUpper)) continue;
    if (takesLower) lower = r.lower;
    if (takesUpper) upper = r.upper;
    any = true;
    used.push(r.conjunct);
    if (r.exact) exact.add(r.conjunct);
  }
  return any ? { lower, upper } : null;
}

/** `a = 1 OR a > 10 AND a < 20`: one range an arm, if every arm restricts the first key column. */
function matchUnion(
  keys: readonly KeyColumn[],
  conjuncts: readonly Expr[],
  own: ReadonlySet<ColumnId>,
): RangeMatch | null {
  for (const conjunct of conjuncts) {
    if (conjunct.kind !== 'or' || conjunct.args.length > 100) continue;
    const ranges: KeyRange[] = [];
    let isExact = true;
    for (const arm of conjunct.args) {
      const armConjuncts = arm.kind === 'and' ? arm.args : [arm];
      const match = matchRanges(keys, armConjuncts, own);
      if (match === null) return null;
      ranges.push(...match.ranges);
      isExact &&= armConjuncts.every((c) => match.exact.has(c));
    }
    return { ranges, exact: new Set(isExact ? [conjunct] : []), used: [conjunct], equalPrefix: 0 };
  }
  return null;
}

function restrictionsOf(
  keys: readonly KeyColumn[],
  at: number,
  conjuncts: readonly Expr[],
  own: ReadonlySet<ColumnId>,
): Restriction[] {
  const found: Restriction[] = [];
  for (const conjunct of conjuncts) {
    const r = restrict(keys, at, conjunct, own);
    if (r !== null) found.push(r);
  }
  return found;
}

const isKey = (key: KeyColumn, expr: Expr): boolean => {
  const inner = stripRelabel(expr);
  if (inner.kind === 'column') return key.id !== null && inner.id === key.id;
  return key.matches?.(inner) ?? false;
};

/** Whether an expression may serve as a bound of a scan with these columns (I2). */
export function isBound(expr: Expr, own: ReadonlySet<ColumnId>): boolean {
  for (const id of usedColumns(expr)) if (own.has(id)) return false;
  return !isVolatile(expr) && !containsUnbindable(expr);
}

function containsUnbindable(expr: Expr): boolean {
  if (expr.kind === 'caseTest' || expr.kind === 'context' || expr.kind === 'subquery') return true;
  if (expr.kind === 'call') return expr.args.some(containsUnbindable);
  return false;
}

function restrict(
  keys: readonly KeyColumn[],
  at: number,
  conjunct: Expr,
  own: ReadonlySet<ColumnId>,
): Restriction | null {
  const key = keys[at] as KeyColumn;
  const make = (
    part: KeyPart | null,
    lower: KeyBound | null = null,
    upper: KeyBound | null = null,
    exact = true,
  ) => ({
    conjunct,
    exact,
    part,
    lower,
    upper,
  });
  switch (conjunct.kind) {
    case 'call':
      return restrictByCall(key, conjunct, own, make);
    case 'column':
      if (!isKey(key, conjunct)) return null;
      return make({ kind: 'equal', expr: { ...conjunct, kind: 'const', value: true } });
    case 'not':
      if (conjunct.arg.kind !== 'column' || !isKey(key, conjunct.arg)) return null;
      return make({ kind: 'equal', expr: { ...conjunct.arg, kind: 'const', value: false } });
    case 'isNull':
      if (conjunct.isRow || !isKey(key, conjunct.arg)) return null;
      return make(conjunct.negated ? null : { kind: 'isNull' });
    case 'quantified': {
      if (conjunct.quantifier !== 'any' || conjunct.op.operator?.btree !== '=' || !isKey(key, conjunct.left))
        return null;
      const { list, array } = conjunct;
      if (list !== null) {
        const values = list.map((e) => (isBound(e, own) ? keyValue(e, key.type, key.typmod) : null));
        return values.every((e) => e !== null) ? make({ kind: 'in', list: values }) : null;
      }
      const element = array?.type.elementType ?? null;
      if (array === null || element === null || !isBound(array, own) || !sameKeyType(element, key.type))
        return null;
      const values = key.type.oid === Oid.bpchar ? paddedArray(array, key.typmod) : array;
      return values === null ? null : make({ kind: 'inArray', array: values });
    }
    case 'rowCompare':
      return restrictByRow(keys, at, conjunct, own, make);
    default:
      return null;
  }
}

type Maker = (
  part: KeyPart | null,
  lower?: KeyBound | null,
  upper?: KeyBound | null,
  exact?: boolean,
) => Restriction;

function restrictByCall(
  key: KeyColumn,
  call: Extract<Expr, { kind: 'call' }>,
  own: ReadonlySet<ColumnId>,
  make: Maker,
): Restriction | null {
  const [a, b] = call.args;
  if (a === undefined || b === undefined || call.args.length !== 2) return null;
  const operator = call.fn.operator;
  if (operator === undefined) return null;
  if (operator.symbol === '~~' && isKey(key, a)) {
    const range = likePrefixRange(b, key.type);
    if (range === null) return null;
    if (range.isWhole) return make({ kind: 'equal', expr: range.lower });
    const upper = range.upper === null ? null : { exprs: [range.upper], inclusive: false };
    return make(null, { exprs: [range.lower], inclusive: true }, upper, false);
  }
  if (operator.btree === undefined) return null;
  const isLeft = isKey(key, a);
  if (!isLeft && !isKey(key, b)) return null;
  const other = isLeft ? b : a;
  const value = isBound(other, own) ? keyValue(other, key.type, key.typmod) : null;
  if (value === null) return null;
  const bound = (inclusive: boolean): KeyBound => ({ exprs: [value], inclusive });
  const role = isLeft ? operator.btree : mirrored[operator.btree];
  switch (role) {
    case '=':
      return make({ kind: 'equal', expr: value });
    case '<':
    case '<=':
      return make(null, null, bound(role === '<='));
    case '>':
    case '>=':
      return make(null, bound(role === '>='), null);
  }
}

const mirrored = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/** `(a, b) > (x, y)` where a, b are the key columns from `at` on. */
function restrictByRow(
  keys: readonly KeyColumn[],
  at: number,
  row: Extract<Expr, { kind: 'rowCompare' }>,
  own: ReadonlySet<ColumnId>,
  make: Maker,
): Restriction | null {
  if (row.op === '=' || row.op === '<>') return null;
  const exprs: Expr[] = [];
  while (exprs.length < row.left.length) {
    const fields = exprs.length;
    const key = keys[at + fields];
    const other = row.right[fields] as Expr;
    // A NULL key below the first decides nothing in SQL but sorts somewhere in the tree: only NOT NULL columns go further.
    if (key === undefined || !key.notNull || !isKey(key, row.left[fields] as Expr)) break;
    const value = isBound(other, own) ? keyValue(other, key.type, key.typmod) : null;
    if (value === null) break;
    exprs.push(value);
  }
  if (exprs.length === 0) return null;
  const whole = exprs.length === row.left.length;
  const isInclusive = !whole || row.op === '<=' || row.op === '>=';
  const bound: KeyBound = { exprs, inclusive: isInclusive };
  const isUpper = row.op === '<' || row.op === '<=';
  return make(null, isUpper ? null : bound, isUpper ? bound : null, whole);
}
