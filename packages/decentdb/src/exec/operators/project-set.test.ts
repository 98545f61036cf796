/** Set-returning functions and volatile targets in select lists; the answers are PostgreSQL's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../index.ts';

function filled(): Database {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int, a int[]); CREATE SEQUENCE s;
    INSERT INTO t VALUES (1, '{1,2,3}'), (2, '{}'), (3, NULL), (4, '{9}')`);
  return db;
}

const ANSWERS: readonly (readonly [sql: string, rows: unknown[][]])[] = [
  ['SELECT generate_series(1, 1000000000) LIMIT 2', [[1], [2]]],
  ['SELECT EXISTS (SELECT generate_series(1, 1000000000))', [[true]]],
  [
    'SELECT generate_series(1, 2), generate_series(1, 3)',
    [
      [1, 1],
      [2, 2],
      [null, 3],
    ],
  ],
  [
    'SELECT generate_series(1, 2), generate_series(1, 0)',
    [
      [1, null],
      [2, null],
    ],
  ],
  ['SELECT generate_series(1, 0), 1', []],
  [
    'SELECT id, unnest(a) FROM t',
    [
      [1, 1],
      [1, 2],
      [1, 3],
      [4, 9],
    ],
  ],
  [
    'SELECT id, unnest(a) FROM t ORDER BY id DESC LIMIT 2',
    [
      [4, 9],
      [1, 1],
    ],
  ],
  [
    'SELECT id, generate_series(1, id) FROM t ORDER BY id DESC LIMIT 5',
    [
      [4, 1],
      [4, 2],
      [4, 3],
      [4, 4],
      [3, 1],
    ],
  ],
  [
    'SELECT generate_series(1, generate_series(1, 2)), generate_series(1, 2) * 10',
    [
      [1, 10],
      [1, 20],
      [2, 20],
    ],
  ],
  ['SELECT count(*), sum(g) FROM (SELECT generate_series(1, 5000) g FROM t) q', [[20000, 50010000]]],
  [
    'SELECT generate_series(1, 3) % 2 g, count(*) FROM t GROUP BY g ORDER BY g',
    [
      [0, 4],
      [1, 8],
    ],
  ],
  [
    'SELECT generate_series(1, 2), count(*) FROM t GROUP BY generate_series(1, 2) ORDER BY 1',
    [
      [1, 4],
      [2, 4],
    ],
  ],
  [
    'SELECT id % 2, unnest(array_agg(id ORDER BY id)) FROM t GROUP BY 1 ORDER BY 1',
    [
      [0, 2],
      [0, 4],
      [1, 1],
      [1, 3],
    ],
  ],
  [
    'SELECT DISTINCT ON (id % 2) id, generate_series(1, 2) FROM t ORDER BY id % 2, id',
    [
      [2, 1],
      [2, 2],
      [1, 1],
      [1, 2],
    ],
  ],
];

test('sets in a select list', () => {
  using db = filled();
  for (const [sql, rows] of ANSWERS) assert.deepEqual(db.prepare(sql).values(), rows, sql);
});

/** Rows, and how far the sequence has come after them. */
const DRAWN: readonly (readonly [sql: string, rows: unknown[][], last: number])[] = [
  ["SELECT nextval('s') FROM t ORDER BY id LIMIT 2", [[1], [2]], 2],
  [
    "SELECT id, nextval('s') FROM t ORDER BY id DESC LIMIT 2",
    [
      [4, 1],
      [3, 2],
    ],
    2,
  ],
  [
    "SELECT id, nextval('s') FROM t ORDER BY id DESC",
    [
      [4, 1],
      [3, 2],
      [2, 3],
      [1, 4],
    ],
    4,
  ],
  ["SELECT nextval('s') n FROM t ORDER BY n DESC LIMIT 2", [[4], [3]], 4],
  ["SELECT nextval('s'), id FROM t ORDER BY id OFFSET 1 LIMIT 1", [[2, 2]], 2],
  ["SELECT id, nextval('s') FROM t WHERE id > 1 ORDER BY id + 1 LIMIT 1", [[2, 1]], 1],
  [
    "SELECT nextval('s'), row_number() OVER (ORDER BY id DESC) FROM t ORDER BY id LIMIT 2",
    [
      [1, 4],
      [2, 3],
    ],
    2,
  ],
  ["SELECT sum(id), nextval('s') FROM t GROUP BY id % 2 ORDER BY 1 DESC LIMIT 1", [[6, 1]], 1],
  ["SELECT generate_series(1, 3), nextval('s') ORDER BY 1 DESC LIMIT 1", [[3, 1]], 1],
  ["SELECT x FROM (SELECT nextval('s') x, id FROM t) q ORDER BY id LIMIT 1", [[1]], 4],
  ["SELECT nextval('s') FROM t LIMIT 2", [[1], [2]], 2],
];

test('volatile targets are computed for sorted rows, as far as LIMIT reads', () => {
  using db = filled();
  for (const [sql, rows, last] of DRAWN) {
    db.exec('ALTER SEQUENCE s RESTART');
    assert.deepEqual(db.prepare(sql).values(), rows, sql);
    assert.deepEqual(db.prepare("SELECT nextval('s')").values(), [[last + 1]], sql);
  }
});

test('INSERT takes late targets by position', () => {
  using db = filled();
  db.exec("INSERT INTO t SELECT id + 100, ARRAY[nextval('s')::int] FROM t ORDER BY id DESC");
  assert.deepEqual(db.prepare('SELECT id, a[1] FROM t WHERE id > 100 ORDER BY id').values(), [
    [101, 4],
    [102, 3],
    [103, 2],
    [104, 1],
  ]);
});
