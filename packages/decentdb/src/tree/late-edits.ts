/**
 * Rows that came into a long list, or left it, before the list is told: a list of references is not moved as bytes are, each one is
 * written, and for half of a leaf that costs more than all else done for a row. A few dozen such changes are kept beside the list and
 * made in one walk: a fifth to a half of the time in leaves of 3,000 and of 300 texts.
 *
 * I1  All changes are of one kind. `rows` ascend: of rows that left, where they stand in the list still; of rows that came, where
 *     they will stand.
 * I2  Until {@link LateEdits.apply} the list is as it was before the first change.
 */
import { assert } from '../base/assert.ts';
import { keepShape } from '../base/kept-shapes.ts';

export const EDITS_MAX = 48;
/** Fewer changes are made one by one. */
const WALK_MIN = 4;

export class LateEdits<T> {
  readonly isRemoval: boolean;
  count = 0;
  private readonly list: T[];
  private readonly rows: number[] = [];
  /** Of rows that came. */
  private readonly values: T[] = [];

  constructor(list: T[], isRemoval: boolean) {
    this.list = list;
    this.isRemoval = isRemoval;
  }

  /** Whether so few changes are not worth having been put off. */
  get isShort(): boolean {
    return this.count < WALK_MIN;
  }

  /** Rows there are with the changes. */
  get rowCount(): number {
    return this.list.length + (this.isRemoval ? -this.count : this.count);
  }

  /** The value at a row as rows are with the changes. */
  at(row: number): T {
    const k = this.before(row);
    if (this.isRemoval) return this.list[row + k]!;
    return k < this.count && this.rows[k] === row ? this.values[k]! : this.list[row - k]!;
  }

  /** How many of the changes lie before a row as rows are with the changes. */
  private before(row: number): number {
    const { rows, isRemoval } = this;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const isBefore = isRemoval ? rows[middle]! - middle <= row : rows[middle]! < row;
      if (isBefore) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  insert(row: number, value: T): void {
    assert(!this.isRemoval && this.count < EDITS_MAX, 'late changes of a list are few, and of one kind');
    const { rows } = this;
    const k = this.before(row);
    rows.push(row);
    for (let i = this.count; i > k; i--) rows[i] = rows[i - 1]! + 1;
    rows[k] = row;
    this.values.splice(k, 0, value);
    this.count++;
  }

  remove(row: number): void {
    assert(this.isRemoval && this.count < EDITS_MAX, 'late changes of a list are few, and of one kind');
    const { rows } = this;
    const k = this.before(row);
    rows.push(row);
    for (let i = this.count; i > k; i--) rows[i] = rows[i - 1]!;
    rows[k] = row + k;
    this.count++;
  }

  /** The list with the changes made; this object is then done with. */
  apply(): T[] {
    if (this.isRemoval) this.applyRemovals();
    else this.applyInserts();
    return this.list;
  }

  private applyRemovals(): void {
    const { list, rows, count } = this;
    if (count < WALK_MIN) {
      for (let k = count - 1; k >= 0; k--) list.splice(rows[k]!, 1);
      return;
    }
    let to = rows[0]!;
    for (let k = 0; k < count; k++) {
      const end = k + 1 < count ? rows[k + 1]! : list.length;
      for (let row = rows[k]! + 1; row < end; row++) list[to++] = list[row]!;
    }
    list.length = to;
  }

  private applyInserts(): void {
    const { list, rows, values, count } = this;
    if (count < WALK_MIN) {
      for (let k = 0; k < count; k++) list.splice(rows[k]!, 0, values[k]!);
      return;
    }
    let from = list.length - 1;
    for (let k = 0; k < count; k++) list.push(values[k]!);
    let to = list.length - 1;
    for (let k = count - 1; k >= 0; k--) {
      for (; to > rows[k]!; to--, from--) list[to] = list[from]!;
      list[to--] = values[k]!;
    }
  }
}

keepShape(new LateEdits<string>([''], true));
