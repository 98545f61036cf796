/**
 * The one door to files: everything above `vfs/` reads, writes, syncs and locks through these interfaces.
 *
 * I1  Every call is synchronous and complete: a transfer is whole or an error, never short (end of file excepted),
 *     EINTR and EAGAIN are retried, a transfer of nothing is an error.
 * I2  Every failure is a `DecentDbError` with an SQLSTATE, the path, the system call and the errno (vfs-error.ts).
 * I3  Nothing is durable before a sync returned: bytes and size by `sync` of the file, names by `syncDirectory`.
 * I4  A failed sync says nothing about what reached the disk. Callers never call it again to find out.
 * I5  Offsets are integers in [0, 2^53); bytes never come from pooled memory the caller did not fill.
 *
 * `vfs.conformance.ts` is this contract as tests; each implementation runs it. A fault-injecting implementation wraps
 * another one: it needs only the members below.
 */

/**
 * `readOnly` and `readWrite` want an existing regular file, `create` opens or creates, `createNew` fails with 58P02 if
 * the name exists.
 */
export type OpenMode = 'readOnly' | 'readWrite' | 'create' | 'createNew';

/** `data` makes bytes and whatever of the metadata is needed to read them back durable, `full` all metadata. */
export type SyncKind = 'data' | 'full';

export interface VfsFile {
  readonly path: string;
  /** Reads into `target` from `offset`; returns the bytes read, fewer than asked for only at the end of the file. */
  readAt(target: Uint8Array, offset: number): number;
  /** Writes all of `bytes` at `offset`, growing the file as needed. */
  writeAt(bytes: Uint8Array, offset: number): void;
  /** Writes the parts one after the other from `offset`: one system call where the platform has it. */
  writeVectorAt(parts: readonly Uint8Array[], offset: number): void;
  /** Cuts or extends (with zeros) to `size` bytes. */
  truncate(size: number): void;
  size(): number;
  sync(kind: SyncKind): void;
  /** The same as `sync`, off the event loop. Writes that start before it settles may or may not be covered. */
  syncAsync(kind: SyncKind): Promise<void>;
  /** Device and inode: equal for every name of one file, whatever links or mounts led to it. */
  identity(): string;
  /** Idempotent. */
  close(): void;
}

export interface VfsLock {
  /** Idempotent. */
  release(): void;
}

export interface LockOptions {
  /** False where nothing may be created beside the database (read-only directories): the lock file is left out. */
  readonly mayCreateFile: boolean;
}

export interface Vfs {
  /** Short name for messages and statistics. */
  readonly name: string;
  open(path: string, mode: OpenMode): VfsFile;
  /** A nameless file beside `near`, gone when closed. */
  openTemporary(near: string): VfsFile;
  exists(path: string): boolean;
  delete(path: string): void;
  /** With `replace` false an existing target is an error (58P02), decided atomically where the platform can. */
  rename(from: string, to: string, options: { readonly replace: boolean }): void;
  /** File names (no paths) in a directory. */
  list(directory: string): string[];
  /** Makes created, renamed and deleted names in the directory durable. */
  syncDirectory(directory: string): void;
  /** The one name of a file: absolute, without symbolic links. Left out where names are that already. */
  resolve?(path: string): string;
  /** The directory that holds `path`. */
  directoryOf(path: string): string;
  /** Identity of the file at `path`, or undefined when there is none. */
  identityOf(path: string): string | undefined;
  /**
   * Takes the single-owner lock of the database file at `path`, or throws 55006 naming the holder.
   * The lock ends with the process, however it ends.
   */
  lock(path: string, identity: string, options: LockOptions): VfsLock;
}

/** Largest file offset that a JavaScript number addresses exactly. */
export const OFFSET_MAX: number = Number.MAX_SAFE_INTEGER;
