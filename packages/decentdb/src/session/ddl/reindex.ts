/**
 * REINDEX and the storage options of indexes.
 *
 * I1  The new content is made in the statement's transaction; the index keeps its name and id, and its trees unless their layout
 *     is an old one.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import {
  FOLD_OPTION,
  hasRuns,
  isSearchIndex,
  NOTES_OPTION,
  searchFingerprint,
} from '../../exec/storage/search-stores.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { writtenName } from '../../sql/bind/relations.ts';
import { printDefArg } from '../../sql/print/options.ts';
import type { DdlContext } from './context.ts';
import { changeTable } from './drop.ts';
import { createSearchTrees, hiddenOptions, searchOptions } from './search-index.ts';
import { buildIndex, dropIndexTree, truncateIndexTree } from './storage.ts';
import { lookUp, requireSchema, requireTable } from './work.ts';

export function reindex(ctx: DdlContext, stmt: ast.ReindexStmt): void {
  const { relation } = stmt;
  if (relation === null) {
    const schema = stmt.objectKind === 'REINDEX_OBJECT_SCHEMA' ? (stmt.name as string) : null;
    if (schema !== null) requireSchema(ctx, schema);
    for (const table of [...ctx.catalog.tables.values()])
      if (schema === null || table.schema === schema) rebuildAll(ctx, table.id);
  } else if (stmt.objectKind === 'REINDEX_OBJECT_TABLE') {
    rebuildAll(ctx, requireTable(ctx, relation).id);
  } else {
    const { table, index } = requireIndex(ctx, relation);
    rebuild(ctx, table.id, index.id);
  }
}

/** ALTER INDEX ... SET (mode = ...) and RESET: an index that was disabled is built anew, one that becomes disabled is emptied. */
export function setIndexOptions(
  ctx: DdlContext,
  relation: ast.RangeVar,
  given: readonly ast.DefElem[],
  isReset: boolean,
): void {
  const { table, index } = requireIndex(ctx, relation);
  if (!isSearchIndex(index)) return;
  const merged: Record<string, string> = { ...index.options };
  const hidden: Record<string, string> = {};
  for (const name of [FOLD_OPTION, NOTES_OPTION]) {
    const value = merged[name];
    if (value !== undefined) hidden[name] = value;
    delete merged[name];
  }
  for (const { defname, arg } of given) {
    if (isReset) delete merged[defname];
    else merged[defname] = arg === null ? 'true' : printDefArg(arg);
  }
  const { [FOLD_OPTION]: _fold, [NOTES_OPTION]: _notes, ...options } = searchOptions(merged, index.method);
  const before = index.options['mode'] ?? 'deferred';
  const after = options['mode'] ?? 'deferred';
  setOptions(ctx, table.id, index.id, { ...options, ...hidden });
  if (before !== after && (before === 'disabled' || after === 'disabled')) rebuild(ctx, table.id, index.id);
}

function setOptions(
  ctx: DdlContext,
  tableId: number,
  indexId: number,
  options: Readonly<Record<string, string>>,
): void {
  changeTable(ctx, tableId, (draft) => {
    draft.indexes = draft.indexes.map((index) => (index.id === indexId ? { ...index, options } : index));
  });
}

function requireIndex(
  ctx: DdlContext,
  node: ast.RangeVar,
): { readonly table: TableDef; readonly index: IndexDef } {
  const relation = lookUp(ctx, node);
  if (relation === null) throw new DecentDbError('42P01', `relation "${writtenName(node)}" does not exist`);
  if (relation.kind !== 'index') throw new DecentDbError('42809', `"${node.relname}" is not an index`);
  return relation;
}

function rebuildAll(ctx: DdlContext, tableId: number): void {
  for (const index of (ctx.catalog.table(tableId) as TableDef).indexes) rebuild(ctx, tableId, index.id);
}

function rebuild(ctx: DdlContext, tableId: number, indexId: number): void {
  const find = (): IndexDef =>
    (ctx.catalog.table(tableId) as TableDef).indexes.find(({ id }) => id === indexId) as IndexDef;
  const before = find();
  const isCurrent = before.options[FOLD_OPTION] === searchFingerprint(before.method) && hasRuns(before);
  if (isSearchIndex(before) && !isCurrent) {
    // What is there may be laid out in another way: its trees go, and new ones come.
    dropIndexTree(ctx, ctx.catalog.table(tableId) as TableDef, before);
    const made = createSearchTrees(ctx, {
      ...before,
      options: { ...before.options, ...hiddenOptions(before.method) },
    });
    changeTable(ctx, tableId, (draft) => {
      draft.indexes = draft.indexes.map((index) => (index.id === indexId ? made : index));
    });
  }
  const table = ctx.catalog.table(tableId) as TableDef;
  truncateIndexTree(ctx, table, find());
  buildIndex(ctx, table, find());
}
