/** Search indexes that are merged a slice at a time, commit by commit, answer as a scan does at every moment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { type Database, openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? 11);
const ROUNDS = Number(process.env['ROUNDS'] ?? (process.env['DECENTDB_LONG_TESTS'] === '1' ? 120 : 24));
const WORDS = 'blue moons harvest nights training rivers Über stones 日本語の歌 a'.split(' ');

function text(prng: Prng): string | null {
  if (prng.chance(0.1)) return null;
  return Array.from({ length: 1 + prng.below(5) }, () => `${prng.pick(WORDS)}${prng.below(4)}`).join(' ');
}

const QUERIES = [
  `a LIKE '%moons1%'`,
  `a ILIKE '%über%' OR b LIKE '%night%'`,
  `a LIKE '%train%' AND b LIKE '%blue%'`,
  `lower(b) LIKE '%harvest2%'`,
  `a LIKE '%moon%' AND n < 50`,
  `to_tsvector('english', a) @@ to_tsquery('english', 'moons1 | train:*')`,
  `to_tsvector('english', a) @@ to_tsquery('english', 'blue2 <-> moons3') AND b LIKE '%stone%'`,
  `to_tsvector('english', b) @@ to_tsquery('english', 'rivers1 & !nights2')`,
];
const RULES = ['trigram_scan', 'bitmap_scan', 'search_by_index', 'nearest_scan', 'or_expansion'];

function answers(db: Database, where: string): unknown {
  const rank = where.includes('<->')
    ? `ts_rank(to_tsvector('english', a), to_tsquery('english', 'blue2 <-> moons3'))`
    : 'n';
  return db.query(`SELECT id, ${rank} AS rank FROM t WHERE ${where} ORDER BY id`).rows;
}

function compare(db: Database): void {
  const ask = (): unknown[] => [
    ...QUERIES.map((where) => answers(db, where)),
    db.query(`SELECT a, a <-> 'blue1 moons' AS d FROM t ORDER BY a <-> 'blue1 moons', id LIMIT 5`).rows,
    db.query(`SELECT count(*) FROM t WHERE a LIKE '%moons%'`).rows,
  ];
  const found = ask();
  for (const rule of RULES) db.exec(`SET optimizer.rule.${rule} = off`);
  const wanted = ask();
  for (const rule of RULES) db.exec(`SET optimizer.rule.${rule} = on`);
  assert.deepEqual(found, wanted);
}

test('AC-P1.4, AC-P1.6: slices between commits, savepoints, reopening, new columns and rebuilt indexes', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  const vfs = new MemoryVfs();
  const settings = (): void => {
    db.exec(`SET decentdb.trigram_pending_rows = ${prng.pick([12, 40, 200])}`);
  };
  let db = openSync('t.ddb', { vfs, pageSize: 4096 });
  settings();
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, a text, b text, n int);
    CREATE INDEX t_ab ON t USING trigram (a, b);
    CREATE INDEX t_part ON t USING trigram (a) WHERE n < 50;
    CREATE INDEX t_low ON t USING trigram (lower(b)) WITH (mode = immediate);
    CREATE INDEX t_words ON t USING fulltext (a, b)`);
  let states = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const isOne = prng.chance(0.5);
    db.exec('BEGIN');
    const depth = prng.below(3);
    for (let level = 0; level <= depth; level++) {
      db.exec(`SAVEPOINT s${level}`);
      for (let i = isOne ? 1 : prng.below(12); i > 0; i--) {
        const id = prng.below(300);
        const action = prng.below(4);
        if (action === 0) db.query('DELETE FROM t WHERE id = $1', [id]);
        else if (action === 1) db.query('UPDATE t SET n = n + 30 WHERE id = $1', [id]);
        else
          db.query(
            'INSERT INTO t VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET a = excluded.a, b = excluded.b',
            [id, text(prng), text(prng), prng.below(100)],
          );
      }
      if (prng.chance(0.2)) db.exec(`ROLLBACK TO s${level}`);
    }
    if (prng.chance(0.03)) db.exec('TRUNCATE t');
    if (prng.chance(0.04)) db.exec(`ALTER TABLE t ADD COLUMN c${round} text DEFAULT 'blue moons'`);
    if (prng.chance(0.03)) db.exec('REINDEX TABLE t');
    db.exec(prng.chance(0.15) ? 'ROLLBACK' : 'COMMIT');
    const chance = prng.unit();
    if (chance < 0.05) db.exec('CHECKPOINT');
    else if (chance < 0.08) db.exec('VACUUM');
    else if (chance < 0.15) {
      db.close();
      db = openSync('t.ddb', { vfs, pageSize: 4096 });
      settings();
    } else if (chance < 0.25) settings();
    const { waiting } = db.query<{ waiting: number }>(
      'SELECT sum(pending_estimated)::int AS waiting FROM sys.search_indexes',
    ).rows[0] as { waiting: number };
    if (waiting > 0) states++;
    assert.deepEqual(db.check().findings, [], `round ${round}, SEED=${seed}`);
    if (round % 8 === 0) compare(db);
  }
  assert.ok(states > ROUNDS / 4, `${states} states with notes`);
  db.close();
});

test('a commit that meets a frozen run merges as much as it noted itself', () => {
  const db = openSync(':memory:');
  const prng = new Prng(seed);
  db.exec('CREATE TABLE t (id int PRIMARY KEY, a text); CREATE INDEX t_a ON t USING trigram (a)');
  db.exec('SET decentdb.trigram_pending_rows = 1600');
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2)');
  const waiting = (): number =>
    Number(db.query('SELECT pending_estimated AS n FROM sys.search_indexes').rows[0]?.['n']);
  db.transaction(() => {
    for (let id = 1; id <= 1500; id++) insert.run(id, text(prng));
  })();
  const before = waiting();
  assert.ok(before > 1400, 'a run is frozen, nothing of it merged yet');
  insert.run(1501, text(prng));
  assert.ok(waiting() >= before, 'a small commit does a small part');
  let id = 1502;
  while (waiting() > 1200) insert.run(id++, text(prng));
  assert.ok(id > 1600 && id < 1900, `${id}`);
  while (waiting() > 500) insert.run(id++, text(prng));
  assert.ok(id < 1950, `${id}`);
  assert.deepEqual(db.check().findings, []);
  db.close();
});
