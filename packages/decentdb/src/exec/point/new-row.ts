/** One row that is to be inserted: evaluated from expressions, given its row id, laid out as its table's tree stores it. */
import { storedPosition } from '../../catalog/schema.ts';
import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import { RowIdAllocator } from '../dml/row-ids.ts';
import type { Evaluator } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import type { WriteTarget } from '../physical.ts';
import type { RowIdCounters } from '../services.ts';
import { tableTree } from '../storage/stored-trees.ts';
import { DatumRow, type PointContext } from './datum-row.ts';

/** By table column; null: NULL, or the next free row id. */
export type RowValues = readonly (Evaluator | null)[];

export class NewRow {
  /** In row layout. */
  readonly row: DatumRow;
  readonly tree: Tree;
  /** Cells of a stored row. */
  readonly width: number;
  private readonly target: WriteTarget;
  /** The table's, known here: definitions of tables are objects of many shapes. */
  private readonly rowIdColumn: number;
  private readonly rowIdSlot: number;
  /** Table column by tree position; -1: stored as NULL. Position 0 is the row id. */
  private readonly columnAt: readonly number[];
  private view: WriteView | null = null;
  private ids: RowIdAllocator | null = null;

  constructor(target: WriteTarget) {
    const { table } = target;
    this.target = target;
    this.rowIdColumn = table.rowIdColumn;
    this.rowIdSlot = table.columns.length;
    this.tree = tableTree(table);
    this.width = this.tree.schema.leaf.length;
    this.row = new DatumRow(table.columns.length + 1);
    const columnAt = new Array<number>(this.width).fill(table.columns.length);
    table.columns.forEach((column, i) => {
      // Virtual columns are stored as NULL.
      if (i !== table.rowIdColumn)
        columnAt[storedPosition(table, i)] = column.generated === 'virtual' ? -1 : i;
    });
    this.columnAt = columnAt;
  }

  /** Whether the statement says what the row id is. */
  choosesRowId(values: RowValues): boolean {
    const { rowIdColumn } = this;
    return rowIdColumn >= 0 && values[rowIdColumn] !== null;
  }

  /** Evaluates the row; its row id. */
  evaluate(values: RowValues, ids: RowIdAllocator, context: PointContext): Datum {
    const { row, rowIdColumn } = this;
    for (let i = 0; i < values.length; i++) {
      const evaluator = values[i]!;
      row.set(i, evaluator === null ? null : evaluator(emptyRow, 0, context));
    }
    const isGiven = rowIdColumn >= 0 && values[rowIdColumn] !== null;
    const rowId = isGiven ? row.get(rowIdColumn) : ids.next();
    if (rowIdColumn >= 0) row.set(rowIdColumn, rowId);
    row.set(this.rowIdSlot, rowId);
    return rowId;
  }

  /** Fills `stored` from the row. */
  store(stored: Datum[]): void {
    const { row, columnAt } = this;
    for (let i = 0; i < stored.length; i++) stored[i] = columnAt[i]! < 0 ? null : row.get(columnAt[i]!);
  }

  /** The other way round: columns that are stored. */
  load(stored: readonly Datum[]): void {
    const { row, columnAt, rowIdColumn } = this;
    for (let i = 0; i < stored.length; i++) if (columnAt[i]! >= 0) row.set(columnAt[i]!, stored[i]!);
    if (rowIdColumn >= 0) row.set(rowIdColumn, stored[0]!);
  }

  allocator(view: WriteView, counters: RowIdCounters): RowIdAllocator {
    if (this.view !== view || this.ids === null) {
      this.ids = new RowIdAllocator(this.target.table, this.tree, view, counters);
      this.view = view;
    } else {
      this.ids.refresh();
    }
    return this.ids;
  }
}
