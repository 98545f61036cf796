/**
 * The built-in types by oid and by name.
 *
 * I1  One object per oid, made when this module loads. Types of the user (enums, domains, composites) live in the catalogue.
 */

import { makeArrayType } from './array-type.ts';
import { bitType, varbitType } from './bit-types.ts';
import { boolType } from './bool-type.ts';
import { byteaType } from './bytea-type.ts';
import { int2vectorType, oidvectorType } from './catalog-vectors.ts';
import { recordType } from './composite.ts';
import { dateType, timestampType, timestamptzType, timeType, timetzType } from './date-time-types.ts';
import { float4Type, float8Type } from './float-types.ts';
import { geometricTypes } from './geometric-types.ts';
import { macaddr8Type, macaddrType, pgLsnType, tidType, xid8Type } from './hex-types.ts';
import { int2Type, int4Type, int8Type } from './integer-types.ts';
import { intervalType } from './interval-type.ts';
import { jsonbType, jsonType } from './json-types.ts';
import { jsonpathType } from './jsonpath-type.ts';
import { moneyType } from './money-type.ts';
import { makeMultirangeType } from './multirange.ts';
import { cidrType, inetType } from './network-types.ts';
import { numericType } from './numeric-type.ts';
import { oidTypes } from './oid-types.ts';
import { Oid } from './oids.ts';
import { pseudoTypes } from './pseudo-types.ts';
import { makeRangeType } from './range.ts';
import { regconfigType } from './regconfig.ts';
import { snapshotTypes } from './snapshot-type.ts';
import type { SqlType } from './sql-type.ts';
import {
  bpcharType,
  charType,
  cstringType,
  nameType,
  textType,
  unknownType,
  varcharType,
} from './text-types.ts';
import { tsqueryType } from './tsquery.ts';
import { tsvectorType } from './tsvector.ts';
import { uuidType } from './uuid-type.ts';

/** Range types with the oids of their array, multirange and multirange array types. */
const ranges: readonly (readonly [
  range: SqlType,
  arrayOid: number,
  multirangeOid: number,
  name: string,
  multirangeArrayOid: number,
])[] = [
  [
    makeRangeType(Oid.int4range, 'int4range', int4Type),
    Oid.int4rangeArray,
    Oid.int4multirange,
    'int4multirange',
    Oid.int4multirangeArray,
  ],
  [
    makeRangeType(Oid.int8range, 'int8range', int8Type),
    Oid.int8rangeArray,
    Oid.int8multirange,
    'int8multirange',
    Oid.int8multirangeArray,
  ],
  [
    makeRangeType(Oid.numrange, 'numrange', numericType),
    Oid.numrangeArray,
    Oid.nummultirange,
    'nummultirange',
    Oid.nummultirangeArray,
  ],
  [
    makeRangeType(Oid.daterange, 'daterange', dateType),
    Oid.daterangeArray,
    Oid.datemultirange,
    'datemultirange',
    Oid.datemultirangeArray,
  ],
  [
    makeRangeType(Oid.tsrange, 'tsrange', timestampType),
    Oid.tsrangeArray,
    Oid.tsmultirange,
    'tsmultirange',
    Oid.tsmultirangeArray,
  ],
  [
    makeRangeType(Oid.tstzrange, 'tstzrange', timestamptzType),
    Oid.tstzrangeArray,
    Oid.tstzmultirange,
    'tstzmultirange',
    Oid.tstzmultirangeArray,
  ],
];
const rangeTypes: readonly (readonly [SqlType, number])[] = ranges.flatMap(
  ([range, arrayOid, multirangeOid, name, multirangeArrayOid]): (readonly [SqlType, number])[] => [
    [range, arrayOid],
    [makeMultirangeType(multirangeOid, name, range), multirangeArrayOid],
  ],
);

/** Types with the oid of their array type. */
const stored: readonly (readonly [type: SqlType, arrayOid: number])[] = [
  [boolType, Oid.boolArray],
  [byteaType, Oid.byteaArray],
  [charType, Oid.charArray],
  [nameType, Oid.nameArray],
  [int8Type, Oid.int8Array],
  [int2Type, Oid.int2Array],
  [int4Type, Oid.int4Array],
  [textType, Oid.textArray],
  [float4Type, Oid.float4Array],
  [float8Type, Oid.float8Array],
  [bpcharType, Oid.bpcharArray],
  [varcharType, Oid.varcharArray],
  [numericType, Oid.numericArray],
  [uuidType, Oid.uuidArray],
  [jsonType, Oid.jsonArray],
  [jsonbType, Oid.jsonbArray],
  [jsonpathType, Oid.jsonpathArray],
  [dateType, Oid.dateArray],
  [timeType, Oid.timeArray],
  [timetzType, Oid.timetzArray],
  [timestampType, Oid.timestampArray],
  [timestamptzType, Oid.timestamptzArray],
  [intervalType, Oid.intervalArray],
  [bitType, Oid.bitArray],
  [varbitType, Oid.varbitArray],
  [moneyType, Oid.moneyArray],
  [recordType, Oid.recordArray],
  [tsvectorType, Oid.tsvectorArray],
  [tsqueryType, Oid.tsqueryArray],
  [regconfigType, Oid.regconfigArray],
  ...rangeTypes,
  [int2vectorType, Oid.int2vectorArray],
  [oidvectorType, Oid.oidvectorArray],
  [inetType, Oid.inetArray],
  [cidrType, Oid.cidrArray],
  [macaddrType, Oid.macaddrArray],
  [macaddr8Type, Oid.macaddr8Array],
  [pgLsnType, Oid.pgLsnArray],
  [xid8Type, Oid.xid8Array],
  ...snapshotTypes,
  [tidType, Oid.tidArray],
  ...geometricTypes,
  ...oidTypes,
];

const byOid = new Map<number, SqlType>();
const byName = new Map<string, SqlType>();

function add(type: SqlType): void {
  byOid.set(type.oid, type);
  byName.set(type.name, type);
}

for (const [type, arrayOid] of stored) {
  add(type);
  add(makeArrayType(arrayOid, type));
}
add(unknownType);
add(cstringType);
for (const type of pseudoTypes) add(type);

/** Names of the SQL standard and of custom that are no typname, in lower case with single blanks. */
const aliases: Readonly<Record<string, string>> = {
  bigint: 'int8',
  boolean: 'bool',
  character: 'bpchar',
  'character varying': 'varchar',
  dec: 'numeric',
  decimal: 'numeric',
  'double precision': 'float8',
  float: 'float8',
  int: 'int4',
  integer: 'int4',
  'bit varying': 'varbit',
  'national character': 'bpchar',
  'national character varying': 'varchar',
  nchar: 'bpchar',
  real: 'float4',
  smallint: 'int2',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
};

/** The built-in type with this oid. */
export function typeByOid(oid: number): SqlType | undefined {
  return byOid.get(oid);
}

/** The built-in type with this oid, which must exist. */
export function builtinType(oid: number): SqlType {
  const type = byOid.get(oid);
  if (type === undefined) throw new RangeError(`no built-in type has oid ${oid}`);
  return type;
}

/**
 * A built-in type by PostgreSQL's name ('int4', '_int4') or an SQL spelling ('integer', 'character varying'), lower case,
 * without modifiers; `[]` at the end for arrays. (`char` is the grammar's spelling of bpchar(1) and `"char"` is a type of
 * its own: a name that reaches here as 'char' is taken as the quoted one.)
 */
export function typeByName(name: string): SqlType | undefined {
  if (name.endsWith('[]')) return typeByName(name.slice(0, -2).trimEnd())?.arrayType ?? undefined;
  return byName.get(name) ?? byName.get(aliases[name] ?? '');
}

/** Every built-in type, for pg_type and the documentation. */
export function builtinTypes(): Iterable<SqlType> {
  return byOid.values();
}
