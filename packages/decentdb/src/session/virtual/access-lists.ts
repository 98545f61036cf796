/**
 * Who may do what on an object: grants of the catalogue with the owner's own rights, one by one or as PostgreSQL's aclitem texts.
 *
 * I1  The owner has every privilege and may grant it; PUBLIC has what PostgreSQL gives it by default (EXECUTE, USAGE of types).
 * I2  An object on which nothing was granted has no list (NULL), as in PostgreSQL.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { GrantDef } from '../../catalog/roles.ts';
import { SqlArray } from '../../types/array.ts';
import type { Datum } from '../../types/vector.ts';
import { PUBLIC_ID, roleNameOf } from '../ddl/role-names.ts';
import { quoted } from './definitions.ts';
import { OWNER_ID } from './object-ids.ts';

/** Letters of aclitems in PostgreSQL's order, with the words of GRANT. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['a', 'INSERT'],
  ['r', 'SELECT'],
  ['w', 'UPDATE'],
  ['d', 'DELETE'],
  ['D', 'TRUNCATE'],
  ['x', 'REFERENCES'],
  ['t', 'TRIGGER'],
  ['X', 'EXECUTE'],
  ['U', 'USAGE'],
  ['C', 'CREATE'],
  ['c', 'CONNECT'],
  ['T', 'TEMPORARY'],
]);

/** Privileges there are on a kind of object, and those PUBLIC has from the start. */
export interface AccessKind {
  readonly all: string;
  readonly byDefault: string;
}

export const ACCESS_KINDS: Readonly<
  Record<'relation' | 'column' | 'sequence' | 'routine' | 'type' | 'schema', AccessKind>
> = {
  relation: { all: 'arwdDxt', byDefault: '' },
  column: { all: 'arwx', byDefault: '' },
  sequence: { all: 'rwU', byDefault: '' },
  routine: { all: 'X', byDefault: 'X' },
  type: { all: 'U', byDefault: 'U' },
  schema: { all: 'UC', byDefault: '' },
};

export interface Privilege {
  readonly grantor: string;
  readonly grantee: string;
  readonly word: string;
  readonly isGrantable: boolean;
  /** attnum, 0 for the object as a whole. */
  readonly column: number;
}

function nameOf(catalog: Catalog, id: number): string {
  return id === PUBLIC_ID ? 'PUBLIC' : (roleNameOf(catalog, id) ?? String(id));
}

/** Every privilege on an object, the owner's and PUBLIC's own first. */
export function* privilegesOn(catalog: Catalog, id: number, kind: AccessKind): Iterable<Privilege> {
  for (const grant of grantsOn(catalog, id, kind))
    for (const letter of grant.privileges) {
      const word = WORDS.get(letter);
      if (word === undefined) continue;
      yield {
        grantor: nameOf(catalog, grant.grantorId),
        grantee: nameOf(catalog, grant.granteeId),
        word,
        isGrantable: grant.grantable.includes(letter),
        column: grant.column,
      };
    }
}

function grantsOn(catalog: Catalog, id: number, kind: AccessKind): readonly GrantDef[] {
  const access = catalog.access.get(id);
  const ownerId = ownerOf(catalog, id);
  const byDefault: GrantDef[] = [
    { granteeId: ownerId, grantorId: ownerId, column: 0, privileges: kind.all, grantable: kind.all },
  ];
  if (kind.byDefault !== '')
    byDefault.push({
      granteeId: PUBLIC_ID,
      grantorId: ownerId,
      column: 0,
      privileges: kind.byDefault,
      grantable: '',
    });
  const isCovered = (grant: GrantDef): boolean =>
    grant.column === 0 && byDefault.some((own) => own.granteeId === grant.granteeId);
  return [...byDefault, ...(access?.grants ?? []).filter((grant) => !isCovered(grant))];
}

/** Oid of an object's owner. */
export function ownerOf(catalog: Catalog, id: number): number {
  return catalog.access.get(id)?.ownerId ?? OWNER_ID;
}

/** relacl, proacl, nspacl, typacl; attacl when `column` is an attnum. */
export function accessList(catalog: Catalog, id: number, kind: AccessKind, column: number = 0): Datum {
  const recorded = catalog.access.get(id)?.grants ?? [];
  const shown = column === 0 ? grantsOn(catalog, id, kind).filter((grant) => grant.column === 0) : recorded;
  const items = shown
    .filter((grant) => grant.column === column)
    .map((grant) => {
      const grantee = grant.granteeId === PUBLIC_ID ? '' : quoted(nameOf(catalog, grant.granteeId));
      const isOwner = grant.granteeId === ownerOf(catalog, id);
      return `${grantee}=${letters(isOwner ? { ...grant, grantable: '' } : grant)}/${quoted(nameOf(catalog, grant.grantorId))}`;
    });
  return recorded.every((grant) => grant.column !== column) ? null : SqlArray.of(items);
}

function letters({ privileges, grantable }: GrantDef): string {
  let text = '';
  for (const letter of WORDS.keys())
    if (privileges.includes(letter)) text += grantable.includes(letter) ? `${letter}*` : letter;
  return text;
}
