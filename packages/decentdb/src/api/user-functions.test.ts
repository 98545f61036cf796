/** Functions in JavaScript: types, NULL, errors, who may call them, what they may do to the connection. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { FUNCTION_DEPTH_MAX } from '../session/function-calls.ts';
import { type Database, openSync } from './database.ts';

function withDatabase(run: (db: Database) => void): void {
  const db = openSync(':memory:');
  try {
    run(db);
    assert.equal(db.check().ok, true);
  } finally {
    db.close();
  }
}

const value = (db: Database, sql: string, params: unknown[] = []): unknown =>
  db.query<unknown[]>(sql, params, { rowMode: 'array' }).rows[0]?.[0];

function failure(run: () => unknown): DecentDbError {
  try {
    run();
  } catch (error) {
    if (error instanceof DecentDbError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('scalar functions: types by name, overloads, NULL, strict, varargs', () =>
  withDatabase((db) => {
    db.function('shout', { args: ['text'], returns: 'text' }, (s: string | null) => `${s}!`);
    assert.equal(value(db, "SELECT shout('hi')"), 'hi!');
    assert.equal(value(db, 'SELECT shout(NULL)'), 'null!');
    db.function('strictly', { args: ['int4'], returns: 'int4', strict: true }, () => assert.fail('called'));
    assert.equal(value(db, 'SELECT strictly(NULL)'), null);
    db.function('big', { args: ['int8'], returns: 'int8' }, (n: number | bigint) => BigInt(n) * 2n);
    assert.equal(value(db, 'SELECT big(4611686018427387903)'), 9223372036854775806n);
    assert.equal(failure(() => value(db, 'SELECT big(4611686018427387904)')).code, '22003');
    db.function(
      'total',
      { args: ['numeric', 'int4'], returns: 'numeric', varargs: true },
      (first: string, ...rest: number[]) =>
        String(rest.reduce((sum: number, n: number) => sum + n, Number(first))),
    );
    assert.equal(value(db, 'SELECT total(1.5, 2, 3)'), '6.5');
    db.function('shout', { args: ['int4'], returns: 'text' }, (n: number) => `#${n}`);
    assert.equal(value(db, "SELECT shout(1) || shout('x')"), '#1x!');
    db.function('kind', { returns: 'text' }, (v: unknown) => typeof v);
    assert.equal(value(db, "SELECT kind(1) || kind('x'::text) || kind(true)"), 'numberstringboolean');
    db.function('tags', { args: ['text[]'], returns: 'jsonb' }, (list: string[]) => ({
      n: list.length,
      list,
    }));
    assert.deepEqual(value(db, "SELECT tags('{a,b}')"), { n: 2, list: ['a', 'b'] });
    assert.equal(failure(() => value(db, 'SELECT shout(1, 2)')).code, '42883');
  }));

test('functions work row by row, in every clause, and a new definition replaces the old at once', () =>
  withDatabase((db) => {
    db.exec('CREATE TABLE t (a int); INSERT INTO t SELECT generate_series(1, 3000)');
    db.function('half', { args: ['int4'], returns: 'int4', deterministic: true }, (n: number) =>
      Math.floor(n / 2),
    );
    const statement = db.prepare('SELECT count(*), sum(half(a)) FROM t WHERE half(a) % 2 = 0');
    assert.deepEqual(statement.get(), { count: 1500, sum: 1125000 });
    db.function('half', { args: ['int4'], returns: 'int4' }, () => 2);
    assert.deepEqual(statement.get(), { count: 3000, sum: 6000 });
  }));

test('aggregates, also over windows', () =>
  withDatabase((db) => {
    db.aggregate('product', {
      args: ['int4'],
      returns: 'int4',
      start: 1,
      step: (state: number, n: number) => state * n,
    });
    db.aggregate('listed', {
      args: ['text'],
      returns: 'text',
      start: () => [],
      step: (state: string[], s: string) => void state.push(s),
      result: (state: string[]) => state.join('+'),
    });
    db.exec(
      "CREATE TABLE t (g int, n int, s text); INSERT INTO t VALUES (1, 2, 'a'), (1, 3, 'b'), (2, 5, 'c')",
    );
    assert.deepEqual(
      db.query('SELECT g, product(n) AS p, listed(s ORDER BY s DESC) AS l FROM t GROUP BY g ORDER BY g').rows,
      [
        { g: 1, p: 6, l: 'b+a' },
        { g: 2, p: 5, l: 'c' },
      ],
    );
    assert.deepEqual(
      db.query<unknown[]>('SELECT product(n) OVER (ORDER BY n) FROM t ORDER BY n', [], { rowMode: 'array' })
        .rows,
      [[2], [6], [30]],
    );
    assert.equal(value(db, 'SELECT product(n) FILTER (WHERE n < 0) FROM t'), 1);
  }));

test('table functions', () =>
  withDatabase((db) => {
    db.table('words', {
      args: ['text'],
      columns: { at: 'int4', word: 'text' },
      *rows(text: string) {
        let at = 0;
        for (const word of text.split(' ')) yield at % 2 === 0 ? [at++, word] : { word, at: at++ };
      },
    });
    assert.deepEqual(db.query("SELECT * FROM words('a b c') w WHERE at > 0 ORDER BY at").rows, [
      { at: 1, word: 'b' },
      { at: 2, word: 'c' },
    ]);
    assert.equal(value(db, "SELECT count(*) FROM (VALUES ('x y'), ('z')) v (s), words(v.s)"), 3);
  }));

test('M2: what a function throws is the cause of the error, and the statement leaves nothing', () =>
  withDatabase((db) => {
    const thrown = new TypeError('no');
    db.function('fails', { args: ['int4'], returns: 'int4' }, (n: number) => {
      if (n === 3) throw thrown;
      return n;
    });
    db.exec('CREATE TABLE t (a int); BEGIN; INSERT INTO t VALUES (0)');
    const error = failure(() => db.query('INSERT INTO t SELECT fails(i) FROM generate_series(1, 5) i'));
    assert.equal(error.code, '38000');
    assert.equal(error.cause, thrown);
    db.exec('COMMIT');
    assert.deepEqual(db.query('SELECT a FROM t').rows, [{ a: 0 }]);
    db.function('later', { returns: 'int4' }, async () => 1);
    assert.equal(failure(() => value(db, 'SELECT later()')).code, '22023');
    db.function('wrong', { returns: 'int4' }, () => 'x');
    assert.match(failure(() => value(db, 'SELECT wrong()')).code, /^22/);
  }));

test('M3: re-entrancy: a function reads what its statement sees, and changes nothing', () =>
  withDatabase((db) => {
    db.exec('CREATE TABLE t (a int); CREATE TABLE u (b int); INSERT INTO u VALUES (1), (2)');
    db.function('counted', { returns: 'int4' }, () => Number(value(db, 'SELECT count(*) FROM u')));
    db.exec('BEGIN; INSERT INTO u VALUES (3)');
    assert.equal(value(db, 'SELECT counted()'), 3);
    db.exec('INSERT INTO t SELECT counted() FROM generate_series(1, 10)');
    assert.equal(value(db, 'SELECT sum(a) FROM t'), 30);
    db.exec('COMMIT');
    for (const [sql, code] of [
      ['INSERT INTO u VALUES (9)', '55006'],
      ['CREATE TABLE x (a int)', '55006'],
      ['SET search_path = a', '55006'],
      ['BEGIN', '2D000'],
      ['COMMIT', '2D000'],
    ] as const) {
      db.function('does', { returns: 'int4' }, () => void db.exec(sql));
      assert.equal(failure(() => value(db, 'SELECT does()')).code, code, sql);
    }
    db.function('does', { returns: 'int4' }, () => void db.begin());
    assert.equal(failure(() => value(db, 'SELECT does()')).code, '2D000');
    db.function('does', { returns: 'int4' }, () => void db.close());
    assert.equal(failure(() => value(db, 'SELECT does()')).code, '55006');
    db.function('deep', { args: ['int4'], returns: 'int4' }, (n: number) =>
      value(db, 'SELECT deep($1)', [n + 1]),
    );
    assert.equal(failure(() => value(db, 'SELECT deep(1)')).code, '54001');
    db.function('down', { args: ['int4'], returns: 'int4' }, (n: number) =>
      n <= 1 ? 1 : 1 + (value(db, 'SELECT down($1)', [n - 1]) as number),
    );
    for (const depth of [FUNCTION_DEPTH_MAX - 1, FUNCTION_DEPTH_MAX])
      assert.equal(value(db, 'SELECT down($1)', [depth]), depth);
    assert.equal(failure(() => value(db, 'SELECT down($1)', [FUNCTION_DEPTH_MAX + 1])).code, '54001');
    assert.equal(value(db, 'SELECT count(*) FROM u'), 3);
    db.exec('INSERT INTO u VALUES (4)');
  }));

test('stored expressions call a function only if it was registered for that', () =>
  withDatabase((db) => {
    db.function('secret', { args: ['int4'], returns: 'int4', deterministic: true }, (n: number) => n);
    db.exec('CREATE TABLE t (a int)');
    for (const sql of [
      'CREATE VIEW v AS SELECT secret(1)',
      'ALTER TABLE t ADD CHECK (secret(a) > 0)',
      'CREATE TABLE d (a int DEFAULT secret(1))',
      'CREATE INDEX ON t (secret(a))',
    ])
      assert.equal(failure(() => db.exec(sql)).code, '42501', sql);
    db.function(
      'open',
      { args: ['int4'], returns: 'int4', deterministic: true, directOnly: false },
      (n: number) => n + 1,
    );
    db.exec(
      'CREATE VIEW builtin AS SELECT count(*), lower(max(a::text)) FROM t, generate_series(1, 2);' +
        'CREATE VIEW v AS SELECT open(1) AS o; ALTER TABLE t ADD CHECK (open(a) > 0); INSERT INTO t VALUES (1)',
    );
    db.function('untyped', { returns: 'text' }, (v: unknown) => String(v));
    assert.equal(failure(() => db.exec('CREATE VIEW w AS SELECT untyped(1)')).code, '42501');
    assert.equal(value(db, 'SELECT o FROM v'), 2);
    assert.equal(failure(() => db.exec('INSERT INTO t VALUES (-5)')).code, '23514');
  }));

test('mistakes in registering are named', () =>
  withDatabase((db) => {
    const register = (options: object, fn: unknown = () => 1) =>
      db.function('f', options as never, fn as never);
    assert.match(
      failure(() => register({ returns: 'text', determinstic: true })).hint ?? '',
      /deterministic/,
    );
    assert.match(failure(() => register({})).message, /returns/);
    assert.match(failure(() => register({ returns: 'text' }, 5)).message, /function/);
    assert.equal(failure(() => register({ returns: 'nosuch' })).code, '42704');
    assert.equal(failure(() => db.function('lower', { returns: 'text' }, () => '')).code, '42723');
    assert.equal(failure(() => db.aggregate('a', { returns: 'text', step: () => 1 })).code, '22023');
  }));
