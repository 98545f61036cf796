import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import type { VfsFile } from '../vfs/vfs.ts';
import { checkStorage } from './check-storage.ts';
import type { StorageEngine } from './engine.ts';
import { openStorage } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';
import type { WriteTxn } from './write-txn.ts';

setVerify(true);

/** Counts every call that could fail. */
class CountingVfs extends MemoryVfs {
  calls = 0;

  override open(path: string, mode: Parameters<MemoryVfs['open']>[1]): VfsFile {
    const file = super.open(path, mode);
    for (const name of ['writeAt', 'writeVectorAt', 'truncate', 'sync'] as const) {
      const original = file[name].bind(file) as (...args: unknown[]) => void;
      (file as unknown as Record<string, unknown>)[name] = (...args: unknown[]) => {
        this.calls++;
        original(...args);
      };
    }
    return file;
  }
}

function open(): { vfs: CountingVfs; engine: StorageEngine; close(): void; pages: PageNo[] } {
  const vfs = new CountingVfs();
  const handle = openStorage('r.ddb', { vfs, pageSize: 512, privateBytesMax: 2000, walStepBytes: 1 << 16 });
  const txn = handle.engine.beginWrite();
  const pages = Array.from({ length: 30 }, (_, i) => addPage(txn, `committed ${i}`));
  txn.commit();
  return { vfs, engine: handle.engine, close: () => handle.close(), pages };
}

function changeMuch(txn: WriteTxn, pages: readonly PageNo[]): void {
  for (const [i, page] of pages.entries()) {
    setText(txn, page, `changed ${i}`.padEnd(200, '.'));
    txn.relieve();
  }
  txn.free(pages[0]!);
  addPage(txn, 'another');
  txn.setCatalogRoot(pages[5]!);
  txn.setSchemaCookie(77);
  txn.setCounter(0, 99);
}

test('AC-003.1: at every step of a rollback readers see what was committed', () => {
  const { engine, pages, close } = open();
  let looks = 0;
  const look = (): void => {
    looks++;
    const read = engine.beginRead();
    for (const [i, page] of pages.entries()) assert.equal(textOf(read, page), `committed ${i}`);
    assert.equal(read.meta.schemaCookie, 0);
    read.end();
  };
  for (const name of ['dropSpill', 'endWrite'] as const) {
    const original = engine[name].bind(engine);
    engine[name] = (txn: WriteTxn) => {
      look();
      original(txn);
      look();
    };
  }
  const txn = engine.beginWrite();
  const mark = txn.savepoint();
  changeMuch(txn, pages);
  look();
  txn.rollbackTo(mark);
  look();
  changeMuch(txn, pages);
  txn.rollback();
  assert.ok(looks >= 6);
  assert.throws(() => textOf(txn, pages[0]!), { code: '25000' });
  close();
});

for (const way of ['rollback', 'savepoint', 'failed commit', 'exception', 'close'] as const) {
  test(`AC-003.2: after a ${way} the cache holds nothing uncommitted and the state is that before`, () => {
    const { engine, pages, close } = open();
    const before = { ...engine.publishedMeta() };
    const txn = engine.beginWrite();
    const mark = txn.savepoint();
    changeMuch(txn, pages);
    if (way === 'rollback') txn.rollback();
    else if (way === 'savepoint') {
      txn.rollbackTo(mark);
      assert.equal(textOf(txn, pages[3]!), 'committed 3');
      assert.deepEqual({ ...txn.meta, lsn: before.lsn }, before);
      txn.rollback();
    } else if (way === 'failed commit') {
      const commit = engine.pipeline.commit;
      engine.pipeline.commit = () => {
        throw new RangeError('out of memory');
      };
      assert.throws(() => txn.commit(), RangeError);
      engine.pipeline.commit = commit;
    } else if (way === 'exception') {
      assert.throws(() => {
        try {
          throw new Error('in a callback');
        } finally {
          txn.rollback();
        }
      });
    } else {
      close();
      assert.throws(() => txn.commit(), { code: '08003' });
      return;
    }
    assert.deepEqual(engine.publishedMeta(), before);
    for (const node of engine.pages.cache.slots) {
      if (node !== undefined) assert.ok(!node.isPrivate && node.lsn <= before.lsn);
    }
    assert.equal(engine.overlay.size, 0);
    assert.deepEqual(checkStorage(engine).problems, []);
    const next = engine.beginWrite();
    setText(next, pages[0]!, 'next');
    next.commit();
    close();
  });
}

test('AC-003.4: a rollback calls nothing that could fail', () => {
  const { vfs, engine, pages, close } = open();
  const txn = engine.beginWrite();
  changeMuch(txn, pages);
  assert.equal(txn.spill.isOpen, true);
  const before = vfs.calls;
  txn.rollback();
  assert.equal(vfs.calls, before);
  close();
});
