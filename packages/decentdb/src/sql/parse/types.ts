// Type names: SQL's multi-word types, generic names, modifiers, arrays, intervals.

import type { A_Const, Expr, TypeName } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { NONE, parseColLabel, parseList } from './names.ts';
import type { Parser } from './parser.ts';
import { isTypeFunctionName } from './parser.ts';

// Bits of an INTERVAL field mask, as PostgreSQL numbers them (1 << MONTH ...).
const MONTH = 1 << 1;
const YEAR = 1 << 2;
const DAY = 1 << 3;
const HOUR = 1 << 10;
const MINUTE = 1 << 11;
const SECOND = 1 << 12;
const INTERVAL_FULL_RANGE = 0x7fff;

export function makeInteger(ival: number, location: number): A_Const {
  return { kind: 'A_Const', constType: 'Integer', ival, boolval: false, sval: '', location };
}

export function makeTypeName(
  names: readonly string[],
  typmods: readonly Expr[],
  location: number,
  arrayBounds: readonly number[] = NONE,
): TypeName {
  return { kind: 'TypeName', names, setof: false, pct_type: false, typmods, arrayBounds, location };
}

/** A built-in type by its internal name. */
export function systemType(name: string, location: number, typmods: readonly Expr[] = NONE): TypeName {
  return makeTypeName(['pg_catalog', name], typmods, location);
}

/** Typename: [SETOF] SimpleTypename with array bounds. */
export function parseTypeName(p: Parser): TypeName {
  const setof = p.accept(K.SETOF);
  const simple = parseSimpleTypeName(p);
  const arrayBounds = parseArrayBounds(p);
  if (!setof && arrayBounds.length === 0) return simple;
  return { ...simple, setof, arrayBounds };
}

function parseArrayBounds(p: Parser): readonly number[] {
  if (p.kind === K.ARRAY) {
    p.next();
    if (!p.accept(T.LBRACKET)) return [-1];
    const bound = p.takeInteger();
    p.expect(T.RBRACKET);
    return [bound];
  }
  if (p.kind !== T.LBRACKET) return NONE;
  const bounds: number[] = [];
  while (p.accept(T.LBRACKET)) {
    bounds.push(p.kind === T.ICONST ? p.takeInteger() : -1);
    p.expect(T.RBRACKET);
  }
  return bounds;
}

/** SimpleTypename: no arrays. */
export function parseSimpleTypeName(p: Parser): TypeName {
  const builtin = parseConstTypeName(p, true);
  if (builtin !== null) return builtin;
  const location = p.location;
  if (p.kind === K.INTERVAL) {
    p.next();
    return parseIntervalTail(p, location);
  }
  return parseGenericType(p);
}

/** func_type: adds `name%TYPE`. */
export function parseFuncType(p: Parser): TypeName {
  return parseTypeName(p);
}

function parseGenericType(p: Parser): TypeName {
  const location = p.location;
  if (!isTypeFunctionName(p.kind)) p.fail();
  const names = [p.takeName()];
  while (p.accept(T.DOT)) names.push(parseColLabel(p));
  if (p.kind === T.PERCENT && p.peek() === K.TYPE) {
    p.next();
    p.next();
    return {
      kind: 'TypeName',
      names,
      setof: false,
      pct_type: true,
      typmods: NONE,
      arrayBounds: NONE,
      location,
    };
  }
  return makeTypeName(names, parseOptTypeModifiers(p), location);
}

export function parseOptTypeModifiers(p: Parser): readonly Expr[] {
  if (!p.accept(T.LPAREN)) return NONE;
  const list = parseList(p, parseExpr);
  p.expect(T.RPAREN);
  return list;
}

/** The types SQL spells with keywords (not INTERVAL); null when the current token starts none. `inType` is false for the
 * type of a typed literal, where a character type without length has no modifier. */
export function parseConstTypeName(p: Parser, inType: boolean): TypeName | null {
  const location = p.location;
  switch (p.kind) {
    case K.INT:
    case K.INTEGER:
      p.next();
      return systemType('int4', location);
    case K.SMALLINT:
      p.next();
      return systemType('int2', location);
    case K.BIGINT:
      p.next();
      return systemType('int8', location);
    case K.REAL:
      p.next();
      return systemType('float4', location);
    case K.FLOAT:
      p.next();
      return systemType(parseOptFloat(p), location);
    case K.DOUBLE:
      if (p.peek() !== K.PRECISION) return null;
      p.next();
      p.next();
      return systemType('float8', location);
    case K.DECIMAL:
    case K.DEC:
    case K.NUMERIC:
      p.next();
      return systemType('numeric', location, parseOptTypeModifiers(p));
    case K.BOOLEAN:
      p.next();
      return systemType('bool', location);
    case K.JSON:
      if (inType || p.peek() === T.SCONST) {
        p.next();
        return systemType('json', location);
      }
      return null;
    case K.BIT:
      return parseBitType(p, inType);
    case K.CHARACTER:
    case K.CHAR:
    case K.VARCHAR:
    case K.NATIONAL:
    case K.NCHAR:
      return parseCharacterType(p, inType);
    case K.TIMESTAMP:
    case K.TIME:
      return parseDateTimeType(p);
    default:
      return null;
  }
}

function parseOptFloat(p: Parser): string {
  if (!p.accept(T.LPAREN)) return 'float8';
  const at = p.location;
  const precision = p.takeInteger();
  p.expect(T.RPAREN);
  if (precision < 1) throw p.errorAt('22023', 'precision for type float must be at least 1 bit', at);
  if (precision <= 24) return 'float4';
  if (precision <= 53) return 'float8';
  throw p.errorAt('22023', 'precision for type float must be less than 54 bits', at);
}

function parseBitType(p: Parser, inType: boolean): TypeName {
  const location = p.location;
  p.next();
  const varying = p.accept(K.VARYING);
  if (p.kind === T.LPAREN) return systemType(varying ? 'varbit' : 'bit', location, parseOptTypeModifiers(p));
  if (varying) return systemType('varbit', location);
  return systemType('bit', location, inType ? [makeInteger(1, -1)] : NONE);
}

function parseCharacterType(p: Parser, inType: boolean): TypeName {
  const location = p.location;
  let varying = p.kind === K.VARCHAR;
  if (p.kind === K.NATIONAL) {
    p.next();
    if (p.kind !== K.CHARACTER && p.kind !== K.CHAR) p.fail();
  }
  p.next();
  if (!varying) varying = p.accept(K.VARYING);
  const name = varying ? 'varchar' : 'bpchar';
  if (p.accept(T.LPAREN)) {
    const at = p.location;
    const length = p.takeInteger();
    p.expect(T.RPAREN);
    return systemType(name, location, [makeInteger(length, at)]);
  }
  return systemType(name, location, varying || !inType ? NONE : [makeInteger(1, -1)]);
}

function parseDateTimeType(p: Parser): TypeName {
  const location = p.location;
  const base = p.kind === K.TIMESTAMP ? 'timestamp' : 'time';
  p.next();
  let typmods: readonly Expr[] = NONE;
  if (p.accept(T.LPAREN)) {
    const at = p.location;
    typmods = [makeInteger(p.takeInteger(), at)];
    p.expect(T.RPAREN);
  }
  let zone = false;
  if ((p.kind === K.WITH || p.kind === K.WITHOUT) && p.peek() === K.TIME) {
    zone = p.kind === K.WITH;
    p.next();
    p.next();
    p.expect(K.ZONE);
  }
  return systemType(zone ? `${base}tz` : base, location, typmods);
}

/** After INTERVAL: `(p)` or a field range. */
export function parseIntervalTail(p: Parser, location: number): TypeName {
  if (p.accept(T.LPAREN)) {
    const at = p.location;
    const precision = p.takeInteger();
    p.expect(T.RPAREN);
    return systemType('interval', location, [
      makeInteger(INTERVAL_FULL_RANGE, -1),
      makeInteger(precision, at),
    ]);
  }
  return systemType('interval', location, parseIntervalFields(p));
}

/** opt_interval: YEAR, DAY TO SECOND(3) ... as type modifiers; empty when there is none. */
export function parseIntervalFields(p: Parser): readonly Expr[] {
  const from = p.kind;
  const location = p.location;
  let mask = fieldMask(from);
  if (mask === 0) return NONE;
  p.next();
  let last = from;
  if (p.kind === K.TO) {
    last = p.peek();
    const range = rangeMask(from, last);
    if (range === 0) {
      p.next();
      p.fail();
    }
    mask = range;
    p.next();
    p.next();
  }
  const typmods = [makeInteger(mask, location)];
  if (last === K.SECOND && p.accept(T.LPAREN)) {
    const at = p.location;
    typmods.push(makeInteger(p.takeInteger(), at));
    p.expect(T.RPAREN);
  }
  return typmods;
}

function fieldMask(kind: number): number {
  switch (kind) {
    case K.YEAR:
      return YEAR;
    case K.MONTH:
      return MONTH;
    case K.DAY:
      return DAY;
    case K.HOUR:
      return HOUR;
    case K.MINUTE:
      return MINUTE;
    case K.SECOND:
      return SECOND;
    default:
      return 0;
  }
}

function rangeMask(from: number, to: number): number {
  if (from === K.YEAR) return to === K.MONTH ? YEAR | MONTH : 0;
  if (from === K.DAY) {
    if (to === K.HOUR) return DAY | HOUR;
    if (to === K.MINUTE) return DAY | HOUR | MINUTE;
    return to === K.SECOND ? DAY | HOUR | MINUTE | SECOND : 0;
  }
  if (from === K.HOUR) {
    if (to === K.MINUTE) return HOUR | MINUTE;
    return to === K.SECOND ? HOUR | MINUTE | SECOND : 0;
  }
  return from === K.MINUTE && to === K.SECOND ? MINUTE | SECOND : 0;
}
