/**
 * What PostgreSQL tells about a server, as far as it has a meaning without one: encodings, sizes, sleeping, identifiers.
 *
 * I1  There is one encoding, UTF8; conversions know Latin-1 beside it (bytes.ts).
 */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import { Decimal } from '../types/decimal.ts';
import type { Interval } from '../types/interval.ts';
import { Oid as T } from '../types/oids.ts';
import { addToInstant, sessionZone, type Timestamp } from './date-time-kernel.ts';
import { fn } from './define.ts';
import type { EvalContext, ScalarFunction } from './function.ts';
import { informationFunctions } from './information-functions.ts';
import { inlineHelpers as h } from './inline-kernel.ts';

const { text, name, int4, int8, bool, float8, oid } = T;
const stable = { volatility: 'stable' } as const;
const volatile = { volatility: 'volatile' } as const;

const SIZE_UNITS: Readonly<Record<string, bigint>> = {
  bytes: 1n,
  b: 1n,
  kb: 1n << 10n,
  mb: 1n << 20n,
  gb: 1n << 30n,
  tb: 1n << 40n,
  pb: 1n << 50n,
};

function sizeBytes(source: string): number | bigint {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(source);
  const number = match === null ? null : Decimal.parse(match[1]!);
  if (match === null || number === null) throw new DecentDbError('22023', `invalid size: "${source}"`);
  const unit = match[2]!.toLowerCase();
  const factor = unit === '' ? 1n : SIZE_UNITS[unit];
  if (factor === undefined) {
    throw new DecentDbError('22023', `invalid size: "${source}"`, {
      detail: `Invalid size unit: "${match[2]}".`,
      hint: 'Valid units are "bytes", "B", "kB", "MB", "GB", "TB", and "PB".',
    });
  }
  const bytes = number.multiply(Decimal.fromInteger(factor)).round(0).scaledTo(0);
  if (BigInt.asIntN(64, bytes) !== bytes) throw new DecentDbError('22003', 'bigint out of range');
  return Number.isSafeInteger(Number(bytes)) ? Number(bytes) : bytes;
}

const FOREVER_MS = 2 ** 31 - 1;

/** Blocks the calling thread: the engine is synchronous. */
function sleep(seconds: number): string {
  let rest = seconds * 1000;
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (rest > 0) {
    const part = Math.min(rest, FOREVER_MS);
    Atomics.wait(cell, 0, 0, part);
    rest -= part;
  }
  return '';
}

function secondsUntil(context: EvalContext, until: Timestamp): number {
  return (Number(until) - context.clockMicros()) / 1e6;
}

function invalidIdentifier(source: string, detail: string | null): DecentDbError {
  return new DecentDbError(
    '22023',
    `string is not a valid identifier: "${source}"`,
    detail === null ? {} : { detail },
  );
}

/** The parts of a dotted name; unquoted ones in lower case. */
function parseIdentifier(source: string, isStrict: boolean): SqlArray {
  const parts: string[] = [];
  const part = /\s*(?:"((?:[^"]|"")*)"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*))\s*/y;
  let at = 0;
  for (;;) {
    part.lastIndex = at;
    const match = part.exec(source);
    if (match === null) {
      const rest = source.slice(at).trim();
      if (rest.startsWith('"')) throw invalidIdentifier(source, 'String has unclosed double quotes.');
      if (rest.startsWith('.')) throw invalidIdentifier(source, 'No valid identifier before ".".');
      throw invalidIdentifier(source, parts.length > 0 ? 'No valid identifier after ".".' : null);
    }
    if (match[1] === '') throw invalidIdentifier(source, 'Quoted identifier must not be empty.');
    parts.push(
      match[1]?.replaceAll('""', '"') ?? match[2]!.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()),
    );
    at = part.lastIndex;
    if (at >= source.length) break;
    if (source[at] === '.') at++;
    else if (isStrict) throw invalidIdentifier(source, null);
    else break;
  }
  return SqlArray.of(parts);
}

/** Fixed answers: name, arguments, result, value. */
const CONSTANTS: readonly (readonly [
  name: string,
  args: readonly number[],
  returns: number,
  value: string | number | boolean | null,
  description: string,
])[] = [
  ['getdatabaseencoding', [], name, 'UTF8', 'Encoding of the database.'],
  ['pg_encoding_max_length', [int4], int4, 4, 'Bytes of the longest character of an encoding.'],
  ['pg_jit_available', [], bool, false, 'Whether PostgreSQL would compile expressions; here false.'],
  ['pg_trigger_depth', [], int4, 0, 'Nesting of triggers; here 0, as triggers run outside of SQL.'],
  ['pg_notification_queue_usage', [], float8, 0, 'How full the queue of notifications is.'],
  ['pg_is_wal_replay_paused', [], bool, false, 'Whether replay is paused; there is none.'],
  ['pg_is_other_temp_schema', [oid], bool, false, "Whether a schema is another session's temporary one."],
  ['inet_client_addr', [], text, null, 'Address of the client; NULL, as there is none.'],
  ['inet_client_port', [], int4, null, 'Port of the client; NULL, as there is none.'],
  ['inet_server_addr', [], text, null, 'Address of the server; NULL, as there is none.'],
  ['inet_server_port', [], int4, null, 'Port of the server; NULL, as there is none.'],
  ['system_user', [], text, null, 'How the user was authenticated; NULL, as nobody is.'],
  ['pg_current_logfile', [], text, null, 'File of the server log; NULL, as there is none.'],
  ['pg_cancel_backend', [int4], bool, false, 'Cancels another session; there is none to cancel.'],
];

function encodingNumber(encoding: string): number {
  return /^(utf-?8|unicode)$/i.test(encoding) ? 6 : /^(latin-?1|iso-?8859-?1)$/i.test(encoding) ? 8 : -1;
}

/** Polar form of Box and Muller. */
function normalDeviate(context: EvalContext, mean: number, deviation: number): number {
  for (;;) {
    const u = context.random() * 2 - 1;
    const v = context.random() * 2 - 1;
    const s = u * u + v * v;
    if (s > 0 && s < 1) return mean + deviation * u * Math.sqrt((-2 * Math.log(s)) / s);
  }
}

function randomDecimal(context: EvalContext, low: Decimal, high: Decimal): Decimal {
  const [a, b] = [low, high];
  if (!a.isFinite || !b.isFinite)
    throw new DecentDbError(
      '22023',
      `${a.isFinite ? 'upper' : 'lower'} bound cannot be ${(a.isFinite ? b : a).isNaN ? 'NaN' : 'infinity'}`,
    );
  if (a.compare(b) > 0)
    throw new DecentDbError('22023', 'lower bound must be less than or equal to upper bound');
  const scale = Math.max(a.scale, b.scale);
  const span = b.scaledTo(scale) - a.scaledTo(scale) + 1n;
  let drawn = 0n;
  for (let size = 1n; size < span << 16n; size <<= 32n)
    drawn = (drawn << 32n) | BigInt(Math.floor(context.random() * 4294967296));
  return Decimal.of(a.scaledTo(scale) + (drawn % span), scale);
}

const collationFor: ScalarFunction = fn(
  'pg_collation_for',
  [T.any],
  text,
  () => {
    throw new TypeError('a polymorphic function was called before it was specialised');
  },
  'The collation of a value, as an identifier.',
  ["pg_collation_for('a'::text)", '"default"'],
  {
    strict: false,
    ...stable,
    specialize: (types) => {
      const type = types[0]!;
      if (type.category !== 'S' && type.elementType?.category !== 'S' && type.oid !== T.unknown)
        throw new DecentDbError('42804', `collations are not supported by type ${type.sqlName(-1)}`);
      return fn('pg_collation_for', [type.oid], text, () => '"default"', 'The collation of a value.', null, {
        strict: false,
      });
    },
  },
);

export const serverFunctions: readonly ScalarFunction[] = [
  ...informationFunctions,
  collationFor,
  fn('int4inc', [int4], int4, (_, a: number) => h.addInt4(a, 1), 'One more.', ['int4inc(4)', '5']),
  fn('int8inc', [int8], int8, (_, a: number) => h.addInt8(a, 1), 'One more.', ['int8inc(4::int8)', '5']),
  fn('int8dec', [int8], int8, (_, a: number) => h.subInt8(a, 1), 'One less.', ['int8dec(4::int8)', '3']),
  ...CONSTANTS.map(([each, args, returns, value, description]) =>
    fn(each, args, returns, () => value, description, null, stable),
  ),
  fn('pg_char_to_encoding', [name], int4, (_, a: string) => encodingNumber(a), 'Number of an encoding.', [
    "pg_char_to_encoding('UTF8')",
    '6',
  ]),
  fn('pg_size_bytes', [text], int8, (_, a: string) => sizeBytes(a), 'Bytes of a size with a unit.', [
    "pg_size_bytes('1.5 kB')",
    '1536',
  ]),
  fn(
    'pg_sleep',
    [float8],
    T.void,
    (_, a: number) => sleep(a),
    'Waits some seconds, blocking the thread.',
    null,
    volatile,
  ),
  fn(
    'pg_sleep_for',
    [T.interval],
    T.void,
    (c, span: Interval) => sleep(secondsUntil(c, addToInstant(c.clockMicros(), span, sessionZone(c)))),
    'Waits for an interval, blocking the thread.',
    null,
    volatile,
  ),
  fn(
    'pg_sleep_until',
    [T.timestamptz],
    T.void,
    (c, until: Timestamp) => sleep(secondsUntil(c, until)),
    'Waits until an instant, blocking the thread.',
    null,
    volatile,
  ),
  fn(
    'parse_ident',
    [text, bool],
    T.textArray,
    (_, a: string, isStrict: boolean) => parseIdentifier(a, isStrict),
    'The parts of a dotted identifier.',
    ['parse_ident(\'"Schema".Table\')', '{Schema,table}'],
    { defaults: [true], argNames: ['str', 'strict'] },
  ),
  fn(
    'random_normal',
    [float8, float8],
    float8,
    (c, mean: number, deviation: number) => normalDeviate(c, mean, deviation),
    'A random number from the normal distribution.',
    null,
    { ...volatile, defaults: [0, 1], argNames: ['mean', 'stddev'] },
  ),
  fn(
    'random',
    [T.numeric, T.numeric],
    T.numeric,
    (c, a: Decimal, b: Decimal) => randomDecimal(c, a, b),
    'Random number between two bounds, both included.',
    null,
    volatile,
  ),
];
