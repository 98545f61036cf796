/**
 * Aggregates of a Gather in two steps: over each piece of the rows, and over what came of the pieces. Groups before joins are split
 * among the rules, where columns have identities and outer joins make rows up (rules/partial-aggregates.ts).
 *
 *     count(x)   count(x)              the counts summed
 *     sum(x)     sum(x)                the sums summed
 *     avg(x)     sum(x), count(x)      both summed, then divided
 *     min, max, bool_and, bool_or      the same again
 *
 * I1  Only what is exact in any grouping of the rows is split: sums of floating-point numbers round at every step, and are not.
 */
import type { CallExpr, Expr } from '../../exec/expr.ts';
import type { Aggregate, AggregateNode, Slot } from '../../exec/physical.ts';
import { isInteger } from '../../exec/type-traits.ts';
import type { AggregateFunction, ScalarFunction } from '../../functions/function.ts';
import { Decimal } from '../../types/decimal.ts';
import { Oid } from '../../types/oids.ts';
import { builtinType } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';

/** An aggregation in two steps. */
export interface SplitAggregates {
  readonly partial: readonly Aggregate[];
  /** Over the partial step's slots. */
  readonly final: readonly Aggregate[];
  /** What the aggregates are, over the final step's slots; null: just those. */
  readonly exprs: readonly Expr[] | null;
}

/** Null when an aggregate cannot be split. */
export function splitAggregates(node: AggregateNode): SplitAggregates | null {
  const split = new Splitter(node.groups.length);
  for (const aggregate of node.aggregates) if (!split.add(aggregate)) return null;
  return { partial: split.partial, final: split.final, exprs: split.isPlain ? null : split.exprs };
}

class Splitter {
  readonly partial: Aggregate[] = [];
  readonly final: Aggregate[] = [];
  readonly exprs: Expr[] = [];
  isPlain = true;
  readonly #groups: number;

  constructor(groups: number) {
    this.#groups = groups;
  }

  add(aggregate: Aggregate): boolean {
    const { fn, args, distinct, orderBy } = aggregate;
    if (distinct || orderBy.length > 0 || fn.orderedSet !== undefined) return false;
    const isExact = args.length === 1 && isExactNumber((args[0] as Expr).type);
    switch (fn.vectorized) {
      case 'countStar':
      case 'count':
        this.exprs.push(this.#step(aggregate, sumOf(fn, int8), int8));
        return true;
      case 'sum':
        if (isExact) this.exprs.push(this.#step(aggregate, fn, aggregate.type));
        return isExact;
      case 'avg':
        if (isExact) this.exprs.push(this.#average(aggregate));
        return isExact;
      case 'min':
      case 'max':
      case 'boolAnd':
      case 'boolOr':
        this.exprs.push(this.#step(aggregate, fn, (args[0] as Expr).type));
        return true;
      default:
        return false;
    }
  }

  /** The two steps of an aggregate; returns the slot of the second one. */
  #step(partial: Aggregate, fn: AggregateFunction, type: SqlType): Expr {
    const { typmod } = partial;
    const slot = this.#groups + this.partial.length;
    this.partial.push(partial);
    const args: readonly Expr[] = [{ kind: 'slot', slot, type, typmod, location: -1 }];
    const { type: output } = partial;
    this.final.push({
      fn,
      args,
      distinct: false,
      orderBy: [],
      filter: null,
      directArgs: [],
      type: output,
      typmod,
    });
    return { kind: 'slot', slot, type: output, typmod, location: -1 };
  }

  #average(aggregate: Aggregate): CallExpr {
    this.isPlain = false;
    const sum = this.#step(
      { ...aggregate, fn: sumOf(aggregate.fn, numeric), type: numeric },
      sumOf(aggregate.fn, numeric),
      numeric,
    );
    const count = this.#step(
      { ...aggregate, fn: countOf(aggregate.fn), type: int8 },
      sumOf(aggregate.fn, int8),
      int8,
    );
    const { type, typmod } = aggregate;
    return { kind: 'call', fn: averageOf, args: [sum, count], type, typmod, location: -1 };
  }
}

const int8 = builtinType(Oid.int8);
const numeric = builtinType(Oid.numeric);

/** Types whose sums the executor keeps exactly, whatever the order. */
function isExactNumber(type: SqlType): boolean {
  return isInteger(type) || type.oid === Oid.numeric;
}

/** A sum by the executor's own accumulators; the function's steps are not used. */
function sumOf(fn: AggregateFunction, type: SqlType): AggregateFunction {
  return { ...fn, name: 'sum', vectorized: 'sum', returns: type.oid };
}

function countOf(fn: AggregateFunction): AggregateFunction {
  return { ...fn, name: 'count', vectorized: 'count', returns: Oid.int8 };
}

const averageOf: ScalarFunction = {
  name: 'avg',
  args: [Oid.numeric, Oid.int8],
  returns: Oid.numeric,
  strict: true,
  volatility: 'immutable',
  eval: (_context, sum: Datum, count: Datum) => (sum as Decimal).divide(Decimal.fromInteger(count as number)),
  description: 'Mean of so many values with that sum.',
};

/** Slots of the partial step. */
export function partialSlots(node: AggregateNode, partial: readonly Aggregate[]): readonly Slot[] {
  const groups = node.slots.slice(0, node.groups.length);
  return [...groups, ...partial.map(({ type, typmod }) => ({ type, typmod }))];
}
