/** SQLite files made by SQLite itself (Python's module), read back: every kind of value, page and table. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSync } from 'decentdb';
import { run } from '../program.test.kit.ts';
import { parseCreateTable } from './create-table.ts';
import { importSqlite, type SqliteImportReport } from './import-sqlite.ts';
import { SqliteFile } from './sqlite-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-sqlite-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const hasSqlite = spawnSync('python3', ['-c', 'import sqlite3']).status === 0;
const skip = hasSqlite ? false : 'python3 with sqlite3 is not here';

/** Makes a file with SQLite and returns its path and what its SELECTs give. */
function make(
  name: string,
  script: string,
  queries: readonly string[] = [],
): { path: string; rows: unknown[] } {
  const path = join(folder, name);
  const code = `
import sqlite3, sys, json
c = sqlite3.connect(sys.argv[1], isolation_level=None)
q = json.load(sys.stdin)
c.executescript(q['script'])
print(json.dumps([c.execute(s).fetchall() for s in q['queries']]))
c.close()`;
  const { stdout, stderr, status } = spawnSync('python3', ['-c', code, path], {
    input: JSON.stringify({ script, queries }),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  assert.equal(status, 0, stderr);
  return { path, rows: JSON.parse(stdout) as unknown[] };
}

const choices = { keepNames: false, tables: [], onTable: (): void => {} };

const SHOP = `
PRAGMA page_size = 1024;
CREATE TABLE [Artist] ([ArtistId] INTEGER NOT NULL, [Name] NVARCHAR(120), CONSTRAINT [PK_Artist] PRIMARY KEY ([ArtistId]));
CREATE TABLE Album (AlbumId INTEGER PRIMARY KEY AUTOINCREMENT, Title NVARCHAR(160) NOT NULL, ArtistId INTEGER NOT NULL,
  FOREIGN KEY (ArtistId) REFERENCES Artist (ArtistId) ON DELETE NO ACTION ON UPDATE NO ACTION);
CREATE TABLE Track (TrackId INTEGER PRIMARY KEY, Name TEXT, AlbumId INTEGER REFERENCES Album, Bytes BIGINT, UnitPrice NUMERIC(10,2) NOT NULL DEFAULT 0.99,
  Made DATETIME, IsGood BOOLEAN, Ratio REAL, Cover BLOB);
CREATE TABLE PlaylistTrack (PlaylistId INTEGER, TrackId INTEGER, PRIMARY KEY (TrackId, PlaylistId)) WITHOUT ROWID;
CREATE INDEX "IFK_AlbumArtistId" ON Album (ArtistId);
CREATE VIEW Loud AS SELECT TrackId, Name FROM Track WHERE UnitPrice > 1;
CREATE TRIGGER tr AFTER INSERT ON Album BEGIN SELECT 1; END;
WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 3000) INSERT INTO Artist SELECT n, 'Artist ' || n FROM i;
WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 500) INSERT INTO Album SELECT n, 'Album é ' || n, 1 + n % 7 FROM i;
WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 900)
  INSERT INTO Track SELECT n, CASE WHEN n % 9 THEN 'Track ' || n || substr(hex(zeroblob(n * 4)), 1, n * 4) END, 1 + n % 500, n * 10000000000, n % 3 + 0.99,
  '2009-01-01 00:00:00', n % 2, n / 8.0, zeroblob(n % 40) FROM i;
INSERT INTO PlaylistTrack SELECT AlbumId % 5, TrackId FROM Track;
ALTER TABLE Artist ADD COLUMN Country TEXT DEFAULT 'nowhere';
`;

test('a shop: tables, rows on many pages, overflow, keys, references, views', { skip }, () => {
  const queries = [
    'SELECT * FROM Artist ORDER BY 1',
    'SELECT * FROM Album ORDER BY 1',
    'SELECT TrackId, Name, AlbumId, Ratio FROM Track ORDER BY 1',
    'SELECT PlaylistId, TrackId FROM PlaylistTrack ORDER BY 1, 2',
    'SELECT * FROM Loud ORDER BY 1',
  ];
  const { path, rows } = make('shop.sqlite', SHOP, queries);
  using db = openSync(':memory:');
  const report: SqliteImportReport = importSqlite(db, path, choices);
  assert.deepEqual(report.warnings, ['trigger "tr" is not taken over']);
  assert.deepEqual(
    queries.map((sql) => db.query(sql, [], { rowMode: 'array' }).rows),
    rows,
  );
  assert.deepEqual(
    db.query(
      'SELECT bytes, unitprice, isgood, made::text AS made, length(cover) AS n FROM track WHERE trackid = 39',
    ).rows,
    [{ bytes: 390000000000, unitprice: '0.99', isgood: true, made: '2009-01-01 00:00:00', n: 39 }],
  );
  assert.throws(() => db.exec('INSERT INTO album (title, artistid) VALUES (1, 99999)'), { code: '23503' });
  db.exec("INSERT INTO album (title, artistid) VALUES ('new', 1)");
  assert.equal(db.query("SELECT albumid FROM album WHERE title = 'new'").rows[0]?.['albumid'], 502);
  assert.deepEqual(db.check().findings, []);
});

test('values of every kind, UTF-16, and columns that hold what they were not declared for', { skip }, () => {
  const { path } = make(
    'odd.sqlite',
    `PRAGMA encoding = 'UTF-16le';
     CREATE TABLE v (a, b INTEGER, c TEXT);
     INSERT INTO v VALUES (9223372036854775807, 1, 'grüße 😀'), (-9223372036854775808, 'two', ''), (-1, NULL, NULL), (0, 3, 4.5);
     CREATE TABLE r (x REAL, y INT); INSERT INTO r VALUES (1, 140737488355328), (1e300, -129), (-0.5, 32768);
     CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES gone(id), q INT CHECK (q > 0));
     INSERT INTO c VALUES (7, 8, 9);`,
  );
  using db = openSync(':memory:', { int8: 'bigint' });
  const { warnings } = importSqlite(db, path, choices);
  assert.deepEqual(db.query('SELECT * FROM v', [], { rowMode: 'array' }).rows, [
    [9223372036854775807n, '1', 'grüße 😀'],
    [-9223372036854775808n, 'two', ''],
    [-1n, null, null],
    [0n, '3', '4.5'],
  ]);
  assert.deepEqual(db.query('SELECT * FROM r', [], { rowMode: 'array' }).rows, [
    [1, 140737488355328n],
    [1e300, -129n],
    [-0.5, 32768n],
  ]);
  assert.equal(warnings.length, 3, warnings.join('\n'));
  assert.match(warnings.join('\n'), /CHECK \(q > 0\)[\s\S]*|becomes text|reference to "gone"/);
});

test('a damaged or unfinished file is refused, and nothing is left', { skip }, () => {
  const { path } = make('whole.sqlite', SHOP);
  const bytes = readFileSync(path);
  const cut = join(folder, 'cut.sqlite');
  writeFileSync(cut, bytes.subarray(0, bytes.length - 20 * 1024));
  using db = openSync(':memory:');
  assert.throws(() => importSqlite(db, cut, choices), /damaged: page \d+/);
  assert.equal(
    db.query("SELECT count(*)::int AS n FROM information_schema.tables WHERE table_schema = 'public'")
      .rows[0]?.['n'],
    0,
  );
  writeFileSync(`${path}-wal`, 'x');
  assert.throws(() => new SqliteFile(path), /changes that are not in the file yet/);
  let seed = 7;
  for (let round = 0; round < 40; round++) {
    const bad = Buffer.from(bytes);
    for (let i = 0; i < 30; i++) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      bad[100 + (seed % (bad.length - 100))] = seed & 255;
    }
    const flipped = join(folder, 'flipped.sqlite');
    writeFileSync(flipped, bad);
    const file = new SqliteFile(flipped);
    try {
      for (const { values } of file.rows(1))
        if (Number(values[3]) > 0) for (const _ of file.rows(Number(values[3])));
    } catch (error) {
      assert.equal((error as Error).name, 'InputError', String((error as Error).stack));
    } finally {
      file.close();
    }
  }
});

test('migrate from-sqlite: a new database, or none', { skip }, async () => {
  const { path } = make('moved.sqlite', SHOP);
  const target = join(folder, 'moved.ddb');
  const { code, out, err } = await run('migrate', 'from-sqlite', path, target, '--json');
  assert.deepEqual([code, err], [0, 'WARNING:  trigger "tr" is not taken over\n']);
  assert.equal(JSON.parse(out).tables.length, 4);
  assert.equal((await run('exec', target, 'SELECT count(*) AS n FROM track')).out, 'n\n900\n');
  assert.equal((await run('migrate', 'from-sqlite', path, target)).code, 4);
  const cut = join(folder, 'cut-short.sqlite');
  const bytes = readFileSync(path);
  writeFileSync(cut, bytes.subarray(0, bytes.length - 20 * 1024));
  for (const source of [cut, target, join(folder, 'none.sqlite')]) {
    assert.equal((await run('migrate', 'from-sqlite', source, join(folder, 'cut.ddb'))).code, 4, source);
    assert.ok(!existsSync(join(folder, 'cut.ddb')));
  }
});

test('CREATE TABLE as people write it', () => {
  const table = parseCreateTable(`CREATE TABLE "a b" ( -- note
    id integer primary key autoincrement, "x y" varchar(10) not null unique default 'it''s, (ok)',
    n decimal(10, 2) default (-1.5) check (n < 5), \`q\` unsigned big int, [r],
    CONSTRAINT u UNIQUE (id, "x y"), FOREIGN KEY (n, q) REFERENCES o (a, b) ON DELETE SET NULL ON UPDATE CASCADE)`);
  assert.deepEqual(table.columns.map(({ name, type, defaultSql }) => [name, type, defaultSql]).slice(0, 5), [
    ['id', 'integer', null],
    ['x y', 'varchar(10)', "'it''s, (ok)'"],
    ['n', 'decimal(10,2)', '- 1.5'],
    ['q', 'unsigned big int', null],
    ['r', '', null],
  ]);
  assert.deepEqual([table.rowidColumn, table.isAutoincrement, table.uniques], ['id', true, [['id', 'x y']]]);
  assert.deepEqual(table.references, [
    {
      columns: ['n', 'q'],
      table: 'o',
      targets: ['a', 'b'],
      actions: ' ON DELETE SET NULL ON UPDATE CASCADE',
    },
  ]);
});
