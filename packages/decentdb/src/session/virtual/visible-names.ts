/** Names with a schema where the search path does not find them: what regtype, format_type and definitions show. */
import type { Catalog } from '../../catalog/catalog.ts';
import { inputParameters, type RoutineDef } from '../../catalog/routines.ts';
import { quoteIdentifier } from '../../sql/print/quote.ts';
import { typeByOid } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';

interface Named {
  readonly schema: string;
  readonly name: string;
}

function isNamedIn(catalog: Catalog, schema: string, name: string): boolean {
  return (
    catalog.relation(schema, name) !== undefined ||
    catalog.tableOfRowIdKey(schema, name) !== undefined ||
    catalog.type(schema, name)?.form.kind === 'composite'
  );
}

/** Whether a relation is found by its name alone. */
export function isRelationVisible(
  catalog: Catalog,
  path: readonly string[],
  { schema, name }: Named,
): boolean {
  const relation = catalog.relation(schema, name);
  // Indexes of row ids and composite types are no relations of the catalogue: their names are.
  if (relation === undefined) return path.find((one) => isNamedIn(catalog, one, name)) === schema;
  return catalog.findRelation(path, name) === relation;
}

/** The first schema of the path that has a type or a relation (with its row type) of that name. */
export function isTypeVisible(catalog: Catalog, path: readonly string[], { schema, name }: Named): boolean {
  const first = path.find(
    (one) => catalog.findType([one], name) !== undefined || catalog.relation(one, name) !== undefined,
  );
  return first === schema;
}

/** Whether a call by its name alone may mean the routine: no schema before its own has one of the same name and arguments. */
export function isRoutineVisible(catalog: Catalog, path: readonly string[], routine: RoutineDef): boolean {
  const types = argumentTypes(routine);
  const first = path.find((schema) =>
    catalog.routinesNamed(schema, routine.name).some((one) => argumentTypes(one) === types),
  );
  return first === routine.schema;
}

function argumentTypes(routine: RoutineDef): string {
  return inputParameters(routine)
    .map(({ typeId }) => typeId)
    .join();
}

/** The name of a relation, with its schema where the path does not find it. */
export function relationShown(catalog: Catalog, path: readonly string[], relation: Named): string {
  const name = quoteIdentifier(relation.name);
  return isRelationVisible(catalog, path, relation) ? name : `${quoteIdentifier(relation.schema)}.${name}`;
}

/** What names a type of the catalogue; undefined for built-in ones. */
export function namedType(catalog: Catalog, oid: number): Named | undefined {
  if (typeByOid(oid) !== undefined) return undefined;
  return catalog.types.get(oid) ?? catalog.tables.get(oid) ?? catalog.views.get(oid);
}

/** A type with its modifier in SQL, with its schema where the path does not find it. */
export function typeShown(
  catalog: Catalog,
  path: readonly string[],
  type: SqlType,
  typmod: number = -1,
): string {
  const { elementType } = type;
  const isArray = elementType !== null && typeByOid(type.oid) === undefined;
  const named = namedType(catalog, isArray ? elementType.oid : type.oid);
  if (named === undefined) return type.sqlName(typmod);
  const name = `${quoteIdentifier(named.name)}${isArray ? '[]' : ''}`;
  return isTypeVisible(catalog, path, named) ? name : `${quoteIdentifier(named.schema)}.${name}`;
}
