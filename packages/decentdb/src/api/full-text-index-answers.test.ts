/** Full text queries answered from postings: the rows, ranks and order of a scan, at any moment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { type Database, openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? 20260303);
const rule = 'optimizer.rule.search_by_index';

const words = [
  'moon',
  'river',
  'Running',
  'runs',
  'the',
  'lantern',
  'lanterns',
  'cat',
  'x1',
  'été',
  'fox',
  'mooring',
];
const longWord = (n: number): string => `${'verylongword'.repeat(6)}${n}`;

function textOf(random: Prng): string | null {
  if (random.chance(0.06)) return null;
  return Array.from({ length: random.below(9) }, () =>
    random.chance(0.03) ? longWord(random.below(3)) : (words[random.below(words.length)] as string),
  ).join(random.chance(0.1) ? ', ' : ' ');
}

const atoms: readonly ((random: Prng) => string)[] = [
  (r) => `${words[r.below(words.length)]}`.toLowerCase(),
  () => 'run',
  () => 'moo:*',
  () => 'lantern:*B',
  () => 'cat:A',
  () => 'moon <-> river',
  () => '(cat | fox) <2> moon',
  () => 'river <-> !moon',
  () => longWord(1),
  () => `${longWord(1).slice(0, 50)}:*`,
  () => 'zzz',
];

function queryOf(random: Prng, depth: number): string {
  if (depth === 0 || random.chance(0.35))
    return (atoms[random.below(atoms.length)] as (r: Prng) => string)(random);
  const [left, right] = [queryOf(random, depth - 1), queryOf(random, depth - 1)];
  if (random.chance(0.2)) return `(${left}) & !(${right})`;
  return `(${left}) ${random.chance(0.5) ? '&' : '|'} (${right})`;
}

function create(db: Database): void {
  db.exec(`
    CREATE TABLE doc (id int PRIMARY KEY, title text, body text, v tsvector, n int);
    CREATE INDEX doc_words ON doc USING fulltext (title, body) WITH (config = english);
    CREATE INDEX doc_v ON doc USING gin (v)`);
}

/** A vector with weights, without places, or none. */
const vectorSql = `CASE $4::int % 4 WHEN 0 THEN setweight(to_tsvector('english', coalesce($2, '')), 'A')
    WHEN 1 THEN strip(to_tsvector('english', coalesce($3, '')))
    WHEN 2 THEN setweight(to_tsvector('english', coalesce($2, '')), 'B') || to_tsvector('english', coalesce($3, '')) END`;

function change(db: Database, random: Prng): void {
  const id = 1 + random.below(120);
  const values = [id, textOf(random), textOf(random), random.below(8)];
  db.query('DELETE FROM doc WHERE id = $1', [id]);
  if (random.chance(0.8)) db.query(`INSERT INTO doc VALUES ($1, $2, $3, ${vectorSql}, $4)`, values);
}

/** The same statement decided by the index, tested row by row, and by a scan. */
function compare(db: Database, sql: string, params: readonly unknown[], ordered = false): number {
  const rows = (): string[] => {
    const all = db.query(sql, params).rows.map((row) => JSON.stringify(row));
    return ordered ? all : all.sort();
  };
  const decided = rows();
  db.exec(`SET ${rule} = off`);
  const tested = rows();
  db.exec('SET optimizer.rule.trigram_scan = off');
  const scanned = rows();
  db.exec(`SET ${rule} = on; SET optimizer.rule.trigram_scan = on`);
  assert.deepEqual(decided, scanned, `by the index: ${sql} ${JSON.stringify(params)}`);
  assert.deepEqual(tested, scanned, `tested: ${sql} ${JSON.stringify(params)}`);
  return decided.length;
}

const title = `to_tsvector('english', title)`;
const q = `to_tsquery('english', $1)`;

function compareAll(db: Database, query: string): number {
  let found = compare(db, `SELECT id FROM doc WHERE ${title} @@ ${q}`, [query]);
  found += compare(db, `SELECT count(*) FROM doc WHERE v @@ ${q}`, [query]);
  compare(
    db,
    `SELECT id, n FROM doc WHERE (${title} @@ ${q} OR to_tsvector('english', body) @@ ${q}) AND n < 6`,
    [query],
  );
  compare(
    db,
    `SELECT id, ts_rank(v, ${q}) r, ts_rank_cd(v, ${q}, 4 | 32) c, ts_rank(v, ${q}, 1) l, ts_rank('{0.1,0.2,0.5,1}', v, ${q}) w
     FROM doc WHERE v @@ ${q} ORDER BY r DESC, id LIMIT 10`,
    [query],
    true,
  );
  compare(
    db,
    `SELECT id, title, bm25('doc_words', ${title}, ${q}) s FROM doc WHERE ${title} @@ ${q} ORDER BY s DESC, id LIMIT 7`,
    [query],
    true,
  );
  return found;
}

test('random queries while documents change, are merged, rolled back and reopened', () => {
  const random = new Prng(seed);
  const vfs = new MemoryVfs();
  let db = openSync('t.ddb', { vfs });
  create(db);
  let found = 0;
  try {
    for (let step = 0; step < 30; step++) {
      const isOpen = random.chance(0.4);
      if (isOpen) db.exec('BEGIN');
      for (let i = random.below(25); i > 0; i--) change(db, random);
      if (isOpen && random.chance(0.5)) {
        db.exec('SAVEPOINT s');
        for (let i = random.below(10); i > 0; i--) change(db, random);
        found += compareAll(db, queryOf(random, 2));
        if (random.chance(0.5)) db.exec('ROLLBACK TO s');
      }
      found += compareAll(db, queryOf(random, 2));
      if (isOpen) db.exec(random.chance(0.3) ? 'ROLLBACK' : 'COMMIT');
      if (random.chance(0.3)) db.checkpoint();
      if (random.chance(0.15)) {
        db.close();
        db = openSync('t.ddb', { vfs });
      }
      if (random.chance(0.1)) db.exec('REINDEX INDEX doc_words; REINDEX INDEX doc_v');
      if (random.chance(0.2)) assert.deepEqual(db.check().findings, []);
      found += compareAll(db, queryOf(random, 3));
    }
  } catch (error) {
    throw new Error(`SEED=${seed}: ${(error as Error).message}`, { cause: error });
  }
  assert.ok(found > 100, `${found} rows were found`);
  db.close();
});

test('a rank above an outer join, a self join and a subquery', () => {
  const db = openSync(':memory:');
  create(db);
  db.exec(`INSERT INTO doc SELECT i, CASE WHEN i % 3 > 0 THEN 'moon river ' || i END, NULL, NULL, i % 40 FROM generate_series(1, 400) i;
    CREATE INDEX doc_all ON doc USING gin (to_tsvector('english', coalesce(title, 'none'))); CHECKPOINT`);
  const all = `to_tsvector('english', coalesce(d.title, 'none'))`;
  const first = `to_tsvector('english', d.title)`;
  for (const v of [all, first])
    for (const from of [
      `generate_series(1, 60) g LEFT JOIN doc d ON d.n = g AND ${v} @@ ${q}`,
      `generate_series(1, 60) g JOIN doc d ON d.n = g AND ${v} @@ ${q}`,
      `(SELECT * FROM doc d WHERE ${v} @@ ${q} OFFSET 0) d JOIN doc e ON e.id = d.id + 1, (SELECT 1 AS g) g`,
    ])
      compare(
        db,
        `SELECT d.id, g, ts_rank(${v}, ${q}) r FROM ${from} ORDER BY 1, 2, 3`,
        ['moon | none'],
        true,
      );
  db.close();
});

test('a count and a rank read postings alone', () => {
  const db = openSync(':memory:');
  create(db);
  db.exec(
    `INSERT INTO doc SELECT i, 'moon number ' || i, NULL, NULL, i FROM generate_series(1, 3000) i; CHECKPOINT`,
  );
  const analyzed = (sql: string): string =>
    db
      .query<[string]>(`EXPLAIN ANALYZE ${sql}`, [], { rowMode: 'array' })
      .rows.map(([line]) => line)
      .join('\n');
  assert.match(
    analyzed(`SELECT count(*) FROM doc WHERE ${title} @@ 'moon'`),
    /Search: 3000 rows by the index, 0 to be tested/,
  );
  db.exec(`UPDATE doc SET title = 'sun' WHERE id = 7`);
  assert.match(
    analyzed(`SELECT count(*) FROM doc WHERE ${title} @@ 'moon'`),
    /Search: 2999 rows by the index, 1 to be tested/,
  );
  assert.equal(db.query(`SELECT count(*)::int AS n FROM doc WHERE ${title} @@ 'moon'`).rows[0]?.['n'], 2999);
  db.close();
});

test('ranks of queries whose long words need not be looked at to know the rows', () => {
  const db = openSync(':memory:');
  create(db);
  db.query(
    `INSERT INTO doc SELECT i, NULL, NULL, to_tsvector('english', CASE WHEN i % 50 > 0 THEN 'fox' ELSE $1 END), i
     FROM generate_series(1, 2000) i`,
    [`moon ${longWord(1)} cat`],
  );
  db.exec('CHECKPOINT');
  const unread = `(zzz & (${longWord(1)} | cat:A))`;
  for (const query of [`moo:* & !${unread}`, `moon | ${unread}`])
    compare(db, `SELECT id, ts_rank(v, ${q}) r FROM doc WHERE v @@ ${q} ORDER BY r DESC, id`, [query], true);
  db.close();
});

test('lexemes longer than keys, and lexemes with the characters that separate notes', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE d (id int PRIMARY KEY, v tsvector); CREATE INDEX d_v ON d USING gin (v)');
  const lexemes = ['a'.repeat(70), `${'a'.repeat(69)}b`, 'a', '\u0001', '\u0002a', 'x\u0001y', '\u0002'];
  lexemes.forEach((lexeme, id) => {
    db.query('INSERT INTO d VALUES ($1, array_to_tsvector(ARRAY[$2::text]))', [id, lexeme]);
  });
  const check = (): void => {
    for (const [id, lexeme] of lexemes.entries()) {
      const { rows } = db.query(`SELECT id FROM d WHERE v @@ ('''' || $1::text || '''')::tsquery`, [lexeme]);
      assert.deepEqual(rows, [{ id }], JSON.stringify(lexeme));
    }
    const prefixed = db.query(`SELECT id FROM d WHERE v @@ '${'a'.repeat(60)}:*'::tsquery ORDER BY id`).rows;
    assert.deepEqual(prefixed, [{ id: 0 }, { id: 1 }]);
    assert.deepEqual(db.check().findings, []);
  };
  check();
  db.exec('CHECKPOINT');
  check();
  db.exec('UPDATE d SET v = v WHERE id < 5; DELETE FROM d WHERE id = 6; CHECKPOINT');
  lexemes.pop();
  check();
  db.close();
});
