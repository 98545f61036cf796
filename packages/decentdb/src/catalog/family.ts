/**
 * Tables that inherit from tables: children, descendants, and the columns they share.
 *
 * I1  A child has every column of its parents, by name and of the same type; its own order and more columns are its own affair.
 * I2  Partitions are in the order of their bounds, other children in the order they were made: the order in which they are read.
 */
import type { Catalog } from './catalog.ts';
import { compareBounds, type PartitionBound, type PartitionKey } from './partitioning.ts';
import type { ForeignKeyConstraint, TableDef } from './schema.ts';

const NO_CHILDREN: readonly TableDef[] = [];
const children = new WeakMap<Catalog, Map<number, readonly TableDef[]>>();

/** Tables that inherit from a table directly (I2). */
export function childrenOf(catalog: Catalog, id: number): readonly TableDef[] {
  let byParent = children.get(catalog);
  if (byParent === undefined) {
    byParent = collectChildren(catalog);
    children.set(catalog, byParent);
  }
  return byParent.get(id) ?? NO_CHILDREN;
}

function collectChildren(catalog: Catalog): Map<number, readonly TableDef[]> {
  const byParent = new Map<number, TableDef[]>();
  for (const table of catalog.tables.values())
    for (const parent of table.parents ?? []) {
      const list = byParent.get(parent);
      if (list === undefined) byParent.set(parent, [table]);
      else list.push(table);
    }
  for (const [id, list] of byParent) {
    const key = catalog.table(id)?.partitionKey;
    if (key === undefined) list.sort((a, b) => a.id - b.id);
    else list.sort((a, b) => compareBounds(a.bound as PartitionBound, b.bound as PartitionBound, key));
  }
  return byParent;
}

/** Children, their children and so on, each once, in the order they are read. */
export function descendantsOf(catalog: Catalog, table: TableDef): readonly TableDef[] {
  const found = new Map<number, TableDef>();
  if (table.partitionKey !== undefined) {
    for (const child of childrenOf(catalog, table.id)) {
      found.set(child.id, child);
      for (const below of descendantsOf(catalog, child)) found.set(below.id, below);
    }
    return [...found.values()];
  }
  const queue = [...childrenOf(catalog, table.id)];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (found.has(at.id)) continue;
    found.set(at.id, at);
    queue.push(...childrenOf(catalog, at.id));
  }
  return [...found.values()];
}

/** The tables whose rows are rows of the table: itself and its descendants, without partitioned ones. */
export function membersOf(catalog: Catalog, table: TableDef): readonly TableDef[] {
  return [table, ...descendantsOf(catalog, table)].filter((one) => one.partitionKey === undefined);
}

/** Whether rows of a table are in other tables too. */
export function hasFamily(catalog: Catalog, table: TableDef): boolean {
  return table.partitionKey !== undefined || childrenOf(catalog, table.id).length > 0;
}

/** The partitioned table a table is part of, and its key. */
export function partitionedParent(
  catalog: Catalog,
  table: TableDef,
): { readonly parent: TableDef; readonly key: PartitionKey; readonly bound: PartitionBound } | null {
  if (table.bound === undefined) return null;
  const parent = catalog.table(table.parents?.[0] ?? -1);
  if (parent?.partitionKey === undefined) return null;
  return { parent, key: parent.partitionKey, bound: table.bound };
}

/** A foreign key that refers to rows of a table. */
export interface ReferringKey {
  /** With the columns it refers to as the table itself numbers them. */
  readonly constraint: ForeignKeyConstraint;
  readonly table: TableDef;
  /** Set: it refers to a partitioned table whose rows the table's are; the constraint as it is there. */
  readonly whole?: { readonly table: TableDef; readonly constraint: ForeignKeyConstraint };
}

/** Foreign keys that refer to a table, or to a partitioned table it is part of. */
export function referringKeys(catalog: Catalog, table: TableDef): readonly ReferringKey[] {
  const found: ReferringKey[] = [];
  for (let whole: TableDef | undefined = table; whole !== undefined; ) {
    const there = whole === table ? null : columnsIn(whole, table);
    for (const other of catalog.referencingTables(whole.id))
      for (const constraint of other.constraints) {
        if (constraint.kind !== 'foreignKey' || constraint.targetTableId !== whole.id) continue;
        if (there === null) {
          found.push({ constraint, table: other });
          continue;
        }
        const targetColumns = constraint.targetColumns.map((column) => there[column] as number);
        found.push({
          constraint: { ...constraint, targetColumns },
          table: other,
          whole: { table: whole, constraint },
        });
      }
    whole = partitionedParent(catalog, whole)?.parent;
  }
  return found;
}

/** By column of `table`: the position of the same column in `other`; -1 for dropped ones. */
export function columnsIn(table: TableDef, other: TableDef): readonly number[] {
  return table.columns.map((column) =>
    column.isDropped ? -1 : other.columns.findIndex((one) => one.name === column.name && !one.isDropped),
  );
}
