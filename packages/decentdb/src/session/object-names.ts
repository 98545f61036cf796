/** Names behind regclass and its family: oids to text and back. */
import { DecentDbError } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { inputParameters, type RoutineDef } from '../catalog/routines.ts';
import { typeByName, typeByOid } from '../types/registry.ts';
import type { ObjectNames } from '../types/sql-type.ts';
import { findRole, roleNameOf } from './ddl/role-names.ts';
import { splitNames } from './settings/settings.ts';
import {
  builtinOperator,
  builtinOperators,
  builtinRoutine,
  builtinRoutines,
} from './virtual/builtin-routines.ts';
import { indexesShown, quoted } from './virtual/definitions.ts';
import {
  INFORMATION_SCHEMA_ID,
  PG_CATALOG_ID,
  SYS_SCHEMA_ID,
  systemViewId,
  systemViewOf,
} from './virtual/object-ids.ts';
import { systemViews } from './virtual/registry.ts';
import { typeFunction, typeFunctions } from './virtual/type-facts.ts';
import { isRoutineVisible, relationShown, typeShown } from './virtual/visible-names.ts';

const systemSchemas: Readonly<Record<string, number>> = {
  pg_catalog: PG_CATALOG_ID,
  information_schema: INFORMATION_SCHEMA_ID,
  sys: SYS_SCHEMA_ID,
};

/** PostgreSQL's numbers of the collations there are. */
const COLLATIONS: readonly (readonly [name: string, oid: number])[] = [
  ['default', 100],
  ['C', 950],
  ['POSIX', 951],
  ['ucs_basic', 962],
];

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
        return type === undefined ? null : typeShown(this.#catalog(), this.#path(), type);
      }
      case 'regnamespace': {
        for (const [name, id] of Object.entries(systemSchemas)) if (id === oid) return name;
        const schema = this.#catalog().schemas.get(oid);
        return schema === undefined ? null : quoted(schema.name);
      }
      case 'regrole':
        return roleNameOf(this.#catalog(), oid);
      case 'regproc':
        return this.#routineName(oid) ?? builtinRoutine(oid)?.name ?? typeFunction(oid)?.name ?? null;
      case 'regprocedure': {
        const routine = this.#routine(oid);
        if (routine !== undefined)
          return `${this.#routineName(oid)}(${this.#typeNames(inputParameters(routine).map(({ typeId }) => typeId))})`;
        const builtin = builtinRoutine(oid) ?? typeFunction(oid);
        return builtin === undefined ? null : `${quoted(builtin.name)}(${this.#typeNames(builtin.args)})`;
      }
      case 'regoper':
        return builtinOperator(oid)?.name ?? null;
      case 'regoperator': {
        const operator = builtinOperator(oid);
        if (operator === undefined) return null;
        const operands = operator.args.length === 1 ? [0, ...operator.args] : operator.args;
        return `${operator.name}(${this.#typeNames(operands)})`;
      }
      case 'regcollation': {
        const found = COLLATIONS.find(([, id]) => id === oid);
        return found === undefined ? null : quoted(found[0]);
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
        if (parts.length > 1) throw new DecentDbError('42602', 'invalid name syntax');
        const schema = parts[0] ?? name;
        const id = systemSchemas[schema] ?? this.#catalog().schema(schema)?.id;
        if (id === undefined) throw new DecentDbError('3F000', `schema "${name}" does not exist`);
        return id;
      }
      case 'regproc':
      case 'regprocedure':
        return this.#routineId(kind, name);
      case 'regoper':
      case 'regoperator':
        return this.#operatorId(kind, name);
      case 'regcollation': {
        const last = parts.at(-1) ?? name;
        const found = COLLATIONS.find(([known]) => known === last);
        if (found !== undefined) return found[1];
        throw new DecentDbError('42704', `collation "${name}" for encoding "UTF8" does not exist`);
      }
      case 'regrole':
        return this.#roleId(parts[0] ?? name, name);
      default:
        throw new DecentDbError('42704', `${kind} "${name}" does not exist`);
    }
  }

  /** With its schema where a call by the name alone does not mean it. */
  #routineName(oid: number): string | null {
    const routine = this.#routine(oid);
    if (routine === undefined) return null;
    const name = quoted(routine.name);
    const isVisible = isRoutineVisible(this.#catalog(), this.#path(), routine);
    return isVisible ? name : `${quoted(routine.schema)}.${name}`;
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
    const isSystem = parts.length === 1 || parts[0] === 'pg_catalog';
    const builtins = isSystem
      ? [...builtinRoutines(), ...typeFunctions()].filter((one) => one.name === name)
      : [];
    const own = path.flatMap((schema) => catalog.routinesNamed(schema, name));
    const all = [
      ...builtins.map(({ oid, args }) => ({ oid, args })),
      ...own.map((routine) => ({
        oid: routine.id,
        args: inputParameters(routine).map(({ typeId }) => typeId),
      })),
    ];
    if (kind === 'regproc') {
      if (all.length > 1) throw new DecentDbError('42725', `more than one function named "${written}"`);
      const [only] = all;
      if (only !== undefined && open < 0) return only.oid;
      throw new DecentDbError('42883', `function "${written}" does not exist`);
    }
    const types = this.#argumentTypes(written, open);
    const found = all.find(({ args }) => isSameList(args, types));
    if (found === undefined) throw new DecentDbError('42883', `function "${written}" does not exist`);
    return found.oid;
  }

  /** `+(integer, integer)` tells by types, NONE for a missing operand; `||/` must be the only one of its name. */
  #operatorId(kind: string, written: string): number {
    const open = written.indexOf('(');
    const symbol = (open < 0 ? written : written.slice(0, open)).trim().replace(/^"?pg_catalog"?\./, '');
    const all = builtinOperators().filter((one) => one.name === symbol);
    if (kind === 'regoper') {
      if (all.length > 1) throw new DecentDbError('42725', `more than one operator named ${written}`);
      const [only] = all;
      if (only === undefined) throw new DecentDbError('42883', `operator does not exist: ${written}`);
      return only.oid;
    }
    const types = this.#argumentTypes(written, open);
    if (types.length === 1)
      throw new DecentDbError('42P02', 'missing argument', {
        hint: 'Use NONE to denote the missing argument of a unary operator.',
      });
    if (types.length > 2)
      throw new DecentDbError('54023', 'too many arguments', {
        hint: 'Provide two argument types for operator.',
      });
    const operands = types[0] === 0 ? types.slice(1) : types;
    const found = all.find(({ args }) => isSameList(args, operands));
    if (found === undefined) throw new DecentDbError('42883', `operator does not exist: ${written}`);
    return found.oid;
  }

  /** The types between the parentheses; 0 for NONE. */
  #argumentTypes(written: string, open: number): readonly number[] {
    if (open < 0) throw new DecentDbError('22P02', 'expected a left parenthesis');
    if (!written.trimEnd().endsWith(')')) throw new DecentDbError('22P02', 'expected a right parenthesis');
    return splitArguments(written.slice(open + 1, written.lastIndexOf(')'))).map((type) =>
      /^none$/i.test(type) ? 0 : this.#typeId(dottedParts(type), type),
    );
  }

  #typeNames(ids: readonly number[]): string {
    return ids.map((id) => (id === 0 ? 'NONE' : (this.nameOf('regtype', id) ?? String(id)))).join(',');
  }

  #roleId(role: string, written: string): number {
    const found = findRole(this.#catalog(), role);
    if (found === null) throw new DecentDbError('42704', `role "${written}" does not exist`);
    return found.id;
  }

  #relationName(oid: number): string | null {
    const catalog = this.#catalog();
    const type = catalog.types.get(oid);
    const found =
      catalog.table(oid) ??
      catalog.views.get(oid) ??
      catalog.sequences.get(oid) ??
      indexNamed(catalog, oid) ??
      // A composite type is a relation, too.
      (type?.form.kind === 'composite' ? type : null);
    if (found === null || found === undefined) return systemViewOf(oid)?.name ?? null;
    return relationShown(catalog, this.#path(), found);
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
        const own = this.#unlistedRelation(parts);
        if (own !== null) return own;
        throw new DecentDbError('42P01', `relation "${name}" does not exist`);
      }
    }
  }

  /** The index of a key that is the row id, or a composite type: they are no relations of the catalogue. */
  #unlistedRelation(parts: readonly string[]): number | null {
    const catalog = this.#catalog();
    const name = parts.at(-1) ?? '';
    for (const schema of parts.length > 1 ? [parts.at(-2) as string] : this.#path()) {
      const key = catalog.tableOfRowIdKey(schema, name)?.constraints.find((one) => one.name === name);
      if (key !== undefined) return key.id;
      const type = catalog.type(schema, name);
      if (type?.form.kind === 'composite') return type.id;
    }
    return null;
  }

  #systemView(parts: readonly string[]): { readonly schema: string; readonly name: string } | null {
    const name = parts.at(-1) ?? '';
    const schemas = parts.length > 1 ? [parts[parts.length - 2] as string] : ['pg_catalog', ...this.#path()];
    const schema = schemas.find((one) => systemViews.find(one, name) !== undefined);
    return schema === undefined ? null : { schema, name };
  }

  #typeId(parts: readonly string[], name: string): number {
    // Behind a quoted name brackets are no part of it.
    const last = `${parts[parts.length - 1] ?? name}${/"\[\]$/.test(name) ? '[]' : ''}`;
    const plain = name.toLowerCase().replace(/\s*\([\d\s,]*\)/, '');
    const builtin = typeByName(plain) ?? typeByName(last);
    if (builtin !== undefined) return builtin.oid;
    const path = parts.length > 1 ? [parts[0] as string] : this.#path();
    const user = this.#catalog().findType(path, last);
    // The type of a type's arrays goes by its name with an underscore before or brackets behind.
    const elementName = /^_(.+)$/.exec(last)?.[1] ?? /^(.+)\[\]$/.exec(last)?.[1];
    const element = elementName === undefined ? undefined : this.#catalog().findType(path, elementName);
    if (user === undefined && element !== undefined) return element.arrayId;
    if (user !== undefined) return user.id;
    // The rows of a table or view are of a type of its name.
    const relation = this.#catalog().findRelation(path, last);
    if (relation?.kind === 'table') return relation.table.id;
    if (relation?.kind === 'view') return relation.view.id;
    throw new DecentDbError('42704', `type "${name}" does not exist`);
  }
}

function indexNamed(catalog: Catalog, id: number): { readonly schema: string; readonly name: string } | null {
  for (const table of [catalog.tableOfIndex(id) ?? [...catalog.tables.values()]].flat()) {
    const index = indexesShown(table).find((one) => one.id === id);
    if (index !== undefined) return { schema: table.schema, name: index.name };
  }
  return null;
}

function isSameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

function splitArguments(text: string): readonly string[] {
  return text.trim() === '' ? [] : text.split(',').map((part) => part.trim());
}

/** `a."B c"` as its parts. */
function dottedParts(name: string): readonly string[] {
  return name.split(/\.(?=(?:[^"]*"[^"]*")*[^"]*$)/).flatMap((part) => splitNames(part.trim()).slice(0, 1));
}
