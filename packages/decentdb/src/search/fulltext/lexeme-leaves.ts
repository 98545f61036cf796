/**
 * Columns of postings on their way into the leaves of an empty full text index (tree/sorted-tree-builder.ts).
 *
 * I1  Postings come sorted by column, key and row; the number of a key is one more than that of the key before.
 * I2  All have places, and none is large: lexeme-collector.ts knows.
 */
import { type ByteWriter, unsignedSize } from '../../tree/byte-writer.ts';
import { Charset, Encoding } from '../../tree/encoding.ts';
import { packedBodyBytes, writePackedBody } from '../../tree/int-body.ts';
import { packedBytes, packedWidth, writePacked } from '../../tree/packed-ints.ts';
import { IntRun, type SortedRun } from '../../tree/sorted-run.ts';
import { SortedTreeBuilder } from '../../tree/sorted-tree-builder.ts';
import { isLatin1, latin1Slice, utf8Size } from '../../tree/text-bytes.ts';
import { writeStrings } from '../../tree/text-column.ts';
import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import type { ListKey, ListReader } from './lexeme-collector.ts';
import { statOf } from './lexeme-posting.ts';

/** Postings handed to the builder at once: the last leaf of each time stays as full as it got. */
const BATCH_POSTINGS = 1 << 16;
/** Bytes of a base in a packed body, at most. */
const BASE_BYTES = 5;

/** Hands postings to the builder of a tree that is empty. */
export class LexemeLeaves {
  /** Nothing was in the tree before. */
  readonly isNew: boolean = true;
  private readonly view: WriteView;
  private readonly builder: SortedTreeBuilder;
  private readonly columns: Int32Array = new Int32Array(BATCH_POSTINGS);
  private readonly numbers: Int32Array = new Int32Array(BATCH_POSTINGS);
  private readonly rows: Float64Array = new Float64Array(BATCH_POSTINGS);
  private readonly stats: Int32Array = new Int32Array(BATCH_POSTINGS);
  private readonly offsets: Int32Array = new Int32Array(BATCH_POSTINGS + 1);
  private keys: string[] = [];
  private list: ListKey | null = null;
  private places: Uint8Array = new Uint8Array(BATCH_POSTINGS * 2);
  private used = 0;
  private count = 0;

  constructor(tree: Tree, view: WriteView) {
    this.view = view;
    this.builder = new SortedTreeBuilder(tree, view);
  }

  /** Adds a posting; the reader stands at its places. */
  add(list: ListKey, row: number, size: number, placeCount: number, reader: ListReader): void {
    if (this.count === BATCH_POSTINGS) this.write();
    if (list !== this.list) {
      this.list = list;
      this.keys.push(list.key);
    }
    const at = this.count++;
    this.columns[at] = list.column;
    this.numbers[at] = this.keys.length - 1;
    this.rows[at] = row;
    this.stats[at] = statOf(size, placeCount);
    for (let i = 0; i < placeCount; i++) this.copyPlace(reader);
    this.offsets[at + 1] = this.used;
  }

  private copyPlace(reader: ListReader): void {
    for (;;) {
      if (this.used === this.places.length) {
        const places = new Uint8Array(this.used * 2);
        places.set(this.places);
        this.places = places;
      }
      const byte = reader.byte();
      this.places[this.used++] = byte;
      if (byte < 0x80) return;
    }
  }

  private write(): void {
    const { count, builder } = this;
    if (count > 0) {
      builder.append(
        [
          new IntRun(this.columns.subarray(0, count), 0),
          new KeyRun(this.numbers, this.keys),
          new IntRun(this.rows.subarray(0, count), 1),
          new IntRun(this.stats.subarray(0, count), 0),
          new PlacesRun(this.places, this.offsets),
        ],
        count,
      );
      this.view.relieve();
    }
    this.count = 0;
    this.used = 0;
    this.keys = [];
    this.list = null;
  }

  finish(): void {
    this.write();
    this.builder.finish();
  }
}

/** What a range of keys takes. */
interface KeyTotals {
  units: number;
  utf8: number;
  longest: number;
  isLatin1: boolean;
  last: number;
}

/** Keys by their numbers: a dictionary of those of the leaf. */
class KeyRun implements SortedRun {
  private readonly numbers: Int32Array;
  private readonly keys: readonly string[];
  private first = 0;
  private totals: KeyTotals = { units: 0, utf8: 0, longest: 0, isLatin1: true, last: 0 };
  private saved: KeyTotals = this.totals;

  constructor(numbers: Int32Array, keys: readonly string[]) {
    this.numbers = numbers;
    this.keys = keys;
  }

  start(row: number): void {
    this.first = this.numbers[row]!;
    this.totals = { units: 0, utf8: 0, longest: 0, isLatin1: true, last: this.first - 1 };
    this.addTo(this.first);
  }

  add(_from: number, to: number): void {
    this.addTo(this.numbers[to - 1]!);
  }

  private addTo(number: number): void {
    const { totals, keys } = this;
    while (totals.last < number) {
      const key = keys[++totals.last]!;
      const bytes = utf8Size(key);
      totals.units += key.length;
      totals.utf8 += bytes;
      if (bytes > totals.longest) totals.longest = bytes;
      if (bytes > key.length && !isLatin1(key)) totals.isLatin1 = false;
    }
  }

  save(): void {
    this.saved = { ...this.totals };
  }

  restore(): void {
    this.totals = this.saved;
  }

  size(count: number): number {
    const { units, utf8, longest, last } = this.totals;
    const distinct = last - this.first + 1;
    const texts = packedBodyBytes(distinct, BASE_BYTES, longest) + (this.totals.isLatin1 ? units : utf8);
    return 2 + unsignedSize(distinct) + texts + 1 + packedBytes(count, packedWidth(distinct - 1));
  }

  write(writer: ByteWriter, from: number, to: number): void {
    const { first, keys, numbers } = this;
    const last = numbers[to - 1]!;
    const charset = this.totals.isLatin1 ? Charset.latin1 : Charset.utf8;
    writer.u8(Encoding.textDictionary);
    writer.u8(charset);
    writer.unsigned(last - first + 1);
    writeStrings(writer, keys.slice(first, last + 1), charset);
    const width = packedWidth(last - first);
    writer.u8(width);
    writePacked(writer, numbers.subarray(from, to), 0, to - from, first, width, null);
  }

  datum(row: number): Datum {
    return this.keys[this.numbers[row]!]!;
  }

  repeats(row: number): boolean {
    return this.numbers[row] === this.numbers[row - 1];
  }

  separator(row: number): Datum {
    return this.datum(row);
  }
}

/** Places as bytes one behind the other: those of posting i are `offsets[i] .. offsets[i + 1]`. */
class PlacesRun implements SortedRun {
  private readonly bytes: Uint8Array;
  private readonly offsets: Int32Array;
  private total = 0;
  private longest = 0;
  private shortest = 0;
  private savedTotal = 0;
  private savedLongest = 0;
  private savedShortest = 0;
  private readonly lengths: Int32Array;

  constructor(bytes: Uint8Array, offsets: Int32Array) {
    this.bytes = bytes;
    this.offsets = offsets;
    this.lengths = new Int32Array(offsets.length - 1);
    for (let i = 0; i < this.lengths.length; i++) this.lengths[i] = offsets[i + 1]! - offsets[i]!;
  }

  start(row: number): void {
    this.total = 0;
    this.longest = 0;
    this.shortest = Number.POSITIVE_INFINITY;
    this.add(row, row + 1);
  }

  add(from: number, to: number): void {
    const { lengths } = this;
    for (let i = from; i < to; i++) {
      const length = lengths[i]!;
      if (length > this.longest) this.longest = length;
      if (length < this.shortest) this.shortest = length;
    }
    this.total += this.offsets[to]! - this.offsets[from]!;
  }

  save(): void {
    this.savedTotal = this.total;
    this.savedLongest = this.longest;
    this.savedShortest = this.shortest;
  }

  restore(): void {
    this.total = this.savedTotal;
    this.longest = this.savedLongest;
    this.shortest = this.savedShortest;
  }

  size(count: number): number {
    return 2 + packedBodyBytes(count, BASE_BYTES, this.longest - this.shortest) + this.total;
  }

  write(writer: ByteWriter, from: number, to: number): void {
    writer.u8(Encoding.text);
    writer.u8(Charset.latin1);
    writePackedBody(writer, this.lengths.subarray(from, to), to - from, this.shortest, this.longest, null);
    writer.copy(this.bytes.subarray(this.offsets[from]!, this.offsets[to]!));
  }

  datum(row: number): Datum {
    return latin1Slice(this.bytes, this.offsets[row]!, this.offsets[row + 1]!);
  }

  repeats(row: number): boolean {
    return this.datum(row) === this.datum(row - 1);
  }

  separator(row: number): Datum {
    return this.datum(row);
  }
}
