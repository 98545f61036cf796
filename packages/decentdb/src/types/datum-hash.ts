/**
 * PostgreSQL's hash of a value, by its type: what decides which partition of PARTITION BY HASH a row belongs to.
 *
 * I1  Equal values of a type have the same hash, and it is PostgreSQL's: rows its dumps put in a partition belong there. Values of
 *     enums alone are hashed by their label (PostgreSQL: by a number that no dump keeps).
 * I2  A type without such a hash has none here.
 */
import { DecentDbError } from '../base/errors.ts';
import type { SqlArray } from './array.ts';
import type { TimeWithZone } from './date-time-types.ts';
import type { Decimal } from './decimal.ts';
import { addTo, chainHash, combineHash, Hash64, hashBytes, hashWord, rotateHalves } from './hash64.ts';
import type { Interval } from './interval.ts';
import type { Jsonb, JsonNode } from './json.ts';
import type { SqlMultirange } from './multirange.ts';
import type { NetworkAddress } from './network-types.ts';
import { Oid } from './oids.ts';
import type { SqlRange } from './range.ts';
import { defaultTypeSettings, type SqlType } from './sql-type.ts';
import { type Datum, Physical } from './vector.ts';

/** Puts the hash of a value that is not NULL in `into`. */
export type DatumHasher = (into: Hash64, value: Datum, seed: Hash64) => void;

const encoder = new TextEncoder();
let scratch: Uint8Array = new Uint8Array(256);

function scratchOf(length: number): Uint8Array {
  if (scratch.length < length) scratch = new Uint8Array(length * 2);
  return scratch;
}

function hashText(into: Hash64, text: string, seed: Hash64): void {
  const bytes = scratchOf(text.length * 3);
  let length = 0;
  for (; length < text.length; length++) {
    const unit = text.charCodeAt(length);
    if (unit >= 0x80) break;
    bytes[length] = unit;
  }
  if (length < text.length) length = encoder.encodeInto(text, bytes).written;
  hashBytes(into, bytes, length, seed);
}

/** Numbers of 64 bits, so that small ones hash as those of 32 bits do. */
function hashInt64(into: Hash64, value: number | bigint, seed: Hash64): void {
  let [high, low] = [0, 0];
  if (typeof value === 'number') {
    high = Math.floor(value / 0x100000000);
    low = value - high * 0x100000000;
  } else {
    high = Number(value >> 32n);
    low = Number(value & 0xffffffffn);
  }
  hashWord(into, (low ^ (high < 0 ? ~high : high)) | 0, seed);
}

/** Integers that are compared with such numbers may be wider. */
function hashInt32(into: Hash64, value: number | bigint, seed: Hash64): void {
  if (typeof value === 'number' && value === (value | 0)) hashWord(into, value, seed);
  else hashInt64(into, value, seed);
}

function hashHex(into: Hash64, hex: string, seed: Hash64): void {
  const count = hex.length >> 1;
  const bytes = scratchOf(count);
  for (let i = 0; i < count; i++) bytes[i] = Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16);
  hashBytes(into, bytes, count, seed);
}

const double = new DataView(new ArrayBuffer(8));

function hashFloat(into: Hash64, value: number, seed: Hash64): void {
  into.high = seed.high;
  into.low = seed.low;
  // Zeros of both signs.
  if (value === 0) return;
  double.setFloat64(0, Number.isNaN(value) ? Number.NaN : value, true);
  hashBytes(into, new Uint8Array(double.buffer), 8, seed);
}

/** Digits to the base of 10000 without zeros at the ends, and the power of the first. */
function hashNumeric(into: Hash64, { coefficient, scale }: Decimal, seed: Hash64): void {
  into.high = seed.high;
  into.low = seed.low;
  if (typeof coefficient === 'number' && !Number.isFinite(coefficient)) return;
  if (coefficient === 0) {
    addTo(into, 0xffffffff, 0xffffffff);
    return;
  }
  const fraction = Math.ceil(scale / 4);
  const text = String(coefficient).replace('-', '') + '0'.repeat(fraction * 4 - scale);
  const digits = text.padStart(Math.ceil(text.length / 4) * 4, '0');
  let first = 0;
  let end = digits.length / 4;
  const digitAt = (i: number): number => Number(digits.slice(i * 4, i * 4 + 4));
  while (digitAt(first) === 0) first++;
  while (digitAt(end - 1) === 0) end--;
  const bytes = scratchOf((end - first) * 2);
  for (let i = first; i < end; i++) {
    const digit = digitAt(i);
    bytes[(i - first) * 2] = digit & 0xff;
    bytes[(i - first) * 2 + 1] = digit >> 8;
  }
  const weight = digits.length / 4 - fraction - 1 - first;
  hashBytes(into, bytes, (end - first) * 2, seed);
  if (weight < 0) into.high = ~into.high >>> 0;
  into.low = (into.low ^ weight) >>> 0;
}

function hashTimetz(into: Hash64, { micros, offset }: TimeWithZone, seed: Hash64): void {
  const zone = new Hash64(0, 0);
  // Offsets are east of Greenwich here, and west of it there.
  hashWord(zone, -offset | 0, seed);
  hashInt64(into, micros, seed);
  into.high = (into.high ^ zone.high) >>> 0;
  into.low = (into.low ^ zone.low) >>> 0;
}

function hashNetwork(into: Hash64, value: NetworkAddress, seed: Hash64): void {
  const head = value.family === 4 ? '02' : '03';
  const prefix = value.prefix.toString(16).padStart(2, '0');
  hashHex(into, head + prefix + value.address.toString(16).padStart(value.width / 4, '0'), seed);
}

function elementsHasher(element: DatumHasher): DatumHasher {
  return (into, value, seed) => {
    const one = new Hash64(0, 0);
    into.high = 0;
    into.low = 1;
    for (const item of (value as SqlArray).elements) {
      one.high = 0;
      one.low = 0;
      if (item !== null) element(one, item, seed);
      chainHash(into, one.high, one.low);
    }
  };
}

/** Rows are the values of their fields. */
function fieldsHasher(fields: readonly DatumHasher[]): DatumHasher {
  return (into, value, seed) => {
    const one = new Hash64(0, 0);
    into.high = 0;
    into.low = 0;
    for (const [i, item] of (value as readonly Datum[]).entries()) {
      one.high = 0;
      one.low = 0;
      if (item !== null) fields[i]?.(one, item, seed);
      chainHash(into, one.high, one.low);
    }
  };
}

/** PostgreSQL's flags of a range. */
const RANGE = { empty: 1, lowerIn: 2, upperIn: 4, lowerOpen: 8, upperOpen: 16 } as const;

function flagsOf(range: SqlRange): number {
  if (range.isEmpty) return RANGE.empty;
  return (
    (range.isLowerInclusive ? RANGE.lowerIn : 0) |
    (range.isUpperInclusive ? RANGE.upperIn : 0) |
    (range.lower === null ? RANGE.lowerOpen : 0) |
    (range.upper === null ? RANGE.upperOpen : 0)
  );
}

function rangeHasher(subtype: DatumHasher): (into: Hash64, range: SqlRange, seed: Hash64) => void {
  return (into, range, seed) => {
    const bound = new Hash64(0, 0);
    const fold = (value: Datum): void => {
      if (value === null) return;
      subtype(bound, value, seed);
      into.high = (into.high ^ bound.high) >>> 0;
      into.low = (into.low ^ bound.low) >>> 0;
    };
    hashWord(into, flagsOf(range), seed);
    fold(range.isEmpty ? null : range.lower);
    rotateHalves(into);
    fold(range.isEmpty ? null : range.upper);
  };
}

function multirangeHasher(range: ReturnType<typeof rangeHasher>): DatumHasher {
  return (into, value, seed) => {
    const one = new Hash64(0, 0);
    into.high = 0;
    into.low = 1;
    for (const item of (value as SqlMultirange).ranges) {
      range(one, item, seed);
      chainHash(into, one.high, one.low);
    }
  };
}

/** Marks of jsonb's arrays and objects, as PostgreSQL folds them in. */
const JSON_ARRAY = 0x40000000;
const JSON_OBJECT = 0x20000000;

function hashJson(into: Hash64, node: JsonNode, seed: Hash64): void {
  const mark = Array.isArray(node) ? JSON_ARRAY : node instanceof Map ? JSON_OBJECT : 0;
  if (mark === 0) {
    foldJson(into, node as JsonScalar, seed);
    return;
  }
  into.high = (into.high ^ mark) >>> 0;
  into.low = (into.low ^ mark) >>> 0;
  if (Array.isArray(node)) for (const item of node) hashJson(into, item, seed);
  if (!(node instanceof Map)) return;
  for (const [key, item] of node) {
    foldJson(into, key, seed);
    hashJson(into, item, seed);
  }
}

type JsonScalar = null | boolean | string | Decimal;

function foldJson(into: Hash64, value: JsonScalar, seed: Hash64): void {
  const one = new Hash64(seed.high, seed.low);
  if (value === null) addTo(one, 0, 1);
  else if (typeof value === 'string') hashText(one, value, seed);
  else if (typeof value !== 'boolean') hashNumeric(one, value, seed);
  else if (seed.high === 0 && seed.low === 0) one.low = value ? 2 : 4;
  else hashWord(one, value ? 1 : 0, seed);
  rotateHalves(into);
  into.high = (into.high ^ one.high) >>> 0;
  into.low = (into.low ^ one.low) >>> 0;
}

function jsonbHash(into: Hash64, value: Datum, seed: Hash64): void {
  const { node } = value as Jsonb;
  const isEmpty = Array.isArray(node) ? node.length === 0 : node instanceof Map && node.size === 0;
  into.high = isEmpty ? seed.high : 0;
  into.low = isEmpty ? seed.low : 0;
  if (isEmpty) return;
  // A scalar alone is kept as an array of one.
  hashJson(into, Array.isArray(node) || node instanceof Map ? node : [node], seed);
}

const hexadecimal = (hex: string): bigint => BigInt.asIntN(64, BigInt(`0x${hex}`));

const BY_OID: Readonly<Record<number, DatumHasher>> = {
  [Oid.interval]: (into, value, seed) => hashInt64(into, (value as Interval).totalMicros, seed),
  [Oid.timetz]: (into, value, seed) => hashTimetz(into, value as TimeWithZone, seed),
  [Oid.bpchar]: (into, value, seed) => hashText(into, (value as string).replace(/ +$/, ''), seed),
  [Oid.char]: (into, value, seed) => hashWord(into, (value as string).charCodeAt(0) || 0, seed),
  [Oid.inet]: (into, value, seed) => hashNetwork(into, value as NetworkAddress, seed),
  [Oid.cidr]: (into, value, seed) => hashNetwork(into, value as NetworkAddress, seed),
  [Oid.macaddr]: (into, value, seed) => hashHex(into, value as string, seed),
  [Oid.macaddr8]: (into, value, seed) => hashHex(into, value as string, seed),
  [Oid.pgLsn]: (into, value, seed) => hashInt64(into, hexadecimal(value as string), seed),
  [Oid.xid8]: (into, value, seed) => hashInt64(into, hexadecimal(value as string), seed),
  [Oid.uuid]: (into, value, seed) => hashHex(into, (value as string).replaceAll('-', ''), seed),
  [Oid.jsonb]: jsonbHash,
};

/** Types that PostgreSQL's access method hash has no operators for, or (tid) that are kept in another form. */
const NONE: ReadonlySet<number> = new Set<number>([
  ...[Oid.json, Oid.xml, Oid.money, Oid.tid, Oid.bit, Oid.varbit, Oid.refcursor, Oid.unknown, Oid.cstring],
]);

const BY_PHYSICAL: Readonly<Partial<Record<Physical, DatumHasher>>> = {
  [Physical.bool]: (into, value, seed) => hashWord(into, value === true ? 1 : 0, seed),
  [Physical.int32]: (into, value, seed) => hashInt32(into, value as number | bigint, seed),
  [Physical.int64]: (into, value, seed) => hashInt64(into, value as number | bigint, seed),
  [Physical.float64]: (into, value, seed) => hashFloat(into, value as number, seed),
  [Physical.text]: (into, value, seed) => hashText(into, value as string, seed),
  [Physical.bytes]: (into, value, seed) =>
    hashBytes(into, value as Uint8Array, (value as Uint8Array).length, seed),
  [Physical.numeric]: (into, value, seed) => hashNumeric(into, value as Decimal, seed),
};

/** The hash of values of a type; null when it has none. */
export function datumHasher(type: SqlType): DatumHasher | null {
  if (type.baseType !== null) return datumHasher(type.baseType);
  if (type.kind === 'enum')
    return (into, value, seed) => hashText(into, type.output(value, defaultTypeSettings), seed);
  const known = BY_OID[type.oid];
  if (known !== undefined) return known;
  if (NONE.has(type.oid)) return null;
  if (type.elementType !== null && type.kind === 'array') {
    const element = datumHasher(type.elementType);
    return element === null ? null : elementsHasher(element);
  }
  if (type.rangeSubtype !== null) {
    const range = subtypeHasher(type);
    return range === null ? null : (into, value, seed) => range(into, value as SqlRange, seed);
  }
  if (type.multirangeOf !== null) {
    const range = subtypeHasher(type.multirangeOf);
    return range === null ? null : multirangeHasher(range);
  }
  if (type.fields !== null) {
    const fields = type.fields.map((field) => datumHasher(field.type));
    return fields.includes(null) ? null : fieldsHasher(fields as DatumHasher[]);
  }
  return BY_PHYSICAL[type.physical] ?? null;
}

function subtypeHasher(range: SqlType): ReturnType<typeof rangeHasher> | null {
  const subtype = range.rangeSubtype === null ? null : datumHasher(range.rangeSubtype);
  return subtype === null ? null : rangeHasher(subtype);
}

/** Whether values of the one type consist of values of the other, or are them. */
export function consistsOf(type: SqlType, oid: number): boolean {
  const parts = [type.baseType, type.elementType, type.rangeSubtype, type.multirangeOf];
  const fields = type.fields?.map((field) => field.type) ?? [];
  return type.oid === oid || [...parts, ...fields].some((part) => part !== null && consistsOf(part, oid));
}

/** What PostgreSQL hashes keys of partitions with. */
const PARTITION_SEED: Hash64 = new Hash64(0x7a5b2236, 0x7996dcfd);

/** Hashes the values of one row's key, which start at `from`; NULLs say nothing. */
export type KeyHasher = (into: Hash64, key: readonly Datum[], from: number) => void;

export function keyHasher(types: readonly SqlType[]): KeyHasher {
  const hashers = types.map((type) => {
    const hasher = datumHasher(type);
    if (hasher === null)
      throw new DecentDbError('42883', `could not identify a hash function for type ${type.sqlName(-1)}`);
    return hasher;
  });
  const one = new Hash64(0, 0);
  return (into, key, from) => {
    into.high = 0;
    into.low = 0;
    for (let i = 0; i < hashers.length; i++) {
      const value = key[from + i] ?? null;
      if (value === null) continue;
      hashers[i]!(one, value, PARTITION_SEED);
      combineHash(into, one);
    }
  };
}
