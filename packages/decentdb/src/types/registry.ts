/**
 * The built-in types by oid and by name.
 *
 * I1  One object per oid. Types of the user (enums, domains, composites) live in the catalogue.
 * I2  Types that few programs use are made when one is asked for that the others are not.
 */

import { makeArrayType } from './array-type.ts';
import { boolType } from './bool-type.ts';
import { byteaType } from './bytea-type.ts';
import { recordType } from './composite.ts';
import { dateType, timestampType, timestamptzType, timeType, timetzType } from './date-time-types.ts';
import { float4Type, float8Type } from './float-types.ts';
import { int2Type, int4Type, int8Type } from './integer-types.ts';
import { intervalType } from './interval-type.ts';
import { jsonbType, jsonType } from './json-types.ts';
import { numericType } from './numeric-type.ts';
import { oidTypes } from './oid-types.ts';
import { Oid } from './oids.ts';
import { pseudoTypes } from './pseudo-types.ts';
import { rareTypes } from './rare-types.ts';
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
import { uuidType } from './uuid-type.ts';

/** Oids below this are the system's. */
const FIRST_USER_OID = 16384;

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
  [dateType, Oid.dateArray],
  [timeType, Oid.timeArray],
  [timetzType, Oid.timetzArray],
  [timestampType, Oid.timestampArray],
  [timestamptzType, Oid.timestamptzArray],
  [intervalType, Oid.intervalArray],
  [recordType, Oid.recordArray],
  ...oidTypes,
];

const byOid = new Map<number, SqlType>();
const byName = new Map<string, SqlType>();

function add(type: SqlType): void {
  byOid.set(type.oid, type);
  byName.set(type.name, type);
}

function addStored(types: typeof stored): void {
  for (const [type, arrayOid] of types) {
    add(type);
    add(makeArrayType(arrayOid, type));
  }
}

addStored(stored);
add(unknownType);
add(cstringType);
for (const type of pseudoTypes) add(type);

let isComplete = false;

/** I2. */
function addRare(): void {
  if (isComplete) return;
  isComplete = true;
  addStored(rareTypes());
}

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
  const type = byOid.get(oid);
  if (type !== undefined || isComplete || oid >= FIRST_USER_OID) return type;
  addRare();
  return byOid.get(oid);
}

/** The built-in type with this oid, which must exist. */
export function builtinType(oid: number): SqlType {
  const type = typeByOid(oid);
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
  const type = byName.get(name) ?? byName.get(aliases[name] ?? '');
  if (type !== undefined || isComplete) return type;
  addRare();
  return typeByName(name);
}

/** Every built-in type, for pg_type and the documentation. */
export function builtinTypes(): Iterable<SqlType> {
  addRare();
  return byOid.values();
}
