/** Tagged templates, rows of a shape, and what the asynchronous database passes on. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { open } from './async-database.ts';
import { openSync } from './database.ts';
import { sql } from './sql-template.ts';

test('templates: values are parameters, fragments nest, names are quoted', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int, "od""d" text); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')`);
  const where = sql`id IN (${sql.join([1, 3])})`;
  const name = sql.ident('od"d');
  assert.deepEqual(
    db.sql`SELECT ${name} AS n FROM t WHERE ${where} AND ${name} <> ${"x'; --"} ORDER BY ${sql.unsafeRaw('id DESC')}`
      .rows,
    [{ n: 'c' }, { n: 'a' }],
  );
  assert.deepEqual(sql`a = ${1} AND ${sql`b = ${2}`} OR c = ${3}`.compile(), {
    text: 'a = $1 AND b = $2 OR c = $3',
    params: [1, 2, 3],
  });
  assert.throws(() => db.sql`SELECT ${undefined}::int`, { code: '22023' });
  assert.throws(() => sql.join([]), { code: '22023' });
  assert.throws(() => sql.ident(''), { code: '22023' });
});

test('rows of a class, and rows a schema has checked', () => {
  using db = openSync(':memory:');
  class Cat {
    declare readonly name: string;
    get shout(): string {
      return this.name.toUpperCase();
    }
  }
  const cats = db.prepare("SELECT * FROM (VALUES ('joey'), ('sally')) t (name)").as(Cat);
  assert.deepEqual(
    cats.all().map((cat) => cat.shout),
    ['JOEY', 'SALLY'],
  );
  const schema = {
    '~standard': {
      version: 1 as const,
      validate: (row: unknown) => {
        const { n } = row as { n: number };
        return n < 3 ? { value: { twice: n * 2 } } : { issues: [{ message: 'too large', path: ['n'] }] };
      },
    },
  };
  const numbers = db.prepare('SELECT i AS n FROM generate_series(1, $1::int) i').as(schema);
  assert.deepEqual(numbers.all(2), [{ twice: 2 }, { twice: 4 }]);
  assert.deepEqual(numbers.get(1), { twice: 2 });
  assert.throws(() => numbers.all(3), { code: '22000', message: /row 3 .*too large/, column: 'n' });
  assert.equal([...numbers.iterate(2)].length, 2);
  assert.throws(() => db.prepare('SELECT 1').as(5 as never), { code: '22023' });
});

test('scripts with results; a copy in memory', () => {
  using db = openSync(':memory:');
  const results = db.queryAll(
    'CREATE TABLE t (i int); INSERT INTO t VALUES (1), (2); SELECT sum(i)::int AS s FROM t;',
  );
  assert.deepEqual(
    results.map(({ command, rowCount }) => [command, rowCount]),
    [
      ['CREATE TABLE', 0],
      ['INSERT', 2],
      ['SELECT', 1],
    ],
  );
  assert.throws(() => db.queryAll('INSERT INTO t VALUES (9); SELECT nosuch'), { code: '42703' });
  using copy = db.clone();
  copy.exec('DELETE FROM t');
  assert.equal(db.query('SELECT count(*)::int AS n FROM t').rows[0]?.['n'], 2);
});

test('the asynchronous database: bulk loads in turn, backups, copies, functions, plans', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-async-'));
  const db = await open(join(folder, 'a.ddb'));
  try {
    await db.exec('CREATE TABLE t (id int PRIMARY KEY, v text); CREATE INDEX ON t (v)');
    writeFileSync(join(folder, 't.csv'), 'id,v\n1,a\n2,b\n');
    const load = db.bulkLoad('t', join(folder, 't.csv'));
    const write = db.query("INSERT INTO t VALUES (3, 'c')");
    assert.equal((await load).rows, 2);
    await write;
    await assert.rejects(
      db.bulkLoad('t', [
        [4, 'd'],
        [4, 'e'],
      ]),
      { code: '23505' },
    );
    assert.equal(
      (
        await db.bulkLoad(
          't',
          [
            [5, 'e'],
            [6, 'f'],
          ],
          { commitEveryRows: 1, batchRows: 1 },
        )
      ).rows,
      2,
    );
    const many = Array.from({ length: 20 }, (_, i) =>
      db.query('INSERT INTO t VALUES ($1, $2)', [100 + i, 'x']),
    );
    const again = db.bulkLoad(
      't',
      Array.from({ length: 5000 }, (_, i) => [1000 + i, `v${i}`]),
    );
    await Promise.all([...many, again]);
    assert.equal((await db.query<{ n: number }>('SELECT count(*)::int AS n FROM t')).rows[0]?.n, 5025);
    const { pages } = await db.backup(join(folder, 'b.ddb'));
    assert.ok(pages > 0);
    assert.equal((await db.vacuumInto(join(folder, 'c.ddb'))).rows > 5000, true);
    const copy = await db.clone();
    await copy.exec('DELETE FROM t');
    await copy.close();
    db.function('double', { args: ['int4'], returns: 'int4' }, (n: number) => n * 2);
    assert.deepEqual((await db.sql`SELECT double(${21}) AS d`).rows, [{ d: 42 }]);
    assert.match(await db.explain('SELECT * FROM t WHERE id = 1'), /t/);
    assert.deepEqual(
      (await db.queryAll('SELECT 1 AS a; SELECT 2 AS b')).map(({ rows }) => rows[0]),
      [{ a: 1 }, { b: 2 }],
    );
    assert.ok((await db.schemaScript()).before.length > 0);
    using snapshot = db.snapshot();
    await db.exec('DELETE FROM t');
    assert.equal(snapshot.query<{ n: number }>('SELECT count(*)::int AS n FROM t').rows[0]?.n, 5025);
    assert.deepEqual((await db.check()).findings, []);
  } finally {
    await db.close();
    rmSync(folder, { recursive: true });
  }
});
