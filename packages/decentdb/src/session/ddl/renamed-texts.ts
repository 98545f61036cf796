/**
 * Stored texts in which something gets another name: expressions of tables and domains, queries of views, bodies and
 * defaults of functions.
 *
 * I1  A renamed relation is called by its new name, alias where the old one is told apart by it (an alias, a whole row); a renamed
 *     column keeps its old output name, and all of its old name where a join or a list of column names is by it.
 * I2  Queries are bound with the catalogue as it was, and put in place when the caller has changed the relation.
 */
import { familyFieldsOf, type PartitionKey } from '../../catalog/partitioning.ts';
import type { RoutineDef } from '../../catalog/routines.ts';
import { inputParameters } from '../../catalog/routines.ts';
import type { ViewDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { isQuery, routineBody, routineEnv } from '../../sql/bind/routine-body.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import type { BindRecorder } from '../../sql/bind/state.ts';
import { bindView, bindWithState } from '../../sql/bind/statement.ts';
import { parseView, withoutPositions } from '../../sql/bind/views.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import { printExpr } from '../../sql/print/expression.ts';
import { print } from '../../sql/print/print.ts';
import { printSelect } from '../../sql/print/select.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { replaceNodes } from './canonical-query.ts';
import type { DdlContext } from './context.ts';
import { changeTable } from './drop.ts';
import type { Named, Sought } from './expression-dependants.ts';
import { withDefaultTexts } from './view-defaults.ts';
import { envOf, nextVersion } from './work.ts';

type Replacements = Map<object, object>;

function visitAll(tree: unknown, see: (node: { readonly kind?: string }) => void): void {
  if (typeof tree !== 'object' || tree === null) return;
  see(tree);
  for (const child of Array.isArray(tree) ? tree : Object.values(tree)) visitAll(child, see);
}

// --- functions, types, sequences: told by name ---------------------------------------------------------------------

function namesIn(tree: unknown, sought: Sought, to: Named): Replacements {
  const found: Replacements = new Map();
  visitAll(tree, (node) => {
    if (sought.isNamedBy(node as Partial<ast.FuncCall>))
      found.set(...sought.renamed(node as Partial<ast.FuncCall>, to));
  });
  return found;
}

/** Writes the new name wherever a stored text has the old one. */
export function renameInTexts(ctx: DdlContext, sought: Sought, to: Named): void {
  const inText = <T extends string | null>(sql: T): T => {
    if (sql?.includes(sought.name) !== true) return sql;
    const tree = parseExpression(sql);
    const found = namesIn(tree, sought, to);
    return found.size === 0 ? sql : (printExpr(replaceNodes(tree, found)) as T);
  };
  renameInTables(ctx, inText);
  for (const type of ctx.catalog.types.values()) {
    if (type.form.kind !== 'domain') continue;
    const defaultSql = inText(type.form.defaultSql);
    const checks = type.form.checks.map((check) => ({ ...check, sql: inText(check.sql) }));
    const isSame =
      defaultSql === type.form.defaultSql && checks.every(({ sql }, i) => sql === checksOf(type, i));
    if (!isSame) ctx.catalog = ctx.catalog.withType({ ...type, form: { ...type.form, defaultSql, checks } });
  }
  for (const view of ctx.catalog.views.values()) {
    const triggers = view.triggers.map((one) => ({ ...one, whenSql: inText(one.whenSql) }));
    const query = view.sql.includes(sought.name) ? parseView(view) : null;
    const found = namesIn(query, sought, to);
    const sql = query === null || found.size === 0 ? view.sql : printSelect(replaceNodes(query, found));
    const columns = withDefaultTexts(view.columns, inText);
    const isSame =
      sql === view.sql &&
      columns === view.columns &&
      triggers.every(({ whenSql }, i) => whenSql === view.triggers[i]?.whenSql);
    if (!isSame)
      ctx.catalog = ctx.catalog.withView({ ...view, columns, sql, triggers, version: nextVersion(ctx) });
  }
  for (const routine of withDefaults(ctx, inText)) ctx.catalog = ctx.catalog.withRoutine(routine);
  for (const routine of ctx.catalog.routines.values()) {
    if (routine.bodyForm === 'text' || !routine.body.includes(sought.name)) continue;
    const found = namesIn(routineBody(routine).statements, sought, to);
    if (found.size > 0) ctx.catalog = ctx.catalog.withRoutine(withBody(routine, found));
  }
}

/** The functions that have other texts for the defaults of their parameters. */
export function withDefaults(ctx: DdlContext, inText: (sql: string | null) => string | null): RoutineDef[] {
  return [...ctx.catalog.routines.values()].flatMap((routine) => {
    const parameters = routine.parameters.map((one) => ({ ...one, defaultSql: inText(one.defaultSql) }));
    const isSame = parameters.every(({ defaultSql }, i) => defaultSql === routine.parameters[i]?.defaultSql);
    return isSame ? [] : [{ ...routine, parameters }];
  });
}

function checksOf(type: { readonly form: object }, at: number): string | undefined {
  return (type.form as { readonly checks: readonly { readonly sql: string }[] }).checks[at]?.sql;
}

function renameInTables(ctx: DdlContext, inText: <T extends string | null>(sql: T) => T): void {
  for (const { id, ...table } of ctx.catalog.tables.values()) {
    const columns = table.columns.map((one) => ({ ...one, defaultSql: inText(one.defaultSql) }));
    const constraints = table.constraints.map((one) =>
      one.kind === 'check' ? { ...one, sql: inText(one.sql) } : one,
    );
    const triggers = table.triggers.map((one) => ({ ...one, whenSql: inText(one.whenSql) }));
    const indexes = table.indexes.map((index) => ({
      ...index,
      keys: index.keys.map((key) => ({ ...key, expressionSql: inText(key.expressionSql) })),
      predicateSql: inText(index.predicateSql),
    }));
    const { partitionKey: key } = table;
    const family = familyFieldsOf(
      key === undefined
        ? table
        : {
            ...table,
            partitionKey: {
              ...key,
              parts: key.parts.map((part) => ({ ...part, expressionSql: inText(part.expressionSql) })),
            },
          },
    );
    const next = { columns, constraints, triggers, indexes };
    if (JSON.stringify(textsOf(table)) === JSON.stringify(textsOf({ ...next, ...family }))) continue;
    changeTable(ctx, id, (draft) => {
      Object.assign(draft, next, { family });
    });
  }
}

function textsOf(table: {
  readonly columns: readonly { readonly defaultSql: string | null }[];
  readonly constraints: readonly object[];
  readonly triggers: readonly { readonly whenSql: string | null }[];
  readonly indexes: readonly {
    readonly keys: readonly { readonly expressionSql: string | null }[];
    readonly predicateSql: string | null;
  }[];
  readonly partitionKey?: PartitionKey;
}): readonly unknown[] {
  return [
    table.columns.map(({ defaultSql }) => defaultSql),
    table.constraints.map((one) => ('sql' in one ? one.sql : null)),
    table.triggers.map(({ whenSql }) => whenSql),
    table.indexes.map(({ keys, predicateSql }) => [predicateSql, keys.map((key) => key.expressionSql)]),
    table.partitionKey?.parts.map(({ expressionSql }) => expressionSql),
  ];
}

/** The function with nodes of its body replaced, by identity. */
export function withBody(routine: RoutineDef, replacements: ReadonlyMap<object, object>): RoutineDef {
  const statements = routineBody(routine).statements.map(({ stmt }) => replaceNodes(stmt, replacements));
  const [first] = statements;
  const value = first?.kind === 'SelectStmt' ? first.targetList[0]?.val : null;
  if (routine.bodyForm === 'return' && value != null) return { ...routine, body: printExpr(value) };
  return { ...routine, body: statements.map(print).join(';\n') };
}

/** A stored expression of a table, with one of its columns renamed. */
export function renameInExpression(sql: string, from: string, to: string): string {
  const replacements: Replacements = new Map();
  const tree = parseExpression(sql);
  visitAll(tree, (node) => {
    const at = node as Partial<ast.ColumnRef>;
    if (at.kind === 'ColumnRef' && at.fields?.at(-1) === from)
      replacements.set(node, { ...at, fields: [...at.fields.slice(0, -1), to] });
  });
  return replacements.size === 0 ? sql : printExpr(replaceNodes(tree, replacements));
}

// --- relations and columns: told by the binder ---------------------------------------------------------------------

export interface Rewrite {
  readonly relation: { readonly from: string; readonly schema: string; readonly name: string } | null;
  readonly column: {
    readonly position: number;
    /** The relation's columns as they are called so far, and which of them `from` is. */
    readonly names: readonly string[];
    readonly from: string;
    readonly to: string;
  } | null;
}

/** Rewrites the views and functions on a relation; the function returned puts them in place (I2). */
export function rewriteQueries(ctx: DdlContext, id: number, rewrite: Rewrite): () => void {
  const uses = (one: { readonly dependsOn: readonly { readonly id: number }[] }): boolean =>
    one.dependsOn.some((dependency) => dependency.id === id);
  const views: ViewDef[] = [];
  for (const view of ctx.catalog.views.values()) {
    if (!uses(view)) continue;
    const query = parseView(view);
    const replacements = replacementsIn([query], id, rewrite, (recorder) =>
      bindView(view, envOf(ctx), recorder),
    );
    if (replacements.size > 0)
      views.push({ ...view, sql: printSelect(replaceNodes(query, replacements)), version: nextVersion(ctx) });
  }
  const routines: RoutineDef[] = [];
  for (const routine of ctx.catalog.routines.values()) {
    if (!uses(routine) || routine.bodyForm === 'text') continue;
    const argTypes = inputParameters(routine).map(({ typeId }) => typeIn(ctx.catalog, typeId) as SqlType);
    const env = routineEnv(envOf(ctx), routine, argTypes);
    const statements = routineBody(routine).statements.map(({ stmt }) => stmt);
    const replacements = replacementsIn(statements, id, rewrite, (recorder) => {
      for (const stmt of statements)
        if (isQuery(stmt)) withoutPositions(() => bindWithState(stmt, env, recorder));
    });
    if (replacements.size > 0) routines.push(withBody(routine, replacements));
  }
  return () => {
    for (const view of views) ctx.catalog = ctx.catalog.withView(view);
    for (const routine of routines) ctx.catalog = ctx.catalog.withRoutine(routine);
  };
}

interface Seen {
  /** Where the relation itself is named, in FROM or as a target. */
  readonly relations: ast.RangeVar[];
  readonly columns: { readonly node: ast.ColumnRef; readonly column: number }[];
}

function replacementsIn(
  trees: readonly object[],
  id: number,
  rewrite: Rewrite,
  bind: (recorder: BindRecorder) => void,
): Replacements {
  const seen: Seen = { relations: [], columns: [] };
  bind({
    relation(node, _schema, relationId) {
      if (relationId === id) seen.relations.push(node);
    },
    star() {},
    column(node, relationId, column) {
      if (relationId === id) seen.columns.push({ node, column });
    },
  });
  const { relation, column } = rewrite;
  if (relation !== null) return relationsRenamed(trees, seen, relation);
  return column === null ? new Map() : columnsRenamed(trees, seen, column);
}

function relationsRenamed(
  trees: readonly object[],
  seen: Seen,
  to: NonNullable<Rewrite['relation']>,
): Replacements {
  const replacements: Replacements = new Map();
  const isPlain = to.from === to.name || canGoWithoutAlias(trees, seen, to);
  for (const node of seen.relations) {
    const alias = isPlain
      ? node.alias
      : (node.alias ?? { kind: 'Alias', aliasname: node.relname, colnames: [], location: -1 });
    replacements.set(node, { ...node, schemaname: to.schema, relname: to.name, alias });
  }
  for (const { node } of seen.columns) {
    if (node.fields.length < 2) continue;
    // A schema before the relation's name is not needed, and may be another now.
    if (node.fields.at(-2) === to.from)
      replacements.set(node, { ...node, fields: [isPlain ? to.name : to.from, ...node.fields.slice(-1)] });
  }
  return replacements;
}

/** I1: whether nothing but columns of the relation is told by its old name, and nothing at all by the new one. */
function canGoWithoutAlias(
  trees: readonly object[],
  seen: Seen,
  { from, name }: NonNullable<Rewrite['relation']>,
): boolean {
  const known = new Set<object>(seen.columns.map(({ node }) => node));
  const own = new Set<object>(seen.relations);
  let can = true;
  visitAll(trees, (node) => {
    if (node.kind === 'ColumnRef' && !known.has(node)) {
      const { fields } = node as ast.ColumnRef;
      if (fields.includes(from) || fields.includes(name)) can = false;
    }
    if (node.kind === 'RangeVar' && !own.has(node) && [from, name].includes((node as ast.RangeVar).relname))
      can = false;
    if (node.kind === 'Alias' && [from, name].includes((node as ast.Alias).aliasname)) can = false;
    if (node.kind === 'CommonTableExpr' && [from, name].includes((node as ast.CommonTableExpr).ctename))
      can = false;
    if (node.kind === 'InsertStmt' || node.kind === 'UpdateStmt' || node.kind === 'DeleteStmt') can = false;
  });
  return can;
}

/** I1: whether a USING, or other names given to the relation's columns, stand on the name. */
function isByName(trees: readonly object[], seen: Seen, name: string, at: number): boolean {
  if (seen.relations.some(({ alias }) => (alias?.colnames.length ?? 0) > at)) return true;
  let is = false;
  visitAll(trees, (node) => {
    if (node.kind === 'JoinExpr' && (node as ast.JoinExpr).usingClause.includes(name)) is = true;
  });
  return is;
}

function columnsRenamed(
  trees: readonly object[],
  seen: Seen,
  { position, names, from, to }: NonNullable<Rewrite['column']>,
): Replacements {
  const replacements: Replacements = new Map();
  if (isByName(trees, seen, from, names.indexOf(from))) {
    for (const node of seen.relations) {
      const { aliasname, colnames } = node.alias ?? { aliasname: node.relname, colnames: [] };
      const kept = [...colnames, ...names.slice(colnames.length)];
      const alias: ast.Alias = { kind: 'Alias', aliasname, colnames: kept, location: -1 };
      if (kept.length > colnames.length) replacements.set(node, { ...node, alias });
    }
    return replacements;
  }
  for (const { node, column } of seen.columns)
    if (column === position) replacements.set(node, { ...node, fields: [...node.fields.slice(0, -1), to] });
  const own = new Set<object>(seen.relations);
  visitAll(trees, (node) => {
    // Lists of columns that are written to.
    const { relation, cols, targetList } = node as Partial<ast.InsertStmt> & Partial<ast.UpdateStmt>;
    if (relation == null || !own.has(relation)) return;
    const written = node.kind === 'InsertStmt' ? cols : node.kind === 'UpdateStmt' ? targetList : [];
    for (const item of written ?? [])
      if (item.name === from) replacements.set(item, { ...replaceNodes(item, replacements), name: to });
  });
  // Select lists that named a column after the renamed one keep the name.
  visitAll(trees, (node) => {
    const item = node as ast.ResTarget;
    if (item.kind !== 'ResTarget' || item.name !== null || item.val === null) return;
    const replaced = replacements.get(item.val);
    if (replaced !== undefined) replacements.set(node, { ...item, name: from, val: replaced });
  });
  return replacements;
}
