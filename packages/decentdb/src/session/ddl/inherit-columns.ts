/**
 * What a new table takes over from the tables it inherits from: columns, defaults, CHECK constraints.
 *
 * I1  Inherited columns come first, in the order of the parents; one that several parents have is there once.
 * I2  CHECK constraints have the parent's name; those marked NO INHERIT stay behind.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { CheckConstraint, ColumnDef, TableDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { applyColumnConstraints, columnType, serialType } from './columns.ts';
import type { PendingConstraint } from './create-table.ts';
import { storedText } from './stored-text.ts';
import type { TableDraft } from './table-draft.ts';
import { newId, requireTable } from './work.ts';

/** The tables a CREATE TABLE inherits from, checked; the partitioned one of PARTITION OF. */
export function parentsOf(draft: TableDraft, stmt: ast.CreateStmt): readonly TableDef[] {
  const { ctx } = draft;
  const isPartition = stmt.partbound !== null;
  const parents = stmt.inhRelations.map((node) => {
    const parent = requireTable(ctx, node);
    if (isPartition) requirePartitioned(parent, '42P17');
    else refusePartitioned(parent);
    if (parent.isTemporary && !draft.isTemporary)
      throw new DecentDbError(
        '42809',
        isPartition
          ? `cannot create a permanent relation as partition of temporary relation "${parent.name}"`
          : `cannot inherit from temporary relation "${parent.name}"`,
      );
    if (isPartition && draft.isTemporary && !parent.isTemporary)
      throw new DecentDbError(
        '42809',
        `cannot create a temporary relation as partition of permanent relation "${parent.name}"`,
      );
    return parent;
  });
  if (new Set(parents.map(({ id }) => id)).size < parents.length)
    throw new DecentDbError(
      '42P07',
      `relation "${repeated(parents)}" would be inherited from more than once`,
    );
  draft.family = { ...draft.family, parents: parents.map(({ id }) => id) };
  for (const parent of parents) inheritColumns(draft, parent, isPartition);
  return parents;
}

function repeated(parents: readonly TableDef[]): string {
  return parents.find((one, i) => parents.indexOf(one) < i)?.name ?? '';
}

export function requirePartitioned(parent: TableDef, code = '42809'): void {
  if (parent.partitionKey === undefined) throw new DecentDbError(code, `"${parent.name}" is not partitioned`);
}

export function refusePartitioned(parent: TableDef): void {
  if (parent.partitionKey !== undefined)
    throw new DecentDbError('42809', `cannot inherit from partitioned table "${parent.name}"`);
  if (parent.bound !== undefined)
    throw new DecentDbError('42809', `cannot inherit from partition "${parent.name}"`);
}

function inheritColumns(draft: TableDraft, parent: TableDef, isPartition: boolean): void {
  for (const column of parent.columns) {
    if (column.isDropped) continue;
    if (column.generated === 'virtual') throw bindNotSupported('inheriting a virtual generated column', -1);
    const at = draft.findColumn(column.name);
    if (at >= 0) {
      mergeColumn(draft, at, column);
      continue;
    }
    const keepsIdentity = isPartition && column.identity !== null;
    draft.columns.push({
      ...column,
      attnum: draft.columns.length + 1,
      identity: keepsIdentity ? column.identity : null,
      sequenceId: column.identity === null || keepsIdentity ? column.sequenceId : null,
      missingValue: null,
      comment: null,
      inheritCount: 1,
      isLocal: false,
    });
  }
}

function mergeColumn(draft: TableDraft, at: number, column: ColumnDef): void {
  const known = draft.columns[at] as ColumnDef;
  draft.ctx.notice({
    severity: 'NOTICE',
    code: '00000',
    message: `merging multiple inherited definitions of column "${column.name}"`,
  });
  requireSameType(known, column, `inherited column "${column.name}" has a type conflict`);
  if (known.defaultSql !== null && column.defaultSql !== null && known.defaultSql !== column.defaultSql)
    throw new DecentDbError('42611', `column "${column.name}" inherits conflicting default values`, {
      hint: 'To resolve the conflict, specify a default explicitly.',
    });
  draft.setColumn(at, {
    notNull: known.notNull || column.notNull,
    defaultSql: known.defaultSql ?? column.defaultSql,
    sequenceId: known.sequenceId ?? (column.identity === null ? column.sequenceId : null),
    inheritCount: (known.inheritCount ?? 0) + 1,
  });
}

type Typed = Pick<ColumnDef, 'type' | 'typmod'>;

export function requireSameType(known: Typed, other: Typed, message: string): void {
  if (known.type.oid === other.type.oid && known.typmod === other.typmod) return;
  const name = ({ type, typmod }: Typed): string => type.sqlName(typmod);
  throw new DecentDbError('42804', message, { detail: `${name(known)} versus ${name(other)}` });
}

/** A column written in CREATE TABLE, after `written` others, that a parent has too; the constraints written there, for the table. */
export function mergeWritten(
  draft: TableDraft,
  at: number,
  node: ast.ColumnDef,
  written: number,
): ast.Constraint[] {
  const column = draft.columns[at] as ColumnDef;
  if (node.typeName !== null) {
    if (serialType(node) !== null) throw bindNotSupported('serial for an inherited column', node.location);
    draft.ctx.notice({
      severity: 'NOTICE',
      code: '00000',
      message: `${written === at ? '' : 'moving and '}merging column "${node.colname}" with inherited definition`,
      ...(written === at
        ? {}
        : { detail: 'User-specified column moved to the position of the inherited column.' }),
    });
    requireSameType(column, columnType(draft, node), `column "${node.colname}" has a type conflict`);
  }
  const setsDefault = node.constraints.some(({ contype }) => contype === 'CONSTR_DEFAULT');
  if (setsDefault && column.identity === null) draft.setColumn(at, { sequenceId: null });
  // A partition's columns are those of its table, whatever is said about them.
  if (node.typeName !== null) draft.setColumn(at, { isLocal: true });
  const wasNotNull = column.notNull;
  const rest = applyColumnConstraints(draft, at, node);
  if (wasNotNull) draft.setColumn(at, { notNull: true });
  return rest;
}

/** Takes over the CHECK constraints of the parents; gives the written ones that are not among them. */
export function inheritChecks(
  draft: TableDraft,
  parents: readonly TableDef[],
  written: readonly PendingConstraint[],
): readonly PendingConstraint[] {
  for (const parent of parents)
    for (const check of parent.constraints)
      if (check.kind === 'check' && check.isNoInherit !== true)
        inheritCheck(draft, { ...check, validated: true });
  return written.filter(({ node }) => {
    const { conname, raw_expr: expr } = node;
    if (node.contype !== 'CONSTR_CHECK' || conname === null || expr === null) return true;
    const known = draft.constraints.findIndex((one) => one.name === conname);
    const check = draft.constraints[known];
    if (check?.kind !== 'check' || check.sql !== storedText(draft.ctx, expr)) return true;
    draft.ctx.notice({
      severity: 'NOTICE',
      code: '00000',
      message: `merging constraint "${conname}" with inherited definition`,
    });
    draft.constraints[known] = { ...check, isLocal: true };
    return false;
  });
}

export function inheritCheck(draft: TableDraft, check: CheckConstraint): CheckConstraint | null {
  const known = draft.constraints.findIndex((one) => one.name === check.name);
  const same = draft.constraints[known];
  if (same === undefined) {
    const made = { ...check, id: newId(draft.ctx), comment: null, inheritCount: 1, isLocal: false };
    draft.constraints.push(made);
    return made;
  }
  if (same.kind !== 'check' || same.sql !== check.sql)
    throw new DecentDbError(
      '42710',
      `check constraint name "${check.name}" appears multiple times but with different expressions`,
    );
  draft.constraints[known] = { ...same, inheritCount: (same.inheritCount ?? 0) + 1 };
  return null;
}
