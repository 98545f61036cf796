/**
 * Constraint violations, worded as PostgreSQL words them.
 *
 * I1  Values in details are printed with the session's settings (DateStyle and the like), as its results are.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { CheckConstraint, IndexDef, TableDef } from '../../catalog/schema.ts';
import type { SqlType, TypeSettings } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { PartitionRouting } from '../physical.ts';

/** Values in details are cut at this many characters. */
const DETAIL_LENGTH_MAX = 64;

function textOf(value: Datum, type: SqlType, settings: TypeSettings): string {
  if (value === null) return 'null';
  const text = type.output(value, settings);
  return text.length > DETAIL_LENGTH_MAX ? `${text.slice(0, DETAIL_LENGTH_MAX)}...` : text;
}

/** `Failing row contains (1, null, ...).` */
function failingRow(table: TableDef, row: (column: number) => Datum, settings: TypeSettings): string {
  const values = table.columns.flatMap((column, i) =>
    column.isDropped ? [] : [textOf(row(i), column.type, settings)],
  );
  return `Failing row contains (${values.join(', ')}).`;
}

export function notNullViolation(
  table: TableDef,
  column: number,
  row: (column: number) => Datum,
  settings: TypeSettings,
): DecentDbError {
  const { name } = table.columns[column]!;
  return new DecentDbError(
    '23502',
    `null value in column "${name}" of relation "${table.name}" violates not-null constraint`,
    { detail: failingRow(table, row, settings), schema: table.schema, table: table.name, column: name },
  );
}

/** `constraint` null: the row is outside the bounds of a partition. */
export function checkViolation(
  table: TableDef,
  constraint: CheckConstraint | null,
  row: (column: number) => Datum,
  settings: TypeSettings,
): DecentDbError {
  if (constraint === null)
    return new DecentDbError('23514', `new row for relation "${table.name}" violates partition constraint`, {
      detail: failingRow(table, row, settings),
      schema: table.schema,
      table: table.name,
    });
  return new DecentDbError(
    '23514',
    `new row for relation "${table.name}" violates check constraint "${constraint.name}"`,
    {
      detail: failingRow(table, row, settings),
      schema: table.schema,
      table: table.name,
      constraint: constraint.name,
    },
  );
}

/** 23514: no partition takes the row. */
export function routingFailure(
  table: TableDef,
  routing: PartitionRouting,
  key: readonly Datum[],
  settings: TypeSettings,
): DecentDbError {
  const values = key.map((value, i) => textOf(value, routing.key.parts[i]!.type, settings));
  return new DecentDbError('23514', `no partition of relation "${table.name}" found for row`, {
    detail: `Partition key of the failing row contains (${routing.keyNames.join(', ')}) = (${values.join(', ')}).`,
    schema: table.schema,
    table: table.name,
  });
}

/** 44000: a row written through a view WITH CHECK OPTION that the view would not show. */
export function viewCheckViolation(
  table: TableDef,
  view: string,
  row: (column: number) => Datum,
  settings: TypeSettings,
): DecentDbError {
  return new DecentDbError('44000', `new row violates check option for view "${view}"`, {
    detail: failingRow(table, row, settings),
  });
}

/** `Key (a, b)=(1, x) already exists.` */
export function uniqueViolation(
  table: TableDef,
  constraint: string,
  names: readonly string[],
  values: readonly Datum[],
  types: readonly SqlType[],
  settings: TypeSettings,
): DecentDbError {
  return new DecentDbError('23505', `duplicate key value violates unique constraint "${constraint}"`, {
    detail: `Key (${names.join(', ')})=(${values.map((value, i) => textOf(value, types[i]!, settings)).join(', ')}) already exists.`,
    schema: table.schema,
    table: table.name,
    constraint,
  });
}

/** Names of an index's key columns as details show them. */
export function indexKeyNames(table: TableDef, index: IndexDef): string[] {
  return index.keys.map((key) =>
    key.column >= 0 ? table.columns[key.column]!.name : (key.expressionSql ?? 'expression'),
  );
}

/** The violated key of a foreign key, seen from the referring table. */
export function missingParent(
  table: TableDef,
  constraint: string,
  columns: readonly number[],
  values: readonly Datum[],
  parent: TableDef,
  settings: TypeSettings,
): DecentDbError {
  return new DecentDbError(
    '23503',
    `insert or update on table "${table.name}" violates foreign key constraint "${constraint}"`,
    {
      detail: `Key ${keyText(table, columns, values, settings)} is not present in table "${parent.name}".`,
      schema: table.schema,
      table: table.name,
      constraint,
    },
  );
}

/** A row still referred to is deleted or its key changed. */
export function stillReferenced(
  parent: TableDef,
  columns: readonly number[],
  values: readonly Datum[],
  constraint: string,
  child: TableDef,
  isRestrict: boolean,
  settings: TypeSettings,
): DecentDbError {
  const rule = isRestrict ? 'RESTRICT setting of foreign key constraint' : 'foreign key constraint';
  return new DecentDbError(
    isRestrict ? '23001' : '23503',
    `update or delete on table "${parent.name}" violates ${rule} "${constraint}" on table "${child.name}"`,
    {
      detail: `Key ${keyText(parent, columns, values, settings)} is ${isRestrict ? '' : 'still '}referenced from table "${child.name}".`,
      schema: child.schema,
      table: child.name,
      constraint,
    },
  );
}

/** MATCH FULL with some but not all columns NULL. */
export function mixedNullKey(table: TableDef, constraint: string): DecentDbError {
  return new DecentDbError(
    '23503',
    `insert or update on table "${table.name}" violates foreign key constraint "${constraint}"`,
    {
      detail: 'MATCH FULL does not allow mixing of null and nonnull key values.',
      schema: table.schema,
      table: table.name,
      constraint,
    },
  );
}

/** `(a, b)=(1, x)`. */
export function keyText(
  table: TableDef,
  columns: readonly number[],
  values: readonly Datum[],
  settings: TypeSettings,
): string {
  const names = columns.map((column) => table.columns[column]!.name);
  const texts = values.map((value, i) => textOf(value, table.columns[columns[i]!]!.type, settings));
  return `(${names.join(', ')})=(${texts.join(', ')})`;
}
