/**
 * Text to pieces between delimiters.
 *
 * I1  Pieces of a long text are made a few at a time, with looks at the heap: there may be more of them than it holds.
 */
import { requireHeap, requireHeapFor } from '../vfs/heap.ts';

/** Shorter texts are split at once. */
const LONG_TEXT = 1 << 20;
/** Pieces between looks at the heap. */
const LOOK_PIECES = 16384;
/** A piece, besides the text that it is a part of: a slice and where it is kept. */
const PIECE_BYTES = 40;

/** Pieces of `text`; a NULL delimiter splits into characters, an empty one does not split. */
export function splitText(text: string, delimiter: string | null): string[] {
  if (text === '') return [];
  if (delimiter === '') return [text];
  if (delimiter === null) {
    requireHeapFor(text.length * 8);
    return [...text];
  }
  if (text.length < LONG_TEXT) return text.split(delimiter);
  const pieces: string[] = [];
  let from = 0;
  for (let at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, from)) {
    pieces.push(text.slice(from, at));
    requireHeapAfter(pieces.length);
    from = at + delimiter.length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

/** After the piece of this number: is there room for more? */
export function requireHeapAfter(pieces: number): void {
  if (pieces % LOOK_PIECES === 0) requireHeap(pieces * PIECE_BYTES);
}
