/** Joins whose kept rows were looked up give the same with and without fetching their columns late, and say the same of memory and order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../index.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import { random, testContext, testSeed } from '../expr.test.kit.ts';
import { RowStore } from '../row-store.ts';
import { slotsOfTypes } from '../table.test.kit.ts';
import { datumAt, gather } from '../vectors.ts';
import { LateRowStore } from './late-rows.ts';

function filled(seed: number): Database {
  const db = openSync(':memory:');
  const next = random(seed);
  const below = (n: number): number => Math.floor(next() * n);
  const [parts, lines] = [5000 + below(2000), 50000 + below(20000)];
  db.exec(`CREATE TABLE part (id int PRIMARY KEY, kind int, name text);
    INSERT INTO part SELECT g, g * 7 % 550, 'part ' || g FROM generate_series(1, ${parts}) g;
    CREATE TABLE line (id int PRIMARY KEY, part int, ord int, qty numeric(10,2), price float8, note text, big int8);
    INSERT INTO line SELECT g, g * 7919 % ${parts} + 1, CASE WHEN g % 17 > 0 THEN g * 31 % 2500 END,
      CASE WHEN g % 5 > 0 THEN (g % 90) / 4.0 END, g / 7.0, CASE WHEN g % 9 > 0 THEN 'note ' || g % ${1 + below(4000)} END,
      CASE WHEN g % 1000 = 0 THEN 9007199254740993 + g ELSE g END FROM generate_series(1, ${lines}) g;
    CREATE INDEX ON line (part);
    ALTER TABLE line ADD COLUMN added text DEFAULT 'later';
    CREATE TABLE ord (id int PRIMARY KEY, code int, cust int, day date, state text);
    INSERT INTO ord SELECT g, g, g * 13 % 150, date '2001-01-01' + g % 700, chr(65 + g % 3) FROM generate_series(1, 2500) g;
    CREATE TABLE cust (id int PRIMARY KEY, nation int, name text);
    INSERT INTO cust SELECT g, g % 7, 'c' || g FROM generate_series(0, 149) g;
    ANALYZE`);
  return db;
}

const LINES = 'part JOIN line ON line.part = part.id JOIN ord ON ord.code = line.ord';
const ON_DAYS = "ord.day BETWEEN '2001-02-01' AND '2001-04-01'";
const QUERIES = [
  `SELECT line.id, part.name, qty, price, note, big, added, day FROM ${LINES} WHERE kind = 3 AND ${ON_DAYS} ORDER BY 1`,
  `SELECT state, count(*), sum(qty), max(note), sum(big) FROM ${LINES} WHERE kind = 3 AND ${ON_DAYS} GROUP BY state ORDER BY 1`,
  `SELECT note, added, count(*), min(price) FROM ${LINES} JOIN cust ON cust.id = ord.cust WHERE kind < 2 AND nation = 2 AND ${ON_DAYS} GROUP BY note, added ORDER BY 1, 2`,
  `SELECT cust.name, line.id, note, qty FROM ${LINES} JOIN cust ON cust.id = ord.cust WHERE kind = 5 AND nation < 3 AND state = 'A' ORDER BY 2`,
  `SELECT line.id, note, ord.state FROM part JOIN line ON line.part = part.id LEFT JOIN ord ON ord.code = line.ord AND ${ON_DAYS} WHERE kind = 4 ORDER BY 1`,
  `SELECT ord.id, state, line.id, note, big FROM ord LEFT JOIN (part JOIN line ON line.part = part.id AND kind = 6) ON ord.code = line.ord AND qty > 3 ORDER BY 1, 3`,
  `SELECT line.id, note, state FROM part JOIN line ON line.part = part.id AND kind = 6 FULL JOIN ord ON ord.code = line.ord ORDER BY 1, ord.id, 3`,
  `SELECT id, state FROM ord WHERE id IN (SELECT ord FROM part JOIN line ON line.part = part.id WHERE kind = 1) ORDER BY id`,
  `SELECT id, note, price FROM line WHERE part IN (SELECT id FROM part WHERE kind = 2) AND NOT EXISTS (SELECT 1 FROM ord WHERE ord.code = line.ord AND state = 'B') ORDER BY id`,
  `SELECT line.id, a.note FROM (SELECT line.id, note FROM part JOIN line ON line.part = part.id WHERE kind = 7 UNION ALL SELECT line.id, note FROM part JOIN line ON line.part = part.id WHERE kind = 8) a JOIN line ON line.id = a.id AND line.ord < 900 ORDER BY 1`,
  `SELECT part.id, (SELECT string_agg(note || qty, ',' ORDER BY line.id) FROM line JOIN ord ON ord.code = line.ord WHERE line.part = part.id AND ${ON_DAYS}) FROM part WHERE kind = 9 ORDER BY 1`,
  `SELECT DISTINCT note, state FROM ${LINES} WHERE kind = 10 AND ${ON_DAYS} ORDER BY 1, 2 LIMIT 7`,
];

const text = (value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);
const rows = (db: Database, sql: string): string =>
  JSON.stringify(db.prepare(sql).values(), (_, value) => text(value));

/** Columns of random rows, some of them made from the start, as a look-up hands them on. */
function lateBatch(
  vectors: readonly Vector[],
  count: number,
  selection: Int32Array | null,
  made: number,
): Batch {
  const batch = Batch.lazy(vectors.length, count, selection, {
    load: (column) => vectors[column]!,
    isLasting: (column) => column > 0,
    at: (positions, rows) => ({ load: (column) => gather(vectors[column]!, positions, rows) }),
  });
  batch.column(made);
  return batch;
}

test('rows of several batches, by number and whole', () => {
  const seed = testSeed();
  const next = random(seed);
  const below = (n: number): number => Math.floor(next() * n);
  const slots = slotsOfTypes(['int4', 'text', 'float8']);
  for (let round = process.env['DECENTDB_LONG_TESTS'] === '1' ? 0 : 150; round < 200; round++) {
    const { memory } = testContext().statement;
    const [late, plain] = [new LateRowStore(slots, memory), new RowStore(slots, memory)];
    for (let i = below(5) === 0 ? 25 : 1 + below(4); i > 0; i--) {
      const size = 1 + below(below(6) === 0 ? 2500 : 150);
      const numbers = Int32Array.from({ length: size }, () => below(1000));
      const texts = Array.from(numbers, (n) => (n % 7 === 0 ? null : `t${n}`)) as string[];
      const nulls = Uint8Array.from(numbers, (n) => (n % 7 === 0 ? 1 : 0));
      const vectors: Vector[] = [
        { physical: Physical.int32, values: numbers, nulls: null },
        { physical: Physical.text, values: texts, nulls },
        { physical: Physical.float64, values: Float64Array.from(numbers), nulls: null },
      ];
      const chosen = below(2) === 0 ? null : Int32Array.from({ length: 1 + below(size) }, () => below(size));
      const count = chosen?.length ?? size;
      late.append(lateBatch(vectors, count, chosen, below(8) === 0 ? 1 : 0));
      plain.append(Batch.of(vectors, count, chosen));
      chosen?.fill(0);
    }
    assert.equal(late.count, plain.count);
    for (let i = 0; i < 6; i++) {
      const rows = Int32Array.from({ length: 1 + below(Math.min(plain.count, 60)) }, () =>
        below(plain.count),
      );
      const [some, k] = [late.batch().rowsAt(rows, rows.length), below(3)];
      const wanted = gather(plain.column(k), rows, rows.length);
      for (let r = 0; r < rows.length; r++)
        assert.equal(datumAt(some.load(k), r), datumAt(wanted, r), `column ${k} SEED=${seed}`);
    }
    for (let k = 0; k < 3; k++)
      for (let r = 0; r < plain.count; r++)
        assert.equal(datumAt(late.column(k), r), datumAt(plain.column(k), r), `column ${k} SEED=${seed}`);
  }
});

test('with and without columns fetched late', () => {
  const seed = testSeed();
  const db = filled(seed);
  const wanted = new Map<string, string>();
  db.exec('SET optimizer.rule.late_join_columns = off');
  for (const sql of QUERIES) wanted.set(sql, rows(db, sql));
  db.exec('SET optimizer.rule.late_join_columns = on');
  const settings: readonly string[] = ['', "SET work_mem = '64kB'", 'SET optimizer.rule.join_filter = off'];
  for (const setting of settings) {
    db.exec(setting);
    for (const sql of QUERIES) assert.equal(rows(db, sql), wanted.get(sql), `${sql} ${setting} SEED=${seed}`);
  }
  db.exec('BEGIN; DELETE FROM line WHERE id = -1; UPDATE part SET name = name WHERE id = 1');
  for (const sql of QUERIES)
    assert.equal(rows(db, sql), wanted.get(sql), `${sql} in a transaction SEED=${seed}`);
  db.exec('ROLLBACK');
  db.close();
});

test('rows read one by one while others write', () => {
  const db = filled(5);
  const sql = QUERIES[3]!;
  const wanted = rows(db, sql);
  const got: unknown[] = [];
  for (const row of db.prepare(sql).iterate()) {
    if (got.length % 50 === 0)
      db.exec(`UPDATE line SET note = 'changed', qty = 0 WHERE id % 50 = ${got.length / 50}`);
    got.push(Object.values(row as object));
  }
  assert.equal(
    JSON.stringify(got, (_, value) => text(value)),
    wanted,
  );
  db.close();
});
