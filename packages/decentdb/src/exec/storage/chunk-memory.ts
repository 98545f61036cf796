/**
 * Memory for gathered rows, used again for each chunk of a scan.
 *
 * Arrays that live as long as a batch are what a scan of numbers makes most of, and the engine collects garbage by their bytes.
 *
 * I1  What was made in it is void when the next chunk is begun: only for scans whose reader keeps nothing (Operator.reuse).
 */
export class ChunkMemory {
  rows: Int32Array = new Int32Array(0);
  ends: Int32Array = new Int32Array(64);
  starts: Int32Array = new Int32Array(64);
  private readonly ints: Int32Array[] = [];
  private readonly floats: Float64Array[] = [];

  /** Room for `size` values of column k. */
  int32s(k: number, size: number): Int32Array {
    const array = this.ints[k];
    if (array !== undefined && array.length >= size) return array;
    const larger = new Int32Array(size + (size >>> 2));
    this.ints[k] = larger;
    return larger;
  }

  float64s(k: number, size: number): Float64Array {
    const array = this.floats[k];
    if (array !== undefined && array.length >= size) return array;
    const larger = new Float64Array(size + (size >>> 2));
    this.floats[k] = larger;
    return larger;
  }
}
