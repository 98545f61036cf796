/** EXISTS and IN as columns of a join: what the subqueries themselves give, NULL included. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { Prng } from '../../base/prng.ts';

const rule = 'optimizer.rule.mark_join';

const SCHEMA = `
  CREATE TABLE o (id int PRIMARY KEY, k int, v int, w int NOT NULL, t text);
  CREATE TABLE i (id int PRIMARY KEY, k int, v bigint, w int NOT NULL, t varchar(10));
  CREATE TABLE none (id int, v int);
  INSERT INTO o SELECT g, nullif(g % 9, 0), nullif(g * 7 % 31, 3), g % 6, CASE WHEN g % 5 > 0 THEN 't' || g % 8 END
    FROM generate_series(1, 700) g;
  INSERT INTO i SELECT g, nullif(g % 12, 5), nullif(g * 5 % 23, 4), g % 4, CASE WHEN g % 7 > 0 THEN 't' || g % 10 END
    FROM generate_series(1, 60) g;
  ANALYZE`;

function pick<T>(random: Prng, list: readonly T[]): T {
  return list[random.below(list.length)] as T;
}

function opened(): Database {
  const db = openSync(':memory:');
  db.exec(SCHEMA);
  return db;
}

function bag(db: Database, sql: string): string[] {
  return db
    .query<(string | null)[]>(sql, [], { rowMode: 'array', format: 'text' })
    .rows.map((row) => JSON.stringify(row))
    .sort();
}

function bothWays(db: Database, sql: string): string[] {
  const marked = bag(db, sql);
  db.exec(`SET ${rule} = off`);
  const plain = bag(db, sql);
  db.exec(`SET ${rule} = on`);
  assert.deepEqual(marked, plain, sql);
  return marked;
}

test('subqueries under OR, in select lists, CASE and aggregates are joined once', () => {
  const db = opened();
  for (const sql of [
    'SELECT id FROM o WHERE w = 1 OR EXISTS (SELECT 1 FROM i WHERE i.k = o.k AND i.v > 9)',
    'SELECT id, EXISTS (SELECT 1 FROM i WHERE i.k = o.k AND i.v > o.v) FROM o',
    'SELECT id, v IN (SELECT v FROM i) FROM o',
    'SELECT id, v NOT IN (SELECT v FROM i WHERE v IS NOT NULL) FROM o',
    'SELECT id FROM o WHERE w = 0 OR v NOT IN (SELECT v FROM i)',
    'SELECT id, v IN (SELECT v FROM i WHERE i.k = o.k) FROM o',
    'SELECT id, v <> ALL (SELECT v FROM i WHERE i.k = o.k AND i.w < o.w) FROM o',
    'SELECT id, w IN (SELECT w FROM i WHERE i.k = o.k) FROM o',
    'SELECT sum(CASE WHEN v IN (SELECT v FROM i WHERE w = 2) THEN w ELSE 0 END) FROM o',
    'SELECT k, count(*) FILTER (WHERE EXISTS (SELECT 1 FROM i WHERE i.k = o.k)) FROM o GROUP BY k',
    'SELECT EXISTS (SELECT 1 FROM i WHERE i.k = o.k), count(*) FROM o GROUP BY 1',
    // The NULLs that an outer join in the subquery makes.
    'SELECT id, v IN (SELECT b.v FROM i a LEFT JOIN i b ON b.id = a.id + 40) FROM o',
  ]) {
    assert.match(db.explain(sql), /Mark Join/, sql);
    bothWays(db, sql);
  }
  db.close();
});

test('among no rows nothing is, unknown or not', () => {
  const db = opened();
  assert.deepEqual(bothWays(db, 'SELECT DISTINCT v IN (SELECT v FROM none) FROM o'), ['["f"]']);
  assert.deepEqual(bothWays(db, 'SELECT DISTINCT v NOT IN (SELECT v FROM none) FROM o'), ['["t"]']);
  assert.deepEqual(bothWays(db, 'SELECT DISTINCT v IN (SELECT v FROM i WHERE i.k = o.k + 100) FROM o'), [
    '["f"]',
  ]);
  db.close();
});

test('what is not evaluated does not fail', () => {
  const db = opened();
  // `w` is 0 in some rows of both tables.
  for (const sql of [
    'SELECT id FROM o WHERE CASE WHEN w > 9 THEN v IN (SELECT 1 / w FROM i) ELSE w = 1 END',
    'SELECT id FROM o WHERE w = 0 OR (6 / w) IN (SELECT v FROM i)',
    'SELECT id FROM o WHERE CASE WHEN w > 0 THEN EXISTS (SELECT 1 FROM i WHERE i.k = 6 / o.w) END',
    'SELECT id FROM o WHERE w >= 0 OR EXISTS (SELECT 1 FROM i WHERE i.k = o.k AND 1 / i.w > 0)',
    'SELECT sum((SELECT count(*) FROM i WHERE i.k = 6 / o.w)) FILTER (WHERE w > 0) FROM o',
    'SELECT CASE WHEN w > 9 THEN (SELECT sum(1 / i.w) FROM i WHERE i.k = o.k) END FROM o',
    'SELECT count(CASE WHEN w > 0 THEN (SELECT count(*) FROM i WHERE i.k = 6 / o.w) END) FROM o',
  ])
    bothWays(db, sql);
  // What is evaluated for every row, and what cannot fail, is joined all the same.
  for (const sql of [
    'SELECT id FROM o WHERE EXISTS (SELECT 1 FROM i WHERE i.k = o.v + 1) OR w = 1',
    `SELECT CASE WHEN w > 0 THEN EXISTS (SELECT 1 FROM i WHERE i.k = o.k AND i.t LIKE 't1%') END FROM o`,
  ])
    assert.match(db.explain(sql), /Mark Join/, sql);
  db.close();
});

test('rows that LIMIT leaves are the only ones subqueries are computed for', () => {
  const db = opened();
  db.exec(
    'INSERT INTO i SELECT g, g % 99, g, g % 4 FROM generate_series(100, 3000) g; CREATE INDEX ON i (k); ANALYZE',
  );
  for (const order of ['id', 'w DESC, id', 't, v, id']) {
    const sql = `SELECT id, EXISTS (SELECT 1 FROM i WHERE i.k = o.k), (SELECT count(*) FROM i WHERE i.k = o.k) AS n FROM o
      ORDER BY ${order} LIMIT 3 OFFSET 2`;
    assert.doesNotMatch(db.explain(sql), /Mark Join|HashAggregate/, sql);
    assert.match(db.explain(sql, [], { analyze: true }), /loops=3/);
    const all = db.query(sql.replace('LIMIT 3 OFFSET 2', '')).rows;
    assert.deepEqual(db.query(sql).rows, all.slice(2, 5));
  }
  db.close();
});

test('any subquery anywhere: the same with the rule on and off', () => {
  const random = new Prng(Number(process.env['SEED'] ?? 1 + Math.floor(Math.random() * 1e6)));
  const db = opened();
  for (let i = 0; i < 80; i++) bothWays(db, randomQuery(random));
  db.close();
});

function subquery(random: Prng): string {
  const ties = [
    '',
    'i.k = o.k',
    'i.k = o.k AND i.w = o.w',
    'i.t = o.t',
    'i.v = o.v',
    'i.w < o.w',
    'i.k = o.k AND i.w < o.v',
  ];
  const own = ['', '', 'i.v > 4', 'i.w = 2', 'i.t IS NOT NULL', 'i.id < 0'];
  const where = [pick(random, ties), pick(random, own)].filter((part) => part !== '').join(' AND ');
  const from = random.chance(0.2) ? 'i LEFT JOIN i j ON j.id = i.id + 30' : 'i';
  const tail = `FROM ${from}${where === '' ? '' : ` WHERE ${where}`}`;
  const not = random.chance(0.4) ? 'NOT ' : '';
  const [left, right] = pick(random, [
    ['o.v', 'i.v'],
    ['o.k', 'i.w'],
    ['o.w', 'i.w'],
    ['o.t', 'i.t'],
    ['o.v + 1', 'i.v'],
    ['o.w', 'i.w + o.k'],
    ['o.v', from === 'i' ? 'i.k' : 'j.k'],
  ] as const);
  switch (random.below(5)) {
    case 0:
    case 1:
      return `${not}EXISTS (SELECT ${pick(random, ['1', 'i.v'])} ${tail})`;
    case 2:
      return `${not}${left} = ANY (SELECT ${pick(random, ['', 'DISTINCT '])}${right} ${tail})`;
    case 3:
      return `${left} <> ALL (SELECT ${right} ${tail})`;
    default:
      return `${left} ${not}IN (SELECT ${right} ${tail})`;
  }
}

function randomQuery(random: Prng): string {
  const one = subquery(random);
  const other = random.chance(0.5) ? subquery(random) : pick(random, ['o.w > 2', 'o.v IS NULL', 'o.k = 4']);
  const where = random.chance(0.4)
    ? ` WHERE ${pick(random, ['o.id < 650', 'o.k IS NOT NULL', `${subquery(random)} IS NOT TRUE`])}`
    : '';
  switch (random.below(6)) {
    case 0:
      return `SELECT o.id, ${one}, ${other} FROM o${where}`;
    case 1:
      return `SELECT o.id FROM o WHERE ${one} OR ${other}`;
    case 2:
      return `SELECT o.id FROM o WHERE (${one}) IS NULL OR (o.w = 1 AND ${other})`;
    case 3:
      return `SELECT o.k, count(*) FILTER (WHERE ${one}), sum(CASE WHEN ${other} THEN o.v ELSE 1 END) FROM o${where} GROUP BY o.k`;
    case 4:
      return `SELECT o.id, p.id, ${one} FROM o JOIN i p ON p.k = o.k AND p.w = o.w WHERE ${other} OR p.v = 3`;
    default:
      return `SELECT ${one} AS x, count(*) FROM o${where} GROUP BY 1`;
  }
}
