/**
 * The storage engine: one open database, its snapshots and its one writer.
 *
 *     open --> ready --(a sync failed)--> failed (reads go on, writes are refused)
 *                |                            |
 *                +----------> closed <--------+
 *
 * Life of a commit: WriteTxn.commit -> CommitPipeline.commit -> Log (append, sync) -> CommittedPages.publish
 * Life of a fetch:  ReadTxn.fetch -> NodeCache slot, or CommittedPages.load -> log frame or page file -> decoder
 *
 * I1  `published` is what new snapshots see: LSN and meta change together, after the sync that covers them.
 * I2  At most one write transaction is open.
 * I3  A session that only reads writes nothing: the log is created, and the header says so, at the first commit.
 * I4  After close the files are a clean database, or (after a failure or a kill) one that recovery opens.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { type DatabaseMeta, FormatVersion, HeaderState } from '../pager/meta.ts';
import type { PageFile } from '../pager/page-file.ts';
import type { PageDecoder, PageNode } from '../pager/page-node.ts';
import { randomBytes } from '../vfs/node-platform.ts';
import type { Vfs, VfsFile, VfsLock } from '../vfs/vfs.ts';
import { Checkpoint, type CheckpointStep } from '../wal/checkpoint.ts';
import { failedHandleError, Log, unknownOutcomeError } from '../wal/log.ts';
import type { Recovered, RecoveryReport } from '../wal/recovery.ts';
import { autoCheckpoint } from './checkpoint-triggers.ts';
import { Checkpointer } from './checkpointer.ts';
import { CommitPipeline } from './commit-pipeline.ts';
import { CommittedPages } from './committed-pages.ts';
import { type DatabaseFiles, deleteLeftovers, deleteLogs } from './database-files.ts';
import type { ResolvedOptions } from './engine-options.ts';
import { type EngineStats, gatherStats } from './engine-stats.ts';
import { LockOrder } from './lock-order.ts';
import { LogFollower } from './log-follower.ts';
import { Maintenance } from './maintenance.ts';
import { ReadTxn } from './read-txn.ts';
import { ReaderRegistry, type RegisteredReader } from './reader-registry.ts';
import { rewriteUnsure, secureLogHeader } from './rewrite-recovered.ts';
import { Sharing } from './sharing.ts';
import { WriteQueue } from './write-queue.ts';
import { WriteTxn } from './write-txn.ts';

/** Largest step by which a log file grows. */
const LOG_STEP_BYTES_MAX: number = 4 * 1024 * 1024;

export class StorageEngine {
  readonly path: string;
  readonly options: ResolvedOptions;
  readonly pages: CommittedPages;
  readonly readers: ReaderRegistry = new ReaderRegistry();
  readonly locks: LockOrder = new LockOrder();
  readonly checkpointer: Checkpointer;
  readonly pipeline: CommitPipeline;
  readonly maintenance: Maintenance;
  /** Asynchronous writers take turns here. */
  readonly queue: WriteQueue;
  /** What recovery found when the database was opened, if it had to run. */
  readonly recovery: RecoveryReport | undefined;
  readonly pageCountMax: number;
  readonly readerTimeoutMs: number;
  private readonly vfs: Vfs;
  private readonly pageFile: PageFile;
  private readonly lock: VfsLock | undefined;
  private readonly onClosed: () => void;
  private recovered: Recovered | undefined;
  private log: Log | undefined;
  /** Both copies of the header name it. */
  private isLogNamed = false;
  private published: DatabaseMeta;
  private writer: WriteTxn | undefined;
  private readerIds = 0;
  /** Other threads read this database too; made when the first of them is about to. */
  sharing: Sharing | undefined;
  /** This thread only reads what another one writes. */
  private readonly follower: LogFollower | undefined;
  private failure: unknown;
  private isClosed = false;

  constructor(files: DatabaseFiles, options: ResolvedOptions, onClosed: () => void) {
    this.path = files.path;
    this.options = options;
    this.vfs = options.vfs;
    this.pageFile = files.pageFile;
    this.lock = files.lock;
    this.onClosed = onClosed;
    this.pageCountMax = options.pageCountMax;
    this.readerTimeoutMs = options.readerTimeoutMs;
    this.pages = new CommittedPages(this.pageFile, options.cacheBytes);
    this.published = files.recovered?.meta ?? this.pageFile.header.meta;
    this.recovery = files.recovered?.report;
    this.recovered = files.recovered;
    this.checkpointer = new Checkpointer(this);
    this.pipeline = new CommitPipeline(this, options.defer);
    this.queue = new WriteQueue(
      {
        hasWriter: () => this.writer !== undefined,
        isFull: () => this.pipeline.group.gatheredBytes > options.unloggedBytesMax,
        whenRoom: () => this.whenPublished(this.tipLsn),
      },
      { waitingMax: options.writeQueueMax, defer: options.defer, now: options.now },
    );
    this.maintenance = new Maintenance(this);
    this.follower =
      files.follow === undefined
        ? undefined
        : new LogFollower(files.follow.state, files.follow.slot, this.vfs, this.pages);
    this.adopt(files);
  }

  get isReadOnly(): boolean {
    return this.options.mode === 'readOnly';
  }

  get isOpen(): boolean {
    return !this.isClosed;
  }

  get pageBytes(): number {
    return this.pageFile.pageBytes;
  }

  get databaseId(): Uint8Array {
    return this.pageFile.header.databaseId.slice();
  }

  /** Opens a snapshot of the last published commit. End it with `end()`. */
  beginRead(): ReadTxn {
    this.checkOpen();
    return new ReadTxn(this, ++this.readerIds, this.options.now());
  }

  /** A snapshot that another thread reads, in a thread that follows the owner; null when it cannot be had (log-follower.ts). */
  beginReadOf(snapshot: Lsn): ReadTxn | null {
    this.checkOpen();
    if (this.follower === undefined || this.readers.count > 0) return null;
    const meta = this.follower.followTo(snapshot);
    if (meta === null) return null;
    this.published = meta;
    return new ReadTxn(this, ++this.readerIds, this.options.now(), meta);
  }

  /**
   * Starts the write transaction; there is at most one (55P03). With `onTip` it builds on commits that wait for their sync:
   * whoever asks for that shows nothing of it to anybody before `whenPublished(base.lsn)`.
   */
  beginWrite(options: { readonly onTip: boolean } = { onTip: false }): WriteTxn {
    this.checkWritable();
    const { group } = this.pipeline;
    if (!options.onTip && this.writer === undefined) {
      this.queue.startWaiting();
      group.settle();
      this.checkWritable();
    }
    if (this.writer !== undefined) {
      throw new DecentDbError('55P03', 'another write transaction is open on this database', {
        hint: 'Commit it or roll it back first.',
      });
    }
    this.locks.acquire('writer');
    this.writer = new WriteTxn(this, group.tipMeta());
    return this.writer;
  }

  /** Copies everything committed (up to the oldest snapshot in use) to the page file. False: there was nothing to do. */
  checkpoint(): boolean {
    this.checkWritable();
    return this.checkpointer.runToEnd();
  }

  /** One slice of a checkpoint, starting one if there is something to do. True while there is more. */
  checkpointStep(pagesMax: number): boolean {
    this.checkWritable();
    if (!this.checkpointer.isRunning && !this.checkpointer.start()) return false;
    return this.checkpointer.advance(pagesMax);
  }

  /** Whether commits are about to start a checkpoint: what should be in it is best done now. */
  get isCheckpointNear(): boolean {
    const { log, options } = this;
    return (
      log !== undefined &&
      !this.checkpointer.isRunning &&
      (log.activeBytes >= options.walBytesMax * 0.75 ||
        this.pages.index.memoryBytes >= options.indexBytesMax * 0.75)
    );
  }

  /**
   * A whole checkpoint whose syncs run off the event loop, `pagesMax` pages between two turns of it. False: there was nothing
   * to do.
   */
  async checkpointAsync(pagesMax: number, giveWay: () => Promise<void>): Promise<boolean> {
    this.checkWritable();
    const isDone = await this.checkpointer.offLoop.runToEnd(pagesMax, giveWay);
    this.checkOpen();
    return isDone;
  }

  /** Makes all commits so far durable, whatever the durability mode (but `none`). */
  flush(): void {
    this.checkWritable();
    this.pipeline.flush();
  }

  /** The same, waiting off the event loop. */
  async flushAsync(): Promise<void> {
    this.checkWritable();
    await this.pipeline.flushAsync();
  }

  /** Revokes readers older than the timeout; the checkpoint and every commit call it. Returns how many. */
  expireReaders(): number {
    if (this.readerTimeoutMs === 0) return 0;
    const elsewhere = this.sharing?.expire(this.options.now(), this.readerTimeoutMs) ?? 0;
    if (this.readers.count === 0) return elsewhere;
    const expired = this.locks.with('readers', () =>
      this.readers.expire(this.options.now(), this.readerTimeoutMs),
    );
    if (expired > 0 && this.readers.count === 0) this.pages.old.clear();
    return expired;
  }

  stats(): EngineStats {
    return gatherStats(this, this.log);
  }

  /** Ends every transaction, writes what is committed, leaves a clean database. Idempotent. */
  close(): void {
    if (this.isClosed) return;
    this.noteFailedSyncs();
    this.writer?.abandon();
    this.checkpointer.abandon();
    this.readers.closeAll();
    this.settleQuietly();
    this.isClosed = true;
    this.sharing?.close();
    this.follower?.close();
    this.pipeline.close();
    this.maintenance.close();
    try {
      if (this.failure === undefined && !this.isReadOnly) this.leaveClean();
    } finally {
      this.releaseFiles();
    }
  }

  // What transactions, pipeline and checkpointer need (ReadHost, WriteHost, PipelineHost, CheckpointHost).

  /** A write transaction has frames in the log that no commit covers yet. */
  get isBusy(): boolean {
    return this.writer?.spill.isOpen === true;
  }

  publishedMeta(): DatabaseMeta {
    return this.published;
  }

  setPublishedMeta(meta: DatabaseMeta): void {
    // Pages behind the end were given up without new versions.
    if (meta.pageCount < this.published.pageCount) this.pages.rows.forgetAll();
    this.published = meta;
    this.announce();
  }

  /** The state a new snapshot of this thread sees. */
  snapshotMeta(): DatabaseMeta {
    if (this.follower !== undefined) this.published = this.follower.follow(this.readers.count > 0);
    return this.published;
  }

  checkSnapshots(): void {
    this.follower?.check();
  }

  /** What other threads need to read this database; made once. */
  share(): Sharing {
    this.checkWritable();
    if (this.options.vfs.name !== 'node') {
      throw new DecentDbError(
        '0A000',
        'only a database in a file of its own can be shared with other threads',
        {
          detail: `This one is kept by "${this.options.vfs.name}".`,
        },
      );
    }
    this.sharing ??= new Sharing(this.loggedMeta(), this.pageFile.header.meta.lsn);
    return this.sharing;
  }

  /** Tells other threads of what is published and in the log. */
  announce(): void {
    if (this.sharing === undefined || this.log === undefined) return;
    if (this.published.lsn <= this.log.lastLsn) this.sharing.announce(this.published);
  }

  /** The same after writing what deferred commits have left in memory. */
  announceAll(): void {
    if (this.sharing === undefined || this.failure !== undefined) return;
    this.pipeline.writeDeferred();
    this.announce();
  }

  /** Versions that the index has to keep: those a snapshot or a checkpoint may still look up. */
  newestWanted(newestReader: Lsn): Lsn {
    const wanted = Math.max(newestReader, this.checkpointer.pinnedLsn);
    return (this.sharing === undefined ? wanted : Math.max(wanted, this.published.lsn)) as Lsn;
  }

  /** How far a checkpoint to `target` may go, given what other threads read. */
  checkpointTarget(target: DatabaseMeta): DatabaseMeta | undefined {
    return this.sharing === undefined ? target : this.sharing.checkpointTarget(target);
  }

  openPageFile(): VfsFile {
    return this.vfs.open(this.path, 'readWrite');
  }

  noteCopied(lsn: Lsn): void {
    this.sharing?.state.noteCopied(lsn);
  }

  /** The newest state that is whole in the log. */
  private loggedMeta(): DatabaseMeta {
    this.pipeline.writeDeferred();
    return this.published;
  }

  currentLog(): Log | undefined {
    return this.log;
  }

  registerReader(reader: RegisteredReader): void {
    this.checkOpen();
    this.readers.add(reader);
  }

  endReader(reader: RegisteredReader): void {
    this.readers.remove(reader);
    if (this.readers.count === 0) this.pages.old.clear();
    this.follower?.settlePin(this.readers.oldest()?.meta.lsn);
  }

  commitWrite(txn: WriteTxn): Lsn {
    this.checkWritable();
    const before = this.log?.activeBytes ?? 0;
    const lsn = this.pipeline.commit(txn);
    autoCheckpoint(this, before, false);
    this.maintenance.noteCommit();
    return lsn;
  }

  commitGrouped(txn: WriteTxn): Promise<Lsn> {
    this.checkWritable();
    if (!this.pipeline.canGroup(txn)) {
      const before = this.log?.activeBytes ?? 0;
      const lsn = this.pipeline.commit(txn);
      autoCheckpoint(this, before, true);
      this.maintenance.noteCommit();
      return Promise.resolve(lsn);
    }
    const done = this.pipeline.commitGrouped(txn);
    this.maintenance.noteCommit();
    return done;
  }

  /** Resolves when the commit is durable and visible. */
  whenPublished(lsn: Lsn): Promise<Lsn> {
    return this.pipeline.group.whenPublished(lsn);
  }

  /** The newest commit, published or waiting for its sync. */
  get tipLsn(): Lsn {
    return this.pipeline.group.tipMeta().lsn;
  }

  get hasNoReaders(): boolean {
    return this.readers.count === 0 && this.readers.expiredTotal === 0;
  }

  get overlay(): ReadonlyMap<number, PageNode> {
    return this.pipeline.group.overlay;
  }

  afterGroups(logBytes: number): void {
    const log = this.log;
    if (log !== undefined) autoCheckpoint(this, log.activeBytes - logBytes, true);
  }

  doomWriter(cause: unknown): void {
    this.writer?.doom(cause);
  }

  get privateBytesMax(): number {
    return this.options.privateBytesMax;
  }

  spillNodes(txn: WriteTxn, nodes: readonly PageNode[]): number[] {
    this.checkWritable();
    return this.pipeline.spillNodes(txn, nodes);
  }

  dropSpill(txn: WriteTxn): void {
    this.pipeline.dropSpill(txn);
  }

  readSpilled(page: PageNo, position: number, lsn: Lsn, decode: PageDecoder): PageNode {
    return this.pipeline.readSpilled(page, position, lsn, decode);
  }

  endWrite(txn: WriteTxn): void {
    if (this.writer !== txn) return;
    this.writer = undefined;
    this.locks.release('writer');
    this.queue.wake();
  }

  fail(cause: unknown): void {
    this.failure ??= cause;
    // Commits that wait may be in the log, whatever has failed: nobody may be told to try them again.
    this.pipeline.group.failAll(cause === this.log?.failure ? cause : unknownOutcomeError(cause));
  }

  get failureCause(): unknown {
    return this.failure;
  }

  noteCheckpointFailure(error: unknown, _step: CheckpointStep): void {
    if (this.pageFile.hasFailedSync || this.log?.isFailed === true) this.fail(error);
  }

  /** The log, created at the first commit of the session (I3). */
  ensureLog(): Log {
    if (this.log !== undefined && this.isLogNamed) return this.log;
    const { pageFile } = this;
    try {
      this.log ??= this.createLog();
      const { generation } = this.log;
      // The log exists, durably, before the header asks for it: no crash leaves a header that needs a missing log. A header
      // whose write failed may be there all the same, so the log stays when it does.
      if (pageFile.header.logGeneration !== generation) {
        pageFile.sync();
        const { isLoggingChanges } = this.options;
        const formatVersion = isLoggingChanges ? FormatVersion.loggedChanges : FormatVersion.first;
        pageFile.writeHeader({ formatVersion, state: HeaderState.needsLog, logGeneration: generation });
      }
      pageFile.requireBothCopies(); // The old one knows of no log.
    } catch (error) {
      if (pageFile.hasFailedSync) this.fail(error);
      throw error;
    }
    this.isLogNamed = true;
    return this.log;
  }

  private createLog(): Log {
    deleteLeftovers(this.vfs, this.path);
    const generation = this.pageFile.header.logGeneration + 1;
    const log = Log.create(this.logConfig(), generation, this.published.lsn);
    this.pages.readFrame = (position, page, lsn) => log.readFrame(position, page, lsn);
    return log;
  }

  private logConfig(): Parameters<typeof Log.create>[0] {
    const step = this.options.walStepBytes;
    return {
      vfs: this.vfs,
      databasePath: this.path,
      databaseId: this.pageFile.header.databaseId,
      pageBytes: this.pageFile.pageBytes,
      payloadBytes: this.pageFile.payloadBytes,
      space: {
        stepBytesMin: step,
        stepBytesMax: Math.max(step, LOG_STEP_BYTES_MAX),
        keepBytesMax: this.options.walBytesMax + LOG_STEP_BYTES_MAX,
      },
      isSyncing: this.options.durability !== 'none',
      isWholePages: !this.options.isLoggingChanges,
      random: randomBytes,
    };
  }

  /** Takes over what recovery found; a writable engine rewrites it into the page file at once. */
  private adopt(files: DatabaseFiles): void {
    const { recovered } = files;
    if (recovered !== undefined) {
      this.pages.index = recovered.index;
      this.pages.readFrame = (position, page, lsn) => recovered.readFrame(position, page, lsn);
    }
    if (this.isReadOnly) {
      if (files.lock === undefined && files.follow === undefined)
        this.pages.checkFile = () => this.checkUnchanged();
      return;
    }
    if (recovered !== undefined) {
      this.rewriteRecovered(recovered);
      this.recovered = undefined;
      recovered.close();
    }
    this.deleteNeedlessLogs();
  }

  /** PageFile I4: while one copy of the header still asks for them, the log files stay. */
  private deleteNeedlessLogs(): void {
    if (!this.pageFile.hasOldCopy) deleteLogs(this.vfs, this.path);
  }

  /**
   * Moves what recovery found into the page file. Commits of which nobody knows whether they are on disk first get a log
   * generation of their own: half-copied pages could not be repaired from frames that a power cut takes away (I4).
   */
  private rewriteRecovered(recovered: Recovered): void {
    const { meta, sure } = recovered;
    let { generation } = recovered;
    if (sure !== undefined && this.options.durability !== 'none') {
      secureLogHeader(this.vfs, this.path, sure);
      this.copyToPageFile(sure.meta, { state: HeaderState.needsLog, logGeneration: sure.log.generation });
      this.pageFile.requireBothCopies(); // The old one may name the generation that is overwritten now.
      generation = rewriteUnsure(this.vfs, this.path, recovered, sure, this.pageFile.payloadBytes);
      this.pageFile.writeHeader({ logGeneration: generation });
    }
    this.copyToPageFile(meta, { state: HeaderState.clean, logGeneration: generation });
  }

  /** Copies all the index holds up to a state; then the header names that state, and what it does not count is cut off. */
  private copyToPageFile(meta: DatabaseMeta, header: { state: HeaderState; logGeneration: number }): void {
    const { index } = this.pages;
    const source = {
      index,
      pageFile: this.pageFile,
      // From a cache that closing empties anyway: a page in the log may be a chain of changes, each of them read.
      imageOf: (position: number, page: PageNo, lsn: Lsn) =>
        this.pages.imageInMemory(page, lsn) ?? this.pages.readFrame(position, page, lsn),
    };
    const copying = new Checkpoint(source, meta.lsn);
    while (copying.step !== 'done') {
      copying.advance(Number.POSITIVE_INFINITY, () => ({ meta, ...header }));
    }
    index.dropThrough(meta.lsn);
    if (header.state === HeaderState.clean && !this.pageFile.hasOldCopy) this.pageFile.shorten();
  }

  /** Commits that wait for their sync get it now; a failure is theirs to report. */
  private settleQuietly(): void {
    try {
      this.pipeline.group.settle();
    } catch {
      // `fail` was called: everybody who waited has the error, and the files are left for recovery.
    }
    this.queue.close();
  }

  private leaveClean(): void {
    if (this.log === undefined) return;
    this.pipeline.flush();
    const logGeneration = this.log.generation;
    this.copyToPageFile(this.published, { state: HeaderState.clean, logGeneration });
    this.log.close();
    this.log = undefined;
    this.deleteNeedlessLogs();
  }

  private releaseFiles(): void {
    try {
      this.log?.close();
      this.recovered?.close();
      this.pageFile.close();
    } finally {
      this.lock?.release();
      this.onClosed();
    }
  }

  private checkUnchanged(): void {
    if (this.pageFile.readSequence() === this.pageFile.header.sequence) return;
    throw new DecentDbError(
      '55000',
      `database "${this.path}" was changed by a writer since it was opened for reading`,
      {
        file: this.path,
        hint: 'Open it again to see the new state.',
      },
    );
  }

  private checkOpen(): void {
    if (this.isClosed) throw new DecentDbError('08003', `database "${this.path}" is closed`);
  }

  /** Throws when this handle writes no more. */
  checkWritable(): void {
    this.checkOpen();
    if (this.isReadOnly) {
      throw new DecentDbError('25006', `database "${this.path}" is open for reading only`, {
        hint: 'Open it without mode "readOnly" to write.',
      });
    }
    this.noteFailedSyncs();
    if (this.failure !== undefined) throw failedHandleError(this.path, this.failure);
  }

  /** Whoever awaits a sync off the event loop hears of its failure a turn after the file knows. */
  private noteFailedSyncs(): void {
    if (this.log?.isFailed === true) this.fail(this.log.failure);
    if (this.pageFile.hasFailedSync) this.fail(this.pageFile.syncFailure);
  }
}
