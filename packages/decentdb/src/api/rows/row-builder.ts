/**
 * Rows for the caller out of batches: objects by column name, or arrays.
 *
 * Code is generated once for each list of columns and each combination of vector layouts met: an object is made by one
 * constructor call with all its values, so all rows of a result share one hidden class.
 *
 * I1  Column names reach the generated code as constants only (exec/compile/codegen.ts I1).
 * I2  Where code generation is forbidden the same rows are built value by value.
 * I3  Of two columns with one name, an object has the last.
 */

import type { Batch } from '../../exec/batch.ts';
import { ConstantTable, canGenerate, generate } from '../../exec/compile/codegen.ts';
import { dataOf, datumAt } from '../../exec/vectors.ts';
import type { OutputColumn } from '../../plan/logical.ts';
import { Decimal, narrow } from '../../types/decimal.ts';
import type { JsOptions } from '../../types/sql-type.ts';
import { type Datum, Physical, type Vector } from '../../types/vector.ts';
import { type Converter, converterFor, type ValueFormat } from './convert.ts';

export type RowMode = 'object' | 'array';

type Fill = (
  out: unknown[],
  count: number,
  selection: Int32Array | null,
  data: unknown[],
  masks: unknown[],
  vectors: Vector[],
) => void;
type RowClass = new (...values: unknown[]) => object;

interface Variant {
  readonly codes: readonly number[];
  readonly fill: Fill;
}

export class RowBuilder {
  readonly names: readonly string[];
  readonly #converters: readonly Converter[];
  readonly #mode: RowMode;
  readonly #variants: Variant[] = [];
  #rowClass: RowClass | null = null;
  #last: Variant | null = null;
  #interpreted = 0;

  constructor(columns: readonly OutputColumn[], mode: RowMode, format: ValueFormat, options: JsOptions) {
    this.names = columns.map((c) => c.name);
    this.#converters = columns.map((c) => converterFor(c.type, format, options));
    this.#mode = mode;
  }

  /** Appends the rows of a batch to `out`. */
  append(batch: Batch, out: unknown[]): void {
    const { count } = batch;
    // A few rows are not worth a generated function.
    if (this.#interpreted < INTERPRETED_ROWS || !canGenerate()) {
      this.#interpreted += count;
      for (let i = 0; i < count; i++) out.push(this.row(batch, i));
      return;
    }
    const width = this.names.length;
    const vectors = new Array<Vector>(width);
    const data = new Array<unknown>(width);
    const masks = new Array<unknown>(width);
    for (let c = 0; c < width; c++) {
      const vector = batch.column(c);
      vectors[c] = vector;
      data[c] = dataOf(vector);
      masks[c] = vector.nulls;
    }
    this.#variantFor(vectors).fill(out, count, batch.selection, data, masks, vectors);
  }

  /** One row. */
  row(batch: Batch, index: number): unknown {
    const at = batch.position(index);
    const width = this.names.length;
    const values = new Array<unknown>(width);
    for (let c = 0; c < width; c++) values[c] = this.value(datumAt(batch.column(c), at), c);
    return this.fromValues(values);
  }

  /** A row from its values in this builder's form. */
  fromValues(values: readonly unknown[]): unknown {
    if (this.#mode === 'array') return values;
    this.#rowClass ??= makeRowClass(this.names);
    return new this.#rowClass(...values);
  }

  /** A datum of column `c` in this builder's form. */
  value(datum: Datum, c: number): unknown {
    const converter = this.#converters[c];
    return converter === null || converter === undefined ? datum : converter(datum);
  }

  #variantFor(vectors: readonly Vector[]): Variant {
    const last = this.#last;
    if (last !== null && sameCodes(last.codes, vectors)) return last;
    let variant = this.#variants.find((v) => sameCodes(v.codes, vectors));
    if (variant === undefined) {
      variant = { codes: vectors.map(layoutOf), fill: this.#generate(vectors) };
      this.#variants.push(variant);
    }
    this.#last = variant;
    return variant;
  }

  #generate(vectors: readonly Vector[]): Fill {
    const constants = new ConstantTable();
    const values = vectors.map((vector, c) => this.#valueSource(vector, c, constants));
    const declare = vectors.map((_, c) => `const d${c}=D[${c}],m${c}=M[${c}];`).join('');
    let make: string;
    if (this.#mode === 'array') make = `[${values.join(',')}]`;
    else {
      this.#rowClass ??= makeRowClass(this.names);
      make = `new ${constants.add(this.#rowClass)}(${values.join(',')})`;
    }
    const loop =
      `let o=out.length;` +
      `if(S===null){for(let p=0;p<n;p++)out[o++]=${make};}` +
      `else{for(let i=0;i<n;i++){const p=S[i];out[o++]=${make};}}`;
    return generate<Fill>(['out', 'n', 'S', 'D', 'M', 'V'], declare + loop, constants);
  }

  /** Source of the value of column `c` at position `p`. */
  #valueSource(vector: Vector, c: number, constants: ConstantTable): string {
    const converter = this.#converters[c] ?? null;
    let raw: string;
    switch (vector.physical) {
      case Physical.bool:
        raw = `d${c}[p]===1`;
        break;
      case Physical.int64:
        raw = vector.values instanceof BigInt64Array ? `${constants.add(narrow)}(d${c}[p])` : `d${c}[p]`;
        break;
      case Physical.numeric:
        raw = vector.scaled === null ? `d${c}[p]` : `${constants.add(decimalOf)}(d${c}[p],V[${c}].scale)`;
        break;
      default:
        raw = `d${c}[p]`;
    }
    const value = converter === null ? raw : `${constants.add(converter)}(${raw})`;
    return vector.nulls === null ? value : `(m${c}[p]===1?null:${value})`;
  }
}

const INTERPRETED_ROWS = 64;

function decimalOf(scaled: number, scale: number): Decimal {
  return new Decimal(scaled, scale);
}

/** What generated code depends on: kind of vector, whether it has NULLs, whether its numbers are scaled or big. */
function layoutOf(vector: Vector): number {
  let code = vector.physical * 4 + (vector.nulls === null ? 0 : 2);
  if (vector.physical === Physical.int64 && vector.values instanceof BigInt64Array) code++;
  else if (vector.physical === Physical.numeric && vector.scaled === null) code++;
  return code;
}

function sameCodes(codes: readonly number[], vectors: readonly Vector[]): boolean {
  for (let c = 0; c < vectors.length; c++) if (layoutOf(vectors[c] as Vector) !== codes[c]) return false;
  return true;
}

const rowClasses = new Map<string, RowClass>();
const ROW_CLASSES_MAX = 500;

/**
 * A constructor of plain objects with these properties in this order. Shared by all results with the same names, so that
 * code that reads them stays monomorphic.
 */
function makeRowClass(names: readonly string[]): RowClass {
  const key = names.join('\0');
  let made = rowClasses.get(key);
  if (made !== undefined) return made;
  made = canGenerate() ? generatedClass(names) : plainClass(names);
  if (rowClasses.size >= ROW_CLASSES_MAX) rowClasses.clear();
  rowClasses.set(key, made);
  return made;
}

function generatedClass(names: readonly string[]): RowClass {
  const constants = new ConstantTable();
  const parameters = names.map((_, i) => `v${i}`);
  const body = names
    .map((name, i) =>
      // A plain store to this one name would set the prototype instead.
      name === '__proto__'
        ? `${constants.add(defineProto)}(this,v${i});`
        : `this[${constants.add(name)}]=v${i};`,
    )
    .join('');
  const made = generate<RowClass & { prototype: object }>(parameters, body, constants);
  (made as { prototype: object }).prototype = Object.prototype;
  return made;
}

function defineProto(row: object, value: unknown): void {
  Object.defineProperty(row, '__proto__', { value, enumerable: true, configurable: true, writable: true });
}

function plainClass(names: readonly string[]): RowClass {
  function Row(this: Record<string, unknown>, ...values: unknown[]): void {
    for (let i = 0; i < names.length; i++) {
      if (names[i] === '__proto__') defineProto(this, values[i]);
      else this[names[i] as string] = values[i];
    }
  }
  Row.prototype = Object.prototype;
  return Row as unknown as RowClass;
}
