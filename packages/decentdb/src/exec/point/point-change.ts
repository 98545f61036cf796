/**
 * Updating or deleting one row found by its key.
 *
 * I1  All checks come before the first write, as in point-insert.ts.
 * I2  Only columns that expressions, checks and touched indexes need are read from the old row.
 */
import { storedPosition, type TableDef } from '../../catalog/schema.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { DeleteNode, PhysicalPlan, UpdateNode, WriteTarget } from '../physical.ts';
import { DatumRow, PointContext } from './datum-row.ts';
import { isReferredTo, ParentKeys } from './parent-keys.ts';
import { PointFinder } from './point-finder.ts';
import { isSimple, type PointAccess, pointAccess } from './point-plan.ts';
import { indexColumns, isPlainTarget, RowRules } from './row-rules.ts';
import { RowWrite } from './row-write.ts';

export class PointUpdate {
  private readonly target: WriteTarget;
  private readonly access: PointAccess;
  private readonly finder: PointFinder;
  private readonly rules: RowRules;
  private readonly context: PointContext;
  private readonly input: DatumRow;
  private readonly old: DatumRow;
  private readonly current: DatumRow;
  private readonly columns: readonly number[];
  private readonly evaluators: readonly Evaluator[];
  private readonly rowWrite: RowWrite;
  private readonly needsRow: boolean;

  constructor(node: UpdateNode, access: PointAccess, parents: ParentKeys, evalContext: EvalContext) {
    const { target } = node;
    const { table } = target;
    const width = table.columns.length;
    this.target = target;
    this.access = access;
    this.finder = new PointFinder(access);
    this.rules = new RowRules(target);
    this.context = new PointContext(evalContext);
    this.input = new DatumRow(access.columns.length);
    this.old = new DatumRow(width + 1);
    this.current = new DatumRow(width + 1);
    this.columns = node.set.map((one) => one.column);
    this.evaluators = node.set.map((one) => evaluatorOf(one.expr));
    this.rowWrite = new RowWrite(this.rules, this.columns, parents);
    this.needsRow =
      this.rowWrite.touched.length > 0 ||
      parents.count > 0 ||
      target.checks.length + target.generated.length + target.virtual.length > 0;
  }

  /** Number of rows changed: 0 or 1. */
  run(view: WriteView, params: readonly Datum[]): number {
    const { finder, context, current, columns, evaluators, input } = this;
    context.params = params;
    if (!finder.find(view, context)) return 0;
    this.readInput(view);
    const rowId = finder.tree.datum(view, finder.position.leaf!, finder.position.index, 0);
    if (this.needsRow) this.readRow(view, rowId);
    for (let i = 0; i < columns.length; i++)
      current.set(columns[i]!, input.evaluate(evaluators[i]!, context));
    if (this.needsRow) this.rules.check(current, context);
    else if (this.hasNewNull()) {
      this.readRow(view, rowId);
      for (let i = 0; i < columns.length; i++)
        current.set(columns[i]!, input.evaluate(evaluators[i]!, context));
      this.rules.check(current, context);
    }
    this.rowWrite.run(view, finder.tree, finder.position, this.old, current, context);
    return 1;
  }

  private readInput(view: WriteView): void {
    const { access, input, finder } = this;
    const { leaf, index } = finder.position;
    for (let i = 0; i < access.columns.length; i++) {
      const column = access.columns[i]!;
      const value =
        column === -2
          ? access.table.id
          : finder.tree.datum(view, leaf!, index, storedPosition(access.table, column));
      input.set(i, value);
    }
  }

  /** The old row into `old` and `current`. */
  private readRow(view: WriteView, rowId: Datum): void {
    const { old, current, finder, target } = this;
    fillRow(old, view, finder, target.table, rowId);
    for (let i = 0; i <= target.table.columns.length; i++) current.set(i, old.get(i));
  }

  private hasNewNull(): boolean {
    const { columns } = this.target.table;
    return this.columns.some((column) => columns[column]!.notNull && this.current.get(column) === null);
  }
}

/** The stored values of the row found, in row layout. */
function fillRow(row: DatumRow, view: WriteView, finder: PointFinder, table: TableDef, rowId: Datum): void {
  const { leaf, index } = finder.position;
  for (let column = 0; column < table.columns.length; column++) {
    row.set(column, finder.tree.datum(view, leaf!, index, storedPosition(table, column)));
  }
  row.set(table.columns.length, rowId);
}

export class PointDelete {
  private readonly target: WriteTarget;
  private readonly finder: PointFinder;
  private readonly rules: RowRules;
  private readonly context: PointContext;
  private readonly row: DatumRow;
  /** Table columns that index entries are made of. */
  private readonly indexed: readonly number[];
  private readonly key: Datum[] = [null];

  constructor(node: DeleteNode, access: PointAccess, evalContext: EvalContext) {
    this.target = node.target;
    this.finder = new PointFinder(access);
    this.rules = new RowRules(node.target);
    this.context = new PointContext(evalContext);
    const width = node.target.table.columns.length;
    this.row = new DatumRow(width + 1);
    const indexed = new Set(node.target.indexes.flatMap((_, i) => [...indexColumns(node.target, i)]));
    this.indexed = [...indexed].filter((column) => column < width);
  }

  /** Number of rows deleted: 0 or 1. */
  run(view: WriteView, params: readonly Datum[]): number {
    const { finder, context, target, row, rules } = this;
    context.params = params;
    if (!finder.find(view, context)) return 0;
    const rowId = finder.tree.datum(view, finder.position.leaf!, finder.position.index, 0);
    if (target.indexes.length > 0) {
      const { leaf, index } = finder.position;
      for (const column of this.indexed)
        row.set(column, finder.tree.datum(view, leaf!, index, storedPosition(target.table, column)));
      row.set(target.table.columns.length, rowId);
      const writers = rules.writersFor(view);
      for (let k = 0; k < writers.length; k++) {
        const entry = rules.entry(k, row, context);
        if (entry !== null) writers[k]!.delete(entry);
      }
    }
    this.key[0] = rowId;
    finder.tree.deleteAt(view, finder.position, this.key);
    return 1;
  }
}

/** The short path of a plan that updates one row by its key; null when the plan is not such. */
export function pointUpdateOf(plan: PhysicalPlan, evalContext: EvalContext): PointUpdate | null {
  const node = plan.root;
  if (node.kind !== 'update' || node.returning !== null || !isPlainTarget(node.target)) return null;
  const written = new Set([...node.set, ...node.target.generated].map((one) => one.column));
  const parents = ParentKeys.of(node.target, written, evalContext);
  if (parents === null || isReferredTo(node.target, written)) return null;
  const access = pointAccess(node.input);
  if (access === null || access.table.id !== node.target.table.id) return null;
  const { table } = node.target;
  for (const { column, expr } of node.set) {
    // A changed row id moves the row; a value of another kind is conformed by the batch path.
    if (column === table.rowIdColumn || !isSimple(expr)) return null;
    if (expr.type.physical !== table.columns[column]!.type.physical) return null;
  }
  return new PointUpdate(node, access, parents, evalContext);
}

/** The short path of a plan that deletes one row by its key; null when the plan is not such. */
export function pointDeleteOf(plan: PhysicalPlan, evalContext: EvalContext): PointDelete | null {
  const node = plan.root;
  if (node.kind !== 'delete' || node.returning !== null || !isPlainTarget(node.target)) return null;
  if (node.target.virtual.length > 0 || isReferredTo(node.target, null)) return null;
  const access = pointAccess(node.input);
  return access === null || access.table.id !== node.target.table.id
    ? null
    : new PointDelete(node, access, evalContext);
}
