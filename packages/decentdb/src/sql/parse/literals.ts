// Constants as nodes.

import type { A_Const, Expr, TypeName } from '../ast/nodes.ts';
import type { Parser } from './parser.ts';

export function makeString(sval: string, location: number): A_Const {
  return { kind: 'A_Const', constType: 'String', ival: 0, boolval: false, sval, location };
}

export function makeFloat(sval: string, location: number): A_Const {
  return { kind: 'A_Const', constType: 'Float', ival: 0, boolval: false, sval, location };
}

export function makeNull(location: number): A_Const {
  return { kind: 'A_Const', constType: 'Null', ival: 0, boolval: false, sval: '', location };
}

export function makeBoolean(boolval: boolean, location: number): A_Const {
  return { kind: 'A_Const', constType: 'Boolean', ival: 0, boolval, sval: '', location };
}

export function makeCast(arg: Expr, typeName: TypeName, location: number): Expr {
  return { kind: 'TypeCast', arg, typeName, location };
}

/** The current bit string token as a constant. */
export function takeBitString(p: Parser): A_Const {
  const location = p.location;
  return { kind: 'A_Const', constType: 'BitString', ival: 0, boolval: false, sval: p.takeText(), location };
}

/** The current float token as a constant. */
export function takeFloat(p: Parser): A_Const {
  const location = p.location;
  return makeFloat(p.takeText(), location);
}
