/**
 * Values of a decoded column that are its cells as they stand, so that who reads single cells takes them without a call.
 */

import { Physical } from '../types/vector.ts';
import type { Column } from './column.ts';

/** Values that can be handed out as cells. */
export type PlainCells = Int32Array | Float64Array | readonly string[];

export function plainNumbers(column: Column): Int32Array | Float64Array | null {
  const { values } = column.vector as { readonly values: unknown };
  return values instanceof Int32Array || values instanceof Float64Array ? values : null;
}

/** The values of a column that are its cells as they stand; null when it has others. */
export function plainCells(column: Column): PlainCells | null {
  if (column.nullCount > 0 || column.hasOverflow || column.physical === Physical.bool) return null;
  const { values } = column.vector as { readonly values: unknown };
  const isPlain =
    values instanceof Int32Array || values instanceof Float64Array || column.physical === Physical.text;
  return isPlain ? (values as PlainCells) : null;
}
