/**
 * `db.check()`: is everything on disk what it should be?
 *
 * Pages first (readable, checksums, free list), then every tree (order, separators, links, values), then every page accounted for
 * exactly once, then the catalogue against itself, indexes against their tables, entry by entry, and rows against the constraints.
 *
 * I1  Reads only; a finding never stops the rest of the check.
 * I2  Constraints and indexes are compared only where the trees they rest on are sound: one damaged page is told of once.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { catalogTree } from '../catalog/catalog-store.ts';
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import { catalogProblems } from '../catalog/verify-catalog.ts';
import { isSearchIndex, searchTrees } from '../exec/storage/search-stores.ts';
import { indexTree, tableTree } from '../exec/storage/stored-trees.ts';
import type { Session } from '../session/session.ts';
import { brokenConstraints } from '../session/verify-constraints.ts';
import { verifyIndexSteps } from '../session/verify-index.ts';
import { verifySearchIndex } from '../session/verify-search.ts';
import type { Tree } from '../tree/tree.ts';
import { verifyTree } from '../tree/verify-tree.ts';
import { checkStillThere, checkStorageSteps, PageAccount, type StorageCheck } from '../txn/check-storage.ts';
import { overflowPages } from '../txn/overflow-chain.ts';
import type { ReadTxn } from '../txn/read-txn.ts';
import { checkOptionNames } from './did-you-mean.ts';
import type { OperationOptions, OperationProgress } from './steps.ts';

/** What a finding is about. */
export type FindingKind = 'page' | 'tree' | 'account' | 'catalogue' | 'index' | 'constraint';

export interface Finding {
  readonly kind: FindingKind;
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

/** Pages named in one finding. */
const PAGES_NAMED_MAX = 20;

export type CheckOptions = OperationOptions;

/** Phases: `pages` of the file, then `rows`: of tables, and of indexes and constraints that are held against them. */
export function* checkSteps(
  session: Session,
  options: CheckOptions,
): Generator<OperationProgress, CheckReport> {
  checkOptionNames(options, ['onProgress', 'signal'], 'check');
  const { engine } = session;
  const pages = checkStorageSteps(engine);
  let storage: StorageCheck | null = null;
  while (storage === null) {
    const step = pages.next();
    if (step.done === true) storage = step.value;
    else yield { phase: 'pages', ...step.value };
  }
  const read = engine.beginRead();
  try {
    const check = new DatabaseCheck(session, read, options.onProgress !== undefined);
    for (const problem of storage.problems) check.note('page', problem.message, problem.page ?? null, null);
    yield* check.run();
    checkStillThere(engine, read);
    return {
      ok: check.findings.length === 0,
      findings: check.findings,
      pages: storage.pages,
      freePages: storage.freePages,
      ...check.counts,
    };
  } finally {
    read.end();
  }
}

class DatabaseCheck {
  readonly findings: Finding[] = [];
  readonly counts = { tables: 0, indexes: 0, rows: 0 };
  readonly #session: Session;
  readonly #read: ReadTxn;
  readonly #account: PageAccount;

  /** Rows and entries looked at, and how many there are to look at. */
  #done = 0;
  #total = 0;
  readonly #isCounting: boolean;

  constructor(session: Session, read: ReadTxn, isCounting: boolean) {
    this.#session = session;
    this.#read = read;
    this.#isCounting = isCounting;
    this.#account = new PageAccount(session.engine, read);
  }

  *run(): Generator<OperationProgress, void> {
    const root = this.#read.meta.catalogRoot;
    if (root !== 0) this.#claim(catalogTree(root), 'the catalogue');
    const catalog = this.#catalog();
    // Without the catalogue nobody knows whose the other pages are.
    if (catalog === null) return;
    for (const { object, message } of catalogProblems(catalog))
      this.note('catalogue', `${object}: ${message}`, null, object);
    const sound = new Set<TableDef>();
    if (this.#isCounting) for (const table of catalog.tables.values()) this.#total += this.#work(table);
    for (const table of catalog.tables.values()) if (yield* this.#table(table)) sound.add(table);
    this.#unaccounted();
    for (const table of sound) {
      this.#constraints(table, catalog, sound);
      yield this.#advance(this.#rows.get(table.id) ?? 0);
    }
  }

  /** Rows of a table, once for itself, once for its constraints, once for each index. */
  readonly #rows: Map<number, number> = new Map();

  #work(table: TableDef): number {
    try {
      return tableTree(table).rowCount(this.#read) * (2 + table.indexes.length);
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      return 0; // Damage is told of by the check itself.
    }
  }

  #advance(rows: number): OperationProgress {
    this.#done += rows;
    return {
      phase: 'rows',
      done: this.#done,
      total: Math.max(this.#total, this.#isCounting ? this.#done : 0),
    };
  }

  /** Pages claimed twice, and pages nobody claims: where a tree is damaged those are what it led to, told of together. */
  #unaccounted(): void {
    const claimed = this.#account.problems.length;
    const problems = this.#account.finish();
    const lost = problems.slice(claimed);
    const isBelowDamage = this.findings.some(({ kind }) => kind === 'tree');
    const apart = isBelowDamage && lost.length > 1 ? problems.slice(0, claimed) : problems;
    for (const { message, page } of apart) this.note('account', message, page ?? null, null);
    if (apart.length < problems.length) {
      const pages = lost.slice(0, PAGES_NAMED_MAX).map(({ page }) => page);
      const more = lost.length > pages.length ? ', ...' : '';
      const message = `${lost.length} pages are neither free nor reached: ${pages.join(', ')}${more}`;
      this.note('account', message, null, null);
    }
  }

  note(kind: FindingKind, message: string, page: number | null, object: string | null): void {
    if (this.findings.some((one) => one.message === message)) return;
    this.findings.push({ kind, message, page, object });
  }

  #catalog(): Catalog | null {
    try {
      return this.#session.shared.store.load(this.#read, this.#read.meta);
    } catch (error) {
      this.#noteError('catalogue', 'the catalogue', error);
      return null;
    }
  }

  /** A table's tree, and its indexes against it; false when something is wrong with any of them. */
  *#table(table: TableDef): Generator<OperationProgress, boolean> {
    const before = this.findings.length;
    this.counts.tables++;
    const rows = this.#claim(tableTree(table), `table "${table.name}"`);
    this.counts.rows += rows;
    this.#rows.set(table.id, rows);
    yield this.#advance(rows);
    const isTableSound = this.findings.length === before;
    for (const index of table.indexes) {
      this.counts.indexes++;
      const owner = `index "${index.name}"`;
      const known = this.findings.length;
      for (const tree of treesOf(table, index)) this.#claim(tree, owner);
      if (!isTableSound || this.findings.length > known) continue;
      try {
        if (index.method === 'btree')
          for (const entries of verifyIndexSteps(this.#session, table, index, this.#read))
            yield this.#advance(entries);
        else {
          verifySearchIndex(this.#session, table, index, this.#read);
          yield this.#advance(rows);
        }
      } catch (error) {
        this.#noteError('index', owner, error);
      }
    }
    return this.findings.length === before;
  }

  #constraints(table: TableDef, catalog: Catalog, sound: ReadonlySet<TableDef>): void {
    const isBlind = table.constraints.some(
      (one) => one.kind === 'foreignKey' && !sound.has(catalog.table(one.targetTableId) ?? table),
    );
    if (isBlind) return;
    const object = `table "${table.name}"`;
    for (const { constraint, message } of brokenConstraints(this.#session, table, this.#read))
      this.note('constraint', `${object}, ${constraint}: ${message}`, null, object);
  }

  /** Verifies a tree, claims its pages and chains, and returns its rows. */
  #claim(tree: Tree, owner: string): number {
    const account = this.#account;
    const report = verifyTree(tree, this.#read, (problem) => this.#noteError('tree', owner, problem));
    for (const page of report.pages) account.claim(page, owner);
    for (const chain of report.chains)
      try {
        for (const page of overflowPages(this.#read, chain)) account.claim(page, owner);
      } catch (error) {
        if (!(error instanceof DecentDbError)) throw error; // Told of by verifyTree, which reads every chain.
      }
    return report.rows;
  }

  #noteError(kind: FindingKind, object: string, error: unknown): void {
    if (!(error instanceof DecentDbError)) throw error;
    // The database was closed, the snapshot has expired, or somebody stopped the work: no damage.
    if (!this.#read.isActive || error.code === '57014') throw error;
    this.note(kind, `${object}: ${error.message}`, error.page ?? null, object);
  }
}

/** The trees that an index is made of. */
export function treesOf(table: TableDef, index: IndexDef): readonly Tree[] {
  if (index.method === 'btree') return [indexTree(table, index)];
  if (!isSearchIndex(index) || index.pendingRoot === undefined) return [];
  const { postings, pending } = searchTrees(index);
  return [postings, pending];
}
