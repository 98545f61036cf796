/**
 * GROUP BY and aggregates.
 *
 * I1  Groups come out in order of first appearance, so sorted input gives sorted output ('sorted' plans rely on it).
 * I3  When memory is short, rows of groups not yet known are put aside by the hash of their keys and grouped part by part
 *     afterwards ('hash' plans; the order of their groups means nothing). Each grouping set has its own rows aside.
 * I4  Of sorted input, groups that have ended leave before the rest is read ('sorted' plans): what is kept is some groups.
 * I2  Several grouping sets are several tables filled from the same rows, output one after the other.
 */
import { Physical, type Vector } from '../../types/vector.ts';
import { SharedArguments } from '../aggregates/shared-arguments.ts';
import { AggregateStage } from '../aggregates/stage.ts';
import { BATCH_ROWS, Batch, batchRoom } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import type { KeyFilter } from '../join/key-filter.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import type { AggregateNode } from '../physical.ts';
import { spillSpecs } from '../spill/block-codec.ts';
import { Partitions } from '../spill/partitions.ts';
import { constantVector, nullVector } from '../vectors.ts';
import { drain, type Operator, projectProgram } from './operator.ts';

/** Deepest splitting of rows put aside: beyond it they are grouped in memory whatever it takes. */
const LEVELS_MAX = 5;
/** I4: groups that leave together, at first and later. */
const FIRST_GROUPS = 64;
const ENDED_GROUPS = 4096;
/** Fewer groups than this are kept, however little memory there is. */
const GROUPS_MIN = 1024;

export class AggregateOperator implements Operator {
  private readonly node: AggregateNode;
  private readonly input: Operator;
  private context!: ExecContext;
  private outputs: Batch[] | null = null;
  private output = 0;
  private at = 0;
  private sets: GroupingSet[] = [];
  private shared!: SharedArguments;
  private reported = 0;
  private readonly level: number;
  /** By grouping set: rows put aside (I3). */
  private asides: (Partitions | null)[] = [];
  /** The part of a set's rows being worked through, and its operator. */
  private asideSet = 0;
  private part = 0;
  private inner: AggregateOperator | null = null;
  /** I4: rows of the batch at hand that are still to be grouped, and groups to come before some leave. */
  private remaining: Batch | null = null;
  private groupsWanted = FIRST_GROUPS;
  private isInputDone = false;
  private keys!: GroupKeys;

  /** `level`: how often the rows were put aside already. */
  constructor(node: AggregateNode, input: Operator, level = 0) {
    this.node = node;
    this.input = input;
    this.level = level;
  }

  open(context: ExecContext): void {
    this.context = context;
    this.outputs = null;
    this.output = 0;
    this.at = 0;
    this.asideSet = 0;
    this.part = 0;
    this.shared = new SharedArguments(this.node);
    this.sets = this.node.sets.map((set) => new GroupingSet(this.node, set, this.shared, context));
    this.keys = new GroupKeys(this.node);
    this.remaining = null;
    this.groupsWanted = FIRST_GROUPS;
    this.isInputDone = false;
    this.asides = this.sets.map(() => null);
    this.input.open(context);
    // What is kept of a batch is copied: keys, sums, values.
    this.input.reuse?.();
  }

  /** Rows of groups nobody wants are not grouped. */
  restrict(slot: number, keys: KeyFilter): boolean {
    const { sets, groups } = this.node;
    const expr = groups[slot];
    if (expr?.kind !== 'slot' || sets.length !== 1 || !sets[0]!.includes(slot)) return false;
    return this.input.restrict?.(expr.slot, keys) === true;
  }

  next(): Batch | null {
    this.outputs ??= this.isStreaming ? this.collectEnded() : this.collect();
    for (;;) {
      const whole = this.outputs[this.output];
      if (whole === undefined) {
        if (!this.isStreaming || this.isInputDone) return this.nextOfParts();
        this.outputs = this.collectEnded();
        this.output = 0;
        continue;
      }
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

  private get isStreaming(): boolean {
    const { strategy, sets } = this.node;
    return strategy === 'sorted' && sets.length === 1 && sets[0]!.length > 0;
  }

  /** I4: reads until some groups have ended, and tells those; at the end of the input all. */
  private collectEnded(): Batch[] {
    const { context, node, keys } = this;
    let set = this.sets[0]!;
    if (set.hasEnded) {
      set.release(context);
      set = new GroupingSet(node, node.sets[0]!, this.shared, context);
      this.sets = [set];
    }
    for (;;) {
      const batch = this.remaining ?? this.input.next();
      this.remaining = null;
      if (batch === null) {
        this.isInputDone = true;
        return [set.finish(context)];
      }
      context.statement.checkCancel();
      keys.load(batch, context, true);
      const ended = set.count < this.groupsWanted ? 0 : set.lastGroupStart(batch, keys);
      const rows = ended === 0 ? batch : batch.slice(0, ended);
      if (ended > 0) keys.load(rows, context, true);
      this.shared.load(rows, context);
      set.add(rows, keys, context);
      this.reported = context.statement.memory.resize(this.reported, set.memoryBytes());
      if (ended === 0) continue;
      this.remaining = batch.slice(ended, batch.count);
      this.groupsWanted = Math.min(ENDED_GROUPS, this.groupsWanted * 4);
      return [set.finish(context)];
    }
  }

  private collect(): Batch[] {
    const { memory } = this.context.statement;
    const groupKeys = this.keys;
    drain(this.input, (batch) => {
      this.context.statement.checkCancel();
      if (memory.wantsSpill) this.spill();
      const { asides, sets } = this;
      groupKeys.load(
        batch,
        this.context,
        asides.every((aside) => aside === null),
      );
      // Sets that know their groups compute arguments of their own rows alone: they come last.
      if (asides.includes(null)) this.shared.load(batch, this.context);
      for (let i = 0; i < sets.length; i++)
        if (asides[i] === null) sets[i]!.add(batch, groupKeys, this.context);
      for (let i = 0; i < sets.length; i++)
        if (asides[i]) sets[i]!.addKnown(batch, groupKeys, this.context, asides[i]!);
      let bytes = 0;
      for (const set of sets) bytes += set.memoryBytes();
      this.reported = memory.resize(this.reported, bytes);
    });
    for (const aside of this.asides) aside?.finish();
    return this.sets.map((set) => set.finish(this.context));
  }

  /** I3: sets of many groups take no more. */
  private spill(): void {
    for (let i = 0; i < this.sets.length; i++)
      if (this.asides[i] === null && this.sets[i]!.isLarge) this.asides[i] = this.makePartitions(i);
  }

  /** Null where it does not apply. */
  private makePartitions(index: number): Partitions | null {
    const { node, level } = this;
    const set = node.sets[index]!;
    if (node.strategy !== 'hash' || set.length === 0 || level >= LEVELS_MAX) return null;
    const specs = spillSpecs(node.input.slots);
    if (specs === null) return null;
    const types = set.map((one) => node.groups[one]!.type);
    return new Partitions(node.input.slots, specs, types, this.context.statement.memory, level);
  }

  /** Groups of the rows put aside; those in memory are through. */
  private nextOfParts(): Batch | null {
    const { asides, node } = this;
    if (this.sets.length > 0) this.releaseSets();
    for (; this.asideSet < asides.length; this.asideSet++, this.part = 0) {
      const aside = asides[this.asideSet]!;
      if (aside === null) continue;
      for (; this.part < aside.count; this.part++) {
        if (this.inner === null) {
          if (aside.isEmpty(this.part)) continue;
          const own = node.sets.length === 1 ? node : { ...node, sets: [node.sets[this.asideSet]!] };
          this.inner = new AggregateOperator(own, aside.reader(this.part), this.level + 1);
          this.inner.open(this.context);
        }
        const batch = this.inner.next();
        if (batch !== null) return batch;
        this.inner.close();
        this.inner = null;
      }
    }
    return null;
  }

  private releaseSets(): void {
    for (const set of this.sets) set.release(this.context);
    if (this.reported > 0) this.reported = this.context.statement.memory.resize(this.reported, 0);
    this.sets = [];
    this.outputs = [];
    this.output = 0;
  }

  close(): void {
    this.inner?.close();
    this.inner = null;
    for (const aside of this.asides) aside?.close();
    this.asides = [];
    this.releaseSets();
    this.outputs = null;
    this.remaining = null;
    this.input.close();
  }
}

/** The group columns of the batch at hand. */
class GroupKeys {
  vectors: Vector[] = [];
  /** By key: positions of the rows in its vector. */
  positions: (Int32Array | null)[] = [];
  /** By key: the vector is a join's own and comes again with the next batch. */
  areLasting: boolean[] = [];
  private readonly program: ProjectProgram;
  private readonly slots: readonly number[] | null;

  private readonly node: AggregateNode;

  constructor(node: AggregateNode) {
    this.node = node;
    this.program = projectProgram(node.groups);
    this.slots = node.groups.every((expr) => expr.kind === 'slot')
      ? node.groups.map((expr) => (expr as { slot: number }).slot)
      : null;
  }

  /** `mayStay`: keys may be left where a join took them from, each with positions of its own. */
  load(batch: Batch, context: ExecContext, mayStay: boolean): void {
    if (this.slots === null) {
      this.vectors = this.program.vectors(batch, context);
      this.positions = this.vectors.map(() => null);
      this.areLasting = this.vectors.map(() => false);
      return;
    }
    this.vectors = [];
    this.positions = [];
    this.areLasting = [];
    for (const slot of this.slots) {
      // Texts a join would gather are numbered where they are.
      const isText = this.node.input.slots[slot]!.type.physical === Physical.text;
      const origin = mayStay && isText ? batch.origin(slot) : null;
      this.areLasting.push(origin !== null);
      this.vectors.push(origin === null ? batch.column(slot) : origin.vector);
      this.positions.push(origin === null ? batch.selection : selected(origin.positions, batch));
    }
  }
}

/** Positions of the batch's rows in what its column comes from. */
function selected(positions: Int32Array, batch: Batch): Int32Array {
  const { selection, count } = batch;
  if (selection === null) return positions;
  const out = new Int32Array(count);
  for (let i = 0; i < count; i++) out[i] = positions[selection[i]!]!;
  return out;
}

const noRows = new Int32Array(0);

/** The groups of one grouping set. */
class GroupingSet {
  private readonly node: AggregateNode;
  private readonly set: readonly number[];
  private readonly encoder: KeyEncoder;
  private readonly table: GroupTable;
  /** Group values, from the first row of each group. */
  private readonly keys: readonly ColumnStore[];
  private readonly stages: readonly AggregateStage[];
  private readonly shared: SharedArguments;
  hasEnded = false;
  private groups: Int32Array = noRows;
  private fresh: Int32Array = noRows;

  constructor(node: AggregateNode, set: readonly number[], shared: SharedArguments, context: ExecContext) {
    this.node = node;
    this.set = set;
    const types = set.map((index) => node.groups[index]!.type);
    this.encoder = new KeyEncoder(types);
    this.table = new GroupTable(set.length, node.estimate?.rows ?? 0);
    this.keys = types.map((type) => new ColumnStore(type.physical));
    const stages: AggregateStage[] = [];
    node.aggregates.forEach((aggregate, i) => {
      stages.push(new AggregateStage(aggregate, i, shared, stages, context));
    });
    this.stages = stages;
    this.shared = shared;
    if (set.length === 0) this.resize(1);
  }

  get count(): number {
    return this.table.count;
  }

  /**
   * The first row of the batch's last group, where that group began in this batch: 0 where it is the only one of the batch. The rows
   * come sorted by their keys.
   */
  lastGroupStart(batch: Batch, keys: GroupKeys): number {
    const { count } = batch;
    const codes = this.encode(keys, count);
    let from = count - 1;
    while (from > 0 && codes.every((of) => of[from - 1] === of[count - 1])) from--;
    return from;
  }

  private encode(keys: GroupKeys, count: number): readonly Float64Array[] {
    const vectors = this.set.map((index) => keys.vectors[index]!);
    const positions = this.set.map((index) => keys.positions[index]!);
    const areLasting = this.set.map((index) => keys.areLasting[index]!);
    return this.encoder.encode(vectors, positions, count, true, areLasting);
  }

  /** Enough groups to be worth a pass of their own. */
  get isLarge(): boolean {
    return this.table.count >= GROUPS_MIN;
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
      this.groups = new Int32Array(batchRoom(count));
      this.fresh = new Int32Array(batchRoom(count));
    }
    const { groups, fresh } = this;
    const vectors = this.set.map((index) => keys.vectors[index]!);
    const positions = this.set.map((index) => keys.positions[index]!);
    const codes = this.encode(keys, count);
    const freshCount = this.table.insert(codes, count, groups, fresh);
    if (freshCount > 0) {
      for (let k = 0; k < vectors.length; k++) {
        const own = positions[k]!;
        const rows = own === null ? fresh : fresh.subarray(0, freshCount).map((row) => own[row]!);
        this.keys[k]!.appendRows(vectors[k]!, rows, 0, freshCount);
      }
      this.resize(this.table.count);
    }
    for (const stage of this.stages) stage.add(batch, groups, context);
  }

  /** Adds rows of known groups; the others go to `aside`. */
  addKnown(batch: Batch, keys: GroupKeys, context: ExecContext, aside: Partitions): void {
    const { count } = batch;
    const vectors = this.set.map((index) => keys.vectors[index]!);
    // Keys are all of the batch or all computed here.
    const own = keys.positions[this.set[0]!]!;
    const codes = this.encoder.encode(
      vectors,
      this.set.map((index) => keys.positions[index]!),
      count,
      false,
    );
    const found = new Int32Array(count);
    this.table.find(codes, count, found);
    const known = new Int32Array(count);
    const groups = new Int32Array(count);
    const unknown = new Int32Array(count);
    const unknownKeys = new Int32Array(count);
    let knownCount = 0;
    let unknownCount = 0;
    for (let i = 0; i < count; i++) {
      const at = batch.position(i);
      if (found[i]! >= 0) {
        groups[knownCount] = found[i]!;
        known[knownCount++] = at;
      } else {
        unknownKeys[unknownCount] = own === null ? i : own[i]!;
        unknown[unknownCount++] = at;
      }
    }
    if (unknownCount > 0) aside.add(batch, unknown, vectors, unknownKeys, unknownCount);
    if (knownCount === 0) return;
    const rows = knownCount === count ? batch : batch.select(known.subarray(0, knownCount), knownCount);
    this.shared.load(rows, context);
    for (const stage of this.stages) stage.add(rows, groups, context);
  }

  /** All groups as one batch; no rows come any more. */
  finish(context: ExecContext): Batch {
    const { node, set } = this;
    this.hasEnded = true;
    const count = set.length === 0 ? 1 : this.table.count;
    const columns: Vector[] = node.groups.map((group, index) => {
      const at = set.indexOf(index);
      return at < 0 ? nullVector(group.type.physical, count) : this.keys[at]!.vector();
    });
    for (const stage of this.stages) columns.push(stage.result(count, context));
    for (const asked of node.groupings) columns.push(groupingVector(asked, set, count));
    return Batch.of(columns, count);
  }

  release(context: ExecContext): void {
    for (const stage of this.stages) stage.release(context);
  }
}

/** GROUPING(a, b, ...): one bit an argument, the last the lowest; 1 where the set leaves it out. */
function groupingVector(asked: readonly number[], set: readonly number[], count: number): Vector {
  let bits = 0;
  for (const index of asked) bits = bits * 2 + (set.includes(index) ? 0 : 1);
  return constantVector(Physical.int32, bits, count);
}
