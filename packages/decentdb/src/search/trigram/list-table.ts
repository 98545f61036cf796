/**
 * Lists by code: an open-addressing table of what a collector has to know of each list, a cache line's quarter each.
 *
 *     cells     code | number of the last row | tail | where the tail's slice is full (0: no slice yet)
 *
 * I1  Codes are not negative: -1 is a free place.
 */
import { assert } from '../../base/assert.ts';

const EMPTY = -1;
const SLOTS_FIRST_LOG = 12;
const SLOTS_MAX_LOG = 28;

export class ListTable {
  cells: Int32Array;
  /** First slice of each list. */
  heads: Int32Array;
  /** Binary logarithm of the size of the last slice. */
  levels: Uint8Array;
  size = 0;
  private log = SLOTS_FIRST_LOG;

  constructor() {
    this.cells = newCells(1 << this.log);
    this.heads = new Int32Array(1 << this.log);
    this.levels = new Uint8Array(1 << this.log);
  }

  /** Where the cells of a code start; a new code gets a list without slices. */
  find(code: number): number {
    const { cells } = this;
    const mask = cells.length - 4;
    let at = (Math.imul(code, 0x9e3779b1) >>> (32 - this.log)) << 2;
    for (;;) {
      const found = cells[at]!;
      if (found === code) return at;
      if (found === EMPTY) return this.insert(code, at);
      at = (at + 4) & mask;
    }
  }

  private insert(code: number, at: number): number {
    if (this.size * 2 >= 1 << this.log) {
      this.grow();
      return this.find(code);
    }
    this.size++;
    this.cells[at] = code;
    this.cells[at + 1] = -1;
    this.cells[at + 3] = 0;
    return at;
  }

  private grow(): void {
    const { cells, heads, levels } = this;
    this.log += 2;
    assert(this.log <= SLOTS_MAX_LOG, 'a run is written before it has so many codes');
    this.cells = newCells(1 << this.log);
    this.heads = new Int32Array(1 << this.log);
    this.levels = new Uint8Array(1 << this.log);
    this.size = 0;
    for (let from = 0; from < cells.length; from += 4) {
      if (cells[from] === EMPTY) continue;
      const to = this.find(cells[from]!);
      for (let i = 1; i < 4; i++) this.cells[to + i] = cells[from + i]!;
      this.heads[to >>> 2] = heads[from >>> 2]!;
      this.levels[to >>> 2] = levels[from >>> 2]!;
    }
  }

  /** Places in use, by ascending code. */
  sortedSlots(): Int32Array {
    const { cells } = this;
    // Codes have 31 bits, places at most 28: too many for one double, so the codes alone are sorted and found again.
    const codes = new Int32Array(this.size);
    let count = 0;
    for (let at = 0; at < cells.length; at += 4) if (cells[at] !== EMPTY) codes[count++] = cells[at]!;
    codes.sort();
    return codes.map((code) => this.find(code) >>> 2);
  }
}

function newCells(slots: number): Int32Array {
  const cells = new Int32Array(slots * 4);
  for (let at = 0; at < cells.length; at += 4) cells[at] = EMPTY;
  return cells;
}
