/**
 * What the planner is told about tables: row counts and ranges asked of the trees as they are now.
 *
 * I1  A table is never said to have fewer than a handful of rows: plans outlive the moment they are made in, and one made
 *     for an empty table must not scan the full one.
 */
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import { ExecContext, StatementContext } from '../exec/context.ts';
import type { KeyRange, TrigramCondition } from '../exec/physical.ts';
import { treeRanges } from '../exec/storage/key-ranges.ts';
import { indexTree, indexTreeSchema, tableTree, tableTreeSchema } from '../exec/storage/stored-trees.ts';
import { constantPattern, estimateCandidates } from '../exec/storage/trigram-search.ts';
import type { EvalContext } from '../functions/function.ts';
import type { ColumnStatistics, Statistics } from '../plan/env.ts';
import { estimateRange, estimateRows } from '../tree/range-estimate.ts';
import type { ReadView } from '../txn/page-view.ts';

const ROWS_LEAST = 300;

export class TreeStatistics implements Statistics {
  readonly #view: ReadView;
  readonly #eval: EvalContext;
  readonly #rows = new Map<TableDef, number>();

  constructor(view: ReadView, evalContext: EvalContext) {
    this.#view = view;
    this.#eval = evalContext;
  }

  tableRows(table: TableDef): number {
    let rows = this.#rows.get(table);
    if (rows === undefined) {
      rows = Math.max(ROWS_LEAST, tableRowsNow(table, this.#view));
      this.#rows.set(table, rows);
    }
    return rows;
  }

  column(_table: TableDef, _column: number): ColumnStatistics | null {
    return null;
  }

  trigramRows(_table: TableDef, condition: TrigramCondition): number | null {
    return estimateCandidates(condition, this.#view, constantPattern);
  }

  rangeRows(table: TableDef, index: IndexDef | null, ranges: readonly KeyRange[]): number | null {
    const schema = index === null ? tableTreeSchema(table) : indexTreeSchema(table, index);
    const tree = index === null ? tableTree(table) : indexTree(table, index);
    const statement = new StatementContext({ view: this.#view, params: [], eval: this.#eval });
    const context = new ExecContext(statement, [], new Map());
    let rows = 0;
    for (const range of treeRanges(ranges, schema.columns, context))
      rows += estimateRange(tree, this.#view, range);
    return rows;
  }
}

/** Rows of a table by the counts its tree keeps. */
export function tableRowsNow(table: TableDef, view: ReadView): number {
  return estimateRows(tableTree(table), view);
}
