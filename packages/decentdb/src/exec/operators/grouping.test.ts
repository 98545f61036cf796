/** Aggregates, DISTINCT, set operations, WITH and subqueries against models. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';
import { Decimal } from '../../types/decimal.ts';
import type { Datum } from '../../types/vector.ts';
import { aggregate, constant, op, random, slot, testSeed, type } from '../expr.test.kit.ts';
import type { Expr, SubqueryExpr } from '../expr.ts';
import type { Aggregate, PhysicalNode, SetOpNode } from '../physical.ts';
import { nextNodeId, slotsOfTypes, TestDatabase, values } from '../table.test.kit.ts';

type Row = readonly Datum[];
const text = (rows: readonly Row[]): string[] =>
  rows.map((row) =>
    JSON.stringify(row.map((v) => (v instanceof Decimal || typeof v === 'bigint' ? `${v}` : v))),
  );

function group(
  input: PhysicalNode,
  keys: readonly Expr[],
  aggregates: readonly Aggregate[],
  sets?: readonly (readonly number[])[],
  groupings: readonly (readonly number[])[] = [],
): PhysicalNode {
  return {
    kind: 'aggregate',
    id: nextNodeId(),
    strategy: 'hash',
    input,
    groups: keys,
    sets: sets ?? [keys.map((_, i) => i)],
    aggregates,
    groupings,
    slots: [...keys, ...aggregates]
      .map((one) => ({ type: one.type, typmod: -1 }))
      .concat(groupings.map(() => ({ type: type('int4'), typmod: -1 }))),
  };
}

test('sums are exact and typed as PostgreSQL types them', () => {
  const db = new TestDatabase();
  const names = ['int4', 'int8', 'numeric', 'float8'];
  const rows = [
    [2147483647, 9223372036854775807n, new Decimal(150, 2), 0.5],
    [2147483647, 9223372036854775807n, new Decimal(9007199254740991, 3), 0.25],
    [1, 9007199254740991, new Decimal(1, 0), null],
  ];
  const sums = names.map((name, i) => aggregate('sum', [slot(i, name)]));
  const averages = names.map((name, i) => aggregate('avg', [slot(i, name)]));
  const [row] = db.run(group(values(names, rows), [], [...sums, ...averages])).rows;
  assert.deepEqual(text([row!]), [
    JSON.stringify([
      4294967295,
      '18455751272964292605',
      '9007199254743.491',
      0.75,
      '1431655765.00000000',
      '6151917090988097535',
      '3002399751581.1637',
      0.375,
    ]),
  ]);
  const empty = db.run(group(values(names, []), [], [...sums, aggregate('count', [])])).rows;
  assert.deepEqual(empty, [[null, null, null, null, 0]]);
  assert.deepEqual(db.run(group(values(names, []), [slot(0, 'int4')], sums)).rows, []);
});

test('random groups: count, sum, min, max, DISTINCT and FILTER', () => {
  const seed = testSeed();
  const next = random(seed);
  const db = new TestDatabase();
  for (const spread of [5, 3000, 1e9]) {
    const rows = Array.from(
      { length: 5000 },
      (): Row => [
        next() < 0.05 ? null : Math.floor(next() * spread),
        next() < 0.05 ? null : `k${Math.floor(next() * 7)}`,
        next() < 0.1 ? null : Math.floor(next() * 50) - 25,
      ],
    );
    const filter = op('>', slot(2, 'int4'), constant(0, 'int4'));
    const n = slot(2, 'int4');
    const plan = group(
      values(['int4', 'text', 'int4'], rows),
      [slot(0, 'int4'), slot(1, 'text')],
      [
        aggregate('count', []),
        aggregate('count', [n]),
        aggregate('sum', [n]),
        aggregate('min', [n]),
        aggregate('max', [n], { filter }),
        aggregate('count', [n], { distinct: true }),
      ],
    );
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const key = JSON.stringify([row[0], row[1]]);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [row]);
      else known.push(row);
    }
    const expected = [...groups.values()].map((list): Row => {
      const known = list.map((row) => row[2]).filter((v) => v !== null) as number[];
      const positive = known.filter((v) => v > 0);
      return [
        list[0]![0]!,
        list[0]![1]!,
        list.length,
        known.length,
        known.length === 0 ? null : known.reduce((a, b) => a + b, 0),
        known.length === 0 ? null : Math.min(...known),
        positive.length === 0 ? null : Math.max(...positive),
        new Set(known).size,
      ];
    });
    assert.deepEqual(text(db.run(plan).rows), text(expected), `SEED=${seed} spread ${spread}`);
  }
});

test('grouping sets give NULL and GROUPING() where a key is left out', () => {
  const db = new TestDatabase();
  const input = values(
    ['int4', 'text'],
    [
      [1, 'a'],
      [1, 'b'],
      [2, 'a'],
      [null, 'a'],
    ],
  );
  const plan = group(
    input,
    [slot(0, 'int4'), slot(1, 'text')],
    [aggregate('count', [])],
    [[0, 1], [0], []],
    [[0, 1]],
  );
  assert.deepEqual(db.run(plan).rows, [
    [1, 'a', 1, 0],
    [1, 'b', 1, 0],
    [2, 'a', 1, 0],
    [null, 'a', 1, 0],
    [1, null, 2, 1],
    [2, null, 1, 1],
    [null, null, 1, 1],
    [null, null, 4, 3],
  ]);
});

test('keys are equal as their types say: NaN, -0, numeric scales, NULL', () => {
  const db = new TestDatabase();
  const floats = values(
    ['float8'],
    [[Number.NaN], [0], [-0], [Number.NaN], [null], [Number.MAX_VALUE], [null], [Number.POSITIVE_INFINITY]],
  );
  assert.deepEqual(db.run(group(floats, [slot(0, 'float8')], [aggregate('count', [])])).rows, [
    [Number.NaN, 2],
    [0, 2],
    [null, 2],
    [Number.MAX_VALUE, 1],
    [Number.POSITIVE_INFINITY, 1],
  ]);
  const numerics = values(
    ['numeric'],
    [
      [new Decimal(15, 1)],
      [new Decimal(150, 2)],
      [Decimal.nan],
      [new Decimal(2, 0)],
      [Decimal.nan],
      [new Decimal(15001, 4)],
    ],
  );
  assert.deepEqual(text(db.run(group(numerics, [slot(0, 'numeric')], [aggregate('count', [])])).rows), [
    '["1.5",2]',
    '["NaN",2]',
    '["2",1]',
    '["1.5001",1]',
  ]);
  const bigs = values(
    ['int8'],
    [[9223372036854775807n], [9007199254740991], [9223372036854775807n], [9223372036854775806n]],
  );
  assert.deepEqual(text(db.run(group(bigs, [slot(0, 'int8')], [aggregate('count', [])])).rows), [
    '["9223372036854775807",2]',
    '[9007199254740991,1]',
    '["9223372036854775806",1]',
  ]);
});

test('set operations with and without ALL', () => {
  const db = new TestDatabase();
  const a = [1, 1, 2, null, 3, 3, 3].map((v) => [v]);
  const b = [3, 1, null, null, 4, 3].map((v) => [v]);
  const run = (op: SetOpNode['op'], all: boolean): unknown[] =>
    db
      .run({
        kind: 'setOp',
        id: nextNodeId(),
        op,
        all,
        inputs: [values(['int4'], a), values(['int4'], b)],
        slots: slotsOfTypes(['int4']),
      })
      .rows.map((row) => row[0]);
  assert.deepEqual(
    run('union', true),
    [...a, ...b].map((row) => row[0]),
  );
  assert.deepEqual(run('union', false), [1, 2, null, 3, 4]);
  assert.deepEqual(run('intersect', false), [1, null, 3]);
  assert.deepEqual(run('intersect', true), [1, null, 3, 3]);
  assert.deepEqual(run('except', false), [2]);
  assert.deepEqual(run('except', true), [1, 2, 3]);
});

test('recursive WITH counts and stops at repeats', () => {
  const db = new TestDatabase();
  const slots = slotsOfTypes(['int4']);
  const work: PhysicalNode = {
    kind: 'cteScan',
    id: nextNodeId(),
    slots,
    cteId: 1,
    isWorkTable: true,
    columns: [0],
  };
  const step = op('%', op('+', slot(0, 'int4'), constant(1, 'int4')), constant(5, 'int4'));
  const term: PhysicalNode = { kind: 'project', id: nextNodeId(), slots, input: work, exprs: [step] };
  const body: PhysicalNode = {
    kind: 'cteScan',
    id: nextNodeId(),
    slots,
    cteId: 1,
    isWorkTable: false,
    columns: [0],
  };
  const definition = {
    cteId: 1,
    name: 'n',
    plan: values(['int4'], [[2]]),
    recursive: { term, all: false },
    run: 'lazy',
  } as const;
  assert.deepEqual(
    db
      .run({ kind: 'with', id: nextNodeId(), slots, definitions: [definition], body })
      .rows.map((row) => row[0]),
    [2, 3, 4, 0, 1],
  );
});

test('subqueries in expressions: scalar, EXISTS, IN with NULLs, correlated', () => {
  const db = new TestDatabase();
  const inner = values(['int4'], [[1], [2], [null]]);
  const outer: Expr = { kind: 'outer', index: 0, type: type('int4'), typmod: -1, location: -1 };
  const below: PhysicalNode = {
    kind: 'filter',
    id: nextNodeId(),
    slots: inner.slots,
    input: inner,
    predicate: op('<', slot(0, 'int4'), outer),
  };
  let id = 500;
  const subquery = (mode: SubqueryExpr['mode'], root: PhysicalNode, extra: Partial<SubqueryExpr>): Expr => ({
    kind: 'subquery',
    mode,
    plan: {
      kind: 'subplan',
      id: id++,
      root,
      outer: (extra.outer ?? []).map((e) => ({ type: e.type, typmod: -1 })),
      memo: true,
    },
    outer: [],
    left: [],
    ops: [],
    rowOp: null,
    negated: false,
    type: type(mode === 'scalar' ? 'int4' : 'bool'),
    typmod: -1,
    location: -1,
    ...extra,
  });
  const equals = op('=', slot(0, 'int4'), slot(0, 'int4'));
  const ops = equals.kind === 'call' ? [equals.fn] : [];
  const exprs = [
    subquery('any', inner, { left: [slot(0, 'int4')], ops }),
    subquery('any', inner, { left: [slot(0, 'int4')], ops, negated: true }),
    subquery('exists', below, { outer: [slot(0, 'int4')] }),
    subquery('scalar', group(below, [], [aggregate('max', [slot(0, 'int4')])]), { outer: [slot(0, 'int4')] }),
  ];
  const plan: PhysicalNode = {
    kind: 'project',
    id: nextNodeId(),
    slots: slotsOfTypes(['bool', 'bool', 'bool', 'int4']),
    input: values(['int4'], [[1], [2], [3], [null]]),
    exprs,
  };
  assert.deepEqual(db.run(plan).rows, [
    [true, false, false, null],
    [true, false, true, 1],
    [null, null, true, 2],
    [null, null, false, null],
  ]);
  const many = subquery('scalar', inner, {});
  assert.throws(
    () =>
      db.run({
        kind: 'project',
        id: nextNodeId(),
        slots: slotsOfTypes(['int4']),
        input: values([], [[]]),
        exprs: [many],
      }),
    { code: '21000' },
  );
});

test('limits, offsets, ties and top-N agree with a sort', () => {
  const seed = testSeed();
  const next = random(seed);
  const db = new TestDatabase();
  const rows = Array.from(
    { length: 9000 },
    (_, i): Row => [next() < 0.05 ? null : Math.floor(next() * 300), i],
  );
  const input = values(['int4', 'int4'], rows);
  for (const descending of [false, true]) {
    for (const nullsFirst of [false, true]) {
      const keys = [
        { expr: slot(0, 'int4'), descending, nullsFirst },
        { expr: slot(1, 'int4'), descending: false, nullsFirst: false },
      ];
      const slots = input.slots;
      const full = db.run({ kind: 'sort', id: nextNodeId(), slots, input, keys, presorted: 0 }).rows;
      const top = db.run({
        kind: 'topN',
        id: nextNodeId(),
        slots,
        input,
        keys,
        count: constant(50, 'int8'),
        offset: constant(7, 'int8'),
      }).rows;
      assert.deepEqual(top, full.slice(7, 57), `SEED=${seed}`);
      const sort: PhysicalNode = { kind: 'sort', id: nextNodeId(), slots, input, keys, presorted: 0 };
      const tied = db.run({
        kind: 'limit',
        id: nextNodeId(),
        slots,
        input: sort,
        count: constant(10, 'int8'),
        offset: null,
        ties: [keys[0]!],
      }).rows;
      const last = full[9]![0]!;
      assert.deepEqual(tied, full.filter((row, i) => i < 10 || row[0] === last).slice(0, tied.length));
      assert.ok(full[tied.length]![0] !== last);
    }
  }
  const negative: PhysicalNode = {
    kind: 'limit',
    id: nextNodeId(),
    slots: input.slots,
    input,
    count: constant(-1, 'int8'),
    offset: null,
    ties: null,
  };
  assert.throws(() => db.run(negative), { code: '2201W' });
});

test('groups of sorted rows leave as they end', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE g (id int PRIMARY KEY, a int, b text);
    INSERT INTO g SELECT i, CASE WHEN i % 19 = 0 THEN NULL WHEN i % 5 = 0 THEN 1500 ELSE i * 7919 % 3001 END, 'b' || i % 7
    FROM generate_series(1, 9000) i;
    CREATE INDEX ON g (a, b); ANALYZE`);
  const off = 'SET "optimizer.rule.sorted_aggregate" = off';
  for (const keys of ['a', 'a, b', 'id'])
    for (const limit of ['', ' LIMIT 5', ' LIMIT 400 OFFSET 1300'])
      for (const memory of ['256MB', '64kB']) {
        const sql = `SELECT ${keys}, count(*), sum(id), count(DISTINCT b), string_agg(b, '' ORDER BY id DESC) FROM g GROUP BY ${keys} ORDER BY ${keys}${limit}`;
        db.exec(`SET work_mem = '${memory}'`);
        assert.match(db.prepare(`EXPLAIN ${sql}`).values().flat().join('\n'), /GroupAggregate/, sql);
        const got = db.prepare(sql).values();
        db.exec(off);
        assert.deepEqual(got, db.prepare(sql).values(), sql);
        db.exec('RESET ALL');
      }
});

test('the least float is a key like any other, also where it comes first', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, f float8);
    INSERT INTO t VALUES (1, '-Infinity'), (2, '-Infinity'), (3, 0), (4, '-Infinity'), (5, 'NaN'), (6, NULL)`);
  const all = (sql: string): unknown => db.prepare(sql).values();
  assert.deepEqual(all('SELECT f, count(*), sum(id) FROM t GROUP BY f'), [
    [-Infinity, 3, 7],
    [0, 1, 3],
    [NaN, 1, 5],
    [null, 1, 6],
  ]);
  assert.deepEqual(all('SELECT DISTINCT f FROM t'), [[-Infinity], [0], [NaN], [null]]);
  assert.deepEqual(all('SELECT count(*) FROM t a JOIN t b ON a.f = b.f'), [[11]]);
  assert.deepEqual(all('SELECT f FROM t INTERSECT SELECT f FROM t WHERE f < 0'), [[-Infinity]]);
});
