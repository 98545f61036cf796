/**
 * ATTACH and DETACH PARTITION, INHERIT and NO INHERIT: a table that is there gets or loses a parent.
 *
 * I1  A table that becomes a child has every column and CHECK constraint of its parent already; nothing is added to it but the
 *     parts of a partition (partition-parts.ts).
 * I2  Its rows satisfy the bound before it is a partition.
 */
import { DecentDbError } from '../../base/errors.ts';
import { columnsIn, descendantsOf, partitionedParent } from '../../catalog/family.ts';
import type { PartitionBound } from '../../catalog/partitioning.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { writtenName } from '../../sql/bind/relations.ts';
import type { DdlContext } from './context.ts';
import { changeTable } from './drop.ts';
import { checkNotReferenced } from './foreign-key-rows.ts';
import { refusePartitioned, requirePartitioned } from './inherit-columns.ts';
import { boundOf, checkBound, checkDefaultPartition, checkPartitionRows } from './partition-bounds.ts';
import { adoptParts, disownParts, isSameIndex, link, serves } from './partition-parts.ts';
import { lookUp, nextVersion, requireTable, searchPathOf } from './work.ts';

export function attachPartition(ctx: DdlContext, parent: TableDef, cmd: ast.PartitionCmd): void {
  requirePartitioned(parent);
  const child = requireTable(ctx, cmd.name);
  if (child.bound !== undefined) throw new DecentDbError('42809', `"${child.name}" is already a partition`);
  if ((child.parents ?? []).length > 0)
    throw new DecentDbError('42809', 'cannot attach inheritance child as partition');
  const isParent = child.partitionKey === undefined && descendantsOf(ctx.catalog, child).length > 0;
  if (isParent) throw new DecentDbError('42809', 'cannot attach inheritance parent as partition');
  refuseCircle(ctx, parent, child);
  if (child.isTemporary !== parent.isTemporary)
    throw new DecentDbError(
      '42809',
      parent.isTemporary
        ? `cannot attach a permanent relation as partition of temporary relation "${parent.name}"`
        : `cannot attach a temporary relation as partition of permanent relation "${parent.name}"`,
    );
  const extra = child.columns.find(
    (column) =>
      !column.isDropped && !parent.columns.some((one) => one.name === column.name && !one.isDropped),
  );
  if (extra !== undefined)
    throw new DecentDbError(
      '42804',
      `table "${child.name}" contains column "${extra.name}" not found in parent "${parent.name}"`,
      { detail: 'The new partition may contain only the columns present in parent.' },
    );
  const spec = cmd.bound as ast.PartitionBoundSpec;
  const bound = boundOf(ctx, parent, spec);
  checkBound(ctx, parent, child.name, bound, spec);
  addParent(ctx, child, parent, bound);
  const attached = ctx.catalog.table(child.id) as TableDef;
  checkPartitionRows(
    ctx,
    attached,
    `partition constraint of relation "${child.name}" is violated by some row`,
  );
  checkDefaultPartition(ctx, parent, child.id);
  adoptParts(ctx, parent.id, child.id);
}

function refuseCircle(ctx: DdlContext, parent: TableDef, child: TableDef): void {
  if (child.id !== parent.id && !descendantsOf(ctx.catalog, child).some(({ id }) => id === parent.id)) return;
  throw new DecentDbError('42P07', 'circular inheritance not allowed', {
    detail: `"${parent.name}" is already a child of "${child.name}".`,
  });
}

/** The child gets its parent; its columns and checks count one parent more. */
function addParent(ctx: DdlContext, child: TableDef, parent: TableDef, bound: PartitionBound | null): void {
  requireColumns(parent, child);
  requireChecks(parent, child);
  changeTable(ctx, child.id, (draft) => {
    draft.family = {
      ...draft.family,
      parents: [...(child.parents ?? []), parent.id],
      ...(bound === null ? {} : { bound }),
    };
    draft.columns = draft.columns.map((column) =>
      !column.isDropped && parent.columns.some((one) => one.name === column.name && !one.isDropped)
        ? {
            ...column,
            inheritCount: (column.inheritCount ?? 0) + 1,
            // A partition's columns are those of its table.
            ...(bound === null ? {} : { isLocal: false, ...identityOf(parent, column.name) }),
          }
        : column,
    );
    draft.constraints = draft.constraints.map((one) =>
      one.kind === 'check' && checksOf(parent).some(({ name }) => name === one.name)
        ? { ...one, inheritCount: (one.inheritCount ?? 0) + 1, ...(bound === null ? {} : { isLocal: false }) }
        : one,
    );
  });
  touch(ctx, parent.id);
}

/** Partitions share the identity column of their table. */
function identityOf(parent: TableDef, name: string): Partial<TableDef['columns'][number]> {
  const theirs = parent.columns.find((one) => one.name === name && !one.isDropped);
  return theirs?.identity == null
    ? {}
    : { identity: theirs.identity, sequenceId: theirs.sequenceId, defaultSql: null };
}

/** Plans that read the table are made anew. */
export function touch(ctx: DdlContext, id: number): void {
  const table = ctx.catalog.table(id);
  if (table !== undefined) ctx.catalog = ctx.catalog.withTable({ ...table, version: nextVersion(ctx) });
}

function checksOf(table: TableDef): Extract<TableDef['constraints'][number], { kind: 'check' }>[] {
  return table.constraints.filter((one) => one.kind === 'check').filter((one) => one.isNoInherit !== true);
}

function requireColumns(parent: TableDef, child: TableDef): void {
  for (const column of parent.columns) {
    if (column.isDropped) continue;
    const own = child.columns.find((one) => one.name === column.name && !one.isDropped);
    if (own === undefined) throw new DecentDbError('42804', `child table is missing column "${column.name}"`);
    const { typmod } = column;
    if (own.type.oid !== column.type.oid || own.typmod !== typmod)
      throw new DecentDbError(
        '42804',
        `child table "${child.name}" has different type for column "${column.name}"`,
      );
    if (column.notNull && !own.notNull)
      throw new DecentDbError(
        '42804',
        `column "${column.name}" in child table "${child.name}" must be marked NOT NULL`,
      );
    if (
      column.generated !== own.generated ||
      (column.generated !== null && column.defaultSql !== own.defaultSql)
    )
      throw new DecentDbError(
        '42804',
        column.generated === null
          ? `column "${column.name}" in child table must not be a generated column`
          : own.generated === null
            ? `column "${column.name}" in child table must be a generated column`
            : `column "${column.name}" in child table "${child.name}" has a conflicting generation expression`,
      );
    if (own.generated === 'virtual') throw bindNotSupported('inheriting a virtual generated column', -1);
  }
}

function requireChecks(parent: TableDef, child: TableDef): void {
  for (const check of checksOf(parent)) {
    const own = child.constraints.find((one) => one.kind === 'check' && one.name === check.name);
    if (own === undefined)
      throw new DecentDbError('42804', `child table is missing constraint "${check.name}"`);
    if (own.kind === 'check' && own.sql !== check.sql)
      throw new DecentDbError(
        '42804',
        `child table "${child.name}" has different definition for check constraint "${check.name}"`,
      );
    if (own.isNoInherit === true)
      throw new DecentDbError(
        '42P17',
        `constraint "${check.name}" conflicts with non-inherited constraint on child table "${child.name}"`,
      );
  }
}

export function detachPartition(ctx: DdlContext, parent: TableDef, cmd: ast.PartitionCmd): void {
  requirePartitioned(parent);
  const child = requireTable(ctx, cmd.name);
  if (child.parents?.includes(parent.id) !== true)
    throw new DecentDbError(
      '42P01',
      `relation "${child.name}" is not a partition of relation "${parent.name}"`,
    );
  checkNotReferenced(ctx, child);
  changeTable(ctx, child.id, (draft) => {
    disownParts(draft);
    loseParent(draft, parent, true);
    const { bound: _, ...family } = draft.family;
    draft.family = family;
  });
  touch(ctx, parent.id);
}

function loseParent(
  draft: Parameters<Parameters<typeof changeTable>[2]>[0],
  parent: TableDef,
  isPartition: boolean,
): void {
  draft.family = {
    ...draft.family,
    parents: (draft.family.parents ?? []).filter((id) => id !== parent.id),
  };
  const less = <T extends { readonly inheritCount?: number; readonly isLocal?: boolean }>(part: T): T => {
    const left = (part.inheritCount ?? 1) - 1;
    const { inheritCount: _, isLocal, ...rest } = part;
    if (left > 0) return { ...part, inheritCount: left };
    void isLocal;
    return rest as T;
  };
  draft.columns = draft.columns.map((column) =>
    column.isDropped || !parent.columns.some((one) => one.name === column.name && !one.isDropped)
      ? column
      : {
          ...less(column),
          ...(isPartition && column.identity !== null ? { identity: null, sequenceId: null } : {}),
        },
  );
  draft.constraints = draft.constraints.map((one) =>
    one.kind === 'check' && checksOf(parent).some(({ name }) => name === one.name) ? less(one) : one,
  );
}

/** ALTER INDEX ... ATTACH PARTITION: a key or index of a partition becomes part of the one of its table. */
export function attachIndex(ctx: DdlContext, whole: IndexDef, parent: TableDef, node: ast.RangeVar): void {
  const path = node.schemaname === null ? searchPathOf(ctx) : [node.schemaname];
  const found = lookUp(ctx, node);
  const keyed = path.map((schema) => ctx.catalog.tableOfRowIdKey(schema, node.relname)).find(Boolean);
  if (found === null && keyed === undefined)
    throw new DecentDbError('42P01', `relation "${writtenName(node)}" does not exist`);
  if (found !== null && found.kind !== 'index')
    throw new DecentDbError('42809', `"${node.relname}" is not an index`);
  const child = (found?.kind === 'index' ? found.table : keyed) as TableDef;
  const cannot = (detail: string, code = '42P17'): DecentDbError =>
    new DecentDbError(code, `cannot attach index "${node.relname}" as a partition of index "${whole.name}"`, {
      detail,
    });
  if (partitionedParent(ctx.catalog, child)?.parent.id !== parent.id)
    throw cannot(`Index "${node.relname}" is not an index on any partition of table "${parent.name}".`);
  const part = parent.constraints.find(
    (one) => one.kind !== 'check' && one.kind !== 'foreignKey' && one.indexId === whole.id,
  );
  if (part !== undefined && part.kind !== 'check') {
    const own = child.constraints.find((one) => one.name === node.relname && one.kind === part.kind);
    if (own === undefined)
      throw cannot(
        `The index "${whole.name}" belongs to a constraint in table "${parent.name}" but no constraint exists for index "${node.relname}".`,
      );
    if (own.parentId === part.id) return;
    if (child.constraints.some(({ parentId }) => parentId === part.id))
      throw cannot(
        `Another index "${child.constraints.find(({ parentId }) => parentId === part.id)?.name}" is already attached for partition "${child.name}".`,
        '55000',
      );
    if (!serves(own, part, columnsIn(parent, child), child, parent))
      throw cannot('The index definitions do not match.');
    link(ctx, child.id, own.id, part);
    return;
  }
  const index = found?.kind === 'index' ? found.index : undefined;
  if (index?.parentId === whole.id) return;
  const other = child.indexes.find(({ parentId }) => parentId === whole.id);
  if (other !== undefined)
    throw cannot(`Another index "${other.name}" is already attached for partition "${child.name}".`, '55000');
  if (index === undefined || !isSameIndex(index, whole, columnsIn(parent, child)))
    throw cannot('The index definitions do not match.');
  changeTable(ctx, child.id, (draft) => {
    draft.indexes = draft.indexes.map((one) => (one.id === index.id ? { ...one, parentId: whole.id } : one));
  });
}

export function addInherit(ctx: DdlContext, child: TableDef, node: ast.RangeVar): void {
  if (child.partitionKey !== undefined)
    throw new DecentDbError('42809', 'cannot change inheritance of partitioned table');
  if (child.bound !== undefined) throw new DecentDbError('42809', 'cannot change inheritance of a partition');
  const parent = requireTable(ctx, node);
  refusePartitioned(parent);
  if (parent.isTemporary && !child.isTemporary)
    throw new DecentDbError('42809', `cannot inherit from temporary relation "${parent.name}"`);
  if (child.parents?.includes(parent.id) === true)
    throw new DecentDbError('42P07', `relation "${parent.name}" would be inherited from more than once`);
  refuseCircle(ctx, parent, child);
  addParent(ctx, child, parent, null);
}

export function dropInherit(ctx: DdlContext, child: TableDef, node: ast.RangeVar): void {
  if (child.bound !== undefined) throw new DecentDbError('42809', 'cannot change inheritance of a partition');
  const parent = requireTable(ctx, node);
  if (child.parents?.includes(parent.id) !== true)
    throw new DecentDbError('42P01', `relation "${parent.name}" is not a parent of relation "${child.name}"`);
  changeTable(ctx, child.id, (draft) => {
    loseParent(draft, parent, false);
  });
  touch(ctx, parent.id);
}
