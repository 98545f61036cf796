/** What the allocation sweep runs: a schema, rows, and units of work, each a transaction or a statement by itself. */

export interface AllocationWorkload {
  readonly name: string;
  readonly setup: readonly string[];
  /** Each unit: statements of one transaction; a unit of one statement commits by itself. */
  readonly units: readonly (readonly string[])[];
  /** Where the order matters, LIMIT and the like: read only, compared with the reference run. */
  readonly reads?: readonly string[];
  readonly workMemBytes?: number;
}

const ROWS = `INSERT INTO t SELECT i, 'row ' || i, i % 7, i / 3.0 FROM generate_series(1, 300) AS g(i)`;
const TABLE = 'CREATE TABLE t (id int PRIMARY KEY, a text, b int, c double precision)';
const INDEX = 'CREATE INDEX t_a ON t (a)';

export const ALLOCATION_WORKLOADS: readonly AllocationWorkload[] = [
  {
    name: 'single rows',
    setup: [TABLE, INDEX, ROWS],
    units: [
      ["INSERT INTO t VALUES (1000, 'new', 1, 1)"],
      ["UPDATE t SET a = 'changed' WHERE id = 5"],
      ['DELETE FROM t WHERE id = 6'],
      [
        "INSERT INTO t VALUES (1001, 'x', 1, 1)",
        'UPDATE t SET b = b + 1 WHERE id = 1001',
        'DELETE FROM t WHERE id = 7',
      ],
    ],
  },
  {
    name: 'many rows',
    setup: [TABLE, INDEX, 'CREATE UNIQUE INDEX t_u ON t (a, id)'],
    units: [[ROWS], ['UPDATE t SET a = a || id, c = c * 2 WHERE id % 2 = 0'], ['DELETE FROM t WHERE b = 3']],
  },
  {
    name: 'rows behind the last',
    setup: [TABLE, INDEX, ROWS.replace('300', '2000')],
    units: [[ROWS.replace('1, 300', '2001, 4500')], ['DELETE FROM t WHERE id > 4400']],
  },
  {
    name: 'few rows and what hangs on them',
    setup: [
      'CREATE TABLE p (id int PRIMARY KEY, v int)',
      'CREATE TABLE k (id int PRIMARY KEY, p int REFERENCES p ON DELETE CASCADE, d int GENERATED ALWAYS AS (p * 2) STORED)',
      'INSERT INTO p SELECT i, i FROM generate_series(1, 20) AS g(i)',
      'INSERT INTO k (id, p) SELECT i, 1 + i % 20 FROM generate_series(1, 60) AS g(i)',
    ],
    units: [
      ['INSERT INTO k (id, p) VALUES (100, 1), (101, 2), (102, 3)'],
      ['DELETE FROM p WHERE id = 1'],
      ['DELETE FROM p WHERE id = 2'],
      ['DELETE FROM p WHERE id = 3', 'UPDATE k SET p = 5 WHERE id BETWEEN 4 AND 8'],
    ],
  },
  {
    name: 'partitions',
    setup: [
      'CREATE TABLE m (id int, part int, a text, PRIMARY KEY (id, part)) PARTITION BY RANGE (part)',
      'CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (10)',
      'CREATE TABLE m2 PARTITION OF m DEFAULT',
      "INSERT INTO m SELECT i, i % 20, 'row ' || i FROM generate_series(1, 80) AS g(i)",
    ],
    units: [
      ["INSERT INTO m SELECT i, i % 20, 'new ' || i FROM generate_series(81, 140) AS g(i)"],
      ['UPDATE m SET part = part + 5 WHERE id % 3 = 0'],
      ['DELETE FROM m WHERE part = 12'],
      ['ALTER TABLE m DETACH PARTITION m1', 'INSERT INTO m1 VALUES (900, 900, NULL)'],
    ],
  },
  {
    name: 'savepoints',
    setup: [TABLE, INDEX, ROWS],
    units: [
      [
        'SAVEPOINT one',
        "UPDATE t SET a = 'one' WHERE b = 1",
        'ROLLBACK TO one',
        "UPDATE t SET a = 'two' WHERE b = 2",
        'RELEASE one',
        "INSERT INTO t VALUES (2000, 'three', 3, 3)",
      ],
    ],
  },
  {
    name: 'large values',
    setup: ['CREATE TABLE l (id int PRIMARY KEY, words text, raw bytea)'],
    units: [
      [
        "INSERT INTO l SELECT i, repeat('word ' || i, 600), decode(repeat('ab', 900), 'hex') FROM generate_series(1, 12) AS g(i)",
      ],
      ["UPDATE l SET words = words || '!' WHERE id < 4"],
      ['DELETE FROM l WHERE id > 8'],
    ],
  },
  {
    name: 'definitions',
    setup: [TABLE, ROWS],
    units: [
      [INDEX],
      ['ALTER TABLE t ADD COLUMN d int DEFAULT 4', 'ALTER TABLE t ADD CHECK (c >= 0)'],
      ['CREATE TABLE copy AS SELECT * FROM t WHERE b < 3'],
      ['DROP TABLE copy', 'ALTER TABLE t DROP COLUMN c'],
    ],
  },
  {
    name: 'foreign keys and checks at commit',
    setup: [
      'CREATE TABLE p (id int PRIMARY KEY)',
      'CREATE TABLE k (id int PRIMARY KEY, p int REFERENCES p ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)',
      'INSERT INTO p SELECT i FROM generate_series(1, 60) AS g(i)',
    ],
    units: [
      [
        'INSERT INTO k SELECT i, 1 + i % 70 FROM generate_series(1, 200) AS g(i)',
        'INSERT INTO p SELECT i FROM generate_series(61, 70) AS g(i)',
      ],
      ['DELETE FROM p WHERE id % 3 = 0'],
    ],
  },
  {
    name: 'queries that sort, group and join',
    setup: [TABLE, ROWS],
    units: [['UPDATE t SET b = b + 1 WHERE id = 1']],
    reads: [
      'SELECT a FROM t ORDER BY c DESC, a LIMIT 20',
      'SELECT b, count(*), sum(c), min(a) FROM t GROUP BY b ORDER BY b',
      'SELECT count(*) FROM t x JOIN t y ON x.b = y.b WHERE x.id < 100',
      'SELECT DISTINCT b FROM t ORDER BY b',
      'SELECT id, sum(c) OVER (PARTITION BY b ORDER BY id) FROM t ORDER BY id LIMIT 30',
      'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 50) SELECT sum(n) FROM r',
    ],
  },
  {
    name: 'queries that spill',
    setup: [
      TABLE,
      "INSERT INTO t SELECT i, repeat('x', 40) || i, i % 7, i / 3.0 FROM generate_series(1, 3000) AS g(i)",
    ],
    workMemBytes: 65536,
    units: [['DELETE FROM t WHERE id = 1']],
    reads: [
      'SELECT a FROM t ORDER BY a DESC LIMIT 3 OFFSET 2000',
      'SELECT a, count(*) FROM t GROUP BY a ORDER BY a LIMIT 3',
      'SELECT count(*) FROM t x JOIN t y ON x.a = y.a',
    ],
  },
  {
    name: 'trigram indexes',
    setup: [
      'CREATE EXTENSION IF NOT EXISTS pg_trgm',
      TABLE,
      'CREATE INDEX t_w ON t USING gin (a gin_trgm_ops)',
    ],
    units: [[ROWS], ["UPDATE t SET a = 'other words ' || id WHERE b = 2"], ['DELETE FROM t WHERE id < 50']],
    reads: ["SELECT id FROM t WHERE a LIKE '%words 1%' ORDER BY id"],
  },
  {
    name: 'upkeep',
    setup: [TABLE, INDEX, ROWS, 'DELETE FROM t WHERE id % 2 = 0'],
    units: [['VACUUM'], ['REINDEX TABLE t'], ['ANALYZE'], ['CHECKPOINT'], ['TRUNCATE t']],
  },
];
