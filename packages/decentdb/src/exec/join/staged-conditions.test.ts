/** Conditions of index joins tested in stages: the pairs that one test of all conditions finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { Prng } from '../../base/prng.ts';

const rule = 'optimizer.rule.staged_conditions';

const SCHEMA = `
  CREATE TABLE part (id int PRIMARY KEY, kind int, size int, name text);
  CREATE TABLE line (id int PRIMARY KEY, part int, qty numeric(8,2), mode text, note varchar(30), day date);
  INSERT INTO part SELECT g, g % 9, nullif(g % 31, 7), 'n' || g % 13 FROM generate_series(1, 600) g;
  INSERT INTO line SELECT g, 1 + g * 7919 % 640, nullif(g % 50 * 0.5, 3), CASE WHEN g % 11 > 0 THEN 'm' || g % 7 END, 'note ' || g % 23,
    date '2024-01-01' + g % 300 FROM generate_series(1, 12000) g;
  CREATE INDEX line_part ON line (part);
  ANALYZE`;

const CONDITIONS = [
  "l.mode = 'm3'",
  "l.mode IN ('m1', 'm5', 'm6')",
  'l.qty < 4',
  'l.qty > p.size',
  "(l.qty < 2 AND p.kind = 1 OR l.qty > 20 AND p.size < 9 OR l.note = 'note 5')",
  "l.note <> 'note 7'",
  "l.note LIKE '%1%'",
  "l.day > '2024-07-01'",
  "l.day + p.size > date '2024-06-01'",
  'l.mode IS NULL',
  '100 / nullif(p.kind + length(l.mode), 2) > 20',
];

const SHAPES = [
  'SELECT p.id, l.id, l.qty, l.mode, l.day FROM part p JOIN line l ON l.part = p.id AND COND WHERE p.id < 260',
  'SELECT p.id, l.id, l.note, p.name FROM part p LEFT JOIN line l ON l.part = p.id AND COND WHERE p.id < 260',
  'SELECT p.id FROM part p WHERE p.id < 260 AND EXISTS (SELECT 1 FROM line l WHERE l.part = p.id AND COND)',
  'SELECT p.id FROM part p WHERE p.id < 260 AND NOT EXISTS (SELECT 1 FROM line l WHERE l.part = p.id AND COND)',
  'SELECT count(*), sum(l.qty), max(l.day) FROM part p JOIN line l ON l.part = p.id AND COND WHERE p.kind < 4',
];

function bag(db: Database, sql: string): string[] {
  const { rows } = db.query<(string | null)[]>(sql, [], { rowMode: 'array', format: 'text' });
  return rows.map((row) => JSON.stringify(row)).sort();
}

test('with and without stages', () => {
  const db = openSync(':memory:');
  db.exec(SCHEMA);
  const seed = Number(process.env['SEED'] ?? 1);
  const random = new Prng(seed);
  db.exec('SET optimizer.rule.hash_join = off; SET optimizer.rule.merge_join = off');
  const statements = process.env['DECENTDB_LONG_TESTS'] === '1' ? 200 : 20;
  let joined = 0;
  for (let i = 0; i < statements; i++) {
    const conditions = Array.from(
      { length: 2 + random.below(3) },
      () => CONDITIONS[random.below(CONDITIONS.length)] as string,
    );
    const sql = (SHAPES[i % SHAPES.length] as string).replace('COND', conditions.join(' AND '));
    if (bag(db, `EXPLAIN ${sql}`).some((line) => line.includes('Index') && line.includes('Join'))) joined++;
    const staged = bag(db, sql);
    db.exec(`SET ${rule} = off`);
    assert.deepEqual(staged, bag(db, sql), `${sql} SEED=${seed}`);
    db.exec(`SET ${rule} = on`);
  }
  assert.ok(joined > statements / 4, `${joined} of ${statements} statements look up`);
  // In a transaction that has written, columns are copied at once.
  db.exec('BEGIN; UPDATE line SET qty = qty WHERE id = 1');
  const sql = (SHAPES[0] as string).replace('COND', CONDITIONS.slice(0, 3).join(' AND '));
  const inside = bag(db, sql);
  db.exec('ROLLBACK');
  assert.deepEqual(bag(db, sql), inside);
  db.close();
});
