/** Keys of type char(n), looked for by values of other lengths. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../index.ts';

const CONDITIONS: readonly (readonly [sql: string, values?: readonly unknown[]])[] = [
  ["k = 'b1'"],
  ["k = 'b1      '"],
  ["k = 'b1'::char(9)"],
  ["k = 'b1 xyz'"],
  ["k IN ('b1', 'c2   ', NULL)"],
  ["k = ANY('{b1,c2}')"],
  ['k = ANY($1)', [['b1', 'c2 ', null]]],
  ['k = $1', ['b1']],
  ['k = $1::char(2)', ['b1']],
  ['k = $1', [null]],
  ["k > 'b1' AND k <= 'c2   '"],
  ["k >= 'b1' AND k < 'c'"],
  ["k < 'b1 xyz' AND k > 'b'"],
  ["(k, n) >= ('b1', 40) AND (k, n) < ('c2       ', 60)"],
  ["k = 'b1' AND n > 50 OR k = 'c2' AND n < 90"],
];

test('char(n) keys are found by values with fewer or more blanks', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t (k char(4) NOT NULL, n int NOT NULL, b bpchar);
    INSERT INTO t SELECT chr(97 + g % 5) || g % 4, g, 'b' || repeat(' ', g % 3) FROM generate_series(1, 300) g`);
  const counts = (): unknown[] =>
    CONDITIONS.map(([sql, values = []]) => {
      const rows = db.query<{ n: number }>(`SELECT n FROM t WHERE ${sql} ORDER BY n`, values).rows;
      return [sql, rows.map(({ n }) => n)];
    });
  const all = counts();
  assert.equal(JSON.stringify(all[0]?.valueOf()).includes('[]'), false);
  db.exec('CREATE INDEX ON t (k, n); CREATE INDEX ON t (b)');
  assert.deepEqual(counts(), all);
  assert.match(db.explain("SELECT * FROM t WHERE k = 'b1'"), /Index/);
  assert.deepEqual(db.query("SELECT count(*)::int AS c FROM t WHERE b = 'b '").rows, [{ c: 300 }]);
});

test('char(n) keys are joined with values of other lengths through an index', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t (k char(6) PRIMARY KEY); INSERT INTO t SELECT 'k' || g FROM generate_series(1, 3000) g;
    CREATE TABLE f (k char(9), s bpchar); INSERT INTO f VALUES ('k1', 'k1'), ('k20', 'k20  '), ('no', 'k3000000')`);
  const count = (on: string): unknown =>
    db.query(`SELECT count(*)::int AS c FROM f JOIN t ON ${on}`).rows[0]?.['c'];
  assert.match(db.explain('SELECT 1 FROM f JOIN t ON t.k = f.k'), /Index/);
  assert.deepEqual([count('t.k = f.k'), count('t.k = f.s'), count("t.k = f.k AND t.k = 'k20'")], [2, 2, 1]);
  assert.equal(db.query("DELETE FROM t WHERE k = 'k20' RETURNING k").rows.length, 1);
});

test('foreign keys tie char(n) of different lengths', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE p (k char(6) PRIMARY KEY); INSERT INTO p SELECT 'k' || g FROM generate_series(1, 100) g;
    CREATE TABLE short (k char(4) REFERENCES p, v varchar(9) REFERENCES p);
    CREATE TABLE long (k char(9) REFERENCES p ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE);
    CREATE INDEX ON short (k); INSERT INTO short VALUES ('k7', 'k8');
    INSERT INTO long SELECT 'k' || g FROM generate_series(1, 90) g;
    BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO long VALUES ('k95'); COMMIT;
    UPDATE p SET k = 'moved' WHERE k = 'k50'; DELETE FROM p WHERE k = 'k51'`);
  const rows = db.query("SELECT k FROM long WHERE k IN ('k50', 'k51', 'moved')").rows;
  assert.deepEqual(rows, [{ k: 'moved    ' }]);
  assert.throws(() => db.exec("DELETE FROM p WHERE k = 'k7'"), { code: '23503' });
  assert.throws(() => db.exec("INSERT INTO long VALUES ('k1xyz')"), { code: '23503' });
  assert.throws(() => db.exec("INSERT INTO long VALUES ('k1xyz5678')"), { code: '23503' });
  db.exec(
    'ALTER TABLE short DROP CONSTRAINT short_k_fkey; ALTER TABLE short ADD FOREIGN KEY (k) REFERENCES p',
  );
  assert.deepEqual(db.check().findings, []);
});

test('indexes of char(n) are built in the order of their trees', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t (k bpchar, c char(4), n int);
    INSERT INTO t SELECT 'v' || g % 10 || repeat(' ', g % 3), CASE g % 3 WHEN 0 THEN 'a' WHEN 1 THEN E'a\\t' ELSE 'b' END, g
    FROM generate_series(1, 900) g`);
  const answers = (): unknown[] =>
    [
      'SELECT k, n FROM t ORDER BY k, n LIMIT 5',
      'SELECT k::text, min(n), count(*) FROM t GROUP BY k ORDER BY k::text',
      "SELECT count(*) FROM t WHERE c = 'a'",
      "SELECT count(*) FROM t WHERE k = 'v1'",
    ].map((sql) => db.query(sql).rows);
  const before = answers();
  db.exec('CREATE INDEX ON t (k, n); CREATE INDEX ON t (k); CREATE INDEX ON t (c, n)');
  assert.deepEqual(answers(), before);
  assert.deepEqual(db.check().findings, []);
  assert.throws(() => db.exec('CREATE UNIQUE INDEX ON t (k)'), { code: '0A000' });
});
