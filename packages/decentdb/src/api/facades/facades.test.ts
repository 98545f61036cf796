/** The facades: the verbs of better-sqlite3, node-postgres and PGlite, as programs written for them use them. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AsyncDatabase } from '../async-database.ts';
import Sqlite from './better-sqlite3.ts';
import { Client, DatabaseError, Pool, TypeOverrides } from './pg.ts';
import { PGlite } from './pglite.ts';

test('better-sqlite3: what query builders ask: one array for all values, tables named behind ON CONFLICT', () => {
  const db = new Sqlite(':memory:');
  db.exec('CREATE TABLE users (id INTEGER PRIMARY KEY, name text)');
  assert.equal(db.prepare('INSERT INTO users (name) VALUES (?)').run(['Ada']).lastInsertRowid, 1);
  assert.deepEqual(db.prepare('SELECT name FROM users WHERE id > ?').all([0]), [{ name: 'Ada' }]);
  assert.deepEqual(db.prepare('SELECT id FROM users WHERE name = ANY (?::text[])').all(['Ada', 'Bob']), [
    { id: 1 },
  ]);
  assert.deepEqual(db.prepare('SELECT id FROM users WHERE name = ANY (?::text[])').all([['Ada', 'Bob']]), [
    { id: 1 },
  ]);
  const upsert = db.prepare(
    'INSERT INTO "users" ("id", "name") VALUES (?, ?) ON CONFLICT ("users"."id") DO UPDATE SET name = excluded.name',
  );
  assert.equal(upsert.run([1, 'Bea']).changes, 1);
  assert.equal(db.prepare('SELECT name FROM users').pluck().get(), 'Bea');
  db.close();
});

test('better-sqlite3: statements, transactions, keys, pragmas', () => {
  const db = new Sqlite(':memory:');
  db.pragma('journal_mode = WAL');
  db.exec('CREATE TABLE cat (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, age INTEGER)');
  const insert = db.prepare('INSERT INTO cat (name, age) VALUES (@name, @age)');
  assert.deepEqual(insert.run({ name: 'Joey', age: 2 }), { changes: 1, lastInsertRowid: 1 });
  const many = db.transaction((cats: { name: string; age: number }[]) => {
    for (const cat of cats) insert.run(cat);
  });
  many([
    { name: 'Sally', age: 4 },
    { name: 'Junior', age: 1 },
  ]);
  assert.throws(
    () =>
      many([
        { name: 'ok', age: 1 },
        { name: null as unknown as string, age: 1 },
      ]),
    { code: '23502' },
  );
  assert.deepEqual(db.prepare('SELECT * FROM cat WHERE name = ?').get('Joey'), {
    id: 1,
    name: 'Joey',
    age: 2,
  });
  assert.deepEqual(db.prepare('SELECT name FROM cat WHERE age > ? ORDER BY id').pluck().all(1), [
    'Joey',
    'Sally',
  ]);
  assert.deepEqual(db.prepare('SELECT id, age FROM cat ORDER BY id').raw().all(), [
    [1, 2],
    [2, 4],
    [3, 1],
  ]);
  assert.deepEqual(
    [...db.prepare('SELECT id FROM cat WHERE id <= ? ORDER BY id').bind(2).iterate()],
    [{ id: 1 }, { id: 2 }],
  );
  assert.deepEqual(db.prepare('INSERT INTO cat (name) VALUES (?), (?)').run(['a', 'b']).changes, 2);
  assert.equal(db.prepare('UPDATE cat SET age = 0 WHERE age IS NULL').run().changes, 2);
  assert.equal(db.pragma('journal_mode', { simple: true }), 'memory');
  db.pragma('user_version = 7');
  assert.equal(db.pragma('user_version', { simple: true }), 7);
  assert.deepEqual(db.pragma('integrity_check', { simple: true }), 'ok');
  assert.equal((db.pragma('table_info(cat)') as unknown[]).length, 3);
  const copy = new Sqlite(db.serialize());
  assert.equal(copy.prepare('SELECT count(*)::int FROM cat').pluck().get(), 5);
  copy.close();
  db.close();
  assert.equal(db.open, false);
});

test('pg: clients that share a file, transactions that wait for one another, aborted ones', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-pg-'));
  try {
    const pool = new Pool({ database: join(folder, 'a.ddb'), max: 3 });
    await pool.query('CREATE TABLE t (id serial PRIMARY KEY, v int, big int8, n numeric)');
    const inserted = await pool.query('INSERT INTO t (v, big, n) VALUES ($1, $2, 1.50) RETURNING *', [
      5,
      '9007199254740993',
    ]);
    assert.deepEqual(inserted.rows, [{ id: 1, v: 5, big: '9007199254740993', n: '1.50' }]);
    assert.deepEqual([inserted.command, inserted.rowCount, inserted.fields[0]?.name], ['INSERT', 1, 'id']);
    const one = await pool.connect();
    const two = await pool.connect();
    await one.query('BEGIN');
    await one.query('UPDATE t SET v = v + 1 WHERE id = 1');
    const order: string[] = [];
    const waits = two.query('BEGIN').then(async () => {
      order.push('two');
      await two.query('UPDATE t SET v = v + 10 WHERE id = 1');
      await two.query('COMMIT');
    });
    assert.equal((await pool.query('SELECT v FROM t')).rows[0]?.['v'], 5);
    order.push('one');
    await one.query('COMMIT');
    await waits;
    assert.deepEqual(order, ['one', 'two']);
    await one.query('BEGIN');
    await one.query('SAVEPOINT a');
    await assert.rejects(
      one.query('SELECT nosuch'),
      (error) => error instanceof DatabaseError && error.code === '42703',
    );
    await assert.rejects(one.query('SELECT 1'), { code: '25P02' });
    await one.query('ROLLBACK TO SAVEPOINT a');
    await one.query('DELETE FROM t');
    assert.equal((await one.query('ROLLBACK')).command, 'ROLLBACK');
    one.release();
    two.release();
    assert.equal(
      (
        await pool.query({ text: 'SELECT v FROM t WHERE id = $1', values: [1], rowMode: 'array' })
      ).rows.toString(),
      '16',
    );
    const other = await new Client({ connectionString: `file:${join(folder, 'a.ddb')}` }).connect();
    const both = (await other.query('SELECT 1 AS a; SELECT 2 AS b')) as unknown as { rows: unknown[] }[];
    assert.deepEqual(
      both.map(({ rows }) => rows[0]),
      [{ a: 1 }, { b: 2 }],
    );
    await new Promise<void>((resolve) => {
      void other.query('SELECT 3 AS c', (error, result) => {
        assert.equal(error, null);
        assert.deepEqual(result?.rows, [{ c: 3 }]);
        resolve();
      });
    });
    await other.end();
    for (const nothing of ['', ' ; ', '-- nothing']) assert.deepEqual((await pool.query(nothing)).rows, []);
    // Clients of a pool are sessions of their own.
    const [mine, yours] = [await pool.connect(), await pool.connect()];
    await mine.query('SET search_path = elsewhere');
    assert.deepEqual((await yours.query('SHOW search_path')).rows, [{ search_path: '"$user", public' }]);
    await mine.query('BEGIN');
    await mine.query('UPDATE public.t SET v = -1');
    const later = yours.query('UPDATE t SET v = v + 1 RETURNING v');
    await mine.query('ROLLBACK');
    assert.ok(Number((await later).rows[0]?.['v']) > 0, 'who waited for the transaction saw nothing of it');
    mine.release();
    yours.release();
    await pool.end();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('pg: a client that gets no connection leaves nothing open', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-pg-'));
  const real = AsyncDatabase.prototype.connection;
  try {
    AsyncDatabase.prototype.connection = () => {
      throw new Error('no room');
    };
    await assert.rejects(new Client({ database: join(folder, 'a.ddb') }).connect(), /no room/);
    AsyncDatabase.prototype.connection = real;
    await new Promise((resolve) => setImmediate(resolve));
    const client = await new Client({ database: join(folder, 'a.ddb') }).connect();
    assert.deepEqual((await client.query('SELECT 1 AS one')).rows, [{ one: 1 }]);
    await client.end();
    assert.deepEqual(readdirSync(folder), ['a.ddb'], 'closed with its last client: no log, no lock');
  } finally {
    AsyncDatabase.prototype.connection = real;
    rmSync(folder, { recursive: true });
  }
});

test('PGlite: queries, templates, transactions, parsers, copies', async () => {
  const db = await PGlite.create();
  const made = await db.exec(
    'CREATE TABLE todo (id serial PRIMARY KEY, task text, at timestamp); SELECT 1 AS one',
  );
  assert.deepEqual(made[1]?.rows, [{ one: 1 }]);
  await db.query('INSERT INTO todo (task, at) VALUES ($1, $2)', ['a', '2024-01-02 03:04:05']);
  await db.sql`INSERT INTO todo (task) VALUES (${'b'})`;
  await assert.rejects(
    db.transaction(async (tx) => {
      await tx.query('DELETE FROM todo');
      throw new Error('no');
    }),
    /no/,
  );
  assert.equal(
    await db.transaction(
      async (tx) => (await tx.sql<{ n: number }>`SELECT count(*)::int AS n FROM todo`).rows[0]?.n,
    ),
    2,
  );
  const rows = await db.query('SELECT id, at FROM todo WHERE id = 1', [], {
    rowMode: 'array',
    parsers: { 1114: (text) => `<${text}>` },
  });
  assert.deepEqual(rows.rows, [[1, '<2024-01-02 03:04:05>']]);
  const described = await db.describeQuery('SELECT task FROM todo WHERE id = $1');
  assert.deepEqual([described.queryParams[0]?.dataTypeID, described.resultFields[0]?.name], [23, 'task']);
  const copy = await db.clone();
  await copy.exec('DELETE FROM todo');
  assert.equal((await db.query('SELECT * FROM todo')).rows.length, 2);
  await copy.close();
  await db.close();
  assert.equal(db.closed, true);
});

test('pg: parsers of one client, over those of all', async () => {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(1082, (text) => `day ${text}`);
  const client = new Client({ database: ':memory:', types: overrides });
  await client.connect();
  const { rows } = await client.query("SELECT '2024-01-02'::date AS d, 7 AS n, 8::bigint AS b");
  assert.deepEqual(rows, [{ d: 'day 2024-01-02', n: 7, b: '8' }]);
  assert.equal(overrides.getTypeParser(23)('5'), 5);
  await client.end();
});

test('pg: a pool that ends waits for transactions of clients on loan; a client given back with an error is ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-pg-'));
  try {
    const database = join(folder, 'a.ddb');
    const pool = new Pool({ database, max: 1 });
    await pool.query('CREATE TABLE t (id int)');
    const first = await pool.connect();
    const waiting = pool.connect();
    await first.query("SET TimeZone = 'Asia/Tokyo'");
    await first.query('BEGIN');
    await first.query('INSERT INTO t VALUES (0)');
    first.release(new Error('broken'));
    const second = await waiting;
    assert.deepEqual((await second.query('SHOW TimeZone')).rows, [{ TimeZone: 'UTC' }]);
    await second.query('BEGIN');
    await second.query('INSERT INTO t VALUES (1)');
    const order: string[] = [];
    const ended = pool.end().then(() => order.push('ended'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await second.query('COMMIT')).command, 'COMMIT');
    order.push('committed');
    second.release();
    await ended;
    assert.deepEqual(order, ['committed', 'ended']);
    const client = await new Client({ database }).connect();
    const other = await new Client({ database }).connect();
    assert.deepEqual((await client.query('SELECT id FROM t')).rows, [{ id: 1 }]);
    await client.query('LISTEN news');
    const heard = new Promise((resolve) => client.on('notification', resolve));
    await other.query("NOTIFY news, 'one'");
    assert.deepEqual(await heard, { channel: 'news', payload: 'one', processId: 0 });
    await client.end();
    await other.end();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
