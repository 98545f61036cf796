/** Which types are written and read the same way under all settings. */
import { Oid as T } from '../types/oids.ts';
import type { SqlType } from '../types/sql-type.ts';

const SETTING_DEPENDENT: ReadonlySet<number> = new Set([
  T.money,
  T.date,
  T.timestamp,
  T.timestamptz,
  T.interval,
  T.regclass,
  T.regtype,
  T.regproc,
  T.regprocedure,
  T.regnamespace,
  T.regrole,
  T.regconfig,
]);

/**
 * Whether a type's text form is the same under all settings: what PostgreSQL's output functions declare (pg_proc). `direction`:
 * times are written one way, but read by the DateStyle and zone of the moment.
 */
export function textVolatility(type: SqlType, direction: 'in' | 'out'): 'immutable' | 'stable' {
  const isTime = type.oid === T.time || type.oid === T.timetz;
  const isPlain = type.kind === 'base' && type.elementType === null && type.baseType === null;
  return isPlain && !SETTING_DEPENDENT.has(type.oid) && !(isTime && direction === 'in')
    ? 'immutable'
    : 'stable';
}
