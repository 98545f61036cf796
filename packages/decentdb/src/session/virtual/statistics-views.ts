/**
 * What is known of tables and their values: pg_stats from the samples the planner uses, pg_stat_... of what is counted.
 *
 * I1  What nobody counts here is NULL, never 0.
 */
import type { ColumnDef, TableDef } from '../../catalog/schema.ts';
import type { ColumnStatistics } from '../../plan/env.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { SqlArray } from '../../types/array.ts';
import type { Datum } from '../../types/vector.ts';
import { queryView, type VirtualContext, view } from './define.ts';
import { materialisedTables } from './pg-relations.ts';
import { typeFacts } from './type-facts.ts';

type Row = readonly Datum[];
const PG = 'pg_catalog';

const TABLE_COLUMNS =
  'relid oid, schemaname name, relname name, seq_scan int8, seq_tup_read int8, idx_scan int8, ' +
  'idx_tup_fetch int8, n_tup_ins int8, n_tup_upd int8, n_tup_del int8, n_tup_hot_upd int8, ' +
  'n_live_tup int8, n_dead_tup int8, n_mod_since_analyze int8, n_ins_since_vacuum int8, ' +
  'last_vacuum timestamptz, last_autovacuum timestamptz, last_analyze timestamptz, ' +
  'last_autoanalyze timestamptz, vacuum_count int8, autovacuum_count int8, analyze_count int8, ' +
  'autoanalyze_count int8';

const TABLE_ROWS = 11;

function* tableRows(context: VirtualContext): Iterable<Row> {
  const materialised = materialisedTables(context.catalog);
  const unknown = new Array<Datum>(TABLE_COLUMNS.split(',').length).fill(null);
  for (const table of context.catalog.tables.values()) {
    const { id, schema, name } = materialised.get(table.id) ?? table;
    const row = [...unknown];
    row.splice(0, 3, id, schema, name);
    row[TABLE_ROWS] = context.estimateRows(table);
    yield row;
  }
}

/** PostgreSQL's columns; arrays of values are of texts, as they look in its own. */
const STATS_COLUMNS =
  'schemaname name, tablename name, attname name, inherited bool, null_frac float4, avg_width int4, ' +
  'n_distinct float4, most_common_vals _text, most_common_freqs _float4, histogram_bounds _text, ' +
  'correlation float4, most_common_elems _text, most_common_elem_freqs _float4, ' +
  'elem_count_histogram _float4';

/** From this share of different values on PostgreSQL takes their number to grow with the table, and says it as a share. */
const GROWING_SHARE = 0.1;

function distinctOf({ distinct, nullFraction }: ColumnStatistics, rows: number): number {
  const present = rows * (1 - nullFraction);
  if (present === 0) return 0;
  if (distinct <= rows * GROWING_SHARE || rows === 0) return distinct;
  return -(Math.min(distinct, present) / rows);
}

/** Values that PostgreSQL lists as common with their shares: those of the sample, else what stands in it more than once. */
function commonOf(
  known: ColumnStatistics,
  text: (value: Datum) => string,
): readonly (readonly [string, number])[] {
  if (known.common.length > 0) return known.common.map(({ value, fraction }) => [text(value), fraction]);
  const counts = new Map<string, number>();
  for (const value of known.quantiles) counts.set(text(value), (counts.get(text(value)) ?? 0) + 1);
  const share = (1 - known.nullFraction) / known.quantiles.length;
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([value, count]) => [value, count * share] as const)
    .sort(([, a], [, b]) => b - a);
}

function statsRow(context: VirtualContext, table: TableDef, column: ColumnDef, known: ColumnStatistics): Row {
  const { type } = column;
  const { schema, name } = materialisedTables(context.catalog).get(table.id) ?? table;
  const text = (value: Datum): string => type.output(value, context.settings.types);
  const frequent = commonOf(known, text);
  const common = frequent.map(([value]) => value);
  const bounds = [...new Set(known.quantiles.map(text))].filter((bound) => !common.includes(bound));
  const { length } = typeFacts(type);
  const shown = common.length > 0 ? common : bounds;
  const width = length > 0 ? length : shown.reduce((sum, one) => sum + one.length + 1, 0) / shown.length;
  return [
    schema,
    name,
    column.name,
    false,
    known.nullFraction,
    Number.isFinite(width) ? Math.round(width) : 0,
    distinctOf(known, context.estimateRows(table)),
    common.length === 0 ? null : SqlArray.of(common),
    common.length === 0 ? null : SqlArray.of(frequent.map(([, share]) => share)),
    bounds.length < 2 ? null : SqlArray.of(bounds),
    null,
    null,
    null,
    null,
  ];
}

function* statsRows(context: VirtualContext): Iterable<Row> {
  for (const table of context.catalog.tables.values())
    for (const [i, column] of table.columns.entries()) {
      if (column.isDropped || column.generated === 'virtual') continue;
      const known = context.columnStatistics(table, i);
      if (known !== null) yield statsRow(context, table, column, known);
    }
}

const DATABASE_COLUMNS =
  'datid oid, datname name, numbackends int4, xact_commit int8, xact_rollback int8, blks_read int8, ' +
  'blks_hit int8, tup_returned int8, tup_fetched int8, tup_inserted int8, tup_updated int8, ' +
  'tup_deleted int8, conflicts int8, temp_files int8, temp_bytes int8, deadlocks int8, ' +
  'checksum_failures int8, checksum_last_failure timestamptz, blk_read_time float8, ' +
  'blk_write_time float8, session_time float8, active_time float8, idle_in_transaction_time float8, ' +
  'sessions int8, sessions_abandoned int8, sessions_fatal int8, sessions_killed int8, ' +
  'stats_reset timestamptz';

export const statisticsViews: readonly VirtualTable[] = [
  ...['pg_stat_all_tables', 'pg_stat_user_tables'].map((name) => view(PG, name, TABLE_COLUMNS, tableRows)),
  view(PG, 'pg_stats', STATS_COLUMNS, statsRows),
  queryView(
    PG,
    'pg_stat_database',
    DATABASE_COLUMNS,
    `SELECT oid, datname, 1::int4, ${DATABASE_COLUMNS.split(',')
      .slice(3)
      .map((column) => `NULL::${column.trim().split(' ')[1]}`)
      .join(', ')} FROM pg_catalog.pg_database`,
  ),
  // The session is in the process: nothing is encrypted on a way that is none.
  queryView(
    PG,
    'pg_stat_ssl',
    'pid int4, ssl bool, version text, cipher text, bits int4, client_dn text, client_serial numeric, issuer_dn text',
    'SELECT pg_backend_pid(), false, NULL::text, NULL::text, NULL::int4, NULL::text, NULL::numeric, NULL::text',
  ),
  queryView(
    PG,
    'pg_stat_gssapi',
    'pid int4, gss_authenticated bool, principal text, encrypted bool',
    'SELECT pg_backend_pid(), false, NULL::text, false',
  ),
];
