/**
 * What the bounds of a partition ask of its rows, as SQL: pg_get_partition_constraintdef, which psql's \d+ shows.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import { childrenOf, partitionedParent } from '../../catalog/family.ts';
import {
  boundValue,
  type PartitionBound,
  type PartitionKey,
  type RangeEdge,
} from '../../catalog/partitioning.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { BindEnv } from '../../sql/bind/env.ts';
import { shownOverRow } from '../../sql/bind/shown-definitions.ts';
import { quoteString } from '../../sql/print/quote.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { quoted } from './definitions.ts';

interface Owner {
  readonly table: TableDef;
  readonly key: PartitionKey;
  /** The parts of the key as SQL. */
  readonly keys: readonly string[];
}

/** Null for tables that are no partitions, and for a default one that takes all rows. */
export function partitionConstraintSql(env: BindEnv, catalog: Catalog, table: TableDef): string | null {
  const parts: string[] = [];
  for (let at = partitionedParent(catalog, table); at !== null; at = partitionedParent(catalog, at.parent))
    parts.unshift(...conditions(catalog, ownerOf(at.parent, at.key), at.bound));
  return parts.length === 0 ? null : shownOverRow(env, table, parts.join(' AND '), 'check');
}

function ownerOf(table: TableDef, key: PartitionKey): Owner {
  const keys = key.parts.map((part) =>
    part.expressionSql === null ? quoted(table.columns[part.column]?.name ?? '?') : `(${part.expressionSql})`,
  );
  return { table, key, keys };
}

/** All of them hold. */
function conditions(catalog: Catalog, owner: Owner, bound: PartitionBound): readonly string[] {
  switch (bound.kind) {
    case 'hash':
      return [
        `satisfies_hash_partition('${owner.table.id}'::oid, ${bound.modulus}, ${bound.remainder}, ${owner.keys.join(', ')})`,
      ];
    case 'list':
      return amongValues(owner, bound.values);
    case 'range':
      return [...notNull(owner), ...between(owner, bound.from, bound.to)];
    default:
      return ofOthers(owner, others(catalog, owner));
  }
}

function others(catalog: Catalog, { table }: Owner): readonly PartitionBound[] {
  return childrenOf(catalog, table.id).flatMap(({ bound }) =>
    bound === undefined || bound.kind === 'default' ? [] : [bound],
  );
}

function ofOthers(owner: Owner, bounds: readonly PartitionBound[]): readonly string[] {
  if (bounds.length === 0) return [];
  if (owner.key.strategy === 'list') {
    const values = bounds.flatMap((bound) => (bound.kind === 'list' ? bound.values : []));
    const type = owner.key.parts[0]?.type as SqlType;
    const order = (a: string | null, b: string | null): number =>
      a === null || b === null ? 0 : type.compare(boundValue(a, type) as Datum, boundValue(b, type) as Datum);
    return [`NOT (${amongValues(owner, values.sort(order)).join(' AND ')})`];
  }
  const ranges = bounds.flatMap((bound) =>
    bound.kind === 'range' ? [between(owner, bound.from, bound.to)] : [],
  );
  const any = ranges.map((parts) => (parts.length === 0 ? 'true' : `(${parts.join(' AND ')})`));
  return [`NOT (${[...notNull(owner), `(${any.join(' OR ')})`].join(' AND ')})`];
}

function notNull({ keys }: Owner): readonly string[] {
  return keys.map((key) => `${key} IS NOT NULL`);
}

function amongValues(owner: Owner, all: readonly (string | null)[]): readonly string[] {
  const [key] = owner.keys as [string];
  const values = all.flatMap((value) => (value === null ? [] : [literal(owner, 0, value)]));
  const takesNull = values.length < all.length;
  const [only] = values;
  const equal = values.length === 1 ? `${key} = ${only}` : `${key} = ANY (ARRAY[${values.join(', ')}])`;
  if (values.length === 0) return [`${key} IS NULL`];
  return takesNull ? [`(${key} IS NULL OR ${equal})`] : [`${key} IS NOT NULL`, equal];
}

const BARE: ReadonlySet<number> = new Set<number>([Oid.int4, Oid.bool]);
const TEXTS: ReadonlySet<number> = new Set<number>([Oid.text, Oid.varchar, Oid.bpchar]);

function literal({ key }: Owner, part: number, value: string): string {
  const type = domainBase(key.parts[part]?.type as SqlType);
  if (type.oid === Oid.bool) return value === 't' ? 'true' : 'false';
  if (BARE.has(type.oid) && /^\d+$/.test(value)) return value;
  if (type.oid === Oid.numeric && /^\d+\.\d+$/.test(value)) return value;
  return TEXTS.has(type.oid) ? quoteString(value) : `${quoteString(value)}::${type.sqlName(-1)}`;
}

function between(owner: Owner, from: readonly RangeEdge[], to: readonly RangeEdge[]): readonly string[] {
  const parts: string[] = [];
  let first = 0;
  for (; first < from.length - 1; first++) {
    const [low, high] = [from[first], to[first]];
    if (low?.edge !== 'value' || high?.edge !== 'value' || low.value !== high.value) break;
    parts.push(`${owner.keys[first]} = ${literal(owner, first, low.value)}`);
  }
  return [...parts, ...beside(owner, from, first, '>'), ...beside(owner, to, first, '<')];
}

/** The key from part `first` on is not before the lower edges, or before the upper ones. */
function beside(
  owner: Owner,
  edges: readonly RangeEdge[],
  first: number,
  symbol: '>' | '<',
): readonly string[] {
  const arms: string[] = [];
  const same: string[] = [];
  for (let i = first; i < edges.length; i++) {
    const edge = edges[i];
    if (edge?.edge !== 'value') break;
    const [key, value] = [owner.keys[i], literal(owner, i, edge.value)];
    const next = edges[i + 1]?.edge;
    // What follows decides for the same value: all of it belongs, or none.
    const takesSame = symbol === '>' ? next === undefined || next === 'min' : next === 'max';
    arms.push([...same, `${key} ${symbol}${takesSame ? '=' : ''} ${value}`].join(' AND '));
    if (next !== 'value') break;
    same.push(`${key} = ${value}`);
  }
  if (arms.length < 2) return arms;
  return [`(${arms.map((arm) => `(${arm})`).join(' OR ')})`];
}
