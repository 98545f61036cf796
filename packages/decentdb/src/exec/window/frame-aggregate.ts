/**
 * Aggregates over window frames.
 *
 * I1  A frame that only grows (it starts at the partition's start, nothing excluded) is fed forward; one that slides drops
 *     rows through the aggregate's `inverse` where there is one; any other is computed afresh for each row.
 * I2  `final` does not spoil the state: it is called for each row (or peer group) of a growing frame.
 */
import type { AggregateFunction, EvalContext } from '../../functions/function.ts';
import type { Datum } from '../../types/vector.ts';
import type { Frame, FrameFinder } from './frames.ts';
import type { Partition } from './partition.ts';

export interface FrameAggregateInput {
  readonly fn: AggregateFunction;
  readonly partition: Partition;
  readonly frames: FrameFinder;
  readonly context: EvalContext;
  /** Arguments of a row, or null when FILTER leaves it out. */
  args(row: number): readonly Datum[] | null;
  /** Asked now and then while rows of frames are added up. */
  checkCancel(): void;
}

/** Rows of frames added up between looks at cancellation. */
const ADDED_ROWS = 4096;

/** The value for each row of the partition, asked for in order. */
export function frameAggregate(input: FrameAggregateInput): (row: number) => Datum {
  const walker = new FrameWalker(input);
  return (row) => walker.valueFor(row);
}

class FrameWalker {
  private readonly input: FrameAggregateInput;
  private state: object;
  private start = -1;
  private end = -1;
  private value: Datum = null;
  private readonly frame: Frame = { start: 0, end: 0 };
  private added = 0;

  constructor(input: FrameAggregateInput) {
    this.input = input;
    this.state = input.fn.init();
  }

  valueFor(row: number): Datum {
    const { frames, partition, fn } = this.input;
    const { frame } = this;
    frames.find(partition, row, frame);
    if (frames.exclude !== 'noOthers') return this.excluding(row);
    if (frame.start === this.start && frame.end === this.end) return this.value;
    const isSliding =
      this.start >= 0 && frame.start >= this.start && frame.end >= this.end && frame.start <= this.end;
    if (isSliding && this.dropUntil(frame.start)) {
      for (let i = this.end; i < frame.end; i++) this.add(i);
    } else {
      this.state = fn.init();
      for (let i = frame.start; i < frame.end; i++) this.add(i);
    }
    this.start = frame.start;
    this.end = frame.end;
    this.value = fn.final(this.state, this.input.context);
    return this.value;
  }

  private excluding(row: number): Datum {
    const { frames, partition, fn, context } = this.input;
    const { start, end } = this.frame;
    this.state = fn.init();
    for (let i = start; i < end; i++) if (!frames.isExcluded(partition, row, i)) this.add(i);
    return fn.final(this.state, context);
  }

  private add(row: number): void {
    const { fn, context } = this.input;
    if (++this.added % ADDED_ROWS === 0) this.input.checkCancel();
    const values = this.input.args(row);
    if (values === null || (fn.strict && values.includes(null))) return;
    fn.step(this.state, context, ...values);
  }

  /** False: the aggregate cannot lose these rows. */
  private dropUntil(start: number): boolean {
    const { fn, context } = this.input;
    if (start === this.start) return true;
    if (fn.inverse === undefined) return false;
    for (let i = this.start; i < start; i++) {
      const values = this.input.args(i);
      if (values === null || (fn.strict && values.includes(null))) continue;
      if (fn.inverse(this.state, context, ...values) === false) return false;
    }
    return true;
  }
}
