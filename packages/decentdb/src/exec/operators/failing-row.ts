/**
 * Errors of rows that nobody may want. Where expressions fail for a row of a batch, the rows before it leave, and the error is thrown when
 * more are asked for: what a LIMIT or EXISTS has no need of is not missed, as if rows were worked through one by one.
 *
 * I1  The error is that of the first row that fails.
 * I2  Expressions that do something besides (volatile calls, subqueries) are evaluated once: their errors are thrown at once.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Batch } from '../batch.ts';

interface BatchProgram {
  /** I2. */
  readonly isVolatile: boolean;
}

export class FailingRow {
  private error: DecentDbError | null = null;

  reset(): void {
    this.error = null;
  }

  /** No row behind those returned may be asked for any more. */
  get isKnown(): boolean {
    return this.error !== null;
  }

  /** To be called before more rows are read. */
  check(): void {
    if (this.error !== null) throw this.error;
  }

  /** What `run` makes of the batch, or of the rows before the first that fails. */
  run(program: BatchProgram, batch: Batch, run: (rows: Batch) => Batch | null): Batch | null {
    try {
      return run(batch);
    } catch (error) {
      if (program.isVolatile || !isOfRow(error)) throw error;
      return this.before(error, batch, run);
    }
  }

  private before(first: DecentDbError, batch: Batch, run: (rows: Batch) => Batch | null): Batch | null {
    let error = first;
    let passing = 0;
    let failing = batch.count;
    while (failing - passing > 1) {
      const middle = (passing + failing) >> 1;
      try {
        run(batch.slice(0, middle));
        passing = middle;
      } catch (other) {
        if (!isOfRow(other)) throw other;
        failing = middle;
        error = other;
      }
    }
    const rows = passing === 0 ? null : run(batch.slice(0, passing));
    if (rows === null) throw error;
    this.error = error;
    return rows;
  }
}

/** Whether an error is about values. */
export function isOfRow(error: unknown): error is DecentDbError {
  return error instanceof DecentDbError && error.code.startsWith('22');
}
