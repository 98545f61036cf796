import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import type { CheckpointStep } from '../wal/checkpoint.ts';
import { checkStorage } from './check-storage.ts';
import type { StorageEngine } from './engine.ts';
import { openStorage } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

const SMALL = { pageSize: 512, walStepBytes: 1024 } as const;
const PAGES = 5;

function filled(
  disk: MemoryDisk,
  vfs = new MemoryVfs(disk),
): { engine: StorageEngine; close: () => void; pages: PageNo[] } {
  const { engine, close } = openStorage('k.ddb', { ...SMALL, vfs });
  const txn = engine.beginWrite();
  const pages = Array.from({ length: PAGES }, (_, i) => addPage(txn, `p${i}`));
  txn.commit();
  return { engine, close, pages };
}

function commit(engine: StorageEngine, page: PageNo, text: string): void {
  const txn = engine.beginWrite();
  setText(txn, page, text);
  txn.commit();
}

function texts(engine: StorageEngine, pages: readonly PageNo[]): string[] {
  const read = engine.beginRead();
  try {
    return pages.map((page) => textOf(read, page));
  } finally {
    read.end();
  }
}

/** Every step of a checkpoint that copies one page a slice, by number and name. */
function steps(): CheckpointStep[] {
  const { engine, close } = filled(new MemoryDisk());
  const seen: CheckpointStep[] = [];
  engine.checkpointer.onStep = (step) => seen.push(step);
  while (engine.checkpointStep(1));
  close();
  return seen;
}

test('AC-002.3: a commit at every step of a checkpoint, a crash at every later step: nothing acknowledged is lost', () => {
  const names = steps();
  assert.deepEqual(names.slice(-6), ['copy', 'extend', 'sync', 'header', 'headerSync', 'secondSync']);
  assert.ok(names.length >= 8);
  let crashes = 0;
  for (const withReader of [false, true]) {
    for (let commitAt = 0; commitAt < names.length; commitAt++) {
      for (let crashAt = commitAt; crashAt <= names.length; crashAt++) {
        const disk = new MemoryDisk();
        const { engine, close, pages } = filled(disk);
        const reader = withReader ? engine.beginRead() : undefined;
        let image: MemoryDisk | undefined;
        let step = 0;
        engine.checkpointer.onStep = () => {
          if (step === commitAt) commit(engine, pages[commitAt % PAGES]!, `during ${commitAt}`);
          if (step === crashAt) image = disk.clone();
          step++;
        };
        while (engine.checkpointStep(1));
        image ??= disk.clone();
        const expected = texts(engine, pages);
        assert.equal(expected[commitAt % PAGES], `during ${commitAt}`);
        if (reader !== undefined)
          assert.equal(textOf(reader, pages[commitAt % PAGES]!), `p${commitAt % PAGES}`);
        engine.checkpointer.onStep = undefined;
        close();
        for (const survivor of [image, disk]) {
          const again = openStorage('k.ddb', { ...SMALL, vfs: new MemoryVfs(survivor) });
          assert.deepEqual(
            texts(again.engine, pages),
            expected,
            `commit at ${commitAt}, crash at ${crashAt}`,
          );
          assert.deepEqual(checkStorage(again.engine).problems, []);
          again.close();
          crashes++;
        }
      }
    }
  }
  assert.ok(crashes >= 128, `${crashes} crashes`);
});

test('AC-002.7: after a checkpoint the index holds exactly the commits above the copied LSN', () => {
  const { engine, close, pages } = filled(new MemoryDisk());
  let isDone = false;
  engine.checkpointer.onStep = (step) => {
    if (step !== 'sync' || isDone) return;
    isDone = true;
    commit(engine, pages[1]!, 'late');
    commit(engine, pages[3]!, 'later');
  };
  engine.checkpoint();
  const { index } = engine.pages;
  const { checkpointedLsn } = engine.stats().checkpoint;
  assert.equal(index.entries, 2);
  assert.deepEqual([...index.pagesThrough(engine.publishedMeta().lsn)], [pages[1], pages[3]]);
  for (const page of [pages[1]!, pages[3]!]) assert.ok(index.lsnAt(index.latest(page)) > checkpointedLsn);
  close();
});

test('AC-002.8: a checkpoint with nothing to do makes no call', () => {
  const disk = new MemoryDisk();
  const vfs = new FaultyVfs(new MemoryVfs(disk));
  const { engine, close } = openStorage('k.ddb', { ...SMALL, vfs });
  assert.equal(engine.checkpoint(), false);
  const txn = engine.beginWrite();
  addPage(txn, 'x');
  txn.commit();
  assert.equal(engine.checkpoint(), true);
  const before = vfs.schedule.calls('any');
  assert.equal(engine.checkpoint(), false);
  assert.equal(vfs.schedule.calls('any'), before);
  close();
});

test('the log stays bounded under an endless stream of writes, with and without readers that come and go', () => {
  for (const readEvery of [0, 7]) {
    const { engine, close } = openStorage('k.ddb', {
      ...SMALL,
      vfs: new MemoryVfs(),
      walBytesMax: 16 * 1024,
    });
    const txn = engine.beginWrite();
    const pages = Array.from({ length: 30 }, (_, i) => addPage(txn, `p${i}`));
    txn.commit();
    let reader = engine.beginRead();
    for (let i = 0; i < 5000; i++) {
      commit(engine, pages[i % 30]!, `v${i}`.padEnd(300, '.'));
      if (readEvery > 0 && i % readEvery === 0) {
        reader.end();
        reader = engine.beginRead();
      }
      if (readEvery === 0) reader.end();
      assert.ok(engine.stats().log!.fileBytes < 80 * 1024, `${engine.stats().log!.fileBytes} bytes at ${i}`);
    }
    assert.ok(engine.stats().checkpoint.completed > 50);
    reader.end();
    close();
  }
});

test('AC-P3.2: the memory of the page-version index starts a checkpoint', () => {
  const { engine, close } = openStorage('k.ddb', {
    ...SMALL,
    vfs: new MemoryVfs(),
    walBytesMax: 1 << 30,
    indexBytesMax: 200_000,
  });
  for (let i = 0; i < 60; i++) {
    const txn = engine.beginWrite();
    for (let p = 0; p < 300; p++) addPage(txn, 'x');
    txn.commit();
    assert.ok(engine.stats().index.memoryBytes < 500_000);
  }
  assert.ok(engine.stats().checkpoint.completed > 0);
  close();
});

test('AC-A1.2 ARCH-001: the lock order is checked, and a violation fires', () => {
  const { engine, close } = filled(new MemoryDisk());
  const { locks } = engine;
  locks.acquire('log');
  assert.throws(() => locks.acquire('checkpoint'), {
    code: 'XX000',
    message: /"checkpoint" taken while "log" held/,
  });
  assert.throws(() => locks.acquire('log'), { code: 'XX000' });
  locks.release('log');
  assert.throws(() => locks.release('log'), { code: 'XX000' });
  assert.deepEqual(engine.stats().locksHeld, []);
  close();
});

test('no byte of the heap reaches a file: pages and log hold zeros where nothing was put', () => {
  const disk = new MemoryDisk();
  const marker = 'BLEED-MARKER';
  const litter = Array.from({ length: 200 }, () => Buffer.from(marker.repeat(40)));
  const { engine, close, pages } = filled(disk);
  for (let i = 0; i < 20; i++) commit(engine, pages[i % PAGES]!, `${i}`.repeat(1 + ((i * 37) % 200)));
  engine.checkpoint();
  assert.equal(litter.length, 200);
  for (const [path, file] of disk.files) {
    assert.equal(Buffer.from(file.bytes()).includes(marker), false, path);
  }
  close();
});
