/** Projections among joins go, whatever is above them: what they compute reaches the tables it is asked of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';

test('a value computed in FROM is looked up in an index, also under ORDER BY and LIMIT and in changes', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE d (id int PRIMARY KEY, body text, n int, v tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED);
    INSERT INTO d SELECT i, 'word' || i || ' moon' || (i % 50), i % 7 FROM generate_series(1, 2000) i;
    CREATE INDEX d_v ON d USING gin (v)`);
  const from = `d, to_tsquery('english', $1) q WHERE v @@ q`;
  const queries = [
    `SELECT id, ts_rank(v, q) r FROM ${from} ORDER BY r DESC, id LIMIT 5`,
    `SELECT id FROM ${from} ORDER BY id LIMIT 5`,
    `SELECT id FROM ${from} LIMIT 50`,
    `SELECT q, id FROM ${from} ORDER BY ts_rank_cd(v, q), id`,
    `SELECT id FROM (SELECT * FROM ${from}) s ORDER BY id OFFSET 2`,
    `SELECT n, count(*) FROM ${from} GROUP BY n ORDER BY n LIMIT 3`,
    `UPDATE d SET n = n FROM to_tsquery('english', $1) q WHERE v @@ q RETURNING id`,
    `DELETE FROM d USING to_tsquery('english', $1) q WHERE v @@ q RETURNING id`,
  ];
  for (const sql of queries) {
    const rows = (): string[] => {
      db.exec('BEGIN');
      const found = db.query(sql, ['moon7']).rows.map((row) => JSON.stringify(row));
      db.exec('ROLLBACK');
      return found;
    };
    assert.match(db.explain(sql, ['moon7']), /Full Text Index Scan using d_v/, sql);
    const found = rows();
    db.exec('SET optimizer.rule.project_pullup = off');
    assert.deepEqual(found.sort(), rows().sort(), sql);
    db.exec('SET optimizer.rule.project_pullup = on');
  }
  db.close();
});
