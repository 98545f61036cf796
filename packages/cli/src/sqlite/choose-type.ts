/**
 * The type a column of SQLite gets: what it was declared as, where all its values agree; else what holds them all.
 *
 * I1  No value is changed to fit: an integer column that holds a text becomes text, and the report says so.
 */
import type { SqliteValue } from './record.ts';

const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?$/;

/** What a look at all values of a column has shown. */
export class ColumnValues {
  ints = 0;
  reals = 0;
  texts = 0;
  blobs = 0;
  #fitsInt4 = true;
  #isBoolean = true;
  #areDates = true;
  #areTimestamps = true;

  see(value: SqliteValue): void {
    if (value === null) return;
    if (typeof value === 'string') {
      this.texts++;
      this.#areDates &&= DATE.test(value);
      this.#areTimestamps &&= TIMESTAMP.test(value);
    } else if (value instanceof Uint8Array) this.blobs++;
    else if (typeof value === 'bigint' || Number.isInteger(value)) {
      this.ints++;
      this.#fitsInt4 &&= typeof value === 'number' && value >= -2147483648 && value <= 2147483647;
      this.#isBoolean &&= value === 0 || value === 1;
    } else this.reals++;
  }

  /** The type for a declared type, or undefined when texts and blobs stand in one column. */
  type(declared: string): string | undefined {
    const { ints, reals, texts, blobs } = this;
    if (blobs > 0) return ints + reals + texts > 0 ? undefined : 'bytea';
    const isNumeric = texts === 0;
    const name = declared.toUpperCase();
    if (/BOOL/.test(name) && isNumeric && reals === 0 && this.#isBoolean) return 'boolean';
    if (/INT/.test(name) && isNumeric && reals === 0)
      return /BIG|INT8/.test(name) || !this.#fitsInt4 ? 'bigint' : 'integer';
    if (/REAL|FLOA|DOUB/.test(name) && isNumeric) return 'double precision';
    const numeric = /^(?:NUMERIC|DECIMAL)\s*(\(\d+(?:,\d+)?\))?$/.exec(name);
    if (numeric !== null && isNumeric) return `numeric${this.reals === 0 ? (numeric[1] ?? '') : ''}`;
    if (ints + reals === 0) {
      if (/DATE|TIME/.test(name) && texts > 0 && this.#areDates) return 'date';
      if (/DATE|TIME/.test(name) && texts > 0 && this.#areTimestamps) return 'timestamp';
      if (/BLOB/.test(name) && texts === 0) return 'bytea';
      return 'text';
    }
    if (texts > 0 || /CHAR|CLOB|TEXT/.test(name)) return 'text';
    return reals > 0 ? 'double precision' : this.#fitsInt4 ? 'integer' : 'bigint';
  }
}

/** A value as a parameter for a column of that type. */
export function parameterFor(value: SqliteValue, type: string): unknown {
  if (value === null) return null;
  if (type === 'boolean') return value === 1;
  if (type === 'text' || type.startsWith('numeric')) return typeof value === 'string' ? value : String(value);
  return value;
}
