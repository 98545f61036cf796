/** Crash workloads with snapshots that hold the log, expire, or watch deferred commits. */
import type { ReadTxn } from '../../txn/read-txn.ts';
import type { CrashWorkload } from '../crash-run.ts';
import { churn, filled } from './content.ts';
import { type StoreSession, storageWorkload } from './store-session.ts';

/** A snapshot with what it must go on showing. */
class Watcher {
  private readonly session: StoreSession;
  private readonly read: ReadTxn;
  private readonly expected: string;

  constructor(session: StoreSession) {
    this.session = session;
    this.read = session.store.engine.beginRead();
    this.expected = session.model.fingerprint();
  }

  look(): void {
    const found = this.session.store.fingerprintOf(this.read);
    if (found !== this.expected) throw new RangeError(`a snapshot of ${this.expected} shows ${found}`);
  }

  end(): void {
    this.look();
    this.read.end();
  }
}

export const readerWorkloads: readonly CrashWorkload[] = [
  storageWorkload('a reader that holds the log', {}, (s) => {
    s.commit((c) => churn(c, s.random, 'base', 10));
    const watcher = new Watcher(s);
    for (let i = 0; i < 6; i++) {
      s.commit((c) => churn(c, s.random, `${i}`));
      s.store.engine.checkpoint();
      watcher.look();
    }
    watcher.end();
    s.checkpoint();
    s.commit((c) => churn(c, s.random, 'last'));
  }),
  storageWorkload('readers that come and go over log switches', { walBytesMax: 4096 }, (s) => {
    const watchers: Watcher[] = [];
    for (let i = 0; i < 20; i++) {
      s.commit((c) => churn(c, s.random, `${i}`, 3));
      if (i % 3 === 0) watchers.push(new Watcher(s));
      if (i % 4 === 3) watchers.shift()?.end();
      for (const watcher of watchers) watcher.look();
    }
    for (const watcher of watchers) watcher.end();
  }),
  storageWorkload('readers of deferred commits', { durability: 'deferred', walBytesMax: 4096 }, (s) => {
    const watchers: Watcher[] = [];
    for (let i = 0; i < 14; i++) {
      s.commit((c) => churn(c, s.random, `${i}`, 3));
      if (i % 2 === 0) watchers.push(new Watcher(s));
      if (i % 5 === 4) watchers.shift()?.end();
      if (i === 7) s.checkpoint();
    }
    for (const watcher of watchers) watcher.end();
  }),
  expiringReaders(),
];

/** A reader that its timeout takes away while a checkpoint waits for it (ACID-001). */
function expiringReaders(): CrashWorkload {
  const clock = { ms: 0 };
  return storageWorkload(
    'readers that expire',
    { readerTimeoutMs: 100, walBytesMax: 4096, now: () => clock.ms },
    (s) => {
      for (let i = 0; i < 4; i++) {
        s.commit((c) => c.put(0, i, filled(`early ${i}`, 300)));
        const read = s.store.engine.beginRead();
        clock.ms += 60;
        for (let k = 0; k < 4; k++) s.commit((c) => churn(c, s.random, `${i}.${k}`, 3));
        clock.ms += 60;
        s.store.engine.expireReaders();
        s.checkpoint();
        if (read.isActive) throw new RangeError('a reader outlived its timeout');
        read.end();
      }
    },
  );
}
