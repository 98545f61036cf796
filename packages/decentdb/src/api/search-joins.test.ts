/** Searches for what other rows or subqueries say: as pairing all rows answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const WORDS = 'sun moon rain train night house river stone cloud wind'.split(' ');

const QUERIES = [
  `SELECT w.id, d.id FROM wish w, d WHERE d.v @@ to_tsquery('english', w.word)`,
  `SELECT w.id, d.id FROM wish w JOIN d ON d.v @@ w.query AND d.id > w.id * 10`,
  `SELECT w.id, d.id FROM wish w LEFT JOIN d ON d.v @@ w.query`,
  `SELECT w.id, d.id FROM d LEFT JOIN wish w ON d.v @@ w.query WHERE d.id < 90`,
  `SELECT w.id FROM wish w WHERE EXISTS (SELECT FROM d WHERE d.v @@ w.query AND d.id < 60)`,
  `SELECT w.id FROM wish w WHERE NOT EXISTS (SELECT FROM d WHERE d.v @@ w.query)`,
  `SELECT w.id, d.id, ts_rank(d.v, w.query), ts_rank(d.v, to_tsquery('english', 'moon')) FROM wish w JOIN d ON d.v @@ w.query`,
  `SELECT w.id, d.id FROM wish w JOIN d ON d.body ILIKE '%' || w.word || '%'`,
  `SELECT w.id, d.id FROM wish w JOIN d ON d.tags @> ARRAY[w.word]`,
  `SELECT a.id, b.id FROM d a JOIN d b ON b.v @@ plainto_tsquery('english', a.body) WHERE a.id < 40`,
  `SELECT count(*), max(d.id) FROM wish w FULL JOIN d ON d.v @@ w.query AND w.id = d.id`,
  `SELECT d.id FROM d WHERE v @@ (SELECT query FROM wish WHERE id = 2)`,
  `SELECT d.id, ts_rank(v, (SELECT query FROM wish WHERE id = 2)) FROM d WHERE v @@ (SELECT query FROM wish WHERE id = 2)`,
  `SELECT d.id FROM d WHERE v @@ (SELECT query FROM wish WHERE id = 99)`,
  `SELECT d.id FROM d WHERE v @@ (SELECT to_tsquery('english', 'moon & !sun'))`,
  `SELECT d.id FROM d WHERE v @@ (SELECT query FROM wish WHERE wish.id = d.id)`,
  `SELECT w.id, (SELECT count(*) FROM d WHERE v @@ (SELECT x.query FROM wish x WHERE x.id = w.id)) FROM wish w`,
];

test('joins by a search, and searches for what a subquery gives, answer as scans do', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  const db = openSync('t.ddb', { vfs: new MemoryVfs() });
  db.exec(`CREATE TABLE d (id int PRIMARY KEY, body text, tags text[], v tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED);
    CREATE TABLE wish (id int PRIMARY KEY, word text, query tsquery)`);
  for (let id = 1; id <= 300; id++) {
    const words = Array.from({ length: 1 + prng.below(4) }, () => prng.pick(WORDS));
    db.query('INSERT INTO d VALUES ($1, $2, $3)', [id, words.join(' '), words]);
  }
  for (let id = 1; id <= 8; id++) {
    const word = id === 7 ? null : id === 8 ? 'nothing' : prng.pick(WORDS);
    db.query(`INSERT INTO wish VALUES ($1, $2, to_tsquery('english', $2))`, [id, word]);
  }
  db.exec(
    'CREATE INDEX ON d USING gin (v); CREATE INDEX ON d USING gin (tags); CREATE INDEX ON d USING gin (body gin_trgm_ops); ANALYZE',
  );
  db.exec(`UPDATE d SET body = 'moon river' WHERE id % 50 = 0; DELETE FROM d WHERE id % 41 = 0`);
  const answer = (sql: string): string[] =>
    db
      .query(sql, [], { rowMode: 'array' })
      .rows.map((row) => JSON.stringify(row))
      .sort();
  let searched = 0;
  for (const sql of QUERIES) {
    const found = answer(sql);
    if (/(Full Text|Trigram|Gin) Index Scan|Index Cond/.test(db.explain(sql))) searched++;
    db.exec('SET optimizer.rule.search_join = off; SET optimizer.rule.trigram_scan = off');
    assert.deepEqual(found, answer(sql), sql);
    db.exec('SET optimizer.rule.search_join = on; SET optimizer.rule.trigram_scan = on');
  }
  assert.ok(searched >= 12, `${searched} of ${QUERIES.length} searched an index`);
  assert.throws(() => db.query('SELECT id FROM d WHERE v @@ (SELECT query FROM wish)'), { code: '21000' });
  db.close();
});
