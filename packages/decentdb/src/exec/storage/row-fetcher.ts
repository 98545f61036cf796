/**
 * Fetches rows of a table by row id, a batch at a time.
 *
 * I1  Rows come out in the order of the ids given; ids that are not there are an index entry without a row: corruption.
 * I2  Ids that follow each other in one leaf share the descent; their columns are copied together.
 * I3  `fetch` copies all columns at once: its batch stays good while the table is changed. `find` leaves that to LeafRows.
 */
import { DecentDbError } from '../../base/errors.ts';
import { storedPosition, type TableDef } from '../../catalog/schema.ts';
import type { RowSet } from '../../search/trigram/row-set.ts';
import { isRow, lowerBound } from '../../tree/node-search.ts';
import { TreeCursor } from '../../tree/tree-cursor.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import { isWriteView, type ReadView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import type { Slot } from '../physical.ts';
import { type LeafRowColumns, LeafRows } from './leaf-rows.ts';
import { tableTree } from './stored-trees.ts';

/** Fewer rows are looked up one by one. */
const WALK_LEAST = 16;

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

  /** As {@link places} of ascending ids: where most leaves on the way have some of them, these are walked, and read ahead. */
  placesInOrder(rowIds: RowSet): LeafRows {
    const { tree, view } = this.columns;
    const count = rowIds.length;
    if (count < WALK_LEAST || isWriteView(view)) return this.places(rowIds, count);
    const ends = [rowIds[0]!, rowIds[count - 1]!] as const;
    this.key[0] = ends[0];
    if (ends[1] - ends[0] > count * this.descend().count) return this.places(rowIds, count);
    const rows = new LeafRows(this.columns, count);
    const cursor = new TreeCursor(tree, view);
    cursor.seek({ lower: [ends[0]], lowerInclusive: true, upper: [ends[1]], upperInclusive: true });
    let i = 0;
    while (i < count && cursor.next()) {
      const leaf = cursor.leaf!;
      for (; i < count; i++) {
        this.key[0] = rowIds[i]!;
        const index = lowerBound(leaf, this.key, 1, 0);
        if (index >= leaf.count) break;
        if (!isRow(leaf, index, this.key, 1)) throw this.missing();
        rows.add(leaf, index);
      }
    }
    if (i < count) throw this.missing();
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
    if (!tree.get(view, this.key, this.position)) throw this.missing();
    return this.position.leaf!;
  }

  private missing(): DecentDbError {
    return new DecentDbError(
      'XX002',
      `an index of table "${this.table.name}" refers to a row that does not exist`,
      {
        table: this.table.name,
        detail: `The row id is ${String(this.key[0])}.`,
        hint: 'Run "decentdb check", then REINDEX the table.',
      },
    );
  }
}
