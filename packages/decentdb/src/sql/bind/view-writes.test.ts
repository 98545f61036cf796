/** Writes through views, RETURNING of old and new rows, MERGE in WITH: PostgreSQL (PGlite) is asked the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';

const SCRIPT = `
CREATE TABLE t (id int PRIMARY KEY, n int, s text);
CREATE TABLE other (n int);
INSERT INTO other VALUES (10), (20);
CREATE VIEW base AS SELECT id, n, s FROM t WHERE n > 0;
CREATE VIEW plain AS SELECT id, n FROM base WHERE n < 100;
CREATE VIEW loc AS SELECT id, n FROM base WHERE n < 100 WITH LOCAL CHECK OPTION;
CREATE VIEW casc AS SELECT id, n FROM base WHERE n < 100 WITH CASCADED CHECK OPTION;
CREATE VIEW above AS SELECT id, n FROM casc WHERE n <> 50;
CREATE VIEW sub AS SELECT id, n FROM t WHERE n IN (SELECT n FROM other) WITH CHECK OPTION;
INSERT INTO plain VALUES (1, 1000), (2, -5);
INSERT INTO loc VALUES (3, 1000);
INSERT INTO loc VALUES (4, -5);
INSERT INTO casc VALUES (5, 1000);
INSERT INTO casc VALUES (6, -5);
INSERT INTO casc VALUES (7, 7);
INSERT INTO casc VALUES (17, NULL);
INSERT INTO above VALUES (8, 50);
INSERT INTO above VALUES (9, 500);
UPDATE casc SET n = n + 99 WHERE id = 7;
UPDATE casc SET n = -1 WHERE id = 7;
UPDATE casc SET n = 99 WHERE id = 7;
UPDATE loc SET n = -1 WHERE id = 7;
INSERT INTO sub VALUES (20, 10);
INSERT INTO sub VALUES (21, 11);
UPDATE sub SET n = 20 WHERE id = 20 RETURNING old.n, new.n, n;
UPDATE sub SET n = 21 WHERE id = 20;
DELETE FROM casc;
INSERT INTO t VALUES (30, 1, 'a') RETURNING old.id, new.id, id;
INSERT INTO t VALUES (30, 2, 'b'), (31, 1, 'c') ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING old.n, new.n, s;
DELETE FROM t WHERE id = 31 RETURNING old.n, new.n, id;
WITH m AS (MERGE INTO t USING (VALUES (30, 5), (40, 6)) v (id, n) ON t.id = v.id WHEN MATCHED THEN UPDATE SET n = v.n WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.n) RETURNING merge_action(), t.id, t.n) SELECT * FROM m ORDER BY id;
SELECT * FROM t ORDER BY id`;

test('views WITH CHECK OPTION, old and new rows, MERGE in WITH answer as PostgreSQL', async () => {
  const pg = await PGlite.create();
  const db = openSync(':memory:');
  for (const sql of SCRIPT.split(';')) {
    let theirs: string;
    try {
      theirs = JSON.stringify((await pg.query(sql, [], { rowMode: 'array' })).rows);
    } catch (error) {
      const { code, message, detail } = error as { code: string; message: string; detail?: string };
      theirs = `${code} ${message} ${detail ?? ''}`;
    }
    let ours: string;
    try {
      ours = JSON.stringify(db.query(sql, [], { rowMode: 'array' }).rows);
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      ours = `${error.code} ${error.message} ${error.detail ?? ''}`;
    }
    assert.equal(ours, theirs, sql);
  }
  db.close();
  await pg.close();
});
