/** Typed tables over reopening and in dumps. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';

const facts = (db: Database): unknown => [
  db.query('SELECT * FROM t').rows,
  db.query("SELECT reloftype::regtype::text AS type FROM pg_class WHERE relname = 't'").rows,
];

test('a table of a type is one after reopening and in a dump', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-typed-'));
  try {
    const path = join(folder, 'a.ddb');
    const first = openSync(path);
    first.exec('CREATE TYPE pt AS (x int, y text); CREATE TABLE t OF pt (PRIMARY KEY (x))');
    first.exec("INSERT INTO t VALUES (1, 'a')");
    const before = facts(first);
    assert.deepEqual(before, [[{ x: 1, y: 'a' }], [{ type: 'pt' }]]);
    first.close();
    const db = openSync(path);
    assert.deepEqual(facts(db), before);
    const copy = openSync(':memory:');
    const script = db.schemaScript();
    for (const sql of script.before) copy.exec(sql);
    copy.exec("INSERT INTO t VALUES (1, 'a')");
    for (const sql of script.after) copy.exec(sql);
    assert.deepEqual(facts(copy), before);
    copy.close();
    assert.equal(db.check().ok, true);
    db.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
