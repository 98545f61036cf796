/**
 * Batches to rows for the caller: objects or arrays.
 *
 * Objects of one result share one shape: they come from a constructor that sets the fields in order and whose prototype is
 * Object.prototype, which costs what an object literal costs and keeps column names out of the source.
 *
 * I1  A name that occurs twice has the value of its last column, at the place of its first (as `pg` does it).
 * I2  `__proto__` becomes an own property like any other.
 * I3  Rows built by generated code and without are equal.
 */
import type { JsOptions, SqlType } from '../../types/sql-type.ts';
import { Physical } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import { ConstantTable, canGenerate, generate } from '../compile/codegen.ts';
import { layoutCode } from '../compile/shape.ts';
import { dataOf, datumAt } from '../vectors.ts';
import { isPlainArray, isPlainValue, jsValue, jsValueAt } from './value-reader.ts';

export interface ResultColumn {
  readonly name: string;
  readonly type: SqlType;
}

/** Rows built one by one before code is generated. */
const INTERPRETED_ROWS = 256;

type BuildRows = (
  D: unknown[],
  M: unknown[],
  S: Int32Array | null,
  n: number,
  out: unknown[],
  w: number,
  V: unknown[],
) => void;

interface Variant {
  readonly codes: readonly number[];
  readonly build: BuildRows;
}

/** A field of the row objects and the column it shows. */
interface Field {
  readonly name: string;
  readonly column: number;
}

export class RowBuilder {
  readonly columns: readonly ResultColumn[];
  private readonly options: JsOptions;
  private readonly fields: readonly Field[];
  private readonly allowCodegen: boolean;
  private readonly variants: { readonly objects: Variant[]; readonly arrays: Variant[] } = {
    objects: [],
    arrays: [],
  };
  private readonly hasProto: boolean;
  private rows = 0;

  constructor(columns: readonly ResultColumn[], options: JsOptions, allowCodegen = true) {
    this.columns = columns;
    this.options = options;
    this.allowCodegen = allowCodegen;
    const byName = new Map<string, number>();
    columns.forEach((column, i) => {
      byName.set(column.name, i);
    });
    this.fields = [...byName].map(([name, column]) => ({ name, column }));
    this.hasProto = byName.has('__proto__');
  }

  /** Appends the rows of a batch as objects. */
  objects(batch: Batch, out: unknown[]): void {
    if (this.hasProto || this.isCold(batch))
      for (let i = 0; i < batch.count; i++) out.push(this.object(batch, i));
    else this.run('objects', batch, out);
  }

  /** Appends the rows of a batch as arrays, every column of it. */
  arrays(batch: Batch, out: unknown[]): void {
    if (this.isCold(batch)) for (let i = 0; i < batch.count; i++) out.push(this.array(batch, i));
    else this.run('arrays', batch, out);
  }

  /** One row as an object. */
  object(batch: Batch, row: number): Record<string, unknown> {
    const at = batch.position(row);
    const object: Record<string, unknown> = {};
    for (const { name, column } of this.fields) {
      const value = jsValueAt(batch.column(column), at, this.columns[column]!.type, this.options);
      if (name === '__proto__') {
        Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
      } else {
        object[name] = value;
      }
    }
    return object;
  }

  /** One row as an array. */
  array(batch: Batch, row: number): unknown[] {
    const at = batch.position(row);
    return this.columns.map((column, i) => jsValueAt(batch.column(i), at, column.type, this.options));
  }

  private isCold(batch: Batch): boolean {
    if (this.rows <= INTERPRETED_ROWS) {
      this.rows += batch.count;
      if (this.rows <= INTERPRETED_ROWS) return true;
    }
    return !this.allowCodegen || !canGenerate();
  }

  private run(form: 'objects' | 'arrays', batch: Batch, out: unknown[]): void {
    const width = this.columns.length;
    const data: unknown[] = new Array(width);
    const masks: unknown[] = new Array(width);
    const vectors: unknown[] = new Array(width);
    for (let i = 0; i < width; i++) {
      const vector = batch.column(i);
      data[i] = dataOf(vector);
      masks[i] = vector.nulls;
      vectors[i] = vector;
    }
    const variants = this.variants[form];
    let variant = variants.find((one) => this.matches(one.codes, batch));
    if (variant === undefined) {
      variant = { codes: this.codesOf(batch), build: this.generate(form, batch) };
      variants.unshift(variant);
    }
    const start = out.length;
    variant.build(data, masks, batch.selection, batch.count, out, start, vectors);
  }

  private codesOf(batch: Batch): number[] {
    return this.columns.map((_, i) => layoutCode(batch.column(i)) * 16 + batch.column(i).physical);
  }

  private matches(codes: readonly number[], batch: Batch): boolean {
    for (let i = 0; i < codes.length; i++) {
      const vector = batch.column(i);
      if (layoutCode(vector) * 16 + vector.physical !== codes[i]) return false;
    }
    return true;
  }

  private generate(form: 'objects' | 'arrays', batch: Batch): BuildRows {
    const constants = new ConstantTable();
    const used =
      form === 'objects' ? this.fields.map((field) => field.column) : this.columns.map((_, i) => i);
    const values = used.map((column) => this.valueSource(column, batch, constants));
    const bind = used.map(
      (column) => `const c${column}=D[${column}],m${column}=M[${column}],x${column}=V[${column}];`,
    );
    const names = this.fields.map((field) => constants.add(field.name));
    const parameters = this.fields.map((_, i) => `a${i}`);
    const shape =
      form === 'objects'
        ? `function Row(${parameters.join(',')}){${names.map((name, i) => `this[${name}]=a${i};`).join('')}}Row.prototype=${constants.add(Object.prototype)};`
        : '';
    const row = form === 'objects' ? `new Row(${values.join(',')})` : `[${values.join(',')}]`;
    // The constructor is made once: `generate` returns the function that closes over it.
    const body =
      `${shape}return function(D,M,S,n,O,w,V){${bind.join('')}` +
      `if(S===null){for(let r=0;r<n;r++)O[w+r]=${row};}` +
      `else{for(let i=0;i<n;i++){const r=S[i];O[w+i]=${row};}}}`;
    return generate<() => BuildRows>([], body, constants)();
  }

  private valueSource(column: number, batch: Batch, constants: ConstantTable): string {
    const { type } = this.columns[column]!;
    const vector = batch.column(column);
    const { options } = this;
    let source: string;
    if (vector.physical === Physical.bool && isPlainValue(type, options)) source = `c${column}[r]===1`;
    else if (isPlainArray(vector)) {
      const plain = isPlainValue(type, options);
      const convert = plain ? null : constants.add((value: never) => type.toJs(value, options));
      source = convert === null ? `c${column}[r]` : `${convert}(c${column}[r])`;
    } else {
      const read = constants.add((from: typeof vector, at: number) =>
        jsValue(datumAt(from, at), type, options),
      );
      source = `${read}(x${column},r)`;
    }
    return vector.nulls === null ? source : `(m${column}[r]===1?null:${source})`;
  }
}
