/**
 * bytea: hex and escape forms.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid } from './oids.ts';
import { cannotBind, defineType, Physical, type SqlType } from './sql-type.ts';

const HEX_DIGITS = '0123456789abcdef';

/** Lower-case hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    text += HEX_DIGITS[byte >> 4]! + HEX_DIGITS[byte & 15]!;
  }
  return text;
}

function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Bytes of hexadecimal digits (white space between pairs allowed); throws 22023 as PostgreSQL does. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  let count = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (code === 32 || code === 10 || code === 9 || code === 13) {
      i++;
      continue;
    }
    const high = hexValue(code);
    if (high < 0) throw badHexDigit(text, i);
    if (i + 1 >= text.length)
      throw new DecentDbError('22023', 'invalid hexadecimal data: odd number of digits');
    const low = hexValue(text.charCodeAt(i + 1));
    if (low < 0) throw badHexDigit(text, i + 1);
    bytes[count++] = (high << 4) | low;
    i += 2;
  }
  return count === bytes.length ? bytes : bytes.slice(0, count);
}

function badHexDigit(text: string, at: number): DecentDbError {
  return new DecentDbError(
    '22023',
    `invalid hexadecimal digit: "${String.fromCodePoint(text.codePointAt(at)!)}"`,
  );
}

/** The traditional form: backslash doubled, bytes outside printable ASCII as \ooo. */
export function toEscaped(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 92) text += '\\\\';
    else if (byte < 32 || byte > 126) text += `\\${byte.toString(8).padStart(3, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return text;
}

/** Reads the escape form; null when it is malformed. */
export function fromEscaped(text: string): Uint8Array | null {
  const source = new TextEncoder().encode(text);
  const bytes = new Uint8Array(source.length);
  let count = 0;
  for (let i = 0; i < source.length; i++) {
    let byte = source[i]!;
    if (byte === 92) {
      const octal = octalAt(source, i + 1);
      if (octal >= 0) {
        byte = octal;
        i += 3;
      } else if (source[i + 1] === 92) i++;
      else return null;
    }
    bytes[count++] = byte;
  }
  return bytes.slice(0, count);
}

function octalAt(source: Uint8Array, at: number): number {
  const a = (source[at] ?? 0) - 48;
  const b = (source[at + 1] ?? 0) - 48;
  const c = (source[at + 2] ?? 0) - 48;
  return a >= 0 && a <= 3 && b >= 0 && b <= 7 && c >= 0 && c <= 7 ? a * 64 + b * 8 + c : -1;
}

/** Unsigned byte order, shorter first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const gap = a[i]! - b[i]!;
    if (gap !== 0) return gap < 0 ? -1 : 1;
  }
  return a.length < b.length ? -1 : a.length > b.length ? 1 : 0;
}

export function hashBytes(bytes: Uint8Array): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return h;
}

function input(text: string): Uint8Array {
  if (text.startsWith('\\x')) return fromHex(text.slice(2));
  const bytes = fromEscaped(text);
  if (bytes === null) throw new DecentDbError('22P02', 'invalid input syntax for type bytea');
  return bytes;
}

export const byteaType: SqlType = defineType({
  oid: Oid.bytea,
  name: 'bytea',
  sqlName: 'bytea',
  category: 'U',
  physical: Physical.bytes,
  input,
  output: (value: Uint8Array, settings) =>
    settings.byteaOutput === 'hex' ? `\\x${toHex(value)}` : toEscaped(value),
  compare: compareBytes,
  hash: hashBytes,
  toJs: (value: Uint8Array) => value.slice(),
  fromJs: (value) => {
    if (value instanceof Uint8Array) return new Uint8Array(value);
    if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
    if (ArrayBuffer.isView(value)) {
      return new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
    }
    if (typeof value === 'string') return input(value);
    throw cannotBind(value, byteaType);
  },
});
