/**
 * Columns of uuids: 36-character strings in memory, 16 bytes on the page, or codes into a dictionary (foreign keys).
 *
 * I1  Once a column was written as bytes it keeps them beside its strings, through changes and in copies: keys in random order
 *     change each leaf a little at each commit, and turning all of its strings into bytes cost more than all else.
 */
import { assert } from '../base/assert.ts';
import { Physical, type Vector } from '../types/vector.ts';
import { ArrayColumn } from './array-column.ts';
import { type ByteWriter, unsignedSize } from './byte-writer.ts';
import { Encoding } from './encoding.ts';
import { packedBytes, packedWidth, writePacked } from './packed-ints.ts';
import { packUuid, UUID_BYTES } from './uuid-bytes.ts';

/** The bytes of one entry. */
const entry = new Uint8Array(UUID_BYTES);
const SAMPLE_ROWS = 32;
const NIL = '00000000-0000-0000-0000-000000000000';

export class UuidColumn extends ArrayColumn<string> {
  readonly physical: typeof Physical.uuid = Physical.uuid;
  private distinct: Set<string> | null = null;
  /** Whether `distinct` is another column's, too: it is copied before it grows. */
  private isDistinctShared = false;
  /** I1: of row i the bytes from 16 i on, where there are any; there may be room for more rows. */
  private packed: Uint8Array | null = null;

  protected get blank(): string {
    return NIL;
  }

  protected fresh(values: string[]): UuidColumn {
    return new UuidColumn(values);
  }

  protected note(value: string): void {
    assert(typeof value === 'string' && value.length === 36, 'a uuid column was given another datum');
    if (this.distinct === null || this.distinct.has(value)) return;
    if (this.isDistinctShared) this.distinct = new Set(this.distinct);
    this.isDistinctShared = false;
    this.distinct.add(value);
  }

  protected noteRange(from: number, to: number): void {
    for (let i = from; i < to; i++) if (!this.isNull(i)) this.note(this.values[i] as string);
  }

  protected forget(): void {}

  override insert(at: number, count: number, value: unknown): void {
    super.insert(at, count, value);
    this.pack(at, count, 1);
  }

  override insertRange(at: number, count: number, source: Vector, from: number, to: number): void {
    super.insertRange(at, count, source, from, to);
    this.pack(at, count, to - from);
  }

  override remove(from: number, to: number, count: number): void {
    super.remove(from, to, count);
    this.packed?.copyWithin(UUID_BYTES * from, UUID_BYTES * to, UUID_BYTES * count);
  }

  override set(at: number, count: number, value: unknown): void {
    super.set(at, count, value);
    if (this.packed !== null) packUuid(this.values[at] as string, this.packed, UUID_BYTES * at);
  }

  override copy(from: number, to: number, capacity: number): UuidColumn {
    const copy = super.copy(from, to, capacity) as UuidColumn;
    copy.adoptPacked(this, from, to, capacity);
    return copy;
  }

  override clone(count: number, capacity: number): UuidColumn {
    const clone = super.clone(count, capacity) as UuidColumn;
    clone.adoptPacked(this, 0, count, capacity);
    return clone;
  }

  private adoptPacked({ packed }: UuidColumn, from: number, to: number, capacity: number): void {
    if (packed === null || this.packed !== null) return;
    this.packed = new Uint8Array(UUID_BYTES * Math.max(capacity, to - from));
    this.packed.set(packed.subarray(UUID_BYTES * from, UUID_BYTES * to));
  }

  /** `added` of now count + added rows came in at row `at`. */
  private pack(at: number, count: number, added: number): void {
    let { packed } = this;
    if (packed === null) return;
    const end = UUID_BYTES * (count + added);
    if (end > packed.length) {
      const larger = new Uint8Array(end + (end >>> 1));
      larger.set(packed.subarray(0, UUID_BYTES * count));
      packed = larger;
      this.packed = packed;
    }
    if (at < count) packed.copyWithin(UUID_BYTES * (at + added), UUID_BYTES * at, UUID_BYTES * count);
    for (let i = at; i < at + added; i++) packUuid(this.values[i] as string, packed, UUID_BYTES * i);
  }

  private packedRows(count: number): Uint8Array {
    if (this.packed === null) {
      this.packed = new Uint8Array(UUID_BYTES * count);
      for (let i = 0; i < count; i++) packUuid(this.values[i] as string, this.packed, UUID_BYTES * i);
    }
    return this.packed.subarray(0, UUID_BYTES * count);
  }

  bound(count: number): number {
    if (this.nullCount === count) return 1;
    const plain = UUID_BYTES * count;
    const coded = this.distinct === null ? plain : dictionaryBytes(this.distinct.size, count);
    return this.headBound(count) + Math.min(plain, coded);
  }

  tighten(count: number): void {
    if (!this.isLoose) return;
    const wasCoded = this.distinct !== null;
    this.distinct = null;
    this.isDistinctShared = false;
    if (wasCoded || this.looksRepetitive(count)) {
      const distinct = new Set<string>();
      for (let i = 0; i < count; i++) if (!this.isNull(i)) distinct.add(this.values[i] as string);
      if (dictionaryBytes(distinct.size, count) < UUID_BYTES * count) this.distinct = distinct;
    }
    this.isLoose = false;
    this.drift = 0;
  }

  protected override adoptTotals(source: UuidColumn): void {
    this.distinct = source.distinct;
    this.isDistinctShared = true;
  }

  write(writer: ByteWriter, count: number): void {
    this.prepare(count);
    if (this.nullCount === count) {
      this.writeHead(writer, Encoding.allNull, count);
      return;
    }
    const { distinct } = this;
    if (distinct === null || dictionaryBytes(distinct.size, count) > UUID_BYTES * count) {
      this.writeHead(writer, Encoding.uuids, count);
      writer.copy(this.packedRows(count));
      return;
    }
    this.writeHead(writer, Encoding.uuidDictionary, count);
    const entries = [...distinct];
    const codes = new Map<string, number>();
    writer.unsigned(entries.length);
    for (let i = 0; i < entries.length; i++) {
      codes.set(entries[i]!, i);
      packUuid(entries[i]!, entry, 0);
      writer.copy(entry);
    }
    const width = packedWidth(Math.max(entries.length - 1, 0));
    writer.u8(width);
    const coded = new Int32Array(count);
    for (let i = 0; i < count; i++) coded[i] = codes.get(this.values[i] as string) ?? 0;
    writePacked(writer, coded, 0, count, 0, width, null);
  }

  memoryBytes(): number {
    return 120 + this.values.length * 64 + (this.packed?.length ?? 0) + this.headsMemoryBytes();
  }

  private looksRepetitive(count: number): boolean {
    if (count < 4) return false;
    const rows = Math.min(count, SAMPLE_ROWS);
    const sample = new Set<string>();
    for (let i = 0; i < rows; i++) sample.add(this.values[Math.floor((i * count) / rows)] as string);
    return sample.size <= rows / 2;
  }
}

function dictionaryBytes(size: number, count: number): number {
  return 1 + unsignedSize(size) + size * UUID_BYTES + packedBytes(count, packedWidth(Math.max(size - 1, 0)));
}
