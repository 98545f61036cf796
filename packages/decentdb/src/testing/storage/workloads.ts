/**
 * Crash workloads at the level of storage and trees: commits, space, savepoints, checkpoints, logs, readers, failures.
 *
 * Each is a few lines on purpose: the machine does the work. Keep one below a few dozen commits; what counts is the number of
 * different moments, not of rows.
 */
import type { CrashWorkload } from '../crash-run.ts';
import { churn, filled } from './content.ts';
import { storageWorkload } from './store-session.ts';
import { failureWorkloads } from './workloads-failures.ts';
import { readerWorkloads } from './workloads-readers.ts';
import { savepointWorkloads } from './workloads-savepoints.ts';
import { threadWorkloads } from './workloads-threads.ts';

const commits: readonly CrashWorkload[] = [
  storageWorkload('create, nothing more', {}, () => {}),
  storageWorkload('one commit', {}, (s) => s.commit((c) => c.put(0, 1, 'one'))),
  storageWorkload('autocommit inserts', {}, (s) => {
    for (let i = 0; i < 10; i++) s.commit((c) => c.put(0, i, filled(`row ${i}`, 40)));
  }),
  storageWorkload('autocommit updates of one row', {}, (s) => {
    for (let i = 0; i < 10; i++) s.commit((c) => c.put(0, 7, filled(`version ${i}`, 30 * i)));
  }),
  storageWorkload('descending inserts into two trees', {}, (s) => {
    for (let i = 9; i > 0; i--) {
      s.commit((c) => {
        c.put(0, i, filled(`a${i}`, 50));
        c.put(1, -i, filled(`b${i}`, 90));
      });
    }
  }),
  storageWorkload('a large transaction between small ones', {}, (s) => {
    s.commit((c) => c.put(0, 0, 'before'));
    s.commit((c) => {
      for (let i = 1; i < 60; i++) c.put(i % 3, i, filled(`row ${i}`, 20 + (i % 7) * 11));
    });
    s.commit((c) => c.put(0, 0, 'after'));
  }),
  storageWorkload('batches in key order', {}, (s) => {
    for (let batch = 0; batch < 4; batch++) {
      const keys = Array.from({ length: 25 }, (_, i) => batch * 25 + i);
      s.commit((c) => c.putAll(0, keys, (key) => filled(`row ${key}`, 30)));
    }
  }),
  storageWorkload('random changes', {}, (s) => {
    for (let i = 0; i < 14; i++) s.commit((c) => churn(c, s.random, `${i}`));
  }),
  storageWorkload('random changes, pages of 1024 bytes', { pageSize: 1024, walStepBytes: 4096 }, (s) => {
    for (let i = 0; i < 10; i++) s.commit((c) => churn(c, s.random, `${i}`, 8));
  }),
  storageWorkload('a cache of almost nothing', { cacheBytes: 4096 }, (s) => {
    for (let i = 0; i < 12; i++) s.commit((c) => churn(c, s.random, `${i}`, 6, 60));
  }),
];

const space: readonly CrashWorkload[] = [
  storageWorkload('pages freed and taken again', {}, (s) => {
    for (let round = 0; round < 3; round++) {
      s.commit((c) => {
        for (let i = 0; i < 25; i++) c.put(0, i, filled(`${round}.${i}`, 60));
      });
      s.commit((c) => {
        for (let i = 0; i < 25; i++) c.delete(0, i);
      });
    }
  }),
  storageWorkload('deletes that merge pages', {}, (s) => {
    s.commit((c) => {
      for (let i = 0; i < 60; i++) c.put(0, i, filled(`row ${i}`, 45));
    });
    for (let step = 0; step < 8; step++) {
      s.commit((c) => {
        for (let i = 0; i < 60; i++) if (i % 8 === step && i !== 33) c.delete(0, i);
      });
    }
  }),
  storageWorkload('a tree dropped and made again', {}, (s) => {
    for (let round = 0; round < 3; round++) {
      s.commit((c) => {
        for (let i = 0; i < 20; i++) c.put(1, i, filled(`${round}.${i}`, 70));
      });
      s.commit((c) => c.drop(1));
    }
  }),
  storageWorkload('new pages freed before they were ever written', {}, (s) => {
    for (let round = 0; round < 3; round++) {
      s.commit((c) => {
        c.put(0, round, filled(`kept ${round}`, 200));
        c.put(1, 1, filled(`gone ${round}`, 2500));
        c.drop(1);
        c.put(2, round, filled(`behind ${round}`, 900));
      });
      if (round === 1) s.checkpoint();
    }
  }),
  storageWorkload('large values written, replaced, deleted', {}, (s) => {
    for (let i = 0; i < 3; i++) s.commit((c) => c.put(0, i, filled(`large ${i}`, 1300 + i * 400)));
    for (let i = 0; i < 3; i++) s.commit((c) => c.put(0, i, filled(`again ${i}`, 480 * i)));
    for (let i = 0; i < 3; i++) s.commit((c) => c.delete(0, i));
  }),
  storageWorkload('a free list of several trunks', {}, (s) => {
    s.commit((c) => {
      for (let i = 0; i < 3; i++) c.put(0, i, filled(`huge ${i}`, 30_000));
    });
    s.commit((c) => c.delete(0, 1));
    s.commit((c) => {
      c.delete(0, 0);
      c.delete(0, 2);
    });
    s.commit((c) => c.put(0, 5, filled('reuse', 4000)));
  }),
];

const checkpoints: readonly CrashWorkload[] = [
  storageWorkload('a checkpoint after each commit', {}, (s) => {
    for (let i = 0; i < 6; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      s.checkpoint();
    }
  }),
  storageWorkload('a commit at every step of a checkpoint', {}, (s) => {
    s.commit((c) => {
      for (let i = 0; i < 12; i++) c.put(0, i, filled(`first ${i}`, 60));
    });
    for (let i = 0; s.checkpointStep(2) || i === 0; i++) s.commit((c) => churn(c, s.random, `${i}`, 2));
    s.checkpoint();
  }),
  storageWorkload('a commit inside every step of a checkpoint', {}, (s) => {
    for (let i = 0; i < 3; i++) s.commit((c) => churn(c, s.random, `early ${i}`));
    let at = 0;
    s.store.engine.checkpointer.onStep = (step) => s.commit((c) => c.put(0, 100 + at++, `during ${step}`));
    s.store.engine.checkpoint();
    s.store.engine.checkpointer.onStep = undefined;
    s.run.flushed();
    s.commit((c) => churn(c, s.random, 'late'));
  }),
  storageWorkload('log switches driven by commits', { walBytesMax: 4096 }, (s) => {
    for (let i = 0; i < 26; i++) s.commit((c) => churn(c, s.random, `${i}`, 3));
  }),
  storageWorkload('log switches under one hot row', { walBytesMax: 4096 }, (s) => {
    for (let i = 0; i < 24; i++) s.commit((c) => c.put(0, 1, filled(`version ${i}`, 200)));
  }),
  storageWorkload('reopened again and again', {}, (s) => {
    for (let i = 0; i < 5; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      s.reopen();
    }
  }),
  storageWorkload('reopened, only reading', {}, (s) => {
    s.commit((c) => churn(c, s.random, 'once'));
    for (let i = 0; i < 3; i++) s.reopen();
  }),
];

const deferred: readonly CrashWorkload[] = [
  storageWorkload('deferred commits, flushed now and then', { durability: 'deferred' }, (s) => {
    for (let i = 0; i < 12; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      if (i % 4 === 3) s.flush();
    }
  }),
  storageWorkload('deferred commits with checkpoints', { durability: 'deferred' }, (s) => {
    for (let i = 0; i < 12; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      if (i % 3 === 2) s.checkpoint();
    }
  }),
  storageWorkload(
    'deferred commits that the memory budget flushes',
    { durability: 'deferred', unloggedBytesMax: 3000, walBytesMax: 4096 },
    (s) => {
      for (let i = 0; i < 20; i++) s.commit((c) => churn(c, s.random, `${i}`));
    },
  ),
  storageWorkload('deferred commits that spill', { durability: 'deferred', privateBytesMax: 0 }, (s) => {
    for (let i = 0; i < 5; i++) {
      s.commit((c) => churn(c, s.random, `${i}`, 6));
      if (i === 2) s.flush();
    }
  }),
];

/** Random mixtures of everything, one a seed. */
export function mixedWorkload(seed: number): CrashWorkload {
  return storageWorkload(
    `mixture of seed ${seed}`,
    { walBytesMax: 4096 + (seed % 4) * 2048, privateBytesMax: seed % 3 === 0 ? 0 : 1 << 20 },
    (s) => {
      for (let i = 0; i < 12; i++) {
        const roll = s.random.below(10);
        if (roll === 0) s.checkpoint();
        else if (roll === 1) s.reopen();
        else if (roll === 2) s.rollback((c) => churn(c, s.random, `gone ${i}`));
        else if (roll < 5) s.checkpointStep(1 + s.random.below(4));
        s.commit((c) => churn(c, s.random, `${i}`, 1 + s.random.below(8)));
      }
    },
    seed,
  );
}

/** Every storage workload, without the mixtures. */
export const storageWorkloads: readonly CrashWorkload[] = [
  ...commits,
  ...space,
  ...savepointWorkloads,
  ...checkpoints,
  ...deferred,
  ...readerWorkloads,
  ...threadWorkloads,
  ...failureWorkloads,
];
