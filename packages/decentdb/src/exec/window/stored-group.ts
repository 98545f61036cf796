/**
 * Peers that do not fit the statement's memory, where rows are worked through one after the other (window/running.ts): what is summed
 * over them is known with the last one, so they wait in temporary files.
 *
 * I1  Every row is told to `RunningWindow.gather` as it comes, and run when all have.
 */
import { Batch, identity } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import type { WindowNode } from '../physical.ts';
import type { RowStore } from '../row-store.ts';
import { IndexedRows } from '../spill/indexed-rows.ts';
import { gather } from '../vectors.ts';
import type { RunningWindow } from './running.ts';
import { WindowKeys } from './window-keys.ts';

const always = (): boolean => true;

export class StoredGroup {
  private readonly node: WindowNode;
  private readonly running: RunningWindow;
  private readonly context: ExecContext;
  private readonly keys: WindowKeys;
  private readonly rows: IndexedRows;
  private readonly values: IndexedRows;
  private last: ReturnType<WindowKeys['of']> | null = null;
  private at = 0;

  /** `exprs`: what `values` holds; `rowBytes`: what a row takes with them. */
  constructor(
    node: WindowNode,
    exprs: readonly Expr[],
    rowBytes: number,
    running: RunningWindow,
    context: ExecContext,
  ) {
    const { memory } = context.statement;
    this.node = node;
    this.running = running;
    this.context = context;
    this.keys = new WindowKeys(node);
    // Blocks of both begin with the same rows.
    this.rows = new IndexedRows(node.input.slots, rowBytes, memory, 1);
    this.values = new IndexedRows(exprs, rowBytes, memory, 1);
  }

  /** How many of the first rows are peers of those before: all of them, or those before the next group begins. */
  extent(values: RowStore): number {
    const vectors = values.columns.map((column) => column.vector());
    return this.keys.restOfPeers(this.last, vectors, values.count);
  }

  /** Takes the first `count` rows. */
  append(rows: RowStore, values: RowStore, count: number): void {
    if (count === 0) return;
    const order = identity(0, count);
    const vectors = values.columns.map((column) => gather(column.vector(), order, count));
    this.last = this.keys.of(vectors, count - 1);
    this.running.gather(vectors, count);
    this.values.appendVectors(vectors, count);
    this.rows.appendVectors(
      rows.columns.map((column) => gather(column.vector(), order, count)),
      count,
    );
  }

  finish(): void {
    this.rows.finish();
    this.values.finish();
  }

  /** Some more rows with the calls' values; null at the end. */
  next(): Batch | null {
    const { rows, values, node, running, at: block } = this;
    const from = block * rows.blockRows;
    if (from >= rows.count) {
      running.endGroup();
      return null;
    }
    this.at++;
    this.context.statement.checkCancel();
    const count = Math.min(rows.blockRows, rows.count - from);
    const vectors = Array.from({ length: values.width }, (_, i) => values.blockColumn(block, i));
    const results = running.run({ count, vectors, isSame: always, isPeer: always });
    const width = node.input.slots.length;
    return Batch.lazy(width + results.length, count, null, {
      load: (column) => (column < width ? rows.blockColumn(block, column) : results[column - width]!),
    });
  }

  close(): void {
    this.rows.close();
    this.values.close();
  }
}
