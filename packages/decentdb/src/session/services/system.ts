/** What the session and the server call themselves, and how large things are. */
import { DecentDbError } from '../../base/errors.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import { isSearchIndex, searchTrees } from '../../exec/storage/search-stores.ts';
import { indexTree, tableTree } from '../../exec/storage/stored-trees.ts';
import { BARE_LABEL, KEYWORD_CLASS, KEYWORD_NAMES } from '../../sql/lex/keywords.ts';
import type { Tree } from '../../tree/tree.ts';
import { fetchChild, fetchRoot } from '../../tree/tree-descent.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import type { ReadView } from '../../txn/page-view.ts';
import { SqlArray } from '../../types/array.ts';
import { roleNameOf } from '../ddl/role-names.ts';
import { notify } from '../notifications.ts';
import type { Session } from '../session.ts';
import { SERVER_VERSION } from '../settings/catalogue.ts';
import { userNames } from '../user-names.ts';
import { OWNER_NAME } from '../virtual/object-ids.ts';
import { systemViews } from '../virtual/registry.ts';
import { runningOf, type SessionService } from './service.ts';

const openedMicros = new WeakMap<Session, number>();

/** Notes when the session was opened, for pg_postmaster_start_time(). */
export function noteOpened(session: Session): void {
  const { clock } = session;
  openedMicros.set(session, clock.nearlyNowMicros?.() ?? clock.nowMicros());
}

const currentUser: SessionService = (session) => userNames(session).current;
const database: SessionService = () => OWNER_NAME;

const WORD_CLASSES: readonly (readonly [code: string, description: string])[] = [
  ['U', 'unreserved'],
  ['C', 'unreserved (cannot be function or type name)'],
  ['T', 'reserved (can be function or type name)'],
  ['R', 'reserved'],
];

/** Columns of pg_get_keywords() as texts, a word after the other. */
function keywordTexts(): SqlArray {
  const texts = KEYWORD_NAMES.flatMap((word, i) => {
    const kind = KEYWORD_CLASS[i] ?? 0;
    const [code, description] = WORD_CLASSES[kind & ~BARE_LABEL] ?? ['U', ''];
    const isLabel = (kind & BARE_LABEL) !== 0;
    return [word, code, isLabel ? 't' : 'f', description, isLabel ? 'can be bare label' : 'requires AS'];
  });
  return SqlArray.of(texts);
}

export const systemServices: Readonly<Record<string, SessionService>> = {
  pg_get_keywords: keywordTexts,
  pg_listening_channels: (session) => SqlArray.of([...session.listening.channels]),
  pg_notify(session, [channel, payload]) {
    notify(runningOf(session), channel === null ? '' : String(channel), String(payload ?? ''));
    return '';
  },
  version: () => `PostgreSQL ${SERVER_VERSION} (DecentDB) in JavaScript`,
  current_database: database,
  current_catalog: database,
  current_user: currentUser,
  session_user: (session) => userNames(session).session,
  user: currentUser,
  current_role: currentUser,
  pg_get_userbyid: (session, [id]) =>
    roleNameOf(session.catalogOf(runningOf(session)), id as number) ?? `unknown (OID=${id})`,
  current_schema(session) {
    const catalog = session.catalogOf(runningOf(session));
    const isThere = (name: string): boolean =>
      catalog.schema(name) !== undefined || systemViews.hasSchema(name);
    return session.settings.searchPath.find(isThere) ?? null;
  },
  current_schemas(session, [withImplicit]) {
    const catalog = session.catalogOf(runningOf(session));
    const names = session.settings.searchPath.filter((name) => catalog.schema(name) !== undefined);
    const implicit = withImplicit === true && !names.includes('pg_catalog') ? ['pg_catalog'] : [];
    return SqlArray.of([...implicit, ...names]);
  },
  current_query: (session) => session.currentSql,
  // One process, one connection: any number will do as long as it stays.
  pg_backend_pid: () => 1,
  pg_postmaster_start_time(session) {
    const now = session.clock.nowMicros();
    return Math.min(openedMicros.get(session) ?? now, now);
  },
  txid_current: (session) => runningOf(session).writeView().base.lsn + 1,
  pg_relation_size(session, [id, part = 'main']) {
    const found = relationOf(session, id as number);
    if (!['main', 'fsm', 'vm', 'init'].includes(part as string))
      throw new DecentDbError('22023', 'invalid fork name', {
        hint: 'Valid fork names are "main", "fsm", "vm", and "init".',
      });
    // A relation has no other parts.
    if (part !== 'main') return found === null ? null : 0;
    return found === null
      ? null
      : found.trees.slice(0, found.own).reduce((sum, tree) => sum + bytesOf(session, tree), 0);
  },
  pg_table_size(session, [id]) {
    const found = relationOf(session, id as number);
    return found === null
      ? null
      : found.trees.slice(0, found.own).reduce((sum, tree) => sum + bytesOf(session, tree), 0);
  },
  pg_indexes_size(session, [id]) {
    const found = relationOf(session, id as number);
    return found === null
      ? null
      : found.trees.slice(found.own).reduce((sum, tree) => sum + bytesOf(session, tree), 0);
  },
  pg_total_relation_size(session, [id]) {
    const found = relationOf(session, id as number);
    return found === null ? null : found.trees.reduce((sum, tree) => sum + bytesOf(session, tree), 0);
  },
  // There is one file.
  pg_tablespace_size: (session) => session.engine.publishedMeta().pageCount * session.engine.pageBytes,
  pg_database_size: (session) => session.engine.publishedMeta().pageCount * session.engine.pageBytes,
};

/** The trees of a table and its indexes, or of an index; the first `own` are the relation's. */
function relationOf(
  session: Session,
  id: number,
): { readonly trees: readonly Tree[]; readonly own: number } | null {
  const catalog = session.catalogOf(runningOf(session));
  const table = catalog.table(id);
  if (table !== undefined)
    return {
      own: 1,
      trees: [tableTree(table), ...table.indexes.flatMap((index) => indexTrees(table, index))],
    };
  const owner = catalog.tableOfIndex(id);
  const index = owner?.indexes.find((i) => i.id === id);
  if (owner === undefined || index === undefined) return null;
  const trees = indexTrees(owner, index);
  return { trees, own: trees.length };
}

function indexTrees(table: TableDef, index: IndexDef): readonly Tree[] {
  if (!isSearchIndex(index)) return [indexTree(table, index)];
  const { postings, pending } = searchTrees(index);
  return [postings, pending];
}

function bytesOf(session: Session, tree: Tree): number {
  const view = session.readView(runningOf(session));
  return pagesUnder(tree, view, fetchRoot(tree, view)) * session.engine.pageBytes;
}

/** Pages of a subtree; leaves are counted, not read. */
function pagesUnder(tree: Tree, view: ReadView, node: TreeNode): number {
  if (node.level === 0) return 1;
  if (node.level === 1) return 1 + node.count;
  let pages = 1;
  for (let i = 0; i < node.count; i++) pages += pagesUnder(tree, view, fetchChild(tree, view, node, i));
  return pages;
}
