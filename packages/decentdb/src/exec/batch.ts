/**
 * Batches: what operators hand to each other.
 *
 * A batch is a list of columns and the positions of the rows that count. Rows are numbered 0..count-1; row i stands at
 * position `selection === null ? i : selection[i]` of every column.
 *
 * I1  Columns load when first asked for: a join's or a leaf's column nobody reads is never built (late materialisation).
 * I2  Nobody writes to a column or selection received: they may belong to a shared leaf or to another batch.
 * I3  A batch is valid until the next call of `next`, `open` or `close` on the operator that returned it.
 * I4  Positions in a selection may repeat only where the operator says so; operators below never depend on their order.
 */
import type { Vector } from '../types/vector.ts';
import { gather } from './vectors.ts';

/** Most rows that operators put into a batch they build themselves; leaves pass through whole. */
export const BATCH_ROWS = 2048;

/** Arrays of as few elements lie where the engine makes and forgets them at next to no cost. */
export const FEW_ROWS = 8;

/** Room to be made for a batch of `count` rows and those after it: little for few rows, that of any batch for more. */
export function batchRoom(count: number): number {
  return count <= FEW_ROWS ? FEW_ROWS : count <= 64 ? 64 : Math.max(count, BATCH_ROWS);
}

/** Makes columns on demand. */
export interface ColumnSource {
  load(column: number): Vector;
  /** The column where it was taken from, without making it; null when it cannot be said. */
  origin?(column: number): ColumnOrigin | null;
  /** Whether the column can still be made when the batch is void, until the operator is closed. */
  isLasting?(column: number): boolean;
  /** The first `count` of `positions`, none negative, as rows 0 to count - 1; for sources that need not make whole columns for that. */
  at?(positions: Int32Array, count: number): ColumnSource;
}

/** Row at position p of a column is row `positions[p]` of `vector`; none is negative. */
export interface ColumnOrigin {
  readonly vector: Vector;
  readonly positions: Int32Array;
}

export class Batch {
  readonly count: number;
  readonly selection: Int32Array | null;
  private readonly vectors: (Vector | null)[];
  private readonly source: ColumnSource | null;

  constructor(
    vectors: (Vector | null)[],
    count: number,
    selection: Int32Array | null,
    source: ColumnSource | null,
  ) {
    this.count = count;
    this.selection = selection;
    this.vectors = vectors;
    this.source = source;
  }

  static of(vectors: Vector[], count: number, selection: Int32Array | null = null): Batch {
    return new Batch(vectors, count, selection, null);
  }

  /** A batch whose columns all come from `source`. */
  static lazy(width: number, count: number, selection: Int32Array | null, source: ColumnSource): Batch {
    const vectors = new Array<Vector | null>(width);
    for (let i = 0; i < width; i++) vectors[i] = null;
    return new Batch(vectors, count, selection, source);
  }

  get width(): number {
    return this.vectors.length;
  }

  column(index: number): Vector {
    const vector = this.vectors[index];
    if (vector !== null && vector !== undefined) return vector;
    const loaded = this.source!.load(index);
    this.vectors[index] = loaded;
    return loaded;
  }

  /** Where a column not made yet would be gathered from; null when it is made or comes from elsewhere. */
  origin(index: number): ColumnOrigin | null {
    const made = this.vectors[index];
    return made !== null && made !== undefined ? null : (this.source?.origin?.(index) ?? null);
  }

  /** Whether a column is not made yet and can be made later on (ColumnSource.isLasting). */
  isLate(index: number): boolean {
    const made = this.vectors[index];
    return (made === null || made === undefined) && this.source?.isLasting?.(index) === true;
  }

  /** Rows at positions of the columns, none negative: of a column that is not made only those, where its source can do that. */
  rowsAt(positions: Int32Array, count: number): ColumnSource {
    const { vectors } = this;
    const some = this.source?.at?.(positions, count);
    return {
      load: (column) =>
        some === undefined || (vectors[column] ?? null) !== null
          ? gather(this.column(column), positions, count)
          : some.load(column),
    };
  }

  /** The same columns with other rows selected; `selection` holds positions. */
  select(selection: Int32Array, count: number): Batch {
    return new Batch(this.vectors, count, selection, this.source);
  }

  /** Columns `mapping[i]` of this batch, same rows. */
  pick(mapping: readonly number[]): Batch {
    return Batch.lazy(mapping.length, this.count, this.selection, {
      load: (column) => this.column(mapping[column]!),
      isLasting: (column) => this.isLate(mapping[column]!),
      at: (positions, count) => {
        const rows = this.rowsAt(positions, count);
        return { load: (column) => rows.load(mapping[column]!) };
      },
    });
  }

  /** Rows from..to-1 of this batch. */
  slice(from: number, to: number): Batch {
    if (from === 0 && to === this.count) return this;
    const { selection } = this;
    return this.select(selection === null ? identity(from, to) : selection.subarray(from, to), to - from);
  }

  /** Position of row i. */
  position(row: number): number {
    return this.selection === null ? row : this.selection[row]!;
  }
}

let identityArray: Int32Array = countedUp(1 << 10);

/** 0, 1, ..., length - 1. A loop: `Int32Array.from` with a function takes 50 times as long, in each process anew. */
function countedUp(length: number): Int32Array {
  const numbers = new Int32Array(length);
  for (let i = 0; i < length; i++) numbers[i] = i;
  return numbers;
}

/** from, from + 1, ..., to - 1. Shared: not to be written to. */
export function identity(from: number, to: number): Int32Array {
  if (to > identityArray.length) identityArray = countedUp(Math.max(to, identityArray.length * 2));
  return from === 0 && to === identityArray.length ? identityArray : identityArray.subarray(from, to);
}
