/**
 * Hashes of values as PostgreSQL's functions of the same names give them: of 32 bits, and `...extended` of 64 with a seed.
 */
import { DecentDbError } from '../base/errors.ts';
import { type DatumHasher, datumHasher, keyHasher } from '../types/datum-hash.ts';
import { narrow } from '../types/decimal.ts';
import { Hash64, remainderOf } from '../types/hash64.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { fn } from './define.ts';
import type { ScalarFunction } from './function.ts';

const NAMES: readonly (readonly [name: string, type: number])[] = [
  ['hashint2', T.int2],
  ['hashint4', T.int4],
  ['hashint8', T.int8],
  ['hashoid', T.oid],
  ['hashfloat4', T.float4],
  ['hashfloat8', T.float8],
  ['hash_numeric', T.numeric],
  ['hashchar', T.char],
  ['hashname', T.name],
  ['hashbpchar', T.bpchar],
  ['hashinet', T.inet],
  ['hashmacaddr', T.macaddr],
  ['hashmacaddr8', T.macaddr8],
  ['uuid_hash', T.uuid],
  ['time_hash', T.time],
  ['timetz_hash', T.timetz],
  ['timestamp_hash', T.timestamp],
  ['interval_hash', T.interval],
  ['jsonb_hash', T.jsonb],
  ['pg_lsn_hash', T.pgLsn],
  ['hash_array', T.anyarray],
  ['hashenum', T.anyenum],
  ['hash_range', T.anyrange],
  ['hash_multirange', T.anymultirange],
  ['hash_record', T.record],
];

const POLYMORPHIC: ReadonlySet<number> = new Set([
  ...[T.anyarray, T.anyenum, T.anyrange, T.anymultirange, T.record],
]);

const scratch: Hash64 = new Hash64(0, 0);
const NO_SEED: Hash64 = new Hash64(0, 0);

function hasherOf(type: SqlType): DatumHasher {
  const hasher = datumHasher(type);
  if (hasher === null)
    throw new DecentDbError('42883', `could not identify a hash function for type ${type.sqlName(-1)}`);
  return hasher;
}

function hash32(type: SqlType, value: Datum): number {
  hasherOf(type)(scratch, value, NO_SEED);
  return scratch.low | 0;
}

function hash64(type: SqlType): (context: unknown, value: Datum, seed: number | bigint) => number | bigint {
  return (_, value, seed) => {
    const bits = BigInt.asUintN(64, BigInt(seed));
    hasherOf(type)(scratch, value, new Hash64(Number(bits >> 32n), Number(bits & 0xffffffffn)));
    return narrow(BigInt.asIntN(64, (BigInt(scratch.high) << 32n) | BigInt(scratch.low)));
  };
}

function unspecialized(): never {
  throw new TypeError('a polymorphic function was called before it was specialised');
}

function entries(name: string, oid: number, example: readonly [string, string] | null): ScalarFunction[] {
  const short = 'A hash of 32 bits.';
  const long = 'A hash of 64 bits, with a seed.';
  const extended = name.startsWith('hash') && !name.includes('_') ? `${name}extended` : `${name}_extended`;
  if (!POLYMORPHIC.has(oid)) {
    const type = builtinType(oid);
    return [
      fn(name, [oid], T.int4, (_, value: Datum) => hash32(type, value), short, example),
      fn(extended, [oid, T.int8], T.int8, hash64(type), long, null),
    ];
  }
  return [
    fn(name, [oid], T.int4, unspecialized, short, null, {
      specialize: ([type]) =>
        fn(name, [type!.oid], T.int4, (_, value: Datum) => hash32(type!, value), short, null),
    }),
    fn(extended, [oid, T.int8], T.int8, unspecialized, long, null, {
      specialize: ([type]) => fn(extended, [type!.oid, T.int8], T.int8, hash64(type!), long, null),
    }),
  ];
}

/** `satisfies_hash_partition` over keys of these types. */
export function partitionTest(types: readonly SqlType[]): ScalarFunction {
  const hash = keyHasher(types);
  const into = new Hash64(0, 0);
  return fn(
    'satisfies_hash_partition',
    [T.oid, T.int4, T.int4, ...types.map(({ oid }) => oid)],
    T.bool,
    (_, ...args: Datum[]) => {
      const modulus = args[1] as number | null;
      const remainder = args[2] as number | null;
      if (args[0] === null || modulus === null || remainder === null) return false;
      checkModulus(modulus, remainder);
      hash(into, args, 3);
      return remainderOf(into, modulus) === remainder;
    },
    'Whether a row of that key belongs to a partition of FOR VALUES WITH (MODULUS, REMAINDER).',
    null,
    { strict: false },
  );
}

function checkModulus(modulus: number, remainder: number): void {
  if (modulus <= 0)
    throw new DecentDbError('22023', 'modulus for hash partition must be an integer value greater than zero');
  if (remainder < 0)
    throw new DecentDbError(
      '22023',
      'remainder for hash partition must be an integer value greater than or equal to zero',
    );
  if (remainder >= modulus)
    throw new DecentDbError('22023', 'remainder for hash partition must be less than modulus');
}

export const hashFunctions: readonly ScalarFunction[] = [
  ...entries('hashtext', T.text, ["hashtext('abc')", '-785388649']),
  ...NAMES.flatMap(([name, oid]) => entries(name, oid, null)),
  {
    ...partitionTest([]),
    args: [T.oid, T.int4, T.int4],
    variadic: T.any,
    eval: unspecialized,
    specialize: (types) => partitionTest(types.slice(3)),
  },
];
