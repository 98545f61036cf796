/**
 * GRANT and REVOKE of privileges on objects, and OWNER TO.
 *
 * I1  Objects, columns, roles and privileges are checked as PostgreSQL checks them; what is granted is recorded, not enforced.
 * I2  A whole-table REVOKE takes the same privileges on columns with it.
 * I3  Lists are kept as PostgreSQL keeps them (catalog/access-list.ts), from the first statement about an object on.
 */
import { DecentDbError } from '../../base/errors.ts';
import {
  ACCESS_KINDS,
  type AccessChange,
  type AccessKind,
  accessOf,
  accessOwner,
  changedAccess,
  defaultAccess,
  handedOver,
  PUBLIC_ID,
  rolesOf,
} from '../../catalog/access-list.ts';
import { type Catalog, PUBLIC_SCHEMA_ID, type Relation } from '../../catalog/catalog.ts';
import type { AccessDef } from '../../catalog/roles.ts';
import {
  aggregatesNamed,
  scalarsNamed,
  tableFunctionsNamed,
  windowFunctionsNamed,
} from '../../functions/registry.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { typeByName, typeByOid } from '../../types/registry.ts';
import { DATABASE_ID, OWNER_ID, OWNER_NAME } from '../virtual/object-ids.ts';
import type { DdlContext } from './context.ts';
import { isSuperuser, requireRole, requireSpec } from './role-names.ts';
import { checkGrantor } from './roles.ts';
import { requireRoutine, routineNamed } from './routine-objects.ts';
import { lookUp, requireSchema, searchPathOf } from './work.ts';

/** Words of privileges and their letters in aclitems. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['insert', 'a'],
  ['select', 'r'],
  ['update', 'w'],
  ['delete', 'd'],
  ['truncate', 'D'],
  ['references', 'x'],
  ['trigger', 't'],
  ['execute', 'X'],
  ['usage', 'U'],
  ['create', 'C'],
  ['temporary', 'T'],
  ['temp', 'T'],
  ['connect', 'c'],
  ['set', 's'],
  ['alter system', 'A'],
  // Of a time when rules had one: accepted, means nothing.
  ['rule', ''],
]);

interface Kind {
  readonly label: string;
  /** All privileges there are on such an object. */
  readonly all: string;
}

const KINDS: Partial<Record<ast.ObjectType, Kind>> = {
  OBJECT_TABLE: { label: 'relation', all: 'arwdDxtU' },
  OBJECT_SEQUENCE: { label: 'sequence', all: 'rwU' },
  OBJECT_DATABASE: { label: 'database', all: 'CTc' },
  OBJECT_SCHEMA: { label: 'schema', all: 'UC' },
  OBJECT_TYPE: { label: 'type', all: 'U' },
  OBJECT_DOMAIN: { label: 'domain', all: 'U' },
  OBJECT_FUNCTION: { label: 'function', all: 'X' },
  OBJECT_PROCEDURE: { label: 'procedure', all: 'X' },
  OBJECT_ROUTINE: { label: 'routine', all: 'X' },
  OBJECT_LANGUAGE: { label: 'language', all: 'U' },
  OBJECT_TABLESPACE: { label: 'tablespace', all: 'C' },
};

const TABLE_PRIVILEGES = 'arwdDxt';
const COLUMN_PRIVILEGES = 'arwx';

interface Target {
  readonly id: number;
  readonly relation: Relation | null;
}

/** One privilege, or all of them, on the object or on some of its columns. */
interface Wanted {
  readonly letters: string;
  readonly columns: readonly string[];
  readonly word: string;
}

export function grantPrivileges(ctx: DdlContext, stmt: ast.GrantStmt): void {
  const kind = KINDS[stmt.objtype];
  if (kind === undefined)
    throw bindNotSupported(
      `${stmt.is_grant ? 'GRANT' : 'REVOKE'} on ${stmt.objtype.slice(7).toLowerCase()}`,
      stmt.location,
    );
  checkGrantor(ctx, stmt.grantor, false);
  const grantees = granteesOf(ctx, stmt);
  const wanted = wantedOf(stmt, kind);
  const targets = targetsOf(ctx, stmt);
  for (const target of targets) {
    for (const want of wanted) {
      const letters = lettersFor(ctx, stmt, target, want);
      const columns = want.columns.length === 0 ? [0] : want.columns.map((name) => columnOf(target, name));
      if (letters === '') continue;
      for (const granteeId of grantees)
        for (const column of columns)
          apply(ctx, stmt, target.id, kindOfObject(ctx.catalog, target.id), { granteeId, column, letters });
    }
  }
}

/** Ids of those a GRANT or REVOKE is for. */
export function granteesOf(ctx: DdlContext, stmt: ast.GrantStmt): readonly number[] {
  return stmt.grantees.map((spec) => {
    const isPublic = spec.roletype === 'ROLESPEC_PUBLIC' || spec.rolename === 'public';
    if (isPublic && stmt.is_grant && stmt.grant_option)
      throw new DecentDbError('0LP01', 'grant options can only be granted to roles');
    return isPublic ? PUBLIC_ID : requireSpec(ctx, spec).id;
  });
}

/** Letters of the privileges named by ALTER DEFAULT PRIVILEGES, for each one. */
export function privilegesOf(stmt: ast.GrantStmt): readonly string[] {
  const kind = KINDS[stmt.objtype];
  if (kind === undefined) return [];
  const isTable = stmt.objtype === 'OBJECT_TABLE';
  const plain: Kind = isTable ? { ...kind, all: TABLE_PRIVILEGES } : kind;
  return wantedOf(stmt, plain).map(({ letters, columns }) => {
    if (columns.length > 0) throw new DecentDbError('0LP01', 'default privileges cannot be set for columns');
    return letters;
  });
}

function wantedOf(stmt: ast.GrantStmt, kind: Kind): readonly Wanted[] {
  if (stmt.privileges.length === 0) return [{ letters: kind.all, columns: [], word: 'ALL' }];
  return stmt.privileges.map((privilege) => {
    if (privilege.cols.length > 0 && stmt.objtype !== 'OBJECT_TABLE')
      throw new DecentDbError('0LP01', 'column privileges are only valid for relations');
    if (privilege.priv_name === null)
      return { letters: COLUMN_PRIVILEGES, columns: privilege.cols, word: 'ALL' };
    const letters = LETTERS.get(privilege.priv_name);
    if (letters === undefined)
      throw new DecentDbError('42601', `unrecognized privilege type "${privilege.priv_name}"`);
    const word = privilege.priv_name.toUpperCase();
    const isColumn = privilege.cols.length > 0;
    if (isColumn ? !COLUMN_PRIVILEGES.includes(letters) : !kind.all.includes(letters))
      throw new DecentDbError(
        '0LP01',
        `invalid privilege type ${word} for ${isColumn ? 'column' : kind.label}`,
      );
    return { letters, columns: privilege.cols, word };
  });
}

/** GRANT ... ON TABLE may name a sequence, whose privileges are others. */
function lettersFor(ctx: DdlContext, stmt: ast.GrantStmt, target: Target, want: Wanted): string {
  if (stmt.objtype !== 'OBJECT_TABLE' || target.relation === null || want.columns.length > 0)
    return want.letters;
  if (target.relation.kind !== 'sequence') {
    if (want.word === 'USAGE') throw new DecentDbError('0LP01', 'invalid privilege type USAGE for table');
    return want.word === 'ALL' ? TABLE_PRIVILEGES : want.letters;
  }
  if (want.word === 'ALL') return 'rwU';
  if ('rwU'.includes(want.letters)) return want.letters;
  ctx.notice({
    severity: 'WARNING',
    code: '0LP01',
    message: `sequence "${target.relation.sequence.name}" only supports USAGE, SELECT, and UPDATE privileges`,
  });
  return '';
}

function targetsOf(ctx: DdlContext, stmt: ast.GrantStmt): readonly Target[] {
  if (stmt.targtype === 'ACL_TARGET_ALL_IN_SCHEMA')
    return stmt.objects.flatMap((object) =>
      object.kind === 'ObjectName' ? allIn(ctx, object.names.at(-1) ?? '', stmt.objtype) : [],
    );
  return stmt.objects.map((object) =>
    object.kind === 'RangeVar'
      ? relationTarget(ctx, object, stmt.objtype)
      : { id: objectId(ctx, stmt.objtype, object), relation: null },
  );
}

const ROUTINES_OF: Partial<Record<ast.ObjectType, 'function' | 'procedure' | 'routine'>> = {
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_ROUTINE: 'routine',
};

function allIn(ctx: DdlContext, schema: string, objtype: ast.ObjectType): Target[] {
  requireSchema(ctx, schema);
  const found: Target[] = [];
  const routineKind = ROUTINES_OF[objtype];
  if (routineKind !== undefined) {
    for (const routine of ctx.catalog.routines.values())
      if (routine.schema === schema && (routineKind === 'routine' || routine.kind === routineKind))
        found.push({ id: routine.id, relation: null });
    return found;
  }
  for (const relation of ctx.catalog.relationsIn(schema).values()) {
    const isSequence = relation.kind === 'sequence';
    if (objtype === 'OBJECT_SEQUENCE' ? !isSequence : objtype !== 'OBJECT_TABLE' || isSequence) continue;
    if (relation.kind !== 'index') found.push({ id: relationId(relation), relation });
  }
  return found;
}

function relationTarget(ctx: DdlContext, node: ast.RangeVar, objtype: ast.ObjectType): Target {
  const relation = lookUp(ctx, node);
  if (relation === null) {
    if (node.schemaname !== null) requireSchema(ctx, node.schemaname);
    const name = node.schemaname === null ? node.relname : `${node.schemaname}.${node.relname}`;
    throw new DecentDbError('42P01', `relation "${name}" does not exist`);
  }
  if (relation.kind === 'index') throw new DecentDbError('42809', `"${node.relname}" is an index`);
  if (objtype === 'OBJECT_SEQUENCE' && relation.kind !== 'sequence')
    throw new DecentDbError('42809', `"${node.relname}" is not a sequence`);
  return { id: relationId(relation), relation };
}

function relationId(relation: Relation): number {
  switch (relation.kind) {
    case 'table':
      return relation.table.id;
    case 'view':
      return relation.view.id;
    case 'sequence':
      return relation.sequence.id;
    default:
      return relation.index.id;
  }
}

function columnOf(target: Target, name: string): number {
  const { relation } = target;
  if (relation?.kind === 'table') {
    const column = relation.table.columns.find((c) => c.name === name && !c.isDropped);
    if (column !== undefined) return column.attnum;
  } else if (relation?.kind === 'view') {
    const at = relation.view.columns.findIndex((c) => c.name === name);
    if (at !== -1) return at + 1;
  }
  let owner = '';
  if (relation?.kind === 'table') owner = relation.table.name;
  else if (relation?.kind === 'view') owner = relation.view.name;
  else if (relation?.kind === 'sequence') owner = relation.sequence.name;
  throw new DecentDbError('42703', `column "${name}" of relation "${owner}" does not exist`);
}

function objectId(ctx: DdlContext, objtype: ast.ObjectType, object: ast.ObjectName): number {
  const name = object.names.join('.');
  switch (objtype) {
    case 'OBJECT_SCHEMA':
      return requireSchema(ctx, object.names.at(-1) ?? '').id;
    case 'OBJECT_DATABASE':
      if (name !== OWNER_NAME) throw new DecentDbError('3D000', `database "${name}" does not exist`);
      return DATABASE_ID;
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return typeId(ctx, objtype, object);
    case 'OBJECT_LANGUAGE':
      if (name === 'sql') return SQL_LANGUAGE_ID;
      if (name === 'c' || name === 'internal')
        throw new DecentDbError('42809', `language "${name}" is not trusted`);
      throw new DecentDbError('42704', `language "${name}" does not exist`);
    case 'OBJECT_TABLESPACE':
      throw new DecentDbError('42704', `tablespace "${name}" does not exist`);
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE':
      return routineId(ctx, objtype, object);
    default:
      throw bindNotSupported(`owners and privileges of ${objtype.slice(7).toLowerCase()}`, object.location);
  }
}

const SQL_LANGUAGE_ID = 14;

/** Built-in functions belong to the system: what is granted on them changes nothing and is not recorded. */
const BUILTIN_ROUTINES_ID = 1255;

function isBuiltin(name: string): boolean {
  return [scalarsNamed, aggregatesNamed, windowFunctionsNamed, tableFunctionsNamed].some(
    (named) => named(name).length > 0,
  );
}

function routineId(ctx: DdlContext, objtype: ast.ObjectType, object: ast.ObjectName): number {
  const name = object.names.at(-1) as string;
  const isSystem = object.names.length === 1 || object.names.at(-2) === 'pg_catalog';
  if (routineNamed(ctx, objtype, object) === null && isSystem && isBuiltin(name)) return BUILTIN_ROUTINES_ID;
  return requireRoutine(ctx, objtype, object).id;
}

function typeId(ctx: DdlContext, objtype: ast.ObjectType, object: ast.ObjectName): number {
  const names = object.typeName?.names ?? object.names;
  const last = names.at(-1) as string;
  const path = names.length > 1 ? [names.at(-2) as string] : searchPathOf(ctx);
  const user = ctx.catalog.findType(path, last);
  const builtin = user === undefined ? typeByName(last) : undefined;
  const id = user?.id ?? builtin?.oid;
  if (id === undefined) throw new DecentDbError('42704', `type "${names.join('.')}" does not exist`);
  if (objtype === 'OBJECT_DOMAIN' && user?.form.kind !== 'domain')
    throw new DecentDbError('42809', `"${names.join('.')}" is not a domain`);
  return id;
}

export interface Change {
  readonly granteeId: number;
  readonly column: number;
  readonly letters: string;
}

function apply(ctx: DdlContext, stmt: ast.GrantStmt, id: number, kind: AccessKind, change: Change): void {
  if (id === BUILTIN_ROUTINES_ID) return;
  const access = wholeAccess(ctx.catalog, id, change.column === 0 ? kind : null);
  const ownerId = access.ownerId ?? OWNER_ID;
  const grantorId = grantorOf(ctx, access, change);
  const columns = [change.column];
  // I2
  if (!stmt.is_grant && change.column === 0)
    columns.push(...new Set(access.grants.flatMap(({ column }) => (column === 0 ? [] : [column]))));
  let { grants } = access;
  for (const column of columns) {
    const rest = grants.filter((grant) => grant.column !== column);
    const list = grants.filter((grant) => grant.column === column);
    const edit = { ...accessChange(stmt, change, grantorId), column };
    grants = [...changedAccess(list, edit, accessOwner(ctx.catalog, ownerId)), ...rest];
  }
  ctx.catalog = ctx.catalog.withAccess({ ...access, grants });
}

/** What is recorded of an object; with `kind`, with its list written out. */
function wholeAccess(catalog: Catalog, id: number, kind: AccessKind | null): AccessDef {
  const access: AccessDef = catalog.access.get(id) ?? { id, ownerId: null, grants: [] };
  if (kind === null || access.isWhole === true) return access;
  const ownerId = access.ownerId ?? OWNER_ID;
  const list = accessOf(access, kind, ownerId) ?? defaultAccess(kind, ownerId);
  const grants = [...list, ...access.grants.filter(({ column }) => column !== 0)];
  return { ...access, grants, isWhole: true };
}

export function accessChange(
  stmt: ast.GrantStmt,
  { granteeId, column, letters }: Change,
  grantorId: number,
): AccessChange {
  return {
    granteeId,
    grantorId,
    column,
    letters,
    isGrant: stmt.is_grant,
    isOption: stmt.grant_option,
    isCascade: stmt.behavior === 'DROP_CASCADE',
  };
}

/** Superusers grant in the owner's name; others in that of the role, of theirs, that may grant the most: their own first. */
function grantorOf(ctx: DdlContext, access: AccessDef, { column, letters }: Change): number {
  const ownerId = access.ownerId ?? OWNER_ID;
  if (isSuperuser(ctx.catalog, ctx.user.current)) return ownerId;
  const self = requireRole(ctx, ctx.user.current).id;
  let [best, most] = [self, 0];
  for (const role of rolesOf(ctx.catalog, self, true)) {
    const may = access.grants.filter(
      (grant) => grant.granteeId === role && (grant.column === 0 || grant.column === column),
    );
    const grantable = role === ownerId ? letters : may.map((grant) => grant.grantable).join('');
    const count = [...letters].filter((letter) => grantable.includes(letter)).length;
    if (count > most) [best, most] = [role, count];
  }
  return best;
}

// --- owners -----------------------------------------------------------------------------------------------------

/** ALTER ... OWNER TO of what is not a relation. */
export function alterOwner(ctx: DdlContext, stmt: ast.AlterOwnerStmt): string {
  const id = objectId(ctx, stmt.objectType, stmt.object);
  setOwner(ctx, id, stmt.newowner);
  return `ALTER ${stmt.objectType.slice('OBJECT_'.length).replaceAll('_', ' ')}`;
}

/** ALTER TABLE, VIEW, SEQUENCE, ... OWNER TO. */
export function setRelationOwner(ctx: DdlContext, node: ast.RangeVar, owner: ast.RoleSpec): void {
  const relation = lookUp(ctx, node);
  if (relation !== null) setOwner(ctx, relationId(relation), owner);
}

export function setOwner(ctx: DdlContext, id: number, owner: ast.RoleSpec): void {
  const role = requireSpec(ctx, owner);
  if (id === BUILTIN_ROUTINES_ID) return;
  // What columns own has the table's owner.
  for (const sequence of ctx.catalog.sequences.values())
    if (sequence.ownedBy?.tableId === id) setOwner(ctx, sequence.id, owner);
  const access: AccessDef = ctx.catalog.access.get(id) ?? { id, ownerId: null, grants: [] };
  const before = access.ownerId ?? OWNER_ID;
  if (before === role.id) return;
  const hasList = access.grants.some(({ column }) => column === 0);
  const whole = hasList ? wholeAccess(ctx.catalog, id, kindOfObject(ctx.catalog, id)) : access;
  const ownerId = role.id === OWNER_ID ? null : role.id;
  ctx.catalog = ctx.catalog.withAccess({
    ...whole,
    ownerId,
    grants: handedOver(whole.grants, before, role.id),
  });
}

/** What may be granted on the object of a number. */
export function kindOfObject(catalog: Catalog, id: number): AccessKind {
  if (catalog.sequences.has(id)) return ACCESS_KINDS.sequence;
  if (catalog.routines.has(id)) return ACCESS_KINDS.routine;
  if (catalog.types.has(id) || typeByOid(id) !== undefined) return ACCESS_KINDS.type;
  if (id === PUBLIC_SCHEMA_ID) return ACCESS_KINDS.publicSchema;
  if (catalog.schemas.has(id)) return ACCESS_KINDS.schema;
  if (id === DATABASE_ID) return ACCESS_KINDS.database;
  return id === SQL_LANGUAGE_ID ? ACCESS_KINDS.language : ACCESS_KINDS.relation;
}
