/**
 * Who may do what on an object: grants of the catalogue with the owner's own rights, one by one or as PostgreSQL's aclitem texts.
 *
 * I1  Until something is granted or revoked, the owner has every privilege and PUBLIC what PostgreSQL gives it (EXECUTE, USAGE of
 *     types), and the object has no list (NULL), as in PostgreSQL. The owner may always grant.
 */
import { type AccessKind, accessOf, defaultAccess, PUBLIC_ID } from '../../catalog/access-list.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { GrantDef } from '../../catalog/roles.ts';
import { SqlArray } from '../../types/array.ts';
import type { Datum } from '../../types/vector.ts';
import { roleNameOf } from '../ddl/role-names.ts';
import { quoted } from './definitions.ts';
import { OWNER_ID } from './object-ids.ts';

/** Letters of aclitems in PostgreSQL's order, with the words of GRANT. */
export const WORDS: ReadonlyMap<string, string> = new Map([
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
  ['T', 'TEMPORARY'],
  ['c', 'CONNECT'],
]);

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

/** Every privilege on an object and on its columns. */
export function* privilegesOn(catalog: Catalog, id: number, kind: AccessKind): Iterable<Privilege> {
  const access = catalog.access.get(id);
  const ownerId = ownerOf(catalog, id);
  const list = accessOf(access, kind, ownerId) ?? defaultAccess(kind, ownerId);
  for (const grant of [...list, ...(access?.grants ?? []).filter(({ column }) => column !== 0)])
    for (const letter of grant.privileges) {
      const word = WORDS.get(letter);
      if (word === undefined) continue;
      yield {
        grantor: nameOf(catalog, grant.grantorId),
        grantee: nameOf(catalog, grant.granteeId),
        word,
        isGrantable: grant.granteeId === ownerId || grant.grantable.includes(letter),
        column: grant.column,
      };
    }
}

/** Oid of an object's owner. */
export function ownerOf(catalog: Catalog, id: number): number {
  return catalog.access.get(id)?.ownerId ?? OWNER_ID;
}

/** relacl, proacl, nspacl, typacl; attacl when `column` is an attnum. */
export function accessList(catalog: Catalog, id: number, kind: AccessKind, column: number = 0): Datum {
  const list = accessOf(catalog.access.get(id), kind, ownerOf(catalog, id), column);
  return list === null ? null : aclItems(catalog, list);
}

export function aclItems(catalog: Catalog, list: readonly GrantDef[]): SqlArray {
  return SqlArray.of(
    list.map((grant) => {
      const grantee = grant.granteeId === PUBLIC_ID ? '' : quoted(nameOf(catalog, grant.granteeId));
      return `${grantee}=${letters(grant)}/${quoted(nameOf(catalog, grant.grantorId))}`;
    }),
  );
}

function letters({ privileges, grantable }: GrantDef): string {
  let text = '';
  for (const letter of WORDS.keys())
    if (privileges.includes(letter)) text += grantable.includes(letter) ? `${letter}*` : letter;
  return text;
}
