/**
 * A Catalog from whatever definitions are left, object by object.
 *
 * I1  An object is in the catalogue only if all that it needs is: a table with every column, of types that are known.
 * I2  A table whose definition is incomplete is `partial`: its rows can be read, but not put into a table.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { PageNo } from '../../base/ids.ts';
import { Catalog, PUBLIC_SCHEMA_ID } from '../../catalog/catalog.ts';
import { decodeCatalog } from '../../catalog/catalog-load.ts';
import { type CatalogRow, RowKind } from '../../catalog/catalog-rows.ts';
import {
  decodeSchema,
  decodeSequence,
  decodeTable,
  decodeType,
  decodeView,
  type SchemaNames,
} from '../../catalog/definition-codec.ts';
import { decodeRoutine } from '../../catalog/routines.ts';
import type { IndexDef, SchemaDef, TableDef } from '../../catalog/schema.ts';
import { UserTypes } from '../../catalog/user-types.ts';

export interface PartialTable {
  readonly name: string;
  readonly root: PageNo;
  /** Names of the columns that are known, by their number (from 1). */
  readonly columns: ReadonlyMap<number, string>;
  readonly rowIdColumn: number;
  /** Roots of its indexes, as far as they are known. */
  readonly indexRoots: readonly PageNo[];
}

export interface CatalogSalvage {
  readonly catalog: Catalog;
  readonly partial: readonly PartialTable[];
  /** Objects whose definition could not be used: what, and why. */
  readonly lost: readonly { readonly object: string; readonly message: string }[];
}

export function salvageCatalog(rows: readonly CatalogRow[]): CatalogSalvage {
  try {
    const catalog = decodeCatalog(rows, 0);
    if ([...catalog.tables.values()].every(hasAllColumns)) return { catalog, partial: [], lost: [] };
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
  }
  return new ObjectByObject(rows).run();
}

function hasAllColumns(table: TableDef): boolean {
  return (
    table.columns.every((column, i) => column.attnum === i + 1) &&
    table.rowIdColumn < table.columns.length &&
    table.indexes.every((index) => usesKnownColumns(index, table))
  );
}

function usesKnownColumns(index: IndexDef, table: TableDef): boolean {
  const { length } = table.columns;
  return (
    index.keys.every(({ column }) => column < length) && index.include.every((column) => column < length)
  );
}

class ObjectByObject {
  readonly #rows: readonly CatalogRow[];
  readonly #lost: { object: string; message: string }[] = [];
  readonly #partial: PartialTable[] = [];

  constructor(rows: readonly CatalogRow[]) {
    this.#rows = rows;
  }

  run(): CatalogSalvage {
    const schemas = new Map<number, SchemaDef>();
    for (const schema of this.#each(RowKind.schema, 'schema', decodeSchema)) schemas.set(schema.id, schema);
    const names = this.#names(schemas);
    const types = toMap(this.#each(RowKind.type, 'type', (row) => decodeType(row, names)));
    const userTypes = new UserTypes(types);
    const typeOf = (oid: number): ReturnType<UserTypes['resolve']> => userTypes.resolve(oid);
    const tables: TableDef[] = [];
    for (const row of this.#of(RowKind.table)) {
      const table = this.#table(row, names, typeOf);
      if (table !== null) tables.push(table);
    }
    const sequences = this.#each(RowKind.sequence, 'sequence', (row) => decodeSequence(row, names, typeOf));
    const views = this.#each(RowKind.view, 'view', (row) => decodeView(row, names, typeOf));
    const routines = this.#each(RowKind.routine, 'function', (row) =>
      decodeRoutine(row, names.nameOf(row.parent)),
    );
    const parts = {
      ...Catalog.empty(),
      schemas,
      types,
      sequences: toMap(sequences),
      tables: toMap(tables),
      views: toMap(views),
      routines: toMap(routines),
    };
    return { catalog: new Catalog(0, parts, userTypes), partial: this.#partial, lost: this.#lost };
  }

  #of(kind: RowKind): CatalogRow[] {
    return this.#rows.filter((row) => row.kind === kind);
  }

  /** Objects of a kind that can be decoded. */
  #each<T>(kind: RowKind, what: string, decode: (row: CatalogRow) => T): T[] {
    const found: T[] = [];
    for (const row of this.#of(kind)) {
      const one = this.#try(`${what} "${row.name}"`, () => decode(row));
      if (one !== null) found.push(one);
    }
    return found;
  }

  #try<T>(object: string, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      this.#lost.push({ object, message: error.message });
      return null;
    }
  }

  /** Names of schemas; one whose row is lost gets a name of its own. */
  #names(schemas: Map<number, SchemaDef>): SchemaNames {
    return {
      nameOf: (id) => {
        let schema = schemas.get(id);
        if (schema === undefined) {
          schema = { id, name: id === PUBLIC_SCHEMA_ID ? 'public' : `lost_schema_${id}`, comment: null };
          schemas.set(id, schema);
        }
        return schema.name;
      },
      idOf: () => 0,
    };
  }

  #table(
    row: CatalogRow,
    names: SchemaNames,
    typeOf: (oid: number) => ReturnType<UserTypes['resolve']>,
  ): TableDef | null {
    const parts = (kind: RowKind): CatalogRow[] => this.#of(kind).filter((one) => one.id === row.id);
    const columns = parts(RowKind.column);
    const bare = { table: row, columns, constraints: [], indexes: [], triggers: [] };
    const object = `table "${row.name}"`;
    let table = this.#try(object, () => decodeTable(bare, names, typeOf));
    if (table === null || !hasAllColumns(table)) {
      this.#addPartial(row, columns);
      return null;
    }
    for (const kind of [RowKind.constraint, RowKind.index, RowKind.trigger]) {
      for (const one of parts(kind)) {
        const rows = { ...bare, [partName(kind)]: [one] };
        const decoded = this.#try(`"${one.name}" of ${object}`, () => decodeTable(rows, names, typeOf));
        if (decoded === null || !hasAllColumns(decoded)) continue;
        table = {
          ...table,
          constraints: [...table.constraints, ...decoded.constraints],
          indexes: [...table.indexes, ...decoded.indexes],
          triggers: [...table.triggers, ...decoded.triggers],
        };
      }
    }
    return table;
  }

  #addPartial(row: CatalogRow, columns: readonly CatalogRow[]): void {
    const object = `table "${row.name}"`;
    const fields = JSON.parse(row.definition) as Record<string, unknown>;
    const { root, rowIdColumn } = fields;
    this.#lost.push({ object, message: 'columns of it are missing in the catalogue' });
    if (typeof root !== 'number' || typeof rowIdColumn !== 'number') return;
    const known = new Map(columns.map((column) => [column.number, column.name]));
    const indexRoots = this.#of(RowKind.index)
      .filter((one) => one.id === row.id)
      .flatMap(rootsOf);
    this.#partial.push({ name: row.name, root: root as PageNo, columns: known, rowIdColumn, indexRoots });
  }
}

function rootsOf(index: CatalogRow): PageNo[] {
  const { root, pendingRoot } = JSON.parse(index.definition) as Record<string, unknown>;
  return [root, pendingRoot].filter((page): page is PageNo => typeof page === 'number');
}

function partName(kind: RowKind): 'constraints' | 'indexes' | 'triggers' {
  if (kind === RowKind.constraint) return 'constraints';
  return kind === RowKind.index ? 'indexes' : 'triggers';
}

function toMap<T extends { readonly id: number }>(defs: readonly T[]): Map<number, T> {
  return new Map(defs.map((def) => [def.id, def]));
}
