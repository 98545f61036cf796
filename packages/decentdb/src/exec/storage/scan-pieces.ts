/**
 * What a scan reads, cut into pieces for several threads.
 *
 * I1  The pieces in their order, and the ranges of each in theirs, are what the scan reads in its order.
 * I2  Equal scans at one snapshot, with equal parameters, are cut alike wherever that is done.
 */

import { estimateRange, estimateRows } from '../../tree/range-estimate.ts';
import type { Tree } from '../../tree/tree.ts';
import type { KeyRange as TreeRange } from '../../tree/tree-cursor.ts';
import { treePieces } from '../../tree/tree-pieces.ts';
import type { ExecContext } from '../context.ts';
import type { ScanNode } from '../physical.ts';
import { rangesWithin, treeRanges } from './key-ranges.ts';
import { indexTree, tableTree } from './stored-trees.ts';

/** Rows the scan reads, estimated. */
export function scanRows(scan: ScanNode, context: ExecContext): number {
  const tree = treeOf(scan);
  const { view } = context.statement;
  if (scan.ranges === null) return estimateRows(tree, view);
  const ranges = treeRanges(scan.ranges, tree.schema.leaf, context);
  return ranges.reduce((sum, range) => sum + estimateRange(tree, view, range), 0);
}

/** Ranges to read one after the other, for each piece of about `rows` rows. */
export function scanPieces(
  scan: ScanNode,
  context: ExecContext,
  rows: number,
): readonly (readonly TreeRange[])[] {
  const tree = treeOf(scan);
  const pieces = treePieces(tree, context.statement.view, rows);
  if (scan.ranges === null) return pieces.map((piece) => [piece]);
  const ranges = treeRanges(scan.ranges, tree.schema.leaf, context);
  return pieces
    .map((piece) => rangesWithin(ranges, piece, tree.schema.leaf))
    .filter((piece) => piece.length > 0);
}

function treeOf(scan: ScanNode): Tree {
  return scan.index === null ? tableTree(scan.table) : indexTree(scan.table, scan.index);
}
