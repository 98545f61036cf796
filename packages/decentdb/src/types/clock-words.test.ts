/** 'now' in a statement is the time of each run, whatever of the statement was kept from the run before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../api/database.ts';

test('texts that speak of the clock are read anew each time', () => {
  const db = openSync(':memory:');
  const one = (sql: string): string =>
    db.query<string[]>(sql, [], { rowMode: 'array', format: 'text' }).rows[0]?.[0] as string;
  db.exec('CREATE TABLE t (a timestamptz); CREATE DOMAIN moment AS timestamptz');
  const asked = [
    "SELECT 'now'::timestamptz",
    "SELECT timestamptz 'now'",
    "SELECT 'now'::moment",
    "SELECT ('{now}'::timestamptz[])[1]",
    "SELECT upper('[2000-01-01,now]'::tstzrange)",
    "SELECT greatest('now', now())",
    "INSERT INTO t VALUES ('now') RETURNING a",
    "INSERT INTO t SELECT 'now' RETURNING a",
  ];
  for (const sql of asked) {
    const first = one(sql);
    const between = one('SELECT clock_timestamp()');
    const second = one(sql);
    assert.ok(first <= between && between <= second, `${sql}: ${first}, ${between}, ${second}`);
  }
  assert.equal(one("SELECT 'today'::date = current_date AND 'tomorrow'::date = current_date + 1"), 't');
  assert.equal(one("SELECT 'call me now'::text"), 'call me now');
  db.close();
});

test('literals follow the time zone and the date style of each run', () => {
  const db = openSync(':memory:');
  const one = (sql: string): string =>
    db.query<string[]>(sql, [], { rowMode: 'array', format: 'text' }).rows[0]?.[0] as string;
  const asked = "SELECT '2020-01-01 10:00'::timestamptz AT TIME ZONE 'UTC' || ' ' || '01/02/2020'::date";
  db.exec("SET TimeZone = 'UTC'");
  assert.equal(one(asked), '2020-01-01 10:00:00 2020-01-02');
  db.exec("SET TimeZone = 'Europe/Berlin'; SET DateStyle = 'ISO, DMY'");
  assert.equal(one(asked), '2020-01-01 09:00:00 2020-02-01');
  db.close();
});
