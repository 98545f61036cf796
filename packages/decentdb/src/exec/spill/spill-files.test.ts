/** Temporary files are closed however a statement ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../../base/errors.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import type { VfsFile } from '../../vfs/vfs.ts';
import { startPlan } from '../execute.ts';
import { aggregate, slot, testEval } from '../expr.test.kit.ts';
import { StatementMemory } from '../memory.ts';
import type { PhysicalNode } from '../physical.ts';
import { nextNodeId, slotsOfTypes, TestDatabase, values } from '../table.test.kit.ts';

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

/** Counts files and writes; write number `failing` (from 0) finds the disk full. */
class Files {
  open = 0;
  opened = 0;
  writes = 0;
  private readonly failing: number;
  private readonly vfs = new MemoryVfs();

  constructor(failing: number) {
    this.failing = failing;
  }

  make = (): VfsFile => {
    const file = this.vfs.openTemporary('/db');
    this.open++;
    this.opened++;
    const write = file.writeAt.bind(file);
    const close = file.close.bind(file);
    file.writeAt = (bytes, offset) => {
      if (this.writes++ === this.failing) throw new DecentDbError('53100', 'no space left on device');
      write(bytes, offset);
    };
    file.close = () => {
      this.open--;
      close();
    };
    return file;
  };
}

function run(plan: PhysicalNode, files: Files, batches: number, cancelAt = -1): number {
  const memory = new StatementMemory({ workBytes: 1000, bytesMax: 2 ** 31 });
  memory.temporary = files.make;
  let checks = 0;
  const statement = startPlan(
    { root: plan, paramTypes: [], idCount: 10_000, command: 'SELECT', isReadOnly: true },
    {
      view: new TestDatabase().view,
      params: [],
      eval: testEval,
      memory,
      checkCancel: () => {
        if (checks++ === cancelAt)
          throw new DecentDbError('57014', 'canceling statement due to user request');
      },
    },
  );
  let rows = 0;
  try {
    for (let i = 0; i < batches; i++) {
      const batch = statement.next();
      if (batch === null) break;
      rows += batch.count;
    }
  } finally {
    statement.close();
    assert.equal(memory.openFiles, 0);
    assert.equal(memory.heldBytes, 0);
    assert.equal(files.open, 0);
  }
  return rows;
}

for (const [name, plan] of [
  ['sort', sort],
  ['grouping', group],
] as const) {
  test(`${name}: to the end, closed early, cancelled, on a full disk`, () => {
    const files = new Files(-1);
    assert.equal(run(plan, files, Number.POSITIVE_INFINITY), 9000);
    assert.ok(files.opened > 0 && files.writes > 3, 'it spills');
    run(plan, new Files(-1), 1);
    for (const at of [0, 1, 2]) assert.throws(() => run(plan, new Files(-1), 1e9, at), { code: '57014' });
    for (let at = 0; at < files.writes; at += 3)
      assert.throws(() => run(plan, new Files(at), Number.POSITIVE_INFINITY), { code: '53100' });
  });
}
