/**
 * Operators: a plan node at work.
 *
 *     open(context)  next() next() ... null  close()      and again from open
 *
 * I1  `next` returns a batch with at least one row, or null for ever at the end.
 * I2  `close` may come at any time after `open` and releases everything; it is called even when `open` or `next` threw.
 * I3  An operator opens its inputs in `open` and closes them in `close`.
 */

import type { Batch } from '../batch.ts';
import { FilterProgram } from '../compile/filter-program.ts';
import { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import type { KeyFilter } from '../join/key-filter.ts';

export interface Operator {
  open(context: ExecContext): void;
  next(): Batch | null;
  close(): void;
  /**
   * Called between `open` and the first `next`: rows whose column `slot` is none of the keys need not come out. True when
   * they will not; false when whoever asks must look himself.
   */
  restrict?(slot: number, keys: KeyFilter): boolean;
  /**
   * Called between `open` and the first `next`: whoever asks keeps nothing of a batch, neither positions nor columns, when he
   * asks for the next one, which may then be made in the same memory, and the pages it comes from may pass by (pager/page-ring.ts).
   */
  reuse?(): void;
  /** Called between `open` and the first `next`: so many rows are likely to be all that is asked for. Others must come all the same. */
  want?(rows: number): void;
}

const filters = new WeakMap<Expr, FilterProgram>();
const projections = new WeakMap<readonly Expr[], ProjectProgram>();

/** The program of a predicate, shared by all executions of the plan that holds it. */
export function filterProgram(predicate: Expr): FilterProgram {
  let program = filters.get(predicate);
  if (program === undefined) {
    program = new FilterProgram(predicate);
    filters.set(predicate, program);
  }
  return program;
}

/** The program of an expression list, shared likewise: the list must be the plan's own array. */
export function projectProgram(exprs: readonly Expr[]): ProjectProgram {
  let program = projections.get(exprs);
  if (program === undefined) {
    program = new ProjectProgram(exprs);
    projections.set(exprs, program);
  }
  return program;
}

const lists = new WeakMap<object, readonly Expr[]>();

/** A list derived from a plan object (sort keys, say), made once so that `projectProgram` finds its program again. */
export function derivedExprs(owner: object, make: () => readonly Expr[]): readonly Expr[] {
  let list = lists.get(owner);
  if (list === undefined) {
    list = make();
    lists.set(owner, list);
  }
  return list;
}

/** Pulls everything an input has. */
export function drain(input: Operator, take: (batch: Batch) => void): void {
  for (let batch = input.next(); batch !== null; batch = input.next()) take(batch);
}
