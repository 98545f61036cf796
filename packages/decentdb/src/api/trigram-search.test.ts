import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { type Database, openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const trigramRule = 'optimizer.rule.trigram_scan';

function ids(db: Database, sql: string, params: unknown[] = []): number[] {
  return db.query<[number]>(sql, params, { rowMode: 'array' }).rows.map(([id]) => id);
}

/** The answer without the index. */
function scanned(db: Database, sql: string, params: unknown[] = []): number[] {
  db.exec(`SET ${trigramRule} = off`);
  try {
    return ids(db, sql, params);
  } finally {
    db.exec(`SET ${trigramRule} = on`);
  }
}

test('AC-P1.3: a row is found at once by its writer, after commit by others, after rollback by nobody', () => {
  const vfs = new MemoryVfs();
  const one = openSync('t.ddb', { vfs });
  one.exec(`CREATE TABLE t (id int PRIMARY KEY, name text); CREATE INDEX t_name ON t USING trigram (name)`);
  const other = openSync('t.ddb', { vfs });
  const find = (db: Database): number[] => ids(db, `SELECT id FROM t WHERE name LIKE '%moon%' ORDER BY id`);
  assert.match(
    one.explain(`SELECT id FROM t WHERE name LIKE '%moon%'`),
    /Trigram Index Scan using t_name on t/,
  );
  one.exec('BEGIN');
  one.query('INSERT INTO t VALUES ($1, $2)', [1, 'Blue moon']);
  one.exec('SAVEPOINT s');
  one.query('INSERT INTO t VALUES ($1, $2)', [2, 'moonlight']);
  assert.deepEqual(find(one), [1, 2]);
  assert.deepEqual(find(other), []);
  one.exec('ROLLBACK TO s');
  assert.deepEqual(find(one), [1]);
  one.exec('COMMIT');
  assert.deepEqual(find(other), [1]);
  one.exec('BEGIN; DELETE FROM t WHERE id = 1');
  assert.deepEqual(find(one), []);
  assert.deepEqual(find(other), [1]);
  one.exec('ROLLBACK');
  assert.deepEqual(find(one), [1]);
  one.exec(`UPDATE t SET name = 'Red sun' WHERE id = 1`);
  assert.deepEqual(find(other), []);
  one.checkpoint();
  assert.deepEqual(find(other), []);
  other.close();
  one.close();
});

const words = [
  'Blue',
  'MOON',
  'moon',
  'night',
  'Straße',
  'ÉTÉ',
  'été',
  'x_y',
  '50%',
  '日本語テキスト',
  '🎵🎶 Song',
  'İstanbul',
  'ΣΑΣ',
  'σας',
  "rock'n",
];

function text(prng: Prng): string | null {
  if (prng.chance(0.05)) return null;
  return Array.from({ length: 1 + prng.below(5) }, () => prng.pick(words)).join(prng.pick([' ', '', '-']));
}

function pattern(prng: Prng): string {
  const word = [...prng.pick(words)];
  const from = prng.below(word.length);
  const part = word.slice(from, from + 1 + prng.below(6)).join('');
  const body = prng.chance(0.2) ? `${part}${prng.pick(['_', '%'])}${prng.pick(words)}` : part;
  return `${prng.pick(['%', '', '_'])}${body}${prng.pick(['%', '', '_%'])}`;
}

/** A condition on columns a and b, with its parameters. */
function condition(prng: Prng, params: unknown[], depth = 0): string {
  if (depth < 2 && prng.chance(0.3)) {
    const parts = Array.from({ length: 2 + prng.below(2) }, () => condition(prng, params, depth + 1));
    return `(${parts.join(prng.pick([' AND ', ' OR ']))})`;
  }
  if (prng.chance(0.08)) return `NOT ${condition(prng, params, depth + 1)}`;
  const column = prng.pick(['a', 'a', 'b', 'lower(a)', 'a || b']);
  const given = (value: string): string => {
    if (prng.chance(0.5)) return `'${value.replaceAll("'", "''")}'`;
    params.push(value);
    return `$${params.length}::text`;
  };
  const literal = (): string => prng.pick(words).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  switch (prng.below(8)) {
    case 0:
      return `${column} = ${given(text(prng) ?? '')}`;
    case 1:
      return `${column} ~ ${given(`${literal()}(${literal()}|${prng.pick(words).slice(0, 2)})?`)}`;
    case 2:
      return `${column} ~* ${given(`^.?${literal()}+`)}`;
    case 3:
      return `position(${given(prng.pick(words).slice(0, 4))} in ${column}) > 0`;
    case 4:
      return `${column} LIKE ANY (ARRAY[${given(pattern(prng))}, ${given(pattern(prng))}])`;
    case 5:
      return `${column} ILIKE ${given(pattern(prng))}`;
    default:
      return `${column} LIKE ${given(pattern(prng))}`;
  }
}

function checkQueries(db: Database, prng: Prng, count: number): void {
  for (let i = 0; i < count; i++) {
    const params: unknown[] = [];
    const few = prng.chance(0.4) ? ` LIMIT ${1 + prng.below(9)} OFFSET ${prng.below(3)}` : '';
    const order = prng.chance(0.8) ? 'id' : 'id DESC';
    const sql = `SELECT id FROM t WHERE ${condition(prng, params)} ORDER BY ${order}${few}`;
    assert.deepEqual(
      ids(db, sql, params),
      scanned(db, sql, params),
      `SEED=${seed} ${sql} ${JSON.stringify(params)}`,
    );
  }
}

function change(db: Database, prng: Prng): void {
  const id = 1 + prng.below(60);
  switch (prng.below(6)) {
    case 0:
      db.query('DELETE FROM t WHERE id = $1', [id]);
      break;
    case 1:
      db.query('UPDATE t SET a = $2 WHERE id = $1', [id, text(prng)]);
      break;
    case 2:
      db.query('UPDATE t SET id = id + 1000, b = $2 WHERE id = $1 AND $1 + 1000 NOT IN (SELECT id FROM t)', [
        id,
        text(prng),
      ]);
      break;
    case 3:
      db.query(`UPDATE t SET a = b, b = a, kept = NOT kept WHERE id % 7 = $1`, [prng.below(7)]);
      break;
    default:
      db.query('INSERT INTO t VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET a = excluded.a', [
        id,
        text(prng),
        text(prng),
      ]);
  }
}

test('AC-P1.4: under random writes, merges, rollbacks and reopening the index answers as the scan does', () => {
  const prng = new Prng(seed);
  for (const mode of ['deferred', 'immediate']) {
    const vfs = new MemoryVfs();
    const open = (): Database => openSync('t.ddb', { vfs, pageSize: 1024 });
    let db = open();
    db.exec(`CREATE TABLE t (id bigint PRIMARY KEY, a text, b varchar(200), kept bool DEFAULT true);
      CREATE INDEX t_ab ON t USING gin (a gin_trgm_ops, b gin_trgm_ops) WITH (mode = ${mode});
      CREATE INDEX t_part ON t USING trigram (a) WHERE kept;
      CREATE INDEX t_expr ON t USING trigram (lower(a), (a || b))`);
    // Tables of a few rows are scanned: these make the index worth its while.
    const many = Array.from({ length: 300 }, (_, i) => [5000 + i, `f${prng.below(1e9)}`, null]);
    const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3)');
    db.transaction(() => many.forEach((row) => void insert.run(...row)))();
    db.exec(`INSERT INTO t SELECT id + 1000, NULL, a || 'x' FROM t WHERE id % 10 = 0`);
    assert.match(db.explain(`SELECT id FROM t WHERE a LIKE '%日本語%'`), /Trigram Index Scan/);
    for (let round = 0; round < 6; round++) {
      const isExplicit = prng.chance(0.6);
      if (isExplicit) db.exec('BEGIN');
      for (let n = 1 + prng.below(25); n > 0; n--) change(db, prng);
      if (isExplicit) {
        if (prng.chance(0.3)) {
          db.exec('SAVEPOINT s');
          for (let n = prng.below(10); n > 0; n--) change(db, prng);
          if (prng.chance(0.7)) db.exec('ROLLBACK TO s');
        }
        checkQueries(db, prng, 4);
        db.exec(prng.chance(0.7) ? 'COMMIT' : 'ROLLBACK');
      }
      if (prng.chance(0.2)) db.exec('SET decentdb.trigram_pending_rows = 0');
      if (prng.chance(0.2)) db.checkpoint();
      if (prng.chance(0.1))
        db.exec(
          prng.pick([
            'REINDEX TABLE t',
            'ALTER TABLE t ADD COLUMN n int DEFAULT 1; ALTER TABLE t DROP COLUMN n',
          ]),
        );
      checkQueries(db, prng, 6);
      assert.deepEqual(db.check().findings, [], `SEED=${seed}`);
      if (prng.chance(0.3)) {
        db.close();
        db = open();
      }
    }
    db.close();
  }
});

test('AC-P1.7: disabled for a load and built afterwards, an index is the one kept all along', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, a text);
    CREATE INDEX t_a ON t USING trigram (a) WITH (mode = disabled)`);
  db.exec(`INSERT INTO t SELECT i, 'song number ' || i FROM generate_series(1, 3000) i`);
  const sql = `SELECT id FROM t WHERE a LIKE '%123%'`;
  assert.match(db.explain(sql), /Seq Scan/);
  db.exec('ALTER INDEX t_a SET (mode = deferred)');
  assert.match(db.explain(sql), /Trigram Index Scan using t_a on t/);
  assert.deepEqual(ids(db, sql), scanned(db, sql));
  assert.deepEqual(db.check().findings, []);
  db.exec(`UPDATE t SET a = a || '!' WHERE id <= 5`);
  const pending = 'SELECT mode, is_usable, pending_estimated FROM sys.search_indexes';
  assert.deepEqual(db.query(pending).rows, [{ mode: 'deferred', is_usable: true, pending_estimated: 5 }]);
  db.checkpoint();
  assert.deepEqual(db.query(pending).rows, [{ mode: 'deferred', is_usable: true, pending_estimated: 0 }]);
  db.exec('ALTER INDEX t_a SET (mode = disabled); DELETE FROM t WHERE id = 123');
  assert.deepEqual(db.check().findings, []);
  db.exec('ALTER INDEX t_a RESET (mode)');
  assert.deepEqual(ids(db, sql), scanned(db, sql));
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('AC-P1.8: patterns too short or too broad scan, nothing is cut off', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, a text); CREATE INDEX t_a ON t USING trigram (a);
    INSERT INTO t SELECT i, 'common ' || CASE WHEN i % 1000 = 0 THEN 'rare' ELSE i::text END FROM generate_series(1, 5000) i`);
  assert.match(db.explain(`SELECT id FROM t WHERE a LIKE '%o%'`), /Seq Scan/);
  assert.match(db.explain(`SELECT id FROM t WHERE a LIKE '%common%'`), /Seq Scan/);
  assert.match(db.explain(`SELECT id FROM t WHERE a LIKE '%rare%'`), /Trigram Index Scan/);
  // EXPLAIN says why.
  assert.match(
    db.explain(`SELECT id FROM t WHERE a LIKE '%o%'`),
    /Search Index: t_a not used: the pattern has nothing/,
  );
  assert.match(
    db.explain(`SELECT id FROM t WHERE a LIKE '%common%'`),
    /Search Index: t_a not used: about (\d+) of \1 rows/,
  );
  const ran = (pattern: string): string =>
    db
      .query<[string]>('EXPLAIN (ANALYZE, COSTS off) SELECT id FROM t WHERE a LIKE $1', [pattern], {
        rowMode: 'array',
      })
      .rows.join('\n');
  assert.match(ran('%o%'), /Search: table scanned: the pattern says too little/);
  assert.match(ran('%common%'), /Search: table scanned: about 5000 postings/);
  assert.match(ran('%rare%'), /Search: 5 candidates/);
  // A parameter's pattern is known only when it runs.
  for (const [given, count] of [
    ['%o%', 5000],
    ['%common%', 5000],
    ['%rare%', 5],
    ['%nowhere%', 0],
  ] as const)
    assert.equal(ids(db, 'SELECT id FROM t WHERE a LIKE $1', [given]).length, count);
  assert.deepEqual(ids(db, 'SELECT id FROM t WHERE a LIKE $1', [null]), []);
  db.close();
});

test('candidates near each other and far apart, in leaves with gaps, behind changes', () => {
  const prng = new Prng(seed);
  const db = openSync('t.ddb', { vfs: new MemoryVfs(), pageSize: 1024 });
  const title = (): string =>
    `${prng.pick(['Æsop ', '', '日本 '])}${['lake', 'common pond', 'rare sea'][Math.min(2, prng.below(40) >> prng.below(6))]} ${prng.below(1000)}`;
  db.exec('CREATE TABLE t (id bigint PRIMARY KEY, a text, n int); CREATE INDEX t_a ON t USING trigram (a)');
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3)');
  let id = -500;
  db.transaction(() => {
    for (let i = 0; i < 6000; i++) {
      id += 1 + (prng.chance(0.02) ? prng.below(5000) : 0);
      insert.run(id, title(), i);
    }
  })();
  db.checkpoint();
  for (let round = 0; round < 4; round++) {
    for (const part of ['rare', 'lake', 'sop ra', 'common', '99', 'ke 1', '日本 rare', 'RARE sea'])
      for (const rest of ['', ' ORDER BY id', ' AND n % 3 = 0 ORDER BY id LIMIT 40', ' AND n > 5000']) {
        const sql = `SELECT id FROM t WHERE a ${prng.pick(['LIKE', 'ILIKE'])} '%${part}%'${rest}`;
        assert.deepEqual(ids(db, sql), scanned(db, sql), `SEED=${seed} ${sql}`);
      }
    db.exec(`DELETE FROM t WHERE n BETWEEN ${prng.below(6000)} AND ${prng.below(6000)} AND n % 2 = 0;
      UPDATE t SET a = 'rare ' || a WHERE n % 97 = ${round}`);
    if (round === 2)
      db.exec('ALTER TABLE t ADD COLUMN z text DEFAULT $$rare$$; CREATE INDEX t_z ON t USING trigram (z)');
  }
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('trigram indexes refuse what they cannot be', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, a text)');
  const fails = (sql: string, code: string): void => void assert.throws(() => db.exec(sql), { code }, sql);
  fails('CREATE INDEX ON t USING trigram (id)', '42704');
  fails('CREATE UNIQUE INDEX ON t USING trigram (a)', '0A000');
  fails('CREATE INDEX ON t USING trigram (a DESC)', '0A000');
  fails('CREATE INDEX ON t USING trigram (a) INCLUDE (id)', '0A000');
  fails('CREATE INDEX ON t USING trigram (a) WITH (mode = sometimes)', '22023');
  fails('CREATE INDEX ON t USING trigram (a) WITH (speed = 1)', '22023');
  fails('CREATE INDEX ON t USING gin (a)', '42704');
  db.exec('CREATE EXTENSION IF NOT EXISTS pg_trgm');
  fails('CREATE EXTENSION postgis', '0A000');
  db.close();
});

test('trigram indexes work below joins, in updates and deletes', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE artist (id int PRIMARY KEY, name text); CREATE TABLE track (id int PRIMARY KEY, artist int, title text);
    CREATE INDEX ON artist USING trigram (name); CREATE INDEX ON track USING trigram (title);
    INSERT INTO artist SELECT i, 'artist ' || md5(i::text) FROM generate_series(1, 500) i;
    INSERT INTO track SELECT i, i % 500 + 1, 'track ' || md5((i * 7)::text) FROM generate_series(1, 5000) i`);
  const sql = `SELECT t.id FROM track t JOIN artist a ON a.id = t.artist
    WHERE t.title LIKE '%abc%' AND a.name ILIKE '%A%' ORDER BY 1`;
  assert.match(db.explain(sql), /Trigram Index Scan using track_title_idx on track t/);
  assert.deepEqual(ids(db, sql), scanned(db, sql));
  const doomed = scanned(db, `SELECT id FROM track WHERE title LIKE '%abc%' ORDER BY id`);
  assert.deepEqual(
    ids(db, `UPDATE track SET title = title || ' xabcx' WHERE title LIKE '%abc%' RETURNING id`).sort(
      (a, b) => a - b,
    ),
    doomed,
  );
  assert.equal(db.query(`DELETE FROM track WHERE title LIKE '%xabcx%'`).affectedRows, doomed.length);
  assert.deepEqual(ids(db, `SELECT id FROM track WHERE title LIKE '%abc%'`), []);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('a LIMIT reads postings window by window, and misses nothing', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, name text); CREATE INDEX t_name ON t USING trigram (name);
    INSERT INTO t SELECT i, 'title ' || md5(i::text) || CASE WHEN i % 9 = 0 THEN ' moonlight' ELSE ' moon' END
    FROM generate_series(1, 20000) i; CHECKPOINT;
    UPDATE t SET name = 'sun ' || id WHERE id % 90 = 0; UPDATE t SET name = 'moonlight' WHERE id = 4; DELETE FROM t WHERE id = 18;
    INSERT INTO t VALUES (0, 'late moonlight')`);
  const all = scanned(db, `SELECT id FROM t WHERE name LIKE '%moonlight%' ORDER BY id`);
  for (const limit of [0, 1, 31, 32, 33, 500, 1990, 1_000_000]) {
    const found = ids(db, `SELECT id FROM t WHERE name LIKE '%moonlight%' LIMIT ${limit}`);
    assert.equal(found.length, Math.min(limit, all.length));
    assert.equal(new Set(found).size, found.length);
    for (const id of found) assert.ok(all.includes(id));
  }
  const offset = ids(db, `SELECT id FROM t WHERE name LIKE '%moonlight%' OFFSET 100 LIMIT 100000`);
  assert.equal(offset.length, all.length - 100);
  db.close();
});

test('the planner knows how few texts have all words of a pattern whose rarest trigrams are of one word', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, name text); CREATE INDEX t_name ON t USING trigram (name);
    INSERT INTO t SELECT i, CASE WHEN i % 2 = 0 THEN 'for the ship' WHEN i % 15 = 0 THEN 'blue anchor' WHEN i % 16 = 1 THEN 'for the blu anchors'
      ELSE 'sun' END FROM generate_series(1, 16000) i; CHECKPOINT`);
  const guess = (pattern: string): number =>
    Number(/Scan.*rows=(\d+)/.exec(db.explain(`SELECT id FROM t WHERE name LIKE '${pattern}'`))?.[1]);
  for (const [pattern, rows] of [
    ['%for the blu anchor%', 934],
    ['%for the anchor%', 0],
    ['%the ship anchor%', 0],
    ['%blue anchor%', 533],
  ] as const) {
    assert.equal(scanned(db, `SELECT id FROM t WHERE name LIKE '${pattern}'`).length, rows);
    const guessed = guess(pattern);
    assert.ok(guessed <= rows * 2 + 20 && guessed >= rows / 2, `${pattern}: ${guessed} for ${rows}`);
  }
  db.close();
});
