/** Small plans of few rows: run row by row they give what operators give (a cursor takes these). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import { int4Type } from '../../types/integer-types.ts';
import { defaultJsOptions } from '../../types/sql-type.ts';
import { random, testSeed } from '../expr.test.kit.ts';
import { RowMaker, shortPlanOf } from './short-plan.ts';

function opened(): Database {
  const db = openSync(':memory:');
  db.exec(`
    CREATE TABLE c (id int PRIMARY KEY, mail text UNIQUE, n int, score numeric, kind varchar(8));
    CREATE TABLE o (id bigint PRIMARY KEY, c int, total float8, state text, day date, cents numeric(8, 2), tags text[]);
    CREATE TABLE t (c int, tag text, PRIMARY KEY (c, tag));
    CREATE INDEX ON o (c); CREATE INDEX ON o (state, day); CREATE INDEX ON c (kind, n);
    INSERT INTO c SELECT g, CASE WHEN g % 7 > 0 THEN 'm' || g END, g % 5, (g % 4) * 1.50, CASE WHEN g % 6 > 0 THEN 'k' || g % 40 END
      FROM generate_series(1, 400) g;
    INSERT INTO o SELECT g, CASE WHEN g % 9 > 0 THEN g * 7 % 450 END, g / 3.0, 's' || g % 120, date '2024-01-01' + g % 50,
      CASE WHEN g % 4 > 0 THEN g * 0.25 END, ARRAY['a', 'b' || g % 3] FROM generate_series(1, 1600) g;
    INSERT INTO t SELECT g % 300, 'tag' || g % 7 FROM generate_series(1, 900) g ON CONFLICT DO NOTHING;
    ALTER TABLE c ADD COLUMN late int DEFAULT 7; ALTER TABLE o ADD COLUMN gone int; ALTER TABLE o DROP COLUMN gone;
    ANALYZE`);
  return db;
}

/** `$1` a key, `$2` a mail, `$3` a kind, `$4` a number. */
const TYPES = ['int', 'text', 'text', 'int'];
const SHORT = [
  'SELECT c.mail, o.total FROM c JOIN o ON o.c = c.id WHERE c.id = $1',
  'SELECT c.mail, o.id, t.tag FROM c JOIN o ON o.c = c.id JOIN t ON t.c = c.id WHERE c.id = $1',
  'SELECT c.id, o.cents, c.late FROM c LEFT JOIN o ON o.c = c.id AND o.total > $4 WHERE c.mail = $2',
  'SELECT c.*, o.* FROM o JOIN c ON c.id = o.c WHERE o.id = $1',
  'SELECT * FROM o WHERE c = $1 ORDER BY day DESC, id LIMIT 3',
  'SELECT id, cents FROM o WHERE c = $1 ORDER BY cents DESC NULLS LAST, id DESC LIMIT 2 OFFSET $4 / 40',
  'SELECT count(*), sum(total), min(day), max(cents), avg(cents), count(cents) FROM o WHERE c = $1',
  'SELECT sum(id), count(*) FILTER (WHERE total > $4), bool_and(cents > 3) FROM o WHERE c = $1',
  'SELECT mail FROM c WHERE id IN (SELECT c FROM o WHERE id = $1) AND EXISTS (SELECT 1 FROM t WHERE t.c = c.id)',
  'SELECT o.id FROM o WHERE o.c = $1 AND NOT EXISTS (SELECT 1 FROM t WHERE t.c = o.c AND t.tag > o.state)',
  'SELECT c.id + $4 AS x, upper(c.mail) || $3 FROM c WHERE c.kind = $3 AND c.n = $4 % 5',
  'SELECT a.id, b.id FROM o a JOIN o b ON b.c = a.c AND b.day < a.day WHERE a.c = $1',
  'SELECT c.id, o.state FROM c LEFT JOIN o ON o.c = c.id WHERE c.id = $1 ORDER BY o.state DESC, o.id',
  'SELECT id, mail FROM c WHERE id > $1 ORDER BY id LIMIT 20',
  'SELECT id, late, mail FROM c WHERE id < $1 ORDER BY id DESC LIMIT 5 OFFSET 3',
  "SELECT id, day FROM o WHERE state = 's' || $4 AND day > date '2024-01-05' ORDER BY day, id LIMIT 4",
  'SELECT state, day, id, tags, cents FROM o WHERE state >= $3 ORDER BY state DESC, day DESC, id DESC LIMIT 6',
  'SELECT kind, n, id FROM c WHERE kind >= $3 AND n > 1 ORDER BY kind, n, id LIMIT 10 OFFSET $4 / 20',
  'SELECT upper(mail), id FROM c WHERE n = $4 % 5 ORDER BY id LIMIT 3',
  'SELECT 100 / (id - $1), mail FROM c WHERE id > $4 ORDER BY id LIMIT 30',
  'SELECT id FROM c WHERE 100 / (id - $1) < 40 AND id > $4 ORDER BY id LIMIT 9',
  'SELECT * FROM c ORDER BY id DESC LIMIT $4 / 2',
  'SELECT id, tableoid FROM o WHERE id BETWEEN $4 AND $4 + 3 OR id > $1 ORDER BY id LIMIT 8',
  'SELECT 100 / (c.n - $4 % 5), c.id FROM c JOIN t ON t.c = c.id WHERE c.id = $1',
];
const OTHERS = [
  'SELECT c.id, o.id FROM c JOIN o ON o.c = c.id WHERE c.kind = $3',
  'SELECT state, count(*) FROM o WHERE c = $1 GROUP BY state',
  'SELECT DISTINCT n FROM c WHERE kind = $3',
  'SELECT a.id FROM c a FULL JOIN c b ON a.id = b.n WHERE a.kind = $3 OR b.id = $1',
  'SELECT id FROM c WHERE mail LIKE $2 ORDER BY id LIMIT 2',
  'SELECT id, n FROM c ORDER BY id LIMIT 200',
  'SELECT id FROM c ORDER BY id FETCH FIRST 3 ROWS WITH TIES',
  'SELECT id FROM c WHERE id > $1 ORDER BY id LIMIT (SELECT 2)',
  'SELECT id, cents FROM o WHERE c = $1 ORDER BY id LIMIT (SELECT 2) OFFSET (SELECT 1)',
  'SELECT id, cents FROM o WHERE c = $1 LIMIT (SELECT 0)',
  'SELECT random() < 2, id FROM c ORDER BY id LIMIT 2',
  'SELECT random() < 2, c.id FROM c JOIN t ON t.c = c.id WHERE c.id = $1',
  'SELECT id, (SELECT count(*) FROM t WHERE t.c = o.c) FROM o WHERE c = $1',
];

function texts(values: readonly unknown[]): string[] {
  return values.map((row) => JSON.stringify(row, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)));
}

function outcome(run: () => readonly unknown[]): readonly string[] {
  try {
    return texts(run());
  } catch (error) {
    if (error instanceof DecentDbError) return [`${error.code} ${error.message}`];
    throw error;
  }
}

/** The statement with only the parameters it uses, numbered anew. */
function renumbered(text: string): { readonly sql: string; readonly used: readonly number[] } {
  const used = [...new Set([...text.matchAll(/\$(\d)/g)].map((match) => Number(match[1]) - 1))];
  const sql = text.replace(
    /\$(\d)/g,
    (_, d: string) => `$${used.indexOf(Number(d) - 1) + 1}::${TYPES[Number(d) - 1]}`,
  );
  return { sql, used };
}

test('the same rows row by row as by operators', () => {
  const next = random(testSeed());
  const below = (n: number): number => Math.floor(next() * n);
  const db = opened();
  const statements = [...SHORT, ...OTHERS].map((text) => {
    const { sql, used } = renumbered(text);
    return { text, used, statement: db.prepare(sql), arrays: db.prepare(sql).raw() };
  });
  for (let round = 0; round < 30; round++) {
    const values = [below(460), next() < 0.1 ? null : `m${below(420)}`, `k${below(42)}`, below(100)];
    if (next() < 0.05) values[0] = null as never;
    for (const { text, used, statement, arrays } of statements) {
      const params = used.map((i) => values[i]) as never[];
      const isOrdered = /ORDER BY/.test(text);
      const sorted = (rows: readonly string[]): readonly string[] => (isOrdered ? rows : [...rows].sort());
      const long = sorted(outcome(() => [...statement.iterate(...params)]));
      assert.deepEqual(
        sorted(outcome(() => statement.all(...params))),
        long,
        `${text} ${JSON.stringify(values)}`,
      );
      const width = outcome(() => arrays.all(...params));
      assert.equal(width.length, long.length);
    }
    if (round === 15) {
      db.exec("DELETE FROM o WHERE id % 5 = 0; UPDATE c SET kind = 'k1' WHERE id % 4 = 0; BEGIN");
      db.exec(
        "INSERT INTO o SELECT g, 1 + g % 9, g, 'new', date '2025-01-01' FROM generate_series(5000, 5300) g",
      );
    }
  }
  db.close();
});

test('rows are the same before and after their code is generated', () => {
  const columns = ['b', 'a', '1', '__proto__', 'a'].map((name) => ({ name, type: int4Type }));
  for (const some of [columns, columns.filter(({ name }) => name !== '__proto__')]) {
    const maker = new RowMaker(some, defaultJsOptions);
    for (let i = 0; i < 450; i++) {
      const row = some.map((_, at) => (at === 2 ? null : i * 10 + at));
      const expected = new Map(some.map(({ name }, at) => [name, row[at]]));
      const made = maker.object(row) as object;
      assert.deepEqual(new Map(Object.entries(made)), expected);
      assert.deepEqual(
        Object.keys(made),
        ['1', 'b', 'a', '__proto__'].filter((name) => expected.has(name)),
      );
      assert.equal(Object.getPrototypeOf(made), Object.prototype);
      assert.deepEqual(maker.array(row), row);
    }
  }
});

test('which plans are short', () => {
  const db = opened();
  for (const text of SHORT) {
    const { sql, used } = renumbered(text);
    const prepared = db.session.prepare(sql);
    db.session.check(prepared);
    const { compiled } = prepared;
    assert.ok(compiled !== null);
    const short = shortPlanOf(compiled.plan, compiled.columns, defaultJsOptions, db.session.evalContext);
    assert.ok(
      short !== null,
      `${text}\n${db.explain(
        sql,
        used.map((i) => (TYPES[i] === 'int' ? 1 : 'm1')),
      )}`,
    );
  }
  db.close();
});
