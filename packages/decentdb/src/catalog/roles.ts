/**
 * Roles and what was granted to them: recorded as PostgreSQL records it, never enforced (one owner uses the database).
 *
 * I1  A grant names roles by id; role 0 is PUBLIC. Letters of privileges are those of PostgreSQL's aclitem.
 * I2  An object without an `AccessDef` belongs to the database's owner and nothing on it was granted.
 * I3  Passwords are not kept: there is nothing to log in to.
 */
import { type CatalogRow, RowKind } from './catalog-rows.ts';
import { DefinitionFields } from './definition-fields.ts';

export interface RoleDef {
  readonly id: number;
  readonly name: string;
  readonly isSuperuser: boolean;
  readonly inherits: boolean;
  readonly createsRoles: boolean;
  readonly createsDatabases: boolean;
  readonly canLogin: boolean;
  readonly isReplication: boolean;
  readonly bypassesRowSecurity: boolean;
  /** -1: no limit. */
  readonly connectionsMax: number;
  readonly validUntil: string | null;
  readonly memberOf: readonly Membership[];
  /** ALTER ROLE ... SET. */
  readonly settings: Readonly<Record<string, string>>;
  readonly comment: string | null;
}

export interface Membership {
  readonly roleId: number;
  readonly isAdmin: boolean;
}

/** Owner of and grants on one object, by the object's id. */
export interface AccessDef {
  readonly id: number;
  /** Null: the owner of the database. */
  readonly ownerId: number | null;
  readonly grants: readonly GrantDef[];
  /** The grants on the object as a whole are its whole list, with those of the owner and PUBLIC (access-list.ts). */
  readonly isWhole?: true;
  /** ALTER DEFAULT PRIVILEGES: the grants are for objects a role will make, in a schema (0: in any). */
  readonly forNew?: {
    readonly roleId: number;
    readonly schemaId: number;
    readonly kind: (typeof NEW_KINDS)[number];
  };
}

const NEW_KINDS = ['table', 'sequence', 'routine', 'type', 'schema'] as const;

export interface GrantDef {
  readonly granteeId: number;
  readonly grantorId: number;
  /** attnum of the column, 0 for the object as a whole. */
  readonly column: number;
  readonly privileges: string;
  /** Those of `privileges` that were given WITH GRANT OPTION. */
  readonly grantable: string;
}

export function encodeRole(def: RoleDef): CatalogRow[] {
  const { id, name, ...rest } = def;
  return [{ kind: RowKind.role, id, number: 0, parent: 0, name, definition: JSON.stringify(rest) }];
}

export function decodeRole(source: CatalogRow): RoleDef {
  const fields = DefinitionFields.parse(source.definition, `role "${source.name}"`);
  return {
    id: source.id,
    name: source.name,
    isSuperuser: fields.flag('isSuperuser'),
    inherits: fields.flag('inherits'),
    createsRoles: fields.flag('createsRoles'),
    createsDatabases: fields.flag('createsDatabases'),
    canLogin: fields.flag('canLogin'),
    isReplication: fields.flag('isReplication'),
    bypassesRowSecurity: fields.flag('bypassesRowSecurity'),
    connectionsMax: fields.number('connectionsMax'),
    validUntil: fields.textOrNull('validUntil'),
    memberOf: fields.list('memberOf', (item) => ({
      roleId: item.number('roleId'),
      isAdmin: item.flag('isAdmin'),
    })),
    settings: fields.textMap('settings'),
    comment: fields.textOrNull('comment'),
  };
}

export function encodeAccess(def: AccessDef): CatalogRow[] {
  const { id, ...rest } = def;
  return [{ kind: RowKind.access, id, number: 0, parent: 0, name: '', definition: JSON.stringify(rest) }];
}

export function decodeAccess(source: CatalogRow): AccessDef {
  const fields = DefinitionFields.parse(source.definition, `privileges on object ${source.id}`);
  return {
    id: source.id,
    ownerId: fields.numberOrNull('ownerId'),
    ...(fields.has('isWhole') ? { isWhole: true as const } : {}),
    ...(fields.has('forNew') ? { forNew: decodeForNew(fields) } : {}),
    grants: fields.list('grants', (item) => ({
      granteeId: item.number('granteeId'),
      grantorId: item.number('grantorId'),
      column: item.number('column'),
      privileges: item.text('privileges'),
      grantable: item.text('grantable'),
    })),
  };
}

function decodeForNew(fields: DefinitionFields): NonNullable<AccessDef['forNew']> {
  return fields.objectOrNull('forNew', (item) => ({
    roleId: item.number('roleId'),
    schemaId: item.number('schemaId'),
    kind: item.oneOf('kind', NEW_KINDS),
  })) as NonNullable<AccessDef['forNew']>;
}
