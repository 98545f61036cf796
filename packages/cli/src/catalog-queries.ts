/** What a database holds, asked through SQL: information_schema for names, sys.* for definitions. */
import type { Database } from 'decentdb';

export interface TableSummary {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
}

export interface ColumnSummary {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
}

export interface NamedDefinition {
  readonly name: string;
  readonly definition: string;
}

export interface TableDescription extends TableSummary {
  readonly columns: readonly ColumnSummary[];
  readonly indexes: readonly NamedDefinition[];
  readonly constraints: readonly NamedDefinition[];
}

/** Rows of a query as arrays of text. */
function texts(db: Database, sql: string, params: readonly unknown[] = []): (string | null)[][] {
  return db.query(sql, params, { rowMode: 'array', format: 'text' }).rows as unknown as (string | null)[][];
}

export function listTables(db: Database): TableSummary[] {
  return texts(
    db,
    `SELECT table_schema, table_name, table_type FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'sys') ORDER BY table_schema, table_name`,
  ).map(([schema, name, type]) => ({
    schema: schema ?? '',
    name: name ?? '',
    kind: type === 'VIEW' ? 'view' : 'table',
  }));
}

export function countRows(db: Database, table: TableSummary): number {
  const name = [table.schema, table.name].map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
  return Number(texts(db, `SELECT count(*) FROM ${name}`)[0]?.[0] ?? 0);
}

/** The table by its name (`name` or `schema.name`), or undefined where there is none. */
export function describeTable(db: Database, name: string): TableDescription | undefined {
  const table = listTables(db).find((one) => one.name === name || `${one.schema}.${one.name}` === name);
  if (table === undefined) return undefined;
  const place = [table.schema, table.name];
  const columns = texts(
    db,
    'SELECT name, type, not_null, default_sql FROM sys.columns WHERE schema = $1 AND table_name = $2 ORDER BY position',
    place,
  ).map(([column, type, notNull, expression]) => ({
    name: column ?? '',
    type: type ?? '',
    nullable: notNull !== 't',
    default: expression ?? null,
  }));
  const definitions = (view: 'indexes' | 'constraints'): NamedDefinition[] =>
    texts(
      db,
      `SELECT name, definition FROM sys.${view} WHERE schema = $1 AND table_name = $2 ORDER BY name`,
      place,
    ).map(([one, definition]) => ({ name: one ?? '', definition: definition ?? '' }));
  const indexes = definitions('indexes');
  const constraints = definitions('constraints');
  return { ...table, columns, indexes, constraints };
}
