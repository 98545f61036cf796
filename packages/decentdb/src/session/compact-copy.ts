/**
 * A compact copy: every table, index and sequence value of one snapshot, written anew into an empty database.
 *
 * Trees are filled in key order, so their pages come out full and one behind the other; free pages do not come along.
 *
 * I1  Rows are carried over as they are stored: no default, check or trigger runs, ids of objects and rows stay.
 * I2  Only page numbers differ: the catalogue of the copy is the snapshot's with new roots.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { RowField, RowKind } from '../catalog/catalog-rows.ts';
import { CatalogStore, catalogTree } from '../catalog/catalog-store.ts';
import { asRewritten, type IndexDef, type TableDef } from '../catalog/schema.ts';
import { searchTrees } from '../exec/storage/search-stores.ts';
import { indexTree, tableTree } from '../exec/storage/stored-trees.ts';
import { META_COUNTERS } from '../pager/meta.ts';
import { copyTree } from '../tree/copy-tree.ts';
import { TreeCursor } from '../tree/tree-cursor.ts';
import type { StorageEngine } from '../txn/engine.ts';
import type { ReadTxn } from '../txn/read-txn.ts';
import type { WriteTxn } from '../txn/write-txn.ts';
import type { Datum } from '../types/vector.ts';
import { SharedDatabase } from './shared-database.ts';

/** Writes all that `source` holds now into `target`, which is empty, as one commit. Returns the rows of tables copied. */
export function compactCopy(
  source: StorageEngine,
  target: StorageEngine,
  onTable: (name: string, rows: number) => void,
): number {
  const read = source.beginRead();
  try {
    const write = target.beginWrite();
    try {
      const rows = copyAll(SharedDatabase.of(source).store.load(read, read.meta), read, write, onTable);
      write.commit();
      return rows;
    } catch (error) {
      write.rollback();
      throw error;
    }
  } finally {
    read.end();
  }
}

function copyAll(
  catalog: Catalog,
  read: ReadTxn,
  write: WriteTxn,
  onTable: (name: string, rows: number) => void,
): number {
  for (let i = 0; i < META_COUNTERS; i++) write.setCounter(i, read.meta.counters[i] ?? 0);
  if (read.meta.catalogRoot === 0) return 0;
  let moved = catalog;
  let total = 0;
  for (const table of catalog.tables.values()) {
    const { root, rows } = copyTree(tableTree(table), read, write);
    const indexes = table.indexes.map((index) => copyIndex(table, index, read, write));
    moved = moved.withTable({ ...asRewritten(table), root, indexes });
    total += rows;
    onTable(table.name, rows);
  }
  write.setSchemaCookie(read.meta.schemaCookie);
  new CatalogStore().save(write, moved, moved);
  copySequenceValues(read, write);
  return total;
}

function copyIndex(table: TableDef, index: IndexDef, read: ReadTxn, write: WriteTxn): IndexDef {
  if (index.method === 'btree')
    return { ...index, root: copyTree(indexTree(table, index), read, write).root };
  const { postings, pending } = searchTrees(index);
  return {
    ...index,
    root: copyTree(postings, read, write).root,
    pendingRoot: copyTree(pending, read, write).root,
  };
}

/** Values of sequences are rows of the catalogue's tree that its definitions do not tell of. */
function copySequenceValues(read: ReadTxn, write: WriteTxn): void {
  const source = catalogTree(read.meta.catalogRoot);
  const target = catalogTree(write.meta.catalogRoot);
  const cursor = new TreeCursor(source, read);
  cursor.seekPrefix([RowKind.sequenceValue]);
  while (cursor.next()) {
    const { leaf } = cursor;
    if (leaf === null) break;
    for (let i = cursor.from; i < cursor.to; i++) {
      const row: Datum[] = [];
      for (let c = 0; c <= RowField.definition; c++) row.push(source.datum(read, leaf, i, c));
      target.insert(write, row);
    }
  }
}
