/**
 * Changes of a column's type after which every stored value is one of the new type as it stands: rows and indexes stay.
 *
 *     varchar(n) to varchar(m >= n), varchar and text       text to varchar and text
 *     numeric(p, s) to numeric(q >= p, s) and numeric       timestamp(n), time(n), ... to a higher n and to none
 *     a domain to what it is made from                      anything to itself
 */
import type { ColumnDef } from '../../catalog/schema.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';

export function keepsStoredForm(old: ColumnDef, type: SqlType, typmod: number): boolean {
  const from = old.type;
  if (from.kind === 'domain' && from !== type) return typmod === -1 && baseOf(from) === type;
  if (from.oid === type.oid) return old.typmod === typmod || isWider(type.oid, old.typmod, typmod);
  const isText = (oid: number): boolean => oid === Oid.text || oid === Oid.varchar;
  return isText(from.oid) && isText(type.oid) && typmod === -1;
}

function baseOf(type: SqlType): SqlType {
  return type.kind === 'domain' && type.baseType !== null ? baseOf(type.baseType) : type;
}

function isWider(oid: number, old: number, next: number): boolean {
  switch (oid) {
    case Oid.varchar:
    case Oid.timestamp:
    case Oid.timestamptz:
    case Oid.time:
    case Oid.timetz:
      return next === -1 || (old !== -1 && next >= old);
    case Oid.numeric:
      // Precision in the high half, scale in the low one.
      return next === -1 || (old !== -1 && ((next - 4) & 0xffff) === ((old - 4) & 0xffff) && next >= old);
    default:
      return false;
  }
}
