/**
 * CREATE VIEW, CREATE MATERIALIZED VIEW, REFRESH: a bound query, its canonical text, its dependencies.
 *
 * I1  Making a view binds its query and runs nothing (LESSONS 26); a materialised one runs it once.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Dependency, IndexDef, TableDef, ViewDef } from '../../catalog/schema.ts';
import type { BoundStatement } from '../../plan/logical.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindError } from '../../sql/bind/errors.ts';
import { bindView, bindWithState } from '../../sql/bind/statement.ts';
import { writableColumns } from '../../sql/bind/view-targets.ts';
import { printSelect } from '../../sql/print/select.ts';
import { Oid } from '../../types/oids.ts';
import { requirePopulated } from '../populated.ts';
import { QueryNotes, replaceNodes } from './canonical-query.ts';
import type { DdlContext } from './context.ts';
import { fillTable, tableForQuery } from './create-table-as.ts';
import { buildIndex, truncateStorage } from './storage.ts';
import { checkOptionIn, viewOptions } from './storage-parameters.ts';
import { outsidePublic } from './stored-text.ts';
import { checkFreeName, creationSchema, envOf, lookUp, newId, nextVersion } from './work.ts';

export interface StoredQuery {
  readonly bound: BoundStatement;
  readonly sql: string;
  readonly columns: ViewDef['columns'];
  readonly dependsOn: readonly Dependency[];
}

/** Binds a query for storing. */
export function storeQuery(ctx: DdlContext, query: ast.SelectStmt, aliases: readonly string[]): StoredQuery {
  const notes = new QueryNotes();
  const { bound, state } = bindWithState(query, envOf(ctx), notes);
  if (bound.paramTypes.length > 0) throw new DecentDbError('42P02', 'there is no parameter $1');
  const outputs = bound.root.columns;
  if (aliases.length > outputs.length)
    throw new DecentDbError('42601', 'CREATE VIEW specifies more column names than columns');
  const columns = outputs.map(({ name, type, typmod }, i) => ({ name: aliases[i] ?? name, type, typmod }));
  const seen = new Set<string>();
  for (const { name, type } of columns) {
    if (type.oid === Oid.record || type.oid === Oid.recordArray)
      throw new DecentDbError('42P16', `column "${name}" has pseudo-type ${type.sqlName(-1)}`);
    if (seen.has(name)) throw new DecentDbError('42701', `column "${name}" specified more than once`);
    seen.add(name);
  }
  const replacements = new Map([...outsidePublic(ctx, query), ...notes.replacements]);
  const dependsOn = [...state.columnsUsed].map(([id, used]): Dependency => ({ id, columns: [...used] }));
  return {
    bound,
    sql: printSelect(replaceNodes(query, replacements, notes.edits)),
    columns,
    dependsOn,
  };
}

export function createView(ctx: DdlContext, stmt: ast.ViewStmt): void {
  const { relname, schemaname, relpersistence } = stmt.view;
  if (stmt.query.intoClause !== null) throw bindError('42601', 'views must not contain SELECT INTO', -1);
  if (changesData(stmt.query))
    throw bindError('0A000', 'views must not contain data-modifying statements in WITH', -1);
  const options = viewOptions(stmt.options);
  const stored = storeQuery(ctx, stmt.query, stmt.aliases);
  const usesTemporary = stored.bound.dependsOn.some((table) => table.isTemporary);
  const isTemporary = relpersistence === 't' || usesTemporary;
  const schema = creationSchema(ctx, schemaname, isTemporary, stmt.view.location);
  const old = replacedView(ctx, stmt, schema, relname, stored);
  if (old === null) checkFreeName(ctx, schema, relname, false);
  const view: ViewDef = {
    id: old?.id ?? newId(ctx),
    schema,
    name: relname,
    columns: stored.columns.map((column, i) => ({ ...old?.columns[i], ...column })),
    sql: stored.sql,
    checkOption: checkOptionOf(stmt) ?? checkOptionIn(options),
    options,
    materializedTableId: null,
    dependsOn: stored.dependsOn,
    triggers: old?.triggers ?? [],
    isTemporary,
    comment: old?.comment ?? null,
    version: nextVersion(ctx),
  };
  if (view.checkOption !== null && (writableColumns(ctx.catalog, view)?.size ?? 0) === 0)
    throw new DecentDbError('0A000', 'WITH CHECK OPTION is supported only on automatically updatable views');
  ctx.catalog = ctx.catalog.withView(view);
}

/** Whether a query of its WITH writes. */
function changesData(query: ast.SelectStmt): boolean {
  return query.withClause?.ctes.some(({ ctequery }) => ctequery.kind !== 'SelectStmt') === true;
}

function checkOptionOf(stmt: ast.ViewStmt): ViewDef['checkOption'] {
  if (stmt.withCheckOption === 'LOCAL_CHECK_OPTION') return 'local';
  return stmt.withCheckOption === 'CASCADED_CHECK_OPTION' ? 'cascaded' : null;
}

/** OR REPLACE: the old columns must stay, names and types; new ones may follow. */
function replacedView(
  ctx: DdlContext,
  stmt: ast.ViewStmt,
  schema: string,
  name: string,
  stored: StoredQuery,
): ViewDef | null {
  const relation = stmt.replace ? ctx.catalog.relation(schema, name) : undefined;
  if (relation === undefined) return null;
  if (relation.kind !== 'view' || relation.view.materializedTableId !== null)
    throw new DecentDbError('42809', `"${name}" is not a view`);
  const { view } = relation;
  if (stored.columns.length < view.columns.length)
    throw new DecentDbError('42P16', 'cannot drop columns from view');
  for (const [i, old] of view.columns.entries()) {
    const next = stored.columns[i] as ViewDef['columns'][number];
    if (next.name !== old.name)
      throw new DecentDbError('42P16', `cannot change name of view column "${old.name}" to "${next.name}"`, {
        hint: 'Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.',
      });
    if (next.type.oid !== old.type.oid || next.typmod !== old.typmod)
      throw new DecentDbError(
        '42P16',
        `cannot change data type of view column "${old.name}" from ${old.type.sqlName(old.typmod)} to ${next.type.sqlName(next.typmod)}`,
      );
  }
  if (stored.dependsOn.some((dependency) => dependency.id === view.id))
    throw new DecentDbError('42P17', `infinite recursion detected in rules for relation "${name}"`);
  return view;
}

/** CREATE MATERIALIZED VIEW: a table of the query's rows, and the view that names them. Returns the number of rows. */
export function createMaterializedView(ctx: DdlContext, stmt: ast.CreateTableAsStmt): number | null {
  const { rel, colNames, skipData } = stmt.into;
  const schema = creationSchema(ctx, rel.schemaname, false);
  if (!checkFreeName(ctx, schema, rel.relname, stmt.if_not_exists)) return null;
  if (stmt.query.kind === 'SelectStmt' && changesData(stmt.query))
    throw bindError('0A000', 'materialized views must not use data-modifying statements in WITH', -1);
  const stored = storeQuery(ctx, stmt.query as ast.SelectStmt, colNames);
  const table = tableForQuery(ctx, schema, rel.relname, stored.columns);
  if (!skipData) requirePopulated(ctx.catalog, stored.bound.dependsOn);
  const count = skipData ? 0 : fillTable(ctx, table, stored.bound.root);
  ctx.catalog = ctx.catalog.withView({
    ...(skipData ? { isUnpopulated: true as const } : {}),
    id: newId(ctx),
    schema,
    name: rel.relname,
    columns: stored.columns,
    sql: stored.sql,
    checkOption: null,
    options: {},
    materializedTableId: table.id,
    dependsOn: stored.dependsOn,
    triggers: [],
    isTemporary: false,
    comment: null,
    version: nextVersion(ctx),
  });
  return count;
}

export function refreshMaterializedView(ctx: DdlContext, stmt: ast.RefreshMatViewStmt): void {
  const relation = lookUp(ctx, stmt.relation);
  if (relation === null)
    throw new DecentDbError('42P01', `relation "${stmt.relation.relname}" does not exist`);
  if (relation.kind !== 'view' || relation.view.materializedTableId === null)
    throw new DecentDbError('0A000', `"${stmt.relation.relname}" is not a materialized view`);
  const { view } = relation;
  const table = ctx.catalog.table(relation.view.materializedTableId);
  if (table === undefined) throw new DecentDbError('XX000', 'a materialized view has lost its table');
  checkConcurrent(stmt, view, table);
  // Run before the old rows go: the query may read the view itself through others.
  const { bound } = bindView(view, envOf(ctx));
  if (!stmt.skipData) requirePopulated(ctx.catalog, bound.dependsOn);
  truncateStorage(ctx, table);
  if (!stmt.skipData) fillTable(ctx, { ...table, indexes: [] }, bound.root);
  for (const index of table.indexes) buildIndex(ctx, table, index);
  if ((view.isUnpopulated === true) === stmt.skipData) return;
  // Plans over its rows are made anew, or refused.
  const version = nextVersion(ctx);
  const { isUnpopulated: _, ...populated } = view;
  ctx.catalog = ctx.catalog.withView(
    stmt.skipData ? { ...view, isUnpopulated: true, version } : { ...populated, version },
  );
  const now = ctx.catalog.table(table.id);
  if (now !== undefined) ctx.catalog = ctx.catalog.withTable({ ...now, version });
}

function checkConcurrent(stmt: ast.RefreshMatViewStmt, view: ViewDef, table: TableDef): void {
  if (!stmt.concurrent) return;
  if (view.isUnpopulated === true)
    throw new DecentDbError(
      '0A000',
      'CONCURRENTLY cannot be used when the materialized view is not populated',
    );
  if (stmt.skipData)
    throw new DecentDbError('42601', 'CONCURRENTLY and WITH NO DATA options cannot be used together');
  const tellsRowsApart = ({ unique, predicateSql, keys }: IndexDef): boolean =>
    unique && predicateSql === null && keys.every(({ expressionSql }) => expressionSql === null);
  if (!table.indexes.some(tellsRowsApart))
    throw new DecentDbError(
      '55000',
      `cannot refresh materialized view "${view.schema}.${view.name}" concurrently`,
      {
        hint: 'Create a unique index with no WHERE clause on one or more columns of the materialized view.',
      },
    );
}
