/**
 * Sorting of texts that lie in memory as bytes: by radix over codes of many characters, again within runs of equal codes.
 *
 * A code packs as many characters as go into 64 bits when each position has as many digits as there are different characters at
 * it (in names some 12 characters); so most rows are told apart by their first code.
 *
 * I1  Stable, in the order of unsigned bytes, the shorter of two texts first: code points for Latin-1 and UTF-8.
 */
import type { TextBytes } from '../../tree/sorted-run.ts';
import { mergeSort } from './merge-sort.ts';

/** Fewer rows are compared with each other. */
const RADIX_ROWS_MIN = 256;
/** Characters looked at for one code. */
const WIDTH_MAX = 20;
const CODE_MAX = 2 ** 32;
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** Which characters go into a code, and as what digits. */
interface CodePlan {
  /** Characters of the code; those before `highWidth` are in its upper half. */
  readonly width: number;
  readonly highWidth: number;
  /** Digits at a position. */
  readonly bases: readonly number[];
  readonly highMax: number;
  readonly lowMax: number;
}

export class TextSorter {
  private readonly bytes: Uint8Array;
  private readonly offsets: Int32Array;
  private readonly order: Int32Array;
  /** Which characters occur, then their digits: 257 a position, 0 for a text that has ended. */
  private readonly ranks: Int32Array = new Int32Array(WIDTH_MAX * 257);
  private readonly counts: Int32Array = new Int32Array(DIGITS);
  private high: Uint32Array = new Uint32Array(0);
  private low: Uint32Array = new Uint32Array(0);
  private at: Int32Array = new Int32Array(0);
  private next: Int32Array = new Int32Array(0);

  /** Sorts parts of `order`, which has numbers of texts. */
  constructor({ bytes, offsets }: TextBytes, order: Int32Array) {
    this.bytes = bytes;
    this.offsets = offsets;
    this.order = order;
  }

  /** Sorts rows from..to, which agree in their first `depth` characters. */
  sort(from: number, to: number, depth: number): void {
    if (to - from < 2) return;
    if (to - from < RADIX_ROWS_MIN) {
      const scratch = this.next.length >= to - from ? this.next : new Int32Array(to - from);
      mergeSort(this.order, from, to, (a, b) => this.compare(a, b, depth), scratch);
      return;
    }
    const plan = this.plan(from, to, depth);
    if (plan.width === 0) return;
    this.encode(from, to, depth, plan);
    this.radix(from, to, plan);
    for (const [tieFrom, tieTo] of this.ties(from, to - from)) this.sort(tieFrom, tieTo, depth + plan.width);
  }

  private compare(a: number, b: number, depth: number): number {
    const { bytes, offsets } = this;
    let i = offsets[a]! + depth;
    let j = offsets[b]! + depth;
    const endA = offsets[a + 1]!;
    const endB = offsets[b + 1]!;
    while (i < endA && j < endB) {
      const gap = bytes[i++]! - bytes[j++]!;
      if (gap !== 0) return gap;
    }
    return endA - i - (endB - j);
  }

  /** Fills `ranks` for the rows; width 0 when all of them have ended. */
  private plan(from: number, to: number, depth: number): CodePlan {
    const { bytes, offsets, order, ranks } = this;
    ranks.fill(0);
    for (let i = from; i < to; i++) {
      const text = order[i]!;
      const start = offsets[text]! + depth;
      const length = Math.max(0, Math.min(WIDTH_MAX, offsets[text + 1]! - start));
      for (let k = 0; k < length; k++) ranks[k * 257 + bytes[start + k]! + 1] = 1;
      if (length < WIDTH_MAX) ranks[length * 257] = 1;
    }
    const bases: number[] = [];
    let highMax = 1;
    let lowMax = 1;
    let highWidth = -1;
    let hasEnded = false;
    for (let k = 0; k < WIDTH_MAX; k++) {
      const row = k * 257;
      // A text that ended at an earlier position has ended here too.
      hasEnded ||= ranks[row] === 1;
      let base = hasEnded ? 1 : 0;
      ranks[row] = 0;
      for (let c = row + 1; c < row + 257; c++) if (ranks[c] === 1) ranks[c] = base++;
      if (base === 1 && hasEnded) break;
      if (highWidth < 0 && highMax * base > CODE_MAX) highWidth = k;
      if (highWidth >= 0) {
        if (lowMax * base > CODE_MAX) break;
        lowMax *= base;
      } else highMax *= base;
      bases.push(base);
    }
    const width = bases.length;
    return { width, highWidth: highWidth < 0 ? width : highWidth, bases, highMax, lowMax };
  }

  private encode(from: number, to: number, depth: number, plan: CodePlan): void {
    const count = to - from;
    if (this.high.length < count) {
      this.high = new Uint32Array(count);
      this.low = new Uint32Array(count);
      this.at = new Int32Array(count);
      this.next = new Int32Array(count);
    }
    const { bytes, offsets, order, ranks, high, low } = this;
    const { width, highWidth } = plan;
    const bases = Float64Array.from(plan.bases);
    for (let i = 0; i < count; i++) {
      const text = order[from + i]!;
      const start = offsets[text]! + depth;
      const length = offsets[text + 1]! - start;
      let code = 0;
      for (let k = 0; k < highWidth; k++)
        code = code * bases[k]! + (k < length ? ranks[k * 257 + bytes[start + k]! + 1]! : 0);
      high[i] = code;
      code = 0;
      for (let k = highWidth; k < width; k++)
        code = code * bases[k]! + (k < length ? ranks[k * 257 + bytes[start + k]! + 1]! : 0);
      low[i] = code;
    }
  }

  /** Sorts rows and codes by the codes. */
  private radix(from: number, to: number, { highMax, lowMax }: CodePlan): void {
    const count = to - from;
    for (let i = 0; i < count; i++) this.at[i] = i;
    for (let shift = 0; lowMax > 2 ** shift; shift += DIGIT_BITS) this.scatter(this.low, count, shift);
    for (let shift = 0; highMax > 2 ** shift; shift += DIGIT_BITS) this.scatter(this.high, count, shift);
    const { at, next, order } = this;
    for (let i = 0; i < count; i++) next[i] = order[from + at[i]!]!;
    order.set(next.subarray(0, count), from);
  }

  private scatter(words: Uint32Array, count: number, shift: number): void {
    const { counts, at, next } = this;
    counts.fill(0);
    for (let i = 0; i < count; i++) counts[(words[i]! >>> shift) & (DIGITS - 1)]!++;
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const size = counts[digit]!;
      counts[digit] = start;
      start += size;
    }
    for (let i = 0; i < count; i++) {
      const row = at[i]!;
      next[counts[(words[row]! >>> shift) & (DIGITS - 1)]!++] = row;
    }
    this.at = next;
    this.next = at;
  }

  /** Runs of rows with equal codes, of those that `radix` just sorted. */
  private ties(from: number, count: number): [number, number][] {
    const { at, high, low } = this;
    const ties: [number, number][] = [];
    let start = 0;
    for (let i = 1; i <= count; i++) {
      if (i < count && high[at[i]!] === high[at[start]!] && low[at[i]!] === low[at[start]!]) continue;
      if (i - start > 1) ties.push([from + start, from + i]);
      start = i;
    }
    return ties;
  }
}
