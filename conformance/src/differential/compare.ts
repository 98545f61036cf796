/**
 * When two answers are the same answer.
 *
 * I1  Errors agree by SQLSTATE. Rows agree value by value; in order where the query orders all of them, else as multisets.
 * I2  Values are compared as text, letter for letter; only columns named as floating point may differ in the last places
 *     (relative 1e-9), because sums depend on the order of rows.
 */
import type { Answer, Row } from './engine.ts';

const FLOAT_TOLERANCE = 1e-9;

/** What a query's author knows of its answer. */
export interface AnswerShape {
  readonly isOrdered: boolean;
  /** Per column: whether it is floating point. */
  readonly floats: readonly boolean[];
}

/** Null when the answers agree; else what differs. */
export function difference(ours: Answer, theirs: Answer, shape: AnswerShape): string | null {
  if (ours.kind === 'error' || theirs.kind === 'error') {
    if (ours.kind === 'error' && theirs.kind === 'error' && ours.code === theirs.code) return null;
    return `ours: ${describe(ours)}; theirs: ${describe(theirs)}`;
  }
  if (ours.rows.length !== theirs.rows.length) {
    return `ours: ${describe(ours)}; theirs: ${describe(theirs)}`;
  }
  const left = shape.isOrdered ? ours.rows : sorted(ours.rows, shape.floats);
  const right = shape.isOrdered ? theirs.rows : sorted(theirs.rows, shape.floats);
  for (const [index, row] of left.entries()) {
    const other = right[index] as Row;
    if (!sameRow(row, other, shape.floats)) {
      return `row ${index}: ours ${JSON.stringify(row)}; theirs ${JSON.stringify(other)}`;
    }
  }
  return null;
}

function describe(answer: Answer): string {
  if (answer.kind === 'error') return `${answer.code} ${answer.message}`;
  return `${answer.rows.length} rows ${JSON.stringify(answer.rows.slice(0, 3))}`;
}

function sorted(rows: readonly Row[], floats: readonly boolean[]): Row[] {
  const keyed = rows.map((row) => ({ row, key: sortKey(row, floats) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ row }) => row);
}

/** Floats are cut to twelve digits, so that rows equal under I2 sort to the same place. */
function sortKey(row: Row, floats: readonly boolean[]): string {
  return JSON.stringify(
    row.map((value, at) => (floats[at] && value !== null ? Number(value).toPrecision(12) : value)),
  );
}

function sameRow(a: Row, b: Row, floats: readonly boolean[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((value, at) => sameValue(value, b[at] as string | null, floats[at] === true));
}

function sameValue(a: string | null, b: string | null, isFloat: boolean): boolean {
  if (a === b) return true;
  if (!isFloat || a === null || b === null) return false;
  const [x, y] = [Number(a), Number(b)];
  return Math.abs(x - y) <= FLOAT_TOLERANCE * Math.max(Math.abs(x), Math.abs(y));
}
