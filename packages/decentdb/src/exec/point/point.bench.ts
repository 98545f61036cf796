/** Single-row paths on a table in memory: `npx tsx src/exec/point/point.bench.ts [rows]`. */
import { defaultJsOptions } from '../../types/sql-type.ts';
import { op, param, slot, testEval } from '../expr.test.kit.ts';
import type { PhysicalNode, PhysicalPlan } from '../physical.ts';
import { deleteNode, insertNode, scan, TestDatabase, updateNode } from '../table.test.kit.ts';
import { pointDeleteOf, pointUpdateOf } from './point-change.ts';
import { pointInsertOf } from './point-insert.ts';
import { pointReadOf } from './point-read.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const plan = (root: PhysicalNode): PhysicalPlan => ({
  root,
  paramTypes: [],
  idCount: 1000,
  command: 'SELECT',
  isReadOnly: false,
});
const columns = [
  { name: 'id', type: 'int4', notNull: true },
  { name: 'artist_id', type: 'int4' },
  { name: 'title', type: 'text' },
  { name: 'duration', type: 'int4' },
  { name: 'rating', type: 'float8' },
];

function report(name: string, count: number, started: number): void {
  const ms = performance.now() - started;
  console.log(`${name.padEnd(24)} ${((count / ms) * 1000).toFixed(0).padStart(9)} /s`);
}

for (const indexes of [[], [{ name: 'by_artist', columns: [1] }]]) {
  console.log(indexes.length === 0 ? 'no index' : 'one index');
  const db = new TestDatabase();
  const target = db.table('tracks', columns, { rowIdColumn: 0, indexes });
  const node = insertNode(target, []);
  const values = columns.map((column, i) => param(i, column.type));
  const insert = pointInsertOf(
    plan({ ...node, input: { ...node.input, kind: 'values', rows: [values] } as never }),
    testEval,
  )!;
  let started = performance.now();
  for (let i = 1; i <= rows; i++) {
    insert.run(
      db.view,
      [i, (i * 7919) % (rows / 10), `title of track ${i}`, 60 + (i % 540), (i % 50) / 10],
      db.services,
    );
  }
  report('insert', rows, started);
  const ranges = [{ prefix: [{ kind: 'equal' as const, expr: param(0, 'int4') }], range: null }];
  const update = pointUpdateOf(
    plan({
      ...updateNode(target, [{ column: 3, expr: op('+', slot(1, 'int4'), param(1, 'int4')) }]),
      input: scan(target.table, { columns: [-1, 3], ranges }),
    }),
    testEval,
  )!;
  started = performance.now();
  for (let i = 0; i < 200_000; i++) update.run(db.view, [((i * 7919) % rows) + 1, 1], db.services);
  report('update', 200_000, started);
  (db.view as unknown as { commit(): void }).commit();
  const view = db.pages.read();
  const names = columns.map((column, i) => ({ name: column.name, type: target.table.columns[i]!.type }));
  const read = pointReadOf(plan(scan(target.table, { ranges })), names, defaultJsOptions, testEval)!;
  for (let round = 0; round < 3; round++) {
    started = performance.now();
    for (let i = 0; i < 500_000; i++) read.object(view, [((i * 7919) % rows) + 1]);
    report('get', 500_000, started);
  }
  db.view = db.pages.write();
  const remove = pointDeleteOf(
    plan({ ...deleteNode(target), input: scan(target.table, { columns: [-1], ranges }) }),
    () => target,
    testEval,
  )!;
  started = performance.now();
  for (let i = 0; i < 200_000; i++) remove.run(db.view, [((i * 7919) % rows) + 1], db.services);
  report('delete', 200_000, started);
}
