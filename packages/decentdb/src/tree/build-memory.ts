/**
 * Memory for the large arrays of a build: one piece, handed out from its front, and taken again by the next build.
 *
 * It is a shared buffer, which V8 does not count (array-arena.ts): beside a million rows in the application's hands a collection
 * costs as much as sorting a column of them. So what is dropped might stay for long: there is one piece at a time, and the next
 * build takes it for as long as it is there.
 *
 * I1  No array is used after `release`. What is too large for a piece is memory of the usual kind.
 */
import { ArrayArena } from './array-arena.ts';

/** A larger piece would be too much to be kept back from the garbage collector. */
const SHARED_BYTES_MAX = 256 << 20;
/** A new piece is larger than the old one by so much at least: what those before it held is no more than a few times as much. */
const GROWTH = 1.5;

let lastPiece: WeakRef<ArrayBufferLike> | null = null;

export class BuildMemory extends ArrayArena {
  /** `bytes`: what the build is going to take, all in all. */
  constructor(bytes: number) {
    super(bytes > SHARED_BYTES_MAX ? null : takePiece(bytes));
  }

  release(): void {
    if (this.piece !== null) lastPiece = new WeakRef(this.piece);
    this.piece = null;
  }
}

/** The last piece where it is large enough and nobody has it; else a new one. */
function takePiece(bytes: number): ArrayBufferLike {
  const last = lastPiece?.deref();
  lastPiece = null;
  if (last !== undefined && last.byteLength >= bytes) return last;
  const least = last === undefined ? bytes : Math.max(bytes, last.byteLength * GROWTH);
  return new SharedArrayBuffer(Math.ceil(Math.min(least, SHARED_BYTES_MAX) / 8) * 8);
}
