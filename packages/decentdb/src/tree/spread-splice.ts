/**
 * The block of an integer column that changed in many places, made from the block before: pieces of rows that stayed are copied bit
 * by bit, new values go between them at the same base and width. Entries of an index come so: a few dozen, all over a leaf of
 * thousands.
 *
 * I1, I2  As block-splice.ts.
 */

import { BitRun } from './bit-run.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Column } from './column.ts';
import { Encoding } from './encoding.ts';
import { IntBody, IntForm } from './int-body.ts';
import { IntColumn } from './int-column.ts';
import type { KeptRows } from './kept-rows.ts';
import { ROWS_MAX } from './node-schema.ts';
import { type IntArray, packedBytes } from './packed-ints.ts';

/** Exceptions of a delta body, as they will be: rows and deltas. */
const exceptionRows = new Int32Array(ROWS_MAX);
const exceptionDeltas = new Float64Array(ROWS_MAX);
/** The same of the old body. */
const oldRows = new Int32Array(ROWS_MAX);
const oldDeltas = new Float64Array(ROWS_MAX);

/** As `spliceBlock`: false, and nothing written, when the old form does not take the new rows. */
export function spliceSpread(
  writer: ByteWriter,
  old: ByteReader,
  column: Column,
  kept: KeptRows,
  oldCount: number,
  count: number,
): boolean {
  if (!(column instanceof IntColumn) || column.isBig || column.nullCount > 0) return false;
  if (column.wantsCloseLook(count)) return false;
  const begin = writer.at;
  // No NULLs, no large values.
  if (old.u8() !== Encoding.ints) return false;
  const body = new IntBody(old, oldCount);
  column.writeHead(writer, Encoding.ints, count);
  const values = column.values as IntArray;
  const isWritten =
    body.form === IntForm.packed
      ? splicePacked(writer, body, values, kept, count)
      : body.form === IntForm.delta && spliceDeltas(writer, body, values, kept, count);
  if (isWritten && writer.at - begin <= column.bound(count)) return true;
  writer.rewind(begin);
  return false;
}

function splicePacked(
  writer: ByteWriter,
  { base, width, offset, reader }: IntBody,
  values: IntArray,
  kept: KeptRows,
  count: number,
): boolean {
  // Distances beyond 2^53 are not exact.
  const limit = Math.min(2 ** width, 2 ** 53);
  writer.u8(IntForm.packed);
  writer.signed(base);
  writer.u8(width);
  if (writer.at + packedBytes(count, width) > writer.bytes.length) return false;
  const run = new BitRun(writer.view, writer.at, writer.trace);
  let row = 0;
  for (let i = 0; i <= kept.count; i++) {
    const next = i < kept.count ? kept.newFrom[i]! : count;
    for (; row < next; row++) {
      const code = values[row]! - base;
      if (!(code >= 0 && code < limit)) return false;
      run.put(code, width);
    }
    if (i === kept.count) break;
    run.copy(reader.view, 8 * offset + kept.oldFrom[i]! * width, kept.length[i]! * width);
    row += kept.length[i]!;
  }
  writer.at = run.finish();
  return true;
}

/** A row has a delta of its own where it is new, or another row is before it. */
function spliceDeltas(
  writer: ByteWriter,
  body: IntBody,
  values: IntArray,
  kept: KeptRows,
  count: number,
): boolean {
  const { base, step, width } = body;
  const exceptionCount = exceptionsOf(body, values, kept, count);
  if (exceptionCount < 0) return false;
  const isFirstKept = kept.count > 0 && kept.newFrom[0] === 0 && kept.oldFrom[0] === 0;
  writer.u8(IntForm.delta);
  writer.signed(isFirstKept ? base : values[0]!);
  writer.signed(step);
  writer.u8(width);
  writer.unsigned(exceptionCount);
  let last = 0;
  for (let i = 0; i < exceptionCount; i++) {
    writer.unsigned(exceptionRows[i]! - last);
    writer.signed(exceptionDeltas[i]!);
    last = exceptionRows[i]!;
  }
  if (width === 0) return true;
  if (writer.at + packedBytes(count - 1, width) > writer.bytes.length) return false;
  const run = new BitRun(writer.view, writer.at, writer.trace);
  const limit = 2 ** width;
  let row = 1;
  for (let i = 0; i <= kept.count; i++) {
    // The first row of a piece has another one before it.
    const next = i < kept.count ? Math.min(kept.newFrom[i]! + 1, count) : count;
    for (; row < next; row++) {
      const rest = values[row]! - values[row - 1]! - step;
      run.put(rest >= 0 && rest < limit ? rest : 0, width);
    }
    if (i === kept.count || kept.length[i]! < 2) continue;
    run.copy(body.reader.view, 8 * body.offset + kept.oldFrom[i]! * width, (kept.length[i]! - 1) * width);
    row = kept.newFrom[i]! + kept.length[i]!;
  }
  writer.at = run.finish();
  return true;
}

/** Fills `exceptionRows` and `exceptionDeltas`; -1 when a delta cannot be stored. */
function exceptionsOf(body: IntBody, values: IntArray, kept: KeptRows, count: number): number {
  const { step, width } = body;
  const limit = 2 ** width;
  const oldExceptions = body.readExceptions(oldRows, oldDeltas);
  let found = 0;
  let next = 0;
  let row = 1;
  for (let i = 0; i <= kept.count; i++) {
    const start = i < kept.count ? kept.newFrom[i]! : count;
    for (const end = Math.min(start + 1, count); row < end; row++) {
      const delta = values[row]! - values[row - 1]!;
      if (!Number.isSafeInteger(delta)) return -1;
      if (delta - step >= 0 && delta - step < limit) continue;
      exceptionRows[found] = row;
      exceptionDeltas[found++] = delta;
    }
    if (i === kept.count) break;
    const oldStart = kept.oldFrom[i]!;
    const oldEnd = oldStart + kept.length[i]!;
    while (next < oldExceptions && oldRows[next]! <= oldStart) next++;
    for (; next < oldExceptions && oldRows[next]! < oldEnd; next++) {
      exceptionRows[found] = oldRows[next]! - oldStart + start;
      exceptionDeltas[found++] = oldDeltas[next]!;
    }
    row = Math.max(row, start + kept.length[i]!);
  }
  return found;
}
