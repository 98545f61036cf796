import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { setVerify } from '../base/assert.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { openSync } from './database.ts';
import {
  DAMAGED_FLOATS,
  DAMAGED_ROWS,
  DAMAGED_TABLES,
  damagedFloat,
  OLD_FILES,
} from './old-files.test.kit.ts';

setVerify(true);

/** The files on a disk of their own, and the format version that the header names. */
function diskOf(files: Readonly<Record<string, string>>): { disk: MemoryDisk; version: number } {
  const disk = new MemoryDisk();
  let version = 0;
  for (const [path, text] of Object.entries(files)) {
    const bytes = inflateRawSync(Buffer.from(text, 'base64'));
    if (path === 'old.ddb') version = bytes.readUInt32LE(12);
    const file = new MemoryVfs(disk).open(path, 'create');
    file.writeAt(bytes, 0);
    file.close();
  }
  return { disk, version };
}

for (const [name, files] of Object.entries(OLD_FILES)) {
  test(`U1: a file of ${name} opens, answers and takes writes`, () => {
    const { disk, version } = diskOf(files);
    assert.equal(version, name.startsWith('format 2') ? 2 : 1);
    const vfs = new MemoryVfs(disk);
    for (const mode of ['readOnly', 'open', 'open'] as const) {
      const db = openSync('old.ddb', { vfs, mode });
      const one = (sql: string): unknown => db.prepare(sql).pluck().get();
      assert.deepEqual(
        db.query(
          'SELECT count(*)::int AS n, sum(people)::int AS people, max(m) AS m, sum(price) AS price FROM city',
        ).rows,
        [{ n: 119, people: 363_000 - 99 * 50 + 40, m: 'happy', price: '1790.25' }],
      );
      assert.deepEqual(
        db.query('SELECT name, tags, doc, at::date::text AS at FROM city WHERE id = 40').rows,
        [{ name: 'city of river 40 upon hill', tags: ['t1', 'u'], doc: { n: 40 }, at: '2024-02-10' }],
      );
      assert.equal(one("SELECT count(*)::int FROM city WHERE name LIKE '%upon%'"), 4);
      assert.equal(one("SELECT count(*)::int FROM city WHERE tags @> ARRAY['t2']"), 40);
      assert.equal(one('SELECT count(*)::int FROM road_rest'), 50);
      assert.equal(one('SELECT count(*)::int FROM big'), 59);
      assert.equal(one('SELECT twice(21)'), 42);
      assert.deepEqual(db.check().findings, []);
      if (mode !== 'readOnly') {
        assert.equal(Number(one("SELECT nextval('s')")) > 5, true);
        db.exec(
          "INSERT INTO city VALUES (500, 'new river', 9000); DELETE FROM city WHERE id = 500; CHECKPOINT",
        );
        assert.throws(() => db.exec("INSERT INTO city VALUES (501, 'x', -1)"), { code: '23514' });
      }
      db.close();
    }
  });
}

test('floats of an early build that were multiplied too far are what was stored: in scans, by index, and after changes', () => {
  const { disk } = diskOf(DAMAGED_FLOATS);
  const vfs = new MemoryVfs(disk);
  for (const mode of ['readOnly', 'open', 'open'] as const) {
    const db = openSync('old.ddb', { vfs, mode });
    for (const table of DAMAGED_TABLES) {
      const stored = Array.from({ length: DAMAGED_ROWS }, (_, i) => damagedFloat(table, i + 1));
      assert.deepEqual(db.prepare(`SELECT f FROM ${table} ORDER BY id`).pluck().all(), stored, table);
      const sorted = [...stored].sort((a, b) => a - b);
      assert.deepEqual(db.prepare(`SELECT f FROM ${table} ORDER BY f`).pluck().all(), sorted, table);
      const byId = db.prepare(`SELECT f FROM ${table} WHERE id = $1`).pluck();
      const byNumber = db.prepare(`SELECT id FROM ${table} WHERE f = $1`).pluck();
      for (const id of [1, 2, 3, 60]) {
        const number = damagedFloat(table, id);
        assert.equal(byId.get(id), number);
        assert.ok(byNumber.all(number).includes(id as never), `${table} ${id}`);
      }
      // Leaves are written anew, with the large numbers in them.
      if (mode !== 'readOnly') db.exec(`UPDATE ${table} SET f = f + 0 WHERE id > 60; CHECKPOINT`);
    }
    assert.deepEqual(db.check().findings, []);
    db.close();
  }
});
