/**
 * Changes rows of one table with all that hangs on it: generated columns, NOT NULL, CHECK, unique keys, indexes.
 *
 * New rows are prepared a batch at a time (`prepare`: expressions, NOT NULL, CHECK) and applied one by one (`insertRow`,
 * `updateRow`, `deleteRow`), so that each row sees those before it.
 *
 * I1  A row is checked whole before anything of it is written.
 * I2  The first bad row of a batch stops the statement only after the rows before it: their own errors come first.
 * I3  Unique keys are checked row by row, as PostgreSQL does for constraints that are not deferrable; keys of deferrable ones
 *     are written and, when taken, noted for the end of the statement (aftermath.ts).
 */

import { assert } from '../../base/assert.ts';
import type { DecentDbError } from '../../base/errors.ts';
import { type KeyConstraint, keyOfIndex, storedPosition, type TableDef } from '../../catalog/schema.ts';
import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import { defaultTypeSettings, type TypeSettings } from '../../types/sql-type.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import { derivedExprs, projectProgram } from '../operators/operator.ts';
import type { Expr, IndexTarget, WriteTarget } from '../physical.ts';
import { tableTree } from '../storage/stored-trees.ts';
import { datumAt, gather } from '../vectors.ts';
import { aftermathOf } from './aftermath.ts';
import {
  checkViolation,
  notNullViolation,
  uniqueViolation,
  viewCheckViolation,
} from './constraint-errors.ts';
import { type IndexValues, IndexWriter } from './index-writer.ts';
import { conformed, rowIdType, rowReader } from './row-batch.ts';
import { asOuter } from './row-shape.ts';

/** New rows ready to be applied. */
export interface PreparedRows {
  /** Row layout. */
  readonly vectors: Vector[];
  readonly count: number;
  /** By index. */
  readonly entries: readonly IndexValues[];
  /** The first row that breaks a NOT NULL or CHECK, and how; `row` is `count` when none does. */
  readonly failedRow: number;
  readonly failure: DecentDbError | null;
}

/** Why a row cannot be inserted: an index (or -1, the row id key) and the row that has the key. */
export interface Conflict {
  readonly indexId: number;
  readonly rowId: Datum;
  readonly error: () => DecentDbError;
}

export class TableWriter {
  readonly target: WriteTarget;
  readonly table: TableDef;
  readonly tree: Tree;
  readonly indexes: readonly IndexWriter[];
  private readonly view: WriteView;
  private readonly context: ExecContext;
  private readonly row: Datum[];
  private readonly rowIdKey: Datum[] = datumList(1);
  /** Tree position by table column. */
  readonly positions: readonly number[];
  /** By index: the deferrable constraint behind it, whose keys are checked when the statement is over; else null. */
  private readonly deferrable: readonly (KeyConstraint | null)[];

  constructor(target: WriteTarget, context: ExecContext) {
    const { table } = target;
    this.target = target;
    this.table = table;
    this.context = context;
    this.view = context.statement.writeView;
    this.tree = tableTree(table);
    this.indexes = target.indexes.map((index) => new IndexWriter(table, index, this.view));
    this.deferrable = target.indexes.map(({ index }) => {
      const key = keyOfIndex(table, index);
      return key?.deferrable === true ? key : null;
    });
    this.positions = table.columns.map((_, i) => storedPosition(table, i));
    this.row = datumList(this.tree.schema.leaf.length);
  }

  /**
   * Computes generated columns and index entries of new rows and finds the first that breaks NOT NULL or CHECK.
   * `vectors` are in row layout, generated columns not yet filled; the array is changed.
   */
  prepare(vectors: Vector[], count: number, asksViews = true): PreparedRows {
    const { target, table } = this;
    for (const { column, expr } of [...target.generated, ...target.virtual]) {
      vectors[column] = conformed(
        this.evaluate([expr], vectors, count)[0]!,
        table.columns[column]!.type.physical,
        count,
      );
    }
    let failedRow = count;
    let failure: DecentDbError | null = null;
    const notNull = this.firstNull(vectors, count);
    if (notNull !== null) {
      failedRow = notNull.row;
      failure = notNullViolation(table, notNull.column, rowReader(vectors, notNull.row), this.settings);
    }
    // Rows from the first bad one on are not evaluated further: an expression must not see a NULL it may not get.
    const checked = failedRow;
    for (const { constraint, expr } of target.checks) {
      const row = this.firstFalse(expr, vectors, Math.min(checked, failedRow));
      if (row < failedRow) {
        failedRow = row;
        failure = checkViolation(table, constraint, rowReader(vectors, row), this.settings);
      }
    }
    const refused = asksViews ? this.firstRefused(vectors, count, failedRow) : null;
    if (refused !== null) ({ row: failedRow, failure } = refused);
    const entries = target.indexes.map((index) => this.indexValues(index, vectors, failedRow));
    return { vectors, count, entries, failedRow, failure };
  }

  /** The first of `limit` rows that a view the statement goes through does not show; null: it shows all. */
  firstRefused(
    vectors: Vector[],
    count: number,
    limit: number,
  ): { readonly row: number; readonly failure: DecentDbError } | null {
    const { viewChecks, viewShape, table } = this.target;
    if (viewChecks === undefined) return null;
    const shown = viewShape === undefined ? vectors : asOuter(viewShape, vectors, count);
    let found: { row: number; failure: DecentDbError } | null = null;
    for (const { view, expr } of viewChecks) {
      const asked: number = found?.row ?? limit;
      const row = this.firstUntrue(expr, shown, asked);
      if (row === asked) continue;
      const of = viewShape?.outer ?? table;
      found = { row, failure: viewCheckViolation(of, view, rowReader(shown, row), this.settings) };
    }
    return found;
  }

  /** Computes virtual generated columns of stored rows. */
  fillVirtual(vectors: Vector[], count: number): void {
    for (const { column, expr } of this.target.virtual) {
      vectors[column] = conformed(this.evaluate([expr], vectors, count)[0]!, expr.type.physical, count);
    }
  }

  /** Values of expressions over row-layout vectors. `exprs` of one element are keyed by that expression. */
  private evaluate(exprs: readonly Expr[], vectors: Vector[], count: number): Vector[] {
    const list = exprs.length === 1 ? derivedExprs(exprs[0]!, () => exprs) : exprs;
    return projectProgram(list).vectors(Batch.of(vectors, count), this.context);
  }

  private firstNull(vectors: readonly Vector[], count: number): { row: number; column: number } | null {
    const { columns } = this.table;
    let found: { row: number; column: number } | null = null;
    for (let column = 0; column < columns.length; column++) {
      const { nulls } = vectors[column]!;
      if (nulls === null || !columns[column]!.notNull || columns[column]!.isDropped) continue;
      const row = nulls.indexOf(1);
      if (row >= 0 && row < count && (found === null || row < found.row)) found = { row, column };
    }
    return found;
  }

  /** First row for which a condition is not true; `count` when none. */
  private firstUntrue(expr: Expr, vectors: Vector[], count: number): number {
    if (count === 0) return 0;
    const { values, nulls } = this.evaluate([expr], vectors, count)[0]!;
    for (let i = 0; i < count; i++) {
      if ((values as Uint8Array)[i] !== 1 || nulls?.[i] === 1) return i;
    }
    return count;
  }

  /** First row for which a condition is false (NULL passes); `count` when none. */
  private firstFalse(expr: Expr, vectors: Vector[], count: number): number {
    if (count === 0) return 0;
    const result = this.evaluate([expr], vectors, count)[0]!;
    const values = result.values as Uint8Array;
    for (let i = 0; i < count; i++) {
      if (values[i] !== 1 && (result.nulls === null || result.nulls[i] !== 1)) return i;
    }
    return count;
  }

  /** Entry columns of rows in row layout; for partial indexes keys are evaluated for covered rows alone. */
  indexValues(target: IndexTarget, vectors: Vector[], count: number): IndexValues {
    const { index, keys, predicate } = target;
    const included = index.include.map((column) => vectors[column]!);
    if (predicate === null)
      return { vectors: [...this.evaluate(keys, vectors, count), ...included], covered: null };
    const result = this.evaluate([predicate], vectors, count)[0]!;
    const covered = new Uint8Array(count);
    const rows: number[] = [];
    for (let i = 0; i < count; i++) {
      if ((result.values as Uint8Array)[i] === 1 && (result.nulls === null || result.nulls[i] !== 1)) {
        covered[i] = 1;
        rows.push(i);
      }
    }
    return { vectors: [...this.keysOf(keys, vectors, rows, count), ...included], covered };
  }

  /** Keys of some rows, at the positions of those rows. */
  private keysOf(keys: readonly Expr[], vectors: Vector[], rows: readonly number[], count: number): Vector[] {
    if (keys.every((key) => key.kind === 'slot')) return this.evaluate(keys, vectors, count);
    const some = projectProgram(keys).vectors(
      Batch.of(vectors, rows.length, Int32Array.from(rows)),
      this.context,
    );
    const place = new Int32Array(count).fill(-1);
    rows.forEach((row, i) => {
      place[row] = i;
    });
    return some.map((vector) => gather(vector, place, count));
  }

  /** How values are printed. */
  get settings(): TypeSettings {
    return this.context.eval.typeSettings;
  }

  /** The row id or unique key that another row has already; null when row i may be inserted. */
  findConflict(rows: PreparedRows, i: number, only: ReadonlySet<number> | null): Conflict | null {
    const { table } = this;
    const rowId = datumAt(rows.vectors[table.columns.length]!, i);
    if (table.rowIdColumn >= 0 && (only === null || only.has(-1))) {
      this.rowIdKey[0] = rowId;
      if (this.tree.has(this.view, this.rowIdKey)) {
        return { indexId: -1, rowId, error: () => rowIdViolation(this.table, rowId) };
      }
    }
    for (let k = 0; k < this.indexes.length; k++) {
      const writer = this.indexes[k]!;
      const values = rows.entries[k]!;
      if (!writer.index.unique || this.deferrable[k] !== null || !writer.covers(values, i)) continue;
      if (only !== null && !only.has(writer.index.id)) continue;
      const entry = writer.entry(values, i, rowId);
      const other = writer.findConflict(entry, null);
      if (other !== null)
        return {
          indexId: writer.index.id,
          rowId: other,
          error: () => writer.violation(entry, this.settings),
        };
    }
    return null;
  }

  /** Writes row i, which has no conflict. */
  insertRow(rows: PreparedRows, i: number): void {
    const { row, positions } = this;
    const rowId = datumAt(rows.vectors[positions.length]!, i);
    this.fillRow(rows.vectors, i, rowId);
    assert(this.tree.insert(this.view, row), 'a new row has a row id of its own');
    for (let k = 0; k < this.indexes.length; k++) {
      const writer = this.indexes[k]!;
      const values = rows.entries[k]!;
      if (!writer.covers(values, i)) continue;
      const entry = writer.entry(values, i, rowId);
      this.noteTaken(k, entry, rowId);
      writer.insert(entry);
    }
  }

  /** Remembers a deferrable key that is taken, for the end of the statement. */
  private noteTaken(k: number, entry: readonly Datum[], rowId: Datum): void {
    const constraint = this.deferrable[k]!;
    if (constraint === null || this.indexes[k]!.findConflict(entry, rowId) === null) return;
    aftermathOf(this.context).noteTaken(this.target, constraint, rowId);
  }

  rowIdAt(vectors: readonly Vector[], i: number): Datum {
    return datumAt(vectors[this.positions.length]!, i);
  }

  private fillRow(vectors: readonly Vector[], i: number, rowId: Datum): void {
    const { row, positions, table } = this;
    row[0] = rowId;
    for (let column = 0; column < positions.length; column++) {
      if (column === table.rowIdColumn) continue;
      const isVirtual = table.columns[column]!.generated === 'virtual';
      row[positions[column]!] = isVirtual ? null : datumAt(vectors[column]!, i);
    }
  }

  /** Removes a row whose old values are row i of `vectors`. False when it is gone already. */
  deleteRow(vectors: readonly Vector[], entries: readonly IndexValues[], i: number): boolean {
    const rowId = datumAt(vectors[this.positions.length]!, i);
    this.rowIdKey[0] = rowId;
    if (!this.tree.delete(this.view, this.rowIdKey)) return false;
    for (let k = 0; k < this.indexes.length; k++) {
      const writer = this.indexes[k]!;
      if (writer.covers(entries[k]!, i)) writer.delete(writer.entry(entries[k]!, i, rowId));
    }
    return true;
  }

  /**
   * Changes row i from `old` to `rows`. `changed` are the table columns that may differ. Throws 23505 before any change when
   * a new key is taken.
   */
  updateRow(
    old: readonly Vector[],
    oldEntries: readonly IndexValues[],
    rows: PreparedRows,
    i: number,
    changed: readonly number[],
  ): void {
    const width = this.positions.length;
    const oldId = datumAt(old[width]!, i);
    const newId = datumAt(rows.vectors[width]!, i);
    const isMoved = oldId !== newId;
    const moves = this.indexMoves(oldEntries, rows.entries, i, oldId, newId);
    this.checkMoves(moves, oldId, newId, isMoved);
    for (const move of moves) if (move.before !== null) move.writer.delete(move.before);
    if (isMoved) {
      this.rowIdKey[0] = oldId;
      this.tree.delete(this.view, this.rowIdKey);
      this.fillRow(rows.vectors, i, newId);
      assert(this.tree.insert(this.view, this.row), 'a moved row has a row id of its own');
    } else {
      this.writeChanged(rows.vectors, i, oldId, changed);
    }
    for (const { k, writer, after } of moves) {
      if (after === null) continue;
      this.noteTaken(k, after, newId);
      writer.insert(after);
    }
  }

  private writeChanged(
    vectors: readonly Vector[],
    i: number,
    rowId: Datum,
    changed: readonly number[],
  ): void {
    const positions: number[] = [];
    const values: Datum[] = [];
    for (const column of changed) {
      if (column === this.table.rowIdColumn || this.table.columns[column]!.generated === 'virtual') continue;
      positions.push(this.positions[column]!);
      values.push(datumAt(vectors[column]!, i));
    }
    if (positions.length === 0) return;
    this.rowIdKey[0] = rowId;
    this.tree.update(this.view, this.rowIdKey, positions, values);
  }

  /** Index entries that go or come. */
  private indexMoves(
    oldEntries: readonly IndexValues[],
    newEntries: readonly IndexValues[],
    i: number,
    oldId: Datum,
    newId: Datum,
  ): IndexMove[] {
    const moves: IndexMove[] = [];
    for (let k = 0; k < this.indexes.length; k++) {
      const writer = this.indexes[k]!;
      const before = writer.covers(oldEntries[k]!, i) ? writer.entry(oldEntries[k]!, i, oldId) : null;
      const after = writer.covers(newEntries[k]!, i) ? writer.entry(newEntries[k]!, i, newId) : null;
      if (before !== null && after !== null && isSameEntry(writer, before, after)) continue;
      if (before !== null || after !== null) moves.push({ k, writer, before, after });
    }
    return moves;
  }

  private checkMoves(moves: readonly IndexMove[], oldId: Datum, newId: Datum, isMoved: boolean): void {
    if (isMoved) {
      this.rowIdKey[0] = newId;
      if (this.tree.get(this.view, this.rowIdKey, this.tree.duplicate))
        throw rowIdViolation(this.table, newId);
    }
    for (const { k, writer, after } of moves) {
      if (after !== null && this.deferrable[k] === null && writer.findConflict(after, oldId) !== null)
        throw writer.violation(after, this.settings);
    }
  }
}

/** 23505 on the key that is the row id. */
export function rowIdViolation(table: TableDef, rowId: Datum): DecentDbError {
  const key = table.constraints.find(
    (one) => (one.kind === 'primaryKey' || one.kind === 'unique') && one.indexId === null,
  );
  const name = table.columns[table.rowIdColumn]!.name;
  return uniqueViolation(
    table,
    key?.name ?? `${table.name}_pkey`,
    [name],
    [rowId],
    [rowIdType(table)],
    defaultTypeSettings,
  );
}

interface IndexMove {
  /** Which index. */
  readonly k: number;
  readonly writer: IndexWriter;
  readonly before: Datum[] | null;
  readonly after: Datum[] | null;
}

/** Entries equal as stored: numerics of another display scale are other entries only if they print differently. */
function isSameEntry(writer: IndexWriter, a: readonly Datum[], b: readonly Datum[]): boolean {
  const { keys } = writer.target;
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    // An index shows -0, which equals 0.
    if (Object.is(x, y)) continue;
    if (x === null || y === null) return false;
    const type = keys[i]?.type;
    if (type === undefined || typeof x !== 'object') return false;
    if (type.compare(x, y) !== 0 || String(x) !== String(y)) return false;
  }
  return true;
}
