/**
 * From rows to a Catalog: types before what uses them (LESSONS 25), tables with their parts.
 */
import { DecentDbError } from '../base/errors.ts';
import { Catalog } from './catalog.ts';
import { type CatalogRow, RowKind } from './catalog-rows.ts';
import {
  decodeSchema,
  decodeSequence,
  decodeTable,
  decodeType,
  decodeView,
  type SchemaNames,
  type TypeSource,
} from './definition-codec.ts';
import { decodeAccess, decodeRole } from './roles.ts';
import { decodeRoutine } from './routines.ts';
import { ROW_ARRAY_IDS, relationRowType } from './row-types.ts';
import type { SchemaDef, ViewDef } from './schema.ts';
import { UserTypes } from './user-types.ts';
import { structureProblem } from './verify-catalog.ts';

export function decodeCatalog(rows: readonly CatalogRow[], version: number): Catalog {
  const byKind = new Map<RowKind, CatalogRow[]>();
  for (const row of rows) {
    const list = byKind.get(row.kind);
    if (list === undefined) byKind.set(row.kind, [row]);
    else list.push(row);
  }
  const of = (kind: RowKind): readonly CatalogRow[] => byKind.get(kind) ?? [];
  const schemas = toMap(of(RowKind.schema).map(decodeSchema));
  const names = namesOf(schemas);
  const types = toMap(of(RowKind.type).map((row) => decodeType(row, names)));
  const userTypes = new UserTypes(types);
  const source: TypeSource = (oid) => userTypes.resolve(oid);
  const parts = (kind: RowKind): ReadonlyMap<number, CatalogRow[]> => groupById(of(kind));
  const columns = parts(RowKind.column);
  const constraints = parts(RowKind.constraint);
  const indexes = parts(RowKind.index);
  const triggers = parts(RowKind.trigger);
  const tables = of(RowKind.table).map((table) =>
    decodeTable(
      {
        table,
        columns: columns.get(table.id) ?? [],
        constraints: constraints.get(table.id) ?? [],
        indexes: indexes.get(table.id) ?? [],
        triggers: triggers.get(table.id) ?? [],
      },
      names,
      source,
    ),
  );
  const tableMap = toMap(tables);
  const views = new Map<number, ViewDef>();
  // Columns of views may be rows of tables and of views made before.
  const rowSource: TypeSource = (oid) => {
    const isArray = oid >= ROW_ARRAY_IDS;
    const relation = isArray ? oid - ROW_ARRAY_IDS : oid;
    const def = tableMap.get(relation) ?? views.get(relation);
    if (def === undefined) return source(oid);
    const row = relationRowType(def);
    return isArray && row.arrayType !== null ? row.arrayType : row;
  };
  for (const row of of(RowKind.view)) {
    const view = decodeView(row, names, rowSource);
    views.set(view.id, view);
  }
  const catalog = new Catalog(
    version,
    {
      schemas,
      types,
      sequences: toMap(of(RowKind.sequence).map((row) => decodeSequence(row, names, source))),
      tables: tableMap,
      views,
      roles: toMap(of(RowKind.role).map(decodeRole)),
      access: toMap(of(RowKind.access).map(decodeAccess)),
      routines: toMap(of(RowKind.routine).map((row) => decodeRoutine(row, names.nameOf(row.parent)))),
    },
    userTypes,
  );
  const problem = structureProblem(catalog);
  if (problem !== undefined)
    throw new DecentDbError('XX001', `the catalogue is damaged: ${problem.object}: ${problem.message}`);
  return catalog;
}

function toMap<T extends { readonly id: number }>(defs: readonly T[]): ReadonlyMap<number, T> {
  return new Map(defs.map((def) => [def.id, def]));
}

function groupById(rows: readonly CatalogRow[]): ReadonlyMap<number, CatalogRow[]> {
  const groups = new Map<number, CatalogRow[]>();
  for (const row of rows) {
    const group = groups.get(row.id);
    if (group === undefined) groups.set(row.id, [row]);
    else group.push(row);
  }
  return groups;
}

function namesOf(schemas: ReadonlyMap<number, SchemaDef>): SchemaNames {
  return {
    nameOf(id) {
      const schema = schemas.get(id);
      if (schema === undefined)
        throw new DecentDbError('XX001', `the catalogue names a schema ${id} that is not there`);
      return schema.name;
    },
    idOf: () => 0,
  };
}
