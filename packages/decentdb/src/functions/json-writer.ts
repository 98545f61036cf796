/**
 * SQL values as the text of `json`: members in the order given, json embedded as written.
 */
import { SqlArray } from '../types/array.ts';
import { Decimal } from '../types/decimal.ts';
import { formatJson, type Jsonb, quoteJson } from '../types/json.ts';
import { Oid as T } from '../types/oids.ts';
import { domainBase, type SqlType, type TypeField, type TypeSettings } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { jsonOfDatum } from './json-kernel.ts';

/** JSON text of any SQL value (to_json). `lineBreak` goes between elements and members (row_to_json pretty). */
export function jsonTextOf(value: Datum, given: SqlType, settings: TypeSettings, lineBreak = ''): string {
  if (value === null) return 'null';
  const type = domainBase(given);
  if (type.oid === T.json) return value as string;
  if (type.oid === T.jsonb) return formatJson((value as Jsonb).node);
  if (value instanceof SqlArray) return arrayText(value, type.elementType!, settings, lineBreak);
  if (type.fields !== null) return recordText(value, type.fields, settings, lineBreak);
  const node = jsonOfDatum(value, type, settings);
  if (node instanceof Decimal)
    return type.oid === T.float4 || type.oid === T.float8 ? type.output(value, settings) : node.toString();
  return typeof node === 'string' ? quoteJson(node) : String(node);
}

function arrayText(array: SqlArray, element: SqlType, settings: TypeSettings, lineBreak: string): string {
  let at = 0;
  const level = (depth: number): string => {
    const items = Array.from({ length: array.lengths[depth] ?? 0 }, () =>
      depth + 1 < array.dimensions
        ? level(depth + 1)
        : jsonTextOf(array.elements[at++] ?? null, element, settings),
    );
    return `[${items.join(depth === 0 && lineBreak !== '' ? `,${lineBreak}` : ',')}]`;
  };
  return array.dimensions === 0 ? '[]' : level(0);
}

function recordText(
  row: Datum,
  fields: readonly TypeField[],
  settings: TypeSettings,
  lineBreak: string,
): string {
  const values = row as unknown as readonly Datum[];
  const members = fields.map(
    ({ name, type }, i) => `${quoteJson(name)}:${jsonTextOf(values[i] ?? null, type, settings)}`,
  );
  return `{${members.join(`,${lineBreak}`)}}`;
}
