/**
 * Which casts are in rare-casts.ts, without loading them and the families they come from.
 *
 * I1  Each rare cast is between two types of `rarelyCast`, or between one and a type of `castToRare` (lazy-families.test.ts).
 */
import { Oid as T } from '../types/oids.ts';

/** Types that no other cast is from or to. */
export const rarelyCast: ReadonlySet<number> = new Set([
  T.bit,
  T.varbit,
  T.oid,
  T.regclass,
  T.regtype,
  T.regproc,
  T.regprocedure,
  T.regoper,
  T.regoperator,
  T.regnamespace,
  T.regrole,
  T.regcollation,
  T.money,
  T.int4range,
  T.int8range,
  T.numrange,
  T.daterange,
  T.tsrange,
  T.tstzrange,
  T.int4multirange,
  T.int8multirange,
  T.nummultirange,
  T.datemultirange,
  T.tsmultirange,
  T.tstzmultirange,
  T.cidr,
  T.inet,
  T.macaddr,
  T.macaddr8,
  T.xid,
  T.xid8,
  T.point,
  T.lseg,
  T.path,
  T.box,
  T.polygon,
  T.circle,
]);

/** Types of other casts that are cast to or from one of those. */
export const castToRare: ReadonlySet<number> = new Set([
  T.int2,
  T.int4,
  T.int8,
  T.numeric,
  T.text,
  T.varchar,
  T.bpchar,
]);
