/**
 * Argument values held until all rows are known, then given in the order the aggregate asks for.
 *
 * I1  Rows of equal keys come in the order they came.
 * I2  Beyond the statement's memory they go to sorted runs in a temporary file.
 */
import { int4Type } from '../../types/integer-types.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { Expr, SortKey } from '../expr.ts';
import { SortBuffer } from '../operators/sort.ts';
import type { Slot } from '../physical.ts';
import type { SortRuns } from '../spill/sort-runs.ts';
import { gather } from '../vectors.ts';

/** Told of argument vectors, positions in them and groups, some rows at a time. */
export type TakeArguments = (
  vectors: readonly Vector[],
  positions: Int32Array | null,
  groups: Int32Array,
  count: number,
) => void;

export class OrderedArguments {
  private readonly buffer: SortBuffer;
  private readonly width: number;
  private readonly context: ExecContext;
  private runs: SortRuns | null = null;
  private isUnstorable = false;

  /** Of the columns `exprs`, those from `keyFrom` on are the values of `keys`. */
  constructor(exprs: readonly Expr[], keyFrom: number, keys: readonly SortKey[], context: ExecContext) {
    const slots: readonly Slot[] = [...exprs, { type: int4Type, typmod: -1 }];
    const own = keys.map((key, i): SortKey => {
      const { type, typmod, location } = key.expr;
      return { ...key, expr: { kind: 'slot', slot: keyFrom + i, type, typmod, location } };
    });
    this.buffer = new SortBuffer(slots, own, context);
    this.width = exprs.length;
    this.context = context;
  }

  append(
    vectors: readonly Vector[],
    positions: Int32Array | null,
    groups: Int32Array | null,
    count: number,
  ): void {
    const columns = positions === null ? [...vectors] : vectors.map((one) => gather(one, positions, count));
    columns.push({ physical: Physical.int32, values: groups ?? new Int32Array(count), nulls: null });
    this.buffer.append(Batch.of(columns, count), this.context);
    const { memory } = this.context.statement;
    if (!memory.wantsSpill || !this.buffer.isLarge || this.isUnstorable) return;
    this.runs ??= this.buffer.makeRuns(memory);
    if (this.runs === null) this.isUnstorable = true;
    else this.buffer.spillTo(this.runs);
  }

  /** All rows in order. */
  take(tell: TakeArguments): void {
    const { buffer, runs, width } = this;
    if (runs === null) {
      const order = buffer.sorted();
      const vectors = buffer.rows.columns.map((column) => column.vector());
      const groups = vectors[width]!.values as Int32Array;
      const inOrder = order.map((row) => groups[row]!);
      tell(vectors.slice(0, width), order, inOrder, order.length);
      return;
    }
    buffer.spillTo(runs);
    const merger = runs.merge();
    for (let batch = merger.next(); batch !== null; batch = merger.next()) {
      this.context.statement.checkCancel();
      const columns = Array.from({ length: width + 1 }, (_, i) => (batch as Batch).column(i));
      tell(columns.slice(0, width), null, columns[width]!.values as Int32Array, batch.count);
    }
  }

  release(): void {
    this.buffer.clear();
    this.runs?.close();
    this.runs = null;
  }
}
