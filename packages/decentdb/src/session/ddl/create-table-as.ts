/**
 * CREATE TABLE AS and SELECT INTO: a table shaped by a query, filled with its rows.
 */

import { DecentDbError } from '../../base/errors.ts';
import { plainColumn } from '../../catalog/plain-column.ts';
import type { TableDef, ViewDef } from '../../catalog/schema.ts';
import { tableTree } from '../../exec/storage/stored-trees.ts';
import type { LogicalNode } from '../../plan/logical.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { bindStatement } from '../../sql/bind/statement.ts';
import { BulkBuilder } from '../../tree/bulk-builder.ts';
import { Oid } from '../../types/oids.ts';
import { requirePopulated } from '../populated.ts';
import { requireStorable } from './columns.ts';
import type { DdlContext } from './context.ts';
import { finishTable, onCommitOf } from './create-table.ts';
import { ROWS_BETWEEN_RELIEF } from './storage.ts';
import { checkTableParameters } from './storage-parameters.ts';
import { TableDraft } from './table-draft.ts';
import { checkFreeName, creationSchema, envOf, newId } from './work.ts';

/** Returns the number of rows, or null when the table was there (IF NOT EXISTS). */
export function createTableAs(ctx: DdlContext, stmt: ast.CreateTableAsStmt): number | null {
  const { rel, colNames, skipData, onCommit } = stmt.into;
  if (stmt.query.kind !== 'SelectStmt') throw bindNotSupported('CREATE TABLE AS EXECUTE', stmt.location);
  checkTableParameters(stmt.into.options);
  const isTemporary = rel.relpersistence === 't';
  const schema = creationSchema(ctx, rel.schemaname, isTemporary, rel.location);
  if (!checkFreeName(ctx, schema, rel.relname, stmt.if_not_exists)) return null;
  const bound = bindStatement(stmt.query, envOf(ctx));
  const outputs = bound.root.columns;
  if (colNames.length > outputs.length)
    throw new DecentDbError('42601', 'too many column names were specified');
  const columns = outputs.map(({ name, type, typmod }, i) => ({ name: colNames[i] ?? name, type, typmod }));
  const table = tableForQuery(
    ctx,
    schema,
    rel.relname,
    columns,
    isTemporary,
    onCommitOf(onCommit, isTemporary),
  );
  if (!skipData) requirePopulated(ctx.catalog, bound.dependsOn);
  return skipData ? 0 : fillTable(ctx, table, bound.root);
}

export function tableForQuery(
  ctx: DdlContext,
  schema: string,
  name: string,
  columns: ViewDef['columns'],
  isTemporary = false,
  onCommit: TableDef['onCommit'] = 'preserve',
): TableDef {
  const draft = new TableDraft(ctx, newId(ctx), schema, name);
  draft.isTemporary = isTemporary;
  draft.onCommit = onCommit;
  for (const column of columns) {
    if (draft.findColumn(column.name) >= 0)
      throw new DecentDbError('42701', `column "${column.name}" specified more than once`);
    requireStorable(ctx, column.type, -1);
    if (column.type.kind === 'pseudo' || column.type.oid === Oid.recordArray)
      throw new DecentDbError('42P16', `column "${column.name}" has pseudo-type ${column.type.sqlName(-1)}`);
    draft.columns.push(plainColumn(column.name, draft.columns.length + 1, column.type, column.typmod));
  }
  return finishTable(ctx, draft);
}

/** Appends the rows of a query under new row ids; returns how many. */
export function fillTable(ctx: DdlContext, table: TableDef, query: LogicalNode): number {
  const builder = new BulkBuilder(tableTree(table), ctx.view);
  for (const row of ctx.run(query)) {
    if (builder.rowCount % ROWS_BETWEEN_RELIEF === 0) ctx.view.relieve();
    builder.add([builder.rowCount + 1, ...row]);
  }
  return builder.rowCount;
}
