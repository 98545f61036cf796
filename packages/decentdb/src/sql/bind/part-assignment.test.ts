/** Assignment to parts of columns: the answers are PostgreSQL's (PGlite), asked the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';

const SCRIPT = `
CREATE TYPE pair AS (x int, y text);
CREATE TYPE nest AS (p pair, l int[]);
CREATE TABLE t (id int PRIMARY KEY, a int[], m int[][], p pair, n nest, ps pair[], j jsonb, v varchar(3)[]);
INSERT INTO t VALUES (1, '{1,2,3}', '{{1,2},{3,4}}', '(1,a)', NULL, NULL, '{"a": {"b": 1}}', '{abc}');
INSERT INTO t VALUES (2);
UPDATE t SET a[2] = 20;
UPDATE t SET a[5] = 50 WHERE id = 1;
UPDATE t SET a[-1] = 7 WHERE id = 1;
UPDATE t SET a[1] = 11, a[2] = '12' WHERE id = 2;
UPDATE t SET a[2:3] = '{8,9,10}' WHERE id = 1;
UPDATE t SET a[2:3] = '{8}' WHERE id = 1;
UPDATE t SET a[:2] = '{5,6,7,8}' WHERE id = 1;
UPDATE t SET a[3:2] = '{5}' WHERE id = 1;
UPDATE t SET m[1][2] = 9 WHERE id = 1;
UPDATE t SET m[3][1] = 9 WHERE id = 1;
UPDATE t SET m[1] = 9 WHERE id = 1;
UPDATE t SET m[1:2][1:1] = '{{7},{8}}' WHERE id = 1;
UPDATE t SET m[2][1:2] = '{{1,2},{3,4}}' WHERE id = 2;
UPDATE t SET a[NULL] = 1;
UPDATE t SET a[1] = 'x';
UPDATE t SET p.x = 5, p.y = 'z';
UPDATE t SET p.q = 5;
UPDATE t SET id.q = 5;
UPDATE t SET n.p.y = 'deep', n.l[2] = 3;
UPDATE t SET ps[2].x = 4;
UPDATE t SET j['a']['b'] = '2', j['c'] = '[1]';
UPDATE t SET j['c'][3] = '"x"', j['d'][1]['k'] = 'null' WHERE id = 1;
UPDATE t SET j['c']['z'] = '1' WHERE id = 1;
UPDATE t SET v[1] = 'abcd';
UPDATE t SET v[2] = 'xyz';
UPDATE t SET a = '{1}', a[2] = 3;
UPDATE t SET (a[1], p.x) = (SELECT 100, 200) WHERE id = 2;
INSERT INTO t (id, a[1], a[3], p.y, n.l[1:2], j['k']) VALUES (3, 1, 3, 'ins', '{1,2}', '5'), (4, '5', NULL, 'q', '{3,4}', '{"a": 1}');
INSERT INTO t (id, a[2], p.x) SELECT 5, 6, 7;
INSERT INTO t (id, a, a[2]) VALUES (6, '{1}', 2);
INSERT INTO t (id, a[1]) VALUES (1, 77) ON CONFLICT (id) DO UPDATE SET a[9] = excluded.a[1];
SELECT * FROM t ORDER BY id`;

test('array elements, slices, fields and jsonb members are assigned as PostgreSQL assigns them', async () => {
  const pg = await PGlite.create();
  const db = openSync(':memory:');
  for (const sql of SCRIPT.split(';')) {
    const ours = ((): string => {
      try {
        db.query(sql);
        return JSON.stringify(db.query('SELECT t::text FROM t ORDER BY id').rows);
      } catch (error) {
        if (error instanceof DecentDbError) return `${error.code} ${error.message}`;
        throw error;
      }
    })();
    let theirs: string;
    try {
      await pg.query(sql);
      theirs = JSON.stringify((await pg.query('SELECT t::text FROM t ORDER BY id')).rows);
    } catch (error) {
      theirs = `${(error as { code: string }).code} ${(error as Error).message}`;
    }
    assert.equal(ours, theirs, sql);
  }
  db.close();
  await pg.close();
});
