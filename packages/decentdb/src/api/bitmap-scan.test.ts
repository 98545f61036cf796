/** Several indexes combined by row ids: the rows of a scan, in every state of the table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { type Database, openSync } from './database.ts';

const rule = 'optimizer.rule.bitmap_scan';

function table(rows: number, idType = 'int'): Database {
  const db = openSync(':memory:');
  db.exec(`
    CREATE TABLE t (id ${idType} PRIMARY KEY, a int, b int, status int, title text, at timestamp);
    INSERT INTO t SELECT i, CASE WHEN i % 29 <> 0 THEN i % 211 END, CASE WHEN i % 31 <> 0 THEN (i * 7919) % 199 END, i % 5,
      CASE WHEN i % 37 <> 0 THEN md5((i % 1999)::text) END, timestamp '2024-01-01' + (i % 400) * interval '1 hour'
      FROM generate_series(1, ${rows}) i;
    CREATE INDEX t_a ON t (a); CREATE INDEX t_b ON t (b DESC NULLS LAST, status); CREATE INDEX t_at ON t (at);
    CREATE INDEX t_part ON t (b) WHERE status = 3; CREATE INDEX t_sum ON t ((a + b));
    CREATE INDEX t_text ON t USING trigram (title); ANALYZE`);
  return db;
}

/** Rows with the rule and without it. */
function bothWays(db: Database, sql: string, params: readonly unknown[] = []): readonly unknown[] {
  const { rows } = db.query(sql, params);
  db.exec(`SET ${rule} = off`);
  const plain = db.query(sql, params).rows;
  db.exec(`SET ${rule} = on`);
  assert.deepEqual(rows, plain, sql);
  return rows;
}

test('EXPLAIN shows BitmapAnd and BitmapOr with the indexes they combine', () => {
  const db = table(20_000);
  const or = db.explain('SELECT * FROM t WHERE a = 1 OR b = 2');
  assert.match(or, /Bitmap Heap Scan on t/);
  assert.match(or, /-> {2}BitmapOr\n.*Bitmap Index Scan on t_a\n.*\(a = 1\)\n.*Bitmap Index Scan on t_b\n/);
  const and = db.explain(`SELECT * FROM t WHERE a = 3 AND title LIKE '%ab1%'`);
  assert.match(and, /BitmapAnd\n(.*\n)*.*Bitmap Index Scan on t_text\n.*~~\* '%ab1%'/);
  assert.match(db.explain(`SELECT * FROM t WHERE (a = 1 OR b = 2) AND at < '2024-01-02'`), /BitmapOr/);
  assert.match(
    db.explain('SELECT * FROM t WHERE status = 3 AND (a = 9 OR b = 4)'),
    /Bitmap Index Scan on t_(part|b)\n/,
  );
  assert.doesNotMatch(db.explain('SELECT * FROM t WHERE status = 2 AND (a = 9 OR b = 4)'), /t_part/);
  assert.doesNotMatch(db.explain('SELECT * FROM t WHERE a = 1 OR status = 2'), /Bitmap/);
  const [json] = db.query<[string]>('EXPLAIN (FORMAT JSON) SELECT * FROM t WHERE a = 1 OR b = 2', [], {
    rowMode: 'array',
  }).rows;
  const [{ Plan }] = JSON.parse(String(json?.[0])) as [{ Plan: { Plans: { Plans: object[] }[] } }];
  assert.deepEqual(Plan.Plans[0]?.Plans[0], {
    'Node Type': 'Bitmap Index Scan',
    'Index Name': 't_a',
    'Index Cond': '(a = 1)',
  });
  db.exec(`SET ${rule} = off`);
  assert.doesNotMatch(db.explain('SELECT * FROM t WHERE a = 1 OR b = 2'), /Bitmap/);
  db.close();
});

test('random conditions find the rows of a scan, also while rows change', () => {
  const seed = Number(process.env['SEED'] ?? 20260202);
  const random = new Prng(seed);
  const db = table(5000);
  const atoms: readonly (() => string)[] = [
    () => `a = ${random.below(211)}`,
    () => `a IN (${random.below(211)}, ${random.below(211)}, NULL)`,
    () => `b = ${random.below(199)}`,
    () => `b > ${195 + random.below(5)}`,
    () => 'a IS NULL',
    () => `status = ${random.below(5)}`,
    () => `id BETWEEN ${random.below(8000)} AND ${random.below(8000)}`,
    () => `title LIKE '%${random.below(4096).toString(16).padStart(3, '0')}%'`,
    () => `title ILIKE '%${random.below(65536).toString(16).padStart(4, '0')}%'`,
    () => `at < timestamp '2024-01-01' + ${random.below(40)} * interval '1 hour'`,
    () => `a + b = ${random.below(400)}`,
    () => `a = NULL`,
    () => `NOT (b = 4)`,
  ];
  const condition = (depth: number): string => {
    if (depth === 0 || random.chance(0.3)) return (atoms[random.below(atoms.length)] as () => string)();
    const parts = Array.from({ length: 2 + random.below(2) }, () => condition(depth - 1));
    return `(${parts.join(random.chance(0.5) ? ' AND ' : ' OR ')})`;
  };
  let combined = 0;
  for (let i = 0; i < 60; i++) {
    const where = condition(3);
    const sql = `SELECT id, a, title FROM t WHERE ${where} ORDER BY id`;
    try {
      if (/Bitmap/.test(db.explain(sql))) combined++;
      bothWays(db, sql);
      if (i % 10 === 3) db.exec('BEGIN');
      if (i % 4 === 1) {
        db.exec(
          `UPDATE t SET a = ${random.below(211)}, title = md5('${i}') WHERE ${condition(2)} AND id % 7 = 1`,
        );
        db.exec(`DELETE FROM t WHERE ${condition(2)} AND id % 11 = 2`);
        db.exec(`INSERT INTO t VALUES (${10_000 + i}, ${random.below(211)}, 7, 3, md5('${i * 3}'), now())`);
        bothWays(db, sql);
      }
      if (i % 10 === 6) db.exec(random.chance(0.5) ? 'ROLLBACK' : 'COMMIT');
    } catch (error) {
      throw new Error(`SEED=${seed}, condition ${i}: ${where}`, { cause: error });
    }
  }
  assert.ok(combined > 8, `${combined} plans combined indexes`);
  db.close();
});

test('an UPDATE and a DELETE that combine indexes change the rows of a scan', () => {
  const [one, other] = [table(5000), table(5000)];
  other.exec(`SET ${rule} = off`);
  const statements = [
    'UPDATE t SET a = 500 WHERE a = 7 OR b = 9',
    'UPDATE t SET b = b + 1 WHERE (a = 500 OR b = 11) AND status < 4',
    `DELETE FROM t WHERE a = 12 OR title LIKE '%abc%'`,
  ];
  for (const sql of statements) {
    assert.match(one.explain(sql), /Bitmap/);
    assert.equal(one.query(sql).rowCount, other.query(sql).rowCount);
  }
  const all = 'SELECT * FROM t ORDER BY id';
  assert.deepEqual(one.query(all).rows, other.query(all).rows);
  one.close();
  other.close();
});

test('parameters, NULL among them, and row ids beyond 2^53', () => {
  const db = table(5000, 'bigint');
  const sql = 'SELECT id FROM t WHERE a = $1 OR b = $2 ORDER BY id';
  for (const params of [
    [1, 2],
    [null, 2],
    [null, null],
    [999, 999],
  ])
    bothWays(db, sql, params);
  db.exec(`DROP INDEX t_text;
    INSERT INTO t SELECT 9007199254740993 + i, 1, 2, 3, 'far', now() FROM generate_series(0, 5) i`);
  const rows = bothWays(db, 'SELECT id FROM t WHERE a = 1 OR b = 198 ORDER BY id') as {
    id: number | bigint;
  }[];
  assert.equal(rows.at(-1)?.id, 9007199254740998n);
  db.close();
});
