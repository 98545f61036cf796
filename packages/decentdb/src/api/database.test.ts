import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { Database, openSync } from './database.ts';
import type { OpenOptions } from './options.ts';

function fresh(): Database {
  const db = openSync(':memory:');
  db.exec(
    'CREATE TABLE t (id int PRIMARY KEY, name text, big int8, n numeric(8,2), at timestamptz, j jsonb, ok bool)',
  );
  return db;
}

/** The error a call throws, which must be ours and have this code. */
function failure(code: string, work: () => unknown): DecentDbError {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof DecentDbError, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`expected an error ${code}`);
}

test('query returns rows, fields, command and counts', () => {
  const db = fresh();
  const made = db.query("INSERT INTO t (id, name) VALUES (1, 'a'), (2, 'b') RETURNING id");
  assert.deepEqual(made.rows, [{ id: 1 }, { id: 2 }]);
  assert.deepEqual([made.command, made.rowCount, made.affectedRows], ['INSERT', 2, 2]);
  const found = db.query('SELECT id, name AS n FROM t ORDER BY id');
  assert.deepEqual(found.rows, [
    { id: 1, n: 'a' },
    { id: 2, n: 'b' },
  ]);
  assert.deepEqual(
    found.fields.map((f) => [f.name, f.dataTypeID, f.typeName, f.columnID]),
    [
      ['id', 23, 'integer', 1],
      ['n', 25, 'text', 2],
    ],
  );
  assert.deepEqual(db.query('SELECT 1 WHERE false').rows, []);
  assert.equal(db.query('UPDATE t SET name = NULL').rowCount, 2);
  db.close();
});

test('a domain is told of as the type it is over', () => {
  const db = openSync(':memory:');
  db.exec('CREATE DOMAIN price AS numeric CHECK (VALUE > 0); CREATE DOMAIN cheap AS price CHECK (VALUE < 9)');
  const { fields } = db.query('SELECT 1::price AS a, 2::cheap AS b');
  assert.deepEqual(
    fields.map((f) => [f.dataTypeID, f.typeName]),
    [
      [1700, 'price'],
      [1700, 'cheap'],
    ],
  );
  db.close();
});

test('values in JavaScript and in text', () => {
  const db = fresh();
  const at = new Date('2024-02-29T12:34:56.789Z');
  db.query('INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6, $7)', [
    1,
    'ü',
    2n ** 60n,
    '12.5',
    at,
    { a: [1, null] },
    true,
  ]);
  assert.deepEqual(db.query('SELECT * FROM t').rows, [
    { id: 1, name: 'ü', big: 2n ** 60n, n: '12.50', at, j: { a: [1, null] }, ok: true },
  ]);
  assert.deepEqual(db.query('SELECT * FROM t', [], { rowMode: 'array', format: 'text' }).rows, [
    ['1', 'ü', String(2n ** 60n), '12.50', '2024-02-29 12:34:56.789+00', '{"a": [1, null]}', 't'],
  ]);
  assert.deepEqual(
    db.query('SELECT 1 AS a, 2 AS a').rows,
    [{ a: 2 }],
    'of two columns with one name the last counts',
  );
  db.close();
});

test('options decide how values reach JavaScript', () => {
  const db = openSync(':memory:', { int8: 'bigint', numeric: 'number', timestamp: 'string', json: 'text' });
  const [row] = db.query(
    `SELECT 5::int8 AS i, 1.50 AS n, date '2024-01-02' AS d, '{"a":1}'::jsonb AS j`,
  ).rows;
  assert.deepEqual(row, { i: 5n, n: 1.5, d: '2024-01-02', j: '{"a": 1}' });
  db.close();
});

test('prepared statements: run, get, all, values, raw, pluck, columns, params', () => {
  const db = fresh();
  const insert = db.prepare('INSERT INTO t (id, name) VALUES ($1, $2)');
  assert.deepEqual(insert.run(1, 'a'), { changes: 1, rowCount: 1 });
  insert.run(2, null);
  const byId = db.prepare('SELECT id, name FROM t WHERE id = $1');
  assert.deepEqual(byId.get(1), { id: 1, name: 'a' });
  assert.equal(byId.get(9), undefined);
  assert.equal(byId.get(null), undefined);
  assert.deepEqual(byId.all(2), [{ id: 2, name: null }]);
  assert.deepEqual(byId.values(1), [[1, 'a']]);
  assert.deepEqual(byId.raw().get(1), [1, 'a']);
  assert.equal(byId.raw(false).pluck().get(1), 1);
  assert.deepEqual(db.prepare('SELECT name FROM t ORDER BY id').pluck().all(), ['a', null]);
  assert.deepEqual(
    byId.columns().map((c) => [c.name, c.type, c.nullable, c.table]),
    [
      ['id', 'integer', false, 't'],
      ['name', 'text', true, 't'],
    ],
  );
  assert.deepEqual(byId.params(), [{ name: null, type: 'integer', typeOid: 23 }]);
  assert.equal(byId.readonly, true);
  assert.equal(insert.readonly, false);
  db.close();
});

test('a prepared statement follows schema changes', () => {
  const db = fresh();
  db.exec("INSERT INTO t (id, name) VALUES (1, 'a')");
  const all = db.prepare('SELECT * FROM t WHERE id = $1');
  assert.equal(Object.keys(all.get(1) ?? {}).length, 7);
  db.exec('ALTER TABLE t ADD COLUMN extra int DEFAULT 3');
  assert.deepEqual(all.get(1)?.['extra'], 3);
  db.exec('BEGIN');
  db.exec('ALTER TABLE t DROP COLUMN extra');
  assert.equal(Object.keys(all.get(1) ?? {}).length, 7);
  db.exec('ROLLBACK');
  assert.deepEqual(all.get(1)?.['extra'], 3);
  db.exec('DROP TABLE t');
  failure('42P01', () => all.get(1));
  db.close();
});

test('parameters in other drivers’ styles', () => {
  const db = fresh();
  db.prepare('INSERT INTO t (id, name) VALUES (?, ?)').run(1, 'a');
  assert.equal(db.prepare('SELECT name FROM t WHERE id = ?').pluck().get(1), 'a');
  assert.equal(
    db.prepare('SELECT name FROM t WHERE id = :id AND name = :name').pluck().get({ id: 1, name: 'a' }),
    'a',
  );
  assert.equal(db.prepare('SELECT name FROM t WHERE id = @key').pluck().get({ key: 1 }), 'a');
  assert.deepEqual(db.query('SELECT name FROM t WHERE id = :id', [{ id: 1 }]).rows, [{ name: 'a' }]);
  db.exec(`UPDATE t SET j = '{"k": 1}'`);
  assert.deepEqual(
    db.query(`SELECT j ? 'k' AS has FROM t`).rows,
    [{ has: true }],
    '? stays an operator where it is one',
  );
  const missing = failure('22023', () => db.prepare('SELECT :a::int + :b::int').get({ a: 1 }));
  assert.match(missing.message, /"b"/);
  db.close();
});

test('wrong parameters are named', () => {
  const db = fresh();
  const byId = db.prepare('SELECT * FROM t WHERE id = $1');
  failure('08P01', () => byId.get());
  failure('08P01', () => byId.all(1, 2));
  assert.match(failure('22023', () => byId.get(undefined)).message, /\$1 is undefined/);
  assert.match(failure('22P02', () => byId.get('x')).detail ?? '', /\$1/);
  failure('22023', () => byId.get(Symbol('x')));
  failure('08P01', () => db.query('SELECT 1', [1]));
  failure('22023', () => db.query('SELECT 1', 'x' as unknown as unknown[]));
  failure('22023', () => db.query(5 as unknown as string));
  db.close();
});

test('statements that differ in literals share a plan and keep their meaning', () => {
  const db = fresh();
  db.exec("INSERT INTO t (id, name, big, at) VALUES (1, 'a', 5, '2024-01-01'), (2, 'b', 6, NULL)");
  for (const id of [1, 2, 3]) {
    const { rows } = db.query(`SELECT id FROM t WHERE id = ${id}`);
    assert.deepEqual(rows, id === 3 ? [] : [{ id }]);
  }
  assert.deepEqual(db.query("SELECT id FROM t WHERE name = 'b'").rows, [{ id: 2 }]);
  assert.deepEqual(db.query("SELECT id FROM t WHERE name = 'zz'").rows, []);
  assert.deepEqual(db.query("SELECT id FROM t WHERE at = '2024-01-01 00:00:00+00'").rows, [{ id: 1 }]);
  const bad = failure('22P02', () => db.query("SELECT id FROM t WHERE big = 'five'"));
  assert.equal(bad.position, 30, 'an invalid literal is reported where it stands');
  assert.equal(bad.query, "SELECT id FROM t WHERE big = 'five'");
  db.query("INSERT INTO t (id, name) VALUES (10, 'x')");
  db.query("INSERT INTO t (id, name) VALUES (11, 'y')");
  assert.equal(
    failure('23505', () => db.query("INSERT INTO t (id, name) VALUES (11, 'z')")).constraint,
    't_pkey',
  );
  assert.deepEqual(db.query('SELECT id, 7 AS c FROM t WHERE id = 10 LIMIT 1').rows, [{ id: 10, c: 7 }]);
  assert.deepEqual(db.query('SELECT id, 8 AS c FROM t WHERE id = 11 LIMIT 1').rows, [{ id: 11, c: 8 }]);
  assert.deepEqual(db.query('SELECT id FROM t WHERE id = 10 ORDER BY 1').rows, [{ id: 10 }]);
  failure('08P01', () => db.query('SELECT id FROM t WHERE id = 12', [1]));
  db.close();
});

test('transactions: commit, rollback, nesting, variants', () => {
  const db = fresh();
  const add = db.transaction((id: number, fail: boolean) => {
    db.query('INSERT INTO t (id) VALUES ($1)', [id]);
    if (fail) throw new Error('no');
    return id;
  });
  assert.equal(add(1, false), 1);
  assert.throws(() => add(2, true), /no/);
  assert.deepEqual(db.prepare('SELECT id FROM t').pluck().all(), [1]);
  const outer = db.transaction(() => {
    add(3, false);
    assert.throws(() => add(4, true), /no/);
    return db.inTransaction;
  });
  assert.equal(outer.immediate(), true);
  assert.deepEqual(db.prepare('SELECT id FROM t ORDER BY id').pluck().all(), [1, 3]);
  failure('25006', () => add.readOnly(5, false));
  failure('25P01', () => add.savepoint(5, false));
  assert.equal(db.inTransaction, false);
  db.close();
});

test('M4: an async transaction function is refused and undone', () => {
  const db = fresh();
  const wrong = db.transaction(() => {
    db.exec('INSERT INTO t (id) VALUES (1)');
    return Promise.resolve();
  });
  assert.throws(wrong, TypeError);
  assert.deepEqual(db.query('SELECT id FROM t').rows, []);
  db.close();
});

test('transaction objects', () => {
  const db = fresh();
  const tx = db.begin();
  tx.query('INSERT INTO t (id) VALUES (1)');
  const point = tx.savepoint();
  tx.exec('INSERT INTO t (id) VALUES (2)');
  point.rollback();
  tx.commit();
  failure('25P01', () => tx.query('SELECT 1'));
  assert.deepEqual(db.prepare('SELECT id FROM t').pluck().all(), [1]);
  const left = db.begin('immediate');
  left.exec('DELETE FROM t');
  left[Symbol.dispose]();
  assert.equal(left.isOpen, false);
  assert.deepEqual(db.prepare('SELECT id FROM t').pluck().all(), [1]);
  db.begin();
  failure('25001', () => db.begin());
  db.exec('ROLLBACK');
  db.close();
});

test('a script is one transaction unless it says otherwise', () => {
  const db = fresh();
  failure('23505', () => db.exec('INSERT INTO t (id) VALUES (1); INSERT INTO t (id) VALUES (1);'));
  assert.deepEqual(db.query('SELECT id FROM t').rows, []);
  failure('22012', () =>
    db.exec('INSERT INTO t (id) VALUES (1); COMMIT; INSERT INTO t (id) VALUES (2); SELECT 1/0'),
  );
  assert.deepEqual(db.prepare('SELECT id FROM t').pluck().all(), [1]);
  db.exec('BEGIN; INSERT INTO t (id) VALUES (5)');
  assert.equal(db.inTransaction, true);
  db.exec('COMMIT');
  failure('42601', () => db.query('SELECT 1; SELECT 2'));
  db.exec('');
  db.close();
});

test('M3: cursors read a snapshot and give it back however they end', () => {
  const db = fresh();
  db.exec('INSERT INTO t (id) SELECT i FROM generate_series(1, 5000) i');
  const all = db.prepare<number>('SELECT id FROM t ORDER BY id').pluck();
  let seen = 0;
  for (const id of all.iterate()) {
    if (seen++ === 10) db.exec('DELETE FROM t WHERE id > 100');
    assert.equal(id, seen);
  }
  assert.equal(seen, 5000);
  assert.equal(db.query('SELECT count(*)::int AS n FROM t').rows[0]?.['n'], 100);
  for (const _ of all.iterate()) break;
  const iterator = all.iterate();
  iterator.next();
  iterator.return?.();
  assert.equal(iterator.next().done, true);
  const failing = db.prepare('SELECT 100 / (50 - id) FROM t ORDER BY id').iterate();
  failure('22012', () => {
    for (const _ of failing);
  });
  assert.equal(db.stats().readers.length, 0);
  db.exec('BEGIN; INSERT INTO t (id) VALUES (9000)');
  let inside = 0;
  for (const id of all.iterate()) {
    if (id === 9000) inside++;
    if (id === 1) db.exec('DELETE FROM t WHERE id = 9000');
  }
  assert.equal(
    inside,
    1,
    'a cursor of a writing transaction sees what the transaction saw when it was opened',
  );
  db.exec('ROLLBACK');
  db.close();
});

test('snapshots stay while others write', () => {
  const db = fresh();
  db.exec('INSERT INTO t (id) VALUES (1)');
  const snapshot = db.snapshot();
  db.exec('INSERT INTO t (id) VALUES (2); ALTER TABLE t ADD COLUMN later int');
  assert.deepEqual(Object.keys(snapshot.query('SELECT * FROM t').rows[0] ?? {}).includes('later'), false);
  assert.deepEqual(snapshot.prepare('SELECT id FROM t').pluck().all(), [1]);
  failure('25006', () => snapshot.query('DELETE FROM t'));
  snapshot.close();
  snapshot.close();
  failure('08003', () => snapshot.query('SELECT 1'));
  db.close();
});

test('options are checked by name and value', () => {
  const wrong = (options: object, code = '22023'): DecentDbError =>
    failure(code, () => openSync(':memory:', options as OpenOptions));
  assert.match(wrong({ durabilty: 'full' }).hint ?? '', /"durability"/);
  wrong({ durability: 'sometimes' });
  wrong({ int8: 'number' });
  wrong({ cacheBytes: 'lots' });
  wrong({ settings: { TimeZone: 'Mars/Olympus' } });
  wrong({ settings: { nonsense: '1' } }, '42704');
  const db = openSync(':memory:', { settings: { TimeZone: 'Asia/Tokyo' } });
  assert.deepEqual(db.query('SHOW TimeZone').rows, [{ TimeZone: 'Asia/Tokyo' }]);
  assert.match(
    failure('22023', () => db.query('SELECT 1', [], { rowmode: 'array' } as object)).hint ?? '',
    /"rowMode"/,
  );
  db.close();
  failure('22023', () => openSync(''));
});

test('use after close and after finalize is a clear error', () => {
  const db = fresh();
  const statement = db.prepare('SELECT 1 AS one');
  const iterator = db.prepare('SELECT * FROM generate_series(1, 5000)').iterate();
  iterator.next();
  statement.finalize();
  failure('26000', () => statement.get());
  const other = db.prepare('SELECT 1');
  db.close();
  db.close();
  assert.equal(db.open, false);
  for (const work of [
    () => db.query('SELECT 1'),
    () => db.exec('SELECT 1'),
    () => other.get(),
    () => db.prepare('SELECT 1'),
    () => db.check(),
    () => db.begin(),
  ])
    failure('08003', work);
});

test('errors carry SQLSTATE, position, query and names', () => {
  const db = fresh();
  const syntax = failure('42601', () => db.query('SELEC 1'));
  assert.equal(syntax.position, 1);
  assert.match(syntax.format(), /LINE 1: SELEC 1\n\s+\^/);
  const column = failure('42703', () => db.query('SELECT nme FROM t'));
  assert.equal(column.position, 8);
  assert.equal(column.query, 'SELECT nme FROM t');
  db.exec('INSERT INTO t (id) VALUES (1)');
  const unique = failure('23505', () => db.prepare('INSERT INTO t (id) VALUES ($1)').run(1));
  assert.deepEqual([unique.table, unique.constraint], ['t', 't_pkey']);
  assert.match(unique.detail ?? '', /\(id\)=\(1\)/);
  db.close();
});

test('M5: statement_timeout ends a long statement with 57014', () => {
  const db = openSync(':memory:');
  db.exec("SET statement_timeout = '30ms'");
  failure('57014', () => db.query('SELECT count(*) FROM generate_series(1, 100000000) a'));
  db.exec('SET statement_timeout = 0');
  assert.equal(db.query('SELECT 1 AS one').rows.length, 1);
  db.close();
});

test('a file keeps everything across close and open; check finds nothing', () => {
  const vfs = new MemoryVfs();
  const db = new Database('/app.ddb', { vfs });
  db.exec(`CREATE TABLE a (id int PRIMARY KEY, y text, x text); CREATE INDEX a_y ON a (y);
           INSERT INTO a SELECT i, repeat('x', i % 50) FROM generate_series(1, 2000) i;
           INSERT INTO a VALUES (5000, NULL, repeat('long', 20000))`);
  const report = db.check();
  assert.deepEqual(report.findings, []);
  assert.equal(report.rows, 2001);
  assert.equal(db.checkpoint(), true);
  db.close();
  const again = new Database('/app.ddb', { vfs, mode: 'readOnly' });
  assert.equal(again.query('SELECT count(*)::int AS n, max(length(x)) AS l FROM a').rows[0]?.['l'], 80000);
  assert.equal(again.check().ok, true);
  failure('25006', () => again.exec('DELETE FROM a'));
  again.close();
});

test('explain shows plans and what happened', () => {
  const db = fresh();
  db.exec('INSERT INTO t (id) SELECT i FROM generate_series(1, 100) i');
  assert.match(db.explain('SELECT * FROM t WHERE id = $1', [1]), /^Row Id Scan on t {2}\(cost=/);
  assert.match(
    db.explain('SELECT count(*) FROM t', [], { analyze: true }),
    /actual time=.* rows=100 loops=1[\s\S]*Execution Time/,
  );
  const json = JSON.parse(db.explain('SELECT * FROM t', [], { format: 'json' })) as {
    Plan: { 'Node Type': string };
  }[];
  assert.equal(json[0]?.Plan['Node Type'], 'Seq Scan');
  db.close();
});

test('corpus: columns of a statement, and of a load, are those of the table as it is now', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE a (k int PRIMARY KEY, c0 int)');
  const statement = db.prepare('SELECT * FROM a LIMIT 0');
  db.bulkLoadSync('a', [[1, 2]], { columns: ['k', 'c0'] });
  db.exec('DROP TABLE a; CREATE TABLE a (k int PRIMARY KEY, c0 text, c1 date)');
  assert.deepEqual(
    statement.columns().map((column) => `${column.name} ${column.type}`),
    ['k integer', 'c0 text', 'c1 date'],
  );
  db.bulkLoadSync('a', [[1, 'x', '2024-05-01']], { columns: ['k', 'c0', 'c1'] });
  db.exec('ALTER TABLE a DROP COLUMN c0');
  db.bulkLoadSync('a', [[2, '2024-05-02']]);
  assert.equal(db.query('SELECT count(*)::int AS n FROM a WHERE c1 IS NOT NULL').rows[0]?.['n'], 2);
  const insert = db.prepare('INSERT INTO a VALUES ($1, $2)');
  db.exec('ALTER TABLE a ALTER COLUMN k TYPE text');
  assert.deepEqual(
    insert.params().map(({ type }) => type),
    ['text', 'date'],
  );
  db.close();
});
