/**
 * RETURNING of a statement on its short path: rows of datums, made from each row once it was checked and before it is written.
 *
 * I1  An expression that fails leaves no trace, as a check that fails does.
 */
import { datumList } from '../../types/datum-list.ts';
import type { Datum } from '../../types/vector.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { Expr, WriteTarget } from '../physical.ts';
import { DatumRow, type PointContext } from './datum-row.ts';
import { isSimple, slotsOf } from './point-plan.ts';

export class PointReturning {
  /** Of the last statement; the array is new with each. */
  rows: Datum[][] = [];
  /** Columns of the new and of the old row that are looked at, in row layout. */
  readonly currentSlots: readonly number[];
  readonly oldSlots: readonly number[];
  private readonly evaluators: readonly Evaluator[];
  private readonly both: DatumRow;
  private readonly width: number;

  private constructor(exprs: readonly Expr[], slots: readonly number[], width: number) {
    this.evaluators = exprs.map(evaluatorOf);
    this.currentSlots = slots.filter((slot) => slot < width);
    this.oldSlots = slots.filter((slot) => slot >= width).map((slot) => slot - width);
    this.both = new DatumRow(width * 2);
    this.width = width;
  }

  /** Whether the clause, or its absence, is for this path. */
  static allows(exprs: readonly Expr[] | null, target: WriteTarget): boolean {
    if (exprs === null) return true;
    // Input columns are not kept, and virtual columns of old rows not computed.
    const end = (target.table.columns.length + 1) * 2;
    return target.virtual.length === 0 && exprs.every(isSimple) && slotsOf(exprs).every((slot) => slot < end);
  }

  /** Null without the clause. */
  static of(exprs: readonly Expr[] | null, target: WriteTarget): PointReturning | null {
    if (exprs === null) return null;
    return new PointReturning(exprs, slotsOf(exprs), target.table.columns.length + 1);
  }

  begin(): void {
    this.rows = [];
  }

  /** A part that does not exist is NULL. */
  add(current: DatumRow | null, old: DatumRow | null, context: PointContext): void {
    const { both, width, currentSlots, oldSlots, evaluators } = this;
    for (const slot of currentSlots) both.set(slot, current === null ? null : current.get(slot));
    for (const slot of oldSlots) both.set(width + slot, old === null ? null : old.get(slot));
    const row = datumList(evaluators.length);
    for (let i = 0; i < evaluators.length; i++) row[i] = both.evaluate(evaluators[i]!, context);
    this.rows.push(row);
  }
}
