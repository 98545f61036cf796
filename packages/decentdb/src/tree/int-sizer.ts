/**
 * Keeps the encoded size of a growing integer column known, and chooses its form.
 *
 * While rows come and go the sizer keeps minimum and maximum and, once {@link IntSizer.tighten} has found one, a plan
 * (deltas or dictionary) with its running cost. `bound` is an upper bound of the encoded size at any time in constant
 * time; `tighten` looks at all values, drops what has gone stale and picks the cheapest form.
 *
 * I1  After any sequence of changes, what `tighten` then picks costs at most what `bound` said before it:
 *     a plan in force is always among its candidates.
 * I2  `write` needs no `tighten` before it: it takes the form `bound` counted, whatever has come and gone since.
 * I3  Minimum and maximum enclose the values that are not NULL; min > max means there are none.
 */
import type { NullMask } from '../types/vector.ts';
import { type ByteWriter, signedSize, unsignedSize } from './byte-writer.ts';
import {
  packedBodyBytes,
  writeDeltaBody,
  writeDictionaryBody,
  writePackedBody,
  writeRawBody,
} from './int-body.ts';
import { type IntArray, packedBytes, packedWidth } from './packed-ints.ts';

const DELTA_BITS_MAX = 25;
/** Fewer rows keep deltas they have (I1), but are not given any. */
const DELTA_ROWS_MIN = 4;
const SAMPLE_ROWS = 32;
/** A row gap takes at most two bytes: nodes hold fewer than 2^14 rows. */
const GAP_BYTES = 2;

/** Plans are made by their constructors alone: copies of literals would be of other hidden classes. */
class DeltaPlan {
  readonly kind = 'delta';
  readonly step: number;
  readonly width: number;
  exceptionCount: number;
  exceptionBytes: number;

  constructor(step: number, width: number, exceptionCount: number, exceptionBytes: number) {
    this.step = step;
    this.width = width;
    this.exceptionCount = exceptionCount;
    this.exceptionBytes = exceptionBytes;
  }

  copy(): DeltaPlan {
    return new DeltaPlan(this.step, this.width, this.exceptionCount, this.exceptionBytes);
  }
}

class DictionaryPlan {
  readonly kind = 'dictionary';
  readonly distinct: Set<number>;

  constructor(distinct: Set<number>) {
    this.distinct = distinct;
  }

  copy(): DictionaryPlan {
    return new DictionaryPlan(new Set(this.distinct));
  }
}

/** A set of at most 32 integers, open addressing. */
const sampleSlots = new Float64Array(64);
/** Histogram of one candidate step: rows and exception bytes by the bits their delta needs. */
const bucketRows = new Int32Array(DELTA_BITS_MAX + 2);
const bucketBytes = new Int32Array(DELTA_BITS_MAX + 2);

export class IntSizer {
  min: number = Number.POSITIVE_INFINITY;
  max: number = Number.NEGATIVE_INFINITY;
  plan: DeltaPlan | DictionaryPlan | null = null;

  clone(): IntSizer {
    const copy = new IntSizer();
    copy.min = this.min;
    copy.max = this.max;
    if (this.plan !== null) copy.plan = this.plan.copy();
    return copy;
  }

  /** Takes note of a value that came in at row `at` of now `count` rows (values[at] is set, others moved). */
  added(values: IntArray, at: number, count: number): void {
    const value = values[at]!;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (this.plan !== null) this.addedToPlan(this.plan, values, at, count);
  }

  /** Rows from..to came in at once. */
  addedRange(values: IntArray, from: number, to: number, count: number, nulls: NullMask): void {
    let { min, max } = this;
    for (let i = from; i < to; i++) {
      if (nulls !== null && nulls[i] !== 0) continue;
      const value = values[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.min = min;
    this.max = max;
    if (nulls !== null) this.plan = null;
    const plan = this.plan;
    if (plan === null) return;
    if (plan.kind === 'dictionary') for (let i = from; i < to; i++) plan.distinct.add(values[i]!);
    else for (let i = from; i <= to && i < count; i++) if (i > 0) addDelta(plan, values[i]! - values[i - 1]!);
  }

  /** Values came in before the rows named in `rows`, as they were; all are in place. */
  addedSpread(values: IntArray, rows: Int32Array, added: number, count: number): void {
    const { plan } = this;
    for (let k = 0; k < added; k++) {
      const at = rows[k]! + k;
      const value = values[at]!;
      if (value < this.min) this.min = value;
      if (value > this.max) this.max = value;
      if (plan !== null) this.addedToPlan(plan, values, at, count);
    }
  }

  /** Rows left; the rows now at `at - 1` and `at` have become neighbours. */
  removed(values: IntArray, at: number, count: number): void {
    const plan = this.plan;
    if (plan !== null && plan.kind === 'delta' && at > 0 && at < count)
      addDelta(plan, values[at]! - values[at - 1]!);
  }

  /** Upper bound of the body's bytes. */
  bound(count: number): number {
    if (this.min > this.max) return 3;
    const range = this.max - this.min;
    // The true minimum may be anywhere between the two: its stored form is no longer than theirs.
    const baseBytes = Math.max(signedSize(this.min), signedSize(this.max));
    if (range > Number.MAX_SAFE_INTEGER) return rawBound(count);
    const plain = packedBodyBytes(count, baseBytes, range);
    const plan = this.plan;
    if (plan === null || count < 2) return plain;
    return Math.min(planBytes(plan, count, baseBytes, range), plain);
  }

  /** The plan in force if it is no longer than plain packing would be. */
  private planWorthWriting(count: number): DeltaPlan | DictionaryPlan | null {
    const { plan } = this;
    if (plan === null || count < 2) return null;
    const range = this.max - this.min;
    const baseBytes = Math.max(signedSize(this.min), signedSize(this.max));
    const plain = packedBodyBytes(count, baseBytes, range);
    return planBytes(plan, count, baseBytes, range) <= plain ? plan : null;
  }

  /** `isStale`: minimum and maximum must be found anew, values have left since. */
  tighten(values: IntArray, count: number, nulls: NullMask, isStale: boolean): void {
    const old = this.plan;
    this.plan = null;
    if (isStale) {
      this.min = Number.POSITIVE_INFINITY;
      this.max = Number.NEGATIVE_INFINITY;
      this.addedRange(values, 0, count, count, nulls);
    }
    const range = this.max - this.min;
    if (!(range > 0 && range <= Number.MAX_SAFE_INTEGER)) return;
    let best = this.bound(count);
    const keepsDelta = old !== null && old.kind === 'delta';
    const mayDelta =
      nulls === null && (keepsDelta || (count >= DELTA_ROWS_MIN && looksSorted(values, count, range)));
    if (mayDelta) {
      const plan = bestDelta(values, count, keepsDelta ? old.step : Number.NaN);
      const bytes = deltaBytes(plan, count);
      if (bytes < best) {
        best = bytes;
        this.plan = plan;
      }
    }
    if ((old !== null && old.kind === 'dictionary') || looksRepetitive(values, count, range)) {
      const distinct = distinctValues(values, count, nulls);
      const baseBytes = Math.max(signedSize(this.min), signedSize(this.max));
      if (dictionaryBytes(distinct.size, count, baseBytes, range) < best)
        this.plan = new DictionaryPlan(distinct);
    }
  }

  write(writer: ByteWriter, values: IntArray, count: number, nulls: NullMask): void {
    const isEmpty = this.min > this.max;
    const plan = isEmpty ? null : this.planWorthWriting(count);
    if (!isEmpty && this.max - this.min > Number.MAX_SAFE_INTEGER) writeRawBody(writer, values, count);
    else if (plan === null)
      writePackedBody(writer, values, count, isEmpty ? 0 : this.min, isEmpty ? 0 : this.max, nulls);
    else if (plan.kind === 'delta')
      writeDeltaBody(writer, values, count, plan.step, plan.width, plan.exceptionCount);
    else writeDictionaryBody(writer, values, count, plan.distinct, nulls);
  }

  private addedToPlan(plan: DeltaPlan | DictionaryPlan, values: IntArray, at: number, count: number): void {
    if (plan.kind === 'dictionary') {
      plan.distinct.add(values[at]!);
      return;
    }
    if (at > 0) addDelta(plan, values[at]! - values[at - 1]!);
    if (at + 1 < count) addDelta(plan, values[at + 1]! - values[at]!);
  }
}

function addDelta(plan: DeltaPlan, delta: number): void {
  const rest = delta - plan.step;
  if (rest >= 0 && rest < 2 ** plan.width) return;
  plan.exceptionCount++;
  plan.exceptionBytes += GAP_BYTES + signedSize(delta);
}

function planBytes(
  plan: DeltaPlan | DictionaryPlan,
  count: number,
  baseBytes: number,
  range: number,
): number {
  return plan.kind === 'delta'
    ? deltaBytes(plan, count)
    : dictionaryBytes(plan.distinct.size, count, baseBytes, range);
}

function deltaBytes(plan: DeltaPlan, count: number): number {
  const head = 2 + 9 + signedSize(plan.step) + unsignedSize(plan.exceptionCount);
  return head + plan.exceptionBytes + packedBytes(count - 1, plan.width);
}

/** Bytes of a raw body, or of a packed one after all, when the spread turns out smaller than it was. */
export function rawBound(count: number): number {
  return Math.max(1 + 8 * count, packedBodyBytes(count, 8, Number.MAX_SAFE_INTEGER));
}

function dictionaryBytes(size: number, count: number, baseBytes: number, range: number): number {
  return (
    2 +
    unsignedSize(size) +
    packedBodyBytes(size, baseBytes, range) +
    packedBytes(count, packedWidth(Math.max(size - 1, 0)))
  );
}

/** Whether neighbours, at a sample of places, lie much closer than the whole range: then deltas may pay. */
function looksSorted(values: IntArray, count: number, range: number): boolean {
  const near = range / 4;
  const pace = Math.max(1, Math.floor((count - 1) / SAMPLE_ROWS));
  let close = 0;
  let seen = 0;
  for (let i = 1; i < count; i += pace) {
    seen++;
    if (Math.abs(values[i]! - values[i - 1]!) <= near) close++;
  }
  return close * 4 >= seen * 3;
}

/** Whether a sample of values repeats itself enough for a dictionary to have a chance. */
function looksRepetitive(values: IntArray, count: number, range: number): boolean {
  if (range < 8 || count < SAMPLE_ROWS) return false;
  const pace = Math.floor(count / SAMPLE_ROWS);
  sampleSlots.fill(Number.NaN);
  let distinct = 0;
  for (let i = 0; i < SAMPLE_ROWS; i++) {
    const value = values[i * pace]!;
    let slot = Math.imul((value % 0x7fffffff) | 0, 0x9e3779b1) >>> 26;
    while (sampleSlots[slot] !== value && !Number.isNaN(sampleSlots[slot]!)) slot = (slot + 1) & 63;
    if (sampleSlots[slot] !== value) distinct++;
    sampleSlots[slot] = value;
  }
  return distinct <= SAMPLE_ROWS / 2;
}

function distinctValues(values: IntArray, count: number, nulls: NullMask): Set<number> {
  const distinct = new Set<number>();
  for (let i = 0; i < count; i++) if (nulls === null || nulls[i] === 0) distinct.add(values[i]!);
  return distinct;
}

/** Cheapest delta plan over the steps worth trying: smallest delta, smallest not negative, the one in force. */
function bestDelta(values: IntArray, count: number, stepInForce: number): DeltaPlan {
  let least = Number.POSITIVE_INFINITY;
  let leastForward = Number.POSITIVE_INFINITY;
  for (let i = 1; i < count; i++) {
    const delta = values[i]! - values[i - 1]!;
    if (delta < least) least = delta;
    if (delta >= 0 && delta < leastForward) leastForward = delta;
  }
  let best = planForStep(values, count, least);
  if (leastForward !== least && leastForward !== Number.POSITIVE_INFINITY) {
    best = cheaper(best, planForStep(values, count, leastForward), count);
  }
  if (!Number.isNaN(stepInForce) && stepInForce !== least && stepInForce !== leastForward) {
    best = cheaper(best, planForStep(values, count, stepInForce), count);
  }
  return best;
}

function cheaper(a: DeltaPlan, b: DeltaPlan, count: number): DeltaPlan {
  return deltaBytes(b, count) < deltaBytes(a, count) ? b : a;
}

function planForStep(values: IntArray, count: number, step: number): DeltaPlan {
  bucketRows.fill(0);
  bucketBytes.fill(0);
  const over = DELTA_BITS_MAX + 1;
  for (let i = 1; i < count; i++) {
    const delta = values[i]! - values[i - 1]!;
    const rest = delta - step;
    const bits = rest >= 0 && rest < 0x2000000 ? 32 - Math.clz32(rest) : over;
    bucketRows[bits]!++;
    bucketBytes[bits]! += GAP_BYTES + signedSize(delta);
  }
  let best = Number.POSITIVE_INFINITY;
  let width = 0;
  let exceptionCount = 0;
  let exceptionBytes = 0;
  let outsideRows = bucketRows[over]!;
  let outsideBytes = bucketBytes[over]!;
  for (let bits = DELTA_BITS_MAX; bits >= 0; bits--) {
    const bytes = outsideBytes + packedBytes(count - 1, bits);
    if (bytes < best) {
      best = bytes;
      width = bits;
      exceptionCount = outsideRows;
      exceptionBytes = outsideBytes;
    }
    outsideRows += bucketRows[bits]!;
    outsideBytes += bucketBytes[bits]!;
  }
  return new DeltaPlan(step, width, exceptionCount, exceptionBytes);
}
