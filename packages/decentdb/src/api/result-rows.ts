/** Rows of a result in the form asked for: objects or arrays of JavaScript values, or arrays of PostgreSQL's text. */
import { RowBuilder } from '../exec/rows/row-builder.ts';
import { textRows } from '../exec/rows/text-rows.ts';
import type { RowStream } from '../session/run/outcome.ts';
import type { JsOptions } from '../types/sql-type.ts';

export type RowForm = 'object' | 'array' | 'text' | 'textObject';

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
  for (let batch = rows.next(); batch !== null; batch = rows.next())
    textRows(batch, types, options.settings, texts);
  if (form === 'text') return out;
  const names = rows.columns.map((c) => c.name);
  return texts.map((row) => Object.fromEntries(row.map((value, i) => [names[i] as string, value])));
}

export function appendAll(rows: RowStream, builder: RowBuilder, asObjects: boolean, out: unknown[]): void {
  for (let batch = rows.next(); batch !== null; batch = rows.next()) {
    if (asObjects) builder.objects(batch, out);
    else builder.arrays(batch, out);
  }
}

export function rowForm(rowMode: 'object' | 'array' | undefined, format: 'js' | 'text' | undefined): RowForm {
  if (format === 'text') return rowMode === 'array' ? 'text' : 'textObject';
  return rowMode ?? 'object';
}
