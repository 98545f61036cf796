/** First rows of partitions in their order, and least and greatest values of unions: the same answers as without the rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const SCHEMA = `
  CREATE TABLE plain (id int, k int, n numeric, v text);
  CREATE TABLE single (id int, k int, n numeric, v text) PARTITION BY RANGE (k);
  CREATE TABLE single3 PARTITION OF single FOR VALUES FROM (6) TO (MAXVALUE);
  CREATE TABLE single0 (v text, gone int, n numeric, k int, id int);
  ALTER TABLE single0 DROP COLUMN gone;
  ALTER TABLE single ATTACH PARTITION single0 FOR VALUES FROM (MINVALUE) TO (2);
  CREATE TABLE single2 PARTITION OF single FOR VALUES FROM (3) TO (6);
  CREATE TABLE single1 PARTITION OF single FOR VALUES FROM (2) TO (3);
  CREATE INDEX ON single (k, id);
  CREATE TABLE multiple (id int, k int, n numeric, v text) PARTITION BY RANGE (k, n);
  CREATE TABLE multiple0 PARTITION OF multiple FOR VALUES FROM (MINVALUE, MINVALUE) TO (3, 1);
  CREATE TABLE multiple1 PARTITION OF multiple FOR VALUES FROM (3, 1) TO (3, MAXVALUE);
  CREATE TABLE multiple2 PARTITION OF multiple FOR VALUES FROM (3, MAXVALUE) TO (MAXVALUE, MAXVALUE);
  CREATE TABLE rest (id int, k int, n numeric, v text) PARTITION BY RANGE (k);
  CREATE TABLE rest0 PARTITION OF rest FOR VALUES FROM (3) TO (6);
  CREATE TABLE rest1 PARTITION OF rest DEFAULT;
  CREATE TABLE nested (id int, k int, n numeric, v text) PARTITION BY RANGE (k);
  CREATE TABLE nested0 PARTITION OF nested FOR VALUES FROM (MINVALUE) TO (5) PARTITION BY LIST (v);
  CREATE TABLE nested0a PARTITION OF nested0 FOR VALUES IN ('a');
  CREATE TABLE nested0b PARTITION OF nested0 DEFAULT;
  CREATE TABLE nested1 PARTITION OF nested FOR VALUES FROM (5) TO (MAXVALUE);
`;
const FAMILIES = ['single', 'multiple', 'rest', 'nested'];
const ORDERS = [
  'k',
  'k DESC',
  'k, n',
  'k DESC, n DESC',
  'k, n DESC',
  'v, k',
  'k NULLS FIRST',
  'k + 1',
  'n, k',
  'k, v DESC',
];
const CONDITIONS = ['true', 'k > 2', 'k < 6 AND v <> $$b$$', 'k = 3', 'id % 2 = 0', 'k < 0'];
const LISTS = ['*', 'k, id', 'v || k AS w, id, k'];

function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

test(`first rows of partitions are those of the table (SEED=${SEED})`, () => {
  const random = makeRandom(SEED);
  const db = openSync(':memory:');
  db.exec(SCHEMA);
  const rows = Array.from(
    { length: 60 },
    (_, i) => `(${i}, ${random(9)}, ${random(4)}.${random(3)}, '${'abc'.charAt(random(3))}')`,
  );
  for (const table of ['plain', ...FAMILIES]) db.exec(`INSERT INTO ${table} VALUES ${rows.join(', ')}`);
  for (let i = 0; i < 40; i++) {
    const order = `${ORDERS[random(ORDERS.length)]}, id`;
    const paging = `LIMIT ${random(12)}${random(2) === 0 ? '' : ` OFFSET ${random(8)}`}`;
    const sql = `SELECT ${LISTS[random(LISTS.length)]} FROM TABLE WHERE ${CONDITIONS[random(CONDITIONS.length)]} ORDER BY ${order} ${paging}`;
    const read = (table: string): unknown => db.query(sql.replace('TABLE', table)).rows;
    const expected = read('plain');
    for (const table of FAMILIES) assert.deepEqual(read(table), expected, `${table}: ${sql}`);
  }
});

function planOf(db: ReturnType<typeof openSync>, sql: string): string {
  return db
    .query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${sql}`)
    .rows.map((row) => row['QUERY PLAN'])
    .join('\n');
}

test('partitions behind those that have the rows are not read', () => {
  const db = openSync(':memory:');
  db.exec(SCHEMA);
  db.exec(`INSERT INTO single SELECT i, i % 9, 0, 'x' FROM generate_series(1, 90) i`);
  const read = (sql: string): readonly string[] =>
    planOf(db, sql)
      .split('\n')
      .filter((line) => line.includes(' on single') && !line.includes('never executed'))
      .map((line) => /on (single\d)/.exec(line)?.[1] ?? '');
  assert.deepEqual(read('SELECT * FROM single ORDER BY k LIMIT 3'), ['single0']);
  assert.deepEqual(read('SELECT * FROM single ORDER BY k DESC, id LIMIT 3'), ['single3']);
  assert.deepEqual(read('SELECT * FROM single WHERE k >= 2 ORDER BY k LIMIT 12'), ['single1', 'single2']);
  assert.equal(read('SELECT * FROM single ORDER BY v LIMIT 3').length, 4);
  db.exec('SET optimizer.rule.ordered_append = off');
  assert.equal(read('SELECT * FROM single ORDER BY k LIMIT 3').length, 4);
});

test('least and greatest values of a union are looked up in indexes', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE r (k int, v text) PARTITION BY RANGE (k);
    CREATE TABLE r0 PARTITION OF r FOR VALUES FROM (0) TO (8000);
    CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (8000) TO (MAXVALUE);
    CREATE INDEX ON r (k);
    INSERT INTO r SELECT i FROM generate_series(100, 12000) i`);
  const sql = 'SELECT min(k), max(k) FROM r';
  const read = (): unknown => db.query(sql, [], { rowMode: 'array' }).rows;
  assert.deepEqual(read(), [[100, 12_000]]);
  assert.match(planOf(db, sql), /Index (Only )?Scan/);
  db.exec('SET optimizer.rule.min_max_from_index = off');
  assert.deepEqual(read(), [[100, 12_000]]);
  assert.doesNotMatch(planOf(db, sql), /Index (Only )?Scan/);
  db.exec('SET optimizer.rule.min_max_from_index = on; DELETE FROM r WHERE k < 8000');
  assert.deepEqual(read(), [[8000, 12_000]]);
});
