/** Joins over searched tables give the same rows whether or not they hand their keys to the search. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { TrigramScanOperator } from '../exec/operators/trigram-scan.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { type Database, openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const WORDS = ['moon', 'River', 'lantern', 'Ghost', 'été', 'silver', 'harbour', 'Ω', 'x'];

function fill(db: Database, prng: Prng): void {
  const text = (): string | null =>
    prng.chance(0.03) ? null : Array.from({ length: 1 + prng.below(3) }, () => prng.pick(WORDS)).join(' ');
  db.exec(`CREATE TABLE artist (id int PRIMARY KEY, name text);
    CREATE TABLE album (id int PRIMARY KEY, artist_id bigint, title text, year int);
    CREATE INDEX ON artist USING trigram (name); CREATE INDEX ON album USING trigram (title);
    CREATE INDEX album_words ON album USING fulltext (title) WITH (config = simple)`);
  const artist = db.prepare('INSERT INTO artist VALUES ($1, $2)');
  const album = db.prepare('INSERT INTO album VALUES ($1, $2, $3, $4)');
  db.exec('BEGIN');
  for (let id = 1; id <= 300; id++) artist.run(id, `${text()} ${id}`);
  for (let id = 1; id <= 2500; id++)
    album.run(id, prng.chance(0.02) ? null : 1 + prng.below(320), `${text()} ${id}`, 1950 + prng.below(70));
  db.exec('COMMIT');
  db.checkpoint();
}

function compare(db: Database, prng: Prng): void {
  for (let n = 0; n < 5; n++) {
    const name = `artist.name ILIKE '%${prng.pick(WORDS)}%'`;
    const word = prng.pick(WORDS);
    const title = prng.pick([
      `title ILIKE '%${word}%'`,
      `title LIKE '%${word} ${prng.below(10)}%'`,
      `to_tsvector('simple', title) @@ to_tsquery('simple', '${word}')`,
    ]);
    const more = prng.pick(['', ' AND year > 1990', ' AND artist.id < 20']);
    const join = prng.pick(['JOIN', 'JOIN', 'LEFT JOIN', 'RIGHT JOIN']);
    const sql = `SELECT artist.id, name, album.id, title, year FROM artist ${join} album ON artist_id = artist.id
      WHERE ${name} AND ${title}${more}`;
    const rows = (rule: string, value: string): unknown => {
      db.exec(`SET optimizer.rule.${rule} = ${value}`);
      const all = db
        .prepare(sql)
        .values()
        .map((row) => JSON.stringify(row))
        .sort();
      db.exec(`RESET optimizer.rule.${rule}`);
      return all;
    };
    const wanted = rows('trigram_scan', 'off');
    assert.deepEqual(rows('join_filter', 'on'), wanted, `SEED=${seed} ${sql}`);
    assert.deepEqual(rows('join_filter', 'off'), wanted, `SEED=${seed} ${sql}`);
  }
}

test('keys of a join are asked of candidates first: the rows are the same', () => {
  const prng = new Prng(seed);
  using db = openSync('t.ddb', { vfs: new MemoryVfs() });
  fill(db, prng);
  const { restrict } = TrigramScanOperator.prototype;
  let restricted = 0;
  TrigramScanOperator.prototype.restrict = function (this: TrigramScanOperator, slot, keys) {
    const isTaken = restrict.call(this, slot, keys);
    if (isTaken) restricted++;
    return isTaken;
  };
  try {
    compare(db, prng);
  } finally {
    TrigramScanOperator.prototype.restrict = restrict;
  }
  assert.ok(restricted > 0, 'a join has a search below it');
  db.exec(`BEGIN; UPDATE album SET title = title || ' moon', artist_id = artist_id + 1 WHERE id % 90 = 1;
    DELETE FROM album WHERE id % 41 = 0; SAVEPOINT s; UPDATE album SET title = 'ghost' WHERE id % 7 = 0; ROLLBACK TO s`);
  compare(db, prng);
  db.exec('COMMIT');
  compare(db, prng);
});
