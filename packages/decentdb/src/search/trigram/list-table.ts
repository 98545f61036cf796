/**
 * Lists by code: what a collector has to know of each list, side by side, and where a code's list is found.
 *
 *     cells     number of the last row | tail | where the tail's slice is full (0: no slice yet) | code
 *
 * Codes of three ASCII characters are looked up in a table with a place for each; others in an open-addressing table.
 *
 * I1  Room for lists is made by `reserve` alone: whoever holds `cells` may add codes.
 * I2  Codes are not negative. Lists are numbered as they come; 0 in either table is a free place, else a list's number plus one.
 */
import { assert } from '../../base/assert.ts';

const CELLS = 4;
/** Bits of a code that are not 0 unless it is of three characters below 128 (trigram-code.ts). */
const BEYOND_ASCII_BITS = 0x780e0380;
const ASCII_CODES = 1 << 21;
const SLOTS_FIRST_LOG = 12;
const SLOTS_MAX_LOG = 28;

export class ListTable {
  cells: Int32Array = new Int32Array(256 * CELLS);
  /** First slice of each list. */
  heads: Int32Array = new Int32Array(256);
  /** Binary logarithm of the size of the last slice. */
  levels: Uint8Array = new Uint8Array(256);
  size = 0;
  /** Pages of it that no code touches take no memory. */
  private readonly ascii: Int32Array = new Int32Array(ASCII_CODES);
  private others: Int32Array = new Int32Array(1 << SLOTS_FIRST_LOG);
  private otherCount = 0;
  private log = SLOTS_FIRST_LOG;

  /** Makes room for so many new lists. */
  reserve(count: number): void {
    while ((this.size + count) * CELLS > this.cells.length) this.growLists();
  }

  /** Where the cells of a code start; a new code gets a list without slices. */
  find(code: number): number {
    if ((code & BEYOND_ASCII_BITS) === 0) {
      const place = ((code >>> 6) & 0x1fc000) | ((code >>> 3) & 0x3f80) | (code & 0x7f);
      const list = this.ascii[place]!;
      if (list > 0) return (list - 1) * CELLS;
      this.ascii[place] = this.size + 1;
      return this.addList(code);
    }
    return this.findOther(code);
  }

  private findOther(code: number): number {
    if (this.otherCount * 2 >= this.others.length) this.growOthers();
    const { others, cells } = this;
    const mask = others.length - 1;
    for (let at = Math.imul(code, 0x9e3779b1) >>> (32 - this.log); ; at = (at + 1) & mask) {
      const list = others[at]!;
      if (list === 0) {
        others[at] = this.size + 1;
        this.otherCount++;
        return this.addList(code);
      }
      if (cells[list * CELLS - 1] === code) return (list - 1) * CELLS;
    }
  }

  private addList(code: number): number {
    const at = this.size * CELLS;
    this.size++;
    this.cells[at] = -1;
    this.cells[at + 3] = code;
    return at;
  }

  private growLists(): void {
    const { cells, heads, levels } = this;
    this.cells = new Int32Array(cells.length * 2);
    this.cells.set(cells);
    this.heads = new Int32Array(heads.length * 2);
    this.heads.set(heads);
    this.levels = new Uint8Array(levels.length * 2);
    this.levels.set(levels);
  }

  private growOthers(): void {
    const old = this.others;
    this.log += 2;
    assert(this.log <= SLOTS_MAX_LOG, 'a run is written before it has so many codes');
    this.others = new Int32Array(1 << this.log);
    const mask = this.others.length - 1;
    for (const list of old) {
      if (list === 0) continue;
      let at = Math.imul(this.cells[list * CELLS - 1]!, 0x9e3779b1) >>> (32 - this.log);
      while (this.others[at] !== 0) at = (at + 1) & mask;
      this.others[at] = list;
    }
  }

  /** Where the cells of all lists start, by ascending code. */
  sorted(): Int32Array {
    const codes = Int32Array.from({ length: this.size }, (_, list) => this.cells[list * CELLS + 3]!);
    return codes.sort().map((code) => this.find(code));
  }
}
