/**
 * CREATE INDEX: keys, included columns, predicate, method; then the build.
 */
import { DecentDbError } from '../../base/errors.ts';
import { NO_PAGE } from '../../base/ids.ts';
import { joinColumnNames } from '../../catalog/names.ts';
import type { IndexDef, IndexKey, TableDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { indexColumnNameOf } from '../../sql/bind/column-names.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { Level } from '../../sql/bind/level.ts';
import { orderingOperator } from '../../sql/bind/operator-lookup.ts';
import { writtenName } from '../../sql/bind/relations.ts';
import { BindState } from '../../sql/bind/state.ts';
import { printDefArg } from '../../sql/print/options.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { SYSTEM_COLUMNS } from './columns.ts';
import { KEY_COLUMNS_MAX, requireDistinctForm } from './constraint-defs.ts';
import type { DdlContext } from './context.ts';
import { bindIndexExpression, bindIndexPredicate } from './expressions.ts';
import { distinctNames } from './index-names.ts';
import { checkMethodLimits, operatorClass } from './operator-classes.ts';
import { requirePartitionColumns } from './partition-key.ts';
import { adoptByAll } from './partition-parts.ts';
import { checkSearchIndex, fullTextKey, ginClass, noDefaultClass, searchOptions } from './search-index.ts';
import { buildIndex, createIndexTree } from './storage.ts';
import { storedText } from './stored-text.ts';
import { TableDraft } from './table-draft.ts';
import { envOf, isNameTaken, lookUp, newId } from './work.ts';

const METHODS: Readonly<Record<string, IndexDef['method']>> = {
  btree: 'btree',
  hash: 'btree',
  brin: 'btree',
  trigram: 'trigram',
  fulltext: 'fulltext',
};

export function createIndex(ctx: DdlContext, stmt: ast.IndexStmt): void {
  const table = indexedTable(ctx, stmt.relation);
  const draft = TableDraft.of(ctx, table);
  if (stmt.idxname !== null && isNameTaken(ctx, table.schema, stmt.idxname)) {
    if (!stmt.if_not_exists) throw new DecentDbError('42P07', `relation "${stmt.idxname}" already exists`);
    ctx.notice({
      severity: 'NOTICE',
      code: '42P07',
      message: `relation "${stmt.idxname}" already exists, skipping`,
    });
    return;
  }
  if (table.partitionKey !== undefined && stmt.concurrent)
    throw new DecentDbError('0A000', `cannot create index on partitioned table "${table.name}" concurrently`);
  ctx.requireUnused(table, 'CREATE INDEX');
  const def = indexDef(ctx, draft, table, stmt);
  if (def.unique)
    requirePartitionColumns(
      draft,
      def.keys.map(({ column: at }) => at),
      'UNIQUE',
    );
  const index = createIndexTree(ctx, table, def);
  draft.indexes.push(index);
  const next = draft.toDef();
  ctx.catalog = ctx.catalog.withTable(next);
  buildIndex(ctx, next, index);
  if (stmt.relation.inh) adoptByAll(ctx, table.id);
}

function indexedTable(ctx: DdlContext, node: ast.RangeVar): TableDef {
  const relation = lookUp(ctx, node);
  if (relation === null) throw new DecentDbError('42P01', `relation "${writtenName(node)}" does not exist`);
  if (relation.kind === 'table') return relation.table;
  if (relation.kind === 'view' && relation.view.materializedTableId !== null)
    return ctx.catalog.table(relation.view.materializedTableId) as TableDef;
  throw new DecentDbError('42809', `cannot create index on relation "${node.relname}"`, {
    detail: `This operation is not supported for ${relation.kind === 'index' ? 'indexes' : `${relation.kind}s`}.`,
  });
}

function indexDef(ctx: DdlContext, draft: TableDraft, table: TableDef, stmt: ast.IndexStmt): IndexDef {
  const written = indexMethod(stmt);
  if (stmt.indexParams.length + stmt.indexIncludingParams.length > KEY_COLUMNS_MAX)
    throw new DecentDbError('54011', `cannot use more than ${KEY_COLUMNS_MAX} columns in an index`);
  const given = stmt.indexParams.map((element) => {
    const key = indexKey(ctx, table, element, written ?? 'gin', stmt.unique);
    if (written === null && stmt.accessMethod === 'gin')
      return { ...key, opclass: ginClass(element.opclass, key.type) };
    if (written !== 'btree') return key;
    return { ...key, opclass: operatorClass(element.opclass, key.type, stmt.accessMethod) };
  });
  const method = written ?? methodForKeys(stmt, given);
  if (method === 'btree') checkMethodLimits(stmt);
  const keys = method === 'fulltext' ? given.map((key) => fullTextKey(key, table, optionsOf(stmt))) : given;

  if (method !== 'btree') checkSearchIndex(stmt, keys, method);
  const include = stmt.indexIncludingParams.map((element) => {
    if (element.name === null)
      throw new DecentDbError('0A000', 'expressions are not supported in included columns');
    return column(table, element.name, element.location);
  });
  const where = stmt.whereClause;
  if (where !== null) bindIndexPredicate(ctx, table, where);
  return {
    id: newId(ctx),
    name: stmt.idxname ?? draft.chooseName(joinColumnNames(namesOf(stmt)), 'idx'),
    tableId: table.id,
    method,
    root: NO_PAGE,
    unique: stmt.unique,
    nullsNotDistinct: stmt.nulls_not_distinct,
    keys,
    include,
    predicateSql: where === null ? null : storedText(ctx, where),
    constraintId: null,
    options: method === 'btree' ? optionsOf(stmt) : searchOptions(optionsOf(stmt), method),
    comment: null,
  };
}

/**
 * btree; hash and brin indexes are kept as btrees; gin and gist with a trigram operator class are trigram indexes. Null: gin or gist of
 * types that have to be looked at.
 */
function indexMethod(stmt: ast.IndexStmt): IndexDef['method'] | null {
  const isTrigram =
    (stmt.accessMethod === 'gin' || stmt.accessMethod === 'gist') &&
    stmt.indexParams.every((element) => /^g(in|ist)_trgm_ops$/.test(element.opclass.at(-1) ?? ''));
  const method = isTrigram ? 'trigram' : METHODS[stmt.accessMethod];
  if (method === undefined) {
    if (stmt.accessMethod === 'gin' || stmt.accessMethod === 'gist') return null;
    if (stmt.accessMethod === 'spgist') throw bindNotSupported(`index method "${stmt.accessMethod}"`, -1);
    throw new DecentDbError('42704', `access method "${stmt.accessMethod}" does not exist`);
  }
  return method;
}

/** gin and gist over tsvectors are full text indexes; gin over arrays and jsonb values, too, is one of items. */
function methodForKeys(stmt: ast.IndexStmt, keys: readonly IndexKey[]): IndexDef['method'] {
  if (keys.every(({ type }) => type.oid === Oid.tsvector)) return 'fulltext';
  if (stmt.accessMethod === 'gin') return 'gin';
  const items = keys.find(
    ({ type, opclass }) => opclass === null && (type.kind === 'array' || type.oid === Oid.jsonb),
  );
  if (items !== undefined) throw noDefaultClass(items.type, stmt.accessMethod);
  throw bindNotSupported(`index method "${stmt.accessMethod}"`, -1);
}

function optionsOf(stmt: ast.IndexStmt): Record<string, string> {
  const options: Record<string, string> = {};
  if (stmt.accessMethod === 'hash' || stmt.accessMethod === 'brin') options['method'] = stmt.accessMethod;
  for (const { defname, arg } of stmt.options) options[defname] = arg === null ? 'true' : printDefArg(arg);
  return options;
}

function column(table: TableDef, name: string, location: number): number {
  const position = table.columns.findIndex((candidate) => candidate.name === name && !candidate.isDropped);
  void location;
  if (position < 0 && SYSTEM_COLUMNS.has(name))
    throw new DecentDbError('0A000', 'index creation on system columns is not supported');
  if (position < 0) throw new DecentDbError('42703', `column "${name}" does not exist`);
  return position;
}

function indexKey(
  ctx: DdlContext,
  table: TableDef,
  element: ast.IndexElem,
  method: IndexDef['method'],
  isUnique: boolean,
): IndexKey {
  const descending = element.ordering === 'SORTBY_DESC';
  const nullsFirst =
    element.nulls_ordering === 'SORTBY_NULLS_DEFAULT'
      ? descending
      : element.nulls_ordering === 'SORTBY_NULLS_FIRST';
  const opclass = element.opclass.length === 0 ? null : element.opclass.join('.');
  if (element.name !== null) {
    const position = column(table, element.name, element.location);
    const { type, typmod } = table.columns[position] as TableDef['columns'][number];
    if (method === 'btree') requireOrder(ctx, type);
    if (isUnique) requireDistinctForm(type, typmod);
    return { column: position, expressionSql: null, type, descending, nullsFirst, opclass };
  }
  const node = element.expr as ast.Expr;
  const bound = bindIndexExpression(ctx, table, node);
  if (method === 'btree') requireOrder(ctx, bound.expr.type);
  if (isUnique) requireDistinctForm(bound.expr.type, bound.expr.typmod);
  if (bound.expr.kind === 'column' && node.kind === 'ColumnRef') {
    const position = bound.columns[0] as number;
    return { column: position, expressionSql: null, type: bound.expr.type, descending, nullsFirst, opclass };
  }
  return {
    column: -1,
    expressionSql: storedText(ctx, node),
    type: bound.expr.type,
    descending,
    nullsFirst,
    opclass,
  };
}

/** 42704 unless values of the type have an order. */
export function requireOrder(ctx: DdlContext, type: SqlType): void {
  try {
    orderingOperator(new Level(new BindState(envOf(ctx)), null), type, '<', -1);
  } catch (error) {
    if (!(error instanceof DecentDbError) || error.code !== '42883') throw error;
    throw bindError(
      '42704',
      `data type ${type.sqlName(-1)} has no default operator class for access method "btree"`,
      -1,
      {
        hint: 'You must specify an operator class for the index or define a default operator class for the data type.',
      },
    );
  }
}

/** Column names PostgreSQL would give the index, for its own name. */
function namesOf(stmt: ast.IndexStmt): string[] {
  return distinctNames(
    [...stmt.indexParams, ...stmt.indexIncludingParams].map(
      (element) =>
        element.name ?? (element.expr === null ? 'expr' : (indexColumnNameOf(element.expr) ?? 'expr')),
    ),
  );
}
