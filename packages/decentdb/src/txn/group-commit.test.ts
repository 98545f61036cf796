import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import type { PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import type { VfsFile } from '../vfs/vfs.ts';
import { checkStorage } from './check-storage.ts';
import type { StorageEngine } from './engine.ts';
import { openStorage, type StorageHandle } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';
import type { WriteTxn } from './write-txn.ts';

setVerify(true);

const SEED = Number(process.env['SEED'] ?? 20262);

/** A memory disk whose asynchronous syncs wait until they are let go, and whose writes and syncs fail on demand. */
class GatedVfs extends MemoryVfs {
  readonly waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  failWrites = 0;
  syncs = 0;

  override open(path: string, mode: Parameters<MemoryVfs['open']>[1]): VfsFile {
    const file = super.open(path, mode);
    const { writeAt, sync } = file;
    file.writeAt = (bytes, offset) => {
      if (this.failWrites > 0 && path.includes('-wal-')) {
        this.failWrites--;
        throw new DecentDbError('53100', 'could not write file: no space left on device', {
          errno: 'ENOSPC',
        });
      }
      writeAt.call(file, bytes, offset);
    };
    file.sync = (kind) => {
      this.syncs++;
      sync.call(file, kind);
    };
    file.syncAsync = () => {
      this.syncs++;
      return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
    };
    return file;
  }
}

class Bench {
  readonly disk = new MemoryDisk();
  readonly vfs = new GatedVfs(this.disk);
  readonly deferred: (() => void)[] = [];
  readonly handle: StorageHandle;
  readonly engine: StorageEngine;
  readonly pages: PageNo[] = [];

  constructor(pageCount = 3) {
    this.handle = openStorage('m.ddb', {
      vfs: this.vfs,
      pageSize: 512,
      walBytesMax: 4096,
      defer: (action) => void this.deferred.push(action),
    });
    this.engine = this.handle.engine;
    const txn = this.engine.beginWrite();
    for (let i = 0; i < pageCount; i++) this.pages.push(addPage(txn, 'start'));
    txn.commit();
  }

  runDeferred(): void {
    for (const action of this.deferred.splice(0)) action();
  }

  async letSyncsGo(): Promise<void> {
    for (const { resolve } of this.vfs.waiting.splice(0)) resolve();
    await turn();
  }

  write(change: (txn: WriteTxn) => void): Promise<number> {
    const txn = this.engine.beginWrite({ onTip: true });
    change(txn);
    return txn.commitGrouped();
  }

  seen(page = 0): string {
    const read = this.engine.beginRead();
    try {
      return textOf(read, this.pages[page]!);
    } finally {
      read.end();
    }
  }

  /** The text of a page after a crash now. */
  afterCrash(page = 0): string {
    const handle = openStorage('m.ddb', { vfs: new MemoryVfs(this.disk.clone()) });
    const read = handle.engine.beginRead();
    const text = textOf(read, this.pages[page]!);
    read.end();
    handle.close();
    return text;
  }
}

async function turn(): Promise<void> {
  for (let i = 0; i < 16; i++) await Promise.resolve();
}

async function stateOf(promise: Promise<unknown>): Promise<string> {
  return Promise.race([
    promise.then(
      () => 'done',
      (error: DecentDbError) => error.code,
    ),
    turn().then(() => 'waits'),
  ]);
}

test('group commit: many writers share one sync, build on one another, and nothing shows before it', async () => {
  const bench = new Bench();
  const before = bench.vfs.syncs;
  const commits: Promise<number>[] = [];
  for (let i = 1; i <= 64; i++) {
    commits.push(
      bench.write((txn) => {
        const was = textOf(txn, bench.pages[0]!);
        assert.equal(was, i === 1 ? 'start' : `w${i - 1}`, 'a writer sees the commit before it');
        setText(txn, bench.pages[0]!, `w${i}`);
      }),
    );
  }
  assert.equal(bench.seen(), 'start');
  bench.runDeferred();
  assert.equal(bench.vfs.waiting.length, 1);
  assert.equal(await stateOf(commits[0]!), 'waits', 'nobody is acknowledged before the sync');
  assert.equal(bench.seen(), 'start', 'nobody sees it before the sync');
  await bench.letSyncsGo();
  assert.deepEqual(
    await Promise.all(commits),
    commits.map((_, i) => i + 2),
  );
  assert.equal(bench.seen(), 'w64');
  assert.equal(bench.vfs.syncs - before, 1, 'one sync for 64 commits');
  assert.deepEqual(checkStorage(bench.engine).problems, []);
  bench.handle.close();
});

test('group commit: commits during a sync wait for the next one', async () => {
  const bench = new Bench();
  const first = bench.write((txn) => setText(txn, bench.pages[0]!, 'a'));
  bench.runDeferred();
  const second = bench.write((txn) => setText(txn, bench.pages[0]!, 'b'));
  assert.equal(bench.deferred.length, 0, 'one sync at a time');
  await bench.letSyncsGo();
  assert.equal(await first, 2);
  assert.equal(await stateOf(second), 'waits');
  assert.equal(bench.seen(), 'a');
  bench.runDeferred();
  await bench.letSyncsGo();
  assert.equal(await second, 3);
  assert.equal(bench.seen(), 'b');
  bench.handle.close();
});

test('D6: a failed sync fails everybody who waits, and ends writing; what was published stays', async () => {
  const bench = new Bench();
  const first = bench.write((txn) => setText(txn, bench.pages[0]!, 'a'));
  bench.runDeferred();
  const second = bench.write((txn) => setText(txn, bench.pages[0]!, 'b'));
  const open = bench.engine.beginWrite({ onTip: true });
  bench.vfs.waiting.splice(0)[0]!.reject(new DecentDbError('58030', 'could not sync file', { errno: 'EIO' }));
  await turn();
  assert.equal(await stateOf(first), '58030');
  assert.equal(await stateOf(second), '58030');
  assert.throws(() => textOf(open, bench.pages[0]!), { code: '40001' });
  assert.equal(bench.seen(), 'start');
  assert.throws(() => bench.engine.beginWrite(), { code: '58030' });
  assert.deepEqual(bench.engine.stats().locksHeld, []);
  bench.handle.close();
});

test('AC-P5.1: a group that cannot be written fails whole, with the writer built on it; the next one works', async () => {
  const bench = new Bench();
  const first = bench.write((txn) => setText(txn, bench.pages[0]!, 'a'));
  bench.runDeferred();
  const second = bench.write((txn) => setText(txn, bench.pages[0]!, 'b'));
  const third = bench.write((txn) => setText(txn, bench.pages[1]!, 'c'));
  const open = bench.engine.beginWrite({ onTip: true });
  bench.vfs.failWrites = 1;
  await bench.letSyncsGo();
  assert.equal(await first, 2, 'written before: not concerned');
  bench.runDeferred();
  await turn();
  assert.equal(await stateOf(second), '53100');
  assert.equal(await stateOf(third), '53100');
  assert.throws(() => open.commit(), { code: '40001' });
  assert.equal(bench.seen(), 'a');
  const next = bench.write((txn) => setText(txn, bench.pages[0]!, `${textOf(txn, bench.pages[0]!)}+`));
  bench.runDeferred();
  await bench.letSyncsGo();
  assert.equal(await next, 3);
  assert.equal(bench.seen(), 'a+');
  assert.deepEqual(checkStorage(bench.engine).problems, []);
  bench.handle.close();
});

test('a writer that cannot wait settles the group first: one order for all', async () => {
  const bench = new Bench();
  const first = bench.write((txn) => setText(txn, bench.pages[0]!, 'a'));
  const txn = bench.engine.beginWrite();
  assert.equal(textOf(txn, bench.pages[0]!), 'a');
  assert.equal(bench.seen(), 'a', 'published by the settling');
  setText(txn, bench.pages[0]!, 'b');
  txn.commit();
  assert.equal(await first, 2);
  assert.equal(bench.seen(), 'b');
  bench.runDeferred();
  bench.handle.close();
});

test('close makes waiting commits durable', async () => {
  const bench = new Bench();
  const first = bench.write((txn) => setText(txn, bench.pages[0]!, 'a'));
  bench.runDeferred();
  const second = bench.write((txn) => setText(txn, bench.pages[1]!, 'b'));
  bench.handle.close();
  assert.deepEqual(await Promise.all([first, second]), [2, 3]);
  assert.equal(bench.afterCrash(), 'a');
  assert.equal(bench.afterCrash(1), 'b');
  await bench.letSyncsGo();
});

test(`AC-A1.4: 150 random orders of writers, syncs, readers and checkpoints over groups keep every promise (SEED=${SEED})`, async () => {
  for (let schedule = 0; schedule < 150; schedule++) {
    const random = new Prng(SEED + schedule);
    const bench = new Bench(4);
    const acknowledged = new Map<number, string>(bench.pages.map((_, i) => [i, 'start']));
    let tip = new Map(acknowledged);
    const states: { lsn: number; state: Map<number, string> }[] = [{ lsn: 1, state: new Map(tip) }];
    let ackedLsn = 1;
    const pending: Promise<void>[] = [];
    for (let step = 0; step < 40; step++) {
      switch (random.below(6)) {
        case 0:
        case 1: {
          const page = random.below(4);
          const text = `s${schedule}-${step}`;
          const done = bench.write((txn) => {
            assert.equal(textOf(txn, bench.pages[page]!), tip.get(page));
            setText(txn, bench.pages[page]!, text);
          });
          tip = new Map(tip).set(page, text);
          states.push({ lsn: states.length + 1, state: tip });
          pending.push(
            done.then((lsn) => {
              ackedLsn = Math.max(ackedLsn, lsn);
            }),
          );
          break;
        }
        case 2:
          bench.runDeferred();
          break;
        case 3:
          await bench.letSyncsGo();
          break;
        case 4: {
          const read = bench.engine.beginRead();
          assert.ok(read.snapshot >= ackedLsn, 'an acknowledged commit is visible');
          const { state } = states.find(({ lsn }) => lsn === read.snapshot)!;
          for (const [i, text] of state) assert.equal(textOf(read, bench.pages[i]!), text);
          read.end();
          break;
        }
        default:
          bench.engine.checkpointStep(2);
      }
    }
    while (bench.deferred.length > 0 || bench.vfs.waiting.length > 0) {
      bench.runDeferred();
      await bench.letSyncsGo();
    }
    await Promise.all(pending);
    for (const [i, text] of tip) assert.equal(bench.afterCrash(i), text, 'acknowledged: there after a crash');
    bench.handle.close();
  }
});
