/** First rows of searches: those of the scan, however often they are asked for and whatever was read the last time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const ROWS = 2500;
const WORDS = ['blue', 'moon', 'night', 'train', 'rain', 'Löwe', 'a', 'zebra', 'traum'];
const PATTERNS = ['%moon%', '%ain%', '%blue moon%', '%zebra%', '%löwe%', '%nothing%', '%tra%a%'];

test('AC-P1.3: first rows of a pattern asked for again and again are those of the scan', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  const db = openSync('t.ddb', { vfs: new MemoryVfs() });
  db.exec('CREATE TABLE t (id int PRIMARY KEY, name text)');
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2)');
  let id = 0;
  const add = (count: number): void => {
    db.exec('BEGIN');
    for (let i = 0; i < count; i++) {
      // The rarest word comes late, so that what one window tells of the next is wrong.
      const words = id > ROWS / 2 ? WORDS : WORDS.slice(0, 7);
      insert.run(++id, Array.from({ length: 1 + prng.below(4) }, () => prng.pick(words)).join(' '));
    }
    db.exec('COMMIT');
  };
  add(ROWS);
  db.exec('CREATE INDEX ON t USING trigram (name)');
  const ids = (sql: string): number[] =>
    db.query<[number]>(sql, [], { rowMode: 'array' }).rows.map(([n]) => n);
  for (let round = 0; round < 2; round++) {
    for (const pattern of PATTERNS) {
      db.exec('SET optimizer.rule.trigram_scan = off');
      const all = ids(`SELECT id FROM t WHERE name ILIKE '${pattern}' ORDER BY id`);
      db.exec('SET optimizer.rule.trigram_scan = on');
      for (const limit of [1, 20, 20, 500, 20]) {
        const sql = `SELECT id FROM t WHERE name ILIKE '${pattern}' ORDER BY id LIMIT ${limit}`;
        assert.deepEqual(ids(sql), all.slice(0, limit), sql);
        const behind = `SELECT id FROM t WHERE name ILIKE '${pattern}' ORDER BY id LIMIT ${limit} OFFSET 7`;
        assert.deepEqual(ids(behind), all.slice(7, 7 + limit), behind);
      }
    }
    add(50);
    db.exec(`DELETE FROM t WHERE id % ${7 + round} = 3`);
  }
  db.close();
});
