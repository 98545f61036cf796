import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setVerify } from '../base/assert.ts';
import { type AsyncDatabase, open } from './async-database.ts';
import type { OpenOptions } from './options.ts';

setVerify(true);

async function withDatabase(
  run: (db: AsyncDatabase) => Promise<void>,
  options: OpenOptions = {},
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'decentdb-async-'));
  const db = await open(join(directory, 'a.ddb'), options);
  try {
    await db.exec('CREATE TABLE t (id int PRIMARY KEY, v int)');
    await run(db);
    assert.deepEqual((await db.check()).findings, []);
  } finally {
    await db.close();
    rmSync(directory, { recursive: true });
  }
}

const count = async (db: AsyncDatabase): Promise<unknown> =>
  (await db.query<{ n: number }>('SELECT count(*)::int AS n FROM t')).rows[0]?.n;

test('64 writers at once: all there, in order, in few syncs, read by whoever was acknowledged', async () => {
  await withDatabase(async (db) => {
    const groupsBefore = db.stats().writeQueue.groups;
    await Promise.all(
      Array.from({ length: 64 }, async (_, i) => {
        for (let k = 0; k < 5; k++) {
          await db.query('INSERT INTO t VALUES ($1, $2)', [i * 5 + k, i]);
          const { rows } = await db.query('SELECT v FROM t WHERE id = $1', [i * 5 + k]);
          assert.deepEqual(rows, [{ v: i }], 'a writer reads what it was told is committed');
        }
      }),
    );
    assert.equal(await count(db), 320);
    const { groups } = db.stats().writeQueue;
    assert.ok(groups - groupsBefore <= 40, `${groups - groupsBefore} syncs for 320 commits`);
    const { rows } = await db.query('SELECT joined >= 250 AS ok, waiting FROM sys.write_queue');
    assert.deepEqual(rows, [{ ok: true, waiting: 0 }]);
  });
});

test('an error fails its own statement only', async () => {
  await withDatabase(async (db) => {
    const writes = [1, 2, 2, 3].map((id) => db.query('INSERT INTO t VALUES ($1, 0)', [id]));
    const results = await Promise.allSettled(writes);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal((results[2] as PromiseRejectedResult).reason.code, '23505');
    assert.equal(await count(db), 3);
  });
});

test('a transaction owns the writer: others wait, and see all of it or nothing', async () => {
  await withDatabase(async (db) => {
    const log: string[] = [];
    const tx = db.transaction(async (tx) => {
      await tx.query('INSERT INTO t VALUES (1, 1)');
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`inside ${(await tx.query('SELECT count(*)::int AS n FROM t')).rows[0]?.['n']}`);
      await tx.query('INSERT INTO t VALUES (2, 2)');
    });
    const other = db.query('UPDATE t SET v = v + 10').then((r) => log.push(`other ${r.affectedRows}`));
    log.push(`before ${await count(db)}`);
    await Promise.all([tx, other]);
    assert.deepEqual(log, ['before 0', 'inside 1', 'other 2']);
  });
});

test('a transaction that throws is rolled back; a nested one is a savepoint', async () => {
  await withDatabase(async (db) => {
    await assert.rejects(
      db.transaction(async (tx) => {
        await tx.query('INSERT INTO t VALUES (1, 1)');
        throw new Error('no');
      }),
      { message: 'no' },
    );
    assert.equal(await count(db), 0);
    await db.transaction(async (tx) => {
      await tx.query('INSERT INTO t VALUES (1, 1)');
      const inner = tx.transaction(async () => {
        await tx.query('INSERT INTO t VALUES (2, 2)');
        await tx.query('INSERT INTO t VALUES (1, 1)');
      });
      await assert.rejects(inner, { code: '23505' });
      await tx.query('INSERT INTO t VALUES (3, 3)');
    });
    assert.deepEqual((await db.query('SELECT id FROM t ORDER BY id')).rows, [{ id: 1 }, { id: 3 }]);
    let late: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      late = new Promise((resolve) => setImmediate(resolve)).then(() =>
        tx.query('INSERT INTO t VALUES (9, 9)'),
      );
    });
    await assert.rejects(late, { code: '25P01' });
  });
});

test('using the database inside its own transaction is an explained error, not a deadlock', async () => {
  await withDatabase(async (db) => {
    await db.transaction(async (tx) => {
      await assert.rejects(db.query('INSERT INTO t VALUES (1, 1)'), { code: '25001' });
      await assert.rejects(
        db.transaction(async () => {}),
        { code: '25001' },
      );
      await tx.query('INSERT INTO t VALUES (2, 2)');
    });
    await db.query('INSERT INTO t VALUES (3, 3)');
    assert.equal(await count(db), 2);
    await assert.rejects(db.exec('BEGIN'), { code: '25001' });
    await assert.rejects(db.query('BEGIN'), { code: '0A000' });
    await db.query('INSERT INTO t VALUES (4, 4)');
  });
});

test("the function of a transaction keeps its caller's asynchronous context", async () => {
  await withDatabase(async (db) => {
    const mine = new AsyncLocalStorage<string>();
    const seen = await Promise.all(
      ['a', 'b'].map((name) => mine.run(name, () => db.transaction(async () => mine.getStore()))),
    );
    assert.deepEqual(seen, ['a', 'b']);
  });
});

test('L6: the queue has a bound, a timeout and a way out', async () => {
  await withDatabase(
    async (db) => {
      let release = (): void => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const holding = db.transaction(async (tx) => {
        await tx.query('INSERT INTO t VALUES (1, 1)');
        await gate;
      });
      const abort = new AbortController();
      const aborted = db.query('INSERT INTO t VALUES (2, 2)', [], { signal: abort.signal });
      const timed = db.query('INSERT INTO t VALUES (3, 3)', [], { timeoutMs: 5 });
      await assert.rejects(db.query('INSERT INTO t VALUES (4, 4)'), { code: '53300' });
      abort.abort();
      await assert.rejects(aborted, { code: '57014' });
      await assert.rejects(timed, { code: '55P03' });
      assert.throws(() => db.sync.exec('INSERT INTO t VALUES (5, 5)'), { code: '55P03' });
      release();
      await holding;
      await db.query('INSERT INTO t VALUES (6, 6)');
      assert.deepEqual((await db.query('SELECT id FROM t ORDER BY id')).rows, [{ id: 1 }, { id: 6 }]);
      assert.equal(db.stats().writeQueue.timeouts, 1);
    },
    { writeQueueMax: 2 },
  );
});

test('synchronous and asynchronous writers take turns', async () => {
  await withDatabase(async (db) => {
    const first = db.query('INSERT INTO t VALUES (1, 1)');
    db.sync.exec('INSERT INTO t VALUES (2, 2)');
    assert.deepEqual(db.sync.query('SELECT id FROM t ORDER BY id').rows, [{ id: 1 }, { id: 2 }]);
    const open = db.sync.begin('immediate');
    const waiting = db.query('INSERT INTO t VALUES (3, 3)');
    open.query('INSERT INTO t VALUES (4, 4)');
    open.commit();
    await Promise.all([first, waiting]);
    assert.equal(await count(db), 4);
  });
});

test('a statement that runs too long is cancelled; the next one is not', async () => {
  await withDatabase(async (db) => {
    const endless = 'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b';
    await assert.rejects(db.query(endless, [], { timeoutMs: 5 }), { code: '57014' });
    assert.equal(await count(db), 0);
  });
});

test('connections of one file write in turns, rows by key too', async () => {
  await withDatabase(async (db) => {
    const other = await open(db.path);
    const writes = Array.from({ length: 60 }, (_, i) =>
      (i % 2 === 0 ? db : other).query('INSERT INTO t VALUES ($1, $2)', [i, i]),
    );
    await Promise.all(writes);
    await other.close();
    assert.equal(await count(db), 60);
  });
});

test('a connection has settings, prepared names and advisory locks of its own, and the same tables', async () => {
  await withDatabase(async (db) => {
    const other = db.connection();
    await db.exec("SET TimeZone = 'Asia/Tokyo'; PREPARE p AS SELECT 1");
    await db.query('SELECT pg_advisory_lock(1)');
    assert.deepEqual((await other.query('SHOW TimeZone')).rows, [{ TimeZone: 'UTC' }]);
    assert.deepEqual((await other.query('SELECT name FROM pg_prepared_statements')).rows, []);
    assert.deepEqual((await other.query('SELECT pg_try_advisory_lock(1) AS is_mine')).rows, [
      { is_mine: false },
    ]);
    await Promise.all([db, other].map((one, i) => one.query('INSERT INTO t VALUES ($1, 0)', [i])));
    assert.equal(await count(other), 2);
    db.function('twice', { args: ['int4'], returns: 'int4' }, (n) => (n as number) * 2);
    const third = other.connection();
    for (const one of [db, other, third])
      assert.deepEqual((await one.query('SELECT twice(21) AS n')).rows, [{ n: 42 }]);
    // What would wait for the caller's own transaction is refused, through whichever connection.
    await db.transaction(() => assert.rejects(other.query('DELETE FROM t'), { code: '25001' }));
    await other.close();
    await assert.rejects(other.query('SELECT 1'), { code: '08003' });
    assert.equal(await count(db), 2);
  });
  const db = await open(':memory:');
  const left = db.connection();
  await left.exec('CREATE TABLE t (id int PRIMARY KEY)');
  assert.equal(await count(db), 0);
  await db.close();
  await assert.rejects(left.query('SELECT * FROM t'), { code: '08003' });
  await left.close();
});

test('what a script or a transaction sets holds for the reads after it, as do values of sequences and prepared names', async () => {
  await withDatabase(async (db) => {
    const one = async (sql: string): Promise<unknown> =>
      Object.values((await db.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];
    const hour = () => one("SELECT extract(hour FROM timestamptz '2020-01-01 00:00Z')::int");
    await db.exec(
      "CREATE SCHEMA app; CREATE TABLE app.t (a int); SET search_path = app; SET TimeZone = 'Asia/Tokyo'",
    );
    assert.deepEqual(
      (await db.query('SELECT * FROM t')).fields.map(({ name }) => name),
      ['a'],
    );
    assert.equal(await hour(), 9);
    await db.transaction((tx) => tx.exec("SET TimeZone = 'Asia/Kolkata'; SET LOCAL search_path = public"));
    assert.equal(await hour(), 5);
    assert.equal(await one('SHOW search_path'), 'app');
    const failed = db.transaction(async (tx) => {
      await tx.exec("SET TimeZone = 'UTC'");
      throw new Error('mine');
    });
    await assert.rejects(failed, /mine/);
    assert.equal(await hour(), 5);
    assert.equal(await one("SELECT set_config('TimeZone', 'UTC', false)"), 'UTC');
    assert.equal(await hour(), 0);
    await db.query('CREATE SEQUENCE s START 7');
    await db.query('CREATE VIEW next AS SELECT nextval($$s$$) AS n');
    assert.equal(await one('SELECT n FROM next'), 7);
    assert.equal(await one("SELECT currval('s')"), 7);
    assert.equal(await one('SELECT lastval()'), 7);
    await db.query("CREATE FUNCTION last() RETURNS bigint LANGUAGE sql AS $$ SELECT currval('s') $$");
    assert.equal(await one('SELECT last()'), 7);
    await db.query('CREATE FUNCTION same() RETURNS bigint STABLE LANGUAGE sql AS $$ SELECT last() $$');
    assert.equal(await one('SELECT same()'), 7);
    await db.transaction((tx) => tx.query('SELECT pg_advisory_lock(1)'));
    assert.equal(await one('SELECT count(*)::int FROM pg_locks'), 1);
    assert.equal(await one('SELECT pg_advisory_unlock(1)'), true);
    await db.query('PREPARE p AS SELECT 1');
    assert.equal(await one('SELECT name FROM pg_prepared_statements'), 'p');
    await db.query('DISCARD ALL');
    assert.equal(await one('SHOW search_path'), '"$user", public');
    // Under a search path without the sequence the function cannot be understood, under the next one it writes.
    await db.query('CREATE SEQUENCE public.drawn');
    await db.query(
      "CREATE FUNCTION public.draw() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('drawn') $$",
    );
    await db.query('SET search_path = app');
    await assert.rejects(db.query('SELECT public.draw()'), { code: '42P01' });
    await db.query('SET search_path = app, public');
    assert.equal(await one('SELECT public.draw()'), 1);
  });
});

test('settings hold for reads and writes; streams read one snapshot; batches are one transaction', async () => {
  await withDatabase(async (db) => {
    await db.query("SET TimeZone = 'Asia/Tokyo'");
    assert.deepEqual((await db.query('SHOW TimeZone')).rows, [{ TimeZone: 'Asia/Tokyo' }]);
    const results = await db.batch([
      'INSERT INTO t SELECT i, i FROM generate_series(1, 3000) i',
      ['UPDATE t SET v = $1 WHERE id = 1', [7]],
    ]);
    assert.deepEqual(
      results.map((r) => r.affectedRows),
      [3000, 1],
    );
    await assert.rejects(db.batch(['DELETE FROM t', 'INSERT INTO nowhere VALUES (1)']), { code: '42P01' });
    let sum = 0;
    for await (const row of db.stream<{ v: number }>('SELECT v FROM t ORDER BY id', [], { batchRows: 100 })) {
      if (sum === 0) await db.query('DELETE FROM t WHERE id > 1500');
      sum += row.v;
    }
    assert.equal(sum, (3000 * 3001) / 2 + 6);
    assert.equal(await count(db), 1500);
    const statement = await db.prepare<{ v: number }>('SELECT v FROM t WHERE id = ?');
    assert.deepEqual(await statement.get(1), { v: 7 });
    assert.equal((await db.sql`SELECT ${20}::int + ${22}::int AS n`).rows[0]?.['n'], 42);
  });
});

test('deferred durability: flushed is the barrier; closing loses nothing', async () => {
  await withDatabase(
    async (db) => {
      await db.query('INSERT INTO t VALUES (1, 1)');
      const { log, publishedLsn } = db.stats();
      assert.ok((log?.durableLsn ?? 0) < publishedLsn);
      await db.flushed;
      assert.equal(db.stats().log?.durableLsn, publishedLsn);
      assert.equal(await db.checkpoint(), true);
      assert.equal(await db.checkpoint(), false);
    },
    { durability: 'deferred' },
  );
});

test('close ends what waits with a clear error, and what was committed is durable', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'decentdb-async-'));
  const path = join(directory, 'a.ddb');
  const db = await open(path);
  await db.exec('CREATE TABLE t (id int PRIMARY KEY, v int)');
  const committed = db.query('INSERT INTO t VALUES (1, 1)');
  await db.close();
  await committed;
  await assert.rejects(db.query('SELECT 1'));
  const again = await open(path);
  assert.equal(await count(again), 1);
  await again.close();
  rmSync(directory, { recursive: true });
});

test('a transaction whose connection was closed is told so: closing undid it', async () => {
  await withDatabase(async (db) => {
    for (const command of ['', 'ROLLBACK']) {
      const other = db.connection();
      let goOn: () => void = () => {};
      const gate = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const closed = gate.then(() => other.close());
      const done = other.transaction(async (tx) => {
        await tx.query('INSERT INTO t VALUES (1, 1)');
        if (command !== '') await tx.exec(command);
        goOn();
        await closed;
        if (command === '') await assert.rejects(tx.query('SELECT 1'), { code: '08003' });
      });
      if (command === '') await assert.rejects(done, { code: '08003' });
      else await done;
      assert.equal(await count(db), 0);
    }
  });
});

test('a connection that is closed has its writes durable and seen; none is made while the database closes', async () => {
  const db = await open(':memory:');
  await db.exec('CREATE TABLE t (id int)');
  const other = db.connection();
  const heard: string[] = [];
  other.onNotification(({ payload }) => heard.push(payload));
  await other.query('LISTEN news');
  await db.notify('news', 'one');
  await new Promise((resolve) => setImmediate(resolve));
  const written = other.query('INSERT INTO t SELECT 1');
  await other.close();
  assert.equal(await count(db), 1);
  await written;
  await assert.rejects(other.query('INSERT INTO t VALUES (2)'), { code: '08003' });
  await db.notify('news', 'two');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(heard, ['one'], 'a connection that is closed listens no more');
  const closing = db.close();
  assert.throws(() => db.connection(), { code: '08003' });
  await closing;
});
