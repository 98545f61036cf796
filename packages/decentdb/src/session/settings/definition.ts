/**
 * What a setting is: its default, how values are checked, and how SHOW prints them.
 *
 * I1  A stored value is always canonical: what `parse` returned, which is what SHOW prints.
 */
import { DecentDbError } from '../../base/errors.ts';

export interface SettingDefinition {
  /** As PostgreSQL spells it; looked up without regard to case. */
  readonly name: string;
  readonly initial: string;
  readonly description: string;
  /** Canonical text of a new value, or throws 22023. */
  readonly parse: (text: string, name: string) => string;
  /** Only reports: SET is refused (55P02). */
  readonly isReadOnly: boolean;
  /** Plans and bound statements depend on it: part of the plan cache's key. */
  readonly affectsPlans: boolean;
}

export function invalidValue(name: string, text: string, hint?: string): DecentDbError {
  return new DecentDbError('22023', `invalid value for parameter "${name}": "${text}"`, { hint });
}

const booleans: Readonly<Record<string, string>> = {
  on: 'on',
  true: 'on',
  yes: 'on',
  '1': 'on',
  t: 'on',
  y: 'on',
  off: 'off',
  false: 'off',
  no: 'off',
  '0': 'off',
  f: 'off',
  n: 'off',
};

export function parseBoolean(text: string, name: string): string {
  const value = booleans[text.trim().toLowerCase()];
  if (value === undefined) throw new DecentDbError('22023', `parameter "${name}" requires a Boolean value`);
  return value;
}

/** A switch that cannot be turned on: accepts every spelling of off. */
export function parseOff(text: string, name: string): string {
  if (parseBoolean(text, name) === 'on') throw invalidValue(name, text, 'It cannot be turned on.');
  return 'off';
}

export function oneOf(...values: readonly string[]): SettingDefinition['parse'] {
  return (text, name) => {
    const found = values.find((v) => v.toLowerCase() === text.trim().toLowerCase());
    if (found === undefined) throw invalidValue(name, text, `Available values: ${values.join(', ')}.`);
    return found;
  };
}

export const anyText: SettingDefinition['parse'] = (text) => text;

/** Units with their size in the smallest one (bytes, milliseconds); factors go from large to small when printing. */
const byteUnits: readonly (readonly [unit: string, size: number])[] = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['kB', 1024],
  ['B', 1],
];
const timeUnits: readonly (readonly [unit: string, size: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
];

function parseQuantity(
  text: string,
  name: string,
  units: readonly (readonly [string, number])[],
  plainUnit: number,
): number {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(text);
  if (match === null) throw invalidValue(name, text);
  const unit = match[2] as string;
  const size = unit === '' ? plainUnit : units.find(([u]) => u === unit)?.[1];
  if (size === undefined)
    throw invalidValue(
      name,
      text,
      `Valid units for this parameter are ${units.map(([u]) => `"${u}"`).join(', ')}.`,
    );
  return Math.round(Number(match[1]) * size);
}

function printQuantity(value: number, units: readonly (readonly [string, number])[]): string {
  if (value === 0) return '0';
  for (const [unit, size] of units) if (value % size === 0) return `${value / size}${unit}`;
  return String(value);
}

/** Milliseconds; plain numbers are milliseconds. */
export const parseDuration: SettingDefinition['parse'] = (text, name) => {
  const value = parseQuantity(text, name, timeUnits, 1);
  if (value < 0) throw invalidValue(name, text);
  return printQuantity(value, timeUnits);
};

/** Bytes; plain numbers are kilobytes, as in PostgreSQL. */
export const parseMemory: SettingDefinition['parse'] = (text, name) => {
  const value = parseQuantity(text, name, byteUnits, 1024);
  if (value < 64 * 1024) throw invalidValue(name, text, 'The least is 64kB.');
  return printQuantity(value, byteUnits);
};

export function durationMs(canonical: string): number {
  return parseQuantity(canonical, '', timeUnits, 1);
}

export function memoryBytes(canonical: string): number {
  return parseQuantity(canonical, '', byteUnits, 1024);
}

/** A number from 0 to 1. */
export const parseFraction: SettingDefinition['parse'] = (text, name) => {
  const value = Number(text.trim());
  if (text.trim() === '' || Number.isNaN(value)) throw invalidValue(name, text);
  if (value < 0 || value > 1)
    throw new DecentDbError('22023', `${value} is outside the valid range for parameter "${name}" (0 .. 1)`);
  return String(value);
};

export function integerBetween(least: number, most: number): SettingDefinition['parse'] {
  return (text, name) => {
    const value = Number(text.trim());
    if (!Number.isInteger(value)) throw invalidValue(name, text);
    if (value < least || value > most)
      throw new DecentDbError(
        '22023',
        `${value} is outside the valid range for parameter "${name}" (${least} .. ${most})`,
      );
    return String(value);
  };
}

/** Size of a table; plain numbers are blocks of 8 kB, as in PostgreSQL. */
export const parseTableSize: SettingDefinition['parse'] = (text, name) => {
  const value = parseQuantity(text, name, byteUnits, 8192);
  if (value < 0) throw invalidValue(name, text);
  return printQuantity(value, byteUnits);
};

/** A number that is not negative. */
export const parseCost: SettingDefinition['parse'] = (text, name) => {
  const value = Number(text.trim());
  if (text.trim() === '' || Number.isNaN(value)) throw invalidValue(name, text);
  if (value < 0 || value === Number.POSITIVE_INFINITY)
    throw new DecentDbError(
      '22023',
      `${value} is outside the valid range for parameter "${name}" (0 .. 1.79769e+308)`,
    );
  return String(value);
};
