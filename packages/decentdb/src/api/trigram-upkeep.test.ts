/** When notes of a trigram index become postings, and how large the postings are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { type Database, openSync } from './database.ts';

interface SearchIndexRow {
  readonly postings_estimated: number;
  readonly pending_estimated: number;
  readonly postings_bytes: number;
  readonly pending_bytes: number;
}

function stateOf(db: Database, name: string): SearchIndexRow {
  return db.query<SearchIndexRow>('SELECT * FROM sys.search_indexes WHERE name = $1', [name])
    .rows[0] as SearchIndexRow;
}

const WORDS = 'blue moon harvest night train river stone bird winter song'.split(' ');

function title(prng: Prng): string {
  return Array.from({ length: 4 }, () => `${prng.pick(WORDS)}${prng.below(100)}`).join(' ');
}

test('AC-P1.6: notes are merged by CHECKPOINT and at close', () => {
  const vfs = new MemoryVfs();
  let db = openSync('t.ddb', { vfs });
  db.exec('CREATE TABLE t (id int PRIMARY KEY, a text); CREATE INDEX t_a ON t USING trigram (a)');
  db.exec(`INSERT INTO t SELECT i, 'Blue Moon ' || i FROM generate_series(1, 50) i`);
  assert.equal(stateOf(db, 't_a').pending_estimated, 50);
  db.exec('CHECKPOINT');
  assert.equal(stateOf(db, 't_a').pending_estimated, 0);
  db.exec(`UPDATE t SET a = 'Red Sun ' || id WHERE id <= 10`);
  assert.equal(stateOf(db, 't_a').pending_estimated, 10);
  db.close();
  db = openSync('t.ddb', { vfs });
  assert.equal(stateOf(db, 't_a').pending_estimated, 0);
  assert.equal(stateOf(db, 't_a').pending_bytes, 0);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('AC-P1.6: closing does a bounded part of a large merge; what is left is found, and merged by CHECKPOINT', () => {
  const vfs = new MemoryVfs();
  let db = openSync('t.ddb', { vfs, pageSize: 1024 });
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, a text);
    INSERT INTO t SELECT i, md5(i::text) || md5(i::text || 'x') FROM generate_series(1, 16000) i;
    CREATE INDEX t_a ON t USING trigram (a); UPDATE t SET a = a || ' moon' WHERE id % 8 = 0`);
  assert.ok(stateOf(db, 't_a').pending_estimated > 1900);
  db.close();
  const found = (): unknown => {
    const count = (): unknown => db.query(`SELECT count(*), sum(id) FROM t WHERE a LIKE '%moon%'`).rows;
    const rows = count();
    db.exec('SET optimizer.rule.trigram_scan = off');
    assert.deepEqual(rows, count());
    db.exec('SET optimizer.rule.trigram_scan = on');
    return rows;
  };
  db = openSync('t.ddb', { vfs });
  assert.ok(stateOf(db, 't_a').pending_estimated > 0);
  found();
  db.exec(`UPDATE t SET a = 'moons' WHERE id % 500 = 0; DELETE FROM t WHERE id % 700 = 0`);
  found();
  db.exec('CHECKPOINT');
  assert.equal(stateOf(db, 't_a').pending_estimated, 0);
  found();
  db.close();
});

test('AC-P1.6: the notes never take more than the byte budget when a commit is over', () => {
  const db = openSync(':memory:', { pageSize: 4096 });
  const prng = new Prng(1);
  db.exec(`SET decentdb.trigram_pending_bytes = '128kB';
    CREATE TABLE t (id int PRIMARY KEY, a text); CREATE INDEX t_a ON t USING trigram (a)`);
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2)');
  let most = 0;
  let merges = 0;
  let before = 0;
  for (let id = 1; id <= 1000; id++) {
    insert.run(id, title(prng).repeat(8));
    const { pending_bytes, pending_estimated } = stateOf(db, 't_a');
    if (pending_estimated < before) merges++;
    before = pending_estimated;
    most = Math.max(most, pending_bytes);
  }
  // Updates keep the old texts in their notes: many bytes, few rows.
  db.exec('CHECKPOINT');
  for (let id = 1; id <= 1000; id++) {
    db.query('UPDATE t SET a = $2 WHERE id = $1', [id, title(prng)]);
    const { pending_bytes, pending_estimated } = stateOf(db, 't_a');
    if (pending_estimated < before) merges++;
    before = pending_estimated;
    most = Math.max(most, pending_bytes);
  }
  assert.ok(most <= 128 * 1024, `${most} bytes`);
  assert.ok(merges >= 2, `${merges} merges`);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('AC-P1.6: a checkpoint that commits start by themselves finds the postings merged', () => {
  const vfs = new MemoryVfs();
  const db = openSync('t.ddb', { vfs, walBytesMax: 1 << 19 });
  const prng = new Prng(2);
  db.exec('CREATE TABLE t (id int PRIMARY KEY, a text)');
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2)');
  db.transaction(() => {
    for (let id = 1; id <= 60_000; id++) insert.run(id, title(prng));
  })();
  db.exec('CREATE INDEX t_a ON t USING trigram (a); CHECKPOINT');
  const completed = (): number => db.stats().checkpoint.completed;
  const from = completed();
  let id = 60_000;
  let merges = 0;
  let before = 0;
  // Each transaction notes fewer rows than any budget, so only the checkpoint's approach can merge them.
  while ((completed() < from + 2 || merges === 0) && id < 90_000) {
    db.transaction(() => {
      for (let n = 0; n < 100; n++) insert.run(++id, title(prng));
    })();
    const { pending_estimated } = stateOf(db, 't_a');
    assert.ok(pending_estimated < 7600);
    if (pending_estimated < before) merges++;
    before = pending_estimated;
  }
  assert.ok(merges >= 1, `${merges} merges, ${completed() - from} checkpoints`);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('AC-P1.9: postings of titles take at most one and a half times the bytes of the titles', () => {
  const db = openSync(':memory:');
  const prng = new Prng(3);
  db.exec('CREATE TABLE t (id int PRIMARY KEY, a text)');
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2)');
  let bytes = 0;
  db.transaction(() => {
    for (let id = 1; id <= 30_000; id++) {
      const text = title(prng);
      bytes += text.length;
      insert.run(id, text);
    }
  })();
  db.exec('CREATE INDEX t_a ON t USING trigram (a)');
  const { postings_bytes } = stateOf(db, 't_a');
  assert.ok(postings_bytes <= 1.5 * bytes, `${postings_bytes} bytes for ${bytes} bytes of text`);
  db.close();
});
