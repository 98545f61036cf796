/**
 * CREATE, ALTER, DROP, RENAME of roles, and membership in them.
 *
 * I1  Roles are recorded, with PostgreSQL's checks of names, options and memberships; nothing is ever refused for want of
 *     a privilege.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Membership, RoleDef } from '../../catalog/roles.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { optionText } from '../run/transaction-control.ts';
import type { DdlContext } from './context.ts';
import { describeObject } from './object-labels.ts';
import {
  findRole,
  isSuperuser,
  type RoleRef,
  requireListed,
  requireSpec,
  roleNameOf,
  specName,
} from './role-names.ts';
import { newId } from './work.ts';

const FLAGS: Readonly<Record<string, keyof RoleDef>> = {
  superuser: 'isSuperuser',
  inherit: 'inherits',
  createrole: 'createsRoles',
  createdb: 'createsDatabases',
  canlogin: 'canLogin',
  isreplication: 'isReplication',
  bypassrls: 'bypassesRowSecurity',
};

export function createRole(ctx: DdlContext, stmt: ast.CreateRoleStmt): void {
  checkNewName(ctx, stmt.role);
  checkOnce(stmt.options);
  const id = newId(ctx);
  const blank: RoleDef = {
    id,
    name: stmt.role,
    isSuperuser: false,
    inherits: true,
    createsRoles: false,
    createsDatabases: false,
    canLogin: stmt.stmt_type === 'ROLESTMT_USER',
    isReplication: false,
    bypassesRowSecurity: false,
    connectionsMax: -1,
    validUntil: null,
    memberOf: [],
    settings: {},
    comment: null,
  };
  ctx.catalog = ctx.catalog.withRole(withAttributes(blank, stmt.options));
  const self: RoleRef = { id, name: stmt.role, def: blank };
  for (const option of stmt.options) {
    for (const name of namesOf(option)) {
      const other = requireListed(ctx, name);
      if (option.defname === 'addroleto') addMember(ctx, other, self, false);
      else addMember(ctx, self, other, option.defname === 'adminmembers');
    }
  }
}

function checkNewName(ctx: DdlContext, name: string): void {
  if (name.startsWith('pg_'))
    throw new DecentDbError('42939', `role name "${name}" is reserved`, {
      detail: 'Role names starting with "pg_" are reserved.',
    });
  if (name === 'public' || name === 'none')
    throw new DecentDbError('42939', `role name "${name}" is reserved`);
  if (findRole(ctx.catalog, name) !== null) throw new DecentDbError('42710', `role "${name}" already exists`);
}

function checkOnce(options: readonly ast.DefElem[]): void {
  const seen = new Set<string>();
  for (const option of options) {
    if (seen.has(option.defname))
      throw new DecentDbError('42601', 'conflicting or redundant options', { position: option.location + 1 });
    seen.add(option.defname);
  }
}

function namesOf(option: ast.DefElem): readonly string[] {
  return option.arg?.kind === 'NameList' ? option.arg.names : [];
}

function withAttributes(role: RoleDef, options: readonly ast.DefElem[]): RoleDef {
  let next = role;
  for (const option of options) {
    const flag = FLAGS[option.defname];
    if (flag !== undefined) next = { ...next, [flag]: optionText(option) === 'true' };
    else if (option.defname === 'connectionlimit') {
      const connectionsMax = Number(optionText(option));
      if (connectionsMax < -1)
        throw new DecentDbError('22023', `invalid connection limit: ${connectionsMax}`);
      next = { ...next, connectionsMax };
    } else if (option.defname === 'validUntil') next = { ...next, validUntil: optionText(option) };
  }
  return next;
}

/** ALTER ROLE, and ALTER GROUP ... ADD / DROP USER. */
export function alterRole(ctx: DdlContext, stmt: ast.AlterRoleStmt): void {
  checkOnce(stmt.options);
  const role = changeable(ctx, stmt.role);
  const members = stmt.options.find((option) => option.defname === 'rolemembers');
  if (members !== undefined) {
    for (const name of namesOf(members)) {
      const member = requireListed(ctx, name);
      if (stmt.action > 0) addMember(ctx, role, member, false);
      else removeMember(ctx, role, member, false);
    }
    return;
  }
  if (role.def !== null) ctx.catalog = ctx.catalog.withRole(withAttributes(role.def, stmt.options));
}

function changeable(ctx: DdlContext, spec: ast.RoleSpec): RoleRef {
  const name = specName(ctx, spec);
  if (name.startsWith('pg_') && findRole(ctx.catalog, name) !== null)
    throw new DecentDbError('42939', `role name "${name}" is reserved`, {
      detail: 'Cannot alter reserved roles.',
    });
  return requireSpec(ctx, spec);
}

/** ALTER ROLE ... SET: remembered with the role; sessions are always the owner's. */
export function alterRoleSettings(ctx: DdlContext, stmt: ast.AlterRoleSetStmt): void {
  if (stmt.role === null) return;
  const { def } = changeable(ctx, stmt.role);
  if (def === null) return;
  const { setstmt } = stmt;
  const settings = { ...def.settings };
  if (setstmt.setKind === 'VAR_RESET_ALL') {
    ctx.catalog = ctx.catalog.withRole({ ...def, settings: {} });
    return;
  }
  const name = setstmt.name ?? '';
  if (setstmt.setKind === 'VAR_SET_VALUE')
    settings[name] = setstmt.args
      .map((arg) => (arg.kind === 'A_Const' ? optionText({ ...blankOption, arg }) : ''))
      .join(', ');
  else delete settings[name];
  ctx.catalog = ctx.catalog.withRole({ ...def, settings });
}

const blankOption: ast.DefElem = {
  kind: 'DefElem',
  defnamespace: null,
  defname: '',
  arg: null,
  defaction: 'DEFELEM_UNSPEC',
  location: -1,
};

export function dropRoles(ctx: DdlContext, stmt: ast.DropRoleStmt): void {
  const doomed: RoleRef[] = [];
  for (const spec of stmt.roles) {
    if (spec.roletype !== 'ROLESPEC_CSTRING')
      throw new DecentDbError('22023', 'cannot use special role specifier in DROP ROLE');
    const name = spec.rolename ?? '';
    const role = findRole(ctx.catalog, name);
    if (role === null) {
      if (!stmt.missing_ok) throw new DecentDbError('42704', `role "${name}" does not exist`);
      ctx.notice({
        severity: 'NOTICE',
        code: '00000',
        message: `role "${name}" does not exist, skipping`,
      });
      continue;
    }
    if (name === ctx.user.current) throw new DecentDbError('55006', 'current user cannot be dropped');
    if (name === ctx.user.session) throw new DecentDbError('55006', 'session user cannot be dropped');
    if (role.def === null)
      throw new DecentDbError(
        '2BP01',
        `cannot drop role ${name} because it is required by the database system`,
      );
    doomed.push(role);
  }
  for (const role of doomed) {
    checkUnused(ctx, role);
    for (const other of ctx.catalog.roles.values())
      if (other.memberOf.some((membership) => membership.roleId === role.id)) leave(ctx, role, other);
    ctx.catalog = ctx.catalog.withoutRole(role.id);
  }
}

function checkUnused(ctx: DdlContext, role: RoleRef): void {
  const lines: string[] = [];
  for (const access of ctx.catalog.access.values()) {
    const isGranted = access.grants.some((g) => g.granteeId === role.id || g.grantorId === role.id);
    const { forNew } = access;
    const what =
      forNew === undefined
        ? describeObject(ctx.catalog, access.id)
        : `default privileges on new objects belonging to role ${roleNameOf(ctx.catalog, forNew.roleId)}`;
    if (access.ownerId === role.id || forNew?.roleId === role.id) lines.push(`owner of ${what}`);
    else if (isGranted) lines.push(`privileges for ${what}`);
  }
  if (lines.length === 0) return;
  throw new DecentDbError(
    '2BP01',
    `role "${role.name}" cannot be dropped because some objects depend on it`,
    {
      detail: lines.join('\n'),
    },
  );
}

export function renameRole(ctx: DdlContext, stmt: ast.RenameStmt): string {
  const name = stmt.subname ?? '';
  const role = findRole(ctx.catalog, name);
  if (role === null) throw new DecentDbError('42704', `role "${name}" does not exist`);
  if (name === ctx.user.session) throw new DecentDbError('0A000', 'session user cannot be renamed');
  if (name === ctx.user.current) throw new DecentDbError('0A000', 'current user cannot be renamed');
  if (role.def === null) throw new DecentDbError('42939', `role name "${name}" is reserved`);
  checkNewName(ctx, stmt.newname);
  ctx.catalog = ctx.catalog.withRole({ ...role.def, name: stmt.newname });
  return 'ALTER ROLE';
}

/** GRANT role TO role, REVOKE role FROM role. */
export function grantRoles(ctx: DdlContext, stmt: ast.GrantRoleStmt): void {
  checkGrantor(ctx, stmt.grantor, true);
  const isAdmin = stmt.opt.some((option) => option.defname === 'admin' && optionText(option) === 'true');
  const isAdminOnly = stmt.opt.some((option) => option.defname === 'admin');
  for (const granted of stmt.granted_roles) {
    if (granted.cols.length > 0 || granted.priv_name === null)
      throw new DecentDbError('0LP01', 'column names cannot be included in GRANT/REVOKE ROLE');
    const role = requireListed(ctx, granted.priv_name);
    for (const spec of stmt.grantee_roles) {
      const member = requireSpec(ctx, spec);
      if (stmt.is_grant) addMember(ctx, role, member, isAdmin);
      else removeMember(ctx, role, member, isAdminOnly);
    }
  }
}

/** GRANTED BY: the current user, or for memberships whoever a superuser says. */
export function checkGrantor(ctx: DdlContext, grantor: ast.RoleSpec | null, isMembership: boolean): void {
  if (grantor === null) return;
  const role = requireSpec(ctx, grantor);
  if (role.name === ctx.user.current) return;
  if (!isMembership || !isSuperuser(ctx.catalog, ctx.user.current))
    throw new DecentDbError('0A000', 'grantor must be current user');
}

function membershipsOf(ctx: DdlContext, role: RoleRef): readonly Membership[] {
  return ctx.catalog.roles.get(role.id)?.memberOf ?? [];
}

function isMember(ctx: DdlContext, of: number, role: number): boolean {
  if (of === role) return true;
  const memberships = ctx.catalog.roles.get(role)?.memberOf ?? [];
  return memberships.some((membership) => isMember(ctx, of, membership.roleId));
}

function addMember(ctx: DdlContext, role: RoleRef, member: RoleRef, isAdmin: boolean): void {
  if (isMember(ctx, member.id, role.id))
    throw new DecentDbError('0LP01', `role "${role.name}" is a member of role "${member.name}"`);
  const def = ctx.catalog.roles.get(member.id);
  // The owner may do everything already; predefined roles stay as they are.
  if (def === undefined) return;
  const known = def.memberOf.find((membership) => membership.roleId === role.id);
  if (known !== undefined && (known.isAdmin || !isAdmin)) {
    ctx.notice({
      severity: 'NOTICE',
      code: '00000',
      message: `role "${member.name}" is already a member of role "${role.name}"`,
    });
    return;
  }
  const others = def.memberOf.filter((membership) => membership.roleId !== role.id);
  ctx.catalog = ctx.catalog.withRole({ ...def, memberOf: [...others, { roleId: role.id, isAdmin }] });
}

function removeMember(ctx: DdlContext, role: RoleRef, member: RoleRef, isAdminOnly: boolean): void {
  const known = membershipsOf(ctx, member).find((membership) => membership.roleId === role.id);
  const def = ctx.catalog.roles.get(member.id);
  if (known === undefined || def === undefined) {
    ctx.notice({
      severity: 'WARNING',
      code: '01000',
      message: `role "${member.name}" is not a member of role "${role.name}"`,
    });
    return;
  }
  leave(ctx, role, def);
  if (isAdminOnly) addMember(ctx, role, { id: def.id, name: def.name, def }, false);
}

function leave(ctx: DdlContext, role: RoleRef, member: RoleDef): void {
  const memberOf = member.memberOf.filter((membership) => membership.roleId !== role.id);
  ctx.catalog = ctx.catalog.withRole({ ...member, memberOf });
}
