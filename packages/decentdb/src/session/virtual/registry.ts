/** System views by schema and name. */
import type { VirtualTable } from '../../plan/logical.ts';
import type { VirtualTables } from '../../sql/bind/env.ts';
import { emptyCatalogs } from './empty-catalogs.ts';
import { informationViews } from './information-schema.ts';
import { objectViews } from './pg-objects.ts';
import { procViews } from './pg-proc.ts';
import { relationViews } from './pg-relations.ts';
import { roleViews } from './pg-roles.ts';
import { sessionViews } from './pg-session.ts';
import { searchViews } from './search-views.ts';
import { sequenceTable } from './sequence-table.ts';
import { storageViews } from './sys-storage-views.ts';
import { sysViews } from './sys-views.ts';
import { systemCatalogs } from './system-catalogs.ts';

const schemas = new Set(['pg_catalog', 'information_schema', 'sys']);
let views: ReadonlyMap<string, VirtualTable> | null = null;

export const systemViews: VirtualTables = {
  find(schema: string, name: string): VirtualTable | undefined {
    if (!schemas.has(schema)) return undefined;
    views ??= new Map(
      [
        ...relationViews,
        ...objectViews,
        ...procViews,
        ...systemCatalogs,
        ...emptyCatalogs,
        ...sessionViews,
        ...roleViews,
        ...informationViews,
        ...sysViews,
        ...storageViews,
        ...searchViews,
      ].map((v) => [`${v.schema}.${v.name}`, v]),
    );
    return views.get(`${schema}.${name}`);
  },
  sequence: sequenceTable,
  hasSchema(schema: string): boolean {
    return schemas.has(schema);
  },
};
