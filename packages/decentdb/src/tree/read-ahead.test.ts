import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecentDbError } from '../base/errors.ts';
import type { PageNo } from '../base/ids.ts';
import type { StorageEngine } from '../txn/engine.ts';
import { openStorage } from '../txn/open-storage.ts';
import { type ColumnSpec, Physical } from '../types/vector.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import type { OpenMode, VfsFile } from '../vfs/vfs.ts';
import type { TreeSchema } from './node-schema.ts';
import { createTree, Tree } from './tree.ts';
import { TreeCursor, WHOLE_TREE } from './tree-cursor.ts';

const PATH = 'a.ddb';
const PAGE_BYTES = 512;
const ROWS = 5000;
const int32: ColumnSpec = { physical: Physical.int32 };
const text: ColumnSpec = { physical: Physical.text };
const SCHEMA: TreeSchema = { columns: [int32, text], keyCount: 1 };

/** Counts transfers of the page file. */
class CountingVfs extends MemoryVfs {
  reads = 0;

  override open(path: string, mode: OpenMode): VfsFile {
    const file = super.open(path, mode);
    if (path !== PATH) return file;
    const readAt = file.readAt.bind(file);
    file.readAt = (target, offset) => {
      this.reads++;
      return readAt(target, offset);
    };
    return file;
  }
}

function rowsOf(
  engine: StorageEngine,
  most = Number.POSITIVE_INFINITY,
): { rows: string[]; error: string | null } {
  const view = engine.beginRead();
  const cursor = new TreeCursor(new Tree(view.meta.counters[0]! as PageNo, SCHEMA, 'things_pkey'), view);
  const rows: string[] = [];
  let error: string | null = null;
  try {
    cursor.seek(WHOLE_TREE);
    while (rows.length < most && cursor.next())
      for (let row = cursor.from; row < cursor.to; row++)
        rows.push(`${String(cursor.leaf!.cell(0, row))} ${String(cursor.leaf!.cell(1, row))}`);
  } catch (thrown) {
    error = (thrown as DecentDbError).code;
  } finally {
    view.end();
  }
  return { rows, error };
}

function made(): MemoryDisk {
  const disk = new MemoryDisk();
  const { engine, close } = openStorage(PATH, { pageSize: PAGE_BYTES, vfs: new MemoryVfs(disk) });
  const txn = engine.beginWrite();
  const root = createTree(txn, SCHEMA);
  const tree = new Tree(root, SCHEMA, 'things_pkey');
  for (let i = 0; i < ROWS; i++) assert.ok(tree.insert(txn, [i, `row ${i}`]));
  txn.setCounter(0, root);
  txn.commit();
  engine.checkpoint();
  close();
  return disk;
}

const wanted = Array.from({ length: ROWS }, (_, i) => `${i} row ${i}`);

test('a walk reads leaves that follow one another together, and its first one alone', () => {
  const disk = made();
  const vfs = new CountingVfs(disk);
  const { engine, close } = openStorage(PATH, { mode: 'open', vfs });
  const before = vfs.reads;
  assert.ok(rowsOf(engine, 1).rows.length > 0);
  assert.ok(vfs.reads - before <= 4, 'root, inner nodes and one leaf');
  vfs.reads = 0;
  assert.deepEqual(rowsOf(engine), { rows: wanted, error: null });
  const pages = engine.stats().pageCount;
  assert.ok(pages > 50 && vfs.reads < pages / 4, `${vfs.reads} reads of ${pages} pages`);
  vfs.reads = 0;
  assert.deepEqual(rowsOf(engine), { rows: wanted, error: null });
  assert.equal(vfs.reads, 0);
  close();
});

test('what is committed and not in the page file is never read from there', () => {
  const vfs = new MemoryVfs(made());
  const { engine, close } = openStorage(PATH, { mode: 'open', vfs });
  const txn = engine.beginWrite();
  const tree = new Tree(txn.meta.counters[0]! as PageNo, SCHEMA, 'things_pkey');
  const changed = wanted.slice();
  for (let i = 0; i < ROWS; i += 97) {
    tree.delete(txn, [i]);
    tree.insert(txn, [i, `new ${i}`]);
    changed[i] = `${i} new ${i}`;
  }
  txn.commit();
  engine.pages.cache.clear();
  assert.deepEqual(rowsOf(engine), { rows: changed, error: null });
  close();
});

test('damage among leaves read ahead is reported when the walk gets there', () => {
  const disk = made();
  const bytes = disk.files.get(PATH)!.bytes();
  const damaged = 60;
  bytes[damaged * PAGE_BYTES + 100]! ^= 1;
  disk.files.get(PATH)!.write(bytes, 0);
  const { engine, close } = openStorage(PATH, { mode: 'open', vfs: new MemoryVfs(disk) });
  const { rows, error } = rowsOf(engine);
  assert.equal(error, 'XX001');
  assert.ok(rows.length > 50 && rows.length < ROWS);
  assert.deepEqual(rows, wanted.slice(0, rows.length));
  close();
});
