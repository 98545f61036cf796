/**
 * uuid: held as 36 lower-case characters, whose text order is the byte order.
 */
import { Oid } from './oids.ts';
import { defineType, hashText, invalidInput, Physical, type SqlType, textFromJs } from './sql-type.ts';

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LOOSE = /^\{?((?:[0-9a-f]{4}-?){7}[0-9a-f]{4})\}?$/i;

/** Canonical form of any spelling PostgreSQL reads (upper case, braces, hyphens after any group of four); null if none. */
export function parseUuid(text: string): string | null {
  if (CANONICAL.test(text)) return text;
  const match = LOOSE.exec(text);
  if (match === null || text.startsWith('{') !== text.endsWith('}')) return null;
  const digits = match[1]!.replaceAll('-', '').toLowerCase();
  return formatUuid(digits);
}

/** Hyphens into 32 hexadecimal digits. */
export function formatUuid(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

export const uuidType: SqlType = defineType({
  oid: Oid.uuid,
  name: 'uuid',
  sqlName: 'uuid',
  category: 'U',
  physical: Physical.uuid,
  input: (text) => {
    const uuid = parseUuid(text);
    if (uuid === null) throw invalidInput('uuid', text);
    return uuid;
  },
  hash: hashText,
  fromJs: (value, settings) => uuidType.input(textFromJs(value, uuidType), -1, settings),
});
