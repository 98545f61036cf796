/** Interpreted arrays, rows, field selection and subscripts. */
import { DecentDbError } from '../../base/errors.ts';
import { SqlArray } from '../../types/array.ts';
import type { Datum } from '../../types/vector.ts';
import type { ArrayExpr, FieldExpr, RowExpr, SubscriptExpr } from '../expr.ts';
import { makeRow, rowFields } from '../row-value.ts';
import { buildEvaluator, buildEvaluators, type CaseCell, type Evaluator, evaluateAll } from './evaluator.ts';

export function arrayEvaluator(expr: ArrayExpr, cell: CaseCell | null): Evaluator {
  const elements = buildEvaluators(expr.elements, cell);
  if (expr.isNested) {
    return (batch, at, context) => nestArrays(evaluateAll(elements, batch, at, context));
  }
  return (batch, at, context) => SqlArray.of(evaluateAll(elements, batch, at, context));
}

/** ARRAY[[1, 2], [3, 4]]: equal shapes only; NULL and empty arrays vanish as in PostgreSQL. */
export function nestArrays(parts: readonly Datum[]): SqlArray {
  const arrays: SqlArray[] = [];
  let sawEmpty = false;
  for (const part of parts) {
    if (part === null || (part as SqlArray).dimensions === 0) sawEmpty = true;
    else arrays.push(part as SqlArray);
  }
  const first = arrays[0];
  if (first === undefined) return SqlArray.empty;
  const mismatch = (): DecentDbError =>
    new DecentDbError(
      '2202E',
      'multidimensional arrays must have array expressions with matching dimensions',
    );
  if (sawEmpty) throw mismatch();
  const elements: Datum[] = [];
  for (const array of arrays) {
    const isSameShape =
      array.dimensions === first.dimensions &&
      array.lengths.every(
        (length, i) => length === first.lengths[i] && array.lowerBounds[i] === first.lowerBounds[i],
      );
    if (!isSameShape) throw mismatch();
    elements.push(...array.elements);
  }
  return new SqlArray(elements, [arrays.length, ...first.lengths], [1, ...first.lowerBounds]);
}

export function rowEvaluator(expr: RowExpr, cell: CaseCell | null): Evaluator {
  const fields = buildEvaluators(expr.fields, cell);
  return (batch, at, context) => makeRow(evaluateAll(fields, batch, at, context));
}

export function fieldEvaluator(expr: FieldExpr, cell: CaseCell | null): Evaluator {
  const arg = buildEvaluator(expr.arg, cell);
  const { field } = expr;
  return (batch, at, context) => {
    const row = arg(batch, at, context);
    return row === null ? null : (rowFields(row)[field] ?? null);
  };
}

interface SubscriptPart {
  readonly lower: Evaluator | null;
  readonly upper: Evaluator | null;
  readonly isSlice: boolean;
}

export function subscriptEvaluator(expr: SubscriptExpr, cell: CaseCell | null): Evaluator {
  const arg = buildEvaluator(expr.arg, cell);
  const parts: SubscriptPart[] = expr.subscripts.map((part) => ({
    lower: part.lower === null ? null : buildEvaluator(part.lower, cell),
    upper: part.upper === null ? null : buildEvaluator(part.upper, cell),
    isSlice: part.isSlice,
  }));
  const isSlice = parts.some((part) => part.isSlice);
  return (batch, at, context) => {
    const array = arg(batch, at, context) as SqlArray | null;
    const lowers: (number | null)[] = [];
    const uppers: (number | null)[] = [];
    let sawNull = array === null;
    for (const part of parts) {
      const lower = part.lower === null ? null : part.lower(batch, at, context);
      const upper = part.upper === null ? null : part.upper(batch, at, context);
      if ((part.lower !== null && lower === null) || (part.upper !== null && upper === null)) sawNull = true;
      // In a subscript list with a slice, a plain subscript n means 1:n.
      lowers.push(isSlice && !part.isSlice ? 1 : (lower as number | null));
      uppers.push(
        upper === null ? (isSlice && !part.isSlice ? (lower as number | null) : null) : (upper as number),
      );
    }
    if (sawNull || array === null) return null;
    return isSlice ? sliceArray(array, lowers, uppers) : arrayElement(array, lowers, uppers);
  };
}

function arrayElement(
  array: SqlArray,
  lowers: readonly (number | null)[],
  uppers: readonly (number | null)[],
): Datum {
  if (array.dimensions !== lowers.length) return null;
  let offset = 0;
  for (let i = 0; i < lowers.length; i++) {
    const index = (uppers[i] ?? lowers[i])! - array.lowerBounds[i]!;
    if (index < 0 || index >= array.lengths[i]!) return null;
    offset = offset * array.lengths[i]! + index;
  }
  return array.elements[offset] ?? null;
}

function sliceArray(
  array: SqlArray,
  lowers: readonly (number | null)[],
  uppers: readonly (number | null)[],
): SqlArray {
  if (array.dimensions < lowers.length) return SqlArray.empty;
  const starts: number[] = [];
  const lengths: number[] = [];
  for (let i = 0; i < array.dimensions; i++) {
    const bound = array.lowerBounds[i]!;
    const length = array.lengths[i]!;
    const start = Math.max(lowers[i] ?? bound, bound);
    const end = Math.min(uppers[i] ?? bound + length - 1, bound + length - 1);
    if (end < start) return SqlArray.empty;
    starts.push(start - bound);
    lengths.push(end - start + 1);
  }
  const elements: Datum[] = [];
  collectSlice(array, starts, lengths, 0, 0, elements);
  return new SqlArray(
    elements,
    lengths,
    lengths.map(() => 1),
  );
}

function collectSlice(
  array: SqlArray,
  starts: readonly number[],
  lengths: readonly number[],
  dimension: number,
  offset: number,
  out: Datum[],
): void {
  for (let i = 0; i < lengths[dimension]!; i++) {
    const at = offset * array.lengths[dimension]! + starts[dimension]! + i;
    if (dimension === lengths.length - 1) out.push(array.elements[at] ?? null);
    else collectSlice(array, starts, lengths, dimension + 1, at, out);
  }
}
