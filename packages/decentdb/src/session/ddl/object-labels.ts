/** What an object is called in messages: `table t`, `schema s`. */
import type { Catalog } from '../../catalog/catalog.ts';
import { DATABASE_ID, OWNER_NAME } from '../virtual/object-ids.ts';

export function describeObject(catalog: Catalog, id: number): string {
  const table = catalog.table(id);
  if (table !== undefined) return `table ${table.name}`;
  const view = catalog.views.get(id);
  if (view !== undefined)
    return `${view.materializedTableId === null ? 'view' : 'materialized view'} ${view.name}`;
  const sequence = catalog.sequences.get(id);
  if (sequence !== undefined) return `sequence ${sequence.name}`;
  const schema = catalog.schemas.get(id);
  if (schema !== undefined) return `schema ${schema.name}`;
  const type = catalog.types.get(id);
  if (type !== undefined) return `type ${type.name}`;
  return id === DATABASE_ID ? `database ${OWNER_NAME}` : `object ${id}`;
}
