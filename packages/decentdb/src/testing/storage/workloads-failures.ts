/** Crash workloads in which calls fail before the crash comes: rewound commits, failed syncs, full disks, broken checkpoints. */
import type { Fault, FaultPlan } from '../../vfs/faulty/fault-plan.ts';
import type { CrashWorkload } from '../crash-run.ts';
import { churn } from './content.ts';
import { storageWorkload } from './store-session.ts';
import { STORE_PATH } from './tree-store.ts';

function plan(...faults: Fault[]): FaultPlan {
  return { seed: 0, faults };
}

const EIO = { kind: 'error', errno: 'EIO' } as const;
const ENOSPC = { kind: 'error', errno: 'ENOSPC' } as const;

export const failureWorkloads: readonly CrashWorkload[] = [
  storageWorkload('commits whose log write fails', {}, (s) => {
    for (let i = 0; i < 6; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      const effect = i % 2 === 0 ? EIO : ({ kind: 'partialWrite', bytes: 300 * i, errno: 'ENOSPC' } as const);
      s.commitUnder(plan({ on: 'write', call: 0, effect }), (c) => churn(c, s.random, `lost ${i}`));
    }
  }),
  storageWorkload('commits that reach the log whole and still fail', {}, (s) => {
    for (let i = 0; i < 4; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      const effect = { kind: 'partialWrite', bytes: 1 << 20, errno: 'EIO' } as const;
      s.commitUnder(plan({ on: 'write', call: 0, effect }), (c) => churn(c, s.random, `lost ${i}`));
    }
    s.commit((c) => churn(c, s.random, 'last'));
  }),
  storageWorkload('a failed log sync, then a new handle', {}, (s) => {
    for (let i = 0; i < 3; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      s.commitUnder(plan({ on: 'sync', call: 0, effect: EIO }), (c) => churn(c, s.random, `unsure ${i}`));
    }
    s.commit((c) => churn(c, s.random, 'last'));
  }),
  storageWorkload('failed syncs of the page file', {}, (s) => {
    for (let i = 0; i < 3; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      s.under(plan({ on: 'sync', call: 0, pathSuffix: STORE_PATH, sticky: true, effect: EIO }), () =>
        s.store.engine.checkpoint(),
      );
    }
    s.commit((c) => churn(c, s.random, 'last'));
  }),
  storageWorkload('syncs that fail once', {}, (s) => {
    for (let call = 0; call < 5; call++) {
      s.commit((c) => churn(c, s.random, `${call}`));
      s.under(plan({ on: 'sync', call, effect: EIO }), () => s.store.engine.checkpoint());
    }
    s.commit((c) => churn(c, s.random, 'last'));
  }),
  storageWorkload('checkpoints that fail at any write', {}, (s) => {
    for (let call = 0; call < 6; call++) {
      s.commit((c) => churn(c, s.random, `${call}`));
      s.under(plan({ on: 'write', call, effect: call % 2 === 0 ? EIO : ENOSPC }), () =>
        s.store.engine.checkpoint(),
      );
    }
    s.checkpoint();
    s.commit((c) => churn(c, s.random, 'last'));
  }),
  storageWorkload('a full disk', {}, (s) => {
    for (let i = 0; i < 4; i++) s.commit((c) => churn(c, s.random, `${i}`));
    const full: FaultPlan = { seed: 0, faults: [], diskBytesMax: 1024 };
    for (let i = 0; i < 3; i++) s.commitUnder(full, (c) => churn(c, s.random, `lost ${i}`, 8));
    s.under(full, () => s.store.engine.checkpoint());
    for (let i = 0; i < 3; i++) s.commit((c) => churn(c, s.random, `space again ${i}`));
  }),
  storageWorkload('spilled transactions that fail', { privateBytesMax: 0 }, (s) => {
    for (let call = 0; call < 5; call++) {
      s.commit((c) => churn(c, s.random, `${call}`));
      s.commitUnder(plan({ on: 'write', call, effect: EIO }), (c) => churn(c, s.random, `lost ${call}`, 5));
    }
    s.commit((c) => churn(c, s.random, 'last'));
  }),
  storageWorkload('failed log switches', { walBytesMax: 4096 }, (s) => {
    for (let i = 0; i < 12; i++) {
      const fault: Fault = { on: 'write', call: 1, sticky: true, effect: EIO };
      if (i % 4 === 3) s.under(plan(fault), () => s.store.engine.checkpoint());
      s.commit((c) => churn(c, s.random, `${i}`, 4));
    }
  }),
];
