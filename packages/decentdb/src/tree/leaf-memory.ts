/**
 * Memory for the bytes of leaves that are written once, by the thousands.
 *
 * V8 takes 64 MiB of new buffers for a reason to mark all that the application holds, beside which the rows of a load are many. The page
 * cache keeps to a limit of its own; so as much again comes as shared buffers, which V8 does not count (build-memory.ts).
 *
 * I1  The buffers that V8 does not count, dropped ones that nobody has collected yet among them, are SHARED_BYTES_MAX at most.
 * I2  No byte is handed out twice; arrays are 8-byte aligned.
 */
import { newUint8s } from './column-memory.ts';

/** Some thirty leaves: a piece lives as long as any of them. */
const PIECE_BYTES: number = 256 << 10;
const SHARED_BYTES_MAX: number = 64 << 20;

let sharedBytes = 0;
const dropped: FinalizationRegistry<number> = new FinalizationRegistry((bytes) => {
  sharedBytes -= bytes;
});

let piece: SharedArrayBuffer | null = null;
let at = 0;

/** Room for the bytes of a leaf: what stands there is anything. */
export function newLeafBytes(count: number): Uint8Array {
  const size = (count + 7) & ~7;
  if (piece === null || at + size > PIECE_BYTES) {
    piece = newPiece(size);
    at = 0;
  }
  if (piece === null) return newUint8s(count);
  const bytes = new Uint8Array(piece, at, count);
  at += size;
  return bytes;
}

/** I1. Null: the leaf goes into memory of the usual kind. */
function newPiece(leafBytes: number): SharedArrayBuffer | null {
  if (leafBytes > PIECE_BYTES || sharedBytes + PIECE_BYTES > SHARED_BYTES_MAX) return null;
  try {
    const buffer = new SharedArrayBuffer(PIECE_BYTES);
    sharedBytes += PIECE_BYTES;
    dropped.register(buffer, PIECE_BYTES);
    return buffer;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
