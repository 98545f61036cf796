/**
 * What a join does with candidate pairs: tests the condition, remembers which rows matched, makes the output rows.
 *
 * The *probe* side comes batch by batch (`begin`, any number of `take`, `end`); the other side is looked up.
 *
 *     inner, left, single   `take` outputs the pairs that pass, in order of probe rows; for left and single also the probe
 *                           rows without a match, at their place; `end` outputs the last of those
 *     semi, anti            `end` outputs the probe rows with (without) a match
 *     mark                  `end` outputs all probe rows and true / false / NULL
 *
 * I1  A probe row counts as matched only when the condition is true; for mark an unknown condition makes the mark NULL
 *     unless another candidate is true.
 * I2  Candidates come in order of probe rows, so the probe side's order is kept.
 * I3  Where a stage leaves half of the pairs or fewer, the next one reads columns of these alone.
 */
import { assert } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { Batch, batchRoom } from '../batch.ts';
import type { FilterProgram } from '../compile/filter-program.ts';
import { denseColumn, type ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { derivedExprs, filterProgram, projectProgram } from '../operators/operator.ts';
import type { Slot } from '../physical.ts';
import { type JoinSide, joinedBatch, noPositions } from './joined-rows.ts';

export type ProbeKind = 'inner' | 'left' | 'semi' | 'anti' | 'mark' | 'single';

const UNMATCHED = 0;
/** Of a probe row: a candidate passed. */
export const MATCHED = 1;
const UNKNOWN = 2;

export interface CollectorOptions {
  readonly kind: ProbeKind;
  /** Over left ++ right. */
  readonly condition: Expr | null;
  readonly probeIsLeft: boolean;
  /** mark: an unknown condition counts as false (EXISTS). */
  readonly isTwoValued?: boolean;
  readonly probeSlots: readonly Slot[];
  readonly otherSlots: readonly Slot[];
  /** The condition in parts, for many candidates whose columns are fetched when they are read (I3). */
  readonly stages?: readonly Expr[];
}

/** Candidates, and what has passed of them; `rows`, `probeAt`, `at` are by pair of `kept`. */
interface Passing {
  readonly kept: Batch | null;
  readonly rows: Int32Array;
  readonly at: Int32Array;
  readonly count: number;
}

/** Fewer candidates are tested at once. */
const STAGED_LEAST = 256;

export class MatchCollector {
  private readonly options: CollectorOptions;
  private readonly filter: FilterProgram | null;
  private readonly stages: readonly FilterProgram[];
  private readonly marks: ProjectProgram | null;
  private probe!: Batch;
  /** By probe row number. */
  private state: Uint8Array = new Uint8Array(0);
  private own: Uint8Array = new Uint8Array(0);
  private isLast = true;
  private readonly context: ExecContext;

  constructor(options: CollectorOptions, context: ExecContext) {
    const { condition, kind } = options;
    this.options = options;
    this.context = context;
    this.filter = condition === null || kind === 'mark' ? null : filterProgram(condition);
    this.stages = this.filter === null ? [] : (options.stages ?? []).map(filterProgram);
    this.marks =
      condition === null || kind !== 'mark'
        ? null
        : projectProgram(derivedExprs(condition, () => [condition]));
  }

  /**
   * `known`: by probe row, what candidates that came earlier have shown; kept up to date. Unless this `isLast`, more will
   * come another time: rows without a match, and what `end` outputs, wait for it.
   */
  begin(probe: Batch, known?: Uint8Array, isLast = true): void {
    this.probe = probe;
    this.settled = 0;
    this.isLast = isLast;
    if (known !== undefined) {
      this.state = known;
      return;
    }
    if (this.own.length < probe.count) this.own = new Uint8Array(batchRoom(probe.count));
    else this.own.fill(0, 0, probe.count);
    this.state = this.own;
  }

  /** `take` outputs pairs; else `end` outputs the probe rows in their order. */
  get isByPair(): boolean {
    const { kind } = this.options;
    return kind === 'inner' || kind === 'left' || kind === 'single';
  }

  /** A probe row already decided needs no more candidates. */
  isDecided(row: number): boolean {
    const { kind } = this.options;
    return (kind === 'semi' || kind === 'anti' || kind === 'mark') && this.state[row] === MATCHED;
  }

  /** For mark: the answer for a probe row without a true candidate is unknown. */
  setUnknown(row: number): void {
    if (this.state[row] === UNMATCHED) this.state[row] = UNKNOWN;
  }

  /** Positions (of the other side) of the pairs that passed in the last `take`. */
  passed: Int32Array = new Int32Array(0);
  passedCount = 0;
  /** left, single: probe rows before it have been output. */
  private settled = 0;

  /**
   * Candidates: probe row `rows[i]` with position `at[i]` of `other`, for i < count. No more candidates will come for probe
   * rows before `complete`. The arrays are kept by the batch returned.
   */
  take(rows: Int32Array, other: Batch, at: Int32Array, count: number, complete: number): Batch | null {
    this.passedCount = 0;
    if (this.marks !== null) {
      this.takeMarks(rows, other, at, count);
      return null;
    }
    const { kind } = this.options;
    const { selection } = this.probe;
    const probeAt = selection === null ? rows : rows.subarray(0, count).map((row) => selection[row]!);
    const passing = this.passing(rows, probeAt, other, at, count);
    const { kept } = passing;
    this.note(passing);
    if (kind === 'inner') return kept;
    if (!this.isLast) return kind === 'left' || kind === 'single' ? kept : null;
    return kind === 'left' || kind === 'single'
      ? this.withUnmatched(kept, passing.rows, other, complete)
      : null;
  }

  private passing(
    rows: Int32Array,
    probeAt: Int32Array,
    other: Batch,
    at: Int32Array,
    count: number,
  ): Passing {
    const pairs = this.pairs(other, probeAt, at, count);
    const { filter, stages, context } = this;
    if (filter === null) return { kept: pairs, rows, at, count };
    if (stages.length === 0 || count < STAGED_LEAST)
      return { kept: filter.run(pairs, context), rows, at, count };
    let left = { rows, probeAt, at, count };
    let kept: Batch | null = pairs;
    for (const [i, stage] of stages.entries()) {
      kept = stage.run(kept, context);
      if (kept === null) break;
      if (i === stages.length - 1 || kept.selection === null || kept.count * 2 > left.count) continue;
      left = {
        rows: some(left.rows, kept),
        probeAt: some(left.probeAt, kept),
        at: some(left.at, kept),
        count: kept.count,
      };
      kept = this.pairs(other, left.probeAt, left.at, left.count);
    }
    return { kept, rows: left.rows, at: left.at, count: left.count };
  }

  /** The pairs that passed and, at their places, the probe rows before `complete` without a match. */
  private withUnmatched(kept: Batch | null, rows: Int32Array, other: Batch, complete: number): Batch | null {
    const { probe, state, passed, passedCount } = this;
    const until = Math.max(complete, this.settled);
    const probeAt = new Int32Array(passedCount + until - this.settled);
    const otherAt = new Int32Array(probeAt.length);
    let out = 0;
    let pair = 0;
    const rowOf = (i: number): number => rows[kept!.selection === null ? i : kept!.selection[i]!]!;
    for (let row = this.settled; row < until || pair < passedCount; row++) {
      for (; pair < passedCount && rowOf(pair) === row; pair++) {
        probeAt[out] = probe.position(row);
        otherAt[out++] = passed[pair]!;
      }
      if (row < until && state[row] !== MATCHED) {
        probeAt[out] = probe.position(row);
        otherAt[out++] = -1;
      }
    }
    const isPlain = out === passedCount;
    this.settled = until;
    return isPlain ? kept : this.pairs(other, probeAt, otherAt, out);
  }

  private pairs(other: Batch | null, probeAt: Int32Array, otherAt: Int32Array, count: number): Batch {
    const { probeIsLeft, probeSlots, otherSlots } = this.options;
    const probeSide: JoinSide = { batch: this.probe, slots: probeSlots, positions: probeAt };
    const otherSide: JoinSide = { batch: other, slots: otherSlots, positions: otherAt };
    return probeIsLeft ? joinedBatch(probeSide, otherSide, count) : joinedBatch(otherSide, probeSide, count);
  }

  private note({ kept, rows, at, count }: Passing): void {
    const { state } = this;
    const passing = kept === null ? 0 : kept.count;
    const selection = kept === null ? null : kept.selection;
    if (this.passed.length < passing) this.passed = new Int32Array(batchRoom(count));
    for (let i = 0; i < passing; i++) {
      const pair = selection === null ? i : selection[i]!;
      const row = rows[pair]!;
      if (state[row] === MATCHED && this.options.kind === 'single') throw moreThanOneRow();
      state[row] = MATCHED;
      this.passed[i] = at[pair]!;
    }
    this.passedCount = passing;
  }

  private takeMarks(rows: Int32Array, other: Batch, at: Int32Array, count: number): void {
    const { selection } = this.probe;
    const probeAt = selection === null ? rows : rows.subarray(0, count).map((row) => selection[row]!);
    const pairs = this.pairs(other, probeAt, at, count);
    const result = denseColumn(this.marks!.run(pairs, this.context), 0);
    const values = result.values as Uint8Array;
    for (let i = 0; i < count; i++) {
      const isUnknown = result.nulls !== null && result.nulls[i] === 1;
      if (isUnknown && this.options.isTwoValued !== true) this.setUnknown(rows[i]!);
      if (!isUnknown && values[i] === 1) this.state[rows[i]!] = MATCHED;
    }
  }

  /** Marks rows matched without a condition to test (semi, anti, mark). */
  setMatched(row: number): void {
    assert(this.filter === null && this.marks === null, 'a join condition was skipped');
    this.state[row] = MATCHED;
  }

  /** The rest of the probe batch's output. */
  end(): Batch | null {
    if (!this.isLast) return null;
    switch (this.options.kind) {
      case 'inner':
        return null;
      case 'left':
      case 'single':
        return this.unmatched();
      case 'semi':
        return this.rowsInState(MATCHED, true);
      case 'anti':
        return this.rowsInState(MATCHED, false);
      default:
        return this.marked();
    }
  }

  private unmatched(): Batch | null {
    const { probe, state } = this;
    const positions = new Int32Array(probe.count);
    let count = 0;
    for (let i = this.settled; i < probe.count; i++)
      if (state[i] !== MATCHED) positions[count++] = probe.position(i);
    return count === 0 ? null : this.pairs(null, positions, noPositions(count), count);
  }

  private rowsInState(wanted: number, equal: boolean): Batch | null {
    const { probe, state } = this;
    const positions = new Int32Array(probe.count);
    let count = 0;
    for (let i = 0; i < probe.count; i++) {
      if ((state[i] === wanted) === equal) positions[count++] = probe.position(i);
    }
    return count === 0 ? null : count === probe.count ? probe : probe.select(positions, count);
  }

  private marked(): Batch {
    const { probe, state } = this;
    const values = new Uint8Array(probe.count);
    let nulls: Uint8Array | null = null;
    for (let i = 0; i < probe.count; i++) {
      if (state[i] === MATCHED) values[i] = 1;
      else if (state[i] === UNKNOWN) {
        nulls ??= new Uint8Array(probe.count);
        nulls[i] = 1;
      }
    }
    const mark: Vector = { physical: Physical.bool, values, nulls };
    const width = this.options.probeSlots.length;
    return Batch.lazy(width + 1, probe.count, null, {
      load: (column) => (column === width ? mark : denseColumn(probe, column)),
    });
  }
}

/** 21000, as a scalar subquery says it. */
export function moreThanOneRow(): DecentDbError {
  return new DecentDbError('21000', 'more than one row returned by a subquery used as an expression');
}

/** The entries at the positions that a batch selects. */
function some(of: Int32Array, { selection, count }: Batch): Int32Array {
  const out = new Int32Array(count);
  for (let i = 0; i < count; i++) out[i] = of[selection![i]!]!;
  return out;
}
