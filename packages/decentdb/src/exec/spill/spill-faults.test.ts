/** Statements that spill, on disks that fail under them: an error, no file left open, and the database goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../../base/errors.ts';
import { openSync } from '../../index.ts';
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
];

test('the disk fails while a statement spills', () => {
  const vfs = new FailingVfs();
  using db = openSync('db', { vfs });
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, k int, name text);
    INSERT INTO t SELECT g, g % 3001, md5(g::text) FROM generate_series(1, 6000) g;
    SET work_mem = '64kB'`);
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
