/** For checks of who keeps the arrays of a column that moved to another node (tree-node.ts I7). */
import type { Column } from './column.ts';

/** A copy in place of a column that moved, whose old arrays hold nonsense for whoever kept them. */
export function moved(column: Column, count: number): Column {
  const copy = column.clone(count, count);
  const { values } = column as { readonly values?: unknown };
  if (ArrayBuffer.isView(values))
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength).fill(0xee);
  else if (Array.isArray(values)) values.fill('moved away');
  column.nulls?.fill(1);
  return copy;
}
