/** Partitions that the values of parameters contradict are not opened, and nothing else changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../api/database.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const SCHEMA = `
  CREATE TABLE plain (k int, n numeric, v text, w char(3));
  CREATE TABLE ranges (k int, n numeric, v text, w char(3)) PARTITION BY RANGE (k, n);
  CREATE TABLE ranges0 PARTITION OF ranges FOR VALUES FROM (MINVALUE, MINVALUE) TO (2, 1.5);
  CREATE TABLE ranges1 (w char(3), gone int, v text, n numeric, k int);
  ALTER TABLE ranges1 DROP COLUMN gone;
  ALTER TABLE ranges ATTACH PARTITION ranges1 FOR VALUES FROM (2, 1.5) TO (4, 0);
  CREATE TABLE ranges2 PARTITION OF ranges FOR VALUES FROM (4, 0) TO (7, MAXVALUE) PARTITION BY LIST (v);
  CREATE TABLE ranges2a PARTITION OF ranges2 FOR VALUES IN ('a', 'c', 'd');
  CREATE TABLE ranges2b PARTITION OF ranges2 FOR VALUES IN ('b', NULL);
  CREATE TABLE rest PARTITION OF ranges DEFAULT;
  CREATE TABLE singles (k int, n numeric, v text, w char(3)) PARTITION BY RANGE (k);
  CREATE TABLE singles0 PARTITION OF singles FOR VALUES FROM (MINVALUE) TO (3);
  CREATE TABLE singles1 PARTITION OF singles FOR VALUES FROM (3) TO (6);
  CREATE TABLE singles2 PARTITION OF singles FOR VALUES FROM (6) TO (MAXVALUE);
  CREATE TABLE singles3 PARTITION OF singles DEFAULT;
  CREATE TABLE hashes (k int, n numeric, v text, w char(3)) PARTITION BY HASH (k, n);
  CREATE TABLE hashes0 PARTITION OF hashes FOR VALUES WITH (MODULUS 3, REMAINDER 0);
  CREATE TABLE hashes1 PARTITION OF hashes FOR VALUES WITH (MODULUS 3, REMAINDER 1);
  CREATE TABLE hashes2 PARTITION OF hashes FOR VALUES WITH (MODULUS 3, REMAINDER 2) PARTITION BY HASH (w);
  CREATE TABLE hashes2a PARTITION OF hashes2 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE hashes2b PARTITION OF hashes2 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
  CREATE TABLE keyed (k int, n numeric, v text, w char(3)) PARTITION BY LIST ((k % 3));
  CREATE TABLE keyed0 PARTITION OF keyed FOR VALUES IN (0);
  CREATE TABLE keyed1 PARTITION OF keyed FOR VALUES IN (1, NULL);
  CREATE TABLE keyed2 PARTITION OF keyed DEFAULT;
  CREATE TABLE scaled (k int, n numeric, v text, w char(3)) PARTITION BY LIST (scale(n));
  CREATE TABLE scaled0 PARTITION OF scaled FOR VALUES IN (0);
  CREATE TABLE scaled1 PARTITION OF scaled DEFAULT;
`;
const FAMILIES = ['ranges', 'singles', 'hashes', 'keyed', 'scaled'];

const CONDITIONS = [
  'k = $1',
  'k = $1 AND n = $2',
  'k = $1 AND n = $2 AND v = $3',
  'k = $1 AND n = $2 AND w = $4',
  'n = $2 AND $1 = k',
  'k > $1',
  'k >= $1 AND k < $1::int + 2',
  '$1 > k AND n <= $2',
  'k BETWEEN $1 AND 5',
  'k IN ($1, 3)',
  'k IN ($1, 3) AND n IN ($2, 1.50) AND v <> $3',
  'k = $1::bigint',
  'k = $1 OR n = $2',
  'v = $3',
  'k <> $1 AND w = $4',
  'k = ANY ($5)',
  'k = $1 AND k IS NOT NULL',
  'n = $2',
  'k = $1 AND v IS NULL',
  'k + 1 = $1',
];

function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

test(`values of parameters choose among partitions, with the same answers (SEED=${SEED})`, () => {
  const random = makeRandom(SEED);
  const db = openSync(':memory:');
  db.exec(SCHEMA);
  const orNull = (value: string): string | null => (random(8) === 0 ? null : value);
  const values = (): (string | null)[] => [
    orNull(String(random(10))),
    orNull(['0', '1.5', '1.50', '2', '3.0', 'NaN'][random(6)]!),
    orNull('abcd'.charAt(random(4))),
    orNull(['x', 'x  ', 'yy'][random(3)]!),
  ];
  for (let i = 0; i < 200; i++) {
    const row = values();
    for (const table of ['plain', ...FAMILIES]) db.query(`INSERT INTO ${table} VALUES ($1, $2, $3, $4)`, row);
  }
  for (let i = 0; i < (process.env['DECENTDB_LONG_TESTS'] === '1' ? 150 : 12); i++) {
    const condition = CONDITIONS[random(CONDITIONS.length)]!;
    const params = [...values(), `{${random(9)},${random(9)}}`];
    // All parameters have a type, whichever the condition names.
    const typed = 'concat($1::int, $2::numeric, $3::text, $4::char(3), $5::int[]) IS NOT NULL';
    const where = `${condition.includes(' OR ') ? `(${condition})` : condition} AND ${typed}`;
    const read = (table: string): unknown =>
      db.query(`SELECT k, n, v, w FROM ${table} WHERE ${where} ORDER BY k, n, n::text, v, w`, params).rows;
    const correlated = (table: string): unknown =>
      db.query(
        `SELECT x, (SELECT count(*) FROM ${table} WHERE ${where.replace(/\$1(?!::int,)/g, 'x')}) AS c FROM generate_series(1, 5) x ORDER BY x`,
        params,
      ).rows;
    for (const ask of [read, ...(i % 3 === 0 ? [correlated] : [])]) {
      const expected = ask('plain');
      for (const table of FAMILIES) {
        assert.deepEqual(ask(table), expected, `${table}: ${where} ${params}`);
        db.exec('SET optimizer.rule.partition_skipping = off');
        assert.deepEqual(ask(table), expected, `${table}: ${where} ${params} (off)`);
        db.exec('SET optimizer.rule.partition_skipping = on');
      }
    }
  }
});

test('what is not opened was never executed', () => {
  const db = openSync(':memory:');
  db.exec(SCHEMA);
  db.exec(`INSERT INTO plain SELECT i % 10, i % 4, chr(97 + i % 3), 'x' FROM generate_series(1, 100) i;
    INSERT INTO ranges SELECT * FROM plain; INSERT INTO hashes SELECT * FROM plain; INSERT INTO singles SELECT * FROM plain`);
  const opened = (sql: string, params: readonly unknown[]): readonly string[] =>
    db
      .query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${sql}`, params as never)
      .rows.map((row) => row['QUERY PLAN'])
      .filter((line) => /Scan on/.test(line) && !line.includes('never executed'))
      .map((line) => /Scan on (\w+)/.exec(line)?.[1] ?? '');
  assert.deepEqual(opened('SELECT * FROM singles WHERE k = $1', [4]), ['singles1']);
  assert.deepEqual(opened('SELECT * FROM singles WHERE k > $1', [5]), ['singles1', 'singles2', 'singles3']);
  assert.deepEqual(opened('SELECT * FROM singles WHERE k >= $1 AND k < $2', [0, 3]), [
    'singles0',
    'singles3',
  ]);
  assert.deepEqual(opened('SELECT * FROM singles WHERE k = $1', [null]), ['singles3']);
  assert.deepEqual(opened('SELECT * FROM ranges WHERE k = $1 AND n = $2 AND v = $3', [5, 1, 'b']), [
    'ranges2b',
  ]);
  assert.equal(opened('SELECT * FROM hashes WHERE k = $1 AND n = $2', [5, 1]).length < 3, true);
  assert.deepEqual(opened('UPDATE singles SET v = v WHERE k = $1', [7]), ['singles2']);
});
