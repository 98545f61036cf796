import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import { FaultyVfs, type HeldSync } from '../vfs/faulty/faulty-vfs.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { checkStorage } from './check-storage.ts';
import type { StorageEngine } from './engine.ts';
import { openStorage, type StorageHandle } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

async function turn(): Promise<void> {
  for (let i = 0; i < 24; i++) await Promise.resolve();
}

/** An engine whose syncs off the event loop end when the test says so. */
class Bench {
  readonly disk = new MemoryDisk();
  readonly vfs = new FaultyVfs(new MemoryVfs(this.disk));
  readonly held: HeldSync[] = [];
  readonly handle: StorageHandle;
  readonly engine: StorageEngine;
  readonly pages: PageNo[] = [];
  private deferred: (() => void)[] = [];

  constructor() {
    this.handle = openStorage('o.ddb', {
      vfs: this.vfs,
      pageSize: 512,
      walStepBytes: 512,
      walBytesMax: 4096,
      checkpointIntervalMs: 0,
      defer: (action) => void this.deferred.push(action),
    });
    this.engine = this.handle.engine;
    const txn = this.engine.beginWrite();
    for (let i = 0; i < 4; i++) this.pages.push(addPage(txn, 'start'));
    txn.commit();
    this.vfs.heldSyncs = this.held;
  }

  write(text: string): Promise<number> {
    const txn = this.engine.beginWrite({ onTip: true });
    for (const page of this.pages) setText(txn, page, text.padEnd(200, '.'));
    return txn.commitGrouped();
  }

  async pump(): Promise<void> {
    for (const action of this.deferred.splice(0)) action();
    await turn();
  }

  async finishSyncs(): Promise<void> {
    for (const sync of this.held.splice(0)) sync.finish();
    await turn();
  }

  /** Goes on until the running checkpoint waits for a sync of the page file. */
  async untilPageFileSyncs(): Promise<void> {
    for (let i = 0; !this.held.some(({ path }) => path === 'o.ddb'); i++) {
      assert.ok(i < 50, 'no checkpoint came');
      void this.write(`w${i}`);
      await this.pump();
      for (const sync of this.held.splice(0)) if (sync.path !== 'o.ddb') sync.finish();
      await turn();
      const { offLoop } = this.engine.checkpointer;
      offLoop.advance(100);
    }
  }

  get completed(): number {
    return this.engine.stats().checkpoint.completed;
  }

  textsAfterCrash(): string[] {
    const handle = openStorage('o.ddb', { vfs: new MemoryVfs(this.disk.clone()) });
    assert.deepEqual(checkStorage(handle.engine).problems, []);
    const read = handle.engine.beginRead();
    const texts = this.pages.map((page) => textOf(read, page));
    read.end();
    handle.close();
    return texts;
  }
}

test('AC-A1.3: commits that wait together and the checkpoints they drive never sync on the event loop', async () => {
  const bench = new Bench();
  const from = bench.vfs.trace.ops.length;
  for (let i = 0; i < 60; i++) {
    const done = bench.write(`w${i}`);
    await bench.pump();
    while (bench.held.length > 0) await bench.finishSyncs();
    assert.ok((await done) > 0);
  }
  const syncs = bench.vfs.trace.ops.slice(from).filter((op) => op.kind === 'sync');
  assert.ok(bench.completed >= 5, `${bench.completed} checkpoints`);
  assert.ok(syncs.length >= 60 + 3 * bench.completed, `${syncs.length} syncs`);
  assert.deepEqual(
    syncs.filter((op) => op.covers === undefined),
    [],
  );
  assert.equal(new Set(bench.textsAfterCrash()).size, 1);
  bench.handle.close();
});

test('AC-002.5: commits and readers go on while a sync of the page file is held up, and none of them is lost', async () => {
  const bench = new Bench();
  await bench.untilPageFileSyncs();
  const before = bench.completed;
  const log = bench.engine.currentLog()!;
  const page = bench.held.splice(0);
  const done = bench.write('meanwhile');
  await bench.pump();
  await bench.finishSyncs();
  assert.ok((await done) > 0, 'a commit is acknowledged while the page file syncs');
  assert.deepEqual(
    bench.textsAfterCrash(),
    bench.pages.map(() => 'meanwhile'.padEnd(200, '.')),
  );
  assert.notEqual(log.drainingLsn, undefined, 'the log is kept until the page file is on disk');
  for (const sync of page) sync.finish();
  await turn();
  while (bench.held.length > 0) await bench.finishSyncs();
  assert.equal(bench.completed, before + 1);
  assert.equal(log.drainingLsn, undefined);
  bench.handle.close();
});

test('D7: a sync of the page file that fails off the event loop ends writing, keeps the log, and is not tried again', async () => {
  const bench = new Bench();
  await bench.untilPageFileSyncs();
  const { held } = bench;
  // The sync that was begun before the plan met no fault; the header's is the next.
  bench.vfs.arm({ seed: 0, faults: [{ on: 'sync', call: 0, effect: { kind: 'error', errno: 'EIO' } }] });
  await bench.finishSyncs();
  assert.equal(held.length, 1);
  assert.equal(bench.engine.stats().isFailed, false, 'nobody knows yet');
  await bench.finishSyncs();
  assert.equal(bench.engine.stats().isFailed, true);
  assert.equal(held.length, 0);
  assert.throws(() => bench.engine.beginWrite(), { code: '58030' });
  const read = bench.engine.beginRead();
  const text = textOf(read, bench.pages[0]!);
  read.end();
  bench.handle.close();
  assert.equal(bench.vfs.openFiles, 0);
  assert.equal(bench.textsAfterCrash()[0], text);
});

test('I2: who cannot wait takes over a checkpoint that does, and what ends later changes nothing', async () => {
  const bench = new Bench();
  await bench.untilPageFileSyncs();
  const late = bench.held.splice(0);
  const before = bench.completed;
  bench.engine.checkpoint();
  const { completed } = bench;
  assert.ok(completed > before);
  for (const sync of late) sync.finish();
  await turn();
  assert.equal(bench.completed, completed);
  assert.equal(bench.engine.checkpoint(), false);
  bench.handle.close();
  assert.equal(bench.vfs.openFiles, 0);
});

test('closing while syncs run gives their descriptors back when they end', async () => {
  const bench = new Bench();
  await bench.untilPageFileSyncs();
  void bench.write('last');
  await bench.pump();
  const running = bench.held.length;
  assert.ok(running > 0);
  bench.handle.close();
  assert.equal(bench.vfs.openFiles, running);
  await bench.finishSyncs();
  assert.equal(bench.vfs.openFiles, 0);
  assert.equal(bench.textsAfterCrash()[0], 'last'.padEnd(200, '.'));
});

test('without a second descriptor the checkpoint syncs where it is', async () => {
  const bench = new Bench();
  const openFile = bench.vfs.open.bind(bench.vfs);
  bench.vfs.open = (path, mode) => {
    if (bench.completed === 0 && path === 'o.ddb') throw new RangeError('too many open files');
    return openFile(path, mode);
  };
  for (let i = 0; bench.completed === 0; i++) {
    assert.ok(i < 50, 'no checkpoint came');
    void bench.write(`w${i}`);
    await bench.pump();
    await bench.finishSyncs();
  }
  bench.handle.close();
});

test('a whole checkpoint of the asynchronous interface ends at the newest commit, and tells of failures', async () => {
  const bench = new Bench();
  const giveWay = async (): Promise<void> => {
    await bench.pump();
    await bench.finishSyncs();
  };
  void bench.write('a');
  const running = bench.engine.checkpointAsync(1, giveWay);
  const finishing = (async () => {
    for (let i = 0; i < 40; i++) await giveWay();
  })();
  assert.equal(await running, true);
  await finishing;
  const { publishedLsn, checkpoint } = bench.engine.stats();
  assert.equal(checkpoint.checkpointedLsn, publishedLsn);
  const again = bench.engine.checkpointAsync(1, giveWay);
  assert.equal(await again, false);
  void bench.write('b');
  await giveWay();
  bench.vfs.arm({
    seed: 0,
    faults: [{ on: 'write', call: 0, sticky: true, effect: { kind: 'error', errno: 'ENOSPC' } }],
  });
  await assert.rejects(bench.engine.checkpointAsync(100, giveWay), { code: '53100' });
  bench.vfs.arm({ seed: 0, faults: [] });
  assert.equal(bench.engine.stats().isFailed, false);
  const last = bench.engine.checkpointAsync(100, giveWay);
  for (let i = 0; i < 40; i++) await giveWay();
  assert.equal(await last, true);
  bench.handle.close();
});

test('D6: a checkpoint that waits for the page file ends when the sync of a commit fails meanwhile: the log is not synced again', async () => {
  const bench = new Bench();
  await bench.untilPageFileSyncs();
  const { checkpointer } = bench.engine;
  const page = bench.held.splice(0);
  bench.vfs.arm({ seed: 0, faults: [{ on: 'sync', call: 0, effect: { kind: 'error', errno: 'EIO' } }] });
  const done = bench.write('not acknowledged');
  const waiting = bench.engine.checkpointAsync(10, turn);
  await bench.pump();
  await bench.finishSyncs();
  await assert.rejects(done, { code: '58030' });
  for (const sync of page) sync.finish();
  await assert.rejects(waiting, { code: '58030', message: /refuses writes/ });
  assert.equal((checkpointer.lastFailure as { code?: string }).code, '58030');
  assert.equal(checkpointer.isRunning, false);
  bench.handle.close();
  assert.equal(bench.vfs.openFiles, 0);
});

test('D6: in the turn in which a sync off the event loop fails, whoever wants to write is told so', async () => {
  for (const on of ['log', 'page file'] as const) {
    const bench = new Bench();
    const { engine } = bench;
    if (on === 'page file') await bench.untilPageFileSyncs();
    bench.vfs.arm({ seed: 0, faults: [{ on: 'sync', call: 0, effect: { kind: 'error', errno: 'EIO' } }] });
    if (on === 'log') {
      void bench.write('lost').catch(() => {});
      await bench.pump();
    }
    let turns = 0;
    for (let i = 0; i < 48; i++) {
      for (const sync of bench.held.splice(0)) sync.finish();
      await Promise.resolve();
      if (!engine.currentLog()!.isFailed && !engine.pages.pageFile.hasFailedSync) continue;
      turns++;
      assert.throws(() => engine.beginWrite(), { code: '58030', message: /refuses writes/ });
    }
    assert.ok(turns > 2, on);
    bench.handle.close();
  }
});

test('D6: a commit in the log is not called lost when the one behind it cannot be taken back: only opening again tells', async () => {
  const unknown = { code: '58030', detail: /opened again/, hint: /Close the database/ };
  let failures = 0;
  for (let call = 0; call < 4; call++) {
    const bench = new Bench();
    const first = bench.write('in the log');
    await bench.pump();
    assert.equal(bench.held.length, 1);
    bench.vfs.arm({
      seed: 0,
      faults: [{ on: 'write', call, sticky: true, effect: { kind: 'error', errno: 'ENOSPC' } }],
    });
    const second = bench.write('behind it');
    const isLost = second.then(
      () => false,
      () => true,
    );
    let flushed: unknown;
    try {
      bench.engine.flush();
    } catch (error) {
      flushed = (error as { code?: string }).code;
    }
    if (bench.engine.currentLog()!.isFailed) {
      failures++;
      assert.equal(flushed, '58030');
      await assert.rejects(first, unknown);
      await assert.rejects(second, unknown);
      assert.throws(() => bench.engine.beginWrite(), { code: '58030', message: /refuses writes/ });
    } else await first;
    const kept = (await isLost) ? 'in the log' : 'behind it';
    assert.equal(bench.textsAfterCrash()[0], kept.padEnd(200, '.'));
    bench.vfs.arm({ seed: 0, faults: [] });
    bench.handle.close();
  }
  assert.ok(failures > 0);
});

test('D7: a commit in the log is not called lost either when a sync of the page file fails before its own ends', async () => {
  const bench = new Bench();
  await bench.untilPageFileSyncs();
  const done = bench.write('in the log');
  await bench.pump();
  assert.ok(bench.held.some(({ path }) => path !== 'o.ddb'));
  bench.vfs.arm({ seed: 0, faults: [{ on: 'sync', call: 0, effect: { kind: 'error', errno: 'ENOSPC' } }] });
  assert.throws(() => bench.engine.checkpoint(), { code: '53100' });
  await assert.rejects(done, { code: '58030', detail: /opened again/, message: /o\.ddb/ });
  assert.equal(bench.textsAfterCrash()[0], 'in the log'.padEnd(200, '.'));
  await bench.finishSyncs();
  bench.handle.close();
});

test('D6: a flush that waited for commits does not sync a log that has failed meanwhile', async () => {
  let refused = 0;
  for (let turns = 0; turns < 24; turns++) {
    const bench = new Bench();
    const first = bench.write('first');
    await bench.pump();
    const flushed = bench.engine.flushAsync();
    void bench.write('second').catch(() => {});
    bench.vfs.arm({ seed: 0, faults: [{ on: 'sync', call: 0, effect: { kind: 'error', errno: 'EIO' } }] });
    for (const sync of bench.held.splice(0)) sync.finish();
    for (let i = 0; i < turns; i++) await Promise.resolve();
    try {
      bench.engine.flush();
    } catch {
      refused++;
    }
    await bench.pump();
    while (bench.held.length > 0) await bench.finishSyncs();
    await flushed.catch((error) => assert.equal(error.code, '58030'));
    await first.catch((error) => assert.equal(error.code, '58030'));
    bench.handle.close();
  }
  assert.ok(refused > 0);
});

test('D6: closing in the turn in which a sync off the event loop fails leaves the files for recovery', async () => {
  let failures = 0;
  for (const on of ['log', 'page file'] as const) {
    for (let turns = 0; turns < 24; turns++) {
      const bench = new Bench();
      if (on === 'page file') await bench.untilPageFileSyncs();
      bench.vfs.arm({
        seed: 0,
        faults: [{ on: 'sync', call: 0, effect: { kind: 'error', errno: 'ENOSPC' } }],
      });
      let told: unknown;
      if (on === 'log') {
        void bench.write('asked').catch((error) => {
          told = error.code;
        });
        await bench.pump();
      }
      for (let i = 0; i < turns; i++) {
        for (const sync of bench.held.splice(0)) sync.finish();
        await Promise.resolve();
      }
      const { pageFile } = bench.engine.pages;
      const isFailed = pageFile.hasFailedSync || bench.engine.currentLog()!.isFailed;
      if (isFailed) failures++;
      else bench.vfs.arm({ seed: 0, faults: [] });
      bench.handle.close();
      await turn();
      if (on === 'log') assert.equal(told, isFailed ? '58030' : undefined);
      for (const sync of bench.held.splice(0)) sync.finish();
      assert.equal(new Set(bench.textsAfterCrash()).size, 1);
    }
  }
  assert.ok(failures > 10);
});
