/** Equal parts of a statement computed once: what is shared, what is not, and that answers stay the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { Prng } from '../../base/prng.ts';

const rule = 'optimizer.rule.shared_subplans';

const SCHEMA = `
  CREATE TABLE a (id int PRIMARY KEY, k int, v numeric(10,2), t text);
  CREATE TABLE b (id int PRIMARY KEY, a int, w int NOT NULL, u varchar(10));
  INSERT INTO a SELECT g, nullif(g % 97, 5), g % 300 * 0.25, CASE WHEN g % 6 > 0 THEN 't' || g % 11 END FROM generate_series(1, 6000) g;
  INSERT INTO b SELECT g, nullif(g * 7 % 6100, 9), g % 13, 'u' || g % 17 FROM generate_series(1, 9000) g;
  ANALYZE`;

function opened(): Database {
  const db = openSync(':memory:');
  db.exec(SCHEMA);
  return db;
}

function bag(db: Database, sql: string, params: readonly unknown[] = []): string[] {
  return db
    .query<(string | null)[]>(sql, params as never, { rowMode: 'array', format: 'text' })
    .rows.map((row) => JSON.stringify(row))
    .sort();
}

function isShared(db: Database, sql: string): boolean {
  return bag(db, `EXPLAIN ${sql}`).some((line) => line.includes('CTE shared_1'));
}

function bothWays(db: Database, sql: string, params: readonly unknown[] = []): string[] {
  const shared = bag(db, sql, params);
  db.exec(`SET ${rule} = off`);
  const plain = bag(db, sql, params);
  db.exec(`SET ${rule} = on`);
  assert.deepEqual(shared, plain, sql);
  return shared;
}

const JOIN = "a JOIN b ON b.a = a.id WHERE b.w > 3 AND a.t <> 't4'";

test('a join that the subquery of a HAVING repeats is computed once', () => {
  const db = opened();
  const sql = `SELECT k, sum(v) FROM ${JOIN} GROUP BY k HAVING sum(v) > (SELECT sum(v) / 90 FROM ${JOIN})`;
  assert.ok(isShared(db, sql));
  assert.ok(bothWays(db, sql).length > 0);
  // Few columns are kept: those that somebody looks at.
  const [definition] = bag(db, `EXPLAIN (VERBOSE, FORMAT JSON) ${sql}`).map(
    (text) => JSON.parse(JSON.parse(text)[0])[0].Plan.Plans[0],
  );
  assert.equal(definition['Subplan Name'], 'CTE shared_1');
  assert.equal(definition.Output.length, 2);
  db.close();
});

test('groups, distinct rows and windows are shared, with other names and orders above', () => {
  const db = opened();
  const groups = 'SELECT k, count(*) AS n, sum(v) AS s FROM a JOIN b ON b.a = a.id GROUP BY k';
  for (const sql of [
    `SELECT x.k, y.n - x.n FROM (${groups}) x JOIN (${groups}) y ON y.k = x.k + 1`,
    `SELECT (SELECT max(n) FROM (${groups}) m), (SELECT min(s) FROM (${groups}) o)`,
    `SELECT k, n FROM (${groups}) p WHERE n = (SELECT max(n) FROM (${groups}) q)`,
    `SELECT k, n FROM (${groups}) p UNION ALL SELECT k, s FROM (${groups}) q UNION ALL SELECT 1, s FROM (${groups}) r`,
    'SELECT count(*) FROM (SELECT DISTINCT t, u FROM a JOIN b ON b.a = a.id) x, (SELECT DISTINCT t, u FROM a JOIN b ON b.a = a.id) y WHERE x.t = y.t',
    `SELECT p.id, q.r FROM (SELECT a.id, sum(w) OVER (PARTITION BY k ORDER BY v, a.id, b.id) AS r FROM a JOIN b ON b.a = a.id) p
       JOIN (SELECT a.id, sum(w) OVER (PARTITION BY k ORDER BY v, a.id, b.id) AS r FROM a JOIN b ON b.a = a.id) q ON p.r = q.r - 1 AND p.id = q.id`,
  ]) {
    assert.ok(isShared(db, sql), sql);
    assert.ok(bothWays(db, sql).length > 0, sql);
  }
  db.close();
});

test('what differs, depends on outer rows, is volatile or may stop early is not shared', () => {
  const db = opened();
  const groups = 'SELECT k, count(*) AS n FROM a JOIN b ON b.a = a.id GROUP BY k';
  for (const sql of [
    `SELECT k, sum(v) FROM ${JOIN} GROUP BY k HAVING sum(v) > (SELECT sum(v) / 90 FROM ${JOIN.replace("'t4'", "'t5'")})`,
    `SELECT k, sum(v) FROM ${JOIN} GROUP BY k HAVING sum(v) > (SELECT sum(v) / 90 FROM ${JOIN.replace('> 3', '>= 3')})`,
    `SELECT x.k FROM (${groups.replace('= a.id', '= a.id + (random() * 0)::int')}) x JOIN (${groups.replace('= a.id', '= a.id + (random() * 0)::int')}) y ON y.k = x.k`,
    `(SELECT k, v FROM ${JOIN} LIMIT 5) UNION ALL (SELECT k, v FROM ${JOIN} LIMIT 7)`,
    `SELECT EXISTS (SELECT 1 FROM ${JOIN}) OR EXISTS (SELECT 1 FROM ${JOIN})`,
    // Cheap as they are.
    'SELECT x.v, y.v FROM (SELECT a.v FROM a JOIN b ON b.a = a.id WHERE a.id = 7) x, (SELECT a.v FROM a JOIN b ON b.a = a.id WHERE a.id = 7) y',
    `INSERT INTO a SELECT -x.k, y.n FROM (${groups}) x JOIN (${groups}) y ON y.k = x.k + 1`,
  ])
    assert.ok(!isShared(db, sql), sql);
  db.exec(`SET ${rule} = off`);
  assert.ok(!isShared(db, `SELECT * FROM (${groups}) x JOIN (${groups}) y ON y.k = x.k + 1`));
  db.close();
});

test('what fails to be computed is not computed for a part that does not look at it', () => {
  const db = opened();
  const failing = 'SELECT k, count(*) AS n, max(1 / (b.w - b.w)) AS s FROM a JOIN b ON b.a = a.id GROUP BY k';
  const never = (column: string, source: string): string =>
    `SELECT k, n, CASE WHEN n < 0 THEN (SELECT max(${column}) FROM (${source}) y) END FROM (${source}) x`;
  assert.ok(bothWays(db, never('s', failing)).length > 0);
  const inside = failing.replace(' a JOIN', ' (SELECT id, k, 1 / (id - id) AS e FROM a) a JOIN');
  assert.ok(bothWays(db, never('s', inside.replace('1 / (b.w - b.w)', 'e'))).length > 0);
  assert.ok(isShared(db, never('n', failing)), 'both look at the same columns');
  assert.ok(isShared(db, never('s', failing.replace('1 / (b.w - b.w)', 'b.w'))), 'the column cannot fail');
  db.close();
});

test('literals that are equal in one text are not taken for equal in another', () => {
  const db = opened();
  const sql = (x: number, y: number): string =>
    `SELECT k, sum(v) FROM a JOIN b ON b.a = a.id WHERE b.w = ${x} GROUP BY k
       HAVING sum(v) > (SELECT sum(v) / 90 FROM a JOIN b ON b.a = a.id WHERE b.w = ${y})`;
  for (const [x, y] of [
    [3, 4],
    [3, 3],
    [4, 3],
    [4, 4],
    [5, 6],
  ] as const)
    bothWays(db, sql(x, y));
  // Nor when a plan that is shared between texts is made again.
  db.exec(
    'CREATE TABLE c AS SELECT * FROM a WHERE id < 50; CREATE TABLE d AS SELECT * FROM b WHERE a < 50; ANALYZE',
  );
  const other = (x: number, y: number): string => sql(x, y).replaceAll('a JOIN b', 'c a JOIN d b');
  for (const [x, y] of [
    [3, 3],
    [3, 4],
  ] as const)
    bothWays(db, other(x, y));
  db.exec(
    'INSERT INTO c SELECT * FROM a WHERE id >= 50; INSERT INTO d SELECT * FROM b WHERE a >= 50; ANALYZE',
  );
  for (const [x, y] of [
    [3, 3],
    [3, 4],
    [5, 5],
  ] as const)
    bothWays(db, other(x, y));
  const params = sql(0, 0).replace('= 0', '= $1').replace('= 0', '= $1');
  assert.ok(bothWays(db, params, [4]).length > 0);
  db.close();
});

/** Sources that give columns k and n. */
const SOURCES = [
  'SELECT k, count(*) AS n FROM a JOIN b ON b.a = a.id GROUP BY k',
  "SELECT a.k, b.w AS n FROM a JOIN b ON b.a = a.id WHERE a.t = 't3'",
  'SELECT a.id % 50 AS k, b.w AS n FROM a LEFT JOIN b ON b.a = a.id AND b.w = 2 WHERE a.v > 30.5',
  "SELECT DISTINCT k, b.w AS n FROM a JOIN b ON b.a = a.id WHERE u IN ('u3', 'u5')",
  'SELECT k, max(n) AS n FROM (SELECT k, b.w AS n FROM a FULL JOIN b ON b.a = a.id) x GROUP BY k',
  'SELECT k, id AS n FROM a WHERE id NOT IN (SELECT a FROM b WHERE a IS NOT NULL)',
];

test('random statements of repeated parts: the same with and without sharing, in little memory too', () => {
  const db = opened();
  const random = new Prng(Number(process.env['SEED'] ?? 1));
  const pick = (): string => SOURCES[random.below(SOURCES.length)] as string;
  const statements = process.env['DECENTDB_LONG_TESTS'] === '1' ? 60 : 8;
  let found = 0;
  for (let i = 0; i < statements; i++) {
    const [p, q] = [pick(), pick()];
    const sql = [
      `SELECT k, sum(n) FROM (${p}) x GROUP BY k HAVING sum(n) > (SELECT avg(n) FROM (${p}) y) OR k IN (SELECT n FROM (${q}) z)`,
      `SELECT x.k, x.n, y.n FROM (${p}) x LEFT JOIN (SELECT k, max(n) AS n FROM (${p}) m GROUP BY k) y ON x.k = y.n`,
      `SELECT k, n FROM (${p}) x EXCEPT SELECT k, n FROM (${q}) y UNION ALL SELECT n, k FROM (${q}) z`,
      `SELECT count(*), (SELECT sum(n) FROM (${q}) y), (SELECT min(k) FROM (${q}) z) FROM (${p}) x WHERE n < (SELECT max(n) FROM (${p}) w)`,
      `WITH x AS MATERIALIZED (${p}) SELECT k, (SELECT count(*) FROM (${q}) y WHERE y.k = x.k) FROM x WHERE n = (SELECT max(n) FROM (${p}) m)
         AND k < (SELECT count(*) FROM (${q}) z)`,
    ][random.below(5)] as string;
    db.exec(`SET work_mem = '${random.below(2) === 0 ? '64kB' : '64MB'}'`);
    if (isShared(db, sql)) found++;
    bothWays(db, sql);
  }
  assert.ok(found > statements / 4, `${found} of ${statements} statements were shared`);
  db.close();
});
