/**
 * Text of ASCII characters on its way into leaves: all of it is written to bytes once, and leaves copy their share.
 *
 * I1  As leaf-block.ts says; NULLs take no characters, whatever stands under them.
 */
import type { NullMask, Vector } from '../types/vector.ts';
import type { ArrayArena } from './array-arena.ts';
import type { ByteWriter } from './byte-writer.ts';
import { writeBitmap } from './column.ts';
import { Charset, Encoding, HAS_NULLS } from './encoding.ts';
import { packedBodyBytes, writePackedBody } from './int-body.ts';
import { countNulls, type LeafColumn } from './leaf-block.ts';
import { type AsciiRun, asciiRun, keptAsciiRun, latin1Write } from './text-bytes.ts';

/** One look at all texts: plain characters are written once for all leaves. Null: there are others. */
export function asciiColumn(
  any: LeafColumn,
  vector: Vector,
  from: number,
  to: number,
  memory: ArrayArena,
): LeafColumn | null {
  const given = vector.values as readonly string[];
  const { nulls } = vector;
  const lengths = memory.int32s(to - from);
  const starts = memory.int32s(to - from + 1);
  let end = 0;
  for (let i = from; i < to; i++) {
    const length = nulls !== null && nulls[i] !== 0 ? 0 : given[i]!.length;
    lengths[i - from] = length;
    starts[i - from] = end;
    end += length;
  }
  starts[to - from] = end;
  const bytes =
    bytesOfKept(given, from, to, end, memory) ??
    bytesOfRun(asciiRun(shownTexts(given, nulls, from, to), false), 0, memory);
  return bytes === null ? null : new AsciiColumn(any, given, nulls, from, { lengths, starts, bytes });
}

/** Rows from..to, '' for NULL. */
function shownTexts(given: readonly string[], nulls: NullMask, from: number, to: number): readonly string[] {
  const texts = given.slice(from, to);
  if (nulls !== null) for (let i = from; i < to; i++) if (nulls[i] !== 0) texts[i - from] = '';
  return texts;
}

/**
 * The characters of an application's array that is known as ASCII, from row `from` on, where it still is what it was: its rows
 * from..to show `characters`. Null where lengths do not add up: a NULL hides a text, or the array has changed.
 */
function bytesOfKept(
  given: readonly string[],
  from: number,
  to: number,
  characters: number,
  memory: ArrayArena,
): Uint8Array | null {
  const kept = keptAsciiRun(given);
  if (kept === null) return null;
  const before = charactersOf(given, 0, from);
  const all = before + characters + charactersOf(given, to, given.length);
  return all === charactersOf(kept, 0, kept.length) ? bytesOfRun(kept, before, memory) : null;
}

/** The characters of a run behind the first ones. */
function bytesOfRun(run: AsciiRun | null, before: number, memory: ArrayArena): Uint8Array | null {
  if (run === null) return null;
  const bytes = memory.uint8s(charactersOf(run, 0, run.length) - before);
  let at = -before;
  for (const piece of run) {
    if (at >= 0) latin1Write(bytes, piece, at);
    else if (at + piece.length > 0) latin1Write(bytes, piece.slice(-at), 0);
    at += piece.length;
  }
  return bytes;
}

/** Of texts, where NULLs may stand as such. */
function charactersOf(texts: readonly (string | null)[], from: number, to: number): number {
  let characters = 0;
  for (let i = from; i < to; i++) characters += texts[i]?.length ?? 0;
  return characters;
}

/** Texts from row `first` of a column on; NULLs take no characters. */
interface PlacedTexts {
  readonly lengths: Int32Array;
  /** Where each text begins among the bytes; the last one is the end of all. */
  readonly starts: Int32Array;
  readonly bytes: Uint8Array;
}

/** Text of ASCII characters, all of it as bytes; leaves where values repeat go the way of any column. */
class AsciiColumn implements LeafColumn {
  private readonly any: LeafColumn;
  /** What was given, also for rows before `first`; anything may stand for NULL. */
  private readonly given: readonly string[];
  private readonly nulls: NullMask;
  private readonly first: number;
  private readonly lengths: Int32Array;
  private readonly starts: Int32Array;
  private readonly bytes: Uint8Array;
  /** Rows measured last, less `first`. */
  private from = 0;
  private to = 0;
  private shortest = 0;
  private longest = 0;
  private nullCount = 0;
  private isPlain = true;

  constructor(
    any: LeafColumn,
    given: readonly string[],
    nulls: NullMask,
    first: number,
    { lengths, starts, bytes }: PlacedTexts,
  ) {
    this.any = any;
    this.given = given;
    this.nulls = nulls;
    this.first = first;
    this.lengths = lengths;
    this.starts = starts;
    this.bytes = bytes;
  }

  measure(from: number, to: number): number {
    this.from = from - this.first;
    this.to = to - this.first;
    const count = to - from;
    this.nullCount = countNulls(this.nulls, from, to);
    this.isPlain = this.nullCount < count && !this.looksRepetitive();
    if (!this.isPlain) return this.any.measure(from, to);
    this.measureLengths();
    const head = this.nullCount === 0 ? 2 : 2 + ((count + 7) >>> 3);
    return head + packedBodyBytes(count, 5, this.longest) + this.starts[this.to]! - this.starts[this.from]!;
  }

  private measureLengths(): void {
    const { lengths, from, to } = this;
    let longest = 0;
    let shortest = Number.POSITIVE_INFINITY;
    for (let i = from; i < to; i++) {
      const length = lengths[i]!;
      if (length > longest) longest = length;
      if (length < shortest) shortest = length;
    }
    this.longest = longest;
    this.shortest = shortest;
  }

  write(writer: ByteWriter): void {
    if (!this.isPlain) {
      this.any.write(writer);
      return;
    }
    const { from, to, first, starts, lengths } = this;
    if (this.nullCount === 0) writer.u8(Encoding.text);
    else {
      writer.u8(Encoding.text | HAS_NULLS);
      writeBitmap(writer, this.nulls!.subarray(first + from, first + to), to - from);
    }
    writer.u8(Charset.latin1);
    writePackedBody(writer, lengths.subarray(from, to), to - from, this.shortest, this.longest, null);
    writer.copy(this.bytes.subarray(starts[from]!, starts[to]!));
  }

  /** Whether a dictionary has a chance (text-column.ts looks closer): half of some texts say what others have said. */
  private looksRepetitive(): boolean {
    const { from, to } = this;
    const count = to - from;
    if (count < 4) return false;
    const rows = Math.min(count, SAMPLE_ROWS);
    // Texts of other lengths or ends differ: that costs less to see than the texts.
    if (this.differentEnds(rows) > rows / 2) return false;
    const sample = new Set<string>();
    for (let i = 0; i < rows; i++) sample.add(this.shown(from + Math.floor((i * count) / rows)));
    return sample.size <= rows / 2;
  }

  private shown(row: number): string {
    const { given, nulls, first } = this;
    return nulls !== null && nulls[first + row] !== 0 ? '' : given[first + row]!;
  }

  /** How many lengths, first and last characters there are among so many texts. */
  private differentEnds(rows: number): number {
    const { from, to, bytes, starts } = this;
    const count = to - from;
    endsSeen.fill(-1);
    let different = 0;
    for (let i = 0; i < rows; i++) {
      const row = from + Math.floor((i * count) / rows);
      const start = starts[row]!;
      const end = starts[row + 1]!;
      const ends =
        start === end ? 0 : (((end - start) & 0x7fff) << 16) | (bytes[start]! << 8) | bytes[end - 1]!;
      let slot = Math.imul(ends, 0x9e3779b1) >>> SLOT_SHIFT;
      while (endsSeen[slot] !== -1 && endsSeen[slot] !== ends) slot = (slot + 1) & (endsSeen.length - 1);
      if (endsSeen[slot] === ends) continue;
      endsSeen[slot] = ends;
      different++;
    }
    return different;
  }
}

/** Texts looked at to see whether values repeat. */
const SAMPLE_ROWS = 32;
/** Ends met in a sample, in a table of hashes: at most half full. */
const endsSeen: Int32Array = new Int32Array(2 * SAMPLE_ROWS);
const SLOT_SHIFT = Math.clz32(2 * SAMPLE_ROWS - 1);
