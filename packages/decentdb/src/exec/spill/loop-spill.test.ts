/** Nested loops beyond the budget give what they give within it, in the same order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Datum } from '../../types/vector.ts';
import { op, random, slot, testSeed } from '../expr.test.kit.ts';
import type { JoinKind, NestedLoopNode } from '../physical.ts';
import { nextNodeId, slotsOfTypes, values } from '../table.test.kit.ts';
import { Files, runPlan, testEndings } from './spill.test.kit.ts';

const NAMES = ['int4', 'text'];
type Row = readonly Datum[];

function rowsOf(next: () => number, count: number, keys: number): Row[] {
  return Array.from({ length: count }, (_, i) => [
    next() < 0.05 ? null : Math.floor(next() * keys),
    next() < 0.05 ? null : `text number ${i % 3500}`,
  ]);
}

function loop(join: JoinKind, left: readonly Row[], right: readonly Row[]): NestedLoopNode {
  const isHalf = join === 'semi' || join === 'anti';
  return {
    kind: 'nestedLoop',
    id: nextNodeId(),
    join,
    left: values(NAMES, left),
    right: values(NAMES, right),
    condition: op('=', slot(0, 'int4'), slot(2, 'int4')),
    slots: slotsOfTypes(isHalf ? NAMES : join === 'mark' ? [...NAMES, 'bool'] : [...NAMES, ...NAMES]),
  };
}

/** Rows, or the error's code. */
function outcome(run: () => readonly Row[]): readonly Row[] | string {
  try {
    return run();
  } catch (error) {
    return String((error as { code: string }).code);
  }
}

test('a nested loop over rows in a file', () => {
  const next = random(testSeed());
  for (const [leftRows, keys] of [
    [40, 4000],
    [0, 10],
    [15, 60],
  ] as const) {
    const left = rowsOf(next, leftRows, keys);
    const right = rowsOf(next, 7000, keys);
    for (const join of ['inner', 'left', 'right', 'full', 'semi', 'anti', 'mark', 'single'] as const) {
      const node = loop(join, left, right);
      const files = new Files();
      const want = outcome(() => runPlan(node, { files: null }).rows);
      const got = outcome(() => runPlan(node, { files, workBytes: 50_000 }).rows);
      assert.deepEqual(got, want, `${join} ${leftRows} ${keys}`);
      assert.ok(files.opened > 0, `${join} spills`);
    }
  }
});

test('a nested loop: to the end, closed early, cancelled, on a full disk', () => {
  const next = random(testSeed());
  const node = loop('left', rowsOf(next, 30, 3000), rowsOf(next, 9000, 3000));
  testEndings(node, runPlan(node, { files: null }).rows.length);
});
