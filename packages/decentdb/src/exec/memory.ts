/**
 * Memory of a running statement: operators that hold rows report what they hold.
 *
 * I1  Every reservation is released by the operator that made it, at the latest in `close`.
 * I2  `isTight` asks an operator to spill (or to flush partial results) before it grows further; an operator that cannot
 *     spill goes on until `bytesMax`, where the statement fails with 53200 instead of taking the process down.
 */
import { DecentDbError } from '../base/errors.ts';

export interface MemoryLimits {
  /** Soft: beyond it operators spill (`workMem`). */
  readonly workBytes: number;
  /** Hard limit for one statement. */
  readonly bytesMax: number;
}

export const defaultMemoryLimits: MemoryLimits = { workBytes: 256 << 20, bytesMax: 2 ** 31 };

/** The budget of one statement. */
export class StatementMemory {
  readonly limits: MemoryLimits;
  private held = 0;
  private peak = 0;

  constructor(limits: MemoryLimits = defaultMemoryLimits) {
    this.limits = limits;
  }

  get heldBytes(): number {
    return this.held;
  }

  get peakBytes(): number {
    return this.peak;
  }

  get isTight(): boolean {
    return this.held > this.limits.workBytes;
  }

  /** Notes that an operator now holds `bytes` where it held `before`. Returns `bytes`, to be kept as the next `before`. */
  resize(before: number, bytes: number): number {
    this.held += bytes - before;
    if (this.held > this.peak) this.peak = this.held;
    if (this.held > this.limits.bytesMax && bytes > before) {
      throw new DecentDbError('53200', 'out of memory: the statement needs more than its memory limit', {
        detail: `The limit is ${this.limits.bytesMax} bytes.`,
        hint: 'Raise the memory limit, add an index that avoids sorting or hashing, or select fewer rows.',
      });
    }
    return bytes;
  }
}
