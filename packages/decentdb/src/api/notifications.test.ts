/** LISTEN and NOTIFY within a process: at commit, to everybody, once, never after a rollback. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { open } from './async-database.ts';
import { Database } from './database.ts';
import type { Notification } from './notifications.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function heard(): { readonly log: string[]; readonly note: (n: Notification) => void } {
  const log: string[] = [];
  return { log, note: ({ channel, payload }) => log.push(`${channel} ${payload}`) };
}

test('told at commit, in order, once for equal ones, not inside the statement', async () => {
  const db = new Database(':memory:');
  const { log, note } = heard();
  const stop = db.listen('jobs', note);
  db.exec("NOTIFY jobs, 'one'");
  assert.deepEqual(log, []);
  await settle();
  assert.deepEqual(log, ['jobs one']);
  db.exec("BEGIN; NOTIFY jobs, 'a'; NOTIFY other; NOTIFY jobs, 'b'; NOTIFY jobs, 'a'");
  db.notify('jobs', 'c');
  await settle();
  assert.deepEqual(log, ['jobs one']);
  db.exec('COMMIT');
  await settle();
  assert.deepEqual(log.slice(1), ['jobs a', 'jobs b', 'jobs c']);
  stop();
  db.notify('jobs', 'later');
  await settle();
  assert.equal(log.length, 4);
});

test('a rollback, whole or to a savepoint, or a failed statement tells nothing', async () => {
  const db = new Database(':memory:');
  const { log, note } = heard();
  db.listen('c', note);
  db.exec("BEGIN; NOTIFY c, 'lost'; ROLLBACK");
  db.exec("BEGIN; NOTIFY c, 'kept'; SAVEPOINT s; NOTIFY c, 'undone'; ROLLBACK TO s");
  assert.throws(() =>
    db.query("SELECT pg_notify('c', 'failed'), 1 / (g - 1) FROM generate_series(1, 1) AS g"),
  );
  db.exec('COMMIT');
  await settle();
  assert.deepEqual(log, ['c kept']);
});

test('SQL LISTEN counts from its commit and ends with UNLISTEN, DISCARD ALL and close', async () => {
  const db = new Database(':memory:');
  const { log, note } = heard();
  db.onNotification(note);
  db.exec("BEGIN; LISTEN x; ROLLBACK; NOTIFY x, 'no'");
  await settle();
  db.exec("LISTEN x; LISTEN y; NOTIFY x, '1'; NOTIFY y, '2'");
  await settle();
  db.exec("UNLISTEN x; NOTIFY x, '3'; NOTIFY y, '4'");
  await settle();
  db.exec('UNLISTEN *');
  db.exec("NOTIFY y, '5'");
  await settle();
  assert.deepEqual(log, ['x 1', 'y 2', 'y 4']);
});

test('names and payloads have limits', () => {
  const db = new Database(':memory:');
  const refused = (action: () => unknown, message: RegExp): void => {
    assert.throws(
      action,
      (error) => error instanceof DecentDbError && error.code === '22023' && message.test(error.message),
    );
  };
  refused(() => db.query("SELECT pg_notify('', 'x')"), /empty/);
  refused(() => db.notify('x'.repeat(64)), /channel name too long/);
  db.notify('x'.repeat(63), 'y'.repeat(7999));
  refused(() => db.notify('x', 'y'.repeat(8000)), /payload string too long/);
});

test('asynchronous connections hear each other when the commit is durable', async () => {
  const db = await open('/n.ddb', { vfs: new MemoryVfs() });
  const { log, note } = heard();
  db.listen('c', note);
  await db.exec('CREATE TABLE t (a int)');
  await db.transaction(async (tx) => {
    await tx.query('INSERT INTO t VALUES (1)');
    await tx.query("SELECT pg_notify('c', 'in')");
    await settle();
    assert.deepEqual(log, []);
  });
  await db.notify('c', 'alone');
  await settle();
  assert.deepEqual(log, ['c in', 'c alone']);
  await db.close();
});
