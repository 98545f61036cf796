/**
 * A partition of sorted rows, and its peer groups.
 *
 * Rows are numbered by their place in the whole sorted input; a partition is from..to-1.
 *
 * I1  Peers are rows equal on all ORDER BY keys; without ORDER BY the whole partition is one group.
 * I2  `groupOf`, `groupStart` are relative to nothing: group g of the partition is rows groupStart[g]..groupStart[g + 1] - 1.
 */
export interface Partition {
  readonly from: number;
  readonly to: number;
  /** Peer group of row from + i. */
  readonly groupOf: Int32Array;
  /** First row of each group, and `to` at the end. */
  readonly groupStart: Int32Array;
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
  return { from, to, groupOf, groupStart: Int32Array.from(starts) };
}

export function peerStart(partition: Partition, row: number): number {
  return partition.groupStart[partition.groupOf[row - partition.from]!]!;
}

export function peerEnd(partition: Partition, row: number): number {
  return partition.groupStart[partition.groupOf[row - partition.from]! + 1]!;
}
