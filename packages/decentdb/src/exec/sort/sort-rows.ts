/**
 * Sorting of row numbers by several keys.
 *
 * A key of numbers or text is sorted by radix; runs of rows equal so far are sorted by what follows (the next eight
 * characters, or the next key). Many texts are copied into one piece of memory first: strings lie anywhere, and finding one takes
 * longer than looking at it. Short runs and other types are merge-sorted by comparison.
 *
 * I1  Stable.
 * I2  However much texts have in common, the stack does not grow with it.
 */
import { dataOf } from '../vectors.ts';
import { isNumberColumn, isTextColumn, type OrderColumn, type RowOrder, rowOrder } from './key-order.ts';
import { mergeSort } from './merge-sort.ts';
import { numberCodes, type RadixCodes, radixSort, textCodes } from './radix.ts';
import { textBytes } from './text-bytes.ts';
import { TextSorter } from './text-sort.ts';

/** Runs shorter than this are merge-sorted by comparison. */
const RADIX_ROWS_MIN = 512;
/** Text runs shorter than this: codes pay sooner for text, whose comparisons are dear. */
const COMPARED_ROWS_MAX = 24;
/** As many texts are copied to where their bytes are at hand. */
const BYTES_ROWS_MIN = 2048;

/** Row numbers 0..count-1 in the order of `columns`; `checkCancel` is asked before each pass over many rows. */
export function sortRows(
  columns: readonly OrderColumn[],
  count: number,
  checkCancel: (() => void) | null = null,
): Int32Array {
  const rows = new Int32Array(count);
  for (let i = 0; i < count; i++) rows[i] = i;
  new RowSorter(columns, rows, checkCancel).sort(0, count, 0);
  return rows;
}

class RowSorter {
  private readonly columns: readonly OrderColumn[];
  private readonly rows: Int32Array;
  /** By key index: order of this and all later keys. */
  private readonly orders: (RowOrder | undefined)[] = [];
  private scratch: Int32Array = new Int32Array(0);

  private readonly checkCancel: (() => void) | null;

  constructor(columns: readonly OrderColumn[], rows: Int32Array, checkCancel: (() => void) | null) {
    this.columns = columns;
    this.rows = rows;
    this.checkCancel = checkCancel;
  }

  sort(from: number, to: number, key: number): void {
    if (to - from < 2 || key === this.columns.length) return;
    const column = this.columns[key]!;
    const isRadix = isNumberColumn(column) || isTextColumn(column);
    if (to - from < RADIX_ROWS_MIN || !isRadix) {
      this.mergeSort(from, to, this.orderFrom(key));
      return;
    }
    const { nulls } = column.vector;
    if (nulls === null) {
      this.sortValues(from, to, key);
      return;
    }
    const nullCount = this.partitionNulls(from, to, nulls, column.nullsFirst);
    const nullFrom = column.nullsFirst ? from : to - nullCount;
    this.sort(nullFrom, nullFrom + nullCount, key + 1);
    if (column.nullsFirst) this.sortValues(from + nullCount, to, key);
    else this.sortValues(from, to - nullCount, key);
  }

  private orderFrom(key: number): RowOrder {
    let order = this.orders[key];
    if (order === undefined) {
      order = rowOrder(this.columns, key);
      this.orders[key] = order;
    }
    return order;
  }

  private sortValues(from: number, to: number, key: number): void {
    const column = this.columns[key]!;
    if (!isNumberColumn(column)) {
      if (!this.sortBytes(from, to, key)) this.sortText(from, to, key);
      return;
    }
    if (to - from < RADIX_ROWS_MIN) {
      this.mergeSort(from, to, this.orderFrom(key));
      return;
    }
    this.checkCancel?.();
    const values = dataOf(column.vector) as Float64Array;
    const codes = radixSort(this.rows, from, to, numberCodes(values, this.rows, from, to, column.descending));
    this.eachTie(from, codes, (tieFrom, tieTo) => this.sort(tieFrom, tieTo, key + 1));
  }

  /** Sorts texts as bytes; false where they are few, or too large to be copied. */
  private sortBytes(from: number, to: number, key: number): boolean {
    const count = to - from;
    if (count < BYTES_ROWS_MIN) return false;
    const { rows, columns } = this;
    const { vector, descending } = columns[key]!;
    const texts = textBytes(vector.values as readonly string[], rows, from, to);
    if (texts === null) return false;
    const order = new Int32Array(count);
    for (let i = 0; i < count; i++) order[i] = i;
    const ties: number[] = [];
    const note = (tieFrom: number, tieTo: number): void => {
      if (descending) ties.push(count - tieTo, count - tieFrom);
      else ties.push(tieFrom, tieTo);
    };
    const hasTies = descending || key < columns.length - 1;
    new TextSorter(texts, order, hasTies ? note : null, this.checkCancel).sort(0, count, 0);
    if (descending) {
      order.reverse();
      for (let i = 0; i < ties.length; i += 2) order.subarray(ties[i], ties[i + 1]).reverse();
    }
    for (let i = 0; i < count; i++) order[i] = rows[from + order[i]!]!;
    rows.set(order, from);
    for (let i = 0; i < ties.length; i += 2) this.sort(from + ties[i]!, from + ties[i + 1]!, key + 1);
    return true;
  }

  /** I2. */
  private sortText(from: number, to: number, key: number): void {
    const pending = [from, to, 0];
    while (pending.length > 0) {
      const [runFrom, runTo, offset] = pending.splice(-3) as [number, number, number];
      this.sortTextRun(runFrom, runTo, key, offset, pending);
    }
  }

  /** Sorts texts that agree in their first `offset` units; runs that agree in more go to `pending`. */
  private sortTextRun(from: number, to: number, key: number, offset: number, pending: number[]): void {
    if (to - from < COMPARED_ROWS_MAX) {
      this.mergeSort(from, to, this.orderFrom(key));
      return;
    }
    this.checkCancel?.();
    const column = this.columns[key]!;
    const values = column.vector.values as readonly string[];
    const before = textCodes(values, this.rows, from, to, offset, column.descending);
    const { width } = before;
    const codes = radixSort(this.rows, from, to, before);
    this.eachTie(from, codes, (tieFrom, tieTo) => {
      // Equal codes: the texts agree as far as the codes reach, or up to their common end.
      if (values[this.rows[tieFrom]!]!.length >= offset + width) pending.push(tieFrom, tieTo, offset + width);
      else this.sort(tieFrom, tieTo, key + 1);
    });
  }

  private eachTie(from: number, codes: RadixCodes, visit: (from: number, to: number) => void): void {
    const { high, low } = codes;
    const count = high.length;
    let start = 0;
    for (let i = 1; i <= count; i++) {
      if (i < count && high[i] === high[start] && low[i] === low[start]) continue;
      if (i - start > 1) visit(from + start, from + i);
      start = i;
    }
  }

  /** Moves NULLs to one end, both parts in order; returns how many. */
  private partitionNulls(from: number, to: number, nulls: Uint8Array, nullsFirst: boolean): number {
    const { rows } = this;
    const scratch = this.scratchOf(to - from);
    let nullCount = 0;
    for (let i = from; i < to; i++) if (nulls[rows[i]!] === 1) nullCount++;
    let nullAt = nullsFirst ? 0 : to - from - nullCount;
    let valueAt = nullsFirst ? nullCount : 0;
    for (let i = from; i < to; i++) {
      if (nulls[rows[i]!] === 1) scratch[nullAt++] = rows[i]!;
      else scratch[valueAt++] = rows[i]!;
    }
    rows.set(scratch.subarray(0, to - from), from);
    return nullCount;
  }

  private scratchOf(size: number): Int32Array {
    if (this.scratch.length < size) this.scratch = new Int32Array(size);
    return this.scratch;
  }

  private mergeSort(from: number, to: number, order: RowOrder): void {
    mergeSort(this.rows, from, to, order, this.scratchOf(to - from), this.checkCancel);
  }
}
