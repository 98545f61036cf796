/**
 * CREATE TABLE.
 *
 * Order as PostgreSQL's: columns with their defaults, then keys, checks, generated columns, foreign keys, then storage.
 */

import { DecentDbError } from '../../base/errors.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { touch } from './attach.ts';
import { addColumn } from './columns.ts';
import { addCheck, addKey } from './constraint-defs.ts';
import type { DdlContext } from './context.ts';
import { checkGenerated } from './expressions.ts';
import { addForeignKey } from './foreign-keys.ts';
import { inheritChecks, mergeWritten, parentsOf } from './inherit-columns.ts';
import { copyCheckComments, copyLike } from './like-clause.ts';
import { boundOf, checkBound, checkDefaultPartition } from './partition-bounds.ts';
import { partitionKeyOf } from './partition-key.ts';
import { adoptParts } from './partition-parts.ts';
import { createStorage } from './storage.ts';
import { checkTableParameters } from './storage-parameters.ts';
import { TableDraft } from './table-draft.ts';
import { addAttributes } from './typed-tables.ts';
import { checkFreeName, creationSchema, newId, TEMPORARY_SCHEMA } from './work.ts';

export function createTable(ctx: DdlContext, stmt: ast.CreateStmt): void {
  checkTableParameters(stmt.options);
  const { relation } = stmt;
  if (relation.relpersistence === 'u' && relation.schemaname === TEMPORARY_SCHEMA)
    throw new DecentDbError('42P16', 'only temporary relations may be created in temporary schemas');
  const isTemporary = relation.relpersistence === 't' || relation.schemaname === TEMPORARY_SCHEMA;
  const schema = creationSchema(ctx, relation.schemaname, isTemporary, relation.location);
  if (!checkFreeName(ctx, schema, relation.relname, stmt.if_not_exists)) return;
  const draft = new TableDraft(ctx, newId(ctx), schema, relation.relname);
  draft.isTemporary = isTemporary;
  draft.isUnlogged = relation.relpersistence === 'u';
  draft.onCommit = onCommitOf(stmt.oncommit, isTemporary);
  if (stmt.ofTypename !== null) addAttributes(draft, stmt.ofTypename, stmt.tableElts);
  const parents = parentsOf(draft, stmt);
  const constraints: PendingConstraint[] = [];
  let written = 0;
  for (const element of stmt.tableElts) {
    if (element.kind === 'ColumnDef')
      constraints.push(
        ...columnOf(draft, element, written++).map((node) => ({ node, column: element.colname })),
      );
    else if (element.kind === 'Constraint') constraints.push({ node: element, column: null });
    else constraints.push(...copyLike(draft, element).map((node) => ({ node, column: null })));
  }
  if (stmt.partspec !== null)
    draft.family = { ...draft.family, partitionKey: partitionKeyOf(draft, stmt.partspec) };
  const [parent] = parents;
  if (stmt.partbound !== null && parent !== undefined) {
    const bound = boundOf(ctx, parent, stmt.partbound);
    checkBound(ctx, parent, draft.name, bound, stmt.partbound);
    draft.family = { ...draft.family, bound };
  }
  requireDistinctChecks(constraints);
  addConstraints(draft, inheritChecks(draft, parents, constraints));
  for (const element of stmt.tableElts)
    if (element.kind === 'TableLikeClause') copyCheckComments(draft, element);
  finishTable(ctx, draft);
  for (const { id } of parents) touch(ctx, id);
  if (stmt.partbound === null || parent === undefined) return;
  checkDefaultPartition(ctx, parent, draft.id);
  adoptParts(ctx, parent.id, draft.id);
}

/** 42710: two CHECK constraints of one CREATE TABLE under one name. */
function requireDistinctChecks(constraints: readonly PendingConstraint[]): void {
  const seen = new Set<string>();
  for (const { contype, conname } of constraints.map(({ node }) => node)) {
    if (contype !== 'CONSTR_CHECK' || conname === null) continue;
    if (seen.has(conname)) throw new DecentDbError('42710', `check constraint "${conname}" already exists`);
    seen.add(conname);
  }
}

/** A column as written, after `written` others: a new one, or more about one that a parent has. */
function columnOf(draft: TableDraft, node: ast.ColumnDef, written: number): ast.Constraint[] {
  const at = draft.findColumn(node.colname);
  if (node.typeName === null) {
    if (at >= 0) return mergeWritten(draft, at, node, at);
    throw new DecentDbError('42703', `column "${node.colname}" does not exist`);
  }
  if (at >= 0 && draft.columns[at]?.inheritCount !== undefined && draft.columns[at].isLocal === false)
    return mergeWritten(draft, at, node, written);
  return addColumn(draft, node);
}

/** A constraint as written, and the column it was written at. */
export interface PendingConstraint {
  readonly node: ast.Constraint;
  readonly column: string | null;
}

export function addConstraints(draft: TableDraft, pending: readonly PendingConstraint[]): void {
  const of = (...types: readonly ast.ConstrType[]): readonly PendingConstraint[] =>
    pending.filter(({ node }) => types.includes(node.contype));
  for (const { node } of of('CONSTR_NOTNULL'))
    for (const key of node.keys) draft.setColumn(draft.requireColumn(key), { notNull: true });
  for (const { node } of of('CONSTR_PRIMARY')) addKey(draft, node);
  for (const { node } of of('CONSTR_UNIQUE')) addKey(draft, node);
  for (const { node, column } of of('CONSTR_CHECK')) addCheck(draft, node, column);
  for (const { node } of of('CONSTR_EXCLUSION')) throw bindNotSupported('EXCLUDE', node.location);
  for (const [position, node] of draft.generatedNodes)
    checkGenerated(draft.ctx, draft.toDef(), position, node);
  for (const { node } of of('CONSTR_FOREIGN')) addForeignKey(draft, node);
}

/** Makes the trees and puts the table into the working catalogue. */
export function finishTable(ctx: DdlContext, draft: TableDraft): TableDef {
  const table = createStorage(ctx, draft.toDef());
  ctx.catalog = ctx.catalog.withTable(table);
  return table;
}

export function onCommitOf(action: ast.OnCommitAction, isTemporary: boolean): TableDef['onCommit'] {
  if (action !== 'ONCOMMIT_NOOP' && !isTemporary)
    throw new DecentDbError('42P16', 'ON COMMIT can only be used on temporary tables');
  if (action === 'ONCOMMIT_DELETE_ROWS') return 'delete';
  return action === 'ONCOMMIT_DROP' ? 'drop' : 'preserve';
}
