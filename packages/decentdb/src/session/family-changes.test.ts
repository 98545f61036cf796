/**
 * Partitioned tables and a plain one under the same random statements: they hold the same rows, whatever partition each is in, after
 * savepoints, moved rows and reopening, and with partition_pruning off.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSync } from '../api/database.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const STATEMENTS = 60;
const PARTED = ['parted', 'hashed'];

const SCHEMA = `
  CREATE TABLE plain (id int, k int, v text);
  CREATE TABLE parted (id int, k int, v text) PARTITION BY RANGE (k);
  CREATE TABLE part0 (gone int, v text, k int, id int);
  ALTER TABLE part0 DROP COLUMN gone;
  ALTER TABLE parted ATTACH PARTITION part0 FOR VALUES FROM (MINVALUE) TO (3);
  CREATE TABLE part1 PARTITION OF parted FOR VALUES FROM (3) TO (6) PARTITION BY LIST (v);
  CREATE TABLE part1a PARTITION OF part1 FOR VALUES IN ('a', NULL);
  CREATE TABLE part1b PARTITION OF part1 DEFAULT;
  CREATE TABLE rest PARTITION OF parted DEFAULT;
  CREATE TABLE hashed (id int, k int, v text) PARTITION BY HASH (k, v);
  CREATE TABLE hash0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE hash1 (v text, k int, id int);
  ALTER TABLE hashed ATTACH PARTITION hash1 FOR VALUES WITH (MODULUS 4, REMAINDER 1);
  CREATE TABLE hash2 PARTITION OF hashed FOR VALUES WITH (MODULUS 4, REMAINDER 3) PARTITION BY HASH (id);
  CREATE TABLE hash2a PARTITION OF hash2 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
  CREATE INDEX ON hashed (id);
  CREATE INDEX ON parted (v);
  CREATE INDEX ON parted (k, id);
`;

function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

test(`partitioned tables change as a plain one does (SEED=${SEED})`, () => {
  const random = makeRandom(SEED);
  const directory = mkdtempSync(join(tmpdir(), 'family-'));
  const path = join(directory, 'db');
  let db = openSync(path);
  try {
    db.exec(SCHEMA);
    for (let i = 0; i < STATEMENTS; i++) {
      const sql = statement(random);
      for (const table of ['plain', ...PARTED]) db.exec(sql.replaceAll('TABLE', table));
      if (random(20) === 0) {
        db.close();
        db = openSync(path);
      }
      if (i % 5 > 0) continue;
      const where = condition(random);
      const read = (table: string): unknown =>
        db.query(`SELECT id, k, v FROM ${table} WHERE ${where} ORDER BY id, k, v`, [], { rowMode: 'array' })
          .rows;
      const plain = read('plain');
      for (const table of PARTED) assert.deepEqual(read(table), plain, `${sql}: ${table} where ${where}`);
      db.exec('SET optimizer.rule.partition_pruning = off');
      for (const table of PARTED) assert.deepEqual(read(table), plain, `${sql}: ${table} where ${where}`);
      db.exec('SET optimizer.rule.partition_pruning = on');
    }
    assert.deepEqual(db.check().findings, []);
  } finally {
    db.close();
    rmSync(directory, { recursive: true });
  }
});

function condition(random: (below: number) => number): string {
  const k = random(9);
  const all = [
    'true',
    `k = ${k}`,
    `k < ${k}`,
    `k >= ${k} AND v = 'a'`,
    'k IS NULL',
    'v IS NULL',
    `k = ${k} AND v = 'b'`,
    `k IN (${k}, 2, NULL) AND (v = 'a' OR v IS NULL)`,
    `k IN (${k}, 1)`,
  ];
  return all[random(all.length)] as string;
}

function value(random: (below: number) => number): string {
  const k = random(8) === 0 ? 'NULL' : String(random(9));
  const v = random(6) === 0 ? 'NULL' : `'${'abc'.charAt(random(3))}'`;
  return `(${random(50)}, ${k}, ${v})`;
}

function statement(random: (below: number) => number): string {
  const where = condition(random);
  switch (random(8)) {
    case 0:
      return `UPDATE TABLE SET k = k + 2 WHERE ${where}`;
    case 1:
      return `UPDATE TABLE SET k = ${random(9)}, v = 'a' WHERE ${where} AND id < 25`;
    case 2:
      return `UPDATE TABLE SET v = 'b' WHERE ${where}`;
    case 3:
      return `DELETE FROM TABLE WHERE ${where} AND id % 3 = ${random(3)}`;
    case 4:
      return `BEGIN; DELETE FROM TABLE WHERE ${where}; SAVEPOINT s; UPDATE TABLE SET k = 4; ROLLBACK TO s; COMMIT`;
    case 5:
      return `INSERT INTO TABLE SELECT id + 1, k, v FROM TABLE WHERE ${where} ORDER BY id, k, v LIMIT 5`;
    default:
      return `INSERT INTO TABLE VALUES ${value(random)}, ${value(random)}, ${value(random)}`;
  }
}

const KEYED = `
  CREATE TABLE plain (id int, k int, v text, PRIMARY KEY (id, k));
  CREATE TABLE ranged (id int, k int, v text, PRIMARY KEY (id, k)) PARTITION BY RANGE (k);
  CREATE TABLE range0 (v text, gone int, k int NOT NULL, id int NOT NULL);
  ALTER TABLE range0 DROP COLUMN gone;
  ALTER TABLE ranged ATTACH PARTITION range0 FOR VALUES FROM (MINVALUE) TO (4);
  CREATE TABLE range1 PARTITION OF ranged FOR VALUES FROM (4) TO (MAXVALUE) PARTITION BY HASH (id);
  CREATE TABLE range1a PARTITION OF range1 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE range1b PARTITION OF range1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
`;

test(`ON CONFLICT of a partitioned table does what it does of a plain one (SEED=${SEED})`, () => {
  const random = makeRandom(SEED);
  const db = openSync(':memory:');
  db.exec(KEYED);
  const ACTIONS = [
    'DO NOTHING',
    '(id, k) DO NOTHING',
    `(id, k) DO UPDATE SET v = EXCLUDED.v || TABLE.v || EXCLUDED.k`,
    `(id, k) DO UPDATE SET v = left(TABLE.v, 3) WHERE length(TABLE.v) > 4`,
    `(k, id) DO UPDATE SET (v) = ROW((SELECT min(v) FROM TABLE))`,
  ];
  for (let i = 0; i < 40; i++) {
    const rows = Array.from({ length: 1 + random(6) }, () => `(${random(6)}, ${random(8)}, 'v${random(9)}')`);
    const keys = [...new Map(rows.map((row) => [row.slice(0, row.lastIndexOf(',')), row])).values()];
    const sql = `INSERT INTO TABLE VALUES ${keys.join(', ')} ON CONFLICT ${ACTIONS[random(ACTIONS.length)]} RETURNING *, old.v, new.k`;
    const run = (table: string): unknown => db.query(sql.replaceAll('TABLE', table)).rows;
    assert.deepEqual(run('ranged'), run('plain'), sql);
    if (random(4) === 0)
      for (const table of ['plain', 'ranged']) db.exec(`DELETE FROM ${table} WHERE id = ${i % 6}`);
  }
  const all = (table: string): unknown => db.query(`SELECT * FROM ${table} ORDER BY id, k`).rows;
  assert.deepEqual(all('ranged'), all('plain'));
  assert.deepEqual(db.check().findings, []);
});
