/**
 * Memory of a running statement: operators that hold rows report what they hold.
 *
 * I1  Every reservation is released by the operator that made it, at the latest in `close`.
 * I2  `isTight` asks an operator to spill (or to flush partial results) before it grows further; an operator that cannot
 *     spill goes on until `bytesMax`, where the statement fails with 53200 instead of taking the process down.
 * I4  An operator that asks `shareOf` before it grows keeps the statement within `workBytes`: it takes three quarters of what the
 *     others leave, so that one joined later has room too; a 16th of `workBytes` is everybody's.
 * I5  Values on the JavaScript heap end the statement with 53200 (vfs/heap.ts) before they end the process; result rows that the
 *     caller will get are counted for that too (`holdResult`), though not towards the other limits: they are the caller's.
 * I3  Temporary files are opened and closed here; `release` closes what an operator could not.
 */
import { assert } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import { heapBytesFree, heapWorkBytes, requireHeap } from '../vfs/heap.ts';
import type { VfsFile } from '../vfs/vfs.ts';

export interface MemoryLimits {
  /** Soft: beyond it operators spill (`workMem`). */
  readonly workBytes: number;
  /** Hard limit for one statement. */
  readonly bytesMax: number;
}

export const defaultMemoryLimits: MemoryLimits = { workBytes: 256 << 20, bytesMax: 2 ** 31 };

/** Growth between looks at the heap. */
const LOOK_BYTES = 1 << 18;

/** Limits of a statement whose session allows it `workBytes`; a small heap allows less. */
export function memoryLimits(workBytes: number): MemoryLimits {
  return {
    workBytes: Math.min(workBytes, heapWorkBytes),
    bytesMax: Math.max(defaultMemoryLimits.bytesMax, workBytes * 4),
  };
}

/** The budget of one statement. */
export class StatementMemory {
  readonly limits: MemoryLimits;
  /** Bytes written to temporary files. */
  spilledBytes = 0;
  /** Makes a temporary file; null: nothing can spill. */
  temporary: (() => VfsFile) | null = null;
  /** Throws when the statement was cancelled: asked before each block that goes to a file. */
  checkCancel: (() => void) | null = null;
  private held = 0;
  private peak = 0;
  private result = 0;
  /** I5: what is held within work_mem goes to files in time, and much of it is not on the heap. */
  private readonly heldFree: number;
  /** Bytes held, and of the result, at which the heap is looked at next. */
  private nextHeld: number;
  private nextResult = heapBytesFree;
  private readonly files = new Set<VfsFile>();

  constructor(limits: MemoryLimits = defaultMemoryLimits) {
    this.limits = limits;
    this.heldFree = Math.max(heapBytesFree, limits.workBytes);
    this.nextHeld = this.heldFree;
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
    if (this.held < this.nextHeld - LOOK_BYTES)
      this.nextHeld = Math.max(this.heldFree, this.held + LOOK_BYTES);
    else if (bytes > before && this.held >= this.nextHeld) {
      this.nextHeld = this.held + LOOK_BYTES;
      requireHeap(this.held + this.result);
    }
    return bytes;
  }

  /** Notes that rows of so many bytes in all have been made for the caller (I5). */
  holdResult(bytes: number): void {
    this.result = bytes;
    if (bytes < this.nextResult) return;
    this.nextResult = bytes + LOOK_BYTES;
    requireHeap(this.held + bytes);
  }
}
