/** Comments on parts of objects, over reopening and in dumps. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';

const said = (db: Database): unknown =>
  db.query(
    `SELECT classoid::regclass::text AS class, objsubid, description FROM pg_description WHERE objoid >= 16384
     UNION ALL SELECT 'role', 0, description FROM pg_shdescription ORDER BY 1, 2, 3`,
  ).rows;

test('comments on columns of views, attributes, triggers, checks of domains and roles are kept and dumped', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-comments-'));
  try {
    const path = join(folder, 'a.ddb');
    const first = openSync(path);
    first.exec(`
      CREATE TYPE pt AS (x int, y text); CREATE DOMAIN dm AS int CONSTRAINT pos CHECK (VALUE > 0); CREATE ROLE amy;
      CREATE TABLE t (a int); CREATE VIEW v AS SELECT a, 1 AS one FROM t; CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
      CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
      COMMENT ON COLUMN pt.y IS 'of y'; COMMENT ON CONSTRAINT pos ON DOMAIN dm IS 'of pos'; COMMENT ON ROLE amy IS 'of amy';
      COMMENT ON COLUMN v.one IS 'of one'; COMMENT ON COLUMN m.a IS 'of m.a'; COMMENT ON TRIGGER tr ON t IS 'of tr'`);
    const before = said(first);
    assert.equal((before as unknown[]).length, 6);
    first.close();
    const db = openSync(path);
    assert.deepEqual(said(db), before);
    const copy = openSync(':memory:');
    const script = db.schemaScript();
    for (const sql of [...script.before, ...script.after]) copy.exec(sql);
    assert.deepEqual(said(copy), before);
    copy.close();
    db.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
