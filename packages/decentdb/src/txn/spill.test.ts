import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { checkStorage } from './check-storage.ts';
import { openStorage } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

const OPTIONS = { pageSize: 512, walStepBytes: 4096, privateBytesMax: 20_000, cacheBytes: 20_000 } as const;

test('AC-P3.4: a transaction many times its memory spills and is right on commit, after a crash, and on rollback', () => {
  const disk = new MemoryDisk();
  const { engine, close } = openStorage('s.ddb', { ...OPTIONS, vfs: new MemoryVfs(disk) });
  const pages: PageNo[] = [];
  const txn = engine.beginWrite();
  const epoch = txn.epoch;
  for (let i = 0; i < 2000; i++) {
    pages.push(addPage(txn, `row ${i} `.padEnd(300, 'x')));
    txn.relieve();
  }
  assert.ok(txn.epoch > epoch + 10, 'whoever holds a node is told');
  for (let i = 0; i < 2000; i += 7) setText(txn, pages[i]!, `changed ${i}`);
  const expected = pages.map((_page, i) => (i % 7 === 0 ? `changed ${i}` : `row ${i} `.padEnd(300, 'x')));
  for (let i = 0; i < 2000; i++) assert.equal(textOf(txn, pages[i]!), expected[i]);
  assert.equal(engine.stats().index.entries, 0, 'nothing is visible before the commit');
  txn.commit();

  const crashed = disk.clone();
  for (const image of [crashed, disk]) {
    if (image === disk) close();
    const again = openStorage('s.ddb', { ...OPTIONS, vfs: new MemoryVfs(image) });
    const read = again.engine.beginRead();
    for (let i = 0; i < 2000; i++) assert.equal(textOf(read, pages[i]!), expected[i]);
    read.end();
    assert.deepEqual(checkStorage(again.engine).problems, []);

    const undone = again.engine.beginWrite();
    for (const page of pages) {
      setText(undone, page, 'never');
      undone.relieve();
    }
    undone.rollback();
    const next = again.engine.beginWrite();
    setText(next, pages[1]!, 'next');
    next.commit();
    const after = again.engine.beginRead();
    assert.equal(textOf(after, pages[0]!), expected[0]);
    assert.equal(textOf(after, pages[1]!), 'next');
    after.end();
    again.close();
  }
});

test('AC-P3.4: a spilled transaction that ends as it began leaves the log as it was', () => {
  const { engine, close } = openStorage('s.ddb', { ...OPTIONS, privateBytesMax: 0, vfs: new MemoryVfs() });
  let txn = engine.beginWrite();
  const page = addPage(txn, 'one');
  txn.commit();
  const { lastLsn, activeBytes } = engine.stats().log!;
  txn = engine.beginWrite();
  const mark = txn.savepoint();
  setText(txn, page, 'two');
  txn.relieve();
  txn.rollbackTo(mark);
  assert.equal(txn.commit(), 1);
  assert.deepEqual([engine.stats().log!.lastLsn, engine.stats().log!.activeBytes], [lastLsn, activeBytes]);
  txn = engine.beginWrite();
  setText(txn, page, 'three');
  assert.equal(txn.commit(), 2);
  close();
});
