/** Temporary files are closed however a statement ends. */
import { test } from 'node:test';
import { aggregate, constant, slot } from '../expr.test.kit.ts';
import type { HashJoinNode, PhysicalNode, WithNode } from '../physical.ts';
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

/** 9000 rows, and 9000 more that differ from them; then none is new. */
const recursion: WithNode = {
  kind: 'with',
  id: nextNodeId(),
  slots: input.slots,
  definitions: [
    {
      cteId: 1,
      name: 'r',
      plan: input,
      run: 'lazy',
      recursive: {
        all: false,
        term: {
          kind: 'project',
          id: nextNodeId(),
          slots: input.slots,
          exprs: [slot(0, 'int4'), constant('again', 'text')],
          input: {
            kind: 'cteScan',
            id: nextNodeId(),
            slots: input.slots,
            cteId: 1,
            isWorkTable: true,
            columns: [0, 1],
          },
        },
      },
    },
  ],
  body: {
    kind: 'cteScan',
    id: nextNodeId(),
    slots: input.slots,
    cteId: 1,
    isWorkTable: false,
    columns: [0, 1],
  },
};

for (const [name, plan, rows] of [
  ['sort', sort, 9000],
  ['grouping', group, 9000],
  ['join', join, 9000],
  ['recursion', recursion, 18000],
] as const) {
  test(`${name}: to the end, closed early, cancelled, on a full disk`, () => testEndings(plan, rows));
}
