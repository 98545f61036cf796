/**
 * One open file on Node.
 *
 * I1  Transfers loop until complete; a call that moves nothing is an error; EINTR and EAGAIN are retried (S4).
 * I2  After `close` every call fails with 58030 before it reaches the system: a descriptor may belong to someone else.
 *
 * Must never happen here: `Buffer.allocUnsafe`, or reading into memory the caller did not give.
 */
import type * as fs from 'node:fs';
import { DecentDbError } from '../base/errors.ts';
import { OFFSET_MAX, type SyncKind, type VfsFile } from './vfs.ts';
import { errnoError, ioError, isTransient } from './vfs-error.ts';

/** The part of node:fs that is used here; tests pass one that fails or transfers too little. */
export type NodeIo = Pick<
  typeof fs,
  | 'openSync'
  | 'closeSync'
  | 'readSync'
  | 'writeSync'
  | 'writevSync'
  | 'ftruncateSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'fdatasyncSync'
  | 'fsync'
  | 'fdatasync'
  | 'statSync'
  | 'unlinkSync'
  | 'renameSync'
  | 'linkSync'
  | 'readdirSync'
  | 'existsSync'
  | 'realpathSync'
>;

/** Retries of one system call before giving up: a signal storm is not a reason to hang. */
const TRANSIENT_RETRIES_MAX = 1000;
/** Parts a single vectored write may have (IOV_MAX is 1024 on Linux and macOS). */
const VECTOR_PARTS_MAX = 512;

export class NodeFile implements VfsFile {
  readonly path: string;
  private readonly io: NodeIo;
  private descriptor: number;

  constructor(io: NodeIo, path: string, descriptor: number) {
    this.io = io;
    this.path = path;
    this.descriptor = descriptor;
  }

  readAt(target: Uint8Array, offset: number): number {
    this.checkRange(offset, target.length);
    let done = 0;
    while (done < target.length) {
      const from = done;
      const count = this.call('read file', () =>
        this.io.readSync(this.descriptor, target, from, target.length - from, offset + from),
      );
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  writeAt(bytes: Uint8Array, offset: number): void {
    this.checkRange(offset, bytes.length);
    let done = 0;
    while (done < bytes.length) {
      const from = done;
      const count = this.call('write file', () =>
        this.io.writeSync(this.descriptor, bytes, from, bytes.length - from, offset + from),
      );
      if (count === 0) throw errnoError('write file', this.path, 'EIO', 'write returned 0');
      done += count;
    }
  }

  writeVectorAt(parts: readonly Uint8Array[], offset: number): void {
    let at = offset;
    for (let first = 0; first < parts.length; first += VECTOR_PARTS_MAX) {
      at = this.writeSomeParts(parts.slice(first, first + VECTOR_PARTS_MAX), at);
    }
  }

  /** One vectored write; what it leaves undone goes part by part. Returns the offset after the parts. */
  private writeSomeParts(parts: readonly Uint8Array[], offset: number): number {
    const total = parts.reduce((sum, part) => sum + part.length, 0);
    this.checkRange(offset, total);
    if (total === 0) return offset;
    let written = this.call('write file', () => this.io.writevSync(this.descriptor, parts, offset));
    let at = offset;
    for (const part of parts) {
      if (written < part.length) this.writeAt(part.subarray(written), at + written);
      written = Math.max(0, written - part.length);
      at += part.length;
    }
    return at;
  }

  truncate(size: number): void {
    this.checkRange(size, 0);
    this.call('truncate file', () => this.io.ftruncateSync(this.descriptor, size));
  }

  size(): number {
    return this.call('stat file', () => this.io.fstatSync(this.descriptor).size);
  }

  sync(kind: SyncKind): void {
    // Not retried, not even on EINTR: a second sync may report success for data the first one lost.
    this.checkOpen();
    try {
      if (kind === 'data') this.io.fdatasyncSync(this.descriptor);
      else this.io.fsyncSync(this.descriptor);
    } catch (error) {
      throw ioError('sync file', this.path, error);
    }
  }

  syncAsync(kind: SyncKind): Promise<void> {
    return new Promise((resolve, reject) => {
      this.checkOpen();
      const done = (error: Error | null): void => {
        if (error) reject(ioError('sync file', this.path, error));
        else resolve();
      };
      if (kind === 'data') this.io.fdatasync(this.descriptor, done);
      else this.io.fsync(this.descriptor, done);
    });
  }

  identity(): string {
    const stat = this.call('stat file', () => this.io.fstatSync(this.descriptor, { bigint: true }));
    return `${stat.dev}-${stat.ino}`;
  }

  close(): void {
    const descriptor = this.descriptor;
    if (descriptor < 0) return;
    this.descriptor = -1;
    try {
      this.io.closeSync(descriptor);
    } catch (error) {
      throw ioError('close file', this.path, error);
    }
  }

  private checkOpen(): void {
    if (this.descriptor < 0) throw errnoError('use closed file', this.path, 'EBADF', 'closed');
  }

  private checkRange(offset: number, length: number): void {
    this.checkOpen();
    if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > OFFSET_MAX) {
      throw new DecentDbError('22023', `file offset ${offset} is out of range for "${this.path}"`, {
        file: this.path,
      });
    }
  }

  private call<T>(what: string, action: () => T): T {
    this.checkOpen();
    for (let attempt = 0; ; attempt++) {
      try {
        return action();
      } catch (error) {
        if (!isTransient(error) || attempt >= TRANSIENT_RETRIES_MAX) throw ioError(what, this.path, error);
      }
    }
  }
}
