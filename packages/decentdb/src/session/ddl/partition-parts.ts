/**
 * What a partition has because its partitioned table has it: keys, indexes, foreign keys, row triggers.
 *
 * I1  A part names the one it was made for (`parentId`). What a table has that serves as the part is taken; else it is made.
 * I2  Asking again changes nothing: parts that are there are left alone.
 */

import { NO_PAGE } from '../../base/ids.ts';
import { childrenOf, columnsIn } from '../../catalog/family.ts';
import type {
  ConstraintDef,
  ForeignKeyAction,
  ForeignKeyConstraint,
  IndexDef,
  TableDef,
} from '../../catalog/schema.ts';
import { isForeignKeyIndex } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { addConstraint } from './alter-constraint.ts';
import type { DdlContext } from './context.ts';
import { changeTable } from './drop.ts';
import { chooseCopyName } from './index-names.ts';
import { emptyConstraint, likeKeyNode } from './like-clause.ts';
import { buildIndex, createIndexTree } from './storage.ts';
import { TableDraft } from './table-draft.ts';
import { changeTriggers } from './triggers.ts';
import { newId, rangeVarOf } from './work.ts';

/** Gives a partition, and the partitions of that, what the partitioned table has. */
export function adoptParts(ctx: DdlContext, parentId: number, childId: number): void {
  const parent = ctx.catalog.table(parentId) as TableDef;
  if (parent.partitionKey === undefined) return;
  for (const constraint of parent.constraints)
    if (constraint.kind !== 'check') adoptConstraint(ctx, parent, childId, constraint);
  for (const index of parent.indexes)
    if (index.constraintId === null) adoptIndex(ctx, parent, childId, index);
  adoptTriggers(ctx, parent, childId);
  for (const below of childrenOf(ctx.catalog, childId)) adoptParts(ctx, childId, below.id);
}

/** The same for all partitions a table has. */
export function adoptByAll(ctx: DdlContext, parentId: number): void {
  for (const child of childrenOf(ctx.catalog, parentId)) adoptParts(ctx, parentId, child.id);
}

type Part = Exclude<ConstraintDef, { kind: 'check' }>;

function adoptConstraint(ctx: DdlContext, parent: TableDef, childId: number, part: Part): void {
  const child = ctx.catalog.table(childId) as TableDef;
  if (child.constraints.some((one) => one.parentId === part.id)) return;
  const there = columnsIn(parent, child);
  const match = child.constraints.find(
    (one) => one.parentId === undefined && serves(one, part, there, child, parent),
  );
  if (match !== undefined) {
    link(ctx, childId, match.id, part);
    return;
  }
  const before = new Set(child.constraints.map(({ id }) => id));
  addConstraint(
    ctx,
    child,
    part.kind === 'foreignKey' ? foreignKeyNode(ctx, parent, part, child) : likeKeyNode(parent, part),
  );
  const made = ctx.catalog.table(childId)?.constraints.find(({ id }) => !before.has(id));
  if (made !== undefined) link(ctx, childId, made.id, part);
}

/** Whether a constraint of a partition is what the partitioned table's asks for. */
export function serves(
  one: ConstraintDef,
  part: Part,
  there: readonly number[],
  child: TableDef,
  parent: TableDef,
): boolean {
  if (one.kind === 'check' || one.kind !== part.kind) return false;
  const isSame =
    one.columns.length === part.columns.length &&
    part.columns.every((column, i) => one.columns[i] === there[column]);
  if (!isSame || one.deferrable !== part.deferrable || one.initiallyDeferred !== part.initiallyDeferred)
    return false;
  if (one.kind === 'foreignKey' && part.kind === 'foreignKey')
    return (
      one.targetTableId === part.targetTableId &&
      one.targetColumns.every((column, i) => column === part.targetColumns[i]) &&
      one.onDelete === part.onDelete &&
      one.onUpdate === part.onUpdate &&
      one.match === part.match
    );
  const indexOf = (table: TableDef, key: Part): IndexDef | undefined =>
    key.kind === 'foreignKey' ? undefined : table.indexes.find(({ id }) => id === key.indexId);
  const own = indexOf(child, one);
  const asked = indexOf(parent, part);
  return (
    (own?.nullsNotDistinct === true) === (asked?.nullsNotDistinct === true) &&
    isSameInclude(own, asked, there)
  );
}

/** Makes a constraint of a partition, and the index behind it, part of the partitioned table's. */
export function link(ctx: DdlContext, childId: number, id: number, part: Part): void {
  changeTable(ctx, childId, (draft) => {
    draft.constraints = draft.constraints.map((one) =>
      one.id === id ? { ...one, isLocal: false, parentId: part.id, inheritCount: 1 } : one,
    );
    if (part.kind === 'foreignKey') return;
    const { indexId } = part;
    draft.indexes = draft.indexes.map((index) =>
      index.constraintId === id && indexId !== null ? { ...index, parentId: indexId } : index,
    );
  });
}

function namesOf(table: TableDef, columns: readonly number[]): string[] {
  return columns.map((column) => table.columns[column]?.name ?? '');
}

const LETTERS: Readonly<Record<ForeignKeyAction, ast.FkAction>> = {
  noAction: 'a',
  restrict: 'r',
  cascade: 'c',
  setNull: 'n',
  setDefault: 'd',
};

function foreignKeyNode(
  ctx: DdlContext,
  parent: TableDef,
  key: ForeignKeyConstraint,
  child: TableDef,
): ast.Constraint {
  const target = ctx.catalog.table(key.targetTableId) as TableDef;
  const isTaken = child.constraints.some(({ name }) => name === key.name);
  return {
    ...emptyConstraint('CONSTR_FOREIGN'),
    conname: isTaken ? null : key.name,
    fk_attrs: namesOf(parent, key.columns),
    pktable: rangeVarOf([target.schema, target.name]),
    pk_attrs: namesOf(target, key.targetColumns),
    fk_matchtype: key.match === 'full' ? 'f' : 's',
    fk_upd_action: LETTERS[key.onUpdate],
    fk_del_action: LETTERS[key.onDelete],
    fk_del_set_cols: namesOf(parent, key.deleteSetColumns ?? []),
    deferrable: key.deferrable,
    initdeferred: key.initiallyDeferred,
    skip_validation: !key.validated,
  };
}

/** Whether an index of a partition is what the partitioned table's index asks for. */
export function isSameIndex(index: IndexDef, wanted: IndexDef, there: readonly number[]): boolean {
  return (
    index.method === wanted.method &&
    index.unique === wanted.unique &&
    index.nullsNotDistinct === wanted.nullsNotDistinct &&
    index.predicateSql === wanted.predicateSql &&
    index.keys.length === wanted.keys.length &&
    isSameInclude(index, wanted, there) &&
    wanted.keys.every((key, i) => {
      const own = index.keys[i];
      return (
        own !== undefined &&
        own.column === (key.column < 0 ? key.column : there[key.column]) &&
        own.expressionSql === key.expressionSql &&
        own.descending === key.descending &&
        own.nullsFirst === key.nullsFirst &&
        own.opclass === key.opclass
      );
    })
  );
}

function isSameInclude(
  index: IndexDef | undefined,
  wanted: IndexDef | undefined,
  there: readonly number[],
): boolean {
  const own = index?.include ?? [];
  const asked = wanted?.include ?? [];
  return own.length === asked.length && asked.every((column, i) => own[i] === there[column]);
}

function adoptIndex(ctx: DdlContext, parent: TableDef, childId: number, wanted: IndexDef): void {
  const child = ctx.catalog.table(childId) as TableDef;
  if (isForeignKeyIndex(wanted) || child.indexes.some((index) => index.parentId === wanted.id)) return;
  const there = columnsIn(parent, child);
  const match = child.indexes.find(
    (index) => index.parentId === undefined && !isForeignKeyIndex(index) && isSameIndex(index, wanted, there),
  );
  const draft = TableDraft.of(ctx, child);
  if (match !== undefined) {
    draft.indexes = draft.indexes.map((index) =>
      index === match ? { ...index, parentId: wanted.id } : index,
    );
    ctx.catalog = ctx.catalog.withTable(draft.toDef());
    return;
  }
  const keys = wanted.keys.map((key) => ({
    ...key,
    column: key.column < 0 ? key.column : (there[key.column] as number),
  }));
  const include = wanted.include.map((column) => there[column] as number);
  const made = createIndexTree(ctx, child, {
    ...wanted,
    id: newId(ctx),
    name: chooseCopyName(draft, { keys, include }),
    tableId: child.id,
    root: NO_PAGE,
    keys,
    include,
    comment: null,
    parentId: wanted.id,
  });
  draft.indexes.push(made);
  const next = draft.toDef();
  ctx.catalog = ctx.catalog.withTable(next);
  buildIndex(ctx, next, made);
}

function adoptTriggers(ctx: DdlContext, parent: TableDef, childId: number): void {
  const child = ctx.catalog.table(childId) as TableDef;
  const there = columnsIn(parent, child);
  const made = parent.triggers
    .filter((one) => one.forEach === 'row' && !child.triggers.some(({ parentId }) => parentId === one.id))
    .map((one) => ({
      ...one,
      id: newId(ctx),
      updateColumns: one.updateColumns.map((column) => there[column] as number),
      parentId: one.id,
    }));
  if (made.length === 0) return;
  const names = new Set(made.map(({ name }) => name));
  changeTriggers(ctx, childId, (all) =>
    [...all.filter(({ name }) => !names.has(name)), ...made].sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
}

/** A partition on its own again: what it has stays, as its own; triggers made for the partitioned table go. */
export function disownParts(draft: TableDraft): void {
  draft.constraints = draft.constraints.map(({ parentId, inheritCount, isLocal, ...rest }) =>
    parentId === undefined && rest.kind === 'check'
      ? {
          ...rest,
          ...(inheritCount === undefined ? {} : { inheritCount }),
          ...(isLocal === undefined ? {} : { isLocal }),
        }
      : rest,
  );
  draft.indexes = draft.indexes.map(({ parentId: _, ...index }) => index);
  draft.triggers = draft.triggers.filter((one) => one.parentId === undefined);
}
