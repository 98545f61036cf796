/** Running plans under a small budget, on files that can fail; nothing may be left however they end. */
import assert from 'node:assert/strict';
import { DecentDbError } from '../../base/errors.ts';
import type { Datum } from '../../types/vector.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import type { VfsFile } from '../../vfs/vfs.ts';
import { startPlan } from '../execute.ts';
import { testEval } from '../expr.test.kit.ts';
import { StatementMemory } from '../memory.ts';
import type { PhysicalNode } from '../physical.ts';
import { TestDatabase } from '../table.test.kit.ts';
import { datumAt } from '../vectors.ts';

/** Counts files and writes; write number `failing` (from 0) finds the disk full. */
export class Files {
  open = 0;
  opened = 0;
  writes = 0;
  private readonly failing: number;
  private readonly vfs: MemoryVfs = new MemoryVfs();

  constructor(failing = -1) {
    this.failing = failing;
  }

  make: () => VfsFile = () => {
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

export interface SpillRun {
  readonly rows: readonly (readonly Datum[])[];
  readonly peakBytes: number;
}

export interface SpillOptions {
  /** null: nothing spills. */
  readonly files: Files | null;
  readonly workBytes?: number;
  /** Batches taken before it is closed. */
  readonly batches?: number;
  /** Check for cancellation that finds one. */
  readonly cancelAt?: number;
}

export function runPlan(plan: PhysicalNode, options: SpillOptions): SpillRun {
  const { files, workBytes = 1000, batches = Number.POSITIVE_INFINITY, cancelAt = -1 } = options;
  const memory = new StatementMemory({ workBytes, bytesMax: 2 ** 31 });
  memory.temporary = files === null ? null : files.make;
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
  const rows: Datum[][] = [];
  try {
    for (let i = 0; i < batches; i++) {
      const batch = statement.next();
      if (batch === null) break;
      for (let row = 0; row < batch.count; row++)
        rows.push(plan.slots.map((_, column) => datumAt(batch.column(column), batch.position(row))));
    }
  } finally {
    statement.close();
    assert.equal(memory.openFiles, 0);
    assert.equal(memory.heldBytes, 0);
    assert.equal(files?.open ?? 0, 0);
  }
  return { rows, peakBytes: memory.peakBytes };
}

/** To the end, closed early, cancelled, on a full disk. */
export function testEndings(plan: PhysicalNode, rows: number): void {
  const files = new Files();
  assert.equal(runPlan(plan, { files }).rows.length, rows);
  assert.ok(files.opened > 0 && files.writes > 3, 'it spills');
  runPlan(plan, { files: new Files(), batches: 1 });
  for (const cancelAt of [0, 1, 2])
    assert.throws(() => runPlan(plan, { files: new Files(), cancelAt }), { code: '57014' });
  const step = Math.max(1, Math.floor(files.writes / 12));
  for (let at = 0; at < files.writes; at += step)
    assert.throws(() => runPlan(plan, { files: new Files(at) }), { code: '53100' });
}
