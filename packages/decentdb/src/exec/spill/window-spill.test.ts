/** Windows whose partitions do not fit the budget give what they give within it; their files are closed however they end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../index.ts';
import { aggregate, random, slot, testSeed } from '../expr.test.kit.ts';
import type { FrameBound, WindowFrame } from '../expr.ts';
import type { PhysicalNode } from '../physical.ts';
import { nextNodeId, slotsOfTypes, values } from '../table.test.kit.ts';
import { Files, runPlan, testEndings } from './spill.test.kit.ts';

const ROWS = 3000;
const ROUNDS = process.env['DECENTDB_LONG_TESTS'] === '1' ? 8 : 3;

/** One partition by `big` has most rows; `n` has gaps, repeated values and NULLs. */
function filled(next: () => number): Database {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, big int, n int, f float8, d date, name text)');
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6)');
  db.exec('BEGIN');
  for (let id = 0; id < ROWS; id++) {
    const day = `2024-0${1 + Math.floor(next() * 9)}-1${Math.floor(next() * 10)}`;
    const n = next() < 0.03 ? null : Math.floor(next() * 2500);
    const f = next() < 0.02 ? Number.NaN : next() * 100;
    insert.run(id, next() < 0.8 ? 1 : id % 5, n, f, day, next() < 0.05 ? null : `name ${id % 1700}`);
  }
  db.exec('COMMIT');
  return db;
}

const CALLS = [
  'sum(n)',
  'avg(n)',
  'count(*) FILTER (WHERE id % 3 = 0)',
  'sum(f)',
  'max(name)',
  'min(f)',
  'first_value(name)',
  'last_value(name)',
  'nth_value(id, 3)',
];

const UNFRAMED = [
  'ntile(7)',
  'percent_rank()',
  'cume_dist()',
  'lead(name, 3)',
  'lag(id, 2, -1)',
  'lead(n)',
  'rank()',
  'dense_rank()',
];

const SHARES = ['', 'PARTITION BY big', 'PARTITION BY big % 2'];

function pick<T>(next: () => number, list: readonly T[]): T {
  return list[Math.floor(next() * list.length)]!;
}

function frame(next: () => number, mode: string, small: string, large: string): string {
  const start = pick(next, [
    'UNBOUNDED PRECEDING',
    `${small} PRECEDING`,
    'CURRENT ROW',
    `${small} FOLLOWING`,
  ]);
  const ends = ['UNBOUNDED FOLLOWING', `${large} FOLLOWING`];
  if (!start.endsWith('FOLLOWING')) ends.push('CURRENT ROW');
  if (start === 'UNBOUNDED PRECEDING') ends.push(`${small} PRECEDING`);
  const exclude = pick(next, ['', '', '', 'EXCLUDE CURRENT ROW', 'EXCLUDE GROUP', 'EXCLUDE TIES']);
  // What cannot lose rows is computed afresh for each of them.
  const isWide = start.startsWith('UNBOUNDED') && exclude !== '';
  return `${mode} BETWEEN ${isWide ? 'CURRENT ROW' : start} AND ${pick(next, exclude === '' ? ends : ends.slice(1, 2))} ${exclude}`;
}

function windowOf(next: () => number): string {
  const share = pick(next, SHARES);
  switch (Math.floor(next() * 4)) {
    case 0:
      return `${share} ORDER BY name, id ${frame(next, 'ROWS', '3', '9')}`;
    case 1:
      return `${share} ORDER BY n DESC ${frame(next, 'RANGE', '4', '11')}`;
    case 2:
      return `${share} ORDER BY d RANGE BETWEEN interval '2 days' PRECEDING AND interval '1 day' FOLLOWING`;
    default:
      return `${share} ORDER BY n NULLS FIRST ${frame(next, 'GROUPS', '1', '2')}`;
  }
}

test('partitions beyond the budget', () => {
  const seed = testSeed();
  const next = random(seed);
  using db = filled(next);
  for (let round = 0; round < ROUNDS; round++) {
    const [a, b] = [windowOf(next), windowOf(next)];
    const share = pick(next, SHARES);
    // Frames without an end at the current row are costly for what cannot lose rows.
    const isWide = /UNBOUNDED FOLLOWING/.test(a) || !/^ROWS/.test(a);
    const first = isWide ? pick(next, CALLS.slice(0, 3)) : pick(next, CALLS);
    const sql = `SELECT id, ${first} OVER (${a}), ${pick(next, CALLS.slice(0, 3))} OVER (${b}),
      ${pick(next, UNFRAMED)} OVER w, ${pick(next, UNFRAMED)} OVER w, count(*) OVER (${share}), name
      FROM t WINDOW w AS (${share} ORDER BY name, id) ORDER BY id`;
    db.exec("SET work_mem = '256MB'");
    const want = db.prepare(sql).values();
    db.exec("SET work_mem = '64kB'");
    assert.deepEqual(db.prepare(sql).values(), want, `SEED=${seed} ${sql}`);
  }
});

test('many peers of a running window', () => {
  const seed = testSeed();
  const next = random(seed);
  using db = filled(next);
  for (const sql of [
    'SELECT id, sum(n) OVER w, rank() OVER w, count(*) FILTER (WHERE n > 9) OVER w, first_value(n) OVER w, lag(id) OVER w, name FROM t WINDOW w AS (ORDER BY big)',
    'SELECT id, avg(f) OVER w, sum(n) OVER (w ROWS UNBOUNDED PRECEDING), dense_rank() OVER w, name FROM t WINDOW w AS (PARTITION BY big % 2 ORDER BY big > 1)',
    'SELECT id, max(name) OVER (PARTITION BY id % 2 ORDER BY big = 1), name, f FROM t',
  ]) {
    db.exec("SET work_mem = '256MB'");
    const want = db.prepare(sql).values();
    db.exec("SET work_mem = '64kB'");
    assert.deepEqual(db.prepare(sql).values(), want, `SEED=${seed} ${sql}`);
  }
});

test('what a window over all rows holds does not grow with them', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t AS SELECT g id, (g * 7919) % 10007 n, repeat('x', 150) || g p FROM generate_series(1, 12000) g;
    SET work_mem = '64kB'`);
  for (const sql of [
    'SELECT id, p, sum(n) OVER () FROM t',
    'SELECT id, max(p) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 3 FOLLOWING), lead(p, 5) OVER (ORDER BY id) FROM t',
    'SELECT id, p, sum(n) OVER (ORDER BY id / 9000), rank() OVER (ORDER BY id / 9000) FROM t',
    'SELECT id, p, avg(n) OVER (ORDER BY n RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING) FROM t',
  ]) {
    const lines = db.prepare(`EXPLAIN ANALYZE ${sql}`).values().flat().join('\n');
    const held = Number(/^Memory: (\d+) kB/m.exec(lines)?.[1]);
    assert.ok(held < 1400, `${held} kB: ${sql}`);
    assert.match(lines, /^Spilled: /m, sql);
  }
});

const NAMES = ['int4', 'int4', 'text'];

function windowPlan(rows: number, start: FrameBound, end: FrameBound): PhysicalNode {
  const input = values(
    NAMES,
    Array.from({ length: rows }, (_, i) => [i % 2000 === 0 ? 1 : 0, (i * 7919) % 9001, `row ${i}`]),
  );
  const { fn, type } = aggregate('max', [slot(2, 'text')]);
  const own: WindowFrame = { mode: 'rows', start, end, exclude: 'noOthers' };
  return {
    kind: 'window',
    id: nextNodeId(),
    input,
    slots: [...input.slots, ...slotsOfTypes(['text'])],
    partitionBy: [slot(0, 'int4')],
    orderBy: [{ expr: slot(1, 'int4'), descending: false, nullsFirst: false }],
    calls: [{ fn, args: [slot(2, 'text')], filter: null, frame: own, type, typmod: -1 }],
    isSorted: false,
  };
}

test('windows: to the end, closed early, cancelled, on a full disk', () => {
  const current: FrameBound = { kind: 'currentRow', offset: null };
  const plan = windowPlan(9000, { kind: 'unboundedPreceding', offset: null }, current);
  testEndings(plan, 9000);
  const whole = { kind: 'unboundedFollowing', offset: null } as const;
  const stored = windowPlan(9000, { kind: 'unboundedPreceding', offset: null }, whole);
  testEndings(stored, 9000);
  const want = runPlan(stored, { files: null }).rows;
  assert.deepEqual(runPlan(stored, { files: new Files() }).rows, want);
});
