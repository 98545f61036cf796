/**
 * Definitions of tables and views after a type of the user's has changed: columns hold the SqlType itself, so those of the type
 * (of its arrays, of domains and composites made of it) get the new one, and a version of their own that ends plans made for them.
 */
import type { SqlType } from '../types/sql-type.ts';
import type { TableDef, ViewDef } from './schema.ts';
import type { UserTypes } from './user-types.ts';

type Typed = { readonly type: SqlType };

function current<T extends Typed>(parts: readonly T[], types: UserTypes): readonly T[] {
  const isCurrent = ({ type }: Typed): boolean => (types.get(type.oid) ?? type) === type;
  if (parts.every(isCurrent)) return parts;
  return parts.map((part) =>
    isCurrent(part) ? part : { ...part, type: types.get(part.type.oid) ?? part.type },
  );
}

export function retypedTables(
  tables: ReadonlyMap<number, TableDef>,
  types: UserTypes,
  version: number,
): ReadonlyMap<number, TableDef> {
  const next = new Map(tables);
  for (const table of tables.values()) {
    const columns = current(table.columns, types);
    if (columns === table.columns) continue;
    const indexes = table.indexes.map((index) => ({ ...index, keys: current(index.keys, types) }));
    const { partitionKey: key } = table;
    const made = key === undefined ? {} : { partitionKey: { ...key, parts: current(key.parts, types) } };
    next.set(table.id, { ...table, columns, indexes, version, ...made });
  }
  return next;
}

export function retypedViews(
  views: ReadonlyMap<number, ViewDef>,
  types: UserTypes,
  version: number,
): ReadonlyMap<number, ViewDef> {
  const next = new Map(views);
  for (const view of views.values()) {
    const columns = current(view.columns, types);
    if (columns !== view.columns) next.set(view.id, { ...view, columns, version });
  }
  return next;
}
