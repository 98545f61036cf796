import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RowField, RowKind } from '../../catalog/catalog-rows.ts';
import { catalogTree } from '../../catalog/catalog-store.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import { Database } from '../database.ts';
import { recover, recoverSync } from './recover.ts';
import { assertNothingWrong, countOf, destroy, missing, rescue } from './rescue.test.kit.ts';
import { makeSpecimen, mapPages, SOURCE, TABLES, TARGET, wholeContent } from './specimen.test.kit.ts';

test('a sound database is recovered whole', () => {
  const disk = makeSpecimen();
  const { report, content } = rescue(disk);
  assert.deepEqual(report.findings, []);
  assert.equal(report.isComplete, true);
  const whole = wholeContent(disk);
  for (const table of TABLES)
    assert.deepEqual([...content.get(table)!].sort(), [...whole.get(table)!].sort());
});

test('C4: without either copy of the header everything is found again', () => {
  for (const pageSize of [512, 4096]) {
    const disk = makeSpecimen({ pageSize });
    const whole = wholeContent(disk);
    const bytes = disk.files.get(SOURCE)!.bytes();
    bytes.fill(0, 0, 1024);
    if (pageSize === 4096) bytes.fill(0, 4096, 8192);
    const { report, content } = rescue(disk);
    assertNothingWrong(whole, content, `pages of ${pageSize}`);
    for (const table of TABLES) assert.deepEqual(missing(whole, content, table), [], `pages of ${pageSize}`);
    assert.match(report.findings[0]!.message, /both copies of the file header are damaged/);
  }
});

test('rows of dropped tables never fill the gaps of another one', () => {
  const disk = makeSpecimen();
  const whole = wholeContent(disk);
  const map = mapPages(disk);
  assert.ok(map.trunks.size > 0);
  for (const [page, { table }] of map.rowsOn) {
    if (table !== 'plain') continue;
    let copy = destroy(disk, page, map.pageBytes);
    for (const trunk of map.trunks) copy = destroy(copy, trunk, map.pageBytes);
    const { report, content, lost } = rescue(copy);
    assertNothingWrong(whole, content, `page ${page} and the free list`);
    assert.ok(report.findings.some(({ message }) => /list of free pages/.test(message)));
    assert.ok(lost.length > 0, 'what may be of use is in lost_and_found');
  }
});

test('one damaged copy of the header costs nothing', () => {
  for (const at of [0, 512]) {
    const disk = makeSpecimen();
    disk.files
      .get(SOURCE)!
      .bytes()
      .fill(0xff, at + 20, at + 60);
    assert.equal(rescue(disk).report.isComplete, true);
  }
});

test('S5: a file cut at many places keeps what is before the cut', () => {
  const disk = makeSpecimen();
  const whole = wholeContent(disk);
  const map = mapPages(disk);
  const length = disk.files.get(SOURCE)!.length;
  for (let at = length - 100; at > 1024; at -= 1700) {
    const copy = disk.clone();
    copy.files.get(SOURCE)!.resize(at);
    const { report, content, lost } = rescue(copy);
    const what = `cut at ${at}`;
    assertNothingWrong(whole, content, what);
    assert.equal(report.isComplete, false, what);
    if ([...map.catalog].some((page) => (page + 1) * map.pageBytes > at)) continue;
    let expected = 0;
    for (const [page, { rows }] of map.rowsOn) if ((page + 1) * map.pageBytes <= at) expected += rows.length;
    const kept = countOf(content);
    assert.equal(kept + lost.length, expected, what);
  }
});

test('a damaged log gives the state before the damage, a lost log that of the last checkpoint', () => {
  const disk = makeSpecimen({ isKilled: true });
  const whole = wholeContent(disk);
  const { report, content } = rescue(disk.clone());
  assert.equal(report.isComplete, true);
  for (const table of TABLES) assert.deepEqual(missing(whole, content, table), []);
  const logs = [...disk.files.keys()].filter(
    (path) => path.includes('-wal-') && disk.files.get(path)!.length > 0,
  );
  assert.ok(logs.length > 0);
  for (const damage of ['lost', 'header', 'middle']) {
    const copy = disk.clone();
    for (const log of logs) {
      const data = copy.files.get(log)!;
      if (damage === 'lost') copy.files.delete(log);
      else data.bytes().fill(0x5a, damage === 'header' ? 0 : 1500, damage === 'header' ? 1024 : 1600);
    }
    const after = rescue(copy);
    // The checkpoint came before the deletes and the update: nothing of what is there now is missing but what they wrote.
    assert.deepEqual(missing(whole, after.content, 'plain'), [], damage);
    assert.deepEqual(missing(whole, after.content, 'visit'), [], damage);
    assert.equal(missing(whole, after.content, 'person').length > 0, true, damage);
  }
});

test('rows that refer to lost rows stay; the foreign key is NOT VALID', () => {
  const disk = makeSpecimen();
  const map = mapPages(disk);
  const [page] = [...map.rowsOn].find(([, { table }]) => table === 'person')!;
  const copy = destroy(disk, page, map.pageBytes);
  const vfs = new MemoryVfs(copy);
  const report = recoverSync(SOURCE, TARGET, { vfs });
  assert.ok(report.findings.some(({ message }) => /was added NOT VALID/.test(message)));
  const db = new Database(TARGET, { vfs });
  const [row] = db.query("SELECT convalidated FROM pg_constraint WHERE contype = 'f'").rows;
  assert.equal(row?.['convalidated'], false);
  db.close();
});

test('sequences, views and indexes come along', () => {
  const disk = makeSpecimen();
  const vfs = new MemoryVfs(disk);
  recoverSync(SOURCE, TARGET, { vfs });
  const db = new Database(TARGET, { vfs });
  db.exec('INSERT INTO visit (person) VALUES (1)');
  assert.equal(db.query('SELECT max(id) AS m FROM visit').rows[0]?.['m'], 121);
  assert.equal(db.query('SELECT count(*) AS n FROM names').rows[0]?.['n'], 60);
  assert.equal(db.query("SELECT 1 FROM pg_class WHERE relname = 'person_name'").rowCount, 1);
  db.close();
});

test('a recovery can be watched and stopped, and leaves nothing then', async () => {
  const disk = makeSpecimen();
  const vfs = new MemoryVfs(disk);
  const phases = new Set<string>();
  await recover(SOURCE, TARGET, { vfs, progress: ({ phase }) => phases.add(phase) });
  assert.deepEqual([...phases], ['pages', 'rows']);
  const abort = new AbortController();
  const names = [...disk.files.keys()].sort();
  await assert.rejects(
    recover(SOURCE, 'other.ddb', { vfs, signal: abort.signal, progress: () => abort.abort() }),
    { code: '57014' },
  );
  assert.deepEqual([...disk.files.keys()].sort(), names);
  await assert.rejects(recover(SOURCE, TARGET, { vfs }), { code: '58P02' });
  await assert.rejects(recover(SOURCE, SOURCE, { vfs, overwrite: true }), { code: '55006' });
  await assert.rejects(recover('none.ddb', 'other.ddb', { vfs }), { code: '58P01' });
  disk.create('text.ddb').write(new TextEncoder().encode('no database'.repeat(1000)), 0);
  await assert.rejects(recover('text.ddb', 'other.ddb', { vfs }), { code: '58030' });
});

test('functions in SQL come along; roles, grants and triggers are named as left out', () => {
  const disk = new MemoryDisk();
  const vfs = new MemoryVfs(disk);
  const db = new Database(SOURCE, { vfs, pageSize: 512 });
  db.exec('CREATE TABLE t (id int PRIMARY KEY, n int)');
  db.exec('CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql AS $$ SELECT 2 * x $$');
  db.exec('CREATE ROLE reader');
  db.exec('GRANT SELECT ON t TO reader');
  db.exec('INSERT INTO t SELECT i, i FROM generate_series(1, 40) AS g(i)');
  db.close();
  const report = recoverSync(SOURCE, TARGET, { vfs });
  assert.equal(report.isComplete, true);
  assert.deepEqual(
    report.findings.map(({ kind, message }) => `${kind}: ${message}`),
    ['omitted: roles "reader", owners and grants of 1 objects are not carried over'],
  );
  const again = new Database(TARGET, { vfs });
  assert.equal(again.query('SELECT twice(n) AS d FROM t WHERE id = 4').rows[0]?.['d'], 8);
  again.close();
});

test('a hostile definition costs its table its place, not its rows', () => {
  for (const [what, change] of [
    ['a default that calls what is not there', '"defaultSql":"no_such_function()"'],
    ['a default that is no SQL', '"defaultSql":"(("'],
  ] as const) {
    const disk = new MemoryDisk();
    const vfs = new MemoryVfs(disk);
    const db = new Database(SOURCE, { vfs });
    db.exec('CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT 7)');
    db.exec('INSERT INTO t SELECT i, i FROM generate_series(1, 40) AS g(i)');
    const { engine } = db.session;
    const write = engine.beginWrite();
    const tree = catalogTree(write.meta.catalogRoot);
    const position = new TreePosition();
    const key = [RowKind.column, 16384, 2];
    assert.ok(tree.get(write, key, position));
    const old = String(tree.datum(write, position.leaf!, position.index, RowField.definition));
    const text = old.replace(/"defaultSql":"[^"]*"/, change);
    assert.notEqual(text, old);
    tree.update(write, key, [RowField.definition], [text]);
    write.setSchemaCookie(write.meta.schemaCookie + 1);
    write.commit();
    db.close();
    const report = recoverSync(SOURCE, TARGET, { vfs, overwrite: true });
    assert.equal(report.isComplete, false, what);
    assert.equal(report.tables[0]?.rows, 40, what);
    assert.match(report.findings[0]?.message ?? '', /made without defaults and generated columns/, what);
  }
});
