/** Loads from columns, files and streams; indexes built at the end. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Database, openSync } from '../database.ts';
import type { RejectedRow } from '../row-batches.ts';

const rowsOf = (db: Database, sql: string): unknown[][] =>
  db.query<unknown[]>(sql, [], { rowMode: 'array' }).rows;

test('columns: typed arrays and arrays, whole or in records', async () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, v float8, name text, big int8)');
  const columns = {
    name: ['a', null, 'c'],
    id: Int32Array.of(1, 2, 3),
    v: Float64Array.of(0.5, -0, Number.NaN),
    big: [1n, 2 ** 40, null],
  };
  assert.equal(db.bulkLoadSync('t', columns, { batchRows: 2 }).rows, 3);
  async function* records(): AsyncGenerator<Record<string, unknown[]>> {
    yield { id: [4], name: ['d'] };
    yield { id: [5, 6], name: ['e', 'f'] };
  }
  assert.equal((await db.bulkLoad('t', records() as never, { format: 'columns' })).rows, 3);
  assert.deepEqual(rowsOf(db, 'SELECT * FROM t ORDER BY id').slice(0, 4), [
    [1, 0.5, 'a', 1],
    [2, -0, null, 2 ** 40],
    [3, Number.NaN, 'c', null],
    [4, null, 'd', null],
  ]);
  assert.throws(() => db.bulkLoadSync('t', { id: [7], name: [] }), /column "name" has 0 values/);
  assert.throws(() => db.bulkLoadSync('t', { id: [7], nosuch: [1] }), { code: '42703' });
  assert.throws(() => db.bulkLoadSync('t', { id: [7, undefined] }), { code: '22023' });
  assert.equal(rowsOf(db, 'SELECT count(*)::int FROM t')[0]?.[0], 6);
});

test('files: CSV, packed CSV, NDJSON, COPY text, and what is wrong in them', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'decentdb-load-'));
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };
  try {
    using db = openSync(':memory:');
    db.exec('CREATE TABLE t (id int PRIMARY KEY, price numeric(6,2), name text, day date)');
    const csv = 'id,name,price,day\n1,"a ""b""",1.5,2024-02-29\n2,,-0.25,\n3,"",12,2000-01-01\n';
    const seen: number[] = [];
    const progress = await db.bulkLoad('t', file('a.csv', csv), {
      onProgress: ({ bytes, etaMs }) => seen.push(bytes, etaMs ?? -1),
    });
    assert.deepEqual([progress.rows, seen], [3, [csv.length, 0]]);
    const want = [
      [1, '1.50', 'a "b"', '2024-02-29'],
      [2, '-0.25', null, null],
      [3, '12.00', '', '2000-01-01'],
    ];
    const all = 'SELECT id, price, name, day::text FROM t ORDER BY id';
    assert.deepEqual(rowsOf(db, all), want);
    db.exec('TRUNCATE t');
    await db.bulkLoad('t', file('b.csv.gz', gzipSync(csv)));
    assert.deepEqual(rowsOf(db, all), want);
    db.exec('TRUNCATE t');
    const lines = '{"id":1,"price":"1.5","name":"x"}\n\n{"id":2,"price":3,"name":null}\n';
    await db.bulkLoad('t', file('c.ndjson', lines));
    assert.deepEqual(rowsOf(db, 'SELECT id, price, name FROM t ORDER BY id'), [
      [1, '1.50', 'x'],
      [2, '3.00', null],
    ]);
    db.bulkLoadSync('t', ['3\t\\N\ta\\tb\\\\\t2020-02-02\n\\.\nrest'], { format: 'copy' });
    assert.deepEqual(rowsOf(db, 'SELECT price, name FROM t WHERE id = 3'), [[null, 'a\tb\\']]);
    const bad: [string, string, RegExp][] = [
      ['id,name\n7,x\n8,y\nnine,z\n', '22P02', /Line 4, row 3\. Column id: "nine"\./],
      ['id,price\n7,1\n8,123456\n', '22003', /Line 3, row 2\./],
      ['id,name\n7,x\n7,y\n', '23505', /id/],
      ['id,name\n7\n', '22P04', /Line 2/],
      ['id,nosuch\n7,1\n', '42703', /./],
    ];
    for (const [text, code, detail] of bad) {
      await assert.rejects(
        db.bulkLoad('t', file('bad.csv', text)),
        (error: { code: string; detail?: string }) => {
          assert.equal(error.code, code, text);
          assert.match(error.detail ?? 'none', detail);
          return true;
        },
      );
    }
    assert.equal(rowsOf(db, 'SELECT count(*)::int FROM t')[0]?.[0], 3);
    const rejected: RejectedRow[] = [];
    const done = await db.bulkLoad('t', file('s.csv', 'id,name\n10,a\nx,b\n11\n10,c\n12,d\n'), {
      onError: 'skip',
      onReject: (one) => rejected.push(one),
    });
    assert.deepEqual([done.rows, done.rejected], [2, 3]);
    assert.deepEqual(rejected.map(({ line, error, row }) => [line, error.code, row]).sort(), [
      [3, '22P02', ['x', 'b']],
      [4, '22P04', ['11']],
      [5, '23505', ['10', 'c']],
    ]);
    await assert.rejects(db.bulkLoad('t', join(directory, 'none.csv')), { code: '58P01' });
    await assert.rejects(db.bulkLoad('t', file('x.dat', '')), /format/);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('indexes built at the end hold what maintained ones hold, and refuse what they refuse', () => {
  for (const indexes of ['maintain', 'rebuild', 'auto'] as const) {
    using db = openSync(':memory:');
    db.exec(`CREATE TABLE t (id int PRIMARY KEY, code text UNIQUE, n int, note text, up int REFERENCES t);
      CREATE INDEX ON t (n DESC, note); CREATE INDEX ON t (lower(note)) WHERE n > 5; CREATE UNIQUE INDEX t_note ON t (note, n);
      CREATE INDEX t_trgm ON t USING gin (note gin_trgm_ops)`);
    const rows = Array.from({ length: 3000 }, (_, i) => [
      i,
      `c${(i * 7919) % 3000}`,
      (i * 31) % 100,
      i % 9 === 0 ? null : `Note ${i % 500}-${i}`,
      i === 0 ? null : i >> 1,
    ]);
    const order: string[] = [];
    db.bulkLoadSync('t', rows, { indexes, onIndex: (name) => order.push(name) });
    assert.equal(order.length > 0, indexes !== 'maintain');
    assert.deepEqual(db.check().findings, []);
    assert.deepEqual(rowsOf(db, "SELECT id FROM t WHERE code = 'c7919'"), []);
    assert.equal(rowsOf(db, 'SELECT count(*)::int FROM t WHERE n = 31')[0]?.[0], 30);
    assert.equal(rowsOf(db, "SELECT count(*)::int FROM t WHERE note LIKE '%ote 17-%'")[0]?.[0], 5);
    const before = rowsOf(db, 'SELECT count(*)::int, sum(id)::int FROM t');
    const twice = [
      ...rows.slice(0, 1500).map((row) => [(row[0] as number) + 5000, `n${row[0]}`, ...row.slice(2)]),
    ];
    assert.throws(() => db.bulkLoadSync('t', twice, { indexes: indexes === 'auto' ? 'rebuild' : indexes }), {
      code: '23505',
      message: 'duplicate key value violates unique constraint "t_note"',
    });
    assert.deepEqual(rowsOf(db, 'SELECT count(*)::int, sum(id)::int FROM t'), before);
    assert.deepEqual(db.check().findings, []);
    const txn = db.begin();
    assert.throws(
      () =>
        db.bulkLoadSync(
          't',
          [
            [9000, 'z', 1, 'z', 1],
            [9001, 'z', 1, 'y', 1],
          ],
          { indexes },
        ),
      { code: '23505' },
    );
    db.bulkLoadSync('t', [[9000, 'z', 1, 'z', 1]], { indexes: 'rebuild' });
    db.exec("INSERT INTO t VALUES (9001, 'zz', 1, 'zz', 1)");
    txn.commit();
    assert.deepEqual(rowsOf(db, "SELECT id FROM t WHERE code IN ('z', 'zz') ORDER BY id"), [[9000], [9001]]);
    assert.deepEqual(db.check().findings, []);
  }
});

test('rebuild and commits on the way do not go together; identity values may be overridden', () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v int); CREATE INDEX ON t (v)');
  const options = { commitEveryRows: 10, indexes: 'rebuild' } as const;
  assert.throws(() => db.bulkLoadSync('t', [[1]], { ...options, columns: ['v'] }), /do not go together/);
  assert.throws(() => db.bulkLoadSync('t', [[5, 1]]), { code: '428C9' });
  db.bulkLoadSync('t', [[5, 1]], { overrideIdentity: true });
  assert.deepEqual(rowsOf(db, 'SELECT * FROM t'), [[5, 1]]);
});

test('join: part of the open transaction, undone alone when it fails', async () => {
  using db = openSync(':memory:');
  await assert.rejects(db.bulkLoad('t', [[1]], { join: true }), { code: '25P01' });
  const txn = db.begin();
  db.exec('CREATE TABLE t (id int PRIMARY KEY, v int); CREATE INDEX ON t (v)');
  await assert.rejects(
    db.bulkLoad(
      't',
      [
        [1, 1],
        [1, 2],
      ],
      { join: true },
    ),
    { code: '23505' },
  );
  await db.bulkLoad(
    't',
    [
      [1, 1],
      [2, 2],
    ],
    { join: true, indexes: 'rebuild' },
  );
  assert.deepEqual(rowsOf(db, 'SELECT v FROM t ORDER BY v'), [[1], [2]]);
  txn.commit();
  assert.deepEqual(db.check().findings, []);
});
