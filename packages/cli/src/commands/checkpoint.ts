/** `decentdb checkpoint`: moves what the log holds into the database file. */
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { bytesText, filesOf } from '../database-files.ts';
import { withDatabase } from '../open-database.ts';

export const checkpointCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('checkpoint')
      .description('copy committed pages from the log into the database file')
      .argument('<database>', 'the database file')
      .option('--json', 'print the sizes as JSON')
      .action((path: string, options: { json?: boolean }) =>
        withDatabase(path, {}, (db) => {
          const before = filesOf(path);
          db.checkpoint();
          const after = filesOf(path);
          if (options.json === true) context.terminal.out(`${JSON.stringify({ before, after })}\n`);
          else
            context.terminal.out(
              `checkpoint done: ${bytesText(after.databaseBytes)} in the file, ` +
                `log ${bytesText(before.logBytes)} -> ${bytesText(after.logBytes)}\n`,
            );
        }),
      );
  },
};
