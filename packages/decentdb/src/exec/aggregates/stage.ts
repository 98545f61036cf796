/**
 * One aggregate of a query at work: FILTER, argument expressions, DISTINCT, ORDER BY, then the accumulator.
 *
 * I1  Arguments are evaluated only for rows that pass FILTER.
 * I3  `sum(x)` and `avg(x)` of exact types share what they add up.
 * I2  DISTINCT of an order-sensitive function feeds values in ascending order, as PostgreSQL's sort-based DISTINCT does.
 */
import { notSupported } from '../../base/errors.ts';

import { Oid } from '../../types/oids.ts';
import type { Vector } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import { exprKey } from '../compile/expr-key.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import type { Expr, SortKey } from '../expr.ts';
import { GroupTable } from '../keys/group-table.ts';
import { KeyEncoder } from '../keys/key-encoder.ts';
import { derivedExprs, projectProgram } from '../operators/operator.ts';
import type { Aggregate } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { sortRows } from '../sort/sort-rows.ts';
import { isInteger } from '../type-traits.ts';
import type { Accumulator } from './accumulator.ts';
import { isOrderSensitive, makeAccumulator } from './make.ts';
import { OrderedSetAccumulator } from './ordered-set.ts';
import type { SharedArguments } from './shared-arguments.ts';
import type { SumAccumulator } from './sum.ts';

export class AggregateStage {
  private readonly accumulator: Accumulator;
  /** Names the values a sum or average adds up; null for other aggregates. */
  private readonly sumKey: string | null;
  private readonly shared: SharedArguments;
  private readonly places: readonly number[] | null;
  private readonly isTwin: boolean;
  private readonly filter: ProjectProgram | null;
  private readonly program: ProjectProgram;
  private readonly exprs: readonly Expr[];
  private readonly slots: readonly number[] | null;
  private readonly distinct: DistinctArguments | null;
  private readonly ordered: OrderedArguments | null;

  /** `index`: place of the aggregate in its node; `before`: stages of the same rows made before this one. */
  constructor(
    aggregate: Aggregate,
    index: number,
    shared: SharedArguments,
    before: readonly AggregateStage[],
    context: ExecContext,
  ) {
    const isOrderedSet = aggregate.fn.orderedSet !== undefined;
    this.shared = shared;
    this.places = shared.places(index);
    this.sumKey = sumKeyOf(aggregate);
    const same = this.sumKey === null ? undefined : before.find((stage) => stage.sumKey === this.sumKey);
    this.isTwin = same !== undefined;
    this.accumulator =
      same !== undefined
        ? (same.accumulator as SumAccumulator).reader(
            aggregate.fn.vectorized === 'avg',
            aggregate.type.physical,
          )
        : isOrderedSet
          ? new OrderedSetAccumulator(aggregate)
          : makeAccumulator(aggregate);
    const { filter, args } = aggregate;
    this.filter = filter === null ? null : projectProgram(derivedExprs(filter, () => [filter]));
    const sortKeys = sortKeysOf(aggregate);
    this.exprs = derivedExprs(aggregate, () => [
      ...args,
      ...(isOrderedSet ? aggregate.directArgs : []),
      ...sortKeys.map((key) => key.expr),
    ]);
    this.program = projectProgram(this.exprs);
    this.slots = this.exprs.every((expr) => expr.kind === 'slot')
      ? this.exprs.map((expr) => (expr as { slot: number }).slot)
      : null;
    this.distinct = aggregate.distinct
      ? new DistinctArguments(aggregate, isOrderedSet ? sortKeys : [])
      : null;
    const widths = this.exprs.length - sortKeys.length;
    this.ordered = sortKeys.length === 0 ? null : new OrderedArguments(this.exprs, widths, sortKeys, context);
    if (aggregate.distinct && isOrderedSet) throw notSupported('DISTINCT in an ordered-set aggregate');
  }

  resize(groups: number): void {
    this.accumulator.resize(groups);
  }

  memoryBytes(): number {
    return this.accumulator.memoryBytes() + (this.distinct?.memoryBytes() ?? 0);
  }

  /** `groups[i]` is the group of row i of the batch; null: all in group 0. */
  add(batch: Batch, groups: Int32Array | null, context: ExecContext): void {
    if (this.isTwin) return;
    if (this.places !== null) {
      this.accumulator.add(this.shared.vectors(this.places), null, groups, batch.count, context);
      return;
    }
    let rows = batch;
    let rowGroups = groups;
    if (this.filter !== null) {
      const kept = keptRows(this.filter.run(batch, context));
      if (kept.length === 0) return;
      if (kept.length < batch.count) {
        rows = batch.select(mapPositions(batch, kept), kept.length);
        rowGroups = groups === null ? null : kept.map((row) => groups[row]!);
      }
    }
    const { vectors, positions } = this.argumentsOf(rows, context);
    this.feed(vectors, positions, rowGroups, rows.count, context);
  }

  private argumentsOf(
    rows: Batch,
    context: ExecContext,
  ): { readonly vectors: Vector[]; readonly positions: Int32Array | null } {
    const { slots } = this;
    if (slots !== null) return { vectors: slots.map((slot) => rows.column(slot)), positions: rows.selection };
    return { vectors: this.program.vectors(rows, context), positions: null };
  }

  private feed(
    vectors: Vector[],
    positionsIn: Int32Array | null,
    groupsIn: Int32Array | null,
    countIn: number,
    context: ExecContext,
  ): void {
    let positions = positionsIn;
    let groups = groupsIn;
    let count = countIn;
    if (this.distinct !== null) {
      const fresh = this.distinct.freshRows(vectors, positions, groups, count);
      count = fresh.length;
      if (count === 0) return;
      const before = positions;
      const groupsBefore = groups;
      positions = before === null ? fresh : fresh.map((row) => before[row]!);
      groups = groupsBefore === null ? null : fresh.map((row) => groupsBefore[row]!);
    }
    if (this.ordered !== null) this.ordered.append(vectors, positions, groups, count);
    else this.accumulator.add(vectors, positions, groups, count, context);
  }

  result(groups: number, context: ExecContext): Vector {
    const sorted = this.ordered?.take();
    if (sorted !== undefined) {
      this.accumulator.add(sorted.vectors, sorted.order, sorted.groups, sorted.order.length, context);
    }
    return this.accumulator.result(groups, context);
  }

  release(): void {
    this.ordered?.release();
  }
}

const sumKeys = new WeakMap<Aggregate, string | null>();

/** What an exact sum or average adds up: stages with equal keys can share one. */
function sumKeyOf(aggregate: Aggregate): string | null {
  let key = sumKeys.get(aggregate);
  if (key === undefined) {
    key = makeSumKey(aggregate);
    sumKeys.set(aggregate, key);
  }
  return key;
}

function makeSumKey(aggregate: Aggregate): string | null {
  const { fn, args, filter, orderBy, distinct } = aggregate;
  const [arg] = args;
  if (fn.vectorized !== 'sum' && fn.vectorized !== 'avg') return null;
  if (arg === undefined || args.length !== 1 || filter !== null || orderBy.length > 0 || distinct)
    return null;
  return isInteger(arg.type) || arg.type.oid === Oid.numeric ? exprKey(arg) : null;
}

/** The order rows must be fed in; see I2. */
function sortKeysOf(aggregate: Aggregate): readonly SortKey[] {
  if (aggregate.orderBy.length > 0) return aggregate.orderBy;
  if (!aggregate.distinct || !isOrderSensitive(aggregate)) return [];
  return aggregate.args.map((expr) => ({ expr, descending: false, nullsFirst: false }));
}

/** Row numbers for which the only column is true. */
function keptRows(condition: Batch): Int32Array {
  const vector = condition.column(0);
  const values = vector.values as Uint8Array;
  const out = new Int32Array(condition.count);
  let kept = 0;
  for (let i = 0; i < condition.count; i++) {
    const at = condition.position(i);
    if (values[at] === 1 && (vector.nulls === null || vector.nulls[at] !== 1)) out[kept++] = i;
  }
  return out.subarray(0, kept);
}

function mapPositions(batch: Batch, rows: Int32Array): Int32Array {
  const { selection } = batch;
  return selection === null ? rows : rows.map((row) => selection[row]!);
}

/** Remembers which argument values each group has seen. */
class DistinctArguments {
  private readonly encoder: KeyEncoder;
  private readonly table: GroupTable;
  private readonly width: number;
  private groupCodes: Float64Array = new Float64Array(0);

  constructor(aggregate: Aggregate, extra: readonly SortKey[]) {
    const types = [...aggregate.args.map((arg) => arg.type), ...extra.map((key) => key.expr.type)];
    this.width = types.length;
    this.encoder = new KeyEncoder(types);
    this.table = new GroupTable(types.length + 1);
  }

  memoryBytes(): number {
    return this.table.memoryBytes() + this.encoder.memoryBytes();
  }

  freshRows(
    vectors: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): Int32Array {
    if (this.groupCodes.length < count) this.groupCodes = new Float64Array(Math.max(count, 2048));
    if (groups === null) this.groupCodes.fill(0, 0, count);
    else for (let i = 0; i < count; i++) this.groupCodes[i] = groups[i]!;
    const codes = this.encoder.encode(vectors.slice(0, this.width), positions, count, true);
    const found = new Int32Array(count);
    const fresh = new Int32Array(count);
    const freshCount = this.table.insert([this.groupCodes, ...codes], count, found, fresh);
    return fresh.subarray(0, freshCount);
  }
}

/** Holds argument values until all rows are known, then gives them in order. */
class OrderedArguments {
  private readonly store: RowStore;
  private readonly keys: readonly SortKey[];
  private readonly width: number;

  constructor(exprs: readonly Expr[], width: number, keys: readonly SortKey[], context: ExecContext) {
    this.store = new RowStore(exprs, context.statement.memory);
    this.keys = keys;
    this.width = width;
  }

  private groups: Int32Array = new Int32Array(1024);
  private count = 0;

  append(
    vectors: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): void {
    for (let i = 0; i < vectors.length; i++)
      this.store.columns[i]!.appendRows(vectors[i]!, positions, 0, count);
    if (this.count + count > this.groups.length) {
      const grown = new Int32Array(Math.max(this.count + count, this.groups.length * 2));
      grown.set(this.groups);
      this.groups = grown;
    }
    for (let i = 0; i < count; i++) this.groups[this.count + i] = groups === null ? 0 : groups[i]!;
    this.count += count;
    this.store.count = this.count;
    if ((this.count & 0xffff) < count) this.store.report();
  }

  take(): { readonly vectors: Vector[]; readonly order: Int32Array; readonly groups: Int32Array } {
    const columns = this.keys.map((key, i) => ({
      vector: this.store.column(this.width + i),
      type: key.expr.type,
      descending: key.descending,
      nullsFirst: key.nullsFirst,
    }));
    const order = sortRows(columns, this.count);
    const vectors = this.store.columns.map((column) => column.vector());
    return { vectors, order, groups: order.map((row) => this.groups[row]!) };
  }

  release(): void {
    this.store.clear();
  }
}
