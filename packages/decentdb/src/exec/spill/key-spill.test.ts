/** Foreign keys, deferred constraints and triggers of more rows than are held at once: the same as with memory for all, and as few. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync, type TriggerEvent } from '../../index.ts';
import { random, testSeed } from '../expr.test.kit.ts';

const ROWS = 5000;
/** Cases taken in a short run, at random. */
const FEW_CASES = 4;

function filled(rest: string): Database {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE p (id int PRIMARY KEY, k int UNIQUE, name text);
    INSERT INTO p SELECT g, g, 'name ' || g FROM generate_series(1, ${ROWS}) g;
    CREATE TABLE c (id int PRIMARY KEY, k int DEFAULT 1, name text);
    INSERT INTO c SELECT g, CASE WHEN g % 11 > 0 THEN g * 31 % ${ROWS} + 1 END, 'child ' || g FROM generate_series(1, ${ROWS + 500}) g;
    ${rest}`);
  return db;
}

const key = (rest: string): string =>
  `CREATE INDEX ON c (k); ALTER TABLE c ADD FOREIGN KEY (k) REFERENCES p (k) ${rest}`;

const CASES: readonly (readonly [rest: string, sql: string, error?: string])[] = [
  [key('ON DELETE CASCADE'), 'DELETE FROM p WHERE k > 9'],
  [key('ON DELETE SET NULL'), 'DELETE FROM p WHERE k % 7 > 0'],
  [key('ON DELETE SET DEFAULT'), 'DELETE FROM p WHERE k > 9'],
  [key('ON UPDATE CASCADE'), 'UPDATE p SET k = k - 1'],
  [key('ON UPDATE SET NULL'), 'UPDATE p SET k = k - 20000 WHERE k > 10'],
  [key(''), 'DELETE FROM p WHERE k = ANY (SELECT k FROM p EXCEPT SELECT k FROM c)'],
  [key(''), `DELETE FROM p WHERE k > ${ROWS >> 1}`, '23503'],
  [key('ON DELETE RESTRICT'), 'DELETE FROM p', '23001'],
  [key(''), 'INSERT INTO c SELECT id + 100000, k, name FROM p'],
  [
    key(''),
    `INSERT INTO c SELECT id + 100000, CASE WHEN id = ${ROWS - 5} THEN -4 ELSE k END, name FROM p`,
    '23503',
  ],
  [key('DEFERRABLE INITIALLY DEFERRED'), 'INSERT INTO c SELECT id + 100000, k, name FROM p'],
  [
    key('DEFERRABLE INITIALLY DEFERRED'),
    `UPDATE c SET k = CASE WHEN id = 3000 THEN -4 ELSE k + 1 END WHERE k < 4800`,
    '23503',
  ],
  [key('DEFERRABLE INITIALLY DEFERRED'), 'DELETE FROM p', '23503'],
  [
    'ALTER TABLE p ADD UNIQUE (name) DEFERRABLE INITIALLY DEFERRED',
    "UPDATE p SET name = 'name ' || (id + 1)",
  ],
  [
    'ALTER TABLE p ADD UNIQUE (name) DEFERRABLE INITIALLY DEFERRED',
    "UPDATE p SET name = 'name ' || (id % 4500)",
    '23505',
  ],
];

/** What a statement answers, its deferred checks too, and leaves behind; everything is undone. */
function outcome(db: Database, sql: string, workMem: string): unknown[] {
  db.exec(`SET work_mem = '${workMem}'; BEGIN`);
  let error: unknown = null;
  try {
    db.exec(sql);
    db.exec('SET CONSTRAINTS ALL IMMEDIATE');
  } catch (caught) {
    const { code, message, detail } = caught as { code: string; message: string; detail: string };
    error = [code, message, detail];
  }
  const sums = 'SELECT count(*), sum(id), sum(k), sum(id::bigint * k), sum(length(name))';
  const left = ['p', 'c'].map((table) => db.prepare(`${sums} FROM ${table}`).values());
  db.exec('ROLLBACK');
  return [error, ...left];
}

test('foreign keys and deferred keys of more rows than are held at once', () => {
  const seed = testSeed();
  const next = random(seed);
  const share = process.env['DECENTDB_LONG_TESTS'] === undefined ? FEW_CASES / CASES.length : 1;
  for (const [rest, sql, error] of CASES.filter(() => next() < share)) {
    using db = filled(rest);
    const want = outcome(db, sql, '256MB');
    assert.equal((want[0] as string[] | null)?.[0], error, `${sql}, seed ${seed}`);
    assert.deepEqual(outcome(db, sql, '64kB'), want, `${sql}, seed ${seed}`);
  }
});

test('triggers see the rows of a large statement in their order, and transition tables whole', () => {
  const run = (workMem: string): unknown => {
    using db = filled('CREATE TABLE part (id int, k int, name text) PARTITION BY HASH (id)');
    let hash = 0;
    let rows = 0;
    const tables: unknown[] = [];
    db.function('each', { returns: 'trigger' }, ({ op, old, new: now, table }: TriggerEvent) => {
      rows++;
      for (const text of [op, table, JSON.stringify(old), JSON.stringify(now)])
        for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
    });
    db.function('all', { returns: 'trigger' }, ({ op, tables: given }: TriggerEvent) => {
      for (const [name, list] of Object.entries(given))
        tables.push([
          op,
          name,
          list.length,
          list.reduce((sum, row) => sum + Number(row['k']) * Number(row['id']), 0),
        ]);
    });
    db.exec(`CREATE TABLE part_0 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
      CREATE TABLE part_1 (name text, k int, id int); ALTER TABLE part ATTACH PARTITION part_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
      CREATE TRIGGER a AFTER INSERT OR UPDATE OR DELETE ON part FOR EACH ROW EXECUTE FUNCTION "each"();
      CREATE TRIGGER b AFTER UPDATE ON p REFERENCING OLD TABLE AS was NEW TABLE AS now FOR EACH STATEMENT EXECUTE FUNCTION "all"();
      SET work_mem = '${workMem}';
      INSERT INTO part SELECT id, k, name FROM p;
      UPDATE part SET k = k + 1 WHERE id % 3 > 0;
      DELETE FROM part WHERE id % 5 = 0;
      UPDATE p SET k = -k`);
    return [hash, rows, tables];
  };
  const all = run('256MB');
  const [, rows, tables] = all as [number, number, unknown[]];
  assert.equal(rows, ROWS + ROWS - Math.floor(ROWS / 3) + ROWS / 5);
  assert.equal(tables.length, 2);
  assert.deepEqual(run('64kB'), all);
});
