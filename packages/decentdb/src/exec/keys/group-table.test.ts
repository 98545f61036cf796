import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { GroupTable } from './group-table.ts';
import { MISSING_CODE, NULL_CODE } from './key-column.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);

/** Floats in order: the first of all codes is one, too. */
const FLOATS = [-Infinity, -(2 ** 60), -0.5, 0, 7];

/** Codes as columns bring them: a dictionary that grows, small numbers, numbers that wander off, far ones, fractions, NULL. */
function makeCode(prng: Prng, kind: number, step: number): number {
  if (kind === 5) return prng.below(7 + step ** 4);
  if (kind === 6) return step * 250 + prng.below(250);
  if (kind === 7) return FLOATS[prng.below(FLOATS.length)]!;
  if (prng.chance(kind === 0 ? 0.001 : 0.05)) return NULL_CODE;
  switch (kind) {
    case 0:
      return prng.below(7);
    case 1:
      return prng.below(50) - step * 20;
    case 2:
      return prng.below(30) * 70_000_000 - 1_000_000_000;
    case 3:
      return prng.below(40) * 2 ** 40;
    default:
      return step < 3 ? prng.below(9) : prng.below(9) / 4;
  }
}

/** What bounds codes, where it is said. */
function limitOf(prng: Prng, codes: Float64Array): number {
  if (prng.chance(0.3) || codes.some((code) => !(Number.isInteger(code) && code >= 0 && code < 1e5)))
    return -1;
  return Math.max(-1, ...codes) + 1 + (prng.chance(0.5) ? 0 : prng.below(40));
}

/** Codes that are integers as a column has them, with or without a selection; null when they are not. */
function intsOf(
  prng: Prng,
  codes: Float64Array,
): { values: Int32Array; positions: Int32Array | null } | null {
  if (codes.some((code) => (code | 0) !== code)) return null;
  if (prng.chance(0.5)) return { values: Int32Array.from(codes), positions: null };
  const values = new Int32Array(codes.length * 2);
  const positions = Int32Array.from(codes, (_, i) => 2 * i + prng.below(2));
  positions.forEach((at, i) => {
    values[at] = codes[i]!;
  });
  return { values, positions };
}

test('groups are numbered by first appearance, whatever the codes', () => {
  for (let round = 0; round < 150; round++) {
    const prng = new Prng(seed + round);
    const width = 1 + prng.below(3);
    const kinds = Array.from({ length: width }, () => prng.below(8));
    const table = new GroupTable(width);
    const known = new Map<string, number>();
    for (let step = 0; step < 8; step++) {
      const count = prng.below(300);
      const keys = kinds.map((kind) => {
        const codes = Float64Array.from({ length: count }, () => makeCode(prng, kind, step));
        return kind >= 6 && prng.chance(0.9) ? codes.sort() : codes;
      });
      const groups = new Int32Array(count);
      const fresh = new Int32Array(count);
      const expectedFresh: number[] = [];
      const keyOf = (i: number): string => keys.map((codes) => codes[i]).join('|');
      const isInsert = prng.chance(0.7);
      if (!isInsert && count > 0 && prng.chance(0.5)) keys[0]![0] = MISSING_CODE;
      const expected = Array.from({ length: count }, (_, i) => {
        const key = keyOf(i);
        let group = known.get(key);
        if (group === undefined) {
          if (!isInsert) return -1;
          group = known.size;
          known.set(key, group);
          expectedFresh.push(i);
        }
        return group;
      });
      if (isInsert) {
        const limits = keys.map((codes) => limitOf(prng, codes));
        const ints = width === 1 && prng.chance(0.7) ? intsOf(prng, keys[0]!) : null;
        const freshCount =
          ints === null
            ? table.insert(keys, count, groups, fresh, limits)
            : table.insertInts(ints.values, ints.positions, count, groups, fresh);
        assert.deepEqual(
          [...fresh.subarray(0, freshCount)],
          expectedFresh,
          `SEED=${seed} round ${round} step ${step} kinds ${kinds} insert ${isInsert}`,
        );
      } else table.find(keys, count, groups);
      assert.deepEqual(
        [...groups],
        expected,
        `SEED=${seed} round ${round} step ${step} kinds ${kinds} insert ${isInsert}`,
      );
      assert.equal(table.count, known.size);
    }
    let group = 0;
    for (const key of known.keys()) {
      const codes = Array.from({ length: width }, (_, k) => table.codesOf(k)[group]);
      assert.equal(codes.join('|'), key);
      group++;
    }
  }
});

test('keys in ascending order take no more than themselves until one is looked for', () => {
  const table = new GroupTable(1, 50_000);
  const count = 1000;
  const groups = new Int32Array(count);
  const fresh = new Int32Array(count);
  for (let from = 0; from < 100_000; from += count) {
    const values = Int32Array.from({ length: count }, (_, i) => (from + i) >> 1);
    assert.equal(table.insertInts(values, null, count, groups, fresh), count / 2);
    assert.deepEqual(groups, values);
  }
  assert.equal(table.count, 50_000);
  assert.equal(table.memoryBytes(), 8 * table.room);
  assert.ok(table.room < 55_000, `${table.room} groups fit`);
  table.find([Float64Array.of(7, 49_999, 50_000, -1)], 4, groups);
  assert.deepEqual([...groups.subarray(0, 4)], [7, 49_999, -1, -1]);
  assert.equal(table.insert([Float64Array.of(3, 50_000, 4)], 3, groups, fresh), 1);
  assert.deepEqual([...groups.subarray(0, 3)], [3, 50_000, 4]);
});

test('an array by key stays within the memory it may take', () => {
  const keys = Float64Array.from({ length: 2000 }, (_, i) => (i * 7919) % 100_003);
  const numbersOf = (table: GroupTable): Int32Array => {
    const groups = new Int32Array(keys.length);
    table.insert([keys], keys.length, groups, new Int32Array(keys.length));
    return groups;
  };
  const bounded = new GroupTable(1, 100_000, 1 << 14);
  assert.deepEqual(numbersOf(bounded), numbersOf(new GroupTable(1, 100_000)));
  assert.ok(bounded.memoryBytes() < 1 << 17, `${bounded.memoryBytes()} bytes`);
});
