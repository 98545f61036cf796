/**
 * boolean.
 */
import { Oid } from './oids.ts';
import { defineType, invalidInput, Physical, type SqlType, textFromJs } from './sql-type.ts';

/** Spellings of a boolean: unique prefixes of true, false, yes, no; on, of(f), 1, 0; any case, blanks around. */
export function parseBoolean(text: string): boolean | null {
  const word = text.replace(/^[ \t-\r]+|[ \t-\r]+$/g, '').toLowerCase();
  if (word === '') return null;
  if ('true'.startsWith(word) || 'yes'.startsWith(word) || word === 'on' || word === '1') return true;
  if ('false'.startsWith(word) || 'no'.startsWith(word) || word === '0' || word === 'of' || word === 'off')
    return false;
  return null;
}

function input(text: string): boolean {
  const value = parseBoolean(text);
  if (value === null) throw invalidInput('boolean', text);
  return value;
}

export const boolType: SqlType = defineType({
  oid: Oid.bool,
  name: 'bool',
  sqlName: 'boolean',
  category: 'B',
  isPreferred: true,
  physical: Physical.bool,
  input,
  output: (value: boolean) => (value ? 't' : 'f'),
  hash: (value: boolean) => (value ? 1 : 0),
  fromJs: (value) => (typeof value === 'boolean' ? value : input(textFromJs(value, boolType))),
});
