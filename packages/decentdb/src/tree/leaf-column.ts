/**
 * Columns of sorted rows on their way into leaves that are written once: what a range of rows takes at most, and its block.
 *
 * I1  `write` writes the rows measured last, in at most as many bytes as `measure` said.
 * I2  A block reads back as what a column changed row by row would have written, and leaves as much room: who changes the leaf
 *     later finds its bound within the page (tree-node.ts I3).
 */
import { assert } from '../base/assert.ts';
import type { ColumnSpec, NullMask, Vector } from '../types/vector.ts';
import { Physical } from '../types/vector.ts';
import type { ByteWriter } from './byte-writer.ts';
import { type Column, writeBitmap } from './column.ts';
import { newColumn } from './column-decoder.ts';
import { Charset, Encoding, HAS_NULLS } from './encoding.ts';
import { FloatColumn } from './float-column.ts';
import { packedBodyBytes, writePackedBody } from './int-body.ts';
import { IntColumn } from './int-column.ts';
import { asciiRun, keptAsciiRun, latin1Write } from './text-bytes.ts';

export interface LeafColumn {
  /** An upper bound of the bytes of the block of rows from..to. */
  measure(from: number, to: number): number;
  write(writer: ByteWriter): void;
}

/** The rows from..to of a vector; all ranges measured lie within. */
export function leafColumn(
  spec: ColumnSpec,
  vector: Vector,
  from: number,
  to: number,
  isSorted: boolean,
): LeafColumn {
  const isPlainText = spec.physical === Physical.text && !isSorted;
  return (isPlainText ? asciiColumn(spec, vector, from, to) : null) ?? new AnyColumn(spec, vector, isSorted);
}

/** One look at all texts: plain characters are written once for all leaves. Null: there are others. */
function asciiColumn(spec: ColumnSpec, vector: Vector, from: number, to: number): AsciiColumn | null {
  const given = vector.values as readonly string[];
  const { nulls } = vector;
  const texts = new Array<string>(to - from);
  for (let i = from; i < to; i++) texts[i - from] = nulls !== null && nulls[i] !== 0 ? '' : given[i]!;
  const kept = keptAsciiRun(given);
  const run = kept === null ? asciiRun(texts, false) : kept.slice(charactersBefore(given, from));
  return run === null ? null : new AsciiColumn(new AnyColumn(spec, vector, false), texts, nulls, from, run);
}

/** Of texts that an application gave: their NULLs stand there as such. */
function charactersBefore(texts: readonly (string | null)[], row: number): number {
  let characters = 0;
  for (let i = 0; i < row; i++) characters += texts[i]?.length ?? 0;
  return characters;
}

/** By the column class of its kind. */
class AnyColumn implements LeafColumn {
  private readonly spec: ColumnSpec;
  private readonly vector: Vector;
  private readonly isSorted: boolean;
  private column: Column | null = null;
  private count = 0;

  constructor(spec: ColumnSpec, vector: Vector, isSorted: boolean) {
    this.spec = spec;
    this.vector = vector;
    this.isSorted = isSorted;
  }

  measure(from: number, to: number): number {
    const column = this.columnOf(from, to);
    this.count = to - from;
    this.column = column;
    column.tighten(this.count);
    return column.bound(this.count);
  }

  write(writer: ByteWriter): void {
    this.column!.write(writer, this.count);
  }

  /** Numbers are looked at where they lie. */
  private columnOf(from: number, to: number): Column {
    const { spec, vector } = this;
    switch (vector.physical) {
      case Physical.bool:
      case Physical.int32:
      case Physical.int64: {
        const column = new IntColumn(vector.physical, vector.values.subarray(from, to));
        return withNulls(column, vector, from, to);
      }
      case Physical.float64:
        return withNulls(new FloatColumn(vector.values.subarray(from, to)), vector, from, to);
      default: {
        const column = newColumn(spec, to - from, this.isSorted);
        column.insertRange(0, 0, vector, from, to);
        return column;
      }
    }
  }
}

function withNulls(column: Column, { nulls }: Vector, from: number, to: number): Column {
  const count = countNulls(nulls, from, to);
  if (count === 0) return column;
  column.nulls = nulls!.subarray(from, to);
  column.nullCount = count;
  return column;
}

function countNulls(nulls: NullMask, from: number, to: number): number {
  let count = 0;
  if (nulls !== null) for (let i = from; i < to; i++) count += nulls[i]!;
  return count;
}

/** Text of ASCII characters, all of it as bytes; leaves where values repeat go the way of any column. */
class AsciiColumn implements LeafColumn {
  private readonly any: AnyColumn;
  /** From row `first` on, '' for NULL. */
  private readonly texts: readonly string[];
  private readonly nulls: NullMask;
  private readonly first: number;
  private readonly lengths: Int32Array;
  private readonly bytes: Uint8Array;
  /** Rows measured last, and where their bytes begin: ranges begin where the last one began or ended. */
  private from: number;
  private to: number;
  private start = 0;
  private size = 0;
  private shortest = 0;
  private longest = 0;
  private nullCount = 0;
  private isPlain = true;

  /** `run` begins with the characters of row `first`. */
  constructor(any: AnyColumn, texts: readonly string[], nulls: NullMask, first: number, run: string) {
    this.any = any;
    this.texts = texts;
    this.nulls = nulls;
    this.first = first;
    this.from = first;
    this.to = first;
    const lengths = new Int32Array(texts.length);
    for (let i = 0; i < texts.length; i++) lengths[i] = texts[i]!.length;
    this.lengths = lengths;
    this.bytes = new Uint8Array(run.length);
    latin1Write(this.bytes, run, 0);
  }

  measure(from: number, to: number): number {
    if (from === this.to) this.start += this.size;
    else assert(from === this.from, 'rows are measured from where the last leaf ended');
    this.from = from;
    this.to = to;
    const count = to - from;
    this.addUp(from, to);
    this.nullCount = countNulls(this.nulls, from, to);
    this.isPlain = this.nullCount < count && !looksRepetitive(this.texts, from - this.first, to - this.first);
    if (!this.isPlain) return this.any.measure(from, to);
    const head = this.nullCount === 0 ? 2 : 2 + ((count + 7) >>> 3);
    return head + packedBodyBytes(count, 5, this.longest) + this.size;
  }

  private addUp(from: number, to: number): void {
    const { lengths, first } = this;
    let size = 0;
    let longest = 0;
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = from - first; i < to - first; i++) {
      const length = lengths[i]!;
      size += length;
      if (length > longest) longest = length;
      if (length < shortest) shortest = length;
    }
    this.size = size;
    this.longest = longest;
    this.shortest = shortest;
  }

  write(writer: ByteWriter): void {
    if (!this.isPlain) {
      this.any.write(writer);
      return;
    }
    const { from, to, first, start, size, lengths } = this;
    if (this.nullCount === 0) writer.u8(Encoding.text);
    else {
      writer.u8(Encoding.text | HAS_NULLS);
      writeBitmap(writer, this.nulls!.subarray(from, to), to - from);
    }
    writer.u8(Charset.latin1);
    const own = lengths.subarray(from - first, to - first);
    writePackedBody(writer, own, to - from, this.shortest, this.longest, null);
    writer.copy(this.bytes.subarray(start, start + size));
  }
}

/** Texts looked at to see whether values repeat. */
const SAMPLE_ROWS = 32;

/** Whether a dictionary has a chance (text-column.ts looks closer). */
function looksRepetitive(texts: readonly string[], from: number, to: number): boolean {
  const count = to - from;
  if (count < 4) return false;
  const rows = Math.min(count, SAMPLE_ROWS);
  const sample = new Set<string>();
  for (let i = 0; i < rows; i++) sample.add(texts[from + Math.floor((i * count) / rows)]!);
  return sample.size <= rows / 2;
}
