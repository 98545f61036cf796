/** sys.*: what the engine says of itself, as rows. */

import type { VirtualTable } from '../../plan/logical.ts';
import { switchableRules } from '../../plan/rules/registry.ts';
import type { Datum } from '../../types/vector.ts';
import { tablesOf, type VirtualContext, view } from './define.ts';
import { constraintSql, indexSql } from './definitions.ts';

type Row = readonly Datum[];

function* tableRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context)) {
    const key = table.rowIdColumn === -1 ? null : (table.columns[table.rowIdColumn]?.name ?? null);
    const columns = table.columns.filter((c) => !c.isDropped).length;
    yield [
      table.id,
      table.schema,
      table.name,
      columns,
      table.indexes.length,
      context.estimateRows(table),
      key,
      table.root,
      table.isTemporary,
    ];
  }
}

function* columnRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context))
    for (const c of table.columns)
      if (!c.isDropped)
        yield [
          table.schema,
          table.name,
          c.name,
          c.attnum,
          c.type.sqlName(c.typmod),
          c.notNull,
          c.defaultSql,
          c.generated,
        ];
}

function* indexRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context))
    for (const index of table.indexes)
      yield [
        index.id,
        table.schema,
        table.name,
        index.name,
        index.method,
        index.unique,
        index.root,
        indexSql(index, table),
      ];
}

function* constraintRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context))
    for (const constraint of table.constraints)
      yield [
        constraint.id,
        table.schema,
        table.name,
        constraint.name,
        constraint.kind,
        constraintSql(constraint, table, context.catalog),
      ];
}

function* settingRows({ settings }: VirtualContext): Iterable<Row> {
  for (const { definition, value } of settings.all())
    yield [definition.name, value, definition.initial, definition.description, definition.isReadOnly];
}

function* ruleRows({ settings }: VirtualContext): Iterable<Row> {
  for (const [name, description] of switchableRules()) yield [name, settings.isRuleOn(name), description];
}

/** Figures of the storage engine, flattened: `cache.bytes`, `log.activeBytes`, ... */
function* statRows({ engine }: VirtualContext): Iterable<Row> {
  yield* flatten('', engine.stats());
}

function* flatten(prefix: string, value: unknown): Iterable<Row> {
  if (value === null || value === undefined || Array.isArray(value)) return;
  if (typeof value === 'object') {
    for (const [key, part] of Object.entries(value))
      yield* flatten(prefix === '' ? key : `${prefix}.${key}`, part);
    return;
  }
  yield [prefix, String(value), typeof value === 'number' ? value : null];
}

export const sysViews: readonly VirtualTable[] = [
  view(
    'sys',
    'tables',
    'id int8, schema text, name text, columns int4, indexes int4, rows_estimated int8, row_id text, root_page int8, is_temporary bool',
    tableRows,
  ),
  view(
    'sys',
    'columns',
    'schema text, table_name text, name text, position int4, type text, not_null bool, default_sql text, generated text',
    columnRows,
  ),
  view(
    'sys',
    'indexes',
    'id int8, schema text, table_name text, name text, method text, is_unique bool, root_page int8, definition text',
    indexRows,
  ),
  view(
    'sys',
    'constraints',
    'id int8, schema text, table_name text, name text, kind text, definition text',
    constraintRows,
  ),
  view(
    'sys',
    'settings',
    'name text, value text, initial text, description text, is_read_only bool',
    settingRows,
  ),
  view('sys', 'optimizer_rules', 'name text, is_on bool, description text', ruleRows),
  view('sys', 'stats', 'name text, value text, number float8', statRows),
];
