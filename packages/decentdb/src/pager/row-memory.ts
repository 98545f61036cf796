/**
 * Rows that look-ups by key come back to, as they were handed out: found without a way down a tree and a node's columns, each of which
 * lies somewhere else in memory. Where a table is large, that is most of what a look-up waits for. (InnoDB's adaptive hash index does
 * it for the way down, the row caches of LSM stores for rows.)
 *
 *     set = hash(owner, key):   4 x { key | owner + page | clock | lsn }     two lines of memory
 *                               4 x row
 *     changed[page % size]      clock
 *
 * I1  A row is found only for a snapshot that sees the version it was read from (`lsn` and later), and only while that is the newest
 *     of its page: `changed` has the clock of the newest version published since (pages may share a place, and then change together),
 *     the slot that of when the row was kept.
 * I2  A page may leave its tree without a new version, and only by way of the free list or the end of the file. So whatever changes
 *     these, or cannot be looked into, sets `floor`: all rows from before are forgotten. An older snapshot keeps none: the page it
 *     read may have left already.
 * I3  All this keeps to `bytesMax`, taken from the cache's budget when there are enough look-ups for the memory to begin.
 *     A row is kept when its key comes for the third time in a while; it is given up for another, one time in sixteen, when it
 *     was not asked for in between.
 * I4  Rows hold no objects that somebody could change, and no texts that keep others in memory; whoever keeps one sees to it.
 * I5  Where few look-ups come back, only keys of one hash in eight are looked for here, until more of them do: the others cost nothing.
 * I6  An owner's number is nobody else's as long as `era` is the same. When all were given out another era begins, without any rows.
 */

/**
 * For tests and measurements: whether databases opened from now on remember rows, after how many look-ups they begin, how often a
 * key is looked up before its row is worth keeping, which takes as long as another look-up or two (3 at most), and how many owners
 * have numbers at a time: with a page's they fit into 53 bits. Rows of trees whose root is of a level below `levelMin` are not
 * remembered: they lie in the processor's caches, or near enough.
 */
export const rowMemories: RowMemorySettings = {
  isOn: true,
  usesBefore: 4096,
  wantedAfter: 2,
  ownersMax: 2 ** 20,
  levelMin: 2,
};

export interface RowMemorySettings {
  isOn: boolean;
  usesBefore: number;
  wantedAfter: number;
  ownersMax: number;
  levelMin: number;
}

const WAYS = 4;
/** Numbers of a slot. */
const SLOT = 4;
const KEY = 0;
const PLACE = 1;
const CLOCK = 2;
const LSN = 3;

const SLOTS_FIRST = 2048;
const SLOTS_MAX = 131_072;
/** Each has two bits for each of sixteen keys: how often it was asked for. */
const SEEN_MAX = 131_072;
/** Keys are forgotten after one look-up for so many places. */
const SEEN_SHARE = 8;
const SLOT_BYTES = 8 * SLOT + 8 + 1 + 2;
/** More slots come when one in so many has a row. */
const SPARSE = 4;
const GROWTH = 4;
/** What the slots may take of all, one part in so many. */
const SLOTS_SHARE = 4;
/** Where few come back, keys whose hash has one of these bits are not looked for. */
const SAMPLE_MASK = 7 << 24;
/** Looks after which hits are counted, and the share of them below which they are few. */
const WINDOW = 8192;
const WINDOW_OF_SAMPLE = 1024;
const FEW = 1 / 16;
/** One in so many rows that another has to leave for is kept: where more are wanted than there is room for, keeping costs more than it saves. */
const TURNS = 16;
/** Hits that count for a row when another wants its place. */
const HEAT_MAX = 3;
/** A larger row takes too many others' place. */
const REMEMBERED_BYTES_MAX = 1024;

/** What says when pages changed takes one part in so many. */
const CHANGED_SHARE = 16;

const OWNER_STEP = 2 ** 32;
/** Of all memories, so that owners know which one gave them their numbers. */
let eras = 0;

export interface RowMemoryStats {
  readonly hits: number;
  readonly rows: number;
  readonly bytes: number;
}

export class RowMemory {
  /** I6. */
  era: number = ++eras;
  private owners = 0;
  private readonly bytesMax: number;
  private readonly charge: (bytes: number) => void;
  private readonly isOn: boolean = rowMemories.isOn;
  private slots: Float64Array | null = null;
  private rows: (object | null)[] = [];
  private heat: Uint8Array = new Uint8Array(0);
  private sizes: Uint16Array = new Uint16Array(0);
  /** By hash how often keys were asked for since it was last cleared. */
  private seen: Int32Array = new Int32Array(0);
  private seenCount = 0;
  private setMask = 0;
  private changed: Float64Array = new Float64Array(0);
  private clock = 1;
  private floor = 0;
  private uses = 0;
  private hits = 0;
  /** I5: bits of hashes that are passed over, looks left in this window, and hits before it. */
  private passed = 0;
  private looks: number = WINDOW;
  private hitsBefore = 0;
  private kept = 0;
  private turns = 0;
  private bytes = 0;

  /** `charge` is told once of the bytes that are taken from the cache. */
  constructor(bytesMax: number, charge: (bytes: number) => void) {
    this.bytesMax = bytesMax;
    this.charge = charge;
  }

  /** A number for a kind of rows, those of one statement, while `era` is what it is then. */
  newOwner(): number {
    if (this.owners >= rowMemories.ownersMax) {
      this.owners = 0;
      this.era = ++eras;
      this.forgetAll();
    }
    return ++this.owners * OWNER_STEP;
  }

  /** The row of a key, if `snapshot` sees it as it is here. */
  find(owner: number, key: number, snapshot: number): object | undefined {
    const { slots } = this;
    if (slots === null) return undefined;
    const hash = hashOf(owner, key);
    if ((hash & this.passed) !== 0) return undefined;
    if (--this.looks < 0) this.countHits();
    const first = (hash & this.setMask) * WAYS;
    for (let slot = first; slot < first + WAYS; slot++) {
      const at = slot * SLOT;
      if (slots[at + KEY] !== key) continue;
      const page = slots[at + PLACE]! - owner;
      if (!(page >= 0 && page < OWNER_STEP)) continue;
      const clock = slots[at + CLOCK]!;
      if (clock < this.floor || this.changedAt(page) > clock || slots[at + LSN]! > snapshot) return undefined;
      if (this.heat[slot]! < HEAT_MAX) this.heat[slot]!++;
      this.hits++;
      return this.rows[slot]!;
    }
    return undefined;
  }

  /** After a look-up that found nothing here: whether its row is to be kept. */
  isWanted(owner: number, key: number): boolean {
    if (this.slots === null) {
      if (this.isOn && ++this.uses > rowMemories.usesBefore) this.begin();
      return false;
    }
    const hash = hashOf(owner, key);
    if ((hash & this.passed) !== 0) return false;
    const { seen } = this;
    const at = (hash >>> 4) & (seen.length - 1);
    const shift = (hash & 15) << 1;
    const counts = seen[at]!;
    const count = (counts >>> shift) & 3;
    if (count >= rowMemories.wantedAfter) return true;
    if (++this.seenCount * SEEN_SHARE > seen.length * 16) this.forgetSeen();
    else seen[at] = counts + (1 << shift);
    return false;
  }

  /** I5: at the end of a window. */
  private countHits(): void {
    const window = this.passed === 0 ? WINDOW : WINDOW_OF_SAMPLE;
    this.passed = this.hits - this.hitsBefore < window * FEW ? SAMPLE_MASK : 0;
    this.looks = this.passed === 0 ? WINDOW : WINDOW_OF_SAMPLE;
    this.hitsBefore = this.hits;
  }

  private forgetSeen(): void {
    this.seen.fill(0);
    this.seenCount = 0;
  }

  /** Where a row of `bytes` may be kept, for a key just said to be wanted; negative: nowhere, so that nobody need make it. */
  placeFor(owner: number, key: number, bytes: number): number {
    if (this.slots === null || bytes > REMEMBERED_BYTES_MAX) return -1;
    const slot = this.slotFor(owner, key);
    if (slot < 0) return -1;
    if (this.rows[slot] !== null && this.slots[slot * SLOT + KEY] !== key && ++this.turns % TURNS !== 0)
      return -1;
    this.forget(slot);
    return this.bytes + bytes > this.bytesMax ? -1 : slot;
  }

  /** Keeps the row of the newest version `lsn` of a page at a place just found for it. */
  keep(
    slot: number,
    owner: number,
    key: number,
    page: number,
    lsn: number,
    row: object,
    bytes: number,
  ): void {
    const slots = this.slots!;
    const at = slot * SLOT;
    slots[at + KEY] = key;
    slots[at + PLACE] = owner + page;
    slots[at + CLOCK] = this.clock;
    slots[at + LSN] = lsn;
    this.rows[slot] = row;
    this.heat[slot] = 1;
    this.sizes[slot] = bytes;
    this.bytes += bytes;
    this.kept++;
    if (this.kept * SPARSE > this.rows.length) this.grow();
  }

  /** A page has a new version. */
  noteVersion(page: number): void {
    this.clock++;
    if (this.slots !== null) this.changed[page & (this.changed.length - 1)] = this.clock;
  }

  /** I2. */
  forgetAll(): void {
    this.floor = ++this.clock;
  }

  stats(): RowMemoryStats {
    return { hits: this.hits, rows: this.kept, bytes: this.bytes };
  }

  /** The slot that a row has, or may take; negative: all of its set are asked for. */
  private slotFor(owner: number, key: number): number {
    const slots = this.slots!;
    const first = (hashOf(owner, key) & this.setMask) * WAYS;
    let coldest = first;
    for (let slot = first; slot < first + WAYS; slot++) {
      const at = slot * SLOT;
      const page = slots[at + PLACE]! - owner;
      if (slots[at + KEY] === key && page >= 0 && page < OWNER_STEP) return slot;
      const clock = slots[at + CLOCK]!;
      const isOut = clock < this.floor || this.changedAt(slots[at + PLACE]! % OWNER_STEP) > clock;
      if (isOut) this.forget(slot);
      if (this.heat[slot]! < this.heat[coldest]!) coldest = slot;
    }
    if (this.heat[coldest] === 0) return coldest;
    for (let slot = first; slot < first + WAYS; slot++) this.heat[slot]!--;
    return -1;
  }

  private forget(slot: number): void {
    if (this.rows[slot] === null) return;
    this.rows[slot] = null;
    this.heat[slot] = 0;
    this.slots![slot * SLOT + PLACE] = 0;
    this.bytes -= this.sizes[slot]!;
    this.kept--;
  }

  private begin(): void {
    if (this.bytesMax < SLOTS_SHARE * SLOTS_FIRST * SLOT_BYTES) {
      this.uses = Number.NEGATIVE_INFINITY;
      return;
    }
    this.charge(this.bytesMax);
    this.seen = new Int32Array(Math.min(SEEN_MAX, largestPower(this.bytesMax / 64)));
    this.changed = new Float64Array(largestPower(this.bytesMax / (8 * CHANGED_SHARE)));
    this.resize(SLOTS_FIRST);
  }

  private resize(count: number): void {
    this.slots = new Float64Array(count * SLOT);
    this.rows = new Array<object | null>(count).fill(null);
    this.heat = new Uint8Array(count);
    this.sizes = new Uint16Array(count);
    this.setMask = count / WAYS - 1;
    this.bytes = count * SLOT_BYTES + this.seen.byteLength + this.changed.byteLength;
    this.kept = 0;
  }

  /** More slots, as long as most of the room is left for rows. */
  private grow(): void {
    const { slots, rows, heat, sizes } = this;
    const count = rows.length * GROWTH;
    if (count > SLOTS_MAX || count * SLOT_BYTES * SLOTS_SHARE > this.bytesMax) return;
    this.resize(count);
    for (let slot = 0; slot < rows.length; slot++) {
      const row = rows[slot]!;
      if (row !== null) this.moveIn(row, slots!, slot * SLOT, heat[slot]!, sizes[slot]!);
    }
  }

  /** A row from before the slots grew. */
  private moveIn(row: object, from: Float64Array, at: number, heat: number, bytes: number): void {
    const place = from[at + PLACE]!;
    const slot = this.slotFor(place - (place % OWNER_STEP), from[at + KEY]!);
    if (slot < 0) return;
    for (let i = 0; i < SLOT; i++) this.slots![slot * SLOT + i] = from[at + i]!;
    this.rows[slot] = row;
    this.heat[slot] = heat;
    this.sizes[slot] = bytes;
    this.bytes += bytes;
    this.kept++;
  }

  private changedAt(page: number): number {
    return this.changed[page & (this.changed.length - 1)]!;
  }
}

/** Consecutive keys, and equal keys of different owners, lie far from each other. */
function hashOf(owner: number, key: number): number {
  const high = Math.imul(owner / OWNER_STEP, 0x5bd1e995) ^ (key / OWNER_STEP);
  const mixed = Math.imul(key ^ high, 0x9e3779b1);
  const spread = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return spread ^ (spread >>> 13);
}

function largestPower(limit: number): number {
  return 2 ** Math.floor(Math.log2(limit));
}
