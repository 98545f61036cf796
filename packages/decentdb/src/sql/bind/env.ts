/**
 * What the binder knows of the world outside the statement.
 *
 * I1  Binding reads this and changes nothing: it has no side effects but its result (EXPLAIN and CREATE VIEW bind too).
 * I2  A bound statement depends on `catalog.version`, the search path, the time zone and date style: plan caches key on these.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { Dependency, SequenceDef } from '../../catalog/schema.ts';
import type { UserFunctions } from '../../functions/user-functions.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import type { SqlType, TypeSettings } from '../../types/sql-type.ts';

/** System views by name; made by the session. */
export interface VirtualTables {
  find(schema: string, name: string): VirtualTable | undefined;
  hasSchema(schema: string): boolean;
  /** A sequence as the table of its state. */
  sequence?(sequence: SequenceDef): VirtualTable;
}

export const noVirtualTables: VirtualTables = { find: () => undefined, hasSchema: () => false };

/** What a function's body calls its arguments. */
export interface RoutineScope {
  readonly name: string;
  readonly parameters: readonly (string | null)[];
  /** Of a body kept as a tree: the columns it knew when it was written (state.ts). */
  readonly known: KnownColumns | null;
}

/** Positions of columns by the relation they belong to. */
export type KnownColumns = ReadonlyMap<number, ReadonlySet<number>>;

/** The columns something stored used when it was written: what was added to its relations since does not change its meaning. */
export function columnsKnown(dependsOn: readonly Dependency[]): KnownColumns {
  return new Map(
    dependsOn.flatMap(({ id, columns }) => (columns === null ? [] : [[id, new Set(columns)] as const])),
  );
}

export interface BindEnv {
  readonly catalog: Catalog;
  /** What current_database() says: a three-part name must start with it. */
  readonly databaseName: string;
  /** Schemas to search, in order, as SHOW search_path lists those that exist. pg_catalog comes first unless listed. */
  readonly searchPath: readonly string[];
  /** Text forms of literals depend on these. */
  readonly settings: TypeSettings;
  readonly virtualTables: VirtualTables;
  /** What the application registered on this connection. */
  readonly userFunctions?: UserFunctions;
  /** A schema statement: what it binds is stored. */
  readonly isSchemaStatement?: boolean;
  /** The function whose body is being bound: `$n` have names there. */
  readonly routine?: RoutineScope;
  /** Parameter types the caller fixed; null entries and those beyond the end are inferred. */
  readonly paramTypes: readonly (SqlType | null)[];
}

/** The search path with the schemas PostgreSQL adds by itself: temporary objects, then pg_catalog. */
export function effectivePath(env: BindEnv): readonly string[] {
  const path = env.searchPath;
  const implicit: string[] = [];
  if (!path.includes('pg_temp')) implicit.push('pg_temp');
  if (!path.includes('pg_catalog')) implicit.push('pg_catalog');
  return implicit.length === 0 ? path : [...implicit, ...path];
}
