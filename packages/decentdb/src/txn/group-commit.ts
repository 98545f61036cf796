/**
 * Commits that wait together share one write and one sync, done off the event loop.
 *
 *     commit --> gathering --(write: one batch, one commit frame)--> written --(sync off the loop)--> published, acknowledged
 *                   ^  further commits join, the same page again costs nothing more
 *
 * I1  Nothing here is visible to snapshots or acknowledged before the sync that covers it has succeeded.
 * I2  The next writer builds on the newest commit here (the tip): `overlay` holds the newest unpublished version of every
 *     page, and a writer looks there before it looks at what is published.
 * I3  Groups are published whole and in order: a snapshot is always the end of a batch in the log.
 * I4  A group that cannot be written fails with everything that was built on it, the open writer included; what was written
 *     before goes on. A sync that fails ends all writing on the handle (D6).
 * I5  `settle` does at once, waiting, what the event loop would do later: a writer that cannot wait calls it first.
 */
import { assert } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import type { DatabaseMeta } from '../pager/meta.ts';
import type { PageNode } from '../pager/page-node.ts';
import type { Log } from '../wal/log.ts';

/** A page of a group and where its frame went. */
export interface GroupedPage {
  readonly page: PageNo;
  readonly position: number;
  readonly node: PageNode;
}

/** What the group needs of the pipeline and the engine. */
export interface GroupHost {
  publishedMeta(): DatabaseMeta;
  ensureLog(): Log;
  /** Appends one batch that ends at `meta`; leaves the log as it was when it throws. Does not sync. */
  appendGroup(log: Log, nodes: Iterable<PageNode>, meta: DatabaseMeta): GroupedPage[];
  /** Makes a written and synced group visible. */
  publishGroup(pages: readonly GroupedPage[], meta: DatabaseMeta): void;
  /** Groups that took so many bytes of log are visible: time to pay for checkpoints. */
  afterGroups(logBytes: number): void;
  /** Ends all writing on this handle. */
  fail(cause: unknown): void;
  /** The open writer was built on commits that are lost. */
  doomWriter(cause: unknown): void;
}

interface Waiter {
  readonly lsn: Lsn;
  resolve(lsn: Lsn): void;
  reject(error: unknown): void;
}

interface Gathering {
  readonly nodes: Map<number, PageNode>;
  readonly waiters: Waiter[];
  meta: DatabaseMeta;
  bytes: number;
}

interface WrittenGroup {
  readonly pages: readonly GroupedPage[];
  readonly meta: DatabaseMeta;
  readonly waiters: Waiter[];
  readonly logBytes: number;
}

/** Runs a function after everything that can run now. */
export type Defer = (action: () => void) => void;

export class GroupCommit {
  /** Newest unpublished version of each page (I2). The map's identity never changes. */
  readonly overlay: Map<number, PageNode> = new Map();
  groups = 0;
  groupedCommits = 0;
  private readonly host: GroupHost;
  private readonly defer: Defer;
  private gathering: Gathering | undefined;
  private written: WrittenGroup[] = [];
  private isScheduled = false;
  private isSyncing = false;
  private isOver = false;

  constructor(host: GroupHost, defer: Defer) {
    this.host = host;
    this.defer = defer;
  }

  /** The newest commit, published or not: what the next writer builds on. */
  tipMeta(): DatabaseMeta {
    return this.gathering?.meta ?? this.written.at(-1)?.meta ?? this.host.publishedMeta();
  }

  get isEmpty(): boolean {
    return this.gathering === undefined && this.written.length === 0;
  }

  /** Commits neither published nor refused yet. */
  get unpublished(): number {
    let count = this.gathering?.waiters.length ?? 0;
    for (const group of this.written) count += group.waiters.length;
    return count;
  }

  /** Memory of nodes that wait to be written. */
  get gatheredBytes(): number {
    return this.gathering?.bytes ?? 0;
  }

  /** Takes over the nodes of a transaction: they are frozen at `meta.lsn` by now. The promise is the acknowledgement. */
  add(nodes: readonly PageNode[], meta: DatabaseMeta): Promise<Lsn> {
    assert(meta.lsn === this.tipMeta().lsn + 1, 'a commit joins the group out of order');
    this.gathering ??= { nodes: new Map(), waiters: [], meta, bytes: 0 };
    const { gathering } = this;
    for (const node of nodes) {
      const before = gathering.nodes.get(node.pageNo);
      if (before !== undefined) gathering.bytes -= before.memoryBytes();
      gathering.bytes += node.memoryBytes();
      gathering.nodes.set(node.pageNo, node);
      this.overlay.set(node.pageNo, node);
    }
    gathering.meta = meta;
    this.schedule();
    return this.wait(gathering.waiters, meta.lsn);
  }

  /** Resolves when commit `lsn` is published; at once if it is. */
  whenPublished(lsn: Lsn): Promise<Lsn> {
    if (lsn <= this.host.publishedMeta().lsn) return Promise.resolve(lsn);
    const group = this.written.find(({ meta }) => meta.lsn >= lsn) ?? this.gathering;
    if (group === undefined) return Promise.reject(lostError());
    return this.wait(group.waiters, lsn);
  }

  /** Writes what is gathered behind what was written before: a batch of somebody else is about to follow. */
  write(): void {
    const { gathering } = this;
    if (gathering === undefined) return;
    this.gathering = undefined;
    let pages: GroupedPage[];
    let logBytes = 0;
    try {
      const log = this.host.ensureLog();
      const before = log.activeBytes;
      pages = this.host.appendGroup(log, gathering.nodes.values(), gathering.meta);
      logBytes = Math.max(0, log.activeBytes - before);
    } catch (error) {
      this.forgetGathered(gathering, error);
      throw error;
    }
    this.groups++;
    this.groupedCommits += gathering.waiters.length;
    this.written.push({ pages, meta: gathering.meta, waiters: gathering.waiters, logBytes });
  }

  /** Writes, syncs and publishes everything now (I5). */
  settle(): void {
    if (this.isEmpty) return;
    try {
      this.write();
    } catch {
      // Its waiters have the error, and the writer built on it is doomed.
    }
    if (this.written.length === 0) return;
    const log = this.host.ensureLog();
    try {
      if (log.durableLsn < log.lastLsn) log.sync(log.lastLsn);
    } catch (error) {
      this.host.fail(error);
      throw error;
    }
    this.publishDurable(log);
  }

  /** All writing has ended: everybody who waits gets the cause. */
  failAll(cause: unknown): void {
    this.isOver = true;
    if (this.isEmpty) return;
    const waiters = [...this.written.flatMap((group) => group.waiters), ...(this.gathering?.waiters ?? [])];
    this.written = [];
    this.gathering = undefined;
    this.overlay.clear();
    this.host.doomWriter(cause);
    for (const waiter of waiters) waiter.reject(cause);
  }

  private wait(waiters: Waiter[], lsn: Lsn): Promise<Lsn> {
    const promise = new Promise<Lsn>((resolve, reject) => {
      waiters.push({ lsn, resolve, reject });
    });
    // Whoever commits awaits it; a transaction that ends some other way need not.
    promise.catch(() => {});
    return promise;
  }

  private schedule(): void {
    if (this.isScheduled || this.isSyncing) return;
    this.isScheduled = true;
    this.defer(() => {
      this.isScheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    if (this.isSyncing || this.isOver) return;
    try {
      this.write();
    } catch {
      // Its waiters have the error; what was written before goes on.
    }
    if (this.written.length === 0) return;
    const log = this.host.ensureLog();
    this.isSyncing = true;
    log.syncAsync().then(
      () => this.synced(log),
      (error: unknown) => {
        this.isSyncing = false;
        if (!this.isOver) this.host.fail(error);
      },
    );
  }

  private synced(log: Log): void {
    this.isSyncing = false;
    if (this.isOver) return;
    try {
      this.publishDurable(log);
    } catch (error) {
      this.host.fail(error);
      return;
    }
    if (!this.isEmpty) this.schedule();
  }

  private publishDurable(log: Log): void {
    let logBytes = 0;
    while (this.written.length > 0 && this.written[0]!.meta.lsn <= log.durableLsn) {
      const group = this.written.shift()!;
      try {
        this.host.publishGroup(group.pages, group.meta);
      } catch (error) {
        for (const waiter of group.waiters) waiter.reject(error);
        throw error;
      }
      for (const { page, node } of group.pages)
        if (this.overlay.get(page) === node) this.overlay.delete(page);
      for (const waiter of group.waiters) waiter.resolve(waiter.lsn);
      logBytes += group.logBytes;
    }
    if (this.isEmpty) assert(this.overlay.size === 0, 'pages left in the overlay of an empty group');
    this.host.afterGroups(logBytes); // A checkpoint may come back here: everything is in order by now.
  }

  /** I4: back to the newest group that was written. */
  private forgetGathered(gathering: Gathering, cause: unknown): void {
    this.overlay.clear();
    for (const group of this.written) for (const { page, node } of group.pages) this.overlay.set(page, node);
    this.host.doomWriter(cause);
    for (const waiter of gathering.waiters) waiter.reject(cause);
  }
}

function lostError(): DecentDbError {
  return new DecentDbError('40001', 'the commit this transaction was built on could not be written', {
    hint: 'Run the transaction again.',
  });
}
