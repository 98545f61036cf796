/**
 * Memory for what is decoded of pages that pass by: handed out piece by piece, taken back all at once.
 *
 * I1  Pieces are 8-byte aligned and do not overlap until `reset`, after which whoever still has one reads what others write.
 * I2  It grows between two uses, never in one: what finds no room lies elsewhere.
 */

/** More than this is not kept: few pages hold so much, and a scan that meets one may not meet another. */
const BYTES_MAX: number = 1 << 20;

export class PassingMemory {
  buffer: ArrayBuffer;
  private used = 0;
  private wanted = 0;

  constructor(bytes: number) {
    this.buffer = new ArrayBuffer(bytes);
  }

  /** Offset of a piece in `buffer`; -1 where there is no room. What stands there is anything. */
  take(bytes: number): number {
    const size = (bytes + 7) & ~7;
    const at = this.used;
    this.wanted += size;
    if (at + size > this.buffer.byteLength) return -1;
    this.used = at + size;
    return at;
  }

  /** I1, I2. */
  reset(): void {
    if (this.wanted > this.buffer.byteLength && this.buffer.byteLength < BYTES_MAX)
      this.buffer = new ArrayBuffer(Math.min(BYTES_MAX, this.wanted + (this.wanted >>> 2)));
    this.used = 0;
    this.wanted = 0;
  }

  /** For checks: whoever still reads a piece reads nonsense. */
  poison(): void {
    new Uint8Array(this.buffer).fill(0xee);
  }
}
