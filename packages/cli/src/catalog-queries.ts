/** What a database holds, asked through SQL: information_schema and pg_catalog, as any PostgreSQL client would. */
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

export interface TableDescription extends TableSummary {
  readonly columns: readonly ColumnSummary[];
  readonly indexes: readonly { readonly name: string; readonly definition: string }[];
  readonly constraints: readonly { readonly name: string; readonly definition: string }[];
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
    `SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
     FROM pg_catalog.pg_attribute a
     JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    place,
  ).map(([column, type, notNull, expression]) => ({
    name: column ?? '',
    type: type ?? '',
    nullable: notNull !== 't',
    default: expression ?? null,
  }));
  const indexes = texts(
    db,
    'SELECT indexname, indexdef FROM pg_catalog.pg_indexes WHERE schemaname = $1 AND tablename = $2 ORDER BY indexname',
    place,
  ).map(([index, definition]) => ({ name: index ?? '', definition: definition ?? '' }));
  const constraints = texts(
    db,
    `SELECT k.conname, pg_get_constraintdef(k.oid) FROM pg_catalog.pg_constraint k
     JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
     JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = $2 ORDER BY k.conname`,
    place,
  ).map(([constraint, definition]) => ({ name: constraint ?? '', definition: definition ?? '' }));
  return { ...table, columns, indexes, constraints };
}
