/**
 * A partition of sorted rows, and its peer groups.
 *
 * Rows are numbered by their place in the whole sorted input; a partition is from..to-1.
 *
 * I1  Peers are rows equal on all ORDER BY keys; without ORDER BY the whole partition is one group.
 * I2  `groupOf`, `groupStart` are relative to nothing: group g of the partition is rows groupStart(g)..groupStart(g + 1) - 1.
 */
export interface Partition {
  readonly from: number;
  readonly to: number;
  /** How many peer groups there are. */
  readonly groups: number;
  /** Peer group of a row. */
  groupOf(row: number): number;
  /** First row of a group; `to` for the one behind the last. */
  groupStart(group: number): number;
}

/** A partition in memory. */
class HeldPartition implements Partition {
  readonly from: number;
  readonly to: number;
  readonly groups: number;
  private readonly groupNumbers: Int32Array;
  private readonly starts: Int32Array;

  constructor(from: number, to: number, groupNumbers: Int32Array, starts: Int32Array) {
    this.from = from;
    this.to = to;
    this.groups = starts.length - 1;
    this.groupNumbers = groupNumbers;
    this.starts = starts;
  }

  groupOf(row: number): number {
    return this.groupNumbers[row - this.from]!;
  }

  groupStart(group: number): number {
    return this.starts[group]!;
  }
}

/** Partition from..to-1 with its groups; `isPeer(i)` says whether row i is a peer of row i - 1. */
export function makePartition(from: number, to: number, isPeer: (row: number) => boolean): Partition {
  const groupOf = new Int32Array(to - from);
  const starts: number[] = [];
  for (let row = from; row < to; row++) {
    if (row === from || !isPeer(row)) starts.push(row);
    groupOf[row - from] = starts.length - 1;
  }
  starts.push(to);
  return new HeldPartition(from, to, groupOf, Int32Array.from(starts));
}

export function peerStart(partition: Partition, row: number): number {
  return partition.groupStart(partition.groupOf(row));
}

export function peerEnd(partition: Partition, row: number): number {
  return partition.groupStart(partition.groupOf(row) + 1);
}
