/**
 * Every order in which a writer, a checkpoint and a reader can take their steps, on the real engine, with a crash after each
 * step of each order (ACID-001, ACID-002, ARCH-001 AC-A1.4).
 *
 * The writer: commit; commit of two pages; a commit that waits for others; its sync; a large commit that spills.
 * The checkpoint: one slice a step (start and copy, copy, extend, sync, header, release), starting over when done.
 * The reader: begins, reads everything, ends and begins anew, reads; on the owner's thread, or as another thread's follower.
 *
 * EXPLORE=deep goes through more steps of each, and then ORDERS orders of 8 steps each at random.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import { PageFile } from '../pager/page-file.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { StorageEngine } from './engine.ts';
import { resolveOptions } from './engine-options.ts';
import { openStorage, type StorageHandle } from './open-storage.ts';
import type { ReadTxn } from './read-txn.ts';
import { SharedState } from './shared-state.ts';
import { addPage, setText, textOf } from './testing/bytes-node.ts';

setVerify(true);

const SEED = Number(process.env['SEED'] ?? 20266);
const PAGES = 3;
type State = readonly string[];

/** A memory disk that passes for files, so that it can be shared. */
class SharableVfs extends MemoryVfs {
  override readonly name = 'node' as never;
}

/** One engine on a small disk, and what it should contain. */
class World {
  readonly disk = new MemoryDisk();
  readonly deferred: (() => void)[] = [];
  readonly handle: StorageHandle;
  readonly pages: PageNo[] = [];
  private readonly followed: boolean;
  private follower: { engine: StorageEngine; slot: number } | undefined;
  private read: { txn: ReadTxn; state: State } | undefined;
  /** States by LSN; those above `acknowledged` may be lost in a crash. */
  private readonly states: State[] = [];
  private acknowledged = 0;
  private texts = 0;

  constructor(followed: boolean) {
    this.followed = followed;
    this.handle = openStorage('x.ddb', {
      vfs: new SharableVfs(this.disk),
      pageSize: 512,
      walStepBytes: 512,
      walBytesMax: 4096,
      privateBytesMax: 0,
      checkpointIntervalMs: 0,
      cacheBytes: 4096,
      defer: (action) => void this.deferred.push(action),
    });
    const txn = this.handle.engine.beginWrite();
    for (let i = 0; i < PAGES; i++) this.pages.push(addPage(txn, 'start'));
    txn.commit();
    this.states.push(Array(PAGES).fill(''), Array(PAGES).fill('start'));
    this.acknowledged = 1;
  }

  get engine(): StorageEngine {
    return this.handle.engine;
  }

  write(count: number, way: 'alone' | 'grouped' | 'spilled'): void {
    const txn = this.engine.beginWrite({ onTip: way === 'grouped' });
    const state = [...this.states.at(-1)!];
    for (let i = 0; i < count; i++) {
      const at = (this.texts + i) % PAGES;
      state[at] = `text ${++this.texts}`.padEnd(60, '.');
      setText(txn, this.pages[at]!, state[at]);
      if (way === 'spilled') txn.relieve();
    }
    this.states.push(state);
    if (way === 'grouped') void txn.commitGrouped();
    else this.acknowledged = txn.commit();
  }

  settle(): void {
    this.engine.pipeline.group.settle();
    this.acknowledged = this.engine.publishedMeta().lsn;
  }

  checkpoint(): void {
    this.engine.checkpointStep(1);
    this.acknowledged = Math.max(this.acknowledged, this.engine.publishedMeta().lsn);
  }

  beginRead(): void {
    this.read?.txn.end();
    const txn = this.readingEngine().beginRead();
    assert.ok(txn.snapshot >= this.acknowledged, 'an acknowledged commit is not seen');
    this.read = { txn, state: this.states[txn.snapshot]! };
  }

  compareRead(): void {
    if (this.read === undefined) return;
    const { txn, state } = this.read;
    assert.deepEqual(
      this.pages.map((page) => textOf(txn, page)),
      state,
    );
  }

  /** What opening after a crash now would find. */
  compareAfterCrash(): void {
    const handle = openStorage('x.ddb', { vfs: new MemoryVfs(this.disk.clone()), checkpointIntervalMs: 0 });
    const read = handle.engine.beginRead();
    assert.ok(read.snapshot >= this.acknowledged, 'an acknowledged commit is lost');
    assert.deepEqual(
      this.pages.map((page) => textOf(read, page)),
      this.states[read.snapshot],
    );
    read.end();
    handle.close();
  }

  close(): void {
    this.compareRead();
    this.read?.txn.end();
    if (this.follower !== undefined) {
      this.engine.sharing!.freeSlot(this.follower.slot);
      this.follower.engine.close();
    }
    assert.deepEqual(this.engine.stats().readers, []);
    assert.deepEqual(this.engine.stats().locksHeld, []);
    this.handle.close();
    for (const action of this.deferred.splice(0)) action();
  }

  private readingEngine(): StorageEngine {
    if (!this.followed) return this.engine;
    if (this.follower === undefined) {
      const sharing = this.engine.share();
      const slot = sharing.takeSlot();
      const vfs = new SharableVfs(this.disk);
      const pageFile = PageFile.open(vfs.open('x.ddb', 'readOnly'), { isSyncing: false });
      const follow = { state: SharedState.attach(sharing.state.buffer), slot };
      const files = { path: 'x.ddb', identity: 'x', pageFile, lock: undefined, recovered: undefined, follow };
      const options = resolveOptions({ vfs, mode: 'readOnly', cacheBytes: 4096 }, () => vfs);
      this.follower = { engine: new StorageEngine(files, options, () => {}), slot };
    }
    return this.follower.engine;
  }
}

type Step = (world: World) => void;
const writer: readonly Step[] = [
  (w) => w.write(1, 'alone'),
  (w) => w.write(2, 'grouped'),
  (w) => w.settle(),
  (w) => w.write(3, 'spilled'),
  (w) => w.write(1, 'grouped'),
  (w) => w.write(1, 'grouped'),
  (w) => w.settle(),
  (w) => w.write(2, 'alone'),
];
const checkpoint: readonly Step[] = Array.from({ length: 8 }, () => (w: World) => w.checkpoint());
const reader: readonly Step[] = [
  (w) => w.beginRead(),
  (w) => w.compareRead(),
  (w) => w.beginRead(),
  (w) => w.compareRead(),
  (w) => w.compareRead(),
  (w) => w.beginRead(),
  (w) => w.compareRead(),
  (w) => w.compareRead(),
];
const actors: readonly (readonly Step[])[] = [writer, checkpoint, reader];

/** Runs one order of steps; crashes after those from `freshFrom` on, which no order before has shown. */
function runOrder(order: readonly number[], freshFrom: number, followed: boolean): number {
  const world = new World(followed);
  const taken = actors.map(() => 0);
  let crashes = 0;
  try {
    for (const [i, actor] of order.entries()) {
      actors[actor]![taken[actor]!++]!(world);
      if (i < freshFrom) continue;
      world.compareAfterCrash();
      crashes++;
    }
    world.close();
  } catch (error) {
    throw new Error(`order ${order.join('')} (${followed ? 'follower' : 'own thread'})`, { cause: error });
  }
  return crashes;
}

/** All orders of so many steps of each actor, each differing from the one before as late as possible. */
function* orders(counts: readonly number[]): Generator<{ order: number[]; freshFrom: number }> {
  const left = [...counts];
  const total = counts.reduce((a, b) => a + b, 0);
  const order: number[] = [];
  let freshFrom = 0;
  function* extend(): Generator<{ order: number[]; freshFrom: number }> {
    if (order.length === total) {
      yield { order, freshFrom };
      freshFrom = total;
      return;
    }
    for (let actor = 0; actor < left.length; actor++) {
      if (left[actor] === 0) continue;
      left[actor]!--;
      order.push(actor);
      yield* extend();
      order.pop();
      left[actor]!++;
      freshFrom = Math.min(freshFrom, order.length);
    }
  }
  yield* extend();
}

const isDeep: boolean = process.env['EXPLORE'] === 'deep';
const explorations: readonly { readonly counts: readonly number[]; readonly followed: boolean }[] = isDeep
  ? [
      { counts: [4, 5, 3], followed: false },
      { counts: [4, 5, 3], followed: true },
      { counts: [2, 8, 3], followed: true },
    ]
  : [
      { counts: [4, 3, 2], followed: false },
      { counts: [3, 3, 2], followed: true },
      { counts: [1, 8, 2], followed: true },
    ];

for (const { counts, followed } of explorations) {
  test(`AC-A1.4 ACID-001 ACID-002: every order of ${counts.join('+')} steps, reader ${followed ? 'in another thread' : 'here'}`, (t) => {
    let runs = 0;
    let crashes = 0;
    for (const { order, freshFrom } of orders(counts)) {
      crashes += runOrder(order, freshFrom, followed);
      runs++;
    }
    t.diagnostic(`${runs} orders, ${crashes} crashes`);
    assert.ok(runs >= 400);
  });
}

test(`AC-A1.4: random orders of 8 steps each (SEED=${SEED})`, () => {
  const count = isDeep ? Number(process.env['ORDERS'] ?? 100_000) : 150;
  const random = new Prng(SEED);
  for (let i = 0; i < count; i++) {
    const left = [8, 8, 8];
    const order: number[] = [];
    while (order.length < 24) {
      const actor = random.below(3);
      if (left[actor]! > 0) {
        left[actor]!--;
        order.push(actor);
      }
    }
    runOrder(order, random.chance(0.1) ? 0 : 24, random.chance(0.5));
  }
});
