/**
 * Every setting a session knows.
 *
 * I1  Names and defaults are PostgreSQL's where it has the setting; those of our own carry a prefix with a dot.
 */
import { DecentDbError } from '../../base/errors.ts';
import { switchableRules } from '../../plan/rules/registry.ts';
import { searchConfigOid } from '../../types/regconfig.ts';
import { findTimeZone } from '../../types/time-zone.ts';
import {
  anyText,
  integerBetween,
  invalidValue,
  oneOf,
  parseBoolean,
  parseCost,
  parseDuration,
  parseFraction,
  parseMemory,
  parseOff,
  parseTableSize,
  type SettingDefinition,
} from './definition.ts';

/** What SHOW server_version prints: the PostgreSQL release whose behaviour is followed. */
export const SERVER_VERSION = '15.0';

type Options = { readonly isReadOnly?: boolean; readonly affectsPlans?: boolean };

function define(
  name: string,
  initial: string,
  parse: SettingDefinition['parse'],
  description: string,
  options: Options = {},
): SettingDefinition {
  const { isReadOnly = false, affectsPlans = false } = options;
  return { name, initial, description, parse, isReadOnly, affectsPlans };
}

const plans = { affectsPlans: true } as const;
const report = { isReadOnly: true } as const;

/** A number is hours east of Greenwich; the name it gets is a POSIX one, whose sign goes the other way. */
function offsetZone(hours: number, name: string, text: string): string {
  const seconds = Math.round(Math.abs(hours) * 3600);
  const part = (amount: number): string => String(amount).padStart(2, '0');
  const minutes = Math.floor(seconds / 60) % 60;
  const shown = part(Math.floor(seconds / 3600)) + (minutes === 0 ? '' : `:${part(minutes)}`);
  const [east, west] = hours < 0 ? ['-', '+'] : ['+', '-'];
  const zone = findTimeZone(`<${east}${shown}>${west}${shown}`);
  if (zone === null) throw invalidValue(name, text);
  return zone.name;
}

function parseTimeZone(text: string, name: string): string {
  const trimmed = text.trim();
  if (/^[+-]?\d+(\.\d+)?$/.test(trimmed)) return offsetZone(Number(trimmed), name, text);
  const zone = findTimeZone(trimmed.toLowerCase() === 'default' ? 'UTC' : trimmed);
  if (zone === null) throw invalidValue(name, text);
  return zone.name;
}

const styles: Readonly<Record<string, string>> = {
  iso: 'ISO',
  sql: 'SQL',
  postgres: 'Postgres',
  german: 'German',
};
const orders: Readonly<Record<string, string>> = {
  mdy: 'MDY',
  us: 'MDY',
  noneuropean: 'MDY',
  dmy: 'DMY',
  euro: 'DMY',
  european: 'DMY',
  ymd: 'YMD',
};

/** `ISO, MDY`: either part may be given alone, the other one stays as it is by default. */
function parseDateStyle(text: string, name: string): string {
  let style = 'ISO';
  let order: string | null = null;
  for (const word of text.split(',').map((w) => w.trim().toLowerCase())) {
    if (styles[word] !== undefined) style = styles[word];
    else if (orders[word] !== undefined) order = orders[word];
    else if (word !== 'default') throw invalidValue(name, text, `Unrecognized key word: "${word}".`);
  }
  return `${style}, ${order ?? (style === 'German' ? 'DMY' : 'MDY')}`;
}

const isolationLevel = oneOf('read uncommitted', 'read committed', 'repeatable read', 'serializable');

function parseEncoding(text: string, name: string): string {
  if (!/^['"]?utf-?8['"]?$/i.test(text.trim())) throw invalidValue(name, text, 'Only UTF8 is supported.');
  return 'UTF8';
}

const fixed: readonly SettingDefinition[] = [
  define('application_name', '', anyText, 'name of the application'),
  define('bytea_output', 'hex', oneOf('hex', 'escape'), 'text form of bytea', plans),
  define('client_encoding', 'UTF8', parseEncoding, 'encoding of text; always UTF8'),
  define(
    'client_min_messages',
    'notice',
    oneOf('debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'log', 'notice', 'warning', 'error'),
    'least severity of messages shown',
  ),
  define(
    'decentdb.javascript_triggers',
    'off',
    parseBoolean,
    'triggers may be made before their functions are registered',
  ),
  define('check_function_bodies', 'on', parseBoolean, 'check function bodies when they are made'),
  define(
    'DateStyle',
    'ISO, MDY',
    parseDateStyle,
    'text form of dates, and how ambiguous ones are read',
    plans,
  ),
  define('default_transaction_deferrable', 'off', parseBoolean, 'accepted; snapshots never wait'),
  define('default_transaction_isolation', 'repeatable read', isolationLevel, 'isolation of new transactions'),
  define('default_transaction_read_only', 'off', parseBoolean, 'whether new transactions refuse to write'),
  define(
    'decentdb.on_error',
    'statement',
    oneOf('statement', 'transaction'),
    'what a failing statement undoes: itself, or its whole transaction as in PostgreSQL',
  ),
  define(
    'extra_float_digits',
    '1',
    integerBetween(-15, 3),
    'digits of floating-point numbers in text',
    plans,
  ),
  define(
    'idle_in_transaction_session_timeout',
    '0',
    parseDuration,
    'accepted; transactions are ended by their owner',
  ),
  define('integer_datetimes', 'on', parseBoolean, 'timestamps are integers', report),
  define(
    'IntervalStyle',
    'postgres',
    oneOf('postgres', 'postgres_verbose', 'sql_standard', 'iso_8601'),
    'text form of intervals',
    plans,
  ),
  define('is_superuser', 'on', parseBoolean, 'whether the user has the attribute'),
  define('lc_collate', 'C', anyText, 'order of text: code points', report),
  define('lc_ctype', 'C', anyText, 'character classes', report),
  define('lock_timeout', '0', parseDuration, 'time to wait for the writer'),
  define('max_identifier_length', '63', integerBetween(63, 63), 'bytes of a name', report),
  define('max_index_keys', '32', integerBetween(32, 32), 'columns of an index', report),
  define(
    'max_parallel_workers_per_gather',
    '2',
    integerBetween(0, 1024),
    'reader threads that may help one with a scan; 0 for none',
    plans,
  ),
  define(
    'min_parallel_table_scan_size',
    '8MB',
    parseTableSize,
    'least size of a table that several threads scan',
    plans,
  ),
  define('parallel_setup_cost', '1000', parseCost, 'planner: cost of asking other threads for help', plans),
  define('parallel_tuple_cost', '0.1', parseCost, 'planner: cost of a row from another thread', plans),
  define('row_security', 'on', parseBoolean, 'accepted; there are no row policies'),
  define('search_path', '"$user", public', anyText, 'schemas searched for names', plans),
  define('server_encoding', 'UTF8', parseEncoding, 'encoding of the database', report),
  define('server_version', SERVER_VERSION, anyText, 'PostgreSQL release whose behaviour is followed', report),
  define('server_version_num', '150000', anyText, 'the same as a number', report),
  define('role', 'none', anyText, 'role taken by SET ROLE'),
  define('session_authorization', 'decentdb', anyText, 'name of the user'),
  define('standard_conforming_strings', 'on', oneOf('on'), 'backslashes in plain literals are ordinary'),
  define('statement_timeout', '0', parseDuration, 'longest time a statement may run; 0 for no limit'),
  define(
    'synchronous_commit',
    'on',
    oneOf('on', 'off', 'local', 'remote_write', 'remote_apply'),
    'accepted; durability is chosen when the database is opened',
  ),
  define(
    'default_text_search_config',
    'pg_catalog.english',
    (text) => {
      searchConfigOid(text);
      return text;
    },
    'configuration of text search functions that name none',
    plans,
  ),
  define('temp_buffers', '8MB', parseMemory, 'accepted'),
  define('TimeZone', 'UTC', parseTimeZone, 'zone of timestamps with time zone', plans),
  define('transaction_isolation', 'repeatable read', isolationLevel, 'isolation of the current transaction'),
  define('transaction_read_only', 'off', parseBoolean, 'whether the current transaction refuses to write'),
  define('transaction_deferrable', 'off', parseBoolean, 'accepted; snapshots never wait'),
  define(
    'decentdb.trigram_pending_rows',
    '16384',
    integerBetween(0, 1_000_000_000),
    'rows noted in a search index before a commit merges them into its postings',
  ),
  define(
    'decentdb.trigram_pending_bytes',
    '16MB',
    parseMemory,
    'room that the notes of a search index may take before a commit merges them',
  ),
  define('pg_trgm.similarity_threshold', '0.3', parseFraction, 'least similarity of the operator %'),
  define('pg_trgm.word_similarity_threshold', '0.6', parseFraction, 'least similarity of the operator %>'),
  define(
    'pg_trgm.strict_word_similarity_threshold',
    '0.5',
    parseFraction,
    'least similarity of the operator %>>',
  ),
  define('work_mem', '256MB', parseMemory, 'memory a statement may hold before it spills', plans),
  define('xmloption', 'content', oneOf('content', 'document'), 'accepted'),
  define('default_tablespace', '', oneOf(''), 'there are no tablespaces'),
  define('default_table_access_method', 'heap', oneOf('heap'), 'there is one'),
  define('default_with_oids', 'off', parseOff, 'there are no row oids'),
];

function byName(): ReadonlyMap<string, SettingDefinition> {
  const all = new Map(fixed.map((d) => [d.name.toLowerCase(), d] as const));
  for (const [rule, description] of switchableRules()) {
    const name = `optimizer.rule.${rule}`;
    all.set(name, define(name, 'on', parseBoolean, `planner: ${description}`, plans));
  }
  // PostgreSQL's switches for plan types, as aliases of ours.
  return all;
}

let definitions: ReadonlyMap<string, SettingDefinition> | null = null;

export function settingDefinitions(): ReadonlyMap<string, SettingDefinition> {
  definitions ??= byName();
  return definitions;
}

/** PostgreSQL's planner switches and the rules they stand for. */
export const planSwitches: Readonly<Record<string, string>> = {
  enable_hashjoin: 'optimizer.rule.hash_join',
  enable_mergejoin: 'optimizer.rule.merge_join',
  enable_indexscan: 'optimizer.rule.index_scan',
  enable_indexonlyscan: 'optimizer.rule.index_only_scan',
  enable_memoize: 'optimizer.rule.subplan_memo',
};

/** Planner switches of PostgreSQL that mean nothing here: taken and remembered, without effect. */
const idleSwitches = new Set([
  'enable_seqscan',
  'enable_sort',
  'enable_hashagg',
  'enable_nestloop',
  'enable_material',
  'enable_bitmapscan',
  'enable_tidscan',
  'enable_incremental_sort',
  'enable_parallel_append',
  'enable_parallel_hash',
  'enable_gathermerge',
  'enable_partitionwise_join',
  'enable_partitionwise_aggregate',
  'jit',
  'geqo',
  'maintenance_work_mem',
  'random_page_cost',
  'seq_page_cost',
  'cpu_tuple_cost',
  'plan_cache_mode',
  'force_parallel_mode',
  'debug_parallel_query',
  'allow_in_place_tablespaces',
  'track_io_timing',
  'vacuum_cost_delay',
  'hash_mem_multiplier',
  'escape_string_warning',
  'lc_messages',
  'lc_monetary',
  'lc_numeric',
  'lc_time',
  'constraint_exclusion',
  'from_collapse_limit',
  'join_collapse_limit',
  'cursor_tuple_fraction',
  'array_nulls',
  'quote_all_identifiers',
  'transform_null_equals',
  'backslash_quote',
  'max_stack_depth',
  'max_parallel_workers',
  'max_parallel_maintenance_workers',
  'min_parallel_index_scan_size',
  'parallel_leader_participation',
  'jit_above_cost',
  'jit_inline_above_cost',
  'jit_optimize_above_cost',
  'cpu_index_tuple_cost',
  'cpu_operator_cost',
  'effective_cache_size',
  'effective_io_concurrency',
  'default_statistics_target',
  'geqo_threshold',
  'geqo_seed',
  'enable_partition_pruning',
  'enable_async_append',
  'recursive_worktable_factor',
  'restrict_nonsystem_relation_kind',
  'vacuum_cost_limit',
  'commit_delay',
  'commit_siblings',
  'log_statement',
  'log_min_messages',
  'log_min_duration_statement',
  'track_activities',
  'track_counts',
  'track_functions',
  'deadlock_timeout',
  'tcp_keepalives_idle',
  'gin_fuzzy_search_limit',
  'gin_pending_list_limit',
  'password_encryption',
  'exit_on_error',
]);

/** Whether the name is a setting of PostgreSQL that is accepted without effect. */
export function isIdleSetting(name: string): boolean {
  return idleSwitches.has(name);
}

export function unknownSetting(name: string): DecentDbError {
  return new DecentDbError('42704', `unrecognized configuration parameter "${name}"`);
}
