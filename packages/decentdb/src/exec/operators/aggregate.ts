/**
 * GROUP BY and aggregates.
 *
 * I1  Groups come out in order of first appearance, so sorted input gives sorted output ('sorted' plans rely on it).
 * I2  Several grouping sets are several tables filled from the same rows, output one after the other.
 */
import { Physical, type Vector } from '../../types/vector.ts';
import { AggregateStage } from '../aggregates/stage.ts';
import { BATCH_ROWS, Batch } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import type { AggregateNode } from '../physical.ts';
import { constantVector, nullVector } from '../vectors.ts';
import { drain, type Operator, projectProgram } from './operator.ts';

export class AggregateOperator implements Operator {
  private readonly node: AggregateNode;
  private readonly input: Operator;
  private context!: ExecContext;
  private outputs: Batch[] | null = null;
  private output = 0;
  private at = 0;
  private sets: GroupingSet[] = [];
  private reported = 0;

  constructor(node: AggregateNode, input: Operator) {
    this.node = node;
    this.input = input;
  }

  open(context: ExecContext): void {
    this.context = context;
    this.outputs = null;
    this.output = 0;
    this.at = 0;
    this.sets = this.node.sets.map((set) => new GroupingSet(this.node, set, context));
    this.input.open(context);
  }

  next(): Batch | null {
    this.outputs ??= this.collect();
    for (;;) {
      const whole = this.outputs[this.output];
      if (whole === undefined) return null;
      const from = this.at;
      const to = Math.min(whole.count, from + BATCH_ROWS * 8);
      if (from < to) {
        this.at = to;
        return whole.slice(from, to);
      }
      this.output++;
      this.at = 0;
    }
  }

  private collect(): Batch[] {
    const { memory } = this.context.statement;
    const groupKeys = new GroupKeys(this.node);
    drain(this.input, (batch) => {
      this.context.statement.checkCancel();
      groupKeys.load(batch, this.context);
      for (const set of this.sets) set.add(batch, groupKeys, this.context);
      let bytes = 0;
      for (const set of this.sets) bytes += set.memoryBytes();
      this.reported = memory.resize(this.reported, bytes);
    });
    return this.sets.map((set) => set.finish(this.context));
  }

  close(): void {
    for (const set of this.sets) set.release();
    if (this.reported > 0) this.reported = this.context.statement.memory.resize(this.reported, 0);
    this.sets = [];
    this.outputs = null;
    this.input.close();
  }
}

/** The group columns of the batch at hand. */
class GroupKeys {
  vectors: Vector[] = [];
  positions: Int32Array | null = null;
  private readonly program: ProjectProgram;
  private readonly slots: readonly number[] | null;

  constructor(node: AggregateNode) {
    this.program = projectProgram(node.groups);
    this.slots = node.groups.every((expr) => expr.kind === 'slot')
      ? node.groups.map((expr) => (expr as { slot: number }).slot)
      : null;
  }

  load(batch: Batch, context: ExecContext): void {
    if (this.slots !== null) {
      this.vectors = this.slots.map((slot) => batch.column(slot));
      this.positions = batch.selection;
    } else {
      this.vectors = this.program.vectors(batch, context);
      this.positions = null;
    }
  }
}

/** The groups of one grouping set. */
class GroupingSet {
  private readonly node: AggregateNode;
  private readonly set: readonly number[];
  private readonly encoder: KeyEncoder;
  private readonly table: GroupTable;
  /** Group values, from the first row of each group. */
  private readonly keys: readonly ColumnStore[];
  private readonly stages: readonly AggregateStage[];
  private groups: Int32Array = new Int32Array(0);
  private fresh: Int32Array = new Int32Array(0);

  constructor(node: AggregateNode, set: readonly number[], context: ExecContext) {
    this.node = node;
    this.set = set;
    const types = set.map((index) => node.groups[index]!.type);
    this.encoder = new KeyEncoder(types);
    this.table = new GroupTable(set.length);
    this.keys = types.map((type) => new ColumnStore(type.physical));
    this.stages = node.aggregates.map((aggregate) => new AggregateStage(aggregate, context));
    if (set.length === 0) this.resize(1);
  }

  memoryBytes(): number {
    let bytes = this.table.memoryBytes() + this.encoder.memoryBytes();
    for (const stage of this.stages) bytes += stage.memoryBytes();
    return bytes + this.table.count * this.set.length * 12;
  }

  private resize(groups: number): void {
    for (const stage of this.stages) stage.resize(groups);
  }

  add(batch: Batch, keys: GroupKeys, context: ExecContext): void {
    const { count } = batch;
    if (this.set.length === 0) {
      for (const stage of this.stages) stage.add(batch, null, context);
      return;
    }
    if (this.groups.length < count) {
      this.groups = new Int32Array(Math.max(count, BATCH_ROWS));
      this.fresh = new Int32Array(Math.max(count, BATCH_ROWS));
    }
    const { groups, fresh } = this;
    const vectors = this.set.map((index) => keys.vectors[index]!);
    const codes = this.encoder.encode(vectors, keys.positions, count, true);
    const freshCount = this.table.insert(codes, count, groups, fresh);
    if (freshCount > 0) {
      const { positions } = keys;
      if (positions !== null) for (let i = 0; i < freshCount; i++) fresh[i] = positions[fresh[i]!]!;
      for (let k = 0; k < vectors.length; k++) this.keys[k]!.appendRows(vectors[k]!, fresh, 0, freshCount);
      this.resize(this.table.count);
    }
    for (const stage of this.stages) stage.add(batch, groups, context);
  }

  /** All groups as one batch. */
  finish(context: ExecContext): Batch {
    const { node, set } = this;
    const count = set.length === 0 ? 1 : this.table.count;
    const columns: Vector[] = node.groups.map((group, index) => {
      const at = set.indexOf(index);
      return at < 0 ? nullVector(group.type.physical, count) : this.keys[at]!.vector();
    });
    for (const stage of this.stages) columns.push(stage.result(count, context));
    for (const asked of node.groupings) columns.push(groupingVector(asked, set, count));
    return Batch.of(columns, count);
  }

  release(): void {
    for (const stage of this.stages) stage.release();
  }
}

/** GROUPING(a, b, ...): one bit an argument, the last the lowest; 1 where the set leaves it out. */
function groupingVector(asked: readonly number[], set: readonly number[], count: number): Vector {
  let bits = 0;
  for (const index of asked) bits = bits * 2 + (set.includes(index) ? 0 : 1);
  return constantVector(Physical.int32, bits, count);
}
