// Type names as SQL text, in SQL's spelling where it has one.

import type { Expr, TypeName } from '../ast/nodes.ts';
import { printExpr } from './expression.ts';
import { quoteName } from './quote.ts';

const SPELLED: ReadonlyMap<string, string> = new Map([
  ['int2', 'smallint'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['float4', 'real'],
  ['float8', 'double precision'],
  ['bool', 'boolean'],
  ['numeric', 'numeric'],
  ['json', 'json'],
  ['varchar', 'character varying'],
  ['varbit', 'bit varying'],
  ['timestamp', 'timestamp without time zone'],
  ['timestamptz', 'timestamp with time zone'],
  ['time', 'time without time zone'],
  ['timetz', 'time with time zone'],
]);

const FIELDS: readonly (readonly [number, string])[] = [
  [1 << 2, 'YEAR'],
  [1 << 1, 'MONTH'],
  [1 << 3, 'DAY'],
  [1 << 10, 'HOUR'],
  [1 << 11, 'MINUTE'],
  [1 << 12, 'SECOND'],
];
const INTERVAL_FULL_RANGE = 0x7fff;

export function printTypeName(type: TypeName): string {
  const bounds = type.arrayBounds.map((bound) => (bound < 0 ? '[]' : `[${bound}]`)).join('');
  const text = type.pct_type ? `${quoteName(type.names)}%TYPE` : printBase(type);
  return `${type.setof ? 'SETOF ' : ''}${text}${bounds}`;
}

function printBase(type: TypeName): string {
  const { names, typmods } = type;
  const isSystem = names.length === 2 && names[0] === 'pg_catalog';
  if (!isSystem) return quoteName(names) + printModifiers(typmods);
  const name = names[1]!;
  if (name === 'interval') return printInterval(typmods);
  const mods = printModifiers(typmods);
  // Without a length, CHARACTER and BIT mean length 1: the internal names mean none.
  if (name === 'bpchar' && mods !== '') return `character${mods}`;
  if (name === 'bit' && mods !== '') return `bit${mods}`;
  const spelled = SPELLED.get(name);
  if (spelled === undefined) return quoteName(names) + mods;
  if (mods === '') return spelled;
  const space = spelled.indexOf(' ');
  const zoned = name.startsWith('time');
  return zoned ? `${spelled.slice(0, space)}${mods}${spelled.slice(space)}` : spelled + mods;
}

function printModifiers(typmods: readonly Expr[]): string {
  return typmods.length === 0 ? '' : `(${typmods.map(printExpr).join(', ')})`;
}

/** The type with its fields: `interval DAY TO SECOND(3)`. */
function printInterval(typmods: readonly Expr[]): string {
  const first = typmods[0];
  if (first === undefined) return 'interval';
  const precision = typmods[1] === undefined ? '' : `(${printExpr(typmods[1])})`;
  const mask = first.kind === 'A_Const' ? first.ival : INTERVAL_FULL_RANGE;
  if (mask === INTERVAL_FULL_RANGE) return `interval${precision}`;
  const fields = FIELDS.filter(([bit]) => (mask & bit) !== 0).map(([, name]) => name);
  const last = fields[fields.length - 1]!;
  return `interval ${fields.length > 1 ? `${fields[0]} TO ${last}` : last}${precision}`;
}
