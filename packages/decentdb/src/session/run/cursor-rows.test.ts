/** Cursors of more rows than work_mem: every FETCH gives what it gives with memory for all, and the files go when the cursor does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { random, testSeed } from '../../exec/expr.test.kit.ts';

const ROWS = 6000;
const FETCHES = 120;

function opened(workMem: string): Database {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, k int, name text);
    INSERT INTO t SELECT g, CASE WHEN g % 5 > 0 THEN g * 31 % 997 END, md5(g::text) FROM generate_series(1, ${ROWS}) g;
    SET work_mem = '${workMem}'`);
  return db;
}

const filesOf = (db: Database): number => db.session.keptMemory.openFiles;

function fetchOf(next: () => number): string {
  const n = Math.floor(next() * 3000) - 1000;
  const ways = [
    'NEXT',
    'PRIOR',
    'FIRST',
    'LAST',
    'ALL',
    'BACKWARD ALL',
    `ABSOLUTE ${n * 3}`,
    `RELATIVE ${n}`,
    `${n}`,
    `BACKWARD ${n}`,
  ];
  // ALL of them is a few too many rows for each time.
  const way = ways[Math.floor(next() * ways.length)] as string;
  return `${next() < 0.3 ? 'MOVE' : 'FETCH'} ${/ALL/.test(way) && next() < 0.7 ? 'FORWARD 0' : way} FROM c`;
}

test('fetches at random from a cursor in a file', () => {
  const seed = testSeed();
  using large = opened('256MB');
  using small = opened('64kB');
  const next = random(seed);
  for (const db of [large, small])
    db.exec('BEGIN; DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT * FROM t ORDER BY name; COMMIT');
  assert.equal(filesOf(large), 0);
  assert.equal(filesOf(small), 1);
  for (let i = 0; i < FETCHES; i++) {
    const sql = fetchOf(next);
    const [want, got] = [large, small].map((db) => {
      const { rows, rowCount } = db.query(sql);
      return { rows, rowCount };
    });
    assert.deepEqual(got, want, `${sql}, seed ${seed}`);
  }
  small.exec('CLOSE c');
  assert.equal(filesOf(small), 0);
});

test('all cursors together stay within the budget', () => {
  using db = opened('1MB');
  db.exec('BEGIN');
  for (let i = 0; i < 6; i++)
    db.exec(`DECLARE c${i} CURSOR FOR SELECT id, name || name AS name, ${i} AS i FROM t`);
  let held = 0;
  for (const [, { rows }] of db.session.portals) held += rows.heldBytes;
  assert.ok(held < 1_800_000, `${held}`);
  assert.ok(filesOf(db) >= 4);
  for (let i = 0; i < 6; i++) {
    const rows = db.query(`FETCH ALL FROM c${i}`).rows as { id: number; i: number }[];
    assert.equal(rows.length, ROWS);
    assert.ok(rows.every((row) => row.i === i));
  }
  db.exec('ROLLBACK');
  assert.equal(filesOf(db), 0);
});

test('files of cursors go however the cursor ends', () => {
  const db = opened('64kB');
  const declare = 'DECLARE c CURSOR WITH HOLD FOR SELECT * FROM t';
  const ends: readonly (readonly [string, string])[] = [
    ['BEGIN; DECLARE c CURSOR FOR SELECT * FROM t', 'COMMIT'],
    [`BEGIN; ${declare}`, 'ROLLBACK'],
    [`BEGIN; SAVEPOINT s; ${declare}`, 'ROLLBACK TO s; COMMIT'],
    [declare, 'CLOSE ALL'],
    [declare, 'DISCARD ALL'],
  ];
  for (const [begin, end] of ends) {
    db.exec(begin);
    assert.equal(filesOf(db), 1, begin);
    db.exec(end);
    assert.equal(filesOf(db), 0, end);
    db.exec("SET work_mem = '64kB'");
  }
  assert.throws(() => db.exec('DECLARE c CURSOR WITH HOLD FOR SELECT 1 / (id - 5990), name FROM t'), {
    code: '22012',
  });
  assert.throws(() => db.exec('BEGIN; DECLARE c CURSOR FOR UPDATE t SET k = 1 RETURNING 1'));
  db.exec('ROLLBACK');
  assert.equal(filesOf(db), 0);
  db.exec(declare);
  const { session } = db;
  db.close();
  assert.equal(session.keptMemory.openFiles, 0);
});

test('an iterator in a transaction that writes keeps its rows in a file', () => {
  using db = opened('64kB');
  db.exec('BEGIN; UPDATE t SET k = 1 WHERE id = 7');
  const ids: number[] = [];
  for (const row of db.prepare('SELECT * FROM t ORDER BY id').iterate()) {
    if (ids.length === 0) db.exec('DELETE FROM t');
    ids.push((row as { id: number }).id);
  }
  assert.deepEqual(
    ids,
    Array.from({ length: ROWS }, (_, i) => i + 1),
  );
  assert.equal(filesOf(db), 0);
  db.exec('ROLLBACK; BEGIN; UPDATE t SET k = 1 WHERE id = 7');
  for (const _ of db.prepare('SELECT * FROM t').iterate()) {
    assert.equal(filesOf(db), 1);
    break;
  }
  assert.equal(filesOf(db), 0);
});
