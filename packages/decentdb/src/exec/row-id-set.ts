/**
 * A set of row ids: which rows a statement has met or changed. Ids near each other take a bit or two bytes each.
 *
 *     id = 65536 * range + low       range -> its lows: a sorted list of up to 4096, beyond that a bit for each of the 65536
 *
 * I1  Ids far from each other, a few in each range, are in a hash table of numbers, once there are enough of them to tell.
 * I2  What the set takes is reported to the statement's memory; `clear` gives it back.
 * I3  Ids beyond what numbers hold exactly are kept by themselves.
 */
import type { Datum } from '../types/vector.ts';
import type { StatementMemory } from './memory.ts';

const RANGE_IDS = 65536;
const LIST_MAX = 4096;
const LIST_MIN = 16;
const BITMAP_WORDS = RANGE_IDS / 32;
/** What a range takes beside its ids, roughly. */
const RANGE_BYTES = 200;
/** I1: how many ids are looked at, and how many a range must have on average. */
const TRIAL_IDS = 1024;
const RANGE_IDS_MIN = 32;
const TABLE_MIN = 4096;
const BIG_BYTES = 64;
/** Growth is reported in steps. */
const REPORT_BYTES = 1 << 14;

interface IdRange {
  /** Sorted lows, `count` of them; of no length once there are bits. */
  list: Uint16Array;
  bits: Int32Array | null;
  count: number;
}

export class RowIdSet {
  size = 0;
  private readonly memory: StatementMemory | null;
  private readonly ranges: Map<number, IdRange> = new Map();
  private lastKey = -1;
  private last: IdRange | null = null;
  /** I1: NaN marks a free place. */
  private table: Float64Array | null = null;
  private big: Set<bigint> | null = null;
  private bytes = 0;
  private reported = 0;

  constructor(memory: StatementMemory | null = null) {
    this.memory = memory;
  }

  /** Whether the id is new. */
  add(given: Datum): boolean {
    const id = numberOf(given);
    const isNew = typeof id === 'bigint' ? this.addBig(id) : this.addNumber(id);
    if (!isNew) return false;
    this.size++;
    if (this.bytes - this.reported >= REPORT_BYTES) this.report();
    return true;
  }

  has(given: Datum): boolean {
    const id = numberOf(given);
    if (typeof id === 'bigint') return this.big?.has(id) === true;
    const { table } = this;
    if (table !== null) return table[placeOf(table, id)] === id;
    const range = this.rangeOf(id);
    if (range === null) return false;
    const low = id - Math.floor(id / RANGE_IDS) * RANGE_IDS;
    if (range.bits !== null) return (range.bits[low >>> 5]! & (1 << (low & 31))) !== 0;
    const at = lowerBound(range.list, range.count, low);
    return at < range.count && range.list[at] === low;
  }

  /** Tells the statement's memory what is held now. */
  report(): void {
    if (this.memory !== null) this.reported = this.memory.resize(this.reported, this.bytes);
    else this.reported = this.bytes;
  }

  clear(): void {
    this.ranges.clear();
    this.last = null;
    this.lastKey = -1;
    this.table = null;
    this.big = null;
    this.size = 0;
    this.bytes = 0;
    this.report();
  }

  private rangeOf(id: number): IdRange | null {
    const key = Math.floor(id / RANGE_IDS);
    if (key === this.lastKey && this.last !== null) return this.last;
    const range = this.ranges.get(key);
    if (range === undefined) return null;
    this.lastKey = key;
    this.last = range;
    return range;
  }

  private addNumber(id: number): boolean {
    if (this.table !== null) return this.addToTable(this.table, id);
    const low = id - Math.floor(id / RANGE_IDS) * RANGE_IDS;
    const range = this.rangeOf(id) ?? this.newRange(id);
    const { bits } = range;
    if (bits !== null) {
      const bit = 1 << (low & 31);
      if ((bits[low >>> 5]! & bit) !== 0) return false;
      bits[low >>> 5]! |= bit;
      range.count++;
      return true;
    }
    if (!this.addToList(range, low)) return false;
    if (range.count > LIST_MAX) this.toBits(range);
    if (this.size + 1 >= TRIAL_IDS && this.ranges.size * RANGE_IDS_MIN > this.size) this.toTable();
    return true;
  }

  private newRange(id: number): IdRange {
    const range: IdRange = { list: new Uint16Array(LIST_MIN), bits: null, count: 0 };
    const key = Math.floor(id / RANGE_IDS);
    this.ranges.set(key, range);
    this.lastKey = key;
    this.last = range;
    this.bytes += RANGE_BYTES + LIST_MIN * 2;
    return range;
  }

  private addToList(range: IdRange, low: number): boolean {
    const { count } = range;
    let { list } = range;
    const isLast = count === 0 || list[count - 1]! < low;
    const at = isLast ? count : lowerBound(list, count, low);
    if (at < count && list[at] === low) return false;
    if (count === list.length) {
      list = new Uint16Array(count * 2);
      list.set(range.list);
      this.bytes += count * 2;
      range.list = list;
    }
    if (!isLast) list.copyWithin(at + 1, at, count);
    list[at] = low;
    range.count++;
    return true;
  }

  private toBits(range: IdRange): void {
    const bits = new Int32Array(BITMAP_WORDS);
    for (let i = 0; i < range.count; i++) {
      const low = range.list[i]!;
      bits[low >>> 5]! |= 1 << (low & 31);
    }
    this.bytes += bits.byteLength - range.list.byteLength;
    range.bits = bits;
    range.list = new Uint16Array(0);
  }

  /** I1. */
  private toTable(): void {
    const ids = new Float64Array(TABLE_MIN * 2).fill(Number.NaN);
    this.table = ids;
    this.bytes = ids.byteLength;
    let count = 0;
    for (const [key, { list, bits, count: lows }] of this.ranges) {
      if (bits === null) for (let i = 0; i < lows; i++) this.put(key * RANGE_IDS + list[i]!, count++);
      else
        for (let low = 0; low < RANGE_IDS; low++)
          if ((bits[low >>> 5]! & (1 << (low & 31))) !== 0) this.put(key * RANGE_IDS + low, count++);
    }
    this.ranges.clear();
    this.last = null;
    if (this.big !== null) this.bytes += this.big.size * BIG_BYTES;
  }

  private addToTable(table: Float64Array, id: number): boolean {
    if (table[placeOf(table, id)] === id) return false;
    this.put(id, this.size);
    return true;
  }

  /** An id that is not there yet, as number `count`. */
  private put(id: number, count: number): void {
    let table = this.table!;
    if ((count + 1) * 4 > table.length * 3) {
      const more = new Float64Array(table.length * 2).fill(Number.NaN);
      for (const known of table) if (known === known) more[placeOf(more, known)] = known;
      this.bytes += more.byteLength - table.byteLength;
      this.table = table = more;
    }
    table[placeOf(table, id)] = id;
  }

  private addBig(id: bigint): boolean {
    this.big ??= new Set();
    if (this.big.has(id)) return false;
    this.big.add(id);
    this.bytes += BIG_BYTES;
    return true;
  }
}

/** Where an id is in a table, or the free place it would take. */
function placeOf(table: Float64Array, id: number): number {
  const mask = table.length - 1;
  const high = Math.floor(id / 4294967296);
  let at = Math.imul((id | 0) ^ Math.imul(high | 0, 0x9e3779b1), 0x85ebca6b);
  at = (at ^ (at >>> 15)) & mask;
  for (let known = table[at]!; known === known && known !== id; known = table[at]!) at = (at + 1) & mask;
  return at;
}

/** Position of the first of `count` sorted values that is not below `value`. */
function lowerBound(list: Uint16Array, count: number, value: number): number {
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (list[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** I3. */
function numberOf(id: Datum): number | bigint {
  if (typeof id === 'number') return id;
  const big = id as bigint;
  return big <= Number.MAX_SAFE_INTEGER && big >= Number.MIN_SAFE_INTEGER ? Number(big) : big;
}
