/**
 * The groups of one grouping set, and the keys that several sets share.
 *
 * I1  Groups come out in order of first appearance.
 * I2  A row belongs to the group whose keys equal its own: NULLs are equal.
 */
import { Physical, type Vector } from '../../types/vector.ts';
import { Batch, batchRoom } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import { projectProgram } from '../operators/operator.ts';
import type { AggregateNode } from '../physical.ts';
import type { Partitions } from '../spill/partitions.ts';
import { constantVector, nullVector } from '../vectors.ts';
import type { SharedArguments } from './shared-arguments.ts';
import { AggregateStage } from './stage.ts';
import { RowCounts } from './value-counts.ts';

/** Fewer groups than this are kept, however little memory there is. */
const GROUPS_MIN = 1024;
/** Part of the budget for an array of groups by key. */
const TABLE_SHARE = 8;
/** So many aggregates that count share one count of the rows. */
const SHARING_MIN = 2;

/** The group columns of the batch at hand. */
export class GroupKeys {
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
export class GroupingSet {
  private readonly node: AggregateNode;
  private readonly set: readonly number[];
  private readonly encoder: KeyEncoder;
  private readonly table: GroupTable;
  /** Group values, from the first row of each group. */
  private readonly keys: readonly ColumnStore[];
  private readonly stages: readonly AggregateStage[];
  private readonly shared: SharedArguments;
  /** Rows by group, for the stages that share the count; null: each counts for itself. */
  private readonly rowCounts: RowCounts | null;
  hasEnded = false;
  private groups: Int32Array = noRows;
  private fresh: Int32Array = noRows;

  /** `expected`: groups the planner counts on. */
  constructor(
    node: AggregateNode,
    set: readonly number[],
    shared: SharedArguments,
    expected: number,
    context: ExecContext,
  ) {
    this.node = node;
    this.set = set;
    const types = set.map((index) => node.groups[index]!.type);
    this.encoder = new KeyEncoder(types);
    this.table = new GroupTable(
      set.length,
      expected,
      context.statement.memory.limits.workBytes / TABLE_SHARE,
    );
    this.keys = types.map((type) => new ColumnStore(type.physical));
    const stages: AggregateStage[] = [];
    node.aggregates.forEach((aggregate, i) => {
      const own = aggregate.bySet?.get(set) ?? aggregate;
      stages.push(new AggregateStage(own, i, shared, stages, context));
    });
    this.stages = stages;
    const sharing = stages.filter((stage) => stage.canShareCounts);
    const rowCounts = sharing.length < SHARING_MIN ? null : new RowCounts();
    if (rowCounts !== null) for (const stage of sharing) stage.countBy(rowCounts);
    this.rowCounts = rowCounts;
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
    if (this.rowCounts !== null) bytes += this.rowCounts.memoryBytes();
    return bytes + this.table.count * this.set.length * 12;
  }

  private resize(groups: number): void {
    const { room } = this.table;
    this.rowCounts?.resize(groups, room);
    for (const stage of this.stages) stage.resize(groups, room);
  }

  add(batch: Batch, keys: GroupKeys, context: ExecContext): void {
    const { count } = batch;
    if (this.set.length === 0) {
      for (const stage of this.stages) stage.add(batch, null, context);
      this.rowCounts?.add(null, count);
      return;
    }
    if (this.groups.length < count) {
      this.groups = new Int32Array(batchRoom(count));
      this.fresh = new Int32Array(batchRoom(count));
    }
    const { groups, fresh } = this;
    const vectors = this.set.map((index) => keys.vectors[index]!);
    const positions = this.set.map((index) => keys.positions[index]!);
    const ints = this.encoder.plainInts(vectors);
    const freshCount =
      ints === null
        ? this.table.insert(this.encode(keys, count), count, groups, fresh, this.encoder.limits)
        : this.table.insertInts(ints, positions[0]!, count, groups, fresh);
    if (freshCount > 0) {
      for (let k = 0; k < vectors.length; k++) {
        const own = positions[k]!;
        const rows = own === null ? fresh : fresh.subarray(0, freshCount).map((row) => own[row]!);
        this.keys[k]!.appendRows(vectors[k]!, rows, 0, freshCount);
      }
      this.resize(this.table.count);
    }
    for (const stage of this.stages) stage.add(batch, groups, context);
    this.rowCounts?.add(groups, count);
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
    this.rowCounts?.add(groups, knownCount);
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
