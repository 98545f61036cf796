/**
 * The types that most arguments have, and the casts of others that are rare (rare-casts.ts), without loading the families these
 * come from.
 *
 * I1  Each rare cast is between two types of `rarelyCast`, or between one and a type it lists; lists have nothing else
 *     (lazy-families.test.ts).
 */
import { Oid as T } from '../types/oids.ts';

/** Types that few families but the common ones take. */
export const plainTypes: ReadonlySet<number> = new Set([
  T.bool,
  T.int2,
  T.int4,
  T.int8,
  T.float4,
  T.float8,
  T.numeric,
  T.text,
  T.varchar,
  T.bpchar,
  T.date,
  T.timestamp,
  T.timestamptz,
  T.time,
  T.timetz,
  T.interval,
  T.uuid,
]);

const NONE: readonly number[] = [];
const INTEGERS: readonly number[] = [T.int2, T.int4, T.int8];
const STRINGS: readonly number[] = [T.text, T.varchar, T.bpchar];

/** Types that only rare casts are from or to, with the types of other casts that they are cast to or from. */
export const rarelyCast: ReadonlyMap<number, readonly number[]> = new Map([
  [T.bit, [T.int4, T.int8]],
  [T.varbit, NONE],
  [T.oid, INTEGERS],
  [T.regclass, [...INTEGERS, T.text, T.varchar]],
  [T.regtype, INTEGERS],
  [T.regproc, INTEGERS],
  [T.regprocedure, INTEGERS],
  [T.regoper, INTEGERS],
  [T.regoperator, INTEGERS],
  [T.regnamespace, INTEGERS],
  [T.regrole, INTEGERS],
  [T.regcollation, INTEGERS],
  [T.regconfig, INTEGERS],
  [T.money, [T.int4, T.int8, T.numeric]],
  [T.int4range, NONE],
  [T.int8range, NONE],
  [T.numrange, NONE],
  [T.daterange, NONE],
  [T.tsrange, NONE],
  [T.tstzrange, NONE],
  [T.int4multirange, NONE],
  [T.int8multirange, NONE],
  [T.nummultirange, NONE],
  [T.datemultirange, NONE],
  [T.tsmultirange, NONE],
  [T.tstzmultirange, NONE],
  [T.cidr, STRINGS],
  [T.inet, STRINGS],
  [T.macaddr, NONE],
  [T.macaddr8, NONE],
  [T.xid, NONE],
  [T.xid8, NONE],
  [T.point, NONE],
  [T.lseg, NONE],
  [T.path, NONE],
  [T.box, NONE],
  [T.polygon, NONE],
  [T.circle, NONE],
]);

/** Types of names that are oids underneath. */
export const REGISTERED: readonly number[] = [
  T.regclass,
  T.regtype,
  T.regproc,
  T.regprocedure,
  T.regoper,
  T.regoperator,
  T.regnamespace,
  T.regrole,
  T.regcollation,
  T.regconfig,
];
const OF_INTEGERS: readonly number[] = [T.oid, ...REGISTERED];
/** What plain types become implicitly by rare casts (lazy-families.test.ts). */
export const rarelyBecome: ReadonlyMap<number, readonly number[]> = new Map([
  [T.int2, OF_INTEGERS],
  [T.int4, OF_INTEGERS],
  [T.int8, OF_INTEGERS],
  [T.text, [T.regclass]],
  [T.varchar, [T.regclass]],
]);
