/** Rows of a result in the form asked for: objects or arrays of JavaScript values, or arrays of PostgreSQL's text. */
import type { Batch } from '../exec/batch.ts';
import { datumBytes } from '../exec/datum-bytes.ts';
import { RowBuilder } from '../exec/rows/row-builder.ts';
import { textRows } from '../exec/rows/text-rows.ts';
import { datumAt } from '../exec/vectors.ts';
import type { RowStream } from '../session/run/outcome.ts';
import type { JsOptions } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { heapBytesFree } from '../vfs/heap.ts';

export type RowForm = 'object' | 'array' | 'text' | 'textObject';

/** Rows looked at of a batch: they stand for the others. */
const SAMPLE_ROWS = 4;
/** An object or array, and its place in the result. */
const ROW_BYTES = 32;
/** A row's field, besides what it refers to. */
const FIELD_BYTES = 8;

/** Counts what the rows of a result take, for the statement's memory. */
class HeldRows {
  private readonly rows: RowStream;
  private bytes = 0;

  constructor(rows: RowStream) {
    this.rows = rows;
  }

  /** Hands the batch to `build`: at once, or where its rows are large a few of them after the other. */
  each(batch: Batch, build: (part: Batch) => void): void {
    const { count } = batch;
    if (count === 0) return;
    const perRow = ROW_BYTES + bytesOfRow(batch);
    const few = Math.max(1, Math.floor(heapBytesFree / 4 / perRow));
    for (let from = 0; from < count; from += few) {
      const to = Math.min(count, from + few);
      build(few >= count ? batch : batch.slice(from, to));
      this.bytes += perRow * (to - from);
      this.rows.holdResult?.(this.bytes);
    }
  }
}

/** Bytes of a row like some of the batch. */
function bytesOfRow(batch: Batch): number {
  const { count, width } = batch;
  const step = Math.max(1, Math.floor(count / SAMPLE_ROWS));
  let bytes = 0;
  let seen = 0;
  for (let i = 0; i < count; i += step) {
    const at = batch.position(i);
    for (let column = 0; column < width; column++)
      bytes += FIELD_BYTES + valueBytes(datumAt(batch.column(column), at));
    seen++;
  }
  return bytes / seen;
}

/** Small integers take no more than their field. */
function valueBytes(value: Datum): number {
  return value === null || typeof value === 'boolean' || typeof value === 'number' ? 0 : datumBytes(value);
}

/** Every row of a stream. */
export function collectRows(rows: RowStream, form: RowForm, options: JsOptions): unknown[] {
  const out: unknown[] = [];
  if (form === 'object' || form === 'array') {
    const builder = new RowBuilder(rows.columns, options);
    appendAll(rows, builder, form === 'object', out);
    return out;
  }
  const types = rows.columns.map((c) => c.type);
  const texts = out as (string | null)[][];
  const held = new HeldRows(rows);
  for (let batch = rows.next(); batch !== null; batch = rows.next()) {
    held.each(batch, (part) => textRows(part, types, options.settings, texts));
  }
  if (form === 'text') return out;
  const names = rows.columns.map((c) => c.name);
  return texts.map((row) => Object.fromEntries(row.map((value, i) => [names[i] as string, value])));
}

export function appendAll(rows: RowStream, builder: RowBuilder, asObjects: boolean, out: unknown[]): void {
  const held = new HeldRows(rows);
  for (let batch = rows.next(); batch !== null; batch = rows.next()) {
    held.each(batch, (part) => {
      if (asObjects) builder.objects(part, out);
      else builder.arrays(part, out);
    });
  }
}

export function rowForm(rowMode: 'object' | 'array' | undefined, format: 'js' | 'text' | undefined): RowForm {
  if (format === 'text') return rowMode === 'array' ? 'text' : 'textObject';
  return rowMode ?? 'object';
}
