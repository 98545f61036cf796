/** SET TIME ZONE with a number: hours east, shown as a POSIX name; PostgreSQL's values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

test('numbers are hours east of Greenwich', () => {
  const db = openSync(':memory:');
  const row = (sql: string): unknown => db.query(sql, [], { rowMode: 'array', format: 'text' }).rows[0];
  for (const [set, shown, time] of [
    ['TIME ZONE 10.5', '<+10:30>-10:30', '2014-05-29 02:52:35+10:30'],
    ['TIME ZONE -8', '<-08>+08', '2014-05-28 08:22:35-08'],
    [`timezone TO '2'`, '<+02>-02', '2014-05-28 18:22:35+02'],
    ['timezone TO 0', '<+00>-00', '2014-05-28 16:22:35+00'],
  ]) {
    db.exec(`SET ${set}`);
    assert.deepEqual(row('SHOW timezone'), [shown]);
    assert.deepEqual(row(`SELECT timestamptz '2014-05-28 12:22:35-04'`), [time]);
  }
  db.close();
});
