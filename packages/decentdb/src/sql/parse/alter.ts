// ALTER, by what is altered.

import type { AlterDomainStmt, DefElem, ObjectName, ObjectType, Statement } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseAlterTypeCmd } from './alter-column.ts';
import { parseAlterRelation } from './alter-table.ts';
import { makeConstraint, parseTableConstraint } from './constraint.ts';
import { parseExpr } from './expression.ts';
import { parseCommonOption, parseFunctionOptions } from './function-stmt.ts';
import { NONE, parseAnyName, parseColId, parseList, parseQualifiedName } from './names.ts';
import { makeObject, parseObjectKind, parseRole } from './object-name.ts';
import { makeDefElem, nameList } from './options.ts';
import type { Parser } from './parser.ts';
import { parseAlterPolicy } from './policy-rule.ts';
import { parseDefaultAcl } from './privilege.ts';
import { parseAlterRole } from './role.ts';
import { parseIfExists, parseIfNotExists } from './table.ts';
import { parseDropBehavior } from './truncate.ts';
import { skipUnsupported } from './unsupported.ts';

const RELATIONS: ReadonlyMap<number, ObjectType> = new Map<number, ObjectType>([
  [K.TABLE, 'OBJECT_TABLE'],
  [K.INDEX, 'OBJECT_INDEX'],
  [K.SEQUENCE, 'OBJECT_SEQUENCE'],
  [K.VIEW, 'OBJECT_VIEW'],
]);

export function parseAlter(p: Parser): Statement {
  const location = p.location;
  p.next();
  const relation = RELATIONS.get(p.kind);
  if (relation !== undefined && p.peek() !== K.ALL) {
    p.next();
    return parseAlterRelation(p, relation, location);
  }
  if (p.kind === K.MATERIALIZED && p.peek(2) !== K.ALL && p.accept2(K.MATERIALIZED, K.VIEW))
    return parseAlterRelation(p, 'OBJECT_MATVIEW', location);
  if (p.accept2(K.FOREIGN, K.TABLE)) return parseAlterRelation(p, 'OBJECT_FOREIGN_TABLE', location);
  const tag = unsupportedTag(p);
  if (tag !== null) return skipUnsupported(p, tag, location);
  switch (p.kind) {
    case K.ROLE:
    case K.USER:
    case K.GROUP:
      return parseAlterRole(p, location);
    case K.DEFAULT:
      return parseDefaultPrivileges(p, location);
    case K.TYPE:
      return parseAlterType(p, location);
    case K.DOMAIN:
      return parseAlterDomain(p, location);
    case K.TRIGGER:
    case K.RULE:
    case K.POLICY:
      return parseAlterOwned(p, location);
    default:
      return parseAlterObject(p, location);
  }
}

function unsupportedTag(p: Parser): string | null {
  switch (p.kind) {
    case K.TABLE:
    case K.INDEX:
    case K.MATERIALIZED:
      return 'ALTER TABLE ALL IN TABLESPACE';
    case K.DATABASE:
      return 'ALTER DATABASE';
    case K.SYSTEM:
      return 'ALTER SYSTEM';
    case K.TABLESPACE:
      return 'ALTER TABLESPACE';
    case K.EVENT:
      return 'ALTER EVENT TRIGGER';
    case K.EXTENSION:
      return 'ALTER EXTENSION';
    case K.FOREIGN:
      return 'ALTER FOREIGN DATA WRAPPER';
    case K.SERVER:
      return 'ALTER SERVER';
    case K.PUBLICATION:
      return 'ALTER PUBLICATION';
    case K.SUBSCRIPTION:
      return 'ALTER SUBSCRIPTION';
    case K.TEXT:
      return 'ALTER TEXT SEARCH';
    case K.OPERATOR:
      if (p.peek() === K.FAMILY) return 'ALTER OPERATOR FAMILY';
      return p.peek() === K.CLASS ? 'ALTER OPERATOR CLASS' : 'ALTER OPERATOR';
    case K.STATISTICS:
      return 'ALTER STATISTICS';
    case K.LARGE:
      return 'ALTER LARGE OBJECT';
    case K.USER:
      return p.peek() === K.MAPPING ? 'ALTER USER MAPPING' : null;
    default:
      return null;
  }
}

function parseDefaultPrivileges(p: Parser, location: number): Statement {
  p.next();
  p.expect(K.PRIVILEGES);
  const options: DefElem[] = [];
  for (;;) {
    const at = p.location;
    if (p.accept2(K.IN, K.SCHEMA))
      options.push(makeDefElem('schemas', nameList(parseList(p, parseColId)), at));
    else if (p.accept(K.FOR)) {
      if (!p.accept(K.ROLE)) p.expect(K.USER);
      const roles = parseList(p, parseRole).map(
        (role) => role.rolename ?? role.roletype.slice(9).toLowerCase(),
      );
      options.push(makeDefElem('roles', nameList(roles), at));
    } else break;
  }
  return { kind: 'AlterDefaultPrivilegesStmt', options, action: parseDefaultAcl(p), location };
}

/** RENAME TO of an object that is no relation. */
function rename(
  p: Parser,
  renameType: ObjectType,
  object: ObjectName,
  subname: string | null,
  location: number,
  rest: Partial<Extract<Statement, { kind: 'RenameStmt' }>> = {},
): Statement {
  p.expect(K.TO);
  return {
    kind: 'RenameStmt',
    renameType,
    relationType: null,
    relation: null,
    object,
    subname,
    newname: parseColId(p),
    behavior: 'DROP_RESTRICT',
    missing_ok: false,
    location,
    ...rest,
  };
}

/** OWNER TO, SET SCHEMA, RENAME TO, [NO] DEPENDS; null when another command follows. */
function parseCommon(
  p: Parser,
  objectType: ObjectType,
  object: ObjectName,
  location: number,
): Statement | null {
  if (p.accept(K.RENAME)) return rename(p, objectType, object, null, location);
  if (p.accept(K.OWNER)) {
    p.expect(K.TO);
    return { kind: 'AlterOwnerStmt', objectType, object, newowner: parseRole(p), location };
  }
  if (p.accept2(K.SET, K.SCHEMA))
    return {
      kind: 'AlterObjectSchemaStmt',
      objectType,
      relation: null,
      object,
      newschema: parseColId(p),
      missing_ok: false,
      location,
    };
  const remove = p.kind === K.NO && p.peek() === K.DEPENDS;
  if (remove) p.next();
  if (!remove && p.kind !== K.DEPENDS) return null;
  p.next();
  p.expect(K.ON);
  p.expect(K.EXTENSION);
  return {
    kind: 'AlterObjectDependsStmt',
    objectType,
    relation: null,
    object,
    extname: parseColId(p),
    remove,
    location,
  };
}

function parseAlterType(p: Parser, location: number): Statement {
  p.next();
  const at = p.location;
  const names = parseAnyName(p);
  const object = makeObject(names, at);
  if (p.kind === K.RENAME && p.peek() !== K.TO) return parseRenameInType(p, object, location);
  if (p.kind === K.ADD && p.peek() === K.VALUE) return parseAddValue(p, names, location);
  if (p.kind === K.SET && p.peek() === T.LPAREN) return skipUnsupported(p, 'ALTER TYPE ... SET', location);
  const common = parseCommon(p, 'OBJECT_TYPE', object, location);
  if (common !== null) return common;
  const cmds = parseList(p, parseAlterTypeCmd);
  return {
    kind: 'AlterTableStmt',
    relation: {
      kind: 'RangeVar',
      catalogname: names.length > 2 ? names[names.length - 3]! : null,
      schemaname: names.length > 1 ? names[names.length - 2]! : null,
      relname: names[names.length - 1]!,
      inh: false,
      relpersistence: 'p',
      alias: null,
      location: at,
    },
    cmds,
    objtype: 'OBJECT_TYPE',
    missing_ok: false,
    location,
  };
}

/** RENAME ATTRIBUTE a TO b | RENAME VALUE 'a' TO 'b'. */
function parseRenameInType(p: Parser, object: ObjectName, location: number): Statement {
  p.next();
  if (p.accept(K.VALUE)) {
    const oldVal = p.takeString();
    p.expect(K.TO);
    return {
      kind: 'AlterEnumStmt',
      typeName: object.names,
      oldVal,
      newVal: p.takeString(),
      newValNeighbor: null,
      newValIsAfter: false,
      skipIfNewValExists: false,
      location,
    };
  }
  p.expect(K.ATTRIBUTE);
  const subname = parseColId(p);
  const names = object.names;
  const statement = rename(p, 'OBJECT_ATTRIBUTE', object, subname, location, {
    relationType: 'OBJECT_TYPE',
    object: null,
    relation: {
      kind: 'RangeVar',
      catalogname: names.length > 2 ? names[names.length - 3]! : null,
      schemaname: names.length > 1 ? names[names.length - 2]! : null,
      relname: names[names.length - 1]!,
      inh: false,
      relpersistence: 'p',
      alias: null,
      location: object.location,
    },
  });
  return { ...statement, behavior: parseDropBehavior(p) } as Statement;
}

function parseAddValue(p: Parser, typeName: readonly string[], location: number): Statement {
  p.next();
  p.next();
  const skipIfNewValExists = parseIfNotExists(p);
  const newVal = p.takeString();
  let newValNeighbor: string | null = null;
  let newValIsAfter = true;
  if (p.kind === K.BEFORE || p.kind === K.AFTER) {
    newValIsAfter = p.kind === K.AFTER;
    p.next();
    newValNeighbor = p.takeString();
  }
  return {
    kind: 'AlterEnumStmt',
    typeName,
    oldVal: null,
    newVal,
    newValNeighbor,
    newValIsAfter,
    skipIfNewValExists,
    location,
  };
}

function parseAlterDomain(p: Parser, location: number): Statement {
  p.next();
  const at = p.location;
  const names = parseAnyName(p);
  const object = makeObject(names, at);
  if (p.kind === K.RENAME && p.peek() === K.CONSTRAINT) {
    p.next();
    p.next();
    const subname = parseColId(p);
    return rename(p, 'OBJECT_DOMCONSTRAINT', object, subname, location);
  }
  const common = parseCommon(p, 'OBJECT_DOMAIN', object, location);
  if (common !== null) return common;
  const make = (subtype: AlterDomainStmt['subtype'], rest: Partial<AlterDomainStmt> = {}): Statement => ({
    kind: 'AlterDomainStmt',
    subtype,
    typeName: names,
    name: null,
    def: null,
    behavior: 'DROP_RESTRICT',
    missing_ok: false,
    location,
    ...rest,
  });
  if (p.accept(K.SET)) {
    if (p.accept(K.DEFAULT)) return make('T', { def: parseExpr(p) });
    p.expect(K.NOT);
    p.expect(K.NULL);
    return make('O');
  }
  if (p.accept(K.ADD)) return make('C', { def: parseDomainConstraint(p) });
  if (p.accept(K.VALIDATE)) {
    p.expect(K.CONSTRAINT);
    return make('V', { name: parseColId(p) });
  }
  p.expect(K.DROP);
  if (p.accept(K.DEFAULT)) return make('T');
  if (p.accept(K.NOT)) {
    p.expect(K.NULL);
    return make('N');
  }
  p.expect(K.CONSTRAINT);
  const missing_ok = parseIfExists(p);
  const name = parseColId(p);
  return make('X', { name, missing_ok, behavior: parseDropBehavior(p) });
}

/** DomainConstraint: CHECK or NOT NULL (which has no column here). */
function parseDomainConstraint(p: Parser): AlterDomainStmt['def'] {
  const at = p.location;
  const named = p.kind === K.CONSTRAINT;
  const offset = named ? 2 : 0;
  if (p.peek(offset) === K.NOT || (!named && p.kind === K.NOT)) {
    const conname = p.accept(K.CONSTRAINT) ? parseColId(p) : null;
    return parseDomainNotNull(p, conname, at);
  }
  return parseTableConstraint(p);
}

/** ALTER TRIGGER / RULE / POLICY name ON table ... */
function parseAlterOwned(p: Parser, location: number): Statement {
  const objectType: ObjectType =
    p.kind === K.TRIGGER ? 'OBJECT_TRIGGER' : p.kind === K.RULE ? 'OBJECT_RULE' : 'OBJECT_POLICY';
  p.next();
  const missing_ok = objectType === 'OBJECT_POLICY' && parseIfExists(p);
  const name = parseColId(p);
  p.expect(K.ON);
  const relation = parseQualifiedName(p);
  if (p.accept(K.RENAME))
    return {
      ...rename(p, objectType, makeObject(NONE, location), name, location, { relation, missing_ok }),
      object: null,
    } as Statement;
  if (objectType === 'OBJECT_POLICY' && !missing_ok) return parseAlterPolicy(p, name, relation, location);
  if (objectType !== 'OBJECT_TRIGGER') p.fail();
  const remove = p.accept(K.NO);
  p.expect(K.DEPENDS);
  p.expect(K.ON);
  p.expect(K.EXTENSION);
  return {
    kind: 'AlterObjectDependsStmt',
    objectType,
    relation,
    object: makeObject([name], location),
    extname: parseColId(p),
    remove,
    location,
  };
}

/** Functions, aggregates, schemas, collations ... */
function parseAlterObject(p: Parser, location: number): Statement {
  const found = parseObjectKind(p);
  if (found === null) return p.fail();
  const object = found.read(p);
  const common = parseCommon(p, found.type, object, location);
  if (common !== null) return common;
  switch (found.type) {
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE': {
      const actions = parseFunctionOptions(p, parseCommonOption);
      if (actions.length === 0) p.fail();
      p.accept(K.RESTRICT);
      return { kind: 'AlterFunctionStmt', objtype: found.type, func: object, actions, location };
    }
    case 'OBJECT_COLLATION':
      return skipUnsupported(p, 'ALTER COLLATION', location);
    default:
      return p.fail();
  }
}

function parseDomainNotNull(p: Parser, conname: string | null, location: number): AlterDomainStmt['def'] {
  p.expect(K.NOT);
  p.expect(K.NULL);
  const c = makeConstraint('CONSTR_NOTNULL', conname, location);
  c.keys = ['value'];
  c.initially_valid = true;
  return c;
}
