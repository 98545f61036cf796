/**
 * Values of a composite type whose attributes change: the rows of the tables that hold them are written anew.
 *
 * I1  Fields lie in a value by position: every column that holds such values, alone, in arrays, domains or other rows, is converted in
 *     the statement that changes the type.
 * I2  What is stored as text and may mean something else afterwards (views, bodies, defaults, expressions that name an attribute) is
 *     not rewritten: the change is refused (0A000).
 */
import { DecentDbError } from '../../base/errors.ts';
import type { CompositeForm, TableDef, TypeDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import { makeRow, rowFields } from '../../exec/row-value.ts';
import { SqlArray } from '../../types/array.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { keptValues, replaceTable } from './alter-row-id.ts';
import type { DdlContext } from './context.ts';
import { type Dropped, dependantsOf, describe, routinesOn, viewsOn } from './dependencies.ts';
import { readTable, rewriteTable } from './storage.ts';

export interface AttributeChange {
  readonly def: TypeDef;
  readonly fields: CompositeForm['fields'];
  /** Where each of the fields is now; -1 for a new one. */
  readonly from: readonly number[];
  /** The attribute that goes, or gets another name. */
  readonly name: string | null;
}

type Convert = (value: Datum) => Datum;

/** Whether values of the type hold values of the type `id`. */
export function isMadeOf(type: SqlType, id: number): boolean {
  if (type.oid === id) return true;
  const parts = [type.elementType, type.baseType, type.rangeSubtype, type.multirangeOf];
  if (parts.some((part) => part !== null && isMadeOf(part, id))) return true;
  return type.fields?.some((field) => isMadeOf(field.type, id)) === true;
}

/** Puts the type's new attributes into the catalogue and its values into that shape. */
export function changeAttributes(ctx: DdlContext, change: AttributeChange): void {
  const { def, fields, from } = change;
  refuseUses(ctx, change);
  const isMoved = from.length !== oldFields(def).length || from.some((at, i) => at !== i);
  const tables = isMoved ? [...ctx.catalog.tables.values()].filter((table) => holds(table, def.id)) : [];
  const catalog = ctx.catalog.withType({ ...def, form: { kind: 'composite', fields } });
  const rewritten = tables.map((table) => rewrite(ctx, table, catalog.table(table.id) as TableDef, change));
  ctx.catalog = catalog;
  for (const table of rewritten) replaceTable(ctx, table);
}

function oldFields({ form }: TypeDef): CompositeForm['fields'] {
  return form.kind === 'composite' ? form.fields : [];
}

function holds(table: TableDef, id: number): boolean {
  return table.columns.some(({ type }) => isMadeOf(type, id));
}

function rewrite(ctx: DdlContext, table: TableDef, next: TableDef, change: AttributeChange): TableDef {
  const read = readTable(ctx, table);
  const values = keptValues(read, table).map((value, i): Expr | null => {
    const type = table.columns[i]?.type as SqlType;
    const convert = value === null ? null : conversion(type, change);
    const target = next.columns[i]?.type as SqlType;
    return value === null || convert === null ? value : converted(value, target, convert);
  });
  return rewriteTable(ctx, table, next, read, values);
}

function converted(value: Expr, type: SqlType, convert: Convert): Expr {
  const fn = {
    name: 'with_changed_attributes',
    args: [value.type.oid],
    returns: type.oid,
    strict: true,
    volatility: 'immutable' as const,
    eval: (_context: unknown, datum: Datum): Datum => convert(datum),
    description: 'A value in the shape its type is to have.',
  };
  return { kind: 'call', fn, args: [value], type, typmod: value.typmod, location: -1 };
}

/** How a value of the type gets its new shape; null where there is nothing of the changed type in it. */
function conversion(type: SqlType, change: AttributeChange): Convert | null {
  const base = domainBase(type);
  if (base.oid === change.def.id)
    return (value) => makeRow(change.from.map((at) => rowFields(value)[at] ?? null));
  if (base.elementType !== null) {
    const convert = conversion(base.elementType, change);
    if (convert === null) return null;
    return (value) => {
      const { elements, lengths, lowerBounds } = value as unknown as SqlArray;
      const next = elements.map((item) => (item === null ? null : convert(item)));
      return new SqlArray(next, lengths, lowerBounds) as unknown as Datum;
    };
  }
  const parts = base.fields?.map((field) => conversion(field.type, change)) ?? [];
  if (parts.every((part) => part === null)) return null;
  return (value) =>
    makeRow(
      rowFields(value).map((item, i) => {
        const convert = parts[i] ?? null;
        return item === null || convert === null ? item : convert(item);
      }),
    );
}

function inUse(def: TypeDef, user: string): DecentDbError {
  return new DecentDbError('0A000', `cannot alter type "${def.name}" because ${user} uses it`);
}

/** What goes with a type, or is converted with it. */
const FOLLOWS: ReadonlySet<Dropped['kind']> = new Set<Dropped['kind']>([
  'column',
  'attribute',
  'type',
  'table',
]);

/** I2. */
function refuseUses(ctx: DdlContext, change: AttributeChange): void {
  const { def } = change;
  const { catalog } = ctx;
  for (const type of catalog.types.values()) {
    if (!isMadeOf(catalog.userTypes.resolve(type.id), def.id)) continue;
    const { form } = type;
    if (
      form.kind === 'range' ||
      form.kind === 'multirange' ||
      (form.kind === 'domain' && (form.checks.length > 0 || form.defaultSql !== null))
    )
      throw inUse(def, describe(ctx, { kind: 'type', type }));
    const user = dependantsOf(catalog, { kind: 'type', type }).find(({ kind }) => !FOLLOWS.has(kind));
    if (user !== undefined) throw inUse(def, describe(ctx, user));
  }
  for (const table of catalog.tables.values())
    for (const [position, { type, isDropped }] of table.columns.entries())
      if (!isDropped && isMadeOf(type, def.id)) refuseUsesOf(ctx, change, table, position);
}

function refuseUsesOf(ctx: DdlContext, change: AttributeChange, table: TableDef, position: number): void {
  const { catalog } = ctx;
  const [user] = [...viewsOn(catalog, table.id, position), ...routinesOn(catalog, table.id, position)];
  if (user !== undefined) throw inUse(change.def, describe(ctx, user));
  const column = table.columns[position];
  if (column?.defaultSql != null && column.generated === null)
    throw inUse(change.def, describe(ctx, { kind: 'default', table, column: position }));
  if (table.partitionKey?.parts.some((part) => part.column === position) === true)
    throw inUse(change.def, `the partition key of table ${table.name}`);
  const { name } = change;
  if (name !== null && textsOf(table).some((sql) => sql.includes(name.replaceAll('"', '""'))))
    throw inUse(change.def, `an expression of table ${table.name}`);
}

/** All that is stored as text with a table. */
function textsOf(table: TableDef): readonly string[] {
  const texts = [
    ...table.columns.map((column) => column.defaultSql),
    ...table.constraints.map((one) => (one.kind === 'check' ? one.sql : null)),
    ...table.indexes.flatMap((index) => [index.predicateSql, ...index.keys.map((key) => key.expressionSql)]),
    ...table.triggers.map((trigger) => trigger.whenSql),
    ...(table.partitionKey?.parts.map((part) => part.expressionSql) ?? []),
  ];
  return texts.filter((text): text is string => text !== null);
}
