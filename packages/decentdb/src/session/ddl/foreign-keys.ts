/**
 * FOREIGN KEY definitions: what they refer to, whether that is a key, whether the types can be compared.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { joinColumnNames } from '../../catalog/names.ts';
import type { ColumnDef, ForeignKeyAction, ForeignKeyConstraint, TableDef } from '../../catalog/schema.ts';
import { canCoerce } from '../../functions/coercion.ts';
import { tryResolveOperator } from '../../functions/resolve.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { writtenName } from '../../sql/bind/relations.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import { KEY_COLUMNS_MAX } from './constraint-defs.ts';
import type { TableDraft } from './table-draft.ts';
import { lookUp, newId } from './work.ts';

const ACTIONS: Readonly<Record<ast.FkAction, ForeignKeyAction>> = {
  '': 'noAction',
  a: 'noAction',
  r: 'restrict',
  c: 'cascade',
  n: 'setNull',
  d: 'setDefault',
};

export function addForeignKey(draft: TableDraft, node: ast.Constraint): ForeignKeyConstraint {
  const target = targetTable(draft, node.pktable as ast.RangeVar);
  if (target.isTemporary !== draft.isTemporary)
    throw new DecentDbError(
      '42P16',
      draft.isTemporary
        ? 'constraints on temporary tables may reference only temporary tables'
        : 'constraints on permanent tables may reference only permanent tables',
    );
  if (node.fk_with_period || node.pk_with_period) throw bindNotSupported('PERIOD', node.location);
  if (node.fk_matchtype === 'p') throw bindError('0A000', 'MATCH PARTIAL not yet implemented', node.location);
  if (node.fk_attrs.length > KEY_COLUMNS_MAX)
    throw new DecentDbError('54011', `cannot have more than ${KEY_COLUMNS_MAX} keys in a foreign key`);
  const columns = node.fk_attrs.map((name) => keyColumn(draft.columns, name));
  if (columns.some((column) => draft.columns[column]?.generated != null)) refuseSettingActions(node);
  const targetColumns =
    node.pk_attrs.length > 0
      ? node.pk_attrs.map((name) => keyColumn(target.columns, name))
      : primaryKeyOf(target);
  requireKey(target, targetColumns, node.pk_attrs.length === 0);
  if (columns.length !== targetColumns.length)
    throw new DecentDbError('42830', 'number of referencing and referenced columns for foreign key disagree');
  const name = node.conname ?? draft.chooseName(joinColumnNames(node.fk_attrs), 'fkey');
  if (node.conname !== null) draft.checkConstraintName(name);
  checkTypes(draft, target, columns, targetColumns, name);
  const constraint: ForeignKeyConstraint = {
    kind: 'foreignKey',
    id: newId(draft.ctx),
    name,
    deferrable: node.deferrable,
    initiallyDeferred: node.initdeferred,
    validated: !node.skip_validation,
    comment: null,
    columns,
    targetTableId: target.id,
    targetColumns,
    onDelete: ACTIONS[node.fk_del_action],
    onUpdate: ACTIONS[node.fk_upd_action],
    deleteSetColumns:
      node.fk_del_set_cols.length === 0
        ? null
        : node.fk_del_set_cols.map((column) => setColumn(draft, columns, column)),
    match: node.fk_matchtype === 'f' ? 'full' : 'simple',
  };
  draft.constraints.push(constraint);
  return constraint;
}

/** What is generated cannot be set by a change of what it refers to. */
function refuseSettingActions(node: ast.Constraint): void {
  const isSetting = (action: ast.FkAction): boolean => action === 'n' || action === 'd';
  const isUpdated = isSetting(node.fk_upd_action) || node.fk_upd_action === 'c';
  const clause = isUpdated ? 'ON UPDATE' : isSetting(node.fk_del_action) ? 'ON DELETE' : null;
  if (clause !== null)
    throw new DecentDbError(
      '42601',
      `invalid ${clause} action for foreign key constraint containing generated column`,
    );
}

/** The referenced table; the draft itself when it refers to itself. */
function targetTable(draft: TableDraft, node: ast.RangeVar): TableDef {
  const isSelf =
    node.relname === draft.name && (node.schemaname === null || node.schemaname === draft.schema);
  if (isSelf) return draft.toDef();
  const relation = lookUp(draft.ctx, node);
  if (relation === null) throw new DecentDbError('42P01', `relation "${writtenName(node)}" does not exist`);
  if (relation.kind !== 'table')
    throw new DecentDbError('42809', `referenced relation "${node.relname}" is not a table`);
  return relation.table;
}

function keyColumn(columns: readonly ColumnDef[], name: string): number {
  const position = columns.findIndex((column) => column.name === name && !column.isDropped);
  if (position < 0)
    throw new DecentDbError('42703', `column "${name}" referenced in foreign key constraint does not exist`);
  return position;
}

function setColumn(draft: TableDraft, columns: readonly number[], name: string): number {
  const position = keyColumn(draft.columns, name);
  if (!columns.includes(position))
    throw new DecentDbError(
      '42P10',
      `column "${name}" referenced in ON DELETE SET action must be part of foreign key`,
    );
  return position;
}

function primaryKeyOf(target: TableDef): readonly number[] {
  const key = target.constraints.find((constraint) => constraint.kind === 'primaryKey');
  if (key?.kind !== 'primaryKey')
    throw new DecentDbError('42704', `there is no primary key for referenced table "${target.name}"`);
  return key.columns;
}

/** 42830 unless the columns, in some order, are a primary key, a unique constraint or a plain unique index. */
function requireKey(target: TableDef, columns: readonly number[], isImplied: boolean): void {
  const wanted = new Set(columns);
  if (wanted.size !== columns.length)
    throw new DecentDbError('42830', 'foreign key referenced-columns list must not contain duplicates');
  const matches = (key: readonly number[]): boolean =>
    key.length === wanted.size && key.every((column) => wanted.has(column));
  const byConstraint = target.constraints.find(
    (constraint) =>
      (constraint.kind === 'primaryKey' || constraint.kind === 'unique') && matches(constraint.columns),
  );
  if (byConstraint?.deferrable === true)
    throw new DecentDbError(
      '55000',
      `cannot use a deferrable ${isImplied ? 'primary key' : 'unique constraint'} for referenced table "${target.name}"`,
    );
  const byIndex = target.indexes.some(
    (index) => index.unique && index.predicateSql === null && matches(index.keys.map((key) => key.column)),
  );
  if (byConstraint !== undefined || byIndex) return;
  throw new DecentDbError(
    '42830',
    `there is no unique constraint matching given keys for referenced table "${target.name}"`,
  );
}

/** Types of one family of comparisons, or the referring one becomes the other by itself; as PostgreSQL decides it. */
function canCompare(theirs: SqlType, own: SqlType): boolean {
  if (tryResolveOperator('=', theirs, own) === null) return false;
  if (canCoerce(own, theirs, 'implicit')) return true;
  return FAMILIES.some((family) => family.has(domainBase(own).oid) && family.has(domainBase(theirs).oid));
}

const FAMILIES: readonly ReadonlySet<number>[] = [
  new Set([Oid.int2, Oid.int4, Oid.int8]),
  new Set([Oid.float4, Oid.float8]),
  new Set([Oid.date, Oid.timestamp, Oid.timestamptz]),
  new Set([Oid.text, Oid.varchar, Oid.name]),
];

/** Foreign keys from or to a column, with the tables that have them. */
export function keysWithColumn(
  catalog: Catalog,
  tableId: number,
  column: number,
): (readonly [TableDef, ForeignKeyConstraint])[] {
  const found: (readonly [TableDef, ForeignKeyConstraint])[] = [];
  for (const table of catalog.tables.values())
    for (const one of table.constraints) {
      if (one.kind !== 'foreignKey') continue;
      const isOwn = table.id === tableId && one.columns.includes(column);
      if (isOwn || (one.targetTableId === tableId && one.targetColumns.includes(column)))
        found.push([table, one]);
    }
  return found;
}

/** 42804 when the types of a key have become such that nobody could have declared it. */
export function checkKeyTypes(catalog: Catalog, table: TableDef, key: ForeignKeyConstraint): void {
  const target = catalog.table(key.targetTableId);
  if (target !== undefined) checkTypes(table, target, key.columns, key.targetColumns, key.name);
}

function checkTypes(
  draft: Pick<TableDef, 'columns'>,
  target: TableDef,
  columns: readonly number[],
  targetColumns: readonly number[],
  name: string,
): void {
  for (const [i, position] of columns.entries()) {
    const own = draft.columns[position] as ColumnDef;
    const theirs = target.columns[targetColumns[i] as number] as ColumnDef;
    if (canCompare(theirs.type, own.type)) continue;
    throw new DecentDbError('42804', `foreign key constraint "${name}" cannot be implemented`, {
      detail: `Key columns "${own.name}" of the referencing table and "${theirs.name}" of the referenced table are of incompatible types: ${own.type.sqlName(own.typmod)} and ${theirs.type.sqlName(theirs.typmod)}.`,
    });
  }
}
