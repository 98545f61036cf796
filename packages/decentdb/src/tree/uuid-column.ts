/**
 * Columns of uuids: 36-character strings in memory, 16 bytes on the page, or codes into a dictionary (foreign keys).
 */
import { assert } from '../base/assert.ts';
import { Physical } from '../types/vector.ts';
import { ArrayColumn } from './array-column.ts';
import { type ByteWriter, unsignedSize } from './byte-writer.ts';
import { Encoding } from './encoding.ts';
import { packedBytes, packedWidth, writePacked } from './packed-ints.ts';

const SAMPLE_ROWS = 32;
const UUID_BYTES = 16;
const NIL = '00000000-0000-0000-0000-000000000000';
const HEX: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));
/** Where in the text each byte's two digits stand. */
const DIGITS_AT: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

export class UuidColumn extends ArrayColumn<string> {
  readonly physical: typeof Physical.uuid = Physical.uuid;
  private distinct: Set<string> | null = null;

  protected get blank(): string {
    return NIL;
  }

  protected fresh(values: string[]): UuidColumn {
    return new UuidColumn(values);
  }

  protected note(value: string): void {
    assert(typeof value === 'string' && value.length === 36, 'a uuid column was given another datum');
    this.distinct?.add(value);
  }

  protected noteRange(from: number, to: number): void {
    for (let i = from; i < to; i++) if (!this.isNull(i)) this.note(this.values[i] as string);
  }

  protected forget(): void {}

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
    if (wasCoded || this.looksRepetitive(count)) {
      const distinct = new Set<string>();
      for (let i = 0; i < count; i++) if (!this.isNull(i)) distinct.add(this.values[i] as string);
      if (dictionaryBytes(distinct.size, count) < UUID_BYTES * count) this.distinct = distinct;
    }
    this.isLoose = false;
    this.drift = 0;
  }

  protected override adoptTotals(source: UuidColumn): void {
    this.distinct = source.distinct && new Set(source.distinct);
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
      for (let i = 0; i < count; i++) writeUuid(writer, this.values[i] as string);
      return;
    }
    this.writeHead(writer, Encoding.uuidDictionary, count);
    const entries = [...distinct];
    const codes = new Map<string, number>();
    writer.unsigned(entries.length);
    for (let i = 0; i < entries.length; i++) {
      codes.set(entries[i]!, i);
      writeUuid(writer, entries[i]!);
    }
    const width = packedWidth(Math.max(entries.length - 1, 0));
    writer.u8(width);
    const coded = new Int32Array(count);
    for (let i = 0; i < count; i++) coded[i] = codes.get(this.values[i] as string) ?? 0;
    writePacked(writer, coded, 0, count, 0, width, null);
  }

  memoryBytes(): number {
    return 120 + this.values.length * 64;
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

function writeUuid(writer: ByteWriter, text: string): void {
  for (let i = 0; i < UUID_BYTES; i++) {
    const at = DIGITS_AT[i]!;
    writer.u8((digit(text.charCodeAt(at)) << 4) | digit(text.charCodeAt(at + 1)));
  }
}

/** Value of a hexadecimal digit in lower case. */
function digit(unit: number): number {
  return unit < 58 ? unit - 48 : unit - 87;
}

/** The text form of 16 bytes. */
export function uuidText(bytes: Uint8Array, at: number): string {
  let text = '';
  for (let i = 0; i < UUID_BYTES; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX[bytes[at + i]!];
  }
  return text;
}
