import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setVerify } from '../base/assert.ts';
import { AssertionFailure } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import type { VfsFile } from '../vfs/vfs.ts';
import { VersionIndex } from '../wal/version-index.ts';
import { type LockName, LockOrder, LockRank } from './lock-order.ts';
import { openStorage, type StorageHandle } from './open-storage.ts';
import { ReaderState } from './reader-registry.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

const SEED = Number(process.env['SEED'] ?? 20267);
const ROUNDS = Number(process.env['ROUNDS'] ?? 1500);

/** Writes down what is done to which file. */
class TracingVfs extends MemoryVfs {
  readonly trace: string[] = [];

  override open(path: string, mode: Parameters<MemoryVfs['open']>[1]): VfsFile {
    const file = super.open(path, mode);
    const name = path.endsWith('.ddb') ? 'page file' : 'log';
    const { writeAt, sync } = file;
    file.writeAt = (bytes, offset) => {
      const isHeader = offset < 1024;
      this.trace.push(`${name}: ${isHeader ? 'header' : 'write'}`);
      writeAt.call(file, bytes, offset);
    };
    file.sync = (kind) => {
      this.trace.push(`${name}: sync`);
      sync.call(file, kind);
    };
    return file;
  }
}

function open(vfs: MemoryVfs, now: () => number = () => 0): StorageHandle & { pages: PageNo[] } {
  const handle = openStorage('c.ddb', {
    vfs,
    pageSize: 512,
    walBytesMax: 1 << 20,
    walStepBytes: 1 << 16,
    now,
  });
  const txn = handle.engine.beginWrite();
  const pages = [1, 2, 3, 4].map((i) => addPage(txn, `${i}`));
  txn.commit();
  return { ...handle, pages };
}

test('AC-002.2: copy, sync, header, sync; only the next checkpoint starts the freed log again', () => {
  const vfs = new TracingVfs();
  const { engine, pages, close } = open(vfs);
  const write = (text: string): void => {
    const txn = engine.beginWrite();
    setText(txn, pages[0]!, text);
    txn.commit();
  };
  write('a');
  vfs.trace.length = 0;
  engine.checkpoint();
  const phases = vfs.trace.filter((step, i) => step !== vfs.trace[i - 1]);
  assert.deepEqual(phases, [
    'log: header', // The other file takes the commits from here on.
    'page file: write',
    'log: sync',
    'page file: sync',
    'page file: header',
    'page file: sync',
    'page file: header',
    'page file: sync',
  ]);
  close();
});

test('AC-002.1: a log is never released under a live snapshot, even if somebody gets past the registry', () => {
  const { engine, close } = open(new MemoryVfs());
  engine.checkpointer.onStep = (step) => {
    if (step !== 'header') return;
    const meta = { ...engine.publishedMeta(), lsn: 0 as Lsn };
    engine.readers.add({ id: 99, meta, startedMs: 0, state: ReaderState.active, registrySlot: -1 });
  };
  assert.throws(() => engine.checkpoint(), AssertionFailure);
  engine.checkpointer.onStep = undefined;
  close();
});

test('AC-A1.1: ranks are one order, and taking them in another throws with both stacks', () => {
  const ranks = Object.values(LockRank);
  assert.deepEqual(
    ranks,
    [...new Set(ranks)].sort((a, b) => a - b),
  );
  const locks = new LockOrder();
  locks.acquire('log');
  assert.throws(
    () => locks.acquire('checkpoint'),
    (error: unknown) => {
      assert.ok(error instanceof AssertionFailure);
      assert.match(error.message, /"checkpoint" taken while "log" held/);
      assert.match((error.cause as Error).stack ?? '', /"log" was taken here.*checkpoint-order\.test/s);
      return true;
    },
  );
});

test('AC-A1.6: a checkpoint takes its lock once a step, and the writer never', () => {
  const { engine, close } = open(new MemoryVfs());
  const taken: LockName[] = [];
  const acquire = engine.locks.acquire.bind(engine.locks);
  engine.locks.acquire = (name) => {
    taken.push(name);
    acquire(name);
  };
  let steps = 0;
  while (engine.checkpointStep(100)) steps++;
  assert.equal(taken.filter((name) => name === 'checkpoint').length, steps + 1);
  assert.ok(!taken.includes('writer'));
  close();
});

test('AC-A1.3: whoever is told of something is told without a lock', async () => {
  let nowMs = 0;
  const { engine, pages, close } = open(new MemoryVfs(), () => nowMs);
  const held: string[] = [];
  engine.maintenance.listeners.add(() => held.push(...engine.locks.list()));
  const read = engine.beginRead();
  nowMs = 100_000;
  engine.maintenance.tick();
  assert.equal(engine.maintenance.warnings, 1);
  read.end();
  const txn = engine.beginWrite({ onTip: true });
  setText(txn, pages[0]!, 'x');
  await txn.commitGrouped().then(() => held.push(...engine.locks.list()));
  assert.deepEqual(held, []);
  close();
});

test(`AC-002.4 AC-002.5: counters under writers, checkpoints and late syncs equal what was acknowledged, also after kills (SEED=${SEED})`, async () => {
  const random = new Prng(SEED);
  let disk = new MemoryDisk();
  const acknowledged = [0, 0, 0, 0];
  let gates: (() => void)[] = [];
  let deferred: (() => void)[] = [];
  const start = (): StorageHandle => {
    const vfs = new MemoryVfs(disk);
    const openFile = vfs.open.bind(vfs);
    vfs.open = (path, mode) => {
      const file = openFile(path, mode);
      file.syncAsync = () => new Promise((resolve) => gates.push(resolve));
      return file;
    };
    return openStorage('s.ddb', {
      vfs,
      pageSize: 512,
      walBytesMax: 4096,
      defer: (action) => void deferred.push(action),
    });
  };
  let handle = start();
  const setup = handle.engine.beginWrite();
  const pages = acknowledged.map(() => addPage(setup, '0'));
  setup.commit();
  const tick = async (): Promise<void> => {
    for (const action of deferred.splice(0)) action();
    if (random.chance(0.7)) for (const gate of gates.splice(0)) gate();
    for (let i = 0; i < 16; i++) await Promise.resolve();
  };
  for (let round = 0; round < ROUNDS; round++) {
    const at = random.below(4);
    const { engine } = handle;
    const txn = engine.beginWrite({ onTip: random.chance(0.8) });
    const value = Number(textOf(txn, pages[at]!)) + 1;
    setText(txn, pages[at]!, `${value}`.padEnd(1 + random.below(300), ' '));
    txn.commitGrouped().then(
      () => {
        acknowledged[at] = Math.max(acknowledged[at]!, value);
      },
      () => {},
    );
    if (random.chance(0.5)) await tick();
    if (random.chance(0.6)) engine.checkpointStep(1);
    if (round % 100 !== 99) continue;
    disk = disk.clone(); // Killed: whatever this process had in memory is gone.
    gates = [];
    deferred = [];
    const safe = [...acknowledged];
    handle = start();
    const read = handle.engine.beginRead();
    for (const [i, page] of pages.entries()) {
      const found = Number(textOf(read, page));
      assert.ok(found >= safe[i]!, `counter ${i} is ${found}, ${safe[i]} was acknowledged`);
      acknowledged[i] = found;
    }
    read.end();
  }
  handle.close();
});

test('AC-P3.1: the index knows its memory to a fifth', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // Buffers are given back behind the collector's back: a turn of the event loop, and it has noticed.
  const collect = async (): Promise<void> => {
    for (let i = 0; i < 4; i++) {
      gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await collect();
  const before = process.memoryUsage().arrayBuffers;
  const index = new VersionIndex(0 as Lsn);
  for (let i = 1; i <= 300_000; i++) index.add(i as PageNo, i as Lsn, i, i as Lsn);
  await collect();
  const grown = process.memoryUsage().arrayBuffers - before;
  assert.ok(Math.abs(index.memoryBytes / grown - 1) < 0.2, `${index.memoryBytes} for ${grown}`);
  assert.equal(index.entries, 300_000);
});
