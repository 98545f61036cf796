/**
 * VACUUM: tables and their indexes written anew in key order, the old pages given back for reuse.
 *
 * There are no dead rows to remove (a page belongs to a version, and what no snapshot sees is free at once), so this is about
 * pages that many changes left half empty or out of order, and about the length of the file.
 *
 *     copy every tree behind the end of the file --> all pages before are free --> copy every tree to the front --> cut the rest off
 *
 * I1  One transaction: readers keep their snapshots, and a failure leaves everything as it was.
 * I2  Free pages at the end are given up in the transaction; the file is cut by the checkpoint that brings its state to the page
 *     file, which waits for the last snapshot from before.
 * I3  Rows are carried over as they are stored: no default, check or trigger runs.
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
      moveTable(ctx, found.table.id)();
    } else if (found.kind !== 'virtual')
      ctx.notice({
        severity: 'WARNING',
        code: '01000',
        message: `skipping "${relation.relname}" --- cannot vacuum non-tables or special system tables`,
      });
  }
  ctx.view.packFreePages();
}

/**
 * Everything behind the end, then to the front. What moves to the front takes free pages from the lowest on and gives none back
 * before all is there, so that nothing is left between.
 */
function vacuumAll(ctx: DdlContext, isVerbose: boolean): void {
  const { view } = ctx;
  const tables = [...ctx.catalog.tables.values()];
  view.keepsFreePages = true;
  try {
    moveCatalogue(ctx)();
    for (const table of tables) {
      if (isVerbose) tellTable(ctx, table);
      moveTable(ctx, table.id)();
    }
  } finally {
    view.keepsFreePages = false;
  }
  view.packFreePages();
  const drops = [moveCatalogue(ctx)];
  for (const { id } of tables) drops.push(moveTable(ctx, id));
  for (const drop of drops) drop();
}

function tellTable({ notice }: DdlContext, { schema, name }: TableDef): void {
  notice({ severity: 'INFO', code: '00000', message: `vacuuming "${schema}.${name}"` });
}

/** Copies the catalogue's tree; returns what drops the old one. */
function moveCatalogue({ view }: DdlContext): () => void {
  if (view.meta.catalogRoot === NO_PAGE) return () => {};
  const old = catalogTree(view.meta.catalogRoot);
  view.setCatalogRoot(copyTree(old, view, view).root);
  return () => old.drop(view);
}

/** Copies a table and its indexes; returns what drops the old ones. */
function moveTable(ctx: DdlContext, id: number): () => void {
  const old = ctx.catalog.table(id) as TableDef;
  const { view } = ctx;
  const { root } = copyTree(tableTree(old), view, view);
  const indexes = old.indexes.map((index) => copiedIndex(ctx, old, index));
  ctx.catalog = ctx.catalog.withTable({ ...old, root, indexes, version: nextVersion(ctx) });
  return () => dropStorage(ctx, old);
}

function copiedIndex({ view }: DdlContext, table: TableDef, index: IndexDef): IndexDef {
  if (index.method === 'btree') return { ...index, root: copyTree(indexTree(table, index), view, view).root };
  const { postings, pending } = searchTrees(index);
  return {
    ...index,
    root: copyTree(postings, view, view).root,
    pendingRoot: copyTree(pending, view, view).root,
  };
}
