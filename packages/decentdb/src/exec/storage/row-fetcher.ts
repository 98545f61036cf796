/**
 * Fetches rows of a table by row id, a batch at a time.
 *
 * I1  Rows come out in the order of the ids given; ids that are not there are an index entry without a row: corruption.
 * I2  Ids that follow each other in one leaf share the descent; their columns are copied together.
 */

import { DecentDbError } from '../../base/errors.ts';
import { storedPosition, type TableDef } from '../../catalog/schema.ts';
import { isRow, lowerBound } from '../../tree/node-search.ts';
import type { Tree } from '../../tree/tree.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { Slot } from '../physical.ts';
import { tableTree } from './stored-trees.ts';

const RUN_MAX = 8192;

export class RowFetcher {
  private readonly table: TableDef;
  private readonly tree: Tree;
  private readonly view: ReadView;
  private readonly slots: readonly Slot[];
  /** Position in the tree by output column; -2: the table's oid. */
  private readonly positions: readonly number[];
  private readonly position = new TreePosition();
  private readonly key: Datum[] = [null];
  /** Rows of one leaf to copy together; grows with the batches asked for. */
  private run: Int32Array = new Int32Array(32);

  /** `columns` as in ScanNode. */
  constructor(table: TableDef, columns: readonly number[], slots: readonly Slot[], view: ReadView) {
    this.table = table;
    this.tree = tableTree(table);
    this.view = view;
    this.slots = slots;
    this.positions = columns.map((column) => (column === -2 ? -2 : storedPosition(table, column)));
  }

  fetch(rowIds: readonly Datum[], count: number): Batch {
    const stores = this.slots.map((slot) => new ColumnStore(slot.type.physical, count));
    if (count > this.run.length && this.run.length < RUN_MAX)
      this.run = new Int32Array(Math.min(count, RUN_MAX));
    let leaf: TreeNode | null = null;
    let runLength = 0;
    for (let i = 0; i < count; i++) {
      this.key[0] = rowIds[i]!;
      const next: TreeNode = leaf !== null && this.isInLeaf(leaf) ? leaf : this.descend();
      if (leaf !== null && (next !== leaf || runLength === this.run.length)) {
        this.copyRun(leaf, runLength, stores);
        runLength = 0;
      }
      leaf = next;
      this.run[runLength++] = this.position.index;
    }
    if (leaf !== null) this.copyRun(leaf, runLength, stores);
    return Batch.of(
      stores.map((store) => store.vector()),
      count,
    );
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

  private copyRun(leaf: TreeNode, length: number, stores: readonly ColumnStore[]): void {
    for (let k = 0; k < stores.length; k++) {
      const position = this.positions[k]!;
      const store = stores[k]!;
      if (position === -2) {
        for (let i = 0; i < length; i++) store.append(this.table.id);
        continue;
      }
      // A few cells of a packed column are cheaper one by one than the whole column decoded.
      const isWhole = leaf.isDecoded(position) || length * 8 >= leaf.count;
      if (isWhole && !leaf.column(position).hasOverflow) {
        store.appendRows(leaf.vector(position), this.run, 0, length);
      } else {
        for (let i = 0; i < length; i++)
          store.append(this.tree.datum(this.view, leaf, this.run[i]!, position));
      }
    }
  }
}
