/**
 * The type a dropped column keeps. Its values are still in the rows and still read with them, while a type of the user's may be
 * dropped after the column and would be missed.
 */
import { FIRST_OBJECT_ID } from '../../catalog/catalog.ts';
import { Oid } from '../../types/oids.ts';
import { typeByOid } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { Physical } from '../../types/vector.ts';

const STAND_INS: ReadonlyMap<Physical, number> = new Map([
  [Physical.bool, Oid.bool],
  [Physical.int32, Oid.int4],
  [Physical.int64, Oid.int8],
  [Physical.float64, Oid.float8],
  [Physical.text, Oid.text],
  [Physical.uuid, Oid.uuid],
  [Physical.bytes, Oid.bytea],
  [Physical.numeric, Oid.numeric],
]);

/** A type of the system's that reads what was stored under `type`; null when only the type itself can. */
export function standInFor(type: SqlType): SqlType | null {
  if (type.oid < FIRST_OBJECT_ID) return type;
  const oid = STAND_INS.get(type.physical);
  return oid === undefined ? null : (typeByOid(oid) ?? null);
}
