/** What is asked of a table before its columns and rows are compared with another's. */
import type { Database } from 'decentdb';
import { quoted } from '../import/identifier.ts';

export interface ColumnFacts {
  readonly name: string;
  /** With its length or precision. */
  readonly type: string;
  /** Without them. */
  readonly baseType: string;
  readonly notNull: boolean;
  /** '', or 'a' and 'd' of GENERATED ALWAYS and BY DEFAULT AS IDENTITY. */
  readonly identity: string;
  /** '', or 's' and 'v' of generated columns. */
  readonly generated: string;
  /** The default, or what the column is generated as. */
  readonly expression: string | null;
  readonly collation: string | null;
}

export interface TableFacts {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnFacts[];
  /** Columns of the primary key, in its order; none where there is none. */
  readonly key: readonly string[];
  /** Columns that a unique index is over; null where one is over an expression. */
  readonly uniqueColumns: ReadonlySet<string> | null;
}

type Named = Pick<TableFacts, 'schema' | 'name'>;

/** The table as SQL writes it. */
export const tableSql = ({ schema, name }: Named): string => `${quoted(schema)}.${quoted(name)}`;

const COLUMNS = `
  SELECT a.attrelid::int AS relation, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    format_type(a.atttypid, NULL) AS "baseType", a.attnotnull AS "notNull", a.attidentity AS identity, a.attgenerated AS generated,
    pg_get_expr(d.adbin, d.adrelid) AS expression, CASE WHEN c.collname <> 'default' THEN c.collname END AS collation
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
  WHERE a.attrelid IN (SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'sys'))
    AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`;

const KEYS = `
  SELECT i.indrelid::int AS relation, i.indisprimary AS "isPrimary", a.attname AS name
  FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, at)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
  WHERE i.indisunique AND k.at <= i.indnkeyatts ORDER BY i.indrelid, k.at`;

const TABLES = `
  SELECT c.oid::int AS relation, n.nspname AS schema, c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'sys')`;

/** Every table by its name as `tableSql` writes it. */
export function allTableFacts(db: Database): ReadonlyMap<string, TableFacts> {
  const columns = grouped(db.query<ColumnFacts & OfRelation>(COLUMNS).rows);
  const keys = grouped(db.query<{ isPrimary: boolean; name: string | null } & OfRelation>(KEYS).rows);
  const tables = db.query<Named & OfRelation>(TABLES).rows;
  return new Map(
    tables.map(({ relation, schema, name }) => {
      const own = keys.get(relation) ?? [];
      const others = own.filter(({ isPrimary }) => !isPrimary).map((one) => one.name);
      const facts: TableFacts = {
        schema,
        name,
        columns: columns.get(relation) ?? [],
        key: own.filter(({ isPrimary }) => isPrimary).map((one) => one.name as string),
        uniqueColumns: others.includes(null) ? null : new Set(others as string[]),
      };
      return [tableSql(facts), facts];
    }),
  );
}

interface OfRelation extends Record<string, unknown> {
  readonly relation: number;
}

function grouped<T extends OfRelation>(rows: readonly T[]): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.relation);
    if (group === undefined) groups.set(row.relation, [row]);
    else group.push(row);
  }
  return groups;
}

/** Values mean the same wherever they are read: names with their schemas, dates in one style. */
export const SAME_TEXTS = `SET search_path = ''; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';
  SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex'`;
