import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openSync } from './database.ts';

const recordings = new URL('../../../../../shared/data/pg_trgm/jsonl/', import.meta.url);

interface Recorded {
  readonly f: string;
  readonly l: number;
  readonly sql: string;
  readonly k: string;
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly data?: string;
}

/** Plans look different here. */
const otherwise = (sql: string): boolean => /^explain|amvalidate|skip_test/i.test(sql);

function load(file: string): Recorded[] {
  return readFileSync(new URL(`${file}.jsonl`, recordings), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded)
    .filter((one) => one.k !== 'meta');
}

test('pg_trgm: what PostgreSQL answered, recorded', { skip: !existsSync(recordings) }, () => {
  const db = openSync(':memory:');
  let compared = 0;
  for (const { f, l, sql, k, rows, data } of ['pg_trgm', 'pg_word_trgm', 'pg_strict_word_trgm'].flatMap(
    load,
  )) {
    if (otherwise(sql)) continue;
    const at = `${f}:${l} ${sql}`;
    const table = /^COPY (\w+)/i.exec(sql)?.[1];
    if (table !== undefined && data !== undefined) {
      if (k !== 'copy') continue;
      const insert = db.prepare(`INSERT INTO ${table} VALUES ($1)`);
      db.transaction(() => {
        for (const line of data.replace(/\n$/, '').split('\n')) insert.run(line.replaceAll('\\\\', '\\'));
      })();
      continue;
    }
    if (k === 'error') continue;
    const result = db.query<(string | null)[]>(sql, [], { rowMode: 'array', format: 'text' });
    if (rows === undefined) continue;
    const sorted = (list: readonly (readonly (string | null)[])[]): string[] =>
      list.map((row) => JSON.stringify(row)).sort();
    assert.deepEqual(sorted(result.rows), sorted(rows), at);
    compared++;
  }
  assert.ok(compared > 150, `${compared} results compared`);
  assert.deepEqual(db.check().findings, []);
  db.close();
});
