/** `decentdb restore`: runs a dump, whole or not at all. */
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { withDatabase } from '../open-database.ts';
import { linesOf, STDIN_NAME } from '../script/lines.ts';
import { ScriptRunner } from '../script/run-script.ts';

const EXAMPLES = `
Takes what "decentdb dump" and "pg_dump" (plain format) write. What concerns a server (owners, grants, SET of settings that
are not there) is passed over with a notice. The script is one transaction: it is restored whole or not at all.

Examples:
  decentdb restore new.ddb app.sql
  pg_dump mydb | decentdb restore new.ddb
`;

export const restoreCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('restore')
      .description('run a SQL dump, whole or not at all')
      .argument('<database>', 'the database file; made if it is not there')
      .argument('[file]', 'the script ("-" or nothing: standard input)', STDIN_NAME)
      .addHelpText('after', EXAMPLES)
      .action((path: string, file: string) =>
        withDatabase(path, { create: true }, async (db) => {
          const choices = {
            format: 'csv' as const,
            params: [],
            timing: false,
            keepGoing: false,
            psql: true,
            write: () => {},
            ...(file === STDIN_NAME ? {} : { name: file }),
          };
          db.exec('BEGIN');
          const succeeded = await new ScriptRunner(db, choices, context).run(linesOf(file));
          if (db.inTransaction) db.exec(succeeded ? 'COMMIT' : 'ROLLBACK');
          if (succeeded) context.terminal.err(`restored ${path}\n`);
        }),
      );
  },
};
