/**
 * bit(n) and bit varying(n): held as text of 0 and 1, whose text order is PostgreSQL's order of bit strings.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid } from './oids.ts';
import { defineType, hashText, Physical, type SqlType } from './sql-type.ts';

const LENGTH_MAX = 83_886_080;

function typmodIn(name: string): (modifiers: readonly number[]) => number {
  return (modifiers) => {
    const length = modifiers[0] ?? 0;
    if (modifiers.length !== 1) throw new DecentDbError('22023', 'invalid type modifier');
    if (length < 1) throw new DecentDbError('22023', `length for type ${name} must be at least 1`);
    if (length > LENGTH_MAX)
      throw new DecentDbError('22023', `length for type ${name} cannot exceed ${LENGTH_MAX}`);
    return length;
  };
}

/** Reads `101`, `b101`, `x1F`. */
function parseBits(text: string): string {
  const isHex = /^[xX]/.test(text);
  const digits = /^[bBxX]/.test(text) ? text.slice(1) : text;
  const bad = (isHex ? /[^0-9a-fA-F]/u : /[^01]/u).exec(digits);
  if (bad !== null) {
    const shown = String.fromCodePoint(digits.codePointAt(bad.index)!);
    throw new DecentDbError('22P02', `"${shown}" is not a valid ${isHex ? 'hexadecimal' : 'binary'} digit`);
  }
  if (!isHex) return digits;
  return [...digits].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
}

function fitBit(value: string, typmod: number, isExplicit: boolean): string {
  if (typmod < 1 || value.length === typmod) return value;
  if (!isExplicit)
    throw new DecentDbError('22026', `bit string length ${value.length} does not match type bit(${typmod})`);
  return value.length > typmod ? value.slice(0, typmod) : value.padEnd(typmod, '0');
}

function fitVarbit(value: string, typmod: number, isExplicit: boolean): string {
  if (typmod < 1 || value.length <= typmod) return value;
  if (!isExplicit) throw new DecentDbError('22001', `bit string too long for type bit varying(${typmod})`);
  return value.slice(0, typmod);
}

export const bitType: SqlType = defineType({
  oid: Oid.bit,
  name: 'bit',
  sqlName: (typmod) => (typmod < 1 ? 'bit' : `bit(${typmod})`),
  category: 'V',
  physical: Physical.text,
  typmodIn: typmodIn('bit'),
  input: (text, typmod) => fitBit(parseBits(text), typmod, false),
  hash: hashText,
  applyTypmod: fitBit,
});

export const varbitType: SqlType = defineType({
  oid: Oid.varbit,
  name: 'varbit',
  sqlName: (typmod) => (typmod < 1 ? 'bit varying' : `bit varying(${typmod})`),
  category: 'V',
  isPreferred: true,
  physical: Physical.text,
  typmodIn: typmodIn('varbit'),
  input: (text, typmod) => fitVarbit(parseBits(text), typmod, false),
  hash: hashText,
  applyTypmod: fitVarbit,
});
