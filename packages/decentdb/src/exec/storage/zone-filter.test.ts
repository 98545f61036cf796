/** Filters give the same rows whether zones may skip leaves or (hidden in an expression) not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../index.ts';
import { random, testSeed } from '../expr.test.kit.ts';
import { ZoneFilter } from './zone-filter.ts';

const COLUMNS = ['id', 'i', 'b', 'f', 'n', 'd', 'ts'];
const hidden: Readonly<Record<string, string>> = {
  d: '(d + 0)',
  ts: "(ts + interval '0')",
};

function filled(rows: number): Database {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, i int, b bigint, f float8, n numeric(12, 2), d date, ts timestamp);
    INSERT INTO t SELECT g, g / 3, CASE WHEN g % 5000 < 2500 THEN NULL WHEN g > 9000 THEN 9007199254740993 + g ELSE g * 1000 END,
      g / 4.0, (g - 5000)::numeric / 100, date '2020-01-01' + g / 10,
      timestamp '2020-01-01' + g * interval '1 minute' FROM generate_series(1, ${rows}) g`);
  return db;
}

function literals(g: number): Readonly<Record<string, string>> {
  return {
    id: `${g}`,
    i: `${Math.floor(g / 3)}`,
    b: g > 9000 ? `${9007199254740993n + BigInt(g)}` : `${g * 1000}`,
    f: g % 50 === 0 ? `'Infinity'::float8` : `${g / 4}::float8`,
    n: `${(g - 5000) / 100}::numeric(12, 2)`,
    d: `(date '2020-01-01' + ${Math.floor(g / 10)})`,
    ts: `(timestamp '2020-01-01' + interval '${g} minutes')`,
  };
}

test('skipping leaves changes no answer, in snapshots and among own changes', () => {
  const next = random(testSeed());
  using db = filled(12_000);
  const compare = (): void => {
    for (let round = 0; round < 60; round++) {
      const column = COLUMNS[Math.floor(next() * COLUMNS.length)]!;
      const bound = (): string => literals(Math.floor(next() * 12_500))[column]!;
      const plain = hidden[column] ?? `(${column} + 0)`;
      const op = ['<', '<=', '=', '>=', '>', 'in', 'null'][Math.floor(next() * 7)]!;
      const condition =
        op === 'in' ? `IN (${bound()}, ${bound()})` : op === 'null' ? 'IS NULL' : `${op} ${bound()}`;
      const sql = (left: string): string =>
        `SELECT count(*), min(id), sum(i) FROM t WHERE ${left} ${condition}`;
      assert.deepEqual(db.prepare(sql(column)).values(), db.prepare(sql(plain)).values(), sql(column));
      const far = literals(Math.floor(next() * 12_500));
      const either = (left: string, other: string): string =>
        `SELECT count(*), min(id), sum(i) FROM t
         WHERE ${left} ${condition} OR (${other} > ${far['i']!} AND ${other} <= ${far['i']!} + 40 AND id % 2 = 0)`;
      assert.deepEqual(
        db.prepare(either(column, 'i')).values(),
        db.prepare(either(plain, '(i + 0)')).values(),
        either(column, 'i'),
      );
    }
  };
  compare();
  db.exec(
    'BEGIN; UPDATE t SET i = 100000 - i, n = n * 2 WHERE id % 97 = 0; DELETE FROM t WHERE id % 1000 < 300',
  );
  compare();
  db.exec('COMMIT');
  compare();
});

test('leaves that cannot match are not decoded', () => {
  using db = filled(12_000);
  const plan = db
    .prepare('EXPLAIN ANALYZE SELECT count(*) FROM t WHERE ts < $1')
    .values('2020-01-01 00:05:00');
  assert.match(plan.map((row) => row[0]).join('\n'), /Rows Removed by Filter: 1199\d/);
});

test('an OR leaves out the leaves that none of its branches can match', () => {
  using db = filled(12_000);
  const { excludes } = ZoneFilter.prototype;
  const seen = { leaves: 0, excluded: 0 };
  ZoneFilter.prototype.excludes = function (this: ZoneFilter, leaf) {
    const is = excludes.call(this, leaf);
    seen.leaves++;
    if (is) seen.excluded++;
    return is;
  };
  try {
    const count = (where: string): unknown =>
      db.prepare(`SELECT count(*) FROM t WHERE ${where}`).values()[0]![0];
    assert.equal(count('i < 10 OR (i >= 3000 AND i < 3010)'), 29 + 30);
    assert.ok(seen.leaves > 5 && seen.excluded >= seen.leaves - 4, JSON.stringify(seen));
    seen.excluded = 0;
    assert.equal(count('i < 10 OR i % 2 = 7'), 29);
    assert.equal(seen.excluded, 0);
  } finally {
    ZoneFilter.prototype.excludes = excludes;
  }
});
