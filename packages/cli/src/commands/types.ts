/** `decentdb types`: TypeScript interfaces of the tables. */
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { withDatabase } from '../open-database.ts';
import { withOutput } from '../output.ts';
import { typeScriptOf } from '../types/write-types.ts';

export const typesCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('types')
      .description('write TypeScript interfaces for the tables and views')
      .argument('<database>', 'the database file')
      .option('-o, --output <file>', 'write to a file')
      .action((path: string, options: { output?: string }) =>
        withDatabase(path, { readOnly: true }, (db) => {
          const text = typeScriptOf(db);
          return withOutput(options.output, context, (output) => output.write(text));
        }),
      );
  },
};
