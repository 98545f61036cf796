/** DISTINCT and DISTINCT ON: the first row of each key. */
import type { Batch } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import type { DistinctNode } from '../physical.ts';
import { type Operator, projectProgram } from './operator.ts';

/** Rows whose key was not seen before. */
export class DistinctFilter {
  private readonly encoder: KeyEncoder;
  private readonly table: GroupTable;
  private groups: Int32Array = new Int32Array(0);

  constructor(types: ConstructorParameters<typeof KeyEncoder>[0]) {
    this.encoder = new KeyEncoder(types);
    this.table = new GroupTable(types.length);
  }

  memoryBytes(): number {
    return this.encoder.memoryBytes() + this.table.memoryBytes();
  }

  /** `keys` holds the key columns of the same rows. */
  run(batch: Batch, keys: Batch): Batch | null {
    const { count } = batch;
    const vectors = this.encoder.columns.map((_, i) => keys.column(i));
    if (this.groups.length < count) this.groups = new Int32Array(Math.max(count, 2048));
    const fresh = new Int32Array(count);
    const codes = this.encoder.encode(vectors, keys.selection, count, true);
    const freshCount = this.table.insert(codes, count, this.groups, fresh);
    if (freshCount === 0) return null;
    if (freshCount === count) return batch;
    const { selection } = batch;
    if (selection !== null) for (let i = 0; i < freshCount; i++) fresh[i] = selection[fresh[i]!]!;
    return batch.select(fresh, freshCount);
  }
}

export class DistinctOperator implements Operator {
  private readonly node: DistinctNode;
  private readonly input: Operator;
  private readonly program: ProjectProgram | null;
  private context!: ExecContext;
  private filter: DistinctFilter | null = null;
  private reported = 0;

  constructor(node: DistinctNode, input: Operator) {
    this.node = node;
    this.input = input;
    this.program = node.on === null ? null : projectProgram(node.on);
  }

  open(context: ExecContext): void {
    this.context = context;
    const keys = this.node.on ?? this.node.slots;
    this.filter = new DistinctFilter(keys.map((key) => key.type));
    this.input.open(context);
  }

  next(): Batch | null {
    const filter = this.filter!;
    for (;;) {
      const batch = this.input.next();
      if (batch === null) return null;
      this.context.statement.checkCancel();
      const keys = this.program === null ? batch : this.program.run(batch, this.context);
      const kept = filter.run(batch, keys);
      this.reported = this.context.statement.memory.resize(this.reported, filter.memoryBytes());
      if (kept !== null) return kept;
    }
  }

  close(): void {
    this.filter = null;
    if (this.reported > 0) this.reported = this.context.statement.memory.resize(this.reported, 0);
    this.input.close();
  }
}
