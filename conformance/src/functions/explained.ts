/**
 * Differences from PostgreSQL that are known, each with its reason. Anything else is a failure.
 *
 * I1  An entry names what it covers as closely as it can; one that covers nothing any more fails the full run.
 */
import type { Difference } from './compare.ts';

export interface Explanation {
  /** Of the signature. */
  readonly signature: RegExp;
  /** Of the call; anything when absent. */
  readonly call?: RegExp;
  readonly reason: string;
}

export const EXPLANATIONS: readonly Explanation[] = [
  {
    signature: /^(bt\w+cmp|bitcmp|varbitcmp|byteacmp)\(/,
    reason: 'a comparison gives -1, 0 or 1; only the sign means something',
  },
  {
    signature: /^(now|statement_timestamp|transaction_timestamp|version|session_user|system_user)\(/,
    reason: 'says something of the session',
  },
  { signature: /^regclass\(text\)|regtype/, reason: 'object names are looked up in another catalogue' },
  {
    signature: /^pg_input_(error_info|is_valid)\(/,
    reason: 'words that are no type name give 42704, not 42601',
  },
  {
    signature: /^length\(bytea, name\)/,
    reason: "encodings but UTF8 and Latin-1 are unknown; PostgreSQL knows 'abc'",
  },
  { signature: /^to_ascii\(/, reason: 'always refused: the database is in UTF8' },
  {
    signature: /^right\(text, integer\)/,
    call: /-2147483648/,
    reason: 'PostgreSQL overflows negating the count',
  },
  {
    signature: /^min\((real|double precision)\)/,
    reason: 'of 0 and -0, which are equal, either may come out',
  },
  {
    signature: /^(lgamma|gamma|erf|erfc)\(double precision\)/,
    reason: 'the last digits of special functions differ',
  },
  {
    signature: /^date_part\(text, date\)/,
    call: /5874897-12-31/,
    reason: 'the field is looked at before the range of the date',
  },
  {
    signature: /^(text to )?(date|timestamp \w+ time zone)$/,
    call: /'(1_000|42)'/,
    reason: '22007 where PostgreSQL says 22008',
  },
  {
    signature: /^time (with|without) time zone$/,
    call: /'(1e400|1_000|0x1F|\+1\.5e3)'/,
    reason: 'another SQLSTATE for what is no time',
  },
  {
    signature: /^(timezone|date_add|date_subtract)\(/,
    call: /'(42|X)'::text/,
    reason: 'PostgreSQL takes a bare number for a POSIX zone that many hours west',
  },
  {
    signature: /^(acldefault|float8_avg|int8_avg)\(/,
    reason: '22023 where PostgreSQL says XX000, which is kept for faults of the engine',
  },
  {
    signature: /^int[24]_sum\(/,
    call: /9223372036854775807|-9223372036854775808/,
    reason: '22003 where PostgreSQL goes round',
  },
  {
    signature: /^satisfies_hash_partition\(/,
    reason: 'hashes the values given; PostgreSQL looks at the table first (its XX000 for an oid of no table)',
  },
  {
    signature: /^age\(xid\)/,
    reason: 'transactions are counted from the making of the file',
  },
  {
    signature: /character to "char"|"char" to character/,
    reason: 'char(n) and "char" keep blanks differently',
  },
];

/** The reason a difference is no failure, or null. */
export function explanationOf({ subject, call }: Difference): Explanation | null {
  return (
    EXPLANATIONS.find(
      (one) => one.signature.test(subject.signature) && (one.call === undefined || one.call.test(call)),
    ) ?? null
  );
}
