/** `decentdb schema`: the statements that make the schema. */
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { dumpScript, schemaOf } from '../dump/write-dump.ts';
import { withDatabase } from '../open-database.ts';

export const schemaCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('schema')
      .description('print the statements that make the schema, of all tables or some')
      .argument('<database>', 'the database file')
      .argument('[tables...]', 'names, or schema.name')
      .option('--json', 'print the statements as JSON')
      .action((path: string, tables: string[], options: { json?: boolean }) =>
        withDatabase(path, { readOnly: true }, (db) => {
          if (options.json === true) {
            context.terminal.out(`${JSON.stringify(schemaOf(db, tables), null, 1)}\n`);
            return;
          }
          const choices = { schemaOnly: true, dataOnly: false, inserts: false, roles: true, tables };
          const [, ...statements] = dumpScript(db, choices, []);
          context.terminal.out(statements.join(''));
        }),
      );
  },
};
