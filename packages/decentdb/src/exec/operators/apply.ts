/**
 * Apply: the right plan runs for each left row, with values of that row as its outer values.
 *
 * I1  Left order is kept; right rows keep their order within a left row.
 * I3  Rows of several left rows come out together, twice as many each time: the first ones come at once.
 * I2  With `memo`, runs with equal outer values share one result, while memory lasts and values come again.
 */

import { assert } from '../../base/assert.ts';
import type { Datum } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import { ExecContext } from '../context.ts';
import { type Evaluator, evaluateAll, evaluatorOf } from '../interpret/evaluator.ts';
import { MatchCollector, type ProbeKind } from '../join/match-collector.ts';
import type { ApplyNode } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { drain, type Operator } from './operator.ts';
import { OuterKeys } from './outer-keys.ts';

/** Results kept by one apply. */
const MEMO_ROWS_MAX = 1 << 18;
/** I3. */
const MADE_ROWS_MAX = 1024;

export class ApplyOperator implements Operator {
  private readonly node: ApplyNode;
  private readonly left: Operator;
  private readonly right: Operator;
  private readonly outer: readonly Evaluator[];
  private context!: ExecContext;
  private inner!: ExecContext;
  private collector!: MatchCollector;
  private batch: Batch | null = null;
  private row = 0;
  private readonly queue: Batch[] = [];
  /** Output rows not yet in the queue, and how many of them make a batch. */
  private made: RowStore | null = null;
  private madeMax = 1;
  private memo: { readonly keys: OuterKeys; readonly results: RowStore[]; rows: number } | null = null;

  constructor(node: ApplyNode, left: Operator, right: Operator) {
    assert(node.join !== 'right' && node.join !== 'full', 'apply keeps left rows only');
    this.node = node;
    this.left = left;
    this.right = right;
    this.outer = node.outer.map(evaluatorOf);
  }

  open(context: ExecContext): void {
    const { node } = this;
    this.context = context;
    this.inner = new ExecContext(context.statement, [], context.ctes);
    this.inner.subplans = context.subplans;
    this.batch = null;
    this.queue.length = 0;
    this.made = null;
    this.madeMax = 1;
    this.memo = node.memo
      ? {
          keys: new OuterKeys(
            node.outer.map((expr) => expr.type),
            'apart',
          ),
          results: [],
          rows: 0,
        }
      : null;
    this.collector = new MatchCollector(
      {
        kind: node.join as ProbeKind,
        condition: node.condition,
        probeIsLeft: true,
        probeSlots: node.left.slots,
        otherSlots: node.right.slots,
      },
      context,
    );
    this.left.open(context);
  }

  next(): Batch | null {
    for (;;) {
      const ready = this.queue.shift();
      if (ready !== undefined) return ready;
      if (this.batch === null) {
        this.batch = this.left.next();
        if (this.batch === null) return null;
        this.row = 0;
        this.collector.begin(this.batch);
      }
      this.step(this.batch);
    }
  }

  /** One left row, and the end of the batch after its last. */
  private step(batch: Batch): void {
    const values = evaluateAll(this.outer, batch, batch.position(this.row), this.context);
    const kept = this.memoised(values);
    if (kept !== null) {
      if (kept.count > 0) this.offer(kept.batch());
    } else {
      this.run(values, (right) => this.offer(right));
    }
    this.row++;
    if (this.row < batch.count) return;
    this.batch = null;
    this.handOut();
    const rest = this.collector.end();
    if (rest !== null) this.queue.push(rest);
  }

  /** Runs the right plan; `take` gets its batches, which must not be kept (see Operator I3). */
  private run(values: readonly Datum[], take: (right: Batch) => void): void {
    this.context.statement.checkCancel();
    this.inner.outer = values;
    try {
      this.right.open(this.inner);
      drain(this.right, (right) => {
        if (!this.collector.isDecided(this.row)) take(right);
      });
    } finally {
      this.right.close();
    }
  }

  /** The right rows by outer values, run now if new; null when results are not kept. */
  private memoised(values: readonly Datum[]): RowStore | null {
    const { memo } = this;
    if (memo === null) return null;
    if (memo.keys.areHardlyRepeated) {
      this.forget();
      return null;
    }
    const isFull = memo.rows > MEMO_ROWS_MAX || this.context.statement.memory.isTight;
    const id = memo.keys.idOf(values, !isFull);
    if (id < 0) return null;
    let store = memo.results[id];
    if (store === undefined) {
      store = new RowStore(this.node.right.slots, this.context.statement.memory);
      memo.results[id] = store;
      const rows = store;
      this.run(values, (right) => rows.append(right));
      store.report();
      memo.rows += store.count + 1;
    }
    return store;
  }

  private offer(right: Batch): void {
    const { count } = right;
    const rows = new Int32Array(count).fill(this.row);
    const at = new Int32Array(count);
    for (let i = 0; i < count; i++) at[i] = right.position(i);
    const output = this.collector.take(rows, right, at, count, this.row);
    if (output !== null) this.put(output);
  }

  /** Output rows, copied: the right batch they come from is gone after this call. Few at a time, they wait for others (I3). */
  private put(output: Batch): void {
    if (this.made === null) {
      if (output.count >= this.madeMax) {
        this.queue.push(materialised(output));
        return;
      }
      this.made = new RowStore(this.node.slots, this.context.statement.memory);
    }
    this.made.append(output);
    if (this.made.count >= this.madeMax) this.handOut();
  }

  private handOut(): void {
    const { made } = this;
    if (made === null) return;
    this.queue.push(
      Batch.of(
        made.columns.map((column) => column.vector()),
        made.count,
      ),
    );
    made.clear();
    this.made = null;
    this.madeMax = Math.min(MADE_ROWS_MAX, this.madeMax * 2);
  }

  private forget(): void {
    for (const store of this.memo?.results ?? []) store?.clear();
    this.memo = null;
  }

  close(): void {
    this.forget();
    this.made?.clear();
    this.made = null;
    this.batch = null;
    this.queue.length = 0;
    this.left.close();
  }
}

/** Loads all columns now: the right batch they come from is gone after this call. */
function materialised(batch: Batch): Batch {
  for (let i = 0; i < batch.width; i++) batch.column(i);
  return batch;
}
