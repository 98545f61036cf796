/**
 * Statements that read or change the few rows of some keys take short paths; within WITH, or through a cursor, they take the long
 * one. Both must do the same, to the letter of the error, and leave indexes that fit.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import { random, testSeed } from '../../exec/expr.test.kit.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';

const ITEM = `(
  id int, grp int, kind text, n int NOT NULL CHECK (n < 90), note text, rev bigint DEFAULT 0, code text UNIQUE,
  twice int GENERATED ALWAYS AS (n * 2) STORED, part int REFERENCES part, PRIMARY KEY KEY_COLUMNS
)`;
const INDEXES = (name: string): string => `
CREATE INDEX ON ${name} (grp);
CREATE INDEX ON ${name} (kind, grp);
CREATE INDEX ON ${name} (n DESC);
CREATE INDEX ON ${name} (lower(note)) WHERE n > 40;
CREATE INDEX ON ${name} (kind) INCLUDE (note);
CREATE INDEX ON ${name} (twice);
`;
const SCHEMA = `
CREATE TABLE part (id int PRIMARY KEY);
INSERT INTO part SELECT i FROM generate_series(0, 5) i;
CREATE TABLE item ${ITEM.replace('KEY_COLUMNS', '(id)')};
CREATE TABLE pair ${ITEM.replace('KEY_COLUMNS', '(kind, id)')};
${INDEXES('item')} ${INDEXES('pair')}
`;

/** `$1` id, `$2` group, `$3` kind, `$4` n, `$5` note, `$6` another id, `$7` an array of ids. */
const TYPES = ['int', 'int', 'text', 'int', 'text', 'int', 'int[]'];
const WRITES = [
  'INSERT INTO T (id, grp, kind, n, note, code) VALUES ($1, $2, $3, $4, $5, $5)',
  'INSERT INTO T (id, grp, kind, n, note) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
  'INSERT INTO T (id, grp, kind, n, code) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (code) DO UPDATE SET n = excluded.n, kind = excluded.kind',
  "INSERT INTO T (id, grp, kind, n, note) SELECT $1 + i, $2, $3, i % 80, 'Note ' || i FROM generate_series(1, 20) i ON CONFLICT DO NOTHING",
  'UPDATE T SET n = n + 1 WHERE grp = $2',
  'UPDATE T SET n = $4, note = $5 WHERE grp = $2',
  'UPDATE T SET grp = grp + 1 WHERE grp = $2',
  'UPDATE T SET grp = grp + 1, rev = rev + id WHERE kind = $3 AND grp = $2',
  'UPDATE T SET rev = rev + 1 WHERE kind = $3',
  'UPDATE T SET kind = $3 WHERE id IN ($1, $6)',
  'UPDATE T SET code = $5 WHERE grp = $2 AND n > $4',
  'UPDATE T SET part = $2 WHERE grp = $2 AND n < $4',
  'UPDATE T SET note = note || $5 WHERE n = $4 AND id > $1',
  'UPDATE T SET n = $4 WHERE kind = $3 AND id = $1 AND rev = 0',
  'UPDATE T SET kind = $3, grp = $2 WHERE kind = $3 AND id = $6',
  'DELETE FROM T WHERE grp = $2 AND n > $4',
  'DELETE FROM T WHERE kind = $3 AND grp = $2',
  'DELETE FROM T WHERE id = ANY ($7)',
  'DELETE FROM T WHERE kind = $3 AND id = $1',
  'DELETE FROM T WHERE id IN ($1, $6, $1)',
];
const READS = [
  'SELECT * FROM T WHERE id IN ($1, $6, $1)',
  'SELECT id, note FROM T WHERE id = ANY ($7)',
  'SELECT * FROM T WHERE grp = $2 AND n > $4',
  'SELECT id, rev FROM T WHERE kind = $3 AND grp IN ($2, $4)',
  'SELECT * FROM T WHERE kind = $3 AND id = $1 AND grp = $2',
  'SELECT note, n FROM T WHERE code = $5',
  'SELECT kind, id FROM T WHERE kind = $3 AND id = $1',
];

/** The statement with only the parameters it uses, numbered anew. */
function renumbered(text: string): { readonly sql: string; readonly used: readonly number[] } {
  const used = [...new Set([...text.matchAll(/\$(\d)/g)].map((match) => Number(match[1]) - 1))];
  const mark = (_: string, digit: string): string =>
    `$${used.indexOf(Number(digit) - 1) + 1}::${TYPES[Number(digit) - 1]}`;
  return { used, sql: text.replace(/\$(\d)/g, mark) };
}

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof DecentDbError) return `${error.code} ${error.message} ${error.detail ?? ''}`;
    throw error;
  }
}

const byText = (rows: unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

test('short and long paths of statements on few rows do the same', () => {
  const seed = testSeed();
  const next = random(seed);
  const upTo = (count: number): number => Math.floor(next() * count);
  const [short, long] = [0, 1].map(() => {
    const db = new Database('/f.ddb', { vfs: new MemoryVfs() });
    db.exec(SCHEMA);
    return db;
  }) as [Database, Database];
  const both = (sql: string): void => [short, long].forEach((db) => db.exec(sql));
  const texts = ['item', 'pair'].flatMap((name) =>
    [...WRITES, ...READS].map((text) => text.replace(/\bT\b/, name)),
  );
  const prepared = texts.map((text) => {
    const { sql, used } = renumbered(text);
    const isRead = text.startsWith('SELECT');
    return {
      text,
      isRead,
      used,
      short: short.prepare(sql),
      returning: short.prepare(isRead ? sql : `${sql} RETURNING *`),
      long: long.prepare(isRead ? sql : `WITH w AS (${sql} RETURNING *) SELECT * FROM w`),
    };
  });
  const letter = (): string | null => (next() < 0.1 ? null : 'abc'[upTo(3)]!);
  let changed = 0;
  for (let step = 0; step < 960; step++) {
    if (step % 60 === 0) both('BEGIN');
    if (step % 60 === 20) both('SAVEPOINT s');
    const { text, isRead, used, ...statements } = prepared[upTo(prepared.length)]!;
    const all = [
      upTo(60),
      upTo(8),
      letter(),
      next() < 0.1 ? null : upTo(100),
      next() < 0.1 ? null : `Note ${upTo(30)}`,
      upTo(60),
      `{${Array.from({ length: upTo(5) }, () => upTo(60)).join(',')}}`,
    ];
    const params = used.map((position) => all[position]!);
    const returns = !isRead && next() < 0.5;
    const expected = outcome(() => {
      if (isRead) return byText([...statements.long.iterate(...params)]);
      const rows = statements.long.all(...params);
      return returns ? byText(rows) : rows.length;
    });
    const actual = outcome(() => {
      if (returns) return byText(statements.returning.all(...params));
      return isRead ? byText(statements.short.all(...params)) : statements.short.run(...params).changes;
    });
    const where = `SEED=${seed} step ${step}: ${text} ${JSON.stringify(params)}`;
    assert.deepEqual(actual, expected, where);
    if (isRead) {
      const first = outcome(() => statements.short.get(...params));
      if (first !== undefined) assert.ok((actual as string[]).includes(JSON.stringify(first)), where);
    }
    if (typeof expected === 'number' && expected > 1) changed++;
    if (step % 60 === 40 && next() < 0.5) both('ROLLBACK TO s');
    if (step % 60 !== 59) continue;
    both(next() < 0.2 ? 'ROLLBACK' : 'COMMIT');
    for (const name of ['item', 'pair']) {
      const [mine, theirs] = [short, long].map((db) => byText(db.query(`SELECT * FROM ${name}`).rows));
      assert.deepEqual(mine, theirs, `SEED=${seed} step ${step}`);
    }
    if (step % 240 === 239) assert.deepEqual(short.check().findings, [], `SEED=${seed} step ${step}`);
  }
  assert.ok(changed > 25, `SEED=${seed}: only ${changed} statements changed several rows`);
  const isShort = (sql: string): boolean =>
    (short.session.prepare(renumbered(sql).sql).compiled?.pointWrite ?? null) !== null;
  const shortOnes = texts.filter((text) => !text.startsWith('SELECT') && isShort(text));
  assert.ok(shortOnes.length > 20, `only ${shortOnes.length} statements had a short path`);
  for (const db of [short, long]) db.close();
});

test('corpus: rows of one statement go on being changed and removed where their leaf splits or merges on the way', () => {
  const seed = testSeed();
  const next = random(seed);
  const upTo = (count: number): number => Math.floor(next() * count);
  for (const pageSize of [1024, 4096]) {
    const db = new Database('/s.ddb', { vfs: new MemoryVfs(), pageSize });
    db.exec('CREATE TABLE t (w int, o int, n int, note text, id int UNIQUE, PRIMARY KEY (w, o, n))');
    db.exec('CREATE INDEX ON t (o); CREATE INDEX ON t (note)');
    const count = 160;
    db.exec(
      `INSERT INTO t SELECT 1, o, n, '', (o * 7 + n * ${count * 9}) % 100003 FROM generate_series(1, ${count}) o, generate_series(1, 7) n`,
    );
    const notes = new Map(
      Array.from({ length: count }, (_, o) => [
        o + 1,
        new Map(Array.from({ length: 7 }, (_, n) => [n + 1, ''])),
      ]),
    );
    const statements = {
      byKey: db.prepare('UPDATE t SET note = $1 WHERE w = 1 AND o = $2'),
      byIndex: db.prepare('UPDATE t SET note = note || $1 WHERE o = $2 AND n > 2'),
      remove: db.prepare('DELETE FROM t WHERE w = 1 AND o = $1 AND n <> 4'),
      removeByIndex: db.prepare('DELETE FROM t WHERE o = $1'),
    };
    const order = Array.from({ length: count }, (_, i) => i + 1).sort(() => next() - 0.5);
    for (const [step, o] of order.entries()) {
      const rows = notes.get(o)!;
      const where = `SEED=${seed} step ${step} of pages of ${pageSize}`;
      const text = 'x'.repeat(upTo(pageSize / 16));
      assert.equal(statements.byKey.run(text, o).changes, rows.size, where);
      for (const n of rows.keys()) rows.set(n, text);
      const few = [...rows.keys()].filter((n) => n > 2);
      assert.equal(statements.byIndex.run('y', o).changes, few.length, where);
      for (const n of few) rows.set(n, `${text}y`);
      if (step % 3 === 0) {
        assert.equal(statements.remove.run(o).changes, 6, where);
        for (const n of [...rows.keys()]) if (n !== 4) rows.delete(n);
      } else if (step % 3 === 1) {
        assert.equal(statements.removeByIndex.run(o).changes, 7, where);
        rows.clear();
      }
    }
    const stored = db.query<{ o: number; n: number; note: string }>(
      'SELECT o, n, note FROM t ORDER BY o, n',
    ).rows;
    const expected = [...notes].flatMap(([o, rows]) => [...rows].map(([n, note]) => ({ o, n, note })));
    assert.deepEqual(stored, expected, `SEED=${seed}`);
    assert.deepEqual(db.check().findings, []);
    db.close();
  }
});

test('a statement whose index entry is too large changes nothing and leaves its transaction usable', () => {
  const db = new Database('/l.ddb', { vfs: new MemoryVfs() });
  db.exec('CREATE TABLE t (a int PRIMARY KEY, b text UNIQUE, c text); CREATE INDEX ON t (c); BEGIN');
  const large = 'y'.repeat(5000);
  db.prepare('INSERT INTO t VALUES ($1, $2, $2)').run(1, 'x');
  for (const sql of [
    'INSERT INTO t VALUES (2, $1, NULL)',
    'INSERT INTO t VALUES (2, NULL, $1)',
    'INSERT INTO t VALUES (1, $1, NULL) ON CONFLICT (a) DO UPDATE SET c = excluded.b',
    'UPDATE t SET b = $1 WHERE a = 1',
    'UPDATE t SET c = $1 WHERE a = 1',
  ])
    assert.throws(() => db.prepare(sql).run(large), { code: '54000' });
  db.exec('COMMIT');
  assert.deepEqual(db.query('SELECT * FROM t').rows, [{ a: 1, b: 'x', c: 'x' }]);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('RETURNING that fails leaves nothing of its statement; old and new rows are told apart', () => {
  const db = new Database('/r.ddb', { vfs: new MemoryVfs() });
  db.exec(
    'CREATE TABLE t (a int PRIMARY KEY, b int, c text UNIQUE); CREATE INDEX ON t (b); BEGIN; INSERT INTO t VALUES (1, 0, NULL)',
  );
  for (const sql of [
    'INSERT INTO t VALUES (2, 5, $1) RETURNING b / 0',
    "INSERT INTO t VALUES (1, 5, 'x') ON CONFLICT (a) DO UPDATE SET b = 7, c = $1 RETURNING 1 / (b - 7)",
    'UPDATE t SET b = 9, c = $1 WHERE a = 1 RETURNING 1 / (b - 9)',
    'DELETE FROM t WHERE b = 0 AND $1 = $1 RETURNING 1 / b',
  ])
    assert.throws(() => db.prepare(sql).all('text'), { code: '22012' }, sql);
  const update = 'UPDATE t SET b = b + 1 WHERE a = $1 RETURNING old.b AS x, new.b AS y, t.*';
  assert.deepEqual(db.prepare(update).get(1), { x: 0, y: 1, a: 1, b: 1, c: null });
  const insert = 'INSERT INTO t VALUES ($1, 3, $2) RETURNING a + b AS s, old.a AS o, c';
  assert.deepEqual(db.prepare(insert).all(4, 'four'), [{ s: 7, o: null, c: 'four' }]);
  const remove = 'DELETE FROM t WHERE b = $1 RETURNING *, new.b AS n';
  assert.deepEqual(db.prepare(remove).all(3), [{ a: 4, b: 3, c: 'four', n: null }]);
  assert.deepEqual(db.prepare(remove).all(3), []);
  db.exec('COMMIT');
  assert.deepEqual(db.query('SELECT * FROM t').rows, [{ a: 1, b: 1, c: null }]);
  assert.deepEqual(db.check().findings, []);
  db.close();
});
