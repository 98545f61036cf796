/**
 * Order of text: the "C" collation, that is UTF-8 byte order, which is code point order.
 *
 * UTF-16 unit order (JavaScript's `<`) differs from it only where a surrogate meets a unit from U+E000 up.
 */

/** -1, 0 or 1. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = a.length < b.length ? a.length : b.length;
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return x < 0xd800 || y < 0xd800 ? (x < y ? -1 : 1) : compareHighUnits(x, y);
  }
  return a.length < b.length ? -1 : 1;
}

/** Surrogates stand for code points above U+FFFF, so they sort after U+E000..U+FFFF. */
function compareHighUnits(x: number, y: number): number {
  const isSurrogateX = x < 0xe000;
  const isSurrogateY = y < 0xe000;
  if (isSurrogateX !== isSurrogateY) return isSurrogateX ? 1 : -1;
  return x < y ? -1 : 1;
}

/** Number of characters (code points) in well-formed text. */
export function codePointLength(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) count--;
  }
  return count;
}

/** UTF-16 offset of the character at `index`; the text's length when it has fewer. */
export function offsetOfCodePoint(text: string, index: number): number {
  let offset = 0;
  for (let left = index; left > 0 && offset < text.length; left--) {
    offset += (text.charCodeAt(offset) & 0xfc00) === 0xd800 ? 2 : 1;
  }
  return offset < text.length ? offset : text.length;
}

/** Whether every character is one UTF-16 unit, so that offsets and character positions agree. */
export function isBasicPlane(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xf800) === 0xd800) return false;
  }
  return true;
}
