/**
 * Simple case folding, character by character: what trigram indexes store and what case-insensitive matching must agree with.
 *
 * I1  A character folds to its lower-case form when that is one character, else to itself.
 * I2  The mapping belongs to the platform's Unicode version. An index built on it keeps `foldFingerprint()` and is rebuilt when
 *     another version maps differently: an index must never disagree with the scan.
 */
import { crc32 } from '../base/checksum.ts';

const table: Uint16Array = new Uint16Array(0x10000);
const known: Uint8Array = new Uint8Array(0x10000);

/** The folded form of a code point. */
export function foldCodePoint(point: number): number {
  if (point < 0x80) return point >= 65 && point <= 90 ? point + 32 : point;
  if (point > 0xffff) return lowerOf(point);
  if (known[point] === 0) {
    table[point] = lowerOf(point);
    known[point] = 1;
  }
  return table[point]!;
}

function lowerOf(point: number): number {
  if (point >= 0xd800 && point <= 0xdfff) return point;
  const lower = String.fromCodePoint(point).toLowerCase();
  const folded = lower.codePointAt(0)!;
  return lower.length === (folded > 0xffff ? 2 : 1) ? folded : point;
}

let fingerprint: number | null = null;

/** A checksum of the whole mapping in the basic plane: equal on platforms that fold alike. */
export function foldFingerprint(): number {
  if (fingerprint === null) {
    for (let point = 0x80; point <= 0xffff; point++) foldCodePoint(point);
    fingerprint = crc32(new Uint8Array(table.buffer), 0);
  }
  return fingerprint;
}
