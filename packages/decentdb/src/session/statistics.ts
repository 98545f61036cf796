/**
 * What the planner is told about tables: row counts and ranges asked of the trees as they are now.
 *
 * I1  An empty table is said to have some rows: plans outlive the moment they are made in (run/compiled.ts looks at sizes
 *     again), and one made before the first row must not take a scan of the full table for cheap.
 */
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import { ExecContext, StatementContext } from '../exec/context.ts';
import type { ConstExpr } from '../exec/expr.ts';
import type { KeyRange, TrigramCondition } from '../exec/physical.ts';
import { treeRanges } from '../exec/storage/key-ranges.ts';
import { indexTree, indexTreeSchema, tableTree, tableTreeSchema } from '../exec/storage/stored-trees.ts';
import { combinedEstimate, constantPattern, estimateCandidates } from '../exec/storage/trigram-search.ts';
import type { EvalContext } from '../functions/function.ts';
import type { ColumnStatistics, Statistics } from '../plan/env.ts';
import { estimateRange, estimateRows } from '../tree/range-estimate.ts';
import type { ReadView } from '../txn/page-view.ts';
import { defaultTypeSettings } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { SharedDatabase } from './shared-database.ts';

const ROWS_OF_EMPTY = 300;
/** Tables below this size are all alike. */
const SAMPLED_ROWS_LEAST = 10;

/** What a sample says of a column now; null where there are too few rows to take one. */
export function sampledColumn(
  shared: SharedDatabase,
  table: TableDef,
  column: number,
  view: ReadView,
): ColumnStatistics | null {
  const rows = tableRowsNow(table, view);
  return rows < SAMPLED_ROWS_LEAST ? null : shared.columnStatistics(table, column, rows, view);
}

export class TreeStatistics implements Statistics {
  readonly #view: ReadView;
  readonly #eval: EvalContext;
  readonly #shared: SharedDatabase;
  /** What was answered before: a plan asks the same many times. */
  readonly #rows = new Map<TableDef, number>();
  readonly #columns = new Map<TableDef, (ColumnStatistics | null | undefined)[]>();
  readonly #localities = new Map<IndexDef, number>();
  /** Of patterns looked up before: a plan asks for the same one many times. */
  readonly #searchRows = new Map<string, number | null>();

  constructor(view: ReadView, evalContext: EvalContext, shared: SharedDatabase) {
    this.#view = view;
    this.#eval = evalContext;
    this.#shared = shared;
  }

  tableRows(table: TableDef): number {
    const now = this.#rowsNow(table);
    return now === 0 ? ROWS_OF_EMPTY : now;
  }

  #rowsNow(table: TableDef): number {
    let rows = this.#rows.get(table);
    if (rows === undefined) {
      rows = tableRowsNow(table, this.#view);
      this.#rows.set(table, rows);
    }
    return rows;
  }

  column(table: TableDef, column: number): ColumnStatistics | null {
    let columns = this.#columns.get(table);
    if (columns === undefined) {
      columns = [];
      this.#columns.set(table, columns);
    }
    let known = columns[column];
    if (known === undefined) {
      const rows = this.#rowsNow(table);
      known =
        rows < SAMPLED_ROWS_LEAST ? null : this.#shared.columnStatistics(table, column, rows, this.#view);
      columns[column] = known;
    }
    return known;
  }

  locality(table: TableDef, index: IndexDef): number {
    let known = this.#localities.get(index);
    if (known === undefined) {
      const rows = this.#rowsNow(table);
      known = rows < SAMPLED_ROWS_LEAST ? 1 : this.#shared.locality(table, index, rows, this.#view);
      this.#localities.set(index, known);
    }
    return known;
  }

  prefixDistinct(table: TableDef, index: IndexDef, length: number): number {
    const rows = this.#rowsNow(table);
    return rows < SAMPLED_ROWS_LEAST
      ? Math.max(1, rows)
      : this.#shared.prefixDistinct(table, index, length, rows, this.#view);
  }

  trigramRows(table: TableDef, condition: TrigramCondition): number | null {
    if (condition.kind === 'range') return null;
    if (condition.kind !== 'match') {
      const parts = condition.parts.map((part) => this.trigramRows(table, part));
      return combinedEstimate(condition.kind, parts);
    }
    const { index, key, match, pattern, threshold } = condition;
    if (pattern.kind !== 'const') return null;
    const name = `${index.id} ${key} ${match} ${threshold} ${textOf(pattern)}`;
    let rows = this.#searchRows.get(name);
    if (rows === undefined) {
      rows = estimateCandidates(condition, this.#view, constantPattern, true);
      this.#searchRows.set(name, rows);
    }
    return rows;
  }

  rangeRows(
    table: TableDef,
    index: IndexDef | null,
    ranges: readonly KeyRange[],
    params: readonly Datum[],
  ): number | null {
    const schema = index === null ? tableTreeSchema(table) : indexTreeSchema(table, index);
    const tree = index === null ? tableTree(table) : indexTree(table, index);
    const statement = new StatementContext({ view: this.#view, params, eval: this.#eval });
    const context = new ExecContext(statement, [], new Map());
    let rows = 0;
    for (const range of treeRanges(ranges, schema.columns, context))
      rows += estimateRange(tree, this.#view, range);
    return rows;
  }
}

function textOf({ type, value }: ConstExpr): string {
  return value === null ? 'NULL' : type.output(value, defaultTypeSettings);
}

/** Rows of a table by the counts its tree keeps. */
export function tableRowsNow(table: TableDef, view: ReadView): number {
  return estimateRows(tableTree(table), view);
}
