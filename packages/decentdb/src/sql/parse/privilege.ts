// GRANT and REVOKE.

import type {
  AccessPriv,
  DefElem,
  GrantRoleStmt,
  GrantStmt,
  ObjectName,
  ObjectType,
  RangeVar,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import {
  NONE,
  parseAnyName,
  parseColId,
  parseColLabel,
  parseList,
  parseOptParenNames,
  parseParenNames,
  parseQualifiedName,
} from './names.ts';
import { makeObject, parseObjectKind, parseRole, parseSimpleObject } from './object-name.ts';
import { booleanNode, makeDefElem } from './options.ts';
import type { Parser } from './parser.ts';
import { parseDropBehavior } from './truncate.ts';

type Privileges = readonly AccessPriv[];

/** privileges: ALL [PRIVILEGES] [(columns)] is an empty list or one entry without name. */
export function parsePrivileges(p: Parser): Privileges {
  const location = p.location;
  if (p.accept(K.ALL)) {
    p.accept(K.PRIVILEGES);
    if (p.kind !== T.LPAREN) return NONE;
    return [{ kind: 'AccessPriv', priv_name: null, cols: parseParenNames(p), location }];
  }
  return parseList(p, parsePrivilege);
}

function parsePrivilege(p: Parser): AccessPriv {
  const location = p.location;
  let priv_name: string;
  if (p.kind === K.SELECT || p.kind === K.REFERENCES || p.kind === K.CREATE) priv_name = p.takeText();
  else if (p.accept2(K.ALTER, K.SYSTEM)) priv_name = 'alter system';
  else priv_name = parseColId(p);
  return { kind: 'AccessPriv', priv_name, cols: parseOptParenNames(p), location };
}

interface Target {
  readonly targtype: GrantStmt['targtype'];
  readonly objtype: ObjectType;
  readonly objects: readonly (RangeVar | ObjectName)[];
}

const IN_SCHEMA: ReadonlyMap<number, ObjectType> = new Map<number, ObjectType>([
  [K.TABLES, 'OBJECT_TABLE'],
  [K.SEQUENCES, 'OBJECT_SEQUENCE'],
  [K.FUNCTIONS, 'OBJECT_FUNCTION'],
  [K.PROCEDURES, 'OBJECT_PROCEDURE'],
  [K.ROUTINES, 'OBJECT_ROUTINE'],
]);

/** privilege_target. */
function parseTarget(p: Parser): Target {
  if (p.kind === K.ALL) {
    p.next();
    const objtype = IN_SCHEMA.get(p.kind);
    if (objtype === undefined) return p.fail();
    p.next();
    p.expect(K.IN);
    p.expect(K.SCHEMA);
    return { targtype: 'ACL_TARGET_ALL_IN_SCHEMA', objtype, objects: parseList(p, parseSimpleObject) };
  }
  const relations = (objtype: ObjectType): Target => ({
    targtype: 'ACL_TARGET_OBJECT',
    objtype,
    objects: parseList(p, (q) => parseQualifiedName(q)),
  });
  if (p.accept(K.TABLE)) return relations('OBJECT_TABLE');
  if (p.accept(K.SEQUENCE)) return relations('OBJECT_SEQUENCE');
  if (p.accept2(K.FOREIGN, K.SERVER)) return simple(p, 'OBJECT_FOREIGN_SERVER');
  if (p.kind === K.PARAMETER && p.peek() !== T.COMMA && p.peek() !== K.TO && p.peek() !== T.DOT)
    return parseParameters(p);
  const type = p.kind;
  switch (type) {
    case K.DOMAIN:
    case K.TYPE:
      if (isRelationName(p)) break;
      p.next();
      return {
        targtype: 'ACL_TARGET_OBJECT',
        objtype: type === K.TYPE ? 'OBJECT_TYPE' : 'OBJECT_DOMAIN',
        objects: parseList(p, (q) => makeObject(parseAnyName(q), q.location)),
      };
    case K.DATABASE:
    case K.FOREIGN:
    case K.FUNCTION:
    case K.LANGUAGE:
    case K.LARGE:
    case K.PROCEDURE:
    case K.ROUTINE:
    case K.SCHEMA:
    case K.TABLESPACE: {
      if (type !== K.FOREIGN && isRelationName(p)) break;
      const found = parseObjectKind(p);
      if (found === null) return p.fail();
      return { targtype: 'ACL_TARGET_OBJECT', objtype: found.type, objects: parseList(p, found.read) };
    }
  }
  return relations('OBJECT_TABLE');
}

/** A keyword that is itself the relation's name. */
function isRelationName(p: Parser): boolean {
  const next = p.peek();
  return next === K.TO || next === K.FROM || next === T.COMMA || next === T.DOT;
}

function simple(p: Parser, objtype: ObjectType): Target {
  return { targtype: 'ACL_TARGET_OBJECT', objtype, objects: parseList(p, parseSimpleObject) };
}

function parseParameters(p: Parser): Target {
  p.next();
  const objects = parseList(p, (q) => {
    const location = q.location;
    const names = [parseColId(q)];
    while (q.accept(T.DOT)) names.push(parseColId(q));
    return makeObject([names.join('.')], location);
  });
  return { targtype: 'ACL_TARGET_OBJECT', objtype: 'OBJECT_PARAMETER_ACL', objects };
}

/** grantee: GROUP is noise. */
function parseGrantee(p: Parser): ReturnType<typeof parseRole> {
  if (p.kind === K.GROUP) p.next();
  return parseRole(p);
}

function parseGrantedBy(p: Parser): GrantStmt['grantor'] {
  if (p.kind !== K.GRANTED) return null;
  p.next();
  p.expect(K.BY);
  return parseRole(p);
}

export function parseGrant(p: Parser): GrantStmt | GrantRoleStmt {
  const location = p.location;
  p.next();
  const privileges = parsePrivileges(p);
  if (p.kind !== K.ON) return parseGrantRole(p, privileges, location);
  p.next();
  const target = parseTarget(p);
  p.expect(K.TO);
  const grantees = parseList(p, parseGrantee);
  const grant_option = parseWithGrantOption(p);
  return {
    kind: 'GrantStmt',
    is_grant: true,
    ...target,
    privileges,
    grantees,
    grant_option,
    grantor: parseGrantedBy(p),
    behavior: 'DROP_RESTRICT',
    location,
  };
}

function parseWithGrantOption(p: Parser): boolean {
  if (p.kind !== K.WITH) return false;
  p.next();
  p.expect(K.GRANT);
  p.expect(K.OPTION);
  return true;
}

function parseGrantRole(p: Parser, granted_roles: Privileges, location: number): GrantRoleStmt {
  if (granted_roles.length === 0) p.fail();
  p.expect(K.TO);
  const grantee_roles = parseList(p, parseRole);
  const opt: DefElem[] = [];
  if (p.accept(K.WITH)) {
    do {
      const at = p.location;
      const name = parseColLabel(p);
      const valueAt = p.location;
      if (!p.accept(K.OPTION) && !p.accept(K.TRUE)) {
        p.expect(K.FALSE);
        opt.push(makeDefElem(name, booleanNode(false, valueAt), at));
      } else opt.push(makeDefElem(name, booleanNode(true, valueAt), at));
    } while (p.accept(T.COMMA));
  }
  const grantor = parseGrantedBy(p);
  return {
    kind: 'GrantRoleStmt',
    granted_roles,
    grantee_roles,
    is_grant: true,
    opt,
    grantor,
    behavior: 'DROP_RESTRICT',
    location,
  };
}

export function parseRevoke(p: Parser): GrantStmt | GrantRoleStmt {
  const location = p.location;
  p.next();
  let grant_option = false;
  const opt: DefElem[] = [];
  const optAt = p.location;
  if (p.kind === K.GRANT && p.peek() === K.OPTION) {
    p.next();
    p.next();
    p.expect(K.FOR);
    grant_option = true;
  } else if (p.peek() === K.OPTION && p.peek(2) === K.FOR) {
    const name = parseColId(p);
    p.next();
    p.next();
    opt.push(makeDefElem(name, booleanNode(false), optAt));
  }
  const privileges = parsePrivileges(p);
  if (p.kind !== K.ON) {
    if (privileges.length === 0 || grant_option) p.fail();
    p.expect(K.FROM);
    const grantee_roles = parseList(p, parseRole);
    const grantor = parseGrantedBy(p);
    const behavior = parseDropBehavior(p);
    return {
      kind: 'GrantRoleStmt',
      granted_roles: privileges,
      grantee_roles,
      is_grant: false,
      opt,
      grantor,
      behavior,
      location,
    };
  }
  p.next();
  const target = parseTarget(p);
  p.expect(K.FROM);
  const grantees = parseList(p, parseGrantee);
  const grantor = parseGrantedBy(p);
  return {
    kind: 'GrantStmt',
    is_grant: false,
    ...target,
    privileges,
    grantees,
    grant_option,
    grantor,
    behavior: parseDropBehavior(p),
    location,
  };
}

const DEFAULT_TARGETS: ReadonlyMap<number, ObjectType> = new Map<number, ObjectType>([
  [K.TABLES, 'OBJECT_TABLE'],
  [K.FUNCTIONS, 'OBJECT_FUNCTION'],
  [K.ROUTINES, 'OBJECT_FUNCTION'],
  [K.SEQUENCES, 'OBJECT_SEQUENCE'],
  [K.TYPES, 'OBJECT_TYPE'],
  [K.SCHEMAS, 'OBJECT_SCHEMA'],
]);

/** DefACLAction of ALTER DEFAULT PRIVILEGES. */
export function parseDefaultAcl(p: Parser): GrantStmt {
  const location = p.location;
  const is_grant = p.accept(K.GRANT);
  if (!is_grant) p.expect(K.REVOKE);
  let grant_option = false;
  if (!is_grant && p.kind === K.GRANT && p.peek() === K.OPTION) {
    p.next();
    p.next();
    p.expect(K.FOR);
    grant_option = true;
  }
  const privileges = parsePrivileges(p);
  p.expect(K.ON);
  let objtype = DEFAULT_TARGETS.get(p.kind);
  if (objtype !== undefined) p.next();
  else {
    if (!p.accept(K.LARGE)) p.fail();
    p.expect(K.OBJECTS);
    objtype = 'OBJECT_LARGEOBJECT';
  }
  p.expect(is_grant ? K.TO : K.FROM);
  const grantees = parseList(p, parseGrantee);
  if (is_grant) grant_option = parseWithGrantOption(p);
  const behavior = is_grant ? 'DROP_RESTRICT' : parseDropBehavior(p);
  return {
    kind: 'GrantStmt',
    is_grant,
    targtype: 'ACL_TARGET_DEFAULTS',
    objtype,
    objects: NONE,
    privileges,
    grantees,
    grant_option,
    grantor: null,
    behavior,
    location,
  };
}
