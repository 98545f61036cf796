/**
 * Fetches rows of a table by row id, a batch at a time.
 *
 * I1  Rows come out in the order of the ids given; ids that are not there are an index entry without a row: corruption.
 * I2  Ids that follow each other in one leaf share the descent; their columns are copied together.
 * I3  Columns are copied one after the other over all leaves: cells far apart are then loaded in a tight loop, where the
 *     processor waits for many of them at once.
 */

import { DecentDbError } from '../../base/errors.ts';
import { storedPosition, type TableDef } from '../../catalog/schema.ts';
import { isRow, lowerBound } from '../../tree/node-search.ts';
import type { Tree } from '../../tree/tree.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { Slot } from '../physical.ts';
import { tableTree } from './stored-trees.ts';

export class RowFetcher {
  private readonly table: TableDef;
  private readonly tree: Tree;
  private readonly view: ReadView;
  private readonly slots: readonly Slot[];
  /** Position in the tree by output column; -2: the table's oid. */
  private readonly positions: readonly number[];
  private readonly position = new TreePosition();
  private readonly key: Datum[] = [null];
  /** Runs of rows in one leaf: the leaf, and where the run ends; of each row its place in its leaf. */
  private readonly leaves: TreeNode[] = [];
  private ends: Int32Array = new Int32Array(32);
  private rows: Int32Array = new Int32Array(32);

  /** `columns` as in ScanNode. */
  constructor(table: TableDef, columns: readonly number[], slots: readonly Slot[], view: ReadView) {
    this.table = table;
    this.tree = tableTree(table);
    this.view = view;
    this.slots = slots;
    this.positions = columns.map((column) => (column === -2 ? -2 : storedPosition(table, column)));
  }

  fetch(rowIds: readonly Datum[], count: number): Batch {
    if (count > this.rows.length) {
      this.rows = new Int32Array(count);
      this.ends = new Int32Array(count);
    }
    let leaf: TreeNode | null = null;
    let runs = 0;
    for (let i = 0; i < count; i++) {
      this.key[0] = rowIds[i]!;
      const next: TreeNode = leaf !== null && this.isInLeaf(leaf) ? leaf : this.descend();
      if (next !== leaf) this.leaves[runs++] = next;
      this.ends[runs - 1] = i + 1;
      leaf = next;
      this.rows[i] = this.position.index;
    }
    const vectors = this.slots.map((_, k) => this.copyColumn(k, runs, count));
    this.leaves.length = 0;
    return Batch.of(vectors, count);
  }

  /** Whether the key is a row of the leaf; sets the position. */
  private isInLeaf(leaf: TreeNode): boolean {
    const index = lowerBound(leaf, this.key, 1, 0);
    this.position.index = index;
    return isRow(leaf, index, this.key, 1);
  }

  private descend(): TreeNode {
    if (!this.tree.get(this.view, this.key, this.position)) {
      throw new DecentDbError(
        'XX002',
        `an index of table "${this.table.name}" refers to a row that does not exist`,
        {
          table: this.table.name,
          detail: `The row id is ${String(this.key[0])}.`,
          hint: 'Run "decentdb check", then REINDEX the table.',
        },
      );
    }
    return this.position.leaf!;
  }

  /** I3: one column of all rows; the leaves of each run are looked at first, their cells gathered after. */
  private copyColumn(k: number, runs: number, count: number): Vector {
    const position = this.positions[k]!;
    const store = new ColumnStore(this.slots[k]!.type.physical, count);
    if (position === -2) {
      for (let i = 0; i < count; i++) store.append(this.table.id);
      return store.vector();
    }
    const { leaves, ends, rows } = this;
    const sources = new Array<Vector | null>(runs);
    let isComplete = true;
    for (let run = 0, from = 0; run < runs; run++) {
      const leaf = leaves[run]!;
      const length = ends[run]! - from;
      from += length;
      // A few cells of a packed column are cheaper one by one than the whole column decoded.
      const isWhole = leaf.isDecoded(position) || length * 8 >= leaf.count;
      const source = isWhole && !leaf.column(position).hasOverflow ? leaf.vector(position) : null;
      sources[run] = source;
      if (source === null) isComplete = false;
    }
    if (isComplete && store.appendGathered(sources as Vector[], ends, rows, runs)) return store.vector();
    for (let run = 0, from = 0; run < runs; run++) {
      const source = sources[run]!;
      const to = ends[run]!;
      if (source !== null) store.appendRows(source, rows, from, to);
      else
        for (let i = from; i < to; i++)
          store.append(this.tree.datum(this.view, leaves[run]!, rows[i]!, position));
      from = to;
    }
    return store.vector();
  }
}
