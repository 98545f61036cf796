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
import { derivedExprs, projectProgram } from '../operators/operator.ts';
import type { Aggregate } from '../physical.ts';
import { isInteger } from '../type-traits.ts';
import type { Accumulator } from './accumulator.ts';
import { DistinctArguments } from './distinct-arguments.ts';
import { isOrderSensitive, makeAccumulator } from './make.ts';
import { OrderedArguments, type TakeArguments } from './ordered-arguments.ts';
import { OrderedSetAccumulator } from './ordered-set.ts';
import type { SharedArguments } from './shared-arguments.ts';
import type { SumAccumulator } from './sum.ts';
import type { RowCounts } from './value-counts.ts';

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
  /** Bytes the accumulator has grown by since the last row came. */
  private late = 0;

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
    this.distinct = aggregate.distinct ? new DistinctArguments(this.exprs, args.length, context) : null;
    const widths = this.exprs.length - sortKeys.length;
    this.ordered = sortKeys.length === 0 ? null : new OrderedArguments(this.exprs, widths, sortKeys, context);
    if (aggregate.distinct && isOrderedSet) throw notSupported('DISTINCT in an ordered-set aggregate');
  }

  /** Whether all rows given to `add` reach an accumulator that can do without counting them. */
  get canShareCounts(): boolean {
    const { isTwin, filter, distinct, ordered, accumulator } = this;
    const isPlain = filter === null && distinct === null && ordered === null;
    return isPlain && !isTwin && accumulator.countBy !== undefined;
  }

  countBy(rows: RowCounts): void {
    this.accumulator.countBy!(rows);
  }

  resize(groups: number, room: number): void {
    this.accumulator.resize(groups, room);
  }

  memoryBytes(): number {
    return this.accumulator.memoryBytes();
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
    if (this.ordered !== null) this.addOrdered(this.ordered, vectors, positions, groups, count);
    else this.accumulator.add(vectors, positions, groups, count, context);
  }

  private addOrdered(
    ordered: OrderedArguments,
    vectors: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): void {
    this.accumulator.announce?.(vectors, positions, groups, count);
    ordered.append(vectors, positions, groups, count);
  }

  result(groups: number, context: ExecContext): Vector {
    const { accumulator, ordered } = this;
    const { memory } = context.statement;
    const before = accumulator.memoryBytes();
    const add: TakeArguments = (vectors, positions, ownGroups, count) => {
      accumulator.add(vectors, positions, ownGroups, count, context);
      this.late = memory.resize(this.late, Math.max(0, accumulator.memoryBytes() - before));
    };
    this.distinct?.takeRest((vectors, positions, ownGroups, count) => {
      if (ordered === null) add(vectors, positions, ownGroups, count);
      else this.addOrdered(ordered, vectors, positions, ownGroups, count);
    });
    ordered?.take(add);
    return accumulator.result(groups, context);
  }

  release(context: ExecContext): void {
    this.ordered?.release();
    this.distinct?.release();
    this.late = context.statement.memory.resize(this.late, 0);
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
