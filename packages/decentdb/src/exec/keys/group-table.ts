/**
 * Numbers distinct keys: key codes in, dense group numbers out. Open addressing over typed arrays.
 *
 * I1  Groups are numbered 0, 1, 2, ... in order of first appearance and never renumbered.
 * I2  A single key column of integers in a small range is looked up in an array (no hashing) as long as that stays small.
 * I3  The hash table is at most half full.
 * I4  Several key columns of small integers are packed into one code each row and numbered by an inner table of width 1, whose
 *     groups are this table's; when they no longer can be, this table hashes all columns itself.
 * I5  While the codes of a single key column come in ascending order there is neither array nor hash table: a code is compared with the
 *     last. Both are for the first code that is smaller, or that is looked for.
 */
import { batchRoom, FEW_ROWS } from '../batch.ts';
import { takeCodes, takeInts } from './ascending-keys.ts';
import { KeyPacker } from './key-packer.ts';

const DENSE_RANGE_MAX = 1 << 22;
const BYTES_OF_CODE = 4;
/** Codes known to be below it get their places without a look at them. */
const DENSE_LIMIT_MAX = 4096;
const NO_SLOTS = new Int32Array(0);
/** Room for the groups counted on is made once there is so small a part of them. */
const EXPECTED_PART = 8;

export class GroupTable {
  readonly width: number;
  count = 0;
  /** Codes by key column, then group. */
  private readonly codes: Float64Array[];
  /** Group + 1 by hash; 0 empty. Made when keys are first hashed. */
  private slots: Int32Array = NO_SLOTS;
  /** I2: group + 1 by code - denseBase. */
  private dense: Int32Array | null = null;
  private denseBase = 0;
  /** I5. */
  private isAscending: boolean;
  private hashes: Int32Array = NO_SLOTS;
  /** I4. */
  private packer: KeyPacker | null = null;
  private single: GroupTable | null = null;
  private generation = 0;
  private readonly expected: number;
  private readonly memoryMax: number;
  /** Widest range of codes for an array, which has room for twice as many. */
  private readonly rangeMax: number;

  /**
   * `expected`: groups the planner counts on; a wider range is then worth an array from the start. `memoryMax`: bytes such an array may
   * take.
   */
  constructor(width: number, expected = 0, memoryMax: number = Number.POSITIVE_INFINITY) {
    this.width = width;
    this.expected = expected;
    this.isAscending = width === 1;
    this.memoryMax = memoryMax;
    this.rangeMax = Math.min(DENSE_RANGE_MAX, Math.floor(memoryMax / (2 * BYTES_OF_CODE)));
    this.codes = Array.from({ length: width }, () => new Float64Array(FEW_ROWS));
    if (width === 1) {
      this.dense = NO_SLOTS;
    } else if (width > 1) {
      this.packer = new KeyPacker(width);
    }
  }

  /** So many groups fit before the arrays by group grow. */
  get room(): number {
    return this.width === 0 ? 1 : this.codes[0]!.length;
  }

  memoryBytes(): number {
    return (
      this.slots.byteLength +
      (this.dense?.byteLength ?? 0) +
      (this.single?.memoryBytes() ?? 0) +
      this.codes.reduce((sum, codes) => sum + codes.byteLength, 0)
    );
  }

  /** Codes of all groups in a key column, the first `count` of the array; not to be written to. */
  codesOf(column: number): Float64Array {
    return this.codes[column]!;
  }

  /**
   * Group numbers of `count` rows into `groups`; new keys become groups. Rows that began a group go to `fresh`, in order;
   * returns how many. `limits`: by key, codes are from 0 to less than it; -1: they may be any.
   */
  insert(
    keys: readonly Float64Array[],
    count: number,
    groups: Int32Array,
    fresh: Int32Array,
    limits: readonly number[] | null = null,
  ): number {
    if (this.width === 0) return this.insertUnit(count, groups, fresh);
    if (this.isAscending) return this.insertAscending(keys[0]!, count, groups, fresh);
    if (
      this.dense !== null &&
      (this.coversLimit(limits === null ? -1 : limits[0]!) || this.coverDense(keys[0]!, count))
    ) {
      return this.insertDense(keys[0]!, count, groups, fresh);
    }
    if (this.packer !== null) {
      const packed = this.packer.pack(keys, count, limits);
      if (packed !== null) return this.insertPacked(this.packer, keys, packed, count, groups, fresh);
      this.leavePacked();
    }
    this.hashKeys(keys, count);
    return this.width === 1
      ? this.insertSingle(keys[0]!, count, groups, fresh)
      : this.insertMany(keys, count, groups, fresh);
  }

  /**
   * The same for one column of integers without NULLs, which are their own codes: those at `positions` (null: the first `count`). While
   * they are looked up in an array (I2) nobody has to write codes down or to look at them twice.
   */
  insertInts(
    values: Int32Array,
    positions: Int32Array | null,
    count: number,
    groups: Int32Array,
    fresh: Int32Array,
  ): number {
    this.reserveGroups(count);
    let freshCount = 0;
    let done = 0;
    if (this.isAscending) {
      const before = this.count;
      const run = { from: 0, to: count, groups, fresh, freshCount: 0 };
      done = takeInts(values, positions, run, this.codes[0]!, before);
      if (done > 0) this.count = groups[done - 1]! + 1;
      freshCount = this.count - before;
      if (done < count) this.leaveAscending(this.expected);
    }
    while (done < count) {
      if (this.dense !== null && !this.coverInts(values, positions, done, count)) this.leaveDense();
      if (this.dense === null)
        return this.insertRest(values, positions, done, count, groups, fresh, freshCount);
      const before = this.count;
      done = this.insertDenseInts(values, positions, done, count, groups, fresh, freshCount);
      freshCount += this.count - before;
    }
    return freshCount;
  }

  private insertAscending(codes: Float64Array, count: number, groups: Int32Array, fresh: Int32Array): number {
    this.reserveGroups(count);
    const before = this.count;
    const run = { from: 0, to: count, groups, fresh, freshCount: 0 };
    const done = takeCodes(codes, run, this.codes[0]!, before);
    if (done > 0) this.count = groups[done - 1]! + 1;
    const freshCount = this.count - before;
    if (done === count) return freshCount;
    this.leaveAscending(this.expected);
    const more = fresh.subarray(freshCount);
    const moreCount = this.insert([codes.subarray(done)], count - done, groups.subarray(done), more);
    for (let k = 0; k < moreCount; k++) more[k] = more[k]! + done;
    return freshCount + moreCount;
  }

  /** The groups so far get an array, or a hash table where their range is too wide for one. `expected`: groups still counted on. */
  private leaveAscending(expected: number): void {
    this.isAscending = false;
    const { count } = this;
    const known = this.codes[0]!;
    if (count === 0 || !this.coverDense(known, count, expected)) return;
    const { dense, denseBase } = this;
    for (let group = 0; group < count; group++) dense![known[group]! - denseBase] = group + 1;
  }

  /** Goes on from row `from` as far as the array reaches; returns where that is. */
  private insertDenseInts(
    values: Int32Array,
    positions: Int32Array | null,
    from: number,
    count: number,
    groups: Int32Array,
    fresh: Int32Array,
    freshBefore: number,
  ): number {
    const dense = this.dense!;
    const base = this.denseBase;
    const { length } = dense;
    const known = this.codes[0]!;
    let groupCount = this.count;
    let freshCount = freshBefore;
    let i = from;
    for (; i < count; i++) {
      const value = values[positions === null ? i : positions[i]!]!;
      const at = value - base;
      if (!(at >= 0 && at < length)) break;
      let group = dense[at]!;
      if (group === 0) {
        known[groupCount] = value;
        group = ++groupCount;
        dense[at] = group;
        fresh[freshCount++] = i;
      }
      groups[i] = group - 1;
    }
    this.count = groupCount;
    return i;
  }

  /** Whether the array covers row `from`; where it does not, it is made to cover that and the rows behind it. */
  private coverInts(values: Int32Array, positions: Int32Array | null, from: number, count: number): boolean {
    const first = values[positions === null ? from : positions[from]!]! - this.denseBase;
    if (first >= 0 && first < this.dense!.length) return true;
    let low = Infinity;
    let high = -Infinity;
    for (let i = from; i < count; i++) {
      const value = values[positions === null ? i : positions[i]!]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return this.coverRange(low, high, count - from);
  }

  /** Rows from..count-1 by their codes, behind `freshBefore` rows that began a group. */
  private insertRest(
    values: Int32Array,
    positions: Int32Array | null,
    from: number,
    count: number,
    groups: Int32Array,
    fresh: Int32Array,
    freshBefore: number,
  ): number {
    const codes = new Float64Array(count - from);
    for (let i = from; i < count; i++) codes[i - from] = values[positions === null ? i : positions[i]!]!;
    const more = fresh.subarray(freshBefore);
    const freshCount = this.insert([codes], codes.length, groups.subarray(from), more);
    for (let k = 0; k < freshCount; k++) more[k] = more[k]! + from;
    return freshBefore + freshCount;
  }

  /** Group numbers of `count` rows; -1 for keys that are no group. */
  find(keys: readonly Float64Array[], count: number, groups: Int32Array): void {
    // Groups are looked for when all are there.
    if (this.isAscending) this.leaveAscending(0);
    if (this.width === 0) {
      groups.fill(this.count === 0 ? -1 : 0, 0, count);
    } else if (this.dense !== null) {
      this.findDense(keys[0]!, count, groups);
    } else if (this.packer !== null) {
      if (this.single === null) groups.fill(-1, 0, count);
      else this.single.find([this.packer.packKnown(keys, count)], count, groups);
    } else {
      this.hashKeys(keys, count);
      this.findHashed(keys, count, groups);
    }
  }

  private insertPacked(
    packer: KeyPacker,
    keys: readonly Float64Array[],
    packed: Float64Array,
    count: number,
    groups: Int32Array,
    fresh: Int32Array,
  ): number {
    let codes = packed;
    if (this.single === null || this.generation !== packer.generation) {
      codes = packed.slice(0, count);
      this.single = this.repacked(packer);
      this.generation = packer.generation;
    }
    const freshCount = this.single.insert([codes], count, groups, fresh, [packer.extent]);
    this.reserveGroups(freshCount);
    for (let k = 0; k < this.width; k++) {
      const known = this.codes[k]!;
      const key = keys[k]!;
      for (let i = 0; i < freshCount; i++) known[this.count + i] = key[fresh[i]!]!;
    }
    this.count += freshCount;
    return freshCount;
  }

  /** A table of the groups so far by their packed codes of now. */
  private repacked(packer: KeyPacker): GroupTable {
    const single = new GroupTable(1, this.expected, this.memoryMax);
    if (this.count > 0) {
      const found = new Int32Array(this.count);
      single.insert(
        [packer.packKnown(this.codes, this.count)],
        this.count,
        found,
        new Int32Array(this.count),
      );
    }
    return single;
  }

  private leavePacked(): void {
    this.packer = null;
    this.single = null;
    this.rehash(Math.max(256, this.count * 4));
  }

  private insertUnit(count: number, groups: Int32Array, fresh: Int32Array): number {
    groups.fill(0, 0, count);
    if (this.count > 0 || count === 0) return 0;
    this.count = 1;
    fresh[0] = 0;
    return 1;
  }

  /** Room for `more` groups. */
  private reserveGroups(more: number): void {
    const need = this.count + more;
    if (need <= this.room) return;
    let size = Math.max(need, this.room * 2);
    if (this.count * EXPECTED_PART >= this.expected) size = Math.max(size, Math.ceil(this.expected * 1.05));
    for (let k = 0; k < this.width; k++) {
      const grown = new Float64Array(size);
      grown.set(this.codes[k]!);
      this.codes[k] = grown;
    }
  }

  /** Whether the dense array covers codes from 0 to less than a limit; for a small one it is made to. */
  private coversLimit(limit: number): boolean {
    if (limit < 0) return false;
    const { denseBase, dense } = this;
    const { length } = dense!;
    if (denseBase <= 0 && limit <= denseBase + length) return true;
    if (limit > DENSE_LIMIT_MAX) return false;
    this.growDense(Math.min(0, denseBase), Math.max(limit, denseBase + length));
    return true;
  }

  /** Makes the dense array cover the batch's codes; false when I2 no longer holds (the table is then hashed). */
  private coverDense(codes: Float64Array, count: number, expected: number = this.expected): boolean {
    let low = Infinity;
    let high = -Infinity;
    let isIntegral = true;
    for (let i = 0; i < count; i++) {
      const value = codes[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
      if ((value | 0) !== value) isIntegral = false;
    }
    if (count === 0) return true;
    if (isIntegral && this.coverRange(low, high, count, expected)) return true;
    this.leaveDense();
    return false;
  }

  /** Makes the dense array cover low..high, of `count` codes; false when I2 would no longer hold. */
  private coverRange(low: number, high: number, count: number, expected: number = this.expected): boolean {
    const dense = this.dense!;
    const from = dense.length === 0 ? low : Math.min(low, this.denseBase);
    const to = dense.length === 0 ? high + 1 : Math.max(high + 1, this.denseBase + dense.length);
    const limit = Math.min(this.rangeMax, 4096 + 64 * (this.count + count) + 16 * expected);
    if (to - from > limit) return false;
    if (dense.length === 0 || from < this.denseBase || to > this.denseBase + dense.length) {
      // Ids begin near 0: smaller ones than the first few are to come.
      const isNearZero = from > 0 && from <= (to - from) >>> 2 && to <= limit;
      this.growDense(isNearZero ? 0 : from, to);
    }
    return true;
  }

  private growDense(from: number, to: number): void {
    const dense = this.dense!;
    // Room to grow upward, the usual direction of ids.
    const grown = new Int32Array(Math.min(DENSE_RANGE_MAX, Math.max(64, (to - from) * 2)));
    if (dense.length > 0) grown.set(dense, this.denseBase - from);
    this.dense = grown;
    this.denseBase = from;
  }

  private leaveDense(): void {
    this.dense = null;
    this.rehash(Math.max(256, this.count * 4));
  }

  private insertDense(codes: Float64Array, count: number, groups: Int32Array, fresh: Int32Array): number {
    const dense = this.dense!;
    const base = this.denseBase;
    this.reserveGroups(count);
    const known = this.codes[0]!;
    let groupCount = this.count;
    let freshCount = 0;
    for (let i = 0; i < count; i++) {
      const at = codes[i]! - base;
      let group = dense[at]!;
      if (group === 0) {
        known[groupCount] = codes[i]!;
        group = ++groupCount;
        dense[at] = group;
        fresh[freshCount++] = i;
      }
      groups[i] = group - 1;
    }
    this.count = groupCount;
    return freshCount;
  }

  private findDense(codes: Float64Array, count: number, groups: Int32Array): void {
    const dense = this.dense!;
    const base = this.denseBase;
    const { length } = dense;
    for (let i = 0; i < count; i++) {
      const at = codes[i]! - base;
      groups[i] = at >= 0 && at < length && (at | 0) === at ? dense[at]! - 1 : -1;
    }
  }

  private hashKeys(keys: readonly Float64Array[], count: number): void {
    if (this.hashes.length < count) this.hashes = new Int32Array(batchRoom(count));
    const { hashes } = this;
    for (let k = 0; k < keys.length; k++) mixHashes(hashes, wordsOf(keys[k]!), count, k === 0);
  }

  private rehash(capacity: number): void {
    let size = 256;
    while (size < capacity) size *= 2;
    this.slots = new Int32Array(size);
    const { slots, count } = this;
    this.hashKeys(this.codes, count);
    const { hashes } = this;
    const mask = size - 1;
    for (let group = 0; group < count; group++) {
      let at = spread(hashes[group]!) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = group + 1;
    }
  }

  /** Makes room for `count` more groups. The hashes of the batch must be computed after, so the caller does it first. */
  private reserveSlots(keys: readonly Float64Array[], count: number): void {
    if ((this.count + count) * 2 <= this.slots.length) return;
    this.rehash((this.count + count) * 4);
    this.hashKeys(keys, count);
  }

  private insertSingle(codes: Float64Array, count: number, groups: Int32Array, fresh: Int32Array): number {
    this.reserveSlots([codes], count);
    this.reserveGroups(count);
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    const known = this.codes[0]!;
    let freshCount = 0;
    for (let i = 0; i < count; i++) {
      const value = codes[i]!;
      let at = spread(hashes[i]!) & mask;
      let group = slots[at]!;
      while (group !== 0 && known[group - 1] !== value) {
        at = (at + 1) & mask;
        group = slots[at]!;
      }
      if (group === 0) {
        known[this.count] = value;
        group = ++this.count;
        slots[at] = group;
        fresh[freshCount++] = i;
      }
      groups[i] = group - 1;
    }
    return freshCount;
  }

  private insertMany(
    keys: readonly Float64Array[],
    count: number,
    groups: Int32Array,
    fresh: Int32Array,
  ): number {
    this.reserveSlots(keys, count);
    this.reserveGroups(count);
    const { slots, hashes, width } = this;
    const mask = slots.length - 1;
    let freshCount = 0;
    for (let i = 0; i < count; i++) {
      let at = spread(hashes[i]!) & mask;
      let group = slots[at]!;
      while (group !== 0 && !this.isKey(group - 1, keys, i)) {
        at = (at + 1) & mask;
        group = slots[at]!;
      }
      if (group === 0) {
        for (let k = 0; k < width; k++) this.codes[k]![this.count] = keys[k]![i]!;
        group = ++this.count;
        slots[at] = group;
        fresh[freshCount++] = i;
      }
      groups[i] = group - 1;
    }
    return freshCount;
  }

  private isKey(group: number, keys: readonly Float64Array[], row: number): boolean {
    for (let k = 0; k < this.width; k++) if (this.codes[k]![group] !== keys[k]![row]) return false;
    return true;
  }

  private findHashed(keys: readonly Float64Array[], count: number, groups: Int32Array): void {
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    const known = this.codes[0]!;
    const first = keys[0]!;
    const isSingle = this.width === 1;
    for (let i = 0; i < count; i++) {
      let at = spread(hashes[i]!) & mask;
      let group = slots[at]!;
      while (group !== 0 && !(isSingle ? known[group - 1] === first[i] : this.isKey(group - 1, keys, i))) {
        at = (at + 1) & mask;
        group = slots[at]!;
      }
      groups[i] = group - 1;
    }
  }
}

function wordsOf(codes: Float64Array): Int32Array {
  return new Int32Array(codes.buffer, codes.byteOffset, codes.length * 2);
}

function mixHashes(hashes: Int32Array, words: Int32Array, count: number, isFirst: boolean): void {
  for (let i = 0; i < count; i++) {
    const h = Math.imul(words[2 * i]! ^ Math.imul(words[2 * i + 1]!, 0x85ebca6b), 0xc2b2ae35);
    hashes[i] = isFirst ? h : Math.imul(hashes[i]! ^ (h >>> 15), 0x2c1b3c6d) + h;
  }
}

function spread(h: number): number {
  const mixed = h ^ (h >>> 15);
  return mixed ^ (mixed >>> 7);
}
