/**
 * What a PostgreSQL server says about a database: its schema as statements, in the order to run them.
 *
 * I1  Only what belongs to the user: system schemas and what extensions made are left out.
 * I2  Statements that must succeed (types, sequences, tables, keys, NOT NULL) are told from those that may not be understood
 *     (views, functions, triggers, checks, indexes on expressions), which become warnings.
 */
import type { Client } from 'pg';
import { quoted } from '../import/identifier.ts';

export interface ServerTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ServerColumn[];
  /** Of a partitioned table, which has no rows of its own: what stands behind PARTITION BY. */
  readonly partitionKey: string | null;
}

export interface ServerColumn {
  readonly name: string;
  readonly type: string;
  /** GENERATED ALWAYS AS (...) STORED: its values are not to be copied. */
  readonly isGenerated: boolean;
  /** Default, identity or generation expression; may be empty. */
  readonly value: string;
  readonly notNull: boolean;
}

export interface ServerSchema {
  /** Schemas, types, sequences. */
  readonly before: readonly string[];
  readonly tables: readonly ServerTable[];
  /** Primary keys and unique constraints. */
  readonly keys: readonly string[];
  readonly indexes: readonly string[];
  readonly checks: readonly string[];
  /** What makes tables partitions and children of others, once they have rows, keys and indexes. */
  readonly places: readonly string[];
  readonly references: readonly string[];
  /** Functions, views, triggers, comments: what may be beyond us. */
  readonly rest: readonly string[];
  /** Values of sequences, to be set last. */
  readonly sequences: readonly string[];
}

export interface SchemaChoices {
  readonly schemas: readonly string[];
  readonly tables: readonly string[];
}

const OWN = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.objid = OBJ AND x.deptype = 'e')`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export async function readServerSchema(client: Client, choices: SchemaChoices): Promise<ServerSchema> {
  const { schemas, tables: wanted } = choices;
  const own = (oid: string): string =>
    OWN.replace('OBJ', oid) +
    (schemas.length > 0 ? ` AND n.nspname IN (${schemas.map(literal).join(', ')})` : '');
  const rows = async (sql: string): Promise<string[][]> =>
    (await client.query<string[]>({ text: sql, rowMode: 'array' })).rows;
  const one = async (sql: string): Promise<string[]> => (await rows(sql)).map((row) => row[0] as string);
  const isWhole = wanted.length === 0;
  const tables = (await readTables(rows, own('c.oid'))).filter(
    ({ schema, name }) => isWhole || wanted.includes(name) || wanted.includes(`${schema}.${name}`),
  );
  const names = tables.map(({ schema, name }) => literal(`${quoted(schema)}.${quoted(name)}`));
  const inTables = (oid: string): string =>
    names.length === 0 ? 'false' : `${oid} IN (${names.map((name) => `${name}::regclass`).join(', ')})`;
  const constraints = (kinds: string): Promise<string[]> =>
    one(`SELECT format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype IN (${kinds}) AND ${inTables('c.oid')} AND (k.contype <> 'f' OR k.conparentid = 0) ORDER BY n.nspname, c.relname, k.conname`);
  return {
    before: [...(await readTypes(one, own)), ...(await readSequences(one, own('c.oid')))],
    tables,
    keys: await constraints("'p', 'u'"),
    indexes:
      await one(`SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      WHERE ${inTables('i.indrelid')} AND c.relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1`),
    checks: await constraints("'c'"),
    places: await readPlaces(one, inTables),
    references: await constraints("'f'"),
    rest: isWhole ? await readRest(one, own, inTables) : [],
    sequences: await sequenceValues(client, rows, own('c.oid'), isWhole ? null : tables),
  };
}

type Rows = (sql: string) => Promise<string[][]>;
type One = (sql: string) => Promise<string[]>;

/** Parents that are not taken over leave their children as they are. */
function readPlaces(one: One, inTables: (oid: string) => string): Promise<string[]> {
  return one(`SELECT CASE WHEN c.relispartition
      THEN format('ALTER TABLE %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid))
      ELSE format('ALTER TABLE %I.%I INHERIT %I.%I', n.nspname, c.relname, pn.nspname, p.relname) END
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE c.relkind IN ('r', 'p') AND ${inTables('c.oid')} AND ${inTables('p.oid')} ORDER BY i.inhrelid, i.inhseqno`);
}

async function readTables(rows: Rows, own: string): Promise<ServerTable[]> {
  const found = await rows(`
    SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated, a.attnotnull::text,
      CASE WHEN a.attgenerated = 's' THEN format('GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid))
           WHEN a.attidentity <> '' THEN format('GENERATED %s AS IDENTITY%s',
             CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
             (SELECT format(' (START WITH %s INCREMENT BY %s)', q.seqstart, q.seqincrement) FROM pg_sequence q
              JOIN pg_depend x ON x.objid = q.seqrelid AND x.refobjid = c.oid AND x.refobjsubid = a.attnum AND x.deptype = 'i'))
           WHEN d.adbin IS NOT NULL THEN format('DEFAULT %s', pg_get_expr(d.adbin, d.adrelid)) ELSE '' END,
      pg_get_partkeydef(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p') AND ${own} ORDER BY n.nspname, c.relname, a.attnum`);
  const tables = new Map<string, ServerTable & { columns: ServerColumn[] }>();
  for (const [
    schema = '',
    name = '',
    column,
    type = '',
    generated,
    notNull,
    value = '',
    partitionKey,
  ] of found) {
    const key = `${quoted(schema)}.${quoted(name)}`;
    const table = tables.get(key) ?? { schema, name, columns: [], partitionKey: partitionKey ?? null };
    tables.set(key, table);
    if (typeof column !== 'string') continue;
    table.columns.push({
      name: column,
      type,
      isGenerated: generated !== '',
      value,
      notNull: notNull === 'true',
    });
  }
  return [...tables.values()];
}

async function readTypes(one: One, own: (oid: string) => string): Promise<string[]> {
  const schemas = await one(
    `SELECT format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) FROM pg_namespace n
     WHERE n.nspname <> 'public' AND ${own('n.oid')} ORDER BY 1`,
  );
  const enums = await one(
    `SELECT format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
       (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND ${own('t.oid')} ORDER BY t.oid`,
  );
  const composites = await one(
    `SELECT format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
       (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
     WHERE t.typtype = 'c' AND ${own('t.oid')} ORDER BY t.oid`,
  );
  const domains = await one(
    `SELECT format('CREATE DOMAIN %I.%I AS %s%s%s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
       CASE WHEN t.typdefault IS NULL THEN '' ELSE format(' DEFAULT %s', t.typdefault) END,
       CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END,
       coalesce((SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), '') FROM pg_constraint k
                 WHERE k.contypid = t.oid AND k.contype = 'c'), ''))
     FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND ${own('t.oid')} ORDER BY t.oid`,
  );
  return [...schemas, ...enums, ...domains, ...composites];
}

/** Sequences that no identity column owns. */
const readSequences = (one: One, own: string): Promise<string[]> =>
  one(`SELECT format('CREATE SEQUENCE %I.%I AS %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s%s', n.nspname,
      c.relname, format_type(q.seqtypid, NULL), q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache,
      CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END)
    FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${own} AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i') ORDER BY 1`);

async function readRest(
  one: One,
  own: (oid: string) => string,
  inTables: (oid: string) => string,
): Promise<string[]> {
  const functions = await one(
    `SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.prokind IN ('f', 'p') AND ${own('p.oid')} ORDER BY p.oid`,
  );
  const views = await one(
    `SELECT format('CREATE %sVIEW %I.%I AS %s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END, n.nspname, c.relname,
       rtrim(pg_get_viewdef(c.oid), ';'))
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND ${own('c.oid')} ORDER BY c.oid`,
  );
  const onViews = await one(
    `SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND ${own('c.oid')} ORDER BY 1`,
  );
  const triggers = await one(
    `SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal AND ${inTables('t.tgrelid')} ORDER BY t.oid`,
  );
  const comments = await one(
    `SELECT format('COMMENT ON %s %s IS %L',
       CASE WHEN d.objsubid > 0 THEN 'COLUMN' WHEN c.relkind = 'v' THEN 'VIEW' WHEN c.relkind = 'm' THEN 'MATERIALIZED VIEW'
            WHEN c.relkind = 'S' THEN 'SEQUENCE' WHEN c.relkind = 'i' THEN 'INDEX' ELSE 'TABLE' END,
       format('%I.%I', n.nspname, c.relname)
         || coalesce((SELECT format('.%I', a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = d.objsubid
                        AND d.objsubid > 0), ''),
       d.description)
     FROM pg_description d JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid
     JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${own('c.oid')} ORDER BY 1`,
  );
  return [...functions, ...views, ...onViews, ...triggers, ...comments];
}

async function sequenceValues(
  client: Client,
  rows: Rows,
  own: string,
  only: readonly ServerTable[] | null,
): Promise<string[]> {
  const found = await rows(
    `SELECT n.nspname, c.relname, CASE WHEN t.oid IS NULL THEN NULL ELSE format('%I.%I', t_n.nspname, t.relname) END AS owner, d.deptype, a.attname,
       format('%I.%I', n.nspname, c.relname)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
     LEFT JOIN pg_class t ON t.oid = d.refobjid LEFT JOIN pg_namespace t_n ON t_n.oid = t.relnamespace
     LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
     WHERE c.relkind = 'S' AND ${own}`,
  );
  const out: string[] = [];
  for (const [, , owner, kind, column, name = ''] of found) {
    if (only !== null && !only.some((table) => owner === `${table.schema}.${table.name}`)) continue;
    const state = await client.query<{ last_value: string; is_called: boolean }>(
      `SELECT last_value::text, is_called FROM ${name}`,
    );
    const [value] = state.rows;
    if (value === undefined) continue;
    const target =
      kind === 'i' && typeof owner === 'string' && typeof column === 'string'
        ? `pg_get_serial_sequence(${literal(owner)}, ${literal(column)})`
        : literal(name);
    if (kind === 'a' && owner !== undefined)
      out.push(`ALTER SEQUENCE ${name} OWNED BY ${owner}.${quoted(column ?? '')}`);
    out.push(`SELECT setval(${target}, ${value.last_value}, ${value.is_called})`);
  }
  return out;
}
