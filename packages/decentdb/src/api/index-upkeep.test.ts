/** Indexes kept up by thousands of single-row statements in a transaction, read, rolled back and committed in between. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../index.ts';

function randomOf(seed: number): (limit: number) => number {
  let state = seed | 0;
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    return Math.floor(((state >>> 8) / 2 ** 24) * limit);
  };
}

test('an index agrees with its table through writes, savepoints and errors', () => {
  const seed = Number(process.env['SEED'] ?? 1);
  const below = randomOf(seed);
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id integer PRIMARY KEY, a integer, b bigint, u integer UNIQUE CHECK (u >= 0));
    CREATE INDEX t_a ON t (a); CREATE INDEX t_ba ON t (b, a); CREATE INDEX t_some ON t (a) WHERE b > 50;
    INSERT INTO t SELECT i, i % 100, i % 77, i FROM generate_series(1, 2000) i`);
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3, $4)');
  const update = db.prepare('UPDATE t SET a = $2 WHERE id = $1');
  const remove = db.prepare('DELETE FROM t WHERE id = $1');
  const byIndex = db.prepare('SELECT id FROM t WHERE a = $1 ORDER BY id');
  const byScan = db.prepare('SELECT id FROM t WHERE a + 0 = $1 ORDER BY id');
  const partial = db.prepare('SELECT count(*) AS n FROM t WHERE a = $1 AND b > 50');
  const partialScan = db.prepare('SELECT count(*) AS n FROM t WHERE a + 0 = $1 AND b + 0 > 50');
  let next = 10_000;
  const phase = (what: number): void => {
    for (let i = below(400); i > 0; i--) {
      if (what === 0) insert.run(++next, below(120), below(99) - (i % 9 === 0 ? 1000 : 0), next);
      else if (what === 1) remove.run(1 + below(i % 3 === 0 ? 2000 : next));
      else update.run(10_000 + below(next - 9999), i % 20 === 0 ? null : below(120));
      if (i % 97 === 0) assert.throws(() => insert.run(++next, 5, 5, -1), /violates check/);
      if (i % 131 === 0) insert.run(++next, null, null, null);
    }
  };
  const check = (): void => {
    const key = below(120);
    assert.deepEqual(byIndex.all(key), byScan.all(key), `key ${key}, SEED=${seed}`);
    assert.deepEqual(partial.all(key), partialScan.all(key), `partial, key ${key}, SEED=${seed}`);
  };
  for (let round = 0; round < 8; round++) {
    db.exec('BEGIN');
    for (let step = 0; step < 6; step++) {
      db.exec('SAVEPOINT s');
      phase(below(3));
      phase(below(3));
      if (below(3) === 0) check();
      if (below(3) === 0) db.exec('ROLLBACK TO s');
      if (below(4) === 0) phase(below(3));
      if (below(2) === 0) db.exec('RELEASE s');
      check();
    }
    db.exec(below(4) === 0 ? 'ROLLBACK' : 'COMMIT');
    check();
    assert.deepEqual(db.check().findings, [], `SEED=${seed}`);
  }
  db.close();
});

test('an index built over integers is the one rows would have made', () => {
  const below = randomOf(Number(process.env['SEED'] ?? 5));
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (id integer PRIMARY KEY, a integer, b bigint, d date, n integer, v integer)');
  const insert = db.prepare("INSERT INTO t VALUES ($1, $2, $3, date '2000-01-01' + $4::int, $5, $6)");
  db.exec('BEGIN');
  for (let i = 1; i <= 9000; i++)
    insert.run(
      i * 3,
      below(2 ** 31) - 2 ** 30,
      below(500) * 2 ** 40,
      below(4000),
      i % 50 === 0 ? null : below(9),
      i,
    );
  db.exec('COMMIT');
  db.exec(`CREATE INDEX i_a ON t (a); CREATE INDEX i_ba ON t (b, a); CREATE INDEX i_d ON t (d); CREATE INDEX i_n ON t (n);
    CREATE UNIQUE INDEX i_v ON t (v); CREATE INDEX i_desc ON t (v DESC); CREATE INDEX i_id ON t (n, id)`);
  assert.deepEqual(db.check().findings, []);
  for (const [column, key] of [
    ['a', db.query('SELECT a FROM t WHERE id = 300').rows[0]?.['a']],
    ['b', 7 * 2 ** 40],
    ['n', 4],
    ['v', 77],
  ] as const) {
    const rows = db.query(`SELECT id FROM t WHERE ${column} = $1 ORDER BY id`, [key]).rows;
    assert.deepEqual(
      rows,
      db.query(`SELECT id FROM t WHERE ${column} + 0 = $1 ORDER BY id`, [key]).rows,
      column,
    );
  }
  assert.throws(() => db.exec('CREATE UNIQUE INDEX i_bad ON t (d)'), /could not create unique index "i_bad"/);
  db.exec('INSERT INTO t (id, b) VALUES (1, 9007199254740993); CREATE INDEX i_b ON t (b)');
  assert.deepEqual(db.query('SELECT id FROM t WHERE b = 9007199254740993').rows, [{ id: 1 }]);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('texts that begin in another way than those before come before them all', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (id integer, a text PRIMARY KEY)');
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2)');
  const names = ['zz', 'k', 'abc'].flatMap((start) =>
    Array.from({ length: 3000 }, (_, i) => `${start}${(i * 7919) % 6001}`),
  );
  db.exec('BEGIN');
  for (const [id, name] of names.entries()) insert.run(id, name);
  db.exec('COMMIT');
  assert.deepEqual(db.check().findings, []);
  const byName = db.prepare('SELECT id FROM t WHERE a = $1');
  for (const [id, name] of names.entries()) assert.deepEqual(byName.get(name), { id });
  assert.throws(() => insert.run(-1, names[17]), { code: '23505' });
  db.close();
});
