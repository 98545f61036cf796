/**
 * Proof that two engines returned the same rows: a short list of numbers and texts, compared across engines.
 *
 * I1  Every column of every row is read, so an engine that decodes lazily pays for it.
 * I2  Numbers compare with a relative tolerance, because sums of floats depend on the order of addition.
 */

/** A value of any engine in one form: bigint and numeric text become numbers, dates become ISO text. */
export function plainValue(value) {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (value !== null && typeof value === 'object') return String(value);
  return typeof value === 'boolean' ? Number(value) : value;
}

/** The rows of a small result, row by row and column by column, as one flat list. */
export function resultCheck(rows) {
  return rows.flatMap((row) => Object.values(row).map(plainValue));
}

function same(a, b) {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
  return a === b;
}

/** The first place where two checks differ, or undefined. */
export function difference(one, other) {
  if (one.length !== other.length) return `${one.length} values against ${other.length}`;
  const at = one.findIndex((value, i) => !same(value, other[i]));
  return at === -1 ? undefined : `value ${at}: ${one[at]} against ${other[at]}`;
}
