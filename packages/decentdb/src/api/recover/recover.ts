/**
 * `recover`: what can be read of a damaged database, into a new one.
 *
 *     header and log -> every page -> catalogue -> trees, gaps, orphans -> new schema -> rows -> foreign keys -> check -> rename
 *
 * I1  The source is only read, and locked meanwhile against others that would write.
 * I2  A row is in a table of the new database only if it was read from a page that proved right and belongs to that table; it
 *     went through the table's types, keys and checks. All else that could be read is in lost_and_found, with the reason.
 * I3  The target has its name only when it is whole, synced and checked; a recovery that fails or is stopped leaves nothing.
 */
import { DecentDbError, invalidUse } from '../../base/errors.ts';
import type { PageNo } from '../../base/ids.ts';
import { checkTarget, discardDraft, draftPath, publishDraft } from '../../txn/new-file.ts';
import { NodeVfs } from '../../vfs/node-vfs.ts';
import type { Vfs } from '../../vfs/vfs.ts';
import { Database } from '../database.ts';
import { checkOptionNames } from '../did-you-mean.ts';
import { type OperationOptions, runSteps, takeSteps } from '../steps.ts';
import { salvageCatalogRows } from './catalog-rows.ts';
import { type CatalogSalvage, salvageCatalog } from './catalog-salvage.ts';
import { DamagedSource } from './damaged-source.ts';
import { Forest, type FoundTable } from './forest.ts';
import { LostAndFound } from './lost-and-found.ts';
import { PageCensus } from './page-census.ts';
import type { RecoveredTable, RecoverFinding, RecoverProgress, RecoverReport } from './report.ts';
import { columnsOf, rowOf, type StoredColumn, unknownColumns } from './stored-rows.ts';
import { TargetRows } from './target-rows.ts';
import { type TableForm, TargetSchema } from './target-schema.ts';
import type { Gap, SalvagedTree } from './tree-salvage.ts';
import { unknownNode } from './unknown-shape.ts';

export interface RecoverOptions extends OperationOptions {
  /** Replace a file that is there; never one that is open. Default false. */
  readonly overwrite?: boolean;
  /** As `onProgress`. */
  readonly progress?: (progress: RecoverProgress) => void;
  /** Another file system, for tests. */
  readonly vfs?: Vfs;
}

const PAGES_PER_STEP = 256;
const FOUND_AGAIN = '; the pages it led to were found';

/**
 * Salvages what is readable of the database at `sourcePath` into a new database at `targetPath`.
 *
 * @example
 * const report = await recover('broken.ddb', 'rescued.ddb');
 * for (const table of report.tables) console.log(table.name, table.rows, table.rowsLost);
 */
export async function recover(
  sourcePath: string,
  targetPath: string,
  options: RecoverOptions = {},
): Promise<RecoverReport> {
  return takeSteps(recoverSteps(sourcePath, targetPath, options), withBoth(options), 'the recovery');
}

/** The same in one go. */
export function recoverSync(
  sourcePath: string,
  targetPath: string,
  options: RecoverOptions = {},
): RecoverReport {
  return runSteps(recoverSteps(sourcePath, targetPath, options), withBoth(options), 'the recovery');
}

/** `progress` is called as `onProgress` is. */
function withBoth({ progress, onProgress, ...rest }: RecoverOptions): OperationOptions {
  if (progress === undefined) return onProgress === undefined ? rest : { ...rest, onProgress };
  return {
    ...rest,
    onProgress: (step) => {
      progress(step as RecoverProgress);
      onProgress?.(step);
    },
  };
}

function* recoverSteps(
  sourcePath: string,
  targetPath: string,
  options: RecoverOptions,
): Generator<RecoverProgress, RecoverReport> {
  checkOptionNames(options, ['overwrite', 'onProgress', 'progress', 'signal', 'vfs'], 'recover');
  for (const path of [sourcePath, targetPath])
    if (typeof path !== 'string' || path === '') throw invalidUse('recover takes two paths');
  const vfs = options.vfs ?? new NodeVfs();
  const target = vfs.resolve?.(targetPath) ?? targetPath;
  const choices = { vfs, overwrite: options.overwrite ?? false };
  if (vfs.identityOf(target) !== undefined && vfs.identityOf(target) === vfs.identityOf(sourcePath))
    throw new DecentDbError('55006', `"${targetPath}" is the damaged database itself`, {
      file: targetPath,
      hint: 'A recovery writes a new file. Choose another name for it.',
    });
  checkTarget(target, choices);
  const source = DamagedSource.open(vfs, vfs.resolve?.(sourcePath) ?? sourcePath);
  const draft = draftPath(target);
  let isDone = false;
  try {
    const report = yield* new Recovery(source, vfs, draft, target).run();
    publishDraft(draft, target, choices);
    isDone = true;
    return report;
  } finally {
    source.close();
    if (!isDone) discardDraft(draft, vfs);
  }
}

class Recovery {
  readonly #source: DamagedSource;
  readonly #vfs: Vfs;
  readonly #draft: string;
  readonly #target: string;
  readonly #findings: RecoverFinding[] = [];
  readonly #tables: RecoveredTable[] = [];

  constructor(source: DamagedSource, vfs: Vfs, draft: string, target: string) {
    this.#source = source;
    this.#vfs = vfs;
    this.#draft = draft;
    this.#target = target;
  }

  *run(): Generator<RecoverProgress, RecoverReport> {
    const source = this.#source;
    for (const message of source.problems)
      this.#note(/header/.test(message) ? 'header' : 'log', message, null, null);
    const census = yield* this.#census();
    const rows = salvageCatalogRows(census);
    for (const { message, page } of rows.findings) this.#note('catalogue', message, page, null);
    const salvage = salvageCatalog(rows.rows);
    for (const { object, message } of salvage.lost)
      this.#note('catalogue', `${object}: ${message}`, null, object);
    this.#noteRoles(salvage);
    const isCatalogWhole = rows.isWhole && salvage.lost.length === 0;
    const forest = new Forest(census, salvage, isCatalogWhole);
    const unplaced = forest.adopt();
    this.#noteGaps(forest, census);
    const db = new Database(this.#draft, {
      vfs: this.#vfs,
      mode: 'createNew',
      durability: 'none',
      pageSize: source.pageBytes,
    });
    try {
      const lost = new LostAndFound(db);
      yield* this.#fill(db, lost, salvage, forest, unplaced, rows.sequenceValues);
      this.#verify(db);
      return this.#report(lost, isCatalogWhole);
    } finally {
      db.close();
    }
  }

  *#census(): Generator<RecoverProgress, PageCensus> {
    const steps = PageCensus.take(this.#source, PAGES_PER_STEP);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      yield { phase: 'pages', done: step.value, total: this.#source.pageCount };
    }
  }

  *#fill(
    db: Database,
    lost: LostAndFound,
    salvage: CatalogSalvage,
    forest: Forest,
    unplaced: readonly number[],
    sequenceValues: ReadonlyMap<number, string>,
  ): Generator<RecoverProgress> {
    const schema = new TargetSchema(db, salvage.catalog, this.#source, this.#findings);
    const forms = schema.createTables();
    const leavesOf = (found: SalvagedTree): number => found.leaves.length;
    const wanted = new Set(schema.tables());
    const tables = forest.tables.filter(({ table }) => wanted.has(table));
    let done = 0;
    const total =
      unplaced.length + [...tables, ...forest.partial].reduce((sum, { found }) => sum + leavesOf(found), 0);
    for (const found of tables)
      for (const _ of this.#fillTable(db, lost, found, forms.get(found.table) ?? 'none'))
        yield { phase: 'rows', done: ++done, total };
    for (const { partial, found } of forest.partial)
      for (const leaf of found.leaves) {
        const node = found.nodeAt(leaf.page);
        if (typeof node !== 'string')
          this.#loseLeaf(lost, node, unknownColumns(node, partial), partial.name, 'its definition is lost');
        yield { phase: 'rows', done: ++done, total };
      }
    for (const page of unplaced) {
      this.#loseOrphan(lost, page);
      yield { phase: 'rows', done: ++done, total };
    }
    lost.flush();
    schema.finish(sequenceValues);
  }

  *#fillTable(
    db: Database,
    lost: LostAndFound,
    { table, found }: FoundTable,
    form: TableForm,
  ): Generator<void> {
    const isStored = form === 'plain' ? 'virtual' : 'stored';
    const columns = columnsOf(
      table,
      ({ generated }) => generated === null || (generated === 'stored' && isStored === 'virtual'),
    );
    const name = `${table.schema}.${table.name}`;
    const rows = new TargetRows(db, lost, table, columns);
    let incomplete = 0;
    for (const leaf of found.leaves) {
      const node = found.nodeAt(leaf.page);
      if (typeof node === 'string') continue;
      if (form === 'none') this.#loseLeaf(lost, node, columns, name, 'its table could not be made');
      else
        for (let i = 0; i < node.count; i++) {
          const row = rowOf(this.#source, node, i, columns);
          if (row.isWhole) rows.add({ ...row, page: leaf.page, row: i });
          else {
            incomplete++;
            const reason = 'a large value of the row is lost';
            lost.add({ table: name, page: leaf.page, row: i, reason, names: namesOf(columns), ...row });
          }
        }
      yield;
    }
    rows.flush();
    this.#tables.push({
      schema: table.schema,
      name: table.name,
      rows: rows.rows,
      rowsRefused: rows.refused,
      rowsIncomplete: incomplete,
      pagesLost: found.gaps.map(({ page }) => page),
      rowsLost: rowsLost(found),
    });
  }

  #loseLeaf(
    lost: LostAndFound,
    node: Exclude<ReturnType<SalvagedTree['nodeAt']>, string>,
    columns: readonly StoredColumn[],
    table: string | null,
    reason: string,
  ): void {
    for (let row = 0; row < node.count; row++)
      lost.add({
        table,
        page: node.pageNo,
        row,
        reason,
        names: namesOf(columns),
        ...rowOf(this.#source, node, row, columns),
      });
  }

  #loseOrphan(lost: LostAndFound, page: number): void {
    const node = unknownNode(this.#source, page as PageNo);
    if (typeof node === 'string')
      this.#note('page', `page ${page} that nothing leads to: ${node}`, page, null);
    else
      this.#loseLeaf(
        lost,
        node,
        unknownColumns(node, null),
        null,
        'nothing says which table the page belongs to',
      );
  }

  #noteGaps(forest: Forest, census: PageCensus): void {
    for (const { found } of [...forest.tables, ...forest.partial])
      for (const gap of found.gaps)
        this.#note('table', `${found.name}, page ${gap.page}: ${gapText(gap, found)}`, gap.page, found.name);
    for (const { name, gap } of forest.indexGaps())
      this.#note('index', `${name}, page ${gap.page}: ${gap.problem}; it is built anew`, gap.page, name);
    const told = new Set(this.#findings.map(({ page }) => page));
    for (const page of census.unreadable())
      if (!told.has(page)) {
        const problem = this.#source.readPage(page);
        if (typeof problem === 'string') this.#note('page', `page ${page}: ${problem}`, page, null);
      }
    for (const page of this.#source.repaired)
      this.#note('page', `page ${page}: one flipped bit was put right`, page, null);
    if (!census.isFreeListWhole) this.#note('page', 'the list of free pages is damaged', null, null);
    const newer = census.newerPages();
    if (newer > 0)
      this.#note('log', `${newer} pages are newer than the last commit that was found whole`, null, null);
  }

  /** Who may do what is for whoever takes the new file over to say. */
  #noteRoles({ catalog }: CatalogSalvage): void {
    const names = [...catalog.roles.values()].map(({ name }) => `"${name}"`);
    if (names.length === 0 && catalog.access.size === 0) return;
    const roles = names.length === 0 ? '' : `roles ${names.join(', ')}, `;
    const message = `${roles}owners and grants of ${catalog.access.size} objects are not carried over`;
    this.#note('omitted', message, null, null);
  }

  /** The new database must be sound: otherwise it must not get its name. */
  #verify(db: Database): void {
    const [finding] = db.check().findings;
    if (finding !== undefined)
      throw new DecentDbError('XX000', `the recovered database is not sound: ${finding.message}`);
  }

  #report(lost: LostAndFound, isCatalogWhole: boolean): RecoverReport {
    const { meta, pageBytes, pageCount } = this.#source;
    const isComplete =
      isCatalogWhole &&
      lost.rows === 0 &&
      this.#tables.every((table) => table.rowsLost === 0) &&
      !this.#findings.some(isLoss);
    return {
      path: this.#target,
      isComplete,
      pageBytes,
      pages: pageCount,
      lsn: meta.lsn,
      tables: this.#tables,
      lostAndFound: lost.table === null ? null : { table: lost.table, rows: lost.rows },
      findings: this.#findings,
    };
  }

  #note(kind: RecoverFinding['kind'], message: string, page: number | null, object: string | null): void {
    this.#findings.push({ kind, message, page, object });
  }
}

function namesOf(columns: readonly StoredColumn[]): string[] {
  return columns.map(({ name }) => name);
}

/** What leaves rows where they are, and costs nothing: a copy of the header, a page of an index, a bit, a page found again. */
const HARMLESS: ReadonlySet<RecoverFinding['kind']> = new Set(['header', 'page', 'index', 'omitted']);

function isLoss({ kind, message }: RecoverFinding): boolean {
  return !HARMLESS.has(kind) && !message.endsWith(FOUND_AGAIN);
}

/** Rows that the gaps of a tree must have held, less those found for them; null where nothing tells. */
function rowsLost(found: SalvagedTree): number | null {
  if (found.gaps.length === 0) return 0;
  if (found.gaps.some(({ rows }) => rows < 0)) return null;
  const adopted = found.leaves.reduce((sum, { rows, isAdopted }) => sum + (isAdopted ? rows : 0), 0);
  return Math.max(0, found.gaps.reduce((sum, { rows }) => sum + rows, 0) - adopted);
}

function gapText(gap: Gap, found: SalvagedTree): string {
  if (found.filled.has(gap)) return `${gap.problem}${FOUND_AGAIN}`;
  return gap.rows < 0 ? gap.problem : `${gap.problem}; about ${gap.rows} rows were there`;
}
