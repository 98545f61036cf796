/**
 * ALTER TABLE on tables that inherit or are inherited from: which commands go on to the descendants, and which are refused.
 *
 * I1  Descendants have the columns and CHECK constraints of their parents, whatever is altered; what is inherited is not dropped,
 *     renamed or given another type on its own.
 * I2  Columns of a partition key keep their type.
 */
import { DecentDbError } from '../../base/errors.ts';
import { childrenOf } from '../../catalog/family.ts';
import type { ColumnDef, ConstraintDef, TableDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { checkBuilt } from './alter-constraint.ts';
import { partitionKeyUses } from './column-mentions.ts';
import { serialType } from './columns.ts';
import type { DdlContext } from './context.ts';
import { changeTable } from './drop.ts';
import { inheritCheck, requireSameType } from './inherit-columns.ts';
import { adoptByAll } from './partition-parts.ts';
import { TableDraft } from './table-draft.ts';

/** A command on a table with relatives. */
export interface FamilyChange {
  readonly ctx: DdlContext;
  readonly table: TableDef;
  readonly cmd: ast.AlterTableCmd;
  /** False: ONLY was written. */
  readonly isForAll: boolean;
  /** The command came down from the parent. */
  readonly isFromParent: boolean;
  /** What the command does to one table. */
  readonly apply: (table: TableDef, cmd: ast.AlterTableCmd) => void;
}

/** Applies the command to the table, and where it belongs there to its descendants. */
export function alterFamily(change: FamilyChange): void {
  const { ctx, table, cmd, apply } = change;
  const children = childrenOf(ctx.catalog, table.id);
  const isAlone = children.length === 0 && table.parents === undefined && table.partitionKey === undefined;
  if (isAlone) {
    apply(table, cmd);
    return;
  }
  switch (cmd.subtype) {
    case 'AT_AddColumn':
      addColumn(change, children);
      return;
    case 'AT_DropColumn':
      dropColumn(change, children);
      return;
    case 'AT_AlterColumnType':
      refuseTypeChange(change, children);
      applyToAll(change, children);
      return;
    case 'AT_SetNotNull':
      if (!change.isForAll && table.partitionKey !== undefined && children.length > 0) throw mustBeOnAll();
      applyToAll(change, children);
      return;
    case 'AT_DropNotNull':
      refuseNullable(change, children);
      applyToAll(change, children);
      return;
    case 'AT_ColumnDefault':
      applyToAll(change, children);
      return;
    case 'AT_AddConstraint':
      addConstraint(change, children);
      return;
    case 'AT_DropConstraint':
      dropConstraint(change, children);
      return;
    case 'AT_ValidateConstraint':
      applyToAll(change, withConstraint(change, children));
      return;
    default:
      applyRest(change, children);
  }
}

const LOCAL: ReadonlySet<ast.AlterTableType> = new Set<ast.AlterTableType>([
  'AT_AttachPartition',
  'AT_DetachPartition',
  'AT_AddInherit',
  'AT_DropInherit',
]);

const REFUSED: Partial<Record<ast.AlterTableType, string>> = {
  AT_AddIdentity: 'ADD GENERATED AS IDENTITY',
  AT_DropIdentity: 'DROP IDENTITY',
  AT_SetExpression: 'SET EXPRESSION',
  AT_DropExpression: 'DROP EXPRESSION',
  AT_AlterConstraint: 'ALTER CONSTRAINT',
  AT_SetIdentity: 'SET GENERATED',
};

function applyRest(change: FamilyChange, children: readonly TableDef[]): void {
  const { ctx, table, cmd, apply } = change;
  const refused = REFUSED[cmd.subtype];
  const isConcerned = children.length > 0 || table.bound !== undefined;
  if (refused !== undefined && isConcerned)
    throw bindNotSupported(`${refused} on a table of a partitioned or inherited family`, cmd.location);
  apply(table, cmd);
  if (LOCAL.has(cmd.subtype) || table.partitionKey === undefined) return;
  for (const child of children) followTriggers(ctx, table.id, child.id);
}

/** Triggers made for those of a partitioned table are switched with them. */
function followTriggers(ctx: DdlContext, parentId: number, childId: number): void {
  const states = new Map(ctx.catalog.table(parentId)?.triggers.map((one) => [one.id, one.enabled]));
  const child = ctx.catalog.table(childId);
  if (
    child?.triggers.every((one) => (states.get(one.parentId ?? -1) ?? one.enabled) === one.enabled) !== false
  )
    return;
  changeTable(ctx, childId, (draft) => {
    draft.triggers = draft.triggers.map((one) => ({
      ...one,
      enabled: states.get(one.parentId ?? -1) ?? one.enabled,
    }));
  });
  for (const below of childrenOf(ctx.catalog, childId)) followTriggers(ctx, childId, below.id);
}

function down(change: FamilyChange, child: TableDef, cmd: ast.AlterTableCmd = change.cmd): void {
  const table = change.ctx.catalog.table(child.id);
  if (table !== undefined) alterFamily({ ...change, table, cmd, isForAll: true, isFromParent: true });
}

function applyToAll(change: FamilyChange, children: readonly TableDef[]): void {
  change.apply(change.table, change.cmd);
  if (change.isForAll) for (const child of children) down(change, child);
}

function columnOf(table: TableDef, name: string): ColumnDef | undefined {
  return table.columns.find((column) => column.name === name && !column.isDropped);
}

function isInherited(part: { readonly inheritCount?: number } | undefined): boolean {
  return (part?.inheritCount ?? 0) > 0;
}

function mustBeOnAll(): DecentDbError {
  return new DecentDbError('42P16', 'constraint must be added to child tables too', {
    hint: 'Do not specify the ONLY keyword.',
  });
}

function addColumn(change: FamilyChange, children: readonly TableDef[]): void {
  const { ctx, table, cmd, apply } = change;
  const node = cmd.def as ast.ColumnDef;
  if (table.bound !== undefined && !change.isFromParent)
    throw new DecentDbError('42809', 'cannot add column to a partition');
  if (!change.isForAll && children.length > 0)
    throw new DecentDbError('42P16', 'column must be added to child tables too');
  if (children.length > 0) refuseSerial(node);
  if (change.isFromParent && mergesColumn(change, node)) return;
  const before = new Set(table.constraints.map(({ id }) => id));
  if (columnOf(table, node.colname) !== undefined && cmd.missing_ok) {
    apply(table, cmd);
    return;
  }
  apply(table, cmd);
  const made = (ctx.catalog.table(table.id)?.constraints ?? []).filter(({ id }) => !before.has(id));
  if (change.isFromParent) markInherited(ctx, table.id, node.colname, made);
  const inherited = { ...cmd, missing_ok: false, def: forChildren(node, made) };
  for (const child of children) down(change, child, inherited);
  if (table.partitionKey !== undefined) adoptByAll(ctx, table.id);
}

function refuseSerial(node: ast.ColumnDef): void {
  const hasIdentity = node.constraints.some(({ contype }) => contype === 'CONSTR_IDENTITY');
  const isVirtual = node.constraints.some(
    ({ contype, generated_kind: kind }) => contype === 'CONSTR_GENERATED' && kind !== 's',
  );
  if (serialType(node) !== null || hasIdentity || isVirtual)
    throw bindNotSupported(
      'adding a serial, identity or virtual column to a table that others inherit from',
      node.location,
    );
}

/** The column without keys and references, its CHECK constraints under the names they have in the parent. */
function forChildren(node: ast.ColumnDef, made: readonly ConstraintDef[]): ast.ColumnDef {
  const names = made.filter(({ kind }) => kind === 'check').map(({ name }) => name);
  const own: readonly ast.ConstrType[] = ['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_FOREIGN'];
  const isPrimary = node.constraints.some(({ contype }) => contype === 'CONSTR_PRIMARY');
  const constraints = node.constraints
    .filter(({ contype }) => !own.includes(contype))
    .filter((one) => !(one.contype === 'CONSTR_CHECK' && one.is_no_inherit))
    .map((one) => (one.contype === 'CONSTR_CHECK' ? { ...one, conname: names.shift() ?? one.conname } : one));
  if (!isPrimary) return { ...node, constraints };
  const [first] = node.constraints;
  const notNull = { ...(first as ast.Constraint), contype: 'CONSTR_NOTNULL' as const, conname: null };
  return { ...node, constraints: [...constraints, notNull] };
}

function mergesColumn(change: FamilyChange, node: ast.ColumnDef): boolean {
  const { ctx, table } = change;
  const known = columnOf(table, node.colname);
  if (known === undefined) return false;
  const parent = (table.parents ?? [])
    .map((id) => ctx.catalog.table(id))
    .find((one) => one !== undefined && columnOf(one, node.colname) !== undefined);
  const theirs = parent === undefined ? undefined : columnOf(parent, node.colname);
  if (theirs !== undefined)
    requireSameType(
      known,
      theirs,
      `child table "${table.name}" has different type for column "${node.colname}"`,
    );
  ctx.notice({
    severity: 'NOTICE',
    code: '00000',
    message: `merging definition of column "${node.colname}" for child "${table.name}"`,
  });
  changeTable(ctx, table.id, (draft) => {
    draft.setColumn(draft.requireColumn(node.colname), { inheritCount: (known.inheritCount ?? 0) + 1 });
  });
  for (const one of node.constraints) mergeConstraint(change, node, one, parent);
  return true;
}

/** What comes with a column a child has already: a default is the child's own affair. */
function mergeConstraint(
  change: FamilyChange,
  { colname, location }: ast.ColumnDef,
  node: ast.Constraint,
  parent: TableDef | undefined,
): void {
  const { ctx, cmd } = change;
  const table = ctx.catalog.table(change.table.id) as TableDef;
  switch (node.contype) {
    case 'CONSTR_DEFAULT':
    case 'CONSTR_NULL':
      return;
    case 'CONSTR_NOTNULL':
      if (columnOf(table, colname)?.notNull === false)
        down(change, table, { ...cmd, subtype: 'AT_SetNotNull', name: colname, def: null });
      return;
    case 'CONSTR_CHECK': {
      const check = parent?.constraints.find(({ name }) => name === node.conname);
      if (check?.kind === 'check') passCheck(ctx, table.id, check);
      return;
    }
    default:
      throw bindNotSupported('merging a generated column into a child that has it', location);
  }
}

function markInherited(
  ctx: DdlContext,
  id: number,
  column: string,
  constraints: readonly ConstraintDef[],
): void {
  const made = new Set(constraints.map((one) => one.id));
  changeTable(ctx, id, (draft) => {
    draft.setColumn(draft.requireColumn(column), { inheritCount: 1, isLocal: false });
    draft.constraints = draft.constraints.map((one) =>
      made.has(one.id) ? { ...one, inheritCount: 1, isLocal: false } : one,
    );
  });
}

function dropColumn(change: FamilyChange, children: readonly TableDef[]): void {
  const { ctx, table, cmd, apply } = change;
  const name = cmd.name ?? '';
  const column = columnOf(table, name);
  if (column !== undefined && isInherited(column) && !change.isFromParent)
    throw new DecentDbError('42P16', `cannot drop inherited column "${name}"`);
  if (partitionKeyUses(table, name))
    throw new DecentDbError(
      '42P16',
      `cannot drop column "${name}" because it is part of the partition key of relation "${table.name}"`,
    );
  if (!change.isForAll && table.partitionKey !== undefined && children.length > 0)
    throw new DecentDbError(
      '42P16',
      'cannot drop column from only the partitioned table when partitions exist',
      { hint: 'Do not specify the ONLY keyword.' },
    );
  apply(table, cmd);
  if (column === undefined) return;
  for (const child of children) {
    const present = ctx.catalog.table(child.id) as TableDef;
    const own = columnOf(present, name);
    if (own === undefined) continue;
    if (change.isForAll && own.inheritCount === 1 && own.isLocal === false) down(change, present);
    else lessInherited(ctx, present, name, change.isForAll);
  }
}

/** One parent less has the column; with ONLY it is the child's own from now on. */
function lessInherited(ctx: DdlContext, child: TableDef, name: string, keepsLocality: boolean): void {
  changeTable(ctx, child.id, (draft) => {
    const at = draft.requireColumn(name);
    const { inheritCount, isLocal, ...rest } = draft.columns[at] as ColumnDef;
    const left = (inheritCount ?? 1) - 1;
    draft.columns[at] = {
      ...rest,
      ...(left > 0 ? { inheritCount: left } : {}),
      ...(left > 0 && keepsLocality && isLocal !== undefined ? { isLocal } : {}),
    };
  });
}

function refuseTypeChange(change: FamilyChange, children: readonly TableDef[]): void {
  const { table, cmd } = change;
  const name = cmd.name ?? '';
  if (isInherited(columnOf(table, name)) && !change.isFromParent)
    throw new DecentDbError('42P16', `cannot alter inherited column "${name}"`);
  if (partitionKeyUses(table, name))
    throw new DecentDbError(
      '42P16',
      `cannot alter column "${name}" because it is part of the partition key of relation "${table.name}"`,
    );
  if (!change.isForAll && children.length > 0)
    throw new DecentDbError(
      '42P16',
      `type of inherited column "${name}" must be changed in child tables too`,
    );
}

function refuseNullable(change: FamilyChange, children: readonly TableDef[]): void {
  const { ctx, table, cmd } = change;
  const name = cmd.name ?? '';
  if (!change.isForAll && table.partitionKey !== undefined && children.length > 0)
    throw new DecentDbError(
      '42P16',
      'cannot remove constraint from only the partitioned table when partitions exist',
      { hint: 'Do not specify the ONLY keyword.' },
    );
  if (change.isFromParent) return;
  const parent = (table.parents ?? []).map((id) => ctx.catalog.table(id));
  if (parent.some((one) => one !== undefined && columnOf(one, name)?.notNull === true))
    throw new DecentDbError('42P16', `column "${name}" is marked NOT NULL in parent table`);
}

function addConstraint(change: FamilyChange, children: readonly TableDef[]): void {
  const { ctx, table, cmd, apply } = change;
  const node = cmd.def as ast.Constraint;
  if (node.contype === 'CONSTR_NOTNULL') {
    if (!change.isForAll && table.partitionKey !== undefined && children.length > 0) throw mustBeOnAll();
    applyToAll(change, children);
    return;
  }
  if (node.contype === 'CONSTR_CHECK') {
    if (node.is_no_inherit && table.partitionKey !== undefined)
      throw new DecentDbError(
        '42P16',
        `cannot add NO INHERIT constraint to partitioned table "${table.name}"`,
      );
    if (!change.isForAll && children.length > 0 && !node.is_no_inherit) throw mustBeOnAll();
  }
  const before = new Set(table.constraints.map(({ id }) => id));
  apply(table, cmd);
  const made = ctx.catalog.table(table.id)?.constraints.find(({ id }) => !before.has(id));
  if (made?.kind === 'check') {
    if (made.isNoInherit !== true) for (const child of children) passCheck(ctx, child.id, made);
    return;
  }
  if (table.partitionKey !== undefined && change.isForAll) adoptByAll(ctx, table.id);
}

/** A CHECK constraint added to the parent, for a child and what is below it. */
function passCheck(ctx: DdlContext, childId: number, check: Extract<ConstraintDef, { kind: 'check' }>): void {
  const child = ctx.catalog.table(childId) as TableDef;
  const known = child.constraints.find(({ name }) => name === check.name);
  if (known !== undefined && (known.kind !== 'check' || known.sql !== check.sql))
    throw new DecentDbError(
      '42710',
      `constraint "${check.name}" for relation "${child.name}" already exists`,
    );
  if (known !== undefined)
    ctx.notice({
      severity: 'NOTICE',
      code: '00000',
      message: `merging constraint "${check.name}" with inherited definition`,
    });
  const draft = TableDraft.of(ctx, child);
  const made = inheritCheck(draft, check);
  const next = draft.toDef();
  ctx.catalog = ctx.catalog.withTable(next);
  if (made === null) return;
  checkBuilt(ctx, next, made);
  for (const below of childrenOf(ctx.catalog, childId)) passCheck(ctx, below.id, made);
}

function dropConstraint(change: FamilyChange, children: readonly TableDef[]): void {
  const { ctx, table, cmd, apply } = change;
  const constraint = table.constraints.find(({ name }) => name === cmd.name);
  if (isInherited(constraint) && !change.isFromParent)
    throw new DecentDbError(
      '42P16',
      `cannot drop inherited constraint "${cmd.name}" of relation "${table.name}"`,
    );
  if (constraint === undefined) {
    apply(table, cmd);
    return;
  }
  if (!change.isForAll && table.partitionKey !== undefined && children.length > 0)
    throw new DecentDbError(
      '42P16',
      'cannot remove constraint from only the partitioned table when partitions exist',
      { hint: 'Do not specify the ONLY keyword.' },
    );
  for (const child of children) {
    const present = ctx.catalog.table(child.id) as TableDef;
    if (constraint.kind !== 'check') {
      const part = present.constraints.find(({ parentId }) => parentId === constraint.id);
      if (part !== undefined) down(change, present, { ...cmd, name: part.name });
      continue;
    }
    const own = present.constraints.find((one) => one.kind === 'check' && one.name === constraint.name);
    if (own === undefined || constraint.isNoInherit === true) continue;
    if (change.isForAll && own.inheritCount === 1 && own.isLocal === false) down(change, present);
    else disinherit(ctx, present, own, change.isForAll);
  }
  apply(ctx.catalog.table(table.id) as TableDef, cmd);
}

function disinherit(ctx: DdlContext, child: TableDef, own: ConstraintDef, keepsLocality: boolean): void {
  const { inheritCount, isLocal, ...rest } = own;
  const left = (inheritCount ?? 1) - 1;
  const next = {
    ...rest,
    ...(left > 0 ? { inheritCount: left } : {}),
    ...(left > 0 && keepsLocality && isLocal !== undefined ? { isLocal } : {}),
  } as ConstraintDef;
  changeTable(ctx, child.id, (draft) => {
    draft.constraints = draft.constraints.map((one) => (one.id === own.id ? next : one));
  });
}

function withConstraint(change: FamilyChange, children: readonly TableDef[]): readonly TableDef[] {
  return children.filter(({ constraints }) => constraints.some(({ name }) => name === change.cmd.name));
}
