/**
 * `db.check()`: is everything on disk what it should be?
 *
 * Pages first (readable, checksums, free list), then every tree (order, separators, values), then every page accounted for
 * exactly once, then indexes against their tables, entry by entry.
 *
 * I1  Reads only; a finding never stops the rest of the check.
 */
import { DecentDbError } from '../base/errors.ts';
import { catalogTree } from '../catalog/catalog-store.ts';
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import { postingStore } from '../exec/storage/search-stores.ts';
import { indexTree, tableTree } from '../exec/storage/stored-trees.ts';
import type { Session } from '../session/session.ts';
import { verifyIndex } from '../session/verify-index.ts';
import { verifySearchIndex } from '../session/verify-search.ts';
import type { Tree } from '../tree/tree.ts';
import { verifyTree } from '../tree/verify-tree.ts';
import { checkStorage, PageAccount } from '../txn/check-storage.ts';
import { overflowPages } from '../txn/overflow-chain.ts';
import type { ReadTxn } from '../txn/read-txn.ts';

export interface Finding {
  readonly message: string;
  readonly page: number | null;
  readonly object: string | null;
}

export interface CheckReport {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly pages: number;
  readonly freePages: number;
  readonly tables: number;
  readonly indexes: number;
  readonly rows: number;
}

export function checkDatabase(session: Session): CheckReport {
  const { engine } = session;
  const findings: Finding[] = [];
  const storage = checkStorage(engine);
  for (const problem of storage.problems)
    findings.push({ message: problem.message, page: problem.page ?? null, object: null });
  const read = engine.beginRead();
  const counts = { tables: 0, indexes: 0, rows: 0 };
  try {
    const catalog = session.shared.store.load(read, read.meta);
    const account = new PageAccount(engine, read);
    const check = (object: string, work: () => void): void => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof DecentDbError)) throw error;
        findings.push({ message: `${object}: ${error.message}`, page: error.page ?? null, object });
      }
    };
    if (read.meta.catalogRoot !== 0)
      check(
        'the catalogue',
        () => void claimTree(catalogTree(read.meta.catalogRoot), read, account, 'the catalogue'),
      );
    for (const table of catalog.tables.values()) {
      counts.tables++;
      const name = `table "${table.name}"`;
      let rows = -1;
      check(name, () => {
        rows = claimTree(tableTree(table), read, account, name);
        counts.rows += rows;
      });
      for (const index of table.indexes) {
        counts.indexes++;
        const owner = `index "${index.name}"`;
        if (index.method === 'btree') check(owner, () => checkIndex(session, table, index, read, account));
        else
          check(owner, () => {
            claimSearchIndex(index, read, account, owner);
            verifySearchIndex(session, table, index, read);
          });
      }
    }
    for (const problem of account.finish())
      findings.push({ message: problem.message, page: problem.page ?? null, object: null });
  } finally {
    read.end();
  }
  return {
    ok: findings.length === 0,
    findings,
    pages: storage.pages,
    freePages: storage.freePages,
    ...counts,
  };
}

/** Verifies a tree, claims its pages and chains, and returns its rows. */
function claimTree(tree: Tree, read: ReadTxn, account: PageAccount, owner: string): number {
  const report = verifyTree(tree, read);
  for (const page of report.pages) account.claim(page, owner);
  for (const chain of report.chains)
    for (const page of overflowPages(read, chain)) account.claim(page, owner);
  return report.rows;
}

/** The postings of a search index, and the rows that wait to be merged into them. */
function claimSearchIndex(index: IndexDef, read: ReadTxn, account: PageAccount, owner: string): void {
  const { postings, pending } = postingStore(index);
  claimTree(postings, read, account, owner);
  claimTree(pending, read, account, owner);
}

function checkIndex(
  session: Session,
  table: TableDef,
  index: IndexDef,
  read: ReadTxn,
  account: PageAccount,
): void {
  claimTree(indexTree(table, index), read, account, `index "${index.name}"`);
  verifyIndex(session, table, index, read);
}
