/**
 * A database changed at random against what it was: the script of the difference makes each what the other is. SEED replays a run,
 * DIFF_ALL=1 tries each change.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Database, openSync } from 'decentdb';
import { EVERYTHING } from '../dump/everything.test.kit.ts';
import { run } from '../program.test.kit.ts';
import { compareSides, type DiffChoices, type Difference, sideOf, tableChanges } from './compare.ts';
import { compareIntegers, compareTexts } from './row-changes.ts';
import { differenceScript } from './write-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-diff-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const ALL: DiffChoices = { withRows: true, withRoles: true, tables: [], rowsMax: 3 };

function compare(one: Database, other: Database): { difference: Difference; script: string; left: string[] } {
  const a = sideOf(one, ALL);
  const b = sideOf(other, ALL);
  const tables = tableChanges(a, b, true);
  const difference = compareSides(a, b, tables, ALL);
  const different = new Set(difference.rows.map(({ relation }) => relation));
  const left: string[] = [];
  const script = [...differenceScript({ a, b, tables, withRows: true, different }, left)].join('');
  for (const db of [one, other]) db.exec('RESET ALL');
  return { difference, script, left };
}

const MORE = `
CREATE TABLE fam (a int, b text) PARTITION BY RANGE (a);
CREATE TABLE fam1 PARTITION OF fam FOR VALUES FROM (0) TO (100);
CREATE TABLE base (x int PRIMARY KEY, y text); CREATE TABLE heir (z int) INHERITS (base);
CREATE TABLE word (w text PRIMARY KEY, n bigint, u uuid UNIQUE, s text UNIQUE, o numeric, j json);
CREATE TABLE pile (a int, b text, c char(4));
INSERT INTO fam SELECT i, 'f' || i FROM generate_series(1, 9) i; INSERT INTO base VALUES (1, 'a'), (2, 'b'); INSERT INTO heir VALUES (3, 'c', 1);
INSERT INTO word SELECT chr(65530 + i) || i, i * 1000000007::bigint, md5(i::text)::uuid, 's' || i, i / 3.0, '{"a": 1}' FROM generate_series(1, 12) i
  WHERE i > 6;
INSERT INTO word SELECT 'w' || i, -i, NULL, 't' || i, 1.0, NULL FROM generate_series(1, 6) i; INSERT INTO word VALUES ('😀', 1), ('￮', 2);
INSERT INTO pile VALUES (1, 'x', 'a'), (1, 'x', 'a'), (2, NULL, NULL), (NULL, '', 'b');
`;

const CHANGES: readonly string[] = [
  'UPDATE word SET n = n + 1 WHERE n % 2 = 0',
  "UPDATE word SET s = 't0' WHERE s = 't1'; UPDATE word SET s = 't1' WHERE s = 't2'; UPDATE word SET s = 't2' WHERE s = 't0'",
  "UPDATE word SET w = w || 'x' WHERE n < 0",
  'UPDATE word SET o = o::numeric(10,3)',
  "DELETE FROM word WHERE w > 'w3'",
  "INSERT INTO word (w, n) VALUES ('it''s', 9007199254740993), (E'\\n', NULL)",
  'DELETE FROM pile WHERE ctid IN (SELECT ctid FROM pile LIMIT 1)',
  "INSERT INTO pile VALUES (7, 'y', 'q'), (1, 'x', 'a'), (NULL, NULL, NULL)",
  "UPDATE pile SET b = 'z'",
  'ALTER TABLE pile ADD COLUMN late int DEFAULT 5',
  'ALTER TABLE pile DROP COLUMN b CASCADE',
  'DELETE FROM pile WHERE c IS NULL OR a = 1; ALTER TABLE pile ADD PRIMARY KEY (c)',
  'ALTER TABLE word DROP COLUMN o',
  "ALTER TABLE word ADD COLUMN m mood NOT NULL DEFAULT 'ok'",
  'ALTER TABLE word ALTER COLUMN n SET DEFAULT 3',
  'ALTER TABLE word ALTER COLUMN n TYPE numeric(20,2)',
  'ALTER TABLE word ADD COLUMN g text GENERATED ALWAYS AS (upper(s)) STORED',
  'DELETE FROM word WHERE s IS NULL; ALTER TABLE word ALTER COLUMN s SET NOT NULL',
  'ALTER TABLE word DROP CONSTRAINT word_s_key',
  'ALTER TABLE word ADD CONSTRAINT positive CHECK (n <> 0)',
  'ALTER TABLE word DROP CONSTRAINT word_pkey',
  'CREATE INDEX word_n ON word (n DESC) WHERE n > 5',
  'CREATE TABLE fam2 PARTITION OF fam FOR VALUES FROM (100) TO (200); INSERT INTO fam VALUES (150, NULL)',
  'ALTER TABLE fam DETACH PARTITION fam1',
  'ALTER TABLE fam ADD COLUMN more int',
  'DROP TABLE fam',
  "UPDATE base SET y = 'changed' WHERE x >= 2",
  'ALTER TABLE base ADD COLUMN q int',
  'ALTER TABLE heir NO INHERIT base',
  'DROP TABLE heir',
  "UPDATE a SET t = 'new', n = 5 WHERE id = 12",
  'DELETE FROM a WHERE id = 10',
  'UPDATE b SET a_id = NULL',
  'INSERT INTO b (x, y) SELECT i, i + 1 FROM generate_series(3, 5) i',
  'ALTER TABLE b DROP CONSTRAINT b_a',
  'ALTER TABLE b DROP CONSTRAINT b_a; ALTER TABLE b ADD CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES a ON DELETE SET NULL',
  'ALTER TABLE a DROP COLUMN t CASCADE',
  'DROP VIEW v2',
  'CREATE OR REPLACE VIEW v2 AS SELECT id AS q, t AS w FROM v1 WHERE id > 10',
  'ALTER VIEW v1 ALTER COLUMN t DROP DEFAULT',
  "ALTER VIEW v1 ALTER t SET DEFAULT 'other', ALTER id DROP DEFAULT; ALTER VIEW v2 ALTER w SET DEFAULT 'w'",
  'CREATE VIEW v3 AS SELECT w FROM word WHERE n > 0',
  'DROP MATERIALIZED VIEW mv',
  'REFRESH MATERIALIZED VIEW mv',
  "CREATE OR REPLACE FUNCTION greet(name text DEFAULT 'me') RETURNS text LANGUAGE sql AS $$ SELECT 'hello ' || name $$",
  'DROP FUNCTION rows_of()',
  'CREATE FUNCTION more(x text, y int) RETURNS text LANGUAGE sql AS $$ SELECT x || y $$',
  'DROP PROCEDURE addrow',
  "COMMENT ON TABLE a IS 'other'; COMMENT ON COLUMN a.n IS NULL; COMMENT ON CONSTRAINT chk ON b IS 'chk'",
  "COMMENT ON FUNCTION greet(text) IS NULL; COMMENT ON VIEW v1 IS 'one'",
  'GRANT DELETE ON word TO clerk; REVOKE SELECT ON a FROM clerk',
  'ALTER TABLE word OWNER TO boss',
  'ALTER SEQUENCE seq1 INCREMENT 7 NO CYCLE',
  "SELECT nextval('seq1')",
  'CREATE SEQUENCE seq2',
  "CREATE TABLE fresh (i serial PRIMARY KEY, m mood[]); INSERT INTO fresh (m) VALUES (NULL), (ARRAY['ok'::mood])",
  'CREATE SCHEMA s3 CREATE TABLE far (a int)',
  "CREATE TYPE kind AS ENUM ('x'); CREATE TABLE kinds (k kind)",
  'ALTER TABLE doc ENABLE TRIGGER doc_tsv',
  'DROP TRIGGER doc_tsv ON doc',
  "UPDATE doc SET body = 'other words'",
  'ALTER TABLE doc ADD COLUMN more text',
  'DROP TABLE inc CASCADE',
  'TRUNCATE b CASCADE',
  'ALTER TABLE logless SET LOGGED',
  'DROP INDEX a_part',
];

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9));
let state = seed;
function below(limit: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}
const isWhole = process.env['DIFF_ALL'] === '1';
const isLong = process.env['DECENTDB_LONG_TESTS'] === '1';

test('changed at random: there and back', () => {
  using first = openSync(':memory:');
  first.exec(EVERYTHING);
  first.exec(MORE);
  const bytes = first.serialize();
  const copy = (): Database => Database.deserialize(bytes);
  for (let round = 0; round < (isWhole ? 40 : isLong ? 2 : 1); round++) {
    using a = copy();
    using b = copy();
    const log: string[] = [];
    for (const db of [a, b])
      for (let i = below(5); i >= 0; i--) {
        const sql = CHANGES[below(CHANGES.length)] as string;
        try {
          db.exec(sql);
          log.push(`${db === a ? 'a' : 'b'}: ${sql}`);
        } catch {
          // What another change has made impossible.
        }
      }
    const told = (): string => `SEED=${seed} round ${round}\n${log.join('\n')}`;
    const { script, left } = compare(a, b);
    if (left.length > 0) continue;
    try {
      a.exec(script);
    } catch (error) {
      throw new Error(`${told()}\n${script}`, { cause: error });
    }
    const { difference } = compare(a, b);
    assert.deepEqual(difference, { objects: [], rows: [] }, `${told()}\n${script}`);
    assert.deepEqual(a.check().findings, [], told());
  }
});

test('a change alone: there and back', () => {
  using first = openSync(':memory:');
  first.exec(EVERYTHING);
  first.exec(MORE);
  const bytes = first.serialize();
  const some = Array.from({ length: isLong ? 4 : 1 }, () => CHANGES[below(CHANGES.length)] as string);
  for (const sql of isWhole ? CHANGES : some) {
    using a = Database.deserialize(bytes);
    using b = Database.deserialize(bytes);
    b.exec(sql);
    for (const [from, to] of [
      [a, b],
      [b, first],
    ] as const) {
      const { script, left } = compare(from, to);
      assert.deepEqual(left, [], `SEED=${seed}: ${sql}`);
      try {
        from.exec(script);
      } catch (error) {
        throw new Error(`SEED=${seed}: ${sql}\n${script}`, { cause: error });
      }
      assert.deepEqual(
        compare(from, to).difference,
        { objects: [], rows: [] },
        `SEED=${seed}: ${sql}\n${script}`,
      );
    }
  }
});

test('the command: exit codes, JSON, limits, what is refused', async () => {
  const [a, b] = [join(folder, 'a.ddb'), join(folder, 'b.ddb')];
  const made = 'CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE u (a int)';
  await run('exec', a, `${made}; INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 30) i`);
  await run(
    'exec',
    b,
    `${made}; INSERT INTO t SELECT i, 'w' || i FROM generate_series(2, 31) i; CREATE INDEX t_v ON t (v)`,
  );
  assert.deepEqual(await run('diff', a, a), { code: 0, out: 'the same\n', err: '' });
  const shown = await run('diff', a, b);
  assert.equal(shown.code, 1);
  assert.match(
    shown.out,
    /^\+ index t_v on public\.t\nrows of public\.t: 1 only in the first, 1 only in the second, 29 changed\n/,
  );
  assert.match(shown.out, /~ id = '2': v 'v2' -> 'w2'\n[\s\S]*and 21 more\n$/);
  const json = JSON.parse((await run('diff', a, b, '--json', '--limit', '1')).out);
  assert.equal(json.same, false);
  assert.deepEqual(json.rows, [
    {
      relation: 'public.t',
      key: ['id'],
      onlyInA: 1,
      onlyInB: 1,
      changed: 29,
      changes: [{ a: { id: '1', v: 'v1' }, b: null }],
    },
  ]);
  assert.equal((await run('diff', a, b, '--table', 'u')).code, 0);
  assert.equal((await run('diff', a, b, '--schema-only', '--sql')).out.split('\n').length, 5);
  const script = join(folder, 's.sql');
  assert.equal((await run('diff', a, b, '--sql', '-o', script)).code, 1);
  assert.match(readFileSync(script, 'utf8'), /^BEGIN;\n[\s\S]*COMMIT;\n$/);
  assert.equal((await run('exec', a, '-f', script)).code, 0);
  assert.equal((await run('diff', a, b)).code, 0);
  assert.equal((await run('diff', a, b, '--sql')).out, '');
  assert.equal((await run('diff', a, join(folder, 'none.ddb'))).code, 4);
  for (const wrong of [
    ['--limit', 'x'],
    ['--json', '--sql'],
    ['--sql', '--table', 't'],
    ['--table', 'none'],
  ])
    assert.equal((await run('diff', a, b, ...wrong)).code, 2, wrong.join(' '));
});

test('the script of schemas alone keeps the rows', async () => {
  const [a, b, script] = [join(folder, 'c.ddb'), join(folder, 'd.ddb'), join(folder, 't.sql')];
  await run(
    'exec',
    a,
    "CREATE TABLE t (id int PRIMARY KEY, v text DEFAULT '1', w text NOT NULL); CREATE VIEW x AS SELECT v FROM t; INSERT INTO t VALUES (1, '5', 'a')",
  );
  await run(
    'exec',
    b,
    'CREATE TABLE t (id int PRIMARY KEY, v numeric(8,2) DEFAULT 2, w varchar(9), n int NOT NULL DEFAULT 7); CREATE VIEW x AS SELECT v FROM t; CREATE INDEX i ON t (v)',
  );
  await run('diff', a, b, '--schema-only', '--sql', '-o', script);
  assert.equal((await run('exec', a, '-f', script)).err, '');
  assert.equal((await run('diff', a, b, '--schema-only')).out, 'the same\n');
  assert.equal((await run('exec', a, 'TABLE t')).out, 'id,v,w,n\n1,5.00,a,7\n');
  await run(
    'exec',
    b,
    'DROP VIEW x; ALTER TABLE t DROP COLUMN v; ALTER TABLE t ADD COLUMN v numeric(8,2) DEFAULT 2',
  );
  const left = await run('diff', a, b, '--schema-only', '--sql');
  assert.match(left.err, /WARNING: {2}not in the script: table public\.t: its columns are in another order/);
});

test('keys of another type, or generated; types that cannot be changed are left, and named', () => {
  using a = openSync(':memory:');
  using b = openSync(':memory:');
  const [ids, more] = ["('10', 1), ('9', 2), ('2', 3)", 'INSERT INTO g (v) VALUES (2), (3)'];
  const generated = 'CREATE TABLE g (v int, k int GENERATED ALWAYS AS (v * 2) STORED PRIMARY KEY)';
  a.exec(`CREATE TABLE k (id text PRIMARY KEY, v int); INSERT INTO k VALUES ${ids}; ${generated}; ${more}`);
  b.exec(
    `CREATE TABLE k (id int PRIMARY KEY, v int); INSERT INTO k VALUES ${ids}; ${generated}; ${more}, (1)`,
  );
  for (const [from, to, onlyInA] of [
    [a, b, 0],
    [b, a, 1],
  ] as const) {
    const { rows } = compare(from, to).difference;
    assert.deepEqual(
      rows.map((one) => [one.relation, one.onlyInA, one.onlyInB, one.changed]),
      [['public.g', onlyInA, 1 - onlyInA, 0]],
    );
  }
  a.exec("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN pos AS int CHECK (VALUE > 0)");
  b.exec("CREATE TYPE mood AS ENUM ('sad', 'ok', 'new'); CREATE DOMAIN pos AS int CHECK (VALUE > 1)");
  const { script, left } = compare(a, b);
  assert.deepEqual(left, [
    'type public.mood: it has another definition',
    'domain public.pos: it has another definition',
  ]);
  a.exec(script);
  assert.deepEqual(
    compare(a, b).difference.objects.map(({ name }) => name),
    ['public.mood', 'public.pos'],
  );
});

test('without roles: nothing of them in the script', async () => {
  const [a, b] = [join(folder, 'e.ddb'), join(folder, 'f.ddb')];
  await run('exec', a, 'CREATE TABLE t (a int)');
  await run('exec', b, 'CREATE TABLE t (a int)');
  await run(
    'exec',
    b,
    'CREATE ROLE r; CREATE SCHEMA s AUTHORIZATION r; GRANT SELECT ON t TO r; ALTER TABLE t OWNER TO r',
  );
  const { out } = await run('diff', a, b, '--sql', '--no-roles');
  assert.equal(out, 'BEGIN;\nSET LOCAL search_path = public, s;\nCREATE SCHEMA IF NOT EXISTS s;\nCOMMIT;\n');
});

test('orders are those of the database', () => {
  const integers = ['-100', '-20', '-3', '0', '7', '10', '9007199254740993', '9007199254740994'];
  assert.deepEqual([...integers].reverse().sort(compareIntegers), integers);
  const texts = ['', 'a', 'ab', 'b', 'é', '\uffee', '😀', '😀b', '😁'];
  assert.deepEqual([...texts].reverse().sort(compareTexts), texts);
});
