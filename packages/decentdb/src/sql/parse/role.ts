// CREATE ROLE / USER / GROUP and ALTER of them.

import type { CreateRoleStmt, DefElem, Statement } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseColId, parseList, parseNonReservedWord } from './names.ts';
import { parseRole } from './object-name.ts';
import {
  booleanNode,
  integerNode,
  makeDefElem,
  nameList,
  parseSignedInteger,
  stringNode,
} from './options.ts';
import type { Parser } from './parser.ts';
import { parseResetRest, parseSetRest } from './setting.ts';

export function parseCreateRole(p: Parser, location: number): CreateRoleStmt {
  const stmt_type =
    p.kind === K.ROLE ? 'ROLESTMT_ROLE' : p.kind === K.USER ? 'ROLESTMT_USER' : 'ROLESTMT_GROUP';
  p.next();
  const role = parseNonReservedWord(p);
  p.accept(K.WITH);
  return { kind: 'CreateRoleStmt', stmt_type, role, options: parseOptions(p, true), location };
}

function parseOptions(p: Parser, create: boolean): DefElem[] {
  const options: DefElem[] = [];
  for (;;) {
    const option = parseOption(p, create);
    if (option === null) return options;
    options.push(option);
  }
}

const FLAGS: ReadonlyMap<string, readonly [string, boolean]> = new Map([
  ['superuser', ['superuser', true]],
  ['nosuperuser', ['superuser', false]],
  ['createrole', ['createrole', true]],
  ['nocreaterole', ['createrole', false]],
  ['replication', ['isreplication', true]],
  ['noreplication', ['isreplication', false]],
  ['createdb', ['createdb', true]],
  ['nocreatedb', ['createdb', false]],
  ['login', ['canlogin', true]],
  ['nologin', ['canlogin', false]],
  ['bypassrls', ['bypassrls', true]],
  ['nobypassrls', ['bypassrls', false]],
  ['noinherit', ['inherit', false]],
]);

function parseOption(p: Parser, create: boolean): DefElem | null {
  const location = p.location;
  switch (p.kind) {
    case K.PASSWORD:
      p.next();
      return makeDefElem('password', p.accept(K.NULL) ? null : stringNode(p.takeString()), location);
    case K.ENCRYPTED:
      p.next();
      p.expect(K.PASSWORD);
      return makeDefElem('password', stringNode(p.takeString()), location);
    case K.INHERIT:
      p.next();
      return makeDefElem('inherit', booleanNode(true), location);
    case K.CONNECTION:
      p.next();
      p.expect(K.LIMIT);
      return makeDefElem('connectionlimit', integerNode(parseSignedInteger(p)), location);
    case K.VALID:
      p.next();
      p.expect(K.UNTIL);
      return makeDefElem('validUntil', stringNode(p.takeString()), location);
    case K.USER:
      p.next();
      return makeDefElem('rolemembers', nameList(parseRoleNames(p)), location);
    case T.IDENT: {
      const word = p.text(p.pos);
      const flag = FLAGS.get(word);
      if (flag === undefined) throw p.errorAt('42601', `unrecognized role option "${word}"`, location);
      p.next();
      return makeDefElem(flag[0], booleanNode(flag[1]), location);
    }
    default:
      return create ? parseCreateOnlyOption(p, location) : null;
  }
}

function parseCreateOnlyOption(p: Parser, location: number): DefElem | null {
  switch (p.kind) {
    case K.SYSID:
      p.next();
      return makeDefElem('sysid', integerNode(p.takeInteger()), location);
    case K.ADMIN:
      p.next();
      return makeDefElem('adminmembers', nameList(parseRoleNames(p)), location);
    case K.ROLE:
      p.next();
      return makeDefElem('rolemembers', nameList(parseRoleNames(p)), location);
    case K.IN: {
      p.next();
      if (!p.accept(K.ROLE)) p.expect(K.GROUP);
      return makeDefElem('addroleto', nameList(parseRoleNames(p)), location);
    }
    default:
      return null;
  }
}

function parseRoleNames(p: Parser): string[] {
  return parseList(p, parseRole).map((role) => role.rolename ?? role.roletype.slice(9).toLowerCase());
}

/** From ROLE / USER / GROUP on. */
export function parseAlterRole(p: Parser, location: number): Statement {
  const isGroup = p.kind === K.GROUP;
  p.next();
  if (!isGroup && p.accept(K.ALL)) return parseAlterRoleSet(p, null, location);
  const nameAt = p.pos;
  const role = parseRole(p);
  if (p.kind === K.RENAME) {
    p.next();
    p.expect(K.TO);
    return {
      kind: 'RenameStmt',
      renameType: 'OBJECT_ROLE',
      relationType: null,
      relation: null,
      object: null,
      subname: p.name(nameAt),
      newname: parseColId(p),
      behavior: 'DROP_RESTRICT',
      missing_ok: false,
      location,
    };
  }
  if (isGroup) {
    const add = p.accept(K.ADD);
    if (!add) p.expect(K.DROP);
    p.expect(K.USER);
    const options = [makeDefElem('rolemembers', nameList(parseRoleNames(p)), p.location)];
    return { kind: 'AlterRoleStmt', role, options, action: add ? 1 : -1, location };
  }
  if (p.kind === K.SET || p.kind === K.RESET || p.kind === K.IN) return parseAlterRoleSet(p, role, location);
  p.accept(K.WITH);
  return { kind: 'AlterRoleStmt', role, options: parseOptions(p, false), action: 1, location };
}

function parseAlterRoleSet(
  p: Parser,
  role: ReturnType<typeof parseRole> | null,
  location: number,
): Statement {
  let database: string | null = null;
  if (p.accept(K.IN)) {
    p.expect(K.DATABASE);
    database = parseColId(p);
  }
  const at = p.location;
  if (p.accept(K.RESET))
    return { kind: 'AlterRoleSetStmt', role, database, setstmt: parseResetRest(p, at), location };
  p.expect(K.SET);
  return { kind: 'AlterRoleSetStmt', role, database, setstmt: parseSetRest(p, false, at), location };
}
