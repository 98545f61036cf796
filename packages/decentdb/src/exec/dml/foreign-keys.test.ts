/** Foreign keys: checks, every action, self references, cycles, deferral. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ForeignKeyAction, ForeignKeyConstraint } from '../../catalog/schema.ts';
import { constant, op, slot, testContext } from '../expr.test.kit.ts';
import type { WriteTarget } from '../physical.ts';
import { deleteNode, TestDatabase, updateNode } from '../table.test.kit.ts';
import { runDeferredCheck } from './aftermath.ts';

interface Actions {
  readonly onDelete?: ForeignKeyAction;
  readonly onUpdate?: ForeignKeyAction;
  readonly deferrable?: boolean;
  readonly match?: 'simple' | 'full';
}
let id = 9000;

/** Ties child columns to the parent's and returns the constraint; both targets are updated in the database. */
function refer(
  db: TestDatabase,
  childId: number,
  columns: number[],
  parentId: number,
  targetColumns: number[],
  actions: Actions = {},
): ForeignKeyConstraint {
  const { onDelete = 'noAction', onUpdate = 'noAction', deferrable = false, match = 'simple' } = actions;
  const constraint: ForeignKeyConstraint = {
    kind: 'foreignKey',
    id: ++id,
    name: `fk_${id}`,
    columns,
    targetTableId: parentId,
    targetColumns,
    onDelete,
    onUpdate,
    deleteSetColumns: null,
    match,
    deferrable,
    initiallyDeferred: false,
    validated: true,
    comment: null,
  };
  const parentTable = db.targets.get(parentId)!.table;
  const child = db.targets.get(childId)!;
  db.targets.set(childId, {
    ...child,
    foreignKeys: [...child.foreignKeys, { constraint, target: parentTable }],
  });
  const parent = db.targets.get(parentId)!;
  db.targets.set(parentId, {
    ...parent,
    referencedBy: [...parent.referencedBy, { constraint, table: child.table }],
  });
  return constraint;
}

function setUp(
  actions: Actions = {},
  hasIndex = true,
): {
  db: TestDatabase;
  parent: () => WriteTarget;
  child: () => WriteTarget;
  constraint: ForeignKeyConstraint;
} {
  const db = new TestDatabase();
  const parent = db.table(
    'parent',
    [
      { name: 'id', type: 'int4', notNull: true },
      { name: 'code', type: 'text' },
    ],
    { rowIdColumn: 0, indexes: [{ name: 'parent_code', columns: [1], unique: true }] },
  );
  const child = db.table(
    'child',
    [
      { name: 'id', type: 'int4', notNull: true },
      { name: 'parent_id', type: 'int4' },
    ],
    { rowIdColumn: 0, indexes: hasIndex ? [{ name: 'child_parent', columns: [1] }] : [] },
  );
  const constraint = refer(db, child.table.id, [1], parent.table.id, [0], actions);
  return {
    db,
    parent: () => db.targets.get(parent.table.id)!,
    child: () => db.targets.get(child.table.id)!,
    constraint,
  };
}

const isId = (n: number) => op('=', slot(1, 'int4'), constant(n, 'int4'));
const setId = (n: number) => [{ column: 0, expr: constant(n, 'int4') }];

test('a key must have its parent; NULL refers to nothing', () => {
  const { db, parent, child } = setUp();
  db.insert(parent(), [[1, 'a']]);
  db.insert(child(), [
    [1, 1],
    [2, null],
  ]);
  assert.throws(() => db.insert(child(), [[3, 7]]), {
    code: '23503',
    message: /insert or update on table "child" violates foreign key constraint "fk_\d+"/,
    detail: 'Key (parent_id)=(7) is not present in table "parent".',
  });
  assert.throws(() => db.run(updateNode(child(), [{ column: 1, expr: constant(9, 'int4') }], isId(2))), {
    code: '23503',
  });
});

for (const hasIndex of [true, false]) {
  test(`actions of the parent's side, ${hasIndex ? 'with' : 'without'} an index on the child`, () => {
    const fill = (actions: Actions) => {
      const all = setUp(actions, hasIndex);
      all.db.insert(all.parent(), [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ]);
      all.db.insert(all.child(), [
        [10, 1],
        [11, 1],
        [12, 2],
        [13, null],
      ]);
      return all;
    };
    for (const [onDelete, code] of [
      ['noAction', '23503'],
      ['restrict', '23001'],
    ] as const) {
      const { db, parent } = fill({ onDelete });
      assert.throws(() => db.run(deleteNode(parent(), isId(1))), {
        code,
        detail: /Key \(id\)=\(1\) is (still )?referenced from table "child"\./,
      });
      const other = fill({ onDelete });
      other.db.run(deleteNode(other.parent(), isId(3)));
      assert.equal(other.db.all(other.parent()).length, 2);
    }
    const cascade = fill({ onDelete: 'cascade', onUpdate: 'cascade' });
    cascade.db.run(updateNode(cascade.parent(), setId(20), isId(2)));
    cascade.db.run(deleteNode(cascade.parent(), isId(1)));
    assert.deepEqual(cascade.db.all(cascade.child()), [
      [12, 20],
      [13, null],
    ]);
    const setNull = fill({ onDelete: 'setNull', onUpdate: 'setNull' });
    setNull.db.run(updateNode(setNull.parent(), setId(20), isId(2)));
    setNull.db.run(deleteNode(setNull.parent(), isId(1)));
    assert.deepEqual(setNull.db.all(setNull.child()), [
      [10, null],
      [11, null],
      [12, null],
      [13, null],
    ]);
    setNull.db.verify(setNull.child());
    const setDefault = fill({ onDelete: 'setDefault' });
    const target = setDefault.child();
    setDefault.db.targets.set(target.table.id, { ...target, defaults: [null, constant(3, 'int4')] });
    setDefault.db.run(deleteNode(setDefault.parent(), isId(1)));
    assert.deepEqual(
      setDefault.db.all(setDefault.child()).map((row) => row[1]),
      [3, 3, 2, null],
    );
  });
}

test('a key swapped within a statement breaks nothing', () => {
  const { db, parent, child } = setUp();
  db.insert(parent(), [
    [1, 'a'],
    [2, 'b'],
  ]);
  db.insert(child(), [
    [10, 1],
    [11, 2],
  ]);
  // Deleting a parent and its children in one statement is not possible here, but re-inserting the key is.
  db.run(updateNode(parent(), [{ column: 1, expr: constant('z', 'text') }], isId(1)));
  assert.throws(() => db.run(updateNode(parent(), setId(5), isId(1))), { code: '23503' });
});

test('self references: rows of one statement, cascades down a tree, a cycle', () => {
  const db = new TestDatabase();
  const made = db.table(
    'node',
    [
      { name: 'id', type: 'int4', notNull: true },
      { name: 'up', type: 'int4' },
    ],
    { rowIdColumn: 0, indexes: [{ name: 'node_up', columns: [1] }] },
  );
  refer(db, made.table.id, [1], made.table.id, [0], { onDelete: 'cascade' });
  const target = (): WriteTarget => db.targets.get(made.table.id)!;
  db.insert(target(), [
    [3, 2],
    [2, 1],
    [1, 1],
    [4, 2],
    [5, null],
  ]);
  assert.throws(() => db.insert(target(), [[6, 99]]), { code: '23503' });
  db.run(deleteNode(target(), isId(6)));
  db.run(updateNode(target(), [{ column: 1, expr: constant(4, 'int4') }], isId(1)));
  // 1 -> 4 -> 2 -> 1: a cycle goes as a whole.
  db.run(deleteNode(target(), isId(2)));
  assert.deepEqual(db.all(target()), [[5, null]]);
  db.verify(target());
});

test('deferred checks look again at the rows that are still there', () => {
  const { db, parent, child, constraint } = setUp({ deferrable: true });
  db.deferredConstraints.add(constraint.id);
  db.insert(child(), [
    [1, 7],
    [2, 8],
  ]);
  assert.equal(db.deferred.length, 1);
  const [check] = db.deferred;
  const context = testContext({ view: db.view });
  const run = () => runDeferredCheck({ ...check!, tableId: child().table.id }, child(), context);
  assert.throws(run, { code: '23503', detail: 'Key (parent_id)=(7) is not present in table "parent".' });
  db.insert(parent(), [[7, 'x']]);
  assert.throws(run, { code: '23503', detail: 'Key (parent_id)=(8) is not present in table "parent".' });
  db.run(deleteNode(child(), isId(2)));
  run();
});

test('MATCH FULL refuses a key that is partly NULL', () => {
  const db = new TestDatabase();
  const parent = db.table(
    'p',
    [
      { name: 'a', type: 'int4' },
      { name: 'b', type: 'int4' },
    ],
    { indexes: [{ name: 'p_ab', columns: [0, 1], unique: true }] },
  );
  const child = db.table('c', [
    { name: 'b', type: 'int4' },
    { name: 'a', type: 'int4' },
  ]);
  refer(db, child.table.id, [1, 0], parent.table.id, [0, 1], { match: 'full' });
  const target = db.targets.get(child.table.id)!;
  db.insert(parent, [[1, 2]]);
  db.insert(target, [
    [2, 1],
    [null, null],
  ]);
  assert.throws(() => db.insert(target, [[null, 1]]), {
    code: '23503',
    detail: 'MATCH FULL does not allow mixing of null and nonnull key values.',
  });
  assert.throws(() => db.insert(target, [[1, 2]]), {
    code: '23503',
    detail: 'Key (a, b)=(2, 1) is not present in table "p".',
  });
});
