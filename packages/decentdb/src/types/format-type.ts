/**
 * Names of types that mean the same when they are read again, as format_type(oid, typmod) of PostgreSQL gives them.
 *
 * I1  `character` and `bit` without a length would mean a length of 1: types without one have their internal names.
 */
import { Oid } from './oids.ts';
import type { SqlType } from './sql-type.ts';

const UNSIZED: ReadonlyMap<number, string> = new Map([
  [Oid.bpchar, 'bpchar'],
  [Oid.bit, '"bit"'],
]);

/** `typmod`: -1 for none. */
export function formattedType(type: SqlType, typmod: number): string {
  if (typmod >= 0) return type.sqlName(typmod);
  const unsized = UNSIZED.get(type.elementType?.oid ?? type.oid);
  if (unsized === undefined) return type.sqlName(-1);
  return type.kind === 'array' ? `${unsized}[]` : unsized;
}
