/**
 * DROP OWNED and REASSIGN OWNED: what roles own, and what was granted to them.
 *
 * I1  What the owner of the database owns is the system's: neither dropped nor handed over (2BP01).
 */
import { DecentDbError } from '../../base/errors.ts';
import type { AccessDef } from '../../catalog/roles.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import type { DdlContext } from './context.ts';
import { closure, type Dropped } from './dependencies.ts';
import { executeDrop, remove } from './drop.ts';
import { setOwner } from './grants.ts';
import { type RoleRef, requireSpec } from './role-names.ts';

function rolesOf(ctx: DdlContext, specs: readonly ast.RoleSpec[]): readonly RoleRef[] {
  return specs.map((spec) => requireSpec(ctx, spec));
}

/** I1. */
function refuseSystem(roles: readonly RoleRef[], what: string): void {
  const system = roles.find(({ def }) => def === null);
  if (system !== undefined)
    throw new DecentDbError(
      '2BP01',
      `cannot ${what} objects owned by role ${system.name} because they are required by the database system`,
    );
}

function ownedBy(ctx: DdlContext, roles: readonly RoleRef[]): readonly AccessDef[] {
  const ids = new Set(roles.map(({ id }) => id));
  return [...ctx.catalog.access.values()].filter(
    ({ ownerId, forNew }) => ownerId !== null && ids.has(ownerId) && forNew === undefined,
  );
}

export function reassignOwned(ctx: DdlContext, stmt: ast.ReassignOwnedStmt): void {
  const roles = rolesOf(ctx, stmt.roles);
  requireSpec(ctx, stmt.newrole);
  refuseSystem(roles, 'reassign ownership of');
  for (const { id } of ownedBy(ctx, roles)) setOwner(ctx, id, stmt.newrole);
}

export function dropOwned(ctx: DdlContext, stmt: ast.DropOwnedStmt): void {
  const roles = rolesOf(ctx, stmt.roles);
  refuseSystem(roles, 'drop');
  const owned = ownedBy(ctx, roles);
  const roots = owned.flatMap(({ id }) => rootOf(ctx, id));
  for (const dropped of closure(ctx, roots, stmt.behavior === 'DROP_CASCADE')) remove(ctx, dropped);
  for (const { id } of owned) dropSchema(ctx, id, stmt);
  const ids = new Set(roles.map(({ id }) => id));
  for (const access of ctx.catalog.access.values()) {
    const { forNew } = access;
    if (forNew !== undefined && ids.has(forNew.roleId)) {
      ctx.catalog = ctx.catalog.withoutAccess(access.id);
      continue;
    }
    const grants = access.grants.filter(
      ({ granteeId, grantorId }) => !ids.has(granteeId) && !ids.has(grantorId),
    );
    if (grants.length < access.grants.length) ctx.catalog = ctx.catalog.withAccess({ ...access, grants });
  }
}

function rootOf({ catalog }: DdlContext, id: number): Dropped[] {
  const table = catalog.tables.get(id);
  if (table !== undefined) return [{ kind: 'table', table }];
  const view = catalog.views.get(id);
  if (view !== undefined) return [{ kind: 'view', view }];
  const sequence = catalog.sequences.get(id);
  // One that a column owns goes with its table.
  if (sequence !== undefined) return sequence.ownedBy === null ? [{ kind: 'sequence', sequence }] : [];
  const type = catalog.types.get(id);
  if (type !== undefined) return [{ kind: 'type', type }];
  const routine = catalog.routines.get(id);
  return routine === undefined ? [] : [{ kind: 'routine', routine }];
}

function dropSchema(ctx: DdlContext, id: number, { behavior, location }: ast.DropOwnedStmt): void {
  const schema = ctx.catalog.schemas.get(id);
  if (schema === undefined) return;
  executeDrop(ctx, {
    kind: 'DropStmt',
    objects: [
      {
        kind: 'ObjectName',
        names: [schema.name],
        typeName: null,
        args: null,
        funcargs: [],
        sourceType: null,
        using: null,
        location,
      },
    ],
    removeType: 'OBJECT_SCHEMA',
    behavior,
    missing_ok: false,
    concurrent: false,
    location,
  });
}
