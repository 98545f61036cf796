/** `decentdb restore`: runs a dump, whole or not at all. */
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { requireInput } from '../import/byte-input.ts';
import { withDatabase } from '../open-database.ts';
import { STDIN_NAME } from '../script/input-error.ts';
import { linesOf } from '../script/lines.ts';
import { ScriptRunner } from '../script/run-script.ts';

const EXAMPLES = `
Takes what "decentdb dump" and "pg_dump" (plain format) write. What concerns a server (owners, grants, SET of settings that
are not there) is passed over with a notice. Functions in languages that are not there, their triggers, and indexes and views that
cannot be are left out with a warning each (--strict makes them errors); tables and rows never are. The script is one
transaction: it is restored whole or not at all. A file that ends in .gz, .br or .zst is unpacked.

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
      .option('--strict', 'nothing is left out: what this database does not know is an error')
      .addHelpText('after', EXAMPLES)
      .action((path: string, file: string, options: { readonly strict?: boolean }) => {
        requireInput(file);
        return withDatabase(path, { create: true }, async (db) => {
          const choices = {
            format: 'csv' as const,
            params: [],
            timing: false,
            keepGoing: false,
            psql: true,
            leavesOut: options.strict !== true,
            write: () => {},
            ...(file === STDIN_NAME ? {} : { name: file }),
          };
          db.exec('BEGIN');
          const runner = new ScriptRunner(db, choices, context);
          const succeeded = await runner.run(linesOf(file));
          if (db.inTransaction) db.exec(succeeded ? 'COMMIT' : 'ROLLBACK');
          const leftOut =
            runner.leftOut === 0 ? '' : `, without ${runner.leftOut} statements (see the warnings)`;
          if (succeeded) context.terminal.err(`restored ${path}${leftOut}\n`);
        });
      });
  },
};
