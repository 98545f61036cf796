/**
 * Catalogues of things nobody can make here: they have PostgreSQL's columns, and no rows.
 *
 * I1  What is listed here is empty in truth: a kind of object that comes to be leaves this file.
 */
import type { VirtualTable } from '../../plan/logical.ts';
import { view } from './define.ts';

const COLUMNS: Readonly<Record<string, string>> = {
  pg_policy:
    'oid oid, polname name, polrelid oid, polcmd char, polpermissive bool, polroles _oid, polqual text, polwithcheck text',
  pg_statistic_ext:
    'oid oid, stxrelid oid, stxname name, stxnamespace oid, stxowner oid, stxstattarget int4, stxkeys _int2, stxkind _char, stxexprs text',
  pg_statistic_ext_data:
    'stxoid oid, stxdinherit bool, stxdndistinct text, stxddependencies text, stxdmcv text, stxdexpr _pg_statistic',
  pg_publication:
    'oid oid, pubname name, pubowner oid, puballtables bool, pubinsert bool, pubupdate bool, pubdelete bool, pubtruncate bool, pubviaroot bool',
  pg_publication_namespace: 'oid oid, pnpubid oid, pnnspid oid',
  pg_publication_rel: 'oid oid, prpubid oid, prrelid oid, prqual text, prattrs _int2',
  pg_shdepend: 'dbid oid, classid oid, objid oid, objsubid int4, refclassid oid, refobjid oid, deptype char',
  pg_event_trigger:
    'oid oid, evtname name, evtevent name, evtowner oid, evtfoid oid, evtenabled char, evttags _text',
  pg_foreign_table: 'ftrelid oid, ftserver oid, ftoptions _text',
  pg_foreign_server:
    'oid oid, srvname name, srvowner oid, srvfdw oid, srvtype text, srvversion text, srvacl _text, srvoptions _text',
  pg_foreign_data_wrapper:
    'oid oid, fdwname name, fdwowner oid, fdwhandler oid, fdwvalidator oid, fdwacl _text, fdwoptions _text',
  pg_user_mapping: 'oid oid, umuser oid, umserver oid, umoptions _text',
  pg_subscription:
    'oid oid, subdbid oid, subskiplsn pg_lsn, subname name, subowner oid, subenabled bool, subbinary bool, substream bool, subtwophasestate char, subdisableonerr bool, subconninfo text, subslotname name, subsynccommit text, subpublications _text',
  pg_db_role_setting: 'setdatabase oid, setrole oid, setconfig _text',
  pg_conversion:
    'oid oid, conname name, connamespace oid, conowner oid, conforencoding int4, contoencoding int4, conproc regproc, condefault bool',
  pg_largeobject: 'loid oid, pageno int4, data bytea',
  pg_parameter_acl: 'oid oid, parname text, paracl _text',
  pg_policies:
    'schemaname name, tablename name, policyname name, permissive text, roles _name, cmd text, qual text, with_check text',
  pg_prepared_xacts: 'transaction int8, gid text, prepared timestamptz, owner name, database name',
  pg_publication_tables: 'pubname name, schemaname name, tablename name, attnames _name, rowfilter text',
  pg_replication_origin: 'roident oid, roname text',
  pg_replication_slots:
    'slot_name name, plugin name, slot_type text, datoid oid, database name, temporary bool, active bool, active_pid int4, xmin int8, catalog_xmin int8, restart_lsn pg_lsn, confirmed_flush_lsn pg_lsn, wal_status text, safe_wal_size int8, two_phase bool',
  pg_rules: 'schemaname name, tablename name, rulename name, definition text',
  pg_seclabels:
    'objoid oid, classoid oid, objsubid int4, objtype text, objnamespace oid, objname text, provider text, label text',
  pg_shseclabel: 'objoid oid, classoid oid, provider text, label text',
  pg_stats_ext:
    'schemaname name, tablename name, statistics_schemaname name, statistics_name name, statistics_owner name, attnames _name, exprs _text, kinds _char, inherited bool',
  pg_subscription_rel: 'srsubid oid, srrelid oid, srsubstate char, srsublsn pg_lsn',
  pg_user_mappings: 'umid oid, srvid oid, srvname name, umuser oid, usename name, umoptions _text',
  pg_largeobject_metadata: 'oid oid, lomowner oid, lomacl _text',
  pg_seclabel: 'objoid oid, classoid oid, objsubid int4, provider text, label text',
  pg_init_privs: 'objoid oid, classoid oid, objsubid int4, privtype char, initprivs _text',
  pg_replication_origin_status: 'local_id oid, external_id text, remote_lsn pg_lsn, local_lsn pg_lsn',
  pg_stat_progress_analyze:
    'pid int4, datid oid, datname name, relid oid, phase text, sample_blks_total int8, sample_blks_scanned int8, ext_stats_total int8, ext_stats_computed int8, child_tables_total int8, child_tables_done int8, current_child_table_relid oid',
  pg_stat_progress_basebackup:
    'pid int4, phase text, backup_total int8, backup_streamed int8, tablespaces_total int8, tablespaces_streamed int8',
  pg_stat_progress_cluster:
    'pid int4, datid oid, datname name, relid oid, command text, phase text, cluster_index_relid oid, heap_tuples_scanned int8, heap_tuples_written int8, heap_blks_total int8, heap_blks_scanned int8, index_rebuild_count int8',
  pg_stat_progress_copy:
    'pid int4, datid oid, datname name, relid oid, command text, type text, bytes_processed int8, bytes_total int8, tuples_processed int8, tuples_excluded int8',
  pg_stat_progress_create_index:
    'pid int4, datid oid, datname name, relid oid, index_relid oid, command text, phase text, lockers_total int8, lockers_done int8, current_locker_pid int8, blocks_total int8, blocks_done int8, tuples_total int8, tuples_done int8, partitions_total int8, partitions_done int8',
  pg_stat_progress_vacuum:
    'pid int4, datid oid, datname name, relid oid, phase text, heap_blks_total int8, heap_blks_scanned int8, heap_blks_vacuumed int8, index_vacuum_count int8, max_dead_tuples int8, num_dead_tuples int8',
  pg_stat_replication:
    'pid int4, usesysid oid, usename name, application_name text, client_addr inet, client_hostname text, client_port int4, backend_start timestamptz, backend_xmin int8, state text, sent_lsn pg_lsn, write_lsn pg_lsn, flush_lsn pg_lsn, replay_lsn pg_lsn, write_lag interval, flush_lag interval, replay_lag interval, sync_priority int4, sync_state text, reply_time timestamptz',
  pg_stat_replication_slots:
    'slot_name text, spill_txns int8, spill_count int8, spill_bytes int8, stream_txns int8, stream_count int8, stream_bytes int8, total_txns int8, total_bytes int8, stats_reset timestamptz',
  pg_stat_subscription:
    'subid oid, subname name, pid int4, relid oid, received_lsn pg_lsn, last_msg_send_time timestamptz, last_msg_receipt_time timestamptz, latest_end_lsn pg_lsn, latest_end_time timestamptz',
  pg_stat_subscription_stats:
    'subid oid, subname name, apply_error_count int8, sync_error_count int8, stats_reset timestamptz',
  pg_stat_wal_receiver:
    'pid int4, status text, receive_start_lsn pg_lsn, receive_start_tli int4, written_lsn pg_lsn, flushed_lsn pg_lsn, received_tli int4, last_msg_send_time timestamptz, last_msg_receipt_time timestamptz, latest_end_lsn pg_lsn, latest_end_time timestamptz, slot_name text, sender_host text, sender_port int4, conninfo text',
  pg_stat_user_functions:
    'funcid oid, schemaname name, funcname name, calls int8, total_time float8, self_time float8',
  pg_stat_xact_user_functions:
    'funcid oid, schemaname name, funcname name, calls int8, total_time float8, self_time float8',
  pg_file_settings:
    'sourcefile text, sourceline int4, seqno int4, name text, setting text, applied bool, error text',
  pg_hba_file_rules:
    'line_number int4, type text, database _text, user_name _text, address text, netmask text, auth_method text, options _text, error text',
  pg_ident_file_mappings: 'line_number int4, map_name text, sys_name text, pg_username text, error text',
  pg_transform: 'oid oid, trftype oid, trflang oid, trffromsql regproc, trftosql regproc',
};

export const emptyCatalogs: readonly VirtualTable[] = Object.entries(COLUMNS).map(([name, columns]) =>
  view('pg_catalog', name, columns, () => []),
);
