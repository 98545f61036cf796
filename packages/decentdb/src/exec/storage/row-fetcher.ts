/**
 * Fetches rows of a table by row id, a batch at a time.
 *
 * I1  Rows come out in the order of the ids given; ids that are not there are an index entry without a row: corruption.
 * I2  Ids that follow each other in one leaf share the descent; their columns are copied together.
 * I3  `fetch` copies all columns at once: its batch stays good while the table is changed. `find` leaves that to LeafRows.
 */
import { DecentDbError } from '../../base/errors.ts';
import { storedPosition, type TableDef } from '../../catalog/schema.ts';
import { isRow, lowerBound } from '../../tree/node-search.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import type { Slot } from '../physical.ts';
import { type LeafRowColumns, LeafRows } from './leaf-rows.ts';
import { tableTree } from './stored-trees.ts';

export class RowFetcher {
  private readonly table: TableDef;
  private readonly columns: LeafRowColumns;
  private readonly position = new TreePosition();
  private readonly key: Datum[] = [null];

  /** `columns` as in ScanNode. */
  constructor(table: TableDef, columns: readonly number[], slots: readonly Slot[], view: ReadView) {
    this.table = table;
    this.columns = {
      tree: tableTree(table),
      view,
      slots,
      positions: columns.map((column) => (column === -2 ? -2 : storedPosition(table, column))),
      constant: table.id,
    };
  }

  fetch(rowIds: ArrayLike<Datum>, count: number): Batch {
    const rows = this.places(rowIds, count);
    return Batch.of(
      this.columns.slots.map((_, k) => rows.load(k)),
      count,
    );
  }

  /** As {@link fetch}, columns copied when first read where nobody writes. */
  find(rowIds: ArrayLike<Datum>, count: number): Batch {
    return this.places(rowIds, count).batch();
  }

  /** Where the rows are. */
  places(rowIds: ArrayLike<Datum>, count: number): LeafRows {
    const rows = new LeafRows(this.columns, count);
    let leaf: TreeNode | null = null;
    for (let i = 0; i < count; i++) {
      this.key[0] = rowIds[i]!;
      leaf = leaf !== null && this.isInLeaf(leaf) ? leaf : this.descend();
      rows.add(leaf, this.position.index);
    }
    return rows;
  }

  /** Whether the key is a row of the leaf; sets the position. */
  private isInLeaf(leaf: TreeNode): boolean {
    const index = lowerBound(leaf, this.key, 1, 0);
    this.position.index = index;
    return isRow(leaf, index, this.key, 1);
  }

  private descend(): TreeNode {
    const { tree, view } = this.columns;
    if (!tree.get(view, this.key, this.position)) {
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
}
