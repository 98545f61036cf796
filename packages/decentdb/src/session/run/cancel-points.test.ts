/**
 * Long statements ask now and then whether they are to stop: how much work lies between two questions is told by counting them, and a
 * statement stopped at any of them leaves nothing behind.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import { random, testSeed } from '../../exec/expr.test.kit.ts';

const ROWS = 12_000;
/** Rows, or rows of frames, that may go by without a question. */
const STEP = 4096;

function opened(workMem: string): Database {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, k int, name text);
    INSERT INTO t SELECT g, g * 7919 % ${ROWS}, md5(g::text) FROM generate_series(1, ${ROWS}) g;
    CREATE TABLE p (id int PRIMARY KEY, k int UNIQUE); INSERT INTO p SELECT g, g FROM generate_series(0, ${ROWS}) g;
    CREATE TABLE c (id int PRIMARY KEY, k int REFERENCES p (k) ON DELETE CASCADE); CREATE INDEX ON c (k); INSERT INTO c SELECT g, g FROM generate_series(0, ${ROWS}) g;
    CREATE TABLE d (id int PRIMARY KEY, k int REFERENCES p (k) DEFERRABLE INITIALLY DEFERRED);
    SET work_mem = '${workMem}'`);
  return db;
}

/** Statements, and how many rows they work through behind their input: that many are to be asked for in steps. */
const CASES: readonly (readonly [sql: string, work: number])[] = [
  ['SELECT max(name) OVER (ORDER BY id ROWS BETWEEN 50 PRECEDING AND 50 FOLLOWING) FROM t', ROWS * 50],
  ['SELECT string_agg(name, $$$$) OVER (ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) FROM t', ROWS * 9],
  ['SELECT sum(k) OVER (ORDER BY k RANGE BETWEEN 100 PRECEDING AND 100 FOLLOWING) FROM t', ROWS],
  ['SELECT lead(name) OVER (ORDER BY k) FROM t', ROWS],
  ['SELECT * FROM t ORDER BY reverse(name), k', ROWS],
  ['SELECT id FROM t ORDER BY (k, name)', ROWS],
  ['MERGE INTO t USING p ON p.id = t.id WHEN MATCHED THEN UPDATE SET k = p.k', ROWS],
  ['UPDATE t SET k = k + 1', ROWS],
  // Rows written one by one take longer: 64 of them go by.
  [
    'INSERT INTO t SELECT id, k, name FROM t ON CONFLICT (id) DO UPDATE SET k = excluded.k + 1',
    (ROWS / 64 - 2) * STEP,
  ],
  ['DELETE FROM p', ROWS],
  ['INSERT INTO d SELECT id, k FROM p', ROWS],
  ['INSERT INTO c SELECT id + 100000, k FROM p', ROWS],
];

class Stop {
  asked = 0;
  at = -1;

  /** From now on the session's statements ask here. */
  constructor(db: Database) {
    db.session.cancelCheck = () => () => {
      if (this.asked++ === this.at)
        throw new DecentDbError('57014', 'canceling statement due to user request');
    };
  }

  of(run: () => void, at = -1): number {
    this.asked = 0;
    this.at = at;
    run();
    return this.asked;
  }
}

const drain = (db: Database, sql: string): void => {
  for (const _ of db.prepare(sql).iterate());
};

test('the work between two questions is bounded', () => {
  using db = opened('256MB');
  const stop = new Stop(db);
  const input = stop.of(() => drain(db, 'SELECT id, k, name FROM t'));
  for (const [sql, work] of CASES) {
    const asked = stop.of(() => db.exec(`BEGIN; ${sql}; ROLLBACK`));
    const least = (sql.startsWith('SELECT') ? input : 0) + work / STEP;
    assert.ok(asked >= least, `${sql}: ${asked} questions, not ${least}`);
  }
});

test('a statement stopped anywhere leaves nothing behind', () => {
  const seed = testSeed();
  const next = random(seed);
  using db = opened('64kB');
  const stop = new Stop(db);
  const sums = ['t', 'p', 'c', 'd'].map((table) => `SELECT count(*), sum(id), sum(k) FROM ${table}`);
  const before = sums.map((sql) => db.prepare(sql).values());
  const few = process.env['DECENTDB_LONG_TESTS'] === undefined ? 3 / CASES.length : 1;
  for (const [sql] of CASES.filter(() => next() < few)) {
    const asked = stop.of(() => db.exec(`BEGIN; ${sql}; ROLLBACK`));
    for (const share of [next(), next(), 1 - 1 / asked])
      assert.throws(
        () => stop.of(() => drain(db, sql), Math.floor(asked * share * 0.9)),
        { code: '57014' },
        `${sql} at ${share}, seed ${seed}`,
      );
    assert.equal(db.session.keptMemory.openFiles, 0);
    stop.at = -1;
    assert.deepEqual(
      sums.map((one) => db.prepare(one).values()),
      before,
      `${sql}, seed ${seed}`,
    );
  }
});
