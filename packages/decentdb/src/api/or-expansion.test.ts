/** An OR between tables planned as a union: the same rows as without, each as often as without. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { type Database, openSync } from './database.ts';

const rule = 'optimizer.rule.or_expansion';

function pick<T>(random: Prng, list: readonly T[]): T {
  return list[random.below(list.length)] as T;
}

function library(random: Prng, scale: number): Database {
  const db = openSync(':memory:');
  db.exec(`
    CREATE TABLE artist (id int PRIMARY KEY, name text, born int);
    CREATE TABLE album (id int PRIMARY KEY, artist int, title text, year int);
    CREATE TABLE track (id int PRIMARY KEY, album int, title text, seconds int);
    CREATE INDEX ON album (artist); CREATE INDEX ON track (album); CREATE INDEX ON track (seconds);
    CREATE INDEX ON artist USING trigram (name); CREATE INDEX ON album USING trigram (title);
    CREATE INDEX ON track USING trigram (title)`);
  const words = ['moon', 'river', 'lantern', 'golden', 'stone', 'winter', 'echo'];
  const title = (): string | null =>
    random.chance(0.05) ? null : Array.from({ length: 3 }, () => pick(random, words)).join(' ');
  const id = (below: number): number | null => (random.chance(0.05) ? null : 1 + random.below(below));
  db.transaction(() => {
    for (let i = 1; i <= scale; i++) db.query('INSERT INTO artist VALUES ($1, $2, $3)', [i, title(), i % 50]);
    for (let i = 1; i <= scale * 3; i++)
      db.query('INSERT INTO album VALUES ($1, $2, $3, $4)', [i, id(scale), title(), 1950 + (i % 70)]);
    for (let i = 1; i <= scale * 20; i++)
      db.query('INSERT INTO track VALUES ($1, $2, $3, $4)', [i, id(scale * 3), title(), i % 400]);
  })();
  db.exec('ANALYZE');
  return db;
}

/** Rows as texts, sorted: a bag. */
function bag(db: Database, sql: string, params: readonly unknown[] = []): string[] {
  return db
    .query(sql, params as never)
    .rows.map((row) => JSON.stringify(Object.values(row as object)))
    .sort();
}

function bothWays(db: Database, sql: string, params: readonly unknown[] = []): string[] {
  const expanded = bag(db, sql, params);
  db.exec(`SET ${rule} = off`);
  const plain = bag(db, sql, params);
  db.exec(`SET ${rule} = on`);
  assert.deepEqual(expanded, plain, sql);
  return expanded;
}

const joined = 'FROM artist ar JOIN album al ON al.artist = ar.id JOIN track t ON t.album = al.id';

test('an OR over texts of three tables finds its rows through three indexes', () => {
  const db = library(new Prng(7), 200);
  const where = `WHERE ar.name ILIKE '%stone echo moon%' OR al.title LIKE '%winter golden r%' OR t.title LIKE '%n river la%'`;
  const plan = db.explain(`SELECT t.id ${joined} ${where}`);
  assert.match(plan, /Append/);
  for (const table of ['artist', 'album', 'track'])
    assert.match(plan, new RegExp(`Trigram Index Scan using ${table}_\\w+ on ${table}`));
  assert.ok(bothWays(db, `SELECT ar.id, al.id, t.id ${joined} ${where}`).length > 0);
  bothWays(db, `SELECT count(*), sum(t.seconds) ${joined} ${where}`);
  bothWays(db, `SELECT t.id, t.title ${joined} ${where} ORDER BY t.seconds DESC, t.id LIMIT 5`);
  bothWays(db, `SELECT ar.name, count(*) ${joined} ${where} GROUP BY 1`);
  const sql = `SELECT t.id ${joined} WHERE ar.name ILIKE $1 OR al.title ILIKE $1 OR t.title ILIKE $1`;
  for (const pattern of ['%golden golden golden%', '%o%', null]) bothWays(db, sql, [pattern]);
  db.close();
});

test('a row that several parts are true for comes once, rows that are there twice come twice', () => {
  const db = library(new Prng(11), 60);
  const where = `WHERE ar.name LIKE '%moon%' OR al.title LIKE '%moon%' OR t.seconds = 7`;
  bothWays(db, `SELECT ar.name ${joined} ${where}`);
  bothWays(db, `SELECT 1 ${joined} ${where}`);
  const twice = 'FROM track a JOIN track b ON a.album = b.album';
  bothWays(
    db,
    `SELECT a.id, b.id ${twice} WHERE a.seconds = 5 OR b.seconds = 5 OR a.title LIKE '%stone moon%'`,
  );
  db.close();
});

test('random ORs over joins of every kind', () => {
  const seed = Number(process.env['SEED'] ?? 20260101);
  const random = new Prng(seed);
  const db = library(random, 60);
  const atoms = [
    () => `ar.name ILIKE '%${pick(random, ['moon', 'stone ech', 'winter r', 'x'])}%'`,
    () => `al.title LIKE '%${pick(random, ['golden', 'n echo', 'river moon', 'zzz'])}%'`,
    () => `t.title LIKE '%${pick(random, ['lantern', 'moon moon', 'echo sto'])}%'`,
    () => `t.seconds ${pick(random, ['=', '<', '>'])} ${random.below(400)}`,
    () => `al.year = ${1950 + random.below(70)}`,
    () => 'ar.name IS NULL',
    () => `(al.year = ${1950 + random.below(70)} AND t.seconds > 300)`,
    () => `ar.born = al.year - 1950`,
    () => `NOT (t.title LIKE '%moon%')`,
    () => 't.title IS NULL',
  ];
  const joins = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'];
  for (let i = 0; i < 60; i++) {
    const or = Array.from({ length: 2 + random.below(3) }, () => pick(random, atoms)()).join(' OR ');
    const and = random.chance(0.4) ? ` AND ${pick(random, atoms)()}` : '';
    const from = `FROM artist ar ${pick(random, joins)} album al ON al.artist = ar.id ${pick(random, joins)} track t ON t.album = al.id`;
    const select = random.chance(0.5)
      ? 'SELECT ar.id, al.id, t.id'
      : 'SELECT count(*), sum(t.id), min(al.title)';
    try {
      bothWays(db, `${select} ${from} WHERE (${or})${and}`);
    } catch (error) {
      throw new Error(`SEED=${seed}, query ${i}`, { cause: error });
    }
  }
  db.close();
});

test('the first rows of branches in an order: the same keys with the rules and without', () => {
  const seed = Number(process.env['SEED'] ?? 20260102);
  const random = new Prng(seed);
  const db = library(random, 150);
  const rules = ['branch_limit', 'ordered_start', 'or_expansion'].map((name) => `optimizer.rule.${name}`);
  const branch = (): string => {
    const [a, b] = [
      pick(random, ['moon r', 'stone echo', 'winter', 'zzz']),
      pick(random, ['lant', 'o', 'er go']),
    ];
    return pick(random, [
      `SELECT t.id AS a, t.seconds AS b, al.title AS c ${joined} WHERE t.title LIKE '%${a}%'`,
      `SELECT t.id AS a, t.seconds AS b, al.title AS c ${joined} WHERE ar.name ILIKE '%${a}%' OR t.title ILIKE '%${b}%' OR al.title LIKE '%${a}%'`,
      `SELECT id AS a, seconds AS b, title AS c FROM track WHERE title LIKE '%${b}%'`,
    ]);
  };
  let others = 0;
  for (let i = 0; i < 40; i++) {
    const from = random.chance(0.5)
      ? `SELECT t.id AS a, t.seconds AS b, al.title AS c ${joined} WHERE ar.name ILIKE '%${pick(random, ['moon r', 'zz', 'x', 'o'])}%'
         OR t.title ILIKE '%${pick(random, ['er moon', 'qq', 'n'])}%'`
      : Array.from({ length: 2 + random.below(2) }, branch).join(' UNION ALL ');
    const order = pick(random, ['a', 'a DESC', 'b, a', 'b DESC NULLS LAST, a', 'c, a', 'a + b, a']);
    const keys = order.replaceAll(/ (DESC|NULLS LAST)/g, '');
    const sql = `SELECT ${keys} FROM (${from}) q ORDER BY ${order} LIMIT ${1 + random.below(30)} OFFSET ${random.below(4)}`;
    const plan = db.explain(sql);
    const found = db.query(sql).rows;
    for (const rule of rules) {
      db.exec(`SET ${rule} = off`);
      if (db.explain(sql) !== plan) others++;
      assert.deepEqual(db.query(sql).rows, found, `SEED=${seed} ${rule} ${sql}`);
      db.exec(`SET ${rule} = on`);
    }
  }
  assert.ok(others > 5, `${others} plans of another kind`);
  db.close();
});
