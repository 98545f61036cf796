/**
 * Look-ups by key answer the same with and without remembered rows: over updates, deletes, splits and merges, rolled back
 * transactions, older snapshots, columns added, tables emptied and made anew. (Where rows are remembered each one found is also
 * compared with the tree: DECENTDB_VERIFY.)
 */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { Prng } from '../base/prng.ts';
import { rowMemories } from '../pager/row-memory.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { Database } from './database.ts';

const SEED = Number(process.env['SEED'] ?? 5);
const usual = { ...rowMemories };
afterEach(() => {
  Object.assign(rowMemories, usual);
});

function opened(isOn: boolean): Database {
  Object.assign(rowMemories, { isOn, usesBefore: 0, wantedAfter: 0, levelMin: 0 });
  const db = new Database('r.ddb', { vfs: new MemoryVfs(), cacheBytes: 32 << 20 });
  db.exec(`CREATE TABLE t (id integer PRIMARY KEY, name text, n bigint, price numeric, tags text[], at timestamptz);
           CREATE TABLE other (id integer PRIMARY KEY, name text)`);
  return db;
}

function hitsOf(db: Database): number {
  return db.session.engine.pages.rows.stats().hits;
}

function codeOf(run: () => unknown): string {
  try {
    run();
    return '';
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
    return error.code;
  }
}

const TEXTS = [
  'short',
  'a text that is longer than a few',
  'ein Text mit Ümläuten, die Latin-1 kennt',
  'слова, которых нет в Latin-1',
];
const SHAPES = [
  'SELECT * FROM t WHERE id = $1',
  'SELECT name, n FROM t WHERE id = $1',
  'SELECT n AS name, id FROM t WHERE id = $1 + 0',
];

test('look-ups answer the same with and without remembered rows', () => {
  const random = new Prng(SEED);
  const [on, off] = [opened(true), opened(false)];
  const both = (sql: string, params: unknown[] = []): void => {
    assert.equal(
      codeOf(() => on.query(sql, params)),
      codeOf(() => off.query(sql, params)),
      sql,
    );
  };
  const compare = (): void => {
    const key = random.below(3) === 0 ? random.below(2000) : random.below(20);
    const shape = SHAPES[random.below(SHAPES.length)]!;
    const mode = random.below(3) === 0 ? 'array' : 'object';
    let rows: unknown[] = [];
    const code = codeOf(() => {
      rows = off.query(shape, [key], { rowMode: mode }).rows;
    });
    let found: unknown[] = [];
    assert.equal(
      codeOf(() => {
        found = on.query(shape, [key], { rowMode: mode }).rows;
      }),
      code,
    );
    assert.deepEqual(found, rows, `seed ${SEED}, ${shape}, key ${key}`);
  };
  const change = (): void => {
    const id = random.below(2000);
    const name = TEXTS[random.below(TEXTS.length)]! + random.below(1000);
    switch (random.below(8)) {
      case 0:
        return both('DELETE FROM t WHERE id BETWEEN $1 AND $1 + 70', [id]);
      case 1:
      case 2:
        return both(
          'INSERT INTO t (id, name, n, price) SELECT g, $2 || g, g * 3000000000, g / 8.0 FROM generate_series($1::int, $1::int + 120) g ON CONFLICT (id) DO UPDATE SET name = excluded.name',
          [id, name],
        );
      case 3:
        return both('UPDATE t SET name = NULL, tags = ARRAY[name] WHERE id = $1', [id]);
      case 4:
        return both('UPDATE t SET id = -id WHERE id = $1', [random.below(60)]);
      case 5:
        return both('UPDATE t SET name = repeat($2, 700) WHERE id = $1', [id, name]);
      default:
        return both('UPDATE t SET name = $2, n = n + 1 WHERE id BETWEEN $1 AND $1 + 9', [id, name]);
    }
  };
  const fill = (): void =>
    both(
      "INSERT INTO t (id, name, n) SELECT g, 'a row of some length, number ' || g, g FROM generate_series(0, 1500) g",
    );
  fill();
  for (let round = 0; round < 30; round++) {
    const isUndone = random.below(4) === 0;
    if (isUndone) both('BEGIN');
    change();
    for (let i = 0; i < 20; i++) compare();
    if (isUndone) both(random.below(2) === 0 ? 'ROLLBACK' : 'COMMIT');
    for (let i = 0; i < 40; i++) compare();
    if (round === 10) both('ALTER TABLE t ADD COLUMN added integer DEFAULT 7');
    if (round === 18) {
      both('TRUNCATE t');
      fill();
    }
    if (round === 24) both('ALTER TABLE t DROP COLUMN n, ADD COLUMN n bigint DEFAULT 1');
  }
  assert.ok(hitsOf(on) > 250, `${hitsOf(on)} rows were remembered`);
  assert.equal(hitsOf(off), 0);
  on.close();
  off.close();
});

test('a row that its leaf took along when it was freed is not found', () => {
  const db = opened(true);
  db.exec("INSERT INTO t (id, name) SELECT g, 'row ' || g FROM generate_series(1, 5000) g");
  const get = db.prepare('SELECT name FROM t WHERE id = $1');
  for (let i = 0; i < 3; i++) for (let id = 2000; id < 2500; id++) get.get(id);
  const before = hitsOf(db);
  assert.ok(before > 400);
  db.exec('DELETE FROM t WHERE id BETWEEN 1500 AND 3500');
  for (let id = 2000; id < 2500; id++) assert.equal(get.get(id), undefined);
  db.close();
});

test('a snapshot goes on seeing its rows beside remembered newer ones', () => {
  const db = opened(true);
  db.exec("INSERT INTO t (id, name) SELECT g, 'old ' || g FROM generate_series(1, 500) g");
  const older = db.snapshot();
  db.exec("UPDATE t SET name = 'new ' || id");
  const sql = 'SELECT name FROM t WHERE id = $1';
  for (let i = 0; i < 4; i++) {
    for (let id = 1; id <= 500; id += 7) {
      assert.deepEqual(db.query(sql, [id]).rows, [{ name: `new ${id}` }]);
      assert.deepEqual(older.query(sql, [id]).rows, [{ name: `old ${id}` }]);
    }
  }
  older.close();
  db.close();
});

test('an older snapshot keeps no rows of leaves that have left their tree', () => {
  const dir = new MemoryVfs();
  Object.assign(rowMemories, { isOn: true, usesBefore: 0, wantedAfter: 0, levelMin: 0 });
  const [reader, writer] = [1, 2].map(() => new Database('r.ddb', { vfs: dir, cacheBytes: 32 << 20 }));
  writer!.exec(`CREATE TABLE t (id integer PRIMARY KEY, name text);
                INSERT INTO t SELECT g, 'row ' || g FROM generate_series(1, 20000) g`);
  const get = reader!.prepare('SELECT name FROM t WHERE id = $1');
  const found = (): number => {
    let count = 0;
    for (let id = 8000; id < 12_000; id += 10) if (get.get(id) !== undefined) count++;
    return count;
  };
  reader!.exec('BEGIN');
  assert.equal(found(), 400);
  writer!.exec('DELETE FROM t WHERE id BETWEEN 2000 AND 18000');
  assert.deepEqual([found(), found()], [400, 400]);
  reader!.exec('COMMIT');
  assert.equal(found(), 0);
  reader!.close();
  writer!.close();
});

test('statements of which one has the number of another find their own rows', () => {
  const db = opened(true);
  rowMemories.ownersMax = 3;
  db.exec("INSERT INTO t (id, name) VALUES (1, 'of t'); INSERT INTO other VALUES (1, 'of other')");
  const statements = ['t', 'other', 't', 'other', 't'].map((table, i) => ({
    name: `of ${table}`,
    get: db.prepare<{ name: string }>(`SELECT name, id AS id${i} FROM ${table} WHERE id = $1`),
  }));
  for (let round = 0; round < 4; round++)
    for (const { get, name } of statements) for (let i = 0; i < 3; i++) assert.equal(get.get(1)?.name, name);
  assert.ok(hitsOf(db) > 0);
  db.close();
});

test('a row with a date is not shared with who asked before', () => {
  const db = opened(true);
  db.exec("CREATE TABLE d (id integer PRIMARY KEY, day date); INSERT INTO d VALUES (1, '2024-02-03')");
  const get = db.prepare<{ day: Date }>('SELECT day FROM d WHERE id = $1');
  for (let i = 0; i < 5; i++) {
    const row = get.get(1)!;
    assert.equal(row.day.toISOString(), '2024-02-03T00:00:00.000Z');
    row.day.setUTCFullYear(1999);
  }
  db.close();
});

test('a row handed out is the caller’s to change', () => {
  const db = opened(true);
  db.exec("INSERT INTO t (id, name) VALUES (1, 'a name of some length')");
  const get = db.prepare<{ id: number; name: string }>('SELECT id, name FROM t WHERE id = $1');
  for (let i = 0; i < 5; i++) {
    const row = get.get(1)!;
    assert.deepEqual(row, { id: 1, name: 'a name of some length' });
    row.name = 'changed';
  }
  assert.ok(hitsOf(db) > 0);
  db.close();
});

test('rows of trees that are not deep are not remembered', () => {
  const db = opened(true);
  rowMemories.levelMin = 1;
  db.exec("INSERT INTO t (id, name) VALUES (1, 'one')");
  const get = db.prepare<{ name: string }>('SELECT name FROM t WHERE id = $1');
  for (let i = 0; i < 5; i++) assert.equal(get.get(1)?.name, 'one');
  assert.equal(hitsOf(db), 0);
  db.close();
});
