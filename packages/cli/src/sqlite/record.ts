/** SQLite's variable-length integers and its record format. */
import { TextDecoder } from 'node:util';

export type SqliteValue = null | number | bigint | string | Uint8Array;
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** A big-endian integer of 1 to 9 bytes, 7 bits a byte (the ninth has 8). */
export function readVarint(
  bytes: Uint8Array,
  at: number,
): { readonly value: number | bigint; readonly next: number } {
  let value = 0;
  for (let i = 0; i < 7; i++) {
    const byte = bytes[at + i] ?? 0;
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value, next: at + i + 1 };
  }
  let big = BigInt(value);
  const eighth = bytes[at + 7] ?? 0;
  big = (big << 7n) | BigInt(eighth & 127);
  if (eighth < 128) return { value: narrowed(big), next: at + 8 };
  big = (big << 8n) | BigInt(bytes[at + 8] ?? 0);
  return { value: narrowed(BigInt.asIntN(64, big)), next: at + 9 };
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8] as const;

/** The values of a record; undefined when its bytes make no sense. */
export function decodeRecord(bytes: Uint8Array, encoding: TextEncoding): SqliteValue[] | undefined {
  const head = readVarint(bytes, 0);
  const headBytes = Number(head.value);
  if (headBytes > bytes.length) return undefined;
  const values: SqliteValue[] = [];
  let body = headBytes;
  for (let at = head.next; at < headBytes; ) {
    const serial = readVarint(bytes, at);
    at = serial.next;
    const type = Number(serial.value);
    const size = sizeOf(type);
    if (size < 0 || body + size > bytes.length) return undefined;
    values.push(valueOf(bytes.subarray(body, body + size), type, encoding));
    body += size;
  }
  return values;
}

function sizeOf(type: number): number {
  if (type <= 6) return INTEGER_BYTES[type] ?? -1;
  if (type === 7) return 8;
  if (type <= 9) return 0;
  return type >= 12 ? (type - 12) >> 1 : -1;
}

function valueOf(bytes: Uint8Array, type: number, encoding: TextEncoding): SqliteValue {
  switch (type) {
    case 0:
      return null;
    case 7:
      return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
    case 8:
      return 0;
    case 9:
      return 1;
    default:
      if (type < 7) return integerOf(bytes);
      return type % 2 === 0 ? bytes.slice() : textOf(bytes, encoding);
  }
}

function integerOf(bytes: Uint8Array): number | bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (bytes.length === 8) return narrowed(view.getBigInt64(0));
  let value = view.getInt8(0);
  for (let i = 1; i < bytes.length; i++) value = value * 256 + (bytes[i] as number);
  return value;
}

const decoders = new Map<TextEncoding, InstanceType<typeof TextDecoder>>();

function textOf(bytes: Uint8Array, encoding: TextEncoding): string {
  let decoder = decoders.get(encoding);
  if (decoder === undefined) {
    decoder = new TextDecoder(encoding, { ignoreBOM: true });
    decoders.set(encoding, decoder);
  }
  return decoder.decode(bytes);
}
