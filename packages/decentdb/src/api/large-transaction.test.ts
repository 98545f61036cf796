import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSync } from './database.ts';

/** A database whose transactions may keep 200 kB in memory. */
function withSmallMemory(run: (path: string, open: () => ReturnType<typeof openSync>) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'decentdb-large-'));
  const path = join(directory, 't.ddb');
  try {
    run(path, () => openSync(path, { pageSize: 4096, transactionBytesMax: 200_000, cacheBytes: 1 << 20 }));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Pages of the open transaction have gone to the log. */
const hasSpilled = (db: ReturnType<typeof openSync>): boolean =>
  db.session.transaction?.write?.spill.isOpen === true;

const sums = 'SELECT count(*)::int AS n, sum(v)::int AS s, count(DISTINCT t)::int AS d FROM big';

test('AC-P3.4: INSERT, UPDATE and DELETE many times the memory of a transaction, in one transaction', () => {
  withSmallMemory((_path, open) => {
    let db = open();
    db.exec('CREATE TABLE big (id int PRIMARY KEY, v int, t text); CREATE INDEX big_t ON big (t)');
    db.exec('BEGIN');
    db.exec("INSERT INTO big SELECT i, i % 100, 'text number ' || i FROM generate_series(1, 30000) AS i");
    assert.equal(hasSpilled(db), true, 'INSERT gave up memory on the way');
    db.exec('SAVEPOINT s');
    db.exec('UPDATE big SET v = v + 1');
    db.exec('DELETE FROM big WHERE id > 100');
    assert.deepEqual(db.query(sums).rows, [{ n: 100, s: 5050, d: 100 }]);
    db.exec('ROLLBACK TO s');
    assert.deepEqual(db.query(sums).rows, [{ n: 30000, s: 1_485_000, d: 30000 }]);
    db.exec('UPDATE big SET v = 7 WHERE id % 2 = 0');
    db.exec('COMMIT');
    const log = db.stats().log?.activeBytes ?? 0;
    assert.ok(log > 500_000, `the pages went through the log (${log})`);
    const expected = [{ n: 30000, s: 15000 * 7 + 750_000, d: 30000 }];
    assert.deepEqual(db.query(sums).rows, expected);
    assert.deepEqual(db.check().findings, []);
    db.close();
    db = open();
    assert.deepEqual(db.query(sums).rows, expected);
    db.close();
  });
});

test('AC-P3.4: single-row statements in one large transaction, rolled back and then committed', () => {
  withSmallMemory((_path, open) => {
    const db = open();
    db.exec('CREATE TABLE big (id int PRIMARY KEY, v int, t text)');
    const insert = db.prepare('INSERT INTO big VALUES ($1, $2, $3)');
    const fill = (isKept: boolean): void => {
      const tx = db.begin();
      for (let i = 1; i <= 20000; i++) insert.run(i, i % 10, `value ${i}`);
      assert.equal(hasSpilled(db), true);
      if (isKept) tx.commit();
      else tx.rollback();
    };
    fill(false);
    assert.deepEqual(db.query(sums).rows, [{ n: 0, s: null, d: 0 }]);
    fill(true);
    assert.deepEqual(db.query(sums).rows, [{ n: 20000, s: 90000, d: 20000 }]);
    assert.deepEqual(db.check().findings, []);
    db.close();
  });
});

test('AC-P3.4: CREATE TABLE AS and CREATE INDEX larger than the memory of a transaction', () => {
  withSmallMemory((_path, open) => {
    const db = open();
    db.exec(
      "CREATE TABLE big AS SELECT i AS id, i % 10 AS v, 'value ' || i AS t FROM generate_series(1, 20000) AS i",
    );
    db.exec('CREATE INDEX ON big (t)');
    db.exec('ALTER TABLE big ALTER COLUMN v TYPE bigint');
    assert.deepEqual(db.query(sums).rows, [{ n: 20000, s: 90000, d: 20000 }]);
    assert.deepEqual(db.check().findings, []);
    db.close();
  });
});
