/**
 * Stored expressions of tables that call a function: defaults, checks, generated columns, index keys and predicates.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { RoutineDef } from '../../catalog/routines.ts';
import type { SequenceDef, TableDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
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

/**
 * Whether a default takes the next value of a sequence it names by a literal: `nextval('s')`. A name with a cast to text is
 * looked up when it runs, and no dependency.
 */
export function callsSequence(sql: string | null, table: TableDef, sequence: SequenceDef): boolean {
  if (sql === null || !/\b(nextval|currval|setval)\b/i.test(sql)) return false;
  let found = false;
  const visit = (node: unknown): void => {
    if (found || typeof node !== 'object' || node === null) return;
    const at = node as {
      readonly kind?: string;
      readonly funcname?: readonly string[];
      readonly args?: readonly ast.Expr[];
    };
    if (at.kind === 'FuncCall' && /^(nextval|currval|setval)$/.test(at.funcname?.at(-1) ?? ''))
      found = names(at.args?.[0], table, sequence);
    for (const child of Array.isArray(node) ? node : Object.values(node)) visit(child);
  };
  visit(parseExpression(sql));
  return found;
}

function names(node: ast.Expr | undefined, table: TableDef, sequence: SequenceDef): boolean {
  if (node?.kind === 'TypeCast')
    return node.typeName.names.at(-1) === 'regclass' && names(node.arg, table, sequence);
  if (node?.kind !== 'A_Const' || node.constType !== 'String') return false;
  const parts = node.sval.split('.').map((part) => part.replace(/^"(.*)"$/, '$1'));
  if (parts.at(-1) !== sequence.name) return false;
  return parts.length > 1
    ? parts.at(-2) === sequence.schema
    : [table.schema, 'public'].includes(sequence.schema);
}
