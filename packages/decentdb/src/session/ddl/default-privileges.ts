/**
 * ALTER DEFAULT PRIVILEGES: what is granted on objects as they are made.
 *
 * I1  A default is an AccessDef with `forNew`: the role that makes the object, the schema it is made in (0: any) and its kind.
 * I2  Objects belong to the current user and get his defaults at the end of the statement that made them; later changes do not
 *     reach them.
 * I3  The list for any schema stands in the place of what the role and PUBLIC have from the start; that of a schema is added to it.
 */
import { DecentDbError } from '../../base/errors.ts';
import {
  ACCESS_KINDS,
  type AccessKind,
  accessOwner,
  changedAccess,
  defaultAccess,
  isSameAccess,
  sortedAccess,
} from '../../catalog/access-list.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { AccessDef, GrantDef } from '../../catalog/roles.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { OWNER_ID, OWNER_NAME } from '../virtual/object-ids.ts';
import type { DdlContext } from './context.ts';
import { accessChange, granteesOf, privilegesOf } from './grants.ts';
import { requireRole } from './role-names.ts';
import { newId, requireSchema } from './work.ts';

type NewKind = NonNullable<AccessDef['forNew']>['kind'];

const KINDS: Readonly<Record<NewKind, keyof typeof ACCESS_KINDS>> = {
  table: 'relation',
  sequence: 'sequence',
  routine: 'routine',
  type: 'type',
  schema: 'schema',
};

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
      let grants = listOf(access);
      for (const letters of wanted)
        for (const granteeId of grantees)
          grants = changedAccess(
            grants,
            accessChange(action, { granteeId, column: 0, letters }, roleId),
            accessOwner(ctx.catalog, roleId),
          );
      const usual = schemaId === 0 ? defaultAccess(ACCESS_KINDS[KINDS[kind]], roleId) : [];
      ctx.catalog = isSameAccess(grants, usual)
        ? ctx.catalog.withoutAccess(access.id)
        : ctx.catalog.withAccess({ ...access, grants: sortedAccess(grants), isWhole: true });
    }
}

export function kindOfNew(forNew: NonNullable<AccessDef['forNew']>): AccessKind {
  return ACCESS_KINDS[KINDS[forNew.kind]];
}

/** The list of a default: for any schema it begins with what the role and PUBLIC have anyway (I3). */
export function listOf(access: AccessDef): readonly GrantDef[] {
  const { forNew, grants, isWhole } = access;
  if (isWhole === true || forNew === undefined || forNew.schemaId !== 0) return grants;
  return sortedAccess([...defaultAccess(kindOfNew(forNew), forNew.roleId), ...grants]);
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

/** I2: the owner of new objects and what is granted on them; and defaults of a schema that is gone go with it. */
export function noteNewObjects(ctx: DdlContext, before: Catalog): void {
  const defaults = [...ctx.catalog.access.values()].filter(({ forNew }) => forNew !== undefined);
  for (const { id, forNew } of defaults)
    if (forNew !== undefined && forNew.schemaId !== 0 && !ctx.catalog.schemas.has(forNew.schemaId))
      ctx.catalog = ctx.catalog.withoutAccess(id);
  const isOwners = ctx.user.current === OWNER_NAME;
  if (defaults.length === 0 && isOwners) return;
  const creator = requireRole(ctx, ctx.user.current).id;
  const mine = defaults.filter(({ forNew }) => forNew?.roleId === creator);
  if (mine.length === 0 && isOwners) return;
  for (const { id, kind, schema } of madeSince(ctx.catalog, before)) {
    const access: AccessDef = ctx.catalog.access.get(id) ?? {
      id,
      ownerId: isOwners ? null : creator,
      grants: [],
    };
    const ownerId = access.ownerId ?? OWNER_ID;
    const list = ownerId === creator ? newList(ctx.catalog, mine, kind, schema, creator) : null;
    if (list !== null) ctx.catalog = ctx.catalog.withAccess({ ...access, grants: list, isWhole: true });
    else if (access.ownerId !== null) ctx.catalog = ctx.catalog.withAccess(access);
  }
}

/** What is granted on a new object; null where that is nothing but the usual. */
function newList(
  catalog: Catalog,
  defaults: readonly AccessDef[],
  kind: NewKind,
  schema: string,
  ownerId: number,
): readonly GrantDef[] | null {
  const schemaId = catalog.schema(schema)?.id;
  const usual = defaultAccess(ACCESS_KINDS[KINDS[kind]], ownerId);
  const owner = accessOwner(catalog, ownerId);
  let list = usual;
  const of = (id: number | undefined): AccessDef | undefined =>
    defaults.find(({ forNew }) => forNew?.kind === kind && forNew.schemaId === id);
  const [everywhere, here] = [of(0), kind === 'schema' ? undefined : of(schemaId)];
  if (everywhere !== undefined) list = listOf(everywhere);
  for (const { granteeId, grantorId, privileges, grantable } of here === undefined ? [] : listOf(here)) {
    const added = { granteeId, grantorId, column: 0, isGrant: true, isCascade: false };
    list = changedAccess(list, { ...added, letters: privileges, isOption: false }, owner);
    if (grantable !== '') list = changedAccess(list, { ...added, letters: grantable, isOption: true }, owner);
  }
  return isSameAccess(list, usual) ? null : sortedAccess(list);
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
