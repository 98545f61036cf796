/**
 * The order in which a script makes types, functions and views, and types as text that means them whatever the search path.
 *
 * I1  What something stands on comes before it; where nothing decides, the order of their making does.
 */
import type { Catalog } from '../catalog/catalog.ts';
import type { RoutineDef } from '../catalog/routines.ts';
import type { TypeDef, ViewDef } from '../catalog/schema.ts';
import { formattedType } from '../types/format-type.ts';
import type { SqlType } from '../types/sql-type.ts';
import { quoted } from './virtual/definitions.ts';

/** A type with its schema, unless it is a built-in one. */
export function typeText(catalog: Catalog, type: SqlType, typmod: number): string {
  if (type.kind === 'array' && type.elementType !== null)
    return `${typeText(catalog, type.elementType, typmod)}[]`;
  const def = catalog.types.get(type.oid);
  return def === undefined ? formattedType(type, typmod) : `${quoted(def.schema)}.${quoted(def.name)}`;
}

export function typesInOrder(catalog: Catalog): readonly TypeDef[] {
  const byArray = new Map([...catalog.types.values()].map((type) => [type.arrayId, type.id]));
  return inOrder(catalog.types, (type) => {
    const { form } = type;
    const used =
      form.kind === 'domain'
        ? [form.baseTypeId]
        : form.kind === 'composite'
          ? form.fields.map(({ typeId }) => typeId)
          : form.kind === 'range'
            ? [form.subtypeId]
            : [];
    return used.map((id) => byArray.get(id) ?? id);
  });
}

/** Functions that defaults and checks of tables may call: those that stand on no relation. */
export function routinesBeforeTables(catalog: Catalog): readonly RoutineDef[] {
  const all = inOrder(catalog.routines, (routine) => routine.dependsOn.map(({ id }) => id));
  return all.filter((routine) => !standsOnRelation(catalog, routine));
}

/** Views, and the functions that stand on tables or views. */
export function viewsAndRoutines(catalog: Catalog): readonly (ViewDef | RoutineDef)[] {
  const all = new Map<number, ViewDef | RoutineDef>(catalog.views);
  for (const [id, routine] of catalog.routines) if (standsOnRelation(catalog, routine)) all.set(id, routine);
  return inOrder(all, (one) => one.dependsOn.map(({ id }) => id));
}

/** A routine does where one it calls does. */
function standsOnRelation(catalog: Catalog, routine: RoutineDef, seen = new Set<number>()): boolean {
  if (seen.has(routine.id)) return false;
  seen.add(routine.id);
  return routine.dependsOn.some(({ id }) => {
    if (catalog.tables.has(id) || catalog.views.has(id)) return true;
    const called = catalog.routines.get(id);
    return called !== undefined && standsOnRelation(catalog, called, seen);
  });
}

function inOrder<T extends { readonly id: number }>(
  objects: ReadonlyMap<number, T>,
  needs: (object: T) => readonly number[],
): T[] {
  const done = new Set<number>();
  const ordered: T[] = [];
  const visit = (object: T): void => {
    if (done.has(object.id)) return;
    done.add(object.id);
    for (const id of needs(object)) {
      const needed = objects.get(id);
      if (needed !== undefined) visit(needed);
    }
    ordered.push(object);
  };
  for (const object of [...objects.values()].sort((a, b) => a.id - b.id)) visit(object);
  return ordered;
}

/** `schema.name`, in quotes where they are needed. */
export function named(object: { readonly schema: string; readonly name: string }): string {
  return `${quoted(object.schema)}.${quoted(object.name)}`;
}
