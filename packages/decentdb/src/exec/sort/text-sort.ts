/**
 * Sorting of texts that lie in memory as bytes: by codes of many characters (code-sort.ts), again within runs of equal codes.
 *
 * A code packs as many characters as go into 64 bits when each position has as many digits as there are different characters at
 * it (in names some 12 characters); so most rows are told apart by their first code.
 *
 * I1  Stable, in the order of unsigned bytes, the shorter of two texts first: code points for Latin-1 and UTF-8.
 * I2  However much texts have in common, the stack does not grow with it.
 */
import type { TextBytes } from '../../tree/sorted-run.ts';
import { CodeSort } from './code-sort.ts';
import { mergeSort } from './merge-sort.ts';

/** Fewer rows are compared with each other. */
const RADIX_ROWS_MIN = 256;
/** Characters looked at for one code. */
const WIDTH_MAX = 20;
/** Characters looked at beyond those that the last code took. */
const WIDTH_SLACK = 2;
const CODE_MAX = 2 ** 32;

/** Which characters go into a code, and as what digits. */
interface CodePlan {
  /** Characters of the code; those before `highWidth` are in its upper half. */
  readonly width: number;
  readonly highWidth: number;
  /** Digits at a position. */
  readonly bases: readonly number[];
}

/** Takes a run of two equal texts or more, by where it begins and ends in the order; runs come in any order. */
export type EqualTexts = (from: number, to: number) => void;

/** Ends of short runs sorted between looks at cancellation, less one. */
const ENDS_MASK = 4095;

export class TextSorter {
  private readonly bytes: Uint8Array;
  private readonly offsets: Int32Array;
  private readonly order: Int32Array;
  private readonly checkCancel: (() => void) | null;
  private readonly onEqual: EqualTexts | null;
  /** Which characters occur, then their digits: 257 a position, 0 for a text that has ended. */
  private readonly ranks: Int32Array = new Int32Array(WIDTH_MAX * 257);
  private readonly codes: CodeSort = new CodeSort();
  private scratch: Int32Array = new Int32Array(RADIX_ROWS_MIN);
  /** Characters looked at for the next code: some more than the last one took. */
  private widthLimit: number = WIDTH_MAX;

  /**
   * Sorts parts of `order`, which has numbers of texts; `onEqual` hears of those that are equal, `checkCancel` is called before work
   * that is worth stopping at.
   */
  constructor(
    { bytes, offsets }: TextBytes,
    order: Int32Array,
    onEqual: EqualTexts | null = null,
    checkCancel: (() => void) | null = null,
  ) {
    this.bytes = bytes;
    this.offsets = offsets;
    this.order = order;
    this.onEqual = onEqual;
    this.checkCancel = checkCancel;
  }

  /** Sorts rows from..to, which agree in their first `depth` characters. */
  sort(from: number, to: number, depth: number): void {
    const pending = [from, to, depth];
    while (pending.length > 0) {
      const [runFrom, runTo, runDepth] = pending.splice(-3) as [number, number, number];
      this.sortRun(runFrom, runTo, runDepth, pending);
    }
  }

  /** The same; longer runs of rows that agree in more go to `pending` (I2). */
  private sortRun(from: number, to: number, depth: number, pending: number[]): void {
    const count = to - from;
    if (count < RADIX_ROWS_MIN) {
      this.sortFew(from, to, depth);
      return;
    }
    const { order, codes } = this;
    this.checkCancel?.();
    const plan = this.plan(from, to, depth);
    if (plan.width === 0) {
      this.onEqual?.(from, to);
      return;
    }
    this.widthLimit = Math.min(WIDTH_MAX, plan.width + WIDTH_SLACK);
    codes.reserve(count);
    this.checkCancel?.();
    this.encode(from, to, depth, plan);
    this.checkCancel?.();
    codes.sort(count);
    this.checkCancel?.();
    order.set(codes.rows.subarray(0, count), from);
    const ends = this.tiesOf(count);
    const next = depth + plan.width;
    for (let i = 0; i < ends.length; i += 2) {
      if ((i & ENDS_MASK) === 0) this.checkCancel?.();
      const [runFrom, runTo] = [from + ends[i]!, from + ends[i + 1]!];
      if (runTo - runFrom < RADIX_ROWS_MIN) this.sortFew(runFrom, runTo, next);
      else pending.push(runFrom, runTo, next);
    }
  }

  private sortFew(from: number, to: number, depth: number): void {
    if (to - from < 2) return;
    mergeSort(this.order, from, to, (a, b) => this.compare(a, b, depth), this.scratch);
    if (this.onEqual !== null) this.reportEqual(from, to, depth, this.onEqual);
  }

  private reportEqual(from: number, to: number, depth: number, onEqual: EqualTexts): void {
    const { order } = this;
    for (let start = from, i = from + 1; i <= to; i++) {
      if (i < to && this.compare(order[i - 1]!, order[i]!, depth) === 0) continue;
      if (i - start > 1) onEqual(start, i);
      start = i;
    }
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
    const { bytes, offsets, order, ranks, widthLimit } = this;
    ranks.fill(0);
    for (let i = from; i < to; i++) {
      const text = order[i]!;
      const start = offsets[text]! + depth;
      const length = Math.max(0, Math.min(widthLimit, offsets[text + 1]! - start));
      for (let k = 0; k < length; k++) ranks[k * 257 + bytes[start + k]! + 1] = 1;
      if (length < widthLimit) ranks[length * 257] = 1;
    }
    const bases: number[] = [];
    let highMax = 1;
    let lowMax = 1;
    let highWidth = -1;
    let hasEnded = false;
    for (let k = 0; k < widthLimit; k++) {
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
    return { width, highWidth: highWidth < 0 ? width : highWidth, bases };
  }

  private encode(from: number, to: number, depth: number, plan: CodePlan): void {
    const count = to - from;
    const { bytes, offsets, order, ranks } = this;
    const { high, low, rows } = this.codes;
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
      rows[i] = text;
    }
  }

  /** Where runs of rows with equal codes begin and end, of those that were just sorted. */
  private tiesOf(count: number): number[] {
    const { high, low } = this.codes;
    const ends: number[] = [];
    let start = 0;
    for (let i = 1; i <= count; i++) {
      if (i < count && high[i] === high[i - 1] && low[i] === low[i - 1]) continue;
      if (i - start > 1) ends.push(start, i);
      start = i;
    }
    return ends;
  }
}
