/** pg_inherits and pg_partitioned_table: which relation is whose child, indexes of partitions among them. */
import type { Catalog } from '../../catalog/catalog.ts';
import { childrenOf } from '../../catalog/family.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { SqlArray } from '../../types/array.ts';
import { catalogVector } from '../../types/catalog-vectors.ts';
import type { Datum } from '../../types/vector.ts';
import { type VirtualContext, view } from './define.ts';
import { indexesShown } from './definitions.ts';
import { operatorClasses } from './pg-opclass.ts';

/** The number of the index that an index of a partition is part of; 0: of none. */
export function parentOfIndex(catalog: Catalog, table: TableDef, index: IndexDef): number {
  if (index.parentId !== undefined) return index.parentId;
  // A key that is the row id goes by its constraint's number.
  const key = table.constraints.find(({ id }) => id === index.id);
  if (key?.parentId === undefined) return 0;
  const parent = catalog.table(table.parents?.[0] ?? -1);
  const whole = parent?.constraints.find(({ id }) => id === key.parentId);
  return whole !== undefined && 'indexId' in whole ? (whole.indexId ?? whole.id) : 0;
}

/** A relation that may be part of a partitioned one: its number, and that of the one it is part of (0: none). */
export interface PartitionLink {
  readonly id: number;
  readonly parentId: number;
  readonly isPartitioned: boolean;
}

/** What a table or index is among partitions; null for every other relation. */
export function partitionLink(catalog: Catalog, id: number): PartitionLink | null {
  const table = catalog.table(id);
  if (table !== undefined) {
    if (table.partitionKey === undefined && table.bound === undefined) return null;
    const parentId = table.bound === undefined ? 0 : (table.parents?.[0] ?? 0);
    return { id, parentId, isPartitioned: table.partitionKey !== undefined };
  }
  for (const owner of catalog.tables.values()) {
    const index = indexesShown(owner).find((one) => one.id === id);
    if (index === undefined) continue;
    const parentId = parentOfIndex(catalog, owner, index);
    const isPartitioned = owner.partitionKey !== undefined;
    return parentId === 0 && !isPartitioned ? null : { id, parentId, isPartitioned };
  }
  return null;
}

/** The partitions of a partitioned table or index. */
export function partitionsOf(catalog: Catalog, id: number): readonly number[] {
  if (catalog.table(id) !== undefined) return childrenOf(catalog, id).map((child) => child.id);
  const owner = [...catalog.tables.values()].find((table) =>
    indexesShown(table).some((one) => one.id === id),
  );
  if (owner === undefined) return [];
  return childrenOf(catalog, owner.id).flatMap((child) =>
    indexesShown(child)
      .filter((index) => parentOfIndex(catalog, child, index) === id)
      .map((index) => index.id),
  );
}

function* inheritsRows({ catalog }: VirtualContext): Iterable<readonly Datum[]> {
  for (const table of catalog.tables.values()) {
    for (const [i, parent] of (table.parents ?? []).entries()) yield [table.id, parent, i + 1, false];
    for (const index of indexesShown(table)) {
      const parent = parentOfIndex(catalog, table, index);
      if (parent !== 0) yield [index.id, parent, 1, false];
    }
  }
}

function* partitionedRows({ catalog }: VirtualContext): Iterable<readonly Datum[]> {
  for (const table of catalog.tables.values()) {
    const { partitionKey: key } = table;
    if (key === undefined) continue;
    const keys = key.parts.map((part) => ({
      ...part,
      descending: false,
      nullsFirst: false,
      opclass: null,
    }));
    const classes = operatorClasses({ method: 'btree', keys, options: {} } as unknown as IndexDef);
    const exprs = key.parts.flatMap(({ expressionSql }) => expressionSql ?? []);
    yield [
      table.id,
      key.strategy.charAt(0),
      key.parts.length,
      childrenOf(catalog, table.id).find(({ bound }) => bound?.kind === 'default')?.id ?? 0,
      catalogVector(key.parts.map(({ column }) => column + 1)),
      catalogVector(classes),
      catalogVector(key.parts.map(({ type }) => (type.category === 'S' ? 100 : 0))),
      exprs.length === 0 ? null : exprs.join(', '),
    ];
  }
}

export const inheritanceViews: readonly VirtualTable[] = [
  view(
    'pg_catalog',
    'pg_inherits',
    'inhrelid oid, inhparent oid, inhseqno int4, inhdetachpending bool',
    inheritsRows,
  ),
  view(
    'pg_catalog',
    'pg_partitioned_table',
    'partrelid oid, partstrat char, partnatts int2, partdefid oid, partattrs int2vector, partclass oidvector, partcollation oidvector, partexprs text',
    partitionedRows,
  ),
];

/** Rows of a service as one list of texts. */
export function listOf(texts: readonly string[]): Datum {
  return SqlArray.of([...texts]);
}
