/** Semi and anti joins that go down to one leaf of a cluster of joins wait for all the columns they look at. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

test('an anti join over a column of a left join below', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE one (a int PRIMARY KEY, d int); INSERT INTO one SELECT g, g FROM generate_series(1, 40) g;
    CREATE TABLE two (a int, b int);
    INSERT INTO two SELECT g % 25, CASE WHEN g % 4 > 0 THEN g % 5 END FROM generate_series(1, 30) g;
    CREATE INDEX ON two (a);
    CREATE TABLE few (a int, b int); INSERT INTO few VALUES (1, 1), (2, NULL), (NULL, 3);
    CREATE VIEW v AS SELECT one.a, coalesce(two.b, 0) AS b, one.d FROM one LEFT JOIN two ON one.a = two.a;
    ANALYZE`);
  for (const how of ['EXISTS', 'NOT EXISTS']) {
    const sql = `SELECT v.d FROM v JOIN few f ON v.a = f.a
      WHERE ${how} (SELECT 1 FROM few g WHERE f.b IS NOT DISTINCT FROM v.b AND g.a = v.b)`;
    db.exec('SET optimizer.rule.early_semi_join = off');
    const plain = db.prepare(sql).values();
    db.exec('SET optimizer.rule.early_semi_join = on');
    assert.deepEqual(db.prepare(sql).values(), plain, how);
  }
  db.close();
});
