/**
 * The catalogue: every schema object of one schema version, found by id or by name.
 *
 * I1  A Catalog never changes; `with...` and `without...` return another. So a transaction's savepoint is one reference.
 * I2  Tables, indexes, views, materialised views and sequences share one namespace per schema, types another.
 * I3  Names are compared exactly: folding to lower case is the lexer's work.
 * I4  A search path is a list of schema names in order; built-in objects (types, functions, system views) are not here.
 */
import type { SqlType } from '../types/sql-type.ts';
import { retypedTables, retypedViews } from './retype.ts';
import type { AccessDef, RoleDef } from './roles.ts';
import type { RoutineDef } from './routines.ts';
import { ROW_ARRAY_IDS, relationRowType } from './row-types.ts';
import type { IndexDef, SchemaDef, SequenceDef, TableDef, TypeDef, ViewDef } from './schema.ts';
import { UserTypes } from './user-types.ts';

/** Anything that lives in the relation namespace. */
export type Relation =
  | { readonly kind: 'table'; readonly table: TableDef }
  | { readonly kind: 'index'; readonly index: IndexDef; readonly table: TableDef }
  | { readonly kind: 'view'; readonly view: ViewDef }
  | { readonly kind: 'sequence'; readonly sequence: SequenceDef };

interface CatalogParts {
  readonly schemas: ReadonlyMap<number, SchemaDef>;
  readonly tables: ReadonlyMap<number, TableDef>;
  readonly views: ReadonlyMap<number, ViewDef>;
  readonly sequences: ReadonlyMap<number, SequenceDef>;
  readonly types: ReadonlyMap<number, TypeDef>;
  readonly roles: ReadonlyMap<number, RoleDef>;
  readonly access: ReadonlyMap<number, AccessDef>;
  readonly routines: ReadonlyMap<number, RoutineDef>;
}

/** Ids below this are PostgreSQL's own; ours start here. */
export const FIRST_OBJECT_ID = 16384;
/** PostgreSQL's oid of schema public. */
export const PUBLIC_SCHEMA_ID = 2200;

const NO_ROUTINES: readonly RoutineDef[] = [];

export class Catalog {
  /** Schema cookie this state was loaded at or will be saved under. */
  readonly version: number;
  readonly schemas: ReadonlyMap<number, SchemaDef>;
  readonly tables: ReadonlyMap<number, TableDef>;
  readonly views: ReadonlyMap<number, ViewDef>;
  readonly sequences: ReadonlyMap<number, SequenceDef>;
  readonly types: ReadonlyMap<number, TypeDef>;
  readonly roles: ReadonlyMap<number, RoleDef>;
  /** Owners and grants, by the object's id; objects without an entry have the defaults. */
  readonly access: ReadonlyMap<number, AccessDef>;
  /** Functions and procedures in SQL. */
  readonly routines: ReadonlyMap<number, RoutineDef>;
  /** SqlTypes of `types`. */
  readonly userTypes: UserTypes;
  #relations: Map<string, Map<string, Relation>> | null;
  #typeNames: Map<string, TypeDef> | null;
  #schemaNames: Map<string, SchemaDef> | null;
  #routineNames: Map<string, RoutineDef[]> | null;

  constructor(version: number, parts: CatalogParts, userTypes?: UserTypes) {
    this.version = version;
    this.schemas = parts.schemas;
    this.tables = parts.tables;
    this.views = parts.views;
    this.sequences = parts.sequences;
    this.types = parts.types;
    this.roles = parts.roles;
    this.access = parts.access;
    this.routines = parts.routines;
    this.userTypes = userTypes ?? new UserTypes(parts.types);
    this.#relations = null;
    this.#typeNames = null;
    this.#schemaNames = null;
    this.#routineNames = null;
  }

  /** A new database's: schema public and nothing else. */
  static empty(): Catalog {
    const schema: SchemaDef = { id: PUBLIC_SCHEMA_ID, name: 'public', comment: null };
    return new Catalog(0, {
      schemas: new Map([[schema.id, schema]]),
      tables: new Map(),
      views: new Map(),
      sequences: new Map(),
      types: new Map(),
      roles: new Map(),
      access: new Map(),
      routines: new Map(),
    });
  }

  // --- look-ups -----------------------------------------------------------------------------------------------

  schema(name: string): SchemaDef | undefined {
    if (this.#schemaNames === null) {
      this.#schemaNames = new Map();
      for (const schema of this.schemas.values()) this.#schemaNames.set(schema.name, schema);
    }
    return this.#schemaNames.get(name);
  }

  /** The relation of that name in that schema. */
  relation(schema: string, name: string): Relation | undefined {
    this.#relations ??= buildRelations(this);
    return this.#relations.get(schema)?.get(name);
  }

  /** The first relation of that name along a search path. */
  findRelation(path: readonly string[], name: string): Relation | undefined {
    for (const schema of path) {
      const found = this.relation(schema, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * The table whose integer primary key has that name. The key is the row id and has no index, but its name is one of the
   * schema's all the same (I2), as the name of its index would be.
   */
  tableOfRowIdKey(schema: string, name: string): TableDef | undefined {
    for (const table of this.tables.values())
      if (
        table.schema === schema &&
        table.constraints.some(
          (one) => one.kind === 'primaryKey' && one.indexId === null && one.name === name,
        )
      )
        return table;
    return undefined;
  }

  /** All relations of a schema by name. */
  relationsIn(schema: string): ReadonlyMap<string, Relation> {
    this.#relations ??= buildRelations(this);
    return this.#relations.get(schema) ?? new Map();
  }

  table(id: number): TableDef | undefined {
    return this.tables.get(id);
  }

  /** The table an index belongs to, by the index's id. */
  tableOfIndex(indexId: number): TableDef | undefined {
    for (const table of this.tables.values())
      if (table.indexes.some((index) => index.id === indexId)) return table;
    return undefined;
  }

  type(schema: string, name: string): TypeDef | undefined {
    if (this.#typeNames === null) {
      this.#typeNames = new Map();
      for (const type of this.types.values()) this.#typeNames.set(qualified(type.schema, type.name), type);
    }
    return this.#typeNames.get(qualified(schema, name));
  }

  findType(path: readonly string[], name: string): TypeDef | undefined {
    if (this.types.size === 0) return undefined;
    for (const schema of path) {
      const found = this.type(schema, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * The SqlType of a user-defined type, its array type, or the row type of a table or view (which has the relation's id);
   * undefined for built-in and unknown oids.
   */
  userType(oid: number): SqlType | undefined {
    const type = this.userTypes.get(oid);
    if (type !== undefined) return type;
    const isArray = oid >= ROW_ARRAY_IDS;
    const id = isArray ? oid - ROW_ARRAY_IDS : oid;
    const relation = this.tables.get(id) ?? this.views.get(id);
    if (relation === undefined) return undefined;
    const row = relationRowType(relation);
    return isArray ? (row.arrayType ?? undefined) : row;
  }

  /** Functions and procedures of that name in that schema. */
  routinesNamed(schema: string, name: string): readonly RoutineDef[] {
    if (this.routines.size === 0) return NO_ROUTINES;
    if (this.#routineNames === null) {
      this.#routineNames = new Map();
      for (const routine of this.routines.values()) {
        const key = qualified(routine.schema, routine.name);
        const list = this.#routineNames.get(key);
        if (list === undefined) this.#routineNames.set(key, [routine]);
        else list.push(routine);
      }
    }
    return this.#routineNames.get(qualified(schema, name)) ?? NO_ROUTINES;
  }

  /** Whether some schema has an aggregate of that name. */
  hasAggregate(name: string): boolean {
    for (const routine of this.routines.values())
      if (routine.kind === 'aggregate' && routine.name === name) return true;
    return false;
  }

  /** Foreign keys of other tables (and of itself) that point at a table. */
  referencingTables(tableId: number): TableDef[] {
    const found: TableDef[] = [];
    for (const table of this.tables.values())
      if (table.constraints.some((c) => c.kind === 'foreignKey' && c.targetTableId === tableId))
        found.push(table);
    return found;
  }

  role(name: string): RoleDef | undefined {
    for (const role of this.roles.values()) if (role.name === name) return role;
    return undefined;
  }

  // --- changes ------------------------------------------------------------------------------------------------

  atVersion(version: number): Catalog {
    return new Catalog(version, this, this.userTypes);
  }
  withSchema(schema: SchemaDef): Catalog {
    return this.#changed({ schemas: put(this.schemas, schema) });
  }
  withoutSchema(id: number): Catalog {
    return this.#changed({ schemas: remove(this.schemas, id), access: this.#accessWithout(id) });
  }
  withTable(table: TableDef): Catalog {
    return this.#changed({ tables: put(this.tables, table) });
  }
  withoutTable(id: number): Catalog {
    return this.#changed({ tables: remove(this.tables, id), access: this.#accessWithout(id) });
  }
  withView(view: ViewDef): Catalog {
    return this.#changed({ views: put(this.views, view) });
  }
  withoutView(id: number): Catalog {
    return this.#changed({ views: remove(this.views, id), access: this.#accessWithout(id) });
  }
  withSequence(sequence: SequenceDef): Catalog {
    return this.#changed({ sequences: put(this.sequences, sequence) });
  }
  withoutSequence(id: number): Catalog {
    return this.#changed({ sequences: remove(this.sequences, id), access: this.#accessWithout(id) });
  }
  withType(type: TypeDef): Catalog {
    const types = put(this.types, type);
    if (!this.types.has(type.id)) return this.#changed({ types });
    const userTypes = new UserTypes(types, this.userTypes);
    const version = this.version + 1;
    const tables = retypedTables(this.tables, userTypes, version);
    const views = retypedViews(this.views, userTypes, version);
    return this.#changed({ types, tables, views }, userTypes);
  }
  withoutType(id: number): Catalog {
    return this.#changed({ types: remove(this.types, id), access: this.#accessWithout(id) });
  }

  withRole(role: RoleDef): Catalog {
    return this.#changed({ roles: put(this.roles, role) });
  }
  withoutRole(id: number): Catalog {
    return this.#changed({ roles: remove(this.roles, id) });
  }
  withAccess(access: AccessDef): Catalog {
    return this.#changed({ access: put(this.access, access) });
  }
  withRoutine(def: RoutineDef): Catalog {
    return this.#changed({ routines: put(this.routines, def) });
  }

  withoutRoutine(id: number): Catalog {
    return this.#changed({ routines: remove(this.routines, id), access: this.#accessWithout(id) });
  }

  withoutAccess(id: number): Catalog {
    return this.#changed({ access: remove(this.access, id) });
  }

  /** What is left of owners and grants when an object goes. */
  #accessWithout(id: number): ReadonlyMap<number, AccessDef> {
    return this.access.has(id) ? remove(this.access, id) : this.access;
  }

  #changed(parts: Partial<CatalogParts>, typesMade: UserTypes | null = null): Catalog {
    const next = {
      schemas: parts.schemas ?? this.schemas,
      tables: parts.tables ?? this.tables,
      views: parts.views ?? this.views,
      sequences: parts.sequences ?? this.sequences,
      types: parts.types ?? this.types,
      roles: parts.roles ?? this.roles,
      access: parts.access ?? this.access,
      routines: parts.routines ?? this.routines,
    };
    const isSame = parts.types === undefined;
    const userTypes = typesMade ?? (isSame ? this.userTypes : new UserTypes(next.types, this.userTypes));
    return new Catalog(this.version, next, userTypes);
  }
}

function put<T extends { readonly id: number }>(map: ReadonlyMap<number, T>, def: T): ReadonlyMap<number, T> {
  return new Map(map).set(def.id, def);
}

function remove<T>(map: ReadonlyMap<number, T>, id: number): ReadonlyMap<number, T> {
  const next = new Map(map);
  next.delete(id);
  return next;
}

function qualified(schema: string, name: string): string {
  return `${schema}\0${name}`;
}

function buildRelations(catalog: Catalog): Map<string, Map<string, Relation>> {
  const all = new Map<string, Map<string, Relation>>();
  const add = (schema: string, name: string, relation: Relation): void => {
    const inSchema = all.get(schema);
    if (inSchema === undefined) all.set(schema, new Map([[name, relation]]));
    else inSchema.set(name, relation);
  };
  for (const table of catalog.tables.values()) {
    add(table.schema, table.name, { kind: 'table', table });
    for (const index of table.indexes) add(table.schema, index.name, { kind: 'index', index, table });
  }
  for (const sequence of catalog.sequences.values())
    add(sequence.schema, sequence.name, { kind: 'sequence', sequence });
  // Last, so that a materialised view hides the table of the same name that holds its rows.
  for (const view of catalog.views.values()) add(view.schema, view.name, { kind: 'view', view });
  return all;
}
