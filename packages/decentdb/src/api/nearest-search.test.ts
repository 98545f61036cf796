/** ORDER BY text <-> pattern LIMIT k from a trigram index: the rows of a sort of the whole table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { type Database, openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? 20260404);
const rule = 'optimizer.rule.nearest_scan';
const words = [
  'moon',
  'Moonlight',
  'river',
  'rivers',
  'blue',
  'ab',
  'x',
  'été',
  'Straße',
  'lantern',
  '42',
  'a-b',
];

function text(random: Prng): string | null {
  if (random.chance(0.05)) return null;
  return Array.from({ length: random.below(4) }, () => words[random.below(words.length)] as string).join(' ');
}

function compare(db: Database, sql: string, params: readonly unknown[] = []): readonly unknown[] {
  const { rows } = db.query(sql, params);
  db.exec(`SET ${rule} = off`);
  const sorted = db.query(sql, params).rows;
  db.exec(`SET ${rule} = on`);
  assert.deepEqual(rows, sorted, `${sql} ${JSON.stringify(params)}`);
  return rows;
}

test('few texts are measured, and EXPLAIN says so', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, name text); CREATE INDEX t_name ON t USING gist (name gist_trgm_ops);
    INSERT INTO t SELECT i, md5(i::text) || ' ' || md5((i * 7)::text) FROM generate_series(1, 20000) i;
    INSERT INTO t VALUES (0, 'Blue Moonlight'), (-1, 'blue moon'); CHECKPOINT`);
  const sql = `SELECT id, name <-> 'blue moonlight' AS d FROM t ORDER BY d, id LIMIT 2`;
  const plan = db
    .query<[string]>(`EXPLAIN ANALYZE ${sql}`, [], { rowMode: 'array' })
    .rows.map(([line]) => line)
    .join('\n');
  assert.match(plan, /Trigram Index Scan using t_name on t/);
  assert.match(plan, /Order By: \(name <-> 'blue moonlight'::text\)/);
  assert.match(plan, /Search: \d{1,3} measured/);
  assert.deepEqual(
    compare(db, sql).map((row) => (row as { id: number }).id),
    [0, -1],
  );
  db.close();
});

test('where most texts are beyond ASCII the table is scanned, not measured row by row', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, name text); CREATE INDEX t_name ON t USING trigram (name);
    INSERT INTO t SELECT i, 'луна ' || md5(i::text) FROM generate_series(1, 6000) i; CHECKPOINT`);
  const sql = `SELECT id FROM t ORDER BY name <-> 'abcdef', id LIMIT 3`;
  compare(db, sql);
  const lines = db.query<[string]>(`EXPLAIN ANALYZE ${sql}`, [], { rowMode: 'array' }).rows;
  assert.match(lines.join(' '), /table scanned/);
  db.close();
});

test('random texts, patterns and limits, while rows change', () => {
  const random = new Prng(seed);
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, name text, n int); CREATE INDEX t_name ON t USING trigram (name);
    INSERT INTO t SELECT i, md5(i::text), i % 7 FROM generate_series(1000, 1500) i`);
  try {
    for (let round = 0; round < 24; round++) {
      if (round % 9 === 4) db.exec('BEGIN');
      for (let i = random.below(20); i > 0; i--) {
        const id = random.below(300);
        db.query('DELETE FROM t WHERE id = $1', [id]);
        if (random.chance(0.8))
          db.query('INSERT INTO t VALUES ($1, $2, $3)', [id, text(random), random.below(7)]);
      }
      const pattern = text(random);
      const limit = [0, 1, 3, 10, 200, 5000][random.below(6)];
      const offset = random.chance(0.3) ? random.below(5) : 0;
      compare(db, 'SELECT id, name, name <-> $1 AS d FROM t ORDER BY name <-> $1, id LIMIT $2 OFFSET $3', [
        pattern,
        limit,
        offset,
      ]);
      compare(db, `SELECT id, $1 <-> name AS d FROM t WHERE n < 3 ORDER BY d, n, id LIMIT 4`, [pattern]);
      compare(db, `SELECT id FROM t WHERE n = 9 ORDER BY name <-> $1, id LIMIT 4`, [pattern]);
      compare(db, `SELECT id FROM t ORDER BY name <-> $1 DESC, id LIMIT 4`, [pattern]);
      compare(db, `SELECT id FROM t ORDER BY name <-> $1 NULLS FIRST, id LIMIT 4`, [pattern]);
      compare(
        db,
        `SELECT x.id, y.id AS other FROM t x JOIN t y ON y.id = x.id + 1 ORDER BY x.name <-> $1, 1, 2 LIMIT 5`,
        [pattern],
      );
      if (round % 9 === 6) db.exec(random.chance(0.5) ? 'ROLLBACK' : 'COMMIT');
      if (round % 8 === 7 && round % 9 < 4) db.exec('CHECKPOINT');
    }
  } catch (error) {
    throw new Error(`SEED=${seed}: ${(error as Error).message}`, { cause: error });
  }
  db.close();
});
