/**
 * INSERT: batches of input rows become rows of the table.
 *
 * I1  The row id key is given out here when the statement does not say it.
 * I2  ON CONFLICT is decided row by row, so a row meets those inserted before it; no row is changed twice (21000).
 */
import { DecentDbError } from '../../base/errors.ts';
import { isUniqueAlways } from '../../catalog/schema.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import { Batch, identity } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import { denseColumn, type ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { joinedBatch } from '../join/joined-rows.ts';
import { derivedExprs, projectProgram } from '../operators/operator.ts';
import type { Expr, InsertNode, RowShape, Slot, WriteTarget } from '../physical.ts';
import { RowIdSet } from '../row-id-set.ts';
import { datumAt, gather } from '../vectors.ts';
import { takesBatches, writeBatch } from './batch-writer.ts';
import type { ForeignKeyEnforcer } from './foreign-keys.ts';
import { conformed, layoutSlots, rowIdType, vectorsOfRows } from './row-batch.ts';
import { RowChanger } from './row-changer.ts';
import { RowIdAllocator, RowIdMap } from './row-ids.ts';
import { asOuter, boundsCheck, type RowsShown } from './row-shape.ts';
import { type PreparedRows, TableWriter } from './table-writer.ts';
import { fireBeforeRow, hasRowTriggers, rowOf } from './triggers.ts';

/** Rows written one by one between looks at cancellation. */
const ROWS_BETWEEN_QUESTIONS = 64;

export class InsertRunner {
  private readonly node: InsertNode;
  private readonly context: ExecContext;
  private readonly writer: TableWriter;
  private readonly ids: RowIdAllocator;
  private readonly program: ProjectProgram;
  private readonly slots: readonly Slot[];
  private readonly enforcer: ForeignKeyEnforcer | null;
  private readonly returning: RowsShown | null;
  private readonly arbiters: ReadonlySet<number> | null;
  /** Set: ON CONFLICT speaks of rows of the partitioned table the statement names. */
  private readonly conflictShape: RowShape | null;
  private changer: RowChanger | null = null;
  /** ON CONFLICT DO UPDATE: row ids this statement inserted or updated. */
  private readonly touched: RowIdSet;
  private readonly ownsTouched: boolean;
  private readonly isNoted: boolean;
  private readonly isBatched: boolean;
  /** Row triggers are there: batches are single rows. */
  private readonly isRowByRow: boolean;
  /** Rows written one by one so far, or left out. */
  private tried = 0;

  constructor(
    node: InsertNode,
    context: ExecContext,
    enforcer: ForeignKeyEnforcer | null,
    returning: RowsShown | null,
    conflictShape: RowShape | null = null,
  ) {
    const { target } = node;
    const { services, latest } = context.statement;
    this.node = node;
    this.context = context;
    const changed = context.statement.changedIn(target.table.id);
    this.touched = changed ?? new RowIdSet(context.statement.memory);
    this.ownsTouched = changed === null;
    this.isNoted = changed !== null || node.onConflict?.action === 'update';
    this.isBatched = node.onConflict === null && takesBatches(target);
    this.enforcer = enforcer;
    this.returning = returning;
    this.conflictShape = conflictShape;
    this.writer = new TableWriter(target, context);
    this.ids = new RowIdAllocator(target.table, this.writer.tree, latest, services?.rowIds ?? new RowIdMap());
    this.slots = layoutSlots(target.table);
    this.isRowByRow = hasRowTriggers(target.table);
    this.program = projectProgram(derivedExprs(node.values, () => valueExprs(node)));
    const arbiters = node.onConflict?.arbiters ?? [];
    if (node.onConflict !== null) refuseDeferrableArbiters(target, arbiters);
    this.arbiters = arbiters.length === 0 ? null : new Set(arbiters);
  }

  /** Inserts the rows of a batch. */
  run(batch: Batch): void {
    const { count } = batch;
    this.context.statement.writeView.relieve(); // Between batches nobody holds a private node.
    const vectors = this.program
      .vectors(batch, this.context)
      .map((vector, i) => conformed(vector, this.slots[i]!.type.physical, count));
    // Evaluating the row may have run another part that inserts into the same table: data-modifying WITH, a trigger.
    this.ids.refresh();
    this.addRowIds(vectors, count);
    this.ids.save();
    if (this.isRowByRow && !this.fireBefore(vectors)) return;
    // What ON CONFLICT takes otherwise, no view is asked about.
    const rows = this.writer.prepare(vectors, count, this.node.onConflict === null);
    const isUpsert = this.node.onConflict?.action === 'update';
    const kept = new Int32Array(count);
    let keptCount = 0;
    if (this.isBatched && writeBatch(this.writer, this.context.statement.writeView, rows, rows.failedRow)) {
      this.noteBatch(rows, batch);
      return;
    }
    for (let i = 0; i < rows.failedRow; i++) {
      if (++this.tried % ROWS_BETWEEN_QUESTIONS === 0) this.context.statement.checkCancel();
      if (!this.insertRow(rows, i, batch)) continue;
      this.context.statement.affected++;
      this.enforcer?.inserted(this.node.target, rows.vectors, i);
      if (isUpsert) this.returning?.add(rows.vectors, null, this.inputRow(batch), Int32Array.of(i), 1);
      else kept[keptCount++] = i;
    }
    if (rows.failure !== null) throw rows.failure;
    if (keptCount > 0 && this.returning !== null) {
      const positions = keptCount === count ? null : kept.subarray(0, keptCount);
      this.returning.add(rows.vectors, null, this.inputRow(batch), positions, keptCount);
    }
  }

  /** BEFORE row triggers of the one row; false when it is left out. */
  private fireBefore(vectors: Vector[]): boolean {
    const { table } = this.node.target;
    const row = fireBeforeRow(this.context, table, 'insert', null, rowOf(table, vectors, 0), null);
    if (row === null) return false;
    const width = table.columns.length;
    const rowId = table.rowIdColumn >= 0 ? row[table.rowIdColumn]! : datumAt(vectors[width]!, 0);
    vectorsOfRows(this.slots, [[...row, rowId]]).forEach((vector, i) => {
      vectors[i] = vector;
    });
    return true;
  }

  /** What follows from a batch that was written whole. */
  private noteBatch(rows: PreparedRows, batch: Batch): void {
    const { enforcer, node } = this;
    const { count } = rows;
    this.context.statement.affected += count;
    for (let i = 0; enforcer !== null && i < count; i++) enforcer.inserted(node.target, rows.vectors, i);
    for (let i = 0; this.isNoted && i < count; i++) this.touched.add(this.rowIdOf(rows, i));
    this.returning?.add(rows.vectors, null, this.inputRow(batch), null, count);
  }

  /** Ends the statement. */
  finish(): void {
    if (this.ownsTouched) this.touched.clear();
    this.ids.save();
  }

  private inputRow(batch: Batch): Vector[] | null {
    return this.returning === null ? null : this.node.input.slots.map((_, i) => denseColumn(batch, i));
  }

  private addRowIds(vectors: Vector[], count: number): void {
    const { table } = this.node.target;
    const { rowIdColumn } = table;
    if (rowIdColumn >= 0 && this.node.values[rowIdColumn] !== null) {
      const chosen = vectors[rowIdColumn]!;
      this.ids.noteAll(chosen, count);
      vectors.push(chosen);
      return;
    }
    const store = new ColumnStore(rowIdType(table).physical, count);
    for (let i = 0; i < count; i++) store.append(this.ids.next());
    const given = store.vector();
    if (rowIdColumn >= 0) vectors[rowIdColumn] = given;
    vectors.push(given);
  }

  /** False when ON CONFLICT took the row instead. */
  private insertRow(rows: PreparedRows, i: number, batch: Batch): boolean {
    const { onConflict } = this.node;
    if (onConflict !== null) {
      const conflict = this.writer.findConflict(rows, i, this.arbiters);
      if (conflict !== null) {
        if (onConflict.action === 'update') this.updateExisting(rows, i, conflict.rowId, batch);
        return false;
      }
    }
    if (onConflict === null || this.arbiters !== null) {
      const conflict = this.writer.findConflict(rows, i, null);
      if (conflict !== null) throw conflict.error();
    }
    if (onConflict !== null) this.askViews(rows, i);
    this.writer.insertRow(rows, i);
    if (this.isNoted) this.touched.add(this.rowIdOf(rows, i));
    return true;
  }

  private askViews(rows: PreparedRows, i: number): void {
    if (this.node.target.viewChecks === undefined) return;
    const row = rows.vectors.map((vector) => gather(vector, Int32Array.of(i), 1));
    const refused = this.writer.firstRefused(row, 1, 1);
    if (refused !== null) throw refused.failure;
  }

  private rowIdOf(rows: PreparedRows, i: number): Datum {
    return datumAt(rows.vectors[this.node.target.table.columns.length]!, i);
  }

  /** The proposed row, then the existing one, as the statement's expressions know them. */
  private asSeen(rows: PreparedRows, i: number, old: Vector[]): Batch {
    const shape = this.conflictShape;
    const slots = shape === null ? this.slots : shape.slots;
    const proposed = shape === null ? rows.vectors : asOuter(shape, rows.vectors, rows.count);
    const existing = shape === null ? old : asOuter(shape, old, 1);
    return joinedBatch(
      { batch: Batch.of(proposed, rows.count), slots, positions: Int32Array.of(i) },
      { batch: Batch.of(existing, 1), slots, positions: identity(0, 1) },
      1,
    );
  }

  private updateExisting(rows: PreparedRows, i: number, rowId: Datum, batch: Batch): void {
    const { target } = this.node;
    const { set, where } = this.node.onConflict!;
    if (this.touched.has(rowId)) {
      throw new DecentDbError('21000', 'ON CONFLICT DO UPDATE command cannot affect row a second time', {
        hint: 'Ensure that no rows proposed for insertion within the same command have duplicate constrained values.',
      });
    }
    if (this.changer === null) {
      this.changer = new RowChanger(target, this.context);
      // A row proposed for one partition does not go to another.
      if (boundsCheck(target) !== null) this.changer.mover = { insert: refuseMove };
    }
    const old = this.changer.fetch([rowId]);
    const both = this.asSeen(rows, i, old);
    if (where !== null && evaluatorOf(where)(both, 0, this.context) !== true) return;
    const shape = this.conflictShape;
    const columns = set.map(({ column }) => (shape === null ? column : shape.there[column]!));
    const values = set.map((one) => evaluatorOf(one.expr)(both, 0, this.context));
    const setSlots = columns.map((column) => this.slots[column]!);
    const current = this.changer.updateRows(
      old,
      columns,
      vectorsOfRows(setSlots, [values]),
      1,
      this.enforcer,
    );
    if (current === null) return;
    this.touched.add(datumAt(current[target.table.columns.length]!, 0));
    this.context.statement.affected++;
    if (this.returning !== null) {
      const at = batch.position(i);
      const input = this.node.input.slots.map((slot, k) => {
        const store = new ColumnStore(slot.type.physical, 1);
        store.append(datumAt(batch.column(k), at));
        return store.vector();
      });
      this.returning.add(current, old, input, null, 1);
    }
  }
}

function refuseMove(): never {
  throw new DecentDbError('0A000', 'invalid ON UPDATE specification', {
    detail: 'The result tuple would appear in a different partition than the original tuple.',
  });
}

/** One expression a table column; NULL where the statement gives none. */
export function valueExprs(node: InsertNode): Expr[] {
  const { table } = node.target;
  return node.values.map((value, i): Expr => {
    if (value !== null) return value;
    const column = table.columns[i]!;
    return { kind: 'const', value: null, type: column.type, typmod: column.typmod, location: -1 };
  });
}

/** 55000: a key that may be taken for a while decides nothing. */
function refuseDeferrableArbiters({ table }: WriteTarget, arbiters: readonly number[]): void {
  const used = table.indexes.filter(
    (index) => index.unique && (arbiters.length === 0 || arbiters.includes(index.id)),
  );
  if (used.every((index) => isUniqueAlways(table, index))) return;
  throw new DecentDbError(
    '55000',
    'ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters',
  );
}
