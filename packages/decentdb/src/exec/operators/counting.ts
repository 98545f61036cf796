/** An operator that counts for EXPLAIN ANALYZE. Time includes the inputs', as PostgreSQL's figures do. */
import type { Batch } from '../batch.ts';
import type { ExecContext, NodeCounter } from '../context.ts';
import type { KeyFilter } from '../join/key-filter.ts';
import type { Operator } from './operator.ts';

export class CountingOperator implements Operator {
  private readonly inner: Operator & {
    readonly removed?: number;
    readonly search?: string;
    readonly workers?: number;
    readonly piecesHelped?: number;
  };
  private readonly id: number;
  private counter: NodeCounter | null = null;
  private context: ExecContext | null = null;
  private isFirst = false;

  constructor(inner: Operator, id: number) {
    this.inner = inner;
    this.id = id;
  }

  open(context: ExecContext): void {
    const { statement } = context;
    this.context = context;
    const counters = statement.counters!;
    counters[this.id] ??= { rows: 0, batches: 0, loops: 0, ms: 0, firstMs: 0, removed: 0, memoryBytes: 0 };
    this.counter = counters[this.id]!;
    this.counter.loops++;
    const start = statement.now();
    this.inner.open(context);
    const ms = statement.now() - start;
    this.counter.ms += ms;
    this.counter.firstMs += ms;
    this.isFirst = true;
  }

  next(): Batch | null {
    const { statement } = this.context!;
    const counter = this.counter!;
    const start = statement.now();
    const batch = this.inner.next();
    const ms = statement.now() - start;
    counter.ms += ms;
    if (this.isFirst) {
      this.isFirst = false;
      counter.firstMs += ms;
    }
    if (batch !== null) {
      counter.rows += batch.count;
      counter.batches++;
    }
    const held = statement.memory.heldBytes;
    if (held > counter.memoryBytes) counter.memoryBytes = held;
    return batch;
  }

  restrict(slot: number, keys: KeyFilter): boolean {
    return this.inner.restrict?.(slot, keys) === true;
  }

  reuse(): void {
    this.inner.reuse?.();
  }

  want(rows: number): void {
    this.inner.want?.(rows);
  }

  close(): void {
    if (this.counter !== null && this.inner.removed !== undefined) this.counter.removed = this.inner.removed;
    if (this.counter !== null && typeof this.inner.search === 'string')
      this.counter.search = this.inner.search;
    if (this.counter !== null && typeof this.inner.workers === 'number')
      this.counter.workers = this.inner.workers;
    if (this.counter !== null && (this.inner.piecesHelped ?? 0) > 0)
      this.counter.piecesHelped = this.inner.piecesHelped!;
    this.inner.close();
  }
}
