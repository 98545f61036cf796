/**
 * Operator classes of btree, hash and brin indexes: known by name and by the type they take (PostgreSQL, section 11.10). There is one
 * order to a type here, so a class that fits is remembered for the definition and changes nothing.
 */
import { DecentDbError } from '../../base/errors.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { Oid as T } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';

const TEXTS = [T.text, T.varchar];

/** Types by class name, without the `_ops` at the end. */
const CLASSES: ReadonlyMap<string, readonly number[] | ((type: SqlType) => boolean)> = new Map<
  string,
  readonly number[] | ((type: SqlType) => boolean)
>([
  ['array', (type) => type.elementType !== null],
  ['bit', [T.bit, T.varbit]],
  ['bool', [T.bool]],
  ['bpchar', [T.bpchar, ...TEXTS]],
  ['bpchar_pattern', [T.bpchar, ...TEXTS]],
  ['bytea', [T.bytea]],
  ['char', [T.char]],
  ['cidr', [T.inet, T.cidr]],
  ['date', [T.date]],
  ['enum', (type) => type.kind === 'enum'],
  ['float4', [T.float4]],
  ['float8', [T.float8]],
  ['inet', [T.inet, T.cidr]],
  ['int2', [T.int2]],
  ['int4', [T.int4]],
  ['int8', [T.int8]],
  ['interval', [T.interval]],
  ['jsonb', [T.jsonb]],
  ['macaddr8', [T.macaddr8]],
  ['macaddr', [T.macaddr]],
  ['money', [T.money]],
  ['multirange', (type) => type.kind === 'multirange'],
  ['name', [T.name]],
  ['numeric', [T.numeric]],
  ['oid', [T.oid, T.regclass, T.regtype, T.regproc, T.regprocedure]],
  ['pg_lsn', [T.pgLsn]],
  ['range', (type) => type.kind === 'range'],
  ['record', (type) => type.kind === 'composite'],
  ['text', TEXTS],
  ['text_pattern', TEXTS],
  ['tid', [T.tid]],
  ['time', [T.time]],
  ['timestamp', [T.timestamp]],
  ['timestamptz', [T.timestamptz]],
  ['timetz', [T.timetz]],
  ['tsquery', [T.tsquery]],
  ['tsvector', [T.tsvector]],
  ['uuid', [T.uuid]],
  ['varbit', [T.varbit, T.bit]],
  ['varchar', TEXTS],
  ['varchar_pattern', TEXTS],
  ['xid8', [T.xid8]],
]);

/** The suffix of brin's classes says how they summarise; what they take is the same. */
const BRIN_SUFFIX = /_(?:minmax|minmax_multi|inclusion|bloom)$/;

/** The class to remember: null for none and for the type's own. 42704 for a class nobody knows, 42804 for one of another type. */
export function operatorClass(
  written: readonly string[],
  type: SqlType,
  accessMethod: string,
): string | null {
  const name = written.at(-1);
  if (name === undefined) return null;
  const stem = name.endsWith('_ops') ? name.slice(0, -'_ops'.length) : name;
  const known = CLASSES.get(accessMethod === 'brin' ? stem.replace(BRIN_SUFFIX, '') : stem);
  if (known === undefined || !name.endsWith('_ops'))
    throw new DecentDbError(
      '42704',
      `operator class "${written.join('.')}" does not exist for access method "${accessMethod}"`,
    );
  let base = type;
  while (base.baseType !== null) base = base.baseType;
  if (!(typeof known === 'function' ? known(base) : known.includes(base.oid)))
    throw new DecentDbError(
      '42804',
      `operator class "${written.join('.')}" does not accept data type ${type.sqlName(-1)}`,
    );
  const own = base.oid === T.varchar ? 'text' : base.kind === 'base' ? base.name : base.kind;
  const ownName = `${base.elementType !== null ? 'array' : own}${accessMethod === 'brin' ? '_minmax' : ''}_ops`;
  return name === ownName ? null : written.join('.');
}

/** What hash and brin indexes cannot be, as PostgreSQL says it. */
export function checkMethodLimits(stmt: ast.IndexStmt): void {
  const { accessMethod } = stmt;
  if (accessMethod !== 'hash' && accessMethod !== 'brin') return;
  const lacks = (what: string): DecentDbError =>
    new DecentDbError('0A000', `access method "${accessMethod}" does not support ${what}`);
  if (stmt.unique) throw lacks('unique indexes');
  if (stmt.indexIncludingParams.length > 0) throw lacks('included columns');
  if (stmt.indexParams.length > 1 && accessMethod === 'hash') throw lacks('multicolumn indexes');
  for (const element of stmt.indexParams) {
    if (element.ordering !== 'SORTBY_DEFAULT') throw lacks('ASC/DESC options');
    if (element.nulls_ordering !== 'SORTBY_NULLS_DEFAULT') throw lacks('NULLS FIRST/LAST options');
  }
}
