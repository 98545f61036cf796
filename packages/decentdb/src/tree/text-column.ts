/**
 * Columns of text.
 *
 * Sizes are kept exact while the column changes; forms beyond plain text (a dictionary, front coding of sorted text) are
 * found by `tighten` and then followed, as int-sizer.ts does for integers.
 *
 * I1  `chars` and `utf8` are the totals over present inline values; a page is Latin-1 when every value is.
 *     Rows appended one by one are `pending` first: counted at three bytes a unit, looked at together when it matters.
 * I2  Front coding only for columns created as sorted (the first key column), and only while Latin-1, where offsets in
 *     bytes and characters agree.
 */
import { assert, verifyEnabled } from '../base/assert.ts';
import { Physical, type Vector } from '../types/vector.ts';
import { ArrayColumn } from './array-column.ts';
import { type ByteWriter, unsignedSize } from './byte-writer.ts';
import { Charset, Encoding } from './encoding.ts';
import { packedBodyBytes, writePackedBody } from './int-body.ts';
import type { OverflowValue } from './overflow-value.ts';
import { packedBytes, packedWidth, writePacked } from './packed-ints.ts';
import { isAscii, isLatin1, latin1Write, utf8Size, utf8Write } from './text-bytes.ts';

const SAMPLE_ROWS = 32;

/** Plans are made by their constructors alone: copies of literals would be of other hidden classes. */
class DictionaryPlan {
  readonly kind = 'dictionary';
  readonly distinct: Set<string>;
  chars: number;
  utf8: number;

  constructor(distinct: Set<string>, chars: number, utf8: number) {
    this.distinct = distinct;
    this.chars = chars;
    this.utf8 = utf8;
  }

  copy(): DictionaryPlan {
    return new DictionaryPlan(new Set(this.distinct), this.chars, this.utf8);
  }
}

class FrontPlan {
  readonly kind = 'front';
  saved: number;

  constructor(saved: number) {
    this.saved = saved;
  }

  copy(): FrontPlan {
    return new FrontPlan(this.saved);
  }
}

export class TextColumn extends ArrayColumn<string> {
  readonly physical: typeof Physical.text = Physical.text;
  readonly isSorted: boolean;
  /** Bytes of the page's run that decoded values are substrings of. */
  runBytes = 0;
  private chars = 0;
  private utf8 = 0;
  private longest = 0;
  private allLatin1 = true;
  private plan: DictionaryPlan | FrontPlan | null = null;
  /** Rows from here on, `pendingRows` of them, are not in the totals yet. */
  private pendingFrom = 0;
  private pendingRows = 0;
  private pendingUnits = 0;
  private pendingLongest = 0;

  constructor(values: (string | OverflowValue)[], isSorted: boolean) {
    super(values);
    this.isSorted = isSorted;
  }

  protected override get canBeBehind(): boolean {
    return true;
  }

  protected get blank(): string {
    return '';
  }

  protected fresh(values: (string | OverflowValue)[]): TextColumn {
    return new TextColumn(values, this.isSorted);
  }

  protected note(value: string, at: number, count: number): void {
    assert(typeof value === 'string', 'a text column was given another datum');
    const plan = this.plan;
    if (plan === null) {
      if (at + 1 === count) this.defer(value, at);
      else this.noteSize(value);
      return;
    }
    const size = this.noteSize(value);
    if (plan.kind === 'dictionary') noteDistinct(plan, value, size);
    else if (!this.allLatin1) this.plan = null;
    else plan.saved += this.sharedAround(at, count);
  }

  protected noteRange(from: number, to: number, count: number): void {
    if (this.plan !== null && this.plan.kind === 'front' && this.followsFront(this.plan, from, to, count))
      return;
    // What was a front plan has been followed or dropped.
    const plan = this.plan as DictionaryPlan | null;
    if (plan === null && this.nullCount === 0 && this.overflowCount === 0) {
      this.noteRun(from, to);
      return;
    }
    for (let i = from; i < to; i++) {
      const value = this.values[i];
      if (typeof value !== 'string' || this.isNull(i)) continue;
      const size = this.noteSize(value);
      if (plan !== null) noteDistinct(plan, value, size);
    }
  }

  /** Rows at the end of front-coded ones: what they share is added up; anything else drops the plan. True: they are noted. */
  private followsFront(plan: FrontPlan, from: number, to: number, count: number): boolean {
    this.plan = null;
    if (to !== count || this.nullCount > 0 || this.overflowCount > 0) return false;
    this.noteRun(from, to);
    if (!this.allLatin1) return true;
    for (let i = Math.max(from, 1); i < to; i++)
      plan.saved += sharedPrefix(this.values[i - 1] as string, this.values[i] as string);
    this.plan = plan;
    return true;
  }

  protected override noteNull(): void {
    if (this.plan !== null && this.plan.kind === 'front') this.plan = null;
  }

  protected forget(value: string, at: number, count: number): void {
    this.chars -= value.length;
    this.utf8 -= isAscii(value) ? value.length : utf8Size(value);
    if (this.plan !== null && this.plan.kind === 'front') this.plan.saved -= this.sharedAround(at, count);
  }

  override insertSpread(rows: Int32Array, added: number, count: number, source: Vector, from: number): void {
    if (this.nulls !== null || source.nulls !== null || this.overflowCount > 0) {
      super.insertSpread(rows, added, count, source, from);
      return;
    }
    this.isLoose = true;
    this.drift += added;
    this.catchUp();
    this.settle();
    this.dropHeads();
    const given = source.values as readonly string[];
    const old = this.values;
    const merged: (string | OverflowValue)[] = [];
    let next = 0;
    for (let k = 0; k < added; k++) {
      for (; next < rows[k]!; next++) merged.push(old[next]!);
      merged.push(given[from + k]!);
    }
    for (; next < count; next++) merged.push(old[next]!);
    this.values = merged;
    this.noteSpread(rows, added);
  }

  /** Rows rows[k] + k came in. */
  private noteSpread(rows: Int32Array, added: number): void {
    const values = this.values as readonly string[];
    const { plan } = this;
    for (let k = 0; k < added; k++) {
      const size = this.noteSize(values[rows[k]! + k]!);
      if (plan?.kind === 'dictionary') noteDistinct(plan, values[rows[k]! + k]!, size);
    }
    if (plan?.kind !== 'front') return;
    if (!this.allLatin1) {
      this.plan = null;
      return;
    }
    for (let k = added - 1, behind = values.length; k >= 0; k--) {
      // As if they came one after the other: those that follow at the same place are not there yet.
      const at = rows[k]! + k;
      if (k + 1 === added || rows[k + 1] !== rows[k]) behind = at + 1;
      plan.saved += this.sharedBetween(at, at - 1, behind);
    }
  }

  override removeSpread(rows: Int32Array, gone: number, count: number): void {
    if (this.nulls !== null || this.overflowCount > 0) {
      super.removeSpread(rows, gone, count);
      return;
    }
    this.isLoose = true;
    this.isStale = true;
    this.drift += gone;
    this.catchUp();
    this.settle();
    this.dropHeads();
    const values = this.values as string[];
    const { plan } = this;
    for (let k = gone - 1, behind = count; k >= 0; k--) {
      // As if they left one after the other, the last first.
      const at = rows[k]!;
      if (k + 1 === gone || rows[k + 1] !== at + 1) behind = at + 1;
      const value = values[at]!;
      this.chars -= value.length;
      this.utf8 -= isAscii(value) ? value.length : utf8Size(value);
      if (plan?.kind === 'front') plan.saved -= this.sharedBetween(at, at - 1, behind);
    }
    let to = gone === 0 ? count : rows[0]!;
    for (let k = 0; k < gone; k++) {
      const next = k + 1 < gone ? rows[k + 1]! : count;
      for (let row = rows[k]! + 1; row < next; row++) values[to++] = values[row]!;
    }
    values.length = to;
  }

  /** Puts an appended value among the pending rows. */
  private defer(value: string, at: number): void {
    if (this.pendingRows === 0) this.pendingFrom = at;
    else if (this.pendingFrom + this.pendingRows !== at) {
      this.settle();
      this.pendingFrom = at;
    }
    this.pendingRows++;
    this.pendingUnits += value.length;
    if (value.length > this.pendingLongest) this.pendingLongest = value.length;
  }

  /** Takes the pending rows into the totals. */
  override settle(): void {
    const rows = this.pendingRows;
    if (rows === 0) return;
    this.pendingRows = 0;
    this.pendingUnits = 0;
    this.pendingLongest = 0;
    this.noteRun(this.pendingFrom, this.pendingFrom + rows);
  }

  /** Sizes of neighbouring values, all present: one look at their concatenation when they are ASCII. */
  private noteRun(from: number, to: number): void {
    const values = this.values as string[];
    if (to - from > 3) {
      const run = (from === 0 && to === values.length ? values : values.slice(from, to)).join('');
      if (isAscii(run)) {
        let { longest } = this;
        for (let i = from; i < to; i++) if (values[i]!.length > longest) longest = values[i]!.length;
        this.longest = longest;
        this.chars += run.length;
        this.utf8 += run.length;
        return;
      }
    }
    for (let i = from; i < to; i++) this.noteSize(values[i]!);
  }

  bound(count: number): number {
    if (this.nullCount === count) return 1;
    const plain = this.plainBytes(count);
    const plan = this.plan;
    return plan === null ? plain : Math.min(this.planBytes(plan, count), plain);
  }

  /** No value takes more bytes in UTF-8. Only of columns that are measured. */
  get valueBytesMax(): number {
    return Math.max(this.longest, 3 * this.pendingLongest);
  }

  private planBytes(plan: DictionaryPlan | FrontPlan, count: number): number {
    return plan.kind === 'dictionary' ? this.dictionaryBytes(plan, count) : this.frontBytes(plan, count);
  }

  tighten(count: number): void {
    if (!this.isLoose) return;
    this.catchUp();
    const old = this.plan;
    this.plan = null;
    if (this.isStale) this.recount(count);
    else this.settle();
    this.isStale = false;
    let best = this.plainBytes(count);
    if (old?.kind === 'dictionary' || this.looksRepetitive(count)) {
      const plan = this.dictionaryPlan(count);
      const bytes = this.dictionaryBytes(plan, count);
      if (bytes < best) {
        best = bytes;
        this.plan = plan;
      }
    }
    if (this.isSorted && this.allLatin1 && this.nullCount === 0 && this.overflowCount === 0 && count > 1) {
      const plan = new FrontPlan(0);
      for (let i = 1; i < count; i++)
        plan.saved += sharedPrefix(this.values[i - 1] as string, this.values[i] as string);
      if (this.frontBytes(plan, count) < best) this.plan = plan;
    }
    this.isLoose = false;
    this.drift = 0;
  }

  protected override adoptTotals(source: TextColumn): void {
    this.runBytes = source.runBytes;
    this.chars = source.chars;
    this.utf8 = source.utf8;
    this.longest = source.longest;
    this.allLatin1 = source.allLatin1;
    this.plan = source.plan === null ? null : source.plan.copy();
  }

  /** All totals anew; of ASCII that was measured before they are right but for the longest. */
  private recount(count: number): void {
    this.settle();
    if (this.isMeasured && this.allLatin1 && this.utf8 === this.chars) {
      if (verifyEnabled()) this.verifyTotals(count);
      this.longest = this.longestLength(count);
      return;
    }
    this.pendingRows = 0;
    this.pendingUnits = 0;
    this.pendingLongest = 0;
    this.chars = 0;
    this.utf8 = 0;
    this.longest = 0;
    this.allLatin1 = true;
    this.noteRange(0, count, count);
  }

  private longestLength(count: number): number {
    const { values } = this;
    let longest = 0;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (typeof value === 'string' && value.length > longest) longest = value.length;
    }
    return longest;
  }

  private verifyTotals(count: number): void {
    let chars = 0;
    for (let i = 0; i < count; i++) {
      const value = this.values[i]!;
      if (typeof value !== 'string' || this.isNull(i)) continue;
      assert(isAscii(value), 'a text is not what the totals of its column say');
      chars += value.length;
    }
    assert(chars === this.chars, 'the total of a column of texts is wrong');
  }

  write(writer: ByteWriter, count: number): void {
    this.catchUp();
    this.prepare(count);
    if (this.nullCount === count) {
      this.writeHead(writer, Encoding.allNull, count);
      return;
    }
    const plan = this.planWorthWriting(count);
    const form =
      plan === null
        ? Encoding.text
        : plan.kind === 'dictionary'
          ? Encoding.textDictionary
          : Encoding.frontCoded;
    this.writeHead(writer, form, count);
    this.writeOverflow(writer, count);
    const charset = this.allLatin1 ? Charset.latin1 : Charset.utf8;
    writer.u8(charset);
    if (plan === null) writeStrings(writer, this.inlineValues(count), charset);
    else if (plan.kind === 'dictionary') this.writeDictionary(writer, plan, count, charset);
    else this.writeFrontCoded(writer, count);
  }

  memoryBytes(): number {
    // A substring of the page's run takes 32 bytes; a string of its own its characters as well.
    return (
      200 +
      this.rowCount * 40 +
      this.chars +
      this.runBytes +
      this.headsMemoryBytes() +
      (this.nulls === null ? 0 : this.nulls.length)
    );
  }

  /** The plan in force if it is no longer than plain text would be. */
  private planWorthWriting(count: number): DictionaryPlan | FrontPlan | null {
    const { plan } = this;
    return plan !== null && this.planBytes(plan, count) <= this.plainBytes(count) ? plan : null;
  }

  private noteSize(value: string): number {
    const length = value.length;
    let size = length;
    if (!isAscii(value)) {
      size = utf8Size(value);
      if (this.allLatin1 && !isLatin1(value)) this.allLatin1 = false;
    }
    this.chars += length;
    this.utf8 += size;
    if (size > this.longest) this.longest = size;
    return size;
  }

  private get totalBytes(): number {
    // A pending value may turn out not to be Latin-1, and all others with it.
    if (this.pendingRows > 0) return this.utf8 + 3 * this.pendingUnits;
    return this.allLatin1 ? this.chars : this.utf8;
  }

  private plainBytes(count: number): number {
    return this.headBytes(count) + 1 + packedBodyBytes(count, 5, this.valueBytesMax) + this.totalBytes;
  }

  private dictionaryBytes(plan: DictionaryPlan, count: number): number {
    const size = Math.max(plan.distinct.size, 1);
    return (
      this.headBytes(count) +
      2 +
      unsignedSize(size) +
      packedBodyBytes(size, 5, this.longest) +
      (this.allLatin1 ? plan.chars : plan.utf8) +
      packedBytes(count, packedWidth(size - 1))
    );
  }

  private frontBytes(plan: FrontPlan, count: number): number {
    const lengths = packedBodyBytes(count, 5, this.longest);
    return this.headBytes(count) + 1 + 2 * lengths + this.chars - plan.saved;
  }

  /** What the row at `at` adds to the shared prefixes between neighbours: the larger of the two it takes part in. */
  private sharedAround(at: number, count: number): number {
    return this.sharedBetween(at, at - 1, at + 1 < count ? at + 1 : this.rowCount);
  }

  /** As {@link sharedAround}, with the rows before and behind named; outside of the column there are none. */
  private sharedBetween(at: number, before: number, behind: number): number {
    const value = this.at(at) as string;
    const first = before >= 0 ? sharedPrefix(this.at(before) as string, value) : 0;
    const last = behind < this.rowCount ? sharedPrefix(value, this.at(behind) as string) : 0;
    return Math.max(first, last);
  }

  private looksRepetitive(count: number): boolean {
    if (count < 4) return false;
    const sample = new Set<string>();
    const rows = Math.min(count, SAMPLE_ROWS);
    for (let i = 0; i < rows; i++) sample.add(this.values[Math.floor((i * count) / rows)] as string);
    return sample.size <= rows / 2;
  }

  private dictionaryPlan(count: number): DictionaryPlan {
    const plan = new DictionaryPlan(new Set(), 0, 0);
    for (let i = 0; i < count; i++) {
      const value = this.values[i];
      if (typeof value !== 'string' || this.isNull(i) || plan.distinct.has(value)) continue;
      noteDistinct(plan, value, isAscii(value) ? value.length : utf8Size(value));
    }
    return plan;
  }

  private writeDictionary(writer: ByteWriter, plan: DictionaryPlan, count: number, charset: Charset): void {
    const entries = [...plan.distinct];
    if (entries.length === 0) entries.push('');
    const codes = new Map<string, number>();
    for (let i = 0; i < entries.length; i++) codes.set(entries[i]!, i);
    writer.unsigned(entries.length);
    writeStrings(writer, entries, charset);
    const width = packedWidth(entries.length - 1);
    writer.u8(width);
    const coded = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const value = this.values[i];
      coded[i] = typeof value === 'string' ? (codes.get(value) ?? 0) : 0;
    }
    writePacked(writer, coded, 0, count, 0, width, null);
  }

  private writeFrontCoded(writer: ByteWriter, count: number): void {
    const values = this.values as string[];
    const shared = new Int32Array(count);
    const rests: string[] = [values[0]!];
    let most = 0;
    for (let i = 1; i < count; i++) {
      const value = values[i]!;
      const length = sharedPrefix(values[i - 1]!, value);
      if (length > most) most = length;
      shared[i] = length;
      rests.push(value.slice(length));
    }
    writePackedBody(writer, shared, count, 0, most, null);
    writeStrings(writer, rests, Charset.latin1);
  }
}

function noteDistinct(plan: DictionaryPlan, value: string, utf8: number): void {
  if (plan.distinct.has(value)) return;
  plan.distinct.add(value);
  plan.chars += value.length;
  plan.utf8 += utf8;
}

/** Characters that two texts begin with in common. */
export function sharedPrefix(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}

/** Body of byte lengths, then all bytes in one run. */
export function writeStrings(writer: ByteWriter, values: readonly string[], charset: Charset): void {
  const lengths = new Int32Array(values.length);
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const length = charset === Charset.latin1 || isAscii(value) ? value.length : utf8Size(value);
    lengths[i] = length;
    total += length;
    if (length < min) min = length;
    if (length > max) max = length;
  }
  writePackedBody(writer, lengths, values.length, values.length === 0 ? 0 : min, max, null);
  if (writer.at + total <= writer.bytes.length) {
    const run = values.join('');
    if (charset === Charset.latin1) latin1Write(writer.bytes, run, writer.at);
    else utf8Write(writer.bytes, run, writer.at);
  }
  writer.at += total;
}
