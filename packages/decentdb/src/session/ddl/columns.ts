/**
 * Column definitions: type, NOT NULL, DEFAULT, GENERATED, IDENTITY and serial.
 *
 * I1  Key, CHECK and FOREIGN KEY constraints written at a column are handed back, as if written for the table.
 */

import { DecentDbError } from '../../base/errors.ts';
import { plainColumn } from '../../catalog/plain-column.ts';
import type { ColumnDef, SequenceDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { checkCollation } from '../../sql/bind/casts.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { resolveTypeName, type TypeWithMod } from '../../sql/bind/type-names.ts';
import { quoteIdentifier, quoteString } from '../../sql/print/quote.ts';
import { int2Type, int4Type, int8Type } from '../../types/integer-types.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { DdlContext } from './context.ts';
import { checkDefault, nullDefault } from './expressions.ts';
import { createOwnedSequence } from './sequences.ts';
import { sequenceOfDefault, storedText } from './stored-text.ts';
import type { TableDraft } from './table-draft.ts';
import { envOf } from './work.ts';

/** PostgreSQL's MaxHeapAttributeNumber. */
export const COLUMNS_MAX = 1600;

export const SYSTEM_COLUMNS: ReadonlySet<string> = new Set([
  'tableoid',
  'xmin',
  'cmin',
  'xmax',
  'cmax',
  'ctid',
]);

const SERIAL_TYPES: Readonly<Record<string, SqlType>> = {
  serial: int4Type,
  serial4: int4Type,
  bigserial: int8Type,
  serial8: int8Type,
  smallserial: int2Type,
  serial2: int2Type,
};

/** Adds a column to the draft; returns the constraints that belong to the table. */
export function addColumn(draft: TableDraft, node: ast.ColumnDef): ast.Constraint[] {
  if (draft.findColumn(node.colname) >= 0)
    throw new DecentDbError('42701', `column "${node.colname}" specified more than once`);
  if (SYSTEM_COLUMNS.has(node.colname))
    throw new DecentDbError('42701', `column name "${node.colname}" conflicts with a system column name`);
  if (draft.columns.length >= COLUMNS_MAX)
    throw new DecentDbError('54011', `tables can have at most ${COLUMNS_MAX} columns`);
  const serial = serialType(node);
  const { type, typmod } = serial === null ? columnType(draft, node) : { type: serial, typmod: -1 };
  const position = draft.columns.length;
  draft.columns.push({ ...plainColumn(node.colname, position + 1, type, typmod), notNull: serial !== null });
  if (serial !== null) addSerial(draft, position, serial);
  return applyColumnConstraints(draft, position, node);
}

/** The type behind serial and its kin; null for every other column. */
export function serialType(node: ast.ColumnDef): SqlType | null {
  const names = node.typeName?.names ?? [];
  const name = names.length === 1 ? (names[0] as string) : '';
  const serial = SERIAL_TYPES[name] ?? null;
  if (serial !== null && node.typeName !== null && node.typeName.arrayBounds.length > 0)
    throw bindError('0A000', 'array of serial is not implemented', node.typeName.location);
  return serial;
}

export function columnType(draft: TableDraft, node: ast.ColumnDef): TypeWithMod {
  const found = resolveTypeName(envOf(draft.ctx), node.typeName as ast.TypeName);
  if (found.type.kind === 'pseudo')
    throw new DecentDbError('42P16', `column "${node.colname}" has pseudo-type ${found.type.sqlName(-1)}`);
  requireStorable(draft.ctx, found.type, node.location);
  if (node.collClause !== null)
    checkCollation(node.collClause.collname.at(-1) as string, node.collClause.location);
  return found;
}

/** A stored row of a table's type would have to change with the table. */
export function requireStorable(ctx: DdlContext, type: SqlType, location: number): void {
  const { tables, views } = ctx.catalog;
  const id = type.elementType?.oid ?? type.oid;
  if (tables.has(id) || views.has(id))
    throw bindNotSupported('storing rows of a table or view in a column', location);
}

/** serial: NOT NULL, and the next value of a sequence the column owns. */
function addSerial(draft: TableDraft, position: number, type: SqlType): void {
  const sequence = createOwnedSequence(draft, position, type, []);
  draft.setColumn(position, { sequenceId: sequence.id, defaultSql: nextValueSql(sequence) });
}

/** The default as catalogues show it. */
export function nextValueSql(sequence: SequenceDef): string {
  const own = quoteIdentifier(sequence.name);
  const name = sequence.schema === 'public' ? own : `${quoteIdentifier(sequence.schema)}.${own}`;
  return `nextval(${quoteString(name)}::regclass)`;
}

interface Seen {
  nullability: boolean | null;
  hasDefault: boolean;
}

/** Applies what is written at a column; returns the constraints that belong to the table. */
export function applyColumnConstraints(
  draft: TableDraft,
  position: number,
  node: ast.ColumnDef,
): ast.Constraint[] {
  const forTable: ast.Constraint[] = [];
  const seen: Seen = { nullability: null, hasDefault: draft.columns[position]?.sequenceId !== null };
  const constraints = withAttributes(node.constraints);
  for (const constraint of constraints) {
    switch (constraint.contype) {
      case 'CONSTR_NULL':
      case 'CONSTR_NOTNULL':
        setNullability(draft, position, seen, constraint);
        break;
      case 'CONSTR_DEFAULT':
        noSecondDefault(draft, position, seen, constraint);
        setDefault(draft, position, constraint.raw_expr as ast.Expr);
        break;
      case 'CONSTR_GENERATED':
        noSecondDefault(draft, position, seen, constraint);
        draft.generatedNodes.set(position, constraint.raw_expr as ast.Expr);
        draft.setColumn(position, {
          generated: constraint.generated_kind === 's' ? 'stored' : 'virtual',
          defaultSql: storedText(draft.ctx, constraint.raw_expr as ast.Expr),
        });
        break;
      case 'CONSTR_IDENTITY':
        noSecondDefault(draft, position, seen, constraint);
        if (seen.nullability === false) throw conflicting(draft, position, constraint);
        seen.nullability = true;
        setIdentity(draft, position, constraint);
        break;
      case 'CONSTR_PRIMARY':
      case 'CONSTR_UNIQUE':
        forTable.push({ ...constraint, keys: [node.colname] });
        break;
      case 'CONSTR_FOREIGN':
        forTable.push({ ...constraint, fk_attrs: [node.colname] });
        break;
      case 'CONSTR_CHECK':
        forTable.push(constraint);
        break;
      default:
        throw bindNotSupported('this column constraint', constraint.location);
    }
  }
  return forTable;
}

/** DEFERRABLE and its like, written as entries of their own, put on the constraint before them. */
export function withAttributes(list: readonly ast.Constraint[]): ast.Constraint[] {
  const merged: ast.Constraint[] = [];
  // The constraint at hand is NOT DEFERRABLE by its own words.
  let isFixed = false;
  for (const item of list) {
    const last = merged.at(-1);
    const change = attributeOf(item.contype);
    if (change === null) {
      merged.push(item);
      isFixed = false;
    } else if (last === undefined) throw bindError('42601', `misplaced ${change.name} clause`, item.location);
    else {
      if (item.contype === 'CONSTR_ATTR_NOT_DEFERRABLE') isFixed = true;
      const one = { ...last, ...change.fields };
      if (isFixed && one.initdeferred)
        throw bindError('42601', 'constraint declared INITIALLY DEFERRED must be DEFERRABLE', item.location);
      merged[merged.length - 1] = one;
    }
  }
  return merged;
}

function attributeOf(
  type: ast.ConstrType,
): { readonly name: string; readonly fields: Partial<ast.Constraint> } | null {
  switch (type) {
    case 'CONSTR_ATTR_DEFERRABLE':
      return { name: 'DEFERRABLE', fields: { deferrable: true } };
    case 'CONSTR_ATTR_NOT_DEFERRABLE':
      return { name: 'NOT DEFERRABLE', fields: { deferrable: false } };
    case 'CONSTR_ATTR_DEFERRED':
      return { name: 'INITIALLY DEFERRED', fields: { deferrable: true, initdeferred: true } };
    case 'CONSTR_ATTR_IMMEDIATE':
      return { name: 'INITIALLY IMMEDIATE', fields: { initdeferred: false } };
    case 'CONSTR_ATTR_ENFORCED':
      return { name: 'ENFORCED', fields: {} };
    case 'CONSTR_ATTR_NOT_ENFORCED':
      return { name: 'NOT ENFORCED', fields: { is_enforced: false } };
    default:
      return null;
  }
}

function setNullability(draft: TableDraft, position: number, seen: Seen, constraint: ast.Constraint): void {
  const notNull = constraint.contype === 'CONSTR_NOTNULL';
  const column = draft.columns[position] as ColumnDef;
  const conflict = seen.nullability !== null && seen.nullability !== notNull;
  if (conflict || (!notNull && column.notNull)) throw conflicting(draft, position, constraint);
  seen.nullability = notNull;
  draft.setColumn(position, { notNull });
}

function conflicting(draft: TableDraft, position: number, { location }: ast.Constraint): DecentDbError {
  const name = draft.columns[position]?.name;
  return bindError(
    '42601',
    `conflicting NULL/NOT NULL declarations for column "${name}" of table "${draft.name}"`,
    location,
  );
}

function noSecondDefault(draft: TableDraft, position: number, seen: Seen, constraint: ast.Constraint): void {
  const { name, identity } = draft.columns[position] as ColumnDef;
  const isIdentity = constraint.contype === 'CONSTR_IDENTITY';
  const what =
    identity === null && !(isIdentity && seen.hasDefault)
      ? 'multiple default values'
      : `${isIdentity && identity !== null ? 'multiple identity specifications' : 'both default and identity'}`;
  if (seen.hasDefault)
    throw bindError(
      '42601',
      `${what} specified for column "${name}" of table "${draft.name}"`,
      constraint.location,
    );
  seen.hasDefault = true;
}

/** Checks and stores a DEFAULT. */
export function setDefault(draft: TableDraft, position: number, node: ast.Expr): void {
  draft.setColumn(position, newDefault(draft.ctx, draft.columns[position] as ColumnDef, node));
}

/** A checked DEFAULT as it is stored; NULL is no default at all, but where a domain may have one. */
export function newDefault(
  ctx: DdlContext,
  column: ColumnDef,
  node: ast.Expr,
): Pick<ColumnDef, 'defaultSql' | 'sequenceId'> {
  const isNull = checkDefault(ctx, column, node);
  const sequence = sequenceOfDefault(ctx, node);
  const text = sequence === null ? storedText(ctx, node) : nextValueSql(sequence);
  return {
    defaultSql: isNull && column.type.kind !== 'domain' ? nullDefault(column) : text,
    sequenceId: sequence?.id ?? null,
  };
}

function setIdentity(draft: TableDraft, position: number, constraint: ast.Constraint): void {
  addIdentity(
    draft,
    position,
    constraint.generated_when === 'a' ? 'always' : 'byDefault',
    constraint.options,
  );
}

/** 22023 for a type that no sequence gives values of. */
export function requireIdentityType(type: SqlType): void {
  if (![int2Type.oid, int4Type.oid, int8Type.oid].includes(type.oid))
    throw new DecentDbError('22023', 'identity column type must be smallint, integer, or bigint');
}

export function addIdentity(
  draft: TableDraft,
  position: number,
  identity: 'always' | 'byDefault',
  options: readonly ast.DefElem[],
): void {
  const column = draft.columns[position] as ColumnDef;
  requireIdentityType(column.type);
  const sequence = createOwnedSequence(draft, position, column.type, options);
  draft.setColumn(position, { identity, sequenceId: sequence.id, notNull: true, defaultSql: null });
}
