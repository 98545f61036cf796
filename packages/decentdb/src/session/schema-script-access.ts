/**
 * Roles, owners and grants as statements. They are recorded here and enforced by PostgreSQL, so a script carries them.
 *
 * I1  The owner of the database and PostgreSQL's own roles are not made, and nothing is granted to the owner.
 */
import { accessOf, defaultAccess, minus, PUBLIC_ID } from '../catalog/access-list.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { AccessDef, GrantDef, RoleDef } from '../catalog/roles.ts';
import { quoteString } from '../sql/print/quote.ts';
import { kindOfNew, listOf } from './ddl/default-privileges.ts';
import { kindOfObject } from './ddl/grants.ts';
import { roleNameOf } from './ddl/role-names.ts';
import { named } from './schema-script-order.ts';
import { quoted } from './virtual/definitions.ts';
import { OWNER_ID } from './virtual/object-ids.ts';
import { routineArguments } from './virtual/routine-definition.ts';

const PRIVILEGES: Readonly<Record<string, string>> = {
  a: 'INSERT',
  r: 'SELECT',
  w: 'UPDATE',
  d: 'DELETE',
  D: 'TRUNCATE',
  x: 'REFERENCES',
  t: 'TRIGGER',
  X: 'EXECUTE',
  U: 'USAGE',
  C: 'CREATE',
};

/** CREATE ROLE for each, then who is a member of whom. */
export function roleStatements(catalog: Catalog): readonly string[] {
  const roles = [...catalog.roles.values()].sort((a, b) => a.id - b.id);
  const statements = roles.map((role) => `CREATE ROLE ${quoted(role.name)}${attributes(role)}`);
  for (const role of roles)
    for (const [name, value] of Object.entries(role.settings))
      statements.push(`ALTER ROLE ${quoted(role.name)} SET ${name} = ${quoteString(value)}`);
  for (const role of roles)
    for (const { roleId, isAdmin } of role.memberOf) {
      const of = roleNameOf(catalog, roleId);
      if (of !== null && roleId !== OWNER_ID)
        statements.push(`GRANT ${quoted(of)} TO ${quoted(role.name)}${isAdmin ? ' WITH ADMIN OPTION' : ''}`);
    }
  return statements;
}

function attributes(role: RoleDef): string {
  const words: string[] = [];
  if (role.isSuperuser) words.push('SUPERUSER');
  if (!role.inherits) words.push('NOINHERIT');
  if (role.createsRoles) words.push('CREATEROLE');
  if (role.createsDatabases) words.push('CREATEDB');
  if (role.canLogin) words.push('LOGIN');
  if (role.isReplication) words.push('REPLICATION');
  if (role.bypassesRowSecurity) words.push('BYPASSRLS');
  if (role.connectionsMax >= 0) words.push(`CONNECTION LIMIT ${role.connectionsMax}`);
  if (role.validUntil !== null) words.push(`VALID UNTIL ${quoteString(role.validUntil)}`);
  return words.map((word) => ` ${word}`).join('');
}

/** ` AUTHORIZATION role`, or nothing where the owner of the database owns the schema. */
export function schemaOwner(catalog: Catalog, schemaId: number): string {
  const owner = ownerOf(catalog, catalog.access.get(schemaId));
  return owner === null ? '' : ` AUTHORIZATION ${quoted(owner)}`;
}

function ownerOf(catalog: Catalog, access: AccessDef | undefined): string | null {
  const id = access?.ownerId ?? null;
  return id === null || id === OWNER_ID ? null : roleNameOf(catalog, id);
}

/** Owners of and grants on everything but what belongs to the owner of the database. */
export function accessStatements(catalog: Catalog): readonly string[] {
  const statements: string[] = [];
  for (const access of [...catalog.access.values()].sort((a, b) => a.id - b.id)) {
    const object = objectOf(catalog, access.id);
    if (object === null) continue;
    const owner = ownerOf(catalog, access);
    if (owner !== null && object.kind !== 'SCHEMA')
      statements.push(`ALTER ${object.kind} ${object.name} OWNER TO ${quoted(owner)}`);
    statements.push(...listStatements(catalog, object, access));
  }
  return [...statements, ...defaultStatements(catalog)];
}

const NEW_OBJECTS = {
  table: 'TABLES',
  sequence: 'SEQUENCES',
  routine: 'FUNCTIONS',
  type: 'TYPES',
  schema: 'SCHEMAS',
} as const;

/** ALTER DEFAULT PRIVILEGES, after everything is made: what is there has its grants already. */
function defaultStatements(catalog: Catalog): string[] {
  const statements: string[] = [];
  for (const access of [...catalog.access.values()].sort((a, b) => a.id - b.id)) {
    const { forNew } = access;
    if (forNew === undefined) continue;
    const role = roleNameOf(catalog, forNew.roleId);
    const schema = catalog.schemas.get(forNew.schemaId);
    if (role === null || (forNew.schemaId !== 0 && schema === undefined)) continue;
    const of = forNew.roleId === OWNER_ID ? '' : ` FOR ROLE ${quoted(role)}`;
    const within = schema === undefined ? '' : ` IN SCHEMA ${quoted(schema.name)}`;
    const usual = forNew.schemaId === 0 ? defaultAccess(kindOfNew(forNew), forNew.roleId) : [];
    const object: NamedObject = { kind: NEW_OBJECTS[forNew.kind], name: '', column: () => undefined };
    for (const statement of changeStatements(catalog, object, listOf(access), usual, forNew.roleId))
      statements.push(`ALTER DEFAULT PRIVILEGES${of}${within} ${statement}`);
  }
  return statements;
}

interface NamedObject {
  /** As ALTER calls it. */
  readonly kind: string;
  readonly name: string;
  /** Name of the column of a number, where it has columns. */
  readonly column: (attnum: number) => string | undefined;
}

function objectOf(catalog: Catalog, id: number): NamedObject | null {
  const make = (
    kind: string,
    name: string,
    column: NamedObject['column'] = () => undefined,
  ): NamedObject => ({
    kind,
    name,
    column,
  });
  const table = catalog.tables.get(id);
  if (table !== undefined)
    return table.isTemporary
      ? null
      : make('TABLE', named(table), (attnum) => {
          const column = table.columns[attnum - 1];
          return column?.isDropped === true ? undefined : column?.name;
        });
  const view = catalog.views.get(id);
  if (view !== undefined) {
    const kind = view.materializedTableId === null ? 'VIEW' : 'MATERIALIZED VIEW';
    return view.isTemporary ? null : make(kind, named(view), (attnum) => view.columns[attnum - 1]?.name);
  }
  const sequence = catalog.sequences.get(id);
  if (sequence !== undefined) return sequence.isTemporary ? null : make('SEQUENCE', named(sequence));
  const schema = catalog.schemas.get(id);
  if (schema !== undefined) return make('SCHEMA', quoted(schema.name));
  const type = catalog.types.get(id);
  if (type !== undefined) return make(type.form.kind === 'domain' ? 'DOMAIN' : 'TYPE', named(type));
  const routine = catalog.routines.get(id);
  if (routine === undefined) return null;
  // GRANT knows no aggregates, and FUNCTION means them too.
  return make(
    routine.kind === 'procedure' ? 'PROCEDURE' : 'FUNCTION',
    `${named(routine)}(${routineArguments(catalog, routine, false)})`,
  );
}

function listStatements(catalog: Catalog, object: NamedObject, access: AccessDef): string[] {
  const ownerId = access.ownerId ?? OWNER_ID;
  const kind = kindOfObject(catalog, access.id);
  const list = accessOf(access, kind, ownerId);
  const columns = access.grants.filter(({ column }) => column !== 0);
  return [
    ...(list === null ? [] : changeStatements(catalog, object, list, defaultAccess(kind, ownerId), ownerId)),
    ...columns.flatMap((grant) => grantStatements(catalog, object, grant, ownerId)),
  ];
}

/** Statements in the name of a role that is not the object's owner. */
function asRole(catalog: Catalog, roleId: number, statements: string[]): string[] {
  const name = roleNameOf(catalog, roleId);
  if (name === null || statements.length === 0) return statements;
  return [`SET SESSION AUTHORIZATION ${quoted(name)}`, ...statements, 'RESET SESSION AUTHORIZATION'];
}

/** What leads from the usual list to this one: what somebody has no more, then what was given. */
function changeStatements(
  catalog: Catalog,
  object: NamedObject,
  list: readonly GrantDef[],
  usual: readonly GrantDef[],
  ownerId: number,
): string[] {
  const isSame = (a: GrantDef, b: GrantDef): boolean =>
    a.granteeId === b.granteeId && a.grantorId === b.grantorId;
  const statements: string[] = [];
  for (const own of usual) {
    const held = list.find((grant) => isSame(grant, own));
    statements.push(
      ...revokeStatements(catalog, object, own.granteeId, minus(own.privileges, held?.privileges ?? '')),
    );
  }
  for (const grant of list) {
    const own = usual.find((one) => isSame(grant, one));
    const privileges = minus(grant.privileges, own?.privileges ?? '');
    statements.push(...grantStatements(catalog, object, { ...grant, privileges }, ownerId));
  }
  return statements;
}

/** As GRANT calls it. */
function onObject({ kind, name }: NamedObject): string {
  const word = kind.endsWith('VIEW') ? 'TABLE' : kind;
  return name === '' ? word : `${word} ${name}`;
}

function revokeStatements(
  catalog: Catalog,
  object: NamedObject,
  granteeId: number,
  letters: string,
): string[] {
  const from = granteeId === PUBLIC_ID ? 'PUBLIC' : roleNameOf(catalog, granteeId);
  // I1
  if (letters === '' || from === null || granteeId === OWNER_ID) return [];
  const words = [...letters].flatMap((letter) => PRIVILEGES[letter] ?? []);
  return [
    `REVOKE ${words.join(', ')} ON ${onObject(object)} FROM ${from === 'PUBLIC' ? from : quoted(from)}`,
  ];
}

/** One statement for what was given, one more for what was given with the right to give it on. */
function grantStatements(catalog: Catalog, object: NamedObject, grant: GrantDef, ownerId: number): string[] {
  const grantee = grant.granteeId === PUBLIC_ID ? 'PUBLIC' : roleNameOf(catalog, grant.granteeId);
  if (grantee === null || grant.granteeId === OWNER_ID) return [];
  const column = grant.column === 0 ? '' : object.column(grant.column);
  if (column === undefined) return [];
  const list = column === '' ? '' : ` (${quoted(column)})`;
  const to = grantee === 'PUBLIC' ? grantee : quoted(grantee);
  const statement = (letters: string, option: string): string[] => {
    const words = [...letters].flatMap((letter) => PRIVILEGES[letter] ?? []);
    if (words.length === 0) return [];
    return [`GRANT ${words.map((word) => word + list).join(', ')} ON ${onObject(object)} TO ${to}${option}`];
  };
  const plain = [...grant.privileges].filter((letter) => !grant.grantable.includes(letter)).join('');
  const statements = [...statement(plain, ''), ...statement(grant.grantable, ' WITH GRANT OPTION')];
  return grant.grantorId === ownerId ? statements : asRole(catalog, grant.grantorId, statements);
}
