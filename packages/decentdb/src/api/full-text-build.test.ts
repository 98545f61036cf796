/** A full text index built over a table's texts has what an index kept from the first row on has: `check` compares both with the texts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const WORDS = [
  'the',
  'Running',
  'runs',
  'run',
  'x1',
  'été',
  'ΩMEGA',
  '日本',
  'a-b-c',
  'moon',
  'Moon',
  '3.14',
  '-7',
  'cats',
];
const ODD = [
  'foo@bar.org',
  'http://a.org/b?c',
  '<b>',
  '&amp;',
  '/usr/bin',
  'MOON’S',
  "it's",
  'a_b',
  'moon1',
  'moon\u0301',
  '😀',
];
const BLANKS = [' ', ' ', ' ', '  ', ', ', '\n', '.', '-', ''];

function textOf(prng: Prng): string | null {
  if (prng.chance(0.05)) return null;
  let text = '';
  for (let n = prng.below(prng.chance(0.02) ? 900 : 30); n > 0; n--)
    text += `${prng.pick(prng.chance(0.2) ? ODD : WORDS)}${prng.pick(BLANKS)}`;
  return prng.chance(0.01) ? `${text} ${'verylong'.repeat(300)}` : text;
}

test('an index built at once is the one kept row by row, and both are what the texts say', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  using db = openSync('t.ddb', { vfs: new MemoryVfs() });
  db.exec(`CREATE TABLE doc (id int PRIMARY KEY, body text, cfg regconfig);
    CREATE INDEX kept ON doc USING fulltext (body) WITH (config = english);
    CREATE INDEX kept_simple ON doc USING gin (to_tsvector('simple', body))`);
  const insert = db.prepare('INSERT INTO doc VALUES ($1, $2, $3::regconfig)');
  db.exec('BEGIN');
  for (let id = 1; id <= 200; id++) insert.run(id, textOf(prng), prng.pick(['english', 'simple']));
  db.exec('COMMIT');
  db.exec(`CREATE INDEX built ON doc USING fulltext (body) WITH (config = english);
    CREATE INDEX built_simple ON doc USING gin (to_tsvector('simple', body));
    CREATE INDEX built_by_row ON doc USING gin (to_tsvector(cfg, body)) WHERE id % 3 > 0;
    CREATE INDEX built_bare ON doc USING gin (strip(to_tsvector('english', body)))`);
  db.checkpoint();
  assert.deepEqual(db.check().findings, [], `SEED=${seed}`);
  db.exec(
    `UPDATE doc SET body = body || ' moon' WHERE id % 5 = 0; DELETE FROM doc WHERE id % 7 = 0; CHECKPOINT`,
  );
  assert.deepEqual(db.check().findings, [], `SEED=${seed}`);
  db.exec('REINDEX TABLE doc');
  assert.deepEqual(db.check().findings, [], `SEED=${seed}`);
});

test('what the smallest pages have no room for is refused when an index is built, as it is later', () => {
  using db = openSync(':memory:', { pageSize: 512 });
  db.exec(`CREATE TABLE doc (id int PRIMARY KEY, body text); INSERT INTO doc VALUES (1, repeat('ж', 60))`);
  const create = 'CREATE INDEX words ON doc USING fulltext (body) WITH (config = simple)';
  assert.throws(() => db.exec(create), { code: '54000' });
  db.exec(
    `UPDATE doc SET body = repeat('ж', 40); ${create}; INSERT INTO doc VALUES (2, repeat('я', 40)); CHECKPOINT`,
  );
  assert.deepEqual(db.check().findings, []);
});
