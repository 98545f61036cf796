/** System views by schema and name. */
import type { VirtualTable } from '../../plan/logical.ts';
import type { VirtualTables } from '../../sql/bind/env.ts';
import { aggregateView } from './aggregate-definition.ts';
import { emptyCatalogs } from './empty-catalogs.ts';
import { informationViews } from './information-schema.ts';
import { inheritanceViews } from './pg-inherits.ts';
import { objectViews } from './pg-objects.ts';
import { procViews } from './pg-proc.ts';
import { relationViews } from './pg-relations.ts';
import { roleViews } from './pg-roles.ts';
import { sessionViews } from './pg-session.ts';
import { queryViews } from './query-views.ts';
import { searchViews } from './search-views.ts';
import { sequenceTable } from './sequence-table.ts';
import { statisticsViews } from './statistics-views.ts';
import { storageViews } from './sys-storage-views.ts';
import { sysViews } from './sys-views.ts';
import { systemCatalogs } from './system-catalogs.ts';

const schemas = new Set(['pg_catalog', 'information_schema', 'sys']);
/** How the names of all views of pg_catalog begin: it is searched before the user's schemas, and few names there are views'. */
const CATALOGUE_PREFIX = 'pg_';
let views: ReadonlyMap<string, VirtualTable> | null = null;

function allViews(): ReadonlyMap<string, VirtualTable> {
  views ??= new Map(
    [
      ...relationViews,
      ...objectViews,
      ...inheritanceViews,
      aggregateView,
      ...procViews,
      ...systemCatalogs,
      ...emptyCatalogs,
      ...sessionViews,
      ...statisticsViews,
      ...roleViews,
      ...queryViews,
      ...informationViews,
      ...sysViews,
      ...storageViews,
      ...searchViews,
    ].map((v) => [`${v.schema}.${v.name}`, v]),
  );
  return views;
}

/** PostgreSQL's own: what is listed in pg_class. */
export function* catalogueViews(): Iterable<VirtualTable> {
  for (const view of allViews().values()) if (view.schema !== 'sys') yield view;
}

export const systemViews: VirtualTables = {
  find(schema: string, name: string): VirtualTable | undefined {
    if (!schemas.has(schema) || (schema === 'pg_catalog' && !name.startsWith(CATALOGUE_PREFIX)))
      return undefined;
    return allViews().get(`${schema}.${name}`);
  },
  sequence: sequenceTable,
  hasSchema(schema: string): boolean {
    return schemas.has(schema);
  },
};
