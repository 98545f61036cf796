/**
 * Enum and domain types: made by the catalogue for CREATE TYPE ... AS ENUM and CREATE DOMAIN.
 *
 * I1  The datum of an enum value is its sort position (a float64, so that ADD VALUE BEFORE can place one between two others).
 * I2  A domain's datums are its base type's; its checks and NOT NULL are enforced where values are converted, not here.
 */
import { DecentDbError } from '../base/errors.ts';
import { quoted } from './composite.ts';
import { hashDouble } from './decimal.ts';
import { cannotBind, defineType, Physical, type SqlType } from './sql-type.ts';

/** A label and where it sorts. */
export interface EnumLabel {
  readonly label: string;
  readonly position: number;
}

export function makeEnumType(oid: number, name: string, labels: readonly EnumLabel[]): SqlType {
  const positions = new Map(labels.map(({ label, position }) => [label, position]));
  const names = new Map(labels.map(({ label, position }) => [position, label]));
  const read = (text: string): number => {
    const position = positions.get(text);
    if (position === undefined)
      throw new DecentDbError('22P02', `invalid input value for enum ${quoted(name)}: "${text}"`);
    return position;
  };
  const write = (value: number): string => {
    const label = names.get(value);
    if (label === undefined)
      throw new DecentDbError('XX001', `no label of enum ${quoted(name)} has position ${value}`);
    return label;
  };
  const type: SqlType = defineType({
    oid,
    name,
    sqlName: quoted(name),
    kind: 'enum',
    category: 'E',
    physical: Physical.float64,
    labels: [...labels].sort((a, b) => a.position - b.position).map(({ label }) => label),
    input: read,
    output: write,
    hash: hashDouble,
    toJs: write,
    fromJs: (value) => {
      if (typeof value !== 'string') throw cannotBind(value, type);
      return read(value);
    },
  });
  return type;
}

/** A domain over `base` (which may be a domain); `typmod` is the base type's modifier. */
export function makeDomainType(oid: number, name: string, base: SqlType, typmod: number): SqlType {
  return defineType({
    oid,
    name,
    sqlName: quoted(name),
    kind: 'domain',
    category: base.category,
    physical: base.physical,
    baseType: base,
    ...(base.codec === undefined ? {} : { codec: base.codec }),
    input: (text, _typmod, settings) => base.input(text, typmod, settings),
    output: base.output,
    compare: base.compare,
    equals: base.equals,
    hash: base.hash,
    applyTypmod: (value, _typmod, isExplicit) => base.applyTypmod(value, typmod, isExplicit),
    toJs: base.toJs,
    fromJs: (value, settings) => base.applyTypmod(base.fromJs(value, settings), typmod, false),
  });
}
