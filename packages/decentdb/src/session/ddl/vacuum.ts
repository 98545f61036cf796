/**
 * VACUUM: tables and their indexes written anew in key order, the old pages given back for reuse.
 *
 * There are no dead rows to remove (a page belongs to a version, and what no snapshot sees is free at once), so this is about
 * pages that many changes left half empty or out of order. The file does not become shorter; `vacuumInto` makes a short one.
 *
 * I1  One transaction: readers keep their snapshots, and a failure leaves everything as it was.
 * I2  Rows are carried over as they are stored: no default, check or trigger runs.
 */
import { DecentDbError } from '../../base/errors.ts';
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
  if (stmt.rels.length === 0) {
    for (const { id } of [...ctx.catalog.tables.values()]) vacuumTable(ctx, id);
    return;
  }
  for (const { relation } of stmt.rels) {
    const found = findRelation(envOf(ctx), relation);
    if (found === null)
      throw new DecentDbError('42P01', `relation "${writtenName(relation)}" does not exist`);
    if (found.kind === 'table') vacuumTable(ctx, found.table.id);
    else if (found.kind !== 'virtual')
      ctx.notice({
        severity: 'WARNING',
        code: '01000',
        message: `skipping "${relation.relname}" --- cannot vacuum non-tables or special system tables`,
      });
  }
}

function vacuumTable(ctx: DdlContext, id: number): void {
  const old = ctx.catalog.table(id) as TableDef;
  const { view } = ctx;
  const { root } = copyTree(tableTree(old), view, view);
  const indexes = old.indexes.map((index) => copiedIndex(ctx, old, index));
  dropStorage(ctx, old);
  ctx.catalog = ctx.catalog.withTable({ ...old, root, indexes, version: nextVersion(ctx) });
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
