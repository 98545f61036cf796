/**
 * Numbers of texts of up to four characters of Latin-1, which fit in a number themselves: nothing is hashed but that.
 *
 * I1  No text has U+0000, so texts of different lengths are different numbers, and none is 0.
 * I2  The table is at most half full.
 */

const LENGTH_MAX = 4;
const SIZE_MIN = 16;

/** The characters of a text as bytes of a number; 0 where they are none or many, or one is beyond Latin-1. */
export function packedText(text: string): number {
  if (text.length > LENGTH_MAX) return 0;
  let packed = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 255) return 0;
    packed = (packed << 8) | unit;
  }
  return packed;
}

/** Numbers by packed text, in open addressing. */
export class ShortTexts {
  private keys: Int32Array = new Int32Array(0);
  private codes: Int32Array = new Int32Array(0);
  private count = 0;

  /** -1: not there. */
  get(packed: number): number {
    const { keys } = this;
    if (keys.length === 0) return -1;
    const mask = keys.length - 1;
    let at = spread(packed) & mask;
    while (keys[at] !== 0) {
      if (keys[at] === packed) return this.codes[at]!;
      at = (at + 1) & mask;
    }
    return -1;
  }

  /** A text that is not there. */
  set(packed: number, code: number): void {
    if (this.count * 2 >= this.keys.length) this.grow();
    const { keys } = this;
    const mask = keys.length - 1;
    let at = spread(packed) & mask;
    while (keys[at] !== 0) at = (at + 1) & mask;
    keys[at] = packed;
    this.codes[at] = code;
    this.count++;
  }

  private grow(): void {
    const { keys, codes } = this;
    const size = Math.max(SIZE_MIN, keys.length * 2);
    this.keys = new Int32Array(size);
    this.codes = new Int32Array(size);
    this.count = 0;
    for (let i = 0; i < keys.length; i++) if (keys[i] !== 0) this.set(keys[i]!, codes[i]!);
  }
}

function spread(packed: number): number {
  const mixed = Math.imul(packed, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}
