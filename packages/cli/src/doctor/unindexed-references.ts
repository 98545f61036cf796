/** Foreign keys whose columns no index begins with: deleting a row they may refer to reads their whole table. */
import type { Database } from 'decentdb';

export interface UnindexedReference {
  /** `schema.table`, quoted where it must be. */
  readonly table: string;
  readonly constraint: string;
  /** Quoted where they must be, as `table` and `target`. */
  readonly columns: readonly string[];
  readonly target: string;
  /** The statement that makes the index. */
  readonly remedy: string;
}

const QUERY = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name, k.conname AS constraint_name, k.confrelid::regclass::text AS target,
    (SELECT array_agg(quote_ident(a.attname) ORDER BY p.at) FROM unnest(k.conkey) WITH ORDINALITY p (attnum, at)
      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.attnum) AS columns
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE k.contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indpred IS NULL
      AND (SELECT array_agg(x ORDER BY x) FROM unnest(k.conkey) x)
        = (SELECT array_agg(x ORDER BY x) FROM (
            SELECT unnest(string_to_array(i.indkey::text, ' ')::int2[]) AS x LIMIT array_length(k.conkey, 1)) first))
  ORDER BY 1, 2`;

export function unindexedReferences(db: Database): UnindexedReference[] {
  const { rows } = db.query<{
    name: string;
    constraint_name: string;
    target: string;
    columns: string[];
  }>(QUERY);
  return rows.map(({ name: table, constraint_name: constraint, target, columns }) => {
    const remedy = `CREATE INDEX ON ${table} (${columns.join(', ')});`;
    return { table, constraint, columns, target, remedy };
  });
}
