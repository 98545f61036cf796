/** Single-row paths against the operators they stand for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultJsOptions } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { constant, op, param, random, slot, testEval, testSeed } from '../expr.test.kit.ts';
import type { PhysicalNode, PhysicalPlan, ScanNode, WriteTarget } from '../physical.ts';
import { deleteNode, insertNode, scan, TestDatabase, updateNode } from '../table.test.kit.ts';
import { pointDeleteOf, pointUpdateOf } from './point-change.ts';
import { pointInsertOf } from './point-insert.ts';
import { pointReadOf } from './point-read.ts';

const plan = (root: PhysicalNode): PhysicalPlan => ({
  root,
  paramTypes: [],
  idCount: 1000,
  command: 'SELECT',
  isReadOnly: false,
});

function table(db: TestDatabase, rowIdColumn: number): WriteTarget {
  return db.table(
    't',
    [
      { name: 'id', type: 'int4', notNull: true },
      { name: 'name', type: 'text' },
      { name: 'n', type: 'int4', notNull: true },
    ],
    {
      rowIdColumn,
      indexes: [
        { name: 't_id', columns: [0], unique: true },
        { name: 't_name', columns: [1] },
        { name: 't_some', columns: [2], predicate: op('>', slot(2, 'int4'), constant(50, 'int4')) },
      ],
      checks: [{ name: 't_n', expr: op('<', slot(2, 'int4'), constant(90, 'int4')) }],
    },
  );
}

/** The scan of one row by `$1`: by row id, or through the unique index when the row id is hidden. */
function byKey(target: WriteTarget, columns: readonly number[]): ScanNode {
  const isRowId = target.table.rowIdColumn >= 0;
  return scan(target.table, {
    columns,
    path: isRowId ? 'table' : 'index',
    index: isRowId ? null : target.table.indexes[0]!,
    ranges: [{ prefix: [{ kind: 'equal', expr: param(0, 'int4') }], range: null }],
  });
}

for (const rowIdColumn of [0, -1]) {
  test(`point reads, inserts, updates and deletes agree with plans (row id column ${rowIdColumn})`, () => {
    const seed = testSeed();
    const next = random(seed);
    const short = new TestDatabase();
    const long = new TestDatabase();
    const [a, b] = [table(short, rowIdColumn), table(long, rowIdColumn)];
    const row = [param(0, 'int4'), param(1, 'text'), param(2, 'int4')];
    const insert = (target: WriteTarget): PhysicalPlan => {
      const node = insertNode(target, []);
      return plan({ ...node, input: { ...node.input, kind: 'values', rows: [row] } as never });
    };
    const all = [-1, 0, 1, 2];
    const set = [
      { column: 1, expr: param(1, 'text') },
      { column: 2, expr: op('+', slot(3, 'int4'), param(2, 'int4')) },
    ];
    const update = (target: WriteTarget) => plan({ ...updateNode(target, set), input: byKey(target, all) });
    const remove = (target: WriteTarget) => plan({ ...deleteNode(target), input: byKey(target, all) });
    const names = ['id', 'name', 'n'].map((name, i) => ({ name, type: a.table.columns[i]!.type }));
    const read = pointReadOf(plan(byKey(a, [0, 1, 2])), names, defaultJsOptions, testEval);
    const [doInsert, doUpdate, doDelete] = [
      pointInsertOf(insert(a), testEval),
      pointUpdateOf(update(a), testEval),
      pointDeleteOf(remove(a), () => a, testEval),
    ];
    assert.ok(read !== null && doInsert !== null && doUpdate !== null && doDelete !== null);
    for (let step = 0; step < 300; step++) {
      const params: Datum[] = [
        Math.floor(next() * 25),
        next() < 0.2 ? null : `v${Math.floor(next() * 4)}`,
        next() < 0.1 ? null : Math.floor(next() * 60),
      ];
      const roll = next();
      const outcome = (run: () => unknown): unknown => {
        try {
          return run();
        } catch (error) {
          return `${(error as { code: string }).code} ${(error as Error).message} ${(error as { detail?: string }).detail}`;
        }
      };
      const root = roll < 0.5 ? insert(b) : roll < 0.8 ? update(b) : remove(b);
      const expected = outcome(() => long.run(root.root, { params }).affected);
      const actual = outcome(() => {
        if (roll < 0.5) return doInsert.run(short.view, params, short.services);
        return roll < 0.8
          ? doUpdate.run(short.view, params, short.services)
          : doDelete.run(short.view, params, short.services);
      });
      assert.deepEqual(actual, expected, `SEED=${seed} step ${step}`);
      const found = short.run(byKey(a, [0, 1, 2]), { params }).rows[0];
      const object = found === undefined ? undefined : { id: found[0], name: found[1], n: found[2] };
      assert.deepEqual(read.object(short.view, params), object);
      assert.deepEqual(read.array(short.view, params), found);
    }
    assert.deepEqual(short.all(a), long.all(b));
    a.indexes.forEach(({ index }, i) => {
      const entries = short.run(scan(a.table, { path: 'index', index })).rows;
      assert.deepEqual(entries, long.run(scan(b.table, { path: 'index', index: b.indexes[i]!.index })).rows);
    });
    short.verify(a);
  });
}

test('what is not a single row is left to the operators', () => {
  const db = new TestDatabase();
  const target = table(db, 0);
  const names = [{ name: 'id', type: target.table.columns[0]!.type }];
  assert.equal(
    pointReadOf(plan(scan(target.table, { columns: [0] })), names, defaultJsOptions, testEval),
    null,
  );
  const filtered = { ...byKey(target, [0]), filter: op('>', slot(0, 'int4'), constant(1, 'int4')) };
  assert.equal(pointReadOf(plan(filtered), names, defaultJsOptions, testEval), null);
  const many = Array.from({ length: 40 }, (_, i) => [i, 'a', 1]);
  assert.equal(pointInsertOf(plan(insertNode(target, many)), testEval), null);
  const moves = [{ column: 0, expr: constant(5, 'int4') }];
  assert.equal(
    pointUpdateOf(plan({ ...updateNode(target, moves), input: byKey(target, [-1]) }), testEval),
    null,
  );
});
