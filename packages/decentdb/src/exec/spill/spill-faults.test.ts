/** Statements that spill, on disks that fail under them: an error, no file left open, and the database goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../../base/errors.ts';
import { type Database, openSync } from '../../index.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import type { VfsFile } from '../../vfs/vfs.ts';

/** Temporary files whose calls are counted; call number `failing` fails. */
class FailingVfs extends MemoryVfs {
  opened = 0;
  calls = 0;
  failing = -1;

  override openTemporary(near: string): VfsFile {
    const file = super.openTemporary(near);
    this.opened++;
    const { writeAt, readAt, close } = file;
    const count = (code: string): void => {
      if (this.calls++ === this.failing) throw new DecentDbError(code, 'the disk failed');
    };
    file.writeAt = (bytes, offset) => {
      count('53100');
      writeAt.call(file, bytes, offset);
    };
    file.readAt = (bytes, offset) => {
      count('58030');
      return readAt.call(file, bytes, offset);
    };
    file.close = () => {
      this.opened--;
      close.call(file);
    };
    return file;
  }
}

const STATEMENTS = [
  'SELECT k, name, count(*) FROM t GROUP BY CUBE (k, name)',
  'SELECT count(DISTINCT name), sum(DISTINCT id) FROM t',
  "SELECT k % 2, string_agg(name, ',' ORDER BY name DESC, id) FROM t GROUP BY 1",
  'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY name) FROM t',
  'SELECT id, sum(k) OVER (), max(name) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) FROM t',
  'SELECT id, sum(k) OVER (ORDER BY k % 2) FROM t',
  'WITH kept AS MATERIALIZED (SELECT k, name FROM t) SELECT count(*), (SELECT max(name) FROM kept) FROM kept',
];

/** What they keep of the rows they change goes to files. */
const WRITES = [
  "UPDATE t SET name = name || '!', k = k + 1 RETURNING *",
  "UPDATE t SET name = b.name || '?' FROM t b WHERE b.id = t.id + 1 RETURNING b.name, t.id",
  'DELETE FROM t USING t b WHERE b.id = t.id AND b.k % 2 = 0 RETURNING b.name, t.id',
  'INSERT INTO t SELECT id + 10000, k, name FROM t RETURNING *',
];

function filled(vfs: FailingVfs): Database {
  const db = openSync('db', { vfs });
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, k int, name text);
    INSERT INTO t SELECT g, g % 3001, md5(g::text) FROM generate_series(1, 6000) g;
    SET work_mem = '64kB'`);
  return db;
}

test('the disk fails while a statement spills', () => {
  const vfs = new FailingVfs();
  using db = filled(vfs);
  for (const sql of STATEMENTS) {
    vfs.calls = 0;
    vfs.failing = -1;
    const want = db.prepare(sql).values();
    const { calls } = vfs;
    assert.ok(calls > 3, `${sql} spills`);
    assert.equal(vfs.opened, 0, sql);
    for (let at = 0; at < calls; at += Math.max(1, Math.floor(calls / 8))) {
      vfs.calls = 0;
      vfs.failing = at;
      assert.throws(
        () => db.prepare(sql).values(),
        { name: 'DecentDbError', message: 'the disk failed' },
        sql,
      );
      assert.equal(vfs.opened, 0, sql);
    }
    vfs.failing = -1;
    assert.deepEqual(db.prepare(sql).values(), want, sql);
    const rows = db.prepare(sql).iterate();
    rows.next();
    rows.return?.();
    assert.equal(vfs.opened, 0, `${sql} closed early`);
  }
});

test('the disk fails while a write spills: no row has changed, alone or behind a savepoint', () => {
  const vfs = new FailingVfs();
  using db = filled(vfs);
  const rows = (): unknown => {
    vfs.failing = -1;
    return db.prepare('SELECT count(*), sum(k), sum(id), sum(hashtext(name)) FROM t').values();
  };
  const before = rows();
  for (const sql of WRITES) {
    db.exec('BEGIN');
    vfs.calls = 0;
    db.prepare(sql).values();
    const { calls } = vfs;
    assert.ok(calls > 3, `${sql} spills`);
    const changed = rows();
    assert.notDeepEqual(changed, before, sql);
    db.exec('ROLLBACK');
    for (let at = 0; at < calls; at += Math.max(1, Math.floor(calls / 6)))
      for (const isInside of [false, true]) {
        if (isInside) db.exec('BEGIN; SAVEPOINT here');
        vfs.calls = 0;
        vfs.failing = at;
        assert.throws(() => db.prepare(sql).values(), { message: 'the disk failed' }, sql);
        if (isInside) db.exec('ROLLBACK TO here');
        assert.equal(vfs.opened, 0, sql);
        assert.deepEqual(rows(), before, `${sql}, call ${at}`);
        if (isInside) db.exec('COMMIT');
      }
  }
  assert.deepEqual(db.check().findings, []);
});
