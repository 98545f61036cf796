/**
 * Columns of numeric: scaled integers while one scale fits all, a list of Decimals otherwise.
 *
 * I1  Exactly one of `ints` and `list` is set; `scaled`, `values`, `nulls` mirror the one in use (the shape of a
 *     NumericVector).
 * I2  A column starts scaled; the first value's scale becomes the column's. It never goes back from a list by itself:
 *     the page form does (a list of one scale is written scaled).
 */
import type { Decimal } from '../types/decimal.ts';
import { Decimal as DecimalClass } from '../types/decimal.ts';
import { type NumericVector, Physical, type Vector } from '../types/vector.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Column } from './column.ts';
import { DecimalListColumn } from './decimal-list-column.ts';
import { Encoding } from './encoding.ts';
import { IntColumn } from './int-column.ts';
import type { Cell, OverflowValue } from './overflow-value.ts';

export class NumericColumn extends Column {
  readonly physical: typeof Physical.numeric = Physical.numeric;
  scaled: Float64Array | null = null;
  scale = 0;
  values: (Decimal | OverflowValue)[] | null = null;
  private ints: IntColumn | null;
  private list: DecimalListColumn | null;

  constructor(ints: IntColumn | null, scale: number, list: DecimalListColumn | null) {
    super();
    this.ints = ints;
    this.scale = scale;
    this.list = list;
    this.mirror();
  }

  static empty(capacity: number): NumericColumn {
    return new NumericColumn(IntColumn.empty(Physical.int64, capacity), 0, null);
  }

  cell(row: number): Cell {
    if (this.nulls !== null && this.nulls[row] !== 0) return null;
    if (this.scaled !== null) return new DecimalClass(this.scaled[row]!, this.scale);
    return this.values![row]!;
  }

  insert(at: number, count: number, value: Cell): void {
    if (value === null || this.accepts(value, count))
      this.inner.insert(at, count, asInt(value, this.ints !== null));
    else {
      this.becomeList(count);
      this.inner.insert(at, count, value);
    }
    this.mirror();
  }

  insertRange(at: number, count: number, source: Vector, from: number, to: number): void {
    const given = source as NumericVector;
    if (this.ints !== null && given.scaled !== null) {
      if (this.nullCount === count) this.scale = given.scale;
      if (this.scale === given.scale) {
        const ints = { physical: Physical.int64, values: given.scaled, nulls: given.nulls } as const;
        this.ints.insertRange(at, count, ints, from, to);
        this.mirror();
        return;
      }
    }
    this.becomeList(count);
    const decimals = given.scaled === null ? given : listOf(given, from, to);
    this.list!.insertRange(at, count, decimals as Vector, from, to);
    this.mirror();
  }

  remove(from: number, to: number, count: number): void {
    this.inner.remove(from, to, count);
    this.mirror();
  }

  set(at: number, count: number, value: Cell): void {
    if (value !== null && !this.accepts(value, count)) this.becomeList(count);
    this.inner.set(at, count, asInt(value, this.ints !== null));
    this.mirror();
  }

  copy(from: number, to: number, capacity: number): NumericColumn {
    if (this.ints !== null) return new NumericColumn(this.ints.copy(from, to, capacity), this.scale, null);
    return new NumericColumn(null, 0, this.list!.copy(from, to, capacity) as DecimalListColumn);
  }

  override clone(count: number, capacity: number): NumericColumn {
    if (this.ints !== null) return new NumericColumn(this.ints.clone(count, capacity), this.scale, null);
    return new NumericColumn(null, 0, this.list!.clone(count, capacity) as DecimalListColumn);
  }

  override get isMeasured(): boolean {
    return this.inner.isMeasured;
  }

  bound(count: number): number {
    return this.inner.bound(count) + 3;
  }

  tighten(count: number): void {
    this.inner.tighten(count);
    this.isLoose = false;
  }

  override wantsCloseLook(count: number): boolean {
    return this.inner.wantsCloseLook(count);
  }

  write(writer: ByteWriter, count: number): void {
    if (this.ints === null) {
      this.list!.write(writer, count);
      return;
    }
    const ints = this.ints;
    ints.prepare(count);
    if (this.nullCount === count) {
      this.writeHead(writer, Encoding.allNull, count);
      return;
    }
    this.writeHead(writer, Encoding.scaledNumeric, count);
    writer.unsigned(this.scale);
    ints.sizer.write(writer, this.scaled!, count, this.mask);
  }

  memoryBytes(): number {
    return 120 + this.inner.memoryBytes();
  }

  private get inner(): Column {
    return this.ints ?? this.list!;
  }

  private accepts(value: Cell, count: number): boolean {
    if (this.ints === null) return true;
    if (!(value instanceof DecimalClass)) return false;
    if (!Number.isSafeInteger(value.coefficient)) return false;
    if (this.nullCount === count) this.scale = value.scale;
    return value.scale === this.scale;
  }

  private becomeList(count: number): void {
    if (this.ints === null) return;
    const whole = {
      physical: Physical.numeric,
      scaled: this.scaled,
      scale: this.scale,
      values: null,
      nulls: this.nulls,
    } as const;
    const list = new DecimalListColumn([]);
    if (count > 0) list.insertRange(0, 0, listOf(whole, 0, count) as Vector, 0, count);
    this.list = list;
    this.ints = null;
    this.scale = 0;
    this.mirror();
  }

  /** I1. */
  private mirror(): void {
    const inner = this.inner;
    this.nulls = inner.nulls;
    this.nullCount = inner.nullCount;
    this.hasOverflow = inner.hasOverflow;
    this.isLoose = true;
    this.scaled = this.ints === null ? null : (this.ints.values as Float64Array);
    this.values = this.list === null ? null : this.list.values;
  }
}

function asInt(value: Cell, isScaled: boolean): Cell {
  return isScaled && value !== null ? ((value as Decimal).coefficient as number) : value;
}

/** Rows from..to of a scaled vector as Decimals, at the same indexes. */
function listOf(source: NumericVector, from: number, to: number): NumericVector {
  const values = new Array<Decimal>(to);
  for (let i = 0; i < from; i++) values[i] = DecimalClass.zero;
  for (let i = from; i < to; i++) {
    const isNull = source.nulls !== null && source.nulls[i] !== 0;
    values[i] = isNull ? DecimalClass.zero : new DecimalClass(source.scaled![i]!, source.scale);
  }
  return { physical: Physical.numeric, scaled: null, scale: 0, values, nulls: source.nulls };
}
