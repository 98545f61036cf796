/** VACUUM makes an open file shorter, while others read what was before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStorage } from '../txn/open-storage.ts';
import { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { Database } from './database.ts';

const PATH = 'v.ddb';

function opened(
  vfs: FaultyVfs,
  onNotice?: (notice: { message: string }) => void,
  options: object = {},
): Database {
  const storage = openStorage(PATH, {
    vfs,
    pageSize: 4096,
    walBytesMax: 1 << 20,
    transactionBytesMax: 1 << 20,
    ...options,
  } as never);
  return new Database(PATH, onNotice === undefined ? {} : { onNotice }, { storage, groupCommits: false });
}

const sizeOf = (vfs: FaultyVfs): number => {
  const file = vfs.open(PATH, 'readOnly');
  try {
    return file.size();
  } finally {
    file.close();
  }
};

function shorten(db: Database): void {
  db.exec('VACUUM');
  db.checkpoint();
}

const fill = `
  CREATE TABLE a (id int PRIMARY KEY, v text, big bytea);
  CREATE TABLE b (id int PRIMARY KEY, v text);
  CREATE TABLE empty (id int PRIMARY KEY);
  CREATE SEQUENCE s;
  CREATE INDEX a_v ON a (v);
  CREATE INDEX a_t ON a USING trigram (v);
  INSERT INTO a SELECT i, md5(i::text), CASE WHEN i % 100 = 0 THEN decode(repeat(md5(i::text), 400), 'hex') END
    FROM generate_series(1, 3000) i;
  INSERT INTO b SELECT i, md5((i * 7)::text) FROM generate_series(1, 2500) i;
`;

const contents = (db: Database): string =>
  JSON.stringify(
    db.query(`SELECT (SELECT md5(string_agg(id || v || coalesce(md5(big), '-'), ',' ORDER BY id)) FROM a) AS a,
      (SELECT md5(string_agg(id || v, ',' ORDER BY id)) FROM b) AS b, (SELECT count(*) FROM a WHERE v LIKE '%abc%') AS t`)
      .rows,
  );

test('a database closed after VACUUM is as short as its pages', () => {
  const vfs = new FaultyVfs(new MemoryVfs());
  const db = opened(vfs);
  db.exec(`${fill}DELETE FROM a WHERE id > 100`);
  db.exec('VACUUM');
  db.close();
  const again = opened(vfs);
  assert.equal(sizeOf(vfs), again.stats().pageCount * 4096);
  again.close();
});

test('VACUUM and a checkpoint shorten an open file to what a compact copy takes', () => {
  const vfs = new FaultyVfs(new MemoryVfs());
  const told: string[] = [];
  const db = opened(vfs, ({ message }) => told.push(message));
  db.exec(fill);
  db.exec('DELETE FROM a WHERE id % 10 > 0; DELETE FROM b WHERE id < 2300');
  db.exec("SELECT nextval('s')");
  db.checkpoint();
  const before = sizeOf(vfs);
  const was = contents(db);
  db.exec('VACUUM (VERBOSE)');
  assert.equal(db.stats().freePages, 0);
  assert.equal(sizeOf(vfs), before, 'not before the checkpoint');
  db.checkpoint();
  const after = sizeOf(vfs);
  assert.equal(after, db.stats().pageCount * 4096);
  const compact = db.vacuumInto('copy.ddb').bytes;
  assert.ok(after <= compact * 1.1 && after < before / 2, `${before} -> ${after}, compact ${compact}`);
  assert.equal(contents(db), was);
  assert.deepEqual(db.check().findings, []);
  assert.ok(told.includes('vacuuming "public.a"') && told.includes('vacuuming "public.empty"'));
  db.exec("INSERT INTO b SELECT i, 'again' FROM generate_series(10000, 14000) i");
  assert.equal(db.query<{ n: number }>("SELECT nextval('s')::int AS n").rows[0]?.n, 2);
  db.close();
  const again = opened(vfs);
  assert.deepEqual(again.check().findings, []);
  again.close();
});

test('a snapshot from before keeps its pages: the file is cut when it has ended', () => {
  const vfs = new FaultyVfs(new MemoryVfs());
  const db = opened(vfs);
  db.exec(fill);
  db.checkpoint();
  const reader = db.snapshot();
  const was = reader.query('SELECT count(*) AS n, min(v) AS v FROM a').rows;
  db.exec('DELETE FROM a WHERE id > 100');
  db.exec('VACUUM');
  db.exec("INSERT INTO b SELECT i, 'regrown' FROM generate_series(10000, 30000) i");
  db.checkpoint();
  const held = sizeOf(vfs);
  assert.deepEqual(reader.query('SELECT count(*) AS n, min(v) AS v FROM a').rows, was);
  reader.close();
  db.exec('DELETE FROM b WHERE id >= 10000');
  shorten(db);
  assert.ok(sizeOf(vfs) < held / 2);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('VACUUM that fails half-way changes nothing; that of one table gives the end of the file back', () => {
  const vfs = new FaultyVfs(new MemoryVfs());
  const db = opened(vfs);
  db.exec(fill);
  const was = contents(db);
  vfs.arm({ seed: 0, faults: [{ on: 'write', call: 0, effect: { kind: 'error', errno: 'ENOSPC' } }] });
  assert.throws(() => db.exec('VACUUM'), { code: '53100' });
  vfs.arm({ seed: 0, faults: [] });
  assert.equal(contents(db), was);
  assert.deepEqual(db.check().findings, []);
  db.exec('TRUNCATE a');
  for (let i = 0; i < 2; i++) db.exec('VACUUM b');
  db.checkpoint();
  assert.equal(sizeOf(vfs), db.stats().pageCount * 4096);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('a file that cannot be cut stays longer, and nothing is lost', () => {
  const vfs = new FaultyVfs(new MemoryVfs());
  const db = opened(vfs);
  db.exec(fill);
  db.exec('DELETE FROM a');
  db.checkpoint();
  const before = sizeOf(vfs);
  vfs.arm({
    seed: 0,
    faults: [
      { on: 'truncate', call: 0, sticky: true, pathSuffix: PATH, effect: { kind: 'error', errno: 'EIO' } },
    ],
  });
  shorten(db);
  assert.equal(sizeOf(vfs), before);
  vfs.arm({ seed: 0, faults: [] });
  db.exec('INSERT INTO b VALUES (0, NULL)');
  db.checkpoint();
  assert.ok(sizeOf(vfs) < before);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('VACUUM that spills as it goes: the same rows, nothing lost by a full disk on the way, old snapshots whole', () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9));
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (const privateBytesMax of [0, 1 << 16]) {
    const vfs = new FaultyVfs(new MemoryVfs());
    let db = opened(vfs, undefined, { privateBytesMax, walBytesMax: 1 << 24, transactionBytesMax: 1 << 26 });
    db.exec(fill);
    for (let round = 0; round < 2; round++) {
      const told = `SEED=${seed} round ${round}`;
      db.exec(
        `DELETE FROM a WHERE id % ${2 + below(5)} = 0; UPDATE b SET v = v || ${round} WHERE id % ${1 + below(9)} = 0`,
      );
      if (below(2) === 0) db.checkpoint();
      const was = contents(db);
      const reader = db.snapshot();
      const seen = reader.query('SELECT md5(string_agg(v, $1 ORDER BY id)) FROM a', [',']).rows;
      if (below(2) === 0) {
        const call = below(40);
        vfs.arm({ seed, faults: [{ on: 'write', call, effect: { kind: 'error', errno: 'ENOSPC' } }] });
        try {
          db.exec('VACUUM');
        } catch (error) {
          assert.equal((error as { code?: string }).code, '53100', told);
        }
        vfs.arm({ seed: 0, faults: [] });
      }
      assert.equal(contents(db), was, told);
      db.exec(['VACUUM', 'VACUUM a', 'VACUUM b, a'][below(3)] as string);
      assert.equal(contents(db), was, told);
      assert.deepEqual(
        reader.query('SELECT md5(string_agg(v, $1 ORDER BY id)) FROM a', [',']).rows,
        seen,
        told,
      );
      reader.close();
      if (below(2) === 0) db.checkpoint();
      assert.deepEqual(db.check().findings, [], told);
      if (below(2) === 0) {
        db.close();
        db = opened(vfs, undefined, { privateBytesMax });
        assert.equal(contents(db), was, told);
      }
    }
    db.close();
  }
});

test('VACUUM takes no more room than the file before and what comes out of it, and a cancelled one none', () => {
  const vfs = new FaultyVfs(new MemoryVfs());
  const options = {
    privateBytesMax: 1 << 18,
    cacheBytes: 1 << 18,
    walBytesMax: 1 << 26,
    transactionBytesMax: 1 << 28,
  };
  let db = opened(vfs, undefined, options);
  db.exec(fill);
  db.exec('INSERT INTO b SELECT i, md5((i * 3)::text) FROM generate_series(10000, 60000) i');
  db.close();
  // Little is in the cache: what is read as of before lies beyond the end of the file as it becomes.
  db = opened(vfs, undefined, options);
  const before = sizeOf(vfs);
  const written = (): number => db.stats().log?.activeBytes ?? 0;
  for (const sql of ['VACUUM', 'VACUUM b']) {
    db.exec(sql);
    assert.ok(sizeOf(vfs) <= before, sql);
    assert.ok(written() > 0 && written() < before * 1.15, `${sql}: ${written()} of log, ${before} before`);
    db.checkpoint();
    assert.ok(sizeOf(vfs) <= before * 1.05, `${sql}: ${sizeOf(vfs)}, ${before} before`);
  }
  assert.deepEqual(db.check().findings, []);
  const was = contents(db);
  db.exec("SET statement_timeout = '1ms'");
  assert.throws(() => db.exec('VACUUM'), { code: '57014' });
  db.exec('RESET statement_timeout');
  assert.equal(contents(db), was);
  assert.deepEqual(db.check().findings, []);
  db.close();
});
