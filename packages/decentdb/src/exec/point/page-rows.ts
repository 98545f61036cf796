/**
 * The first rows of an ordered walk, or of any walk, that a LIMIT lets through: a page of a list by its key. Rows are read cell by
 * cell, so that a leaf of hundreds is not decoded for the twenty that are wanted.
 *
 * I1  Rows come in the order of the scan, forwards or backwards.
 * I2  Only for few rows: null where more are wanted, or more are looked at than operators would take longer to begin with.
 */

import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { ScanNode } from '../physical.ts';
import { treeRanges } from '../storage/key-ranges.ts';
import { indexPosition } from '../storage/stored-trees.ts';
import { DatumRow, type PointContext } from './datum-row.ts';
import { FewRows } from './few-rows.ts';
import { pageAccess, type RowsAccess } from './point-plan.ts';

/** Rows of a page at most. */
export const PAGE_ROWS_MAX = 128;
/** Rows looked at for a page that a filter thins out. */
const LOOKED_MAX = 256;

export class PageRows {
  readonly #node: ScanNode;
  readonly #ranges: RowsAccess['ranges'];
  /** Of the rows themselves; of an index that has all columns, null. */
  readonly #few: FewRows;
  readonly #isByRow: boolean;
  readonly #filter: Evaluator | null;
  /** Column of the leaf by slot where rows are read off the tree walked; -1: the table's oid. */
  readonly #positions: readonly number[];
  readonly #row: DatumRow;
  #looked = 0;

  constructor(node: ScanNode, access: RowsAccess) {
    const { table, index, path, columns } = node;
    this.#node = node;
    this.#ranges = access.ranges;
    this.#isByRow = path === 'index';
    this.#few = new FewRows(access, columns.keys());
    this.#filter = node.filter === null ? null : evaluatorOf(node.filter);
    const at = (column: number): number =>
      column === -2 ? -1 : index === null ? this.#few.stored(column) : indexPosition(table, index, column);
    this.#positions = path === 'index' ? [] : columns.map(at);
    this.#row = new DatumRow(columns.length);
  }

  /** As many rows as are wanted, or all there are; null: too many to do so here. */
  rows(view: ReadView, context: PointContext, wanted: number): Datum[][] | null {
    if (wanted > PAGE_ROWS_MAX) return null;
    const rows: Datum[][] = [];
    if (wanted === 0) return rows;
    const tree = this.#few.walked;
    const isBackward = this.#node.direction === 'backward';
    const ranges = this.#ranges == null ? [WHOLE_TREE] : treeRanges(this.#ranges, tree.schema.leaf, context);
    if (isBackward) ranges.reverse();
    const cursor = new TreeCursor(tree, view);
    this.#looked = 0;
    for (const range of ranges) {
      cursor.seek(range, isBackward);
      while (cursor.next()) {
        const { leaf, from, to } = cursor;
        if (!this.#take(view, leaf!, from, to, rows, wanted, context)) return null;
        if (rows.length === wanted) return rows;
      }
    }
    return rows;
  }

  /** Adds the rows of a slice. False: too many were looked at. */
  #take(
    view: ReadView,
    leaf: TreeNode,
    from: number,
    to: number,
    rows: Datum[][],
    wanted: number,
    context: PointContext,
  ): boolean {
    const isBackward = this.#node.direction === 'backward';
    for (let i = 0; i < to - from && rows.length < wanted; i++) {
      if (this.#looked++ >= LOOKED_MAX) return false;
      const row = this.#read(view, leaf, isBackward ? to - 1 - i : from + i, context);
      if (row !== null) rows.push(row);
    }
    return true;
  }

  /** The row's columns; null when the filter does not take it. */
  #read(view: ReadView, leaf: TreeNode, at: number, context: PointContext): Datum[] | null {
    const width = this.#row.batch.width;
    const row = new Array<Datum>(width);
    if (this.#isByRow) {
      const id = leaf.cell(leaf.schema.leaf.length - 1, at);
      if (!this.#few.moveTo(view, id, context)) return null;
      for (let slot = 0; slot < width; slot++) row[slot] = this.#few.input.get(slot);
      return row;
    }
    const { walked } = this.#few;
    for (let slot = 0; slot < width; slot++) {
      const position = this.#positions[slot]!;
      row[slot] = position < 0 ? this.#node.table.id : walked.datum(view, leaf, at, position);
    }
    if (this.#filter === null) return row;
    for (let slot = 0; slot < width; slot++) this.#row.set(slot, row[slot]!);
    return this.#row.evaluate(this.#filter, context) === true ? row : null;
  }
}

/** The rows of a scan below a LIMIT; null when it needs an operator. */
export function pageRowsOf(node: ScanNode): PageRows | null {
  const access = pageAccess(node);
  return access === null ? null : new PageRows(node, access);
}
