/**
 * Opens databases, one engine a file in the whole process.
 *
 * I1  Engines are found by device and inode: symbolic links and other spellings of the path lead to the same engine. One that
 *     belongs to another copy of this module is refused: two copies have their own classes (RELIABILITY section 4, 14 and 15).
 * I2  Each open adds a holder; the last holder's close closes the engine.
 */
import { DecentDbError } from '../base/errors.ts';
import { openDatabaseFile, PageFile } from '../pager/page-file.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { NodeVfs } from '../vfs/node-vfs.ts';
import { ensureDatabase, openDatabaseFiles } from './database-files.ts';
import { StorageEngine } from './engine.ts';
import { conflictOf, resolveOptions, type StorageOptions } from './engine-options.ts';
import type { ShareTicket } from './log-follower.ts';
import { SharedState } from './shared-state.ts';

/** Path that names a database in memory, gone when closed. */
export const MEMORY_PATH = ':memory:';

interface OpenEngine {
  readonly engine: StorageEngine;
  holders: number;
}

/** One share in an open engine. */
export interface StorageHandle {
  readonly engine: StorageEngine;
  /** Gives the share back; the last one closes the engine. Idempotent. */
  close(): void;
}

const REGISTRY: unique symbol = Symbol.for('decentdb.storage.v1') as never;

function openEngines(): Map<string, OpenEngine> {
  const scope = globalThis as { [REGISTRY]?: Map<string, OpenEngine> };
  scope[REGISTRY] ??= new Map();
  return scope[REGISTRY];
}

/**
 * Opens the database at `path`.
 *
 * @example
 * const { engine, close } = openStorage('app.ddb');
 * const txn = engine.beginWrite();
 * txn.setCounter(0, 1);
 * txn.commit();
 * close();
 */
export function openStorage(path: string, options: StorageOptions = {}): StorageHandle {
  if (path === MEMORY_PATH && options.vfs === undefined) {
    return openFile(path, { durability: 'deferred', flushIntervalMs: 0, ...options, vfs: new MemoryVfs() });
  }
  return openFile(path, options);
}

function openFile(given: string, options: StorageOptions): StorageHandle {
  const resolved = resolveOptions(options, () => new NodeVfs());
  const path = resolved.vfs.resolve?.(given) ?? given;
  const identity = ensureDatabase(path, resolved);
  const engines = openEngines();
  const open = engines.get(identity);
  if (open !== undefined && !(open.engine instanceof StorageEngine))
    throw new DecentDbError('55006', `database "${path}" is open through another copy of the package`, {
      file: path,
      hint: 'Two copies in one process cannot share a file: "npm ls decentdb" shows where they come from.',
    });
  if (open !== undefined) {
    const conflict = conflictOf(path, open.engine.options, options);
    if (conflict !== undefined) throw conflict;
    return share(open);
  }
  const files = openDatabaseFiles(path, identity, resolved);
  let engine: StorageEngine;
  try {
    engine = new StorageEngine(files, resolved, () => void engines.delete(identity));
  } catch (error) {
    files.recovered?.close();
    files.pageFile.close();
    files.lock?.release();
    throw error;
  }
  const entry: OpenEngine = { engine, holders: 0 };
  engines.set(identity, entry);
  return share(entry);
}

function share(open: OpenEngine): StorageHandle {
  if (!open.engine.isOpen) throw new DecentDbError('08003', `database "${open.engine.path}" is being closed`);
  open.holders++;
  let isHeld = true;
  return {
    engine: open.engine,
    close: () => {
      if (!isHeld) return;
      isHeld = false;
      if (--open.holders === 0) open.engine.close();
    },
  };
}

/** Opens, in another thread, a database for reading that its owner has shared. */
export function openFollower(ticket: ShareTicket, options: StorageOptions = {}): StorageHandle {
  const resolved = resolveOptions({ ...options, mode: 'readOnly' }, () => new NodeVfs());
  const file = openDatabaseFile(resolved.vfs, ticket.path, 'readOnly');
  try {
    const pageFile = PageFile.open(file, { isSyncing: false });
    const follow = { state: SharedState.attach(ticket.buffer), slot: ticket.slot };
    const files = {
      path: ticket.path,
      identity: file.identity(),
      pageFile,
      lock: undefined,
      recovered: undefined,
      follow,
    };
    const engine = new StorageEngine(files, resolved, () => {});
    return { engine, close: () => engine.close() };
  } catch (error) {
    file.close();
    throw error;
  }
}
