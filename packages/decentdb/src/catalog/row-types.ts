/**
 * Row types of tables and views: composites with the relation's name and id.
 *
 * I1  One SqlType object a definition, so that types compare by identity while the relation stays as it is.
 */
import { makeArrayType } from '../types/array-type.ts';
import type { SqlType, TypeField } from '../types/sql-type.ts';
import { makeCompositeType } from './composite-type.ts';
import type { TableDef, ViewDef } from './schema.ts';

/** The array type of a relation's row type has the relation's id plus this. */
export const ROW_ARRAY_IDS: number = 2 ** 30;

const made = new WeakMap<TableDef | ViewDef, SqlType>();

export function relationRowType(relation: TableDef | ViewDef): SqlType {
  let type = made.get(relation);
  if (type === undefined) {
    const columns: readonly (TypeField & { readonly isDropped?: boolean })[] = relation.columns;
    const fields = columns
      .filter((column) => column.isDropped !== true)
      .map((column) => ({ name: column.name, type: column.type, typmod: column.typmod }));
    type = makeCompositeType(relation.id, relation.name, fields);
    makeArrayType(ROW_ARRAY_IDS + relation.id, type);
    made.set(relation, type);
  }
  return type;
}
