/** Bulk loads: fast or not, every row is checked, and a load is all or nothing unless it was asked otherwise. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from './database.ts';
import type { RejectedRow } from './row-batches.ts';

function sample(): Database {
  const db = openSync(':memory:');
  db.exec(`
    CREATE TABLE kind (id int PRIMARY KEY);
    INSERT INTO kind VALUES (1), (2);
    CREATE TABLE item (
      id int PRIMARY KEY, kind int NOT NULL REFERENCES kind, name text, price numeric(8,2) CHECK (price >= 0),
      made timestamptz, twice int GENERATED ALWAYS AS (id * 2) STORED, place text DEFAULT 'here'
    );
    CREATE INDEX ON item (name);
  `);
  return db;
}

const COLUMNS = ['id', 'kind', 'name', 'price', 'made'];
const made = new Date('2020-02-02T02:02:02.020Z');
const row = (id: number): unknown[] => [id, 1 + (id % 2), id % 10 === 0 ? null : `n${id}`, id / 4, made];
const rows = (count: number): unknown[][] => Array.from({ length: count }, (_, i) => row(i));
const countOf = (db: Database): number =>
  db.query<{ n: number }>('SELECT count(*)::int AS n FROM item').rows[0]!.n;

test('rows arrive as INSERT would have them, with progress', async () => {
  using db = sample();
  const seen: number[] = [];
  const result = await db.bulkLoad('item', rows(5000), {
    columns: COLUMNS,
    batchRows: 1000,
    onProgress: ({ rows, rowsPerSec, etaMs }) => {
      assert.ok(rowsPerSec > 0 && etaMs !== null && etaMs >= 0);
      seen.push(rows);
      assert.equal(countOf(db), 0, 'others see nothing before the commit');
    },
  });
  assert.deepEqual(seen, [1000, 2000, 3000, 4000, 5000]);
  assert.equal(result.rows, 5000);
  assert.deepEqual(db.query('SELECT * FROM item WHERE id = 7').rows[0], {
    id: 7,
    kind: 2,
    name: 'n7',
    price: '1.75',
    made,
    twice: 14,
    place: 'here',
  });
  assert.equal(db.query("SELECT count(*)::int AS n FROM item WHERE name = 'n77'").rows[0]?.['n'], 1);
  assert.deepEqual(db.check().findings, []);
});

test('objects, async sources, all columns by default', async () => {
  using db = sample();
  async function* source(): AsyncGenerator<Record<string, unknown>> {
    for (let id = 0; id < 10; id++) yield { name: `o${id}`, id, kind: 1 };
  }
  assert.equal((await db.bulkLoad('public.item', source(), { batchRows: 3 })).rows, 10);
  assert.deepEqual(db.query('SELECT id, name, place FROM item WHERE id = 9').rows, [
    { id: 9, name: 'o9', place: 'here' },
  ]);
  db.bulkLoadSync('item', [[20, 1, 'all', 1, null, 'there']]);
  assert.equal(db.query('SELECT place FROM item WHERE id = 20').rows[0]?.['place'], 'there');
  db.exec('CREATE TABLE doc (j jsonb, tags text[])');
  db.bulkLoadSync('doc', [
    { j: [1, { a: 2 }], tags: ['x', 'y'] },
    { j: null, tags: [] },
  ]);
  assert.deepEqual(db.query('SELECT * FROM doc').rows, [
    { j: [1, { a: 2 }], tags: ['x', 'y'] },
    { j: null, tags: [] },
  ]);
});

test('abort: the row is named and nothing stays', async () => {
  using db = sample();
  const bad: [unknown[], string][] = [
    [[3000, 9, 'x', 1, null], '23503'],
    [[3000, 1, 'x', -1, null], '23514'],
    [[5, 1, 'x', 1, null], '23505'],
    [[3000, null, 'x', 1, null], '23502'],
    [[3000, 1, 'x', 'much', null], '22P02'],
    [[3000, 1, 'x', undefined, null], '22023'],
    [[3000, 1, 'x'], '22023'],
  ];
  for (const [row, code] of bad) {
    const load = db.bulkLoad('item', [...rows(2500), row], { columns: COLUMNS, batchRows: 512 });
    await assert.rejects(load, (error: { code: string; detail: string }) => {
      assert.equal(error.code, code);
      assert.match(error.detail, /Row 2501 of the load/);
      return true;
    });
    assert.equal(countOf(db), 0);
  }
  assert.throws(() => db.bulkLoadSync('nosuch', []) && db.bulkLoadSync('nosuch', [[1]]), { code: '42P01' });
  assert.throws(() => db.bulkLoadSync('item; DROP TABLE item', [[1]]), { code: '22023' });
  assert.throws(() => db.bulkLoadSync('item', [{ idd: 1 }]), { code: '42703' });
  assert.throws(() => db.bulkLoadSync('item', [], { onerror: 'skip' } as object), /unknown option/);
});

test('skip: good rows arrive, bad ones are handed over with their error', () => {
  using db = sample();
  const source = rows(3000);
  source[17] = [17, 9, 'x', 1, null];
  source[1700] = [1699, 1, 'again', 1, null];
  source[2999] = [2999];
  const rejected: RejectedRow[] = [];
  const result = db.bulkLoadSync('item', source, {
    columns: COLUMNS,
    onError: 'skip',
    onReject: (one) => rejected.push(one),
  });
  assert.deepEqual([result.rows, result.rejected], [2997, 3]);
  assert.deepEqual(
    rejected.map(({ index, error }) => [index, error.code]).sort((a, b) => Number(a[0]) - Number(b[0])),
    [
      [17, '23503'],
      [1700, '23505'],
      [2999, '22023'],
    ],
  );
  assert.equal(countOf(db), 2997);
});

test('cancelled: nothing stays; with commitEveryRows whole batches do', async () => {
  using db = sample();
  const stop = new AbortController();
  const choices = { columns: COLUMNS, batchRows: 100, signal: stop.signal };
  const onProgress = ({ rows }: { rows: number }): void => {
    if (rows >= 500) stop.abort();
  };
  await assert.rejects(db.bulkLoad('item', rows(2000), { ...choices, onProgress }), { code: '57014' });
  assert.equal(countOf(db), 0);
  const again = new AbortController();
  const load = db.bulkLoad('item', rows(2000), {
    ...choices,
    signal: again.signal,
    commitEveryRows: 200,
    onProgress: ({ rows }) => {
      if (rows >= 500) again.abort();
    },
  });
  await assert.rejects(load, { code: '57014' });
  assert.equal(countOf(db), 400);
});

test('inside a transaction: bulkLoadSync belongs to it, bulkLoad is refused', async () => {
  using db = sample();
  const txn = db.begin();
  await assert.rejects(db.bulkLoad('item', rows(3)), { code: '25001' });
  db.bulkLoadSync('item', rows(10), { columns: COLUMNS });
  assert.throws(() =>
    db.bulkLoadSync('item', [...rows(30).slice(10), row(3)], { columns: COLUMNS, batchRows: 7 }),
  );
  assert.equal(countOf(db), 10);
  txn.rollback();
  assert.equal(countOf(db), 0);
});

test('appender: batches are written as they fill, close writes the rest', () => {
  using db = sample();
  {
    using appender = db.appender('item', { columns: COLUMNS, batchRows: 4 });
    for (const one of rows(10)) appender.append(one);
    assert.equal(appender.rows, 8);
    assert.equal(countOf(db), 8);
  }
  assert.equal(countOf(db), 10);
  const appender = db.appender('item', { columns: COLUMNS });
  appender.append(row(100)).append(row(5));
  assert.throws(() => appender.close(), { code: '23505' });
  assert.equal(countOf(db), 10);
  assert.throws(() => appender.append(row(101)), /closed/);
  assert.throws(() => db.appender('nosuch'), { code: '42P01' });
});
