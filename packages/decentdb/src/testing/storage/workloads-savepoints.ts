/** Crash workloads with savepoints, rollbacks and transactions that spill. */
import type { CrashWorkload } from '../crash-run.ts';
import { churn, filled } from './content.ts';
import { type Change, type StoreSession, storageWorkload } from './store-session.ts';

/** Random changes between savepoints set, gone back to and released at random. */
function nested(change: Change, session: StoreSession, label: string, steps: number): void {
  const { random } = session;
  for (let i = 0; i < steps; i++) {
    const roll = random.below(6);
    if (roll < 2) change.savepoint();
    else if (roll === 2 && change.depth > 0) change.rollbackTo();
    else if (roll === 3 && change.depth > 0) change.release();
    churn(change, random, `${label}.${i}`, 2);
  }
  while (change.depth > 0) {
    if (random.chance(0.5)) change.rollbackTo();
    change.release();
  }
}

export const savepointWorkloads: readonly CrashWorkload[] = [
  storageWorkload('savepoints', {}, (s) => {
    for (let i = 0; i < 6; i++) s.commit((c) => nested(c, s, `${i}`, 8));
  }),
  storageWorkload('savepoints in transactions that spill', { privateBytesMax: 0 }, (s) => {
    for (let i = 0; i < 5; i++) s.commit((c) => nested(c, s, `${i}`, 6));
  }),
  storageWorkload('savepoints over freed and taken pages', {}, (s) => {
    s.commit((c) => {
      for (let i = 0; i < 20; i++) c.put(0, i, filled(`row ${i}`, 90));
    });
    s.commit((c) => {
      c.savepoint();
      for (let i = 0; i < 20; i++) c.delete(0, i);
      c.put(1, 1, filled('reuse', 1500));
      c.rollbackTo();
      c.put(1, 2, filled('other', 900));
      c.release();
    });
    s.commit((c) => {
      c.drop(0);
      c.savepoint();
      for (let i = 0; i < 10; i++) c.put(0, i, filled(`new ${i}`, 90));
      c.rollbackTo();
    });
  }),
  storageWorkload('large values under savepoints', {}, (s) => {
    s.commit((c) => c.put(0, 1, filled('base', 2000)));
    for (let i = 0; i < 4; i++) {
      s.commit((c) => {
        c.savepoint();
        c.put(0, 1, filled(`undone ${i}`, 2500));
        c.rollbackTo();
        c.put(0, 2, filled(`kept ${i}`, 700 * i));
        c.release();
      });
    }
  }),
  storageWorkload('transactions that spill', { privateBytesMax: 0 }, (s) => {
    for (let i = 0; i < 5; i++) s.commit((c) => churn(c, s.random, `${i}`, 10));
  }),
  storageWorkload('spilling transactions between small ones', { privateBytesMax: 6000 }, (s) => {
    for (let i = 0; i < 4; i++) {
      s.commit((c) => c.put(0, i, `small ${i}`));
      s.commit((c) => {
        for (let k = 0; k < 24; k++) c.put(1, i * 24 + k, filled(`${i}.${k}`, 60));
      });
    }
  }),
  storageWorkload('rollbacks between commits', {}, (s) => {
    for (let i = 0; i < 6; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      s.rollback((c) => churn(c, s.random, `gone ${i}`, 8));
    }
  }),
  storageWorkload('rollbacks of spilled transactions', { privateBytesMax: 0 }, (s) => {
    for (let i = 0; i < 4; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      s.rollback((c) => churn(c, s.random, `gone ${i}`, 8));
      if (i === 2) s.checkpoint();
    }
  }),
  storageWorkload(
    'spilled transactions across log switches',
    { privateBytesMax: 0, walBytesMax: 4096 },
    (s) => {
      for (let i = 0; i < 10; i++) s.commit((c) => churn(c, s.random, `${i}`, 5));
    },
  ),
];
