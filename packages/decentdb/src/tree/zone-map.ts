/**
 * What is known of a column's values in a leaf without decoding it: enough to skip leaves a filter cannot match.
 *
 * I1  Every present value lies in [min, max]; the ends themselves need not occur.
 * I2  Numeric zones are in units of 10^-scale.
 */
import { Physical } from '../types/vector.ts';
import type { ByteReader } from './byte-reader.ts';
import { readHead } from './column-decoder.ts';
import { Encoding } from './encoding.ts';
import { POWERS_OF_TEN, WHOLE_MAX } from './float-column.ts';
import { IntBody, IntForm } from './int-body.ts';
import { IntColumn } from './int-column.ts';
import type { TreeNode } from './tree-node.ts';

export interface Zone {
  readonly min: number;
  readonly max: number;
  /** Of a numeric column, else 0. */
  readonly scale: number;
  readonly hasNulls: boolean;
  /** No value at all; min > max then. */
  readonly isAllNull: boolean;
}

const ALL_NULL: Zone = {
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  scale: 0,
  hasNulls: true,
  isAllNull: true,
};

/** As {@link zoneOf}, remembered for committed leaves: the same answer costs nothing the next time. */
export function leafZone(leaf: TreeNode, column: number): Zone | null {
  if (leaf.isPrivate) return zoneOf(leaf, column);
  leaf.zones ??= new Array<Zone | null | undefined>(leaf.columnCount).fill(undefined);
  let zone = leaf.zones[column];
  if (zone === undefined) {
    zone = zoneOf(leaf, column);
    leaf.zones[column] = zone;
  }
  return zone;
}

/** The zone of a column of numbers (bool as 0 and 1), or null where nothing is known cheaply. */
export function zoneOf(leaf: TreeNode, column: number): Zone | null {
  if (leaf.count === 0) return null;
  if (!leaf.hasBytes(column)) return zoneInMemory(leaf, column);
  const reader = leaf.reader(column);
  const spec = leaf.specs[column]!;
  const head = readHead(reader, spec, leaf.count);
  const hasNulls = head.nulls !== null;
  switch (head.encoding) {
    case Encoding.allNull:
      return ALL_NULL;
    case Encoding.ints:
      return zoneOfBody(reader, leaf.count, 1, 0, hasNulls);
    case Encoding.scaledDoubles:
    case Encoding.scaledSingles: {
      const power = POWERS_OF_TEN[reader.u8()];
      if (power === undefined) return null;
      const zone = zoneOfBody(reader, leaf.count, power, 0, hasNulls);
      if (zone === null || !isOfQuotients(zone, power)) return null;
      if (head.encoding === Encoding.scaledDoubles) return zone;
      // Rounding to four bytes keeps order, so the ends are rounded the same way.
      return { ...zone, min: Math.fround(zone.min), max: Math.fround(zone.max) };
    }
    case Encoding.scaledNumeric:
      return zoneOfBody(reader, leaf.count, 1, reader.unsigned(), hasNulls);
    default:
      return null;
  }
}

/** False of integers of early builds that are larger than dividing is exact for: ends are then not those of the values. */
function isOfQuotients(zone: Zone, power: number): boolean {
  return zone.max * power <= WHOLE_MAX && zone.min * power >= -WHOLE_MAX;
}

function zoneOfBody(
  reader: ByteReader,
  count: number,
  power: number,
  scale: number,
  hasNulls: boolean,
): Zone | null {
  const body = new IntBody(reader, count);
  let min: number;
  let max: number;
  if (body.form === IntForm.packed) {
    min = body.base;
    max = body.base + 2 ** body.width - 1;
  } else if (body.form === IntForm.dictionary) {
    min = body.dictionary![0]!;
    max = body.dictionary![body.dictionary!.length - 1]!;
  } else if (body.form === IntForm.delta && body.isRandomAccess) {
    min = Math.min(body.at(0), body.at(count - 1));
    max = Math.max(body.at(0), body.at(count - 1));
  } else return null;
  return { min: min / power, max: max / power, scale, hasNulls, isAllNull: false };
}

/** Columns that were changed keep their extremes for their encoding; those of others are not looked up. */
function zoneInMemory(leaf: TreeNode, index: number): Zone | null {
  const column = leaf.column(index);
  if (column.nullCount === leaf.count) return ALL_NULL;
  if (!(column instanceof IntColumn) || column.isBig || column.physical === Physical.bool) return null;
  const { min, max } = column.sizer;
  return min > max ? null : { min, max, scale: 0, hasNulls: column.nullCount > 0, isAllNull: false };
}
