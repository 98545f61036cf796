/** Similarity through trigram indexes: answers are those of the scan, for every pattern and threshold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { type Database, openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const rule = 'optimizer.rule.trigram_scan';

function ids(db: Database, sql: string, params: unknown[] = []): number[] {
  return db.query<[number]>(sql, params, { rowMode: 'array' }).rows.map(([id]) => id);
}

const words = [
  'moon',
  'Moonlight',
  'blue',
  'x',
  'ab',
  'été',
  'harvest',
  'K2',
  'over-the',
  "don't",
  '日本',
  'Straße',
  '-',
  'ſt',
];

function title(prng: Prng): string {
  const text = Array.from({ length: prng.below(5) }, () => prng.pick(words)).join(
    prng.pick([' ', ' ', '-', ', ', '  ']),
  );
  return prng.chance(0.3) && text.length > 2 ? text.slice(1, -1) : text;
}

test('similarity: operators and functions find through the index what the scan finds', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, a text); CREATE INDEX t_a ON t USING gin (a gin_trgm_ops)');
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2)');
  for (let id = 1; id <= 600; id++) insert.run(id, prng.chance(0.05) ? null : title(prng));
  db.checkpoint();
  for (let id = 601; id <= 640; id++) insert.run(id, title(prng));
  let used = 0;
  for (let n = 0; n < 250; n++) {
    const least = prng.pick([0, 0.1, 0.3, 0.45, 0.6, 0.8, 1]);
    for (const name of ['similarity', 'word_similarity', 'strict_word_similarity'])
      db.exec(`SET pg_trgm.${name}_threshold = ${prng.pick([0.1, 0.3, 0.6, 0.9])}`);
    const where = prng.pick([
      'a % $1',
      '$1 % a',
      '$1 <% a',
      'a %> $1',
      '$1 <<% a',
      'a %>> $1',
      `similarity(a, $1) > ${least}`,
      `similarity($1, a) >= ${least}`,
      `${least} <= word_similarity($1, a)`,
      `strict_word_similarity($1, a) >= ${least}`,
      `(a % $1 OR a ILIKE '%' || $1 || '%') AND id > 20`,
    ]);
    const sql = `SELECT id FROM t WHERE ${where} ORDER BY id`;
    const params = [title(prng)];
    const found = ids(db, sql, params);
    if (
      /Search: \d+ candidates/.test(
        db.query(`EXPLAIN (ANALYZE) ${sql}`, params, { rowMode: 'array' }).rows.join('\n'),
      )
    )
      used++;
    db.exec(`SET ${rule} = off`);
    assert.deepEqual(found, ids(db, sql, params), `SEED=${seed} ${sql} ${JSON.stringify(params)}`);
    db.exec(`SET ${rule} = on`);
  }
  assert.ok(used > 40, `the index was used ${used} times`);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('similarity: the plan shows the index, and the nearest come first', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, a text); CREATE INDEX t_a ON t USING trigram (a);
    INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 2000) i;
    INSERT INTO t VALUES (3001, 'Blue Moon'), (3002, 'Blue Moons'), (3003, 'Moon, blue'), (3004, 'Harvest Moon')`);
  assert.match(db.explain(`SELECT id FROM t WHERE a % 'blue moon'`), /Trigram Index Scan using t_a/);
  assert.match(
    db.explain(`SELECT id FROM t WHERE similarity(a, 'blue moon') > 0.5`),
    /Trigram Index Scan using t_a/,
  );
  assert.deepEqual(
    ids(db, `SELECT id FROM t WHERE a % 'blue moon' ORDER BY a <-> 'blue moon', id`),
    [3001, 3003, 3002],
  );
  db.close();
});
