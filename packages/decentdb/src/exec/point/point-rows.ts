/**
 * Reading the few rows that have some row ids or share a key of an index: descend once in the index, once in the table for each
 * row, build the objects. No operators, no batches.
 *
 * I1  Same rows and values as the plan run by operators (a test compares); the order is the index's, or that of row ids.
 * I2  Only for few rows: where there are more, the operators fetch them leaf by leaf.
 */
import type { EvalContext } from '../../functions/function.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { JsOptions } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { PhysicalPlan } from '../physical.ts';
import type { ResultColumn } from '../rows/row-builder.ts';
import { PointContext } from './datum-row.ts';
import { FewRows } from './few-rows.ts';
import { projectedRows, type RowsAccess } from './point-plan.ts';
import { type BuildRow, CellReader } from './point-read.ts';

export class PointRows {
  private readonly rows: FewRows;
  private readonly context: PointContext;
  private readonly buildObject: BuildRow;
  private readonly buildArray: BuildRow;

  constructor(
    access: RowsAccess,
    outputs: readonly number[],
    columns: readonly ResultColumn[],
    options: JsOptions,
    evalContext: EvalContext,
  ) {
    this.rows = new FewRows(access, []);
    this.context = new PointContext(evalContext);
    const reader = new CellReader(access, outputs, columns, options, this.rows.tree);
    this.buildObject = reader.objects().build;
    this.buildArray = reader.arrays().build;
  }

  /** The rows as objects; null when there are too many for this path. */
  objects(view: ReadView, params: readonly Datum[]): unknown[] | null {
    return this.read(view, params, this.buildObject);
  }

  /** The rows as arrays; null when there are too many for this path. */
  arrays(view: ReadView, params: readonly Datum[]): unknown[] | null {
    return this.read(view, params, this.buildArray);
  }

  private read(view: ReadView, params: readonly Datum[], build: BuildRow): unknown[] | null {
    const { rows, context } = this;
    context.params = params;
    const found = rows.ids(view, context);
    if (found === null) return null;
    let count = 0;
    for (let i = 0; i < found.length; i++) {
      if (!rows.moveTo(view, found[i], context)) continue;
      const { leaf, index } = rows.position;
      found[count++] = build(view, leaf, index);
    }
    found.length = count;
    return found;
  }
}

/** The short path of a plan that reads the rows of an index key; null when the plan is not such. */
export function pointRowsOf(
  plan: PhysicalPlan,
  columns: readonly ResultColumn[],
  options: JsOptions,
  evalContext: EvalContext,
): PointRows | null {
  const found = plan.isReadOnly ? projectedRows(plan.root) : null;
  if (found === null) return null;
  return new PointRows(found.access, found.outputs, columns, options, evalContext);
}
