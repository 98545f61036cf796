/** The queries behind \d and its relatives. */

const HIDDEN = "('pg_catalog', 'information_schema', 'sys', 'pg_toast')";

function relations(kinds: string): string {
  return `SELECT n.nspname AS "Schema", c.relname AS "Name",
      CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
        WHEN 'i' THEN 'index' ELSE c.relkind::text END AS "Type"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN (${kinds}) AND n.nspname NOT IN ${HIDDEN} ORDER BY 1, 2`;
}

/** By the letters after the backslash. */
export const LISTINGS: Readonly<Record<string, string>> = {
  d: relations("'r', 'v', 'm', 'S'"),
  dt: relations("'r'"),
  dv: relations("'v'"),
  dm: relations("'m'"),
  ds: relations("'S'"),
  di: `SELECT schema AS "Schema", name AS "Name", table_name AS "Table", definition AS "Definition"
    FROM sys.indexes ORDER BY 1, 2`,
  dn: `SELECT nspname AS "Name" FROM pg_namespace WHERE nspname NOT IN ${HIDDEN} ORDER BY 1`,
  dT: `SELECT n.nspname AS "Schema", t.typname AS "Name",
      CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'composite' END AS "Kind"
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('e', 'd', 'c') AND n.nspname NOT IN ${HIDDEN} ORDER BY 1, 2`,
  df: `SELECT n.nspname AS "Schema", p.proname AS "Name" FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname NOT IN ${HIDDEN} ORDER BY 1, 2`,
  du: 'SELECT rolname AS "Role name", rolsuper AS "Superuser", rolcanlogin AS "Can log in" FROM pg_roles ORDER BY 1',
};

export const HELP = `Statements end with ; and may take any number of lines. Ctrl-C drops what is typed, Ctrl-D leaves.

  \\d [NAME]             describe a table or view, or list all         .schema [NAME]
  \\dt \\dv \\di \\ds \\dm   list tables, views, indexes, sequences, ...   .tables  .indexes
  \\dn \\dT \\df \\du        list schemas, types, functions, roles
  \\x [on|off]           one column a line                             .mode expanded
  \\pset format NAME     table expanded markdown csv tsv json ndjson   .mode NAME
  \\timing [on|off]      how long statements take                      .timer on|off
  \\i FILE               run a script                                  .read FILE
  \\o [FILE]             send results to a file, or back here          .output [FILE]
  \\g [FILE]  \\gx        run the statement before it; \\gx expanded
  \\gset [PREFIX]        its one row becomes variables                 .once FILE
  \\gdesc                columns of the result, without running it
  \\crosstabview [V H D] the result as a grid
  \\plot KIND [X] [Y]    line, bar or hist of the result
  \\gexec                run each value of the result as a statement
  \\watch [SEC] [COUNT]  run it again and again
  \\copy T FROM FILE     load a CSV file; \\copy T|(QUERY) TO FILE      .import FILE T
  \\set NAME VALUE       a variable: :NAME :'NAME' :"NAME"; \\unset NAME
  \\if X \\elif \\else \\endif  lines that count only then
  \\e [FILE]  \\p  \\r  \\w FILE   edit, show, drop, save the statement
  \\ir FILE              a script beside the one that runs
  \\x auto  \\t  \\pset null TEXT  \\pset pager off                    .nullvalue .headers
  \\errverbose  \\! COMMAND  \\cd FOLDER                             .shell .cd .show
  \\echo TEXT            print a text                                  .print TEXT
  \\conninfo             what is open
  .dump [TABLE]  .backup FILE  .check  .stats  .help  .quit            \\?  \\q
`;
