/**
 * Any aggregate through its own init, step and final.
 *
 * I1  What states hold on to is counted as it comes: a statement fails with 53200 before one value takes the process down.
 */
import type { AggregateFunction } from '../../functions/function.ts';
import { Oid } from '../../types/oids.ts';
import type { Datum, Physical, Vector } from '../../types/vector.ts';
import { ColumnStore } from '../column-store.ts';
import type { ExecContext } from '../context.ts';
import { datumBytes } from '../datum-bytes.ts';
import { datumAt } from '../vectors.ts';
import type { Accumulator } from './accumulator.ts';

/** What JSON is made of takes more than the value it was made of. */
const NODE_BYTES = 96;

export class GenericAccumulator implements Accumulator {
  private readonly fn: AggregateFunction;
  private readonly physical: Physical;
  private readonly states: object[] = [];
  /** I1. */
  private keptBytes = 0;
  private readonly nodeBytes: number;

  constructor(fn: AggregateFunction, physical: Physical) {
    this.fn = fn;
    this.physical = physical;
    this.nodeBytes = fn.returns === Oid.jsonb || fn.returns === Oid.json ? NODE_BYTES : 0;
  }

  resize(groups: number): void {
    while (this.states.length < groups) this.states.push(this.fn.init());
  }

  memoryBytes(): number {
    return this.states.length * 96 + this.keptBytes;
  }

  add(
    args: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
    context: ExecContext,
  ): void {
    for (let i = 0; i < count; i++) {
      const at = positions === null ? i : positions[i]!;
      this.step(
        groups === null ? 0 : groups[i]!,
        args.map((vector) => datumAt(vector, at)),
        context,
      );
    }
  }

  /** One row's argument values. */
  step(group: number, values: readonly Datum[], context: ExecContext): void {
    if (this.fn.strict && values.includes(null)) return;
    if (this.fn.keepsArguments === true)
      for (let i = 0; i < values.length; i++) this.keptBytes += this.nodeBytes + datumBytes(values[i]!);
    const state = this.states[group]!;
    if (this.fn.stateBytes !== undefined) this.keptBytes -= this.fn.stateBytes(state);
    this.fn.step(state, context.eval, ...values);
    if (this.fn.stateBytes !== undefined) this.keptBytes += this.fn.stateBytes(state);
  }

  result(groups: number, context: ExecContext): Vector {
    const store = new ColumnStore(this.physical, Math.max(groups, 1));
    for (let group = 0; group < groups; group++)
      store.append(this.fn.final(this.states[group]!, context.eval));
    return store.vector();
  }
}
