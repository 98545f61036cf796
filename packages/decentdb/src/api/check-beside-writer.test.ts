/** A check of a file that another process writes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { openSync } from './database.ts';

test('a check of a file that a writer has changed since says so, and calls nothing damaged', () => {
  const disk = new MemoryDisk();
  openSync('w.ddb', { vfs: new MemoryVfs(disk) })
    .exec('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 2000)')
    .close();
  const reader = openSync('w.ddb', { vfs: new MemoryVfs(disk), mode: 'readOnly' });
  assert.deepEqual(reader.check().findings, []);
  const elsewhere = disk.clone();
  const writer = openSync('w.ddb', { vfs: new MemoryVfs(elsewhere) });
  writer.exec('DELETE FROM t WHERE id > 10');
  writer.close();
  const bytesOf = (from: MemoryDisk): Uint8Array => from.files.get('w.ddb')!.bytes();
  const written = bytesOf(elsewhere);
  bytesOf(disk).set(written.subarray(0, bytesOf(disk).length));
  assert.throws(() => reader.check(), { code: '55000', message: /changed by a writer/ });
  reader.close();
});
