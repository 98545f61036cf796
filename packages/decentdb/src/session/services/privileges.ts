/**
 * What a role may do, computed from what was granted (nothing is refused by it: one owner uses the database).
 *
 * I1  A superuser may do everything. Others have what PUBLIC has, what they were granted, and what roles they inherit from have.
 * I2  An object given by its number that is not there is NULL; one given by name is an error.
 */
import { DecentDbError } from '../../base/errors.ts';
import {
  ACCESS_KINDS,
  type AccessKind,
  accessOf,
  defaultAccess,
  PUBLIC_ID,
  rolesOf,
} from '../../catalog/access-list.ts';
import { type Catalog, FIRST_OBJECT_ID, PUBLIC_SCHEMA_ID } from '../../catalog/catalog.ts';
import type { GrantDef } from '../../catalog/roles.ts';
import { SqlArray } from '../../types/array.ts';
import { typeByOid } from '../../types/registry.ts';
import type { Datum } from '../../types/vector.ts';
import { findRole, predefinedRoles } from '../ddl/role-names.ts';
import type { Session } from '../session.ts';
import { userNames } from '../user-names.ts';
import { aclItems, ownerOf, WORDS } from '../virtual/access-lists.ts';
import { builtinRoutine } from '../virtual/builtin-routines.ts';
import { DATABASE_ID, OWNER_ID, OWNER_NAME, systemViewOf } from '../virtual/object-ids.ts';
import { runningOf, type SessionService } from './service.ts';

interface Wish {
  readonly letter: string;
  readonly isOption: boolean;
}

type Kind = keyof typeof ACCESS_KINDS;

/** Privileges one may ask for, where it is not all there are. */
const LETTERS: Readonly<Record<string, string>> = { column: 'arwx', anyColumn: 'arwx' };

function letterOf(word: string): string | undefined {
  if (word === 'TEMP') return 'T';
  for (const [letter, known] of WORDS) if (known === word) return letter;
  return undefined;
}

/** `SELECT, INSERT WITH GRANT OPTION`: one of them is enough. */
function wishesIn(written: string, letters: string): readonly Wish[] {
  return written.split(',').map((part) => {
    const words = part.trim().toUpperCase();
    const word = words.replace(/ WITH GRANT OPTION$/, '');
    const letter = letterOf(word);
    if (letter === undefined || !letters.includes(letter))
      throw new DecentDbError('22023', `unrecognized privilege type: "${part.trim()}"`);
    return { letter, isOption: word !== words };
  });
}

function roleIdOf(catalog: Catalog, session: Session, role: Datum): number {
  if (typeof role === 'number') return role;
  const name = role === null ? userNames(session).current : String(role);
  if (name === 'public') return PUBLIC_ID;
  const found = findRole(catalog, name);
  if (found === null) throw new DecentDbError('42704', `role "${name}" does not exist`);
  return found.id;
}

function isSuperuser(catalog: Catalog, id: number): boolean {
  return id === OWNER_ID || catalog.roles.get(id)?.isSuperuser === true;
}

/** The number of an object; null for a number that is nobody's (I2). */
function objectIdOf(session: Session, catalog: Catalog, kind: Kind, what: Datum): number | null {
  if (typeof what === 'number') return isThere(catalog, kind, what) ? what : null;
  const written = String(what);
  const names = session.settings.types.objectNames;
  const oid = (type: string): number => names?.oidOf(type, written) ?? 0;
  switch (kind) {
    case 'schema':
      return oid('regnamespace');
    case 'routine':
      return oid('regprocedure');
    case 'type':
      return oid('regtype');
    case 'database':
      if (written !== OWNER_NAME) throw new DecentDbError('3D000', `database "${written}" does not exist`);
      return DATABASE_ID;
    case 'language':
      if (written === 'sql') return SQL_LANGUAGE_ID;
      throw new DecentDbError('42704', `language "${written}" does not exist`);
    case 'tablespace':
      if (written === 'pg_default') return DEFAULT_TABLESPACE_ID;
      throw new DecentDbError('42704', `tablespace "${written}" does not exist`);
    default: {
      const id = oid('regclass');
      if (kind === 'sequence' && !catalog.sequences.has(id))
        throw new DecentDbError('42809', `"${written}" is not a sequence`);
      return id;
    }
  }
}

const SQL_LANGUAGE_ID = 14;
const DEFAULT_TABLESPACE_ID = 1663;

function isThere(catalog: Catalog, kind: Kind, id: number): boolean {
  switch (kind) {
    case 'schema':
      return catalog.schemas.has(id) || id < FIRST_OBJECT_ID;
    case 'routine':
      return catalog.routines.has(id) || builtinRoutine(id) !== undefined;
    case 'type':
      return typeByOid(id) !== undefined || catalog.userType(id) !== undefined;
    case 'database':
      return id === DATABASE_ID;
    case 'language':
      return id === SQL_LANGUAGE_ID;
    case 'tablespace':
      return id === DEFAULT_TABLESPACE_ID;
    case 'sequence':
      return catalog.sequences.has(id);
    default:
      return (
        catalog.tables.has(id) ||
        catalog.views.has(id) ||
        catalog.sequences.has(id) ||
        catalog.tableOfIndex(id) !== undefined ||
        systemViewOf(id) !== null
      );
  }
}

/** The list of an object, and of a column (attnum) of it. */
function listsOf(
  catalog: Catalog,
  id: number,
  kind: AccessKind,
  columns: readonly number[],
): readonly GrantDef[] {
  const access = catalog.access.get(id);
  const ownerId = ownerOf(catalog, id);
  const list = accessOf(access, kind, ownerId) ?? usualAccess(catalog, id, kind, ownerId);
  return [...list, ...columns.flatMap((column) => accessOf(access, kind, ownerId, column) ?? [])];
}

/** Everyone reads the system's catalogues and uses its schemas. */
function usualAccess(catalog: Catalog, id: number, kind: AccessKind, ownerId: number): readonly GrantDef[] {
  const list = defaultAccess(kind, ownerId);
  const isSystem = id < FIRST_OBJECT_ID && !catalog.schemas.has(id);
  const privileges = kind === ACCESS_KINDS.relation ? 'r' : kind === ACCESS_KINDS.schema ? 'U' : '';
  if (!isSystem || privileges === '') return list;
  return [...list, { granteeId: PUBLIC_ID, grantorId: ownerId, column: 0, privileges, grantable: '' }];
}

/** What roles that read or write everything may do with an object. */
function lettersOfAll(kind: Kind, roles: ReadonlySet<number>): string {
  const predefined = predefinedRoles();
  const reads = roles.has(predefined.get('pg_read_all_data') as number);
  const writes = roles.has(predefined.get('pg_write_all_data') as number);
  if (kind === 'schema') return reads || writes ? 'U' : '';
  if (kind === 'sequence') return (reads ? 'r' : '') + (writes ? 'w' : '');
  if (kind !== 'relation') return '';
  return (reads ? 'r' : '') + (writes ? 'awd' : '');
}

const hasPrivilege: SessionService = (session, [askedKind, role, what, column, privilege]) => {
  const catalog = session.catalogOf(runningOf(session));
  const asked = String(askedKind);
  const isOfColumns = asked === 'column' || asked === 'anyColumn';
  const kind = (isOfColumns ? 'relation' : asked) as Kind;
  const roleId = roleIdOf(catalog, session, role ?? null);
  const id = objectIdOf(session, catalog, kind, what ?? null);
  const isSequence = id !== null && catalog.sequences.has(id);
  const isPublicSchema = kind === 'schema' && id === PUBLIC_SCHEMA_ID;
  const access = ACCESS_KINDS[isSequence ? 'sequence' : isPublicSchema ? 'publicSchema' : kind];
  const columns = isOfColumns && id !== null ? columnsOf(catalog, id, asked, column ?? null, what) : [];
  const wishes = wishesIn(String(privilege), LETTERS[asked] ?? ACCESS_KINDS[kind].all);
  if (id === null || columns === null) return null;
  if (isSuperuser(catalog, roleId)) return true;
  const roles = rolesOf(catalog, roleId, true);
  const list = listsOf(catalog, id, access, columns).filter(
    ({ granteeId }) => granteeId === PUBLIC_ID || roles.has(granteeId),
  );
  const everything = id < FIRST_OBJECT_ID ? '' : lettersOfAll(isSequence ? 'sequence' : kind, roles);
  const ownerMay = roles.has(ownerOf(catalog, id));
  return wishes.some(({ letter, isOption }) =>
    isOption
      ? ownerMay || list.some(({ grantable }) => grantable.includes(letter))
      : everything.includes(letter) || list.some(({ privileges }) => privileges.includes(letter)),
  );
};

/** The columns asked about; null when one given by number is not there. */
function columnsOf(
  catalog: Catalog,
  id: number,
  asked: string,
  column: Datum,
  what: Datum | undefined,
): readonly number[] | null {
  const all = catalog.tables.get(id)?.columns ?? catalog.views.get(id)?.columns ?? [];
  const isLive = (one: (typeof all)[number] | undefined): boolean =>
    one !== undefined && !('isDropped' in one && one.isDropped);
  if (asked === 'anyColumn') return all.flatMap((one, i) => (isLive(one) ? [i + 1] : []));
  if (typeof column === 'number') return isLive(all[column - 1]) ? [column] : null;
  const at = all.findIndex((one) => one.name === column && isLive(one));
  if (at >= 0) return [at + 1];
  throw new DecentDbError('42703', `column "${String(column)}" of relation "${String(what)}" does not exist`);
}

const MEMBERSHIPS = ['MEMBER', 'USAGE', 'SET'];

const hasRole: SessionService = (session, [member, role, privilege]) => {
  const catalog = session.catalogOf(runningOf(session));
  const memberId = roleIdOf(catalog, session, member ?? null);
  const roleId = roleIdOf(catalog, session, role ?? null);
  const wishes = String(privilege)
    .split(',')
    .map((part) => {
      const words = part.trim().toUpperCase();
      const word = words.replace(/ WITH (?:GRANT|ADMIN) OPTION$/, '');
      if (!MEMBERSHIPS.includes(word))
        throw new DecentDbError('22023', `unrecognized privilege type: "${part.trim()}"`);
      return { word, isOption: word !== words };
    });
  if (isSuperuser(catalog, memberId)) return true;
  return wishes.some(({ word, isOption }) => {
    if (!isOption) return rolesOf(catalog, memberId, word === 'USAGE').has(roleId);
    return [...rolesOf(catalog, memberId, false)].some(
      (id) => catalog.roles.get(id)?.memberOf.some((one) => one.roleId === roleId && one.isAdmin) === true,
    );
  });
};

/** PostgreSQL's letters of kinds of objects. */
const KIND_LETTERS: Readonly<Record<string, Kind>> = {
  c: 'column',
  r: 'relation',
  s: 'sequence',
  d: 'database',
  f: 'routine',
  l: 'language',
  n: 'schema',
  t: 'tablespace',
  T: 'type',
};

export const privilegeServices: Readonly<Record<string, SessionService>> = {
  has_privilege: hasPrivilege,
  pg_has_role: hasRole,
  acldefault(session, [kind, owner]) {
    const found = KIND_LETTERS[String(kind)];
    if (found === undefined)
      throw new DecentDbError('22023', `unrecognized object type abbreviation: ${String(kind)}`);
    return aclItems(
      session.catalogOf(runningOf(session)),
      defaultAccess(ACCESS_KINDS[found], owner as number),
    );
  },
  /** Four texts a row. */
  aclexplode(session, [list]) {
    const catalog = session.catalogOf(runningOf(session));
    const rows: string[] = [];
    for (const item of list instanceof SqlArray ? list.elements : []) {
      const [, grantee = '', letters = '', grantor = ''] =
        /^(.*)=([a-zA-Z*]*)\/(.*)$/.exec(String(item)) ?? [];
      const ids = [grantor, grantee].map((name) =>
        name === '' ? PUBLIC_ID : roleIdOf(catalog, session, unquoted(name)),
      );
      for (const [letter, word] of WORDS) {
        const at = letters.indexOf(letter);
        if (at >= 0) rows.push(...ids.map(String), word, letters[at + 1] === '*' ? 't' : 'f');
      }
    }
    return SqlArray.of(rows);
  },
};

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
