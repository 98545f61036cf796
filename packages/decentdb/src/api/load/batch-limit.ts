/**
 * When rows are enough for one INSERT: by their number, and where they are large by their bytes, so that what a batch holds and
 * writes at once stays small.
 *
 * I1  One row in SAMPLE_PACE is looked at, from the first on; the others are taken to be like it.
 */
const SAMPLE_PACE = 64;
/** Bytes of a batch, as far as known. */
const BATCH_BYTES_MAX: number = 16 << 20;

export class BatchLimit {
  readonly #rowsMax: number;
  #rows = 0;
  #bytes = 0;

  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax;
  }

  /** Takes note of a row; true: the batch ends with it. */
  add(row: unknown): boolean {
    if (this.#rows % SAMPLE_PACE === 0) this.#bytes += bytesOf(row) * SAMPLE_PACE;
    this.#rows++;
    if (this.#rows < this.#rowsMax && this.#bytes < BATCH_BYTES_MAX) return false;
    this.#rows = 0;
    this.#bytes = 0;
    return true;
  }
}

/** How many rows of a record of columns make a batch: the first ones tell for all. */
export function rowsOfBatch(columns: Readonly<Record<string, ArrayLike<unknown>>>, rowsMax: number): number {
  let bytes = 0;
  let rows = 0;
  for (const values of Object.values(columns)) {
    rows = Math.min(SAMPLE_PACE, values.length);
    if (!ArrayBuffer.isView(values)) for (let i = 0; i < rows; i++) bytes += valueBytes(values[i]);
  }
  if (rows === 0) return rowsMax;
  return Math.max(1, Math.min(rowsMax, Math.floor((BATCH_BYTES_MAX * rows) / Math.max(bytes, 1))));
}

function bytesOf(row: unknown): number {
  if (typeof row !== 'object' || row === null) return valueBytes(row);
  let bytes = 0;
  for (const value of Array.isArray(row) ? (row as unknown[]) : Object.values(row))
    bytes += valueBytes(value);
  return bytes;
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Array.isArray(value) ? 8 * value.length : 8;
}
