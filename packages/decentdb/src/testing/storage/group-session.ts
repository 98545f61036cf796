/**
 * Writers that do not wait, in a storage workload: commits that share a sync, checkpoints whose syncs run off the event loop,
 * and everything that a writer who does wait does to them.
 *
 * I1  A commit that was acknowledged, or that any reader could see, survives (`CrashRun.kept`).
 * I2  What is published is a commit that was made, and equals its model, after every step.
 * I3  Syncs end when the workload says so, in the order they began; nothing else waits for real time.
 */
import { assert } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import { Prng } from '../../base/prng.ts';
import type { StorageOptions } from '../../txn/engine-options.ts';
import { type FaultPlan, NO_FAULTS } from '../../vfs/faulty/fault-plan.ts';
import type { HeldSync } from '../../vfs/faulty/faulty-vfs.ts';
import type { AsyncCrashWorkload, CrashRun } from '../crash-run.ts';
import { traceRulesFor } from '../trace-rules.ts';
import { churn } from './content.ts';
import { StoreModel } from './store-model.ts';
import { Change } from './store-session.ts';
import { STORE_FILES, STORE_PATH, TreeStore } from './tree-store.ts';

/** Turns of the microtask queue after which everything that a sync's end leads to has happened. */
const MICROTASKS = 24;

interface Version {
  readonly model: StoreModel;
  /** Its number as told to the crash machine. */
  readonly state: number;
}

export class GroupSession {
  readonly run: CrashRun;
  readonly random: Prng;
  store: TreeStore;
  private readonly options: StorageOptions;
  private held: HeldSync[] = [];
  private deferred: (() => void)[] = [];
  /** By LSN. */
  private versions: Map<number, Version> = new Map();
  private states = 0;
  private writes = 0;

  constructor(run: CrashRun, options: StorageOptions, seed: number) {
    this.run = run;
    this.random = new Prng(seed);
    this.options = options;
    run.vfs.heldSyncs = this.held;
    this.store = this.open();
    this.tell(0, new StoreModel());
    if (this.isDurable) run.watch(() => this.visibleState);
  }

  /** A commit that joins the others and is not waited for. */
  write(changes: number = 1 + this.random.below(4)): void {
    const { engine } = this.store;
    const change = new Change(this.store, this.newest().model, { onTip: true });
    churn(change, this.random, `g${++this.writes}`, changes);
    this.tell(change.txn.base.lsn + 1, change.model);
    const version = this.newest();
    change.txn.commitGrouped().then(
      () => {
        if (this.isDurable && !engine.stats().isFailed) this.run.kept(version.state);
      },
      () => {},
    );
  }

  /** A commit that waits for its own sync, and so ends what others wait for. */
  writeAlone(): void {
    const change = new Change(this.store, this.newest().model);
    churn(change, this.random, `a${++this.writes}`, 2);
    this.tell(change.txn.base.lsn + 1, change.model);
    change.txn.commit();
    if (this.isDurable) this.run.kept(this.newest().state);
    this.compare();
  }

  /** What the event loop would do next: the pump of the group. */
  async turn(): Promise<void> {
    for (const action of this.deferred.splice(0)) action();
    await settled();
    this.compare();
  }

  /** The oldest syncs end. */
  async finishSyncs(count = 1): Promise<void> {
    for (const sync of this.held.splice(0, count)) sync.finish();
    await settled();
    this.compare();
  }

  get syncsHeld(): number {
    return this.held.length;
  }

  /** A slice of a checkpoint that does not sync here. */
  checkpointSlice(pages = 2): void {
    const { offLoop } = this.store.engine.checkpointer;
    if (offLoop.start()) offLoop.advance(pages);
  }

  /** A whole checkpoint that waits for its syncs. */
  checkpointAlone(): void {
    this.store.engine.checkpoint();
    this.run.kept(this.visibleState);
    this.compare();
  }

  /** Runs until nothing waits any more. */
  async drain(): Promise<void> {
    const { pipeline, checkpointer } = this.store.engine;
    while (!pipeline.group.isEmpty || checkpointer.offLoop.isWaiting || this.held.length > 0) {
      await this.turn();
      await this.finishSyncs(100);
    }
  }

  /** One random step. */
  async step(): Promise<void> {
    const roll = this.random.below(20);
    if (roll < 8) this.write();
    else if (roll < 11) await this.turn();
    else if (roll < 15) await this.finishSyncs();
    else if (roll < 17) this.checkpointSlice(1 + this.random.below(3));
    else if (roll < 18) this.writeAlone();
    else if (roll < 19) this.checkpointAlone();
    else await this.drain();
  }

  /** Steps under faults. When the handle fails, what it left decides, and a new one goes on. */
  async under(plan: FaultPlan, steps: () => Promise<void>): Promise<void> {
    this.run.vfs.arm(plan);
    try {
      await steps();
      await this.drain();
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
    }
    this.run.vfs.arm(NO_FAULTS);
    await this.finishSyncs(100);
    if (this.store.engine.stats().isFailed) await this.reopen();
  }

  /** Closes, in whatever is going on, and opens again. */
  async reopen(): Promise<void> {
    await this.close();
    this.store = this.open();
    const found = this.store.fingerprint();
    const states = [...this.versions.values()].sort((a, b) => b.state - a.state);
    const version = states.find(({ model }) => model.fingerprint() === found);
    assert(version !== undefined, 'opening found a state that was never committed');
    // Commits numbered above it are gone for good: their numbers are given again.
    this.versions = new Map();
    this.tell(this.publishedLsn, version.model);
    this.run.kept(this.visibleState);
  }

  async close(): Promise<void> {
    const { store } = this;
    const isSound = !store.engine.stats().isFailed;
    store.close();
    if (isSound && this.states > 1) this.run.flushed();
    for (const action of this.deferred.splice(0)) action();
    for (const sync of this.held.splice(0)) sync.finish(); // Threads still at it when the database closed.
    await settled();
  }

  private open(): TreeStore {
    return TreeStore.open(this.run.vfs, {
      ...this.options,
      checkpointIntervalMs: 0,
      defer: (action) => void this.deferred.push(action),
    });
  }

  private get isDurable(): boolean {
    return (this.options.durability ?? 'full') === 'full';
  }

  private get publishedLsn(): number {
    return this.store.engine.publishedMeta().lsn;
  }

  /** The state that a new reader sees; 0 while the database need not exist. */
  private get visibleState(): number {
    const { publishedLsn } = this;
    return publishedLsn === 0 ? 0 : (this.versions.get(publishedLsn)?.state ?? 0);
  }

  private newest(): Version {
    return this.versions.get(this.store.engine.tipLsn) ?? this.versions.get(this.publishedLsn)!;
  }

  private tell(lsn: number, model: StoreModel): void {
    this.run.committed(model.fingerprint(), { durable: false });
    this.versions.set(lsn, { model, state: ++this.states });
  }

  /** I2 */
  private compare(): void {
    if (!this.store.engine.isOpen) return;
    const expected = this.versions.get(this.publishedLsn);
    assert(expected !== undefined, 'a commit is published that nobody made');
    const found = this.store.fingerprint();
    if (found !== expected.model.fingerprint()) {
      throw new RangeError(`commit ${this.publishedLsn} shows ${found}, not ${expected.model.fingerprint()}`);
    }
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < MICROTASKS; i++) await Promise.resolve();
}

/** A crash workload of writers that do not wait. */
export function groupWorkload(
  name: string,
  options: StorageOptions,
  body: (session: GroupSession) => Promise<void>,
  seed = 1,
): AsyncCrashWorkload {
  return {
    name,
    ownedFiles: STORE_FILES,
    open: (vfs) => TreeStore.reopen(vfs),
    run: async (run) => {
      const session = new GroupSession(run, options, seed);
      await body(session);
      await session.close();
      run.vfs.heldSyncs = undefined;
    },
    traceRules: traceRulesFor(STORE_PATH, false),
  };
}
