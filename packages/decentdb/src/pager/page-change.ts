/**
 * A version of a page as what differs from another version of it: pieces copied from there, and the bytes between them. An encoder
 * that makes a page from the one before tells where it copied ({@link CopyTrace}); the log writes that instead of the page.
 *
 *     change   ops until the result is full
 *     op       literal bytes (count), copied bytes (count), where: bits from where the last copy ended (signed) | the literal bytes
 *
 * Numbers are unsigned, 7 bits a byte, low first; signed ones have their sign in the lowest bit. An op that copies nothing says no place.
 *
 * I1  A trace is a claim: whoever writes a change applies it first, and compares (frame-buffer.ts).
 * I2  `applyChange` reads and writes within its arrays, whatever the change says, and tells when that cannot be.
 */
import { verifyEnabled } from '../base/assert.ts';

/** Pieces beyond these are written out. */
const PIECES_MAX = 512;
/** Shorter pieces cost more to name than to write out. Checks name them, too. */
const PIECE_BYTES_MIN = 12;
const pieceBytesMin = (): number => (verifyEnabled() ? 2 : PIECE_BYTES_MIN);
/** Words a piece takes: where it goes, the bit it comes from, its bytes. */
const WORDS = 3;
const NONE: Uint8Array = new Uint8Array(0);

export class CopyTrace {
  base: Uint8Array = NONE;
  private readonly words: Int32Array = new Int32Array(WORDS * PIECES_MAX);
  private count = 0;
  private pieceBytesMin: number = PIECE_BYTES_MIN;

  start(base: Uint8Array): void {
    this.base = base;
    this.count = 0;
    this.pieceBytesMin = pieceBytesMin();
  }

  /** Bytes that go to `target` were copied, if `source` lies in the base. */
  noteBytes(target: number, source: Uint8Array): void {
    const { base } = this;
    if (source.buffer !== base.buffer || source.length < this.pieceBytesMin) return;
    const from = source.byteOffset - base.byteOffset;
    if (from >= 0 && from + source.length <= base.length) this.note(target, 8 * from, source.length);
  }

  /** The same of bits: `from` counts them from where `source` begins, `target` from where the page does. */
  noteBits(target: number, source: DataView, from: number, bitCount: number): void {
    const { base } = this;
    const skipped = -target & 7;
    const length = (bitCount - skipped) >> 3;
    if (length < this.pieceBytesMin || source.buffer !== base.buffer) return;
    const bit = 8 * (source.byteOffset - base.byteOffset) + from + skipped;
    if (bit >= 0 && bit + 8 * length <= 8 * base.length) this.note((target + skipped) >> 3, bit, length);
  }

  /** What was written from `target` on is written anew. */
  rewind(target: number): void {
    const { words } = this;
    while (this.count > 0) {
      const last = WORDS * (this.count - 1);
      if (words[last]! + words[last + 2]! <= target) return;
      this.count--;
    }
  }

  /** For checks: of a page that was written anew, what it begins and ends with as the base does. */
  noteEnds(page: Uint8Array): void {
    if (this.count > 0) return;
    const { base } = this;
    const most = Math.min(page.length, base.length);
    let before = 0;
    while (before < most && page[before] === base[before]) before++;
    let after = 0;
    while (after < most - before && page[page.length - 1 - after] === base[base.length - 1 - after]) after++;
    this.noteBytes(0, base.subarray(0, before));
    this.noteBytes(page.length - after, base.subarray(base.length - after));
  }

  private note(target: number, bit: number, length: number): void {
    this.rewind(target);
    const { words } = this;
    const last = WORDS * (this.count - 1);
    if (this.count > 0 && words[last]! + words[last + 2]! === target) {
      if (words[last + 1]! + 8 * words[last + 2]! === bit) {
        words[last + 2]! += length;
        return;
      }
    }
    if (this.count === PIECES_MAX) return;
    words[last + WORDS] = target;
    words[last + WORDS + 1] = bit;
    words[last + WORDS + 2] = length;
    this.count++;
  }

  /** Writes the change that makes the first `length` bytes of `image` of the base to `out`; its bytes, or -1 when there is no room. */
  write(image: Uint8Array, length: number, out: Uint8Array, start: number): number {
    const { words } = this;
    let at = start;
    let done = 0;
    let bit = 0;
    for (let i = 0; i <= this.count; i++) {
      const isLast = i === this.count;
      const target = isLast ? length : words[WORDS * i]!;
      const copied = isLast ? 0 : words[WORDS * i + 2]!;
      const literal = target - done;
      if (literal < 0 || target + copied > length) return -1;
      if (isLast && literal === 0) break;
      if (at + literal + 16 > out.length) return -1;
      at = putNumber(out, putNumber(out, at, literal), copied);
      if (copied > 0) {
        const from = words[WORDS * i + 1]!;
        at = putNumber(out, at, from >= bit ? 2 * (from - bit) : 2 * (bit - from) - 1);
        bit = from + 8 * copied;
      }
      for (let k = 0; k < literal; k++) out[at + k] = image[done + k]!;
      at += literal;
      done = target + copied;
    }
    return at - start;
  }
}

/** Numbers below 2^28. */
function putNumber(out: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80;
  out[at++] = rest;
  return at;
}

/** Fills the first `length` bytes of `result` from `base` and the change at `from`..`to`. False: that is no change of it. */
export function applyChange(
  base: Uint8Array,
  change: Uint8Array,
  from: number,
  to: number,
  result: Uint8Array,
  length: number,
): boolean {
  let at = from;
  let isSound = length <= result.length;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      if (at >= to) break;
      const byte = change[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    isSound = false;
    return 0;
  };
  let done = 0;
  let bit = 0;
  while (isSound && done < length) {
    const literal = number();
    const copied = number();
    if (copied > 0) {
      const moved = number();
      bit += (moved & 1) === 0 ? moved / 2 : -(moved + 1) / 2;
    }
    if (!isSound || at + literal > to || done + literal + copied > length) return false;
    if (literal + copied === 0 || bit < 0 || bit + 8 * copied > 8 * base.length) return false;
    for (let k = 0; k < literal; k++) result[done + k] = change[at + k]!;
    at += literal;
    done += literal;
    if (copied > 0) copyPiece(base, bit, result, done, copied);
    done += copied;
    bit += 8 * copied;
  }
  return isSound && at <= to;
}

function copyPiece(base: Uint8Array, bit: number, result: Uint8Array, to: number, length: number): void {
  const shift = bit & 7;
  const start = bit >>> 3;
  if (shift === 0) {
    result.set(base.subarray(start, start + length), to);
    return;
  }
  const source = new DataView(base.buffer, base.byteOffset, base.length);
  const target = new DataView(result.buffer, result.byteOffset, result.length);
  let from = start;
  let at = to;
  const end = to + length;
  if (length > 8) {
    // Each word takes bits of the one behind it, which may not be there for the last.
    let low = source.getInt32(from, true);
    for (; at + 8 < end; at += 4) {
      from += 4;
      const next = source.getInt32(from, true);
      target.setInt32(at, (low >>> shift) | (next << (32 - shift)), true);
      low = next;
    }
  }
  for (; at < end; at++, from++) result[at] = (base[from]! >>> shift) | (base[from + 1]! << (8 - shift));
}
