/**
 * Numeric values that do not share one scale, or are not safe integers: a list of Decimals.
 *
 * On the page: one scale for all when it can be, scale and coefficient as integers when all coefficients are safe,
 * else the text forms.
 */
import { assert } from '../base/assert.ts';
import { Decimal } from '../types/decimal.ts';
import { Physical } from '../types/vector.ts';
import { ArrayColumn } from './array-column.ts';
import type { ByteWriter } from './byte-writer.ts';
import { Charset, Encoding } from './encoding.ts';
import { packedBodyBytes } from './int-body.ts';
import { IntSizer, rawBound } from './int-sizer.ts';
import { OverflowValue } from './overflow-value.ts';
import { writeStrings } from './text-column.ts';

export class DecimalListColumn extends ArrayColumn<Decimal> {
  readonly physical: typeof Physical.numeric = Physical.numeric;
  private textBytes = 0;
  private longest = 0;
  private scaleMax = 0;
  private min = 0;
  private max = 0;
  /** Whether every coefficient is a safe integer. */
  private allSafe = true;

  protected get blank(): Decimal {
    return Decimal.zero;
  }

  protected fresh(values: Decimal[]): DecimalListColumn {
    return new DecimalListColumn(values);
  }

  protected note(value: Decimal): void {
    assert(value instanceof Decimal, 'a numeric column was given another datum');
    const size = String(value).length;
    const { coefficient, scale } = value;
    this.textBytes += size;
    if (size > this.longest) this.longest = size;
    if (scale > this.scaleMax) this.scaleMax = scale;
    if (typeof coefficient !== 'number' || !Number.isSafeInteger(coefficient)) this.allSafe = false;
    else if (coefficient < this.min) this.min = coefficient;
    else if (coefficient > this.max) this.max = coefficient;
  }

  protected noteRange(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const value = this.values[i]!;
      if (!this.isNull(i) && !(value instanceof OverflowValue)) this.note(value);
    }
  }

  protected forget(value: Decimal): void {
    this.textBytes -= String(value).length;
  }

  protected override adoptTotals(source: DecimalListColumn): void {
    this.textBytes = source.textBytes;
    this.longest = source.longest;
    this.scaleMax = source.scaleMax;
    this.min = source.min;
    this.max = source.max;
    this.allSafe = source.allSafe;
  }

  bound(count: number): number {
    if (this.nullCount === count) return 1;
    const head = this.headBytes(count);
    const text = head + 1 + packedBodyBytes(count, 5, this.longest) + this.textBytes;
    if (!this.allSafe || this.overflowCount > 0) return text;
    const scales = packedBodyBytes(count, 3, this.scaleMax);
    const range = this.max - this.min;
    const coefficients =
      range <= Number.MAX_SAFE_INTEGER ? packedBodyBytes(count, 8, range) : rawBound(count);
    return Math.min(text, head + scales + coefficients);
  }

  tighten(count: number): void {
    if (!this.isLoose) return;
    this.isLoose = false;
    this.drift = 0;
    if (!this.isStale) return;
    this.isStale = false;
    this.textBytes = 0;
    this.longest = 0;
    this.scaleMax = 0;
    this.min = 0;
    this.max = 0;
    this.allSafe = true;
    this.noteRange(0, count);
  }

  write(writer: ByteWriter, count: number): void {
    this.prepare(count);
    if (this.nullCount === count) {
      this.writeHead(writer, Encoding.allNull, count);
      return;
    }
    if (this.allSafe && this.overflowCount === 0) {
      const range = this.max - this.min;
      const coefficients =
        range <= Number.MAX_SAFE_INTEGER ? packedBodyBytes(count, 8, range) : rawBound(count);
      const pairs = packedBodyBytes(count, 3, this.scaleMax) + coefficients;
      if (pairs <= 1 + packedBodyBytes(count, 5, this.longest) + this.textBytes) {
        this.writePairs(writer, count);
        return;
      }
    }
    this.writeHead(writer, Encoding.text, count);
    this.writeOverflow(writer, count);
    writer.u8(Charset.latin1);
    const texts: string[] = [];
    for (let i = 0; i < count; i++) {
      const value = this.values[i]!;
      texts.push(this.isNull(i) || value instanceof OverflowValue ? '' : String(value));
    }
    writeStrings(writer, texts, Charset.latin1);
  }

  memoryBytes(): number {
    return 120 + this.values.length * 72 + this.textBytes;
  }

  private writePairs(writer: ByteWriter, count: number): void {
    const scales = new Int32Array(count);
    const coefficients = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      if (this.isNull(i)) continue;
      const value = this.values[i] as Decimal;
      scales[i] = value.scale;
      coefficients[i] = value.coefficient as number;
    }
    this.writeHead(writer, Encoding.numericPairs, count);
    writeInts(writer, scales, count);
    writeInts(writer, coefficients, count);
  }
}

function writeInts(writer: ByteWriter, values: Int32Array | Float64Array, count: number): void {
  const sizer = new IntSizer();
  sizer.tighten(values, count, null, true);
  sizer.write(writer, values, count, null);
}
