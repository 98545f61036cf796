/**
 * Ranges of a plan to ranges of a tree: bounds evaluated, lists expanded, sorted in tree order, overlaps joined.
 *
 * A *bound* is a place between rows: before (side -1) or after (side 1) all keys that begin with `key`.
 *
 * I1  The resulting ranges are disjoint and ascending, so no row is read twice.
 * I2  "Lower" and "upper" of a plan are values; a descending column swaps them.
 */

import { compareKeys } from '../../tree/key-order.ts';
import type { KeyRange as TreeRange } from '../../tree/tree-cursor.ts';
import type { SqlArray } from '../../types/array.ts';
import { datumList } from '../../types/datum-list.ts';
import type { ColumnSpec, Datum } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import type { Expr, KeyPart, KeyRange } from '../physical.ts';

interface BoundKey {
  readonly key: readonly Datum[];
  readonly side: -1 | 1;
}
interface Span {
  readonly low: BoundKey;
  readonly high: BoundKey;
}

function valueOf(expr: Expr, context: ExecContext): Datum {
  return evaluatorOf(expr)(emptyRow, 0, context);
}

/** The ranges to read, ascending; empty when nothing can match. */
export function treeRanges(
  ranges: readonly KeyRange[],
  specs: readonly ColumnSpec[],
  context: ExecContext,
): TreeRange[] {
  const spans: Span[] = [];
  for (const range of ranges) {
    for (const prefix of prefixesOf(range.prefix, context)) {
      const span = spanOf(range, prefix, specs, context);
      if (span !== null) spans.push(span);
    }
  }
  return joined(spans, specs).map(toTreeRange);
}

/** Every combination of values the prefix allows. */
function prefixesOf(parts: readonly KeyPart[], context: ExecContext): (readonly Datum[])[] {
  const only = onlyPrefix(parts, context);
  if (only !== undefined) return only === null ? [] : [only];
  let prefixes: (readonly Datum[])[] = [[]];
  for (const part of parts) {
    const values = partValues(part, context);
    prefixes = prefixes.flatMap((prefix) => values.map((value) => [...prefix, value]));
  }
  return prefixes;
}

/** The one prefix of parts that have one value each; null: a NULL, which nothing equals; undefined: there may be several. */
function onlyPrefix(parts: readonly KeyPart[], context: ExecContext): readonly Datum[] | null | undefined {
  const prefix = datumList(parts.length);
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (part.kind !== 'equal') return undefined;
    const value = valueOf(part.expr, context);
    if (value === null) return null;
    prefix[i] = value;
  }
  return prefix;
}

function partValues(part: KeyPart, context: ExecContext): readonly Datum[] {
  switch (part.kind) {
    case 'isNull':
      return [null];
    case 'equal': {
      const value = valueOf(part.expr, context);
      return value === null ? [] : [value];
    }
    case 'in':
      return part.list.map((expr) => valueOf(expr, context)).filter((value) => value !== null);
    default: {
      const array = valueOf(part.array, context) as SqlArray | null;
      return array === null ? [] : array.elements.filter((value) => value !== null);
    }
  }
}

function spanOf(
  range: KeyRange,
  prefix: readonly Datum[],
  specs: readonly ColumnSpec[],
  context: ExecContext,
): Span | null {
  if (range.range === null) return { low: { key: prefix, side: -1 }, high: { key: prefix, side: 1 } };
  const { lower, upper } = range.range;
  const spec = specs[prefix.length]!;
  const isDescending = spec.descending === true;
  const first = isDescending ? upper : lower;
  const last = isDescending ? lower : upper;
  // Without a bound the range ends at the NULLs, which stand at one end of the prefix.
  const atNulls: readonly Datum[] = [...prefix, null];
  const isNullFirst = spec.nullsFirst === true;
  let low: BoundKey = isNullFirst ? { key: atNulls, side: 1 } : { key: prefix, side: -1 };
  let high: BoundKey = isNullFirst ? { key: prefix, side: 1 } : { key: atNulls, side: -1 };
  if (first !== null) {
    const values = first.exprs.map((expr) => valueOf(expr, context));
    if (values.includes(null)) return null;
    low = { key: [...prefix, ...values], side: first.inclusive ? -1 : 1 };
  }
  if (last !== null) {
    const values = last.exprs.map((expr) => valueOf(expr, context));
    if (values.includes(null)) return null;
    high = { key: [...prefix, ...values], side: last.inclusive ? 1 : -1 };
  }
  return compareBounds(low, high, specs) < 0 ? { low, high } : null;
}

function compareBounds(a: BoundKey, b: BoundKey, specs: readonly ColumnSpec[]): number {
  const length = Math.min(a.key.length, b.key.length);
  const order = compareKeys(specs, a.key, b.key, length);
  if (order !== 0) return order;
  if (a.key.length === b.key.length) return a.side - b.side;
  return a.key.length < b.key.length ? a.side : -b.side;
}

function joined(spans: Span[], specs: readonly ColumnSpec[]): Span[] {
  if (spans.length < 2) return spans;
  spans.sort((a, b) => compareBounds(a.low, b.low, specs));
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last === undefined || compareBounds(last.high, span.low, specs) < 0) out.push(span);
    else if (compareBounds(last.high, span.high, specs) < 0)
      out[out.length - 1] = { low: last.low, high: span.high };
  }
  return out;
}

/** The parts of ranges that lie in another one. */
export function rangesWithin(
  ranges: readonly TreeRange[],
  within: TreeRange,
  specs: readonly ColumnSpec[],
): TreeRange[] {
  const outer = spanOfRange(within);
  const out: TreeRange[] = [];
  for (const range of ranges) {
    const inner = spanOfRange(range);
    const low = compareBounds(inner.low, outer.low, specs) < 0 ? outer.low : inner.low;
    const high = compareBounds(inner.high, outer.high, specs) < 0 ? inner.high : outer.high;
    if (compareBounds(low, high, specs) < 0) out.push(toTreeRange({ low, high }));
  }
  return out;
}

function spanOfRange({ lower, lowerInclusive, upper, upperInclusive }: TreeRange): Span {
  return {
    low: { key: lower ?? [], side: lower === null || lowerInclusive ? -1 : 1 },
    high: { key: upper ?? [], side: upper === null || upperInclusive ? 1 : -1 },
  };
}

function toTreeRange(span: Span): TreeRange {
  const { low, high } = span;
  return {
    lower: low.key.length === 0 ? null : low.key,
    lowerInclusive: low.side === -1,
    upper: high.key.length === 0 ? null : high.key,
    upperInclusive: high.side === 1,
  };
}
