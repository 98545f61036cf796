/**
 * A small database of many kinds of values for the tests of `recover`, and where each of its rows is stored.
 */
import type { PageNo } from '../../base/ids.ts';
import { PageKind } from '../../pager/page-node.ts';
import { OverflowValue } from '../../tree/overflow-value.ts';
import { overflowPages } from '../../txn/overflow-chain.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import { Database } from '../database.ts';
import { salvageCatalogRows } from './catalog-rows.ts';
import { salvageCatalog } from './catalog-salvage.ts';
import { DamagedSource } from './damaged-source.ts';
import { Forest } from './forest.ts';
import { PageCensus } from './page-census.ts';
import { columnsOf, rowOf } from './stored-rows.ts';

export const SOURCE = 'broken.ddb';
export const TARGET = 'rescued.ddb';
export const TABLES: readonly string[] = ['person', 'visit', 'plain'];

const SCHEMA = `
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE person (
  id int PRIMARY KEY, name text NOT NULL, mood mood, score numeric(8,2), born date, tags text[], extra jsonb, photo bytea);
CREATE INDEX person_name ON person (name);
CREATE TABLE visit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person int NOT NULL REFERENCES person,
  at timestamptz, length interval, note text, CHECK (person >= 0));
CREATE TABLE plain (a double precision, b boolean, c uuid, d varchar(10), e char(4));
CREATE VIEW names AS SELECT id, name FROM person;
`;

/** Rows of each table as arrays of texts, by column. */
export type Content = ReadonlyMap<string, readonly string[]>;

export interface SpecimenChoices {
  readonly pageSize?: number;
  readonly rows?: number;
  /** Leave the log behind, as a killed process does. */
  readonly isKilled?: boolean;
}

/** A disk with the database at SOURCE. */
export function makeSpecimen({
  pageSize = 512,
  rows = 60,
  isKilled = false,
}: SpecimenChoices = {}): MemoryDisk {
  const disk = new MemoryDisk();
  const db = new Database(SOURCE, { vfs: new MemoryVfs(disk), pageSize, mode: 'createNew' });
  db.exec(SCHEMA);
  db.exec(`INSERT INTO person SELECT i, 'name ' || i, (ARRAY['sad', 'ok', 'happy'])[1 + i % 3]::mood, i * 1.25,
    date '2000-01-01' + i, ARRAY['a' || i, NULL], jsonb_build_object('i', i),
    CASE WHEN i % 20 = 0 THEN decode(repeat('ab', 700), 'hex') ELSE '\\x00ff' END FROM generate_series(1, ${rows}) AS g(i)`);
  db.exec(`INSERT INTO visit (person, at, length, note)
    SELECT 1 + i % ${rows}, timestamptz '2020-01-01 00:00:00+00' + i * interval '1 hour', i * interval '1 minute',
      repeat('x', i % 50) FROM generate_series(1, ${2 * rows}) AS g(i)`);
  db.exec(`INSERT INTO plain SELECT i / 7.0, i % 2 = 0, ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid,
    'v' || i, 'w' FROM generate_series(1, ${rows}) AS g(i)`);
  // Free pages with rows in the shape of a table that is there: they must never come back.
  db.exec('CREATE TABLE gone AS SELECT a + 1000 AS a, b, c, d, e FROM plain');
  db.checkpoint();
  db.exec('DROP TABLE gone; DELETE FROM plain WHERE a > 8');
  if (isKilled) db.checkpoint();
  db.exec('DELETE FROM visit WHERE id % 7 = 0');
  db.exec("UPDATE person SET name = name || ' again' WHERE id % 11 = 0");
  const killed = disk.clone();
  db.close();
  return isKilled ? killed : disk;
}

/** What the tables of a database hold; a table that is not there holds nothing. */
export function contentOf(db: Database): Content {
  const content = new Map<string, string[]>();
  for (const table of TABLES) {
    const there =
      db.query("SELECT 1 FROM pg_class WHERE relname = $1 AND relkind = 'r'", [table]).rowCount > 0;
    const rows = there
      ? db.query<string[]>(`SELECT * FROM ${table}`, [], { rowMode: 'array', format: 'text' }).rows
      : [];
    content.set(
      table,
      rows.map((row) => JSON.stringify(row)),
    );
  }
  return content;
}

/** What the undamaged specimen holds. */
export function wholeContent(disk: MemoryDisk): Content {
  const db = new Database(SOURCE, { vfs: new MemoryVfs(disk.clone()) });
  try {
    return contentOf(db);
  } finally {
    db.close();
  }
}

/** For each table the rows on each of its leaves, as `contentOf` writes them; and what every page belongs to. */
export interface PageMap {
  readonly rowsOn: ReadonlyMap<number, { readonly table: string; readonly rows: readonly string[] }>;
  readonly pageCount: number;
  readonly firstDataPage: number;
  readonly pageBytes: number;
  /** Pages of the catalogue, of its large definitions too. */
  readonly catalog: ReadonlySet<number>;
  /** Overflow pages: rows of `person` lose their photo with them. */
  readonly overflow: ReadonlySet<number>;
  /** Pages of the free list itself. */
  readonly trunks: ReadonlySet<number>;
}

export function mapPages(disk: MemoryDisk): PageMap {
  const source = DamagedSource.open(new MemoryVfs(disk.clone()), SOURCE);
  try {
    const steps = PageCensus.take(source, 1 << 20);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    const census = step.value;
    const { rows } = salvageCatalogRows(census);
    const catalog = new Set<number>();
    for (let page = 0; page < source.pageCount; page++) if (census.isClaimed(page)) catalog.add(page);
    const forest = new Forest(census, salvageCatalog(rows), true);
    const rowsOn = new Map<number, { table: string; rows: string[] }>();
    for (const { table, found } of forest.tables) {
      const columns = columnsOf(table, () => true);
      for (const { page } of found.leaves) {
        const node = found.nodeAt(page);
        if (typeof node === 'string') throw new Error(node);
        const texts = Array.from({ length: node.count }, (_, i) =>
          JSON.stringify(rowOf(source, node, i, columns).values),
        );
        rowsOn.set(page, { table: table.name, rows: texts });
      }
    }
    const overflow = new Set<number>();
    for (const { found } of forest.tables)
      for (const { page } of found.leaves) {
        const node = found.nodeAt(page);
        if (typeof node === 'string') throw new Error(node);
        for (let column = 0; column < node.columnCount; column++)
          for (let row = 0; row < node.count; row++) {
            const cell = node.cell(column, row);
            if (cell instanceof OverflowValue)
              for (const one of overflowPages(source, cell.ref)) overflow.add(one);
          }
      }
    const trunks = new Set<number>();
    for (let page = source.firstDataPage; page < source.pageCount; page++) {
      const image = source.readPage(page as PageNo);
      if (typeof image !== 'string' && image.kind === PageKind.freeList) trunks.add(page);
      const isLarge = typeof image !== 'string' && image.kind === PageKind.overflow;
      if (isLarge && !census.freePages.has(page) && !overflow.has(page)) catalog.add(page);
    }
    const { pageCount, firstDataPage, pageBytes } = source;
    return { rowsOn, pageCount, firstDataPage, pageBytes, catalog, overflow, trunks };
  } finally {
    source.close();
  }
}
