import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import type { PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { checkStorage } from './check-storage.ts';
import type { Durability } from './engine-options.ts';
import { openStorage, type StorageHandle } from './open-storage.ts';
import type { SavepointMark } from './page-view.ts';
import type { ReadTxn } from './read-txn.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';
import type { WriteTxn } from './write-txn.ts';

setVerify(true);

const SEED = Number(process.env['SEED'] ?? 20261);
const SCHEDULES = Number(process.env['SCHEDULES'] ?? 1000);
const TIMEOUT_MS = 50;

/** Pages and what they hold: a state of the database. */
type State = ReadonlyMap<PageNo, string>;

/** One random schedule of everything that may happen to an engine, compared with maps at each step. */
class Schedule {
  private readonly random: Prng;
  private readonly disk = new MemoryDisk();
  private readonly durability: Durability;
  private handle: StorageHandle;
  private nowMs = 0;
  private committed: State = new Map();
  private readonly readers: { txn: ReadTxn; state: State }[] = [];
  private writer: WriteTxn | undefined;
  private draft = new Map<PageNo, string>();
  private marks: { mark: SavepointMark; state: State }[] = [];
  private steps = 0;

  constructor(seed: number) {
    this.random = new Prng(seed);
    this.durability = this.random.pick(['full', 'deferred', 'none']);
    this.handle = this.open();
  }

  run(): void {
    for (; this.steps < 250; this.steps++) this.step();
    this.writer?.rollback();
    for (const { txn } of this.readers) txn.end();
    assert.deepEqual(this.handle.engine.stats().readers, []);
    assert.deepEqual(this.handle.engine.stats().locksHeld, []);
    assert.deepEqual(checkStorage(this.handle.engine).problems, []);
    this.handle.close();
    assert.deepEqual([...this.disk.files.keys()], ['m.ddb']);
    this.handle = this.open();
    this.compareNewest();
    this.handle.close();
  }

  private open(): StorageHandle {
    return openStorage('m.ddb', {
      vfs: new MemoryVfs(this.disk),
      pageSize: 512,
      walStepBytes: 1024,
      isLoggingChanges: true,
      walBytesMax: 4096,
      cacheBytes: this.random.pick([4096, 1 << 20]),
      durability: this.durability,
      flushIntervalMs: 0,
      unloggedBytesMax: this.random.pick([0, 2000, 1 << 20]),
      privateBytesMax: this.random.pick([0, 1500, 1 << 20]),
      readerTimeoutMs: TIMEOUT_MS,
      now: () => this.nowMs,
    });
  }

  private step(): void {
    const { engine } = this.handle;
    switch (this.random.below(12)) {
      case 0:
        this.readers.push({ txn: engine.beginRead(), state: this.committed });
        return;
      case 1: {
        const at = this.random.below(this.readers.length + 1);
        this.readers.splice(at, 1)[0]?.txn.end();
        return;
      }
      case 2:
        this.nowMs += this.random.below(20);
        engine.expireReaders();
        return;
      case 3:
        engine.checkpointStep(1 + this.random.below(3));
        return;
      case 4:
        if (this.random.chance(0.3)) engine.checkpoint();
        return;
      case 5:
        if (this.random.chance(0.3)) engine.pages.cache.clear();
        return;
      case 6:
        this.compareReaders();
        return;
      case 7:
        this.reopen();
        return;
      default:
        this.write();
    }
  }

  private write(): void {
    this.writer ??= this.handle.engine.beginWrite();
    const writer = this.writer;
    if (this.random.chance(0.3)) writer.relieve();
    const pages = [...this.draft.keys()];
    const page = pages[this.random.below(pages.length)];
    switch (this.random.below(10)) {
      case 0:
        this.finish(this.random.chance(0.85));
        return;
      case 1:
        this.marks.push({ mark: writer.savepoint(), state: new Map(this.draft) });
        return;
      case 2:
        this.back();
        return;
      case 3:
        if (page === undefined) return;
        writer.free(page);
        this.draft.delete(page);
        return;
      case 4:
      case 5: {
        const text = this.text();
        this.draft.set(addPage(writer, text), text);
        return;
      }
      default: {
        if (page === undefined) return;
        const text = this.text();
        setText(writer, page, text);
        this.draft.set(page, text);
        assert.equal(textOf(writer, page), text);
      }
    }
  }

  private back(): void {
    const at = this.random.below(this.marks.length);
    const found = this.marks[at];
    if (found === undefined) return;
    if (this.random.chance(0.5)) {
      this.writer!.rollbackTo(found.mark);
      this.draft = new Map(found.state);
      this.marks.length = at + 1;
    } else {
      this.writer!.release(found.mark);
      this.marks.length = at;
    }
    for (const [page, text] of this.draft) assert.equal(textOf(this.writer!, page), text);
  }

  private finish(isCommit: boolean): void {
    if (isCommit) {
      this.writer!.commit();
      this.committed = new Map(this.draft);
    } else {
      this.writer!.rollback();
      this.draft = new Map(this.committed);
    }
    this.writer = undefined;
    this.marks = [];
    this.compareNewest();
  }

  private reopen(): void {
    if (!this.random.chance(0.15)) return;
    this.handle.close();
    for (const { txn } of this.readers) assert.throws(() => txn.validate(), DecentDbError);
    this.readers.length = 0;
    this.writer = undefined;
    this.marks = [];
    this.draft = new Map(this.committed);
    this.handle = this.open();
  }

  private compareReaders(): void {
    for (const { txn, state } of this.readers) {
      const isExpired = !txn.isActive;
      for (const [page, text] of state) {
        if (isExpired) assert.throws(() => textOf(txn, page), { code: '25P05' });
        else assert.equal(textOf(txn, page), text);
      }
    }
  }

  private compareNewest(): void {
    const txn = this.handle.engine.beginRead();
    for (const [page, text] of this.committed) assert.equal(textOf(txn, page), text);
    txn.end();
  }

  private text(): string {
    return `step ${this.steps} `.padEnd(10 + this.random.below(400), 'x');
  }
}

test(`AC-001.4 AC-003.3 AC-001.5: ${SCHEDULES} random schedules equal the model (SEED=${SEED})`, () => {
  for (let i = 0; i < SCHEDULES; i++) {
    try {
      new Schedule(SEED + i).run();
    } catch (error) {
      throw new Error(`schedule failed: replay with SEED=${SEED + i} SCHEDULES=1`, { cause: error });
    }
  }
});
