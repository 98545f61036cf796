/**
 * Literals. Integers take the first of int4, int8, numeric that holds them; quoted text stays unknown until used.
 */
import type { Expr } from '../../exec/expr.ts';
import { boolType } from '../../types/bool-type.ts';
import { int4Type, int8Type } from '../../types/integer-types.ts';
import { numericType } from '../../types/numeric-type.ts';
import { typeByName } from '../../types/registry.ts';
import { defaultTypeSettings, type SqlType } from '../../types/sql-type.ts';
import { unknownType } from '../../types/text-types.ts';
import type { Datum } from '../../types/vector.ts';
import type * as ast from '../ast/nodes.ts';
import { atLocation, bindNotSupported } from './errors.ts';

/** A constant of a type at a place. */
export function constant(value: Datum, type: SqlType, location: number, typmod: number = -1): Expr {
  return { kind: 'const', value, type, typmod, location };
}

export function bindConst(node: ast.A_Const): Expr {
  const { location } = node;
  switch (node.constType) {
    case 'Integer':
      return constant(node.ival, int4Type, location);
    case 'Float':
      return bindNumber(node.sval, location);
    case 'Boolean':
      return constant(node.boolval, boolType, location);
    case 'BitString':
      return bindBits(node.sval, location);
    case 'Null':
      return constant(null, unknownType, location);
    default:
      return constant(node.sval, unknownType, location);
  }
}

function bindBits(text: string, location: number): Expr {
  const bitType = typeByName('bit');
  if (bitType === undefined) throw bindNotSupported('type bit', location);
  return atLocation(location, () =>
    constant(bitType.input(text, -1, defaultTypeSettings), bitType, location),
  );
}

const INT4_MIN = -2147483648n;
const INT8_MAX = 9223372036854775807n;

/** Digits as written, perhaps with a minus before them: the least integer type that holds them, else numeric. */
function bindNumber(text: string, location: number): Expr {
  const digits = text.startsWith('-') ? text.slice(1) : text;
  if (isInteger(digits)) {
    const size = BigInt(digits.replaceAll('_', ''));
    const value = digits === text ? size : -size;
    if (value === INT4_MIN) return constant(Number(value), int4Type, location);
    if (value >= -INT8_MAX - 1n && value <= INT8_MAX)
      return constant(int8Type.input(String(value), -1, defaultTypeSettings), int8Type, location);
    return constant(numericType.input(String(value), -1, defaultTypeSettings), numericType, location);
  }
  return atLocation(location, () =>
    constant(numericType.input(text.replaceAll('_', ''), -1, defaultTypeSettings), numericType, location),
  );
}

function isInteger(text: string): boolean {
  return /^[0-9][0-9_]*$/.test(text) || /^0[xob][0-9a-f_]+$/i.test(text);
}
