/**
 * Lists of what was granted on an object, as PostgreSQL keeps them (its aclitem[]): who gave whom which privileges.
 *
 * I1  One entry per grantee and grantor; one without privileges is not there. New entries come last.
 * I2  The owner always may grant everything: what he was given `WITH GRANT OPTION`, or lost, changes nothing of that.
 * I3  A privilege that was handed on goes with the right to hand it on (CASCADE), or keeps it (2BP01).
 */
import { DecentDbError } from '../base/errors.ts';
import type { Catalog } from './catalog.ts';
import type { AccessDef, GrantDef } from './roles.ts';

/** PUBLIC, as grants name it. */
export const PUBLIC_ID = 0;

/** Privileges there are on a kind of object, and those PUBLIC has from the start. */
export interface AccessKind {
  readonly all: string;
  readonly byDefault: string;
}

export const ACCESS_KINDS: Readonly<
  Record<
    | 'relation'
    | 'column'
    | 'sequence'
    | 'routine'
    | 'type'
    | 'schema'
    | 'publicSchema'
    | 'database'
    | 'language'
    | 'tablespace',
    AccessKind
  >
> = {
  relation: { all: 'arwdDxt', byDefault: '' },
  column: { all: '', byDefault: '' },
  sequence: { all: 'rwU', byDefault: '' },
  routine: { all: 'X', byDefault: 'X' },
  type: { all: 'U', byDefault: 'U' },
  schema: { all: 'UC', byDefault: '' },
  publicSchema: { all: 'UC', byDefault: 'U' },
  database: { all: 'CTc', byDefault: 'Tc' },
  language: { all: 'U', byDefault: 'U' },
  tablespace: { all: 'C', byDefault: '' },
};

/** What holds while nothing was granted or revoked. */
export function defaultAccess(kind: AccessKind, ownerId: number): readonly GrantDef[] {
  const entry = (granteeId: number, privileges: string): readonly GrantDef[] =>
    privileges === '' ? [] : [{ granteeId, grantorId: ownerId, column: 0, privileges, grantable: '' }];
  return [...entry(PUBLIC_ID, kind.byDefault), ...entry(ownerId, kind.all)];
}

/** The object's list, or that of one of its columns; null where there is none. */
export function accessOf(
  access: AccessDef | undefined,
  kind: AccessKind,
  ownerId: number,
  column = 0,
): readonly GrantDef[] | null {
  const grants = (access?.grants ?? []).filter((grant) => grant.column === column);
  if (column !== 0) return grants.length === 0 ? null : grants;
  if (access?.isWhole === true) return grants;
  if (grants.length === 0) return null;
  // As lists were kept at first: without what the owner and PUBLIC have from the start.
  const own = defaultAccess(kind, ownerId);
  const isOwn = (grant: GrantDef): boolean => own.some(({ granteeId }) => granteeId === grant.granteeId);
  return [...own, ...grants.filter((grant) => !isOwn(grant))];
}

/** Whose list it is, and which roles' privileges a role has besides its own. */
export interface AccessOwner {
  readonly ownerId: number;
  readonly rolesOf: (roleId: number) => ReadonlySet<number>;
}

/** What a role may grant (I2), alone and as a member of others. */
function grantableBy(list: readonly GrantDef[], roleId: number, owner: AccessOwner): string | null {
  const roles = owner.rolesOf(roleId);
  if (roles.has(owner.ownerId)) return null;
  const own = list.filter(({ granteeId }) => granteeId === PUBLIC_ID || roles.has(granteeId));
  return own.map(({ grantable }) => grantable).join('');
}

export interface AccessChange {
  readonly granteeId: number;
  readonly grantorId: number;
  readonly column: number;
  readonly letters: string;
  readonly isGrant: boolean;
  /** GRANT ... WITH GRANT OPTION, REVOKE GRANT OPTION FOR. */
  readonly isOption: boolean;
  readonly isCascade: boolean;
}

export function union(a: string, b: string): string {
  return [...new Set(a + b)].join('');
}

export function minus(a: string, b: string): string {
  return [...a].filter((letter) => !b.includes(letter)).join('');
}

function common(a: string, b: string): string {
  return [...a].filter((letter) => b.includes(letter)).join('');
}

/** The list of one object or column after a change. */
export function changedAccess(
  list: readonly GrantDef[],
  change: AccessChange,
  owner: AccessOwner,
): readonly GrantDef[] {
  const { granteeId, grantorId, column, letters, isGrant, isOption } = change;
  if (isGrant && isOption) checkCircle(list, change, owner);
  const at = list.findIndex((grant) => grant.granteeId === granteeId && grant.grantorId === grantorId);
  const old = list[at] ?? { granteeId, grantorId, column, privileges: '', grantable: '' };
  const privileges = isGrant
    ? union(old.privileges, letters)
    : isOption
      ? old.privileges
      : minus(old.privileges, letters);
  const grantable = isGrant ? union(old.grantable, isOption ? letters : '') : minus(old.grantable, letters);
  const next = { ...old, privileges, grantable };
  const entries = privileges === '' && grantable === '' ? [] : [next];
  const changed = at < 0 ? [...list, ...entries] : list.toSpliced(at, 1, ...entries);
  const lost = minus(old.grantable, grantable);
  return lost === '' ? changed : withoutHandedOn(changed, granteeId, lost, owner, change.isCascade);
}

/** I3: what `granteeId` handed on by a right he has no more. */
function withoutHandedOn(
  list: readonly GrantDef[],
  granteeId: number,
  lost: string,
  owner: AccessOwner,
  isCascade: boolean,
): readonly GrantDef[] {
  const kept = grantableBy(list, granteeId, owner);
  if (kept === null) return list;
  const letters = minus(lost, kept);
  const dependent = list.find(
    (grant) => grant.grantorId === granteeId && common(grant.privileges, letters) !== '',
  );
  if (letters === '' || dependent === undefined) return list;
  if (!isCascade)
    throw new DecentDbError('2BP01', 'dependent privileges exist', {
      hint: 'Use CASCADE to revoke them too.',
    });
  const { column } = dependent;
  const less: AccessChange = {
    granteeId: dependent.granteeId,
    grantorId: granteeId,
    column,
    letters,
    isGrant: false,
    isOption: false,
    isCascade,
  };
  return withoutHandedOn(changedAccess(list, less, owner), granteeId, lost, owner, isCascade);
}

/** Nobody gets the right to grant from one who has it from him. */
function checkCircle(list: readonly GrantDef[], change: AccessChange, owner: AccessOwner): void {
  const { granteeId, grantorId, letters } = change;
  if (grantorId === owner.ownerId) return;
  let rest = list;
  for (;;) {
    const own = rest.find((grant) => grant.granteeId === granteeId && grant.grantable !== '');
    if (own === undefined) break;
    const less = { ...own, letters: own.grantable, isGrant: false, isOption: true, isCascade: true };
    rest = changedAccess(rest, less, owner);
  }
  const has = grantableBy(rest, grantorId, owner);
  if (has !== null && minus(letters, has) !== '')
    throw new DecentDbError('0LP01', 'grant options cannot be granted back to your own grantor');
}

/** The list once the object has another owner: he takes the place of the one before. */
export function handedOver(list: readonly GrantDef[], before: number, after: number): readonly GrantDef[] {
  const merged: GrantDef[] = [];
  for (const grant of list) {
    const granteeId = grant.granteeId === before ? after : grant.granteeId;
    const grantorId = grant.grantorId === before ? after : grant.grantorId;
    const at = merged.findIndex(
      (one) => one.granteeId === granteeId && one.grantorId === grantorId && one.column === grant.column,
    );
    const old = merged[at];
    if (old === undefined) merged.push({ ...grant, granteeId, grantorId });
    else
      merged[at] = {
        ...old,
        privileges: union(old.privileges, grant.privileges),
        grantable: union(old.grantable, grant.grantable),
      };
  }
  return merged;
}

/** In the order of numbers, as lists of defaults are kept. */
export function sortedAccess(list: readonly GrantDef[]): readonly GrantDef[] {
  return [...list].sort((a, b) => a.granteeId - b.granteeId || a.grantorId - b.grantorId);
}

export function isSameAccess(a: readonly GrantDef[], b: readonly GrantDef[]): boolean {
  const keyOf = ({ granteeId, grantorId, privileges, grantable }: GrantDef): string =>
    `${granteeId} ${grantorId} ${[...privileges].sort().join('')} ${[...grantable].sort().join('')}`;
  const [left, right] = [sortedAccess(a).map(keyOf), sortedAccess(b).map(keyOf)];
  return left.length === right.length && left.every((key, i) => key === right[i]);
}

/** The owner of a list in a catalogue. */
export function accessOwner(catalog: Catalog, ownerId: number): AccessOwner {
  return { ownerId, rolesOf: (roleId) => rolesOf(catalog, roleId, true) };
}

/** The role and all it is a member of; with `inherited`, only as far as privileges are inherited. */
export function rolesOf(catalog: Catalog, roleId: number, inherited: boolean): ReadonlySet<number> {
  const found = new Set<number>();
  const visit = (id: number): void => {
    if (found.has(id)) return;
    found.add(id);
    const role = catalog.roles.get(id);
    if (role === undefined || (inherited && !role.inherits)) return;
    for (const membership of role.memberOf) visit(membership.roleId);
  };
  visit(roleId);
  return found;
}
