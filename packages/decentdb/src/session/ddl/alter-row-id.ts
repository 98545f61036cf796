/**
 * Tables whose row id changes: an integer primary key added to or taken from rows that are there.
 *
 * I1  The rows are rewritten under their new ids, and every index with them.
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type { DdlContext } from './context.ts';
import { buildIndex, columnOfRead, readTable, rewriteTable, type TableRead } from './storage.ts';
import { TableDraft } from './table-draft.ts';

/** Every column as it is. */
export function keptValues(read: TableRead, table: TableDef): (Expr | null)[] {
  return table.columns.map((column, i) => (column.isDropped ? null : columnOfRead(read, table, i)));
}

/** Puts a rewritten table in place and fills its indexes. */
export function replaceTable(ctx: DdlContext, table: TableDef): void {
  ctx.catalog = ctx.catalog.withTable(table);
  for (const index of table.indexes) buildIndex(ctx, table, index);
}

/** The draft's row id column takes over: its values become the row ids. */
export function replaceWithRowId(ctx: DdlContext, table: TableDef, draft: TableDraft): void {
  const read = readTable(ctx, table);
  replaceTable(ctx, rewriteTable(ctx, table, draft.toDef(), read, keptValues(read, table)));
}

/** The row id column loses its key: rows move to a hidden row id (with the same values). */
export function hideRowId(ctx: DdlContext, table: TableDef): void {
  const draft = TableDraft.of(ctx, table);
  draft.rowIdColumn = -1;
  draft.constraints = draft.constraints.filter((constraint) => constraint.kind !== 'primaryKey');
  replaceWithRowId(ctx, table, draft);
}
