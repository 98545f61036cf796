/** DISTINCT and DISTINCT ON: the first row of each key. */
import { type Batch, batchRoom, identity } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import type { DistinctNode, Slot } from '../physical.ts';
import { spillSpecs } from '../spill/block-codec.ts';
import { PARTITION_LEVELS_MAX, PARTITION_ROWS_MIN, Partitions } from '../spill/partitions.ts';
import { type Operator, projectProgram } from './operator.ts';

/** Rows whose key was not seen before. */
export class DistinctFilter {
  private readonly encoder: KeyEncoder;
  private readonly table: GroupTable;
  private groups: Int32Array = new Int32Array(0);
  private fresh: Int32Array = new Int32Array(0);

  constructor(types: ConstructorParameters<typeof KeyEncoder>[0]) {
    this.encoder = new KeyEncoder(types);
    this.table = new GroupTable(types.length);
  }

  memoryBytes(): number {
    return this.encoder.memoryBytes() + this.table.memoryBytes();
  }

  /** Keys seen. */
  get count(): number {
    return this.table.count;
  }

  /** `keys` holds the key columns of the same rows. */
  run(batch: Batch, keys: Batch): Batch | null {
    const { count } = batch;
    const vectors = this.encoder.columns.map((_, i) => keys.column(i));
    if (this.groups.length < count) {
      this.groups = new Int32Array(batchRoom(count));
      this.fresh = new Int32Array(this.groups.length);
    }
    const codes = this.encoder.encode(vectors, keys.selection, count, true);
    const freshCount = this.table.insert(codes, count, this.groups, this.fresh, this.encoder.limits);
    if (freshCount === 0) return null;
    if (freshCount === count) return batch;
    const { selection } = batch;
    const fresh = this.fresh.slice(0, freshCount);
    if (selection !== null) for (let i = 0; i < freshCount; i++) fresh[i] = selection[fresh[i]!]!;
    return batch.select(fresh, freshCount);
  }

  /** Which of the rows have a key seen: 1 into `seen`. Nothing is noted. */
  test(batch: Batch, seen: Uint8Array): void {
    const { count } = batch;
    const vectors = this.encoder.columns.map((_, i) => batch.column(i));
    if (this.groups.length < count) {
      this.groups = new Int32Array(batchRoom(count));
      this.fresh = new Int32Array(this.groups.length);
    }
    this.table.find(this.encoder.encode(vectors, batch.selection, count, false), count, this.groups);
    for (let i = 0; i < count; i++) if (this.groups[i]! >= 0) seen[i] = 1;
  }

  /** Puts rows of keys not seen yet aside; the others are not needed. */
  putAside(batch: Batch, keys: Batch, aside: Partitions): void {
    const { count } = batch;
    const vectors = this.encoder.columns.map((_, i) => keys.column(i));
    const found = new Int32Array(count);
    this.table.find(this.encoder.encode(vectors, keys.selection, count, false), count, found);
    const rows = new Int32Array(count);
    const keyRows = new Int32Array(count);
    let unknown = 0;
    for (let i = 0; i < count; i++) {
      if (found[i]! >= 0) continue;
      rows[unknown] = batch.position(i);
      keyRows[unknown++] = keys.position(i);
    }
    if (unknown > 0) aside.add(batch, rows, vectors, keyRows, unknown);
  }
}

/**
 * The distinct rows of a stream: `add` its batches, then take `rest` until null. Beyond the statement's memory rows of new keys
 * are put aside and come with the rest; the rows of a stream that fits come out in its order.
 */
export class DistinctStream {
  private readonly slots: readonly Slot[];
  private readonly keys: readonly Pick<Slot, 'type'>[];
  private readonly program: ProjectProgram | null;
  private readonly context: ExecContext;
  private readonly level: number;
  private filter: DistinctFilter;
  private aside: Partitions | null = null;
  private isEnded = false;
  private part = 0;
  private inner: { readonly stream: DistinctStream; readonly input: Operator } | null = null;
  private reported = 0;

  /** `program` computes the key columns; null: all columns are the key. */
  constructor(
    slots: readonly Slot[],
    keys: readonly Pick<Slot, 'type'>[],
    program: ProjectProgram | null,
    context: ExecContext,
    level = 0,
  ) {
    this.slots = slots;
    this.keys = keys;
    this.program = program;
    this.context = context;
    this.level = level;
    this.filter = new DistinctFilter(keys.map((key) => key.type));
  }

  /** `maySpill`: the order of the rows does not matter. */
  add(batch: Batch, maySpill: boolean): Batch | null {
    const { memory } = this.context.statement;
    const keys = this.program === null ? batch : this.program.run(batch, this.context);
    if (maySpill && this.aside === null && memory.wantsSpill && this.filter.count >= PARTITION_ROWS_MIN)
      this.aside = this.makePartitions();
    if (this.aside !== null) {
      this.filter.putAside(batch, keys, this.aside);
      return null;
    }
    const kept = this.filter.run(batch, keys);
    this.reported = memory.resize(this.reported, this.filter.memoryBytes());
    return kept;
  }

  private makePartitions(): Partitions | null {
    const specs = spillSpecs(this.slots);
    if (specs === null || this.level >= PARTITION_LEVELS_MAX) return null;
    const types = this.keys.map((key) => key.type);
    return new Partitions(this.slots, specs, types, this.context.statement.memory, this.level);
  }

  rest(): Batch | null {
    const { aside } = this;
    if (aside === null) return null;
    if (!this.isEnded) {
      this.isEnded = true;
      aside.finish();
      this.forget();
    }
    for (;;) {
      if (this.inner === null) {
        while (this.part < aside.count && aside.isEmpty(this.part)) this.part++;
        if (this.part >= aside.count) return null;
        const input = aside.reader(this.part++);
        input.open(this.context);
        const stream = new DistinctStream(this.slots, this.keys, this.program, this.context, this.level + 1);
        this.inner = { stream, input };
      }
      const { stream, input } = this.inner;
      this.context.statement.checkCancel();
      const batch = input.next();
      const out = batch === null ? stream.rest() : stream.add(batch, true);
      if (out !== null) return out;
      if (batch !== null) continue;
      stream.close();
      this.inner = null;
    }
  }

  private forget(): void {
    this.filter = new DistinctFilter(this.keys.map((key) => key.type));
    this.reported = this.context.statement.memory.resize(this.reported, 0);
  }

  close(): void {
    this.inner?.stream.close();
    this.inner = null;
    this.aside?.close();
    this.aside = null;
    this.forget();
  }
}

/** Sorted by its keys, a key that left does not come again: keys are forgotten when there are this many. */
const SORTED_KEYS_MAX = 8192;

export class DistinctOperator implements Operator {
  private readonly node: DistinctNode;
  private readonly input: Operator;
  private readonly program: ProjectProgram | null;
  private readonly keys: readonly Pick<Slot, 'type'>[];
  private context!: ExecContext;
  private stream: DistinctStream | null = null;
  private sorted: DistinctFilter | null = null;

  constructor(node: DistinctNode, input: Operator) {
    this.node = node;
    this.input = input;
    this.program = node.on === null ? null : projectProgram(node.on);
    this.keys = node.on ?? node.slots;
  }

  open(context: ExecContext): void {
    this.context = context;
    if (this.node.strategy === 'sorted') this.sorted = this.newFilter();
    else this.stream = new DistinctStream(this.node.slots, this.keys, this.program, context);
    this.input.open(context);
  }

  private newFilter(): DistinctFilter {
    return new DistinctFilter(this.keys.map((key) => key.type));
  }

  next(): Batch | null {
    for (;;) {
      const batch = this.input.next();
      if (batch === null) return this.stream?.rest() ?? null;
      this.context.statement.checkCancel();
      const kept =
        this.stream === null ? this.nextSorted(batch) : this.stream.add(batch, !this.node.isOrdered);
      if (kept !== null) return kept;
    }
  }

  private nextSorted(batch: Batch): Batch | null {
    const keys = this.program === null ? batch : this.program.run(batch, this.context);
    const kept = this.sorted!.run(batch, keys);
    if (this.sorted!.count >= SORTED_KEYS_MAX && batch.count > 0) {
      // The last key may go on in the next batch.
      this.sorted = this.newFilter();
      const last =
        keys.selection === null
          ? identity(batch.count - 1, batch.count)
          : keys.selection.subarray(batch.count - 1, batch.count);
      const row = keys.select(last, 1);
      this.sorted.run(row, row);
    }
    return kept;
  }

  close(): void {
    this.stream?.close();
    this.stream = null;
    this.sorted = null;
    this.input.close();
  }
}
