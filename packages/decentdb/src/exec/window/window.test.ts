/** Window functions and frames against a model that looks at every row of the partition. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windowFunctionsNamed } from '../../functions/registry.ts';
import { openSync } from '../../index.ts';
import { builtinType } from '../../types/registry.ts';
import type { Datum } from '../../types/vector.ts';
import { aggregate, constant, random, slot, testSeed } from '../expr.test.kit.ts';
import type { Expr, FrameBound, WindowFrame } from '../expr.ts';
import type { PhysicalNode, WindowCall } from '../physical.ts';
import { nextNodeId, TestDatabase, values } from '../table.test.kit.ts';

type Row = readonly Datum[];
const names = ['int4', 'int4', 'int4'];
const whole: WindowFrame = {
  mode: 'range',
  start: { kind: 'unboundedPreceding', offset: null },
  end: { kind: 'currentRow', offset: null },
  exclude: 'noOthers',
};

function windowCall(name: string, args: readonly Expr[], frame: WindowFrame): WindowCall {
  const fn = windowFunctionsNamed(name).find((one) => one.args.length === args.length)!;
  const polymorphic = fn.returns === 2283 || fn.returns === 5077;
  return {
    fn,
    args,
    filter: null,
    frame,
    type: polymorphic ? args[0]!.type : builtinType(fn.returns),
    typmod: -1,
  };
}
function sum(frame: WindowFrame): WindowCall {
  const { fn, args, type } = aggregate('sum', [slot(2, 'int4')]);
  return { fn, args, filter: null, frame, type, typmod: -1 };
}

/** PARTITION BY column 0 ORDER BY column 1. */
function run(
  db: TestDatabase,
  rows: readonly Row[],
  calls: readonly WindowCall[],
  descending = false,
): Row[] {
  const node: PhysicalNode = {
    kind: 'window',
    id: nextNodeId(),
    input: values(names, rows),
    slots: [...names.map((_, i) => slot(i, 'int4')), ...calls].map((one) => ({ type: one.type, typmod: -1 })),
    partitionBy: [slot(0, 'int4')],
    orderBy: [{ expr: slot(1, 'int4'), descending, nullsFirst: descending }],
    calls,
    isSorted: false,
  };
  return db.run(node).rows;
}

test('ranks, neighbours and buckets', () => {
  const db = new TestDatabase();
  const rows: Row[] = [
    [1, 10, 1],
    [1, 20, 2],
    [1, 20, 3],
    [1, 30, 4],
    [2, 5, 5],
  ];
  const n = slot(2, 'int4');
  const calls = [
    windowCall('row_number', [], whole),
    windowCall('rank', [], whole),
    windowCall('dense_rank', [], whole),
    windowCall('percent_rank', [], whole),
    windowCall('cume_dist', [], whole),
    windowCall('ntile', [constant(3, 'int4')], whole),
    windowCall('lag', [n], whole),
    windowCall('lead', [n, constant(2, 'int4'), constant(-1, 'int4')], whole),
    windowCall('first_value', [n], whole),
    windowCall('last_value', [n], whole),
    windowCall('nth_value', [n, constant(2, 'int4')], whole),
  ];
  assert.deepEqual(
    run(db, rows, calls).map((row) => row.slice(3)),
    [
      [1, 1, 1, 0, 0.25, 1, null, 3, 1, 1, null],
      [2, 2, 2, 1 / 3, 0.75, 1, 1, 4, 1, 3, 2],
      [3, 2, 2, 1 / 3, 0.75, 2, 2, -1, 1, 3, 2],
      [4, 4, 3, 1, 1, 3, 3, -1, 1, 4, 2],
      [1, 1, 1, 0, 1, 1, null, -1, 5, 5, null],
    ],
  );
});

/** Rows of the frame of row i by definition. */
function frameRows(rows: readonly Row[], i: number, frame: WindowFrame, descending: boolean): Row[] {
  const key = (row: Row): number | null => row[1] as number | null;
  const peer = (a: Row, b: Row): boolean => key(a) === key(b);
  const groups = rows.map(
    (row) => new Set(rows.slice(0, rows.indexOf(row) + 1).map((r) => `${key(r)}`)).size,
  );
  const offset = (bound: FrameBound): number => (bound.offset as { value: number }).value;
  const inside = (j: number, bound: FrameBound, isStart: boolean): boolean => {
    if (bound.kind === 'unboundedPreceding' || bound.kind === 'unboundedFollowing') return true;
    const delta =
      bound.kind === 'currentRow' ? 0 : bound.kind === 'preceding' ? -offset(bound) : offset(bound);
    if (frame.mode === 'rows') return isStart ? j >= i + delta : j <= i + delta;
    if (frame.mode === 'groups')
      return isStart ? groups[j]! >= groups[i]! + delta : groups[j]! <= groups[i]! + delta;
    const [a, b] = [key(rows[j]!), key(rows[i]!)];
    if (bound.kind === 'currentRow' || b === null) {
      if (peer(rows[i]!, rows[j]!)) return true;
      return isStart ? j > i : j < i;
    }
    if (a === null) return isStart ? j > i : j < i;
    const sign = descending ? -1 : 1;
    return isStart ? a * sign >= b * sign + delta : a * sign <= b * sign + delta;
  };
  return rows.filter((row, j) => {
    if (!inside(j, frame.start, true) || !inside(j, frame.end, false)) return false;
    if (frame.exclude === 'currentRow') return j !== i;
    if (frame.exclude === 'group') return !peer(row, rows[i]!);
    return frame.exclude !== 'ties' || j === i || !peer(row, rows[i]!);
  });
}

test('random frames in every mode, with every exclusion', () => {
  const seed = testSeed();
  const next = random(seed);
  const db = new TestDatabase();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const bound = (kinds: readonly FrameBound['kind'][]): FrameBound => {
    const kind = pick(kinds);
    return {
      kind,
      offset: kind === 'preceding' || kind === 'following' ? constant(Math.floor(next() * 4), 'int4') : null,
    };
  };
  for (let round = 0; round < 60; round++) {
    const descending = next() < 0.5;
    const rows = Array.from(
      { length: 25 },
      (_, i): Row => [1, next() < 0.1 ? null : Math.floor(next() * 10), i + 1],
    );
    const mode = pick(['rows', 'range', 'groups'] as const);
    const frame: WindowFrame = {
      mode,
      start: bound(['unboundedPreceding', 'preceding', 'currentRow', 'following']),
      end: bound(['preceding', 'currentRow', 'following', 'unboundedFollowing']),
      exclude: pick(['noOthers', 'currentRow', 'group', 'ties'] as const),
    };
    const out = run(
      db,
      rows,
      [
        sum(frame),
        windowCall('first_value', [slot(2, 'int4')], frame),
        windowCall('last_value', [slot(2, 'int4')], frame),
      ],
      descending,
    );
    const input = out.map((row) => row.slice(0, 3));
    out.forEach((row, i) => {
      const seen = frameRows(input, i, frame, descending).map((r) => r[2] as number);
      const expected =
        seen.length === 0 ? [null, null, null] : [seen.reduce((a, b) => a + b, 0), seen[0], seen.at(-1)];
      assert.deepEqual(
        row.slice(3),
        expected,
        `SEED=${seed} round ${round} row ${i} ${frame.mode} ${frame.start.kind} ${frame.end.kind} ${frame.exclude} ${descending}`,
      );
    });
  }
});

test('offsets must be known and not negative', () => {
  const db = new TestDatabase();
  const frame = (mode: 'rows' | 'range', value: number | null): WindowFrame => ({
    ...whole,
    mode,
    start: { kind: 'preceding', offset: constant(value, 'int4') },
  });
  assert.throws(() => run(db, [[1, 1, 1]], [sum(frame('rows', -1))]), {
    code: '22013',
    message: 'frame starting offset must not be negative',
  });
  assert.throws(() => run(db, [[1, 1, 1]], [sum(frame('range', -1))]), { code: '22013' });
  assert.throws(() => run(db, [[1, 1, 1]], [sum(frame('rows', null))]), { code: '22004' });
});

test('windows share orders, whichever is written first', () => {
  using db = openSync(':memory:');
  db.exec(
    'CREATE TABLE w (id int, c int, d int); INSERT INTO w SELECT g, g % 5, (g * 31) % 11 FROM generate_series(1, 500) g',
  );
  const long = 'row_number() OVER (PARTITION BY c ORDER BY d, id)';
  const short = 'rank() OVER (PARTITION BY c ORDER BY d)';
  const forms = [
    `SELECT id, ${long} a, ${short} b FROM w ORDER BY c, d, id`,
    `SELECT id, a, b FROM (SELECT c, d, id, ${short} b, ${long} a FROM w) q ORDER BY c, d, id`,
  ];
  const [first, second] = forms.map((sql) => db.prepare(sql).values());
  assert.deepEqual(first, second);
  for (const sql of forms) {
    const plan = db.prepare(`EXPLAIN ${sql}`).values().flat().map(String);
    assert.ok(!plan.some((line) => line.includes('Sort')), `${sql}: the window's order is the statement's`);
    const orders = plan.filter((line) => line.includes('Order By: ')).map((line) => line.trim());
    assert.deepEqual(orders, ['Order By: d', 'Order By: d, id'], 'the longer one is made first');
  }
  db.exec('SET optimizer.rule.order_from_index = off');
  assert.deepEqual(db.prepare(forms[0]!).values(), first);
});

test('sums over frames are what a query of each frame sums', () => {
  using db = openSync(':memory:');
  db.exec(`CREATE TABLE w (id int, i int, b bigint, n numeric(9,2), m numeric);
    INSERT INTO w SELECT g, CASE WHEN g % 6 = 0 THEN NULL ELSE g * 37 % 101 - 50 END, g * 4503599627370000, g / 4.0 - 7,
      CASE WHEN g % 2 = 0 THEN g / 8.0 ELSE g END FROM generate_series(1, 40) g`);
  for (const call of [
    'sum(i)',
    'sum(b)',
    'sum(n)',
    'sum(m)',
    'count(i)',
    'count(*)',
    'sum(n) FILTER (WHERE i > 0)',
  ]) {
    const got = db
      .prepare(
        `SELECT ${call} OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING)::float8 FROM w ORDER BY id`,
      )
      .values();
    const inner = call.replace(/\bi > 0/, 'o.i > 0');
    const want = db
      .prepare(
        `SELECT (SELECT ${inner}::float8 FROM w o WHERE o.id BETWEEN w.id - 3 AND w.id + 1) FROM w ORDER BY id`,
      )
      .values();
    assert.deepEqual(got, want, call);
  }
});

test('rows numbered as they come have the numbers of whole partitions', () => {
  const next = random(testSeed());
  using db = openSync(':memory:');
  db.exec(
    'CREATE TABLE w (id int PRIMARY KEY, a int, b int, t text); CREATE INDEX ON w (a, b); CREATE INDEX ON w (b)',
  );
  const insert = db.prepare('INSERT INTO w VALUES ($1, $2, $3, $4)');
  db.exec('BEGIN');
  const orNull = (value: number): number | null => (next() < 0.02 ? null : value);
  for (let id = 0; id < 14_000; id++)
    insert.run(
      id,
      id < 9000 ? 1 : orNull(Math.floor(next() * 40)),
      orNull(Math.floor(next() * 3000)),
      next() < 0.1 ? null : `t${id}`,
    );
  db.exec('COMMIT; ANALYZE');
  const calls =
    'row_number() OVER w, rank() OVER w, dense_rank() OVER w, lag(t) OVER w, first_value(b) OVER w';
  for (const window of [
    'ORDER BY b',
    'PARTITION BY a ORDER BY b',
    'PARTITION BY a',
    'ORDER BY id',
    'ORDER BY a, b',
    '',
  ]) {
    // The frame of the last call needs rows that come later.
    const all = `SELECT b, ${calls}, count(*) OVER (${window} ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM w WINDOW w AS (${window})`;
    const want = db
      .prepare(all)
      .values()
      .map((row) => row.slice(0, -1));
    const sql = `SELECT b, ${calls} FROM w WINDOW w AS (${window})`;
    assert.deepEqual(db.prepare(sql).values(), want, window);
    assert.deepEqual(db.prepare(`${sql} LIMIT 5000 OFFSET 3000`).values(), want.slice(3000, 8000), window);
  }
});

test('order, peers and results of a window are counted, and given back', () => {
  using db = openSync(':memory:');
  const memory = (sql: string): number => {
    const [text] = db.prepare(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`).values()[0] ?? [];
    return (JSON.parse(String(text)) as { 'Peak Memory Bytes': number }[])[0]?.['Peak Memory Bytes'] ?? 0;
  };
  const rows = 20_000;
  const source = `SELECT g, g % 100 AS k FROM generate_series(1, ${rows}) g`;
  const one = memory(`SELECT sum(g) OVER (ORDER BY k) FROM (${source}) q`);
  // Two columns, the argument and the key; 8 bytes of order and peers, 24 of sorting or a result.
  assert.ok(one >= rows * (4 * 4 + 8 + 8) && one < rows * 100, `${one}`);
  const more = memory(
    `SELECT sum(g) OVER w, min(g::text) OVER w, string_agg('longer text', '') OVER (ORDER BY k ROWS 2 PRECEDING) FROM (${source}) q WINDOW w AS (ORDER BY k)`,
  );
  assert.ok(more > one + rows * 40, `${one} ${more}`);
});
