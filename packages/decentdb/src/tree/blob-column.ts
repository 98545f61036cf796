/**
 * Columns of bytes, and of objects that a codec turns into bytes.
 *
 * I1  The objects of an `object` column are immutable: their bytes are the same each time they are asked for.
 */
import { assert } from '../base/assert.ts';
import { type ObjectCodec, Physical } from '../types/vector.ts';
import { ArrayColumn } from './array-column.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Encoding } from './encoding.ts';
import { packedBodyBytes, writePackedBody } from './int-body.ts';
import { OverflowValue } from './overflow-value.ts';

const NO_BYTES = new Uint8Array(0);

export class BlobColumn extends ArrayColumn<object> {
  readonly physical: typeof Physical.bytes | typeof Physical.object;
  readonly codec: ObjectCodec | null;
  private total = 0;
  private longest = 0;

  constructor(values: object[], codec: ObjectCodec | null) {
    super(values);
    this.physical = codec === null ? Physical.bytes : Physical.object;
    this.codec = codec;
  }

  protected get blank(): object {
    return NO_BYTES;
  }

  protected fresh(values: object[]): BlobColumn {
    return new BlobColumn(values, this.codec);
  }

  protected note(value: object): void {
    const size = this.bytesOf(value).length;
    this.total += size;
    if (size > this.longest) this.longest = size;
  }

  protected noteRange(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const value = this.values[i]!;
      if (!this.isNull(i) && !(value instanceof OverflowValue)) this.note(value);
    }
  }

  protected forget(value: object): void {
    this.total -= this.bytesOf(value).length;
  }

  protected override adoptTotals(source: BlobColumn): void {
    this.total = source.total;
    this.longest = source.longest;
  }

  bound(count: number): number {
    if (this.nullCount === count) return 1;
    return this.headBytes(count) + packedBodyBytes(count, 5, this.longest) + this.total;
  }

  tighten(count: number): void {
    if (!this.isLoose) return;
    this.isLoose = false;
    this.drift = 0;
    if (!this.isStale) return;
    this.isStale = false;
    this.total = 0;
    this.longest = 0;
    this.noteRange(0, count);
  }

  write(writer: ByteWriter, count: number): void {
    this.prepare(count);
    if (this.nullCount === count) {
      this.writeHead(writer, Encoding.allNull, count);
      return;
    }
    this.writeHead(writer, Encoding.blobs, count);
    this.writeOverflow(writer, count);
    const runs: Uint8Array[] = [];
    const lengths = new Int32Array(count);
    let max = 0;
    for (let i = 0; i < count; i++) {
      const bytes = this.bytesAt(i);
      runs.push(bytes);
      lengths[i] = bytes.length;
      if (bytes.length > max) max = bytes.length;
    }
    writePackedBody(writer, lengths, count, 0, max, null);
    for (const run of runs) writer.copy(run);
  }

  /** What the page holds of a cell: nothing of NULLs and large values. */
  bytesAt(row: number): Uint8Array {
    const value = this.values[row]!;
    return this.isNull(row) || value instanceof OverflowValue ? NO_BYTES : this.bytesOf(value);
  }

  memoryBytes(): number {
    let objects = 0;
    if (this.codec !== null) {
      // A NULL has no value to weigh: a decoded column leaves its place empty.
      for (let i = 0; i < this.values.length; i++) {
        const value = this.values[i];
        if (value === undefined || value === NO_BYTES || value instanceof OverflowValue || this.isNull(i))
          continue;
        objects += this.codec.memoryBytes(value);
      }
    }
    return 160 + this.values.length * 100 + this.total + objects;
  }

  private bytesOf(value: object): Uint8Array {
    if (this.codec !== null) return this.codec.toBytes(value);
    assert(value instanceof Uint8Array, 'a bytes column was given another datum');
    return value;
  }
}
