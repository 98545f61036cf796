/**
 * regconfig: the name of a text search configuration. The built-in ones are all there are.
 *
 * I1  The datum is the oid, as of every reg* type.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid } from './oids.ts';
import { defineType, hashNumber, Physical, type SqlType } from './sql-type.ts';

/** Languages that have a configuration, with the last digits of its oid. */
const languages: readonly (readonly [name: string, oid: number])[] = [
  ['arabic', 36],
  ['armenian', 38],
  ['danish', 44],
  ['dutch', 46],
  ['english', 48],
  ['finnish', 50],
  ['french', 52],
  ['german', 54],
  ['greek', 56],
  ['hindi', 58],
  ['hungarian', 60],
  ['indonesian', 62],
  ['irish', 64],
  ['italian', 66],
  ['lithuanian', 68],
  ['nepali', 70],
  ['norwegian', 72],
  ['portuguese', 74],
  ['romanian', 76],
  ['russian', 78],
  ['serbian', 80],
  ['spanish', 82],
  ['swedish', 84],
  ['tamil', 86],
  ['turkish', 88],
];

/** Configurations by name. */
export const searchConfigs: ReadonlyMap<string, number> = new Map([
  ['simple', 3748],
  ...languages.map(([name, oid]) => [name, 13_000 + oid] as const),
]);

/** Oid of a configuration's name, with or without its schema; throws 42704. */
export function searchConfigOid(name: string): number {
  const plain = name.trim().replace(/^"?pg_catalog"?\s*\.\s*/i, '');
  const unquoted = /^".*"$/.test(plain) ? plain.slice(1, -1) : plain.toLowerCase();
  const oid = searchConfigs.get(unquoted);
  if (oid === undefined)
    throw new DecentDbError('42704', `text search configuration "${name}" does not exist`);
  return oid;
}

export function searchConfigName(oid: number): string | null {
  for (const [name, known] of searchConfigs) if (known === oid) return name;
  return null;
}

const output = (value: number): string => (value === 0 ? '-' : (searchConfigName(value) ?? String(value)));

export const regconfigType: SqlType = defineType({
  oid: Oid.regconfig,
  name: 'regconfig',
  sqlName: 'regconfig',
  category: 'N',
  physical: Physical.int64,
  input: (text) => (text === '-' ? 0 : /^\d+$/.test(text) ? Number(text) : searchConfigOid(text)),
  output,
  hash: hashNumber,
  toJs: output,
});
