/** RELIABILITY.md section 3, what is stored: names, types, keys, rows; each limit one below, at it, one above. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database, openSync } from '../api/database.ts';
import { DecentDbError } from '../base/errors.ts';

const list = (count: number, item: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => item(i)).join(',');

function codeOf(action: () => unknown): string {
  try {
    action();
    return 'ok';
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  }
}

/** `action` works for one less and for `max`, and fails with `code` for one more. */
function holds(max: number, code: string, action: (n: number) => unknown): void {
  const codes = [max - 1, max, max + 1].map((n) => codeOf(() => action(n)));
  assert.deepEqual(codes, ['ok', 'ok', code], `one below, at and one above ${max}`);
}

const db = new Database(':memory:');

test('names are cut to 63 bytes, between characters', () => {
  db.exec(`CREATE TABLE ${'a'.repeat(63)} (x int)`);
  assert.equal(
    codeOf(() => db.exec(`CREATE TABLE ${'a'.repeat(64)} (x int)`)),
    '42P07',
  );
  db.exec(`CREATE TABLE "${'é'.repeat(40)}" (x int)`);
  const sql = `SELECT octet_length(relname::text) AS n FROM pg_class WHERE relname LIKE 'é%'`;
  assert.deepEqual(db.query(sql).rows, [{ n: 62 }]);
  holds(63, '42602', (n) => db.exec(`CREATE TYPE e${n} AS ENUM ('${'x'.repeat(n)}')`));
});

test('columns of keys, indexes and foreign keys', () => {
  const columns = list(40, (i) => `c${i} int`);
  holds(32, '54011', (n) => db.exec(`CREATE TABLE u${n} (${columns}, UNIQUE (${list(n, (i) => `c${i}`)}))`));
  holds(32, '54011', (n) =>
    db.exec(`CREATE TABLE p${n} (${columns}, PRIMARY KEY (${list(n, (i) => `c${i}`)}))`),
  );
  holds(31, '54011', (n) => db.exec(`CREATE INDEX ON u32 (c0) INCLUDE (${list(n, (i) => `c${i + 1}`)})`));
  const refers = (n: number): string =>
    `CREATE TABLE f${n} (${columns}, FOREIGN KEY (${list(n, (i) => `c${i}`)}) REFERENCES u${n})`;
  db.exec(`CREATE TABLE f32 (${columns}, FOREIGN KEY (${list(32, (i) => `c${i}`)}) REFERENCES p32)`);
  assert.equal(
    codeOf(() => db.exec(refers(33))),
    '42P01',
  );
  const both = list(33, (i) => `c${i}`);
  assert.equal(
    codeOf(() => db.exec(`CREATE TABLE f (${columns}, FOREIGN KEY (${both}) REFERENCES p32 (${both}))`)),
    '54011',
  );
});

test('dropped columns count, as in PostgreSQL', () => {
  db.exec(`CREATE TABLE d (${list(1600, (i) => `c${i} int`)}); ALTER TABLE d DROP COLUMN c7`);
  assert.equal(
    codeOf(() => db.exec('ALTER TABLE d ADD COLUMN more int')),
    '54011',
  );
});

test('lengths, precisions, dimensions', () => {
  holds(10_485_760, '22023', (n) => db.exec(`CREATE TABLE vc${n} (x varchar(${n}), y char(${n}))`));
  holds(1000, '22023', (n) => db.exec(`CREATE TABLE np${n} (x numeric(${n}, 5))`));
  holds(1000, '22023', (n) => db.exec(`CREATE TABLE ns${n} (x numeric(10, ${n}))`));
  holds(6, '54000', (n) => db.query(`SELECT '${'{'.repeat(n)}1${'}'.repeat(n)}'::int[]`));
  holds(131_072, '22003', (n) => db.query(`SELECT ('1' || repeat('0', ${n - 1}))::numeric > 0`));
  holds(1664, '54011', (n) => db.query(`VALUES (${list(n, String)})`));
});

test('keys are at most a fifth of a page', () => {
  const small = openSync(':memory:', { pageSize: 4096 });
  small.exec('CREATE TABLE k (a text PRIMARY KEY)');
  // The row id of the index entry takes eight bytes of the key's.
  const max = Math.floor((4096 - 24) / 5) - 8;
  holds(max, '54000', (n) => small.query('INSERT INTO k VALUES ($1)', ['k'.repeat(n)]));
  assert.deepEqual(small.check().findings, []);
});

test('corpus: rows of many values too short to be moved out of their page are refused, not half stored', () => {
  const small = openSync(':memory:', { pageSize: 4096 });
  const value = (i: number): string =>
    `'${String(i).padStart(3, '0')}${'abcdefghijklmnopqrstuvwxyz0123456789'}'`;
  const codes: string[] = [];
  for (let n = 60; n <= 110; n += 5) {
    small.exec(`CREATE TABLE w${n} (${list(n, (i) => `c${i} text`)})`);
    codes.push(codeOf(() => small.query(`INSERT INTO w${n} VALUES (${list(n, value)})`)));
    codes.push(
      codeOf(() => small.query(`INSERT INTO w${n} SELECT ${list(n, value)} FROM generate_series(1, 30)`)),
    );
    assert.deepEqual(small.check().findings, [], `${n} columns`);
  }
  assert.equal(codes[0], 'ok');
  assert.equal(codes.at(-1), '54000');
  assert.deepEqual([...new Set(codes)].sort(), ['54000', 'ok']);
});

test('corpus: a column added where rows have no room for it', () => {
  const small = openSync(':memory:', { pageSize: 4096 });
  const value = (i: number): string =>
    `'${String(i).padStart(3, '0')}${'abcdefghijklmnopqrstuvwxyz0123456789'}'`;
  for (let n = 60; n <= 78; n += 3) {
    small.exec(`CREATE TABLE w${n} (${list(n, (i) => `c${i} text`)})`);
    if (codeOf(() => small.query(`INSERT INTO w${n} VALUES (${list(n, value)})`)) !== 'ok') continue;
    const added = codeOf(() =>
      small.exec(`ALTER TABLE w${n} ADD COLUMN more text DEFAULT '${'x'.repeat(200)}'`),
    );
    const changed = added === 'ok' ? codeOf(() => small.exec(`UPDATE w${n} SET c1 = 'new'`)) : 'ok';
    assert.ok(
      [added, changed].every((code) => code === 'ok' || code === '54000'),
      `${n}: ${added} ${changed}`,
    );
    assert.deepEqual(small.check().findings, [], `${n} columns`);
  }
});
