/**
 * Between a uuid's text (36 characters, lower case) and its 16 bytes.
 *
 * I1  Texts are canonical: what types/ hands to a tree and what this file makes of bytes.
 */
import { latin1Slice } from './text-bytes.ts';

export const UUID_BYTES = 16;
const UUID_CHARS = 36;
const DASH = 45;
/** Where in the text each byte's two digits stand. */
const DIGITS_AT: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const DASHES_AT: readonly number[] = [8, 13, 18, 23];

/** Codes of a byte's digits. */
const HIGH = new Uint8Array(256);
const LOW = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const digits = byte.toString(16).padStart(2, '0');
  HIGH[byte] = digits.charCodeAt(0);
  LOW[byte] = digits.charCodeAt(1);
}

/** Writes a uuid's bytes. */
export function packUuid(text: string, bytes: Uint8Array, to: number): void {
  for (let i = 0; i < UUID_BYTES; i++) {
    const at = DIGITS_AT[i]!;
    bytes[to + i] = (digit(text.charCodeAt(at)) << 4) | digit(text.charCodeAt(at + 1));
  }
}

/** Value of a hexadecimal digit in lower case. */
function digit(unit: number): number {
  return unit < 58 ? unit - 48 : unit - 87;
}

/** The texts of `count` uuids that follow one another: one run of characters, cut. */
export function uuidTexts(bytes: Uint8Array, from: number, count: number): string[] {
  const chars = new Uint8Array(UUID_CHARS * count);
  for (let row = 0; row < count; row++) {
    const start = UUID_CHARS * row;
    for (let i = 0; i < UUID_BYTES; i++) {
      const byte = bytes[from + UUID_BYTES * row + i]!;
      const at = start + DIGITS_AT[i]!;
      chars[at] = HIGH[byte]!;
      chars[at + 1] = LOW[byte]!;
    }
    for (let i = 0; i < DASHES_AT.length; i++) chars[start + DASHES_AT[i]!] = DASH;
  }
  const run = latin1Slice(chars, 0, chars.length);
  const texts = new Array<string>(count);
  for (let row = 0; row < count; row++) texts[row] = run.substring(UUID_CHARS * row, UUID_CHARS * (row + 1));
  return texts;
}
