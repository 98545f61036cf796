/**
 * DISTINCT in an aggregate: which argument values each group has seen.
 *
 * I1  Beyond the statement's memory, rows whose values are not known by then are put aside by their hash, and told apart part by
 *     part at the end: aggregates here do not care for the order of their rows, or sort them (OrderedArguments).
 */
import { int4Type } from '../../types/integer-types.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { Batch, batchRoom, identity } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import { DistinctStream } from '../operators/distinct.ts';
import { drain, type Operator, projectProgram } from '../operators/operator.ts';
import type { Slot } from '../physical.ts';
import { spillSpecs } from '../spill/block-codec.ts';
import { PARTITION_ROWS_MIN, Partitions } from '../spill/partitions.ts';
import { gather } from '../vectors.ts';
import type { TakeArguments } from './ordered-arguments.ts';

export class DistinctArguments {
  private encoder: KeyEncoder;
  private table: GroupTable;
  /** Types of what is to be distinct. */
  private readonly types: readonly SqlType[];
  /** Columns put aside: all of them, and the group. */
  private readonly slots: readonly Slot[];
  private readonly context: ExecContext;
  private groupCodes: Float64Array = new Float64Array(0);
  private reported = 0;
  private aside: Partitions | null = null;
  private isUnstorable = false;
  private stream: DistinctStream | null = null;

  /** Of the columns `exprs`, the first `width` are to be distinct. */
  constructor(exprs: readonly Expr[], width: number, context: ExecContext) {
    this.types = exprs.slice(0, width).map((expr) => expr.type);
    this.slots = [...exprs, { type: int4Type, typmod: -1 }].map(({ type, typmod }) => ({ type, typmod }));
    this.context = context;
    this.encoder = new KeyEncoder(this.types);
    this.table = new GroupTable(width + 1);
  }

  /** Numbers of the rows whose values are new to their group; more may come with {@link takeRest}. */
  freshRows(
    vectors: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): Int32Array {
    if (this.groupCodes.length < count) this.groupCodes = new Float64Array(batchRoom(count));
    if (groups === null) this.groupCodes.fill(0, 0, count);
    else for (let i = 0; i < count; i++) this.groupCodes[i] = groups[i]!;
    const { memory } = this.context.statement;
    if (memory.wantsSpill && this.table.count >= PARTITION_ROWS_MIN) this.aside ??= this.makePartitions();
    const args = vectors.slice(0, this.types.length);
    const codes = this.encoder.encode(args, positions, count, this.aside === null);
    const keys = [this.groupCodes, ...codes];
    const found = new Int32Array(count);
    const fresh = new Int32Array(count);
    if (this.aside !== null) {
      this.table.find(keys, count, found);
      this.putAside(this.aside, vectors, positions, groups, found);
      return fresh.subarray(0, 0);
    }
    const freshCount = this.table.insert(keys, count, found, fresh);
    const bytes = this.table.memoryBytes() + this.encoder.memoryBytes();
    this.reported = memory.resize(this.reported, bytes);
    return fresh.subarray(0, freshCount);
  }

  private makePartitions(): Partitions | null {
    const specs = this.isUnstorable ? null : spillSpecs(this.slots);
    this.isUnstorable = specs === null;
    return specs === null
      ? null
      : new Partitions(this.slots, specs, this.keyTypes(), this.context.statement.memory, 0);
  }

  private keyTypes(): SqlType[] {
    return [...this.types, int4Type];
  }

  /** Rows that were not found. */
  private putAside(
    aside: Partitions,
    vectors: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    found: Int32Array,
  ): void {
    const at = new Int32Array(found.length);
    const ownGroups = new Int32Array(found.length);
    let count = 0;
    for (let i = 0; i < found.length; i++) {
      if (found[i]! >= 0) continue;
      ownGroups[count] = groups === null ? 0 : groups[i]!;
      at[count++] = positions === null ? i : positions[i]!;
    }
    if (count === 0) return;
    const columns = vectors.map((vector) => gather(vector, at, count));
    const group: Vector = { physical: Physical.int32, values: ownGroups, nulls: null };
    const keys = [...columns.slice(0, this.types.length), group];
    const rows = identity(0, count);
    aside.add(Batch.of([...columns, group], count), rows, keys, rows, count);
  }

  /** The fresh ones among the rows put aside; the table is given up. */
  takeRest(tell: TakeArguments): void {
    const { aside, context } = this;
    if (aside === null) return;
    this.forget();
    aside.finish();
    const group = this.slots.length - 1;
    const pass = (batch: Batch): void => {
      const vectors = this.slots.map((_, i) => batch.column(i));
      const { selection, count } = batch;
      const own = vectors[group]!.values as Int32Array;
      const groups = selection === null ? own : selection.subarray(0, count).map((row) => own[row]!);
      tell(vectors.slice(0, group), selection, groups, count);
    };
    for (let part = 0; part < aside.count; part++) {
      if (aside.isEmpty(part)) continue;
      this.stream = new DistinctStream(this.slots, this.keySlots(), this.keyProgram(), context, 1);
      this.tellFresh(this.stream, aside.reader(part), pass);
      this.stream.close();
      this.stream = null;
    }
  }

  private tellFresh(stream: DistinctStream, input: Operator, pass: (batch: Batch) => void): void {
    input.open(this.context);
    drain(input, (batch) => {
      this.context.statement.checkCancel();
      const fresh = stream.add(batch, true);
      if (fresh !== null) pass(fresh);
    });
    for (let rest = stream.rest(); rest !== null; rest = stream.rest()) pass(rest);
  }

  private keySlots(): readonly Slot[] {
    return [...this.slots.slice(0, this.types.length), this.slots.at(-1)!];
  }

  /** Null where all columns are the key. */
  private keyProgram(): ProjectProgram | null {
    if (this.slots.length === this.types.length + 1) return null;
    const places = [...this.types.keys(), this.slots.length - 1];
    return projectProgram(
      places.map((place): Expr => ({ kind: 'slot', slot: place, ...this.slots[place]!, location: -1 })),
    );
  }

  private forget(): void {
    this.encoder = new KeyEncoder(this.types);
    this.table = new GroupTable(this.types.length + 1);
    this.reported = this.context.statement.memory.resize(this.reported, 0);
  }

  release(): void {
    this.stream?.close();
    this.stream = null;
    this.aside?.close();
    this.aside = null;
    this.forget();
  }
}
