/**
 * Files on Node.
 *
 * I1  Only regular files are opened: a FIFO or device would block or never end (C5).
 * I2  No descriptor below 3 is ever used for a database: something that prints to "stderr" must not write into one.
 * I3  Directory syncs fail on Windows by design of the system and are skipped there only.
 */
import * as fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { NodeFile, type NodeIo } from './node-file.ts';
import { acquireLock } from './node-lock.ts';
import { randomBytes } from './node-platform.ts';
import type { LockOptions, OpenMode, Vfs, VfsFile, VfsLock } from './vfs.ts';
import { errnoError, ioError } from './vfs-error.ts';

const OPEN_FLAGS: Readonly<Record<OpenMode, number>> = {
  readOnly: fs.constants.O_RDONLY,
  readWrite: fs.constants.O_RDWR,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT,
  createNew: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL,
};
const FIRST_SAFE_DESCRIPTOR = 3;

export class NodeVfs implements Vfs {
  readonly name = 'node';
  private readonly io: NodeIo;

  constructor(io: NodeIo = fs) {
    this.io = io;
  }

  open(path: string, mode: OpenMode): VfsFile {
    if (mode !== 'createNew') this.checkRegular(path);
    return new NodeFile(this.io, path, this.openDescriptor(path, OPEN_FLAGS[mode]));
  }

  openTemporary(near: string): VfsFile {
    const path = `${near}-tmp-${Buffer.from(randomBytes(6)).toString('hex')}`;
    const file = this.open(path, 'createNew');
    // On POSIX the name can go at once: even a kill leaves nothing behind. Windows wants the file closed first.
    if (process.platform !== 'win32') this.delete(path);
    else {
      const close = file.close.bind(file);
      file.close = () => {
        close();
        if (this.exists(path)) this.delete(path);
      };
    }
    return file;
  }

  exists(path: string): boolean {
    return this.io.existsSync(path);
  }

  delete(path: string): void {
    this.call('delete file', path, () => this.io.unlinkSync(path));
  }

  rename(from: string, to: string, options: { readonly replace: boolean }): void {
    this.call('rename file to', to, () => {
      if (options.replace) this.io.renameSync(from, to);
      else this.renameExclusive(from, to);
    });
  }

  list(directory: string): string[] {
    return this.call('list directory', directory, () => this.io.readdirSync(directory));
  }

  syncDirectory(directory: string): void {
    if (process.platform === 'win32') return;
    const descriptor = this.openDescriptor(directory, fs.constants.O_RDONLY);
    try {
      this.call('sync directory', directory, () => this.io.fsyncSync(descriptor));
    } finally {
      this.io.closeSync(descriptor);
    }
  }

  resolve(path: string): string {
    const absolute = resolve(path);
    return this.call('resolve path', path, () => {
      if (this.io.existsSync(absolute)) return this.io.realpathSync(absolute);
      const directory = dirname(absolute);
      return this.io.existsSync(directory)
        ? join(this.io.realpathSync(directory), basename(absolute))
        : absolute;
    });
  }

  directoryOf(path: string): string {
    return dirname(path);
  }

  identityOf(path: string): string | undefined {
    const stat = this.call('stat file', path, () =>
      this.io.statSync(path, { bigint: true, throwIfNoEntry: false }),
    );
    return stat === undefined ? undefined : `${stat.dev}-${stat.ino}`;
  }

  lock(path: string, identity: string, options: LockOptions): VfsLock {
    return acquireLock(path, identity, options);
  }

  /** A hard link fails when the name exists, atomically; file systems without links get check-then-rename. */
  private renameExclusive(from: string, to: string): void {
    try {
      this.io.linkSync(from, to);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
      if (this.io.existsSync(to))
        throw Object.assign(new Error('exists'), { code: 'EEXIST', syscall: 'rename' });
      this.io.renameSync(from, to);
      return;
    }
    this.io.unlinkSync(from);
  }

  private checkRegular(path: string): void {
    const stat = this.call('stat file', path, () => this.io.statSync(path, { throwIfNoEntry: false }));
    if (stat === undefined || stat.isFile()) return;
    throw errnoError('open file', path, stat.isDirectory() ? 'EISDIR' : 'ENOTREG', 'stat');
  }

  private openDescriptor(path: string, flags: number): number {
    const low: number[] = [];
    try {
      for (;;) {
        const descriptor = this.call('open file', path, () => this.io.openSync(path, flags, 0o644));
        if (descriptor >= FIRST_SAFE_DESCRIPTOR) return descriptor;
        low.push(descriptor);
        flags &= ~(fs.constants.O_CREAT | fs.constants.O_EXCL); // It exists now, by our own hand.
      }
    } finally {
      for (const descriptor of low) this.io.closeSync(descriptor);
    }
  }

  private call<T>(what: string, path: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw ioError(what, path, error);
    }
  }
}
