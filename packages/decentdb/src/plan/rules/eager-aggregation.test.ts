/** Rows grouped before they are joined: the same groups as without. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { Prng } from '../../base/prng.ts';

const rule = 'optimizer.rule.eager_aggregation';

function pick<T>(random: Prng, list: readonly T[]): T {
  return list[random.below(list.length)] as T;
}

function shop(rows: number): Database {
  const db = openSync(':memory:');
  db.exec(`
    CREATE TABLE region (id int PRIMARY KEY, name text);
    CREATE TABLE customer (id int PRIMARY KEY, region int, name text, code int UNIQUE, score numeric, kind text);
    CREATE TABLE orders (id int PRIMARY KEY, customer int, code bigint, total numeric(10, 2), n int, big bigint, f float8, at date,
      note varchar(20), weight numeric, ok bool);
    INSERT INTO region SELECT g, CASE WHEN g <> 3 THEN 'region ' || g END FROM generate_series(1, 5) g;
    INSERT INTO customer SELECT g, nullif(g % 7, 0), 'customer ' || g % 30, CASE WHEN g % 4 > 0 THEN g END, (g % 3) * 1.0,
      (ARRAY['a', 'b', NULL])[1 + g % 3] FROM generate_series(1, 40) g;
    INSERT INTO orders SELECT g, CASE WHEN g % 11 > 0 THEN 1 + g * 7 % 50 END, CASE WHEN g % 13 > 0 THEN g * 3 % 45 END,
      CASE WHEN g % 5 > 0 THEN (g % 97) / 4.0 END, CASE WHEN g % 3 > 0 THEN g % 9 - 4 END, 4000000000000000000 + g,
      g / 8.0, date '2024-01-01' + g % 30, 'note ' || g % 4, CASE WHEN g % 2 = 0 THEN 1.0 ELSE 1.00 END, g % 6 = 1
      FROM generate_series(1, ${rows}) g;
    ANALYZE`);
  return db;
}

/** Rows as texts, sorted; an error as its code. */
function bag(db: Database, sql: string): string[] {
  return db
    .query<(string | null)[]>(sql, [], { rowMode: 'array', format: 'text' })
    .rows.map((row) => JSON.stringify(row))
    .sort();
}

/** Whether the rule changed the plan. */
function bothWays(db: Database, sql: string): boolean {
  const [early, plan] = [bag(db, sql), db.explain(sql)];
  db.exec(`SET ${rule} = off`);
  const [late, plainPlan] = [bag(db, sql), db.explain(sql)];
  db.exec(`SET ${rule} = on`);
  assert.deepEqual(early, late, sql);
  return plan !== plainPlan;
}

const joined = 'FROM customer c JOIN orders o ON o.customer = c.id';
const outer = 'FROM customer c LEFT JOIN orders o ON o.customer = c.id';

test('groups that are one row of the join are made before it', () => {
  const db = shop(6000);
  for (const sql of [
    `SELECT c.id, c.name, sum(o.total), avg(o.n), count(*), max(o.at) ${joined} GROUP BY c.id, c.name`,
    `SELECT c.name, min(o.f), avg(o.total), count(DISTINCT o.n) ${joined} GROUP BY c.id`,
    `SELECT c.id, count(o.id), count(*), sum(o.n) FILTER (WHERE o.n > 0), bool_or(o.ok) ${outer} GROUP BY c.id`,
    `SELECT c.id, r.name, count(*), sum(o.n) ${joined} LEFT JOIN region r ON r.id = c.region GROUP BY c.id, r.id`,
    `SELECT o.customer, sum(o.total) ${joined} WHERE c.kind = 'a' OR c.kind IS NULL GROUP BY o.customer`,
    `SELECT n, count(*) FROM (SELECT c.id, count(o.id) AS n ${outer} AND o.n < 3 GROUP BY c.id) s GROUP BY n`,
  ]) {
    assert.ok(bothWays(db, sql), sql);
    // One grouping, below the join, or two where another is asked for.
    assert.match(db.explain(sql), /Join[\s\S]*Aggregate/, sql);
  }
  db.close();
});

test('parts of groups are put together above the join', () => {
  const db = shop(6000);
  for (const sql of [
    `SELECT c.name, sum(o.total), avg(o.n), count(*), count(o.n), min(o.note), bool_and(o.ok) ${joined} GROUP BY c.name`,
    `SELECT r.name, avg(o.total), avg(o.big), sum(o.big) ${joined} JOIN region r ON r.id = c.region GROUP BY r.name`,
    `SELECT c.kind, count(*), count(o.id), avg(o.n), sum(o.n) ${outer} GROUP BY c.kind`,
    `SELECT count(*), sum(o.n), max(c.name) ${joined}`,
    `SELECT count(*), sum(o.n), avg(o.n) ${joined} WHERE c.id < 0`,
    `SELECT c.kind, o.note, count(*) FILTER (WHERE o.n > 2), max(c.score) ${joined} GROUP BY 1, 2`,
    `SELECT extract(month FROM o.at), c.kind, sum(o.n) ${joined} GROUP BY 1, 2`,
    `SELECT c.kind, count(*) ${joined} WHERE EXISTS (SELECT 1 FROM region r WHERE r.id = o.n) GROUP BY 1`,
    // Without a key that is unique a customer's orders meet several rows.
    `SELECT c.code, sum(o.n), count(*) FROM customer c JOIN orders o ON o.n = c.region GROUP BY c.code`,
    `SELECT c.code, sum(o.n), count(*) FROM customer c LEFT JOIN orders o ON o.code = c.code GROUP BY c.code`,
  ])
    bothWays(db, sql);
  db.close();
});

test('rows that only look alike, and what could fail for rows no join keeps, are grouped late', () => {
  const db = shop(6000);
  for (const sql of [
    `SELECT o.weight::text, count(*) ${joined} GROUP BY o.weight::text`,
    `SELECT c.id, sum(100 / (o.n + 100)) ${joined} GROUP BY c.id`,
    `SELECT c.name, sum(DISTINCT o.n) ${joined} GROUP BY c.name`,
    `SELECT c.name, sum(o.f) ${joined} GROUP BY c.name`,
    `SELECT c.id, avg(o.f) ${joined} GROUP BY c.id`,
    `SELECT c.id, count(*) FILTER (WHERE o.id IS NULL) ${outer} GROUP BY c.id`,
    `SELECT c.id, sum(coalesce(o.n, 5)) ${outer} GROUP BY c.id`,
    `SELECT c.name, sum(o.n + c.id) ${joined} GROUP BY c.name`,
    `SELECT c.name, sum(c.score) ${joined} GROUP BY c.name`,
  ])
    bothWays(db, sql);
  db.close();
});

test('any aggregates over any joins: the same with the rule on and off', () => {
  const seed = Number(process.env['SEED'] ?? 1 + Math.floor(Math.random() * 1e6));
  const random = new Prng(seed);
  const db = shop(6000);
  const queries = 60;
  let changed = 0;
  for (let i = 0; i < queries; i++) if (bothWays(db, randomQuery(random))) changed++;
  // A fifth of them as a rule.
  assert.ok(changed > 2, `seed ${seed}: the rule changed ${changed} of ${queries} plans`);
  db.close();
});

function randomQuery(random: Prng): string {
  const join = (): string => pick(random, ['JOIN', 'JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN']);
  const tie = pick(random, [
    'o.customer = c.id',
    'o.code = c.code',
    'o.n = c.region',
    'o.customer = c.id AND o.n > 0',
  ]);
  let from = random.chance(0.5)
    ? `customer c ${join()} orders o ON ${tie}`
    : `orders o ${join()} customer c ON ${tie}`;
  if (random.chance(0.4))
    from += ` ${pick(random, ['JOIN', 'LEFT JOIN'])} region r ON r.id = ${pick(random, ['c.region', 'o.n'])}`;
  const groups = pick(random, [
    ['c.id'],
    ['c.id', 'c.name'],
    ['c.code'],
    ['c.name'],
    ['c.kind', 'o.note'],
    ['o.customer'],
    ['o.at'],
    ['o.n % 3', 'c.kind'],
    ['c.region'],
    [],
  ]);
  const filter = (): string =>
    random.chance(0.2)
      ? ` FILTER (WHERE ${pick(random, ['o.n > 1', 'o.ok', 'o.id IS NULL', 'c.id > 9'])})`
      : '';
  const call = (): string =>
    `${pick(random, [
      'count(*)',
      'count(o.n)',
      'count(DISTINCT o.note)',
      'sum(o.n)',
      'sum(o.total)',
      'sum(o.big)',
      'sum(o.weight)',
      'avg(o.n)',
      'avg(o.total)',
      'avg(o.weight)',
      'min(o.note)',
      'max(o.at)',
      'max(c.name)',
      'min(c.score)',
      'bool_or(o.ok)',
      'sum(o.total * 2)',
      'sum(CASE WHEN o.ok THEN o.total ELSE 0 END)',
      'sum(c.score)',
      'sum(coalesce(o.n, 1))',
    ])}${filter()}`;
  const calls = Array.from({ length: 1 + random.below(3) }, call);
  const where = pick(random, [
    '',
    '',
    ' WHERE c.kind IS NOT NULL',
    " WHERE o.at < '2024-01-20'",
    ' WHERE c.id IN (SELECT customer FROM orders WHERE n = 2)',
    " WHERE o.note = 'note 1' OR c.id < 20",
    ' WHERE NOT EXISTS (SELECT 1 FROM region x WHERE x.id = o.n)',
  ]);
  const by = groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`;
  const having = random.chance(0.2) ? ' HAVING count(*) > 5' : '';
  return `SELECT ${[...groups, ...calls].join(', ')} FROM ${from}${where}${by}${having}`;
}

test('sums of floats that no join keeps do not overflow', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE c (id int PRIMARY KEY, name text);
    INSERT INTO c SELECT i, 'n' || i FROM generate_series(1, 100) i;
    CREATE TABLE o (id int PRIMARY KEY, c int, f float8);
    INSERT INTO o SELECT i, 1 + i % 100, CASE WHEN i % 100 = 50 THEN 1e308 ELSE 1 END FROM generate_series(1, 20000) i;
    ANALYZE; DELETE FROM c WHERE id = 51`);
  for (const call of ['sum(o.f)', 'avg(o.f)', 'max(o.f * 10)']) {
    const sql = `SELECT c.id, c.name, ${call} FROM c JOIN o ON o.c = c.id GROUP BY c.id, c.name`;
    assert.equal(db.query(sql).rows.length, 99, call);
  }
  db.close();
});
