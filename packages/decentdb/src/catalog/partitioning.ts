/**
 * Partitioned tables and their partitions: the key, the bounds, and how both are kept in a definition.
 *
 * I1  Values of bounds are kept as text in their type's own form under default settings; the type is that of the key's part.
 * I2  A partitioned table has a tree as any table has; it stays empty.
 */
import { Oid } from '../types/oids.ts';
import type { SqlType } from '../types/sql-type.ts';
import { defaultTypeSettings } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { DefinitionFields } from './definition-fields.ts';

/** A column, or an expression (`column` is -1). */
export interface PartitionKeyPart {
  readonly column: number;
  readonly expressionSql: string | null;
  readonly type: SqlType;
}

export interface PartitionKey {
  readonly strategy: 'hash' | 'list' | 'range';
  readonly parts: readonly PartitionKeyPart[];
}

/** One part of an end of a range: a value, or beyond all values. */
export type RangeEdge = { readonly edge: 'min' | 'max' } | { readonly edge: 'value'; readonly value: string };

export type PartitionBound =
  | { readonly kind: 'default' }
  /** Rows whose hash leaves that remainder. */
  | { readonly kind: 'hash'; readonly modulus: number; readonly remainder: number }
  /** Null: the partition takes rows without a key. */
  | { readonly kind: 'list'; readonly values: readonly (string | null)[] }
  | { readonly kind: 'range'; readonly from: readonly RangeEdge[]; readonly to: readonly RangeEdge[] };

/** What a table definition says of its place among others. */
export interface FamilyFields {
  /** Set: a partitioned table. */
  readonly partitionKey?: PartitionKey;
  /** Tables it inherits from, as declared; of a partition, the one it is part of. */
  readonly parents?: readonly number[];
  /** Set: a partition. */
  readonly bound?: PartitionBound;
}

/** The fields alone, none that is not there. */
export function familyFieldsOf(def: FamilyFields): FamilyFields {
  return {
    ...(def.partitionKey === undefined ? {} : { partitionKey: def.partitionKey }),
    ...(def.parents === undefined || def.parents.length === 0 ? {} : { parents: def.parents }),
    ...(def.bound === undefined ? {} : { bound: def.bound }),
  };
}

/** As JSON. */
export function encodeFamily(def: FamilyFields): object {
  const { partitionKey, ...rest } = familyFieldsOf(def);
  if (partitionKey === undefined) return rest;
  const parts = partitionKey.parts.map(({ type, ...part }) => ({ ...part, typeId: type.oid }));
  return { ...rest, partitionKey: { strategy: partitionKey.strategy, parts } };
}

export function decodeFamily(fields: DefinitionFields, types: (oid: number) => SqlType): FamilyFields {
  const partitionKey = fields.has('partitionKey')
    ? fields.objectOrNull(
        'partitionKey',
        (key): PartitionKey => ({
          strategy: key.oneOf('strategy', ['hash', 'list', 'range']),
          parts: key.list('parts', (part) => ({
            column: part.number('column'),
            expressionSql: part.textOrNull('expressionSql'),
            type: types(part.number('typeId')),
          })),
        }),
      )
    : null;
  const bound = fields.has('bound') ? fields.objectOrNull('bound', decodeBound) : null;
  return {
    ...(partitionKey === null ? {} : { partitionKey }),
    ...(fields.has('parents') ? { parents: fields.numbers('parents') } : {}),
    ...(bound === null ? {} : { bound }),
  };
}

function decodeBound(fields: DefinitionFields): PartitionBound {
  const kind = fields.oneOf('kind', ['default', 'hash', 'list', 'range']);
  if (kind === 'default') return { kind };
  if (kind === 'hash')
    return { kind, modulus: fields.number('modulus'), remainder: fields.number('remainder') };
  if (kind === 'list') return { kind, values: fields.textsOrNulls('values') };
  const edge = (item: DefinitionFields): RangeEdge => {
    const side = item.oneOf('edge', ['min', 'max', 'value']);
    return side === 'value' ? { edge: side, value: item.text('value') } : { edge: side };
  };
  return { kind, from: fields.list('from', edge), to: fields.list('to', edge) };
}

/** The value a text of a bound stands for. */
export function boundValue(text: string | null, type: SqlType): Datum {
  return text === null ? null : type.input(text, -1, defaultTypeSettings);
}

/** The bound with other texts for its values: `text` gets each with its place in the key. */
export function mapBoundValues(
  bound: PartitionBound,
  text: (value: string, part: number) => string,
): PartitionBound {
  const edge = (end: RangeEdge, part: number): RangeEdge =>
    end.edge === 'value' ? { edge: 'value', value: text(end.value, part) } : end;
  if (bound.kind === 'range') return { ...bound, from: bound.from.map(edge), to: bound.to.map(edge) };
  if (bound.kind !== 'list') return bound;
  return { ...bound, values: bound.values.map((value) => (value === null ? null : text(value, 0))) };
}

/** Order of two ends of ranges: one of each part's values. */
export function compareEdges(a: readonly RangeEdge[], b: readonly RangeEdge[], key: PartitionKey): number {
  for (const [i, part] of key.parts.entries()) {
    const order = compareEdge(a[i] as RangeEdge, b[i] as RangeEdge, part.type);
    if (order !== 0) return order;
    // Beyond all values nothing that follows counts.
    if (a[i]?.edge !== 'value') return 0;
  }
  return 0;
}

const SIDES = { min: -1, value: 0, max: 1 } as const;

function compareEdge(a: RangeEdge, b: RangeEdge, type: SqlType): number {
  if (a.edge === 'value' && b.edge === 'value')
    return type.compare(boundValue(a.value, type) as Datum, boundValue(b.value, type) as Datum);
  return SIDES[a.edge] - SIDES[b.edge];
}

/** The order in which partitions are read: by their first values (or moduli), NULL's last but one, the default one last. */
export function compareBounds(a: PartitionBound, b: PartitionBound, key: PartitionKey): number {
  if (a.kind === 'default' || b.kind === 'default')
    return (a.kind === 'default' ? 1 : 0) - (b.kind === 'default' ? 1 : 0);
  if (a.kind === 'range' && b.kind === 'range') return compareEdges(a.from, b.from, key);
  if (a.kind === 'hash' && b.kind === 'hash') return a.modulus - b.modulus || a.remainder - b.remainder;
  if (a.kind !== 'list' || b.kind !== 'list') return 0;
  const type = key.parts[0]?.type as SqlType;
  const [first, second] = [leastOf(a.values, type), leastOf(b.values, type)];
  if (first === null || second === null) return (first === null ? 1 : 0) - (second === null ? 1 : 0);
  return type.compare(first, second);
}

function leastOf(values: readonly (string | null)[], type: SqlType): Datum {
  let least: Datum = null;
  for (const text of values) {
    const value = boundValue(text, type);
    if (value !== null && (least === null || type.compare(value, least) < 0)) least = value;
  }
  return least;
}

/** `(1, 'x', MAXVALUE)`, as FOR VALUES shows it. */
export function edgesText(edges: readonly RangeEdge[], key: PartitionKey): string {
  const texts = edges.map((edge, i) =>
    edge.edge === 'value'
      ? valueText(edge.value, key.parts[i] as PartitionKeyPart)
      : edge.edge === 'min'
        ? 'MINVALUE'
        : 'MAXVALUE',
  );
  return `(${texts.join(', ')})`;
}

/** What of a value's text is a literal of its type already. */
const BARE: ReadonlyMap<number, RegExp> = new Map<number, RegExp>([
  [Oid.int4, /^\d+$/],
  [Oid.numeric, /^\d+\.\d+$/],
]);

/** A value of a bound as a literal, as PostgreSQL shows it: small numbers and truth values bare, all else quoted. */
function valueText(value: string | null, { type }: PartitionKeyPart): string {
  if (value === null) return 'NULL';
  if (BARE.get(type.oid)?.test(value) === true) return value;
  if (type.oid === Oid.bool) return value === 't' ? 'true' : 'false';
  return `'${value.replaceAll("'", "''")}'`;
}

/** `FOR VALUES FROM (1) TO (10)`, `FOR VALUES IN ('a', NULL)`, `FOR VALUES WITH (modulus 4, remainder 1)`, `DEFAULT`. */
export function boundSql(bound: PartitionBound, key: PartitionKey): string {
  if (bound.kind === 'default') return 'DEFAULT';
  if (bound.kind === 'range')
    return `FOR VALUES FROM ${edgesText(bound.from, key)} TO ${edgesText(bound.to, key)}`;
  if (bound.kind === 'hash')
    return `FOR VALUES WITH (modulus ${bound.modulus}, remainder ${bound.remainder})`;
  const texts = bound.values.map((value) => valueText(value, key.parts[0] as PartitionKeyPart));
  return `FOR VALUES IN (${texts.join(', ')})`;
}
