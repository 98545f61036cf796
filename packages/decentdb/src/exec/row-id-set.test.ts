/** A set of row ids beside JavaScript's: dense ids, scattered ones, both; the memory they take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random, testSeed } from './expr.test.kit.ts';
import { StatementMemory } from './memory.ts';
import { RowIdSet } from './row-id-set.ts';

const SEEDS = 12;

function idsOf(next: () => number, kind: number): (number | bigint)[] {
  const below = (limit: number): number => Math.floor(next() * limit);
  const count = below(12_000);
  return Array.from({ length: count }, (_, i): number | bigint => {
    switch (kind % 6) {
      case 0:
        return i;
      case 1:
        return below(20_000) - 10_000;
      case 2:
        return below(2 ** 31 - 1) * 4_194_304;
      case 3:
        return i < 5000 ? i * 3 : below(2 ** 31 - 1) * 1000 - 2 ** 40;
      case 4:
        return below(2) === 0 ? BigInt(below(3000)) : 2n ** 62n + BigInt(below(3000));
      default:
        return -below(400_000);
    }
  });
}

test('a set of row ids knows what a Set knows', () => {
  const first = testSeed();
  for (let seed = first; seed < first + SEEDS; seed++) {
    const next = random(seed);
    const memory = new StatementMemory();
    const ids = new RowIdSet(memory);
    const known = new Set<string>();
    const given = idsOf(next, seed);
    for (const id of given) {
      assert.equal(ids.has(id), known.has(String(id)), `seed ${seed}: ${id}`);
      assert.equal(ids.add(id), !known.has(String(id)), `seed ${seed}: ${id}`);
      known.add(String(id));
    }
    assert.equal(ids.size, known.size);
    for (const id of given) assert.ok(ids.has(id), `seed ${seed}: ${id}`);
    assert.ok(!ids.has(123_456_789_012));
    ids.clear();
    assert.equal(memory.heldBytes, 0);
    assert.ok(!ids.has(given[0] ?? 1));
  }
});

test('ids near each other take two bytes at most, others twenty-two', () => {
  const bytes = (idOf: (i: number) => number): number => {
    const memory = new StatementMemory();
    const ids = new RowIdSet(memory);
    for (let i = 0; i < 200_000; i++) ids.add(idOf(i));
    ids.report();
    return memory.heldBytes / ids.size;
  };
  assert.ok(bytes((i) => i) < 0.3);
  assert.ok(bytes((i) => i * 20) < 4);
  assert.ok(bytes((i) => i * 4_194_304) < 22);
});
