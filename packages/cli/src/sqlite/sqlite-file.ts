/**
 * Reads the pages of a SQLite database file (https://www.sqlite.org/fileformat2.html), and the rows of its b-trees.
 *
 * I1  Reads only, and only a file that is complete by itself: one with a log or journal that still counts is refused.
 * I2  Every offset is checked against its page: a damaged file gives an error that names the page, never a wrong row.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { InputError } from '../exit-code.ts';
import { decodeRecord, readVarint, type SqliteValue, type TextEncoding } from './record.ts';

const MAGIC = 'SQLite format 3\0';
const HEADER_BYTES = 100;
const PAGES_KEPT = 256;
const ENCODINGS: Readonly<Record<number, TextEncoding>> = {
  0: 'utf-8',
  1: 'utf-8',
  2: 'utf-16le',
  3: 'utf-16be',
};

const Kind = { innerIndex: 2, innerTable: 5, leafIndex: 10, leafTable: 13 } as const;

export interface SqliteRow {
  /** Undefined in a table WITHOUT ROWID. */
  readonly rowid: number | bigint | undefined;
  readonly values: readonly SqliteValue[];
}

/** Whether a file begins as SQLite's do. */
export function isSqliteFile(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return false;
  }
  try {
    const head = new Uint8Array(16);
    return readSync(file, head, 0, 16, 0) === 16 && Buffer.from(head).toString('latin1') === MAGIC;
  } finally {
    closeSync(file);
  }
}

export class SqliteFile {
  readonly path: string;
  readonly bytes: number;
  readonly #file: number;
  readonly #pageBytes: number;
  readonly #usableBytes: number;
  readonly #encoding: TextEncoding;
  readonly #kept: Map<number, Uint8Array> = new Map();

  constructor(path: string) {
    this.path = path;
    for (const suffix of ['-wal', '-journal']) {
      const size = statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0;
      if (size > 0)
        throw new InputError(
          `"${path}${suffix}" holds changes that are not in the file yet; open and close the database with SQLite first`,
        );
    }
    this.#file = openSync(path, 'r');
    this.bytes = fstatSync(this.#file).size;
    const head = Buffer.alloc(HEADER_BYTES);
    if (
      readSync(this.#file, head, 0, HEADER_BYTES, 0) < HEADER_BYTES ||
      head.toString('latin1', 0, 16) !== MAGIC
    )
      throw new InputError(`"${path}" is not a SQLite database`);
    const size = head.readUInt16BE(16);
    this.#pageBytes = size === 1 ? 65536 : size;
    this.#usableBytes = this.#pageBytes - (head[20] as number);
    const encoding = ENCODINGS[head.readUInt32BE(56)];
    if (encoding === undefined || this.#usableBytes < 480) throw this.damaged(1, 'the header makes no sense');
    this.#encoding = encoding;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Rows of a b-tree in key order: of a table by rowid, of one WITHOUT ROWID by its key. */
  *rows(root: number): Generator<SqliteRow> {
    yield* this.#walk(root, 0);
  }

  damaged(page: number, what: string): InputError {
    return new InputError(`"${this.path}" is damaged: page ${page}: ${what}`);
  }

  *#walk(pageNo: number, depth: number): Generator<SqliteRow> {
    if (depth > 40) throw this.damaged(pageNo, 'the tree has no end');
    const page = this.#page(pageNo);
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    const at = pageNo === 1 ? HEADER_BYTES : 0;
    const kind = page[at] as number;
    const isInner = kind === Kind.innerIndex || kind === Kind.innerTable;
    if (!isInner && kind !== Kind.leafIndex && kind !== Kind.leafTable)
      throw this.damaged(pageNo, `${kind} is no kind of b-tree page`);
    const cells = view.getUint16(at + 3);
    const first = at + (isInner ? 12 : 8);
    if (first + 2 * cells > page.length) throw this.damaged(pageNo, `${cells} cells do not fit`);
    for (let i = 0; i < cells; i++) {
      const cell = view.getUint16(first + 2 * i);
      if (cell + 4 > page.length) throw this.damaged(pageNo, `cell ${i} is out of the page`);
      if (isInner) yield* this.#walk(view.getUint32(cell), depth + 1);
      if (kind !== Kind.innerTable) yield this.#row(pageNo, page, kind, isInner ? cell + 4 : cell);
    }
    if (isInner) yield* this.#walk(view.getUint32(at + 8), depth + 1);
  }

  #row(pageNo: number, page: Uint8Array, kind: number, cell: number): SqliteRow {
    const length = readVarint(page, cell);
    let { next } = length;
    let rowid: number | bigint | undefined;
    if (kind === Kind.leafTable) {
      const id = readVarint(page, next);
      rowid = id.value;
      next = id.next;
    }
    const payload = this.#payload(pageNo, page, next, Number(length.value), kind === Kind.leafTable);
    const values = decodeRecord(payload, this.#encoding);
    if (values === undefined) throw this.damaged(pageNo, 'a record cannot be read');
    return { rowid, values };
  }

  /** The bytes of a record: those in the page, then those in its chain of overflow pages. */
  #payload(pageNo: number, page: Uint8Array, at: number, bytes: number, isTable: boolean): Uint8Array {
    const usable = this.#usableBytes;
    if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > this.bytes)
      throw this.damaged(pageNo, `a record of ${bytes} bytes`);
    const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
    if (bytes <= most) {
      if (at + bytes > page.length) throw this.damaged(pageNo, 'a record ends behind its page');
      return page.subarray(at, at + bytes);
    }
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const share = least + ((bytes - least) % (usable - 4));
    const local = share <= most ? share : least;
    if (at + local + 4 > page.length) throw this.damaged(pageNo, 'a record ends behind its page');
    const whole = new Uint8Array(bytes);
    whole.set(page.subarray(at, at + local));
    let next = new DataView(page.buffer, page.byteOffset).getUint32(at + local);
    for (let filled = local; filled < bytes; ) {
      if (next === 0) throw this.damaged(pageNo, 'a chain of overflow pages ends early');
      const overflow = this.#page(next);
      const count = Math.min(bytes - filled, usable - 4);
      whole.set(overflow.subarray(4, 4 + count), filled);
      filled += count;
      next = new DataView(overflow.buffer, overflow.byteOffset).getUint32(0);
    }
    return whole;
  }

  #page(pageNo: number): Uint8Array {
    const kept = this.#kept.get(pageNo);
    if (kept !== undefined) return kept;
    const page = new Uint8Array(this.#pageBytes);
    const offset = (pageNo - 1) * this.#pageBytes;
    if (pageNo < 1 || readSync(this.#file, page, 0, page.length, offset) < page.length)
      throw this.damaged(pageNo, 'the file ends before it');
    this.#kept.set(pageNo, page);
    if (this.#kept.size > PAGES_KEPT) this.#kept.delete(this.#kept.keys().next().value as number);
    return page;
  }
}
