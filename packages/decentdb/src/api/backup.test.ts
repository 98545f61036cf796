/** Copies of a database: equal to the state they were taken at, whole or not there, and never over something open. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { open } from './async-database.ts';
import { vacuumFile } from './backup.ts';
import { Database, openSync } from './database.ts';

const folder = mkdtempSync(join(tmpdir(), 'decentdb-backup-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const fresh = (): string => join(folder, `db${++count}.ddb`);

function sample(path: string): Database {
  const db = openSync(path, { pageSize: 4096, durability: 'deferred' });
  db.exec(`
    CREATE TABLE kind (id serial PRIMARY KEY, label text UNIQUE);
    CREATE TABLE item (id int PRIMARY KEY, kind int REFERENCES kind, price numeric(10,2) CHECK (price >= 0), note text);
    CREATE INDEX item_price ON item (price DESC);
    CREATE VIEW dear AS SELECT * FROM item WHERE price > 500;
    CREATE TYPE mood AS ENUM ('ok', 'sad');
    CREATE TABLE feeling (who text, m mood);
    INSERT INTO kind (label) SELECT 'k' || i FROM generate_series(1, 20) i;
    INSERT INTO item SELECT i, 1 + i % 20, i % 997, repeat('x', i % 50) FROM generate_series(1, 3000) i;
    INSERT INTO item VALUES (5000, 1, 1, repeat('long ', 20000));
    INSERT INTO feeling VALUES ('me', 'ok');
    DELETE FROM item WHERE id % 3 = 0;
  `);
  return db;
}

const TABLES = ['kind', 'item', 'feeling', 'dear'];
const contents = (db: Database): unknown =>
  TABLES.map((name) => db.query(`SELECT * FROM ${name} ORDER BY 1`).rows);
const noDrafts = (): void =>
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('-new-')),
    [],
  );

test('a backup taken between writes is the state it was begun at, and checks out', async () => {
  const db = sample(fresh());
  const before = contents(db);
  const copy = fresh();
  let steps = 0;
  const result = await db.backup(copy, {
    pagesPerStep: 8,
    progress: ({ pages, pagesTotal }) => {
      assert.ok(pages <= pagesTotal);
      db.query('UPDATE item SET note = $1, price = price + 1 WHERE id % 7 = $2', [
        `step ${++steps}`,
        steps % 7,
      ]);
      if (steps % 3 === 0) db.checkpoint();
    },
  });
  assert.ok(steps > 3 && result.pages > 20);
  assert.notDeepEqual(contents(db), before);
  db.close();
  using opened = openSync(copy, { mode: 'open' });
  assert.deepEqual(contents(opened), before);
  assert.deepEqual(opened.check().findings, []);
  opened.exec("INSERT INTO kind (label) VALUES ('next')");
  assert.equal(opened.query("SELECT id FROM kind WHERE label = 'next'").rows[0]?.['id'], 21);
  noDrafts();
});

test('a backup is refused over a file that is there, the database itself, and a database that is open', () => {
  const path = fresh();
  using db = sample(path);
  const other = fresh();
  writeFileSync(other, 'mine');
  assert.throws(() => db.backupSync(other), { code: '58P02' });
  assert.throws(() => db.backupSync(path, { overwrite: true }), { code: '55006' });
  const open = fresh();
  using held = openSync(open);
  held.exec('CREATE TABLE kept (a int)');
  assert.throws(() => db.backupSync(open, { overwrite: true }), { code: '55006' });
  db.backupSync(other, { overwrite: true });
  using copy = openSync(other, { mode: 'open' });
  assert.deepEqual(contents(copy), contents(db));
  noDrafts();
});

test('a cancelled or failed backup leaves nothing', async () => {
  using db = sample(fresh());
  const path = fresh();
  const stop = new AbortController();
  const run = db.backup(path, { pagesPerStep: 4, signal: stop.signal, progress: () => stop.abort() });
  await assert.rejects(run, { code: '57014' });
  assert.throws(
    () =>
      db.backupSync(path, {
        progress: () => {
          throw new Error('mine');
        },
      }),
    /mine/,
  );
  assert.throws(() => db.backupSync(path, { pagePerStep: 4 } as object), /Did you mean|unknown option/);
  assert.ok(!existsSync(path));
  noDrafts();
});

test('vacuumInto writes the same rows into fewer pages', () => {
  using db = sample(fresh());
  db.exec('DELETE FROM item WHERE id % 5 <> 0 AND id < 5000');
  const path = fresh();
  const result = db.vacuumInto(path);
  assert.ok(result.bytes < result.bytesBefore, `${result.bytes} < ${result.bytesBefore}`);
  using copy = openSync(path, { mode: 'open' });
  assert.deepEqual(contents(copy), contents(db));
  assert.deepEqual(copy.check().findings, []);
  assert.equal(copy.check().freePages, 0);
  copy.exec("INSERT INTO kind (label) VALUES ('next')");
  assert.equal(copy.query("SELECT id FROM kind WHERE label = 'next'").rows[0]?.['id'], 21);
  assert.throws(() => copy.exec('INSERT INTO item VALUES (1, 99, 1, NULL)'), { code: '23503' });
  noDrafts();
});

test('serialize and deserialize; a database in memory is saved to a file', () => {
  using memory = sample(':memory:');
  const bytes = memory.serialize();
  using again = Database.deserialize(bytes);
  assert.deepEqual(contents(again), contents(memory));
  again.exec('DELETE FROM item');
  assert.notDeepEqual(contents(again), contents(memory));
  assert.deepEqual(again.check().findings, []);
  const path = fresh();
  memory.backupSync(path);
  using saved = openSync(path, { mode: 'open' });
  assert.deepEqual(contents(saved), contents(memory));
  assert.throws(() => Database.deserialize(bytes.subarray(0, 9000)), { code: 'XX001' });
});

test('VACUUM writes tables anew, keeps every row, and refuses a transaction block', () => {
  using db = sample(fresh());
  db.exec('DELETE FROM item WHERE id % 5 <> 0 AND id < 5000');
  const before = contents(db);
  const used = (): number => {
    const { pages, freePages } = db.check();
    return pages - freePages;
  };
  const usedBefore = used();
  using reader = db.snapshot();
  assert.equal(db.query('VACUUM').command, 'VACUUM');
  assert.deepEqual(contents(db), before);
  assert.equal(reader.query('SELECT count(*)::int AS n FROM item').rows[0]?.['n'], 401);
  assert.deepEqual(db.check().findings, []);
  assert.ok(used() < usedBefore, `${used()} < ${usedBefore}`);
  db.exec('VACUUM (FULL, ANALYZE) item');
  assert.deepEqual(contents(db), before);
  db.begin();
  assert.throws(() => db.exec('VACUUM'), { code: '25001' });
  db.exec('ROLLBACK');
  assert.throws(() => db.exec('VACUUM nosuch'), { code: '42P01' });
});

test("vacuumFile: shorter, the same rows, never under somebody's feet", () => {
  const path = fresh();
  const db = sample(path);
  db.exec(
    'CREATE TABLE much AS SELECT i, repeat(i::text, 50) AS t FROM generate_series(1, 20000) i; DROP TABLE much',
  );
  const before = contents(db);
  assert.throws(() => vacuumFile(path), { code: /^55/ });
  assert.deepEqual(contents(db), before);
  db.exec("INSERT INTO kind (label) VALUES ('after')");
  const now = contents(db);
  db.close();
  const size = statSync(path).size;
  const result = vacuumFile(path);
  assert.ok(
    statSync(path).size < size / 4 && result.bytes === statSync(path).size,
    `${result.bytes} of ${size}`,
  );
  noDrafts();
  const again = openSync(path);
  assert.deepEqual(contents(again), now);
  assert.deepEqual(again.check().findings, []);
  again.close();
  assert.throws(() => vacuumFile(join(folder, 'nosuch.ddb')), { code: '58P01' });
});

test('asynchronous: backups while transactions and a bulk load go on are states between them', async () => {
  const db = await open(fresh(), { pageSize: 4096, durability: 'deferred' });
  await db.exec(`CREATE TABLE account (id int PRIMARY KEY, n int); INSERT INTO account SELECT i, 100 FROM generate_series(1, 500) i;
    CREATE TABLE move (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text); CREATE INDEX move_what ON move (what);
    CREATE TABLE bulk (id int PRIMARY KEY, v text); INSERT INTO bulk SELECT -i, repeat('x', 200) FROM generate_series(1, 3000) i`);
  let moves = 0;
  let isOver = false;
  const move = async (): Promise<void> => {
    while (!isOver) {
      await db.transaction(async (tx) => {
        await tx.query('UPDATE account SET n = n - 1 WHERE id = $1', [1 + (moves % 500)]);
        await tx.query('UPDATE account SET n = n + 1 WHERE id = $1', [1 + ((moves * 7) % 500)]);
        await tx.query('INSERT INTO move (what) VALUES ($1)', [`move ${moves}`]);
      });
      moves++;
    }
  };
  const load = async (): Promise<void> => {
    for (let from = 0; !isOver; from += 500)
      await db.bulkLoad(
        'bulk',
        Array.from({ length: 500 }, (_, i) => [from + i, `row ${from + i}`]),
      );
  };
  const work = Promise.all([move(), load()]);
  for (let round = 0; round < 3; round++) {
    const path = fresh();
    const before = moves;
    let last = 0;
    const stop = new AbortController();
    const isStopped = round === 1;
    const copied = db.backup(path, {
      pagesPerStep: 16,
      signal: stop.signal,
      onProgress: ({ done, total }) => {
        assert.ok(done >= last && done <= total);
        last = done;
        if (isStopped && done === total) stop.abort(); // In the last step: it is not published.
      },
    });
    if (isStopped) {
      await assert.rejects(copied, { code: '57014' });
      assert.ok(!existsSync(path));
      noDrafts();
      continue;
    }
    await copied;
    using copy = openSync(path, { mode: 'readOnly' });
    assert.deepEqual(copy.check().findings, []);
    const [row] = copy.query<{ sum: number; moves: number; bulk: number }>(
      'SELECT (SELECT sum(n)::int FROM account) AS sum, (SELECT count(*)::int FROM move) AS moves, (SELECT count(*)::int FROM bulk) AS bulk',
    ).rows;
    assert.ok(row !== undefined);
    assert.equal(row.sum, 50_000);
    assert.equal(row.bulk % 500, 0, 'whole loads only');
    assert.ok(row.moves >= before && row.moves <= moves + 1, `${before} <= ${row.moves} <= ${moves}`);
  }
  isOver = true;
  await work;
  await db.close();
});
