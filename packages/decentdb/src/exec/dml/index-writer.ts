/**
 * One index following its table.
 *
 * I1  Uniqueness compares the key columns alone, never the row id, and sees the transaction's own writes.
 * I2  A key with a NULL conflicts with nothing, unless NULLS NOT DISTINCT.
 */

import type { DecentDbError } from '../../base/errors.ts';
import { notSupported } from '../../base/errors.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor } from '../../tree/tree-cursor.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import type { IndexTarget } from '../physical.ts';
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
  private readonly tree: Tree;
  private readonly view: WriteView;
  private readonly cursor: TreeCursor;
  private readonly keyTypes: readonly SqlType[];

  constructor(table: TableDef, target: IndexTarget, view: WriteView) {
    const { index } = target;
    if (index.method !== 'btree') throw notSupported(`writing to an index of method ${index.method}`);
    this.target = target;
    this.index = index;
    this.table = table;
    this.tree = indexTree(table, index);
    this.view = view;
    this.cursor = new TreeCursor(this.tree, view);
    this.keyTypes = target.keys.map((key) => key.type);
  }

  /** Whether row i has an entry. */
  covers(values: IndexValues, row: number): boolean {
    return values.covered === null || values.covered[row] === 1;
  }

  /** The tree's row for row i. */
  entry(values: IndexValues, row: number, rowId: Datum): Datum[] {
    const entry: Datum[] = values.vectors.map((vector) => datumAt(vector, row));
    entry.push(rowId);
    return entry;
  }

  /** Row id of a row whose key equals the entry's, other than `own`; null when there is none or none matters. */
  findConflict(entry: readonly Datum[], own: Datum): Datum {
    const { index } = this;
    if (!index.unique) return null;
    const width = index.keys.length;
    const key = entry.slice(0, width);
    if (!index.nullsNotDistinct && key.includes(null)) return null;
    const { cursor } = this;
    cursor.seekPrefix(key);
    while (cursor.next()) {
      const ids = cursor.vector(this.tree.schema.leaf.length - 1);
      for (let i = cursor.from; i < cursor.to; i++) {
        const id = datumAt(ids, i);
        if (id !== own) return id;
      }
    }
    return null;
  }

  violation(entry: readonly Datum[]): DecentDbError {
    const { index, table, keyTypes } = this;
    return uniqueViolation(
      table,
      index.name,
      indexKeyNames(table, index),
      entry.slice(0, keyTypes.length),
      keyTypes,
    );
  }

  insert(entry: readonly Datum[]): void {
    this.tree.insert(this.view, entry);
  }

  delete(entry: readonly Datum[]): void {
    this.tree.delete(this.view, entry);
  }
}
