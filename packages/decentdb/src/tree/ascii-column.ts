/**
 * Text of ASCII characters on its way into leaves: all of it is written to bytes once, and leaves copy their share.
 *
 * I1  As leaf-block.ts says; NULLs take no characters, whatever stands under them.
 */
import { assert } from '../base/assert.ts';
import type { NullMask, Vector } from '../types/vector.ts';
import type { ByteWriter } from './byte-writer.ts';
import { writeBitmap } from './column.ts';
import { Charset, Encoding, HAS_NULLS } from './encoding.ts';
import { packedBodyBytes, writePackedBody } from './int-body.ts';
import { countNulls, type LeafColumn } from './leaf-block.ts';
import { asciiRun, keptAsciiRun, latin1Write } from './text-bytes.ts';

/** One look at all texts: plain characters are written once for all leaves. Null: there are others. */
export function asciiColumn(any: LeafColumn, vector: Vector, from: number, to: number): LeafColumn | null {
  const given = vector.values as readonly string[];
  const { nulls } = vector;
  const texts = new Array<string>(to - from);
  for (let i = from; i < to; i++) texts[i - from] = nulls !== null && nulls[i] !== 0 ? '' : given[i]!;
  const run = keptRun(given, texts, from, to) ?? asciiRun(texts, false);
  return run === null ? null : new AsciiColumn(any, texts, nulls, from, run);
}

/**
 * What an application's array was found to be, from row `from` on, where it still is that: `texts` are its rows from..to. Null where
 * lengths do not add up: a NULL hides a text, or the array has changed.
 */
function keptRun(
  given: readonly string[],
  texts: readonly string[],
  from: number,
  to: number,
): string | null {
  const kept = keptAsciiRun(given);
  if (kept === null) return null;
  const before = charactersOf(given, 0, from);
  const all = before + charactersOf(texts, 0, texts.length) + charactersOf(given, to, given.length);
  return all === kept.length ? kept.slice(before) : null;
}

/** Of texts that an application gave: their NULLs stand there as such. */
function charactersOf(texts: readonly (string | null)[], from: number, to: number): number {
  let characters = 0;
  for (let i = from; i < to; i++) characters += texts[i]?.length ?? 0;
  return characters;
}

/** Text of ASCII characters, all of it as bytes; leaves where values repeat go the way of any column. */
class AsciiColumn implements LeafColumn {
  private readonly any: LeafColumn;
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
  constructor(any: LeafColumn, texts: readonly string[], nulls: NullMask, first: number, run: string) {
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
  // Texts of other lengths or ends differ: that costs less to see than the texts.
  if (distinctOf(texts, from, count, rows, endsOf) > rows / 2) return false;
  return distinctOf(texts, from, count, rows, (text) => text) <= rows / 2;
}

function distinctOf(
  texts: readonly string[],
  from: number,
  count: number,
  rows: number,
  of: (text: string) => string | number,
): number {
  const sample = new Set<string | number>();
  for (let i = 0; i < rows; i++) sample.add(of(texts[from + Math.floor((i * count) / rows)]!));
  return sample.size;
}

function endsOf(text: string): number {
  const { length } = text;
  return length === 0 ? 0 : (length << 16) | (text.charCodeAt(0) << 8) | text.charCodeAt(length - 1);
}
