/**
 * Functions on bytea, encodings and hashes.
 */
import { DecentDbError } from '../base/errors.ts';
import { fromEscaped, fromHex, toEscaped, toHex } from '../types/bytea-type.ts';
import { Oid as T } from '../types/oids.ts';
import { fn, op, overloads } from './define.ts';
import type { ScalarFunction } from './function.ts';
import { crc32, crc32c, md5, sha224, sha256, sha384, sha512 } from './hashes.ts';
import { inlineHelpers as h } from './inline-kernel.ts';

const { bytea, text, int4, int8 } = T;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Base64 with a line break after 76 characters, as PostgreSQL writes it. */
function toBase64(bytes: Uint8Array): string {
  let result = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    if (i > 0 && i % 57 === 0) result += '\n';
    result += BASE64[group >> 18]! + BASE64[(group >> 12) & 63]!;
    result += i + 1 < bytes.length ? BASE64[(group >> 6) & 63]! : '=';
    result += i + 2 < bytes.length ? BASE64[group & 63]! : '=';
  }
  return result;
}

function fromBase64(source: string): Uint8Array {
  const bytes: number[] = [];
  let group = 0;
  let count = 0;
  let padding = 0;
  for (const char of source) {
    if (/\s/.test(char)) continue;
    if (char === '=') {
      padding++;
      group <<= 6;
    } else {
      const value = BASE64.indexOf(char);
      if (value < 0)
        throw new DecentDbError('22023', `invalid symbol "${char}" found while decoding base64 sequence`);
      if (padding > 0) throw new DecentDbError('22023', 'unexpected "=" while decoding base64 sequence');
      group = (group << 6) | value;
    }
    if (++count === 4) {
      bytes.push((group >> 16) & 255);
      if (padding < 2) bytes.push((group >> 8) & 255);
      if (padding < 1) bytes.push(group & 255);
      group = 0;
      count = 0;
    }
  }
  if (count !== 0) {
    throw new DecentDbError('22023', 'invalid base64 end sequence', {
      hint: 'Input data is missing padding, is truncated, or is otherwise corrupted.',
    });
  }
  return Uint8Array.from(bytes);
}

function encode(bytes: Uint8Array, format: string): string {
  switch (format.toLowerCase()) {
    case 'hex':
      return toHex(bytes);
    case 'base64':
      return toBase64(bytes);
    case 'escape':
      return toEscaped(bytes).replace(/\\([0-7]{3})/g, (whole, octal) =>
        Number.parseInt(octal, 8) < 128 && octal !== '000'
          ? String.fromCharCode(Number.parseInt(octal, 8))
          : whole,
      );
    default:
      throw new DecentDbError('22023', `unrecognized encoding: "${format}"`);
  }
}

function decode(source: string, format: string): Uint8Array {
  switch (format.toLowerCase()) {
    case 'hex':
      return fromHex(source);
    case 'base64':
      return fromBase64(source);
    case 'escape': {
      const bytes = fromEscaped(source);
      if (bytes === null) throw new DecentDbError('22P02', 'invalid input syntax for type bytea');
      return bytes;
    }
    default:
      throw new DecentDbError('22023', `unrecognized encoding: "${format}"`);
  }
}

/** Part of a byte string, from a 1-based position. */
function part(bytes: Uint8Array, start: number, count: number | null): Uint8Array {
  if (count !== null && count < 0) throw new DecentDbError('22011', 'negative substring length not allowed');
  const from = Math.max(start, 1) - 1;
  const to = count === null ? bytes.length : Math.max(start + count - 1, from);
  return bytes.slice(from, to);
}

function find(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    let i = 0;
    while (i < wanted.length && bytes[at + i] === wanted[i]) i++;
    if (i === wanted.length) return at + 1;
  }
  return 0;
}

function checkIndex(index: number | bigint, length: number): number {
  if (index < 0 || index >= length)
    throw new DecentDbError('2202E', `index ${index} out of valid range, 0..${length - 1}`);
  return Number(index);
}

function setByte(bytes: Uint8Array, index: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[checkIndex(index, bytes.length)] = value;
  return copy;
}

function setBit(bytes: Uint8Array, index: number | bigint, value: number): Uint8Array {
  const at = checkIndex(index, bytes.length * 8);
  if (value !== 0 && value !== 1) throw new DecentDbError('22023', 'new bit must be 0 or 1');
  const copy = bytes.slice();
  const mask = 1 << (at & 7);
  copy[at >> 3] = value === 1 ? copy[at >> 3]! | mask : copy[at >> 3]! & ~mask;
  return copy;
}

function trimBytes(bytes: Uint8Array, set: Uint8Array, isLeading: boolean, isTrailing: boolean): Uint8Array {
  let from = 0;
  let to = bytes.length;
  if (isLeading) while (from < to && set.includes(bytes[from]!)) from++;
  if (isTrailing) while (to > from && set.includes(bytes[to - 1]!)) to--;
  return bytes.slice(from, to);
}

/** Text of UTF-8 (or single-byte) bytes. */
function convertFrom(bytes: Uint8Array, encoding: string): string {
  const name = encoding.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (name === 'utf8' || name === 'unicode' || name === 'sqlascii') {
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw new DecentDbError('22021', 'invalid byte sequence for encoding "UTF8"', { cause });
    }
  }
  if (name === 'latin1' || name === 'iso88591') return String.fromCharCode(...bytes);
  throw new DecentDbError('22023', `invalid source encoding name "${encoding}"`);
}

function convertTo(source: string, encoding: string): Uint8Array {
  const name = encoding.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (name === 'utf8' || name === 'unicode' || name === 'sqlascii') return encoder.encode(source);
  if (name === 'latin1' || name === 'iso88591') {
    return Uint8Array.from([...source], (char) => {
      const point = char.codePointAt(0)!;
      if (point > 255)
        throw new DecentDbError('22P05', `character "${char}" has no equivalent in encoding "LATIN1"`);
      return point;
    });
  }
  throw new DecentDbError('22023', `invalid destination encoding name "${encoding}"`);
}

const hashed: readonly ScalarFunction[] = [
  ...overloads(
    'md5',
    'MD5 hash as hexadecimal text.',
    ["md5('abc')", '900150983cd24fb0d6963f7d28e17f72'],
    [
      [[text], text, (_, a: string) => toHex(md5(encoder.encode(a)))],
      [[bytea], text, (_, a: Uint8Array) => toHex(md5(a))],
    ],
  ),
  fn('sha224', [bytea], bytea, (_, a: Uint8Array) => sha224(a), 'SHA-224 hash.', [
    "sha224('abc'::bytea)",
    '\\x23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7',
  ]),
  fn('sha256', [bytea], bytea, (_, a: Uint8Array) => sha256(a), 'SHA-256 hash.', [
    "sha256('abc'::bytea)",
    '\\xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  ]),
  fn('sha384', [bytea], bytea, (_, a: Uint8Array) => sha384(a), 'SHA-384 hash.', [
    "sha384('abc'::bytea)",
    '\\xcb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  ]),
  fn('sha512', [bytea], bytea, (_, a: Uint8Array) => sha512(a), 'SHA-512 hash.', [
    "sha512('abc'::bytea)",
    '\\xddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ]),
  fn('crc32', [bytea], int8, (_, a: Uint8Array) => crc32(a), 'CRC-32.', ["crc32('abc'::bytea)", '891568578']),
  fn('crc32c', [bytea], int8, (_, a: Uint8Array) => crc32c(a), 'CRC-32C.', [
    "crc32c('abc'::bytea)",
    '910901175',
  ]),
];

const pieces: readonly ScalarFunction[] = [
  op(
    '||',
    [bytea, bytea],
    bytea,
    (_, a: Uint8Array, b: Uint8Array) => concatenate(a, b),
    'Concatenation.',
    null,
  ),
  ...['substr', 'substring'].flatMap((name) =>
    overloads(name, 'Part of a byte string.', null, [
      [[bytea, int4, int4], bytea, (_, a: Uint8Array, b: number, c: number) => part(a, b, c)],
      [[bytea, int4], bytea, (_, a: Uint8Array, b: number) => part(a, b, null)],
    ]),
  ),
  fn(
    'position',
    [bytea, bytea],
    int4,
    (_, a: Uint8Array, b: Uint8Array) => find(a, b),
    'Position of a part, 0 if absent.',
    null,
  ),
  ...overloads('overlay', 'Replaces part of a byte string.', null, [
    [
      [bytea, bytea, int4, int4],
      bytea,
      (_, a: Uint8Array, b: Uint8Array, c: number, d: number) =>
        concatenate(concatenate(part(a, 1, c - 1), b), part(a, h.addInt4(c, d), null)),
    ],
    [
      [bytea, bytea, int4],
      bytea,
      (_, a: Uint8Array, b: Uint8Array, c: number) =>
        concatenate(concatenate(part(a, 1, c - 1), b), part(a, h.addInt4(c, b.length), null)),
    ],
  ]),
  fn(
    'btrim',
    [bytea, bytea],
    bytea,
    (_, a: Uint8Array, b: Uint8Array) => trimBytes(a, b, true, true),
    'Removes bytes from both ends.',
    null,
  ),
  fn(
    'ltrim',
    [bytea, bytea],
    bytea,
    (_, a: Uint8Array, b: Uint8Array) => trimBytes(a, b, true, false),
    'Removes bytes from the start.',
    null,
  ),
  fn(
    'rtrim',
    [bytea, bytea],
    bytea,
    (_, a: Uint8Array, b: Uint8Array) => trimBytes(a, b, false, true),
    'Removes bytes from the end.',
    null,
  ),
  fn('reverse', [bytea], bytea, (_, a: Uint8Array) => a.slice().reverse(), 'Reverses the bytes.', null),
  fn(
    'get_byte',
    [bytea, int4],
    int4,
    (_, a: Uint8Array, b: number) => a[checkIndex(b, a.length)] ?? 0,
    'The n-th byte, from 0.',
    ["get_byte('\\x1234'::bytea, 1)", '52'],
  ),
  fn(
    'set_byte',
    [bytea, int4, int4],
    bytea,
    (_, a: Uint8Array, b: number, c: number) => setByte(a, b, c),
    'Replaces the n-th byte.',
    ["set_byte('\\x1234'::bytea, 1, 64)", '\\x1240'],
  ),
  fn(
    'get_bit',
    [bytea, int8],
    int4,
    (_, a: Uint8Array, b: number) => (a[checkIndex(b, a.length * 8) >> 3]! >> (Number(b) & 7)) & 1,
    'The n-th bit, from 0.',
    ["get_bit('\\x1234'::bytea, 4)", '1'],
  ),
  fn(
    'set_bit',
    [bytea, int8, int4],
    bytea,
    (_, a: Uint8Array, b: number, c: number) => setBit(a, b, c),
    'Replaces the n-th bit.',
    ["set_bit('\\x00'::bytea, 0, 1)", '\\x01'],
  ),
];

export const bytesFunctions: readonly ScalarFunction[] = [
  ...hashed,
  ...pieces,
  fn(
    'encode',
    [bytea, text],
    text,
    (_, a: Uint8Array, b: string) => encode(a, b),
    'Bytes as text: hex, base64, escape.',
    ["encode('123'::bytea, 'base64')", 'MTIz'],
  ),
  fn('decode', [text, text], bytea, (_, a: string, b: string) => decode(a, b), 'Bytes of encoded text.', [
    "decode('MTIz', 'base64')",
    '\\x313233',
  ]),
  fn(
    'convert_from',
    [bytea, text],
    text,
    (_, a: Uint8Array, b: string) => convertFrom(a, b),
    'Text of encoded bytes.',
    ["convert_from('abc'::bytea, 'UTF8')", 'abc'],
  ),
  fn(
    'convert_to',
    [text, text],
    bytea,
    (_, a: string, b: string) => convertTo(a, b),
    'Bytes of text in an encoding.',
    ["convert_to('abc', 'UTF8')", '\\x616263'],
  ),
  fn(
    'convert',
    [bytea, T.name, T.name],
    bytea,
    (_, a: Uint8Array, from: string, to: string) => convertTo(convertFrom(a, from), to),
    'Bytes of text from one encoding in another.',
    ["convert('abc'::bytea, 'UTF8', 'LATIN1')", '\\x616263'],
  ),
  fn(
    'length',
    [bytea, T.name],
    T.int4,
    (_, a: Uint8Array, from: string) => [...convertFrom(a, from)].length,
    'Characters of encoded bytes.',
    ["length('abc'::bytea, 'UTF8')", '3'],
  ),
];
