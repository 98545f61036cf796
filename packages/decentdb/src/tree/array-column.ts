/**
 * What columns of variable-length values share: JavaScript arrays, overflow markers, keeping totals.
 *
 * I1  `values.length` is the number of rows; the value under a NULL or an overflow marker's encoding is `blank`.
 *     Not while the column is behind (late-edits.ts): then `values` holds nothing anybody may use, and "at" gives single values.
 * I2  Subclasses hear of every value that comes (`note`) and goes (`forget`), never of NULLs or markers.
 */
import { assert, verifyEnabled } from '../base/assert.ts';
import type { Vector } from '../types/vector.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Column } from './column.ts';
import { EDITS_MAX, LateEdits } from './late-edits.ts';
import { ROWS_MAX } from './node-schema.ts';
import { OVERFLOW_ENTRY_BYTES, OverflowValue } from './overflow-value.ts';
import { TextHeads } from './text-heads.ts';

/** A column has heads once it was searched as often as one in so many of its rows. */
const SEARCHES_SHARE = 16;
/** Where more values than these would have to move for one row, that is put off. */
const MOVED_MAX = 192;
/** After values were asked for when a change or two had been put off: what reads between changes reads on. */
const DIRECT_AFTER_SHORT = 16;
/** Stands for the values of a column that is behind: whoever takes it for them is found out. */
const BEHIND: string[] = ['the values of this column are behind'];

export abstract class ArrayColumn<T extends string | object> extends Column {
  values: (T | OverflowValue)[];
  overflowCount = 0;
  /** Of a text column that is searched often, what its values begin with; kept while values come and go one by one. */
  private heads: TextHeads | null = null;
  private searches = 0;
  private late: LateEdits<T | OverflowValue> | null = null;
  /** Changes to be made at once before others are put off. */
  private directLeft = 1;

  constructor(values: (T | OverflowValue)[]) {
    super();
    this.values = values;
  }

  /** Whether changes of single rows may be put off: all that looks at values minds it. */
  protected get canBeBehind(): boolean {
    return false;
  }

  /** Stands under NULL. */
  protected abstract readonly blank: T;
  protected abstract note(value: T, at: number, count: number): void;
  protected abstract forget(value: T, at: number, count: number): void;
  protected abstract fresh(values: (T | OverflowValue)[]): ArrayColumn<T>;
  /** Called when many rows came in at once, instead of `note` for each. */
  protected abstract noteRange(from: number, to: number, count: number): void;

  /** Called when a row became NULL. */
  protected noteNull(): void {}

  cell(row: number): T | OverflowValue | null {
    return this.nulls !== null && this.nulls[row] !== 0 ? null : this.at(row);
  }

  /** What stands at a row, be it NULL or not. */
  at(row: number): T | OverflowValue {
    return this.late === null ? this.values[row]! : this.late.at(row);
  }

  /** Rows the values are of. */
  get rowCount(): number {
    return this.late === null ? this.values.length : this.late.rowCount;
  }

  override catchUp(): void {
    const { late } = this;
    if (late === null) return;
    if (late.isShort) this.directLeft = DIRECT_AFTER_SHORT;
    this.values = late.apply();
    this.late = null;
    this.isBehind = false;
  }

  /** The changes put off, to put off one more of that kind; null where it is better made at once: then no others are left. */
  private putOff(isRemoval: boolean, moved: number): LateEdits<T | OverflowValue> | null {
    const { late } = this;
    if (late !== null && late.isRemoval === isRemoval && late.count < EDITS_MAX) return late;
    this.catchUp();
    if (moved <= MOVED_MAX || !this.canBeBehind) return null;
    if (this.directLeft > 0) {
      this.directLeft--;
      return null;
    }
    const begun = new LateEdits(this.values, isRemoval);
    this.late = begun;
    this.isBehind = true;
    this.values = BEHIND as T[];
    return begun;
  }

  insert(at: number, count: number, value: unknown): void {
    this.isLoose = true;
    this.drift++;
    if (at !== count) this.settle();
    if (this.nulls !== null || value === null) this.openNulls(at, count, 1, value === null ? 1 : 0);
    const stored = (value === null ? this.blank : value) as T | OverflowValue;
    if (at === count) {
      this.catchUp();
      this.values.push(stored);
    } else {
      const late = this.putOff(false, count - at);
      if (late === null) this.values.splice(at, 0, stored);
      else late.insert(at, stored);
    }
    if (this.heads !== null && !(typeof stored === 'string' && this.heads.insert(at, stored)))
      this.dropHeads();
    if (value !== null) this.arrived(stored, at, count + 1);
    else this.noteNull();
  }

  insertRange(at: number, count: number, source: Vector, from: number, to: number): void {
    this.isLoose = true;
    this.drift += to - from;
    this.catchUp();
    this.settle();
    this.dropHeads();
    const given = source.values as (T | OverflowValue)[];
    const nulls = source.nulls;
    this.copyNulls(at, count, nulls, from, to);
    const stored = given.slice(from, to);
    if (nulls !== null) for (let i = from; i < to; i++) if (nulls[i] !== 0) stored[i - from] = this.blank;
    if (at === count) for (let i = 0; i < stored.length; i++) this.values.push(stored[i]!);
    else this.values.splice(at, 0, ...stored);
    for (let i = 0; i < stored.length; i++) if (stored[i] instanceof OverflowValue) this.overflowCount++;
    this.hasOverflow = this.overflowCount > 0;
    this.noteRange(at, at + stored.length, count + stored.length);
  }

  remove(from: number, to: number, count: number): void {
    this.isLoose = true;
    this.isStale = true;
    this.drift += to - from;
    this.settle();
    for (let i = from; i < to; i++) this.left(i, count);
    this.closeNulls(from, to, count);
    this.heads?.remove(from, to);
    const late = to - from === 1 ? this.putOff(true, count - to) : null;
    if (late !== null) {
      late.remove(from);
      return;
    }
    this.catchUp();
    this.values.splice(from, to - from);
  }

  set(at: number, count: number, value: unknown): void {
    this.isLoose = true;
    this.isStale = true;
    this.drift++;
    this.catchUp();
    this.settle();
    this.dropHeads();
    this.left(at, count);
    this.setNull(at, count, value === null ? 1 : 0);
    const stored = (value === null ? this.blank : value) as T | OverflowValue;
    this.values[at] = stored;
    if (value !== null) this.arrived(stored, at, count);
    else this.noteNull();
  }

  copy(from: number, to: number, capacity: number): ArrayColumn<T> {
    this.catchUp();
    const copy = this.fresh(this.values.slice(from, to));
    copy.adoptNulls(this, from, to, capacity);
    if (this.hasOverflow) {
      for (let i = 0; i < to - from; i++) if (copy.values[i] instanceof OverflowValue) copy.overflowCount++;
      copy.hasOverflow = copy.overflowCount > 0;
    }
    copy.noteRange(0, to - from, to - from);
    copy.isStale = false;
    return copy;
  }

  override clone(count: number, capacity: number): ArrayColumn<T> {
    // A decoded column was never measured.
    if (this.drift >= ROWS_MAX) return this.copy(0, count, capacity);
    this.catchUp();
    this.settle();
    const clone = this.fresh(this.values.slice(0, count));
    clone.adopt(this, count, capacity);
    clone.overflowCount = this.overflowCount;
    clone.hasOverflow = this.hasOverflow;
    clone.adoptTotals(this);
    if (this.heads !== null && this.values.length === count) clone.heads = this.heads.copy();
    return clone;
  }

  /**
   * Heads of the column's values, which are texts, none of them NULL, and ascend from row `start` on; null as long as it is not
   * searched often enough to have them.
   */
  headsOf(start: number, count: number): TextHeads | null {
    this.searches++;
    if (this.heads === null && this.searches * SEARCHES_SHARE > count) {
      this.catchUp();
      this.heads = TextHeads.of(this.values as readonly string[], start, count);
    }
    if (this.heads !== null && verifyEnabled()) {
      const row = Math.max(start, this.searches % count);
      assert(this.heads.says(row, this.at(row) as string, count), 'the heads of a column are not its own');
    }
    return this.heads;
  }

  get hasHeads(): boolean {
    return this.heads !== null;
  }

  protected dropHeads(): void {
    this.heads = null;
    this.searches = 0;
  }

  protected headsMemoryBytes(): number {
    return this.heads === null ? 0 : this.heads.memoryBytes();
  }

  /** What the subclass knows of its values, for {@link clone}. */
  protected abstract adoptTotals(source: this): void;

  protected headBytes(count: number): number {
    return (
      this.headBound(count) + (this.overflowCount === 0 ? 0 : 3 + this.overflowCount * OVERFLOW_ENTRY_BYTES)
    );
  }

  /** The list of overflow markers: count, then row gap, first page, byte length each. */
  protected writeOverflow(writer: ByteWriter, count: number): void {
    if (this.overflowCount === 0) return;
    writer.unsigned(this.overflowCount);
    let last = 0;
    for (let i = 0; i < count; i++) {
      const value = this.values[i];
      if (!(value instanceof OverflowValue)) continue;
      writer.unsigned(i - last);
      writer.unsigned(value.ref.firstPage);
      writer.unsigned(value.ref.byteLength);
      last = i;
    }
  }

  /** The values with markers replaced by blanks, exactly `count` of them. */
  protected inlineValues(count: number): T[] {
    if (this.overflowCount === 0 && this.values.length === count) return this.values as T[];
    const inline: T[] = [];
    for (let i = 0; i < count; i++) {
      const value = this.values[i]!;
      inline.push(value instanceof OverflowValue ? this.blank : value);
    }
    return inline;
  }

  private arrived(value: T | OverflowValue, at: number, count: number): void {
    if (value instanceof OverflowValue) {
      this.overflowCount++;
      this.hasOverflow = true;
    } else this.note(value, at, count);
  }

  private left(at: number, count: number): void {
    if (this.isNull(at)) return;
    const value = this.at(at);
    if (value instanceof OverflowValue) {
      this.overflowCount--;
      this.hasOverflow = this.overflowCount > 0;
    } else this.forget(value, at, count);
  }
}
