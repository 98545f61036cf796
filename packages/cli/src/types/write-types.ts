/**
 * TypeScript interfaces for tables and views, in the shape Kysely expects of a `Database`.
 *
 *     interface Track { id: Generated<number>; name: string; rating: number | null }
 *
 * I1  Types are those the library returns under its default options: int8 a number or bigint, numeric a string, times a Date.
 */
import type { Database } from 'decentdb';
import { type ColumnSummary, describeTable, listTables, type TableSummary } from '../catalog-queries.ts';
import { quoted } from '../import/identifier.ts';

const TYPES: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  smallint: 'number',
  integer: 'number',
  bigint: 'number | bigint',
  real: 'number',
  'double precision': 'number',
  oid: 'number',
  numeric: 'string',
  money: 'string',
  date: 'Date',
  'timestamp without time zone': 'Date',
  'timestamp with time zone': 'Date',
  bytea: 'Uint8Array',
  json: 'unknown',
  jsonb: 'unknown',
};

/** A type of SQL as TypeScript; enums by their labels, what is not known as text. */
export function typeScriptType(sqlType: string, enums: ReadonlyMap<string, readonly string[]>): string {
  const array = /^(.*)\[\]$/.exec(sqlType)?.[1];
  if (array !== undefined) return `(${typeScriptType(array, enums)} | null)[]`;
  const base = sqlType.replace(/\(\d+(,-?\d+)?\)/, '').trim();
  const labels = enums.get(base);
  if (labels !== undefined) return labels.map((label) => JSON.stringify(label)).join(' | ');
  return TYPES[base] ?? 'string';
}

export function typeScriptOf(db: Database): string {
  const enums = enumsOf(db);
  const tables = listTables(db);
  const names = interfaceNames(tables);
  const blocks = tables.map((table, i) => {
    const generated = generatedColumns(db, table);
    const lines = columnsOf(db, table).map((column) => `  ${member(column, generated, enums)}`);
    return `export interface ${names[i]} {\n${lines.join('\n')}\n}\n`;
  });
  const members = tables.map((table, i) => {
    const key = table.schema === 'public' ? table.name : `${table.schema}.${table.name}`;
    return `  ${propertyName(key)}: ${names[i]};`;
  });
  return (
    '/** Written by "decentdb types". */\n\n' +
    '/** A column the database fills when an INSERT leaves it out. */\n' +
    'export type Generated<T> = { readonly __select__: T; readonly __insert__: T | undefined; readonly __update__: T };\n\n' +
    `${blocks.join('\n')}\nexport interface Database {\n${members.join('\n')}\n}\n`
  );
}

/** Columns of a table from its definition, of a view from its query. */
function columnsOf(db: Database, table: TableSummary): readonly ColumnSummary[] {
  if (table.kind === 'table') return describeTable(db, `${table.schema}.${table.name}`)?.columns ?? [];
  const view = db.prepare(`SELECT * FROM ${quoted(table.schema)}.${quoted(table.name)} LIMIT 0`);
  return view.columns().map(({ name, type }) => ({ name, type, nullable: true, default: null }));
}

function member(
  column: ColumnSummary,
  generated: ReadonlySet<string>,
  enums: ReadonlyMap<string, readonly string[]>,
): string {
  const base = typeScriptType(column.type, enums);
  const type = column.nullable ? `${base} | null` : base;
  const isGenerated = column.default !== null || generated.has(column.name);
  return `${propertyName(column.name)}: ${isGenerated ? `Generated<${type}>` : type};`;
}

function generatedColumns(db: Database, table: TableSummary): ReadonlySet<string> {
  const { rows } = db.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = $1 AND table_name = $2 AND (is_identity = 'YES' OR is_generated = 'ALWAYS')`,
    [table.schema, table.name],
  );
  return new Set(rows.map(({ name }) => name));
}

function enumsOf(db: Database): Map<string, string[]> {
  const enums = new Map<string, string[]>();
  const { rows } = db.query<{ type: string; label: string }>(
    `SELECT t.typname AS type, e.enumlabel AS label
     FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid ORDER BY t.typname, e.enumsortorder`,
  );
  for (const { type, label } of rows) enums.set(type, [...(enums.get(type) ?? []), label]);
  return enums;
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** `order_line` becomes `OrderLine`; two tables of one name get their schema in front. */
function interfaceNames(tables: readonly TableSummary[]): string[] {
  const plain = tables.map(({ name }) => pascal(name));
  return tables.map(({ schema, name }, i) =>
    plain.indexOf(plain[i] as string) === i && plain.lastIndexOf(plain[i] as string) === i
      ? (plain[i] as string)
      : pascal(`${schema}_${name}_${i}`),
  );
}

function pascal(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const joined = words.map((word) => (word[0] as string).toUpperCase() + word.slice(1)).join('');
  return /^[\p{L}_]/u.test(joined) ? joined : `T${joined}`;
}
