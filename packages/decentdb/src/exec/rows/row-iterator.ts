/**
 * Rows of a running plan one at a time, a batch's worth built at once.
 *
 * I1  `return` (a `break` in for-of) closes the run; so do the end and an error.
 */
import type { Batch } from '../batch.ts';

/** Where batches come from: a PlanRun. */
export interface BatchSource {
  next(): Batch | null;
  close(): void;
}

/** Rows built from a batch at a time by `build`. */
export class RowIterator<T> implements IterableIterator<T> {
  private readonly source: BatchSource;
  private readonly build: (batch: Batch, out: T[]) => void;
  private rows: T[] = [];
  private at = 0;
  private isDone = false;

  constructor(source: BatchSource, build: (batch: Batch, out: T[]) => void) {
    this.source = source;
    this.build = build;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<T, undefined> {
    if (this.at >= this.rows.length && !this.refill()) return { done: true, value: undefined };
    return { done: false, value: this.rows[this.at++]! };
  }

  private refill(): boolean {
    if (this.isDone) return false;
    try {
      const batch = this.source.next();
      if (batch !== null) {
        const rows: T[] = [];
        this.build(batch, rows);
        this.rows = rows;
        this.at = 0;
        return true;
      }
    } catch (error) {
      this.finish();
      throw error;
    }
    this.finish();
    return false;
  }

  return(): IteratorResult<T, undefined> {
    this.finish();
    return { done: true, value: undefined };
  }

  private finish(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.rows = [];
    this.at = 0;
    this.source.close();
  }
}
