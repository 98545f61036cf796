/**
 * Makes rows fit: large values go to overflow chains, keys have a limit.
 *
 * I1  After `fitRow` the inline variable bytes of a row are at most a quarter of a page, where moving values out can do that,
 *     so that a leaf has several rows.
 * I2  Key columns stay inline. Their bytes are at most a fifth of a page: an inner node always has room for three entries.
 * I3  A chain is written only for a row that is then stored, or freed by the statement's rollback.
 */
import { assert, verifyEnabled } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import { NO_PAGE } from '../base/ids.ts';
import type { WriteView } from '../txn/page-view.ts';
import type { Decimal } from '../types/decimal.ts';
import { type ColumnSpec, type Datum, Physical, type Vector } from '../types/vector.ts';
import type { NodeSchema } from './node-schema.ts';
import { type Cell, OverflowValue, overflowBytes } from './overflow-value.ts';
import { utf8Size } from './text-bytes.ts';
import { TreeNode } from './tree-node.ts';
import { vectorDatum } from './vector-datum.ts';

/** Largest bytes of a key, for pages of a size. */
export function keyBytesMax(payloadBytes: number): number {
  return Math.floor(payloadBytes / 5);
}

/** A value shorter than this stays in its row: its marker would take about as much. */
const OVERFLOW_VALUE_BYTES_MIN = 40;

/** Bytes of a value inside a page, without its share of lengths; for fixed-width kinds a small constant. */
export function inlineBytes(spec: ColumnSpec, value: Cell): number {
  if (value === null || value instanceof OverflowValue) return 0;
  switch (spec.physical) {
    case Physical.text:
      return utf8Size(value as string);
    case Physical.bytes:
      return (value as Uint8Array).length;
    case Physical.object:
      return spec.codec!.toBytes(value as object).length;
    case Physical.numeric:
      return typeof (value as Decimal).coefficient === 'number' ? 10 : String(value).length;
    default:
      return 8;
  }
}

/** Most bytes the variable values of a row take in its page: `limit`, but where many are too short to be moved out. */
export function inlineBytesMax(schema: NodeSchema, limit: number): number {
  return Math.max(limit, (OVERFLOW_VALUE_BYTES_MIN - 1) * schema.variable.length);
}

/** Upper bound without looking at the characters. */
function quickBytes(spec: ColumnSpec, value: Datum): number {
  return typeof value === 'string' && spec.physical === Physical.text
    ? value.length * 3
    : inlineBytes(spec, value);
}

/**
 * The row with its large values moved to overflow chains; the row itself when nothing had to move.
 * Throws 54000 when the key, or a row without its large values, is too large.
 */
export function fitRow(
  schema: NodeSchema,
  view: WriteView,
  row: readonly Datum[],
  name: string,
): readonly Cell[] {
  const { variable, leaf: specs } = schema;
  const payloadBytes = view.payloadBytes;
  const limit = payloadBytes >>> 2;
  let quick = 0;
  for (let i = 0; i < variable.length; i++) {
    const column = variable[i]!;
    const value = row[column]!;
    if (value !== null) quick += quickBytes(specs[column]!, value);
  }
  let cells: readonly Cell[] = row;
  if (quick > keyBytesMax(payloadBytes)) {
    checkKey(schema, view, row, name);
    cells = moveOut(schema, view, row, limit);
  }
  // Only rows of very many columns can still be too large; others need no look.
  const inline = Math.min(quick, inlineBytesMax(schema, limit));
  if (schema.fixedBytesMax + inline > payloadBytes) checkRow(schema, view, cells);
  return cells;
}

/**
 * Whether a row of a leaf fits as it is with those columns changed, as {@link fitRow} would find: told from what is known of the
 * other columns' values without reading them. False where that does not say.
 */
export function fitsChanged(
  schema: NodeSchema,
  payloadBytes: number,
  leaf: TreeNode,
  row: number,
  columns: readonly number[],
  values: readonly Datum[],
): boolean {
  const { variable, leaf: specs } = schema;
  if (leaf.ownColumns < leaf.columnCount) return false;
  const most = keyBytesMax(payloadBytes);
  let quick = 0;
  for (let i = 0; i < variable.length; i++) {
    const column = variable[i]!;
    const at = columns.indexOf(column);
    if (at >= 0) quick += values[at] === null ? 0 : quickBytes(specs[column]!, values[at]!);
    else if (specs[column]!.physical === Physical.text) quick += leaf.textBytesMax(column);
    else quick += inlineBytes(specs[column]!, leaf.cell(column, row));
    if (quick > most) return false;
  }
  if (verifyEnabled()) verifyTextSizes(schema, leaf, row);
  return schema.fixedBytesMax + quick <= payloadBytes;
}

function verifyTextSizes(schema: NodeSchema, leaf: TreeNode, row: number): void {
  for (const column of schema.variable) {
    const spec = schema.leaf[column]!;
    if (spec.physical !== Physical.text) continue;
    const isWithin = inlineBytes(spec, leaf.cell(column, row)) <= leaf.textBytesMax(column);
    assert(isWithin, 'a text is longer than its column says');
  }
}

/** Whether rows fit a page whatever their values are, keys apart: {@link fitRow} then has nothing to throw. */
export function alwaysFits(schema: NodeSchema, payloadBytes: number): boolean {
  return schema.fixedBytesMax + inlineBytesMax(schema, payloadBytes >>> 2) <= payloadBytes;
}

/** Throws 54000 when a row by itself passes a page. */
function checkRow(schema: NodeSchema, view: WriteView, cells: readonly Cell[]): void {
  const node = TreeNode.empty(NO_PAGE, schema, 0, 1);
  node.insertRow(0, cells);
  node.settle();
  const bytes = node.bound();
  if (bytes <= view.payloadBytes) return;
  freeCells(view, cells);
  throw new DecentDbError('54000', `row is too big: size ${bytes}, maximum size ${view.payloadBytes}`);
}

/**
 * Rows from..to of vectors as rows made to fit, or null when every one fits as it is (the usual case, found out without
 * building rows).
 */
export function fitBatch(
  schema: NodeSchema,
  view: WriteView,
  vectors: readonly Vector[],
  from: number,
  to: number,
  name: string,
): (readonly Cell[])[] | null {
  if (firstLarge(schema, view, vectors, from, to) === to) return null;
  const rows: (readonly Cell[])[] = [];
  for (let row = from; row < to; row++) {
    const cells = vectors.map((vector) => vectorDatum(vector, row));
    rows.push(fitRow(schema, view, cells, name));
  }
  return rows;
}

/** First of the rows from..to that may not fit as it is; `to` when all do. */
export function firstLarge(
  schema: NodeSchema,
  view: WriteView,
  vectors: readonly Vector[],
  from: number,
  to: number,
): number {
  const { variable, leaf: specs } = schema;
  const limit = keyBytesMax(view.payloadBytes);
  if (schema.fixedBytesMax + (view.payloadBytes >>> 2) > view.payloadBytes) return from;
  if (variable.length === 0) return to;
  const [only] = variable;
  if (variable.length === 1 && specs[only!]!.physical === Physical.text) {
    const { values, nulls } = vectors[only!]! as {
      values: readonly string[];
      nulls: Uint8Array | null;
    };
    for (let row = from; row < to; row++)
      if ((nulls === null || nulls[row] !== 1) && values[row]!.length * 3 > limit) return row;
    return to;
  }
  for (let row = from; row < to; row++) {
    let quick = 0;
    for (let i = 0; i < variable.length; i++) {
      const column = variable[i]!;
      const value = vectorDatum(vectors[column]!, row);
      if (value !== null) quick += quickBytes(specs[column]!, value);
    }
    if (quick > limit) return row;
  }
  return to;
}

/** I2. */
export function checkKey(schema: NodeSchema, view: WriteView, row: readonly Datum[], name: string): void {
  const most = keyBytesMax(view.payloadBytes);
  let bytes = 0;
  for (let i = 0; i < schema.keyCount; i++)
    bytes += row[i] === null ? 0 : quickBytes(schema.leaf[i]!, row[i]!);
  if (bytes <= most) return;
  bytes = 0;
  for (let i = 0; i < schema.keyCount; i++) bytes += inlineBytes(schema.leaf[i]!, row[i]!);
  if (bytes > most) {
    throw new DecentDbError('54000', `index row size ${bytes} exceeds maximum ${most} for index "${name}"`, {
      hint: 'Values larger than a fifth of a page cannot be indexed. Consider an index on a hash of the value.',
    });
  }
}

function moveOut(schema: NodeSchema, view: WriteView, row: readonly Datum[], limit: number): Cell[] {
  const { variable, leaf: specs, keyCount } = schema;
  const cells: Cell[] = row.slice();
  const sizes = variable.map((column) => inlineBytes(specs[column]!, row[column]!));
  let total = 0;
  for (const size of sizes) total += size;
  while (total > limit) {
    let largest = -1;
    for (let i = 0; i < sizes.length; i++) {
      if (variable[i]! < keyCount || sizes[i]! < OVERFLOW_VALUE_BYTES_MIN) continue;
      if (largest === -1 || sizes[i]! > sizes[largest]!) largest = i;
    }
    if (largest === -1) break;
    const column = variable[largest]!;
    cells[column] = new OverflowValue(view.writeOverflow(overflowBytes(specs[column]!, row[column]!)));
    total -= sizes[largest]!;
    sizes[largest] = 0;
  }
  return cells;
}

/** Gives back the chains of a row's large values. */
export function freeCells(view: WriteView, cells: readonly Cell[]): void {
  for (const cell of cells) if (cell instanceof OverflowValue) view.freeOverflow(cell.ref);
}
