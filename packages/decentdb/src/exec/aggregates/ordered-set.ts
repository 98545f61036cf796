/**
 * Ordered-set and hypothetical-set aggregates: rows come sorted by the WITHIN GROUP keys.
 *
 * `step` gets the sort values of each row in order. The direct arguments (the same for all rows of a group, evaluated on its
 * first row) go to `final` after the state.
 *
 * I1  A function that says which rows of a group it wants (`wants`) gets those alone: how many there are is counted as they come,
 *     before they are sorted.
 */
import type { Datum, Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import { visitExpr } from '../compile/shape.ts';
import type { ExecContext } from '../context.ts';
import { datumBytes } from '../datum-bytes.ts';
import type { Expr } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import type { Aggregate } from '../physical.ts';
import { datumAt, isNullAt } from '../vectors.ts';
import type { Accumulator } from './accumulator.ts';

type FinalWithArguments = (
  state: object,
  context: ExecContext['eval'],
  ...directArgs: readonly Datum[]
) => Datum;

/** A place wanted, and the value there. */
const PLACE_BYTES = 64;

interface Wanted {
  readonly places: readonly number[];
  next: number;
  seen: number;
}

/** Counts a row; whether it is wanted. */
function takesNext(wanted: Wanted): boolean {
  if (wanted.places[wanted.next] !== wanted.seen++) return false;
  wanted.next++;
  return true;
}

/** The value of a direct argument where no row came: one that asks for columns has none. */
function withoutRow(arg: Expr, context: ExecContext): Datum {
  let asksRow = false;
  visitExpr(arg, ({ kind }) => {
    if (kind === 'slot') asksRow = true;
  });
  return asksRow ? null : evaluatorOf(arg)(Batch.of([], 1), 0, context);
}

export class OrderedSetAccumulator implements Accumulator {
  private readonly aggregate: Aggregate;
  private readonly states: object[] = [];
  private readonly directArgs: (readonly Datum[] | null)[] = [];
  private keptBytes = 0;
  /** I1: by group, the rows that count; null: the function gets all of them. */
  private readonly rows: number[] | null;
  /** By group: the rows wanted, of which those before `next` have come, and the rows that have. */
  private readonly wanted: (Wanted | null)[] = [];

  constructor(aggregate: Aggregate) {
    this.aggregate = aggregate;
    this.rows = aggregate.fn.orderedSet?.wants === undefined ? null : [];
  }

  resize(groups: number): void {
    while (this.states.length < groups) {
      this.states.push(this.aggregate.fn.init());
      this.directArgs.push(null);
      this.wanted.push(null);
      this.rows?.push(0);
    }
  }

  memoryBytes(): number {
    return this.states.length * 128 + this.keptBytes;
  }

  announce(
    vectors: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): void {
    const { rows } = this;
    if (rows === null) return;
    const { fn, args, directArgs } = this.aggregate;
    const keys = fn.strict ? vectors.slice(args.length + directArgs.length) : [];
    for (let i = 0; i < count; i++) {
      const at = positions === null ? i : positions[i]!;
      if (keys.some((vector) => isNullAt(vector, at))) continue;
      rows[groups === null ? 0 : groups[i]!]!++;
    }
  }

  add(
    vectors: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
    context: ExecContext,
  ): void {
    const { fn, args, directArgs, orderBy } = this.aggregate;
    const directFrom = args.length;
    const sortFrom = directFrom + directArgs.length;
    for (let i = 0; i < count; i++) {
      const at = positions === null ? i : positions[i]!;
      const group = groups === null ? 0 : groups[i]!;
      if (this.directArgs[group] === null) {
        const direct = vectors.slice(directFrom, sortFrom).map((vector) => datumAt(vector, at));
        this.begin(group, direct);
      }
      const values = orderBy.map((_, k) => datumAt(vectors[sortFrom + k]!, at));
      if (fn.strict && values.includes(null)) continue;
      const wanted = this.wanted[group]!;
      if (wanted !== null && !takesNext(wanted)) {
        fn.orderedSet!.skip!(this.states[group]!);
        continue;
      }
      if (fn.keepsArguments === true)
        for (let k = 0; k < values.length; k++) this.keptBytes += datumBytes(values[k]!);
      fn.step(this.states[group]!, context.eval, ...values);
    }
  }

  /** Before a group's first row. */
  private begin(group: number, direct: readonly Datum[]): void {
    const { orderedSet } = this.aggregate.fn;
    this.directArgs[group] = direct;
    orderedSet?.begin?.(this.states[group]!, ...direct);
    if (this.rows === null) return;
    const places = orderedSet!.wants!(this.rows[group]!, ...direct);
    this.wanted[group] = { places, next: 0, seen: 0 };
    this.keptBytes += places.length * PLACE_BYTES;
  }

  result(groups: number, context: ExecContext): Vector {
    const store = new ColumnStore(this.aggregate.type.physical, Math.max(groups, 1));
    const final = this.aggregate.fn.final as FinalWithArguments;
    for (let group = 0; group < groups; group++) {
      const direct =
        this.directArgs[group] ?? this.aggregate.directArgs.map((arg) => withoutRow(arg, context));
      store.append(final(this.states[group]!, context.eval, ...direct));
    }
    return store.vector();
  }
}
