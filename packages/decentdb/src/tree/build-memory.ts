/**
 * Memory for the large arrays of a build: one piece, handed out from its front, and taken again by the next build.
 *
 * It is a shared buffer, which V8 does not count (array-arena.ts): beside a million rows in the application's hands a collection
 * costs as much as sorting a column of them. So what is dropped might stay for long: there is one piece at a time, of one size, and
 * the next build takes it for as long as it is there. What of it was never written takes no memory.
 *
 * I1  No array is used after `release`. A build that needs more than a piece has memory of the usual kind.
 */
import { ArrayArena } from './array-arena.ts';

/** Enough for a column of a million rows; beside larger ones a collection costs little. */
const PIECE_BYTES = 64 << 20;

let lastPiece: WeakRef<ArrayBufferLike> | null = null;

export class BuildMemory extends ArrayArena {
  /** `bytes`: what the build is going to take, all in all. */
  constructor(bytes: number) {
    super(bytes > PIECE_BYTES ? null : takePiece());
  }

  release(): void {
    if (this.piece !== null) lastPiece = new WeakRef(this.piece);
    this.piece = null;
  }
}

/** The last piece where nobody has it, else a new one; null where the process has no room for one. */
function takePiece(): ArrayBufferLike | null {
  const last = lastPiece?.deref();
  lastPiece = null;
  if (last !== undefined) return last;
  try {
    return new SharedArrayBuffer(PIECE_BYTES);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return null;
  }
}
