/** The values of PARTITION BY and ORDER BY of one row, and whether two rows agree on them: rows that are not at hand together. */
import type { Datum, Vector } from '../../types/vector.ts';
import { identity } from '../batch.ts';
import type { WindowNode } from '../physical.ts';
import { datumAt } from '../vectors.ts';
import { orderColumns, sameBy } from './sorted-rows.ts';

export class WindowKeys {
  private readonly node: WindowNode;
  private readonly partitionWidth: number;
  private readonly width: number;

  constructor(node: WindowNode) {
    this.node = node;
    this.partitionWidth = node.partitionBy.length;
    this.width = node.partitionBy.length + node.orderBy.length;
  }

  /** The keys of a row, of which `vectors` begin with the columns. */
  of(vectors: readonly Vector[], row: number): readonly Datum[] {
    return vectors.slice(0, this.width).map((vector) => datumAt(vector, row));
  }

  isSamePartition(a: readonly Datum[], b: readonly Datum[]): boolean {
    return this.agree(a, b, 0, this.partitionWidth);
  }

  /** Of rows of one partition. */
  isPeer(a: readonly Datum[], b: readonly Datum[]): boolean {
    return this.agree(a, b, this.partitionWidth, this.width);
  }

  /** How many of the first rows are of the partition of the row before, whose keys are `last`; all where there was none. */
  restOfPartition(last: readonly Datum[] | null, vectors: readonly Vector[], count: number): number {
    return this.rest(last, vectors, count, this.partitionWidth);
  }

  /** How many of the first rows are peers of the row before. */
  restOfPeers(last: readonly Datum[] | null, vectors: readonly Vector[], count: number): number {
    return this.rest(last, vectors, count, this.width);
  }

  private rest(
    last: readonly Datum[] | null,
    vectors: readonly Vector[],
    count: number,
    width: number,
  ): number {
    if (count === 0 || last === null) return count;
    if (!this.agree(last, this.of(vectors, 0), 0, width)) return 0;
    const isSame = sameBy(orderColumns(this.node, vectors).slice(0, width), identity(0, count));
    let to = 1;
    while (to < count && isSame(to)) to++;
    return to;
  }

  private agree(a: readonly Datum[], b: readonly Datum[], from: number, to: number): boolean {
    const { partitionBy, orderBy } = this.node;
    for (let k = from; k < to; k++) {
      const [x, y] = [a[k]!, b[k]!];
      const { type } = k < partitionBy.length ? partitionBy[k]! : orderBy[k - partitionBy.length]!.expr;
      if (x === null || y === null ? x !== y : type.compare(x, y) !== 0) return false;
    }
    return true;
  }
}
