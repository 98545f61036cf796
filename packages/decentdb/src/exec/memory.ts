/**
 * Memory of a running statement: operators that hold rows report what they hold.
 *
 * I1  Every reservation is released by the operator that made it, at the latest in `close`.
 * I2  `isTight` asks an operator to spill (or to flush partial results) before it grows further; an operator that cannot
 *     spill goes on until `bytesMax`, where the statement fails with 53200 instead of taking the process down.
 * I4  An operator that asks `shareOf` before it grows keeps the statement within `workBytes`: it takes three quarters of what the
 *     others leave, so that one joined later has room too; a 16th of `workBytes` is everybody's.
 * I3  Temporary files are opened and closed here; `release` closes what an operator could not.
 */
import { assert } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import type { VfsFile } from '../vfs/vfs.ts';

export interface MemoryLimits {
  /** Soft: beyond it operators spill (`workMem`). */
  readonly workBytes: number;
  /** Hard limit for one statement. */
  readonly bytesMax: number;
}

export const defaultMemoryLimits: MemoryLimits = { workBytes: 256 << 20, bytesMax: 2 ** 31 };

/** Limits of a statement whose session allows it `workBytes`. */
export function memoryLimits(workBytes: number): MemoryLimits {
  return { workBytes, bytesMax: Math.max(defaultMemoryLimits.bytesMax, workBytes * 4) };
}

/** The budget of one statement. */
export class StatementMemory {
  readonly limits: MemoryLimits;
  /** Bytes written to temporary files. */
  spilledBytes = 0;
  /** Makes a temporary file; null: nothing can spill. */
  temporary: (() => VfsFile) | null = null;
  private held = 0;
  private peak = 0;
  private readonly files = new Set<VfsFile>();

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

  /** Whether an operator should move rows to a temporary file now. */
  get wantsSpill(): boolean {
    return this.held > this.limits.workBytes && this.temporary !== null;
  }

  /** Bytes an operator that holds `own` now may hold before it should spill (I4). */
  shareOf(own: number): number {
    if (this.temporary === null) return Number.POSITIVE_INFINITY;
    const { workBytes } = this.limits;
    return Math.max(workBytes / 16, (workBytes - (this.held - own)) * 0.75);
  }

  get openFiles(): number {
    return this.files.size;
  }

  openTemporary(): VfsFile {
    assert(this.temporary !== null, 'temporary files were asked for where there are none');
    const file = this.temporary();
    this.files.add(file);
    return file;
  }

  closeTemporary(file: VfsFile): void {
    if (this.files.delete(file)) file.close();
  }

  /** The statement is over. */
  release(): void {
    for (const file of [...this.files]) this.closeTemporary(file);
  }

  /** Notes that an operator now holds `bytes` where it held `before`. Returns `bytes`, to be kept as the next `before`. */
  resize(before: number, bytes: number): number {
    this.held += bytes - before;
    if (this.held > this.peak) this.peak = this.held;
    if (this.held > this.limits.bytesMax && bytes > before) {
      throw new DecentDbError('53200', 'out of memory: the statement needs more than its memory limit', {
        detail: `The limit is ${this.limits.bytesMax} bytes.`,
        hint: 'The limit is four times work_mem, and 2 GB at least. Select fewer rows or smaller values, or raise work_mem.',
      });
    }
    return bytes;
  }
}
