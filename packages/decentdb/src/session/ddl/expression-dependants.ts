/**
 * Stored expressions of tables that call a function: defaults, checks, generated columns, index keys and predicates.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { RoutineDef } from '../../catalog/routines.ts';
import type { TableDef } from '../../catalog/schema.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import type { Dropped } from './dependencies.ts';

export function expressionsOn(catalog: Catalog, routine: RoutineDef): Dropped[] {
  const found: Dropped[] = [];
  for (const table of catalog.tables.values()) found.push(...expressionsOf(table, routine));
  return found;
}

function expressionsOf(table: TableDef, routine: RoutineDef): Dropped[] {
  const found: Dropped[] = [];
  const calls = (sql: string | null): boolean => sql !== null && callsRoutine(sql, routine);
  for (const [column, def] of table.columns.entries()) {
    if (def.isDropped || !calls(def.defaultSql)) continue;
    found.push({ kind: def.generated === null ? 'default' : 'column', table, column });
  }
  for (const constraint of table.constraints)
    if (constraint.kind === 'check' && calls(constraint.sql))
      found.push({ kind: 'check', table, constraint });
  for (const index of table.indexes)
    if (calls(index.predicateSql) || index.keys.some((key) => calls(key.expressionSql)))
      found.push({ kind: 'index', table, index });
  return found;
}

/**
 * By name and number of arguments: types are not looked at, so of two overloads both count. A dropped function that was not
 * the one called leaves an expression that still binds; one that was would leave a table nobody can write.
 */
function callsRoutine(sql: string, routine: RoutineDef): boolean {
  if (!sql.includes(routine.name)) return false;
  let found = false;
  const visit = (node: unknown): void => {
    if (found || typeof node !== 'object' || node === null) return;
    const at = node as { readonly kind?: string; readonly funcname?: readonly string[] };
    if (at.kind === 'FuncCall' && at.funcname?.at(-1) === routine.name) {
      const schema = at.funcname.length > 1 ? at.funcname.at(-2) : routine.schema;
      if (schema === routine.schema) found = true;
    }
    for (const child of Array.isArray(node) ? node : Object.values(node)) visit(child);
  };
  visit(parseExpression(sql));
  return found;
}
