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
    // Two characters at a time: this runs once, before anything is compiled.
    const pairs = new Uint32Array(table.buffer);
    table[0] = 0;
    table[1] = 1;
    for (let i = 1, pair = pairs[0]!; i < pairs.length; i++) pairs[i] = pair += 0x20002;
    for (let from = 0; from < table.length; from += BLOCK) foldBlock(from);
    known.fill(1);
    // As it was first written: characters below 128 count as zero.
    const units = table.slice();
    units.fill(0, 0, 0x80);
    fingerprint = crc32(new Uint8Array(units.buffer), 0);
  }
  return fingerprint;
}

const BLOCK = 0x100;
/** What a capital sigma becomes depends on what stands before it. */
const SIGMA = 0x3a3;

/**
 * Folds the characters of a block, which the table has as they are. A text as long as before has each character's form in the
 * character's place, for lower-case forms take as much room or more.
 */
function foldBlock(from: number): void {
  const own = String.fromCharCode.apply(null, table.subarray(from, from + BLOCK) as unknown as number[]);
  const lower = own.toLowerCase();
  if (lower === own || (from >= 0xd800 && from <= 0xdfff)) return;
  const isAligned = lower.length === BLOCK;
  for (let i = 0; i < BLOCK; i++) {
    const point = from + i;
    table[point] = isAligned && point !== SIGMA ? lower.charCodeAt(i) : lowerOf(point);
  }
}
