/**
 * A value of a row as text in a definition: as the row stores it, not as its type shows it, so that a renamed label of an enum or
 * a changed setting changes nothing.
 *
 *     bool t or f | int32, int64, float64 the number | text, uuid as they are | numeric its text | bytes, object hexadecimal
 *
 * I1  What is read is checked: text that is no such value is corruption (XX001).
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal } from '../types/decimal.ts';
import type { SqlType } from '../types/sql-type.ts';
import { type Datum, Physical } from '../types/vector.ts';

export function encodeStored(value: Datum, type: SqlType): string | null {
  if (value === null) return null;
  switch (type.physical) {
    case Physical.bool:
      return value === true ? 't' : 'f';
    case Physical.float64:
      return Object.is(value, -0) ? '-0' : String(value);
    case Physical.bytes:
      return hexOf(value as Uint8Array);
    case Physical.object:
      return hexOf(codecOf(type).toBytes(value as object));
    default:
      return String(value);
  }
}

export function decodeStored(text: string, type: SqlType): Datum {
  try {
    return valueOf(text, type);
  } catch (cause) {
    throw new DecentDbError('XX001', `a value of type ${type.name} in the catalogue is damaged`, { cause });
  }
}

function valueOf(text: string, type: SqlType): Datum {
  switch (type.physical) {
    case Physical.bool:
      if (text !== 't' && text !== 'f') throw new Error('no boolean');
      return text === 't';
    case Physical.int32:
      return wholeNumber(text, Number(text) | 0);
    case Physical.int64: {
      const value = BigInt.asIntN(64, BigInt(text));
      if (String(value) !== text) throw new Error('no integer');
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
    case Physical.float64:
      if (text !== 'NaN' && Number.isNaN(Number(text))) throw new Error('no number');
      return Number(text);
    case Physical.numeric:
      return Decimal.parse(text);
    case Physical.bytes:
      return bytesOf(text);
    case Physical.object:
      return codecOf(type).fromBytes(bytesOf(text));
    default:
      return text;
  }
}

function wholeNumber(text: string, value: number): number {
  if (String(value) !== text) throw new Error('no integer');
  return value;
}

function codecOf(type: SqlType): NonNullable<SqlType['codec']> {
  if (type.codec === undefined) throw new Error('a type of objects has a codec');
  return type.codec;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytesOf(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Error('no bytes');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
}
