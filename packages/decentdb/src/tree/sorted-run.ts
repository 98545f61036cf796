/**
 * Columns of sorted rows on their way into leaves: what a range of rows would take there, and its bytes.
 *
 * Measuring goes forwards: `start` at a leaf's first row, `add` the rows that follow, `size` what they take; `save` and
 * `restore` take back one `add`.
 *
 * I1  `write` writes at most what `size` said for the same rows, in the form that `size` chose.
 * I2  What is written reads back through column-decoder.ts as the same values.
 */
import type { Datum } from '../types/vector.ts';
import { type ByteWriter, unsignedSize } from './byte-writer.ts';
import { DeltaHistogram } from './delta-histogram.ts';
import { Charset, Encoding } from './encoding.ts';
import { packedBodyBytes, writeDeltaBody, writePackedBody } from './int-body.ts';
import { ROWS_MAX } from './node-schema.ts';
import { type IntArray, packedBytes, packedWidth, writePacked } from './packed-ints.ts';
import { latin1Slice } from './text-bytes.ts';

export interface SortedRun {
  start(row: number): void;
  /** Rows from..to join the leaf, behind those that are in it. */
  add(from: number, to: number): void;
  save(): void;
  restore(): void;
  /** Bytes of the column's block for the `count` rows measured. */
  size(count: number): number;
  write(writer: ByteWriter, from: number, to: number): void;
  datum(row: number): Datum;
  /** Whether a row that is not the first has the value of the row before. */
  repeats(row: number): boolean;
  /** The shortest value behind that of the row before, and not behind the row's own; only where it does not repeat. */
  separator(row: number): Datum;
}

/** Bytes of a base in a packed body, at most. */
const BASE_BYTES = 8;
/** Leaves for which deltas are not measured, after one where they took more by far. */
const LEAVES_UNMEASURED = 15;

/** Safe integers: packed, or as deltas. */
export class IntRun implements SortedRun {
  private readonly values: Float64Array | Int32Array;
  private readonly deltas: DeltaHistogram;
  private min = 0;
  private max = 0;
  private savedMin = 0;
  private savedMax = 0;
  private isPacked = true;
  /** What the leaf takes as deltas; infinity where they are not measured. */
  private deltaBytes = 0;
  private packedBytes = 0;
  private isMeasured = true;
  /** Leaves to come whose deltas are not measured. */
  private unmeasured = 0;

  /** `step`: the smallest delta expected. */
  constructor(values: Float64Array | Int32Array, step: 0 | 1) {
    this.values = values;
    this.deltas = new DeltaHistogram(step);
  }

  start(row: number): void {
    this.min = this.values[row]!;
    this.max = this.min;
    this.isMeasured = this.unmeasured === 0;
    if (this.isMeasured) this.deltas.start(this.min);
    else this.unmeasured--;
  }

  add(from: number, to: number): void {
    const { values } = this;
    let { min, max } = this;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (value < min) min = value;
      else if (value > max) max = value;
    }
    this.min = min;
    this.max = max;
    if (this.isMeasured) this.deltas.add(values, from, to);
  }

  save(): void {
    this.savedMin = this.min;
    this.savedMax = this.max;
    this.deltas.save();
  }

  restore(): void {
    this.min = this.savedMin;
    this.max = this.savedMax;
    this.deltas.restore();
  }

  size(count: number): number {
    const packed = packedBodyBytes(count, BASE_BYTES, this.max - this.min);
    const deltas = this.isMeasured ? this.deltas.choose(count) : Number.POSITIVE_INFINITY;
    this.packedBytes = packed;
    this.deltaBytes = deltas;
    this.isPacked = packed <= deltas;
    return 1 + (this.isPacked ? packed : deltas);
  }

  write(writer: ByteWriter, from: number, to: number): void {
    const values: IntArray = this.values.subarray(from, to);
    writer.u8(Encoding.ints);
    if (this.isPacked) {
      writePackedBody(writer, values, to - from, this.min, this.max, null);
      if (this.isMeasured && this.deltaBytes > this.packedBytes * 1.25) this.unmeasured = LEAVES_UNMEASURED;
      return;
    }
    const { step, width, exceptionCount } = this.deltas;
    writeDeltaBody(writer, values, to - from, step, width, exceptionCount);
  }

  datum(row: number): Datum {
    return this.values[row]!;
  }

  repeats(row: number): boolean {
    return this.values[row] === this.values[row - 1];
  }

  separator(row: number): Datum {
    return this.values[row]!;
  }
}

/** Latin-1 texts as bytes one behind the other: text i is `offsets[i] .. offsets[i + 1]`. */
export interface TextBytes {
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
}

/** Of the leaf being written: what its texts share with the one before, and the rest's length. */
const sharedScratch = new Int32Array(ROWS_MAX);
const restScratch = new Int32Array(ROWS_MAX);

/** What a range of texts takes, front-coded and as a dictionary. */
interface TextTotals {
  /** Most characters shared with the text before. */
  sharedMax: number;
  /** The rest of a text after what it shares. */
  restMin: number;
  restMax: number;
  restTotal: number;
  distinct: number;
  distinctTotal: number;
  longest: number;
}

/** Texts: front-coded, or as a dictionary where they repeat. */
export class TextRun implements SortedRun {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly offsets: Int32Array;
  private readonly order: Int32Array;
  /** Per row, how many characters it shares with the row before. */
  private readonly shared: Int32Array;
  private readonly now: TextTotals = noTexts();
  private readonly saved: TextTotals = noTexts();
  private isDictionary = false;

  /**
   * Row i is text `order[i]`; neighbours that lie near each other in memory are taken faster. `shared` is the run's, with room
   * for a number a row.
   */
  constructor(texts: TextBytes, order: Int32Array, shared: Int32Array) {
    this.bytes = texts.bytes;
    this.view = viewOf(texts.bytes);
    this.offsets = texts.offsets;
    this.order = order;
    this.shared = shared;
    measureShared(this.view, texts.offsets, order, shared);
  }

  start(row: number): void {
    const length = this.lengthOf(row);
    const { now } = this;
    now.sharedMax = 0;
    now.restMin = length;
    now.restMax = length;
    now.restTotal = length;
    now.distinct = 1;
    now.distinctTotal = length;
    now.longest = length;
  }

  add(from: number, to: number): void {
    const { now, shared, offsets, order } = this;
    for (let i = from; i < to; i++) {
      const text = order[i]!;
      const length = offsets[text + 1]! - offsets[text]!;
      const common = shared[i]!;
      const rest = length - common;
      if (common > now.sharedMax) now.sharedMax = common;
      if (rest < now.restMin) now.restMin = rest;
      if (rest > now.restMax) now.restMax = rest;
      now.restTotal += rest;
      // The texts ascend: one that adds nothing to the one before is equal to it.
      if (rest === 0) continue;
      now.distinct++;
      now.distinctTotal += length;
      if (length > now.longest) now.longest = length;
    }
  }

  save(): void {
    Object.assign(this.saved, this.now);
  }

  restore(): void {
    Object.assign(this.now, this.saved);
  }

  size(count: number): number {
    const { now } = this;
    const front =
      packedBodyBytes(count, BASE_BYTES, now.sharedMax) +
      packedBodyBytes(count, BASE_BYTES, now.restMax - now.restMin) +
      now.restTotal;
    const dictionary =
      unsignedSize(now.distinct) +
      packedBodyBytes(now.distinct, BASE_BYTES, now.longest) +
      now.distinctTotal +
      1 +
      packedBytes(count, packedWidth(now.distinct - 1));
    this.isDictionary = dictionary < front;
    return 2 + (this.isDictionary ? dictionary : front);
  }

  write(writer: ByteWriter, from: number, to: number): void {
    writer.u8(this.isDictionary ? Encoding.textDictionary : Encoding.frontCoded);
    writer.u8(Charset.latin1);
    if (this.isDictionary) this.writeDictionary(writer, from, to);
    else this.writeFrontCoded(writer, from, to);
  }

  datum(row: number): Datum {
    return this.textOf(row, this.lengthOf(row));
  }

  repeats(row: number): boolean {
    return this.shared[row] === this.lengthOf(row);
  }

  separator(row: number): Datum {
    return this.textOf(row, this.shared[row]! + 1);
  }

  private writeFrontCoded(writer: ByteWriter, from: number, to: number): void {
    const count = to - from;
    const { now, offsets, order, view } = this;
    const [shared, rests] = [sharedScratch, restScratch];
    shared[0] = 0;
    for (let i = 1; i < count; i++) shared[i] = this.shared[from + i]!;
    writePackedBody(writer, shared, count, 0, now.sharedMax, null);
    for (let i = 0; i < count; i++) {
      const text = order[from + i]!;
      rests[i] = offsets[text + 1]! - offsets[text]! - shared[i]!;
    }
    writePackedBody(writer, rests, count, now.restMin, now.restMax, null);
    const target = writer.view;
    let { at } = writer;
    for (let i = 0; i < count; i++) {
      const start = offsets[order[from + i]!]! + shared[i]!;
      const end = start + rests[i]!;
      // Past the page's end nothing is kept, and the writer's owner finds out.
      if (at + end - start > target.byteLength) at += end - start;
      else at = copyBytes(view, start, end, target, at);
    }
    writer.at = at;
  }

  private writeDictionary(writer: ByteWriter, from: number, to: number): void {
    const { now } = this;
    const firsts = new Int32Array(now.distinct);
    const codes = new Int32Array(to - from);
    let size = 0;
    for (let i = from; i < to; i++) {
      if (i === from || !this.repeats(i)) firsts[size++] = i;
      codes[i - from] = size - 1;
    }
    const lengths = firsts.map((row) => this.lengthOf(row));
    let shortest = now.longest;
    for (const length of lengths) if (length < shortest) shortest = length;
    writer.unsigned(size);
    writePackedBody(writer, lengths, size, shortest, now.longest, null);
    for (const row of firsts) this.copyText(writer, row, 0);
    const width = packedWidth(size - 1);
    writer.u8(width);
    writePacked(writer, codes, 0, codes.length, 0, width, null);
  }

  /** Appends a text without its first `skip` characters. */
  private copyText(writer: ByteWriter, row: number, skip: number): void {
    const { bytes, offsets } = this;
    const text = this.order[row]!;
    const end = offsets[text + 1]!;
    const target = writer.bytes;
    let { at } = writer;
    // Past the page's end nothing is kept, and the writer's owner finds out.
    for (let i = offsets[text]! + skip; i < end; i++) target[at++] = bytes[i]!;
    writer.at = at;
  }

  private lengthOf(row: number): number {
    const text = this.order[row]!;
    return this.offsets[text + 1]! - this.offsets[text]!;
  }

  private textOf(row: number, length: number): string {
    const start = this.offsets[this.order[row]!]!;
    return latin1Slice(this.bytes, start, start + length);
  }
}

function noTexts(): TextTotals {
  return {
    sharedMax: 0,
    restMin: 0,
    restMax: 0,
    restTotal: 0,
    distinct: 0,
    distinctTotal: 0,
    longest: 0,
  };
}

/** Sets `shared`: per row, how many characters it has in common with the row before; 0 for the first. */
function measureShared(view: DataView, offsets: Int32Array, order: Int32Array, shared: Int32Array): void {
  shared[0] = 0;
  for (let i = 1; i < order.length; i++) {
    const before = order[i - 1]!;
    const text = order[i]!;
    const start = offsets[text]!;
    let a = offsets[before]!;
    let b = start;
    const end = b + Math.min(offsets[before + 1]! - a, offsets[text + 1]! - b);
    // Four characters at once, then those that are left.
    let differ = 0;
    while (b + 4 <= end) {
      differ = view.getInt32(a, true) ^ view.getInt32(b, true);
      if (differ !== 0) break;
      a += 4;
      b += 4;
    }
    if (differ !== 0) b += (31 - Math.clz32(differ & -differ)) >>> 3;
    else
      while (b < end && view.getUint8(a) === view.getUint8(b)) {
        a++;
        b++;
      }
    shared[i] = b - start;
  }
}

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** Copies bytes from..to, and nothing more; returns where they end in the target. For a few: `set` costs as much as some hundred. */
export function copyBytes(source: DataView, from: number, to: number, target: DataView, at: number): number {
  let i = from;
  let end = at;
  for (; i + 4 <= to; i += 4, end += 4) target.setInt32(end, source.getInt32(i, true), true);
  for (; i < to; i++) target.setUint8(end++, source.getUint8(i));
  return end;
}
