/** Batches into tables with foreign keys, beside the same rows inserted one by one: what is in, and which row is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecentDbError } from '../../base/errors.ts';
import { random, testSeed } from '../../exec/expr.test.kit.ts';
import { type Database, openSync } from '../database.ts';

const seed = testSeed();
const next = random(seed);
const below = (limit: number): number => Math.floor(next() * limit);

const PARENTS = 2000;
const PARENT = `CREATE TABLE p (id int PRIMARY KEY, k text, a int, b bigint, u uuid, n numeric, s bpchar(12));
  INSERT INTO p SELECT i, 'Title number ' || i, i % 50, i / 50, ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, i + 0.5, 's' || i
  FROM generate_series(0, ${PARENTS - 1}) i`;
const KEYS: readonly (readonly [key: string, child: string])[] = [
  ['ALTER TABLE p ADD UNIQUE (k)', 'FOREIGN KEY (k) REFERENCES p (k)'],
  ['ALTER TABLE p ADD UNIQUE (a, b)', 'FOREIGN KEY (a, b) REFERENCES p (a, b)'],
  ['ALTER TABLE p ADD UNIQUE (b, a)', 'FOREIGN KEY (a, b) REFERENCES p (a, b) MATCH FULL'],
  ['ALTER TABLE p ADD UNIQUE (u)', 'FOREIGN KEY (u) REFERENCES p (u)'],
  ['ALTER TABLE p ADD UNIQUE (n)', 'FOREIGN KEY (n) REFERENCES p (n)'],
  ['ALTER TABLE p ADD UNIQUE (s)', 'FOREIGN KEY (s) REFERENCES p (s)'],
  [
    'ALTER TABLE p ADD UNIQUE (b, a)',
    'FOREIGN KEY (id) REFERENCES p, FOREIGN KEY (a, b) REFERENCES p (a, b)',
  ],
  ['ALTER TABLE p ADD UNIQUE (k)', 'FOREIGN KEY (k) REFERENCES p (k) DEFERRABLE INITIALLY DEFERRED'],
];

type Row = readonly (number | string | null)[];

/** A row that refers to parents, or to none where it is NULL; `isLost`: or to one that is not there. */
function rowOf(id: number, isLost: boolean): Row {
  const parent = isLost ? PARENTS + below(9) * 50 : below(PARENTS);
  const row = [
    id,
    `Title number ${parent}`,
    parent % 50,
    Math.floor(parent / 50),
    `00000000-0000-4000-8000-${String(parent).padStart(12, '0')}`,
    `${parent}.50`,
    `s${parent}`,
  ];
  return below(30) === 0 ? row.map((value, i) => (i > 0 && below(3) === 0 ? null : value)) : row;
}

function outcome(run: () => void): unknown {
  try {
    run();
    return null;
  } catch (error) {
    const { code, constraint, detail, message } = error as DecentDbError;
    return { code, constraint, message, detail: detail?.replace(/^Row \d+ of the load\. ?/, '') ?? '' };
  }
}

for (const [key, child] of KEYS) {
  test(`${child}, ${key} (SEED=${seed})`, () => {
    using fast = openSync(':memory:');
    using slow = openSync(':memory:');
    for (const db of [fast, slow])
      db.exec(
        `${PARENT}; ${key}; CREATE TABLE c (id int, k text, a int, b bigint, u uuid, n numeric, s bpchar(12), ${child})`,
      );
    for (let load = 0; load < 3; load++) {
      const lost = below(2) === 0 ? below(150) : -1;
      const rows = Array.from({ length: 70 + below(150) }, (_, i) => rowOf(below(PARENTS), i === lost));
      const batched = outcome(() => fast.bulkLoadSync('c', rows, { batchRows: 70 + below(300) }));
      const single = outcome(() =>
        slow.transaction(() => {
          const insert = slow.prepare('INSERT INTO c VALUES ($1, $2, $3, $4, $5, $6, $7)');
          for (const row of rows) insert.run(...row);
        })(),
      );
      assert.deepEqual(batched, single);
    }
    const all = (db: Database): unknown => db.query('SELECT * FROM c ORDER BY id, k, a, b, u, n, s').rows;
    assert.deepEqual(all(fast), all(slow));
    assert.deepEqual(fast.check().findings, []);
  });
}

test(`many keys that go at once (SEED=${seed})`, () => {
  using db = openSync(':memory:');
  db.exec(`${PARENT}; ALTER TABLE p ADD UNIQUE (k);
    CREATE TABLE c (k text REFERENCES p (k)); INSERT INTO c SELECT k FROM p WHERE id % 3 = 0`);
  assert.throws(() => db.exec(`UPDATE p SET k = k || '!' WHERE a < 40`), { code: '23503' });
  assert.throws(() => db.exec('DELETE FROM p WHERE b >= 1'), { code: '23503' });
  db.exec('DELETE FROM p WHERE k NOT IN (SELECT k FROM c)');
  assert.deepEqual(db.query('SELECT count(*)::int AS n FROM p').rows, [{ n: Math.ceil(PARENTS / 3) }]);
  assert.deepEqual(db.check().findings, []);
});
