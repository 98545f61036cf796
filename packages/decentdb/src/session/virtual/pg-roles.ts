/** pg_roles, pg_authid, pg_group, pg_auth_members, pg_default_acl: the owner, the predefined roles and those of the catalogue. */
import type { RoleDef } from '../../catalog/roles.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { SqlArray } from '../../types/array.ts';
import type { Datum } from '../../types/vector.ts';
import { listOf } from '../ddl/default-privileges.ts';
import { predefinedRoles } from '../ddl/role-names.ts';
import { aclItems } from './access-lists.ts';
import { type VirtualContext, view } from './define.ts';
import { OWNER_ID, OWNER_NAME } from './object-ids.ts';

const blank: Omit<RoleDef, 'id' | 'name'> = {
  isSuperuser: false,
  inherits: true,
  createsRoles: false,
  createsDatabases: false,
  canLogin: false,
  isReplication: false,
  bypassesRowSecurity: false,
  connectionsMax: -1,
  validUntil: null,
  memberOf: [],
  settings: {},
  comment: null,
};

function* rolesOf(context: VirtualContext): Iterable<RoleDef> {
  yield {
    ...blank,
    id: OWNER_ID,
    name: OWNER_NAME,
    isSuperuser: true,
    createsRoles: true,
    createsDatabases: true,
    canLogin: true,
    isReplication: true,
    bypassesRowSecurity: true,
  };
  for (const [name, id] of predefinedRoles()) yield { ...blank, id, name };
  yield* context.catalog.roles.values();
}

function configOf(role: RoleDef): Datum {
  const settings = Object.entries(role.settings).map(([name, value]) => `${name}=${value}`);
  return settings.length === 0 ? null : SqlArray.of(settings);
}

function* roleRows(context: VirtualContext, isShadow: boolean): Iterable<readonly Datum[]> {
  for (const role of rolesOf(context))
    yield [
      role.id,
      role.name,
      role.isSuperuser,
      role.inherits,
      role.createsRoles,
      role.createsDatabases,
      role.canLogin,
      role.isReplication,
      role.bypassesRowSecurity,
      role.connectionsMax,
      isShadow ? null : '********',
      role.validUntil,
      configOf(role),
    ];
}

function* groupRows(context: VirtualContext): Iterable<readonly Datum[]> {
  for (const role of rolesOf(context)) {
    if (role.canLogin) continue;
    const members = [...context.catalog.roles.values()].filter((r) =>
      r.memberOf.some((membership) => membership.roleId === role.id),
    );
    yield [role.name, role.id, SqlArray.of(members.map((member) => member.id))];
  }
}

function* memberRows(context: VirtualContext): Iterable<readonly Datum[]> {
  for (const member of context.catalog.roles.values())
    for (const { roleId, isAdmin } of member.memberOf)
      yield [member.id, roleId, member.id, OWNER_ID, isAdmin, member.inherits, true];
}

const NEW_LETTERS = { table: 'r', sequence: 'S', routine: 'f', type: 'T', schema: 'n' } as const;

/** ALTER DEFAULT PRIVILEGES. */
function* defaultRows({ catalog }: VirtualContext): Iterable<readonly Datum[]> {
  for (const access of catalog.access.values())
    if (access.forNew !== undefined) {
      const { roleId, schemaId, kind } = access.forNew;
      yield [access.id, roleId, schemaId, NEW_LETTERS[kind], aclItems(catalog, listOf(access))];
    }
}

const AUTHID_CLASS = 1260;

function* sharedDescriptionRows({ catalog }: VirtualContext): Iterable<readonly Datum[]> {
  for (const { id, comment } of catalog.roles.values())
    if (comment !== null) yield [id, AUTHID_CLASS, comment];
}

const ROLE_COLUMNS =
  'oid oid, rolname name, rolsuper bool, rolinherit bool, rolcreaterole bool, rolcreatedb bool, rolcanlogin bool, ' +
  'rolreplication bool, rolbypassrls bool, rolconnlimit int4, rolpassword text, rolvaliduntil text, rolconfig _text';

export const roleViews: readonly VirtualTable[] = [
  view(
    'pg_catalog',
    'pg_default_acl',
    'oid oid, defaclrole oid, defaclnamespace oid, defaclobjtype char, defaclacl _text',
    defaultRows,
  ),
  view('pg_catalog', 'pg_roles', ROLE_COLUMNS, (context) => roleRows(context, false)),
  view('pg_catalog', 'pg_authid', ROLE_COLUMNS, (context) => roleRows(context, true)),
  view('pg_catalog', 'pg_shdescription', 'objoid oid, classoid oid, description text', sharedDescriptionRows),
  view('pg_catalog', 'pg_group', 'groname name, grosysid oid, grolist _oid', groupRows),
  view(
    'pg_catalog',
    'pg_auth_members',
    'oid oid, roleid oid, member oid, grantor oid, admin_option bool, inherit_option bool, set_option bool',
    memberRows,
  ),
];
