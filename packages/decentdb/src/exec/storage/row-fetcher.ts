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
import { SearchForm } from '../../tree/search-form.ts';
import { TreeCursor } from '../../tree/tree-cursor.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import { isWriteView, type ReadView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import type { Datum } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import type { Slot } from '../physical.ts';
import { LeafFinder } from './leaf-finder.ts';
import { type LeafRowColumns, LeafRows } from './leaf-rows.ts';
import { tableTree } from './stored-trees.ts';

/** Fewer rows are looked up one by one. */
const WALK_LEAST = 16;

export class RowFetcher {
  private readonly table: TableDef;
  private readonly columns: LeafRowColumns;
  private readonly position = new TreePosition();
  private readonly key: Datum[] = datumList(1);

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
    if (count === 0 || isWriteView(view)) return this.places(rowIds, count);
    const finder = new LeafFinder(tree, view);
    const leaf = finder.leafOf(rowIds[0]!);
    return count < WALK_LEAST || rowIds[count - 1]! - rowIds[0]! > count * leaf.count
      ? this.search(rowIds, leaf, finder)
      : this.walk(rowIds);
  }

  /** Rows far apart. `first`: the leaf of the first. */
  private search(rowIds: RowSet, first: TreeNode, finder: LeafFinder): LeafRows {
    const count = rowIds.length;
    const rows = new LeafRows(this.columns, count);
    let leaf = first;
    for (let i = 0; i < count; ) {
      if (i > 0) leaf = finder.leafOf(rowIds[i]!);
      const from = i;
      i = this.addOf(leaf, rowIds, from, rows);
      if (i === from) throw this.missing();
    }
    return rows;
  }

  private walk(rowIds: RowSet): LeafRows {
    const { tree, view } = this.columns;
    const count = rowIds.length;
    const rows = new LeafRows(this.columns, count);
    const cursor = new TreeCursor(tree, view);
    const [lower, upper] = [[rowIds[0]!], [rowIds[count - 1]!]];
    cursor.seek({ lower, lowerInclusive: true, upper, upperInclusive: true });
    let i = 0;
    while (i < count && cursor.next()) i = this.addOf(cursor.leaf!, rowIds, i, rows);
    if (i < count) throw this.missing();
    return rows;
  }

  /** Adds the ids from place `from` on that are in a leaf, which has no room for others among them; returns the place behind. */
  private addOf(leaf: TreeNode, rowIds: RowSet, from: number, rows: LeafRows): number {
    const { key } = this;
    let i = from;
    key[0] = rowIds[i]!;
    let index = lowerBound(leaf, key, 1, 0);
    if (leaf.searchForm === SearchForm.dense) {
      // The place of an id is a difference.
      const base = leaf.keyBase;
      const end = base + leaf.count;
      if (rowIds[i]! < base) throw this.missing();
      for (; i < rowIds.length && rowIds[i]! < end; i++) rows.add(leaf, rowIds[i]! - base);
      key[0] = i < rowIds.length ? rowIds[i]! : null;
      return i;
    }
    while (index < leaf.count) {
      if (!isRow(leaf, index, key, 1)) throw this.missing();
      rows.add(leaf, index);
      if (++i === rowIds.length) break;
      key[0] = rowIds[i]!;
      index = lowerBound(leaf, key, 1, index);
    }
    return i;
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
