/** Loads behind the rows of tables that have changed before: what whole leaves are written beside. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Database, openSync } from '../database.ts';

const rowsOf = (from: number, count: number): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, i) => ({ id: from + i, name: i % 9 === 0 ? null : `name ${from + i}` }));

/** Count, and sums that every row has a part in. */
function totals(db: Database, table: string): unknown {
  return db.query(
    `SELECT count(*)::int AS n, sum(id)::float8 AS ids, sum(length(name))::int AS names, count(name)::int AS named,
            sum(twice)::float8 AS twice, count(*) FILTER (WHERE late = 'was there')::int AS late, min(extra)::int AS extra
     FROM ${table}`,
  ).rows[0];
}

test('columns added before, savepoints gone back to, files opened again: loads beside single inserts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-appended-'));
  const path = join(folder, 'a.ddb');
  let db = openSync(path);
  const load = (rows: Record<string, unknown>[]): void => {
    db.bulkLoadSync('quick', rows);
    const insert = db.prepare('INSERT INTO slow (id, name) VALUES ($1, $2)');
    for (const { id, name } of rows) insert.run(id, name);
  };
  for (const table of ['quick', 'slow'])
    db.exec(
      `CREATE TABLE ${table} (id int PRIMARY KEY, name text, twice bigint GENERATED ALWAYS AS (id * 2) VIRTUAL)`,
    );
  db.transaction(() => load(rowsOf(1, 3000)))();
  for (const table of ['quick', 'slow'])
    db.exec(`ALTER TABLE ${table} ADD COLUMN late text DEFAULT 'was there', ADD COLUMN extra int`);
  db.transaction(() => load(rowsOf(4000, 3000)))();
  db.exec('BEGIN; SAVEPOINT s');
  load(rowsOf(10_000, 5000));
  db.exec('ROLLBACK TO s');
  load(rowsOf(8000, 2500));
  db.exec(
    "UPDATE quick SET name = 'changed', extra = 1 WHERE id % 500 = 0; DELETE FROM quick WHERE id % 700 < 9",
  );
  db.exec(
    "UPDATE slow SET name = 'changed', extra = 1 WHERE id % 500 = 0; DELETE FROM slow WHERE id % 700 < 9",
  );
  load(rowsOf(20_000, 2100));
  db.exec('COMMIT');
  assert.deepEqual(totals(db, 'quick'), totals(db, 'slow'));
  db.close();
  db = openSync(path);
  db.transaction(() => load(rowsOf(30_000, 2500)))();
  assert.deepEqual(totals(db, 'quick'), totals(db, 'slow'));
  assert.equal(db.query('SELECT id FROM quick EXCEPT SELECT id FROM slow').rows.length, 0);
  assert.throws(() => db.bulkLoadSync('quick', [...rowsOf(40_000, 3000), { id: 40_500, name: 'again' }]), {
    code: '23505',
  });
  assert.deepEqual(totals(db, 'quick'), totals(db, 'slow'));
  assert.deepEqual(db.check().findings, []);
  db.close();
  rmSync(folder, { recursive: true });
});
