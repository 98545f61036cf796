/** What the commits of a load wait for, and the file of the rows it refuses. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Durability } from '../../txn/engine-options.ts';
import { openStorage } from '../../txn/open-storage.ts';
import { FaultyVfs } from '../../vfs/faulty/faulty-vfs.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import { AsyncDatabase } from '../async-database.ts';
import type { BulkLoadOptions } from '../bulk-load.ts';
import { Database, openSync } from '../database.ts';

const PATH = 'load.ddb';
const rows = (count: number, from = 0): unknown[][] =>
  Array.from({ length: count }, (_, i) => [from + i, `row ${from + i}`]);

function opened(durability: Durability = 'full'): { db: Database; vfs: FaultyVfs } {
  const vfs = new FaultyVfs(new MemoryVfs());
  const storage = openStorage(PATH, { vfs, durability, flushIntervalMs: 0, walStepBytes: 2048 });
  const db = new Database(PATH, {}, { storage, groupCommits: false });
  db.exec('CREATE TABLE t (id int PRIMARY KEY, v text)');
  db.session.engine.flush();
  return { db, vfs };
}

/** Syncs of the log that a load makes. */
function syncsOf(vfs: FaultyVfs, load: () => unknown): number {
  const from = vfs.trace.ops.length;
  load();
  return vfs.trace.ops.slice(from).filter((op) => op.kind === 'sync').length;
}

test('a load chooses what its commits wait for; the next transaction waits as before', () => {
  const choices: [BulkLoadOptions, number][] = [
    [{}, 10],
    [{ durability: 'full' }, 10],
    [{ durability: 'deferred', syncEveryRows: 250 }, 4],
    [{ durability: 'deferred' }, 1],
    [{ durability: 'none' }, 0],
  ];
  for (const [options, syncs] of choices) {
    const { db, vfs } = opened();
    const load = { batchRows: 100, commitEveryRows: 100, ...options };
    assert.equal(
      syncsOf(vfs, () => db.bulkLoadSync('t', rows(1000), load)),
      syncs,
      JSON.stringify(options),
    );
    const isDurable = options.durability !== 'none';
    const { log, publishedLsn } = db.stats();
    assert.equal(log?.durableLsn === publishedLsn, isDurable);
    assert.equal(
      syncsOf(vfs, () => db.exec('DELETE FROM t WHERE id = 1')),
      1,
    );
    assert.equal(db.stats().log?.durableLsn, db.stats().publishedLsn);
    db.close();
  }
});

test('in a database that defers, a load can be durable; in one that never syncs it cannot', () => {
  const { db } = opened('deferred');
  db.bulkLoadSync('t', rows(10), { durability: 'full' });
  assert.equal(db.stats().log?.durableLsn, db.stats().publishedLsn);
  db.bulkLoadSync('t', rows(10, 10), { durability: 'none' });
  assert.notEqual(db.stats().log?.durableLsn, db.stats().publishedLsn);
  db.close();
  const other = opened('none').db;
  for (const durability of ['full', 'deferred'] as const)
    assert.throws(() => other.bulkLoadSync('t', rows(1), { durability }), { code: '22023' });
  assert.equal(other.bulkLoadSync('t', rows(3), { durability: 'none' }).rows, 3);
  other.exec('BEGIN');
  assert.throws(() => other.bulkLoadSync('t', rows(1, 5), { durability: 'none' }), { code: '25001' });
  other.close();
});

test('a load that ends early syncs what it committed; a sync that fails ends the load', () => {
  const { db, vfs } = opened();
  const load = { batchRows: 10, commitEveryRows: 10, durability: 'deferred' } as const;
  assert.throws(() => db.bulkLoadSync('t', [...rows(25), ...rows(10)], load), { code: '23505' });
  assert.equal(db.stats().log?.durableLsn, db.stats().publishedLsn);
  assert.equal(db.query<{ n: number }>('SELECT count(*)::int AS n FROM t').rows[0]?.n, 20);
  vfs.arm({ seed: 0, faults: [{ on: 'sync', call: 0, effect: { kind: 'error', errno: 'EIO' } }] });
  assert.throws(() => db.bulkLoadSync('t', rows(30, 100), load), { code: '58030' });
  vfs.arm({ seed: 0, faults: [] });
  assert.throws(() => db.exec('DELETE FROM t'), { code: '58030' });
});

test('an asynchronous database takes the same choices', async () => {
  await using db = new AsyncDatabase(PATH, { vfs: new MemoryVfs() });
  await db.exec('CREATE TABLE t (id int PRIMARY KEY, v text)');
  const result = await db.bulkLoad('t', rows(500), {
    durability: 'none',
    batchRows: 50,
    commitEveryRows: 100,
  });
  assert.equal(result.rows, 500);
  await db.query('INSERT INTO t VALUES (1000, NULL)');
  assert.equal(db.stats().log?.durableLsn, db.stats().publishedLsn);
});

test('refused rows are written down in order, with where they stood and why', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'decentdb-rejects-'));
  const csv = join(directory, 'in.csv');
  const rejects = join(directory, 'rejects.ndjson');
  writeFileSync(csv, 'id,v,n\n1,a,1\nx,"b, again",2\n3,c\n4,d,-1\n1,e,5\n6,,6\n');
  writeFileSync(rejects, 'of the last load');
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, v text, n int CHECK (n > 0))');
  const result = await db.bulkLoad('t', csv, { onError: 'skip', rejectFile: rejects });
  assert.deepEqual([result.rows, result.rejected], [2, 4]);
  const lines = readFileSync(rejects, 'utf8').trim().split('\n');
  const written = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    written.map(({ line, column, code, values }) => [line, column, code, values]),
    [
      [3, 'id', '22P02', ['x', 'b, again', '2']],
      [4, undefined, '22P04', ['3', 'c']],
      [5, undefined, '23514', ['4', 'd', '-1']],
      [6, undefined, '23505', ['1', 'e', '5']],
    ],
  );
  assert.match(String(written[2]?.['message']), /violates check constraint/);
  assert.deepEqual(readdirSync(directory).sort(), ['in.csv', 'rejects.ndjson']);

  const pieces: string[] = [];
  const loop: unknown[] = [];
  loop.push(loop);
  db.bulkLoadSync(
    't',
    [
      [7n, Uint8Array.of(1, 255), 1],
      [loop, 'x', 1],
    ],
    {
      onError: 'skip',
      rejectFile: { write: (piece) => pieces.push(piece) },
    },
  );
  assert.equal(pieces.length, 2);
  assert.deepEqual(JSON.parse(pieces[0] as string).values, ['7', '\\x01ff', 1]);
  assert.throws(() => db.bulkLoadSync('t', [], { rejectFile: rejects }), { code: '22023' });
  assert.throws(() => db.bulkLoadSync('t', [], { onError: 'skip', rejectFile: 7 as never }), {
    code: '22023',
  });
  const stream = { write: () => true, errored: new Error('gone') };
  assert.throws(() => db.bulkLoadSync('t', [[7, 'x', -1]], { onError: 'skip', rejectFile: stream }), {
    code: '58030',
  });
});

test('a load that stays undone leaves no reject file; one that committed leaves it', () => {
  const { db, vfs } = opened();
  const source = [...rows(10), [3, 'again'], ...rows(15, 10), [undefined]];
  const load = { batchRows: 5, onError: 'skip', rejectFile: 'r.ndjson' } as const;
  const signal = { aborted: false } as AbortSignal;
  const onProgress = ({ rows }: { rows: number }): void => {
    if (rows >= 20) (signal as { aborted: boolean }).aborted = true;
  };
  assert.throws(() => db.bulkLoadSync('t', source, { ...load, signal, onProgress }), { code: '57014' });
  assert.deepEqual(
    vfs.list('.').filter((name) => name.startsWith('r.ndjson')),
    [],
  );
  (signal as { aborted: boolean }).aborted = false;
  const partly = { ...load, signal, onProgress, commitEveryRows: 5 };
  assert.throws(() => db.bulkLoadSync('t', source, partly), { code: '57014' });
  assert.deepEqual(
    vfs.list('.').filter((name) => name.startsWith('r.ndjson')),
    ['r.ndjson'],
  );
  db.close();
});

test('a disk without room for the reject file: the load says so, and nothing of it stays', () => {
  const { db, vfs } = opened();
  const wide = Array.from({ length: 300 }, (_, i) => [1, `${i}`.padEnd(1000, 'x')]);
  const load = { onError: 'skip', rejectFile: 'r.ndjson' } as const;
  vfs.arm({
    seed: 0,
    faults: [
      {
        on: 'write',
        call: 0,
        sticky: true,
        pathSuffix: '-rejects',
        effect: { kind: 'error', errno: 'ENOSPC' },
      },
    ],
  });
  assert.throws(
    () => db.bulkLoadSync('t', wide, load),
    (error: { code: string; file: string; message: string }) => {
      assert.equal(error.code, '53100');
      assert.match(error.message, /the reject file cannot be written/);
      assert.match(error.file, /r\.ndjson$/);
      return true;
    },
  );
  vfs.arm({ seed: 0, faults: [] });
  assert.equal(db.query<{ n: number }>('SELECT count(*)::int AS n FROM t').rows[0]?.n, 0);
  assert.deepEqual(
    vfs.list('.').filter((name) => name.startsWith('r.ndjson')),
    [],
  );
  db.close();
});
