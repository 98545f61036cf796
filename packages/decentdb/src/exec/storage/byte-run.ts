/**
 * Runs of characters looked for in the bytes of many texts at once.
 *
 * I1  An exact run is found where its bytes are; a folded one where bytes are that fold to its own, byte by byte.
 * I2  In Latin-1 the folded form of a character is one byte again: a folded run misses nothing. In UTF-8 only ASCII is folded, and
 *     nothing beyond ASCII folds to it but the Kelvin sign, to `k`: where it is not in the bytes, a run of ASCII misses nothing.
 */
import { indexOfBytes, latin1Write } from '../../tree/text-bytes.ts';
import { foldCodePoint } from '../../types/case-fold.ts';

export interface ByteRun {
  readonly length: number;
  /** Whether bytes from .. to - 1 can be searched for it. */
  suits(bytes: Uint8Array, from: number, to: number): boolean;
  /** Where it begins first in bytes from .. to - 1; negative when it is not there. */
  indexIn(bytes: Uint8Array, from: number, to: number): number;
  /** Whether it is in bytes from .. to - 1, which are few. */
  isIn(bytes: Uint8Array, from: number, to: number): boolean;
}

export class ExactRun implements ByteRun {
  readonly length: number;
  private readonly wanted: Uint8Array;

  constructor(wanted: Uint8Array) {
    this.wanted = wanted;
    this.length = wanted.length;
  }

  suits(): boolean {
    return true;
  }

  indexIn(bytes: Uint8Array, from: number, to: number): number {
    return indexOfBytes(bytes, this.wanted, from, to);
  }

  isIn(bytes: Uint8Array, from: number, to: number): boolean {
    const { wanted, length } = this;
    const first = wanted[0]!;
    for (let at = from; at <= to - length; at++) {
      if (bytes[at] !== first) continue;
      let i = 1;
      while (i < length && bytes[at + i] === wanted[i]) i++;
      if (i === length) return true;
    }
    return false;
  }
}

const LATIN1: Uint8Array = Uint8Array.from({ length: 0x100 }, (_, point) => foldCodePoint(point));
/** In UTF-8. */
const KELVIN: Uint8Array = Uint8Array.of(0xe2, 0x84, 0xaa);
const LETTER_K = 0x6b;
const ASCII: Uint8Array = LATIN1.map((folded, byte) => (byte < 0x80 ? folded : byte));

/** Horspool's search: looks at the byte where the run would end, and steps as far as that byte allows. */
export class FoldedRun implements ByteRun {
  readonly length: number;
  private readonly wanted: Uint8Array;
  private readonly fold: Uint8Array;
  /** By byte: how far on the run may end next; 0: it may end with this byte. Null before the first search. */
  private steps: Int32Array | null = null;
  /** The same behind a place where the run's last byte was found. */
  private stepBehind = 0;

  private constructor(wanted: Uint8Array, fold: Uint8Array) {
    this.wanted = wanted;
    this.fold = fold;
    this.length = wanted.length;
  }

  private findSteps(): Int32Array {
    const { wanted, fold, length } = this;
    const byFolded = new Int32Array(0x100).fill(length);
    for (let i = 0; i < length - 1; i++) byFolded[wanted[i]!] = length - 1 - i;
    const last = wanted[length - 1]!;
    this.stepBehind = byFolded[last]!;
    byFolded[last] = 0;
    const steps = new Int32Array(0x100);
    for (let byte = 0; byte < 0x100; byte++) steps[byte] = byFolded[fold[byte]!]!;
    this.steps = steps;
    return steps;
  }

  /** A run (in lower case) to be found in Latin-1. */
  static latin1(run: string): FoldedRun {
    return new FoldedRun(latin1Bytes(run), LATIN1);
  }

  /** A run as {@link simplePart} gives it, to be found in UTF-8. */
  static ascii(run: string): FoldedRun {
    return new FoldedRun(latin1Bytes(run), ASCII);
  }

  /** The longest part of a run (in lower case) that can be found in UTF-8 (I2); '' where there is none. */
  static simplePart(run: string): string {
    let best = '';
    for (const part of run.match(/[\0-\x7f]+/g) ?? []) if (part.length > best.length) best = part;
    return best;
  }

  /** I2. */
  suits(bytes: Uint8Array, from: number, to: number): boolean {
    return (
      this.fold === LATIN1 || !this.wanted.includes(LETTER_K) || indexOfBytes(bytes, KELVIN, from, to) < 0
    );
  }

  isIn(bytes: Uint8Array, from: number, to: number): boolean {
    return this.indexIn(bytes, from, to) >= 0;
  }

  indexIn(bytes: Uint8Array, from: number, to: number): number {
    const steps = this.steps ?? this.findSteps();
    const { wanted, fold, stepBehind, length } = this;
    const lead = length - 1;
    for (let end = from + lead; end < to; ) {
      const step = steps[bytes[end]!]!;
      if (step !== 0) {
        end += step;
        continue;
      }
      const start = end - lead;
      let i = 0;
      while (i < lead && fold[bytes[start + i]!] === wanted[i]) i++;
      if (i === lead) return start;
      end += stepBehind;
    }
    return -1;
  }
}

export function latin1Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  latin1Write(bytes, text, 0);
  return bytes;
}
