/** Materialised views WITH NO DATA: they are there, and nothing can be read from them. */
import { DecentDbError } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { TableDef } from '../catalog/schema.ts';

/** 55000 where one of the tables keeps the rows of a materialised view that has none yet. */
export function requirePopulated(catalog: Catalog, tables: readonly TableDef[]): void {
  if (tables.length === 0) return;
  for (const view of catalog.views.values()) {
    if (view.isUnpopulated !== true || !tables.some(({ id }) => id === view.materializedTableId)) continue;
    throw new DecentDbError('55000', `materialized view "${view.name}" has not been populated`, {
      hint: 'Use the REFRESH MATERIALIZED VIEW command.',
    });
  }
}
