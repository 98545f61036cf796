/**
 * UNION, INTERSECT, EXCEPT, with and without ALL.
 *
 * I1  Rows compare as in DISTINCT: NULLs are equal.
 * I2  INTERSECT and EXCEPT read the right input first and count its rows; the left then passes row by row.
 *     intersect: a left row passes while the right count lasts (ALL) or once (not ALL);
 *     except: a left row passes unless the right count lasts (ALL), or if there is none and it is new (not ALL).
 */
import type { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import type { SetOpNode } from '../physical.ts';
import { DistinctFilter } from './distinct.ts';
import { drain, type Operator } from './operator.ts';

export class UnionOperator implements Operator {
  private readonly node: SetOpNode;
  private readonly inputs: readonly Operator[];
  private context!: ExecContext;
  private filter: DistinctFilter | null = null;
  private current = -1;

  constructor(node: SetOpNode, inputs: readonly Operator[]) {
    this.node = node;
    this.inputs = inputs;
  }

  open(context: ExecContext): void {
    this.context = context;
    this.current = -1;
    this.filter = this.node.all ? null : new DistinctFilter(this.node.slots.map((slot) => slot.type));
  }

  /** Inputs are opened one after the other. */
  next(): Batch | null {
    for (;;) {
      const input = this.inputs[this.current];
      const batch = input === undefined ? null : input.next();
      if (batch === null) {
        input?.close();
        if (this.current + 1 >= this.inputs.length) {
          this.current = this.inputs.length;
          return null;
        }
        this.current++;
        this.inputs[this.current]!.open(this.context);
        continue;
      }
      if (this.filter === null) return batch;
      const kept = this.filter.run(batch, batch);
      if (kept !== null) return kept;
    }
  }

  close(): void {
    this.inputs[this.current]?.close();
    this.current = this.inputs.length;
    this.filter = null;
  }
}

export class IntersectExceptOperator implements Operator {
  private readonly node: SetOpNode;
  private readonly left: Operator;
  private readonly right: Operator;
  private context!: ExecContext;
  private encoder!: KeyEncoder;
  private table!: GroupTable;
  /** By group: right rows not yet used up; not ALL: -1 once the left row was output. */
  private counts: number[] = [];
  private isBuilt = false;

  constructor(node: SetOpNode, inputs: readonly Operator[]) {
    this.node = node;
    this.left = inputs[0]!;
    this.right = inputs[1]!;
  }

  open(context: ExecContext): void {
    this.context = context;
    this.encoder = new KeyEncoder(this.node.slots.map((slot) => slot.type));
    this.table = new GroupTable(this.node.slots.length);
    this.counts = [];
    this.isBuilt = false;
    this.left.open(context);
    this.right.open(context);
  }

  private groupsOf(batch: Batch): Int32Array {
    const groups = new Int32Array(batch.count);
    const vectors = this.node.slots.map((_, i) => batch.column(i));
    const codes = this.encoder.encode(vectors, batch.selection, batch.count, true);
    this.table.insert(codes, batch.count, groups, new Int32Array(batch.count));
    while (this.counts.length < this.table.count) this.counts.push(0);
    return groups;
  }

  next(): Batch | null {
    if (!this.isBuilt) {
      drain(this.right, (batch) => {
        this.context.statement.checkCancel();
        for (const group of this.groupsOf(batch)) this.counts[group]!++;
      });
      this.isBuilt = true;
    }
    for (;;) {
      const batch = this.left.next();
      if (batch === null) return null;
      this.context.statement.checkCancel();
      const groups = this.groupsOf(batch);
      const out = new Int32Array(batch.count);
      let kept = 0;
      for (let i = 0; i < batch.count; i++) if (this.passes(groups[i]!)) out[kept++] = batch.position(i);
      if (kept > 0) return batch.select(out, kept);
    }
  }

  private passes(group: number): boolean {
    const { counts } = this;
    const left = counts[group]!;
    const isIntersect = this.node.op === 'intersect';
    if (this.node.all) {
      if (left > 0) counts[group] = left - 1;
      return left > 0 === isIntersect;
    }
    if (left < 0) return false;
    const isOutput = left > 0 === isIntersect;
    if (isOutput) counts[group] = -1;
    return isOutput;
  }

  close(): void {
    this.counts = [];
    this.left.close();
    this.right.close();
  }
}
