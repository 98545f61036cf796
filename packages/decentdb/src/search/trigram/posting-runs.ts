/**
 * Sorted runs of posting lists in temporary files.
 *
 *     record   column i32 | code i32 | count i32 | bytes i32 | first row id f64 | distances to the next row, 7 bits a byte
 *              (numbers in the platform's byte order: the file dies with the statement)
 *
 * I1  Records ascend by (column, code); a list may take several, its rows ascending through them.
 * I2  A file is written once, front to back, then read once, front to back.
 */
import { assert } from '../../base/assert.ts';
import type { VfsFile } from '../../vfs/vfs.ts';

const HEAD_INTS = 4;
const HEAD_BYTES = HEAD_INTS * 4 + 8;
const BUFFER_BYTES = 1 << 18;
/** Most bytes of a distance: row ids are below 2^53. */
const DISTANCE_BYTES_MAX = 8;

export class RunWriter {
  readonly file: VfsFile;
  private readonly buffer: Uint8Array = new Uint8Array(BUFFER_BYTES);
  private filled = 0;
  private written = 0;

  constructor(file: VfsFile) {
    this.file = file;
  }

  add(column: number, code: number, rows: Float64Array, count: number): void {
    if (this.filled + HEAD_BYTES + count * DISTANCE_BYTES_MAX > BUFFER_BYTES) this.flush();
    const { buffer } = this;
    let at = this.filled + HEAD_BYTES;
    for (let i = 1; i < count; i++) {
      let rest = rows[i]! - rows[i - 1]!;
      while (rest >= 0x80) {
        buffer[at++] = (rest % 0x80) | 0x80;
        rest = Math.floor(rest / 0x80);
      }
      buffer[at++] = rest;
    }
    const head = Int32Array.of(column, code, count, at - this.filled - HEAD_BYTES);
    buffer.set(new Uint8Array(head.buffer), this.filled);
    buffer.set(new Uint8Array(Float64Array.of(rows[0]!).buffer), this.filled + HEAD_INTS * 4);
    this.filled = at;
  }

  private flush(): void {
    if (this.filled > 0) this.file.writeAt(this.buffer.subarray(0, this.filled), this.written);
    this.written += this.filled;
    this.filled = 0;
  }

  finish(): PostingRun {
    this.flush();
    return new PostingRun(this.file, this.written);
  }
}

export class PostingRun {
  column = 0;
  code = 0;
  count = 0;
  rows: Float64Array = new Float64Array(0);
  isDone = false;
  private readonly file: VfsFile;
  private readonly size: number;
  /** Bytes buffer[at..filled) come next. */
  private readonly buffer: Uint8Array = new Uint8Array(BUFFER_BYTES);
  private at = 0;
  private filled = 0;
  private read = 0;

  constructor(file: VfsFile, size: number) {
    this.file = file;
    this.size = size;
  }

  /** To the next record, or to the end. */
  advance(): void {
    if (this.at === this.filled && this.read === this.size) {
      this.isDone = true;
      return;
    }
    const bytes = this.take(HEAD_BYTES);
    const head = new Int32Array(bytes.buffer, 0, HEAD_INTS);
    this.column = head[0]!;
    this.code = head[1]!;
    this.count = head[2]!;
    if (this.rows.length < this.count) this.rows = new Float64Array(this.count * 2);
    this.unpack(new Float64Array(bytes.buffer, HEAD_INTS * 4, 1)[0]!, this.take(head[3]!));
  }

  private unpack(first: number, distances: Uint8Array): void {
    const { rows, count } = this;
    rows[0] = first;
    let at = 0;
    for (let i = 1; i < count; i++) {
      let distance = 0;
      let scale = 1;
      let byte = distances[at++]!;
      for (; byte >= 0x80; scale *= 0x80) {
        distance += (byte & 0x7f) * scale;
        byte = distances[at++]!;
      }
      rows[i] = rows[i - 1]! + distance + byte * scale;
    }
  }

  private take(length: number): Uint8Array {
    if (this.filled - this.at < length) this.fill();
    assert(this.filled - this.at >= length, 'a run ends with a record');
    const bytes = this.buffer.slice(this.at, this.at + length);
    this.at += length;
    return bytes;
  }

  private fill(): void {
    this.buffer.copyWithin(0, this.at, this.filled);
    this.filled -= this.at;
    this.at = 0;
    const wanted = Math.min(BUFFER_BYTES - this.filled, this.size - this.read);
    const got = this.file.readAt(this.buffer.subarray(this.filled, this.filled + wanted), this.read);
    assert(got === wanted, 'a temporary file is shorter than what was written');
    this.read += got;
    this.filled += got;
  }

  close(): void {
    this.file.close();
  }
}
