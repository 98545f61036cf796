/**
 * Rows of leaves as texts, by column: what goes into the new tables, or into lost_and_found.
 *
 * I1  Text under default settings: every type reads its own text back exactly (SqlType I2).
 * I2  A value that cannot be read makes its row incomplete, and takes no other value with it.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { ColumnDef, TableDef } from '../../catalog/schema.ts';
import { storedPosition } from '../../catalog/schema.ts';
import { OverflowValue, overflowDatum } from '../../tree/overflow-value.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { defaultTypeSettings } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { PartialTable } from './catalog-salvage.ts';
import type { DamagedSource } from './damaged-source.ts';

/** One column of stored rows: its name, where it stands in the leaf, how its values look as text. */
export interface StoredColumn {
  readonly name: string;
  readonly position: number;
  textOf(value: Datum): string | null;
}

export interface StoredRow {
  /** One text a column; undefined where the value is lost. */
  readonly values: readonly (string | null | undefined)[];
  readonly isWhole: boolean;
}

export function columnsOf(table: TableDef, isWanted: (column: ColumnDef) => boolean): StoredColumn[] {
  const columns: StoredColumn[] = [];
  table.columns.forEach((column, i) => {
    if (column.isDropped || !isWanted(column)) return;
    const { type } = column;
    columns.push({
      name: column.name,
      position: storedPosition(table, i),
      textOf: (value) => (value === null ? null : type.output(value, defaultTypeSettings)),
    });
  });
  return columns;
}

/** Columns of a leaf whose table is not known, or not wholly: values in the form the blocks suggest. */
export function unknownColumns(node: TreeNode, partial: PartialTable | null): StoredColumn[] {
  return Array.from({ length: node.columnCount }, (_, position) => ({
    name: nameOf(partial, position),
    position,
    textOf: plainText,
  }));
}

function nameOf(partial: PartialTable | null, position: number): string {
  if (position === 0 && partial?.rowIdColumn === -1) return 'row id';
  const rowId = partial?.rowIdColumn ?? -1;
  const column =
    position === 0
      ? rowId
      : rowId === -1 || position > rowId
        ? position - (rowId === -1 ? 1 : 0)
        : position - 1;
  return partial?.columns.get(column + 1) ?? `c${position}`;
}

function plainText(value: Datum): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array)
    return `\\x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return String(value);
}

export function rowOf(
  source: DamagedSource,
  node: TreeNode,
  row: number,
  columns: readonly StoredColumn[],
): StoredRow {
  const values: (string | null | undefined)[] = [];
  let isWhole = true;
  for (const column of columns) {
    const text = valueOf(source, node, row, column);
    if (text === undefined) isWhole = false;
    values.push(text);
  }
  return { values, isWhole };
}

function valueOf(
  source: DamagedSource,
  node: TreeNode,
  row: number,
  { position, textOf }: StoredColumn,
): string | null | undefined {
  try {
    const cell = node.cell(position, row);
    if (!(cell instanceof OverflowValue)) return textOf(cell);
    const spec = node.specs[position];
    return spec === undefined
      ? undefined
      : textOf(overflowDatum(spec, source.readOverflow(cell.ref), node.pageNo));
  } catch (error) {
    if (error instanceof DecentDbError) return undefined;
    throw error;
  }
}
