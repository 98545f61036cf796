/**
 * text, varchar(n), char(n), name, "char", unknown, cstring: everything whose datum is plain text.
 *
 * I1  Lengths count characters (code points). typmod = n + 4.
 * I2  A bpchar datum is padded with blanks to its length; comparisons ignore trailing blanks.
 * I3  Datums are well-formed and hold no U+0000: `checkText` guards every way in.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid } from './oids.ts';
import {
  cannotBind,
  checkText,
  defineType,
  hashText,
  Physical,
  type SqlType,
  textFromJs,
} from './sql-type.ts';
import { codePointLength, compareText, offsetOfCodePoint } from './text-order.ts';

const LENGTH_MAX = 10_485_760;
/** Bytes of a name, without its terminator. */
const NAME_BYTES_MAX = 63;

function lengthTypmodIn(what: string): (modifiers: readonly number[]) => number {
  return (modifiers) => {
    const length = modifiers[0] ?? 0;
    if (modifiers.length !== 1) throw new DecentDbError('22023', 'invalid type modifier');
    if (length < 1) throw new DecentDbError('22023', `length for type ${what} must be at least 1`);
    if (length > LENGTH_MAX)
      throw new DecentDbError('22023', `length for type ${what} cannot exceed ${LENGTH_MAX}`);
    return length + 4;
  };
}

function tooLong(sqlName: string): DecentDbError {
  return new DecentDbError('22001', `value too long for type ${sqlName}`);
}

/** Cuts to `limit` characters when only blanks are lost or the cast is explicit; else throws 22001. */
function fitLength(value: string, limit: number, isExplicit: boolean, sqlName: string): string {
  if (value.length <= limit || codePointLength(value) <= limit) return value;
  const end = offsetOfCodePoint(value, limit);
  if (!isExplicit && /[^ ]/.test(value.slice(end))) throw tooLong(sqlName);
  return value.slice(0, end);
}

function fitVarchar(value: string, typmod: number, isExplicit: boolean): string {
  return typmod < 4 ? value : fitLength(value, typmod - 4, isExplicit, `character varying(${typmod - 4})`);
}

function fitBpchar(value: string, typmod: number, isExplicit: boolean): string {
  if (typmod < 4) return value;
  const limit = typmod - 4;
  const fitted = fitLength(value, limit, isExplicit, `character(${limit})`);
  const length = fitted.length < limit ? codePointLength(fitted) : limit;
  return length < limit ? fitted + ' '.repeat(limit - length) : fitted;
}

/** Text without its trailing blanks: what a char(n) value is when converted to text. */
export function trimBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Cut to what fits in a name: 63 bytes of UTF-8, never within a character. */
export function truncateName(text: string): string {
  if (text.length * 3 <= NAME_BYTES_MAX) return text;
  let bytes = 0;
  for (let i = 0; i < text.length; ) {
    const point = text.codePointAt(i)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (bytes > NAME_BYTES_MAX) return text.slice(0, i);
    i += point < 0x10000 ? 1 : 2;
  }
  return text;
}

/** "char": one byte; longer text is cut to its first byte, which is written octal when not ASCII. The zero byte is ''. */
export function charOfText(text: string): string {
  if (/^\\[0-3][0-7][0-7]$/.test(text)) {
    const code = Number.parseInt(text.slice(1), 8);
    return code === 0 ? '' : String.fromCharCode(code);
  }
  const point = text.codePointAt(0);
  if (point === undefined || point < 0x80) return text.slice(0, 1);
  const lead =
    point < 0x800 ? 0xc0 | (point >> 6) : point < 0x10000 ? 0xe0 | (point >> 12) : 0xf0 | (point >> 18);
  return String.fromCharCode(lead);
}

export function textOfChar(value: string): string {
  const code = value === '' ? 0 : value.charCodeAt(0);
  return code >= 0x80 ? `\\${code.toString(8).padStart(3, '0')}` : value;
}

function fromJs(value: unknown, type: SqlType): string {
  if (typeof value === 'string') return checkText(value);
  if (value instanceof Uint8Array || Array.isArray(value)) throw cannotBind(value, type);
  return textFromJs(value, type);
}

export const textType: SqlType = defineType({
  oid: Oid.text,
  name: 'text',
  sqlName: 'text',
  category: 'S',
  isPreferred: true,
  physical: Physical.text,
  input: checkText,
  compare: compareText,
  equals: Object.is,
  hash: hashText,
  fromJs: (value) => fromJs(value, textType),
});

export const varcharType: SqlType = defineType({
  oid: Oid.varchar,
  name: 'varchar',
  sqlName: (typmod) => (typmod < 4 ? 'character varying' : `character varying(${typmod - 4})`),
  category: 'S',
  physical: Physical.text,
  typmodIn: lengthTypmodIn('varchar'),
  input: (text, typmod) => fitVarchar(checkText(text), typmod, false),
  compare: compareText,
  equals: Object.is,
  hash: hashText,
  applyTypmod: fitVarchar,
  fromJs: (value) => fromJs(value, varcharType),
});

export const bpcharType: SqlType = defineType({
  oid: Oid.bpchar,
  name: 'bpchar',
  sqlName: (typmod) => (typmod < 4 ? 'character' : `character(${typmod - 4})`),
  category: 'S',
  physical: Physical.text,
  typmodIn: lengthTypmodIn('char'),
  input: (text, typmod) => fitBpchar(checkText(text), typmod, false),
  compare: (a: string, b: string) => compareText(trimBlanks(a), trimBlanks(b)),
  equals: (a: string, b: string) => a === b || trimBlanks(a) === trimBlanks(b),
  hash: (value: string) => hashText(trimBlanks(value)),
  applyTypmod: fitBpchar,
  fromJs: (value) => fromJs(value, bpcharType),
});

export const nameType: SqlType = defineType({
  oid: Oid.name,
  name: 'name',
  sqlName: 'name',
  category: 'S',
  physical: Physical.text,
  input: (text) => truncateName(checkText(text)),
  compare: compareText,
  equals: Object.is,
  hash: hashText,
  fromJs: (value) => truncateName(fromJs(value, nameType)),
});

export const charType: SqlType = defineType({
  oid: Oid.char,
  name: 'char',
  sqlName: '"char"',
  category: 'Z',
  physical: Physical.text,
  input: charOfText,
  output: textOfChar,
  compare: compareText,
  equals: Object.is,
  hash: hashText,
});

/** The type of a bare string literal or parameter before the binder decides. */
export const unknownType: SqlType = defineType({
  oid: Oid.unknown,
  name: 'unknown',
  sqlName: 'unknown',
  kind: 'pseudo',
  category: 'X',
  physical: Physical.text,
  input: checkText,
  compare: compareText,
  hash: hashText,
});

export const cstringType: SqlType = defineType({
  oid: Oid.cstring,
  name: 'cstring',
  sqlName: 'cstring',
  kind: 'pseudo',
  category: 'P',
  physical: Physical.text,
  input: checkText,
  compare: compareText,
  hash: hashText,
});
