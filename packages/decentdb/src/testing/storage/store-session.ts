/**
 * A writer in a storage workload: changes the store and its model together, commits both, and tells the crash machine.
 *
 *     storageWorkload('two commits', {}, (session) => {
 *       session.commit((change) => change.put(0, 1, 'one'));
 *       session.commit((change) => change.put(0, 2, 'two'));
 *     })
 *
 * I1  After each commit the store's fingerprint equals the model's.
 */
import { assert } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import { Prng } from '../../base/prng.ts';
import type { StorageOptions } from '../../txn/engine-options.ts';
import type { SavepointMark } from '../../txn/page-view.ts';
import type { WriteTxn } from '../../txn/write-txn.ts';
import type { FaultPlan } from '../../vfs/faulty/fault-plan.ts';
import { NO_FAULTS } from '../../vfs/faulty/fault-plan.ts';
import type { CrashRun, CrashWorkload } from '../crash-run.ts';
import { traceRulesFor } from '../trace-rules.ts';
import { StoreModel } from './store-model.ts';
import { STORE_FILES, STORE_PATH, TreeStore } from './tree-store.ts';

/** One write transaction under way, with its model. */
export class Change {
  readonly txn: WriteTxn;
  private readonly store: TreeStore;
  model: StoreModel;
  private readonly marks: { readonly mark: SavepointMark; readonly model: StoreModel }[] = [];

  constructor(store: TreeStore, model: StoreModel, options: { readonly onTip: boolean } = { onTip: false }) {
    this.store = store;
    this.txn = store.engine.beginWrite(options);
    this.model = model.clone();
  }

  put(tree: number, key: number, value: string): void {
    this.store.put(this.txn, tree, key, value);
    this.model.tree(tree).set(key, value);
  }

  putAll(tree: number, keys: readonly number[], value: (key: number) => string): void {
    this.store.putAll(this.txn, tree, keys, value);
    for (const key of keys) this.model.tree(tree).set(key, value(key));
  }

  delete(tree: number, key: number): void {
    const isFound = this.store.delete(this.txn, tree, key);
    assert(isFound === this.model.tree(tree).delete(key), 'the store and its model disagree on a row');
  }

  drop(tree: number): void {
    this.store.drop(this.txn, tree);
    this.model.tree(tree).clear();
  }

  savepoint(): void {
    this.marks.push({ mark: this.txn.savepoint(), model: this.model.clone() });
  }

  /** Undoes everything since the newest savepoint, which stays. */
  rollbackTo(): void {
    const top = this.marks[this.marks.length - 1]!;
    this.txn.rollbackTo(top.mark);
    this.model = top.model.clone();
  }

  release(): void {
    this.txn.release(this.marks.pop()!.mark);
  }

  get depth(): number {
    return this.marks.length;
  }
}

export class StoreSession {
  readonly run: CrashRun;
  readonly random: Prng;
  store: TreeStore;
  model: StoreModel = new StoreModel();
  private options: StorageOptions;
  private statesTold = 0;
  private lsnTold = 0;

  constructor(run: CrashRun, options: StorageOptions, seed: number) {
    this.run = run;
    this.options = options;
    this.random = new Prng(seed);
    this.store = TreeStore.open(run.vfs, options);
    this.tell(false);
    if (this.isDurable) this.run.watch(() => (this.isCommitVisible() ? this.statesTold + 1 : 0));
  }

  private get isDurable(): boolean {
    return (this.options.durability ?? 'full') === 'full';
  }

  /** Commits a change, compares, tells. */
  commit(body: (change: Change) => void): void {
    const change = new Change(this.store, this.model);
    body(change);
    change.txn.commit();
    this.model = change.model;
    this.compare();
    this.tell(this.isDurable);
  }

  /** A change that is taken back. */
  rollback(body: (change: Change) => void): void {
    const change = new Change(this.store, this.model);
    body(change);
    change.txn.rollback();
    this.compare();
  }

  /** Commits under a fault plan. Whether it fails is up to the plan; the state afterwards must agree with the answer. */
  commitUnder(plan: FaultPlan, body: (change: Change) => void): void {
    const change = new Change(this.store, this.model);
    try {
      this.run.vfs.arm(plan);
      body(change);
      this.run.attempting(change.model.fingerprint());
      change.txn.commit();
      this.model = change.model;
      this.tell(this.isDurable);
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      change.txn.rollback();
      if (this.store.engine.stats().isFailed) this.settle(change.model);
      else this.run.failed();
    } finally {
      this.run.vfs.arm(NO_FAULTS);
    }
    this.compare();
  }

  /** Runs something else under a plan, and forgives the errors of the plan. */
  under(plan: FaultPlan, body: () => void): void {
    this.run.vfs.arm(plan);
    try {
      body();
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      if (this.store.engine.stats().isFailed) this.settle(this.model);
    } finally {
      this.run.vfs.arm(NO_FAULTS);
    }
    this.compare();
  }

  checkpoint(): void {
    this.store.engine.checkpoint();
    this.tellFlushed();
  }

  /** One slice of a checkpoint. */
  checkpointStep(pagesMax = 1): boolean {
    return this.store.engine.checkpointStep(pagesMax);
  }

  flush(): void {
    this.store.engine.flush();
    this.tellFlushed();
  }

  reopen(options: StorageOptions = this.options): void {
    this.finish();
    this.options = { ...options, mode: 'open' };
    this.store = TreeStore.open(this.run.vfs, this.options);
    this.compare();
    this.lsnTold = this.publishedLsn();
  }

  /** Closes. What was committed is durable then, whatever the mode; a database without a commit need not exist (D5). */
  finish(): void {
    this.store.close();
    this.tellFlushed();
  }

  /** The handle has failed: only a new one knows whether the last commit is there (D6). */
  private settle(unsure: StoreModel): void {
    this.run.vfs.arm(NO_FAULTS);
    this.run.committed(unsure.fingerprint(), { durable: false });
    this.statesTold++;
    this.store.close();
    this.store = TreeStore.open(this.run.vfs, { ...this.options, mode: 'open' });
    if (this.store.fingerprint() === unsure.fingerprint()) this.model = unsure;
    this.lsnTold = this.publishedLsn();
    this.tell(true);
  }

  private tellFlushed(): void {
    if (this.statesTold > 1) this.run.flushed();
  }

  private compare(): void {
    const found = this.store.fingerprint();
    if (found !== this.model.fingerprint()) {
      throw new RangeError(`the store has ${found}, its model ${this.model.fingerprint()}`);
    }
  }

  private tell(isDurable: boolean): void {
    this.run.committed(this.model.fingerprint(), { durable: isDurable });
    this.statesTold++;
    this.lsnTold = this.publishedLsn();
  }

  private isCommitVisible(): boolean {
    return this.publishedLsn() > this.lsnTold;
  }

  private publishedLsn(): number {
    return this.store.engine.publishedMeta().lsn;
  }
}

/** A crash workload over a store of trees. */
export function storageWorkload(
  name: string,
  options: StorageOptions,
  body: (session: StoreSession) => void,
  seed = 1,
): CrashWorkload {
  return {
    name,
    ownedFiles: STORE_FILES,
    open: (vfs) => TreeStore.reopen(vfs),
    run: (run) => {
      const session = new StoreSession(run, options, seed);
      body(session);
      session.finish();
    },
    traceRules: traceRulesFor(STORE_PATH, (options.durability ?? 'full') === 'full'),
  };
}
