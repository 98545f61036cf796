/**
 * Rows that a load refuses, written down: one JSON object a line, `{ line, column, code, message, detail, values }`; `row`
 * (from 1) instead of `line` where the source has no lines.
 *
 * I1  A file gets its name when the load has ended: whole, synced, or not at all. Until then it is `NAME-xxxxxxxxxxxx-rejects`.
 * I2  What a transaction of the load refused is on disk before the transaction commits: a row is in the table or in the file.
 * I3  A file or stream that takes no more ends the load with an error that names it.
 */
import { DecentDbError, invalidUse } from '../../base/errors.ts';
import { randomBytes } from '../../vfs/node-platform.ts';
import type { Vfs, VfsFile } from '../../vfs/vfs.ts';
import type { RejectedRow } from '../row-batches.ts';

/** A path, or anything with `write`: a stream. */
export type RejectTarget = string | { write(piece: string): unknown };

/** Where refused rows are written down. */
export interface RejectSink {
  add(row: RejectedRow): void;
  /** Everything added is on disk: a commit is about to follow. */
  seal(): void;
  /** The load has ended and what it committed stays. */
  publish(): void;
  /** Nothing of the load stays. */
  discard(): void;
}

const PIECE_CHARS = 1 << 16;

export function openRejects(target: RejectTarget, vfs: Vfs): RejectSink {
  if (typeof target === 'string' && target !== '') return new RejectFile(vfs, target);
  if (typeof target === 'object' && target !== null && typeof target.write === 'function')
    return new RejectStream(target);
  throw invalidUse('option rejectFile must be the path of a file, or something with a write function');
}

class RejectFile implements RejectSink {
  readonly #vfs: Vfs;
  readonly #path: string;
  readonly #draft: string;
  readonly #encoder = new TextEncoder();
  readonly #file: VfsFile;
  #waiting = '';
  #end = 0;
  #isSynced = false;
  #isOpen = true;

  constructor(vfs: Vfs, path: string) {
    this.#vfs = vfs;
    this.#path = vfs.resolve?.(path) ?? path;
    const suffix = Array.from(randomBytes(6), (byte) => byte.toString(16).padStart(2, '0')).join('');
    this.#draft = `${this.#path}-${suffix}-rejects`;
    this.#file = vfs.open(this.#draft, 'createNew');
  }

  add(row: RejectedRow): void {
    this.#waiting += rejectLine(row);
    this.#isSynced = false;
    if (this.#waiting.length >= PIECE_CHARS) this.#naming(() => this.#write());
  }

  seal(): void {
    this.#naming(() => {
      this.#write();
      if (this.#isSynced) return;
      this.#file.sync('full');
      this.#isSynced = true;
    });
  }

  publish(): void {
    this.seal();
    this.#naming(() => {
      this.#close();
      this.#vfs.rename(this.#draft, this.#path, { replace: true });
      this.#vfs.syncDirectory(this.#vfs.directoryOf(this.#path));
    });
  }

  discard(): void {
    this.#close();
    try {
      if (this.#vfs.exists(this.#draft)) this.#vfs.delete(this.#draft);
    } catch {
      // The error that ends the load is the one to report; the draft's name says what it is.
    }
  }

  #write(): void {
    if (this.#waiting === '') return;
    const bytes = this.#encoder.encode(this.#waiting);
    this.#file.writeAt(bytes, this.#end);
    this.#end += bytes.length;
    this.#waiting = '';
  }

  #close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }

  /** An error says that it was this file, not the database. */
  #naming(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      throw new DecentDbError(error.code, `the reject file cannot be written: ${error.message}`, {
        file: this.#path,
        errno: error.errno,
        cause: error,
        hint: 'Give rejectFile a place with room for the rows that are refused.',
      });
    }
  }
}

class RejectStream implements RejectSink {
  readonly #stream: { write(piece: string): unknown; readonly errored?: unknown };

  constructor(stream: { write(piece: string): unknown }) {
    this.#stream = stream;
  }

  add(row: RejectedRow): void {
    this.seal();
    this.#stream.write(rejectLine(row));
  }

  /** Streams of Node tell in `errored` what went wrong since. */
  seal(): void {
    const { errored } = this.#stream;
    if (errored === undefined || errored === null) return;
    throw new DecentDbError('58030', `rejected rows cannot be written: ${String(errored)}`, {
      cause: errored,
    });
  }

  publish(): void {
    this.seal();
  }

  discard(): void {}
}

/** A refused row as a line. */
function rejectLine({ row, index, line, error }: RejectedRow): string {
  const { column, code, message, detail } = error;
  const place = line === undefined ? { row: index + 1 } : { line };
  const entry = { ...place, column, code, message, detail, values: row };
  let text: string;
  try {
    text = JSON.stringify(entry, written);
  } catch {
    // Values that JSON cannot say (an object that contains itself).
    const values = Array.isArray(row) ? row.map(String) : Object.entries(row).map((pair) => pair.map(String));
    text = JSON.stringify({ ...entry, values });
  }
  return `${text}\n`;
}

function written(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array)
    return `\\x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return value;
}
