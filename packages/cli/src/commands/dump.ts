/** `decentdb dump`: the database as a SQL script. */
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { dumpScript } from '../dump/write-dump.ts';
import { withDatabase } from '../open-database.ts';
import { withOutput } from '../output.ts';

interface DumpOptions {
  readonly output?: string;
  readonly schemaOnly?: boolean;
  readonly dataOnly?: boolean;
  readonly inserts?: boolean;
  readonly roles: boolean;
  readonly table: readonly string[];
}

const EXAMPLES = `
The script holds one snapshot, and runs in PostgreSQL as in DecentDB: keys, checks and indexes come after the data.

Examples:
  decentdb dump app.ddb -o app.sql
  decentdb dump app.ddb | psql mydb
  decentdb dump app.ddb --table customer --inserts
`;

export const dumpCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('dump')
      .description('write the database as a SQL script that PostgreSQL and DecentDB can run')
      .argument('<database>', 'the database file')
      .option('-o, --output <file>', 'write to a file')
      .option('-s, --schema-only', 'no rows')
      .option('-a, --data-only', 'rows and values of sequences only')
      .option('--inserts', 'INSERT statements instead of COPY')
      .option('--no-roles', 'no roles, owners and grants')
      .option('-t, --table <name>', 'only this table (repeat it)', (one, all: string[]) => [...all, one], [])
      .addHelpText('after', EXAMPLES)
      .action((path: string, options: DumpOptions) =>
        withDatabase(path, { readOnly: true }, async (db) => {
          const omitted: string[] = [];
          const choices = {
            schemaOnly: options.schemaOnly === true,
            dataOnly: options.dataOnly === true,
            inserts: options.inserts === true,
            roles: options.roles,
            tables: options.table,
          };
          await withOutput(options.output, context, (output) => {
            for (const piece of dumpScript(db, choices, omitted)) output.write(piece);
          });
          for (const what of omitted) context.terminal.err(`WARNING:  not in the dump: ${what}\n`);
        }),
      );
  },
};
