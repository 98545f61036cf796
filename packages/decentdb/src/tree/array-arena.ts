/**
 * Typed arrays cut one behind the other from a piece of memory, and given up all at once.
 *
 * V8 counts array buffers as pressure to collect garbage, and a collection marks all that the application holds: a load that makes
 * half a megabyte of them a batch would pay for that every hundred batches.
 *
 * I1  Arrays are not zero-filled. None is used after `clear`.
 * I2  What the piece has no room for is memory of the usual kind.
 */
export class ArrayArena {
  protected piece: ArrayBufferLike | null;
  private at = 0;
  /** Bytes asked for since `clear`. */
  protected asked = 0;

  constructor(piece: ArrayBufferLike | null) {
    this.piece = piece;
  }

  /** All arrays are given up; the next ones begin at the front. */
  clear(): void {
    this.at = 0;
    this.asked = 0;
  }

  uint8s(count: number): Uint8Array {
    const at = this.take(count);
    return at < 0 ? new Uint8Array(count) : new Uint8Array(this.piece!, at, count);
  }

  int32s(count: number): Int32Array {
    const at = this.take(count * 4);
    return at < 0 ? new Int32Array(count) : new Int32Array(this.piece!, at, count);
  }

  uint32s(count: number): Uint32Array {
    const at = this.take(count * 4);
    return at < 0 ? new Uint32Array(count) : new Uint32Array(this.piece!, at, count);
  }

  float64s(count: number): Float64Array {
    const at = this.take(count * 8);
    return at < 0 ? new Float64Array(count) : new Float64Array(this.piece!, at, count);
  }

  /** Where so many bytes begin; negative: there is no room for them. */
  private take(bytes: number): number {
    const size = (bytes + 7) & ~7;
    this.asked += size;
    const { piece, at } = this;
    if (piece === null || at + size > piece.byteLength) return -1;
    this.at = at + size;
    return at;
  }
}

/** An arena that grows to what was asked of it between two calls of `clear`. */
export class GrowingArena extends ArrayArena {
  private readonly bytesMax: number;

  constructor(bytesMax: number) {
    super(null);
    this.bytesMax = bytesMax;
  }

  override clear(): void {
    if (this.asked > (this.piece?.byteLength ?? 0) && this.asked <= this.bytesMax)
      this.piece = new ArrayBuffer(Math.min(this.bytesMax, this.asked + (this.asked >> 2)));
    super.clear();
  }
}
