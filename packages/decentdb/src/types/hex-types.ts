/**
 * Types whose values are a fixed number of bits: macaddr, macaddr8, pg_lsn, xid8, tid.
 *
 * I1  A datum is the value in hexadecimal of fixed width, lower case: its order as text is the order of the type.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid } from './oids.ts';
import { defineType, hashText, invalidInput, Physical, type SqlType } from './sql-type.ts';
import { compareText } from './text-order.ts';

interface HexSpec {
  readonly oid: number;
  readonly name: string;
  readonly category: string;
  /** Hexadecimal of the text, or null when it is no value. */
  readonly parse: (text: string) => string | null;
  readonly format: (hex: string) => string;
}

function defineHex({ oid, name, category, parse, format }: HexSpec): SqlType {
  return defineType({
    oid,
    name,
    sqlName: name,
    category,
    physical: Physical.text,
    input: (text) => {
      const hex = parse(text);
      if (hex === null) throw invalidInput(name, text);
      return hex;
    },
    output: format,
    compare: compareText,
    equals: Object.is,
    hash: hashText,
    toJs: format,
  });
}

const colons = (hex: string): string => hex.replace(/..(?=.)/g, '$&:');

/** Six octets: colons or hyphens between octets or halves, dots between double octets, or nothing. */
function parseMac(text: string): string | null {
  const source = text.trim().toLowerCase();
  const octets = /^([0-9a-f]{1,2})([:-])([0-9a-f]{1,2})(?:\2([0-9a-f]{1,2})){4}$/.test(source)
    ? source.split(/[:-]/)
    : null;
  if (octets !== null) return octets.map((octet) => octet.padStart(2, '0')).join('');
  const isOther =
    /^[0-9a-f]{6}[:-][0-9a-f]{6}$/.test(source) ||
    /^[0-9a-f]{4}([.-])[0-9a-f]{4}\1[0-9a-f]{4}$/.test(source) ||
    /^[0-9a-f]{12}$/.test(source);
  if (isOther) return source.replace(/[^0-9a-f]/g, '');
  // Octets of more digits than fit are refused as out of range.
  if (/^[0-9a-f]+(:[0-9a-f]+){5}$/.test(source))
    throw new DecentDbError('22003', `invalid octet value in "macaddr" value: "${text}"`);
  return null;
}

/** Eight octets, or six with ff:fe put in the middle. */
function parseMac8(text: string): string | null {
  const source = text.trim().toLowerCase();
  const match = /^[0-9a-f]{2}(?:([:.-]?)[0-9a-f]{2})*$/.test(source)
    ? source.replace(/[^0-9a-f]/g, '')
    : null;
  const separators = new Set(source.replace(/[0-9a-f]/g, ''));
  if (match === null || separators.size > 1) return null;
  if (match.length === 12) return `${match.slice(0, 6)}fffe${match.slice(6)}`;
  return match.length === 16 ? match : null;
}

function parseLsn(text: string): string | null {
  const match = /^([0-9a-fA-F]{1,8})\/([0-9a-fA-F]{1,8})$/.exec(text);
  return match === null
    ? null
    : match[1]!.toLowerCase().padStart(8, '0') + match[2]!.toLowerCase().padStart(8, '0');
}

function formatLsn(hex: string): string {
  const part = (from: number): string =>
    Number.parseInt(hex.slice(from, from + 8), 16)
      .toString(16)
      .toUpperCase();
  return `${part(0)}/${part(8)}`;
}

function parseXid8(text: string): string | null {
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)\s*$/.exec(text);
  if (match === null) return null;
  const digits = match[2]!;
  const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (magnitude >= 1n << 64n)
    throw new DecentDbError('22003', `value "${text}" is out of range for type xid8`);
  return BigInt.asUintN(64, match[1] === '-' ? -magnitude : magnitude)
    .toString(16)
    .padStart(16, '0');
}

function parseTid(text: string): string | null {
  const match = /^\s*\(\s*([+-]?\d+)\s*,\s*([+-]?\d+)\s*\)/.exec(text);
  if (match === null) return null;
  const [block, item] = [BigInt(match[1]!), BigInt(match[2]!)];
  if (block > 0xffffffffn || block < -0x80000000n || item < 0n || item > 0xffffn) return null;
  return BigInt.asUintN(32, block).toString(16).padStart(8, '0') + item.toString(16).padStart(4, '0');
}

const formatTid = (hex: string): string =>
  `(${Number.parseInt(hex.slice(0, 8), 16)},${Number.parseInt(hex.slice(8), 16)})`;

export const macaddrType: SqlType = defineHex({
  oid: Oid.macaddr,
  name: 'macaddr',
  category: 'U',
  parse: parseMac,
  format: colons,
});
export const macaddr8Type: SqlType = defineHex({
  oid: Oid.macaddr8,
  name: 'macaddr8',
  category: 'U',
  parse: parseMac8,
  format: colons,
});
export const pgLsnType: SqlType = defineHex({
  oid: Oid.pgLsn,
  name: 'pg_lsn',
  category: 'U',
  parse: parseLsn,
  format: formatLsn,
});
export const xid8Type: SqlType = defineHex({
  oid: Oid.xid8,
  name: 'xid8',
  category: 'U',
  parse: parseXid8,
  format: (hex) => BigInt(`0x${hex}`).toString(),
});
export const tidType: SqlType = defineHex({
  oid: Oid.tid,
  name: 'tid',
  category: 'U',
  parse: parseTid,
  format: formatTid,
});
