/**
 * One index following its table.
 *
 * I1  Uniqueness compares the key columns alone, never the row id, and sees the transaction's own writes.
 * I2  A key with a NULL conflicts with nothing, unless NULLS NOT DISTINCT.
 * I3  A trigram index only gets a note of the row with its texts before the change; merges do the rest (search/trigram/).
 * I4  Entries of indexes that are not unique may be held back and applied together (tree/held-entries.ts).
 */

import { DecentDbError } from '../../base/errors.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type { SearchTrees } from '../../search/search-trees.ts';
import { HeldEntries } from '../../tree/held-entries.ts';
import { compareDatums } from '../../tree/key-order.ts';
import { Probe } from '../../tree/key-probe.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor } from '../../tree/tree-cursor.ts';
import type { TreePosition } from '../../tree/tree-position.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import type { SqlType, TypeSettings } from '../../types/sql-type.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import type { IndexTarget } from '../physical.ts';
import {
  isSearchIndex,
  noteSearchChange,
  searchMode,
  searchTexts,
  searchTrees,
} from '../storage/search-stores.ts';
import { indexTree } from '../storage/stored-trees.ts';
import { datumAt } from '../vectors.ts';
import { indexKeyNames, uniqueViolation } from './constraint-errors.ts';

/** Entry values of a batch of rows: key and included columns; `covered[i]` 0: row i is outside a partial index. */
export interface IndexValues {
  readonly vectors: readonly Vector[];
  readonly covered: Uint8Array | null;
}

export class IndexWriter {
  readonly target: IndexTarget;
  readonly index: IndexDef;
  private readonly table: TableDef;
  /** Null: not a tree of keys. */
  readonly tree: Tree | null;
  /** The store of a search index that is kept up to date; else null. */
  private readonly search: SearchTrees | null;
  private readonly noTexts: readonly null[];
  private isNoted: boolean = false;
  private readonly view: WriteView;
  private readonly cursor: TreeCursor | null;
  private readonly keyTypes: readonly SqlType[];

  constructor(table: TableDef, target: IndexTarget, view: WriteView) {
    const { index } = target;
    const isSearch = isSearchIndex(index);
    this.target = target;
    this.index = index;
    this.table = table;
    this.tree = isSearch ? null : indexTree(table, index);
    this.search = isSearch && searchMode(index) !== 'disabled' ? searchTrees(index) : null;
    this.noTexts = index.keys.map(() => null);
    this.view = view;
    this.cursor = this.tree === null ? null : new TreeCursor(this.tree, view);
    this.keyTypes = target.keys.map((key) => key.type);
  }

  /** Whether row i has an entry. */
  covers(values: IndexValues, row: number): boolean {
    return values.covered === null || values.covered[row] === 1;
  }

  /** The tree's row for row i. */
  entry(values: IndexValues, row: number, rowId: Datum): Datum[] {
    const { vectors } = values;
    const entry = datumList(vectors.length + 1);
    for (let i = 0; i < vectors.length; i++) entry[i] = datumAt(vectors[i]!, row);
    entry[vectors.length] = rowId;
    return entry;
  }

  /** Row id of a row whose key equals the entry's, other than `own`; null when there is none or none matters. */
  findConflict(entry: readonly Datum[], own: Datum): Datum {
    const { index, cursor } = this;
    if (!index.unique || cursor === null) return null;
    const width = index.keys.length;
    if (!index.nullsNotDistinct) for (let i = 0; i < width; i++) if (entry[i] === null) return null;
    const { tree, view } = this;
    const found = tree!.probe(view, entry, width);
    if (found === Probe.free) return null;
    if (found === Probe.taken) {
      const { leaf, index: row } = tree!.duplicate;
      // Row ids are never kept elsewhere.
      const id = leaf!.cell(tree!.schema.leaf.length - 1, row) as Datum;
      if (id !== own) return id;
    }
    cursor.seekPrefix(entry.slice(0, width));
    while (cursor.next()) {
      const ids = cursor.vector(cursor.tree.schema.leaf.length - 1);
      for (let i = cursor.from; i < cursor.to; i++) {
        const id = datumAt(ids, i);
        if (id !== own) return id;
      }
    }
    return null;
  }

  /** Whether two new entries have the same key, of which there may be one. */
  isSameKey(a: readonly Datum[], b: readonly Datum[]): boolean {
    const { index, tree } = this;
    if (!index.unique || tree === null) return false;
    for (let i = 0; i < index.keys.length; i++) {
      if (!index.nullsNotDistinct && (a[i] === null || b[i] === null)) return false;
      if (compareDatums(tree.schema.leaf[i]!, a[i]!, b[i]!) !== 0) return false;
    }
    return true;
  }

  /** An entry of a new row that is there already: the index does not fit its table. */
  takenEntry(): DecentDbError {
    return new DecentDbError(
      'XX002',
      `index "${this.index.name}" has an entry for a row that did not exist`,
      {
        table: this.table.name,
        hint: 'Run "decentdb check", then REINDEX the table.',
      },
    );
  }

  /**
   * Throws 54000 when the entry is too large, 22003 when a search index cannot hold its row id: asked before the first write of a
   * statement that sets no savepoint.
   */
  checkSize(entry: readonly Datum[]): void {
    if (this.tree !== null) this.tree.checkKey(this.view, entry);
    else if (this.search !== null) this.searchRowId(entry);
  }

  violation(entry: readonly Datum[], settings: TypeSettings): DecentDbError {
    const { index, table, keyTypes } = this;
    return uniqueViolation(
      table,
      index.name,
      indexKeyNames(table, index),
      entry.slice(0, keyTypes.length),
      keyTypes,
      settings,
    );
  }

  insert(entry: readonly Datum[]): void {
    if (this.tree !== null) this.change(this.tree, entry, false);
    else this.note(entry, this.noTexts);
  }

  delete(entry: readonly Datum[]): void {
    if (this.tree !== null) this.change(this.tree, entry, true);
    else this.note(entry, searchTexts(this.index, entry.slice(0, -1)));
  }

  /** As {@link delete}, of an entry that was found at `position`, since when no entry of the index came or went. */
  deleteAt(entry: readonly Datum[], position: TreePosition): void {
    const { tree, view } = this;
    if (tree === null || !this.index.unique || !tree.deleteFound(view, position, entry)) this.delete(entry);
  }

  /** Makes a change of the tree, or has it made with others: keys that must be unique are looked at before each change. */
  private change(tree: Tree, entry: readonly Datum[], isDelete: boolean): void {
    const { view } = this;
    if (!this.index.unique && HeldEntries.of(view)?.hold(tree, entry, isDelete) === true) return;
    if (isDelete) tree.delete(view, entry);
    else tree.insert(view, entry);
  }

  /** Notes that a row of a search index changes; `before` are the texts it had in the index. */
  private note(entry: readonly Datum[], before: readonly (string | null)[]): void {
    if (this.search === null) return;
    this.search.noteChange(this.view, this.searchRowId(entry), before);
    if (this.isNoted) return;
    noteSearchChange(this.view, this.table, this.index);
    this.isNoted = true;
  }

  private searchRowId(entry: readonly Datum[]): number {
    const rowId = entry[entry.length - 1]!;
    if (typeof rowId === 'number') return rowId;
    throw new DecentDbError(
      '22003',
      `row id ${String(rowId)} is out of range for search index "${this.index.name}"`,
    );
  }
}
