/**
 * How a committed node is best searched, found out once and kept on the node.
 *
 * I1  Only committed nodes are searched by their form. A private leaf keeps the one it had for when it is committed, and forgets it with
 *     the first change of its first column.
 */
import { Physical } from '../types/vector.ts';
import { corruptedNode } from './byte-reader.ts';
import { Encoding } from './encoding.ts';
import { IntBody, IntForm } from './int-body.ts';
import { IntColumn } from './int-column.ts';
import { KeyLine } from './key-line.ts';
import type { TreeNode } from './tree-node.ts';

export const SearchForm = {
  /** Not looked at yet. */
  unknown: 0,
  /** First key column: ascending integers without NULLs, in `keyInts`. */
  ints: 1,
  /** The whole key is one integer and the rows are keyBase, keyBase + 1, ...: no search at all. */
  dense: 2,
  /** Anything else: rows are compared column by column. */
  rows: 3,
} as const;
export type SearchForm = (typeof SearchForm)[keyof typeof SearchForm];

/** For tests and measurements: `withLines` false searches inner nodes by comparisons alone (key-line.ts). */
export const searchForms: { withLines: boolean } = { withLines: true };

/** Finds the form of a committed node and keeps it there. */
export function findSearchForm(node: TreeNode): SearchForm {
  const form = formOf(node);
  node.searchForm = form;
  if (node.level > 0) {
    node.childPages = linkColumn(node);
    if (form === SearchForm.ints && searchForms.withLines)
      node.keyLine = KeyLine.of(node.keyInts!, node.count);
  }
  return form;
}

/** Page numbers of an inner node's children; damage where they are numbers that no page has. */
export function linkColumn(node: TreeNode): Float64Array {
  const { values } = node.column(node.schema.keyCount) as IntColumn;
  if (!(values instanceof Float64Array))
    throw corruptedNode(node.pageNo, 'a link to a child page is out of range');
  return values;
}

function formOf(node: TreeNode): SearchForm {
  const spec = node.specs[0]!;
  const isInt = spec.physical === Physical.int32 || spec.physical === Physical.int64;
  if (!isInt || spec.descending === true || node.count === 0) return SearchForm.rows;
  const isWholeKey = node.schema.keyCount === 1 && node.level === 0;
  if (isWholeKey && !node.isDecoded(0)) {
    // A sequence says so in its block: the column need not be decoded.
    const reader = node.reader(0);
    if (reader.u8() === Encoding.ints) {
      const body = new IntBody(reader, node.count);
      if (body.form === IntForm.delta && body.isRandomAccess && body.step === 1) {
        node.keyBase = body.base;
        return SearchForm.dense;
      }
    }
  }
  const column = node.column(0);
  if (!(column instanceof IntColumn) || column.nullCount > 0) return SearchForm.rows;
  const { values } = column;
  if (!(values instanceof Int32Array || values instanceof Float64Array)) return SearchForm.rows;
  node.keyInts = values;
  node.keyBase = values[0]!;
  const isDense = isWholeKey && values[node.count - 1]! - values[0]! === node.count - 1;
  return isDense ? SearchForm.dense : SearchForm.ints;
}
