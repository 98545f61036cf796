/** A table of one column that nobody has: what is shown of an expression without a table is bound over it. */
import { NO_PAGE } from '../../base/ids.ts';
import { plainColumn } from '../../catalog/plain-column.ts';
import type { ColumnDef, TableDef } from '../../catalog/schema.ts';
import type { SqlType } from '../../types/sql-type.ts';

export function loneColumn(
  name: string,
  type: SqlType,
  typmod: number,
  defaultSql: string | null = null,
): { readonly table: TableDef; readonly column: ColumnDef } {
  const column: ColumnDef = { ...plainColumn(name, 1, type, typmod), defaultSql };
  const table: TableDef = {
    id: 0,
    schema: 'public',
    name: 'value',
    columns: [column],
    root: NO_PAGE,
    rowIdColumn: -1,
    constraints: [],
    indexes: [],
    triggers: [],
    isTemporary: false,
    onCommit: 'preserve',
    comment: null,
    version: 0,
  };
  return { table, column };
}
