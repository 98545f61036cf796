/**
 * The owner's half of sharing a database with other threads: announces commits, gives out slots, holds checkpoints back.
 *
 * I1  Only what is in the log is announced: threads read files, not this thread's memory.
 * I2  While anybody shares, no version of a page at or below the published state gives up its place in the index: a
 *     snapshot that is just being taken elsewhere may become a checkpoint's target.
 */
import { assert } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import type { Lsn } from '../base/ids.ts';
import type { DatabaseMeta } from '../pager/meta.ts';
import { SharedState, SLOTS_MAX } from './shared-state.ts';

/** States announced lately that are remembered although no slot names them. */
const METAS_KEPT = 64;

/** A snapshot that another thread reads. */
export interface SlotInfo {
  readonly slot: number;
  readonly snapshot: Lsn;
  readonly ageMs: number;
}

export class Sharing {
  readonly state: SharedState;
  private readonly used: Set<number> = new Set();
  /** Announced states, oldest first: what a checkpoint may stop at. */
  private metas: DatabaseMeta[];
  /** When each slot was first seen to hold its snapshot. */
  private readonly seen: Map<number, { lsn: Lsn; sinceMs: number }> = new Map();

  constructor(published: DatabaseMeta, copied: Lsn) {
    this.state = SharedState.create(published.lsn, copied);
    this.metas = [published];
  }

  get isUsed(): boolean {
    return this.used.size > 0;
  }

  takeSlot(): number {
    for (let slot = 0; slot < SLOTS_MAX; slot++) {
      if (this.used.has(slot)) continue;
      this.used.add(slot);
      this.state.unpin(slot);
      return slot;
    }
    throw new DecentDbError('53300', `no more than ${SLOTS_MAX} threads may share a database`);
  }

  /** The thread has ended, however it ended: whatever it read, it reads no more. Harmless when repeated. */
  freeSlot(slot: number): void {
    if (!this.used.delete(slot)) return;
    this.seen.delete(slot);
    this.state.unpin(slot);
  }

  announce(meta: DatabaseMeta): void {
    if (meta.lsn <= this.state.published) return;
    this.metas.push(meta);
    if (this.metas.length > 4 * METAS_KEPT) this.prune();
    this.state.publish(meta.lsn);
  }

  /** How far a checkpoint that wants to reach `target` may go; undefined when it cannot say. */
  checkpointTarget(target: DatabaseMeta): DatabaseMeta | undefined {
    const limit = this.state.limitCheckpoint(target.lsn);
    if (limit >= target.lsn) return target;
    const found = this.metas.findLast(({ lsn }) => lsn <= limit);
    assert(found === undefined || found.lsn <= limit, 'checkpoint target above a snapshot');
    return found;
  }

  list(nowMs: number): SlotInfo[] {
    const infos: SlotInfo[] = [];
    for (const slot of this.used) {
      const snapshot = this.state.pinned(slot);
      if (snapshot === undefined) {
        this.seen.delete(slot);
        continue;
      }
      let seen = this.seen.get(slot);
      if (seen?.lsn !== snapshot) {
        seen = { lsn: snapshot, sinceMs: nowMs };
        this.seen.set(slot, seen);
      }
      infos.push({ slot, snapshot, ageMs: nowMs - seen.sinceMs });
    }
    return infos;
  }

  /** Ends snapshots that have been in use for longer than the timeout; returns how many. */
  expire(nowMs: number, timeoutMs: number): number {
    let expired = 0;
    for (const { slot, snapshot, ageMs } of this.list(nowMs)) {
      if (ageMs > timeoutMs && this.state.revoke(slot, snapshot)) expired++;
    }
    return expired;
  }

  close(): void {
    this.state.close();
  }

  private prune(): void {
    const oldest = this.state.oldest() ?? Number.POSITIVE_INFINITY;
    const from = this.metas.length - METAS_KEPT;
    const firstPinned = this.metas.findLastIndex(({ lsn }) => lsn <= oldest);
    this.metas = this.metas.slice(Math.max(0, Math.min(from, firstPinned)));
  }
}
