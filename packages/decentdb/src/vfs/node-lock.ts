/**
 * The single-owner lock of a database on Node, without native code.
 *
 * Two guards, both needed (RELIABILITY section 4):
 *
 *   1. A guard the kernel frees with the process: an abstract unix socket named by device and inode (Linux), a named
 *      pipe (Windows), an O_EXLOCK descriptor (macOS). Whether it is ours is known synchronously.
 *   2. A lock file beside the database, which also crosses network namespaces (two containers on one volume) and names
 *      the holder. It is stale only if the holder provably does not run any more.
 *
 * I1  `acquireLock` returns only when both guards are held (the file only where one may be created).
 * I2  A lock file is removed by its writer (same nonce) or by a successor that proved it stale, never otherwise.
 * I3  No timer, no clock: a wrong wall clock or a suspended machine changes nothing.
 */
import * as fs from 'node:fs';
import type { Server } from 'node:net';
import { DecentDbError } from '../base/errors.ts';
import { type ProcessIdentity, probeProcess, processIdentity } from './node-platform.ts';
import type { LockOptions, VfsLock } from './vfs.ts';
import { ioError } from './vfs-error.ts';

export interface LockHolder extends ProcessIdentity {
  readonly nonce: string;
}

/** Name of the lock file of a database. */
export function lockFilePath(databasePath: string): string {
  return `${databasePath}-lock`;
}

export function acquireLock(path: string, identity: string, options: LockOptions): VfsLock {
  const file = lockFilePath(path);
  const guard = acquireKernelGuard(file, identity, options);
  if (guard === undefined) throw lockedError(path, readHolder(file));
  if (!options.mayCreateFile) return guard;
  try {
    const nonce = writeLockFile(path, file);
    return {
      release: () => {
        if (readHolder(file)?.nonce === nonce) removeQuietly(file);
        guard.release();
      },
    };
  } catch (error) {
    guard.release();
    throw error;
  }
}

/**
 * Whether the writer of a lock file is provably gone. `probe` tells about processes in this pid namespace.
 * Another namespace or another host cannot be looked into, so its lock is honoured.
 */
export function isStaleHolder(
  holder: LockHolder,
  self: ProcessIdentity,
  probe: typeof probeProcess = probeProcess,
): boolean {
  if (holder.bootId !== '' && self.bootId !== '' && holder.bootId !== self.bootId) {
    return holder.host === self.host; // The same machine has been restarted since.
  }
  if (holder.host !== self.host || holder.pidNamespace !== self.pidNamespace) return false;
  const found = probe(holder.pid);
  if (!found.isAlive) return true;
  return found.startTime !== '' && holder.startTime !== '' && found.startTime !== holder.startTime;
}

function lockedError(path: string, holder: LockHolder | undefined): DecentDbError {
  const pid = holder?.pid;
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  const isSelf = pid === process.pid && holder?.pidNamespace === processIdentity().pidNamespace;
  return new DecentDbError('55006', `database "${path}" is locked by ${who}`, {
    file: path,
    detail: isSelf
      ? 'It is this process: another thread, or another copy of the library, has it open.'
      : holder === undefined
        ? undefined
        : `The holder runs on host "${holder.host}".`,
    hint: `A database has one owner at a time. Close it there first. If the holder is known to be gone, delete "${lockFilePath(path)}".`,
  });
}

function writeLockFile(path: string, file: string): string {
  // Told apart from the nonces of other openers, not kept from anybody: loading crypto for it would take longer than the lock.
  const nonce = `${process.hrtime.bigint().toString(16)}-${Math.random().toString(16).slice(2)}`;
  const text = JSON.stringify({ ...processIdentity(), nonce });
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      fs.writeFileSync(file, text, { flag: 'wx', mode: 0o644 });
      return nonce;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw ioError('create lock file', file, error);
    }
    const holder = readHolder(file);
    // The kernel's guard is ours, so on this machine a half-written lock file can only be debris.
    const self = processIdentity();
    if (holder !== undefined && !isOwnDebris(holder, self) && !isStaleHolder(holder, self))
      throw lockedError(path, holder);
    removeQuietly(file);
  }
  throw lockedError(path, readHolder(file));
}

/**
 * Whether this very process wrote the lock file. The kernel's guard is ours meanwhile, so no thread of it has the database open: the
 * one that had was terminated (L5).
 */
function isOwnDebris(holder: LockHolder, self: ProcessIdentity): boolean {
  return (
    holder.pid === self.pid &&
    holder.startTime === self.startTime &&
    holder.bootId === self.bootId &&
    holder.pidNamespace === self.pidNamespace &&
    holder.host === self.host
  );
}

function readHolder(file: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const fields = value as Partial<LockHolder>;
    if (!Number.isSafeInteger(fields.pid)) return undefined;
    return {
      pid: fields.pid!,
      startTime: String(fields.startTime ?? ''),
      bootId: String(fields.bootId ?? ''),
      pidNamespace: String(fields.pidNamespace ?? ''),
      host: String(fields.host ?? ''),
      nonce: String(fields.nonce ?? ''),
    };
  } catch {
    return undefined; // Missing or half-written: nobody to name.
  }
}

function removeQuietly(file: string): void {
  try {
    fs.unlinkSync(file);
  } catch {
    // Gone already, or not ours to remove: the next opener finds it stale by its content.
  }
}

function acquireKernelGuard(file: string, identity: string, options: LockOptions): VfsLock | undefined {
  if (process.platform === 'darwin') return options.mayCreateFile ? lockByFlag(file) : { release: () => {} };
  const name = `decentdb-${identity}`;
  return listenOn(process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : `\0${name}`);
}

/** Binding is exclusive, visible at once in `listening`, and undone by the kernel when the process dies. */
function listenOn(address: string): VfsLock | undefined {
  const server = process.getBuiltinModule('node:net').createServer((socket) => socket.destroy());
  server.on('error', () => {}); // EADDRINUSE also arrives as an event, after `listening` told us.
  bind(server, address);
  if (!server.listening) {
    server.close();
    return undefined;
  }
  server.unref();
  let isHeld = true;
  return {
    release: () => {
      if (isHeld) server.close();
      isHeld = false;
    },
  };
}

/** What `listen` calls once it knows that nobody shares the address: to know that it loads node:cluster, which takes a millisecond. */
interface DirectServer extends Server {
  readonly _listen2?: (address: string, port: number, addressType: number) => void;
}

function bind(server: DirectServer, address: string): void {
  if (typeof server._listen2 === 'function') server._listen2(address, -1, -1);
  else server.listen({ path: address, exclusive: true });
}

/** O_EXLOCK | O_NONBLOCK on a file of its own (macOS): closing any other descriptor does not release it. */
function lockByFlag(file: string): VfsLock | undefined {
  const O_EXLOCK = 0x20;
  try {
    const flags = fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_NONBLOCK | O_EXLOCK;
    const descriptor = fs.openSync(`${file}-guard`, flags, 0o644);
    let isHeld = true;
    return {
      release: () => {
        if (isHeld) fs.closeSync(descriptor);
        isHeld = false;
      },
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw ioError('lock file', file, error);
  }
}
