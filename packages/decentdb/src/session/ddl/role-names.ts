/**
 * Roles by name and by id: those of the catalogue, the owner of the database, and the predefined ones of PostgreSQL.
 *
 * I1  The owner and the predefined roles are in no catalogue: they cannot be altered or dropped.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { RoleDef } from '../../catalog/roles.ts';
import type { RoleSpec } from '../../sql/ast/nodes.ts';
import { OWNER_ID, OWNER_NAME } from '../virtual/object-ids.ts';
import type { DdlContext } from './context.ts';

/** Roles every PostgreSQL has, with its oids. */
const PREDEFINED: ReadonlyMap<string, number> = new Map([
  ['pg_database_owner', 6171],
  ['pg_read_all_data', 6181],
  ['pg_write_all_data', 6182],
  ['pg_monitor', 3373],
  ['pg_read_all_settings', 3374],
  ['pg_read_all_stats', 3375],
  ['pg_stat_scan_tables', 3377],
  ['pg_read_server_files', 4569],
  ['pg_write_server_files', 4570],
  ['pg_execute_server_program', 4571],
  ['pg_signal_backend', 4200],
  ['pg_checkpoint', 4544],
]);

export interface RoleRef {
  readonly id: number;
  readonly name: string;
  /** Null for roles that are in no catalogue (I1). */
  readonly def: RoleDef | null;
}

export function findRole(catalog: Catalog, name: string): RoleRef | null {
  if (name === OWNER_NAME) return { id: OWNER_ID, name, def: null };
  const predefined = PREDEFINED.get(name);
  if (predefined !== undefined) return { id: predefined, name, def: null };
  const def = catalog.role(name);
  return def === undefined ? null : { id: def.id, name, def };
}

export function roleNameOf(catalog: Catalog, id: number): string | null {
  if (id === OWNER_ID) return OWNER_NAME;
  for (const [name, oid] of PREDEFINED) if (oid === id) return name;
  return catalog.roles.get(id)?.name ?? null;
}

/** Roles with their oids, for pg_roles. */
export function predefinedRoles(): ReadonlyMap<string, number> {
  return PREDEFINED;
}

export function requireRole(ctx: DdlContext, name: string): RoleRef {
  const found = findRole(ctx.catalog, name);
  if (found === null) throw new DecentDbError('42704', `role "${name}" does not exist`);
  return found;
}

/** The name a role specification stands for; PUBLIC is no role. */
export function specName(ctx: DdlContext, spec: RoleSpec): string {
  switch (spec.roletype) {
    case 'ROLESPEC_CURRENT_ROLE':
    case 'ROLESPEC_CURRENT_USER':
      return ctx.user.current;
    case 'ROLESPEC_SESSION_USER':
      return ctx.user.session;
    case 'ROLESPEC_PUBLIC':
      return 'public';
    default:
      return spec.rolename ?? '';
  }
}

export function requireSpec(ctx: DdlContext, spec: RoleSpec): RoleRef {
  return requireRole(ctx, specName(ctx, spec));
}

/** Words an option list may hold instead of a name: `current_user` and `session_user` as the parser writes them. */
export function requireListed(ctx: DdlContext, name: string): RoleRef {
  if (name === 'current_user' || name === 'current_role') return requireRole(ctx, ctx.user.current);
  if (name === 'session_user') return requireRole(ctx, ctx.user.session);
  return requireRole(ctx, name);
}

export function isSuperuser(catalog: Catalog, name: string): boolean {
  return name === OWNER_NAME || catalog.role(name)?.isSuperuser === true;
}
