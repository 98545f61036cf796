/** The first rows by bm25 from the postings: those of ranking all rows, ties included. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { type Database, openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const WORDS = 'sun moon rain train night house river stone cloud wind zebra quartz'.split(' ');

function text(prng: Prng): string {
  // The first words are in most texts, the last in few.
  const word = (): string => WORDS[Math.min(prng.below(WORDS.length), prng.below(WORDS.length))]!;
  return Array.from({ length: 1 + prng.below(9) }, word).join(' ');
}

function rows(db: Database, sql: string): unknown[] {
  return db.query(sql, [], { rowMode: 'array' }).rows;
}

const VECTOR = `to_tsvector('english', body)`;

test('the first rows by bm25 are those of ranking all of them', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  const db = openSync('t.ddb', { vfs: new MemoryVfs() });
  db.exec('CREATE TABLE d (id int PRIMARY KEY, body text)');
  const add = db.prepare('INSERT INTO d VALUES ($1, $2)');
  db.exec('BEGIN');
  for (let id = 1; id <= 900; id++) add.run(id, text(prng));
  db.exec(`COMMIT; CREATE INDEX dx ON d USING fulltext (${VECTOR})`);
  const queries = [
    'moon',
    'zebra | sun',
    'quartz | zebra | rain',
    'moon & sun',
    'sun & !moon',
    'sun <-> moon',
    'mo:* | zebra',
  ];
  let left = 0;
  for (let round = 0; round < 2; round++) {
    for (const words of queries) {
      const query = `to_tsquery('english', '${words}')`;
      for (const [rank, limit] of [
        [`bm25('dx', ${VECTOR}, ${query})`, 'LIMIT 5'],
        [`bm25('dx', ${VECTOR}, ${query}, 0.0, 0.3)`, 'LIMIT 3 OFFSET 4'],
        // Ranks that are no numbers: Infinity / Infinity.
        [`bm25('dx', ${VECTOR}, ${query}, 'Infinity', 0.75)`, 'LIMIT 5'],
        [`bm25('dx', ${VECTOR}, ${query}, 1e308, 0.75)`, 'LIMIT 5'],
      ]) {
        const sql = `SELECT id, ${rank} AS r FROM d WHERE ${VECTOR} @@ ${query} ORDER BY r DESC, id ${limit}`;
        const found = rows(db, sql);
        const analysed = rows(db, `EXPLAIN ANALYZE ${sql}`).join('\n');
        if (/of the highest rank/.test(analysed)) left++;
        db.exec('SET optimizer.rule.ranked_search = off');
        assert.deepEqual(found, rows(db, sql), sql);
        db.exec('SET optimizer.rule.ranked_search = on');
      }
    }
    // Rows noted since the last merge: changed, gone, new.
    db.exec(
      `UPDATE d SET body = 'zebra zebra moon' WHERE id % 97 = ${round}; DELETE FROM d WHERE id % 13 = ${round}`,
    );
    for (let id = 0; id < 20; id++) add.run(2000 + round * 100 + id, text(prng));
  }
  assert.ok(left > 12, `${left} searches left rows out`);
  db.close();
});

test('rows are left out only where the rank alone decides', () => {
  const db = openSync('t.ddb', { vfs: new MemoryVfs() });
  db.exec('CREATE TABLE d (id int PRIMARY KEY, body text)');
  db.exec(`INSERT INTO d SELECT n, 'moon ' || n || repeat(' moon', n % 7) FROM generate_series(1, 300) n`);
  db.exec(`CREATE INDEX dx ON d USING fulltext (${VECTOR})`);
  const query = `to_tsquery('english', 'moon')`;
  const rank = `bm25('dx', ${VECTOR}, ${query})`;
  const plan = (sql: string): string => rows(db, `EXPLAIN ANALYZE ${sql}`).join('\n');
  const from = `FROM d WHERE ${VECTOR} @@ ${query}`;
  assert.match(plan(`SELECT id ${from} ORDER BY ${rank} DESC LIMIT 3`), /of the highest rank/);
  for (const sql of [
    `SELECT id ${from} ORDER BY ${rank} LIMIT 3`,
    `SELECT id ${from} ORDER BY id, ${rank} DESC LIMIT 3`,
    `SELECT id ${from} AND id < 250 ORDER BY ${rank} DESC LIMIT 3`,
    `SELECT id ${from} ORDER BY ${rank} DESC`,
    `SELECT id ${from} ORDER BY bm25('dx', ${VECTOR}, to_tsquery('english', '42')) DESC LIMIT 3`,
    `SELECT count(*) OVER () ${from} ORDER BY ${rank} DESC LIMIT 3`,
    `SELECT max(id) ${from} GROUP BY ${rank} ORDER BY ${rank} DESC LIMIT 3`,
    `SELECT DISTINCT id % 2, ${rank} ${from} ORDER BY 2 DESC LIMIT 3`,
  ])
    assert.doesNotMatch(plan(sql), /of the highest rank/, sql);
  db.close();
});

test('the first distinct values by distance or rank come of all rows', () => {
  const db = openSync('t.ddb', { vfs: new MemoryVfs() });
  db.exec('CREATE TABLE t (id int PRIMARY KEY, name text)');
  db.exec(
    `INSERT INTO t SELECT n, CASE WHEN n < 500 THEN 'moonlight' ELSE 'moon' || n END FROM generate_series(1, 900) n`,
  );
  db.exec('CREATE INDEX ON t USING trigram (name)');
  assert.equal(rows(db, `SELECT DISTINCT name <-> 'moonlight' AS d FROM t ORDER BY d LIMIT 3`).length, 2);
  db.close();
});
