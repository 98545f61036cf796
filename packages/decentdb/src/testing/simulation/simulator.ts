/**
 * Runs a list of actions against a store on faulty files and against a model, and compares the two after every action.
 *
 *     actors: one writer, readers on snapshots (some of which expire), checkpoints in slices, faults, kills, power cuts
 *
 * I1  After every action: what is published equals the model; every live snapshot shows what it showed at its start (looked
 *     at on demand); the handle works, or says that it must be opened again.
 * I2  After a power cut the state is one that durability allows; after anything else it is exactly the model.
 * I3  An error is excused only by a fault that fired, or by its own rules (expired snapshots, a log held by readers).
 */
import { AssertionFailure, DecentDbError } from '../../base/errors.ts';
import type { ReadTxn } from '../../txn/read-txn.ts';
import { type FaultPlan, NO_FAULTS } from '../../vfs/faulty/fault-plan.ts';
import { FaultyVfs } from '../../vfs/faulty/faulty-vfs.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import { CrashModel } from '../crash-model.ts';
import { randomChoice } from '../crash-states.ts';
import { filled } from '../storage/content.ts';
import { StoreModel } from '../storage/store-model.ts';
import { Change } from '../storage/store-session.ts';
import { STORE_PATH, TreeStore } from '../storage/tree-store.ts';
import type { Action, Profile } from './actions.ts';

/** What was wrong, and after which action. */
export interface SimulationFailure {
  readonly at: number;
  readonly action: Action;
  readonly message: string;
}

export interface SimulationCounts {
  actions: number;
  commits: number;
  powerCuts: number;
  kills: number;
  faultsFired: number;
  snapshotsRead: number;
  expired: number;
}

const READER_TIMEOUT_MS = 100;
const READERS_MAX = 8;

interface Snapshot {
  readonly read: ReadTxn;
  readonly expected: string;
}

/** Runs the actions; null when everything held. */
export function simulate(
  actions: readonly Action[],
  profile: Profile,
  counts?: SimulationCounts,
): SimulationFailure | null {
  const simulator = new Simulator(profile);
  for (const [at, action] of actions.entries()) {
    try {
      simulator.act(action, at);
    } catch (error) {
      simulator.abandon();
      return { at, action, message: describe(error) };
    }
  }
  const last = { do: 'reopen' } as const;
  try {
    simulator.finish();
  } catch (error) {
    simulator.abandon();
    return { at: actions.length, action: last, message: describe(error) };
  }
  if (counts !== undefined) addCounts(counts, simulator.counts);
  return null;
}

export function noCounts(): SimulationCounts {
  return { actions: 0, commits: 0, powerCuts: 0, kills: 0, faultsFired: 0, snapshotsRead: 0, expired: 0 };
}

function addCounts(into: SimulationCounts, from: SimulationCounts): void {
  for (const key of Object.keys(into) as (keyof SimulationCounts)[]) into[key] += from[key];
}

class Simulator {
  readonly counts: SimulationCounts = noCounts();
  private readonly profile: Profile;
  private vfs: FaultyVfs;
  private disk = new MemoryDisk();
  private store: TreeStore | undefined;
  private change: Change | undefined;
  private snapshots: Snapshot[] = [];
  /** What everybody sees now. */
  private published = new StoreModel();
  /** Earlier states, each different from the next. */
  private readonly history: StoreModel[] = [];
  /** States a power cut may leave, newest last; the database need not exist while `isCreated` is false. */
  private allowed: StoreModel[] = [this.published];
  private isCreated = false;
  private clockMs = 0;

  constructor(profile: Profile) {
    this.profile = profile;
    this.vfs = new FaultyVfs(new MemoryVfs(this.disk));
    this.open();
  }

  act(action: Action, at: number): void {
    this.counts.actions++;
    if (this.store === undefined) this.openAgain();
    const { schedule, plan } = this.vfs;
    const firedBefore = schedule.fired.length;
    try {
      this.perform(action, at);
    } catch (error) {
      this.excuse(error, schedule.fired.length > firedBefore || plan.diskBytesMax !== undefined);
    }
    this.counts.faultsFired += schedule.fired.length - firedBefore;
    this.compare();
  }

  /** Ends the run: everything closes, nothing leaks, and the state is there after all. */
  finish(): void {
    this.vfs.arm(NO_FAULTS);
    if (this.store !== undefined) this.close();
    this.open();
    this.compare();
    const problems = this.store?.check() ?? [];
    if (problems.length > 0) throw new RangeError(problems.join('; '));
    this.store?.writeProbe(); // The first commit of a session removes what a creation that did not finish left.
    this.close();
    if (this.vfs.openFiles > 0) throw new RangeError(`${this.vfs.openFiles} files stay open`);
    if (this.disk.locks.size > 0) throw new RangeError('the lock stays held');
    const left = [...this.disk.files.keys()].filter((path) => path !== STORE_PATH);
    if (left.length > 0) throw new RangeError(`files are left behind: ${left.join(', ')}`);
  }

  /** Gives up a failed run without judging what closing does. */
  abandon(): void {
    this.vfs.arm(NO_FAULTS);
    try {
      this.store?.close();
    } catch {
      // The failure that led here is the one to report.
    }
  }

  private perform(action: Action, at: number): void {
    switch (action.do) {
      case 'put':
        this.writing().put(action.tree, action.key, filled(`${at}`, action.length));
        return;
      case 'delete':
        this.writing().delete(action.tree, action.key);
        return;
      case 'drop':
        this.writing().drop(action.tree);
        return;
      case 'savepoint':
        this.change?.savepoint();
        return;
      case 'rollbackTo':
        if (this.change !== undefined && this.change.depth > 0) this.change.rollbackTo();
        return;
      case 'release':
        if (this.change !== undefined && this.change.depth > 0) this.change.release();
        return;
      case 'commit':
        this.commit();
        return;
      case 'rollback':
        this.change?.txn.rollback();
        this.change = undefined;
        return;
      default:
        this.performAround(action);
    }
  }

  private performAround(action: Action): void {
    const engine = this.store!.engine;
    switch (action.do) {
      case 'checkpoint':
        if (this.change === undefined) engine.checkpoint();
        return;
      case 'step':
        if (this.change === undefined) engine.checkpointStep(action.pages);
        return;
      case 'flush':
        if (this.change === undefined) this.flush();
        return;
      case 'expire':
        this.counts.expired += engine.expireReaders();
        return;
      case 'read':
        this.startReader();
        return;
      case 'look':
        this.lookAt(this.snapshots[action.reader]);
        return;
      case 'end':
        this.snapshots.splice(action.reader, 1)[0]?.read.end();
        return;
      case 'tick':
        this.clockMs += action.ms;
        return;
      case 'reopen':
        this.close();
        this.open();
        return;
      default:
        this.performTrouble(action);
    }
  }

  private performTrouble(action: Action): void {
    switch (action.do) {
      case 'kill':
        this.counts.kills++;
        this.leave(this.disk.clone());
        return;
      case 'powerCut':
        this.powerCut(action.seed);
        return;
      case 'fault':
        this.arm({ seed: 0, faults: [action.fault] });
        return;
      case 'diskFull':
        this.arm({ seed: 0, faults: [], diskBytesMax: action.bytes });
        return;
      case 'disarm':
        this.arm(NO_FAULTS);
        return;
      default:
        return;
    }
  }

  private writing(): Change {
    this.change ??= new Change(this.store!, this.published);
    return this.change;
  }

  private commit(): void {
    const { change } = this;
    if (change === undefined) return;
    this.change = undefined;
    try {
      change.txn.commit();
    } catch (error) {
      change.txn.rollback();
      // A handle that failed with the commit does not know whether it is on disk: the next one will.
      if (this.store!.engine.stats().isFailed) this.allowed.push(change.model);
      throw error;
    }
    if (change.model.fingerprint() !== this.published.fingerprint()) this.history.push(this.published);
    this.published = change.model;
    this.counts.commits++;
    if (this.profile.durability === 'full') this.allowed = [this.published];
    else this.allowed.push(this.published);
    if (this.profile.durability === 'full' && this.store!.engine.publishedMeta().lsn > 0)
      this.isCreated = true;
  }

  private flush(): void {
    this.store!.engine.flush();
    this.allowed = [this.published];
  }

  private startReader(): void {
    if (this.snapshots.length >= READERS_MAX) return;
    this.snapshots.push({ read: this.store!.engine.beginRead(), expected: this.published.fingerprint() });
  }

  private lookAt(snapshot: Snapshot | undefined): void {
    if (snapshot === undefined) return;
    try {
      const found = this.store!.fingerprintOf(snapshot.read);
      this.counts.snapshotsRead++;
      if (!snapshot.read.isActive) throw new RangeError('an expired snapshot returned data');
      if (found !== snapshot.expected)
        throw new RangeError(`a snapshot of ${snapshot.expected} shows ${found}`);
    } catch (error) {
      const isExpired = error instanceof DecentDbError && error.code === '25P05';
      if (!isExpired || snapshot.read.isActive) throw error;
    }
  }

  private arm(plan: FaultPlan): void {
    this.vfs.arm(plan);
  }

  /** The power goes: what is left is one of the states of the crash model, chosen by the seed. */
  private powerCut(seed: number): void {
    this.counts.powerCuts++;
    const model = new CrashModel(this.vfs.trace, (path) => this.vfs.directoryOf(path));
    for (const op of this.vfs.trace.ops) model.advance(op);
    this.leave(model.materialise(randomChoice(model, seed)).disk());
  }

  /** The process is gone; a new one finds `disk`. */
  private leave(disk: MemoryDisk): void {
    const { allowed } = this;
    const { plan, schedule } = this.vfs;
    this.change = undefined;
    this.snapshots = [];
    this.vfs.quietly(() => this.store!.close());
    this.store = undefined;
    this.disk = disk;
    this.vfs = new FaultyVfs(new MemoryVfs(disk));
    this.vfs.resume(plan, schedule); // The recovery meets the faults that are still to come.
    if (!disk.files.has(STORE_PATH)) {
      if (this.isCreated) throw new RangeError('the database is gone');
      this.allowed = [new StoreModel()];
    } else this.allowed = allowed;
    this.open();
  }

  private close(): void {
    this.change = undefined;
    this.snapshots = [];
    const { store } = this;
    this.store = undefined;
    const isFailed = store!.engine.stats().isFailed;
    store!.close();
    if (!isFailed && this.published.size > 0) this.isCreated = true;
    if (!isFailed) this.allowed = [this.published];
  }

  private open(): void {
    const { durability, privateBytesMax, walBytesMax, cacheBytes } = this.profile;
    const store = TreeStore.open(this.vfs, {
      durability,
      privateBytesMax,
      walBytesMax,
      cacheBytes,
      readerTimeoutMs: READER_TIMEOUT_MS,
      now: () => this.clockMs,
    });
    this.store = store;
    const found = this.vfs.quietly(() => store.fingerprint());
    const allowed = this.hasReadFlipped() ? [...this.beforeLast(), ...this.allowed] : this.allowed;
    const state = allowed.findLast((model) => model.fingerprint() === found);
    if (state === undefined)
      throw new RangeError(`the state after opening is none that may be there: ${found}`);
    this.published = state;
    this.allowed = [state]; // Recovery rewrote it: it is durable now.
    const problems = this.vfs.quietly(() => store.check()).filter((problem) => !this.isExcusable(problem));
    if (problems.length > 0) throw new RangeError(problems.join('; '));
  }

  /**
   * A bit that flips each time the end of the log is read back looks like a torn tail: the last commit is given up (D9). No
   * checksum can tell the two apart. A bit that flips once costs nothing.
   */
  private hasReadFlipped(): boolean {
    return this.vfs.schedule.fired.some(
      ({ fault }) => fault.effect.kind === 'bitFlip' && fault.sticky === true,
    );
  }

  /** States that losing the last batch of the log leaves: with deferred commits it may hold many. */
  private beforeLast(): readonly StoreModel[] {
    return this.profile.durability === 'full' ? this.history.slice(-1) : this.history;
  }

  /** A header copy whose write failed is damaged until the next header: the check is right to tell. */
  private isExcusable(problem: string): boolean {
    return this.vfs.schedule.fired.length > 0 && problem.includes('copies of the file header');
  }

  /** After an open that failed under faults: the trouble is over, now it must work. */
  private openAgain(): void {
    this.vfs.arm(NO_FAULTS);
    this.open();
  }

  private excuse(error: unknown, hasFired: boolean): void {
    if (!(error instanceof DecentDbError) || error instanceof AssertionFailure) throw error;
    const isHeldUp = error.code === '53100' && this.snapshots.length > 0;
    const isFailed = this.store?.engine.isOpen === true && this.store.engine.stats().isFailed;
    if (!hasFired && !isHeldUp && !(isFailed && error.code === '58030')) throw error;
    this.change?.txn.rollback();
    this.change = undefined;
    if (isFailed) {
      this.vfs.arm(NO_FAULTS);
      this.close();
      this.open();
    }
  }

  private compare(): void {
    const { store } = this;
    if (store === undefined || !store.engine.isOpen) return;
    const found = this.vfs.quietly(() => store.fingerprint());
    const expected = this.published.fingerprint();
    if (found !== expected) throw new RangeError(`the store has ${found}, the model ${expected}`);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = error instanceof DecentDbError ? `${error.code} ` : '';
  return `${code}${error.message}\n${(error.stack ?? '').split('\n').slice(1, 8).join('\n')}`;
}
