/** PostgreSQL's views over its catalogues, as queries over ours: matviews, index statistics, sessions, users, time zones, locks. */
import type { VirtualTable } from '../../plan/logical.ts';
import { queryView } from './define.ts';

const PG = 'pg_catalog';

const USER_COLUMNS =
  'usename name, usesysid oid, usecreatedb bool, usesuper bool, userepl bool, usebypassrls bool, passwd text, valuntil timestamptz, useconfig _text';

function users(secret: string): string {
  return `SELECT rolname, oid, rolcreatedb, rolsuper, rolreplication, rolbypassrls, ${secret},
    rolvaliduntil::timestamptz, rolconfig FROM pg_catalog.pg_authid WHERE rolcanlogin`;
}

/** Indexes with their tables; scans are not counted, so that what would count them is NULL. */
function indexes(counts: string): string {
  return `SELECT t.oid, i.oid, n.nspname, t.relname, i.relname, ${counts}
    FROM pg_catalog.pg_index AS x
    JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
    JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace`;
}

const INDEX_COLUMNS = 'relid oid, indexrelid oid, schemaname name, relname name, indexrelname name';

const ZONE_COLUMNS = 'abbrev text, utc_offset interval, is_dst bool';
const LOCK_COLUMNS =
  'locktype text, database oid, relation oid, page int4, tuple int2, virtualxid text, transactionid int8, classid oid, objid oid, ' +
  'objsubid int2, virtualtransaction text, pid int4, mode text, granted bool, fastpath bool, waitstart timestamptz';

/** The columns of a function of the same rows. */
function functionView(name: string, columns: string, functionName: string): VirtualTable {
  const names = columns.split(',').map((column) => column.trim().split(' ')[0]);
  return queryView(PG, name, columns, `SELECT ${names.join(', ')} FROM pg_catalog.${functionName}()`);
}

export const queryViews: readonly VirtualTable[] = [
  functionView('pg_timezone_names', `name text, ${ZONE_COLUMNS}`, 'pg_timezone_names'),
  functionView('pg_timezone_abbrevs', ZONE_COLUMNS, 'pg_timezone_abbrevs'),
  functionView('pg_locks', LOCK_COLUMNS, 'pg_lock_status'),
  queryView(PG, 'pg_user', USER_COLUMNS, users("'********'::text")),
  queryView(PG, 'pg_shadow', USER_COLUMNS, users('NULL::text')),
  queryView(
    PG,
    'pg_matviews',
    'schemaname name, matviewname name, matviewowner name, tablespace name, hasindexes bool, ispopulated bool, definition text',
    `SELECT n.nspname, c.relname, pg_get_userbyid(c.relowner), NULL::name, c.relhasindex, c.relispopulated, pg_get_viewdef(c.oid)
      FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind = 'm'`,
  ),
  ...['pg_stat_all_indexes', 'pg_stat_user_indexes'].map((name) =>
    queryView(
      PG,
      name,
      `${INDEX_COLUMNS}, idx_scan int8, last_idx_scan timestamptz, idx_tup_read int8, idx_tup_fetch int8`,
      indexes('NULL::int8, NULL::timestamptz, NULL::int8, NULL::int8'),
    ),
  ),
  ...['pg_statio_all_indexes', 'pg_statio_user_indexes'].map((name) =>
    queryView(
      PG,
      name,
      `${INDEX_COLUMNS}, idx_blks_read int8, idx_blks_hit int8`,
      indexes('NULL::int8, NULL::int8'),
    ),
  ),
  ...['pg_statio_all_sequences', 'pg_statio_user_sequences'].map((name) =>
    queryView(
      PG,
      name,
      'relid oid, schemaname name, relname name, blks_read int8, blks_hit int8',
      `SELECT c.oid, n.nspname, c.relname, NULL::int8, NULL::int8
        FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind = 'S'`,
    ),
  ),
  queryView(
    PG,
    'pg_stat_activity',
    'datid oid, datname name, pid int4, leader_pid int4, usesysid oid, usename name, application_name text, client_addr inet, ' +
      'client_hostname text, client_port int4, backend_start timestamptz, xact_start timestamptz, query_start timestamptz, ' +
      'state_change timestamptz, wait_event_type text, wait_event text, state text, backend_xid int8, backend_xmin int8, ' +
      'query_id int8, query text, backend_type text',
    `SELECT d.oid, d.datname, pg_backend_pid(), NULL::int4, r.oid, r.rolname, current_setting('application_name', true),
      NULL::inet, NULL::text, NULL::int4, NULL::timestamptz, transaction_timestamp(), statement_timestamp(),
      statement_timestamp(), NULL::text, NULL::text, 'active'::text, NULL::int8, NULL::int8, NULL::int8, NULL::text,
      'client backend'::text
      FROM pg_catalog.pg_database AS d, pg_catalog.pg_roles AS r
      WHERE d.datname = current_database() AND r.rolname = current_user`,
  ),
];
