/** Triggers: when they fire, in which order, what their answers do, what they may change. Orders are PostgreSQL's. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { type Database, openSync } from './database.ts';
import type { TriggerEvent } from './trigger-functions.ts';

const TRIGGER = { returns: 'trigger' };

function withTable(run: (db: Database, log: string[]) => void): void {
  const db = openSync(':memory:');
  const log: string[] = [];
  db.exec(
    'CREATE TABLE t (id int PRIMARY KEY, n int CHECK (n < 1000), s text); CREATE TABLE audit (what text)',
  );
  db.function('note', TRIGGER, (e: TriggerEvent) => {
    log.push(
      `${e.trigger} ${e.when} ${e.op} ${e.old?.['n'] ?? '-'} ${e.new?.['n'] ?? '-'}${e.args.length > 0 ? ` ${e.args}` : ''}`,
    );
  });
  try {
    run(db, log);
    assert.equal(db.check().ok, true);
  } finally {
    db.close();
  }
}

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  }
  return 'none';
}

test('row and statement triggers fire in order of time, row and name', () =>
  withTable((db, log) => {
    for (const level of ['ROW', 'STATEMENT'])
      for (const when of ['BEFORE', 'AFTER'])
        for (const name of ['b', 'a'])
          db.exec(
            `CREATE TRIGGER ${name}_${level.toLowerCase()}_${when.toLowerCase()} ${when} INSERT OR UPDATE OR DELETE ON t FOR EACH ${level} EXECUTE FUNCTION note()`,
          );
    db.exec('INSERT INTO t VALUES (1, 10), (2, 20)');
    assert.deepEqual(log.splice(0), [
      'a_statement_before before insert - -',
      'b_statement_before before insert - -',
      'a_row_before before insert - 10',
      'b_row_before before insert - 10',
      'a_row_before before insert - 20',
      'b_row_before before insert - 20',
      'a_row_after after insert - 10',
      'b_row_after after insert - 10',
      'a_row_after after insert - 20',
      'b_row_after after insert - 20',
      'a_statement_after after insert - -',
      'b_statement_after after insert - -',
    ]);
    db.exec('UPDATE t SET n = n + 1 WHERE id = 1; DELETE FROM t WHERE id = 9');
    assert.equal(
      log.filter((line) => line.includes('row_after')).join(),
      'a_row_after after update 10 11,b_row_after after update 10 11',
    );
    assert.equal(log.filter((line) => line.includes('delete')).length, 4);
  }));

test('BEFORE triggers change rows and leave rows out', () =>
  withTable((db) => {
    db.function('fix', TRIGGER, (e: TriggerEvent) => {
      if (e.op === 'delete') return e.old?.['s'] === 'keep' ? null : undefined;
      const row = e.new as Record<string, unknown>;
      if (row['n'] === 0) return null;
      if (row['n'] === 1) row['s'] = 'changed in place';
      if (row['n'] === 2) return { s: 'answered' };
      if (row['n'] === 3) return { ...row, id: 33, n: 5000 };
    });
    db.exec('CREATE TRIGGER fix BEFORE INSERT OR UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION fix()');
    const inserted = db.query(
      "INSERT INTO t SELECT i, i, 'as is' FROM generate_series(0, 2) i RETURNING id, s",
    );
    assert.deepEqual(inserted.rows, [
      { id: 1, s: 'changed in place' },
      { id: 2, s: 'answered' },
    ]);
    assert.equal(inserted.affectedRows, 2);
    assert.equal(
      code(() => db.exec('INSERT INTO t VALUES (3, 3)')),
      '23514',
    );
    assert.equal(db.query('UPDATE t SET n = 0').affectedRows, 0);
    db.exec("UPDATE t SET n = 7, s = 'keep' WHERE id = 1");
    assert.equal(db.query('DELETE FROM t').affectedRows, 1);
    assert.deepEqual(db.query('SELECT * FROM t').rows, [{ id: 1, n: 7, s: 'keep' }]);
    db.exec('INSERT INTO t VALUES (1, 8) ON CONFLICT (id) DO UPDATE SET n = 2');
    assert.deepEqual(db.query('SELECT * FROM t').rows, [{ id: 1, n: 2, s: 'answered' }]);
    db.function('fix', TRIGGER, () => ({ nosuch: 1 }));
    assert.equal(
      code(() => db.exec('INSERT INTO t VALUES (9, 9)')),
      '42703',
    );
  }));

test('a BEFORE trigger that deletes a row the statement has yet to change is told, and nothing is called damaged', () =>
  withTable((db) => {
    db.function('next_goes', TRIGGER, (e: TriggerEvent) => {
      db.query('DELETE FROM t WHERE id = $1', [Number(e.old?.['id']) + 1]);
    });
    db.exec(`INSERT INTO t SELECT i, i, 's' FROM generate_series(1, 9) i;
      CREATE TRIGGER g BEFORE UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION next_goes()`);
    for (const sql of ['DELETE FROM t', 'UPDATE t SET n = n + 1', 'DELETE FROM t WHERE n IN (2, 3)'])
      assert.equal(
        code(() => db.exec(sql)),
        '27000',
        sql,
      );
    assert.equal(db.query('SELECT * FROM t').rows.length, 9);
    db.exec('DELETE FROM t WHERE id = 9');
    assert.equal(db.query('SELECT * FROM t').rows.length, 8);
  }));

test('WHEN, UPDATE OF, arguments, ENABLE and DISABLE, OR REPLACE, DROP', () =>
  withTable((db, log) => {
    db.exec(`CREATE TRIGGER w AFTER UPDATE OF n ON t FOR EACH ROW WHEN (OLD.n IS DISTINCT FROM NEW.n) EXECUTE FUNCTION note('x', 1);
      INSERT INTO t VALUES (1, 1); UPDATE t SET s = 'no'; UPDATE t SET n = 1; UPDATE t SET n = 2`);
    assert.deepEqual(log.splice(0), ['w after update 1 2 x,1']);
    db.exec(
      'ALTER TABLE t DISABLE TRIGGER w; UPDATE t SET n = 3; ALTER TABLE t ENABLE TRIGGER w; UPDATE t SET n = 4',
    );
    assert.deepEqual(log.splice(0), ['w after update 3 4 x,1']);
    assert.equal(
      code(() => db.exec('CREATE TRIGGER w AFTER INSERT ON t EXECUTE FUNCTION note()')),
      '42710',
    );
    db.exec(
      'CREATE OR REPLACE TRIGGER w AFTER INSERT ON t EXECUTE FUNCTION note(); UPDATE t SET n = 5; INSERT INTO t VALUES (2, 2)',
    );
    assert.deepEqual(log.splice(0), ['w after insert - -']);
    db.exec('DROP TRIGGER w ON t; DROP TRIGGER IF EXISTS w ON t; INSERT INTO t VALUES (3, 3)');
    assert.deepEqual(log, []);
    for (const [sql, expected] of [
      ['DROP TRIGGER w ON t', '42704'],
      ['ALTER TABLE t DISABLE TRIGGER w', '42704'],
      ['CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION nosuch()', '42883'],
      ['CREATE TRIGGER x AFTER INSERT ON nosuch EXECUTE FUNCTION note()', '42P01'],
      ['CREATE TRIGGER x AFTER UPDATE OF q ON t EXECUTE FUNCTION note()', '42703'],
      ['CREATE TRIGGER x INSTEAD OF INSERT ON t FOR EACH ROW EXECUTE FUNCTION note()', '42809'],
      ['CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW WHEN (OLD.n = 1) EXECUTE FUNCTION note()', '42P17'],
      ['CREATE TRIGGER x AFTER INSERT ON t WHEN (NEW.n = 1) EXECUTE FUNCTION note()', '42P17'],
      ['CREATE TRIGGER x BEFORE INSERT ON t REFERENCING NEW TABLE AS r EXECUTE FUNCTION note()', '42P17'],
    ] as const)
      assert.equal(
        code(() => db.exec(sql)),
        expected,
        sql,
      );
  }));

test('trigger functions change other tables in the same transaction; their errors undo the statement', () =>
  withTable((db) => {
    db.function('audited', TRIGGER, (e: TriggerEvent) => {
      e.query('INSERT INTO audit VALUES ($1)', [`${e.op} ${e.new?.['id'] ?? e.old?.['id']}`]);
      if (e.new?.['n'] === 13) throw new Error('unlucky');
    });
    db.exec('CREATE TRIGGER a AFTER INSERT OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION audited()');
    db.exec('INSERT INTO t SELECT i, i FROM generate_series(1, 3) i; DELETE FROM t WHERE id = 2');
    assert.equal(
      code(() => db.exec('INSERT INTO t VALUES (4, 4), (5, 13)')),
      '38000',
    );
    assert.deepEqual(
      db.query('SELECT what FROM audit').rows.map((row) => row['what']),
      ['insert 1', 'insert 2', 'insert 3', 'delete 2'],
    );
    db.exec('BEGIN; INSERT INTO t VALUES (6, 6); ROLLBACK');
    assert.equal(db.query('SELECT * FROM audit').rows.length, 4);
    db.function('commits', TRIGGER, (e: TriggerEvent) => void e.query('COMMIT'));
    db.exec('CREATE TRIGGER b AFTER INSERT ON t EXECUTE FUNCTION commits()');
    assert.equal(
      code(() => db.exec('INSERT INTO t VALUES (7, 7)')),
      '2D000',
    );
  }));

test('triggers that insert into their own table: ids stay distinct, runaway recursion ends with 54001', () =>
  withTable((db) => {
    db.exec('CREATE TABLE s (id serial PRIMARY KEY, depth int); CREATE TABLE h (depth int)');
    for (const table of ['s', 'h']) {
      db.function(`again_${table}`, TRIGGER, (e: TriggerEvent) => {
        const depth = e.new?.['depth'] as number;
        if (depth < 3) e.query(`INSERT INTO ${table} (depth) VALUES ($1), ($1)`, [depth + 1]);
      });
      db.exec(
        `CREATE TRIGGER again BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION again_${table}(); INSERT INTO ${table} (depth) VALUES (0), (0)`,
      );
      assert.deepEqual(
        db.query(`SELECT depth, count(*)::int AS n FROM ${table} GROUP BY depth ORDER BY depth`).rows,
        [
          { depth: 0, n: 2 },
          { depth: 1, n: 4 },
          { depth: 2, n: 8 },
          { depth: 3, n: 16 },
        ],
      );
    }
    db.function('forever', TRIGGER, (e: TriggerEvent) => void e.query('UPDATE t SET n = n + 1'));
    db.exec('INSERT INTO t VALUES (1, 1); CREATE TRIGGER f AFTER UPDATE ON t EXECUTE FUNCTION forever()');
    assert.equal(
      code(() => db.exec('UPDATE t SET n = 2')),
      '54001',
    );
    assert.deepEqual(db.query('SELECT n FROM t').rows, [{ n: 1 }]);
  }));

test('transition tables, and rows that foreign keys change', () =>
  withTable((db, log) => {
    db.exec(`CREATE TABLE c (id int PRIMARY KEY, n int REFERENCES t ON DELETE CASCADE ON UPDATE CASCADE);
      INSERT INTO t VALUES (1, 1), (2, 2); INSERT INTO c VALUES (1, 1), (2, 1), (3, 2)`);
    db.function('moved', TRIGGER, (e: TriggerEvent) => {
      log.push(
        `${e.op} ${(e.tables['o'] ?? []).map((row) => row['n'])} > ${(e.tables['w'] ?? []).map((row) => row['n'])}`,
      );
    });
    db.exec(`CREATE TRIGGER m AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS w EXECUTE FUNCTION moved();
      CREATE TRIGGER d AFTER DELETE ON c FOR EACH ROW EXECUTE FUNCTION note();
      UPDATE t SET n = n * 10; DELETE FROM t WHERE id = 1`);
    assert.deepEqual(log, ['update 1,2 > 10,20', 'd after delete 1 -', 'd after delete 1 -']);
  }));

test('triggers outlive the session; a function nobody registered is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-trigger-'));
  try {
    const path = join(folder, 'a.ddb');
    const db = openSync(path);
    db.function('note', TRIGGER, () => undefined);
    db.exec(
      "CREATE TABLE t (a int); CREATE TRIGGER n BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION note('x')",
    );
    db.close();
    const again = openSync(path);
    assert.equal(
      code(() => again.exec('INSERT INTO t VALUES (1)')),
      '42883',
    );
    again.exec('INSERT INTO t VALUES (0)');
    again.function('note', TRIGGER, (e: TriggerEvent) => ({ a: (e.new?.['a'] as number) * 2 }));
    again.exec('INSERT INTO t VALUES (2)');
    assert.deepEqual(again.query('SELECT a FROM t ORDER BY a').rows, [{ a: 0 }, { a: 4 }]);
    again.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
