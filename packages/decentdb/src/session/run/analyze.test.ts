/** ANALYZE looks at what is there now, and leaves documents alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';

test('columns of all kinds, tables without rows, and what the transaction has written itself', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, n int, kind varchar(10), body text, twice int GENERATED ALWAYS AS (n * 2) VIRTUAL);
    INSERT INTO t SELECT g, g % 10, 'k' || g % 3, repeat('x', 5000) FROM generate_series(1, 300) g;
    CREATE INDEX ON t (kind); ALTER TABLE t ADD COLUMN late int DEFAULT 7;
    ALTER TABLE t ADD COLUMN gone int; ALTER TABLE t DROP COLUMN gone;
    CREATE TABLE none (id int); CREATE VIEW v AS SELECT * FROM t; ANALYZE; ANALYZE t; ANALYZE none (id)`);
  const groups = (sql: string): string | undefined => /rows=(\d+)/.exec(db.explain(sql))?.[1];
  assert.equal(groups('SELECT kind FROM t GROUP BY kind'), '3');
  assert.equal(groups('SELECT late FROM t GROUP BY late'), '1');
  db.transaction(() => {
    db.exec('INSERT INTO none SELECT g % 4 FROM generate_series(1, 1000) g; ANALYZE none');
    assert.equal(groups('SELECT id FROM none GROUP BY id'), '4');
  })();
  db.exec("UPDATE t SET kind = 'k' || id % 50; ANALYZE");
  assert.equal(groups('SELECT kind FROM t GROUP BY kind'), '50');
  assert.throws(() => db.exec('ANALYZE nowhere'), { code: '42P01' });
  db.close();
});
