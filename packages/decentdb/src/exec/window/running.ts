/**
 * Window functions whose value at a row needs the rows up to it, or up to its last peer, alone: rows pass in window order, some at
 * a time, and what is held is a state for each call.
 *
 *     rank() OVER (ORDER BY x)     sum(x) OVER (PARTITION BY a ORDER BY b)     lag(x)     first_value(x)
 *
 * I1  Rows given together end with a whole group of peers where a call looks at its peers ({@link RunningWindow.needsPeers}), or
 *     belong to one group that was gathered before (window/stored-group.ts).
 * I2  Answers are those of the functions over whole partitions (rank-functions.ts, frame-aggregate.ts).
 */
import type { Datum, Vector } from '../../types/vector.ts';
import { ColumnStore } from '../column-store.ts';
import type { ExecContext } from '../context.ts';
import type { WindowCall, WindowNode } from '../physical.ts';
import { datumAt } from '../vectors.ts';
import { WindowKeys } from './window-keys.ts';

/** Rows in window order, with the values of keys, filters and arguments. */
export interface RunningRows {
  readonly count: number;
  readonly vectors: readonly Vector[];
  /** Whether a row is in the partition, or a peer, of the row before it. */
  isSame(row: number): boolean;
  isPeer(row: number): boolean;
}

/** A group of peers, or the part of it that is at hand. */
interface Group {
  from: number;
  to: number;
  /** Rows of the partition before row `from`, and before the first row of its group. */
  rowsBefore: number;
  groupRowsBefore: number;
  /** Groups of the partition before this one. */
  groupsBefore: number;
}

interface RunningCall {
  reset(): void;
  /** Rows of a group whose rows `run` gets when all of it has been told. */
  gather?(vectors: readonly Vector[], count: number): void;
  endGroup?(): void;
  run(group: Group, vectors: readonly Vector[], out: ColumnStore): void;
}

type Make = (call: WindowCall, argument: number) => RunningCall;

const numbered = (value: (group: Group, row: number) => number): Make => {
  return () => ({
    reset: () => {},
    run: (group, _, out) => {
      for (let row = group.from; row < group.to; row++) out.append(value(group, row));
    },
  });
};

class Lag implements RunningCall {
  private last: Datum = null;
  private readonly argument: number;

  constructor(argument: number) {
    this.argument = argument;
  }

  reset(): void {
    this.last = null;
  }

  run({ from, to }: Group, vectors: readonly Vector[], out: ColumnStore): void {
    const vector = vectors[this.argument]!;
    for (let row = from; row < to; row++) {
      out.append(this.last);
      this.last = datumAt(vector, row);
    }
  }
}

class FirstValue implements RunningCall {
  private first: Datum | undefined = undefined;
  private readonly argument: number;

  constructor(argument: number) {
    this.argument = argument;
  }

  reset(): void {
    this.first = undefined;
  }

  run({ from, to }: Group, vectors: readonly Vector[], out: ColumnStore): void {
    if (this.first === undefined) this.first = datumAt(vectors[this.argument]!, from);
    for (let row = from; row < to; row++) out.append(this.first);
  }
}

class RunningAggregate implements RunningCall {
  private readonly call: WindowCall;
  private readonly fn: Extract<WindowCall['fn'], { readonly kind: 'aggregate' }>;
  private readonly argument: number;
  private readonly byRow: boolean;
  private readonly context: ExecContext;
  private state: object;
  /** The group's rows are in the state already. */
  private isGathered = false;

  constructor(
    call: WindowCall,
    fn: Extract<WindowCall['fn'], { readonly kind: 'aggregate' }>,
    argument: number,
    context: ExecContext,
  ) {
    this.call = call;
    this.fn = fn;
    this.argument = argument;
    this.byRow = call.frame.mode === 'rows';
    this.context = context;
    this.state = fn.init();
  }

  reset(): void {
    this.state = this.fn.init();
  }

  gather(vectors: readonly Vector[], count: number): void {
    if (this.byRow) return;
    for (let row = 0; row < count; row++) this.add(vectors, row);
    this.isGathered = true;
  }

  endGroup(): void {
    this.isGathered = false;
  }

  run({ from, to }: Group, vectors: readonly Vector[], out: ColumnStore): void {
    const { fn, context } = this;
    for (let row = from; row < to; row++) {
      if (!this.isGathered) this.add(vectors, row);
      if (this.byRow) out.append(fn.final(this.state, context.eval));
    }
    if (this.byRow) return;
    const value = fn.final(this.state, context.eval);
    for (let row = from; row < to; row++) out.append(value);
  }

  private add(vectors: readonly Vector[], row: number): void {
    const { call, fn, argument, context } = this;
    if (call.filter !== null && datumAt(vectors[argument - 1]!, row) !== true) return;
    const values = call.args.map((_, k) => datumAt(vectors[argument + k]!, row));
    if (fn.strict && values.includes(null)) return;
    fn.step(this.state, context.eval, ...values);
  }
}

const ranks: Readonly<Record<string, Make>> = {
  row_number: numbered((group, row) => group.rowsBefore + row - group.from + 1),
  rank: numbered((group) => group.groupRowsBefore + 1),
  dense_rank: numbered((group) => group.groupsBefore + 1),
  lag: (_, argument) => new Lag(argument),
  first_value: (_, argument) => new FirstValue(argument),
};

function isRunning({ fn, args, frame }: WindowCall, hasOrder: boolean): boolean {
  if (fn.kind !== 'aggregate') {
    if (fn.name === 'lag') return args.length === 1;
    if (fn.name === 'first_value') return isFromStart(frame);
    return ranks[fn.name] !== undefined;
  }
  // Without an order all rows are peers: the first value needs the last row.
  return isFromStart(frame) && frame.end.kind === 'currentRow' && (frame.mode === 'rows' || hasOrder);
}

function isFromStart(frame: WindowCall['frame']): boolean {
  const { start, end, exclude } = frame;
  const endsSurely = end.kind === 'currentRow' || end.kind === 'unboundedFollowing';
  return start.kind === 'unboundedPreceding' && endsSurely && exclude === 'noOthers';
}

/** Only numbers and values of rows before: as quick over a stream as over all rows. */
export function isAlwaysRunning(node: WindowNode): boolean {
  return node.calls.every((call) => call.fn.kind !== 'aggregate' && isRunning(call, true));
}

export class RunningWindow {
  /** I1. */
  readonly needsPeers: boolean;
  private readonly node: WindowNode;
  private readonly keys: WindowKeys;
  private readonly calls: readonly RunningCall[];
  private readonly group: Group = { from: 0, to: 0, rowsBefore: 0, groupRowsBefore: 0, groupsBefore: 0 };
  /** Keys of the last row given; null before the first. */
  private last: readonly Datum[] | null = null;
  /** The partition of a group that is gathered has been entered. */
  private isEntered = false;

  private constructor(node: WindowNode, calls: readonly RunningCall[]) {
    this.node = node;
    this.keys = new WindowKeys(node);
    this.calls = calls;
    this.needsPeers = node.calls.some((call) => call.fn.kind === 'aggregate' && call.frame.mode !== 'rows');
  }

  /** Null where a call needs more than the rows up to the one at hand. `places`: where each call's values begin. */
  static of(node: WindowNode, places: readonly number[], context: ExecContext): RunningWindow | null {
    if (!node.calls.every((call) => isRunning(call, node.orderBy.length > 0))) return null;
    return new RunningWindow(
      node,
      node.calls.map((call, i) => {
        const argument = places[i]! + (call.filter === null ? 0 : 1);
        return call.fn.kind === 'aggregate'
          ? new RunningAggregate(call, call.fn, argument, context)
          : ranks[call.fn.name]!(call, argument);
      }),
    );
  }

  /** The calls' values for the next rows. */
  run(rows: RunningRows): Vector[] {
    const { calls, group, node } = this;
    const { count, vectors } = rows;
    const stores = node.calls.map((call) => new ColumnStore(call.type.physical, Math.max(count, 1)));
    for (let from = 0; from < count; from = group.to) {
      this.enter(rows, from);
      let to = from + 1;
      while (to < count && rows.isSame(to) && rows.isPeer(to)) to++;
      group.from = from;
      group.to = to;
      for (let i = 0; i < calls.length; i++) calls[i]!.run(group, vectors, stores[i]!);
      group.rowsBefore += to - from;
    }
    if (count > 0) this.last = this.keys.of(vectors, count - 1);
    return stores.map((store) => store.vector());
  }

  /** Rows of one group that is run when all of it has been told; then {@link endGroup}. */
  gather(vectors: readonly Vector[], count: number): void {
    const { last } = this;
    if (!this.isEntered && (last === null || !this.keys.isSamePartition(this.keys.of(vectors, 0), last)))
      for (const call of this.calls) call.reset();
    this.isEntered = true;
    for (const call of this.calls) call.gather?.(vectors, count);
  }

  endGroup(): void {
    this.isEntered = false;
    for (const call of this.calls) call.endGroup?.();
  }

  /** Counts on to the group that begins, or goes on, at row `from`. */
  private enter(rows: RunningRows, from: number): void {
    const { group, last } = this;
    const keys = from === 0 ? this.keys.of(rows.vectors, 0) : null;
    const isSame = keys === null ? rows.isSame(from) : last !== null && this.keys.isSamePartition(keys, last);
    if (!isSame) {
      if (!this.isEntered) for (const call of this.calls) call.reset();
      group.rowsBefore = 0;
      group.groupRowsBefore = 0;
      group.groupsBefore = 0;
    } else if (keys === null || !this.keys.isPeer(keys, last!)) {
      group.groupRowsBefore = group.rowsBefore;
      group.groupsBefore++;
    }
  }
}
