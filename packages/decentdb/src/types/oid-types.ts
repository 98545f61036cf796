/**
 * oid and the reg* types, which print as the names of what they point at.
 *
 * I1  The datum is the oid, a number of 0 .. 2^32 - 1; 0 prints as `-` for the reg* types.
 */
import { DecentDbError } from '../base/errors.ts';
import { parseInteger, valueOutOfRange } from './integer-types.ts';
import { Oid } from './oids.ts';
import {
  defineType,
  hashNumber,
  invalidInput,
  Physical,
  type SqlType,
  type TypeSettings,
} from './sql-type.ts';

/** C's notation: 0x before hexadecimal digits, 0 before octal ones. */
function parseUnsigned(text: string): number | bigint | null {
  const octal = /^\s*([+-]?)0([0-7]+)\s*$/.exec(text);
  if (octal !== null) {
    const value = Number.parseInt(octal[2]!, 8);
    return octal[1] === '-' ? -value : value;
  }
  return /^\s*[+-]?(0[xX][0-9a-fA-F]+|[1-9]\d*|0)\s*$/.test(text) ? parseInteger(text) : null;
}

function parseOid(text: string, name: string): number {
  const value = parseUnsigned(text);
  if (value === null) throw invalidInput(name, text);
  if (value < -2147483648 || value > 4294967295) throw valueOutOfRange(text, name);
  return value < 0 ? Number(value) + 4294967296 : Number(value);
}

function definePlain(oid: number, name: string, category: string, isPreferred: boolean): SqlType {
  return defineType({
    oid,
    name,
    sqlName: name,
    category,
    isPreferred,
    physical: Physical.int64,
    input: (text) => parseOid(text, name),
    hash: hashNumber,
  });
}

function defineRegistered(oid: number, name: string): SqlType {
  const kind = name;
  const input = (text: string, settings: TypeSettings): number => {
    // An operator may be called that.
    if (text === '-' && kind !== 'regoper') return 0;
    if (/^\d+$/.test(text)) return parseOid(text, name);
    if (settings.objectNames === undefined)
      throw new DecentDbError('0A000', `looking up names of type ${name} is not supported here`);
    return settings.objectNames.oidOf(kind, text);
  };
  const output = (value: number, settings: TypeSettings): string =>
    value === 0 ? '-' : (settings.objectNames?.nameOf(kind, value) ?? String(value));
  return defineType({
    oid,
    name,
    sqlName: name,
    category: 'N',
    physical: Physical.int64,
    input: (text, _typmod, settings) => input(text, settings),
    output,
    hash: hashNumber,
    toJs: (value: number, options) => output(value, options.settings),
  });
}

export const oidType: SqlType = definePlain(Oid.oid, 'oid', 'N', true);

/** With the oid of each one's array type. */
export const oidTypes: readonly (readonly [SqlType, number])[] = [
  [oidType, Oid.oidArray],
  [definePlain(Oid.xid, 'xid', 'U', false), Oid.xidArray],
  [definePlain(Oid.cid, 'cid', 'U', false), Oid.cidArray],
  [defineRegistered(Oid.regclass, 'regclass'), Oid.regclassArray],
  [defineRegistered(Oid.regtype, 'regtype'), Oid.regtypeArray],
  [defineRegistered(Oid.regproc, 'regproc'), Oid.regprocArray],
  [defineRegistered(Oid.regprocedure, 'regprocedure'), Oid.regprocedureArray],
  [defineRegistered(Oid.regoper, 'regoper'), Oid.regoperArray],
  [defineRegistered(Oid.regoperator, 'regoperator'), Oid.regoperatorArray],
  [defineRegistered(Oid.regnamespace, 'regnamespace'), Oid.regnamespaceArray],
  [defineRegistered(Oid.regrole, 'regrole'), Oid.regroleArray],
  [defineRegistered(Oid.regcollation, 'regcollation'), Oid.regcollationArray],
];
