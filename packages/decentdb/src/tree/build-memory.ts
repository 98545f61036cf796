/**
 * Memory for the large arrays of a build: one piece, handed out from its front, and taken again by the next build.
 *
 * V8 counts array buffers as pressure to collect garbage, and a collection marks all that the application holds: beside a
 * million rows in its hands each costs as much as sorting a column of them. Shared buffers are not counted, so what is dropped
 * might stay for long: hence there is one piece at a time, which the next build takes for as long as it is there.
 *
 * I1  Arrays are not zero-filled. None is used after `release`.
 * I2  What is too large, or more than was said, is memory of the usual kind.
 */
/** A larger piece would be too much to be kept back from the garbage collector. */
const SHARED_BYTES_MAX = 256 << 20;
/** A new piece is larger than the old one by so much at least: what those before it held is no more than a few times as much. */
const GROWTH = 1.5;

let lastPiece: WeakRef<SharedArrayBuffer> | null = null;

export class BuildMemory {
  private piece: SharedArrayBuffer | null;
  private at = 0;

  /** `bytes`: what the build is going to take, all in all. */
  constructor(bytes: number) {
    this.piece = bytes > SHARED_BYTES_MAX ? null : takePiece(bytes);
  }

  /** All arrays are given up; those of the next part begin at the front. */
  clear(): void {
    this.at = 0;
  }

  release(): void {
    if (this.piece !== null) lastPiece = new WeakRef(this.piece);
    this.piece = null;
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
    const { piece, at } = this;
    const next = at + ((bytes + 7) & ~7);
    if (piece === null || next > piece.byteLength) return -1;
    this.at = next;
    return at;
  }
}

/** The last piece where it is large enough and nobody has it; else a new one. */
function takePiece(bytes: number): SharedArrayBuffer {
  const last = lastPiece?.deref();
  lastPiece = null;
  if (last !== undefined && last.byteLength >= bytes) return last;
  const least = last === undefined ? bytes : Math.max(bytes, last.byteLength * GROWTH);
  return new SharedArrayBuffer(Math.ceil(Math.min(least, SHARED_BYTES_MAX) / 8) * 8);
}
