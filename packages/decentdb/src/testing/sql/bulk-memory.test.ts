/** PERF-003: what a bulk load keeps in memory is counted, at two sizes: it depends on the budgets, not on the rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpilledPage } from '../../txn/spilled-pages.ts';
import type { WriteTxn } from '../../txn/write-txn.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import { SqlSubject } from './sql-session.ts';

const KIB = 1024;
const BUDGETS = { privateBytesMax: 512 * KIB, cacheBytes: 512 * KIB, walBytesMax: 1024 * KIB };

/** A transaction weighs its nodes every 32 pages at this budget; a leaf of short entries takes many times its page in memory. */
const BETWEEN_WEIGHINGS_BYTES: number = 32 * 48 * KIB;

interface Peaks {
  readonly rows: number;
  cache: number;
  index: number;
  unlogged: number;
  /** Nodes the transaction has changed and not yet written ahead. */
  private: number;
  looks: number;
  spilledPages: number;
}

/** Loads rows and looks at everything the engine counts, as often as it tells of progress. */
function load(rows: number): Peaks {
  const subject = new SqlSubject(new MemoryVfs(), { pageSize: 4096, ...BUDGETS });
  const { db } = subject;
  const { engine } = db.session;
  const peaks: Peaks = { rows, cache: 0, index: 0, unlogged: 0, private: 0, looks: 0, spilledPages: 0 };
  const look = (): void => {
    const { cache, index, unlogged } = engine.stats();
    peaks.cache = Math.max(peaks.cache, cache.bytes);
    peaks.index = Math.max(peaks.index, index.memoryBytes);
    peaks.unlogged = Math.max(peaks.unlogged, unlogged.bytes);
    const writer = (engine as unknown as { readonly writer: WriteTxn | undefined }).writer;
    let bytes = 0;
    let spilled = 0;
    for (const entry of writer?.changes().values() ?? []) {
      if (entry instanceof SpilledPage) spilled++;
      else bytes += entry.memoryBytes();
    }
    peaks.private = Math.max(peaks.private, bytes);
    peaks.spilledPages = Math.max(peaks.spilledPages, spilled);
    peaks.looks++;
  };
  db.exec('CREATE TABLE t (id int PRIMARY KEY, artist int, title text)');
  db.exec('CREATE INDEX t_artist ON t (artist)');
  function* source(): Generator<unknown[]> {
    for (let i = 0; i < rows; i++) {
      if (i % 500 === 0) look();
      yield [i, (i * 7919) % 1000, `title of number ${i}`];
    }
  }
  db.bulkLoadSync('t', source(), { onProgress: look });
  look();
  assert.equal(db.query<{ n: number }>('SELECT count(*)::int AS n FROM t').rows[0]!.n, rows);
  let sum = 0;
  for (const { id } of db.prepare<{ id: number }>('SELECT id FROM t').iterate()) {
    sum += id;
    if (id % 5000 === 0) look();
  }
  assert.equal(sum, (rows * (rows - 1)) / 2);
  subject.close();
  return peaks;
}

test('AC-P3.3: a bulk load and the scan after it stay within their budgets, whatever the number of rows', () => {
  const small = load(25_000);
  const large = load(100_000);
  assert.ok(small.looks > 50 && large.looks > 200);
  assert.ok(large.spilledPages > 2 * small.spilledPages, JSON.stringify([small, large]));
  for (const peaks of [small, large]) {
    const told = JSON.stringify(peaks);
    assert.ok(peaks.cache <= BUDGETS.cacheBytes + 64 * KIB, told);
    assert.ok(peaks.private <= BUDGETS.privateBytesMax + BETWEEN_WEIGHINGS_BYTES, told);
    assert.ok(peaks.unlogged === 0, told);
  }
  assert.ok(large.private <= small.private * 2, JSON.stringify([small, large]));
  // What grows is the map of pages written ahead: a few words for 4 KiB of rows.
  const perRow = (large.index - small.index) / (large.rows - small.rows);
  assert.ok(perRow < 2, `${perRow} bytes of index for each row`);
  if (process.env['SHOW_PEAKS'] === '1') console.log(small, large);
});
