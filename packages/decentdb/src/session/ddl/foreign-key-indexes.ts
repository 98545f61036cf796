/**
 * Indexes of foreign keys: the referring columns always have one, so that deleting a parent never reads the whole child.
 *
 * PostgreSQL leaves this to its users; here an index is made when a constraint has none that serves, and goes with the
 * constraint. It carries the constraint's id without being unique (`isForeignKeyIndex`).
 *
 * I1  Holds after every schema statement: also when the index that served so far is dropped, or a user makes one that serves
 *     (no column is indexed twice for nothing).
 */
import { NO_PAGE } from '../../base/ids.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { joinColumnNames } from '../../catalog/names.ts';
import {
  type ForeignKeyConstraint,
  type IndexDef,
  isForeignKeyIndex,
  type TableDef,
} from '../../catalog/schema.ts';
import { servesKey } from '../../exec/dml/key-lookup.ts';
import type { DdlContext } from './context.ts';
import { buildIndex, createIndexTree, dropIndexTree } from './storage.ts';
import { TableDraft } from './table-draft.ts';
import { newId } from './work.ts';

/** Makes the indexes foreign keys of changed tables lack, and drops those whose constraint is gone or served otherwise. */
export function keepForeignKeyIndexes(ctx: DdlContext, before: Catalog): void {
  const { tables } = ctx.catalog;
  if (tables === before.tables) return;
  for (const table of tables.values()) if (before.tables.get(table.id) !== table) keep(ctx, table);
}

function keep(ctx: DdlContext, table: TableDef): void {
  const keys = table.constraints.filter((one): one is ForeignKeyConstraint => one.kind === 'foreignKey');
  const isNeeded = (made: IndexDef): boolean => {
    const key = keys.find((one) => one.id === made.constraintId);
    if (key === undefined) return false;
    return !table.indexes.some((index) => !isForeignKeyIndex(index) && servesKey(index, key.columns));
  };
  const orphans = table.indexes.filter((index) => isForeignKeyIndex(index) && !isNeeded(index));
  for (const index of orphans) dropIndexTree(ctx, table, index);
  const kept = table.indexes.filter((index) => !orphans.includes(index));
  const draft = TableDraft.of(ctx, table);
  draft.indexes = kept;
  const made: IndexDef[] = [];
  for (const key of keys) {
    const isRowId = key.columns.length === 1 && key.columns[0] === table.rowIdColumn;
    if (isRowId || draft.indexes.some((index) => servesKey(index, key.columns))) continue;
    const index = createIndexTree(ctx, draft.toDef(), indexFor(ctx, draft, key));
    draft.indexes.push(index);
    made.push(index);
  }
  if (made.length === 0 && orphans.length === 0) return;
  const next = draft.toDef();
  ctx.catalog = ctx.catalog.withTable(next);
  for (const index of made) buildIndex(ctx, next, index);
}

function indexFor(ctx: DdlContext, draft: TableDraft, key: ForeignKeyConstraint): IndexDef {
  const columns = key.columns.map((column) => draft.columns[column]?.name ?? '');
  return {
    id: newId(ctx),
    name: draft.chooseName(joinColumnNames(columns), 'fkey_idx'),
    tableId: draft.id,
    method: 'btree',
    root: NO_PAGE,
    unique: false,
    nullsNotDistinct: false,
    keys: key.columns.map((column) => ({
      column,
      expressionSql: null,
      type: (draft.columns[column] as TableDraft['columns'][number]).type,
      descending: false,
      nullsFirst: false,
      opclass: null,
    })),
    include: [],
    predicateSql: null,
    constraintId: key.id,
    options: {},
    comment: null,
  };
}
