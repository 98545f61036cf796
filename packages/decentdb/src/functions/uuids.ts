/**
 * UUID functions.
 */

import { toHex } from '../types/bytea-type.ts';
import type { Interval } from '../types/interval.ts';
import { Oid as T } from '../types/oids.ts';
import { EPOCH_2000_MICROS } from '../types/sql-type.ts';
import { formatUuid } from '../types/uuid-type.ts';
import type { Datum } from '../types/vector.ts';
import { addToTimestamp } from './date-time-kernel.ts';
import { fn, overloads } from './define.ts';
import type { EvalContext, ScalarFunction } from './function.ts';

const { uuid, int2, timestamptz, interval } = T;
const volatile = { volatility: 'volatile' } as const;

function finish(bytes: Uint8Array, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return formatUuid(toHex(bytes));
}

function random(context: EvalContext): string {
  return finish(context.randomBytes(16), 4);
}

/** Milliseconds, then 12 bits of their fraction, then random bits (RFC 9562, method 3). */
function ordered(context: EvalContext, micros: number | bigint): string {
  const unix = BigInt(micros) + BigInt(EPOCH_2000_MICROS);
  const bytes = context.randomBytes(16);
  let millis = unix / 1000n;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = Number(millis & 255n);
    millis >>= 8n;
  }
  const fraction = Number(((unix % 1000n) * 4096n) / 1000n);
  bytes[6] = fraction >> 8;
  bytes[7] = fraction & 255;
  return finish(bytes, 7);
}

function isStandard(value: string): boolean {
  return '89ab'.includes(value[19]!);
}

function version(value: string): Datum {
  return isStandard(value) ? Number.parseInt(value[14]!, 16) : null;
}

/** Time of a version 1 or 7 UUID. */
function timestampOf(value: string): Datum {
  if (!isStandard(value)) return null;
  const digits = value.replaceAll('-', '');
  if (value[14] === '7') return Number.parseInt(digits.slice(0, 12), 16) * 1000 - EPOCH_2000_MICROS;
  if (value[14] !== '1') return null;
  const ticks = BigInt(`0x${digits.slice(13, 16)}${digits.slice(8, 12)}${digits.slice(0, 8)}`);
  // 100 ns ticks since 1582-10-15
  return Number(ticks / 10n - 12_219_292_800_000_000n) - EPOCH_2000_MICROS;
}

export const uuidFunctions: readonly ScalarFunction[] = [
  fn('gen_random_uuid', [], uuid, (c) => random(c), 'Random UUID, version 4.', null, volatile),
  fn('uuid_generate_v4', [], uuid, (c) => random(c), 'Random UUID, as uuid-ossp names it.', null, volatile),
  fn('uuidv4', [], uuid, (c) => random(c), 'Random UUID, version 4.', null, volatile),
  ...overloads(
    'uuidv7',
    'Time-ordered UUID, version 7.',
    null,
    [
      [[], uuid, (c) => ordered(c, c.clockMicros())],
      [[interval], uuid, (c, shift: Interval) => ordered(c, addToTimestamp(c.clockMicros(), shift))],
    ],
    volatile,
  ),
  fn('uuid_extract_version', [uuid], int2, (_, a: string) => version(a), 'Version of a UUID.', [
    "uuid_extract_version('41db1265-8bc1-4ab3-992f-885799a4af1d'::uuid)",
    '4',
  ]),
  fn(
    'uuid_extract_timestamp',
    [uuid],
    timestamptz,
    (_, a: string) => timestampOf(a),
    'Time of a version 1 or 7 UUID.',
    ["uuid_extract_timestamp('019535d9-3df7-79fb-b466-fa907fa17f9e'::uuid)", '2025-02-24 02:46:24.503+00'],
  ),
];
