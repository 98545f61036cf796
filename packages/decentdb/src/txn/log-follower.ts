/**
 * The other half: a thread that reads a database which another thread owns and writes.
 *
 * It opens the files itself, follows the log commit by commit, and keeps its own page-version index and node cache. A
 * snapshot costs two atomic operations when nothing was committed since the last one.
 *
 * I1  At a snapshot S the index names every version in the log above what the page file has (`copied`), through S. So a page
 *     that is not in the index is read from the page file, and no checkpoint at or below S writes that page.
 * I2  The slot is written before anything of a snapshot is read, and again checked after every read of a file.
 * I3  A frame whose log file was released while it was looked up is read from the page file, which has that version.
 * I4  Nothing is ever written.
 */
import { assert } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { type DatabaseMeta, HeaderState } from '../pager/meta.ts';
import { PageFile, type PageImage } from '../pager/page-file.ts';
import type { Vfs, VfsFile } from '../vfs/vfs.ts';
import { LogFile, logPaths, readLogHeader } from '../wal/log-file.ts';
import { LogTail } from '../wal/log-follow.ts';
import { packPosition, positionFile, positionOffset, VersionIndex } from '../wal/version-index.ts';
import type { CommittedPages } from './committed-pages.ts';
import type { SharedState } from './shared-state.ts';

/** A database shared by the thread that owns it: plain data that can be sent to another thread. */
export interface ShareTicket {
  readonly path: string;
  readonly buffer: SharedArrayBuffer;
  readonly slot: number;
}

/** Looks at files that change under them; more would mean that something else is wrong. */
const ATTEMPTS_MAX = 1000;

export class LogFollower {
  readonly state: SharedState;
  readonly slot: number;
  private readonly vfs: Vfs;
  private readonly path: string;
  private readonly pages: CommittedPages;
  private readonly files: (VfsFile | undefined)[] = [undefined, undefined];
  private readonly logs: (LogFile | undefined)[] = [undefined, undefined];
  private tail: LogTail | undefined;
  /** Generation read last; its successor begins where it ends. */
  private generation = 0;
  private meta: DatabaseMeta;
  /** Through here the index has forgotten: the page file has it. */
  private dropped: Lsn;

  constructor(state: SharedState, slot: number, vfs: Vfs, pages: CommittedPages) {
    this.state = state;
    this.slot = slot;
    this.vfs = vfs;
    this.pages = pages;
    this.path = pages.pageFile.path;
    this.meta = pages.pageFile.header.meta;
    this.dropped = -1 as Lsn;
    pages.readFrame = (position, page, lsn) => this.readFrame(position, page, lsn);
    pages.checkFile = () => this.check();
  }

  /** The newest state that may be read, pinned. `hasReaders`: an older snapshot of this thread is pinned already. */
  follow(hasReaders: boolean): DatabaseMeta {
    if (hasReaders) this.check();
    for (;;) {
      if (this.state.isClosed) throw new DecentDbError('08003', `database "${this.path}" was closed`);
      const lsn = this.state.published;
      if (!hasReaders) this.state.pin(this.slot, lsn);
      if (this.state.floor > lsn) continue; // A checkpoint begins meanwhile; what it copies is published by now.
      if (this.dropped < 0 || lsn !== this.meta.lsn) this.advance(lsn, hasReaders);
      return this.meta;
    }
  }

  /**
   * The state as of `lsn`, which another thread reads now and goes on reading until this returns, pinned; null when this thread has
   * followed the log further, or cannot. No snapshot of this thread may be in use.
   */
  followTo(lsn: Lsn): DatabaseMeta | null {
    const { state } = this;
    if (state.isClosed || (this.dropped >= 0 && this.meta.lsn > lsn)) return null;
    state.pin(this.slot, lsn);
    try {
      if (state.floor <= lsn && lsn <= state.published) {
        if (this.dropped < 0 || lsn !== this.meta.lsn) this.advance(lsn, false);
        if (this.meta.lsn === lsn) return this.meta;
      }
    } catch (error) {
      state.unpin(this.slot);
      throw error;
    }
    state.unpin(this.slot);
    return null;
  }

  /** The oldest snapshot of this thread is now `lsn`, or there is none. */
  settlePin(lsn: Lsn | undefined): void {
    if (lsn === undefined) {
      this.state.unpin(this.slot);
      return;
    }
    const pinned = this.state.pinned(this.slot);
    if (pinned !== undefined && pinned !== lsn) this.state.movePin(this.slot, pinned, lsn);
  }

  /** Throws when the owner has ended this thread's snapshots (25P05), or closed the database. */
  check(): void {
    if (this.state.isRevoked(this.slot)) throw expiredError();
    if (this.state.isClosed) throw new DecentDbError('08003', `database "${this.path}" was closed`);
  }

  close(): void {
    this.state.unpin(this.slot);
    for (const file of this.files) file?.close();
  }

  private advance(lsn: Lsn, hasReaders: boolean): void {
    this.pages.rows.forgetAll();
    if (this.dropped >= 0) {
      this.forgetCopied();
      if (this.readThrough(lsn)) return;
    }
    assert(!hasReaders, 'a log was released under a snapshot of this thread');
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) if (this.startOver(lsn)) return;
    throw new DecentDbError(
      '58030',
      `the log of database "${this.path}" cannot be followed to commit ${lsn}`,
      {
        file: this.path,
      },
    );
  }

  /** From the page file's header on, as when the database was opened. False: the files changed meanwhile. */
  private startOver(lsn: Lsn): boolean {
    const { pages } = this;
    const { header } = PageFile.open(pages.pageFile.file, { isSyncing: false });
    if (header.meta.lsn > lsn) return false;
    pages.cache.clear();
    pages.old.clear();
    pages.index = new VersionIndex(header.meta.lsn);
    this.dropped = header.meta.lsn;
    this.meta = header.meta;
    this.generation = header.logGeneration;
    this.tail = undefined;
    if (header.state === HeaderState.needsLog) {
      this.tail = this.openGeneration(header.logGeneration);
      if (this.tail === undefined || this.tail.lastLsn > header.meta.lsn) return false;
    }
    return this.readThrough(lsn);
  }

  private readThrough(lsn: Lsn): boolean {
    for (;;) {
      this.readTail(lsn);
      const at = this.tail?.lastLsn ?? this.meta.lsn;
      if (at >= lsn || this.meta.lsn >= lsn) return this.meta.lsn === lsn;
      const next = this.openGeneration(this.generation + 1);
      if (next === undefined || next.lastLsn !== at) return false;
      this.tail = next;
      this.generation++;
    }
  }

  private readTail(lsn: Lsn): void {
    const { tail, pages } = this;
    if (tail === undefined) return;
    const file = (tail.generation & 1) as 0 | 1;
    tail.readThrough(lsn, (frames, meta) => {
      for (const { page, lsn: version, offset } of frames) {
        if (version <= this.dropped) {
          pages.cache.drop(page); // In the page file by now; nobody reads what was before.
        } else {
          pages.supersede(page, this.meta.lsn);
          pages.index.add(page, version, packPosition(file, offset), this.meta.lsn);
        }
      }
      if (meta.lsn > this.meta.lsn) this.meta = meta;
    });
  }

  private openGeneration(generation: number): LogTail | undefined {
    const at = generation & 1;
    const path = logPaths(this.path)[at]!;
    if (this.files[at] === undefined) {
      if (!this.vfs.exists(path)) return undefined;
      this.files[at] = this.vfs.open(path, 'readOnly');
    }
    const file = this.files[at]!;
    const header = readLogHeader(file);
    if (header?.generation !== generation) return undefined;
    const log = new LogFile(file, header, file.size());
    this.logs[at] = log;
    return new LogTail(log);
  }

  private forgetCopied(): void {
    const { copied } = this.state;
    if (copied <= this.dropped) return;
    this.pages.index.dropThrough(copied);
    this.pages.old.clear(); // They are known by what the index says of them.
    this.dropped = copied;
  }

  private readFrame(position: number, page: PageNo, lsn: Lsn): PageImage {
    try {
      const image = this.logs[positionFile(position)]!.readFrame(positionOffset(position), page, lsn);
      this.check();
      return image;
    } catch (error) {
      this.check();
      if (this.state.copied < lsn) throw error;
      const image = this.pages.pageFile.readPage(page);
      this.check();
      assert(image.lsn === lsn, 'the page file has another version than the released log had');
      return image;
    }
  }
}

function expiredError(): DecentDbError {
  return new DecentDbError('25P05', 'snapshot expired: the owner of the database ended it', {
    hint: 'Start the read again, in shorter transactions, or raise readerTimeoutMs.',
  });
}
