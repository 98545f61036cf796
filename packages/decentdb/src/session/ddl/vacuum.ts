/**
 * VACUUM: tables and their indexes written anew in key order, the old pages given back for reuse.
 *
 * There are no dead rows to remove (a page belongs to a version, and what no snapshot sees is free at once), so this is about
 * pages that many changes left half empty or out of order, and about the length of the file.
 *
 *     free every page --> copy every tree, as it was before, into the lowest pages --> cut the rest off
 *
 * I1  One transaction: readers keep their snapshots, and a failure leaves everything as it was.
 * I2  Free pages at the end are given up in the transaction; the file is cut by the checkpoint that brings its state to the page
 *     file, which waits for the last snapshot from before.
 * I3  Rows are carried over as they are stored: no default, check or trigger runs.
 * I4  What is copied is read as of a savepoint, so that its pages may be written meanwhile: nothing is written twice, and the file and
 *     its log together take at most the room of the file before and of what comes out.
 */
import { DecentDbError } from '../../base/errors.ts';
import { NO_PAGE } from '../../base/ids.ts';
import { catalogTree } from '../../catalog/catalog-store.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import { searchTrees } from '../../exec/storage/search-stores.ts';
import { indexTree, tableTree } from '../../exec/storage/stored-trees.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { findRelation, writtenName } from '../../sql/bind/relations.ts';
import { copyTree } from '../../tree/copy-tree.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { DdlContext } from './context.ts';
import { dropStorage } from './storage.ts';
import { envOf, nextVersion } from './work.ts';

/** PostgreSQL's options. Those about dead rows and workers have nothing to do here. */
const OPTIONS = new Set([
  'full',
  'freeze',
  'verbose',
  'analyze',
  'disable_page_skipping',
  'skip_locked',
  'index_cleanup',
  'process_main',
  'process_toast',
  'truncate',
  'parallel',
  'buffer_usage_limit',
]);

export function vacuum(ctx: DdlContext, stmt: ast.VacuumStmt): void {
  for (const { defname } of stmt.options)
    if (!OPTIONS.has(defname)) throw new DecentDbError('42601', `unrecognized VACUUM option "${defname}"`);
  const isVerbose = stmt.options.some(({ defname }) => defname === 'verbose');
  ctx.view.packFreePages();
  if (stmt.rels.length === 0) vacuumAll(ctx, isVerbose);
  for (const { relation } of stmt.rels) {
    const found = findRelation(envOf(ctx), relation);
    if (found === null)
      throw new DecentDbError('42P01', `relation "${writtenName(relation)}" does not exist`);
    if (found.kind === 'table') {
      if (isVerbose) tellTable(ctx, found.table);
      rewrite(ctx, [found.table], false);
    } else if (found.kind !== 'virtual')
      ctx.notice({
        severity: 'WARNING',
        code: '01000',
        message: `skipping "${relation.relname}" --- cannot vacuum non-tables or special system tables`,
      });
  }
  ctx.view.packFreePages();
}

function vacuumAll(ctx: DdlContext, isVerbose: boolean): void {
  const tables = [...ctx.catalog.tables.values()];
  if (isVerbose) for (const table of tables) tellTable(ctx, table);
  rewrite(ctx, tables, true);
}

function tellTable({ notice }: DdlContext, { schema, name }: TableDef): void {
  notice({ severity: 'INFO', code: '00000', message: `vacuuming "${schema}.${name}"` });
}

/** I4. */
function rewrite(ctx: DdlContext, tables: readonly TableDef[], withCatalogue: boolean): void {
  const { view } = ctx;
  const mark = view.savepoint();
  const before = view.viewAt(mark);
  const catalogue =
    withCatalogue && view.meta.catalogRoot !== NO_PAGE ? catalogTree(view.meta.catalogRoot) : null;
  catalogue?.drop(view);
  for (const table of tables) dropStorage(ctx, table);
  view.packFreePages();
  if (catalogue !== null) view.setCatalogRoot(copyTree(catalogue, before, view).root);
  for (const table of tables) copyTable(ctx, table, before);
  view.release(mark);
}

function copyTable(ctx: DdlContext, old: TableDef, before: ReadView): void {
  const { root } = copyTree(tableTree(old), before, ctx.view);
  const indexes = old.indexes.map((index) => copiedIndex(ctx, old, index, before));
  ctx.catalog = ctx.catalog.withTable({ ...old, root, indexes, version: nextVersion(ctx) });
}

function copiedIndex({ view }: DdlContext, table: TableDef, index: IndexDef, before: ReadView): IndexDef {
  if (index.method === 'btree')
    return { ...index, root: copyTree(indexTree(table, index), before, view).root };
  const { postings, pending } = searchTrees(index);
  return {
    ...index,
    root: copyTree(postings, before, view).root,
    pendingRoot: copyTree(pending, before, view).root,
  };
}
