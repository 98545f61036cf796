/**
 * Ordered-set and hypothetical-set aggregates: rows come sorted by the WITHIN GROUP keys.
 *
 * `step` gets the sort values of each row in order. The direct arguments (the same for all rows of a group, evaluated on its
 * first row) go to `final` after the state.
 */
import type { Datum, Vector } from '../../types/vector.ts';
import { ColumnStore } from '../column-store.ts';
import type { ExecContext } from '../context.ts';
import { datumBytes } from '../datum-bytes.ts';
import type { Aggregate } from '../physical.ts';
import { datumAt } from '../vectors.ts';
import type { Accumulator } from './accumulator.ts';

type FinalWithArguments = (
  state: object,
  context: ExecContext['eval'],
  ...directArgs: readonly Datum[]
) => Datum;

export class OrderedSetAccumulator implements Accumulator {
  private readonly aggregate: Aggregate;
  private readonly states: object[] = [];
  private readonly directArgs: (readonly Datum[] | null)[] = [];
  private keptBytes = 0;

  constructor(aggregate: Aggregate) {
    this.aggregate = aggregate;
  }

  resize(groups: number): void {
    while (this.states.length < groups) {
      this.states.push(this.aggregate.fn.init());
      this.directArgs.push(null);
    }
  }

  memoryBytes(): number {
    return this.states.length * 128 + this.keptBytes;
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
      this.directArgs[group] ??= vectors.slice(directFrom, sortFrom).map((vector) => datumAt(vector, at));
      const values = orderBy.map((_, k) => datumAt(vectors[sortFrom + k]!, at));
      if (fn.strict && values.includes(null)) continue;
      if (fn.keepsArguments === true)
        for (let k = 0; k < values.length; k++) this.keptBytes += datumBytes(values[k]!);
      fn.step(this.states[group]!, context.eval, ...values);
    }
  }

  result(groups: number, context: ExecContext): Vector {
    const store = new ColumnStore(this.aggregate.type.physical, Math.max(groups, 1));
    const final = this.aggregate.fn.final as FinalWithArguments;
    for (let group = 0; group < groups; group++) {
      const direct = this.directArgs[group] ?? this.aggregate.directArgs.map(() => null);
      store.append(final(this.states[group]!, context.eval, ...direct));
    }
    return store.vector();
  }
}
