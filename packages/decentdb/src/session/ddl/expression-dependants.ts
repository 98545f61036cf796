/**
 * Stored expressions and queries that name a function, a type or a sequence: defaults, checks, generated columns, index keys and
 * predicates, conditions of triggers, domains, views, bodies of functions.
 *
 * I1  Names are compared, not meanings: stored texts have the schema of whatever is not in `public` (stored-text.ts).
 */
import type { Catalog } from '../../catalog/catalog.ts';
import { inputParameters, type RoutineDef } from '../../catalog/routines.ts';
import type { TriggerDef } from '../../catalog/schema.ts';
import { viewAsTable } from '../../catalog/view-table.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { routineBody } from '../../sql/bind/routine-body.ts';
import { isNamedAsBuiltin } from '../../sql/bind/routine-calls.ts';
import { parseView } from '../../sql/bind/views.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import { quoteIdentifier } from '../../sql/print/quote.ts';
import type { Dropped } from './dependencies.ts';

const PUBLIC = 'public';

/** What is looked for: its name, which the text must contain, and whether a node of the tree is it. */
export interface Sought {
  readonly name: string;
  isNamedBy(node: Naming): boolean;
  /** A part of such a node, and what stands in its place once the object is called otherwise. */
  renamed(node: Naming, to: Named): readonly [object, object];
}

export type Naming = Partial<ast.FuncCall> | Partial<ast.TypeName> | Partial<ast.TypeCast>;

export interface Named {
  readonly schema: string;
  readonly name: string;
}

function isNameOf(names: readonly string[] | undefined, { schema, name }: Named): boolean {
  return names?.at(-1) === name && (names.length > 1 ? names.at(-2) : PUBLIC) === schema;
}

/** The name as it is written from now on: with its schema where it had one, or needs one (I1). */
function writtenAs(before: readonly string[], { schema, name }: Named): readonly string[] {
  return before.length > 1 || schema !== PUBLIC ? [schema, name] : [name];
}

/**
 * By name alone: types of arguments are not looked at, so of two overloads both count. A dropped function that was not the one called
 * leaves an expression that still binds; one that was would leave a table nobody can write.
 */
export function soughtRoutine(routine: RoutineDef): Sought {
  // Its name alone means the built-in one in what is stored.
  const isHidden = isNamedAsBuiltin({
    name: routine.name,
    args: inputParameters(routine).map(({ typeId }) => typeId),
  });
  const isNamedBy: Sought['isNamedBy'] = (node) => {
    if (node.kind !== 'FuncCall' || node.funcname?.at(-1) !== routine.name) return false;
    return node.funcname.length === 1 ? !isHidden : node.funcname.at(-2) === routine.schema;
  };
  return {
    name: routine.name,
    isNamedBy,
    renamed(node, to) {
      const { funcname = [] } = node as Partial<ast.FuncCall>;
      return [funcname, writtenAs(funcname, to)];
    },
  };
}

/** A type, its array, or the row type of a relation. */
export function soughtType(type: Named): Sought {
  const array = { schema: type.schema, name: `_${type.name}` };
  return {
    name: type.name,
    isNamedBy: (node) =>
      node.kind === 'TypeName' && (isNameOf(node.names, type) || isNameOf(node.names, array)),
    renamed(node, to) {
      const { names = [] } = node as Partial<ast.TypeName>;
      const isArray = names.at(-1) === array.name;
      return [names, writtenAs(names, isArray ? { ...to, name: `_${to.name}` } : to)];
    },
  };
}

/** A label of an enum, written with its type: `'ok'::mood`. What is told by its surroundings alone is not found. */
export function soughtLabel(type: Named, label: string): Sought {
  return {
    name: label.replaceAll("'", "''"),
    isNamedBy(node) {
      const at = node as Partial<ast.TypeCast>;
      return (
        at.kind === 'TypeCast' &&
        isNameOf(at.typeName?.names, type) &&
        at.typeName?.arrayBounds.length === 0 &&
        at.arg?.kind === 'A_Const' &&
        at.arg.constType === 'String' &&
        at.arg.sval === label
      );
    },
    renamed(node, to) {
      const { arg } = node as unknown as { readonly arg: object };
      return [arg, { ...arg, sval: to.name }];
    },
  };
}

/** A sequence named by a literal: `nextval('s')`. A name with a cast to text is looked up when it runs, and no dependency. */
export function soughtSequence(sequence: Named): Sought {
  return {
    name: sequence.name,
    isNamedBy: (node) =>
      node.kind === 'FuncCall' &&
      /^(?:nextval|currval|setval)$/.test(node.funcname?.at(-1) ?? '') &&
      namesSequence(node.args?.[0], sequence),
    renamed(node, to) {
      const [first] = (node as ast.FuncCall).args;
      const literal = (first?.kind === 'TypeCast' ? first.arg : first) as ast.A_Const & { sval: string };
      const written = writtenAs(literal.sval.split('.'), to).map(quoteIdentifier).join('.');
      return [literal, { ...literal, sval: written }];
    },
  };
}

function namesSequence(node: ast.Expr | undefined, sequence: Named): boolean {
  if (node?.kind === 'TypeCast')
    return node.typeName.names.at(-1) === 'regclass' && namesSequence(node.arg, sequence);
  if (node?.kind !== 'A_Const' || node.constType !== 'String') return false;
  return isNameOf(
    node.sval.split('.').map((part) => part.replace(/^"(.*)"$/, '$1')),
    sequence,
  );
}

function isIn(tree: unknown, sought: Sought): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if (sought.isNamedBy(tree)) return true;
  return (Array.isArray(tree) ? tree : Object.values(tree)).some((child) => isIn(child, sought));
}

function isInText(sql: string | null, sought: Sought): boolean {
  return sql?.includes(sought.name) === true && isIn(parseExpression(sql), sought);
}

/** Expressions of tables, domains and triggers. */
export function expressionsOn(catalog: Catalog, sought: Sought): Dropped[] {
  const found: Dropped[] = [];
  const uses = (sql: string | null): boolean => isInText(sql, sought);
  for (const table of catalog.tables.values()) {
    for (const [column, def] of table.columns.entries())
      if (!def.isDropped && uses(def.defaultSql))
        found.push({ kind: def.generated === null ? 'default' : 'column', table, column });
    for (const constraint of table.constraints)
      if (constraint.kind === 'check' && uses(constraint.sql))
        found.push({ kind: 'check', table, constraint });
    // A table is not without its partition key.
    if (table.partitionKey?.parts.some((part) => uses(part.expressionSql)) === true)
      found.push({ kind: 'table', table });
    for (const index of table.indexes)
      if (uses(index.predicateSql) || index.keys.some((key) => uses(key.expressionSql)))
        found.push({ kind: 'index', table, index });
  }
  for (const view of catalog.views.values())
    for (const [column, { defaultSql = null }] of view.columns.entries())
      if (uses(defaultSql)) found.push({ kind: 'default', table: viewAsTable(view), column });
  for (const owner of [...catalog.tables.values(), ...catalog.views.values()])
    for (const trigger of owner.triggers as readonly TriggerDef[])
      if (uses(trigger.whenSql)) found.push({ kind: 'trigger', owner, trigger });
  for (const type of catalog.types.values()) {
    if (type.form.kind !== 'domain') continue;
    if (uses(type.form.defaultSql)) found.push({ kind: 'type', type });
    for (const check of type.form.checks)
      if (uses(check.sql)) found.push({ kind: 'domainCheck', type, name: check.name });
  }
  return found;
}

/** Views, and functions whose bodies are kept as statements. */
export function queriesOn(catalog: Catalog, sought: Sought): Dropped[] {
  const found: Dropped[] = [];
  for (const view of catalog.views.values())
    if (view.sql.includes(sought.name) && isIn(parseView(view), sought)) found.push({ kind: 'view', view });
  for (const routine of catalog.routines.values()) {
    if (routine.bodyForm === 'text' || !routine.body.includes(sought.name)) continue;
    if (isIn(routineBody(routine).statements, sought)) found.push({ kind: 'routine', routine });
  }
  return found;
}
