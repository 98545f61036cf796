/** Batches into tables with unique indexes, beside the same rows inserted one by one: what is in, and which row is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecentDbError } from '../../base/errors.ts';
import { random, testSeed } from '../../exec/expr.test.kit.ts';
import { type Database, openSync } from '../database.ts';

const seed = testSeed();
const next = random(seed);
const below = (limit: number): number => Math.floor(next() * limit);

const TABLE = 'CREATE TABLE t (id int PRIMARY KEY, a int, b text, c bigint, d uuid, e numeric)';
const INDEXES = [
  'CREATE UNIQUE INDEX i ON t (b)',
  'CREATE UNIQUE INDEX i ON t (b DESC NULLS LAST)',
  'CREATE UNIQUE INDEX i ON t (a)',
  'CREATE UNIQUE INDEX i ON t (a, b)',
  'CREATE UNIQUE INDEX i ON t (b, c) NULLS NOT DISTINCT',
  'CREATE UNIQUE INDEX i ON t (c) INCLUDE (a)',
  'CREATE UNIQUE INDEX i ON t (b) WHERE a > 500',
  'CREATE UNIQUE INDEX i ON t (d)',
  'CREATE UNIQUE INDEX i ON t (e)',
  'CREATE UNIQUE INDEX i ON t (lower(b))',
  'CREATE UNIQUE INDEX i ON t (a); CREATE UNIQUE INDEX j ON t (b, a); CREATE INDEX k ON t (c)',
  'ALTER TABLE t ADD CONSTRAINT i UNIQUE (b) DEFERRABLE INITIALLY DEFERRED',
  'ALTER TABLE t ADD CONSTRAINT i UNIQUE (b) DEFERRABLE',
];

type Row = readonly [number, number | null, string | null, number | null, string, string];

function rowOf(id: number, range: number): Row {
  const number = below(range);
  const orNull = <T>(value: T): T | null => (below(40) === 0 ? null : value);
  const text = ['Title number ', 'x', '', 'é', '漢'][below(5)]! + number;
  return [id, orNull(number), orNull(text), orNull(number * 1e6), uuidOf(number), `${number}.5`];
}

function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** Inserts rows one by one in a transaction; the number of the one refused and what is wrong with it. */
function oneByOne(db: Database, rows: readonly Row[]): unknown {
  let at = 0;
  try {
    db.transaction(() => {
      const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6)');
      for (; at < rows.length; at++) insert.run(...rows[at]!);
    })();
    return null;
  } catch (error) {
    const { code, constraint, detail } = error as DecentDbError;
    // A deferred key is looked at when all rows are in: which row it is of is not said.
    return { code, constraint, detail: at < rows.length ? `Row ${at + 1} of the load. ${detail}` : detail };
  }
}

function inBatches(db: Database, rows: readonly Row[]): unknown {
  try {
    db.bulkLoadSync('t', rows, { indexes: 'maintain', batchRows: 8 + below(600) });
    return null;
  } catch (error) {
    const { code, constraint, detail } = error as DecentDbError;
    return { code, constraint, detail };
  }
}

for (const index of INDEXES) {
  test(`${index} (SEED=${seed})`, () => {
    using fast = openSync(':memory:');
    using slow = openSync(':memory:');
    for (const db of [fast, slow]) db.exec(`${TABLE}; ${index}`);
    let id = 0;
    for (let load = 0; load < 3; load++) {
      // Most loads meet nobody, some a row of their own or one that was there.
      const range = below(3) === 0 ? 3000 : 1e9;
      const rows = Array.from({ length: 1 + below(500) }, () => rowOf(++id, range));
      if (below(3) === 0 && rows.length > 20)
        rows[below(rows.length)] = [++id, ...rows[below(10)]!.slice(1)] as unknown as Row;
      rows.sort((a, b) => a[0] - b[0]);
      assert.deepEqual(inBatches(fast, rows), oneByOne(slow, rows));
    }
    const all = (db: Database): unknown => db.query('SELECT * FROM t ORDER BY id').rows;
    assert.deepEqual(all(fast), all(slow));
    assert.deepEqual(fast.check().findings, []);
  });
}
