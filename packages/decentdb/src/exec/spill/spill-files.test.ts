/** Temporary files are closed however a statement ends. */
import { test } from 'node:test';
import { aggregate, slot } from '../expr.test.kit.ts';
import type { HashJoinNode, PhysicalNode } from '../physical.ts';
import { nextNodeId, slotsOfTypes, values } from '../table.test.kit.ts';
import { testEndings } from './spill.test.kit.ts';

const NAMES = ['int4', 'text'];
const input = values(
  NAMES,
  Array.from({ length: 9000 }, (_, i) => [(i * 7919) % 9001, `row ${i}`]),
);

const sort: PhysicalNode = {
  kind: 'sort',
  id: nextNodeId(),
  slots: input.slots,
  input,
  keys: [{ expr: slot(0, 'int4'), descending: false, nullsFirst: false }],
  presorted: 0,
} as PhysicalNode;

const group: PhysicalNode = {
  kind: 'aggregate',
  id: nextNodeId(),
  strategy: 'hash',
  input,
  groups: [slot(0, 'int4')],
  sets: [[0]],
  aggregates: [aggregate('max', [slot(1, 'text')])],
  groupings: [],
  slots: slotsOfTypes(NAMES),
};

const join: HashJoinNode = {
  kind: 'hashJoin',
  id: nextNodeId(),
  join: 'full',
  left: input,
  right: input,
  leftKeys: [slot(0, 'int4')],
  rightKeys: [slot(0, 'int4')],
  build: 'right',
  residual: null,
  slots: slotsOfTypes([...NAMES, ...NAMES]),
};

for (const [name, plan] of [
  ['sort', sort],
  ['grouping', group],
  ['join', join],
] as const) {
  test(`${name}: to the end, closed early, cancelled, on a full disk`, () => testEndings(plan, 9000));
}
