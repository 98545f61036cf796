/**
 * Which versions of which pages are in the log, and where: page -> (LSN, position), newest first.
 *
 * Entries are four 32-bit words (page, LSN less the base, position, next) in chunks of 64 KiB; a hash of chains finds
 * them: 20 to 24 bytes an entry, no objects (AC-P3.5).
 *
 * A position names a log file and an offset: the top bit is the file, the rest the offset in units of 8 bytes.
 *
 * I1  For one page, a later entry (higher number) is a newer version, and chains run from newest to oldest.
 * I2  A version that no snapshot and no running checkpoint can see is overwritten by its successor in place, so chains
 *     do not grow with the number of commits, only with the number of snapshots.
 * I3  Only committed versions whose frames are in the log are here: entries are added after the write, never before.
 */
import { assert } from '../base/assert.ts';
import type { Lsn, PageNo } from '../base/ids.ts';

const CHUNK_SHIFT = 12;
const CHUNK_ENTRIES: number = 1 << CHUNK_SHIFT;
const CHUNK_MASK: number = CHUNK_ENTRIES - 1;
const WORDS = 4;
const BUCKETS_MIN = 256;
const LSN_SPAN: number = 2 ** 32;

/** Position of a frame: log file 0 or 1, offset a multiple of 8 below 16 GiB. */
export function packPosition(file: 0 | 1, offset: number): number {
  return file * 0x80000000 + offset / 8;
}

export function positionFile(position: number): 0 | 1 {
  return position >= 0x80000000 ? 1 : 0;
}

export function positionOffset(position: number): number {
  return (position % 0x80000000) * 8;
}

/** Largest log file a position can address. */
export const LOG_FILE_BYTES_MAX: number = 0x80000000 * 8;

export class VersionIndex {
  private chunks: Uint32Array[] = [];
  private buckets: Uint32Array = new Uint32Array(BUCKETS_MIN);
  private count = 0;
  private baseLsn: number;

  constructor(baseLsn: Lsn) {
    this.baseLsn = baseLsn;
  }

  get entries(): number {
    return this.count;
  }

  get memoryBytes(): number {
    return this.chunks.length * CHUNK_ENTRIES * WORDS * 4 + this.buckets.byteLength;
  }

  /**
   * Adds a version, newer than all others of its page (or the same LSN again: the later frame wins).
   * Versions above `newestSnapshot` are visible to nobody any more and give up their entry (I2).
   */
  add(page: PageNo, lsn: Lsn, position: number, newestSnapshot: Lsn): void {
    const delta = lsn - this.baseLsn;
    assert(delta > 0 && delta < LSN_SPAN, 'version below the base of the index');
    const latest = this.latest(page);
    if (latest >= 0) {
      const latestLsn = this.lsnAt(latest);
      assert(latestLsn <= lsn, 'versions of a page must come in order (I1)');
      if (latestLsn > newestSnapshot || latestLsn === lsn) {
        const chunk = this.chunks[latest >>> CHUNK_SHIFT]!;
        const at = (latest & CHUNK_MASK) * WORDS;
        chunk[at + 1] = delta;
        chunk[at + 2] = position;
        return;
      }
    }
    this.append(page, delta, position);
  }

  /** Entry of the newest version at or below `lsn`, or -1: then the page file has the right one. */
  find(page: PageNo, lsn: Lsn): number {
    const delta = lsn - this.baseLsn;
    let entry = this.buckets[this.bucketOf(page)]! - 1;
    while (entry >= 0) {
      const chunk = this.chunks[entry >>> CHUNK_SHIFT]!;
      const at = (entry & CHUNK_MASK) * WORDS;
      if (chunk[at] === page && chunk[at + 1]! <= delta) return entry;
      entry = chunk[at + 3]! - 1;
    }
    return -1;
  }

  /** Entry of the newest version of a page, or -1. */
  latest(page: PageNo): number {
    return this.find(page, (this.baseLsn + LSN_SPAN) as Lsn);
  }

  lsnAt(entry: number): Lsn {
    return (this.baseLsn + this.word(entry, 1)) as Lsn;
  }

  positionAt(entry: number): number {
    return this.word(entry, 2);
  }

  /** Numbers of the pages that have a version at or below `lsn`, ascending. */
  pagesThrough(lsn: Lsn): Uint32Array {
    const pages = new Uint32Array(this.count);
    const delta = lsn - this.baseLsn;
    let found = 0;
    for (let entry = 0; entry < this.count; entry++) {
      if (this.word(entry, 1) > delta) continue;
      const page = this.word(entry, 0);
      if (this.find(page as PageNo, lsn) === entry) pages[found++] = page;
    }
    return pages.slice(0, found).sort();
  }

  /** Forgets every version at or below `lsn`: the page file has them, or newer ones, durably. */
  dropThrough(lsn: Lsn): void {
    const { count, baseLsn } = this;
    if (lsn <= baseLsn) return;
    // Made aside: where memory is refused, all stay.
    const kept = new VersionIndex(lsn);
    const shift = lsn - baseLsn;
    for (let entry = 0; entry < count; entry++) {
      const delta = this.word(entry, 1) - shift;
      if (delta > 0) kept.append(this.word(entry, 0) as PageNo, delta, this.word(entry, 2));
    }
    this.chunks = kept.chunks;
    this.buckets = kept.buckets;
    this.count = kept.count;
    this.baseLsn = lsn;
  }

  private word(entry: number, word: number): number {
    return this.chunks[entry >>> CHUNK_SHIFT]![(entry & CHUNK_MASK) * WORDS + word]!;
  }

  private append(page: PageNo, delta: number, position: number): void {
    if (this.count === this.buckets.length) this.rehash();
    const entry = this.count++;
    if (entry >>> CHUNK_SHIFT === this.chunks.length)
      this.chunks.push(new Uint32Array(CHUNK_ENTRIES * WORDS));
    const chunk = this.chunks[entry >>> CHUNK_SHIFT]!;
    const at = (entry & CHUNK_MASK) * WORDS;
    const bucket = this.bucketOf(page);
    chunk[at] = page;
    chunk[at + 1] = delta;
    chunk[at + 2] = position;
    chunk[at + 3] = this.buckets[bucket]!;
    this.buckets[bucket] = entry + 1;
  }

  private rehash(): void {
    this.buckets = new Uint32Array(this.buckets.length * 2);
    // In ascending order, so that chains still run from newest to oldest (I1).
    for (let entry = 0; entry < this.count; entry++) {
      const bucket = this.bucketOf(this.word(entry, 0) as PageNo);
      this.chunks[entry >>> CHUNK_SHIFT]![(entry & CHUNK_MASK) * WORDS + 3] = this.buckets[bucket]!;
      this.buckets[bucket] = entry + 1;
    }
  }

  private bucketOf(page: PageNo): number {
    const mixed = Math.imul(page, 0x9e3779b1);
    return ((mixed ^ (mixed >>> 15)) >>> 0) & (this.buckets.length - 1);
  }
}
