/**
 * Deleting few rows of a table that foreign keys refer to, with all that hangs on them (dependent-rows.ts).
 *
 * I1  As in point-change.ts: everything is found and checked before the first write. A row that may not go is left to the
 *     operators, which know what to say of it.
 */
import type { EvalContext } from '../../functions/function.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import type { DeleteNode } from '../physical.ts';
import type { PointServices } from '../services.ts';
import { DatumRow, PointContext } from './datum-row.ts';
import { DependentRows, RowReader, type TargetOf } from './dependent-rows.ts';
import { FewRows } from './few-rows.ts';
import type { RowsAccess } from './point-plan.ts';
import { PointReturning } from './point-returning.ts';

export class PointCascade {
  private readonly node: DeleteNode;
  private readonly rows: FewRows;
  private readonly context: PointContext;
  private readonly row: DatumRow;
  private readonly reader: RowReader;
  private readonly targetOf: TargetOf;
  /** Undefined until a second run: looking at all tables that refer to this one is nothing for a statement that runs once. */
  private dependents: DependentRows | null | undefined = undefined;
  private isFirst: boolean = true;
  readonly returning: PointReturning | null;
  /** Keys of all kinds may be met. */
  readonly mayWait: boolean = true;

  constructor(node: DeleteNode, access: RowsAccess, targetOf: TargetOf, evalContext: EvalContext) {
    const { table } = node.target;
    this.node = node;
    this.rows = new FewRows(access, []);
    this.context = new PointContext(evalContext);
    this.row = new DatumRow(table.columns.length + 1);
    this.targetOf = targetOf;
    this.returning = PointReturning.of(node.returning, node.target);
    this.reader = new RowReader(table, this.returning?.oldSlots ?? []);
  }

  /** Number of rows deleted, without those that went with them; -1: not for this path, nothing was changed. */
  run(view: WriteView, params: readonly Datum[], services: PointServices): number {
    if (this.isFirst) {
      this.isFirst = false;
      return -1;
    }
    const { rows, context, returning, node } = this;
    if (this.dependents === undefined)
      this.dependents = DependentRows.of(node.target, this.targetOf, context.eval);
    const { dependents } = this;
    if (dependents === null) return -1;
    context.params = params;
    context.services = services;
    const found = rows.ids(view, context);
    if (found === null) return -1;
    dependents.begin();
    let count = 0;
    for (let i = 0; i < found.length; i++) {
      if (!rows.moveTo(view, found[i], context)) continue;
      dependents.add(found[i]);
      found[count++] = found[i];
    }
    if (!dependents.collect(view, context)) return -1;
    if (returning !== null) this.describe(view, found, count, returning);
    dependents.apply(view, context);
    return count;
  }

  private describe(view: WriteView, ids: readonly unknown[], count: number, returning: PointReturning): void {
    returning.begin();
    for (let i = 0; i < count; i++) {
      this.reader.read(view, ids[i] as Datum, this.row);
      returning.add(null, this.row, this.context);
    }
  }
}
