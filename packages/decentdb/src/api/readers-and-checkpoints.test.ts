import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import type { StorageOptions } from '../txn/engine-options.ts';
import { openStorage, type StorageHandle } from '../txn/open-storage.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { Database, openSync } from './database.ts';

setVerify(true);

/** A database under a clock that stands still until told. */
class Clocked {
  nowMs = 0;
  readonly storage: StorageHandle;
  readonly db: Database;

  constructor(options: StorageOptions = {}) {
    this.storage = openStorage('c.ddb', { vfs: new MemoryVfs(), now: () => this.nowMs, ...options });
    this.db = new Database('c.ddb', {}, { storage: this.storage, groupCommits: false });
    this.db.exec('CREATE TABLE t (id int PRIMARY KEY, v text)');
    this.db.exec("INSERT INTO t SELECT i, 'value ' || i FROM generate_series(1, 20000) i");
  }

  /** What the timer would do now. */
  tick(): void {
    while (this.storage.engine.maintenance.tick());
  }

  /** The same, and what it began off the event loop. */
  async settle(): Promise<void> {
    this.tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('AC-001.2: iterators, snapshots and statements of an expired reader fail, and new reads work', async () => {
  const clocked = new Clocked({ readerTimeoutMs: 100, cacheBytes: 100_000 });
  const { db } = clocked;
  const statement = db.prepare<{ id: number; v: string }>('SELECT * FROM t ORDER BY id');
  const rows = statement.iterate();
  assert.equal(rows.next().value?.id, 1);
  const snapshot = db.snapshot();
  const prepared = snapshot.prepare('SELECT count(*)::int AS n FROM t');
  assert.deepEqual(prepared.get(), { n: 20000 });
  assert.equal(
    db.query('SELECT * FROM sys.readers WHERE snapshot > 0').rows.length,
    3,
    'both and the query itself',
  );
  clocked.nowMs = 101;
  clocked.tick();
  await Promise.resolve();
  let seen = 1;
  assert.throws(
    () => {
      for (const { id, v } of rows) {
        assert.equal(v, `value ${id}`);
        seen = id;
      }
    },
    { code: '25P05' },
  );
  assert.ok(seen < 20000);
  assert.deepEqual(rows.next(), { done: true, value: undefined });
  assert.throws(() => prepared.get(), { code: '25P05' });
  assert.throws(() => snapshot.query('SELECT v FROM t WHERE id = 7'), { code: '25P05' });
  assert.deepEqual(db.query('SELECT v FROM t WHERE id = 7').rows, [{ v: 'value 7' }]);
  assert.equal([...statement.iterate()].length, 20000, 'the statement itself is as good as before');
  snapshot.close();
  assert.deepEqual(db.stats().readers, []);
  assert.equal(db.stats().readersExpired, 2);
  db.close();
});

test('AC-001.6: a reader over the warning age is told of once, counted, and goes on', () => {
  const clocked = new Clocked({ readerWarnMs: 1000 });
  const { db, storage } = clocked;
  const told: number[] = [];
  storage.engine.maintenance.listeners.add((reader) => told.push(reader.id));
  const snapshot = db.snapshot();
  clocked.nowMs = 999;
  clocked.tick();
  assert.deepEqual(told, []);
  clocked.nowMs = 1001;
  clocked.tick();
  clocked.tick();
  assert.equal(told.length, 1);
  assert.equal(db.stats().readersWarned, 1);
  assert.deepEqual(db.query('SELECT is_over_warning FROM sys.readers WHERE age_ms > 0').rows, [
    { is_over_warning: true },
  ]);
  assert.equal(snapshot.query('SELECT count(*)::int AS n FROM t').rows[0]?.['n'], 20000);
  snapshot.close();
  db.close();
});

test('checkpoints come by age, by statement and by size, and old commits do not wait for new ones', async () => {
  const clocked = new Clocked({ checkpointIntervalMs: 5000 });
  const { db } = clocked;
  const done = (): number => db.query<{ n: number }>('SELECT completed AS n FROM sys.checkpoints').rows[0]!.n;
  clocked.nowMs = 4999;
  await clocked.settle();
  assert.equal(done(), 0);
  clocked.nowMs = 5001;
  await clocked.settle();
  assert.equal(done(), 1);
  clocked.nowMs = 20_000;
  await clocked.settle();
  assert.equal(done(), 1, 'nothing was committed since');
  db.exec("INSERT INTO t VALUES (0, 'zero')");
  db.exec('CHECKPOINT');
  assert.equal(done(), 2);
  db.exec('BEGIN');
  db.exec("INSERT INTO t VALUES (-1, 'minus one')");
  db.exec('CHECKPOINT');
  db.exec('COMMIT');
  assert.equal(db.query('SELECT count(*)::int AS n FROM t').rows[0]?.['n'], 20002);
  const { rows } = db.query(
    'SELECT checkpointed_lsn < published_lsn AS behind FROM sys.checkpoints, sys.log',
  );
  assert.deepEqual(rows, [{ behind: true }]);
  db.close();
});

test('sys views of storage answer, and say the same as stats()', () => {
  const { db } = new Clocked();
  const stats = db.stats();
  assert.deepEqual(db.query('SELECT durability, published_lsn FROM sys.log').rows, [
    { durability: stats.durability, published_lsn: stats.publishedLsn },
  ]);
  assert.equal(db.query('SELECT bytes_max FROM sys.cache').rows[0]?.['bytes_max'], stats.cache.bytesMax);
  assert.deepEqual(db.query('SELECT name, is_held FROM sys.locks ORDER BY rank').rows, [
    { name: 'writer', is_held: false },
    { name: 'checkpoint', is_held: false },
    { name: 'log', is_held: false },
    { name: 'readers', is_held: false },
  ]);
  assert.deepEqual(db.query('SELECT waiting, is_busy, unpublished FROM sys.write_queue').rows, [
    { waiting: 0, is_busy: false, unpublished: 0 },
  ]);
  db.exec('BEGIN; DELETE FROM t WHERE id = 1');
  assert.deepEqual(db.query("SELECT is_held FROM sys.locks WHERE name = 'writer'").rows, [{ is_held: true }]);
  db.exec('ROLLBACK');
  db.close();
});

test('ACID-003: after any error the connection begins and commits again', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, v int CHECK (v < 100))');
  const failing = [
    'INSERT INTO t VALUES (1, 100)',
    'INSERT INTO t VALUES (1, 1), (1, 2)',
    'SELECT 1/0',
    'INSERT INTO nowhere VALUES (1)',
    'CREATE TABLE t (x int)',
    'nonsense',
  ];
  for (const isInside of [false, true]) {
    for (const sql of failing) {
      const work = db.transaction(() => {
        db.exec('INSERT INTO t VALUES (50, 1)');
        db.exec(sql);
      });
      assert.throws(() => (isInside ? work() : db.exec(sql)), sql);
      db.exec('BEGIN; INSERT INTO t VALUES (7, 7); DELETE FROM t WHERE id = 7; COMMIT');
      assert.deepEqual(db.query('SELECT * FROM t').rows, [], sql);
      assert.deepEqual(db.stats().locksHeld, []);
      assert.deepEqual(db.stats().readers, []);
    }
  }
  db.close();
});
