/** Details of constraint errors show values as the session prints them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

test('details follow DateStyle, on the single-row paths and in batches', () => {
  using db = openSync(':memory:');
  db.exec(`SET datestyle TO 'German'; CREATE TABLE t (d date UNIQUE, x int NOT NULL, CHECK (x > 0));
    CREATE TABLE c (d date REFERENCES t (d)); INSERT INTO t VALUES ('2020-05-01', 1)`);
  const cases: readonly (readonly [sql: string, detail: string])[] = [
    ["INSERT INTO t VALUES ('2020-05-01', 1)", 'Key (d)=(01.05.2020) already exists.'],
    ["INSERT INTO t VALUES ('2020-05-02', NULL)", 'Failing row contains (02.05.2020, null).'],
    ["INSERT INTO t VALUES ('2020-05-03', -1)", 'Failing row contains (03.05.2020, -1).'],
    ["INSERT INTO t SELECT '2020-05-01'::date, 1", 'Key (d)=(01.05.2020) already exists.'],
    ["INSERT INTO c VALUES ('2021-02-03')", 'Key (d)=(03.02.2021) is not present in table "t".'],
  ];
  for (const [sql, detail] of cases) assert.throws(() => db.exec(sql), { detail }, sql);
});
