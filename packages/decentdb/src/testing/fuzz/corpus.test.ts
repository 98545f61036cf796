/**
 * The smallest case of everything that fuzzing files has found.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../../api/database.ts';
import { recoverSync } from '../../api/recover/recover.ts';
import type { PageNo } from '../../base/ids.ts';
import { RowField, RowKind } from '../../catalog/catalog-rows.ts';
import { catalogTree } from '../../catalog/catalog-store.ts';
import { viewOf } from '../../pager/page-layout.ts';
import { PageKind } from '../../pager/page-node.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import { TreeNode } from '../../tree/tree-node.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import { logPaths } from '../../wal/log-file.ts';
import { LogSurgeon } from './log-surgeon.ts';
import { PageSurgeon } from './page-surgeon.ts';

const PATH = 'corpus.ddb';
/** Offsets in a copy of the file header. */
const AT = { pageCount: 64, catalogRoot: 68, freePages: 76 };

function makeDisk(script: string): MemoryDisk {
  const disk = new MemoryDisk();
  const db = new Database(PATH, { vfs: new MemoryVfs(disk), pageSize: 512 });
  for (const sql of script.split(';')) db.exec(sql);
  db.close();
  return disk;
}

const surgeonOf = (disk: MemoryDisk): PageSurgeon => new PageSurgeon(disk.files.get(PATH)!.bytes());
const open = (disk: MemoryDisk): Database => new Database(PATH, { vfs: new MemoryVfs(disk), mode: 'open' });

test('keys of the catalogue out of order: a walk under a write transaction ends', () => {
  const columns = Array.from({ length: 30 }, (_, i) => `c${i} int`).join(', ');
  const disk = makeDisk(`CREATE TABLE a (${columns}); CREATE TABLE b (${columns})`);
  const surgeon = surgeonOf(disk);
  const root = viewOf(surgeon.bytes).getUint32(AT.catalogRoot, true);
  let changed = 0;
  for (let page = surgeon.pageCount - 1; page >= surgeon.firstDataPage && changed === 0; page--) {
    const header = surgeon.headerOf(page);
    if (header?.kind !== PageKind.leaf) continue;
    let node: TreeNode;
    try {
      const payload = surgeon.payload(page).slice(0, header.usedBytes);
      node = TreeNode.decode(catalogTree(root as PageNo).schema, page as PageNo, header.lsn, payload).thaw();
      // Columns of the second table: behind the leaf that its last key now points back to.
      const isMiddle = [0, node.count - 1].every((row) => node.cell(RowField.kind, row) === RowKind.column);
      if (node.count < 4 || !isMiddle || Number(node.cell(RowField.id, 0)) < 16385) continue;
    } catch {
      continue;
    }
    node.setCell(RowField.id, node.count - 1, 1);
    const target = new Uint8Array(4096);
    const usedBytes = node.encode(target);
    if (usedBytes > surgeon.payload(page).length) continue;
    surgeon.payload(page).set(target.subarray(0, usedBytes));
    surgeon.seal(page, { ...header, usedBytes });
    changed++;
  }
  assert.ok(changed > 0);
  const db = open(disk);
  const write = db.session.engine.beginWrite();
  const cursor = new TreeCursor(catalogTree(root as PageNo), write);
  cursor.seek(WHOLE_TREE);
  let slices = 0;
  assert.throws(
    () => {
      while (cursor.next())
        if (++slices > surgeon.pageCount) throw new RangeError('it goes round in circles');
    },
    { code: 'XX001' },
  );
  write.rollback();
  db.close();
});

test('a header that claims a billion pages: recover looks at those that are there', () => {
  const disk = makeDisk('CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)');
  surgeonOf(disk).changeHeader((view) => view.setUint32(AT.pageCount, 2 ** 30, true));
  const report = recoverSync(PATH, 'rescued.ddb', { vfs: new MemoryVfs(disk) });
  assert.equal(report.tables[0]?.rows, 2);
});

test('a header that lies about the length of the free list: writes are refused as damage', () => {
  const disk = makeDisk(
    "CREATE TABLE t (a text); INSERT INTO t SELECT repeat('x', 90) || i FROM generate_series(1, 100) AS g(i); DROP TABLE t",
  );
  const free = viewOf(surgeonOf(disk).bytes).getUint32(AT.freePages, true);
  assert.ok(free > 3);
  surgeonOf(disk).changeHeader((view) => view.setUint32(AT.freePages, free + 1, true));
  const db = open(disk);
  assert.throws(
    () => {
      db.exec("CREATE TABLE u AS SELECT repeat('y', 90) || i AS a FROM generate_series(1, 400) AS g(i)");
      throw new Error(`nothing was noticed: ${JSON.stringify(db.check().findings)}`);
    },
    { code: 'XX001' },
  );
  db.close();
});

test('a database that cannot be closed well gives its lock back', () => {
  const disk = makeDisk(
    'CREATE EXTENSION pg_trgm; CREATE TABLE t (id int PRIMARY KEY, a text); CREATE INDEX t_a ON t USING gin (a gin_trgm_ops)',
  );
  const db = open(disk);
  db.exec("INSERT INTO t VALUES (1, 'some words')");
  const { session } = db;
  const broken = Object.defineProperty(Object.create(session.shared), 'store', {
    get: () => {
      throw new RangeError('broken on purpose');
    },
  });
  Object.defineProperty(session, 'shared', { value: broken });
  assert.throws(() => db.close());
  const again = open(disk);
  assert.equal(again.query('SELECT a FROM t').rowCount, 1);
  again.close();
});

test('a materialised view whose rows are said to be in a table with fewer columns', () => {
  const disk = makeDisk(
    'CREATE TABLE t (a int, b int); INSERT INTO t VALUES (1, 2); CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t; CREATE TABLE one (x int)',
  );
  const db = open(disk);
  const idOf = (name: string): number =>
    Number(db.query('SELECT oid FROM pg_class WHERE relname = $1', [name]).rows[0]?.['oid']);
  const other = idOf('one');
  const view = idOf('m');
  const write = db.session.engine.beginWrite();
  const tree = catalogTree(write.meta.catalogRoot);
  const position = new TreePosition();
  const key = [RowKind.view, view, 0];
  assert.ok(tree.get(write, key, position));
  const old = String(tree.datum(write, position.leaf!, position.index, RowField.definition));
  const text = old.replace(/"materializedTableId":\d+/, `"materializedTableId":${other}`);
  assert.notEqual(text, old);
  tree.update(write, key, [RowField.definition], [text]);
  write.setSchemaCookie(write.meta.schemaCookie + 1);
  write.commit();
  assert.throws(() => db.query('SELECT * FROM m'), { code: 'XX001', message: /the catalogue is damaged/ });
  assert.ok(db.check().findings.some(({ kind }) => kind === 'catalogue'));
  db.close();
});

test('a commit in the log that claims two billion pages: the file does not grow to them', () => {
  const disk = new MemoryDisk();
  const db = new Database(PATH, { vfs: new MemoryVfs(disk), pageSize: 512 });
  db.exec('CREATE TABLE t (a int)');
  db.exec('INSERT INTO t VALUES (1)');
  const killed = disk.clone();
  db.close();
  const surgeons = logPaths(PATH).map((path) => new LogSurgeon(killed.files.get(path)!.bytes()));
  const surgeon = surgeons.find((one) => one.frames().length > 0)!;
  const frames = surgeon.frames();
  const commits = frames.filter(({ isCommit }) => isCommit);
  assert.ok(commits.length > 1);
  viewOf(surgeon.payload(commits[0]!)).setUint32(8, 2 ** 31, true);
  surgeon.seal(frames);
  assert.throws(() => open(killed), { code: 'XX001', message: /the log claims 2147483648 pages/ });
});

test('two tables that claim one tree: the second is told, whoever was read first', () => {
  for (const first of ['a', 'b']) {
    const disk = makeDisk(
      "CREATE TABLE a (x int, y text, z uuid); CREATE TABLE b (x int); INSERT INTO a VALUES (1, 'y', NULL); INSERT INTO b VALUES (2)",
    );
    const db = open(disk);
    const write = db.session.engine.beginWrite();
    const tree = catalogTree(write.meta.catalogRoot);
    const definitionOf = (id: number): string => {
      const position = new TreePosition();
      assert.ok(tree.get(write, [RowKind.table, id, 0], position));
      return String(tree.datum(write, position.leaf!, position.index, RowField.definition));
    };
    const [root] = /"root":\d+/.exec(definitionOf(16384)) ?? [];
    const text = definitionOf(16385).replace(/"root":\d+/, root ?? '');
    tree.update(write, [RowKind.table, 16385, 0], [RowField.definition], [text]);
    write.setSchemaCookie(write.meta.schemaCookie + 1);
    write.commit();
    if (first === 'a') assert.equal(db.query('SELECT * FROM a').rowCount, 1);
    assert.throws(() => db.query('SELECT * FROM b'), { code: 'XX001' });
    assert.equal(db.query('SELECT * FROM a').rowCount, 1);
    assert.ok(db.check().findings.some(({ kind }) => kind === 'account' || kind === 'tree'));
    db.close();
  }
});
