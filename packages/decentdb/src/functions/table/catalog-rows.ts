/** Rows about the catalogue and the session that functions, not views, give in PostgreSQL. */
import { SqlArray } from '../../types/array.ts';
import { Interval } from '../../types/interval.ts';
import { Oid } from '../../types/oids.ts';
import { findTimeZone } from '../../types/time-zone.ts';
import type { Datum } from '../../types/vector.ts';
import { zoneAbbreviations } from '../../types/zone-abbreviations.ts';
import type { EvalContext, TableFunction } from '../function.ts';

const base = { kind: 'table', strict: true, volatility: 'stable' } as const;

/** Rows a service gives as a list of texts, `width` to a row; the empty text is NULL where `value` says so. */
function rowsOfTexts(
  context: EvalContext,
  service: string,
  width: number,
  value: (text: string, column: number) => Datum,
  args: readonly Datum[] = [],
): Datum[][] {
  const list = context.service(service, args);
  const texts = list instanceof SqlArray ? list.elements : [];
  return Array.from({ length: texts.length / width }, (_, row) =>
    Array.from({ length: width }, (_, column) => value(String(texts[row * width + column]), column)),
  );
}

const LOCK_COLUMNS = [
  { name: 'locktype', type: Oid.text },
  { name: 'database', type: Oid.oid },
  { name: 'relation', type: Oid.oid },
  { name: 'page', type: Oid.int4 },
  { name: 'tuple', type: Oid.int2 },
  { name: 'virtualxid', type: Oid.text },
  { name: 'transactionid', type: Oid.int8 },
  { name: 'classid', type: Oid.oid },
  { name: 'objid', type: Oid.oid },
  { name: 'objsubid', type: Oid.int2 },
  { name: 'virtualtransaction', type: Oid.text },
  { name: 'pid', type: Oid.int4 },
  { name: 'mode', type: Oid.text },
  { name: 'granted', type: Oid.bool },
  { name: 'fastpath', type: Oid.bool },
  { name: 'waitstart', type: Oid.timestamptz },
] as const;

function lockValue(text: string, column: number): Datum {
  if (text === '') return null;
  const type: number | undefined = LOCK_COLUMNS[column]?.type;
  if (type === Oid.bool) return text === 't';
  return type === Oid.text ? text : Number(text);
}

/** relid, parentrelid, isleaf, level. */
function treeValue(text: string, column: number): Datum {
  if (column === 2) return text === 't';
  return text === '' ? null : Number(text);
}

/** Zones the platform knows, as they are when the transaction began. */
function* zoneRows({ transactionMicros }: EvalContext): Iterable<Datum[]> {
  const seconds = Math.floor(transactionMicros / 1e6);
  for (const name of [...new Set([...Intl.supportedValuesOf('timeZone'), 'GMT', 'UTC'])].sort()) {
    const zone = findTimeZone(name);
    if (zone === null) continue;
    const offset = new Interval(0, 0, zone.offsetAt(seconds) * 1e6);
    yield [name, zone.abbreviationAt(seconds), offset, zone.isDaylightAt(seconds)];
  }
}

function* abbreviationRows(): Iterable<Datum[]> {
  for (const [name, { offsetSeconds, isDaylight }] of zoneAbbreviations)
    yield [name.toUpperCase(), new Interval(0, 0, offsetSeconds * 1e6), isDaylight];
}

const ZONE = [
  { name: 'abbrev', type: Oid.text },
  { name: 'utc_offset', type: Oid.interval },
  { name: 'is_dst', type: Oid.bool },
];

export const catalogRowFunctions: readonly TableFunction[] = [
  {
    ...base,
    name: 'pg_partition_ancestors',
    args: [Oid.regclass],
    columns: [{ name: 'relid', type: Oid.regclass }],
    rows: (context, args) => rowsOfTexts(context, 'pg_partition_ancestors', 1, Number, args),
    description: 'The partitioned tables above a partition, itself first.',
  },
  {
    ...base,
    name: 'pg_partition_tree',
    args: [Oid.regclass],
    columns: [
      { name: 'relid', type: Oid.regclass },
      { name: 'parentrelid', type: Oid.regclass },
      { name: 'isleaf', type: Oid.bool },
      { name: 'level', type: Oid.int4 },
    ],
    rows: (context, args) => rowsOfTexts(context, 'pg_partition_tree', 4, treeValue, args),
    description: 'The partitions of a partitioned table.',
  },
  {
    ...base,
    name: 'pg_listening_channels',
    args: [],
    columns: [{ name: 'pg_listening_channels', type: Oid.text }],
    rows(context) {
      const channels = context.service('pg_listening_channels', []);
      return channels instanceof SqlArray ? channels.elements.map((channel) => [channel]) : [];
    },
    description: 'Channels the session listens to.',
  },
  {
    ...base,
    name: 'pg_timezone_names',
    args: [],
    columns: [{ name: 'name', type: Oid.text }, ...ZONE],
    rows: zoneRows,
    description: 'Time zones by name, with what holds there now.',
  },
  {
    ...base,
    name: 'pg_timezone_abbrevs',
    args: [],
    columns: ZONE,
    rows: abbreviationRows,
    description: 'Abbreviations of time zones.',
  },
  {
    ...base,
    name: 'pg_get_keywords',
    args: [],
    columns: [
      { name: 'word', type: Oid.text },
      { name: 'catcode', type: Oid.char },
      { name: 'barelabel', type: Oid.bool },
      { name: 'catdesc', type: Oid.text },
      { name: 'baredesc', type: Oid.text },
    ],
    rows: (context) =>
      rowsOfTexts(context, 'pg_get_keywords', 5, (text, column) => (column === 2 ? text === 't' : text)),
    description: 'Words of SQL, and where they may stand as names.',
  },
  {
    ...base,
    name: 'pg_lock_status',
    args: [],
    columns: LOCK_COLUMNS,
    rows: (context) => rowsOfTexts(context, 'pg_lock_status', LOCK_COLUMNS.length, lockValue),
    description: 'Locks that are held: of advisory ones there are any.',
  },
];
