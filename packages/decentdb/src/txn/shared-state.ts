/**
 * What threads that share a database tell each other: a few numbers in shared memory.
 *
 *     word   0  published   newest commit in the log that may be read          (written by the owner)
 *            1  floor       no snapshot below it may begin: a checkpoint goes that far
 *            2  copied      the page file has everything up to here, durably
 *            3  closed      1 when the owner has closed the database
 *           16+ slots       oldest snapshot a thread reads, `FREE`, or `REVOKED` by the owner
 *
 * I1  Every word is an LSN or a flag, read and written with Atomics only. LSNs never start over, so no number needs a
 *     generation beside it, and a number read late is only out of date, never about something else.
 * I2  A thread takes a snapshot by writing its slot and then looking at `floor`; the owner begins a checkpoint by writing
 *     `floor` and then looking at the slots. Whichever comes second sees the other: no snapshot below a checkpoint's
 *     target is ever in use.
 * I3  Slots are given out and taken back by the owner alone, when a thread begins and when it has ended, however it ended.
 *     A thread that is killed leaves a number in its slot and nothing else.
 * I4  One thread, the owner, writes the database. Nobody waits for anybody: there is no lock here to leave behind.
 */
import { assert } from '../base/assert.ts';
import type { Lsn } from '../base/ids.ts';

const Word = { published: 0, floor: 1, copied: 2, closed: 3, slots: 16 } as const;
const FREE = -1n;
const REVOKED = -2n;
/** Threads that may share one database. */
export const SLOTS_MAX = 64;

export class SharedState {
  readonly buffer: SharedArrayBuffer;
  private readonly words: BigInt64Array;

  private constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.words = new BigInt64Array(buffer);
  }

  /** The owner's side, before any thread knows of it. */
  static create(published: Lsn, copied: Lsn): SharedState {
    const shared = new SharedState(new SharedArrayBuffer((Word.slots + SLOTS_MAX) * 8));
    shared.words.fill(FREE, Word.slots);
    shared.store(Word.published, published);
    shared.store(Word.floor, copied);
    shared.store(Word.copied, copied);
    return shared;
  }

  static attach(buffer: SharedArrayBuffer): SharedState {
    return new SharedState(buffer);
  }

  get published(): Lsn {
    return this.load(Word.published);
  }

  get floor(): Lsn {
    return this.load(Word.floor);
  }

  get copied(): Lsn {
    return this.load(Word.copied);
  }

  get isClosed(): boolean {
    return this.load(Word.closed) !== 0;
  }

  // The owner.

  publish(lsn: Lsn): void {
    assert(lsn >= this.published, 'published LSN went back');
    this.store(Word.published, lsn);
  }

  /** Begins a checkpoint: returns the lowest snapshot in use, or `target` when that is lower (I2). */
  limitCheckpoint(target: Lsn): Lsn {
    const before = this.floor;
    this.store(Word.floor, Math.max(target, before) as Lsn);
    const limit = Math.min(target, this.oldest() ?? target) as Lsn;
    this.store(Word.floor, Math.max(limit, before) as Lsn);
    return limit;
  }

  noteCopied(lsn: Lsn): void {
    this.store(Word.copied, lsn);
  }

  close(): void {
    this.store(Word.closed, 1 as Lsn);
  }

  /** The lowest snapshot that a thread reads. */
  oldest(): Lsn | undefined {
    let oldest: bigint | undefined;
    for (let slot = 0; slot < SLOTS_MAX; slot++) {
      const lsn = Atomics.load(this.words, Word.slots + slot);
      if (lsn >= 0n && (oldest === undefined || lsn < oldest)) oldest = lsn;
    }
    return oldest === undefined ? undefined : (Number(oldest) as Lsn);
  }

  /** Ends the snapshot of a thread that reads `lsn`: its reads fail from now on. False when it has moved on. */
  revoke(slot: number, lsn: Lsn): boolean {
    return Atomics.compareExchange(this.words, Word.slots + slot, BigInt(lsn), REVOKED) === BigInt(lsn);
  }

  // The owner of a slot.

  /** What a slot says: a snapshot, or undefined when its thread reads nothing. */
  pinned(slot: number): Lsn | undefined {
    const lsn = Atomics.load(this.words, Word.slots + slot);
    return lsn < 0n ? undefined : (Number(lsn) as Lsn);
  }

  isRevoked(slot: number): boolean {
    return Atomics.load(this.words, Word.slots + slot) === REVOKED;
  }

  pin(slot: number, lsn: Lsn): void {
    Atomics.store(this.words, Word.slots + slot, BigInt(lsn));
  }

  /** Moves a snapshot up, unless it was revoked. */
  movePin(slot: number, from: Lsn, to: Lsn): boolean {
    return Atomics.compareExchange(this.words, Word.slots + slot, BigInt(from), BigInt(to)) === BigInt(from);
  }

  unpin(slot: number): void {
    Atomics.store(this.words, Word.slots + slot, FREE);
  }

  private load(word: number): Lsn {
    return Number(Atomics.load(this.words, word)) as Lsn;
  }

  private store(word: number, lsn: Lsn): void {
    Atomics.store(this.words, word, BigInt(lsn));
  }
}
