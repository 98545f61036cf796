import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import type { Durability } from './engine-options.ts';
import { openFollower, openStorage, type StorageHandle } from './open-storage.ts';
import type { ReadTxn } from './read-txn.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

const SEED = Number(process.env['SEED'] ?? 20263);
const SCHEDULES = Number(process.env['SCHEDULES'] ?? 20);

function withFile(run: (path: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'decentdb-follow-'));
  try {
    run(join(directory, 'f.ddb'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function openOwner(path: string, durability: Durability, readerTimeoutMs = 0, now = () => 0): StorageHandle {
  return openStorage(path, {
    pageSize: 512,
    walStepBytes: 1024,
    walBytesMax: 4096,
    isLoggingChanges: true,
    durability,
    flushIntervalMs: 0,
    readerTimeoutMs,
    now,
  });
}

function follow(owner: StorageHandle, cacheBytes = 1 << 20): StorageHandle & { slot: number } {
  const sharing = owner.engine.share();
  const slot = sharing.takeSlot();
  const ticket = { path: owner.engine.path, buffer: sharing.state.buffer, slot };
  return { ...openFollower(ticket, { cacheBytes }), slot };
}

class Followed {
  private readonly random: Prng;
  private readonly owner: StorageHandle;
  private readonly followers: {
    handle: ReturnType<typeof follow>;
    reads: { txn: ReadTxn; lsn: number }[];
  }[] = [];
  private readonly pages: PageNo[] = [];
  private readonly states = new Map<number, ReadonlyMap<PageNo, string>>();
  private newest: Map<PageNo, string> = new Map();
  private readonly isFull: boolean;

  constructor(path: string, seed: number) {
    this.random = new Prng(seed);
    const durability = this.random.pick<Durability>(['full', 'none', 'deferred']);
    this.isFull = durability !== 'deferred';
    this.owner = openOwner(path, durability);
    this.commit(() => {});
  }

  run(): void {
    for (let step = 0; step < 150; step++) this.step(step);
    for (const { handle, reads } of this.followers) {
      for (const { txn } of reads) txn.end();
      this.owner.engine.sharing!.freeSlot(handle.slot);
      handle.close();
    }
    assert.deepEqual(this.owner.engine.stats().readers, []);
    while (this.owner.engine.checkpoint());
    this.owner.close();
  }

  private commit(more: (set: (page: PageNo, text: string) => void) => void): void {
    const txn = this.owner.engine.beginWrite();
    const next = new Map(this.newest);
    if (this.pages.length < 12) {
      const page = addPage(txn, 'new');
      this.pages.push(page);
      next.set(page, 'new');
    }
    more((page, text) => {
      setText(txn, page, text);
      next.set(page, text);
    });
    const lsn = txn.commit();
    this.newest = next;
    this.states.set(lsn, next);
  }

  private step(step: number): void {
    const { random, followers } = this;
    switch (random.below(9)) {
      case 0:
        if (followers.length < 3) {
          const cacheBytes = random.pick([4096, 1 << 20]);
          followers.push({ handle: follow(this.owner, cacheBytes), reads: [] });
        }
        return;
      case 1:
      case 2:
      case 3:
        this.commit((set) => {
          for (let i = random.below(4); i >= 0; i--)
            set(
              random.pick(this.pages),
              `${step} `.padEnd(10 + random.below(240), random.pick(['x', 'x', `${step}`])),
            );
        });
        return;
      case 4:
        this.owner.engine.checkpointStep(1 + random.below(6));
        return;
      case 5:
        this.owner.engine.announceAll();
        return;
      case 6: {
        if (followers.length === 0) return;
        const { handle, reads } = random.pick(followers);
        const txn = handle.engine.beginRead();
        reads.push({ txn, lsn: txn.snapshot });
        if (this.isFull)
          assert.equal(txn.snapshot, this.owner.engine.publishedMeta().lsn, 'sees the newest commit');
        return;
      }
      case 7: {
        if (followers.length === 0) return;
        const { reads } = random.pick(followers);
        reads.splice(random.below(reads.length + 1), 1)[0]?.txn.end();
        return;
      }
      default:
        for (const { reads } of followers) for (const read of reads) this.compare(read);
    }
  }

  private compare({ txn, lsn }: { txn: ReadTxn; lsn: number }): void {
    const state = this.states.get(lsn)!;
    for (const [page, text] of state) assert.equal(textOf(txn, page), text, `page ${page} at ${lsn}`);
  }
}

test(`threads: ${SCHEDULES} random schedules of an owner and three followers equal the model (SEED=${SEED})`, () => {
  for (let i = 0; i < SCHEDULES; i++) {
    withFile((path) => {
      try {
        new Followed(path, SEED + i).run();
      } catch (error) {
        throw new Error(`SEED=${SEED + i} SCHEDULES=1`, { cause: error });
      }
    });
  }
});

test('AC-002.6: a snapshot of another thread holds the checkpoint back, and a freed slot lets it go on', () => {
  withFile((path) => {
    const owner = openOwner(path, 'full');
    const setup = owner.engine.beginWrite();
    const page = addPage(setup, 'a');
    setup.commit();
    const other = follow(owner);
    const read = other.engine.beginRead();
    const write = (text: string): void => {
      const txn = owner.engine.beginWrite();
      setText(txn, page, text);
      txn.commit();
    };
    for (let i = 0; i < 30; i++) write(`b${i}`.padEnd(300, '.'));
    while (owner.engine.checkpointStep(10));
    assert.equal(owner.engine.stats().checkpoint.checkpointedLsn, 1);
    assert.equal(textOf(read, page), 'a');
    // The thread is killed here: nothing of it runs any more, and its owner frees the slot.
    owner.engine.sharing!.freeSlot(other.slot);
    while (owner.engine.checkpoint());
    assert.equal(owner.engine.stats().checkpoint.checkpointedLsn, 31);
    assert.deepEqual(owner.engine.stats().readers, []);
    owner.close();
  });
});

test('AC-001.1: a snapshot of another thread that is over its time fails, and the next one works', () => {
  withFile((path) => {
    let nowMs = 0;
    const owner = openOwner(path, 'full', 100, () => nowMs);
    const setup = owner.engine.beginWrite();
    const page = addPage(setup, 'a');
    setup.commit();
    const other = follow(owner, 4096);
    const read = other.engine.beginRead();
    assert.equal(textOf(read, page), 'a');
    assert.equal(owner.engine.stats().readers[0]?.id, -1 - other.slot);
    nowMs = 101;
    assert.equal(owner.engine.expireReaders(), 1);
    assert.throws(() => read.validate(), { code: '25P05' });
    read.end();
    const next = other.engine.beginRead();
    assert.equal(textOf(next, page), 'a');
    next.end();
    owner.close();
    assert.throws(() => other.engine.beginRead(), { code: '08003' });
    other.close();
  });
});
