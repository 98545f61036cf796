/** Indexes built from sorted leaves hold what indexes kept row by row hold, in the same order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type { BuildWatch } from '../../exec/dml/build-watch.ts';
import { buildIntIndex } from '../../exec/dml/int-index.ts';
import { buildTextIndex, type TextIndexLimits } from '../../exec/dml/text-index.ts';
import { random, testSeed } from '../../exec/expr.test.kit.ts';
import { indexTree } from '../../exec/storage/stored-trees.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import { vectorDatum } from '../../tree/vector-datum.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';

const seed = testSeed();
const next = random(seed);
const below = (limit: number): number => Math.floor(next() * limit);

/** Kinds of texts an index meets. */
const texts: Record<string, () => string | null> = {
  names: () =>
    Array.from({ length: 1 + below(3) }, () => 'Ba Ke Lé mo nu ra'.slice(below(8), 9 + below(8))).join(' '),
  few: () => ['open', 'shipped', 'returned', ''][below(4)]!,
  same: () => 'all of them are this one text',
  nulls: () => (below(3) === 0 ? null : `v${below(50)}`),
  onlyNulls: () => null,
  prefixed: () =>
    `https://example.org/a/rather/long/path/that/all/share/${below(3) === 0 ? 'x' : below(1e6)}`,
  short: () => ['', 'a', 'b', 'ab', 'ÿ', 'a '][below(6)]!,
  long: () => String.fromCharCode(97 + below(26)).repeat(below(300)),
};

interface Opened {
  readonly db: Database;
  readonly view: WriteView;
  readonly table: TableDef;
  readonly index: IndexDef;
}

/** In a transaction, with the index's tree emptied. */
function emptied(db: Database): Opened {
  db.exec('BEGIN');
  const { session } = db;
  db.exec('UPDATE t SET id = id WHERE false');
  const view = session.transaction!.writeView();
  const relation = session.currentCatalog().relation('public', 't');
  assert.ok(relation?.kind === 'table');
  const { table } = relation;
  const index = table.indexes.find((one) => one.name === 'i')!;
  return { db, view, table, index };
}

function entries({ view, table, index }: Opened): unknown[][] {
  const rows: unknown[][] = [];
  const cursor = new TreeCursor(indexTree(table, index), view);
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    const vectors = indexTree(table, index).schema.leaf.map((_, c) => cursor.vector(c));
    for (let i = cursor.from; i < cursor.to; i++) rows.push(vectors.map((vector) => vectorDatum(vector, i)));
  }
  return rows;
}

/** Builds the index anew and compares it with what was kept row by row. */
function rebuilt(db: Database, build: (opened: Opened) => boolean): void {
  const opened = emptied(db);
  const kept = entries(opened);
  indexTree(opened.table, opened.index).truncate(opened.view);
  assert.equal(build(opened), true, 'the index is of the kind');
  assert.deepEqual(entries(opened), kept);
  db.exec('COMMIT');
  assert.deepEqual(db.check().findings, []);
}

const watch: BuildWatch = { onDuplicate: () => assert.fail('no duplicates'), checkCancel: () => {} };

function buildText(limits?: TextIndexLimits): (opened: Opened) => boolean {
  return ({ view, table, index }) => buildTextIndex(view, table, index, watch, limits);
}

for (const [kind, make] of Object.entries(texts)) {
  test(`text, ${kind} (SEED=${seed})`, () => {
    using db = openSync(':memory:');
    db.exec('CREATE TABLE t (id int PRIMARY KEY, v text); CREATE INDEX i ON t (v)');
    const rows = Array.from({ length: 1 + below(6000) }, (_, i) => [i * 3, make()]);
    db.bulkLoadSync('t', rows, { indexes: 'maintain' });
    rebuilt(db, buildText());
    if (kind === 'names' || kind === 'long') rebuilt(db, buildText({ rows: 900, bytes: 150_000 }));
    db.exec("INSERT INTO t VALUES (-1, 'Ba Ke'), (-2, null), (1, '')");
    db.exec('DELETE FROM t WHERE id % 5 = 0');
    assert.deepEqual(db.check().findings, []);
  });
}

test('text: an empty table, and a table of one row', () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int8 PRIMARY KEY, v varchar(20)); CREATE INDEX i ON t (v)');
  rebuilt(db, buildText());
  db.exec("INSERT INTO t VALUES (9007199254740000, 'x')");
  rebuilt(db, buildText());
});

test('text: what is left to the usual way', () => {
  using db = openSync(':memory:');
  const refused = (value: string): void => {
    db.exec('DELETE FROM t');
    db.query('INSERT INTO t VALUES (1, $1)', [value]);
    const opened = emptied(db);
    indexTree(opened.table, opened.index).truncate(opened.view);
    assert.equal(buildText()(opened), false);
    assert.deepEqual(entries(opened), [], 'nothing was written');
    db.exec('ROLLBACK');
  };
  db.exec('CREATE TABLE t (id int PRIMARY KEY, v text); CREATE INDEX i ON t (v)');
  refused('Дождь');
  refused('a\u{1F600}');
  refused('x'.repeat(1200));
  db.exec('DROP INDEX i; CREATE INDEX i ON t (v DESC)');
  refused('a');
  db.exec('DROP INDEX i; CREATE INDEX i ON t (v) WHERE id > 0');
  refused('a');
});

test('text: a duplicate in a unique index, and none in one that has NULLs', () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int, v text)');
  db.bulkLoadSync(
    't',
    Array.from({ length: 3000 }, (_, i) => [i, i % 2 === 0 ? `v${i}` : null]),
  );
  db.exec('CREATE UNIQUE INDEX i ON t (v)');
  db.exec("DROP INDEX i; INSERT INTO t VALUES (5000, 'v1000')");
  assert.throws(
    () => db.exec('CREATE UNIQUE INDEX i ON t (v)'),
    (error: { code: string; detail: string }) =>
      error.code === '23505' && error.detail === 'Key (v)=(v1000) is duplicated.',
  );
  assert.deepEqual(db.check().findings, []);
});

test('integers in parts: duplicates, what is left to the usual way, and small tables', () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int8, v int, w int)');
  const rows = Array.from({ length: 5000 }, (_, i) => [i, (i * 7919) % 5003, i % 7]);
  db.bulkLoadSync('t', rows);
  const build = (onDuplicate: (key: unknown[]) => never): boolean => {
    const opened = emptied(db);
    const { view, table, index } = opened;
    indexTree(table, index).truncate(view);
    try {
      const isBuilt = buildIntIndex(view, table, index, { ...watch, onDuplicate }, 600);
      if (!isBuilt) assert.deepEqual(entries(opened), [], 'nothing was written');
      return isBuilt;
    } finally {
      db.exec('ROLLBACK');
    }
  };
  const seen: unknown[][] = [];
  const note = (key: unknown[]): never => {
    seen.push(key);
    throw new DecentDbError('23505', 'twice');
  };
  db.exec('CREATE UNIQUE INDEX i ON t (v, w)');
  assert.equal(build(note), true);
  // Dropped first: the index would refuse the row.
  db.exec('DROP INDEX i; INSERT INTO t SELECT 9000, v, w FROM t WHERE id = 4321; CREATE INDEX i ON t (v, w)');
  const unique = (): boolean => {
    const opened = emptied(db);
    const { view, table, index } = opened;
    indexTree(table, index).truncate(view);
    try {
      return buildIntIndex(view, table, { ...index, unique: true }, { ...watch, onDuplicate: note }, 600);
    } finally {
      db.exec('ROLLBACK');
    }
  };
  assert.throws(unique, { code: '23505' });
  assert.deepEqual(seen, [rows[4321]!.slice(1)]);
  // Most rows are alike: they go into no part.
  db.exec('DROP INDEX i; CREATE INDEX i ON t (w); UPDATE t SET w = 3 WHERE id > 1000');
  assert.equal(build(note), false);
  db.exec('UPDATE t SET w = NULL WHERE id = 4999');
  assert.equal(build(note), false);
  assert.deepEqual(db.check().findings, []);
});

const numbers: Record<string, () => number> = {
  few: () => below(5),
  dense: () => below(900),
  wide: () => below(2 ** 31) - 2 ** 30,
  same: () => -7,
};

for (const [kind, make] of Object.entries(numbers)) {
  test(`integers, ${kind} (SEED=${seed})`, () => {
    using db = openSync(':memory:');
    db.exec('CREATE TABLE t (id int PRIMARY KEY, v int, w int8); CREATE INDEX i ON t (v, w)');
    const wide = next() < 0.5 ? 1e12 : 3;
    const rows = Array.from({ length: 1 + below(9000) }, (_, i) => [i * 2, make(), below(1000) * wide]);
    db.bulkLoadSync('t', rows, { indexes: 'maintain' });
    rebuilt(db, ({ view, table, index }) => buildIntIndex(view, table, index, watch));
    if (kind !== 'wide' && wide === 3)
      rebuilt(db, ({ view, table, index }) => buildIntIndex(view, table, index, watch, 2500));
    db.exec('INSERT INTO t VALUES (1, 3, 3), (3, -1000000, 0); DELETE FROM t WHERE id % 7 = 0');
    assert.deepEqual(db.check().findings, []);
  });
}

test('texts that are NULL in leaves read from a file are in the index', () => {
  const vfs = new MemoryVfs();
  const db = openSync('nulls.ddb', { vfs });
  db.exec('CREATE TABLE t (id int PRIMARY KEY, a text)');
  db.exec("INSERT INTO t SELECT g, CASE WHEN g % 3 = 0 THEN 'x' || g END FROM generate_series(1, 500) g");
  db.close();
  const again = openSync('nulls.ddb', { vfs });
  again.exec('CREATE INDEX t_a ON t (a)');
  const { rows } = again.query<{ n: number }>('SELECT count(*) AS n FROM t WHERE a IS NULL');
  assert.deepEqual(rows, [{ n: 334 }]);
  assert.deepEqual(again.check().findings, []);
  again.close();
});

test('rows whose keys are infinite or NaN are in order', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int, x double precision)');
  db.exec(
    "INSERT INTO t VALUES (3, '-Infinity'), (1, '-Infinity'), (2, 'Infinity'), (5, 'Infinity'), (4, 'NaN'), (0, 'NaN'), (7, 0)",
  );
  db.exec('CREATE UNIQUE INDEX ON t (x, id)');
  db.exec("INSERT INTO t VALUES (9, '-Infinity'), (8, 'NaN')");
  const { rows } = db.query<{ id: number }>('SELECT id FROM t ORDER BY x, id');
  assert.deepEqual(
    rows.map(({ id }) => id),
    [1, 3, 9, 7, 2, 5, 0, 4, 8],
  );
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('a build that is cancelled while it reads, sorts or writes leaves everything as it was', () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, v text, n int)');
  db.bulkLoadSync(
    't',
    Array.from({ length: 6000 }, (_, i) => [i, `text ${(i * 7919) % 6007}`, (i * 31) % 997]),
  );
  for (const column of ['v', 'n']) {
    db.exec(`CREATE INDEX i ON t (${column})`);
    let asked = 0;
    const count = (limit: number) => (): void => {
      if (++asked > limit) throw new DecentDbError('57014', 'stop');
    };
    const build = (limit: number): void => {
      const { view, table, index } = emptied(db);
      indexTree(table, index).truncate(view);
      asked = 0;
      try {
        const isBuilt =
          column === 'v'
            ? buildTextIndex(view, table, index, { ...watch, checkCancel: count(limit) })
            : buildIntIndex(view, table, index, { ...watch, checkCancel: count(limit) });
        assert.ok(isBuilt);
      } finally {
        db.exec('ROLLBACK');
      }
    };
    build(Number.POSITIVE_INFINITY);
    const all = asked;
    assert.ok(all > 5, `asked ${all} times`);
    for (let limit = 0; limit < all; limit += 1 + below(6))
      assert.throws(() => build(limit), { code: '57014' }, `after ${limit} of ${all}`);
    assert.deepEqual(db.check().findings, []);
    db.exec('DROP INDEX i');
  }
});

test('a load is stopped while it builds its indexes', () => {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, v text, n int); CREATE INDEX ON t (v); CREATE INDEX ON t (n)');
  // Each look at the clock takes long, so that a check is asked at each.
  let clock = 0;
  Object.assign(db.session.engine.options, { now: () => (clock += 100) });
  const rows = Array.from({ length: 4000 }, (_, i) => [i, `text ${i}`, i % 10]);
  let builds = 0;
  const load = (): unknown => db.bulkLoadSync('t', rows, { indexes: 'rebuild', onIndex: () => builds++ });
  db.setInterruptCheck(() => builds > 0);
  assert.throws(load, { code: '57014' });
  assert.deepEqual([builds, db.query('SELECT count(*)::int AS n FROM t').rows[0]!['n']], [1, 0]);
  db.setInterruptCheck(null);
  load();
  assert.deepEqual(db.check().findings, []);
});
