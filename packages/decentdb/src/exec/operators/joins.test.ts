/** Every join operator against a join written with two loops. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';
import type { Datum } from '../../types/vector.ts';
import { op, random, slot, testSeed } from '../expr.test.kit.ts';
import type { Expr } from '../expr.ts';
import type { HashJoinNode, JoinKind, PhysicalNode, SortNode } from '../physical.ts';
import { nextNodeId, scan, slotsOfTypes, TestDatabase, values } from '../table.test.kit.ts';

const names = ['int4', 'text'];
type Row = readonly Datum[];

function randomRows(next: () => number, count: number): Row[] {
  return Array.from({ length: count }, () => [
    next() < 0.15 ? null : Math.floor(next() * 12),
    next() < 0.1 ? null : `t${Math.floor(next() * 5)}`,
  ]);
}

/** Left rows joined by `matches`: true, false or null (unknown). */
function naive(
  join: JoinKind,
  left: readonly Row[],
  right: readonly Row[],
  matches: (l: Row, r: Row) => boolean | null,
): Row[] {
  const out: Row[] = [];
  const used = new Set<number>();
  for (const l of left) {
    const found = right.flatMap((r, i) => (matches(l, r) === true ? [i] : []));
    for (const i of found) used.add(i);
    const isUnknown = right.some((r) => matches(l, r) === null);
    if (join === 'semi' ? found.length > 0 : join === 'anti' && found.length === 0) out.push(l);
    else if (join === 'mark') out.push([...l, found.length > 0 ? true : isUnknown ? null : false]);
    else if (join !== 'semi' && join !== 'anti') {
      for (const i of found) out.push([...l, ...right[i]!]);
      if (found.length === 0 && join !== 'inner' && join !== 'right') out.push([...l, null, null]);
    }
  }
  if (join === 'right' || join === 'full')
    right.forEach((r, i) => !used.has(i) && out.push([null, null, ...r]));
  return out;
}

const sorted = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

function outputSlots(join: JoinKind) {
  if (join === 'semi' || join === 'anti') return slotsOfTypes(names);
  return slotsOfTypes(join === 'mark' ? [...names, 'bool'] : [...names, ...names]);
}

const residual: Expr = op('<=', slot(1, 'text'), slot(3, 'text'));
const residualOf = (l: Row, r: Row): boolean | null =>
  l[1] === null || r[1] === null ? null : (l[1] as string) <= (r[1] as string);
const equal = (l: Row, r: Row): boolean | null => (l[0] === null || r[0] === null ? null : l[0] === r[0]);
const both = (l: Row, r: Row): boolean | null => {
  const [a, b] = [equal(l, r), residualOf(l, r)];
  return a === false || b === false ? false : a === null || b === null ? null : true;
};

function sortedInput(input: PhysicalNode): SortNode {
  const keys = [{ expr: slot(0, 'int4'), descending: false, nullsFirst: false }];
  return { kind: 'sort', id: nextNodeId(), slots: input.slots, input, keys, presorted: 0 };
}

test('hash, merge and nested loop joins of every kind', () => {
  const seed = testSeed();
  const next = random(seed);
  const db = new TestDatabase();
  const kinds: JoinKind[] = ['inner', 'left', 'right', 'full', 'semi', 'anti', 'mark'];
  for (let round = 0; round < 12; round++) {
    const left = randomRows(next, Math.floor(next() * 30));
    const right = randomRows(next, Math.floor(next() * 30));
    for (const join of kinds) {
      for (const hasResidual of [false, true]) {
        const base = {
          join,
          left: values(names, left),
          right: values(names, right),
          slots: outputSlots(join),
        };
        const keys = { leftKeys: [slot(0, 'int4')], rightKeys: [slot(0, 'int4')] };
        const expected = sorted(naive(join, left, right, hasResidual ? both : equal));
        const equals = op('=', slot(0, 'int4'), slot(2, 'int4'));
        const condition: Expr = hasResidual
          ? { kind: 'and', args: [equals, residual], type: equals.type, typmod: -1, location: -1 }
          : equals;
        const message = `${join} residual ${hasResidual} SEED=${seed} round ${round}`;
        const loop: PhysicalNode = { kind: 'nestedLoop', id: nextNodeId(), ...base, condition };
        const looped = db.run(loop).rows;
        assert.deepEqual(sorted(looped), expected, `nested loop ${message}`);
        const isOrdered = join !== 'right' && join !== 'full';
        if (isOrdered) {
          const model = naive(join, left, right, hasResidual ? both : equal);
          assert.deepEqual(looped, model, `order of nested loop ${message}`);
        }
        // A null-aware mark cannot have a residual; without null-awareness the unknown is false.
        const hashExpected =
          join === 'mark' && hasResidual
            ? expected.map((row) => row.replace(/null\]$/, 'false]')).sort()
            : expected;
        for (const build of ['right', 'left'] as const) {
          if (build === 'left' && join === 'mark') continue;
          const hash: HashJoinNode = {
            kind: 'hashJoin',
            id: nextNodeId(),
            ...base,
            ...keys,
            build,
            residual: hasResidual ? residual : null,
            ...(join === 'mark' && hasResidual ? { nullAware: false } : {}),
          };
          assert.deepEqual(sorted(db.run(hash).rows), hashExpected, `hash build ${build} ${message}`);
        }
        if (join === 'mark') continue;
        const merge: PhysicalNode = {
          kind: 'mergeJoin',
          id: nextNodeId(),
          ...base,
          left: sortedInput(base.left),
          right: sortedInput(base.right),
          ...keys,
          order: [{ descending: false, nullsFirst: false }],
          residual: hasResidual ? residual : null,
        };
        assert.deepEqual(sorted(db.run(merge).rows), expected, `merge ${message}`);
      }
    }
  }
});

test('large joins: unique and repeated keys, filters above, all matched', () => {
  const db = new TestDatabase();
  const left = Array.from({ length: 2500 }, (_, i): Row => [i % 350, `l${i}`]);
  const right = Array.from({ length: 500 }, (_, i): Row => [i, `r${i}`]);
  const twice = [...right, ...right];
  for (const [rights, build] of [
    [right, 'right'],
    [twice, 'right'],
    [right, 'left'],
  ] as const) {
    for (const join of ['inner', 'left', 'full'] as const) {
      const hash: PhysicalNode = {
        kind: 'hashJoin',
        id: nextNodeId(),
        join,
        left: values(names, left),
        right: values(names, rights),
        slots: outputSlots(join),
        leftKeys: [slot(0, 'int4')],
        rightKeys: [slot(0, 'int4')],
        build,
        residual: null,
      };
      assert.deepEqual(
        sorted(db.run(hash).rows),
        sorted(naive(join, left, rights, equal)),
        `${join} ${build}`,
      );
    }
  }
});

test('NOT IN: a NULL on either side makes the answer unknown', () => {
  const db = new TestDatabase();
  const run = (left: readonly Row[], right: readonly Row[]): Row[] =>
    db.run({
      kind: 'hashJoin',
      id: nextNodeId(),
      join: 'anti',
      left: values(['int4'], left),
      right: values(['int4'], right),
      slots: slotsOfTypes(['int4']),
      leftKeys: [slot(0, 'int4')],
      rightKeys: [slot(0, 'int4')],
      build: 'right',
      residual: null,
      nullAware: true,
    }).rows;
  assert.deepEqual(run([[1], [2], [null]], [[1]]), [[2]]);
  assert.deepEqual(run([[1], [2], [null]], [[1], [null]]), []);
  assert.deepEqual(run([[1], [null]], []), [[1], [null]]);
});

test('index joins by row id and by index', () => {
  const seed = testSeed();
  const next = random(seed);
  const db = new TestDatabase();
  const target = db.table(
    'r',
    [
      { name: 'a', type: 'int4' },
      { name: 'b', type: 'text' },
    ],
    {
      indexes: [
        { name: 'r_a', columns: [0] },
        { name: 'r_ab', columns: [0, 1], descending: true },
      ],
    },
  );
  const right = randomRows(next, 200);
  const left = randomRows(next, 40);
  db.insert(target, right);
  for (const join of ['inner', 'left', 'semi', 'anti'] as const) {
    for (const { index } of target.indexes) {
      for (const indexOnly of index.name === 'r_ab' ? [false, true] : [false]) {
        const node: PhysicalNode = {
          kind: 'indexJoin',
          id: nextNodeId(),
          join,
          left: values(names, left),
          slots: outputSlots(join),
          table: target.table,
          index,
          indexOnly,
          keys: [slot(0, 'int4')],
          range: null,
          columns: [0, 1],
          residual,
        };
        assert.deepEqual(
          sorted(db.run(node).rows),
          sorted(naive(join, left, right, both)),
          `${join} ${index.name} SEED=${seed}`,
        );
      }
    }
  }
  assert.equal(db.run(scan(target.table)).rows.length, 200);
});

test('apply runs the right side for each left row, once per value with memo', () => {
  const db = new TestDatabase();
  const left = [
    [1, 'a'],
    [2, 'b'],
    [1, 'c'],
    [null, 'd'],
  ] as const;
  const right = Array.from({ length: 3 }, (_, i): Row => [i, `r${i}`]);
  const filter: Expr = op('>=', slot(0, 'int4'), {
    kind: 'outer',
    index: 0,
    type: slot(0, 'int4').type,
    typmod: -1,
    location: -1,
  });
  for (const memo of [false, true]) {
    for (const join of ['inner', 'left', 'semi', 'anti'] as const) {
      const node: PhysicalNode = {
        kind: 'apply',
        id: nextNodeId(),
        join,
        left: values(names, left),
        right: {
          kind: 'filter',
          id: nextNodeId(),
          slots: slotsOfTypes(names),
          input: values(names, right),
          predicate: filter,
        },
        outer: [slot(0, 'int4')],
        condition: null,
        memo,
        slots: outputSlots(join),
      };
      const matches = (l: Row, r: Row): boolean | null =>
        l[0] === null ? null : (r[0] as number) >= (l[0] as number);
      assert.deepEqual(
        sorted(db.run(node).rows),
        sorted(naive(join, left, right, matches)),
        `${join} memo ${memo}`,
      );
    }
  }
});

test('merge joins of inputs of many batches keep the rows they need alone', () => {
  const next = random(testSeed());
  using db = openSync(':memory:');
  db.exec('CREATE TABLE a (id int, k int, v int); CREATE TABLE b (id int, k int, v int)');
  for (const [name, count] of [
    ['a', 5000],
    ['b', 9000],
  ] as const) {
    const insert = db.prepare(`INSERT INTO ${name} VALUES ($1, $2, $3)`);
    db.exec('BEGIN');
    for (let id = 0; id < count; id++) {
      const k = next() < 0.03 ? null : next() < 0.04 ? 4000 : Math.floor(next() * 6000);
      insert.run(id, k, Math.floor(next() * 900));
    }
    db.exec(`COMMIT; CREATE INDEX ON ${name} (k, id, v)`);
  }
  db.exec('ANALYZE');
  const outcome = (sql: string, settings: string): unknown => {
    db.exec(settings);
    const rows = db.prepare(sql).values();
    db.exec('RESET ALL');
    return rows;
  };
  for (const join of ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN']) {
    const sql = `SELECT count(*), sum(a.id), sum(b.id), sum(a.id % 7 * (b.id % 11)) FROM a ${join} b ON a.k = b.k AND a.v > b.v + 300`;
    const merge = 'SET enable_hashjoin = off; SET "optimizer.rule.index_join" = off';
    db.exec(merge);
    const plan = db.prepare(`EXPLAIN ${sql}`).values().flat().join('\n');
    assert.match(plan, /Merge/, plan);
    assert.deepEqual(outcome(sql, merge), outcome(sql, 'SET enable_mergejoin = off'), join);
  }
});

test('texts of a merge join are grouped right though the rows it keeps change', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE a (id int PRIMARY KEY, v int); CREATE TABLE b (id int PRIMARY KEY, t text);
    INSERT INTO a SELECT i, i % 7 FROM generate_series(1, 6000) i WHERE i % 11 <> 3;
    INSERT INTO b SELECT i, 'text ' || i % 700 FROM generate_series(1, 5000) i;
    ANALYZE;
    SET enable_hashjoin = off; SET "optimizer.rule.index_join" = off; SET "optimizer.rule.eager_aggregation" = off`);
  const sql = 'SELECT b.t, count(*), sum(a.v) FROM a JOIN b ON a.id = b.id GROUP BY b.t ORDER BY b.t';
  assert.match(db.prepare(`EXPLAIN ${sql}`).values().flat().join('\n'), /Merge Join/);
  const merged = db.prepare(sql).values();
  db.exec('RESET ALL; SET enable_mergejoin = off');
  assert.deepEqual(merged, db.prepare(sql).values());
});
