import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import type { CrashRun, CrashSubject, CrashWorkload } from '../testing/crash-run.ts';
import { crashTest } from '../testing/crash-test.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { checkStorage } from './check-storage.ts';
import type { StorageOptions } from './engine-options.ts';
import { openStorage, type StorageHandle } from './open-storage.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';
import type { WriteTxn } from './write-txn.ts';

setVerify(true);

const PATH = 'c.ddb';
const SMALL: StorageOptions = {
  pageSize: 512,
  walStepBytes: 2048,
  walBytesMax: 6000,
  cacheBytes: 8192,
  isLoggingChanges: true,
};
const SEED = Number(process.env['SEED'] ?? 1);

/** All pages reachable by number: every page the meta counts, as the text it holds. */
function fingerprintOf({ engine }: StorageHandle): string {
  const read = engine.beginRead();
  try {
    const count = read.meta.counters[0]!;
    const texts: string[] = [`lsn ${read.meta.lsn}`];
    for (let i = 1; i <= count; i++) {
      const page = read.meta.counters[i]!;
      texts.push(page === 0 ? '-' : textOf(read, page as PageNo));
    }
    return texts.join('|');
  } finally {
    read.end();
  }
}

class Subject implements CrashSubject {
  private readonly handle: StorageHandle;

  constructor(handle: StorageHandle) {
    this.handle = handle;
  }

  fingerprint(): string {
    return fingerprintOf(this.handle);
  }

  check(): readonly string[] {
    return checkStorage(this.handle.engine).problems.map((problem) => problem.message);
  }

  writeProbe(): void {
    const txn = this.handle.engine.beginWrite();
    addPage(txn, 'probe');
    txn.rollback();
    this.handle.engine.checkpoint();
  }

  checkpoint(): void {
    this.handle.engine.checkpoint();
  }

  close(): void {
    this.handle.close();
  }
}

function openOn(vfs: Vfs): CrashSubject | null {
  if (!vfs.exists(PATH)) return null;
  return new Subject(openStorage(PATH, { ...SMALL, vfs, mode: 'open' }));
}

function workload(name: string, options: StorageOptions, body: (step: Stepper) => void): CrashWorkload {
  return {
    name,
    ownedFiles: [PATH],
    open: openOn,
    run: (run: CrashRun) => {
      const handle = openStorage(PATH, { ...SMALL, ...options, vfs: run.vfs });
      const stepper = new Stepper(handle, run, options.durability !== 'deferred');
      run.committed(fingerprintOf(handle), { durable: false });
      body(stepper);
      handle.close();
      run.flushed();
    },
  };
}

class Stepper {
  readonly handle: StorageHandle;
  private readonly run: CrashRun;
  private readonly isDurable: boolean;

  constructor(handle: StorageHandle, run: CrashRun, isDurable: boolean) {
    this.handle = handle;
    this.run = run;
    this.isDurable = isDurable;
  }

  commit(change: (txn: WriteTxn) => void): void {
    const txn = this.handle.engine.beginWrite();
    change(txn);
    txn.commit();
    this.run.committed(fingerprintOf(this.handle), { durable: this.isDurable });
  }

  flush(): void {
    this.handle.engine.flush();
    this.run.flushed();
  }

  checkpoint(): void {
    this.handle.engine.checkpoint();
    this.run.flushed();
  }
}

/** Random changes to ten numbered pages, some of them freed and made again. */
function churn(stepper: Stepper, seed: number, commits: number, between: (i: number) => void): void {
  const random = new Prng(seed);
  const pages: number[] = [];
  for (let i = 0; i < commits; i++) {
    stepper.commit((txn) => {
      for (let change = random.below(4); change >= 0; change--) {
        const slot = random.below(10);
        const letter = String.fromCharCode(97 + (random.below(2) === 0 ? 0 : i % 26));
        const text = `${i}:${slot}:`.padEnd(10 + random.below(300), letter);
        if (pages[slot] === undefined) pages[slot] = addPage(txn, text);
        else if (random.below(5) === 0) {
          txn.free(pages[slot] as PageNo);
          delete pages[slot];
        } else setText(txn, pages[slot] as PageNo, text);
        txn.setCounter(0, Math.max(10, txn.meta.counters[0]!));
        txn.setCounter(slot + 1, pages[slot] ?? 0);
      }
    });
    between(i);
  }
}

const workloads: readonly CrashWorkload[] = [
  workload('a few commits', {}, (stepper) => churn(stepper, SEED, 4, () => {})),
  workload('checkpoints between commits', {}, (stepper) => {
    churn(stepper, SEED + 1, 14, (i) => {
      if (i % 3 === 2) stepper.checkpoint();
    });
  }),
  workload('log switches driven by commits', {}, (stepper) => churn(stepper, SEED + 2, 40, () => {})),
  workload('deferred commits', { durability: 'deferred', flushIntervalMs: 0 }, (stepper) => {
    churn(stepper, SEED + 3, 16, (i) => {
      if (i % 4 === 3) stepper.flush();
    });
  }),
  workload('transactions that spill, with savepoints', { privateBytesMax: 0 }, (stepper) => {
    churn(stepper, SEED + 5, 5, () => {
      stepper.commit((txn) => {
        for (let i = 11; i < 15; i++) {
          if (txn.meta.counters[i] === 0) txn.setCounter(i, addPage(txn, `spilled ${i}`));
          setText(txn, txn.meta.counters[i] as PageNo, `${i} before`);
          txn.relieve();
          const mark = txn.savepoint();
          setText(txn, txn.meta.counters[i] as PageNo, `${i} undone`);
          txn.free(addPage(txn, 'for a moment'));
          txn.relieve();
          if (i % 2 === 0) txn.rollbackTo(mark);
          txn.release(mark);
        }
        txn.setCounter(0, 14);
      });
      stepper.commit((txn) => {
        const mark = txn.savepoint();
        setText(txn, txn.meta.counters[13] as PageNo, 'spilled, then taken back');
        txn.relieve();
        txn.rollbackTo(mark);
        setText(txn, txn.meta.counters[11] as PageNo, 'kept');
      });
      const undone = stepper.handle.engine.beginWrite();
      setText(undone, undone.meta.counters[12] as PageNo, 'never');
      undone.relieve();
      undone.rollback();
    });
  }),
  workload('a reader held across checkpoints', {}, (stepper) => {
    const reader = stepper.handle.engine.beginRead();
    churn(stepper, SEED + 4, 6, (i) => {
      if (i === 3) stepper.checkpoint();
      if (i === 4) reader.end();
    });
    stepper.checkpoint();
  }),
];

for (const [index, crashing] of workloads.entries()) {
  test(`D1 D2 D3 D4 D5 ACID-002: every crash of "${crashing.name}" recovers`, () => {
    const report = crashTest(crashing, {
      seed: SEED,
      randomSubsets: 4,
      nestedDepth: index === 0 ? 1 : 0,
      statesMax: 3000,
    });
    assert.deepEqual(report.failures, [], `SEED=${SEED}`);
    if (process.env['CRASH_COUNTS'] === '1')
      console.log(crashing.name, report.points, report.states, report.distinct);
    assert.ok(report.distinct > 80, `only ${report.distinct} states of ${report.states}`);
  });
}

/** More than the log gathers before it writes: the first part makes the file longer as it is written. */
const large: CrashWorkload = workload('a commit in parts', {}, (stepper) => {
  const random = new Prng(SEED + 6);
  churn(stepper, SEED + 6, 3, () => {});
  stepper.commit((txn) => {
    for (let i = 0; i < 1200; i++) {
      const page = addPage(txn, `${i} `.padEnd(250 + random.below(200), 'p'));
      if (i % 100 === 0) txn.setCounter(1 + i / 100, page);
    }
    txn.setCounter(0, 12);
  });
  churn(stepper, SEED + 7, 3, () => {});
});

test('D1 D2 ACID-002: every crash of a commit that is written in parts recovers', () => {
  const report = crashTest(large, { seed: SEED, randomSubsets: 3, statesMax: 120 });
  assert.deepEqual(report.failures, [], `SEED=${SEED}`);
  if (process.env['CRASH_COUNTS'] === '1') console.log(report.points, report.states, report.distinct);
  assert.ok(report.distinct > 30, `only ${report.distinct} states of ${report.states}`);
});
