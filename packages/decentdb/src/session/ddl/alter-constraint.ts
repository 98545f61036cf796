/**
 * ALTER TABLE on constraints: add, drop, validate.
 *
 * I1  A constraint is added over existing rows only if they satisfy it, unless NOT VALID was written.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { ConstraintDef, ForeignKeyConstraint, TableDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { filter } from '../../sql/bind/select.ts';
import { bindStoredCheck } from '../../sql/bind/stored-expressions.ts';
import { boolType } from '../../types/bool-type.ts';
import { setNotNull } from './alter-column.ts';
import { hideRowId, replaceWithRowId } from './alter-row-id.ts';
import { addCheck, addKey } from './constraint-defs.ts';
import type { DdlContext } from './context.ts';
import { closure, type Dropped, noticeCascade } from './dependencies.ts';
import { changeTable, remove, removeIndex } from './drop.ts';
import { checkReferences } from './foreign-key-rows.ts';
import { addForeignKey } from './foreign-keys.ts';
import { dropGroupedViews } from './key-dependants.ts';
import { addKeyUsingIndex } from './key-using-index.ts';
import {
  anyRow,
  buildIndex,
  columnOfRead,
  containsNull,
  createIndexTree,
  readTable,
  type TableRead,
} from './storage.ts';
import { TableDraft } from './table-draft.ts';

export function addConstraint(ctx: DdlContext, table: TableDef, node: ast.Constraint): void {
  const draft = TableDraft.of(ctx, table);
  switch (node.contype) {
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
      addKeyTo(ctx, table, draft, node);
      return;
    case 'CONSTR_NOTNULL':
      for (const key of node.keys) setNotNull(ctx, ctx.catalog.table(table.id) as TableDef, key);
      return;
    case 'CONSTR_CHECK': {
      const constraint = addCheck(draft, node, null);
      finish(ctx, draft, constraint);
      return;
    }
    case 'CONSTR_FOREIGN': {
      const constraint = addForeignKey(draft, node);
      finish(ctx, draft, constraint);
      return;
    }
    case 'CONSTR_EXCLUSION':
      throw bindNotSupported('EXCLUDE', node.location);
    default:
      throw bindNotSupported('this constraint', node.location);
  }
}

function finish(ctx: DdlContext, draft: TableDraft, constraint: ConstraintDef): void {
  const next = draft.toDef();
  ctx.catalog = ctx.catalog.withTable(next);
  checkBuilt(ctx, next, constraint);
}

/** A key over rows that are there: NULLs refused, the row id moved to the column or an index built. */
function addKeyTo(ctx: DdlContext, table: TableDef, draft: TableDraft, node: ast.Constraint): void {
  if (node.indexname !== null) {
    const columns = addKeyUsingIndex(ctx, draft, node);
    const read = readTable(ctx, table);
    if (node.contype === 'CONSTR_PRIMARY')
      for (const column of columns) requireNoNulls(ctx, table, read, column);
    ctx.catalog = ctx.catalog.withTable(draft.toDef());
    return;
  }
  const index = addKey(draft, node);
  if (node.contype === 'CONSTR_PRIMARY') {
    const read = readTable(ctx, table);
    for (const name of node.keys) requireNoNulls(ctx, table, read, draft.findColumn(name));
  }
  if (index === null) {
    if (draft.rowIdColumn !== table.rowIdColumn) replaceWithRowId(ctx, table, draft);
    else ctx.catalog = ctx.catalog.withTable(draft.toDef());
    return;
  }
  const made = createIndexTree(ctx, draft.toDef(), index);
  draft.indexes = draft.indexes.map((other) => (other.id === index.id ? made : other));
  const next = draft.toDef();
  ctx.catalog = ctx.catalog.withTable(next);
  buildIndex(ctx, next, made);
}

function requireNoNulls(ctx: DdlContext, table: TableDef, read: TableRead, position: number): void {
  const test: Expr = {
    kind: 'isNull',
    arg: columnOfRead(read, table, position),
    negated: false,
    isRow: false,
    type: boolType,
    typmod: -1,
    location: -1,
  };
  if (table.columns[position]?.notNull === false && anyRow(ctx, filter(read.node, test)))
    throw containsNull(table, position);
}

/** Existing rows against a CHECK or FOREIGN KEY just added or to be validated. */
export function checkBuilt(ctx: DdlContext, table: TableDef, constraint: ConstraintDef): void {
  if (!constraint.validated) return;
  if (constraint.kind === 'check') checkRows(ctx, table, constraint.sql, constraint.name);
  else if (constraint.kind === 'foreignKey') checkReferences(ctx, table, constraint);
}

function checkRows(ctx: DdlContext, table: TableDef, sql: string, name: string): void {
  const read = readTable(ctx, table);
  const condition = bindStoredCheck(read.state, table, sql, read.row);
  const violated: Expr = {
    kind: 'booleanTest',
    arg: condition,
    test: 'false',
    negated: false,
    type: boolType,
    typmod: -1,
    location: -1,
  };
  if (!anyRow(ctx, filter(read.node, violated))) return;
  throw new DecentDbError(
    '23514',
    `check constraint "${name}" of relation "${table.name}" is violated by some row`,
    { schema: table.schema, table: table.name, constraint: name },
  );
}

/** ALTER CONSTRAINT: when a foreign key is checked. */
export function alterConstraint(ctx: DdlContext, table: TableDef, node: ast.Constraint): void {
  const name = node.conname ?? '';
  const constraint = table.constraints.find((one) => one.name === name);
  if (constraint === undefined)
    throw new DecentDbError('42704', `constraint "${name}" of relation "${table.name}" does not exist`);
  if (constraint.kind !== 'foreignKey')
    throw new DecentDbError(
      '42809',
      `constraint "${name}" of relation "${table.name}" is not a foreign key constraint`,
    );
  const { deferrable, initdeferred: initiallyDeferred } = node;
  changeTable(ctx, table.id, (draft) => {
    draft.constraints = draft.constraints.map((one) =>
      one.id === constraint.id ? { ...one, deferrable, initiallyDeferred } : one,
    );
  });
}

export function dropConstraint(ctx: DdlContext, table: TableDef, name: string, cmd: ast.AlterTableCmd): void {
  const constraint = table.constraints.find((candidate) => candidate.name === name);
  if (constraint === undefined) {
    const message = `constraint "${name}" of relation "${table.name}" does not exist`;
    if (!cmd.missing_ok) throw new DecentDbError('42704', message);
    ctx.notice({ severity: 'NOTICE', code: '00000', message: `${message}, skipping` });
    return;
  }
  if (constraint.kind === 'primaryKey' || constraint.kind === 'unique')
    dropKeyDependants(ctx, table, constraint, cmd);
  const present = ctx.catalog.table(table.id) as TableDef;
  const isCascade = cmd.behavior === 'DROP_CASCADE';
  if (constraint.kind === 'primaryKey' && constraint.indexId === null) {
    hideRowId(ctx, present);
    dropGroupedViews(ctx, present, constraint.name, isCascade);
    return;
  }
  const index =
    constraint.kind === 'primaryKey' || constraint.kind === 'unique'
      ? present.indexes.find((candidate) => candidate.id === constraint.indexId)
      : undefined;
  if (index !== undefined) removeIndex(ctx, present, index);
  changeTable(ctx, table.id, (draft) => {
    draft.constraints = draft.constraints.filter((candidate) => candidate.id !== constraint.id);
  });
  if (constraint.kind === 'primaryKey') dropGroupedViews(ctx, present, constraint.name, isCascade);
}

/** Foreign keys that rest on the key: refused, or dropped with CASCADE. */
function dropKeyDependants(
  ctx: DdlContext,
  table: TableDef,
  key: Extract<ConstraintDef, { kind: 'primaryKey' | 'unique' }>,
  cmd: ast.AlterTableCmd,
): void {
  const isOn = (constraint: ConstraintDef): constraint is ForeignKeyConstraint =>
    constraint.kind === 'foreignKey' &&
    constraint.targetTableId === table.id &&
    constraint.targetColumns.length === key.columns.length &&
    constraint.targetColumns.every((column) => key.columns.includes(column));
  const found: Extract<Dropped, { kind: 'foreignKey' }>[] = [];
  for (const other of ctx.catalog.tables.values())
    for (const constraint of other.constraints)
      if (isOn(constraint)) found.push({ kind: 'foreignKey', table: other, constraint });
  if (found.length === 0) return;
  if (cmd.behavior !== 'DROP_CASCADE')
    throw new DecentDbError(
      '2BP01',
      `cannot drop constraint ${key.name} on table ${table.name} because other objects depend on it`,
      {
        detail: found
          .map(
            (item) =>
              `constraint ${item.constraint.name} on table ${item.table.name} depends on index ${key.name}`,
          )
          .join('\n'),
        hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
      },
    );
  noticeCascade(ctx, found);
  for (const dropped of closure(ctx, found, true)) remove(ctx, dropped);
}

export function validateConstraint(ctx: DdlContext, table: TableDef, name: string): void {
  const constraint = table.constraints.find((candidate) => candidate.name === name);
  if (constraint === undefined)
    throw new DecentDbError('42704', `constraint "${name}" of relation "${table.name}" does not exist`);
  if (constraint.kind !== 'check' && constraint.kind !== 'foreignKey')
    throw new DecentDbError('42809', `cannot validate constraint "${name}" of relation "${table.name}"`, {
      detail: 'This operation is not supported for this type of constraint.',
    });
  if (constraint.validated) return;
  checkBuilt(ctx, table, { ...constraint, validated: true });
  changeTable(ctx, table.id, (draft) => {
    draft.constraints = draft.constraints.map((other) =>
      other.id === constraint.id ? { ...other, validated: true } : other,
    );
  });
}
