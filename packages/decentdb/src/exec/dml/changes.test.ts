/** INSERT, UPDATE, DELETE, ON CONFLICT and constraints over real trees. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Datum } from '../../types/vector.ts';
import { constant, op, random, slot, testSeed } from '../expr.test.kit.ts';
import type { WriteTarget } from '../physical.ts';
import { deleteNode, scan, TestDatabase, updateNode } from '../table.test.kit.ts';

const people = [
  { name: 'id', type: 'int4', notNull: true },
  { name: 'email', type: 'text' },
  { name: 'age', type: 'int4' },
] as const;

function peopleTable(db: TestDatabase): WriteTarget {
  return db.table('people', people, {
    rowIdColumn: 0,
    indexes: [
      { name: 'people_email_key', columns: [1], unique: true },
      { name: 'people_age', columns: [2], descending: true },
    ],
    checks: [{ name: 'people_age_check', expr: op('>=', slot(2, 'int4'), constant(0, 'int4')) }],
  });
}

const indexOf = (target: WriteTarget, name: string) =>
  target.indexes.find((one) => one.index.name === name)!.index;

test('inserts are visible by table, index and index alone', () => {
  const db = new TestDatabase();
  const target = peopleTable(db);
  db.insert(target, [
    [1, 'a@x', 30],
    [3, null, null],
    [2, 'b@x', 30],
  ]);
  assert.deepEqual(db.all(target), [
    [1, 'a@x', 30],
    [2, 'b@x', 30],
    [3, null, null],
  ]);
  const index = indexOf(target, 'people_age');
  const byAge = scan(target.table, {
    path: 'index',
    index,
    ordered: true,
    ranges: [{ prefix: [{ kind: 'equal', expr: constant(30, 'int4') }], range: null }],
  });
  assert.deepEqual(
    db.run(byAge).rows.map((row) => row[0]),
    [1, 2],
  );
  const nulls = scan(target.table, {
    path: 'index',
    index,
    ranges: [{ prefix: [{ kind: 'isNull' }], range: null }],
  });
  assert.deepEqual(db.run(nulls).rows, [[3, null, null]]);
  const known = scan(target.table, {
    path: 'indexOnly',
    index,
    columns: [2, -1],
    direction: 'backward',
    ordered: true,
    ranges: [{ prefix: [], range: { lower: null, upper: null } }],
  });
  assert.deepEqual(db.run(known).rows, [
    [30, 2],
    [30, 1],
  ]);
  db.verify(target);
});

test('constraints fail with PostgreSQL words and leave the row out', () => {
  const db = new TestDatabase();
  const target = peopleTable(db);
  db.insert(target, [[1, 'a@x', 30]]);
  assert.throws(() => db.insert(target, [[1, 'c@x', 1]]), {
    code: '23505',
    message: 'duplicate key value violates unique constraint "people_pkey"',
    detail: 'Key (id)=(1) already exists.',
  });
  assert.throws(() => db.insert(target, [[2, 'a@x', 1]]), {
    code: '23505',
    constraint: 'people_email_key',
    detail: 'Key (email)=(a@x) already exists.',
  });
  assert.throws(() => db.insert(target, [[null, 'b@x', 1]]), {
    code: '23502',
    column: 'id',
    detail: 'Failing row contains (null, b@x, 1).',
  });
  assert.throws(() => db.insert(target, [[2, 'b@x', -1]]), {
    code: '23514',
    message: 'new row for relation "people" violates check constraint "people_age_check"',
    detail: 'Failing row contains (2, b@x, -1).',
  });
  // The unique violation of the second row comes before the check of the third.
  assert.throws(
    () =>
      db.insert(target, [
        [5, 'e@x', 1],
        [6, 'e@x', 1],
        [7, 'f@x', -5],
      ]),
    { code: '23505' },
  );
  db.verify(target);
});

test('row ids are given out after the largest, also after explicit ones', () => {
  const db = new TestDatabase();
  const target = peopleTable(db);
  const auto = (email: string) => ({ values: [null, slot(1, 'text'), slot(2, 'int4')], email });
  db.insert(target, [[0, 'a', 1]], { values: auto('a').values });
  db.insert(target, [[41, 'b', 1]]);
  db.insert(
    target,
    [
      [0, 'c', 1],
      [0, 'd', 1],
    ],
    { values: auto('c').values },
  );
  db.run(deleteNode(target, op('=', slot(1, 'int4'), constant(43, 'int4'))));
  db.insert(target, [[0, 'e', 1]], { values: auto('e').values });
  assert.deepEqual(
    db.all(target).map((row) => row[0]),
    [1, 41, 42, 44],
  );
});

test('RETURNING shows new and old values', () => {
  const db = new TestDatabase();
  const target = peopleTable(db);
  const inserted = db.insert(
    target,
    [
      [1, 'a@x', 30],
      [2, 'b@x', 40],
    ],
    { returning: [slot(0, 'int4'), slot(3, 'int4')] },
  );
  assert.deepEqual(inserted, {
    rows: [
      [1, 1],
      [2, 2],
    ],
    affected: 2,
  });
  const older = [{ column: 2, expr: op('+', slot(3, 'int4'), constant(1, 'int4')) }];
  const updated = db.run(
    updateNode(target, older, null, [slot(0, 'int4'), slot(2, 'int4'), slot(6, 'int4')]),
  );
  assert.deepEqual(updated, {
    rows: [
      [1, 31, 30],
      [2, 41, 40],
    ],
    affected: 2,
  });
  db.verify(target);
});

test('updates move index entries and primary keys, row by row', () => {
  const db = new TestDatabase();
  const target = peopleTable(db);
  db.insert(target, [
    [1, 'a', 1],
    [2, 'b', 2],
    [3, 'c', 3],
  ]);
  const plus = (by: number) => [{ column: 0, expr: op('+', slot(1, 'int4'), constant(by, 'int4')) }];
  assert.throws(() => db.run(updateNode(target, plus(1))), {
    code: '23505',
    detail: 'Key (id)=(2) already exists.',
  });
  db.run(updateNode(target, plus(10)));
  assert.deepEqual(
    db.all(target).map((row) => row[0]),
    [11, 12, 13],
  );
  const rename = [{ column: 1, expr: op('||', slot(2, 'text'), constant('!', 'text')) }];
  assert.equal(
    db.run(updateNode(target, rename, op('>', slot(1, 'int4'), constant(11, 'int4')))).affected,
    2,
  );
  const email = indexOf(target, 'people_email_key');
  const emails = scan(target.table, { path: 'indexOnly', index: email, columns: [1, -1], ordered: true });
  assert.deepEqual(db.run(emails).rows, [
    ['a', 11],
    ['b!', 12],
    ['c!', 13],
  ]);
  db.verify(target);
});

test('INSERT from its own table does not meet its own rows', () => {
  const db = new TestDatabase();
  const target = db.table('t', [{ name: 'a', type: 'int4' }]);
  db.insert(
    target,
    Array.from({ length: 3000 }, (_, i) => [i]),
  );
  const again = db.insert(target, [], { input: scan(target.table), values: [slot(0, 'int4')] });
  assert.equal(again.affected, 3000);
  assert.equal(db.all(target).length, 6000);
});

test('ON CONFLICT: nothing, update, and never the same row twice', () => {
  const db = new TestDatabase();
  const target = peopleTable(db);
  db.insert(target, [[1, 'a', 1]]);
  const nothing = { action: 'nothing', arbiters: [], set: [], where: null } as const;
  assert.equal(
    db.insert(
      target,
      [
        [1, 'z', 1],
        [2, 'a', 1],
        [3, 'c', 3],
      ],
      { onConflict: nothing },
    ).affected,
    1,
  );
  const emailId = indexOf(target, 'people_email_key').id;
  const onlyEmail = { ...nothing, arbiters: [emailId] };
  assert.throws(() => db.insert(target, [[1, 'new', 1]], { onConflict: onlyEmail }), {
    constraint: 'people_pkey',
  });
  // SET age = people.age + excluded.age: excluded is slots 0..3, the existing row 4..7.
  const update = {
    action: 'update',
    arbiters: [emailId],
    set: [{ column: 2, expr: op('+', slot(6, 'int4'), slot(2, 'int4')) }],
    where: op('<', slot(2, 'int4'), constant(100, 'int4')),
  } as const;
  const result = db.insert(
    target,
    [
      [9, 'a', 5],
      [10, 'n', 7],
      [11, 'c', 200],
    ],
    {
      onConflict: update,
      returning: [slot(0, 'int4'), slot(2, 'int4')],
    },
  );
  assert.deepEqual(result, {
    rows: [
      [1, 6],
      [10, 7],
    ],
    affected: 2,
  });
  assert.throws(
    () =>
      db.insert(
        target,
        [
          [20, 'q', 1],
          [21, 'q', 1],
        ],
        { onConflict: update },
      ),
    { code: '21000' },
  );
  db.verify(target);
});

test('random changes keep indexes and table alike', () => {
  const seed = testSeed();
  const next = random(seed);
  const db = new TestDatabase();
  const target = db.table(
    't',
    [
      { name: 'k', type: 'int4', notNull: true },
      { name: 'v', type: 'text' },
      { name: 'n', type: 'int4' },
    ],
    {
      rowIdColumn: 0,
      indexes: [
        { name: 'by_v', columns: [1, 2] },
        { name: 'by_n', columns: [2], unique: true, include: [1] },
        { name: 'some', columns: [1], predicate: op('>', slot(2, 'int4'), constant(500, 'int4')) },
      ],
    },
  );
  const model = new Map<number, Datum[]>();
  for (let step = 0; step < 250; step++) {
    const k = Math.floor(next() * 60);
    const n = next() < 0.2 ? null : Math.floor(next() * 1000);
    const v = next() < 0.1 ? null : `v${Math.floor(next() * 10)}`;
    const isTaken = (except: number) =>
      n !== null && [...model.values()].some((row) => row[2] === n && row[0] !== except);
    const where = op('=', slot(1, 'int4'), constant(k, 'int4'));
    const message = `SEED=${seed} step ${step}`;
    if (next() < 0.5) {
      const bad = model.has(k) || isTaken(k);
      if (bad) assert.throws(() => db.insert(target, [[k, v, n]]), { code: '23505' }, message);
      else {
        db.insert(target, [[k, v, n]]);
        model.set(k, [k, v, n]);
      }
    } else if (next() < 0.6) {
      const set = [
        { column: 1, expr: constant(v, 'text') },
        { column: 2, expr: constant(n, 'int4') },
      ];
      if (model.has(k) && isTaken(k))
        assert.throws(() => db.run(updateNode(target, set, where)), { code: '23505' }, message);
      else {
        db.run(updateNode(target, set, where));
        if (model.has(k)) model.set(k, [k, v, n]);
      }
    } else {
      db.run(deleteNode(target, where));
      model.delete(k);
    }
  }
  const rows = [...model.values()].sort((a, b) => (a[0] as number) - (b[0] as number));
  assert.deepEqual(db.all(target), rows, `SEED=${seed}`);
  for (const { index } of target.indexes) {
    const entries = db.run(scan(target.table, { path: 'index', index })).rows;
    const expected =
      index.name === 'some' ? rows.filter((row) => row[2] !== null && (row[2] as number) > 500) : rows;
    assert.deepEqual(entries, expected, `${index.name}, SEED=${seed}`);
  }
  db.verify(target);
});
