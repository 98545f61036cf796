/**
 * Which rows of a page's bytes a changed node still has, and where: pieces of rows that stayed neighbours. A commit copies them, bits
 * moved as they lie, and writes what is new between (spread-splice.ts).
 *
 * I1  Pieces ascend by old and by new row and do not overlap; of two that follow each other something came in or went between them.
 * I2  PIECES_MAX at most: who changes more places than that is told, and has the node written anew.
 */

import { assert } from '../base/assert.ts';
import { keepShape } from '../base/kept-shapes.ts';

export const PIECES_MAX = 256;

export class KeptRows {
  count: number;
  /** Piece i: rows oldFrom[i] .. + length[i] - 1 of the bytes are rows newFrom[i] .. of the node. */
  readonly oldFrom: number[];
  readonly newFrom: number[];
  readonly length: number[];

  /** Plain lists: short typed arrays cost more to have than to use. */
  private constructor(oldFrom: number[], newFrom: number[], length: number[]) {
    this.oldFrom = oldFrom;
    this.newFrom = newFrom;
    this.length = length;
    this.count = length.length;
  }

  /** Of a node that is as its bytes say. */
  static whole(rows: number): KeptRows {
    return rows === 0 ? new KeptRows([], [], []) : new KeptRows([0], [0], [rows]);
  }

  /** Of a page whose rows changed so, one change after the other: a row and how many came in there, or (below 0) left. */
  static after(rows: number, changes: readonly number[]): KeptRows | null {
    const kept = KeptRows.whole(rows);
    for (let i = 0; i < changes.length; i += 2) {
      const at = changes[i]!;
      const added = changes[i + 1]!;
      if (!(added > 0 ? kept.insert(at, added) : kept.remove(at, at - added))) return null;
    }
    return kept;
  }

  /** `added` rows came in before row `at`. False: too many places changed, the pieces say nothing any more. */
  insert(at: number, added: number): boolean {
    let i = this.firstEndingBehind(at);
    if (i < this.count && this.newFrom[i]! < at) {
      const head = at - this.newFrom[i]!;
      if (!this.open(i + 1)) return false;
      this.oldFrom[i + 1] = this.oldFrom[i]! + head;
      this.newFrom[i + 1] = at;
      this.length[i + 1] = this.length[i]! - head;
      this.length[i] = head;
      i++;
    }
    for (; i < this.count; i++) this.newFrom[i]! += added;
    return true;
  }

  /** Rows from..to left. */
  remove(from: number, to: number): boolean {
    let i = this.firstEndingBehind(from);
    if (i < this.count && this.newFrom[i]! < from && this.newFrom[i]! + this.length[i]! > to) {
      // Out of the middle of a piece.
      if (!this.open(i + 1)) return false;
      const tail = to - this.newFrom[i]!;
      this.oldFrom[i + 1] = this.oldFrom[i]! + tail;
      this.newFrom[i + 1] = to;
      this.length[i + 1] = this.length[i]! - tail;
      this.length[i] = from - this.newFrom[i]!;
      i++;
    }
    let kept = i;
    for (; i < this.count; i++) {
      let start = this.newFrom[i]!;
      const end = start + this.length[i]!;
      let old = this.oldFrom[i]!;
      let length = this.length[i]!;
      if (start < from) length = Math.min(length, from - start);
      else if (start < to) {
        const lost = Math.min(to, end) - start;
        old += lost;
        length -= lost;
        start = from;
      } else start -= to - from;
      if (length === 0) continue;
      this.oldFrom[kept] = old;
      this.newFrom[kept] = start;
      this.length[kept++] = length;
    }
    this.count = kept;
    return true;
  }

  /** For checks: I1, within so many rows. */
  verify(oldCount: number, count: number): void {
    let old = 0;
    let row = 0;
    for (let i = 0; i < this.count; i++) {
      const isFit = this.oldFrom[i]! >= old && this.newFrom[i]! >= row && this.length[i]! > 0;
      assert(isFit, 'pieces of a page that are kept overlap');
      old = this.oldFrom[i]! + this.length[i]!;
      row = this.newFrom[i]! + this.length[i]!;
    }
    assert(old <= oldCount && row <= count, 'pieces of a page that are kept pass its end');
  }

  /** The first piece that ends behind row `at`. */
  private firstEndingBehind(at: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.newFrom[middle]! + this.length[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes room for a piece at `index`. */
  private open(index: number): boolean {
    const { count, oldFrom, newFrom, length } = this;
    if (count === PIECES_MAX) return false;
    // Lists may be longer than `count`, never shorter.
    if (count === length.length) {
      oldFrom.push(0);
      newFrom.push(0);
      length.push(0);
    }
    for (let i = count; i > index; i--) {
      oldFrom[i] = oldFrom[i - 1]!;
      newFrom[i] = newFrom[i - 1]!;
      length[i] = length[i - 1]!;
    }
    this.count = count + 1;
    return true;
  }
}

keepShape(KeptRows.whole(1));
