import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import { AssertionFailure, DecentDbError } from '../base/errors.ts';
import type { PageNo } from '../base/ids.ts';
import { type Fault, NO_FAULTS } from '../vfs/faulty/fault-plan.ts';
import { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { logPaths } from '../wal/log-file.ts';
import { checkStorage } from './check-storage.ts';
import type { StorageEngine } from './engine.ts';
import type { StorageOptions } from './engine-options.ts';
import { openStorage } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

const SMALL: StorageOptions = { pageSize: 512, walStepBytes: 2048, walBytesMax: 6000, cacheBytes: 1 << 16 };

function started(options: StorageOptions = {}): {
  vfs: FaultyVfs;
  disk: MemoryDisk;
  engine: StorageEngine;
  page: PageNo;
  close: () => void;
} {
  const disk = new MemoryDisk();
  const vfs = new FaultyVfs(new MemoryVfs(disk));
  const { engine, close } = openStorage('f.ddb', { ...SMALL, ...options, vfs });
  const txn = engine.beginWrite();
  const page = addPage(txn, 'first');
  txn.setCounter(0, page);
  txn.commit();
  return { vfs, disk, engine, page, close };
}

function commitText(engine: StorageEngine, page: PageNo, text: string): void {
  const txn = engine.beginWrite();
  setText(txn, page, text);
  addPage(txn, text.padEnd(300, '.'));
  txn.commit();
}

function nowText(engine: StorageEngine, page: PageNo): string {
  const read = engine.beginRead();
  try {
    return textOf(read, page);
  } finally {
    read.end();
  }
}

function reopenedText(disk: MemoryDisk, page: PageNo): string {
  const { engine, close } = openStorage('f.ddb', { ...SMALL, vfs: new MemoryVfs(disk.clone()) });
  assert.deepEqual(checkStorage(engine).problems, []);
  const text = nowText(engine, page);
  close();
  return text;
}

/** What must be as before after a failed commit. */
function footprint(engine: StorageEngine): unknown {
  const { log, index, cache, unlogged, publishedLsn, pageCount, freePages, locksHeld } = engine.stats();
  return {
    end: log?.activeBytes,
    last: log?.lastLsn,
    index,
    nodes: cache.nodes,
    unlogged,
    publishedLsn,
    pageCount,
    freePages,
    locksHeld,
  };
}

const COMMIT_FAULTS: readonly { readonly name: string; readonly fault: Omit<Fault, 'call'> }[] = [
  { name: 'EIO in the log write', fault: { on: 'write', effect: { kind: 'error', errno: 'EIO' } } },
  { name: 'ENOSPC in the log write', fault: { on: 'write', effect: { kind: 'error', errno: 'ENOSPC' } } },
  { name: 'EDQUOT in the log write', fault: { on: 'write', effect: { kind: 'error', errno: 'EDQUOT' } } },
  {
    name: 'half of the log write',
    fault: { on: 'write', effect: { kind: 'partialWrite', bytes: 700, errno: 'ENOSPC' } },
  },
  {
    name: 'all of the log write, then an error',
    fault: { on: 'write', effect: { kind: 'partialWrite', bytes: 1 << 20, errno: 'EIO' } },
  },
];

for (const { name, fault } of COMMIT_FAULTS) {
  test(`AC-P5.1 AC-P5.3 AC-P5.4 S1: ${name} fails the commit, leaves no trace, and the next one works`, () => {
    const { vfs, disk, engine, page, close } = started();
    commitText(engine, page, 'second');
    const before = footprint(engine);
    vfs.arm({ seed: 0, faults: [{ ...fault, call: 0 }] });
    assert.throws(
      () => commitText(engine, page, 'lost'),
      (error: unknown) => {
        assert.ok(error instanceof DecentDbError && !(error instanceof AssertionFailure));
        const errno = fault.effect.kind === 'lostWrite' ? '' : (fault.effect as { errno: string }).errno;
        assert.equal(error.code, errno === 'EIO' ? '58030' : '53100');
        assert.equal(error.errno, errno);
        return true;
      },
    );
    vfs.arm(NO_FAULTS);
    assert.deepEqual(footprint(engine), before);
    assert.equal(nowText(engine, page), 'second');
    assert.equal(reopenedText(disk, page), 'second', 'an error reported must not become a commit');
    commitText(engine, page, 'third');
    assert.equal(nowText(engine, page), 'third');
    assert.equal(reopenedText(disk, page), 'third');
    close();
    assert.equal(vfs.openFiles, 0);
  });
}

test('AC-P5.4: the error of a failed commit says what, where and what became of the transaction', () => {
  const { vfs, engine, page, close } = started();
  const failWith = (errno: string, on: 'write' | 'sync'): DecentDbError => {
    const txn = engine.beginWrite();
    setText(txn, page, errno);
    vfs.arm({ seed: 0, faults: [{ on, call: 0, effect: { kind: 'error', errno } }] });
    let found: unknown;
    try {
      txn.commit();
    } catch (error) {
      found = error;
    }
    vfs.arm(NO_FAULTS);
    assert.throws(() => setText(txn, page, 'more'), 'the transaction is over, whatever the error');
    assert.deepEqual(engine.stats().locksHeld, []);
    assert.ok(found instanceof DecentDbError);
    return found;
  };
  for (const [errno, code] of [
    ['ENOSPC', '53100'],
    ['EDQUOT', '53100'],
    ['EIO', '58030'],
  ] as const) {
    const error = failWith(errno, 'write');
    assert.equal(error.code, code);
    assert.equal(error.errno, errno);
    assert.match(error.file ?? '', /f\.ddb-wal-[ab]$/);
    engine.beginWrite().rollback();
  }
  assert.equal(failWith('EIO', 'sync').code, '58030');
  assert.throws(
    () => engine.beginWrite(),
    (error: DecentDbError) =>
      /Commits acknowledged before/.test(error.detail ?? '') && /open it again/.test(error.hint ?? ''),
  );
  close();
});

test('AC-P5.2: 1,000 failing commits leave index, cache and log as small as before', () => {
  const { vfs, engine, page, close, disk } = started();
  commitText(engine, page, 'good');
  const before = footprint(engine);
  const bytes = engine.stats().log!.fileBytes;
  for (let i = 0; i < 1000; i++) {
    vfs.arm({ seed: 0, faults: [{ ...COMMIT_FAULTS[i % COMMIT_FAULTS.length]!.fault, call: 0 }] });
    assert.throws(() => commitText(engine, page, `bad ${i}`), DecentDbError);
  }
  vfs.arm(NO_FAULTS);
  assert.deepEqual(footprint(engine), before);
  assert.ok(engine.stats().log!.fileBytes <= bytes + 4096);
  commitText(engine, page, 'better');
  assert.equal(reopenedText(disk, page), 'better');
  close();
});

test('AC-P5.3 D6: a failed log sync is final: not acknowledged, no second sync, reads go on, reopening recovers', () => {
  const { vfs, disk, engine, page, close } = started();
  commitText(engine, page, 'durable');
  vfs.arm({ seed: 0, faults: [{ on: 'sync', call: 0, effect: { kind: 'error', errno: 'EIO' } }] });
  assert.throws(() => commitText(engine, page, 'unsure'), { code: '58030' });
  const syncs = vfs.schedule.calls('sync');
  assert.equal(nowText(engine, page), 'durable');
  assert.throws(() => engine.beginWrite(), { code: '58030', message: /refuses writes/ });
  assert.throws(() => engine.checkpoint(), { code: '58030' });
  assert.throws(() => engine.flush(), { code: '58030' });
  close();
  assert.equal(vfs.schedule.calls('sync'), syncs, 'no sync after the failed one');
  assert.equal(vfs.openFiles, 0);
  assert.ok(['durable', 'unsure'].includes(reopenedText(disk, page)));
  const again = openStorage('f.ddb', { ...SMALL, vfs: new MemoryVfs(disk) });
  commitText(again.engine, page, 'after');
  again.close();
});

test('D7: a failed sync of the page file keeps the log and ends writing', () => {
  const { vfs, disk, engine, page, close } = started();
  commitText(engine, page, 'in the log');
  vfs.arm({
    seed: 0,
    faults: [
      { on: 'sync', call: 0, pathSuffix: '.ddb', effect: { kind: 'error', errno: 'EIO' }, sticky: true },
    ],
  });
  assert.throws(() => engine.checkpoint(), { code: '58030' });
  assert.throws(() => engine.beginWrite(), { code: '58030' });
  assert.equal(nowText(engine, page), 'in the log');
  close();
  assert.ok(disk.files.has('f.ddb-wal-a') && disk.files.has('f.ddb-wal-b'));
  assert.equal(reopenedText(disk, page), 'in the log');
});

test('S2: a full disk in a checkpoint aborts it, keeps the log, and a later one succeeds', () => {
  const { vfs, disk, engine, page, close } = started();
  for (let i = 0; i < 5; i++) commitText(engine, page, `v${i}`);
  for (const effect of [
    { kind: 'error', errno: 'ENOSPC' },
    { kind: 'partialWrite', bytes: 100, errno: 'ENOSPC' },
  ] as const) {
    vfs.arm({
      seed: 0,
      faults: [
        { on: 'write', call: 0, pathSuffix: '.ddb', effect },
        { on: 'write', call: 1, pathSuffix: '.ddb', effect },
      ],
    });
    assert.throws(() => engine.checkpoint(), { code: '53100' });
    assert.equal(reopenedText(disk, page), 'v4');
    vfs.arm(NO_FAULTS);
    commitText(engine, page, 'v4');
  }
  assert.equal(engine.checkpoint(), true);
  assert.equal(engine.stats().index.entries, 0);
  close();
});

test('AC-P5.1: a commit that fails while its pages are encoded rewinds the log', () => {
  const { disk, engine, page, close } = started();
  const before = footprint(engine);
  const txn = engine.beginWrite();
  setText(txn, page, 'never');
  const broken = addPage(txn, 'x');
  const node = txn.edit(broken, 2, () => assert.fail());
  node.encode = () => {
    throw new RangeError('Array buffer allocation failed');
  };
  assert.throws(() => txn.commit(), RangeError);
  assert.deepEqual(footprint(engine), before);
  commitText(engine, page, 'next');
  assert.equal(reopenedText(disk, page), 'next');
  close();
});

/** What a session was told: the last commit acknowledged, and one that failed together with the handle. */
interface Told {
  acknowledged: string | undefined;
  unsure: string | undefined;
}

/** A session from open to close that goes on after every failure, as long as the handle lets it. */
function session(vfs: FaultyVfs, told: Told): void {
  const { engine, close } = openStorage('f.ddb', { ...SMALL, walBytesMax: 4096, vfs });
  let page = 0 as PageNo;
  for (let i = 0; i < 10; i++) {
    try {
      if (i === 6) engine.checkpoint();
      if (page !== 0) commitText(engine, page, `v${i}`);
      else {
        const setup = engine.beginWrite();
        const added = addPage(setup, `v${i}`);
        setup.setCounter(0, added);
        setup.commit();
        page = added;
      }
      told.acknowledged = `v${i}`;
    } catch (error) {
      assertTyped(error);
      if (engine.stats().isFailed) told.unsure ??= `v${i}`;
      assert.deepEqual(engine.stats().locksHeld, []);
    }
    if (page !== 0) assert.equal(nowText(engine, page), told.acknowledged);
  }
  close();
}

function assertTyped(error: unknown): void {
  assert.ok(
    error instanceof DecentDbError && !(error instanceof AssertionFailure),
    String((error as Error).stack),
  );
}

interface Sweep {
  readonly name: string;
  readonly fault: Omit<Fault, 'call'>;
}

const SWEEPS: readonly Sweep[] = [
  ...['EIO', 'ENOSPC', 'EACCES'].flatMap((errno) =>
    [false, true].map((sticky) => ({
      name: `${errno} at every file system call of a session${sticky ? ', for good' : ''}`,
      fault: { on: 'any' as const, sticky, effect: { kind: 'error' as const, errno } },
    })),
  ),
  ...[100, 512, 1 << 20].map((bytes) => ({
    name: `every write of a session fails after ${bytes} bytes`,
    fault: { on: 'write' as const, effect: { kind: 'partialWrite' as const, bytes, errno: 'EIO' } },
  })),
];

/** Runs a session that meets the fault at `call`, then looks at what is left. */
function sweepAt(fault: Fault): void {
  const { call } = fault;
  const disk = new MemoryDisk();
  const vfs = new FaultyVfs(new MemoryVfs(disk), { seed: 0, faults: [fault] });
  const told: Told = { acknowledged: undefined, unsure: undefined };
  try {
    session(vfs, told);
  } catch (error) {
    assertTyped(error);
  }
  assert.equal(vfs.openFiles, 0, `call ${call} leaked a file`);
  assert.equal(disk.locks.size, 0, `call ${call} leaked the lock`);
  if (!disk.files.has('f.ddb')) {
    assert.equal(told.acknowledged, undefined);
    return;
  }
  const { engine, close } = openStorage('f.ddb', { ...SMALL, vfs: new MemoryVfs(disk.clone()) });
  const read = engine.beginRead();
  const page = read.meta.counters[0]! as PageNo;
  const text = page === 0 ? undefined : textOf(read, page);
  read.end();
  const isTold = text === told.acknowledged || (told.unsure !== undefined && text === told.unsure);
  assert.ok(isTold, `call ${call}: found ${text}, told ${JSON.stringify(told)}`);
  assert.deepEqual(checkStorage(engine).problems, []);
  close();
}

for (const { name, fault } of SWEEPS) {
  test(`S3 D6: ${name}`, () => {
    const clean = new FaultyVfs(new MemoryVfs());
    session(clean, { acknowledged: undefined, unsure: undefined });
    const calls = clean.schedule.calls(fault.on);
    assert.ok(calls > 20);
    for (let call = 0; call < calls; call++) sweepAt({ ...fault, call });
  });
}

test('a commit whose log switch failed goes on in the old file, and recovery follows', () => {
  const { vfs, disk, engine, page, close } = started({ walBytesMax: 1 << 20 });
  commitText(engine, page, 'before');
  const fault = {
    on: 'write',
    call: 0,
    pathSuffix: '-wal-a',
    effect: { kind: 'partialWrite', bytes: 1 << 20, errno: 'EIO' },
  } as const;
  vfs.arm({ seed: 0, faults: [fault] });
  assert.throws(() => engine.checkpoint(), { code: '58030' });
  vfs.arm(NO_FAULTS);
  commitText(engine, page, 'after');
  assert.equal(reopenedText(disk, page), 'after');
  assert.equal(engine.checkpoint(), true);
  commitText(engine, page, 'again');
  assert.equal(reopenedText(disk, page), 'again');
  close();
});

test('AC-P5.1: a disk that fills up within a large commit leaves the log as long as it was', () => {
  const { vfs, disk, engine, page, close } = started({ walBytesMax: 1 << 30 });
  const logBytes = (): number =>
    logPaths('f.ddb').reduce((sum, path) => {
      const file = new MemoryVfs(disk).open(path, 'readOnly');
      const size = file.size();
      file.close();
      return sum + size;
    }, 0);
  const commitMuch = (text: string): void => {
    const txn = engine.beginWrite();
    setText(txn, page, text);
    for (let i = 0; i < 2000; i++) addPage(txn, `${i}`.padEnd(400, '.'));
    txn.commit();
  };
  const before = footprint(engine);
  const bytes = logBytes();
  for (const call of [0, 1, 2])
    for (const written of [0, 700]) {
      const effect = { kind: 'partialWrite', bytes: written, errno: 'ENOSPC' } as const;
      vfs.arm({ seed: 0, faults: [{ on: 'write', call, effect }] });
      assert.throws(() => commitMuch('lost'), { code: '53100' });
      vfs.arm(NO_FAULTS);
      assert.deepEqual(footprint(engine), before);
      // Parts that were written are room for the next commit.
      assert.ok(logBytes() <= bytes + call * (300 << 10), `${logBytes()} bytes after ${call} parts`);
      assert.equal(reopenedText(disk, page), 'first');
    }
  commitMuch('second');
  commitText(engine, page, 'third');
  assert.equal(reopenedText(disk, page), 'third');
  close();
});
