/**
 * A compact copy: every table, index and sequence value of one snapshot, written anew into an empty database.
 *
 * Trees are filled in key order, so their pages come out full and one behind the other; free pages do not come along.
 *
 * I1  Rows are carried over as they are stored: no default, check or trigger runs, ids of objects and rows stay.
 * I2  Only page numbers differ: the catalogue of the copy is the snapshot's with new roots.
 * I3  The copy is committed and brought to its file piece by piece, so that its log stays short. The catalogue comes last: before it
 *     is there, the copy is of no use.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { RowField, RowKind } from '../catalog/catalog-rows.ts';
import { CatalogStore, catalogTree } from '../catalog/catalog-store.ts';
import { asRewritten, type IndexDef, type TableDef } from '../catalog/schema.ts';
import { searchTrees } from '../exec/storage/search-stores.ts';
import { indexTree, tableTree } from '../exec/storage/stored-trees.ts';
import { META_COUNTERS } from '../pager/meta.ts';
import { type CopiedTree, copyTreeSteps } from '../tree/copy-tree.ts';
import type { Tree } from '../tree/tree.ts';
import { TreeCursor } from '../tree/tree-cursor.ts';
import type { StorageEngine } from '../txn/engine.ts';
import type { ReadTxn } from '../txn/read-txn.ts';
import type { WriteTxn } from '../txn/write-txn.ts';
import type { Datum } from '../types/vector.ts';
import { SharedDatabase } from './shared-database.ts';

/** Rows of tables and entries of indexes. */
export interface CopyStep {
  readonly done: number;
  readonly total: number;
}

/** Bytes of pages written between two commits of the copy (I3). */
const PIECE_BYTES = 4 << 20;

/**
 * Writes all that `source` holds now into `target`, which is empty, step by step. Returns the rows of tables copied. Given up between
 * two steps, `target` is of no use. `isCounting`: the steps' totals are wanted.
 */
export function* compactCopy(
  source: StorageEngine,
  target: StorageEngine,
  onTable: (name: string, rows: number) => void,
  isCounting: boolean,
): Generator<CopyStep, number> {
  const read = source.beginRead();
  try {
    const writer = new PieceWriter(target);
    try {
      const catalog = SharedDatabase.of(source).store.load(read, read.meta);
      const rows = yield* copyAll(catalog, read, writer, onTable, isCounting);
      writer.write.commit();
      return rows;
    } finally {
      if (writer.write.isActive) writer.write.rollback();
    }
  } finally {
    read.end();
  }
}

/** The transactions that the copy is written in, one after the other (I3). */
class PieceWriter {
  write: WriteTxn;
  readonly #target: StorageEngine;
  readonly #piecePages: number;
  #pagesBefore = 0;

  constructor(target: StorageEngine) {
    this.#target = target;
    this.#piecePages = Math.ceil(PIECE_BYTES / target.pageBytes);
    this.write = target.beginWrite();
  }

  /** Called where nothing of the copy is held. */
  readonly pause = (): WriteTxn => {
    const { pageCount } = this.write.meta;
    if (pageCount - this.#pagesBefore < this.#piecePages) {
      this.write.relieve();
      return this.write;
    }
    this.#pagesBefore = pageCount;
    this.write.commit();
    this.#target.checkpoint();
    this.write = this.#target.beginWrite();
    return this.write;
  };
}

function* copyAll(
  catalog: Catalog,
  read: ReadTxn,
  writer: PieceWriter,
  onTable: (name: string, rows: number) => void,
  isCounting: boolean,
): Generator<CopyStep, number> {
  for (let i = 0; i < META_COUNTERS; i++) writer.write.setCounter(i, read.meta.counters[i] ?? 0);
  if (read.meta.catalogRoot === 0) return 0;
  let moved = catalog;
  let rowsCopied = 0;
  let done = 0;
  const tables = [...catalog.tables.values()];
  const total = isCounting ? entriesOf(tables, read) : 0;
  function* copied(tree: Tree): Generator<CopyStep, CopiedTree> {
    const steps = copyTreeSteps(tree, read, writer.write, writer.pause);
    const before = done;
    for (;;) {
      const step = steps.next();
      if (step.done === true) {
        done = before + step.value.rows;
        return step.value;
      }
      done += step.value;
      yield { done, total };
    }
  }
  for (const table of tables) {
    const { root, rows } = yield* copied(tableTree(table));
    const indexes: IndexDef[] = [];
    for (const index of table.indexes) {
      const [first, second] = treesOf(table, index);
      const copy = { ...index, root: (yield* copied(first)).root };
      indexes.push(second === undefined ? copy : { ...copy, pendingRoot: (yield* copied(second)).root });
    }
    moved = moved.withTable({ ...asRewritten(table), root, indexes });
    rowsCopied += rows;
    onTable(table.name, rows);
  }
  const { write } = writer;
  write.setSchemaCookie(read.meta.schemaCookie);
  new CatalogStore().save(write, moved, moved);
  copySequenceValues(read, write);
  return rowsCopied;
}

/** Counting visits every leaf, so it is done for those who ask. */
function entriesOf(tables: readonly TableDef[], read: ReadTxn): number {
  let entries = 0;
  for (const table of tables)
    for (const tree of [tableTree(table), ...table.indexes.flatMap((one) => treesOf(table, one))])
      if (tree !== undefined) entries += tree.rowCount(read);
  return entries;
}

/** The tree of an index; of a search index its postings, and what has not been merged into them. */
function treesOf(table: TableDef, index: IndexDef): readonly [Tree, Tree?] {
  if (index.method === 'btree') return [indexTree(table, index)];
  const { postings, pending } = searchTrees(index);
  return [postings, pending];
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
