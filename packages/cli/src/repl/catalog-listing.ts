/**
 * The queries behind \d and its relatives.
 *
 * I1  Without a pattern, what belongs to the system stays out; with one, what it fits is listed wherever it is.
 * I2  Patterns are psql's: * and ? for any text and any character, a dot between schema and name, letters in lower case unless quoted.
 */

const HIDDEN = "('pg_catalog', 'information_schema', 'sys', 'pg_toast')";

interface Listing {
  /** The query up to WHERE. */
  readonly from: string;
  readonly where?: string;
  /** Columns a pattern is held against. */
  readonly name: string;
  readonly schema?: string;
  /** What stays out when there is no pattern. */
  readonly isSystem?: string;
}

const ACCESS = `array_to_string(c.relacl, E'\\n') AS "Access privileges"`;
const RELATION = 'pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';
const KIND = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
  WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'i' THEN 'index' ELSE c.relkind::text END AS "Type"`;

function inSchema(from: string, name: string, where?: string): Listing {
  return { from, name, schema: 'n.nspname', ...(where === undefined ? {} : { where }) };
}

function relations(kinds: string): Listing {
  return inSchema(
    `SELECT n.nspname AS "Schema", c.relname AS "Name", ${KIND} FROM ${RELATION}`,
    'c.relname',
    `c.relkind IN (${kinds})`,
  );
}

const privileges = inSchema(
  `SELECT n.nspname AS "Schema", c.relname AS "Name", ${KIND}, ${ACCESS} FROM ${RELATION}`,
  'c.relname',
  "c.relkind IN ('r', 'p', 'v', 'm', 'S')",
);

const FUNCTION = `n.nspname AS "Schema", p.proname AS "Name",
  coalesce(pg_get_function_result(p.oid), format_type(p.prorettype, NULL)) AS "Result data type",
  coalesce(pg_get_function_arguments(p.oid), array_to_string(ARRAY(
    SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t), ', ')) AS "Argument data types"`;
const PROCS = 'pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace';

/** By the letters after the backslash. */
export const LISTINGS: Readonly<Record<string, Listing>> = {
  d: relations("'r', 'p', 'v', 'm', 'S'"),
  dt: relations("'r', 'p'"),
  dv: relations("'v'"),
  dm: relations("'m'"),
  ds: relations("'S'"),
  dP: relations("'p'"),
  di: {
    from: 'SELECT schema AS "Schema", name AS "Name", table_name AS "Table", definition AS "Definition" FROM sys.indexes',
    name: 'name',
    schema: 'schema',
    isSystem: 'false',
  },
  dn: {
    from: 'SELECT nspname AS "Name" FROM pg_namespace',
    name: 'nspname',
    isSystem: `nspname IN ${HIDDEN}`,
  },
  dT: inSchema(
    `SELECT n.nspname AS "Schema", t.typname AS "Name",
      CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite' ELSE 'base' END AS "Kind"
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace`,
    't.typname',
    `t.typtype IN ('e', 'd', 'c', 'b') AND t.typcategory <> 'A'
      AND (t.typrelid = 0 OR (SELECT c.relkind FROM pg_class c WHERE c.oid = t.typrelid) = 'c')`,
  ),
  dD: inSchema(
    `SELECT n.nspname AS "Schema", t.typname AS "Name", format_type(t.typbasetype, t.typtypmod) AS "Type",
      CASE WHEN t.typnotnull THEN 'not null' ELSE '' END AS "Nullable", t.typdefault AS "Default"
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace`,
    't.typname',
    "t.typtype = 'd'",
  ),
  df: inSchema(
    `SELECT ${FUNCTION}, CASE p.prokind WHEN 'a' THEN 'agg' WHEN 'w' THEN 'window' WHEN 'p' THEN 'proc' ELSE 'func' END AS "Type"
    FROM ${PROCS}`,
    'p.proname',
  ),
  da: inSchema(`SELECT ${FUNCTION} FROM ${PROCS}`, 'p.proname', "p.prokind = 'a'"),
  du: {
    from: 'SELECT rolname AS "Role name", rolsuper AS "Superuser", rolcanlogin AS "Can log in" FROM pg_roles',
    name: 'rolname',
    isSystem: "rolname LIKE 'pg\\_%'",
  },
  dp: privileges,
  z: privileges,
  dx: { from: 'SELECT extname AS "Name", extversion AS "Version" FROM pg_extension', name: 'extname' },
  dd: inSchema(
    `SELECT n.nspname AS "Schema", c.relname AS "Name", ${KIND}, obj_description(c.oid, 'pg_class') AS "Description" FROM ${RELATION}`,
    'c.relname',
    "obj_description(c.oid, 'pg_class') IS NOT NULL",
  ),
  l: {
    from: 'SELECT datname AS "Name", pg_encoding_to_char(encoding) AS "Encoding" FROM pg_database',
    name: 'datname',
  },
};

/** The statement that lists what fits the pattern, and its parameters. */
export function listingQuery(name: string, pattern: string | undefined): [sql: string, params: string[]] {
  const listing = LISTINGS[name] as Listing;
  const {
    from,
    where,
    schema,
    isSystem = schema === undefined ? 'false' : `${schema} IN ${HIDDEN}`,
  } = listing;
  const conditions = where === undefined ? [] : [where];
  const params: string[] = [];
  if (pattern === undefined) conditions.push(`NOT (${isSystem})`);
  else {
    const parts = partsOf(pattern);
    conditions.push(`${listing.name} ~ $1`);
    params.push(expressionOf(parts.at(-1) ?? ''));
    if (parts.length > 1 && schema !== undefined) {
      conditions.push(`${schema} ~ $2`);
      params.push(expressionOf(parts.at(-2) ?? ''));
    }
  }
  return [
    `${from} WHERE ${conditions.map((one) => `(${one})`).join(' AND ')} ORDER BY ${schema === undefined ? '1' : '1, 2'}`,
    params,
  ];
}

/** The pieces between dots that are not in quotes. */
function partsOf(pattern: string): string[] {
  return (pattern.match(/(?:"(?:[^"]|"")*"|[^".])+/g) ?? []).map((part) => part);
}

function expressionOf(part: string): string {
  const text = part.replace(/"((?:[^"]|"")*)"|([^"]+)/g, (_, quoted?: string, plain?: string) =>
    quoted === undefined
      ? (plain ?? '')
          .toLowerCase()
          .replace(/[\\^$+|.()[\]{}]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')
      : quoted.replaceAll('""', '"').replace(/[\\^$+|.*?()[\]{}]/g, '\\$&'),
  );
  return `^(${text})$`;
}

export const HELP = `Statements end with ; and may take any number of lines. Ctrl-C drops what is typed, Ctrl-D leaves.

  \\d [NAME]             describe a table or view, or list all         .schema [NAME]
  \\dt \\dv \\di \\ds \\dm   list tables, views, indexes, sequences, ...   .tables  .indexes
  \\dn \\dT \\dD \\df \\da    schemas, types, domains, functions, aggregates; all take a PATTERN
  \\du \\dp \\dx \\dd \\l     roles, privileges, extensions, comments, databases
  \\sf NAME  \\sv NAME     the definition of a function, a view
  \\h [STATEMENT]         syntax of a statement
  \\x [on|off|auto]      one column a line                             .mode expanded
  \\pset format NAME     table expanded markdown csv tsv json ndjson   .mode NAME
                        column line list quote insert html latex
  \\a  \\H  \\t             list, html, rows alone; \\pset null TEXT      .width N ...  .nullvalue .headers
  \\timing [on|off]      how long statements take                      .timer on|off
  \\i FILE  \\ir FILE     run a script; \\ir beside the one that runs   .read FILE
  \\o [FILE]             send results to a file, or back here          .output [FILE]
  \\g [FILE]  \\gx        run the statement before it; \\gx expanded    .once FILE
  \\bind [VALUE] ...     values of $1, $2, ... of the next statement   .parameter set $1 VALUE
  \\gset [PREFIX]        its one row becomes variables
  \\gdesc                columns of the result, without running it
  \\crosstabview [V H D] the result as a grid
  \\plot KIND [X] [Y]    line, bar or hist of the result; \\spark [Y]
  \\gexec                run each value of the result as a statement
  \\watch [SEC] [COUNT]  run it again and again (also i=SEC c=COUNT)
  \\copy T FROM FILE     load a CSV file; \\copy T|(QUERY) TO FILE      .import FILE T  .export T FILE
  \\set NAME VALUE       a variable: :NAME :'NAME' :"NAME"; \\unset, \\prompt, \\getenv, \\setenv
  \\if X \\elif \\else \\endif  lines that count only then
  \\e [FILE]  \\p  \\r  \\w FILE  \\s   edit, show, drop, save the statement; the history
  \\errverbose  \\! COMMAND  \\cd FOLDER                             .shell .cd .show
  \\echo TEXT            print a text (\\qecho, \\warn)                 .print TEXT
  \\conninfo \\encoding   what is open                                  .databases .limit .version
  SUMMARIZE T;          figures of each column of a table or a query
  .eqp [on|off]         the plan of the last statement, or of each before it runs
  .expert               indexes that would help the last statement
  .lint                 foreign keys without an index
  .log FILE  .trace     statements as they run, to a file, to the screen
  .dump [TABLE]  .backup FILE  .save FILE  .clone FILE  .restore FILE  .check  .stats  .help  .quit
`;
