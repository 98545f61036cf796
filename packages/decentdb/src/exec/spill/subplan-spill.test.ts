/** Rows that subqueries keep: within the budget and beyond it, against what joins give. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

const RULES = ['unnest_subqueries', 'mark_join'];

/** With rows that are looked up, and with joins. */
const QUERIES = [
  'SELECT id, name IN (SELECT name FROM t WHERE k > 100) AS a FROM s',
  'SELECT id, name NOT IN (SELECT name FROM t WHERE name IS NOT NULL) AS a FROM s',
  'SELECT id, k IN (SELECT k FROM t WHERE id % 3 = 0) AS a FROM s',
  'SELECT id FROM s WHERE (k, name) IN (SELECT k, name FROM t)',
  'SELECT id, (k, name) NOT IN (SELECT k, name FROM t WHERE id % 2 = 0) AS a FROM s',
  'SELECT id, k > ALL (SELECT k FROM t WHERE k < 300) AS a, k = ANY (SELECT id::bigint FROM t) AS b FROM s WHERE id < 40',
  'SELECT id, (SELECT count(*) FROM unnest(ARRAY(SELECT name FROM t ORDER BY name)) n WHERE n = s.name) AS a FROM s WHERE id < 20',
];

test('rows of subqueries beyond the budget', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, k int, name text);
    INSERT INTO t SELECT g, CASE WHEN g % 41 = 0 THEN NULL ELSE g * 7919 % 30011 END,
      CASE WHEN g % 43 = 0 THEN NULL ELSE 'name ' || md5(g::text) END FROM generate_series(1, 14000) g;
    CREATE TABLE s (id int PRIMARY KEY, k int, name text);
    INSERT INTO s SELECT id / 50, k + id % 2, CASE WHEN id % 3 = 0 THEN 'none' ELSE name END FROM t WHERE id % 50 = 0;
    INSERT INTO s VALUES (9001, NULL, 'none'), (9002, 7, NULL), (9003, NULL, NULL)`);
  for (const sql of QUERIES) {
    const ordered = `${sql} ORDER BY id`;
    const want = db.prepare(ordered).values();
    for (const rule of RULES) db.exec(`SET "optimizer.rule.${rule}" = off`);
    assert.deepEqual(db.prepare(ordered).values(), want, sql);
    db.exec("SET work_mem = '64kB'");
    assert.deepEqual(db.prepare(ordered).values(), want, `${sql} beyond the budget`);
    const lines = db.prepare(`EXPLAIN (ANALYZE) ${ordered}`).values().flat().map(String);
    if (!sql.includes('ARRAY'))
      assert.ok(
        lines.some((line) => line.startsWith('Spilled: ')),
        lines.join('\n'),
      );
    db.exec('RESET ALL');
  }
});
