/**
 * Texts that say a time by the clock: 'now', 'today', 'tomorrow noon'.
 *
 * I1  What such a text means is found out each time its statement runs: a plan, or a value kept with a text, must not hold it.
 */
import { Oid } from './oids.ts';
import { domainBase, type SqlType } from './sql-type.ts';

const WORDS = /(?:^|[^a-z])(?:now|today|tomorrow|yesterday)(?:$|[^a-z])/i;

/** Longer texts are prose. */
const LENGTH_MAX = 64;

const READERS: ReadonlySet<number> = new Set([
  Oid.date,
  Oid.time,
  Oid.timetz,
  Oid.timestamp,
  Oid.timestamptz,
  Oid.daterange,
  Oid.tsrange,
  Oid.tstzrange,
]);

/** Whether the text may speak of the clock, to a type that understands it. */
export function namesClock(text: string): boolean {
  return text.length <= LENGTH_MAX && WORDS.test(text);
}

/** Whether the type's input looks at the clock for such a text. */
export function readsClock(type: SqlType): boolean {
  const base = domainBase(type);
  return READERS.has(base.oid) || (base.elementType !== null && READERS.has(base.elementType.oid));
}
