/**
 * Deletes of few rows take what hangs on them along on a short path; within WITH the operators do it. Both must do the same, over
 * random schemas of tables that refer to each other and to themselves.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import { random, testSeed } from '../../exec/expr.test.kit.ts';
import { DependentRows } from '../../exec/point/dependent-rows.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';

const TABLES = ['a', 'b', 'c', 'd'];
const ROWS = 14;

type Pick = <T>(values: readonly T[]) => T;

/** Tables with a row id, a key of two columns, a text that is unique, and references into tables made before and into themselves. */
function schemaOf(pick: Pick): string[] {
  const actions = ['', 'ON DELETE CASCADE', 'ON DELETE CASCADE', 'ON DELETE SET NULL', 'ON DELETE RESTRICT'];
  const deferral = ['', '', '', 'DEFERRABLE INITIALLY DEFERRED'];
  return TABLES.map((name, i) => {
    const targets = TABLES.slice(0, i + 1);
    const one = pick(targets);
    const other = pick(targets);
    const pair = pick(targets);
    return `
      CREATE TABLE ${name} (
        id ${pick(['int PRIMARY KEY', 'int UNIQUE NOT NULL'])}, x int, y int, t text${pick(['', ' UNIQUE'])},
        one int REFERENCES ${one} (id) ${pick(actions)} ${pick(deferral)},
        other int${pick(['', ' CHECK (other IS NOT NULL OR id > 3)'])} REFERENCES ${other} (id) ${pick(actions)},
        px int, py int, g int GENERATED ALWAYS AS (coalesce(one, 0) + 1) STORED,
        UNIQUE (x, y), FOREIGN KEY (px, py) REFERENCES ${pair} (x, y) ${pick([...actions, 'ON DELETE SET NULL (py)'])});
      ${pick(['', `CREATE INDEX ON ${name} (one);`, `CREATE INDEX ON ${name} (one, t);`])}
      ${pick([`CREATE INDEX ON ${name} (other);`, `CREATE INDEX ON ${name} (other DESC);`])}
      CREATE INDEX ON ${name} (${pick(['px, py', 'py, px', 'py, px, g'])});
      ${pick(['', `CREATE INDEX ON ${name} ((x + y)) WHERE one IS NOT NULL;`, `CREATE UNIQUE INDEX ON ${name} (g, id);`])}`;
  });
}

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof DecentDbError) return `${error.code} ${error.message} ${error.detail ?? ''}`;
    throw error;
  }
}

/** Which of several rows that may not go is named depends on the order in which the plan meets them, with and without RETURNING. */
const withoutKeys = (found: unknown): unknown =>
  typeof found === 'string' ? found.replace(/^(23.* Key \(.*\)=)\(.*\)/, '$1') : found;

const contents = (db: Database): unknown =>
  TABLES.map((name) => [
    db.query(`SELECT * FROM ${name} ORDER BY id`).rows,
    db.query(`SELECT id FROM ${name} WHERE other > 0 ORDER BY other, id`).rows,
  ]);

function fill(databases: readonly Database[], upTo: (count: number) => number): void {
  const orNull = (value: number): number | null => (upTo(3) === 0 ? null : value);
  for (const name of TABLES)
    for (let id = 0; id < ROWS; id++) {
      const params = [id, id % 4, id >> 2, `t${id}`, ...[0, 1].map(() => orNull(upTo(ROWS)))];
      const [px, py] = [orNull(upTo(4)), upTo(3)];
      const insert = `INSERT INTO ${name} (id, x, y, t, one, other, px, py) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`;
      for (const db of databases) outcome(() => db.query(insert, [...params, px, py]));
    }
}

function round(seed: number): number {
  const next = random(seed);
  const upTo = (count: number): number => Math.floor(next() * count);
  const pick: Pick = (values) => values[upTo(values.length)]!;
  const schema = schemaOf(pick);
  const [short, long] = [0, 1].map(() => {
    const db = new Database('/c.ddb', { vfs: new MemoryVfs() });
    for (const sql of schema) db.exec(sql);
    return db;
  }) as [Database, Database];
  fill([short, long], upTo);
  let deleted = 0;
  for (let step = 0; step < 40; step++) {
    if (step % 8 === 0) {
      fill([short, long], upTo);
      for (const db of [short, long]) db.exec('BEGIN');
    }
    const where = pick([
      'id = $1',
      'id = $1',
      'id IN ($1, $1 + 1, $1 + 5)',
      'id = $1 AND x < 3',
      't = $1::text',
    ]);
    const sql = `DELETE FROM ${pick(TABLES)} WHERE ${where.replace('$1::text', "'t' || $1::int")} RETURNING id, t, one`;
    const key = upTo(ROWS);
    const statement = short.prepare(sql);
    const isCounted = pick([true, false]);
    const counted = short.prepare(sql.replace(/ RETURNING.*/, ''));
    const expected = outcome(() => long.query(`WITH w AS (${sql}) SELECT * FROM w`, [key]).rows);
    const actual = outcome(() => (isCounted ? counted.run(key).changes : statement.all(key)));
    const wanted = isCounted && Array.isArray(expected) ? expected.length : expected;
    const [got, due] = where.includes('IN (') ? [actual, wanted].map(withoutKeys) : [actual, wanted];
    assert.deepEqual(got, due, `SEED=${seed} step ${step}: ${sql} [${key}]\n${schema.join('\n')}`);
    if (Array.isArray(expected)) deleted += expected.length;
    if (step % 8 === 7) {
      const end = pick(['ROLLBACK', 'COMMIT', 'COMMIT']);
      const [a, b] = [short, long].map((db) => outcome(() => void db.exec(end)));
      assert.deepEqual(a, b, `SEED=${seed} step ${step}: ${end}`);
      assert.deepEqual(contents(short), contents(long), `SEED=${seed} step ${step}\n${schema.join('\n')}`);
    }
  }
  for (const db of [short, long]) {
    assert.deepEqual(db.check().findings, [], `SEED=${seed}`);
    db.close();
  }
  return deleted;
}

test('short and long paths of deletes with what hangs on the rows do the same', () => {
  const seed = testSeed();
  const { apply } = DependentRows.prototype;
  let applied = 0;
  DependentRows.prototype.apply = function (this: DependentRows, view, context): void {
    applied++;
    apply.call(this, view, context);
  };
  let deleted = 0;
  try {
    for (let at = 0; at < Number(process.env['ROUNDS'] ?? 5); at++) deleted += round(seed + at);
  } finally {
    DependentRows.prototype.apply = apply;
  }
  assert.ok(deleted > 20, `SEED=${seed}: only ${deleted} rows were deleted`);
  assert.ok(applied > 3, `SEED=${seed}: only ${applied} deletes took the short path`);
});

test('of several rows that may not go the one that the plan meets first is named', () => {
  const db = new Database('/c.ddb', { vfs: new MemoryVfs() });
  db.exec(`
    CREATE TABLE p (id int UNIQUE NOT NULL);
    CREATE TABLE c (p int REFERENCES p (id) ON DELETE RESTRICT);
    CREATE INDEX ON c (p);
    INSERT INTO p VALUES (13), (9); INSERT INTO p SELECT generate_series(100, 3000);
    INSERT INTO c VALUES (13), (9); ANALYZE;`);
  const sql = 'DELETE FROM p WHERE id IN (9, 13)';
  for (const [setting, first] of [
    ['on', 9],
    ['off', 13],
  ] as const) {
    db.exec(`SET enable_indexscan = ${setting}; SET enable_indexonlyscan = ${setting}`);
    const expected = `23001 update or delete on table "p" violates RESTRICT setting of foreign key constraint "c_p_fkey" on table "c" Key (id)=(${first}) is referenced from table "c".`;
    const statement = db.prepare(sql);
    for (let run = 0; run < 3; run++)
      assert.equal(
        outcome(() => statement.run()),
        expected,
      );
    assert.equal(
      outcome(() => db.query(`WITH w AS (${sql} RETURNING id) SELECT * FROM w`)),
      expected,
    );
  }
  db.close();
});

test('a row that is released may not refer by a generated column to a row that goes', () => {
  const db = new Database('/c.ddb', { vfs: new MemoryVfs() });
  db.exec(`
    CREATE TABLE q (id int PRIMARY KEY);
    CREATE TABLE p (id int PRIMARY KEY, q int REFERENCES q ON DELETE CASCADE);
    CREATE TABLE c (
      id int PRIMARY KEY, p int REFERENCES p ON DELETE SET NULL,
      g int GENERATED ALWAYS AS (coalesce(p + 10, 1)) STORED REFERENCES q);
    CREATE INDEX ON p (q); CREATE INDEX ON c (p); CREATE INDEX ON c (g);
    INSERT INTO q VALUES (1), (2), (11); INSERT INTO p VALUES (1, 1); INSERT INTO c VALUES (1, 1);`);
  const statement = db.prepare('DELETE FROM q WHERE id = $1');
  assert.equal(statement.run(2).changes, 1);
  assert.throws(() => statement.run(1), { code: '23503' });
  assert.deepEqual(db.check().findings, []);
  db.close();
});
