/**
 * pg_opclass, and the operator classes of an index's keys: what a column of a type is compared with.
 *
 * I1  The classes are PostgreSQL's, with its oids; that of pg_trgm, whose oid differs from database to database, has one of ours.
 */
import type { IndexDef, IndexKey } from '../../catalog/schema.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { domainBase } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { view } from './define.ts';
import { OWNER_ID, PG_CATALOG_ID } from './object-ids.ts';

const BTREE = 403;
const GIN = 2742;
const TRIGRAM_CLASS = 13090;
const ANY_ARRAY = 2277;
const ANY_ENUM = 3500;
const ANY_RANGE = 3831;
const ANY_MULTIRANGE = 4537;
const RECORD = 2249;

type OperatorClass = readonly [
  oid: number,
  name: string,
  method: number,
  family: number,
  type: number,
  isDefault: boolean,
  keyType: number,
];

const CLASSES: readonly OperatorClass[] = [
  [10000, 'array_ops', BTREE, 397, ANY_ARRAY, true, 0],
  [10002, 'bit_ops', BTREE, 423, 1560, true, 0],
  [10003, 'bool_ops', BTREE, 424, 16, true, 0],
  [10004, 'bpchar_ops', BTREE, 426, 1042, true, 0],
  [4219, 'bpchar_pattern_ops', BTREE, 2097, 1042, false, 0],
  [10006, 'bytea_ops', BTREE, 428, 17, true, 0],
  [10007, 'char_ops', BTREE, 429, 18, true, 0],
  [10009, 'cidr_ops', BTREE, 1974, 869, false, 0],
  [3122, 'date_ops', BTREE, 434, 1082, true, 0],
  [10069, 'enum_ops', BTREE, 3522, ANY_ENUM, true, 0],
  [10012, 'float4_ops', BTREE, 1970, 700, true, 0],
  [3123, 'float8_ops', BTREE, 1970, 701, true, 0],
  [10015, 'inet_ops', BTREE, 1974, 869, true, 0],
  [1979, 'int2_ops', BTREE, 1976, 21, true, 0],
  [1978, 'int4_ops', BTREE, 1976, 23, true, 0],
  [3124, 'int8_ops', BTREE, 1976, 20, true, 0],
  [10022, 'interval_ops', BTREE, 1982, 1186, true, 0],
  [10088, 'jsonb_ops', BTREE, 4033, 3802, true, 0],
  [10026, 'macaddr8_ops', BTREE, 3371, 774, true, 0],
  [10024, 'macaddr_ops', BTREE, 1984, 829, true, 0],
  [10047, 'money_ops', BTREE, 2099, 790, true, 0],
  [10080, 'multirange_ops', BTREE, 4199, ANY_MULTIRANGE, true, 0],
  [10028, 'name_ops', BTREE, 1994, 19, true, 2275],
  [3125, 'numeric_ops', BTREE, 1988, 1700, true, 0],
  [1981, 'oid_ops', BTREE, 1989, 26, true, 0],
  [10032, 'oidvector_ops', BTREE, 1991, 30, true, 0],
  [10067, 'pg_lsn_ops', BTREE, 3253, 3220, true, 0],
  [10076, 'range_ops', BTREE, 3901, ANY_RANGE, true, 0],
  [10034, 'record_ops', BTREE, 2994, RECORD, true, 0],
  [3126, 'text_ops', BTREE, 1994, 25, true, 0],
  [4217, 'text_pattern_ops', BTREE, 2095, 25, false, 0],
  [10050, 'tid_ops', BTREE, 2789, 27, true, 0],
  [10038, 'time_ops', BTREE, 1996, 1083, true, 0],
  [3128, 'timestamp_ops', BTREE, 434, 1114, true, 0],
  [3127, 'timestamptz_ops', BTREE, 434, 1184, true, 0],
  [10041, 'timetz_ops', BTREE, 2000, 1266, true, 0],
  [10074, 'tsquery_ops', BTREE, 3683, 3615, true, 0],
  [10071, 'tsvector_ops', BTREE, 3626, 3614, true, 0],
  [10065, 'uuid_ops', BTREE, 2968, 2950, true, 0],
  [10043, 'varbit_ops', BTREE, 2002, 1562, true, 0],
  [10044, 'varchar_ops', BTREE, 1994, 25, false, 0],
  [4218, 'varchar_pattern_ops', BTREE, 2095, 25, false, 0],
  [10053, 'xid8_ops', BTREE, 5067, 5069, true, 0],
  [10064, 'array_ops', GIN, 2745, ANY_ARRAY, true, 2283],
  [10090, 'jsonb_ops', GIN, 4036, 3802, true, 25],
  [10091, 'jsonb_path_ops', GIN, 4037, 3802, false, 23],
  [10073, 'tsvector_ops', GIN, 3659, 3614, true, 25],
  [TRIGRAM_CLASS, 'gin_trgm_ops', GIN, TRIGRAM_CLASS, 25, false, 23],
];

const VARCHAR = 1043;
const TEXT = 25;

/** indclass: the class of each key. */
export function operatorClasses(index: IndexDef): readonly number[] {
  return index.keys.map((key) => classOf(index, key));
}

function classOf(index: IndexDef, key: IndexKey): number {
  if (index.method === 'trigram') return TRIGRAM_CLASS;
  const method = index.method === 'btree' ? BTREE : GIN;
  if (key.opclass !== null) {
    const named = CLASSES.find(([, name, of]) => name === key.opclass && of === method);
    if (named !== undefined) return named[0];
  }
  const type = domainBase(key.type);
  const wanted = type.oid === VARCHAR ? TEXT : type.oid;
  const generic: Partial<Record<typeof type.kind, number>> = {
    array: ANY_ARRAY,
    enum: ANY_ENUM,
    range: ANY_RANGE,
    multirange: ANY_MULTIRANGE,
    composite: RECORD,
  };
  const find = (oid: number | undefined): OperatorClass | undefined =>
    CLASSES.find(([, , of, , input, isDefault]) => of === method && input === oid && isDefault);
  // A full text index over texts is one over their vectors.
  const fallback = method === GIN ? 3614 : TEXT;
  return (find(wanted) ?? find(generic[type.kind]) ?? find(fallback))?.[0] ?? 0;
}

function* classRows(): Iterable<readonly Datum[]> {
  for (const [oid, name, method, family, type, isDefault, keyType] of CLASSES)
    yield [oid, method, name, PG_CATALOG_ID, OWNER_ID, family, type, isDefault, keyType];
}

export const operatorClassView: VirtualTable = view(
  'pg_catalog',
  'pg_opclass',
  'oid oid, opcmethod oid, opcname name, opcnamespace oid, opcowner oid, opcfamily oid, opcintype oid, opcdefault bool, opckeytype oid',
  classRows,
);
