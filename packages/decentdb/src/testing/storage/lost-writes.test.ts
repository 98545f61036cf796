/**
 * C3: writes that a disk acknowledged, synced and lost. A stale page carries a good checksum, so nothing but what lies around it can
 * give it away: this counts what is told and what is not, and holds the numbers of docs/testing.md to their word.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../../base/assert.ts';
import { AssertionFailure, DecentDbError } from '../../base/errors.ts';
import { Prng } from '../../base/prng.ts';
import { NO_FAULTS } from '../../vfs/faulty/fault-plan.ts';
import { FaultyVfs } from '../../vfs/faulty/faulty-vfs.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import { churn } from './content.ts';
import { StoreModel } from './store-model.ts';
import { Change } from './store-session.ts';
import { STORE_PATH, TreeStore } from './tree-store.ts';

setVerify(true);

const SEED = Number(process.env['SEED'] ?? 1);

/** Writes of the commits and the checkpoint in question. */
const CALLS = 24;

type Outcome = 'harmless' | 'told' | 'silent';

/** A store of some commits, whose `call`-th write is lost if it goes to `suffix`; null when it goes elsewhere. */
function loseWrite(seed: number, call: number, suffix: string): Outcome | null {
  const random = new Prng(seed);
  const disk = new MemoryDisk();
  const vfs = new FaultyVfs(new MemoryVfs(disk));
  const store = TreeStore.open(vfs);
  let model = new StoreModel();
  const commit = (changes: number): void => {
    const change = new Change(store, model);
    churn(change, random, `${seed}`, changes, 60);
    change.txn.commit();
    model = change.model;
  };
  for (let i = 0; i < 6; i++) commit(12);
  store.engine.checkpoint();
  vfs.arm({ seed: 0, faults: [{ on: 'write', call, pathSuffix: suffix, effect: { kind: 'lostWrite' } }] });
  try {
    // A page whose frame is lost may be read back by a later commit.
    for (let i = 0; i < 3; i++) commit(8);
    store.engine.checkpoint();
    if (vfs.schedule.fired.length === 0) {
      store.close();
      return null;
    }
    vfs.arm(NO_FAULTS);
    store.close();
  } catch (error) {
    vfs.arm(NO_FAULTS);
    abandon(store);
    return tell(error);
  }
  return judge(disk, model);
}

/** What a new process makes of it. */
function judge(disk: MemoryDisk, model: StoreModel): Outcome {
  let store: TreeStore;
  try {
    store = TreeStore.open(new MemoryVfs(disk), { mode: 'open' });
  } catch (error) {
    return tell(error);
  }
  try {
    const problems = store.check();
    const isSame = store.fingerprint() === model.fingerprint();
    if (problems.length > 0) return 'told';
    return isSame ? 'harmless' : 'silent';
  } catch (error) {
    return tell(error);
  } finally {
    abandon(store);
  }
}

/** Closing may meet the damage too, and say so. */
function abandon(store: TreeStore): void {
  try {
    store.close();
  } catch (error) {
    tell(error);
  }
}

function tell(error: unknown): Outcome {
  assert.ok(
    error instanceof DecentDbError && !(error instanceof AssertionFailure),
    (error as Error).stack ?? String(error),
  );
  return 'told';
}

function count(suffix: string): Record<Outcome, number> {
  const found: Record<Outcome, number> = { harmless: 0, told: 0, silent: 0 };
  for (let seed = SEED; seed < SEED + 6; seed++) {
    for (let call = 0; call < CALLS; call++) {
      const outcome = loseWrite(seed, call, suffix);
      if (outcome !== null) found[outcome]++;
    }
  }
  return found;
}

test('C3: lost writes of pages: what their neighbours contradict is told, the rest is an older row (documented)', (t) => {
  const found = count(STORE_PATH);
  t.diagnostic(JSON.stringify(found));
  assert.ok(found.told > found.silent, JSON.stringify(found));
  assert.ok(found.told + found.silent + found.harmless > 30);
});

test('C3: lost writes of the log are told when they are read back, and never change an answer', (t) => {
  const found: Record<Outcome, number> = { harmless: 0, told: 0, silent: 0 };
  for (const suffix of ['-wal-a', '-wal-b']) {
    const some = count(suffix);
    for (const outcome of ['harmless', 'told', 'silent'] as const) found[outcome] += some[outcome];
  }
  t.diagnostic(JSON.stringify(found));
  assert.equal(found.silent, 0);
  assert.ok(found.told > 10);
});
