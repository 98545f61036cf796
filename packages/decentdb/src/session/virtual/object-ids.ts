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

/** PostgreSQL's oids of its catalogues: `classoid` and `classid` columns speak of them. */
const CATALOG_IDS: Readonly<Record<string, number>> = {
  pg_type: 1247,
  pg_attribute: 1249,
  pg_proc: 1255,
  pg_class: 1259,
  pg_authid: 1260,
  pg_database: 1262,
  pg_tablespace: 1213,
  pg_am: 2601,
  pg_attrdef: 2604,
  pg_cast: 2605,
  pg_constraint: 2606,
  pg_depend: 2608,
  pg_description: 2609,
  pg_index: 2610,
  pg_inherits: 2611,
  pg_language: 2612,
  pg_namespace: 2615,
  pg_opclass: 2616,
  pg_operator: 2617,
  pg_rewrite: 2618,
  pg_statistic_ext: 3381,
  pg_trigger: 2620,
  pg_sequence: 2224,
  pg_extension: 3079,
  pg_foreign_data_wrapper: 2328,
  pg_foreign_server: 1417,
  pg_policy: 3256,
  pg_collation: 3456,
  pg_enum: 3501,
  pg_range: 3541,
  pg_ts_config: 3602,
  pg_ts_config_map: 3603,
  pg_ts_dict: 3600,
  pg_ts_parser: 3601,
  pg_ts_template: 3764,
};

const viewIds = new Map<string, number>();

/** The oid of a system view; the same for the life of the process. */
export function systemViewId(schema: string, name: string): number {
  const fixed = schema === 'pg_catalog' ? CATALOG_IDS[name] : undefined;
  if (fixed !== undefined) return fixed;
  const key = `${schema}.${name}`;
  let id = viewIds.get(key);
  if (id === undefined) {
    id = FIRST_VIEW_ID + viewIds.size;
    viewIds.set(key, id);
  }
  return id;
}

/** The system view of an oid given out before, as `schema.name` apart; null for others. */
export function systemViewOf(id: number): { readonly schema: string; readonly name: string } | null {
  for (const [name, known] of Object.entries(CATALOG_IDS))
    if (known === id) return { schema: 'pg_catalog', name };
  for (const [key, known] of viewIds) {
    if (known !== id) continue;
    const [schema = '', name = ''] = key.split('.');
    return { schema, name };
  }
  return null;
}
