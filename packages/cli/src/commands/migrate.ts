/** `decentdb migrate`: whole databases from SQLite files and PostgreSQL servers, and to a server. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Database } from 'decentdb';
import type { CommandContext, CommandModule } from '../command.ts';
import { InputError, UsageError } from '../exit-code.ts';
import { requireInput } from '../import/byte-input.ts';
import { withDatabase, withDatabaseToFill } from '../open-database.ts';
import { exportPostgres } from '../postgres/export-postgres.ts';
import { importPostgres, isPostgresUrl } from '../postgres/import-postgres.ts';
import { startProgress } from '../progress.ts';
import { importSqlite, type SqliteImportReport } from '../sqlite/import-sqlite.ts';
import { isSqliteFile } from '../sqlite/sqlite-file.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface MigrateOptions {
  readonly json?: boolean;
  readonly keepNames?: boolean;
  readonly schema?: readonly string[];
  readonly roles?: boolean;
}

const EXAMPLES = `
A whole database, or nothing of it. The database that is made must not be there yet; "decentdb import" adds to one that is.
What cannot be taken over is named as a warning.

Examples:
  decentdb migrate from-sqlite chinook.sqlite chinook.ddb
  decentdb migrate from-postgres postgres://user:password@host/database app.ddb
  decentdb migrate to-postgres app.ddb postgres://user:password@host/empty_database
`;

function printReport(
  { tables, warnings }: SqliteImportReport,
  options: MigrateOptions,
  context: CommandContext,
): void {
  if (options.json === true) context.terminal.out(`${JSON.stringify({ tables, warnings })}\n`);
  else for (const { name, rows } of tables) context.terminal.out(`${rows} rows into ${name}\n`);
  for (const text of warnings) context.terminal.err(`WARNING:  ${text}\n`);
}

/** Makes the database and fills it; it is taken away again when that fails. */
async function into(
  path: string,
  options: MigrateOptions,
  context: CommandContext,
  fill: (db: Database, signal: AbortSignal) => SqliteImportReport | Promise<SqliteImportReport>,
): Promise<void> {
  if (existsSync(path)) throw new InputError(`"${path}" is there already: "decentdb import" adds to it`);
  const report = await untilInterrupted(context, (signal) =>
    withDatabaseToFill(path, async (db, keep) => {
      const filled = await fill(db, signal);
      keep();
      return filled;
    }),
  );
  if (report !== undefined) printReport(report, options, context);
}

function requireUrl(url: string): void {
  if (!isPostgresUrl(url))
    throw new UsageError(`give the address of a server: postgres://user@host/database, not "${url}"`);
}

async function toPostgres(
  path: string,
  url: string,
  options: MigrateOptions,
  context: CommandContext,
): Promise<void> {
  requireUrl(url);
  await withDatabase(path, { readOnly: true }, (db) =>
    untilInterrupted(context, async (signal) => {
      const bar = startProgress(context.terminal, 'postgres', 0, 'rows');
      let rows = 0;
      const onRows = (more: number): void => {
        rows += more;
        bar.update(rows);
      };
      try {
        const omitted = await exportPostgres(db, url, { roles: options.roles === true, onRows, signal });
        bar.stop();
        if (options.json === true) context.terminal.out(`${JSON.stringify({ rows, omitted })}\n`);
        else context.terminal.out(`${rows} rows to the server\n`);
        for (const what of omitted) context.terminal.err(`WARNING:  left out: ${what}\n`);
      } finally {
        bar.stop();
      }
    }),
  );
}

const repeated = (one: string, all: string[]): string[] => [...all, one];

export const migrateCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    const migrate = program
      .command('migrate')
      .description('take over a whole SQLite or PostgreSQL database, or hand one to a server')
      .addHelpText('after', EXAMPLES);
    migrate
      .command('from-sqlite')
      .description('make a database of a SQLite file')
      .argument('<file>', 'the SQLite file')
      .argument('<database>', 'the new database file')
      .option('--keep-names', 'keep names exactly as they are (default: lower case)')
      .option('--json', 'print what arrived as JSON')
      .action((file: string, path: string, options: MigrateOptions) => {
        requireInput(file);
        if (!isSqliteFile(file)) throw new InputError(`"${file}" is not a SQLite database`);
        const choices = { keepNames: options.keepNames === true, tables: [], onTable: () => {} };
        return into(path, options, context, (db) => importSqlite(db, file, choices));
      });
    migrate
      .command('from-postgres')
      .description('make a database of one of a PostgreSQL server')
      .argument('<url>', 'postgres://user:password@host/database')
      .argument('<database>', 'the new database file')
      .option('--schema <name>', 'only this schema (repeat it)', repeated, [])
      .option('--json', 'print what arrived as JSON')
      .action((url: string, path: string, options: MigrateOptions) => {
        requireUrl(url);
        const schemas = options.schema ?? [];
        return into(path, options, context, (db, signal) =>
          importPostgres(db, url, { tables: [], schemas, signal }),
        );
      });
    migrate
      .command('to-postgres')
      .description('write a database into an empty one of a PostgreSQL server, in one transaction')
      .argument('<database>', 'the database file')
      .argument('<url>', 'postgres://user:password@host/database')
      .option('--roles', 'roles, owners and grants too')
      .option('--json', 'print the number of rows, and what was left out, as JSON')
      .action((path: string, url: string, options: MigrateOptions) =>
        toPostgres(path, url, options, context),
      );
    for (const command of migrate.commands) command.copyInheritedSettings(program);
  },
};
