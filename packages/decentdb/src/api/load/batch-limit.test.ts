import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../database.ts';
import type { LoadSource } from './sources.ts';

/** Rows in the table after each batch. */
function batchesOf(source: LoadSource, options: { readonly commitEveryRows?: number } = {}): number[] {
  using db = openSync(':memory:');
  db.exec('CREATE TABLE page (id int PRIMARY KEY, body text)');
  const rows: number[] = [];
  db.bulkLoadSync('page', source, { ...options, onProgress: (progress) => rows.push(progress.rows) });
  assert.equal(db.query<{ n: number }>('SELECT count(*)::int AS n FROM page').rows[0]?.n, rows.at(-1));
  return rows;
}

const rowsOf = (count: number, body: string): [number, string][] =>
  Array.from({ length: count }, (_, i) => [i, body]);

test('a batch has so many rows, and fewer where they are large, whatever they come as', () => {
  const small = rowsOf(20_000, 'x');
  assert.deepEqual(batchesOf(small), [8192, 16_384, 20_000]);
  assert.deepEqual(batchesOf(small.values()), [8192, 16_384, 20_000]);
  // 40 KB a row: 16 MiB are 419 of them, told by one in 64.
  const large = rowsOf(1000, 'y'.repeat(40_000));
  assert.deepEqual(batchesOf(large), [385, 770, 1000]);
  assert.deepEqual(batchesOf(large.values()), [385, 770, 1000]);
  assert.deepEqual(batchesOf(large.map(([id, body]) => ({ id, body })).values()), [385, 770, 1000]);
  const columns = { id: large.map(([id]) => id), body: large.map(([, body]) => body) };
  assert.deepEqual(batchesOf(columns), [419, 838, 1000]);
});

test('who commits every few rows gets batches of as many', () => {
  assert.deepEqual(batchesOf(rowsOf(2500, 'x'), { commitEveryRows: 1000 }), [1000, 2000, 2500]);
});
