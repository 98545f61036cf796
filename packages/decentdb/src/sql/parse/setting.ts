// SET, RESET, SHOW, SET CONSTRAINTS, SET TRANSACTION.

import type { ConstraintsSetStmt, DefElem, Expr, VariableSetStmt, VariableShowStmt } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { makeCast, makeFloat, makeString } from './literals.ts';
import { NONE, parseColId, parseList, parseQualifiedName, parseWordOrString } from './names.ts';
import { parseBooleanOrString } from './options.ts';
import type { Parser } from './parser.ts';
import { parseModes } from './transaction.ts';
import { makeInteger, parseIntervalFields, parseIntervalTail, systemType } from './types.ts';

type SetKind = VariableSetStmt['setKind'];

function makeSet(
  setKind: SetKind,
  name: string | null,
  args: readonly (Expr | DefElem)[],
  is_local: boolean,
  location: number,
): VariableSetStmt {
  return { kind: 'VariableSetStmt', setKind, name, args, is_local, location };
}

/** SET ... of every form. */
export function parseSet(p: Parser): VariableSetStmt | ConstraintsSetStmt {
  const location = p.location;
  p.next();
  if (p.kind === K.CONSTRAINTS && isConstraintsSet(p)) return parseSetConstraints(p, location);
  const next = p.peek();
  const isScoped = next !== K.TO && next !== T.EQ && next !== T.DOT && next !== K.FROM;
  let is_local = false;
  if (isScoped && (p.kind === K.LOCAL || p.kind === K.SESSION)) {
    const isCharacteristics = p.kind === K.SESSION && next === K.CHARACTERISTICS;
    if (isCharacteristics) {
      p.next();
      p.next();
      p.expect(K.AS);
      p.expect(K.TRANSACTION);
      return makeSet('VAR_SET_MULTI', 'SESSION CHARACTERISTICS', parseModes(p, false), false, location);
    }
    if (next !== K.AUTHORIZATION) {
      is_local = p.kind === K.LOCAL;
      p.next();
    }
  }
  return parseSetRest(p, is_local, location);
}

function isConstraintsSet(p: Parser): boolean {
  const next = p.peek();
  return next !== K.TO && next !== T.EQ && next !== T.DOT && next !== K.FROM;
}

/** set_rest: also what follows SET in ALTER ROLE, ALTER FUNCTION ... */
export function parseSetRest(p: Parser, is_local: boolean, location: number): VariableSetStmt {
  const next = p.peek();
  const isPlain = next === K.TO || next === T.EQ || next === T.DOT || next === K.FROM;
  if (!isPlain) {
    const special = parseSpecialSet(p, is_local, location);
    if (special !== null) return special;
  }
  const name = parseVariableName(p);
  if (p.accept(K.FROM)) {
    p.expect(K.CURRENT);
    return makeSet('VAR_SET_CURRENT', name, NONE, is_local, location);
  }
  if (!p.accept(K.TO)) p.expect(T.EQ);
  if (p.accept(K.DEFAULT)) return makeSet('VAR_SET_DEFAULT', name, NONE, is_local, location);
  return makeSet('VAR_SET_VALUE', name, parseList(p, parseSettingValue), is_local, location);
}

function parseSpecialSet(p: Parser, is_local: boolean, location: number): VariableSetStmt | null {
  const value = (name: string, arg: Expr): VariableSetStmt =>
    makeSet('VAR_SET_VALUE', name, [arg], is_local, location);
  const at = p.peek() === T.EOF ? p.location : p.starts[p.pos + 1]!;
  switch (p.kind) {
    case K.TRANSACTION:
      p.next();
      if (p.accept(K.SNAPSHOT)) {
        const snapshotAt = p.location;
        const id = makeString(p.takeString(), snapshotAt);
        return makeSet('VAR_SET_MULTI', 'TRANSACTION SNAPSHOT', [id], is_local, location);
      }
      return makeSet('VAR_SET_MULTI', 'TRANSACTION', parseModes(p, false), is_local, location);
    case K.TIME: {
      p.next();
      p.expect(K.ZONE);
      const zone = parseZoneValue(p);
      return zone === null
        ? makeSet('VAR_SET_DEFAULT', 'timezone', NONE, is_local, location)
        : value('timezone', zone);
    }
    case K.CATALOG:
      p.next();
      p.takeString();
      throw p.errorAt('0A000', 'current database cannot be changed', at);
    case K.SCHEMA:
      p.next();
      return value('search_path', makeString(p.takeString(), at));
    case K.NAMES:
      p.next();
      if (p.kind === T.SCONST) return value('client_encoding', makeString(p.takeText(), at));
      p.accept(K.DEFAULT);
      return makeSet('VAR_SET_DEFAULT', 'client_encoding', NONE, is_local, location);
    case K.ROLE:
      p.next();
      return value('role', makeString(parseWordOrString(p), at));
    case K.SESSION: {
      if (p.peek() !== K.AUTHORIZATION) return null;
      p.next();
      p.next();
      if (p.accept(K.DEFAULT))
        return makeSet('VAR_SET_DEFAULT', 'session_authorization', NONE, is_local, location);
      const nameAt = p.location;
      return value('session_authorization', makeString(parseWordOrString(p), nameAt));
    }
    case K.XML: {
      p.next();
      p.expect(K.OPTION);
      const isDocument = p.accept(K.DOCUMENT);
      if (!isDocument) p.expect(K.CONTENT);
      return value('xmloption', makeString(isDocument ? 'DOCUMENT' : 'CONTENT', -1));
    }
    default:
      return null;
  }
}

/** var_name: dotted. */
export function parseVariableName(p: Parser): string {
  let name = parseColId(p);
  while (p.accept(T.DOT)) name += `.${parseColId(p)}`;
  return name;
}

/** var_value: a word or string, or a number. */
export function parseSettingValue(p: Parser): Expr {
  const location = p.location;
  if (p.kind === T.ICONST || p.kind === T.FCONST || p.kind === T.MINUS || p.kind === T.PLUS) {
    const minus = p.kind === T.MINUS;
    if (minus || p.kind === T.PLUS) p.next();
    if (p.kind === T.FCONST) {
      const text = p.takeText();
      return makeFloat(minus ? `-${text}` : text, location);
    }
    const value = p.takeInteger();
    return makeInteger(minus && value !== 0 ? -value : value, location);
  }
  return makeString(parseBooleanOrString(p), location);
}

/** zone_value; null for DEFAULT and LOCAL. */
function parseZoneValue(p: Parser): Expr | null {
  const location = p.location;
  if (p.accept(K.DEFAULT) || p.accept(K.LOCAL)) return null;
  if (p.kind === K.INTERVAL) {
    p.next();
    const precise = p.kind === T.LPAREN ? parseIntervalTail(p, location) : null;
    const at = p.location;
    const text = makeString(p.takeString(), at);
    return makeCast(text, precise ?? systemType('interval', location, parseIntervalFields(p)), -1);
  }
  if (p.kind === T.SCONST || p.kind === T.IDENT) return makeString(p.takeText(), location);
  if (p.kind === T.ICONST || p.kind === T.FCONST || p.kind === T.MINUS || p.kind === T.PLUS)
    return parseSettingValue(p);
  return p.fail();
}

export function parseReset(p: Parser): VariableSetStmt {
  const location = p.location;
  p.next();
  return parseResetRest(p, location);
}

/** What follows RESET, also in ALTER ROLE and ALTER FUNCTION. */
export function parseResetRest(p: Parser, location: number): VariableSetStmt {
  if (p.kind === K.ALL) {
    p.next();
    return makeSet('VAR_RESET_ALL', null, NONE, false, location);
  }
  return makeSet('VAR_RESET', parseNamedSetting(p), NONE, false, location);
}

/** TIME ZONE, TRANSACTION ISOLATION LEVEL, SESSION AUTHORIZATION, or a variable's name. */
function parseNamedSetting(p: Parser): string {
  if (p.accept2(K.TIME, K.ZONE)) return 'timezone';
  if (p.kind === K.TRANSACTION && p.peek() === K.ISOLATION) {
    p.next();
    p.next();
    p.expect(K.LEVEL);
    return 'transaction_isolation';
  }
  if (p.accept2(K.SESSION, K.AUTHORIZATION)) return 'session_authorization';
  return parseVariableName(p);
}

export function parseShow(p: Parser): VariableShowStmt {
  const location = p.location;
  p.next();
  const name = p.accept(K.ALL) ? 'all' : parseNamedSetting(p);
  return { kind: 'VariableShowStmt', name, location };
}

/** SET CONSTRAINTS {ALL | names} {DEFERRED | IMMEDIATE}. */
function parseSetConstraints(p: Parser, location: number): ConstraintsSetStmt {
  p.next();
  const constraints = p.accept(K.ALL) ? NONE : parseList(p, (q) => parseQualifiedName(q));
  const deferred = p.accept(K.DEFERRED);
  if (!deferred) p.expect(K.IMMEDIATE);
  return { kind: 'ConstraintsSetStmt', constraints, deferred, location };
}
