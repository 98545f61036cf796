/**
 * Vectors of columns that hold overflow markers, with the values of a slice read from their chains.
 *
 * I1  Rows outside the slice are unspecified; nothing read here is kept by the leaf: large values live as long as the
 *     batch that asked for them.
 */
import type { ReadView } from '../txn/page-view.ts';
import { type Datum, Physical, type Vector } from '../types/vector.ts';
import { OverflowValue } from './overflow-value.ts';
import type { Tree } from './tree.ts';
import type { TreeNode } from './tree-node.ts';

export function resolvedVector(
  tree: Tree,
  view: ReadView,
  leaf: TreeNode,
  column: number,
  from: number,
  to: number,
): Vector {
  const source = leaf.vector(column);
  const cells = source.values as readonly (Datum | OverflowValue)[];
  const values = new Array<Datum>(to);
  for (let row = 0; row < from; row++) values[row] = null;
  for (let row = from; row < to; row++) {
    const cell = cells[row]!;
    values[row] = cell instanceof OverflowValue ? tree.resolve(view, leaf, column, cell) : cell;
  }
  const { physical, nulls } = source;
  if (physical === Physical.numeric)
    return { physical, scaled: null, scale: 0, values, nulls } as unknown as Vector;
  return { physical, values, nulls } as unknown as Vector;
}
