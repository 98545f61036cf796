/** Names behind regclass and its family: oids to text and back. */
import { DecentDbError } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { inputParameters, type RoutineDef, routineSignature } from '../catalog/routines.ts';
import { typeIn } from '../sql/bind/routine-lookup.ts';
import { typeByName, typeByOid } from '../types/registry.ts';
import type { ObjectNames } from '../types/sql-type.ts';
import { findRole, roleNameOf } from './ddl/role-names.ts';
import { splitNames } from './settings/settings.ts';
import { quoted } from './virtual/definitions.ts';
import {
  INFORMATION_SCHEMA_ID,
  PG_CATALOG_ID,
  SYS_SCHEMA_ID,
  systemViewId,
  systemViewOf,
} from './virtual/object-ids.ts';
import { systemViews } from './virtual/registry.ts';

const systemSchemas: Readonly<Record<string, number>> = {
  pg_catalog: PG_CATALOG_ID,
  information_schema: INFORMATION_SCHEMA_ID,
  sys: SYS_SCHEMA_ID,
};

export class ObjectNameLookup implements ObjectNames {
  readonly #catalog: () => Catalog;
  readonly #path: () => readonly string[];

  constructor(catalog: () => Catalog, searchPath: () => readonly string[]) {
    this.#catalog = catalog;
    this.#path = searchPath;
  }

  nameOf(kind: string, oid: number): string | null {
    switch (kind) {
      case 'regclass':
        return this.#relationName(oid);
      case 'regtype': {
        const type = typeByOid(oid) ?? this.#catalog().userType(oid);
        return type === undefined ? null : type.sqlName(-1);
      }
      case 'regnamespace': {
        for (const [name, id] of Object.entries(systemSchemas)) if (id === oid) return name;
        const schema = this.#catalog().schemas.get(oid);
        return schema === undefined ? null : quoted(schema.name);
      }
      case 'regrole':
        return roleNameOf(this.#catalog(), oid);
      case 'regproc':
        return this.#routine(oid)?.name ?? null;
      case 'regprocedure': {
        const routine = this.#routine(oid);
        return routine === undefined
          ? null
          : routineSignature(routine, (id) => typeIn(this.#catalog(), id)).replaceAll(', ', ',');
      }
      default:
        return null;
    }
  }

  oidOf(kind: string, name: string): number {
    const parts = dottedParts(name);
    switch (kind) {
      case 'regclass':
        return this.#relationId(parts, name);
      case 'regtype':
        return this.#typeId(parts, name);
      case 'regnamespace': {
        const id = systemSchemas[name] ?? this.#catalog().schema(parts[0] ?? name)?.id;
        if (id === undefined) throw new DecentDbError('3F000', `schema "${name}" does not exist`);
        return id;
      }
      case 'regproc':
      case 'regprocedure':
        return this.#routineId(kind, name);
      case 'regrole':
        return this.#roleId(parts[0] ?? name, name);
      default:
        throw new DecentDbError('42704', `${kind} "${name}" does not exist`);
    }
  }

  #routine(oid: number): RoutineDef | undefined {
    return this.#catalog().routines.get(oid);
  }

  /** `f` must be the only one of its name; `f(int, text)` tells by types. */
  #routineId(kind: string, written: string): number {
    const open = written.indexOf('(');
    const parts = dottedParts(open < 0 ? written : written.slice(0, open));
    const catalog = this.#catalog();
    const name = parts.at(-1) ?? '';
    const path = parts.length > 1 ? [parts[0] as string] : this.#path();
    const all = path.flatMap((schema) => catalog.routinesNamed(schema, name));
    if (open < 0 || kind === 'regproc') {
      if (all.length > 1) throw new DecentDbError('42725', `more than one function named "${written}"`);
      const [only] = all;
      if (only !== undefined && open < 0) return only.id;
      throw new DecentDbError('42883', `function "${written}" does not exist`);
    }
    const types = splitArguments(written.slice(open + 1, written.lastIndexOf(')'))).map((type) =>
      this.#typeId(dottedParts(type), type),
    );
    const found = all.find((routine) => {
      const inputs = inputParameters(routine);
      return inputs.length === types.length && inputs.every(({ typeId }, i) => typeId === types[i]);
    });
    if (found === undefined) throw new DecentDbError('42883', `function "${written}" does not exist`);
    return found.id;
  }

  #roleId(role: string, written: string): number {
    const found = findRole(this.#catalog(), role);
    if (found === null) throw new DecentDbError('42704', `role "${written}" does not exist`);
    return found.id;
  }

  #relationName(oid: number): string | null {
    const catalog = this.#catalog();
    const found =
      catalog.table(oid) ?? catalog.views.get(oid) ?? catalog.sequences.get(oid) ?? indexNamed(catalog, oid);
    if (found === null || found === undefined) return systemViewOf(oid)?.name ?? null;
    const isVisible =
      catalog.findRelation(this.#path(), found.name) === catalog.relation(found.schema, found.name);
    return isVisible ? quoted(found.name) : `${quoted(found.schema)}.${quoted(found.name)}`;
  }

  #relationId(parts: readonly string[], name: string): number {
    const catalog = this.#catalog();
    const relation =
      parts.length > 1
        ? catalog.relation(parts[parts.length - 2] as string, parts[parts.length - 1] as string)
        : catalog.findRelation(['pg_temp', ...this.#path()], parts[0] ?? '');
    switch (relation?.kind) {
      case 'table':
        return relation.table.id;
      case 'index':
        return relation.index.id;
      case 'view':
        return relation.view.id;
      case 'sequence':
        return relation.sequence.id;
      default: {
        const system = this.#systemView(parts);
        if (system !== null) return systemViewId(system.schema, system.name);
        throw new DecentDbError('42P01', `relation "${name}" does not exist`);
      }
    }
  }

  #systemView(parts: readonly string[]): { readonly schema: string; readonly name: string } | null {
    const name = parts.at(-1) ?? '';
    const schemas = parts.length > 1 ? [parts[parts.length - 2] as string] : ['pg_catalog', ...this.#path()];
    const schema = schemas.find((one) => systemViews.find(one, name) !== undefined);
    return schema === undefined ? null : { schema, name };
  }

  #typeId(parts: readonly string[], name: string): number {
    const last = parts[parts.length - 1] ?? name;
    const builtin = typeByName(name.toLowerCase()) ?? typeByName(last);
    if (builtin !== undefined) return builtin.oid;
    const user = this.#catalog().findType(parts.length > 1 ? [parts[0] as string] : this.#path(), last);
    if (user === undefined) throw new DecentDbError('42704', `type "${name}" does not exist`);
    return user.id;
  }
}

function indexNamed(catalog: Catalog, id: number): { readonly schema: string; readonly name: string } | null {
  const table = catalog.tableOfIndex(id);
  const index = table?.indexes.find((i) => i.id === id);
  return table === undefined || index === undefined ? null : { schema: table.schema, name: index.name };
}

function splitArguments(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(',').map((part) => part.trim());
}

/** `a."B c"` as its parts. */
function dottedParts(name: string): readonly string[] {
  return name.split(/\.(?=(?:[^"]*"[^"]*")*[^"]*$)/).flatMap((part) => splitNames(part.trim()).slice(0, 1));
}
