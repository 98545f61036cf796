/**
 * information_schema's views about constraints.
 *
 * I1  NOT NULL is a check constraint here, named table_column_not_null, as PostgreSQL 18 lists it.
 */
import type { ColumnDef, ConstraintDef, ForeignKeyAction, TableDef } from '../../catalog/schema.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { shownOverRow } from '../../sql/bind/shown-definitions.ts';
import { parseOne } from '../../sql/parse/parse.ts';
import type { Datum } from '../../types/vector.ts';
import { tablesOf, type VirtualContext, view } from './define.ts';
import { domainCheckSql } from './definitions.ts';
import { OWNER_NAME } from './object-ids.ts';

type Row = readonly Datum[];
const DB = OWNER_NAME;
const IS = 'information_schema';

const kinds = {
  primaryKey: 'PRIMARY KEY',
  unique: 'UNIQUE',
  check: 'CHECK',
  foreignKey: 'FOREIGN KEY',
} as const;

function* requiredColumns(table: TableDef): Iterable<ColumnDef> {
  for (const column of table.columns) if (column.notNull && !column.isDropped) yield column;
}

function requiredName(table: TableDef, column: ColumnDef): string {
  return `${table.name}_${column.name}_not_null`;
}

const yesNo = (is: boolean): 'YES' | 'NO' => (is ? 'YES' : 'NO');

function nullsDistinct(table: TableDef, c: ConstraintDef): string | null {
  if (c.kind !== 'unique') return null;
  return yesNo(table.indexes.find((index) => index.id === c.indexId)?.nullsNotDistinct !== true);
}

function* constraintRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context)) {
    const { schema, name } = table;
    for (const c of table.constraints)
      yield [
        DB,
        schema,
        c.name,
        DB,
        schema,
        name,
        kinds[c.kind],
        yesNo(c.deferrable),
        yesNo(c.initiallyDeferred),
        'YES',
        nullsDistinct(table, c),
      ];
    for (const column of requiredColumns(table))
      yield [DB, schema, requiredName(table, column), DB, schema, name, 'CHECK', 'NO', 'NO', 'YES', null];
  }
}

function* checkRows(context: VirtualContext): Iterable<Row> {
  const env = context.bindEnv();
  for (const table of tablesOf(context)) {
    for (const c of table.constraints)
      if (c.kind === 'check') yield [DB, table.schema, c.name, shownOverRow(env, table, c.sql, 'check')];
    for (const column of requiredColumns(table))
      yield [DB, table.schema, requiredName(table, column), `${column.name} IS NOT NULL`];
  }
  for (const { schema, name, form } of context.catalog.types.values()) {
    if (form.kind !== 'domain') continue;
    for (const check of form.checks) yield [DB, schema, check.name, domainCheckSql(env, form, check.sql)];
    if (form.notNull) yield [DB, schema, `${name}_not_null`, 'VALUE IS NOT NULL'];
  }
}

function* keyRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context)) {
    for (const c of table.constraints) {
      if (c.kind === 'check') continue;
      const target = c.kind === 'foreignKey' ? context.catalog.table(c.targetTableId) : undefined;
      const key =
        target === undefined || c.kind !== 'foreignKey' ? undefined : referencedKey(target, c.targetColumns);
      for (const [i, column] of c.columns.entries()) {
        const referenced = c.kind === 'foreignKey' ? (c.targetColumns[i] ?? -1) : -1;
        const inKey = key !== undefined && 'columns' in key ? key.columns.indexOf(referenced) + 1 : 0;
        yield [
          DB,
          table.schema,
          c.name,
          DB,
          table.schema,
          table.name,
          table.columns[column]?.name ?? '?',
          i + 1,
          inKey === 0 ? null : inKey,
        ];
      }
    }
  }
}

const rules: Readonly<Record<ForeignKeyAction, string>> = {
  noAction: 'NO ACTION',
  restrict: 'RESTRICT',
  cascade: 'CASCADE',
  setNull: 'SET NULL',
  setDefault: 'SET DEFAULT',
};

/** The key a foreign key refers to. */
function referencedKey(target: TableDef, columns: readonly number[]): ConstraintDef | undefined {
  const wanted = [...columns].sort().join();
  return target.constraints.find(
    (c) => (c.kind === 'primaryKey' || c.kind === 'unique') && [...c.columns].sort().join() === wanted,
  );
}

function* referentialRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context)) {
    for (const c of table.constraints) {
      if (c.kind !== 'foreignKey') continue;
      const target = context.catalog.table(c.targetTableId);
      const key = target === undefined ? undefined : referencedKey(target, c.targetColumns);
      yield [
        DB,
        table.schema,
        c.name,
        DB,
        target?.schema ?? null,
        key?.name ?? null,
        c.match === 'full' ? 'FULL' : 'NONE',
        rules[c.onUpdate],
        rules[c.onDelete],
      ];
    }
  }
}

/** The table a constraint leans on: the referenced one for foreign keys. */
function ownerOf(context: VirtualContext, table: TableDef, c: ConstraintDef): TableDef | undefined {
  return c.kind === 'foreignKey' ? context.catalog.table(c.targetTableId) : table;
}

function* columnUsageRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context)) {
    for (const c of table.constraints) {
      const owner = ownerOf(context, table, c);
      if (owner === undefined) continue;
      const columns = c.kind === 'foreignKey' ? c.targetColumns : constraintColumns(table, c);
      for (const column of columns)
        yield [DB, owner.schema, owner.name, owner.columns[column]?.name ?? '?', DB, table.schema, c.name];
    }
    for (const column of requiredColumns(table))
      yield [DB, table.schema, table.name, column.name, DB, table.schema, requiredName(table, column)];
  }
}

/** Columns of its own table a constraint speaks of, as positions in order. */
export function constraintColumns(table: TableDef, c: ConstraintDef): readonly number[] {
  return c.kind === 'check' ? columnsNamed(table, c.sql) : c.columns;
}

const namedIn = new WeakMap<TableDef, Map<string, readonly number[]>>();

/** Columns of `table` that the stored expression `sql` names, as positions in order. */
function columnsNamed(table: TableDef, sql: string): readonly number[] {
  let known = namedIn.get(table);
  if (known === undefined) {
    known = new Map();
    namedIn.set(table, known);
  }
  let columns = known.get(sql);
  if (columns === undefined) {
    const names = new Set<string>();
    collectNames(parseOne(`SELECT ${sql}`).stmt, names);
    columns = table.columns.flatMap((c, i) => (!c.isDropped && names.has(c.name) ? [i] : []));
    known.set(sql, columns);
  }
  return columns;
}

function collectNames(node: unknown, names: Set<string>): void {
  if (node === null || typeof node !== 'object') return;
  const { kind, fields } = node as { readonly kind?: string; readonly fields?: readonly string[] };
  if (kind === 'ColumnRef') names.add(fields?.at(-1) ?? '');
  for (const child of Array.isArray(node) ? node : Object.values(node)) collectNames(child, names);
}

/** Tables that keys and foreign keys lean on; checks are not listed (PostgreSQL, section 35.19). */
function* tableUsageRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context))
    for (const c of table.constraints) {
      const owner = ownerOf(context, table, c);
      if (c.kind !== 'check' && owner !== undefined)
        yield [DB, owner.schema, owner.name, DB, table.schema, c.name];
    }
}

/** Stored generated columns and the columns they are computed from. */
function* generatedRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context))
    for (const column of table.columns) {
      if (column.generated === null || column.defaultSql === null || column.isDropped) continue;
      for (const used of columnsNamed(table, column.defaultSql))
        yield [DB, table.schema, table.name, table.columns[used]?.name ?? '?', column.name];
    }
}

export const informationConstraintViews: readonly VirtualTable[] = [
  view(
    IS,
    'table_constraints',
    'constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name, table_name name, constraint_type varchar, is_deferrable varchar, initially_deferred varchar, enforced varchar, nulls_distinct varchar',
    constraintRows,
  ),
  view(
    IS,
    'check_constraints',
    'constraint_catalog name, constraint_schema name, constraint_name name, check_clause text',
    checkRows,
  ),
  view(
    IS,
    'key_column_usage',
    'constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name, table_name name, column_name name, ordinal_position int4, position_in_unique_constraint int4',
    keyRows,
  ),
  view(
    IS,
    'referential_constraints',
    'constraint_catalog name, constraint_schema name, constraint_name name, unique_constraint_catalog name, unique_constraint_schema name, unique_constraint_name name, match_option varchar, update_rule varchar, delete_rule varchar',
    referentialRows,
  ),
  view(
    IS,
    'constraint_column_usage',
    'table_catalog name, table_schema name, table_name name, column_name name, constraint_catalog name, constraint_schema name, constraint_name name',
    columnUsageRows,
  ),
  view(
    IS,
    'constraint_table_usage',
    'table_catalog name, table_schema name, table_name name, constraint_catalog name, constraint_schema name, constraint_name name',
    tableUsageRows,
  ),
  view(
    IS,
    'column_column_usage',
    'table_catalog name, table_schema name, table_name name, column_name name, dependent_column name',
    generatedRows,
  ),
];
