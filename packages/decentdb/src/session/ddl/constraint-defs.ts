/**
 * Table constraints: PRIMARY KEY, UNIQUE, CHECK, FOREIGN KEY as definitions, with PostgreSQL's names and refusals.
 *
 * I1  A primary key of one int4 or int8 column that is not deferrable is the row id: no index. Every other key has a unique
 *     index of the same name.
 */
import { DecentDbError } from '../../base/errors.ts';
import { NO_PAGE } from '../../base/ids.ts';
import { joinColumnNames } from '../../catalog/names.ts';
import type { CheckConstraint, ColumnDef, IndexDef, IndexKey, KeyConstraint } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { Level } from '../../sql/bind/level.ts';
import { requireEqualityOf } from '../../sql/bind/operator-lookup.ts';
import { BindState } from '../../sql/bind/state.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { bindCheck } from './expressions.ts';
import { distinctNames } from './index-names.ts';
import { requirePartitionColumns } from './partition-key.ts';
import { storedText } from './stored-text.ts';
import type { TableDraft } from './table-draft.ts';
import { envOf, newId } from './work.ts';

/** PostgreSQL's INDEX_MAX_KEYS. */
export const KEY_COLUMNS_MAX = 32;

/** Adds a PRIMARY KEY or UNIQUE constraint; returns its index to be built, or null when it is the row id or merged away. */
export function addKey(draft: TableDraft, node: ast.Constraint): IndexDef | null {
  const isPrimary = node.contype === 'CONSTR_PRIMARY';
  if (node.without_overlaps) throw bindNotSupported('WITHOUT OVERLAPS', node.location);
  if (node.indexname !== null) throw bindNotSupported('USING INDEX', node.location);
  if (isPrimary && draft.constraints.some((constraint) => constraint.kind === 'primaryKey'))
    throw bindError(
      '42P16',
      `multiple primary keys for table "${draft.name}" are not allowed`,
      node.location,
    );
  const columns = keyColumns(draft, node, isPrimary);
  requirePartitionColumns(draft, columns, isPrimary ? 'PRIMARY KEY' : 'UNIQUE');
  const isNewTable = draft.root === NO_PAGE;
  if (isNewTable && !isPrimary && isMerged(draft, columns, node)) return null;
  const name = constraintName(
    draft,
    node,
    isPrimary ? null : joinColumnNames(distinctNames([...node.keys, ...node.including])),
    isPrimary ? 'pkey' : 'key',
  );
  const id = newId(draft.ctx);
  if (isPrimary) for (const column of columns) draft.setColumn(column, { notNull: true });
  const isRowId = isPrimary && isRowIdKey(draft, columns, node);
  const index = isRowId ? null : keyIndex(draft, node, id, name, columns);
  const constraint: KeyConstraint = {
    kind: isPrimary ? 'primaryKey' : 'unique',
    id,
    name,
    deferrable: node.deferrable,
    initiallyDeferred: node.initdeferred,
    validated: true,
    comment: null,
    columns,
    indexId: index?.id ?? null,
  };
  draft.constraints.push(constraint);
  if (isRowId) draft.rowIdColumn = columns[0] as number;
  else if (index !== null) draft.indexes.push(index);
  return index;
}

function constraintName(
  draft: TableDraft,
  node: ast.Constraint,
  columns: string | null,
  label: string,
): string {
  if (node.conname === null) {
    const chosen = draft.chooseName(columns, label);
    draft.chosenNames.add(chosen);
    return chosen;
  }
  draft.checkConstraintName(node.conname);
  if (label !== 'check' && label !== 'fkey' && draft.isTaken(node.conname))
    throw new DecentDbError('42P07', `relation "${node.conname}" already exists`);
  return node.conname;
}

function keyColumns(draft: TableDraft, node: ast.Constraint, isPrimary: boolean): number[] {
  const columns: number[] = [];
  for (const key of node.keys) {
    const position = draft.findColumn(key);
    if (position < 0) throw bindError('42703', `column "${key}" named in key does not exist`, node.location);
    if (columns.includes(position))
      throw bindError(
        '42701',
        `column "${key}" appears twice in ${isPrimary ? 'primary key' : 'unique'} constraint`,
        node.location,
      );
    columns.push(position);
  }
  if (columns.length + node.including.length > KEY_COLUMNS_MAX)
    throw new DecentDbError('54011', `cannot use more than ${KEY_COLUMNS_MAX} columns in an index`);
  return columns;
}

/** In CREATE TABLE a UNIQUE that says what another key says adds nothing but its name, where the other has none of its own. */
function isMerged(draft: TableDraft, columns: readonly number[], node: ast.Constraint): boolean {
  const include = node.including.map((column) => draft.requireColumn(column));
  const isSame = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((column, i) => column === b[i]);
  for (const [at, key] of draft.constraints.entries()) {
    if (key.kind !== 'primaryKey' && key.kind !== 'unique') continue;
    if (key.deferrable !== node.deferrable || key.initiallyDeferred !== node.initdeferred) continue;
    const index = draft.indexes.find(({ id }) => id === key.indexId);
    if ((index?.nullsNotDistinct ?? false) !== node.nulls_not_distinct) continue;
    if (!isSame(key.columns, columns) || !isSame(index?.include ?? [], include)) continue;
    const name = node.conname;
    if (name === null || !draft.chosenNames.delete(key.name)) return true;
    if (draft.isTaken(name)) throw new DecentDbError('42P07', `relation "${name}" already exists`);
    draft.constraints[at] = { ...key, name };
    draft.indexes = draft.indexes.map((one) => (one === index ? { ...one, name } : one));
    return true;
  }
  return false;
}

function isRowIdKey(draft: TableDraft, columns: readonly number[], node: ast.Constraint): boolean {
  const [only, ...others] = columns;
  // A partitioned table has no rows: the key is each partition's.
  if (draft.family.partitionKey !== undefined) return false;
  if (only === undefined || others.length > 0 || node.deferrable || node.including.length > 0) return false;
  const { type, generated } = draft.columns[only] as ColumnDef;
  return generated === null && (type.oid === Oid.int4 || type.oid === Oid.int8);
}

/** 0A000 for texts that are equal with blanks at their end and without, and kept as they came: a unique index would take both. */
export function requireDistinctForm(type: SqlType, typmod: number): void {
  if (type.oid !== Oid.bpchar || typmod >= 0) return;
  throw new DecentDbError('0A000', 'a unique key of type character without a length is not supported', {
    hint: 'Give it a length, character(n), or use text.',
  });
}

/** The index of a key. */
export function keyIndex(
  draft: TableDraft,
  node: Pick<ast.Constraint, 'nulls_not_distinct' | 'including'>,
  constraintId: number,
  name: string,
  columns: readonly number[],
): IndexDef {
  const level = new Level(new BindState(envOf(draft.ctx)), null);
  const keys = columns.map((column): IndexKey => {
    const { type, typmod } = draft.columns[column] as ColumnDef;
    requireEqualityOf(level, type, -1);
    requireDistinctForm(type, typmod);
    return { column, expressionSql: null, type, descending: false, nullsFirst: false, opclass: null };
  });
  return {
    id: newId(draft.ctx),
    name,
    tableId: draft.id,
    method: 'btree',
    root: NO_PAGE,
    unique: true,
    nullsNotDistinct: node.nulls_not_distinct,
    keys,
    include: node.including.map((column) => draft.requireColumn(column)),
    predicateSql: null,
    constraintId,
    options: {},
    comment: null,
  };
}

/** Adds a CHECK constraint, bound against the draft as it stands. */
export function addCheck(draft: TableDraft, node: ast.Constraint, ofColumn: string | null): CheckConstraint {
  const expr = node.raw_expr as ast.Expr;
  const bound = bindCheck(draft.ctx, draft.toDef(), expr);
  const [only, ...others] = bound.columns;
  const single = only !== undefined && others.length === 0 ? (draft.columns[only]?.name ?? null) : null;
  const name = constraintName(draft, node, single ?? (bound.columns.length === 0 ? ofColumn : null), 'check');
  const constraint: CheckConstraint = {
    kind: 'check',
    id: newId(draft.ctx),
    name,
    deferrable: false,
    initiallyDeferred: false,
    validated: !node.skip_validation && node.is_enforced,
    comment: null,
    ...(node.is_no_inherit ? { isNoInherit: true } : {}),
    sql: storedText(draft.ctx, expr),
  };
  draft.constraints.push(constraint);
  return constraint;
}
