/** Ordered-set and hypothetical-set aggregates against a model that keeps all rows, within and beyond the budget. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';
import { random, testSeed } from '../expr.test.kit.ts';

const FRACTIONS = [0.9, 0, null, 0.5, 1, 0.5, 0.123];

function disc(sorted: readonly number[], fraction: number): number | null {
  return sorted[Math.max(Math.ceil(fraction * sorted.length) - 1, 0)] ?? null;
}

function cont(sorted: readonly number[], fraction: number): number | null {
  if (sorted.length === 0) return null;
  const at = fraction * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low === high ? low : low + (at - Math.floor(at)) * (high - low);
}

function places(values: readonly (number | null)[], wanted: number): unknown[] {
  const before = values.filter((one) => one !== null && one < wanted);
  const peers = values.filter((one) => one === wanted);
  const { length } = values;
  return [
    before.length + 1,
    new Set(before).size + 1,
    length === 0 ? 0 : before.length / length,
    (before.length + peers.length + 1) / (length + 1),
  ];
}

const LIST = `'{${FRACTIONS.map((one) => one ?? 'NULL').join()}}'::float8[]`;
const SQL = `SELECT g, percentile_disc(0.3) WITHIN GROUP (ORDER BY v),
    percentile_disc(${LIST}) WITHIN GROUP (ORDER BY v) FILTER (WHERE g <> 2),
    percentile_cont(${LIST}) WITHIN GROUP (ORDER BY v), percentile_cont(g / 40.0) WITHIN GROUP (ORDER BY v DESC),
    rank(g * 20) WITHIN GROUP (ORDER BY v), dense_rank(g * 20) WITHIN GROUP (ORDER BY v),
    percent_rank(g * 20) WITHIN GROUP (ORDER BY v), cume_dist(g * 20) WITHIN GROUP (ORDER BY v)
  FROM t GROUP BY g ORDER BY g`;

test('ordered sets by group', () => {
  const seed = testSeed();
  const next = random(seed);
  using db = openSync(':memory:');
  db.exec('CREATE TABLE t (g int, v int)');
  const groups = Array.from({ length: 30 }, (): (number | null)[] => []);
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2)');
  db.exec('BEGIN');
  for (let i = 0; i < 7000; i++) {
    const g = next() < 0.7 ? 3 : Math.floor(next() * 30);
    const v = next() < 0.05 || g === 4 ? null : Math.floor(next() * 700);
    groups[g]!.push(v);
    insert.run(g, v);
  }
  db.exec('COMMIT');
  const want = groups.flatMap((values, g) => {
    if (values.length === 0) return [];
    const sorted = values.filter((one) => one !== null).sort((a, b) => a - b);
    const each = (of: (sorted: readonly number[], fraction: number) => number | null): unknown =>
      sorted.length === 0 ? null : FRACTIONS.map((one) => (one === null ? null : of(sorted, one)));
    const falling = cont([...sorted].reverse(), g / 40);
    return [
      [g, disc(sorted, 0.3), g === 2 ? null : each(disc), each(cont), falling, ...places(values, g * 20)],
    ];
  });
  for (const memory of ['256MB', '64kB']) {
    db.exec(`SET work_mem = '${memory}'`);
    assert.deepEqual(db.prepare(SQL).values(), want, `SEED=${seed} ${memory}`);
  }
});

test('fractions out of range are refused, with and without rows', () => {
  using db = openSync(':memory:');
  for (const rows of ['generate_series(1, 3)', 'generate_series(1, 0)'])
    for (const fn of ['percentile_disc(1.5)', "percentile_cont('NaN'::float8)"])
      assert.throws(
        () => db.prepare(`SELECT ${fn} WITHIN GROUP (ORDER BY g::float8) FROM ${rows} g`).values(),
        {
          code: '22003',
        },
      );
});
