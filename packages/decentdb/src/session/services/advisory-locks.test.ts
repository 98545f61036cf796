/** Advisory locks between two connections. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../../api/database.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';

test('one connection holds a lock, the other asks', () => {
  const vfs = new MemoryVfs();
  const a = new Database('/l.ddb', { vfs });
  const storage = { engine: a.session.engine, close: () => {} };
  const b = new Database('/l.ddb', { vfs }, { storage, groupCommits: false });
  const ask = (db: Database, call: string): unknown =>
    db.query<unknown[]>(`SELECT ${call}`, [], { rowMode: 'array' }).rows[0]?.[0];
  ask(a, 'pg_advisory_lock(7)');
  ask(a, 'pg_advisory_lock(7)');
  assert.equal(ask(b, 'pg_try_advisory_lock(7)'), false);
  assert.equal(ask(b, 'pg_try_advisory_lock(0, 7)'), true);
  assert.throws(() => ask(b, 'pg_advisory_lock(7)'), { code: '55P03' });
  assert.equal(ask(a, 'pg_advisory_unlock(7)'), true);
  assert.equal(ask(b, 'pg_try_advisory_lock(7)'), false);
  assert.equal(ask(a, 'pg_advisory_unlock(7)'), true);
  assert.equal(ask(a, 'pg_advisory_unlock(7)'), false);
  assert.equal(ask(b, 'pg_try_advisory_lock_shared(7)'), true);
  assert.equal(ask(a, 'pg_try_advisory_lock_shared(7)'), true);
  assert.equal(ask(a, 'pg_try_advisory_lock(7)'), false);
  ask(a, 'pg_advisory_unlock_all()');
  b.exec('BEGIN');
  ask(b, 'pg_advisory_xact_lock(9)');
  assert.equal(ask(a, 'pg_try_advisory_xact_lock(9)'), false);
  b.exec('COMMIT');
  assert.equal(ask(a, 'pg_try_advisory_lock(9)'), true);
  b.close();
  assert.equal(ask(a, 'pg_try_advisory_lock(7)'), true);
  a.close();
});
