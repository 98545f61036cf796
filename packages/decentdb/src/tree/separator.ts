/**
 * Separators: what an inner node remembers of the boundary between two children.
 *
 * I1  last row of the left child < separator <= first row of the right child, on all key columns.
 * I2  As short as that allows: text and bytes in the column that decides are cut to the shortest prefix that still separates.
 */
import { datumList } from '../types/datum-list.ts';
import { type ColumnSpec, type Datum, Physical } from '../types/vector.ts';
import { compareDatums } from './key-order.ts';
import type { TreeNode } from './tree-node.ts';

/** The key of a row. */
export function keyOfRow(node: TreeNode, row: number): Datum[] {
  const key = datumList(node.schema.keyCount);
  for (let i = 0; i < key.length; i++) key[i] = node.cells(i).cell(row) as Datum;
  return key;
}

/** A separator between neighbouring rows of leaves. */
export function separatorBetween(
  left: TreeNode,
  leftRow: number,
  right: TreeNode,
  rightRow: number,
): Datum[] {
  return separatorOf(left.specs, keyOfRow(left, leftRow), keyOfRow(right, rightRow));
}

/** A separator between a key and the one behind it. */
export function separatorOf(
  specs: readonly ColumnSpec[],
  before: readonly Datum[],
  after: readonly Datum[],
): Datum[] {
  const key = after.slice();
  for (let i = 0; i < key.length; i++) {
    if (compareDatums(specs[i]!, before[i]!, key[i]!) === 0) continue;
    key[i] = shortened(specs[i]!, before[i]!, key[i]!);
    return key;
  }
  return key;
}

/** Shortest datum d with before < d <= after in the column's order. */
function shortened(spec: ColumnSpec, before: Datum, after: Datum): Datum {
  if (before === null || after === null) return after;
  const longer = spec.descending === true ? before : after;
  if (typeof longer === 'string' && spec.physical === Physical.text) {
    for (let length = 1; length < longer.length; length++) {
      if ((longer.charCodeAt(length - 1) & 0xfc00) === 0xd800) continue;
      const cut = longer.slice(0, length);
      if (separates(spec, before, cut, after)) return cut;
    }
  } else if (longer instanceof Uint8Array && spec.physical === Physical.bytes) {
    for (let length = 1; length < longer.length; length++) {
      const cut = longer.subarray(0, length);
      if (separates(spec, before, cut, after)) return cut.slice();
    }
  }
  return after;
}

/** Strictly between, so that the key columns behind it do not matter. */
function separates(spec: ColumnSpec, before: Datum, cut: Datum, after: Datum): boolean {
  return compareDatums(spec, before, cut) < 0 && compareDatums(spec, cut, after) < 0;
}
