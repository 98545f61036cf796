/** D8: a disk whose syncs do nothing. What it loses cannot be known; what is left must be a state that was, or be told of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../../base/assert.ts';
import { AssertionFailure, DecentDbError } from '../../base/errors.ts';
import { Prng } from '../../base/prng.ts';
import { FaultyVfs } from '../../vfs/faulty/faulty-vfs.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import { type CrashChoice, CrashModel } from '../crash-model.ts';
import { randomChoice } from '../crash-states.ts';
import { churn } from './content.ts';
import { StoreModel } from './store-model.ts';
import { Change } from './store-session.ts';
import { TreeStore } from './tree-store.ts';

setVerify(true);

const SEED = Number(process.env['SEED'] ?? 1) % 1_000_000;
const COMMITS = 6;

/** A session on such a disk: what it did to the files, and the states it went through. */
function session(seed: number, isLoggingChanges: boolean): { vfs: FaultyVfs; states: Set<string> } {
  const random = new Prng(seed);
  const vfs = new FaultyVfs(new MemoryVfs(new MemoryDisk()), { seed, faults: [], syncLies: true });
  const store = TreeStore.open(vfs, { isLoggingChanges });
  let model = new StoreModel();
  const states = new Set([model.fingerprint()]);
  for (let i = 0; i < COMMITS; i++) {
    const change = new Change(store, model);
    churn(change, random, `${seed}`, 6, 40);
    change.txn.commit();
    model = change.model;
    states.add(model.fingerprint());
    if (i === 2) store.engine.checkpoint();
  }
  store.close();
  return { vfs, states };
}

/** The state found on a disk; null: told that it is damaged or gone. */
function stateOf(disk: MemoryDisk): string | null {
  let store: TreeStore | null = null;
  try {
    store = TreeStore.open(new MemoryVfs(disk), { mode: 'open' });
    const state = store.fingerprint();
    return store.check().length > 0 ? null : state;
  } catch (error) {
    const isTold = error instanceof DecentDbError && !(error instanceof AssertionFailure);
    assert.ok(isTold, (error as Error).stack ?? String(error));
    return null;
  } finally {
    try {
      store?.close();
    } catch (error) {
      assert.ok(error instanceof DecentDbError, (error as Error).stack ?? String(error));
    }
  }
}

const KEPT: CrashChoice = { keepsName: () => true, dataFate: () => 'kept' };

test('D8: where a disk lies about syncs and keeps the order of writes, every state of it is one that was', () => {
  let found = 0;
  for (let seed = SEED; seed < SEED + 2; seed++) {
    const { vfs, states } = session(seed, seed % 2 === 0);
    const model = new CrashModel(vfs.trace, (path) => vfs.directoryOf(path));
    for (const [at, op] of vfs.trace.ops.entries()) {
      model.advance(op);
      const state = stateOf(model.materialise(KEPT).disk());
      if (state !== null)
        assert.ok(states.has(state), `SEED=${seed}: the state after operation ${at} never was`);
      if (state !== null) found++;
    }
  }
  assert.ok(found > 20, `${found} states opened`);
});

test('D8: where it loses any of them, what opens is told of by errors of the catalogue only', () => {
  const { vfs } = session(SEED, true);
  const model = new CrashModel(vfs.trace, (path) => vfs.directoryOf(path));
  for (const [at, op] of vfs.trace.ops.entries()) {
    model.advance(op);
    for (let i = 0; i < 3; i++) stateOf(model.materialise(randomChoice(model, SEED + 1000 * at + i)).disk());
  }
});
