/**
 * Micro-benchmarks of the executor on a table in memory: `npx tsx src/exec/tracks.bench.ts [rows]`.
 *
 * Plans are written by hand, so that what is timed is the executor alone. Best of five runs each.
 */

import { defaultJsOptions } from '../types/sql-type.ts';
import { Physical, type Vector } from '../types/vector.ts';
import { startPlan } from './execute.ts';
import { aggregate, constant, op, slot, testEval } from './expr.test.kit.ts';
import type { PhysicalNode } from './physical.ts';
import { RowBuilder } from './rows/row-builder.ts';
import { tableTree } from './storage/stored-trees.ts';
import { insertNode, nextNodeId, scan, slotsOfTypes, TestDatabase } from './table.test.kit.ts';

const rows = Number(process.argv[2] ?? 1_000_000);

const db = new TestDatabase();
const target = db.table(
  'tracks',
  [
    { name: 'id', type: 'int4', notNull: true },
    { name: 'artist_id', type: 'int4' },
    { name: 'title', type: 'text' },
    { name: 'duration', type: 'int4' },
    { name: 'rating', type: 'float8' },
  ],
  { rowIdColumn: 0 },
);
let state = 12345;
const next = (max: number): number => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return (state >>> 8) % max;
};
const words = ['love', 'night', 'river', 'stone', 'light', 'dance', 'blue', 'fire', 'dream', 'road'];
const title = (i: number): string =>
  `${words[next(10)]} of the ${words[next(10)]} ${i.toString(36)} ${words[next(10)]}`;

function load(): void {
  const started = performance.now();
  for (let from = 0; from < rows; from += 4096) {
    const count = Math.min(4096, rows - from);
    const id = new Int32Array(count);
    const artist = new Int32Array(count);
    const duration = new Int32Array(count);
    const rating = new Float64Array(count);
    const titles: string[] = [];
    for (let i = 0; i < count; i++) {
      id[i] = from + i + 1;
      artist[i] = next(rows / 10);
      duration[i] = 60 + next(540);
      rating[i] = next(50) / 10;
      titles.push(title(from + i));
    }
    const vectors: Vector[] = [
      { physical: Physical.int32, values: id, nulls: null },
      { physical: Physical.int32, values: artist, nulls: null },
      { physical: Physical.text, values: titles, nulls: null },
      { physical: Physical.int32, values: duration, nulls: null },
      { physical: Physical.float64, values: rating, nulls: null },
    ];
    tableTree(target.table).insertBatch(db.view, vectors, count);
  }
  console.log(`load ${(performance.now() - started).toFixed(0)} ms`);
}
load();
(db.view as unknown as { commit(): void }).commit();
const view = process.argv.includes('write') ? db.view : db.pages.read();

function time(name: string, root: PhysicalNode, asRows = false): void {
  let best = Number.POSITIVE_INFINITY;
  let result = 0;
  const builder = new RowBuilder(
    root.slots.map((one, i) => ({ name: `c${i}`, type: one.type })),
    defaultJsOptions,
  );
  for (let round = 0; round < 6; round++) {
    const started = performance.now();
    const run = startPlan(
      { root, paramTypes: [], idCount: 1000, command: 'SELECT', isReadOnly: true },
      { view, params: [], eval: testEval },
    );
    result = 0;
    for (let batch = run.next(); batch !== null; batch = run.next()) {
      if (asRows) {
        const out: unknown[] = [];
        builder.objects(batch, out);
        result += out.length;
      } else {
        for (let i = 0; i < root.slots.length; i++) batch.column(i);
        result += batch.count;
      }
    }
    run.close();
    best = Math.min(best, performance.now() - started);
  }
  console.log(`${name.padEnd(44)} ${best.toFixed(1).padStart(8)} ms   ${result} rows`);
}

const base = () => ({ id: nextNodeId() });
const table = target.table;
const rated = scan(table, { columns: [3, 4], filter: op('>', slot(1, 'float8'), constant(2.5, 'float8')) });
const agg = (
  input: PhysicalNode,
  groups: readonly number[],
  names: readonly string[],
  aggregates: ReturnType<typeof aggregate>[],
): PhysicalNode => ({
  kind: 'aggregate',
  ...base(),
  strategy: 'hash',
  input,
  groups: groups.map((g, i) => slot(g, names[i]!)),
  sets: [groups.map((_, i) => i)],
  aggregates,
  groupings: [],
  slots: [...slotsOfTypes(names), ...aggregates.map((a) => ({ type: a.type, typmod: -1 }))],
});
time(
  'filter + count, sum, avg',
  agg(
    rated,
    [],
    [],
    [aggregate('count', []), aggregate('sum', [slot(0, 'int4')]), aggregate('avg', [slot(1, 'float8')])],
  ),
);
time(
  'GROUP BY duration (540)',
  agg(
    scan(table, { columns: [3, 4] }),
    [0],
    ['int4'],
    [aggregate('count', []), aggregate('avg', [slot(1, 'float8')])],
  ),
);
const byArtist = agg(scan(table, { columns: [1, 3] }), [0], ['int4'], [aggregate('sum', [slot(1, 'int4')])]);
time('GROUP BY artist (100k) ORDER BY sum LIMIT 10', {
  kind: 'topN',
  ...base(),
  slots: byArtist.slots,
  input: byArtist,
  keys: [{ expr: slot(1, 'int8'), descending: true, nullsFirst: true }],
  count: constant(10, 'int8'),
  offset: null,
});
const full = scan(table);
time('ORDER BY rating DESC, id LIMIT 20', {
  kind: 'topN',
  ...base(),
  slots: full.slots,
  input: full,
  keys: [
    { expr: slot(4, 'float8'), descending: true, nullsFirst: true },
    { expr: slot(0, 'int4'), descending: false, nullsFirst: false },
  ],
  count: constant(20, 'int8'),
  offset: null,
});
time('ORDER BY title', {
  kind: 'sort',
  ...base(),
  slots: full.slots,
  input: full,
  keys: [{ expr: slot(2, 'text'), descending: false, nullsFirst: false }],
  presorted: 0,
});
time('all rows as objects', full, true);
time(
  "title LIKE '%river%'",
  agg(
    scan(table, { columns: [2], filter: op('~~', slot(0, 'text'), constant('%river%', 'text')) }),
    [],
    [],
    [aggregate('count', [])],
  ),
);
const self: PhysicalNode = {
  kind: 'hashJoin',
  ...base(),
  join: 'inner',
  left: scan(table, { columns: [1, 3] }),
  right: scan(table, { columns: [0, 3], filter: op('<=', slot(0, 'int4'), constant(rows / 10, 'int4')) }),
  leftKeys: [slot(0, 'int4')],
  rightKeys: [slot(0, 'int4')],
  build: 'right',
  residual: null,
  slots: slotsOfTypes(['int4', 'int4', 'int4', 'int4']),
};
time(
  'join 1M x 100k + GROUP BY',
  agg(self, [3], ['int4'], [aggregate('count', []), aggregate('sum', [slot(1, 'int4')])]),
);
db.view = db.pages.write();
const copy = db.table(
  'copy',
  table.columns.map((c) => ({ name: c.name, type: c.type.name })),
  { rowIdColumn: 0 },
);
const started = performance.now();
db.run(insertNode(copy, [], { input: full, values: full.slots.map((one, i) => slot(i, one.type.name)) }));
console.log(`INSERT ... SELECT ${(performance.now() - started).toFixed(0)} ms`);
