/** RELIABILITY.md section 3: each limit one below, at it, one above; nothing but an error with its code above. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../api/database.ts';
import { DecentDbError } from '../base/errors.ts';
import { DEFAULT_SQL_LIMITS } from '../sql/lex/limits.ts';
import { parse } from '../sql/parse/parse.ts';

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
  assert.equal(
    codeOf(() => action(max - 1)),
    'ok',
    `one below ${max}`,
  );
  assert.equal(
    codeOf(() => action(max)),
    'ok',
    `at ${max}`,
  );
  assert.equal(
    codeOf(() => action(max + 1)),
    code,
    `one above ${max}`,
  );
}

const db = new Database(':memory:');

test('Q1: bytes of a text', () => {
  const { textBytesMax } = DEFAULT_SQL_LIMITS;
  assert.equal(textBytesMax, 16 * 1024 * 1024);
  holds(textBytesMax, '54000', (n) => parse(`SELECT 1 /*${'x'.repeat(n - 13)}*/`));
  holds(textBytesMax, '54000', (n) =>
    parse(`SELECT '${'é'.repeat((n - 9 - ((n - 9) % 2)) / 2)}'${' '.repeat((n - 9) % 2)}`),
  );
});

test('tokens of a statement', () => {
  assert.equal(DEFAULT_SQL_LIMITS.tokensMax, 1_000_000);
  // Two tokens, three with ALL, and two for each term more.
  const text = (n: number): string =>
    `SELECT ${n % 2 === 0 ? '' : 'ALL '}1${' + 1'.repeat(Math.floor((n - 2) / 2))}`;
  holds(1000, '54000', (n) => parse(text(n), { ...DEFAULT_SQL_LIMITS, tokensMax: 1000 }));
});

test('Q2: nesting of parentheses, CASE and NOT', () => {
  const { nestingMax } = DEFAULT_SQL_LIMITS;
  assert.equal(nestingMax, 1000);
  holds(nestingMax, '54001', (n) => db.query(`SELECT ${'('.repeat(n)}1${')'.repeat(n)}`));
  for (const n of [2_000, 20_000, 200_000]) {
    assert.equal(
      codeOf(() => db.query(`SELECT ${'('.repeat(n)}1${')'.repeat(n)}`)),
      '54001',
    );
    assert.equal(
      codeOf(() => db.query(`SELECT ${'abs('.repeat(n)}1${')'.repeat(n)}`)),
      '54001',
    );
    assert.equal(
      codeOf(() => db.query(`SELECT ${'(SELECT '.repeat(n)}1${')'.repeat(n)}`)),
      '54001',
    );
    assert.equal(
      codeOf(() => db.query(`SELECT ${'CASE WHEN true THEN '.repeat(n)}1${' END'.repeat(n)}`)),
      '54001',
    );
    assert.equal(
      codeOf(() => db.query(`SELECT ${'NOT '.repeat(n)}true`)),
      '54001',
    );
    assert.equal(
      codeOf(() => db.query(`SELECT ${'-'.repeat(0)}${'- '.repeat(n)}1`)),
      '54001',
    );
  }
});

test('Q2: long chains are no nesting: AND, UNION ALL, IN, CTEs', () => {
  assert.equal(
    codeOf(() => db.query(`SELECT true${' AND true'.repeat(50_000)}`)),
    'ok',
  );
  assert.equal(
    codeOf(() => db.query(`SELECT 1${' UNION ALL SELECT 1'.repeat(2_000)}`)),
    'ok',
  );
  assert.equal(
    codeOf(() => db.query(`SELECT 5 IN (${list(65_536, String)})`)),
    'ok',
  );
  const ctes = list(200, (i) => `c${i} AS (SELECT ${i === 0 ? '1' : `* FROM c${i - 1}`})`);
  assert.equal(
    codeOf(() => db.query(`WITH ${ctes} SELECT * FROM c199`)),
    'ok',
  );
});

test('columns of a table, a result, an index, a row', () => {
  holds(1600, '54011', (n) => db.exec(`CREATE TABLE c${n} (${list(n, (i) => `c${i} int`)})`));
  assert.equal(
    codeOf(() => db.exec('ALTER TABLE c1600 ADD COLUMN more int')),
    '54011',
  );
  assert.equal(
    codeOf(() => db.exec('ALTER TABLE c1599 ADD COLUMN more int')),
    'ok',
  );
  holds(1664, '54011', (n) => db.query(`SELECT ${list(n, String)}`));
  holds(1664, '54011', (n) => db.query(`SELECT ROW(${list(n, String)})`));
  holds(32, '54011', (n) => db.exec(`CREATE INDEX ON c1599 (${list(n, (i) => `c${i}`)})`));
});

test('arguments of a function, parameters', () => {
  holds(100, '54023', (n) => db.query(`SELECT concat(${list(n, String)})`));
  holds(100, '54023', (n) =>
    db.exec(`CREATE FUNCTION f${n}(${list(n, () => 'int')}) RETURNS int LANGUAGE sql AS 'SELECT $${n}'`),
  );
  holds(65_535, '54000', (n) => parse(`SELECT $${n}`));
});

test('views on views, functions in functions, triggers in triggers', () => {
  db.exec('CREATE VIEW v0 AS SELECT 1 AS a');
  for (let i = 1; i <= 100; i++) db.exec(`CREATE VIEW v${i} AS SELECT a FROM v${i - 1}`);
  holds(99, '54001', (n) => db.query(`SELECT * FROM v${n}`));
  db.exec(
    "CREATE FUNCTION deep(n int) RETURNS int LANGUAGE sql AS 'SELECT CASE WHEN n <= 1 THEN 1 ELSE deep(n - 1) + 1 END'",
  );
  holds(100, '54001', (n) => db.query('SELECT deep($1)', [n]));
  assert.equal(
    codeOf(() => db.query('SELECT deep(1000000)')),
    '54001',
  );
});
