/**
 * Cells of several rows of a column that is not decoded, for whoever looks at some rows of a leaf and does not come back: the block is
 * looked at once, not for each row (packed-cell.ts), and no value is made that nobody asked for.
 *
 * I1  The answers are the cells of the decoded column. Where that takes a look at other rows the leaf is asked cell by cell, which
 *     decodes the column and reports what is wrong with it.
 */
import { Decimal } from '../types/decimal.ts';
import { Physical } from '../types/vector.ts';
import type { ByteReader } from './byte-reader.ts';
import { ENCODING_MASK, Encoding, HAS_NULLS, HAS_OVERFLOW } from './encoding.ts';
import { POWERS_OF_TEN, quotientOf } from './float-column.ts';
import { IntBody, IntForm } from './int-body.ts';
import type { Cell } from './overflow-value.ts';
import { packedAt, takePacked } from './packed-ints.ts';
import { readCharset, TextBlock } from './text-block.ts';
import type { TreeNode } from './tree-node.ts';

/** The value at a row that is not NULL; undefined: not without a look at others. */
type ValueAt = (row: number) => Cell | undefined;

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
/** Digits behind the point that a number may have. */
const SCALE_MAX = 16383;

/** The cells of ascending rows. */
export function cellsTogether(leaf: TreeNode, column: number, rows: readonly number[]): Cell[] {
  const cells =
    rows.length === 0 || !leaf.hasBytes(column) || leaf.isDecoded(column) ? null : alone(leaf, column, rows);
  return cells ?? rows.map((row) => leaf.cell(column, row));
}

function alone(leaf: TreeNode, column: number, rows: readonly number[]): Cell[] | null {
  const { physical } = leaf.schema.leaf[column]!;
  const block = physical === Physical.text ? leaf.textBlock(column) : null;
  if (block !== null) {
    const { nulls } = block;
    return rows.map((row) => (nulls !== null && nulls[row] !== 0 ? null : block.cell(row)));
  }
  const { count } = leaf;
  const reader = leaf.reader(column);
  const tag = reader.u8();
  if ((tag & HAS_OVERFLOW) !== 0) return null;
  const nullsAt = (tag & HAS_NULLS) === 0 ? -1 : reader.take((count + 7) >>> 3);
  const valueAt = valuesOf(reader, physical, tag & ENCODING_MASK, count, rows.at(-1)! + 1);
  if (valueAt === null) return null;
  const cells = new Array<Cell>(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const isNull = nullsAt !== -1 && ((reader.bytes[nullsAt + (row >>> 3)]! >>> (row & 7)) & 1) !== 0;
    const cell = isNull ? null : valueAt(row);
    if (cell === undefined) return null;
    cells[i] = cell;
  }
  return cells;
}

/** How values of the first `reach` rows are read; null where they cannot be told from the block alone. */
function valuesOf(
  reader: ByteReader,
  physical: Physical,
  encoding: number,
  count: number,
  reach: number,
): ValueAt | null {
  switch (physical) {
    case Physical.int32:
      return encoding === Encoding.ints ? integers(reader, count, reach, INT32_MIN, INT32_MAX) : null;
    case Physical.int64:
      return encoding === Encoding.ints ? safeIntegers(reader, count, reach) : null;
    case Physical.float64:
      return floats(reader, encoding, count, reach);
    case Physical.numeric:
      return encoding === Encoding.scaledNumeric ? decimals(reader, count, reach) : null;
    case Physical.text:
      return encoding === Encoding.textDictionary ? dictionaryTexts(reader, count) : null;
    default:
      return null;
  }
}

function safeIntegers(
  reader: ByteReader,
  count: number,
  reach: number,
): ((row: number) => number | undefined) | null {
  return integers(reader, count, reach, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}

function integers(
  reader: ByteReader,
  count: number,
  reach: number,
  min: number,
  max: number,
): ((row: number) => number | undefined) | null {
  const form = reader.bytes[reader.at];
  if (form !== IntForm.packed && form !== IntForm.delta && form !== IntForm.dictionary) return null;
  const body = new IntBody(reader, count);
  if (body.isRandomAccess) return body.isWithin(min, max) ? (row) => body.at(row) : null;
  const values = body.firstOfDeltas(reach);
  return (row) => {
    const value = values[row]!;
    return value >= min && value <= max ? value : undefined;
  };
}

function floats(reader: ByteReader, encoding: number, count: number, reach: number): ValueAt | null {
  const { view } = reader;
  if (encoding === Encoding.doubles) {
    const at = reader.take(8 * count);
    return (row) => view.getFloat64(at + 8 * row, true);
  }
  if (encoding === Encoding.singles) {
    const at = reader.take(4 * count);
    return (row) => view.getFloat32(at + 4 * row, true);
  }
  if (encoding !== Encoding.scaledDoubles && encoding !== Encoding.scaledSingles) return null;
  const scale = reader.u8();
  const whole = POWERS_OF_TEN[scale] === undefined ? null : safeIntegers(reader, count, reach);
  if (whole === null) return null;
  const isSingle = encoding === Encoding.scaledSingles;
  return (row) => {
    const value = whole(row);
    if (value === undefined) return undefined;
    return isSingle ? Math.fround(quotientOf(value, scale)) : quotientOf(value, scale);
  };
}

function decimals(reader: ByteReader, count: number, reach: number): ValueAt | null {
  const scale = reader.unsigned();
  const whole = scale > SCALE_MAX ? null : safeIntegers(reader, count, reach);
  if (whole === null) return null;
  return (row) => {
    const value = whole(row);
    return value === undefined ? undefined : new Decimal(value, scale);
  };
}

function dictionaryTexts(reader: ByteReader, count: number): ValueAt | null {
  const charset = readCharset(reader);
  const size = reader.unsigned();
  if (size < 1) return null;
  const entries = TextBlock.readRun(reader, size, charset);
  const width = reader.u8();
  const codes = takePacked(reader, count, width);
  const texts: string[] = [];
  return (row) => {
    const code = packedAt(reader.view, codes, width, row);
    if (code >= size) return undefined;
    texts[code] ??= entries.cell(code);
    return texts[code];
  };
}
