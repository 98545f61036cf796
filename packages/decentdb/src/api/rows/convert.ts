/**
 * How a datum of each type becomes what the caller asked for: JavaScript values, or PostgreSQL's text.
 *
 * I1  `null` is null in every form.
 */
import { Oid } from '../../types/oids.ts';
import type { JsOptions, SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';

/** js: values as the options say; text: what psql prints. */
export type ValueFormat = 'js' | 'text';

/** Null when the datum is the value already. */
export type Converter = ((value: Datum) => unknown) | null;

const plainOids = new Set<number>([
  Oid.int2,
  Oid.int4,
  Oid.oid,
  Oid.float4,
  Oid.float8,
  Oid.text,
  Oid.varchar,
  Oid.bpchar,
  Oid.name,
  Oid.uuid,
  Oid.bool,
]);
const textOids = new Set<number>([Oid.text, Oid.varchar, Oid.bpchar, Oid.name, Oid.uuid]);

export function converterFor(type: SqlType, format: ValueFormat, options: JsOptions): Converter {
  if (format === 'text') {
    if (textOids.has(type.oid)) return null;
    const { settings } = options;
    return (value) => (value === null ? null : type.output(value, settings));
  }
  if (plainOids.has(type.oid) || (type.oid === Oid.int8 && options.int8 === 'auto')) return null;
  return (value) => (value === null ? null : type.toJs(value, options));
}
