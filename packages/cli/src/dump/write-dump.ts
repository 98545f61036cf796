/**
 * A whole database as a SQL script that PostgreSQL (psql) and DecentDB can run.
 *
 * I1  One snapshot: schema, rows and values of sequences belong together, whatever is written meanwhile.
 * I2  Constraints and indexes come after the data, so that order does not matter and loading is fast.
 * I3  A table of any size passes through in pieces.
 */
import { type Database, DecentDbError, type SchemaScript, type TableScript } from 'decentdb';
import { quoted } from '../import/identifier.ts';
import { copyText, sqlLiteral } from './copy-text.ts';

export interface DumpChoices {
  readonly schemaOnly: boolean;
  readonly dataOnly: boolean;
  /** INSERT statements instead of COPY blocks. */
  readonly inserts: boolean;
  /** Roles, owners and grants too. */
  readonly roles: boolean;
  /** Only these tables (name or schema.name); empty: all. */
  readonly tables: readonly string[];
  readonly onRows?: (rows: number) => void;
}

const CONCERNS_ROLES =
  /^((CREATE|ALTER) ROLE |GRANT |REVOKE |ALTER DEFAULT PRIVILEGES |(SET|RESET) SESSION AUTHORIZATION|ALTER [A-Z ]+ .* OWNER TO ("([^"]|"")*"|[\w$\u0080-\uffff]+)$)/s;
const SCHEMA_OF_ROLE = /^(CREATE SCHEMA IF NOT EXISTS ("([^"]|"")*"|[^"\s]+)) AUTHORIZATION .*$/s;
const PIECE_BYTES = 1 << 16;
const ROWS_PER_INSERT = 100;

/** The script, piece by piece, and the names of what it could not hold. */
export function* dumpScript(db: Database, choices: DumpChoices, omitted: string[]): Generator<string> {
  const snapshot = db.begin('readOnly');
  try {
    // Texts mean the same wherever they are read again.
    db.exec("SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1");
    const script = db.schemaScript();
    const isWhole = choices.tables.length === 0;
    const named = isWhole ? [] : chosen(db, choices.tables);
    const isNamed = ({ schema, name }: Named): boolean =>
      named.some((one) => one.schema === schema && one.name === name);
    const tables = isWhole ? script.tables : script.tables.filter(isNamed);
    yield "-- DecentDB database dump\n\nSET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n";
    const wanted = (sql: string): boolean =>
      (isWhole || concerns(sql, named)) && (choices.roles || !CONCERNS_ROLES.test(sql));
    const written = (sql: string): string => `${choices.roles ? sql : sql.replace(SCHEMA_OF_ROLE, '$1')};\n`;
    if (!choices.dataOnly) for (const sql of script.before) if (wanted(sql)) yield written(sql);
    if (!choices.schemaOnly)
      for (const table of tables)
        yield* choices.inserts ? insertRows(db, table, choices) : copyRows(db, table, choices);
    for (const sql of script.after) {
      const isValue = sql.startsWith('SELECT setval(');
      if (isValue ? choices.schemaOnly : choices.dataOnly) continue;
      if (wanted(sql)) yield `${sql};\n`;
    }
    omitted.push(...script.omitted);
  } finally {
    snapshot.rollback();
  }
}

/** The statements that make the schema, of these tables and views or (no names) of all. */
export function schemaOf(db: Database, names: readonly string[]): SchemaScript {
  const script = db.schemaScript();
  if (names.length === 0) return script;
  const named = chosen(db, names);
  const wanted = (sql: string): boolean => concerns(sql, named);
  return {
    ...script,
    before: script.before.filter(wanted),
    tables: script.tables.filter(({ schema, name }) =>
      named.some((one) => one.schema === schema && one.name === name),
    ),
    after: script.after.filter(wanted),
  };
}

interface Named {
  readonly schema: string;
  readonly name: string;
}

const RELATIONS = `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'sys') ORDER BY 1, 2`;

/** The tables and views of these names; a name that none has is an error, before anything is written. */
function chosen(db: Database, names: readonly string[]): readonly Named[] {
  const all = db.query<{ schema: string; name: string }>(RELATIONS).rows;
  const has = ({ schema, name }: Named, by: string): boolean => by === name || by === `${schema}.${name}`;
  for (const name of names)
    if (!all.some((one) => has(one, name)))
      throw new DecentDbError('42P01', `there is no table "${name}"`, {
        hint: all.length === 0 ? 'There are none.' : `There are ${all.map((one) => one.name).join(', ')}.`,
      });
  return all.filter((one) => names.some((name) => has(one, name)));
}

/** Whether a statement of the schema belongs to one of the tables. */
function concerns(sql: string, named: readonly Named[]): boolean {
  if (/^(SET|CREATE SCHEMA|CREATE EXTENSION|CREATE TYPE|CREATE DOMAIN)/.test(sql)) return true;
  const head = sql.split('\n', 1)[0] ?? '';
  return named.some(({ schema, name }) =>
    [plain(schema), quoted(schema)].some((s) =>
      [plain(name), quoted(name)].some((n) => hasName(head, `${s}.${n}`)),
    ),
  );
}

const plain = (name: string): string => name;

function hasName(text: string, name: string): boolean {
  const at = text.indexOf(name);
  return at >= 0 && !/[\w$]/.test(text[at + name.length] ?? ' ');
}

const PADDED = `SELECT column_name AS name FROM information_schema.columns
  WHERE table_schema = $1 AND table_name = $2 AND udt_name = 'bpchar'`;

/** The rows of a table as arrays of text. */
function* textRows(
  db: Database,
  { schema, name, columns }: TableScript,
): Generator<readonly (string | null)[]> {
  const padded = new Set(db.query<{ name: string }>(PADDED, [schema, name]).rows.map((row) => row.name));
  // A cast to text takes blanks from the end of bpchar, where they may be all there is of a value.
  const written = (column: string): string =>
    padded.has(column)
      ? `CASE WHEN ${quoted(column)} IS NOT NULL THEN concat(${quoted(column)}) END`
      : `${quoted(column)}::text`;
  const list = columns.map(written).join(', ');
  const statement = db.prepare(`SELECT ${list} FROM ONLY ${quoted(schema)}.${quoted(name)}`).raw();
  yield* statement.iterate() as Iterable<readonly (string | null)[]>;
}

function target({ schema, name, columns }: TableScript): string {
  return `${quoted(schema)}.${quoted(name)} (${columns.map(quoted).join(', ')})`;
}

/** Rows that have no values to write still are rows. */
function* emptyRows(db: Database, { schema, name }: TableScript): Generator<string> {
  const at = `${quoted(schema)}.${quoted(name)}`;
  const rows = db.query<{ n: number }>(`SELECT count(*)::float8 AS n FROM ONLY ${at}`).rows[0]?.n ?? 0;
  for (let i = 0; i < rows; i++) yield `INSERT INTO ${at} DEFAULT VALUES;\n`;
}

function* copyRows(db: Database, table: TableScript, choices: DumpChoices): Generator<string> {
  if (table.columns.length === 0) {
    yield* emptyRows(db, table);
    return;
  }
  yield `\nCOPY ${target(table)} FROM stdin;\n`;
  let piece = '';
  let rows = 0;
  for (const row of textRows(db, table)) {
    piece += `${row.map(copyText).join('\t')}\n`;
    rows++;
    if (piece.length < PIECE_BYTES) continue;
    yield piece;
    piece = '';
    choices.onRows?.(rows);
    rows = 0;
  }
  yield `${piece}\\.\n\n`;
  choices.onRows?.(rows);
}

function* insertRows(db: Database, table: TableScript, choices: DumpChoices): Generator<string> {
  if (table.columns.length === 0) {
    yield* emptyRows(db, table);
    return;
  }
  let rows: string[] = [];
  // Values of GENERATED ALWAYS AS IDENTITY columns are the dump's to give, as COPY does.
  const head = `INSERT INTO ${target(table)} OVERRIDING SYSTEM VALUE VALUES\n`;
  for (const row of textRows(db, table)) {
    rows.push(`(${row.map(sqlLiteral).join(', ')})`);
    if (rows.length < ROWS_PER_INSERT) continue;
    yield `${head}${rows.join(',\n')};\n`;
    choices.onRows?.(rows.length);
    rows = [];
  }
  if (rows.length > 0) yield `${head}${rows.join(',\n')};\n`;
  choices.onRows?.(rows.length);
}
