/**
 * Crash workloads of a database that another thread reads too: its snapshots hold checkpoints back, its slot is given back when the
 * thread ends, in the middle of a read as well.
 *
 * I1  The other thread is a follower in this one: what it shares is the shared memory, nothing else.
 * I2  What it sees is a state that was acknowledged or is about to be, and stays for as long as its snapshot does.
 */
import { PageFile } from '../../pager/page-file.ts';
import { StorageEngine } from '../../txn/engine.ts';
import { resolveOptions } from '../../txn/engine-options.ts';
import type { ReadTxn } from '../../txn/read-txn.ts';
import { SharedState } from '../../txn/shared-state.ts';
import type { CrashWorkload } from '../crash-run.ts';
import { churn } from './content.ts';
import { type StoreSession, storageWorkload } from './store-session.ts';
import { STORE_PATH } from './tree-store.ts';

/** A thread that reads the store which `session` writes. */
class OtherThread {
  private readonly session: StoreSession;
  private readonly engine: StorageEngine;
  private readonly slot: number;
  private read: { readonly txn: ReadTxn; readonly expected: string } | undefined;

  constructor(session: StoreSession) {
    this.session = session;
    const { vfs } = session.run;
    Object.defineProperty(vfs, 'name', { value: 'node' }); // Only files of their own can be shared.
    const sharing = session.store.engine.share();
    this.slot = sharing.takeSlot();
    const pageFile = PageFile.open(vfs.open(STORE_PATH, 'readOnly'), { isSyncing: false });
    const follow = { state: SharedState.attach(sharing.state.buffer), slot: this.slot };
    const files = {
      path: STORE_PATH,
      identity: 'x',
      pageFile,
      lock: undefined,
      recovered: undefined,
      follow,
    };
    const options = resolveOptions({ vfs, mode: 'readOnly', cacheBytes: 4096 }, () => vfs);
    this.engine = new StorageEngine(files, options, () => {});
  }

  /** Takes a snapshot of now, in the place of the one before. */
  begin(): void {
    this.look();
    this.read?.txn.end();
    this.read = { txn: this.engine.beginRead(), expected: this.session.model.fingerprint() };
  }

  look(): void {
    if (this.read === undefined) return;
    const found = this.session.store.fingerprintOf(this.read.txn);
    if (found !== this.read.expected) {
      throw new RangeError(`another thread's snapshot of ${this.read.expected} shows ${found}`);
    }
  }

  /** The thread ends, whatever it was doing. */
  die(): void {
    this.session.store.engine.sharing?.freeSlot(this.slot);
    this.engine.close();
  }
}

export const threadWorkloads: readonly CrashWorkload[] = [
  storageWorkload('another thread reads over checkpoints and log switches', { walBytesMax: 4096 }, (s) => {
    s.commit((c) => churn(c, s.random, 'base', 10));
    const thread = new OtherThread(s);
    for (let i = 0; i < 16; i++) {
      if (i % 3 === 0) thread.begin();
      s.commit((c) => churn(c, s.random, `${i}`, 3));
      if (i % 5 === 4) s.store.engine.checkpoint();
      else s.checkpointStep(2);
      thread.look();
    }
    thread.die();
    s.checkpoint();
    s.commit((c) => churn(c, s.random, 'last'));
  }),
  storageWorkload('threads that end in the middle of a read', { walBytesMax: 4096 }, (s) => {
    s.commit((c) => churn(c, s.random, 'base', 6));
    for (let i = 0; i < 4; i++) {
      const thread = new OtherThread(s);
      thread.begin();
      for (let k = 0; k < 3; k++) s.commit((c) => churn(c, s.random, `${i}.${k}`, 3));
      s.store.engine.checkpoint();
      thread.look();
      thread.die();
      s.checkpoint();
    }
  }),
  storageWorkload(
    'deferred commits that another thread reads',
    { durability: 'deferred', walBytesMax: 4096 },
    (s) => {
      s.commit((c) => churn(c, s.random, 'base', 6));
      const thread = new OtherThread(s);
      for (let i = 0; i < 12; i++) {
        s.commit((c) => churn(c, s.random, `${i}`, 3));
        if (i % 2 === 0) {
          s.store.engine.announceAll();
          thread.begin();
        }
        if (i % 5 === 4) s.store.engine.checkpoint();
        thread.look();
      }
      thread.die();
    },
  ),
];
