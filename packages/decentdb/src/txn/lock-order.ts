/**
 * The locks of one storage engine and their one order.
 *
 *     rank  lock         held while
 *     10    writer       a write transaction is open
 *     20    checkpoint   one slice of a checkpoint runs
 *     30    log          a batch is being appended, flushed, synced while the caller waits, or the log switched
 *     40    readers      readers are revoked
 *
 * I1  A lock is taken only while every lock held has a lower rank. Checked at every acquisition, always.
 * I2  No lock is held while user code runs, with one exception: `writer`, which is what a transaction is.
 *
 * In one thread the locks never wait: they are flags that catch a call from the wrong place (re-entry from user code, a
 * checkpoint inside a commit). Other threads take none of them: shared-state.ts.
 */
import { verifyEnabled } from '../base/assert.ts';
import { AssertionFailure } from '../base/errors.ts';

export const LockRank = { writer: 10, checkpoint: 20, log: 30, readers: 40 } as const;
export type LockName = keyof typeof LockRank;

export class LockOrder {
  /** Names in the order of acquisition, which I1 makes the order of ranks. */
  private readonly held: LockName[] = [];
  /** Where each was taken; only while invariants are verified. */
  private readonly takenAt: (Error | undefined)[] = [];

  acquire(name: LockName): void {
    const last = this.held[this.held.length - 1];
    if (last !== undefined && LockRank[last] >= LockRank[name]) {
      const failure = new AssertionFailure(
        `lock order: "${name}" taken while "${this.held.join('", "')}" held`,
      );
      failure.cause = this.takenAt.at(-1);
      throw failure;
    }
    this.held.push(name);
    this.takenAt.push(verifyEnabled() ? new Error(`"${name}" was taken here`) : undefined);
  }

  release(name: LockName): void {
    const at = this.held.lastIndexOf(name);
    if (at < 0) throw new AssertionFailure(`lock order: "${name}" released but not held`);
    this.held.splice(at, 1);
    this.takenAt.splice(at, 1);
  }

  isHeld(name: LockName): boolean {
    return this.held.includes(name);
  }

  list(): readonly LockName[] {
    return [...this.held];
  }

  /** Runs `action` under a lock. */
  with<T>(name: LockName, action: () => T): T {
    this.acquire(name);
    try {
      return action();
    } finally {
      this.release(name);
    }
  }
}
