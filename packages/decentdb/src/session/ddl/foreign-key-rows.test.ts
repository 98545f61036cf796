/** Keys of rows in errors of schema changes: written as the session writes values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';

test('a key that rows break is shown in the time zone of the session', () => {
  const db = openSync(':memory:');
  db.exec(`SET TimeZone = 'Asia/Tokyo';
    CREATE TABLE p (at timestamptz PRIMARY KEY) PARTITION BY RANGE (at);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
    CREATE TABLE c (at timestamptz); INSERT INTO c VALUES ('2020-05-05 12:00+09');`);
  const add = 'ALTER TABLE c ADD FOREIGN KEY (at) REFERENCES p';
  assert.throws(() => db.exec(add), {
    code: '23503',
    detail: 'Key (at)=(2020-05-05 12:00:00+09) is not present in table "p".',
  });
  db.exec(`INSERT INTO p SELECT at FROM c; ${add}`);
  assert.throws(() => db.exec('ALTER TABLE p DETACH PARTITION p1'), {
    code: '23503',
    detail: 'Key (at)=(2020-05-05 12:00:00+09) is still referenced from table "c".',
  });
  db.close();
});
