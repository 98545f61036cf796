/** Crash workloads of asynchronous writers: commits that share syncs, and checkpoints that sync off the event loop. */
import type { FaultPlan } from '../../vfs/faulty/fault-plan.ts';
import type { AsyncCrashWorkload } from '../crash-run.ts';
import { groupWorkload } from './group-session.ts';

const SMALL_LOG = { walBytesMax: 4096 } as const;

function failingSync(call: number): FaultPlan {
  return { seed: 0, faults: [{ on: 'sync', call, effect: { kind: 'error', errno: 'EIO' } }] };
}

/** Random mixtures of everything that asynchronous writers and checkpoints do, one a seed. */
export function mixedGroupWorkload(seed: number): AsyncCrashWorkload {
  const privateBytesMax = seed % 4 === 0 ? 0 : 1 << 20;
  const durability = seed % 5 === 4 ? 'deferred' : 'full';
  return groupWorkload(
    `group mixture of seed ${seed}`,
    { walBytesMax: 4096 + (seed % 3) * 4096, privateBytesMax, durability },
    async (s) => {
      for (let i = 0; i < 45; i++) await s.step();
      if (seed % 2 === 0) await s.drain();
    },
    seed,
  );
}

export const groupWorkloads: readonly AsyncCrashWorkload[] = [
  groupWorkload('group commit: bursts that share a sync', {}, async (s) => {
    for (let burst = 0; burst < 4; burst++) {
      for (let i = 0; i < 5; i++) s.write(2);
      await s.turn();
      await s.finishSyncs();
    }
  }),
  groupWorkload('group commit: commits during a sync', {}, async (s) => {
    for (let i = 0; i < 12; i++) {
      s.write();
      await s.turn();
      if (i % 3 === 2) await s.finishSyncs();
    }
    await s.drain();
  }),
  groupWorkload('group commit: writers who wait come between', SMALL_LOG, async (s) => {
    for (let i = 0; i < 8; i++) {
      s.write();
      if (i % 2 === 0) await s.turn();
      s.write();
      s.writeAlone();
    }
  }),
  groupWorkload('checkpoints off the event loop, driven by commits', SMALL_LOG, async (s) => {
    for (let i = 0; i < 40; i++) {
      s.write(2);
      await s.turn();
      await s.finishSyncs(1 + (i % 2));
    }
    await s.drain();
  }),
  groupWorkload('a commit at every sync of a checkpoint off the event loop', {}, async (s) => {
    for (let i = 0; i < 3; i++) s.write(6);
    await s.drain();
    s.checkpointSlice(100);
    for (let i = 0; i < 12 && s.store.engine.checkpointer.isRunning; i++) {
      s.checkpointSlice(100);
      s.write(1);
      await s.turn();
      await s.finishSyncs();
    }
    await s.drain();
  }),
  groupWorkload('a checkpoint that waits takes over from one that does not', {}, async (s) => {
    for (let i = 0; i < 6; i++) {
      s.write(4);
      await s.drain();
      s.checkpointSlice(100);
      s.checkpointSlice(100);
      if (i % 2 === 0) await s.finishSyncs();
      s.checkpointAlone();
      await s.finishSyncs(100);
    }
  }),
  groupWorkload('closed while a checkpoint syncs off the event loop', {}, async (s) => {
    for (let i = 0; i < 5; i++) {
      s.write(4);
      await s.drain();
      s.checkpointSlice(100);
      s.checkpointSlice(100);
      if (i > 0) await s.finishSyncs(i % 3);
      s.write(1);
      await s.reopen();
    }
  }),
  groupWorkload('syncs off the event loop that fail', SMALL_LOG, async (s) => {
    for (let call = 0; call < 6; call++) {
      s.write(3);
      await s.drain();
      await s.under(failingSync(call), async () => {
        for (let i = 0; i < 6; i++) {
          s.write(2);
          await s.turn();
          s.checkpointSlice(100);
          await s.finishSyncs();
        }
      });
    }
  }),
  groupWorkload(
    'deferred commits, flushed and copied off the event loop',
    { durability: 'deferred', ...SMALL_LOG },
    async (s) => {
      for (let i = 0; i < 20; i++) {
        s.write(2);
        if (i % 3 === 2) s.checkpointSlice(3);
        await s.turn();
        if (i % 2 === 1) await s.finishSyncs();
      }
      await s.drain();
    },
  ),
];
