/**
 * Each thing that `check` looks at, broken on purpose: behind the back of SQL with the trees themselves, or in the bytes of a
 * page whose checksum is made right again.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageNo } from '../base/ids.ts';
import { RowKind } from '../catalog/catalog-rows.ts';
import { catalogTree } from '../catalog/catalog-store.ts';
import type { TableDef } from '../catalog/schema.ts';
import { indexTree, tableTree } from '../exec/storage/stored-trees.ts';
import { datumAt } from '../exec/vectors.ts';
import { PAGE_HEADER_BYTES, sealPage, unsealPage } from '../pager/page-layout.ts';
import { PageKind } from '../pager/page-node.ts';
import type { Tree } from '../tree/tree.ts';
import { TreeCursor, WHOLE_TREE } from '../tree/tree-cursor.ts';
import { TreeNode } from '../tree/tree-node.ts';
import type { WriteTxn } from '../txn/write-txn.ts';
import type { Datum } from '../types/vector.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import type { FindingKind } from './check.ts';
import { Database } from './database.ts';

const PATH = 'a.ddb';
const PAGE_BYTES = 512;

const SCHEMA = `
CREATE TABLE parent (id int PRIMARY KEY, name text NOT NULL UNIQUE, big text);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent, n int CHECK (n > 0), twice int GENERATED ALWAYS AS (n * 2) STORED);
CREATE INDEX child_n ON child (n);
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX parent_words ON parent USING gin (name gin_trgm_ops);
CREATE MATERIALIZED VIEW names AS SELECT name FROM parent WITH NO DATA;
`;

function makeDatabase(): MemoryDisk {
  const disk = new MemoryDisk();
  const db = new Database(PATH, { vfs: new MemoryVfs(disk), pageSize: PAGE_BYTES, mode: 'createNew' });
  db.exec(SCHEMA);
  db.exec(
    "INSERT INTO parent SELECT i, 'name ' || i, CASE WHEN i = 7 THEN repeat('long ', 300) END FROM generate_series(1, 80) AS g(i)",
  );
  db.exec(
    'INSERT INTO child SELECT i, 1 + i % 80, 1 + (i * 7919) % 997 FROM generate_series(1, 1200) AS g(i)',
  );
  db.close();
  return disk;
}

const open = (disk: MemoryDisk): Database => new Database(PATH, { vfs: new MemoryVfs(disk) });

interface Told {
  readonly kind: FindingKind;
  readonly message: string;
  readonly object: string | null;
}

function findings(db: Database): readonly Told[] {
  const report = db.check();
  assert.equal(report.ok, report.findings.length === 0);
  return report.findings;
}

/** Changes trees of a new database without telling anybody, and gives what the check finds. */
function afterChange(change: (write: WriteTxn, tables: (name: string) => TableDef) => void): readonly Told[] {
  const db = open(makeDatabase());
  try {
    const { engine, shared } = db.session;
    const read = engine.beginRead();
    const catalog = shared.store.load(read, read.meta);
    read.end();
    const write = engine.beginWrite();
    change(write, (name) => {
      const table = [...catalog.tables.values()].find((one) => one.name === name);
      assert.ok(table !== undefined);
      return table;
    });
    write.commit();
    return findings(db);
  } finally {
    db.close();
  }
}

function only(found: readonly Told[], kind: FindingKind, message: RegExp): void {
  assert.equal(found.length, 1, JSON.stringify(found, null, 1));
  assert.equal(found[0]?.kind, kind);
  assert.match(found[0]?.message ?? '', message);
}

function some(found: readonly Told[], kind: FindingKind, message: RegExp): void {
  assert.ok(
    found.some((one) => one.kind === kind && message.test(one.message)),
    JSON.stringify(found, null, 1),
  );
}

test('a sound database: everything counted, nothing found', () => {
  const db = open(makeDatabase());
  const report = db.check();
  assert.deepEqual(report.findings, []);
  assert.deepEqual([report.tables, report.rows], [3, 1280]);
  db.close();
});

test('a row without its entry in an index, an entry without its row', () => {
  only(
    afterChange((write, table) => {
      const child = table('child');
      indexTree(child, child.indexes.find(({ name }) => name === 'child_n')!).delete(write, [713, 5]);
    }),
    'index',
    /index "child_n": row 5 of table "child" is missing in it/,
  );
  only(
    afterChange((write, table) => {
      const child = table('child');
      indexTree(child, child.indexes.find(({ name }) => name === 'child_n')!).insert(write, [5, 500]);
    }),
    'index',
    /index "child_n": it has 1201 entries, table "child" asks for 1200/,
  );
});

const MANY_TYPES = `
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE TABLE many (id int PRIMARY KEY, b bool, s int2, big int8, f float8, t text, c char(5), u uuid, y bytea, n numeric, d date,
  z timestamptz, i interval, j jsonb, a int[], m mood, twice int8 GENERATED ALWAYS AS (big + 1) STORED);
CREATE INDEX by_numbers ON many (s DESC, big, f NULLS FIRST, n DESC);
CREATE INDEX by_texts ON many (t, c DESC, u, y) INCLUDE (j, a, i);
CREATE INDEX by_days ON many (d, z, i, m);
CREATE INDEX by_odd ON many (j, a) WHERE id % 3 = 0;
CREATE INDEX by_expression ON many (lower(t), (n + 1), twice, (t || c)) INCLUDE (n);
CREATE UNIQUE INDEX by_pair ON many (b, id);
INSERT INTO many SELECT x, x % 2 = 0, nullif(x % 7, 3), CASE WHEN x % 5 = 0 THEN 9007199254740993 + x ELSE x * -3 END,
  CASE x % 4 WHEN 0 THEN 'NaN'::float8 WHEN 1 THEN '-0'::float8 ELSE x / 3.0 END, nullif('Téxt ' || x % 11, 'Téxt 4'), 'c' || x % 3,
  md5(x::text)::uuid, decode(md5(x::text), 'hex'), CASE x % 6 WHEN 0 THEN 'NaN' WHEN 1 THEN 12345678901234567890.10 + x ELSE x / 8.0 END,
  date '2024-01-01' + x, '2024-01-01'::timestamptz + x * interval '1 hour', x * interval '1 day 1 minute', jsonb_build_object('x', x, 'y', x / 2.0),
  ARRAY[x, NULL, x % 2], (ARRAY['low', 'high', NULL])[1 + x % 3]::mood FROM generate_series(1, 300) AS g(x);
ALTER TABLE many ADD COLUMN late int DEFAULT 7;
ALTER TABLE many DROP COLUMN late;
ALTER TABLE many ADD COLUMN later text DEFAULT 'as it was';
CREATE INDEX by_later ON many (later, id);
`;

test('entries of every type: none too many, and one that another has taken the place of is missed', () => {
  const db = open(new MemoryDisk());
  db.exec(MANY_TYPES);
  assert.deepEqual(findings(db), []);
  const { engine, shared } = db.session;
  const read = engine.beginRead();
  const [table] = [...shared.store.load(read, read.meta).tables.values()].filter(
    ({ name }) => name === 'many',
  );
  assert.ok(table !== undefined);
  const entryOf = (tree: Tree): Datum[] => {
    const cursor = new TreeCursor(tree, read);
    cursor.seek(WHOLE_TREE);
    assert.ok(cursor.next());
    return tree.schema.leaf.map((_, c) => datumAt(cursor.vector(c), cursor.from));
  };
  for (const index of table.indexes) {
    const tree = indexTree(table, index);
    const entry = entryOf(tree);
    const rowId = entry.at(-1) as number;
    const stranger = entry.with(-1, 1_000_000);
    const change = (from: Datum[], to: Datum[]): void => {
      const write = engine.beginWrite();
      assert.ok(tree.delete(write, from));
      assert.ok(tree.insert(write, to));
      write.commit();
    };
    change(entry, stranger);
    only(
      findings(db),
      'index',
      new RegExp(`index "${index.name}": row ${rowId} of table "many" is missing in it`),
    );
    change(stranger, entry);
    assert.deepEqual(findings(db), [], index.name);
  }
  read.end();
  db.close();
});

test('postings that are not those of the texts', () => {
  const found = afterChange((write, table) => {
    const parent = table('parent');
    const unique = parent.indexes.find(({ method }) => method === 'btree')!;
    tableTree(parent).update(write, [3], [1], ['other words']);
    indexTree(parent, unique).delete(write, ['name 3', 3]);
    indexTree(parent, unique).insert(write, ['other words', 3]);
  });
  only(found, 'index', /index "parent_words": its \d+ postings are not the/);
});

test('NOT NULL, CHECK, FOREIGN KEY, UNIQUE: rows that break them', () => {
  const set = (write: WriteTxn, tree: Tree, id: number, column: number, value: Datum): void =>
    void tree.update(write, [id], [column], [value]);
  const notNull = afterChange((write, table) => {
    const parent = table('parent');
    const unique = parent.indexes.find(({ method }) => method === 'btree')!;
    set(write, tableTree(parent), 3, 1, null);
    indexTree(parent, unique).delete(write, ['name 3', 3]);
    indexTree(parent, unique).insert(write, [null, 3]);
  });
  some(notNull, 'index', /parent_words/);
  const loose = afterChange((write, table) => {
    const child = table('child');
    const byN = child.indexes.find(({ name }) => name === 'child_n')!;
    set(write, tableTree(child), 9, 2, -4);
    indexTree(child, byN).delete(write, [485, 9]);
    indexTree(child, byN).insert(write, [-4, 9]);
  });
  only(loose, 'constraint', /table "child", child_n_check: 1 rows do not satisfy it, row 9 for one/);
  const orphan = afterChange((write, table) => {
    const child = table('child');
    const byParent = child.indexes.find(({ name }) => name !== 'child_n');
    set(write, tableTree(child), 9, 1, 4000);
    if (byParent === undefined) return;
    indexTree(child, byParent).delete(write, [10, 9]);
    indexTree(child, byParent).insert(write, [4000, 9]);
  });
  only(
    orphan,
    'constraint',
    /child_parent_fkey: 1 rows refer to rows of "parent" that are not there, \(4000\)/,
  );
  const double = afterChange((write, table) => {
    const child = table('child');
    const byN = child.indexes.find(({ name }) => name === 'child_n')!;
    write.setCounter(5, 1);
    assert.equal(byN.unique, false);
  });
  assert.deepEqual(double, []);
});

test('NULL in a NOT NULL column, twice the same unique key', () => {
  const db = open(new MemoryDisk());
  db.exec('CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int UNIQUE, CHECK (a < 100))');
  db.exec('INSERT INTO t VALUES (1, 1, 1), (2, 2, 2), (3, 3, NULL), (4, 4, NULL)');
  const { engine, shared } = db.session;
  const read = engine.beginRead();
  const [table] = [...shared.store.load(read, read.meta).tables.values()];
  read.end();
  assert.ok(table !== undefined);
  const write = engine.beginWrite();
  tableTree(table).update(write, [1], [1], [null]);
  tableTree(table).update(write, [2], [2], [1]);
  indexTree(table, table.indexes[0]!).delete(write, [2, 2]);
  indexTree(table, table.indexes[0]!).insert(write, [1, 2]);
  write.commit();
  const found = findings(db);
  assert.equal(found.length, 2, JSON.stringify(found));
  some(found, 'constraint', /NOT NULL: column "a" is NULL in 1 rows/);
  some(found, 'constraint', /t_b_key: 1 rows have a unique value that another row has, \(1\) for one/);
  db.close();
});

test('pages: one nobody reaches, one in two places', () => {
  only(
    afterChange((write, table) => {
      const tree = tableTree(table('child'));
      write.install(TreeNode.empty(write.allocate(), tree.schema, 0, 16));
    }),
    'account',
    /is neither free nor reached/,
  );
  some(
    afterChange((write, table) => write.free(table('child').indexes[0]!.root)),
    'account',
    /belongs to the free list and to index/,
  );
});

test('the catalogue: definitions that others need', () => {
  const found = afterChange((write, table) => {
    const root = write.meta.catalogRoot;
    assert.ok(catalogTree(root).delete(write, [RowKind.index, table('parent').id, 0]));
    write.setSchemaCookie(write.meta.schemaCookie + 1);
  });
  some(found, 'catalogue', /the index of constraint "parent_name_key" is missing/);
  const broken = afterChange((write, table) => {
    const root = write.meta.catalogRoot;
    catalogTree(root).update(write, [RowKind.table, table('parent').id, 0], [5], ['{"root":']);
    write.setSchemaCookie(write.meta.schemaCookie + 1);
  });
  some(broken, 'catalogue', /definition of .* is damaged/);
});

/** Changes one tree page of a closed database, and makes its checksum right again. */
function afterSurgery(choose: (nodes: readonly TreeNode[], schema: Tree) => TreeNode): readonly Told[] {
  const disk = makeDatabase();
  const bytes = disk.files.get(PATH)!.bytes();
  const db = open(disk.clone());
  const read = db.session.engine.beginRead();
  const child = [...db.session.shared.store.load(read, read.meta).tables.values()].find(
    ({ name }) => name === 'child',
  )!;
  read.end();
  db.close();
  const tree = tableTree(child);
  const nodes: TreeNode[] = [];
  const visit = (page: number): void => {
    const slice = bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    const header = unsealPage(slice, pageNo(page));
    assert.ok(typeof header !== 'string');
    const payload = slice.slice(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + header.usedBytes);
    const node = TreeNode.decode(tree.schema, pageNo(page), header.lsn, payload);
    nodes.push(node);
    for (let i = 0; node.level > 0 && i < node.count; i++) visit(Number(node.cell(tree.schema.keyCount, i)));
  };
  visit(child.root);
  const changed = choose(nodes, tree);
  const page = bytes.subarray(changed.pageNo * PAGE_BYTES, (changed.pageNo + 1) * PAGE_BYTES);
  const usedBytes = changed.encode(page.subarray(PAGE_HEADER_BYTES));
  const kind = changed.level === 0 ? PageKind.leaf : PageKind.inner;
  sealPage(page, changed.pageNo, { lsn: changed.lsn, kind, usedBytes });
  const again = open(disk);
  try {
    return findings(again);
  } finally {
    again.close();
  }
}

test('trees: keys out of order, out of place; links that lie', () => {
  const leaf = (nodes: readonly TreeNode[]): TreeNode => nodes.filter(({ level }) => level === 0)[1]!;
  const root = (nodes: readonly TreeNode[]): TreeNode => nodes[0]!;
  some(
    afterSurgery((nodes) => {
      const node = leaf(nodes).thaw();
      node.setCell(0, 1, Number(node.cell(0, 0)));
      return node;
    }),
    'tree',
    /table "child": the keys of a tree page do not ascend at row 1/,
  );
  some(
    afterSurgery((nodes) => {
      const node = leaf(nodes).thaw();
      node.setCell(0, node.count - 1, 100_000);
      return node;
    }),
    'tree',
    /the keys of a tree page pass its separator/,
  );
  some(
    afterSurgery((nodes) => {
      const node = root(nodes).thaw();
      node.setCell(1, 1, Number(node.cell(1, 0)));
      return node;
    }),
    'tree',
    /links to a page in use|keys of a tree page/,
  );
  some(
    afterSurgery((nodes) => {
      const node = root(nodes).thaw();
      node.setCell(1, 1, 100_000);
      return node;
    }),
    'tree',
    /outside|does not exist|page 100000/,
  );
});

test('a damaged page is told of, and what is beside it is still checked', () => {
  const disk = makeDatabase();
  const sound = open(disk.clone());
  const { engine } = sound.session;
  const pages = engine.publishedMeta().pageCount;
  sound.close();
  let told = 0;
  for (let page = 2; page < pages; page++) {
    const copy = disk.clone();
    copy.files.get(PATH)!.bytes()[page * PAGE_BYTES + 100]! ^= 0x10;
    let db: Database;
    try {
      db = open(copy);
    } catch {
      continue; // A page of the catalogue: it does not open, and says why.
    }
    const found = findings(db);
    assert.ok(
      found.some((one) => one.message.includes(`page ${page}`)),
      `page ${page}`,
    );
    assert.ok(found.length <= 6, JSON.stringify(found, null, 1));
    told++;
    db.close();
  }
  assert.ok(told > 10);
});

test('C4: a damaged copy of the header is told of', () => {
  const disk = makeDatabase();
  disk.files.get(PATH)!.bytes()[600]! ^= 1;
  const db = new Database(PATH, { vfs: new MemoryVfs(disk), mode: 'readOnly' });
  only(findings(db), 'page', /one of the two copies of the file header is damaged/);
  db.close();
});
