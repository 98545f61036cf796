/**
 * What must hold for one new row and what follows from it, on datums: generated columns, NOT NULL, CHECK, index entries.
 *
 * The batch form of the same rules is dml/table-writer.ts; a test runs both.
 */
import { isUniqueAlways } from '../../catalog/schema.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import { visitExpr } from '../compile/shape.ts';
import { checkViolation, notNullViolation } from '../dml/constraint-errors.ts';
import { IndexWriter } from '../dml/index-writer.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { WriteTarget } from '../physical.ts';
import type { DatumRow, PointContext } from './datum-row.ts';

interface IndexRule {
  readonly keys: readonly Evaluator[];
  readonly include: readonly number[];
  readonly predicate: Evaluator | null;
}

export class RowRules {
  readonly target: WriteTarget;
  private readonly computed: readonly { readonly column: number; readonly evaluator: Evaluator }[];
  private readonly notNull: readonly number[];
  private readonly checks: readonly Evaluator[];
  private readonly indexes: readonly IndexRule[];
  private writers: readonly IndexWriter[] = [];
  private view: WriteView | null = null;

  constructor(target: WriteTarget) {
    const { table } = target;
    this.target = target;
    this.computed = [...target.generated, ...target.virtual].map(({ column, expr }) => ({
      column,
      evaluator: evaluatorOf(expr),
    }));
    this.notNull = table.columns.flatMap((column, i) => (column.notNull && !column.isDropped ? [i] : []));
    this.checks = target.checks.map((check) => evaluatorOf(check.expr));
    this.indexes = target.indexes.map((index) => ({
      keys: index.keys.map(evaluatorOf),
      include: index.index.include,
      predicate: index.predicate === null ? null : evaluatorOf(index.predicate),
    }));
  }

  /** Index writers for a view; kept while the view stays. */
  writersFor(view: WriteView): readonly IndexWriter[] {
    if (this.view !== view) {
      this.writers = this.target.indexes.map((index) => new IndexWriter(this.target.table, index, view));
      this.view = view;
    }
    return this.writers;
  }

  /** Fills generated columns and throws 23502 or 23514 where the row (in row layout) may not be. */
  check(row: DatumRow, context: PointContext): void {
    const { table, checks } = this.target;
    for (const { column, evaluator } of this.computed) row.set(column, row.evaluate(evaluator, context));
    const { notNull } = this;
    for (let i = 0; i < notNull.length; i++) {
      if (row.get(notNull[i]!) === null)
        throw notNullViolation(table, notNull[i]!, row.reader(), context.eval.typeSettings);
    }
    for (let i = 0; i < this.checks.length; i++) {
      if (row.evaluate(this.checks[i]!, context) === false)
        throw checkViolation(table, checks[i]!.constraint, row.reader(), context.eval.typeSettings);
    }
  }

  /** The row's entry in index k; null when a partial index leaves it out. */
  entry(k: number, row: DatumRow, context: PointContext): Datum[] | null {
    const { keys, include, predicate } = this.indexes[k]!;
    if (predicate !== null && row.evaluate(predicate, context) !== true) return null;
    const entry: Datum[] = [];
    for (const key of keys) entry.push(row.evaluate(key, context));
    for (const column of include) entry.push(row.get(column));
    entry.push(row.get(this.target.table.columns.length));
    return entry;
  }
}

/**
 * Whether a table's rows can be changed one at a time without anything to be done afterwards; foreign keys are asked about
 * on their own (parent-keys.ts).
 */
export function isPlainTarget(target: WriteTarget): boolean {
  return (
    target.table.triggers.length === 0 &&
    target.viewChecks === undefined &&
    target.indexes.every(
      ({ index }) => index.method !== 'fulltext' && (!index.unique || isUniqueAlways(target.table, index)),
    )
  );
}

/** Table columns an index depends on. */
export function indexColumns(target: WriteTarget, k: number): ReadonlySet<number> {
  const { index, keys, predicate } = target.indexes[k]!;
  const columns = new Set(index.include);
  for (const expr of predicate === null ? keys : [...keys, predicate]) {
    visitExpr(expr, (node) => {
      if (node.kind === 'slot') columns.add(node.slot);
    });
  }
  return columns;
}
