/**
 * Columns of leaves that were written before the columns came (node-schema.ts I3): one value, over and over.
 *
 * I1  What is handed out belongs to the leaf that asked; what is kept here is copied from only.
 */
import { assert } from '../base/assert.ts';
import type { Column } from './column.ts';
import { constantColumn } from './column-decoder.ts';
import { type NodeSchema, ROWS_MAX } from './node-schema.ts';

interface Constant {
  readonly column: Column;
  readonly rows: number;
}

/** Per schema and missing column, its value as often as the leaves met so far needed it. */
const constants = new WeakMap<NodeSchema, (Constant | undefined)[]>();
const ROWS_MIN = 64;

/** Column `index` of a leaf that lacks it: `count` times the value its rows have there. */
export function missingColumn(schema: NodeSchema, index: number, count: number): Column {
  const at = index - schema.columnsMin;
  assert(at >= 0 && at < schema.missing.length, 'a leaf lacks a column that every leaf has');
  let known = constants.get(schema);
  if (known === undefined) {
    known = [];
    constants.set(schema, known);
  }
  let found = known[at];
  if (found === undefined || found.rows < count) {
    const rows = Math.min(ROWS_MAX, Math.max(ROWS_MIN, 2 * count));
    found = { column: constantColumn(schema.leaf[index]!, schema.missing[at]!, rows), rows };
    known[at] = found;
  }
  return found.column.copy(0, count, count);
}
