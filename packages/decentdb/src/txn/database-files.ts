/**
 * The files of a database, from a path to something an engine can run on: create, lock, open, recover.
 *
 * I1  A new database appears under its name complete or not at all: it is written and synced under another name first.
 * I2  The lock is held before the first byte of the database is read, except by sharing readers.
 * I3  A sharing reader (read-only, cleanly closed file, no lock) checks after every read from the file that nobody
 *     began to write: a writer changes the header, durably, before it changes any page.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { HeaderState } from '../pager/meta.ts';
import { openDatabaseFile, PageFile } from '../pager/page-file.ts';
import { randomBytes } from '../vfs/node-platform.ts';
import type { Vfs, VfsLock } from '../vfs/vfs.ts';
import { logPaths } from '../wal/log-file.ts';
import { type Recovered, recoverLogs } from '../wal/recovery.ts';
import type { ResolvedOptions } from './engine-options.ts';
import type { SharedState } from './shared-state.ts';

export interface DatabaseFiles {
  readonly path: string;
  readonly identity: string;
  readonly pageFile: PageFile;
  /** Undefined for a reader that shares a cleanly closed file. */
  readonly lock: VfsLock | undefined;
  /** What the log holds beyond the page file, if it is needed. */
  readonly recovered: Recovered | undefined;
  /** Set where another thread of the process owns the database and this one only reads it. */
  readonly follow?: FollowedState | undefined;
}

/** What a thread shares with the one that owns the database. */
export interface FollowedState {
  readonly state: SharedState;
  readonly slot: number;
}

/** Makes sure that a database exists at `path` if the mode allows to create it; returns its identity. */
export function ensureDatabase(path: string, options: ResolvedOptions): string {
  const { vfs, mode } = options;
  let identity = vfs.identityOf(path);
  if (identity !== undefined) {
    if (mode === 'createNew') throw existsError(path);
    return identity;
  }
  if (mode === 'open' || mode === 'readOnly') {
    throw new DecentDbError('58P01', `database "${path}" does not exist`, {
      file: path,
      hint: mode === 'open' ? 'Open it with mode "create" to have it created.' : undefined,
    });
  }
  createDatabase(path, options);
  identity = vfs.identityOf(path);
  if (identity === undefined)
    throw new DecentDbError('58P01', `database "${path}" vanished while it was created`);
  return identity;
}

export function openDatabaseFiles(path: string, identity: string, options: ResolvedOptions): DatabaseFiles {
  const isReadOnly = options.mode === 'readOnly';
  if (isReadOnly) {
    const shared = openShared(path, identity, options);
    if (shared !== undefined) return shared;
  }
  const lock = options.vfs.lock(path, identity, { mayCreateFile: !isReadOnly });
  try {
    return openLocked(path, identity, options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Removes what a creation that did not finish left behind. Only under the lock of the finished database. */
export function deleteLeftovers(vfs: Vfs, path: string): void {
  const directory = vfs.directoryOf(path);
  const prefix = `${baseName(path)}-new-`;
  for (const name of vfs.list(directory)) {
    if (name.startsWith(prefix)) vfs.delete(directory === '.' ? name : `${directory}/${name}`);
  }
}

function hasLogs(vfs: Vfs, path: string): boolean {
  return logPaths(path).some((log) => vfs.exists(log));
}

/** Deletes the log files, when the page file does not need them. */
export function deleteLogs(vfs: Vfs, path: string): void {
  let isDeleted = false;
  for (const log of logPaths(path)) {
    if (!vfs.exists(log)) continue;
    vfs.delete(log);
    isDeleted = true;
  }
  if (isDeleted) vfs.syncDirectory(vfs.directoryOf(path));
}

function openShared(path: string, identity: string, options: ResolvedOptions): DatabaseFiles | undefined {
  const file = openDatabaseFile(options.vfs, path, 'readOnly');
  try {
    const pageFile = PageFile.open(file, { isSyncing: false });
    if (pageFile.header.state === HeaderState.clean) {
      pageFile.checkSize();
      return { path, identity, pageFile, lock: undefined, recovered: undefined };
    }
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return undefined;
}

function openLocked(path: string, identity: string, options: ResolvedOptions, lock: VfsLock): DatabaseFiles {
  const isReadOnly = options.mode === 'readOnly';
  const file = openDatabaseFile(options.vfs, path, isReadOnly ? 'readOnly' : 'readWrite');
  let recovered: Recovered | undefined;
  try {
    if (file.identity() !== identity) {
      throw new DecentDbError('55006', `database "${path}" was replaced while it was being opened`, {
        file: path,
      });
    }
    const pageFile = PageFile.open(file, { isSyncing: options.durability !== 'none' });
    checkPageSize(path, pageFile, options);
    pageFile.checkSize();
    if (pageFile.header.state === HeaderState.needsLog) {
      const { isTruncating } = options;
      recovered = recoverLogs(options.vfs, path, pageFile.header, { isTruncating, isReadOnly });
    }
    // A log that is still there says that the last session did not end well.
    if (!isReadOnly && hasLogs(options.vfs, path)) pageFile.secureHeader();
    else if (!isReadOnly) pageFile.healHeader();
    return { path, identity, pageFile, lock, recovered };
  } catch (error) {
    recovered?.close();
    file.close();
    throw error;
  }
}

function checkPageSize(path: string, pageFile: PageFile, options: ResolvedOptions): void {
  if (!options.isPageSizeGiven || options.pageSize === pageFile.pageBytes) return;
  throw invalidUse(
    `database "${path}" has pages of ${pageFile.pageBytes} bytes, not ${options.pageSize}`,
    'The page size is chosen when a database is created. Leave the option out to open it.',
  );
}

function createDatabase(path: string, options: ResolvedOptions): void {
  const { vfs } = options;
  const draft = `${path}-new-${Array.from(randomBytes(6), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const file = vfs.open(draft, 'createNew');
  try {
    file.writeAt(PageFile.emptyImage(options.pageSize, randomBytes(16)), 0);
    if (options.durability !== 'none') file.sync('full');
  } catch (error) {
    file.close();
    discard(vfs, draft);
    throw error;
  }
  file.close();
  try {
    // The name becomes durable with the first commit, which syncs the directory for its log files.
    vfs.rename(draft, path, { replace: false });
  } catch (error) {
    discard(vfs, draft);
    const isLost = error instanceof DecentDbError && error.code === '58P02' && options.mode === 'create';
    if (!isLost) throw error; // Somebody else created it meanwhile: open theirs.
  }
}

function discard(vfs: Vfs, path: string): void {
  try {
    vfs.delete(path);
  } catch {
    // The error that led here is the one to report; the next open removes the draft.
  }
}

function existsError(path: string): DecentDbError {
  return new DecentDbError('58P02', `database "${path}" already exists`, {
    file: path,
    hint: 'Open it with mode "open" or "create", or choose another path.',
  });
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
