/**
 * Who reads which snapshot: what the checkpoint, the index and the log must keep.
 *
 * I1  A reader is registered in the same step that takes its snapshot: no checkpoint can come between.
 * I2  `oldest` is the only source of "how far may the checkpoint go", `newest` the only one of "does anybody still
 *     see this version".
 * I3  An expired reader is out of the registry, once; ending it later does nothing (AC-001.5).
 */
import { assert } from '../base/assert.ts';
import type { Lsn } from '../base/ids.ts';
import type { DatabaseMeta } from '../pager/meta.ts';

export const ReaderState = { active: 0, ended: 1, expired: 2, closed: 3 } as const;
export type ReaderState = (typeof ReaderState)[keyof typeof ReaderState];

/** What the registry knows of a reader; the read transaction itself. */
export interface RegisteredReader {
  readonly id: number;
  readonly meta: DatabaseMeta;
  readonly startedMs: number;
  state: ReaderState;
  /** Place in the registry; belongs to it. */
  registrySlot: number;
}

export interface ReaderInfo {
  readonly id: number;
  readonly snapshot: Lsn;
  readonly ageMs: number;
  readonly isOverWarning: boolean;
}

export class ReaderRegistry {
  private readonly readers: RegisteredReader[] = [];
  private expirations = 0;

  get count(): number {
    return this.readers.length;
  }

  get expiredTotal(): number {
    return this.expirations;
  }

  add(reader: RegisteredReader): void {
    reader.registrySlot = this.readers.length;
    this.readers.push(reader);
  }

  remove(reader: RegisteredReader): void {
    const slot = reader.registrySlot;
    assert(this.readers[slot] === reader, 'reader is not registered where it says');
    const last = this.readers.pop()!;
    if (last !== reader) {
      this.readers[slot] = last;
      last.registrySlot = slot;
    }
    reader.registrySlot = -1;
  }

  /** The reader with the oldest snapshot. */
  oldest(): RegisteredReader | undefined {
    let oldest: RegisteredReader | undefined;
    for (const reader of this.readers) {
      if (oldest === undefined || reader.meta.lsn < oldest.meta.lsn) oldest = reader;
    }
    return oldest;
  }

  /** Newest snapshot anybody reads, -1 without readers. */
  newestLsn(): Lsn {
    let newest = -1;
    for (let i = 0; i < this.readers.length; i++) {
      const lsn = this.readers[i]!.meta.lsn;
      if (lsn > newest) newest = lsn;
    }
    return newest as Lsn;
  }

  /** Revokes every reader older than `timeoutMs`; returns how many. */
  expire(nowMs: number, timeoutMs: number): number {
    return this.revoke(ReaderState.expired, (reader) => nowMs - reader.startedMs > timeoutMs);
  }

  /** Revokes all readers: the database is being closed. */
  closeAll(): void {
    this.revoke(ReaderState.closed, () => true);
  }

  list(nowMs: number, warnMs: number): ReaderInfo[] {
    return this.readers.map((reader) => ({
      id: reader.id,
      snapshot: reader.meta.lsn,
      ageMs: nowMs - reader.startedMs,
      isOverWarning: nowMs - reader.startedMs > warnMs,
    }));
  }

  private revoke(state: ReaderState, isRevoked: (reader: RegisteredReader) => boolean): number {
    const revoked = this.readers.filter(isRevoked);
    for (const reader of revoked) {
      reader.state = state;
      this.remove(reader);
    }
    if (state === ReaderState.expired) this.expirations += revoked.length;
    return revoked.length;
  }
}
