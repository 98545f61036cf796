/**
 * Every order in which a writer, a checkpoint and a reader can take their steps, on the real engine, with a crash after each
 * step of each order (ACID-001, ACID-002, ARCH-001 AC-A1.4).
 *
 * The writer: commit; commit of two pages; a commit that waits for others; its sync; a large commit that spills.
 * The checkpoint: one slice a step (start and copy, copy, extend, sync, header and its syncs, release), starting over when done.
 * The reader: begins, reads everything, ends and begins anew, reads; on the owner's thread, or as another thread's follower.
 *
 * I1  The steps of each actor are fixed; an order says whose next step comes next. An order that fails is named.
 * I2  A crash here is a kill: the next process finds all that was written. Power cuts are the crash workloads' task.
 */
import { assert } from '../../base/assert.ts';
import type { PageNo } from '../../base/ids.ts';
import { Prng } from '../../base/prng.ts';
import { PageFile } from '../../pager/page-file.ts';
import { StorageEngine } from '../../txn/engine.ts';
import { resolveOptions } from '../../txn/engine-options.ts';
import { openStorage, type StorageHandle } from '../../txn/open-storage.ts';
import type { ReadTxn } from '../../txn/read-txn.ts';
import { SharedState } from '../../txn/shared-state.ts';
import { addPage, setText, textOf } from '../../txn/testing/bytes-node.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';

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
    assert(txn.snapshot >= this.acknowledged, 'an acknowledged commit is not seen');
    this.read = { txn, state: this.states[txn.snapshot]! };
  }

  compareRead(): void {
    if (this.read === undefined) return;
    const { txn, state } = this.read;
    this.compare(txn, state);
  }

  /** What opening after a crash now would find. */
  compareAfterCrash(): void {
    const handle = openStorage('x.ddb', { vfs: new MemoryVfs(this.disk.clone()), checkpointIntervalMs: 0 });
    const read = handle.engine.beginRead();
    assert(read.snapshot >= this.acknowledged, 'an acknowledged commit is lost');
    this.compare(read, this.states[read.snapshot]!);
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
    const { readers, locksHeld } = this.engine.stats();
    assert(readers.length === 0, 'a reader is left');
    assert(locksHeld.length === 0, 'a lock is left');
    this.handle.close();
    for (const action of this.deferred.splice(0)) action();
  }

  private compare(read: ReadTxn, state: State): void {
    for (const [i, page] of this.pages.entries()) {
      const found = textOf(read, page);
      if (found !== state[i]) throw new RangeError(`page ${page} shows "${found}", not "${state[i]}"`);
    }
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

export interface ExplorationCounts {
  readonly orders: number;
  readonly crashes: number;
}

/** Goes through every order of so many steps of writer, checkpoint and reader. */
export function exploreOrders(counts: readonly number[], followed: boolean): ExplorationCounts {
  let runs = 0;
  let crashes = 0;
  for (const { order, freshFrom } of orders(counts)) {
    crashes += runOrder(order, freshFrom, followed);
    runs++;
  }
  return { orders: runs, crashes };
}

/** Steps of each actor in {@link randomOrders}. */
const STEPS = 8;

/** Goes through `count` random orders of eight steps of each; every tenth with a crash after each step. */
export function randomOrders(seed: number, count: number): ExplorationCounts {
  const random = new Prng(seed);
  let crashes = 0;
  for (let i = 0; i < count; i++) {
    const left = actors.map(() => STEPS);
    const order: number[] = [];
    while (order.length < STEPS * actors.length) {
      const actor = random.below(actors.length);
      if (left[actor] === 0) continue;
      left[actor]!--;
      order.push(actor);
    }
    crashes += runOrder(order, random.chance(0.1) ? 0 : order.length, random.chance(0.5));
  }
  return { orders: count, crashes };
}
