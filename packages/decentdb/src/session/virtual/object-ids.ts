/**
 * Oids of things the catalogue does not number: schemas of the system, the one database, the one user, system views.
 *
 * I1  PostgreSQL's own numbers where it has them; the rest lie below the first user oid and above PostgreSQL's own.
 */
export const PG_CATALOG_ID = 11;
export const INFORMATION_SCHEMA_ID = 13000;
export const SYS_SCHEMA_ID = 13001;
export const DATABASE_ID = 13002;
export const OWNER_ID = 10;
export const OWNER_NAME = 'decentdb';
const FIRST_VIEW_ID = 13100;

const viewIds = new Map<string, number>();

/** The oid of a system view; the same for the life of the process. */
export function systemViewId(schema: string, name: string): number {
  const key = `${schema}.${name}`;
  let id = viewIds.get(key);
  if (id === undefined) {
    id = FIRST_VIEW_ID + viewIds.size;
    viewIds.set(key, id);
  }
  return id;
}
