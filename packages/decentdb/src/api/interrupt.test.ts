/** Statements that are stopped while they run: by a check, by the setting, by themselves; nothing of them stays. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from './database.ts';

const LONG = 'SELECT count(*) FROM generate_series(1, 2000000000) i WHERE i % 7 = 3';

test('a check that answers true stops the statement; the next one runs', () => {
  using db = openSync(':memory:');
  db.exec(
    'CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT i, i FROM generate_series(1, 1000) i',
  );
  let asked = 0;
  db.setInterruptCheck(() => ++asked >= 2);
  for (const sql of [
    LONG,
    'INSERT INTO t SELECT i, i FROM generate_series(2000, 2000000000) i',
    'UPDATE t SET v = (SELECT count(*) FROM generate_series(1, 100000000 + t.id))',
    'SELECT count(*) FROM t a, t b, t c, t d',
    'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r',
  ]) {
    asked = 0;
    assert.throws(
      () => db.query(sql),
      { code: '57014', message: 'canceling statement due to user request' },
      sql,
    );
    asked = -1_000_000;
    assert.deepEqual(db.query('SELECT count(*)::int AS n, sum(v)::int AS s FROM t').rows, [
      { n: 1000, s: 500500 },
    ]);
  }
  const txn = db.begin();
  db.exec('INSERT INTO t VALUES (5000, 0)');
  asked = 0;
  assert.throws(() => db.query(LONG), { code: '57014' });
  asked = -1_000_000;
  txn.commit();
  assert.equal(db.query('SELECT count(*)::int AS n FROM t').rows[0]?.['n'], 1001);
  db.setInterruptCheck(null);
  assert.throws(() => db.setInterruptCheck(1 as never), { code: '22023' });
  assert.deepEqual(db.check().findings, []);
});

test('statement_timeout', () => {
  using db = openSync(':memory:');
  db.exec("SET statement_timeout = '30ms'");
  assert.throws(() => db.query(LONG), { code: '57014', message: /statement timeout/ });
  db.exec('RESET statement_timeout');
  assert.equal(db.query('SELECT 1 AS n').rows[0]?.['n'], 1);
});

test('VACUUM, index builds and REINDEX are stopped too; everything is as before', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, v text, n int); CREATE INDEX there ON t (v);
    INSERT INTO t SELECT i, md5(i::text), i % 1000 FROM generate_series(1, 30000) i`);
  const indexes = (): unknown =>
    db.query("SELECT array_agg(relname ORDER BY relname) AS names FROM pg_class WHERE relkind = 'i'").rows;
  const before = indexes();
  for (const sql of [
    'VACUUM',
    'VACUUM t',
    'REINDEX TABLE t',
    'CREATE INDEX ON t (v, n)',
    'CREATE INDEX ON t (v)',
    'CREATE INDEX ON t ((n + 1))',
    'CREATE INDEX ON t USING gin (v gin_trgm_ops)',
    "CREATE INDEX ON t USING gin (to_tsvector('simple', v))",
  ]) {
    db.setInterruptCheck(() => true);
    assert.throws(() => db.exec(sql), { code: '57014' }, sql);
    db.setInterruptCheck(null);
    assert.deepEqual(indexes(), before, sql);
  }
  assert.deepEqual(db.check().findings, []);
  db.exec('VACUUM');
  db.exec('REINDEX TABLE t');
  assert.equal(db.query('SELECT count(*)::int AS n FROM t').rows[0]?.['n'], 30000);
});
