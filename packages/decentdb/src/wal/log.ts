/**
 * The write-ahead log: two files in turn, append, sync, rewind, switch.
 *
 *      active --(limit passed, other file free)--> switch --> draining --(checkpoint copied all of it)--> free
 *
 * One transaction at a time appends: `begin`, `appendPage`..., `appendCommit`, `write`, `sync`, `end`. Until `end`
 * nothing of it counts; `rewind` forgets it exactly (position, chain), whatever had been written.
 *
 * I1  Frames reach the file in chain order; a commit frame is the last bytes of its batch.
 * I2  A generation starts in a file only when every commit of the file's previous generation is in the page file
 *     durably (`release` was called by the checkpoint).
 * I3  The generation before is synced to its end before a switch, so the log never has a hole.
 * I4  After a failed sync the log refuses everything: `isFailed`.
 * I5  A batch whose commit frame may have reached the file is made unreadable, durably, before it is forgotten: an
 *     error reported once must not turn into a commit at the next start.
 */
import { assert } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import type { DatabaseMeta } from '../pager/meta.ts';
import type { PageImage } from '../pager/page-file.ts';
import type { PageNode } from '../pager/page-node.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { FrameBuffer } from './frame-buffer.ts';
import { LogFile, type LogSpace, logPaths } from './log-file.ts';
import { FRAME_HEADER_BYTES, LOG_FIRST_FRAME, type LogHeader, LogVersion } from './log-layout.ts';
import { packPosition, positionFile, positionOffset } from './version-index.ts';

export interface LogConfig {
  readonly vfs: Vfs;
  readonly databasePath: string;
  readonly databaseId: Uint8Array;
  readonly pageBytes: number;
  /** Bytes a page's payload may have. */
  readonly payloadBytes: number;
  readonly space: LogSpace;
  /** False for scratch databases: nothing is ever synced. */
  readonly isSyncing: boolean;
  /** Every version is written as a whole page, none as a change of the one before. */
  readonly isWholePages: boolean;
  /** Random bytes for the salt of a generation. */
  readonly random: (count: number) => Uint8Array;
}

export class Log {
  private readonly config: LogConfig;
  private readonly files: readonly [LogFile, LogFile];
  private readonly buffer: FrameBuffer;
  private activeNo: 0 | 1;
  /** The other file still holds commits that recovery would need. */
  private isOtherNeeded = false;
  private attempt = 0;
  private isOpen = false;
  private isCommitWritten = false;
  private durable: Lsn;
  isFailed = false;
  /** What it failed of. */
  failure: unknown;

  private constructor(config: LogConfig, files: readonly [LogFile, LogFile], activeNo: 0 | 1, start: Lsn) {
    this.config = config;
    this.files = files;
    this.activeNo = activeNo;
    this.durable = start;
    this.buffer = new FrameBuffer(config.payloadBytes);
  }

  /** Creates both files, durably with their names, and starts `generation` in one of them. */
  static create(config: LogConfig, generation: number, startLsn: Lsn): Log {
    const activeNo = (generation & 1) as 0 | 1;
    const files: LogFile[] = [];
    try {
      for (const path of logPaths(config.databasePath)) {
        const log = new LogFile(config.vfs.open(path, 'create'), headerOf(config, 0, startLsn), 0);
        files.push(log);
        log.file.truncate(0);
        const isActive = files.length - 1 === activeNo;
        log.restart(headerOf(config, isActive ? generation : 0, startLsn), config.space.keepBytesMax);
        if (isActive) log.allocate(LOG_FIRST_FRAME + 1, config.space);
        if (config.isSyncing) log.sync();
        log.isDirty = false;
        log.isHeaderDurable = true;
      }
      if (config.isSyncing) config.vfs.syncDirectory(config.vfs.directoryOf(config.databasePath));
    } catch (error) {
      for (const log of files) log.close();
      throw error;
    }
    return new Log(config, [files[0]!, files[1]!], activeNo, startLsn);
  }

  private get active(): LogFile {
    return this.files[this.activeNo];
  }

  private get other(): LogFile {
    return this.files[this.activeNo === 0 ? 1 : 0];
  }

  get generation(): number {
    return this.active.header.generation;
  }

  /** Oldest generation that still holds commits the page file lacks. */
  get oldestGeneration(): number {
    return this.isOtherNeeded ? this.other.header.generation : this.generation;
  }

  /** Bytes of frames in the active file. */
  get activeBytes(): number {
    return this.active.end - LOG_FIRST_FRAME;
  }

  /** Bytes of both files on disk. */
  get fileBytes(): number {
    return this.files[0].allocatedBytes + this.files[1].allocatedBytes;
  }

  /** Last LSN whose frames are known to be on disk. */
  get durableLsn(): Lsn {
    return this.durable;
  }

  /** Last LSN appended. */
  get lastLsn(): Lsn {
    return this.active.lastLsn;
  }

  /** Last commit of the file that waits to be drained, if any. */
  get drainingLsn(): Lsn | undefined {
    return this.isOtherNeeded ? this.other.lastLsn : undefined;
  }

  begin(): void {
    assert(!this.isOpen && !this.isFailed, 'log batch begun out of turn');
    this.isOpen = true;
    this.isCommitWritten = false;
    this.attempt = (this.attempt + 1) >>> 0;
    const { end, chain, header } = this.active;
    this.buffer.start(end, chain, header.salt, this.attempt, this.config.isWholePages ? null : header);
  }

  /** Adds a page to the batch; returns the position for the version index. */
  appendPage(node: PageNode, lsn: Lsn): number {
    assert(this.isOpen, 'no log batch is open');
    if (this.buffer.isFull) this.write();
    return packPosition(this.activeNo, this.buffer.addPage(node, lsn));
  }

  /** Adds the commit frame and writes all that is gathered. Not durable before `sync`. */
  appendCommit(meta: DatabaseMeta, pageFrames: number): void {
    assert(this.isOpen, 'no log batch is open');
    assert(meta.lsn > this.lastLsn, 'commits must come in order of their LSN');
    this.buffer.addCommit(meta, this.durable, pageFrames);
    this.allocate();
    this.isCommitWritten = true;
    this.write();
  }

  /** Writes what is gathered so far. */
  write(): void {
    if (this.buffer.isEmpty) return;
    const { bytes, offset } = this.buffer.pending();
    if (this.buffer.isFull) this.active.writeLarge(bytes, offset);
    else {
      this.allocate();
      this.active.isDirty = true;
      this.active.file.writeAt(bytes, offset);
    }
    this.buffer.advance();
  }

  /** The batch counts from now on: the next one goes behind it. */
  end(lsn: Lsn): void {
    assert(this.isOpen && this.buffer.isEmpty, 'log batch ended before it was written');
    this.active.end = this.buffer.end;
    this.active.chain = this.buffer.chain;
    this.active.lastLsn = lsn;
    this.buffer.count();
    this.isOpen = false;
  }

  /** Forgets the open batch. */
  rewind(): void {
    assert(this.isOpen, 'no log batch is open');
    this.isOpen = false;
    if (!this.isCommitWritten || this.isFailed) return;
    try {
      this.active.file.writeAt(new Uint8Array(FRAME_HEADER_BYTES), this.active.end);
      if (this.config.isSyncing) this.active.file.sync('data');
    } catch (error) {
      throw this.failed(error); // I5 cannot be kept otherwise.
    }
  }

  /** Makes everything written durable, up to `lsn` (the last commit appended). A failure is final. */
  sync(lsn: Lsn): void {
    assert(!this.isFailed, 'sync of a failed log');
    if (this.config.isSyncing && this.active.isDirty) {
      try {
        this.active.sync();
      } catch (error) {
        throw this.failed(error);
      }
    }
    this.active.isDirty = false;
    this.active.isHeaderDurable = true;
    this.durable = lsn;
  }

  /** Everything that counts is on disk, as far as anybody asks. */
  get isSettled(): boolean {
    return this.durable >= this.lastLsn && (!this.config.isSyncing || this.isOpen || !this.active.isDirty);
  }

  /** The header of this generation is on disk: a page file may name it. */
  isGenerationDurable(generation: number): boolean {
    return this.files.every((log) => log.header.generation !== generation || log.isHeaderDurable);
  }

  /** The same as `sync` of all that is appended now, off the event loop; what is appended meanwhile is not covered. */
  async syncAsync(): Promise<void> {
    assert(!this.isFailed, 'sync of a failed log');
    const { active } = this;
    const lsn = this.lastLsn;
    if (this.config.isSyncing && active.isDirty) {
      if (!active.canSyncAsync(() => this.config.vfs.open(active.file.path, 'readWrite'))) {
        this.sync(lsn);
        return;
      }
      try {
        await active.syncAsync();
      } catch (error) {
        throw this.failed(error);
      }
    }
    if (lsn > this.durable) this.durable = lsn;
  }

  /** No batch is open. */
  get isIdle(): boolean {
    return !this.isOpen;
  }

  /** Whether a new generation may start in the other file. */
  get canSwitch(): boolean {
    return !this.isOtherNeeded && !this.isOpen && this.activeBytes > 0;
  }

  /** Starts the next generation in the other file; the active one waits to be drained. */
  switchFiles(): void {
    assert(this.canSwitch, 'log switched while the other file is needed (I2)');
    this.sync(this.lastLsn);
    const previous = this.active;
    const header: LogHeader = {
      ...headerOf(this.config, previous.header.generation + 1, previous.lastLsn),
      previousEnd: this.config.isSyncing ? previous.end : 0,
      previousChain: previous.chain,
    };
    this.other.restart(header, this.config.space.keepBytesMax);
    this.activeNo = this.activeNo === 0 ? 1 : 0;
    this.isOtherNeeded = true;
  }

  /** The checkpoint has every commit up to `lsn` in the page file, durably: the drained file is free. */
  release(lsn: Lsn): void {
    if (this.isOtherNeeded && this.other.lastLsn <= lsn) this.isOtherNeeded = false;
  }

  /** The oldest generation recovery would need once the page file has everything up to `lsn`. */
  oldestGenerationAfter(lsn: Lsn): number {
    return this.isOtherNeeded && this.other.lastLsn > lsn ? this.other.header.generation : this.generation;
  }

  readFrame(position: number, page: PageNo, lsn: Lsn): PageImage {
    return this.files[positionFile(position)].readFrame(positionOffset(position), page, lsn);
  }

  close(): void {
    for (const log of this.files) log.close();
  }

  /** I4. The error says what is not known now: which commits are on disk. */
  private failed(cause: unknown): unknown {
    this.isFailed = true;
    this.failure = unknownOutcomeError(cause);
    return this.failure;
  }

  private allocate(): void {
    this.active.allocate(this.buffer.end, this.config.space);
  }
}

/** What a commit gets whose frames may have reached the disk, and may not; what is no error of a file is its own. */
export function unknownOutcomeError(cause: unknown): unknown {
  if (!(cause instanceof DecentDbError)) return cause;
  return new DecentDbError('58030', cause.message, {
    file: cause.file,
    errno: cause.errno,
    detail: 'Whether the commits that waited for it are kept is known when the database is opened again.',
    hint: 'Close the database and open it again: opening recovers from the log. Check the disk first.',
    cause,
  });
}

/** The error every write gets once a sync has failed. */
export function failedHandleError(path: string, cause: unknown): DecentDbError {
  return new DecentDbError('58030', `database "${path}" refuses writes: an earlier sync to disk failed`, {
    file: path,
    detail: 'Commits acknowledged before the failure are safe; the one that failed was not acknowledged.',
    hint: 'Close the database and open it again: opening recovers from the log. Check the disk first.',
    cause,
  });
}

function headerOf(config: LogConfig, generation: number, startLsn: Lsn): LogHeader {
  const random = new DataView(config.random(8).buffer);
  return {
    version: config.isWholePages ? LogVersion.wholePages : LogVersion.changes,
    pageBytes: config.pageBytes,
    generation,
    salt: random.getUint32(0, true),
    chainSeed: random.getUint32(4, true),
    startLsn,
    databaseId: config.databaseId,
    previousEnd: 0,
    previousChain: 0,
  };
}
