/**
 * What must hold for one new row and what follows from it, on datums: generated columns, NOT NULL, CHECK, index entries.
 *
 * The batch form of the same rules is dml/table-writer.ts; a test runs both.
 */

import { assert } from '../../base/assert.ts';
import type { DecentDbError } from '../../base/errors.ts';
import { type IndexDef, isUniqueAlways } from '../../catalog/schema.ts';
import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import { Oid } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import { visitExpr } from '../compile/shape.ts';
import { checkViolation, notNullViolation } from '../dml/constraint-errors.ts';
import { IndexWriter } from '../dml/index-writer.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { WriteTarget } from '../physical.ts';
import type { DatumRow, PointContext } from './datum-row.ts';
import { slotsOf } from './point-plan.ts';

interface IndexRule {
  readonly keys: readonly Evaluator[];
  readonly include: readonly number[];
  readonly predicate: Evaluator | null;
}

export class RowRules {
  readonly target: WriteTarget;
  /** Slot of the row id in a row's layout. */
  readonly rowIdSlot: number;
  private readonly computed: readonly { readonly column: number; readonly evaluator: Evaluator }[];
  private readonly notNull: readonly number[];
  private readonly checks: readonly Evaluator[];
  private readonly indexes: readonly IndexRule[];
  private writers: readonly IndexWriter[] = [];
  private view: WriteView | null = null;

  /** `written`: only these columns may differ from a row that was right before; null: all of them. */
  constructor(target: WriteTarget, written: ReadonlySet<number> | null = null) {
    const { table } = target;
    this.target = target;
    this.rowIdSlot = table.columns.length;
    this.computed = [...target.generated, ...target.virtual].map(({ column, expr }) => ({
      column,
      evaluator: evaluatorOf(expr),
    }));
    this.notNull = table.columns.flatMap((column, i) =>
      column.notNull && !column.isDropped && (written === null || written.has(i)) ? [i] : [],
    );
    this.checks = target.checks.map((check) => evaluatorOf(check.expr));
    this.indexes = target.indexes.map((index) => ({
      keys: index.keys.map(evaluatorOf),
      include: index.index.include,
      predicate: index.predicate === null ? null : evaluatorOf(index.predicate),
    }));
  }

  get indexCount(): number {
    return this.indexes.length;
  }

  /** Columns that generated columns and checks are made of. */
  inputs(): number[] {
    const { generated, virtual, checks } = this.target;
    return slotsOf([...generated, ...virtual, ...checks].map((one) => one.expr));
  }

  /** Index writers for a view; kept while the view stays. */
  writersFor(view: WriteView): readonly IndexWriter[] {
    if (this.view !== view) {
      this.writers = this.target.indexes.map((index) => new IndexWriter(this.target.table, index, view));
      this.view = view;
    }
    return this.writers;
  }

  /** Whether no row that passed is too big to be written, which would be found out between two writes. */
  alwaysFits(view: WriteView, table: Tree): boolean {
    return (
      table.alwaysFits(view) && this.writersFor(view).every(({ tree }) => tree?.alwaysFits(view) !== false)
    );
  }

  /** Fills generated columns; whether the row (in row layout) may be. */
  passes(row: DatumRow, context: PointContext): boolean {
    const { computed, notNull, checks } = this;
    for (let i = 0; i < computed.length; i++)
      row.set(computed[i]!.column, row.evaluate(computed[i]!.evaluator, context));
    for (let i = 0; i < notNull.length; i++) if (row.get(notNull[i]!) === null) return false;
    for (let i = 0; i < checks.length; i++) if (row.evaluate(checks[i]!, context) === false) return false;
    return true;
  }

  /** What is wrong with a row that does not pass: 23502 or 23514. */
  failure(row: DatumRow, context: PointContext): DecentDbError {
    const { table, checks } = this.target;
    const { typeSettings } = context.eval;
    for (const column of this.notNull)
      if (row.get(column) === null) return notNullViolation(table, column, row.reader(), typeSettings);
    const failed = checks.find((_, i) => row.evaluate(this.checks[i]!, context) === false);
    assert(failed !== undefined, 'a row that does not pass breaks a rule');
    return checkViolation(table, failed.constraint, row.reader(), typeSettings);
  }

  /** Fills generated columns and throws 23502 or 23514 where the row (in row layout) may not be. */
  check(row: DatumRow, context: PointContext): void {
    if (!this.passes(row, context)) throw this.failure(row, context);
  }

  /** The row's entry in index k; null when a partial index leaves it out. */
  entry(k: number, row: DatumRow, context: PointContext): Datum[] | null {
    const { keys, include, predicate } = this.indexes[k]!;
    if (predicate !== null && row.evaluate(predicate, context) !== true) return null;
    const entry = datumList(keys.length + include.length + 1);
    let at = 0;
    for (let i = 0; i < keys.length; i++) entry[at++] = row.evaluate(keys[i]!, context);
    for (let i = 0; i < include.length; i++) entry[at++] = row.get(include[i]!);
    entry[at] = row.get(this.rowIdSlot);
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
    target.routing === undefined &&
    target.indexes.every(
      ({ index }) => !hasWords(index) && (!index.unique || isUniqueAlways(target.table, index)),
    )
  );
}

function hasWords({ method, keys }: IndexDef): boolean {
  return method === 'fulltext' || (method === 'gin' && keys.some(({ type }) => type.oid === Oid.tsvector));
}

/** Whether virtual columns are part of an index or key: they are not stored, and not computed for old rows here. */
export function hasVirtualKeys(target: WriteTarget): boolean {
  const { virtual, indexes, foreignKeys, referencedBy } = target;
  if (virtual.length === 0) return false;
  const columns = [
    ...indexes.flatMap((_, k) => [...indexColumns(target, k)]),
    ...foreignKeys.flatMap(({ constraint }) => constraint.columns),
    ...referencedBy.flatMap(({ constraint }) => constraint.targetColumns),
  ];
  return virtual.some(({ column }) => columns.includes(column));
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
