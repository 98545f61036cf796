/** Materialised views WITH NO DATA over reopening, in dumps, and in plans that were made before. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  }
  return 'none';
}

const read = (db: Database): string => code(() => db.query('SELECT * FROM m'));

test('a materialised view without data stays one until REFRESH', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-unpopulated-'));
  try {
    const path = join(folder, 'a.ddb');
    const first = openSync(path);
    first.exec('CREATE MATERIALIZED VIEW m AS SELECT 1 AS a WITH NO DATA; CREATE UNIQUE INDEX mi ON m (a)');
    first.close();
    const db = openSync(path);
    assert.equal(read(db), '55000');
    const copy = openSync(':memory:');
    const script = db.schemaScript();
    for (const sql of [...script.before, ...script.after]) copy.exec(sql);
    assert.equal(read(copy), '55000', 'the dump has none either');
    copy.close();
    db.exec('REFRESH MATERIALIZED VIEW m');
    const statement = db.prepare('SELECT a FROM m WHERE a = $1');
    assert.deepEqual(statement.all(1), [{ a: 1 }]);
    db.exec('BEGIN; REFRESH MATERIALIZED VIEW m WITH NO DATA');
    assert.equal(
      code(() => statement.all(1)),
      '55000',
      'a plan from before',
    );
    db.exec('ROLLBACK');
    assert.deepEqual(statement.all(1), [{ a: 1 }]);
    db.exec('REFRESH MATERIALIZED VIEW m WITH NO DATA');
    assert.equal(
      code(() => statement.all(1)),
      '55000',
    );
    assert.equal(db.check().ok, true);
    db.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
