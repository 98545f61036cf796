/** Hash joins beyond the budget give what they give within it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Datum } from '../../types/vector.ts';
import { op, random, slot, testSeed } from '../expr.test.kit.ts';
import type { HashJoinNode, JoinKind } from '../physical.ts';
import { nextNodeId, slotsOfTypes, values } from '../table.test.kit.ts';
import { Files, runPlan } from './spill.test.kit.ts';

const NAMES = ['int4', 'text'];
type Row = readonly Datum[];

/** `skew`: share of the rows with one and the same key. */
function rowsOf(next: () => number, count: number, keys: number, skew: number, nulls: number): Row[] {
  return Array.from({ length: count }, (_, i) => [
    next() < nulls ? null : next() < skew ? 7 : Math.floor(next() * keys),
    next() < 0.05 ? null : `t${i % 3500}`,
  ]);
}

const KINDS: JoinKind[] = ['inner', 'left', 'right', 'full', 'semi', 'anti', 'mark', 'single'];

function slotsFor(join: JoinKind) {
  if (join === 'semi' || join === 'anti') return slotsOfTypes(NAMES);
  return slotsOfTypes(join === 'mark' ? [...NAMES, 'bool'] : [...NAMES, ...NAMES]);
}

const sorted = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

function joinsOf(left: readonly Row[], right: readonly Row[], keepsSmall: boolean): HashJoinNode[] {
  const nodes: HashJoinNode[] = [];
  const [l, r] = [values(NAMES, left), values(NAMES, right)];
  for (const join of KINDS) {
    for (const build of ['right', 'left'] as const) {
      if (build === 'left' && (join === 'mark' || join === 'single')) continue;
      for (const form of ['keys', 'residual', 'aware', 'nullSafe'] as const) {
        if (form === 'aware' && (join !== 'anti' || build === 'left')) continue;
        if (form === 'nullSafe' && (keepsSmall || (join !== 'inner' && join !== 'full'))) continue;
        const isText = form === 'residual' || join === 'single';
        nodes.push({
          kind: 'hashJoin',
          id: nextNodeId(),
          join,
          left: l,
          right: r,
          leftKeys: [slot(0, 'int4')],
          rightKeys: [slot(0, 'int4')],
          build,
          residual: isText ? op('=', slot(1, 'text'), slot(3, 'text')) : null,
          slots: slotsFor(join),
          ...(form === 'aware' ? { nullAware: true } : {}),
          ...(form === 'nullSafe' ? { nullSafe: [true] } : {}),
        });
      }
    }
  }
  return nodes;
}

/** Rows, or the error's code. */
function outcome(run: () => readonly Row[]): string[] {
  try {
    return sorted(run());
  } catch (error) {
    return [String((error as { code: string }).code)];
  }
}

function compare(left: readonly Row[], right: readonly Row[], label: string, keepsSmall = false): void {
  for (const node of joinsOf(left, right, keepsSmall)) {
    const message = `${label} ${node.join} build ${node.build} residual ${node.residual !== null} aware ${node.nullAware} safe ${node.nullSafe}`;
    const want = outcome(() => runPlan(node, { files: null }).rows);
    const files = new Files();
    const got = outcome(() => runPlan(node, { files }).rows);
    const built = node.build === 'right' ? right : left;
    assert.equal(files.opened > 0, built.length > 2500, `${message} spills`);
    assert.ok(got.length === want.length, `${message}: ${got.length} rows, not ${want.length}`);
    assert.deepEqual(got, want, message);
  }
}

test('every kind of join in parts', () => {
  const seed = testSeed();
  const next = random(seed);
  const left = rowsOf(next, 2800, 2000, 0, 0.1);
  compare(left, rowsOf(next, 3000, 2000, 0, 0.1), `nulls SEED=${seed}`);
  // NOT IN and marks depend on there being no NULL at all.
  compare(left, rowsOf(next, 3000, 2000, 0, 0), `no nulls SEED=${seed}`, true);
});

test('a key with more rows than the budget has its table in several', () => {
  const seed = testSeed();
  const next = random(seed);
  const few = [...rowsOf(next, 30, 30, 0.2, 0.1), ...rowsOf(next, 40, 9000, 0, 0)];
  const many = rowsOf(next, 8000, 9000, 0.6, 0.05);
  compare(few, many, `skewed right SEED=${seed}`, true);
  // Most parts have no build rows at all.
  compare(few, rowsOf(next, 3000, 1, 1, 0), `one key SEED=${seed}`, true);
});

test('memory held stays within the budget', () => {
  const next = random(5);
  const workBytes = 1 << 20;
  const right = values(
    NAMES,
    Array.from({ length: 60_000 }, (_, i) => [i, `a text of some length ${i}`]),
  );
  const left = values(NAMES, rowsOf(next, 20_000, 60_000, 0, 0));
  for (const join of ['inner', 'left', 'full', 'semi', 'anti'] as const) {
    const [node] = joinsOf([], [], true).filter((one) => one.join === join && one.build === 'right');
    const plan: HashJoinNode = { ...(node as HashJoinNode), left, right };
    const files = new Files();
    const { peakBytes } = runPlan(plan, { files, workBytes });
    assert.ok(files.opened > 0, `${join} spills`);
    assert.ok(peakBytes <= workBytes * 1.1, `${join} holds ${peakBytes} of ${workBytes}`);
    assert.ok(peakBytes >= workBytes / 3, `${join} uses its budget: ${peakBytes}`);
  }
});
