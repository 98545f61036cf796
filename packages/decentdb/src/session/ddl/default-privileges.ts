/**
 * ALTER DEFAULT PRIVILEGES: what is granted on objects as they are made.
 *
 * I1  A default is an AccessDef with `forNew`: the role that makes the object, the schema it is made in (0: any) and its kind.
 * I2  Objects get the defaults of the current user at the end of the statement that made them; later changes do not reach them.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { AccessDef, GrantDef } from '../../catalog/roles.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import type { DdlContext } from './context.ts';
import { changedGrants, granteesOf, privilegesOf } from './grants.ts';
import { requireRole } from './role-names.ts';
import { newId, requireSchema } from './work.ts';

type NewKind = NonNullable<AccessDef['forNew']>['kind'];

const NEW_KINDS: Partial<Record<ast.ObjectType, NewKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_FUNCTION: 'routine',
  OBJECT_ROUTINE: 'routine',
  OBJECT_PROCEDURE: 'routine',
  OBJECT_TYPE: 'type',
  OBJECT_SCHEMA: 'schema',
};

export function alterDefaultPrivileges(ctx: DdlContext, stmt: ast.AlterDefaultPrivilegesStmt): void {
  const { action } = stmt;
  const kind = NEW_KINDS[action.objtype];
  if (kind === undefined)
    throw bindNotSupported(`default privileges on ${action.objtype.slice(7).toLowerCase()}`, stmt.location);
  const [roles, schemas] = [namesIn(stmt, 'roles'), namesIn(stmt, 'schemas')];
  const roleIds = (roles.length === 0 ? [ctx.user.current] : roles).map(
    (name) => requireRole(ctx, current(ctx, name)).id,
  );
  const schemaIds = schemas.length === 0 ? [0] : schemas.map((name) => requireSchema(ctx, name).id);
  if (kind === 'schema' && schemas.length > 0)
    throw new DecentDbError('0LP01', 'cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS');
  const wanted = privilegesOf(action);
  const grantees = granteesOf(ctx, action);
  for (const roleId of roleIds)
    for (const schemaId of schemaIds) {
      const access = defaultsFor(ctx, { roleId, schemaId, kind });
      let { grants } = access;
      // A role has every privilege on what it makes: what it is given or denied there is not kept.
      for (const letters of wanted)
        for (const granteeId of grantees.filter((id) => id !== roleId))
          grants = changedGrants(action, grants, { granteeId, column: 0, letters }, roleId);
      ctx.catalog =
        grants.length === 0
          ? ctx.catalog.withoutAccess(access.id)
          : ctx.catalog.withAccess({ ...access, grants });
    }
}

function current(ctx: DdlContext, name: string): string {
  if (name === 'session_user') return ctx.user.session;
  return name === 'current_user' || name === 'current_role' ? ctx.user.current : name;
}

function namesIn(stmt: ast.AlterDefaultPrivilegesStmt, name: string): readonly string[] {
  const arg = stmt.options.find(({ defname }) => defname === name)?.arg;
  if (arg?.kind === 'NameList') return arg.names;
  return [];
}

function defaultsFor(ctx: DdlContext, forNew: NonNullable<AccessDef['forNew']>): AccessDef {
  for (const access of ctx.catalog.access.values())
    if (
      access.forNew?.roleId === forNew.roleId &&
      access.forNew.schemaId === forNew.schemaId &&
      access.forNew.kind === forNew.kind
    )
      return access;
  return { id: newId(ctx), ownerId: null, grants: [], forNew };
}

/** I2; and defaults of a schema that is gone go with it. */
export function grantDefaults(ctx: DdlContext, before: Catalog): void {
  const defaults = [...ctx.catalog.access.values()].filter(({ forNew }) => forNew !== undefined);
  if (defaults.length === 0) return;
  for (const { id, forNew } of defaults)
    if (forNew !== undefined && forNew.schemaId !== 0 && !ctx.catalog.schemas.has(forNew.schemaId))
      ctx.catalog = ctx.catalog.withoutAccess(id);
  const creator = requireRole(ctx, ctx.user.current).id;
  const mine = defaults.filter(({ forNew }) => forNew?.roleId === creator);
  if (mine.length === 0) return;
  for (const { id, kind, schema } of madeSince(ctx.catalog, before)) {
    const schemaId = ctx.catalog.schema(schema)?.id;
    const grants = mine.flatMap(({ forNew, grants }): readonly GrantDef[] =>
      forNew?.kind === kind && (forNew.schemaId === 0 || forNew.schemaId === schemaId) ? grants : [],
    );
    if (grants.length > 0)
      ctx.catalog = ctx.catalog.withAccess({ id, ownerId: null, grants: merged(grants) });
  }
}

interface Made {
  readonly id: number;
  readonly kind: NewKind;
  readonly schema: string;
}

function* madeSince(now: Catalog, before: Catalog): Iterable<Made> {
  const parts = [
    [now.tables, before.tables, 'table'],
    [now.views, before.views, 'table'],
    [now.sequences, before.sequences, 'sequence'],
    [now.routines, before.routines, 'routine'],
    [now.types, before.types, 'type'],
  ] as const;
  for (const [after, old, kind] of parts)
    if (after !== old)
      for (const { id, schema } of after.values()) if (!old.has(id)) yield { id, kind, schema };
  if (now.schemas !== before.schemas)
    for (const { id, name } of now.schemas.values())
      if (!before.schemas.has(id)) yield { id, kind: 'schema', schema: name };
}

/** One grant per grantee: those for any schema and those of the schema add up. */
function merged(grants: readonly GrantDef[]): GrantDef[] {
  const found = new Map<string, GrantDef>();
  const union = (a: string, b: string): string => [...new Set(a + b)].join('');
  for (const grant of grants) {
    const key = `${grant.granteeId} ${grant.grantorId}`;
    const old = found.get(key);
    found.set(key, {
      ...grant,
      privileges: union(old?.privileges ?? '', grant.privileges),
      grantable: union(old?.grantable ?? '', grant.grantable),
    });
  }
  return [...found.values()];
}
