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
  pg_ts_config_map: 'mapcfg oid, maptokentype int4, mapseqno int4, mapdict oid',
  pg_transform: 'oid oid, trftype oid, trflang oid, trffromsql regproc, trftosql regproc',
};

export const emptyCatalogs: readonly VirtualTable[] = Object.entries(COLUMNS).map(([name, columns]) =>
  view('pg_catalog', name, columns, () => []),
);
