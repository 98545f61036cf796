/** Rows of a leaf found from the keys that a join looks for, against looking at every row. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../index.ts';
import { random, testSeed } from '../expr.test.kit.ts';
import { CodeSet } from './code-map.ts';
import { keyFilters } from './key-filter.ts';

/** Trees ordered by a key that is dense, has gaps, is negative, wide, repeated, descending, and is rarely or often looked for. */
function filled(next: () => number): Database {
  const db = openSync(':memory:');
  const every = 2 + Math.floor(next() * 90);
  db.exec(`CREATE TABLE dense (k int PRIMARY KEY, v int); INSERT INTO dense SELECT g, g % 7 FROM generate_series(-200, 3000) g;
    CREATE TABLE sparse (k int PRIMARY KEY, v int); INSERT INTO sparse SELECT g * 4 + g % 3, g % 7 FROM generate_series(-500, 3000) g;
    CREATE TABLE wide (k int8 PRIMARY KEY, v int); INSERT INTO wide SELECT 5000000000 + g * 3, g FROM generate_series(1, 2000) g;
    INSERT INTO wide SELECT g * 2, g FROM generate_series(1, 900) g;
    CREATE TABLE pair (k int, n int, v int, PRIMARY KEY (k, n)); INSERT INTO pair SELECT g / 5 * 3, g % 5, g FROM generate_series(0, 5000) g;
    CREATE TABLE plain (k int, v int); INSERT INTO plain SELECT CASE WHEN g % 11 > 0 THEN g / 2 END, g FROM generate_series(1, 3000) g;
    CREATE INDEX plain_k ON plain (k); CREATE INDEX plain_down ON plain (k DESC, v);
    CREATE TABLE spread (k int8); INSERT INTO spread SELECT g FROM generate_series(-600, 12000, ${every}) g; INSERT INTO spread VALUES (NULL), (9), (9);
    CREATE TABLE few (k int8); INSERT INTO few VALUES (1499), (3001), (-2000), (5000000300), (12);
    CREATE TABLE block (k int8); INSERT INTO block SELECT g FROM generate_series(700, 1500) g; ANALYZE;
    DELETE FROM dense WHERE k % 400 = 9; DELETE FROM sparse WHERE k > 6000 AND k < 6500`);
  return db;
}

const TABLES = ['dense', 'sparse', 'pair', 'wide', 'plain'];

function answers(db: Database, tables = TABLES): Map<string, string> {
  const out = new Map<string, string>();
  for (const table of tables)
    for (const keys of ['spread', 'few', 'block'])
      for (const sql of [
        `SELECT t.k, t.v FROM ${table} t JOIN ${keys} s ON s.k = t.k WHERE t.v % 3 <> 1`,
        `SELECT count(*), sum(t.k) FROM ${table} t WHERE t.k IN (SELECT k FROM ${keys})`,
        `SELECT t.k FROM ${table} t JOIN ${keys} s ON s.k = t.k WHERE t.k > 100 ORDER BY t.k DESC`,
        `SELECT count(*), min(t.tableoid::regclass::text) FROM ${table} t JOIN ${keys} s ON s.k = t.k AND s.k = t.v`,
      ])
        out.set(sql, JSON.stringify(db.prepare(sql).values().map(String).sort()));
  return out;
}

function withoutChunks(db: Database): Map<string, string> {
  db.exec('SET optimizer.rule.scan_chunks = off');
  const out = answers(db, TABLES.slice(0, 2));
  db.exec('SET optimizer.rule.scan_chunks = on');
  return out;
}

test('rows found from the keys are the rows whose keys are looked at', () => {
  const seed = testSeed();
  const db = filled(random(seed));
  const found = answers(db);
  const leafByLeaf = withoutChunks(db);
  keyFilters.byLeaves = false;
  try {
    for (const [sql, rows] of answers(db)) assert.equal(rows, found.get(sql), `${sql}, seed ${seed}`);
    assert.deepEqual(withoutChunks(db), leafByLeaf, `seed ${seed} without chunks`);
  } finally {
    keyFilters.byLeaves = true;
  }
  db.exec('SET optimizer.rule.join_filter = off');
  for (const [sql, rows] of answers(db, TABLES.slice(0, 3)))
    assert.equal(rows, found.get(sql), `${sql}, seed ${seed} without keys`);
  db.exec('SET optimizer.rule.join_filter = on');
  db.exec(
    'BEGIN; INSERT INTO sparse VALUES (1499, 2), (-1999, 3); DELETE FROM dense WHERE k = 12; UPDATE pair SET k = 13 WHERE v = 77',
  );
  const inside = answers(db, TABLES.slice(0, 3));
  db.exec('COMMIT');
  for (const [sql, rows] of answers(db, TABLES.slice(0, 3)))
    assert.equal(rows, inside.get(sql), `${sql}, seed ${seed} after the commit`);
  db.close();
});

test('codes of a range, from the first to the last, of both ends and beyond', () => {
  const seed = testSeed();
  const next = random(seed);
  for (let round = 0; round < 40; round++) {
    const start = Math.floor(next() * 200) - 100;
    const codes = Float64Array.from(
      { length: 1 + Math.floor(next() * 60) },
      () => start + Math.floor(next() * 150),
    );
    const set = CodeSet.of(codes, codes.length)!;
    const out = new Int32Array(400);
    for (let i = 0; i < 20; i++) {
      const first = start - 40 + Math.floor(next() * 200);
      const last = first + Math.floor(next() * 120);
      const expected = [...new Set(codes)]
        .filter((code) => code >= first && code <= last)
        .sort((a, b) => a - b);
      const kept = set.among(first, last, out, 400);
      assert.deepEqual(
        [...out.subarray(0, kept)],
        expected.map((code) => code - first),
        `seed ${seed}`,
      );
      if (expected.length > 2) assert.equal(set.among(first, last, out, 2), -1);
    }
  }
});
