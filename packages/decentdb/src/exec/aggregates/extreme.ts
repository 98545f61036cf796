/** min, max, bool_and, bool_or. */

import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { type Datum, Physical, type Vector } from '../../types/vector.ts';
import { FEW_ROWS, identity } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import { datumAt } from '../vectors.ts';
import { type Accumulator, grownBytes, grownFloat64 } from './accumulator.ts';

/** min / max of types kept in doubles. NaN is above every float, and of 0 and -0 the last stays, as in PostgreSQL. */
export class NumberExtremeAccumulator implements Accumulator {
  private best: Float64Array = new Float64Array(FEW_ROWS);
  private seen: Uint8Array = new Uint8Array(16);
  private readonly physical: Physical;
  private readonly isMax: boolean;

  constructor(physical: Physical, isMax: boolean) {
    this.physical = physical;
    this.isMax = isMax;
  }

  resize(groups: number, room: number = groups): void {
    this.best = grownFloat64(this.best, groups, room);
    this.seen = grownBytes(this.seen, groups, room);
  }

  memoryBytes(): number {
    return this.best.byteLength + this.seen.byteLength;
  }

  add(args: readonly Vector[], positions: Int32Array | null, groups: Int32Array | null, count: number): void {
    const vector = args[0]!;
    const values = vector.values as Float64Array | Int32Array;
    const { nulls } = vector;
    const { best, seen, isMax } = this;
    for (let i = 0; i < count; i++) {
      const at = positions === null ? i : positions[i]!;
      if (nulls !== null && nulls[at] === 1) continue;
      const group = groups === null ? 0 : groups[i]!;
      const value = values[at]!;
      const known = best[group]!;
      const wins = isMax ? value >= known || value !== value : value <= known || known !== known;
      if (wins || seen[group] === 0) {
        best[group] = value;
        seen[group] = 1;
      }
    }
  }

  result(groups: number): Vector {
    const nulls = new Uint8Array(groups);
    let hasNull = false;
    for (let group = 0; group < groups; group++) {
      if (this.seen[group] === 0) {
        nulls[group] = 1;
        hasNull = true;
      }
    }
    const values = this.best.slice(0, groups);
    const mask = hasNull ? nulls : null;
    return this.physical === Physical.int32
      ? { physical: Physical.int32, values: Int32Array.from(values), nulls: mask }
      : { physical: this.physical as typeof Physical.float64, values, nulls: mask };
  }
}

/** min / max of any type. Of equal values that are written otherwise (1.5 and 1.50) the last stays; of blank-padded ones the first. */
export class GenericExtremeAccumulator implements Accumulator {
  private readonly best: Datum[] = [];
  private readonly type: SqlType;
  private readonly sign: number;
  /** A comparison from which on a value takes the place of the one known. */
  private readonly least: number;

  constructor(type: SqlType, isMax: boolean) {
    this.type = type;
    this.sign = isMax ? 1 : -1;
    this.least = type.oid === Oid.bpchar ? 1 : 0;
  }

  resize(groups: number): void {
    while (this.best.length < groups) this.best.push(null);
  }

  memoryBytes(): number {
    return this.best.length * 48;
  }

  add(args: readonly Vector[], positions: Int32Array | null, groups: Int32Array | null, count: number): void {
    const vector = args[0]!;
    const { best, type, sign, least } = this;
    for (let i = 0; i < count; i++) {
      const value = datumAt(vector, positions === null ? i : positions[i]!);
      if (value === null) continue;
      const group = groups === null ? 0 : groups[i]!;
      const known = best[group]!;
      if (known === null || type.compare(value, known) * sign >= least) best[group] = value;
    }
  }

  result(groups: number): Vector {
    const store = new ColumnStore(this.type.physical, Math.max(groups, 1));
    for (let group = 0; group < groups; group++) store.append(this.best[group]!);
    return store.vector();
  }
}

/** bool_and (`decisive` false) and bool_or (`decisive` true). */
export class BooleanAccumulator implements Accumulator {
  /** 0 nothing yet, 1 false, 2 true. */
  private state: Uint8Array = new Uint8Array(16);
  private readonly decisive: number;

  constructor(isOr: boolean) {
    this.decisive = isOr ? 2 : 1;
  }

  resize(groups: number, room: number = groups): void {
    this.state = grownBytes(this.state, groups, room);
  }

  memoryBytes(): number {
    return this.state.byteLength;
  }

  add(args: readonly Vector[], positions: Int32Array | null, groups: Int32Array | null, count: number): void {
    const vector = args[0]!;
    const values = vector.values as Uint8Array;
    for (let i = 0; i < count; i++) {
      const at = positions === null ? i : positions[i]!;
      if (vector.nulls !== null && vector.nulls[at] === 1) continue;
      const group = groups === null ? 0 : groups[i]!;
      if (this.state[group] !== this.decisive) this.state[group] = values[at]! + 1;
    }
  }

  result(groups: number): Vector {
    const store = new ColumnStore(Physical.bool, Math.max(groups, 1));
    for (let group = 0; group < groups; group++) {
      store.append(this.state[group] === 0 ? null : this.state[group] === 2);
    }
    return store.vector();
  }
}

/** min / max of int8 and its kin: numbers until the first column that holds bigints. */
export class Int64ExtremeAccumulator implements Accumulator {
  private inner: Accumulator;
  private readonly type: SqlType;
  private readonly isMax: boolean;
  private groups = 0;

  constructor(type: SqlType, isMax: boolean) {
    this.type = type;
    this.isMax = isMax;
    this.inner = new NumberExtremeAccumulator(Physical.int64, isMax);
  }

  resize(groups: number, room: number = groups): void {
    this.groups = groups;
    this.inner.resize(groups, room);
  }

  memoryBytes(): number {
    return this.inner.memoryBytes();
  }

  add(args: readonly Vector[], positions: Int32Array | null, groups: Int32Array | null, count: number): void {
    if (this.inner instanceof NumberExtremeAccumulator && !(args[0]!.values instanceof Float64Array)) {
      const generic = new GenericExtremeAccumulator(this.type, this.isMax);
      generic.resize(this.groups);
      const known = this.inner.result(this.groups);
      generic.add([known], null, identity(0, this.groups), this.groups);
      this.inner = generic;
    }
    (this.inner as GenericExtremeAccumulator).add(args, positions, groups, count);
  }

  result(groups: number): Vector {
    return (this.inner as GenericExtremeAccumulator).result(groups);
  }
}
