/**
 * Files in memory: databases without a disk, and disks that tests can copy, damage and reopen.
 *
 * I1  A `MemoryDisk` is only data (names, bytes, held locks); a `MemoryVfs` is a view of one. Dropping the view and
 *     opening another on the same disk is what a restarted process sees.
 * I2  `MemoryDisk.clone` copies everything: two disks never share bytes.
 */
import { DecentDbError } from '../base/errors.ts';
import {
  type LockOptions,
  OFFSET_MAX,
  type OpenMode,
  type SyncKind,
  type Vfs,
  type VfsFile,
  type VfsLock,
} from './vfs.ts';
import { errnoError } from './vfs-error.ts';

/** The bytes of one file; capacity grows ahead of the length. */
export class MemoryFileData {
  readonly inode: number;
  length = 0;
  private store: Uint8Array = new Uint8Array(0);

  constructor(inode: number) {
    this.inode = inode;
  }

  /** The content, shared with the file: valid until it grows. */
  bytes(): Uint8Array {
    return this.store.subarray(0, this.length);
  }

  write(bytes: Uint8Array, offset: number): void {
    const end = offset + bytes.length;
    if (end > this.length) this.resize(end);
    this.store.set(bytes, offset);
  }

  resize(length: number): void {
    if (length > this.store.length) {
      const grown = new Uint8Array(
        Math.max(length, Math.min(this.store.length * 2, this.store.length + (64 << 20))),
      );
      grown.set(this.bytes());
      this.store = grown;
    } else if (length < this.length) {
      this.store.fill(0, length, this.length);
    }
    this.length = length;
  }
}

let inodesGiven = 0;

/** Counted for the whole process: two copies of this module must not number their disks alike. */
const DISKS: unique symbol = Symbol.for('decentdb.memory.disks') as never;

function nextDevice(): number {
  const scope = globalThis as { [DISKS]?: number };
  scope[DISKS] = (scope[DISKS] ?? 0) + 1;
  return scope[DISKS];
}

export class MemoryDisk {
  readonly files: Map<string, MemoryFileData> = new Map();
  readonly locks: Set<string> = new Set();
  /** Stands for the device number: identities of two disks never collide. */
  readonly device: number = nextDevice();

  create(path: string): MemoryFileData {
    const data = new MemoryFileData(++inodesGiven);
    this.files.set(path, data);
    return data;
  }

  /** Same names and bytes; locks are not copied, since no process holds them on the copy. */
  clone(): MemoryDisk {
    const copy = new MemoryDisk();
    for (const [path, data] of this.files) copy.create(path).write(data.bytes(), 0);
    return copy;
  }
}

class MemoryFile implements VfsFile {
  readonly path: string;
  private readonly disk: MemoryDisk;
  private data: MemoryFileData | undefined;
  private readonly isWritable: boolean;

  constructor(disk: MemoryDisk, path: string, data: MemoryFileData, isWritable: boolean) {
    this.disk = disk;
    this.path = path;
    this.data = data;
    this.isWritable = isWritable;
  }

  readAt(target: Uint8Array, offset: number): number {
    const data = this.opened(offset);
    const count = Math.max(0, Math.min(target.length, data.length - offset));
    if (count > 0) target.set(data.bytes().subarray(offset, offset + count));
    return count;
  }

  writeAt(bytes: Uint8Array, offset: number): void {
    this.writable(offset).write(bytes, offset);
  }

  writeVectorAt(parts: readonly Uint8Array[], offset: number): void {
    let at = offset;
    for (const part of parts) {
      this.writeAt(part, at);
      at += part.length;
    }
  }

  truncate(size: number): void {
    this.writable(size).resize(size);
  }

  size(): number {
    return this.opened(0).length;
  }

  sync(_kind: SyncKind): void {
    this.opened(0);
  }

  syncAsync(kind: SyncKind): Promise<void> {
    return new Promise((resolve) => {
      this.sync(kind);
      resolve();
    });
  }

  identity(): string {
    return `memory-${this.disk.device}-${this.opened(0).inode}`;
  }

  close(): void {
    this.data = undefined;
  }

  private opened(offset: number): MemoryFileData {
    if (this.data === undefined) throw errnoError('use closed file', this.path, 'EBADF', 'closed');
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > OFFSET_MAX) {
      throw new DecentDbError('22023', `file offset ${offset} is out of range for "${this.path}"`, {
        file: this.path,
      });
    }
    return this.data;
  }

  private writable(offset: number): MemoryFileData {
    const data = this.opened(offset);
    if (!this.isWritable) throw errnoError('write file', this.path, 'EBADF', 'write');
    return data;
  }
}

export class MemoryVfs implements Vfs {
  readonly name = 'memory';
  readonly disk: MemoryDisk;

  constructor(disk: MemoryDisk = new MemoryDisk()) {
    this.disk = disk;
  }

  open(path: string, mode: OpenMode): VfsFile {
    const found = this.disk.files.get(path);
    if (found === undefined && (mode === 'readOnly' || mode === 'readWrite')) {
      throw errnoError('open file', path, 'ENOENT', 'open');
    }
    if (found !== undefined && mode === 'createNew') throw errnoError('open file', path, 'EEXIST', 'open');
    return new MemoryFile(this.disk, path, found ?? this.disk.create(path), mode !== 'readOnly');
  }

  openTemporary(near: string): VfsFile {
    return new MemoryFile(this.disk, `${near}-tmp`, new MemoryFileData(++inodesGiven), true);
  }

  exists(path: string): boolean {
    return this.disk.files.has(path);
  }

  delete(path: string): void {
    if (!this.disk.files.delete(path)) throw errnoError('delete file', path, 'ENOENT', 'unlink');
  }

  rename(from: string, to: string, options: { readonly replace: boolean }): void {
    const data = this.disk.files.get(from);
    if (data === undefined) throw errnoError('rename file', from, 'ENOENT', 'rename');
    if (!options.replace && this.exists(to)) throw errnoError('rename file to', to, 'EEXIST', 'rename');
    this.disk.files.delete(from);
    this.disk.files.set(to, data);
  }

  list(directory: string): string[] {
    const prefix = directory === '.' ? '' : `${directory}/`;
    return [...this.disk.files.keys()]
      .filter((path) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'))
      .map((path) => path.slice(prefix.length));
  }

  syncDirectory(_directory: string): void {}

  directoryOf(path: string): string {
    const slash = path.lastIndexOf('/');
    return slash < 0 ? '.' : path.slice(0, slash);
  }

  identityOf(path: string): string | undefined {
    const data = this.disk.files.get(path);
    return data === undefined ? undefined : `memory-${this.disk.device}-${data.inode}`;
  }

  lock(path: string, identity: string, _options: LockOptions): VfsLock {
    if (this.disk.locks.has(identity)) {
      throw new DecentDbError('55006', `database "${path}" is locked by this process`, {
        file: path,
        hint: 'A database has one owner at a time. Close it there first.',
      });
    }
    this.disk.locks.add(identity);
    return { release: () => void this.disk.locks.delete(identity) };
  }
}
