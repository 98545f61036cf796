/**
 * Runs of stored values with other values in one place: everything before and behind it is copied, bit by bit where it moves.
 *
 * I1  What lies behind the last value of a packed run, up to a whole byte, is zero.
 */
import type { Splice } from './block-splice.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { PACKED_BITS_MAX, packedAt, packedBytes, writePacked } from './packed-ints.ts';

let scratch: Float64Array = new Float64Array(0);

/** Writes a packed run: the first `before` values of the one at `offset`, `added` codes, its last `after` ones. */
export function spliceRun(
  writer: ByteWriter,
  old: ByteReader,
  offset: number,
  oldCount: number,
  before: number,
  after: number,
  codes: Float64Array,
  added: number,
  width: number,
): void {
  if (width === 0) return;
  const { bytes } = old;
  if (width > PACKED_BITS_MAX) {
    const size = width >>> 3;
    writer.copy(bytes.subarray(offset, offset + before * size));
    writePacked(writer, codes, 0, added, 0, width, null);
    writer.copy(bytes.subarray(offset + (oldCount - after) * size, offset + oldCount * size));
    return;
  }
  // Eight values end at a byte: the values between two such places are written one by one.
  const kept = before & 7;
  const filling = Math.min(after, -(before + added) & 7);
  if (kept + added + filling > scratch.length) scratch = new Float64Array(2 * (kept + added + filling));
  writer.copy(bytes.subarray(offset, offset + (before >>> 3) * width));
  for (let i = 0; i < kept; i++) scratch[i] = packedAt(old.view, offset, width, before - kept + i);
  for (let i = 0; i < added; i++) scratch[kept + i] = codes[i]!;
  const behind = oldCount - after;
  for (let i = 0; i < filling; i++) scratch[kept + added + i] = packedAt(old.view, offset, width, behind + i);
  writePacked(writer, scratch, 0, kept + added + filling, 0, width, null);
  const from = behind + filling;
  copyBits(writer, old, 8 * offset + from * width, (oldCount - from) * width);
}

/** Copies bits to where the writer stands, at a whole byte. */
function copyBits(writer: ByteWriter, old: ByteReader, fromBit: number, bitCount: number): void {
  const shift = fromBit & 7;
  let from = Math.floor(fromBit / 8);
  const length = (bitCount + 7) >>> 3;
  if (shift === 0 || length === 0) {
    writer.copy(old.bytes.subarray(from, from + length));
    return;
  }
  if (writer.trace !== null) writer.trace.noteBits(8 * writer.at, old.view, fromBit, bitCount);
  const { bytes, at } = writer;
  const end = at + length;
  writer.at = end;
  if (end > bytes.length) return;
  const target = writer.view;
  const { view } = old;
  let to = at;
  if (to + 4 < end) {
    let low = view.getInt32(from, true);
    // The last four bytes and what is behind them are taken byte by byte: a word more may be the page's no more.
    for (; to + 8 < end; to += 4) {
      from += 4;
      const next = view.getInt32(from, true);
      target.setInt32(to, (low >>> shift) | (next << (32 - shift)), true);
      low = next;
    }
  }
  for (; to < end; to++, from++)
    bytes[to] = (view.getUint8(from) >>> shift) | (view.getUint8(from + 1) << (8 - shift));
  // I1: the last bits taken may be another column's.
  if ((bitCount & 7) !== 0) bytes[end - 1]! &= (1 << (bitCount & 7)) - 1;
}

/** Values of a fixed number of whole bytes; `added` holds the new ones. */
export function spliceWidth(
  writer: ByteWriter,
  old: ByteReader,
  added: Uint8Array,
  size: number,
  { oldCount, before, after }: Splice,
): void {
  const offset = old.take(oldCount * size);
  writer.copy(old.bytes.subarray(offset, offset + before * size));
  writer.copy(added);
  writer.copy(old.bytes.subarray(offset + (oldCount - after) * size, offset + oldCount * size));
}

/** Where the exceptions of a delta body are cut. */
interface Exceptions {
  /** Those before the place end here. */
  beforeEnd: number;
  beforeCount: number;
  lastBefore: number;
  /** The row of the first one behind the place, and where its delta stands. */
  firstBehind: number;
  behindAt: number;
  behindCount: number;
}

/**
 * The rest of a delta body, the last of its block, whose form is read and written. `values` has the row before the new ones, the new
 * ones and the row behind them. False when the new deltas do not fit in with the others.
 */
export function spliceDeltas(
  writer: ByteWriter,
  old: ByteReader,
  values: Float64Array,
  splice: Splice,
): boolean {
  const { oldCount, before, after, count } = splice;
  const base = old.signed();
  const step = old.signed();
  const width = old.u8();
  const exceptions = cutExceptions(old, old.unsigned(), splice);
  const offset = old.end - packedBytes(oldCount - 1, width);
  // New deltas: from the first row that is new, or has another row before it, on; the row behind the new ones has one too.
  const first = Math.max(before, 1);
  const end = Math.min(count - after + 1, count);
  const added = Math.max(end - first, 0);
  const limit = 2 ** width;
  const rests = new Float64Array(added);
  const rows: number[] = [];
  for (let i = 0; i < added; i++) {
    const at = first + i - before + 1;
    const delta = values[at]! - values[at - 1]!;
    if (!Number.isSafeInteger(delta)) return false;
    const rest = delta - step;
    if (rest >= 0 && rest < limit) rests[i] = rest;
    else rows.push(first + i);
  }
  writer.signed(before > 0 ? base : values[1]!);
  writer.signed(step);
  writer.u8(width);
  writer.unsigned(exceptions.beforeCount + rows.length + exceptions.behindCount);
  writer.copy(old.bytes.subarray(old.at, exceptions.beforeEnd));
  let last = exceptions.lastBefore;
  for (const row of rows) {
    writer.unsigned(row - last);
    writer.signed(values[row - before + 1]! - values[row - before]!);
    last = row;
  }
  if (exceptions.behindCount > 0) {
    writer.unsigned(exceptions.firstBehind + count - oldCount - last);
    writer.copy(old.bytes.subarray(exceptions.behindAt, offset));
  }
  const keptBefore = Math.max(before - 1, 0);
  const keptBehind = Math.max(after - 1, 0);
  spliceRun(writer, old, offset, oldCount - 1, keptBefore, keptBehind, rests, added, width);
  return true;
}

/** Leaves the reader where the exceptions begin. */
function cutExceptions(
  old: ByteReader,
  exceptionCount: number,
  { oldCount, before, after }: Splice,
): Exceptions {
  const begin = old.at;
  const cut: Exceptions = {
    beforeEnd: begin,
    beforeCount: 0,
    lastBefore: 0,
    firstBehind: 0,
    behindAt: 0,
    behindCount: 0,
  };
  let row = 0;
  for (let i = 0; i < exceptionCount; i++) {
    row += old.unsigned();
    if (after > 0 && row > oldCount - after) {
      cut.firstBehind = row;
      cut.behindAt = old.at;
      cut.behindCount = exceptionCount - i;
      break;
    }
    old.signed();
    if (row >= before) continue;
    cut.beforeEnd = old.at;
    cut.beforeCount++;
    cut.lastBefore = row;
  }
  old.at = begin;
  return cut;
}
