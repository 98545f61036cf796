/** What the executor needs to know of a type beyond its physical kind. */
import { Oid } from '../types/oids.ts';
import { domainBase, type SqlType } from '../types/sql-type.ts';
import { Physical } from '../types/vector.ts';

/** Text whose equality is that of the strings and whose order is by code point: not bpchar, not json. */
export function isPlainText(type: SqlType): boolean {
  const { oid } = domainBase(type);
  return oid === Oid.text || oid === Oid.varchar || oid === Oid.name;
}

/** Whether rows sorted by the executor are in the order of a tree: that is so for integers, uuids and plain text. */
export function sortsAsStored(type: SqlType): boolean {
  const { physical } = type;
  return (
    physical === Physical.int32 ||
    physical === Physical.int64 ||
    physical === Physical.uuid ||
    (physical === Physical.text && isPlainText(type))
  );
}

/** int2, int4, int8. */
export function isInteger(type: SqlType): boolean {
  return type.oid === Oid.int4 || type.oid === Oid.int8 || type.oid === Oid.int2;
}
