/** `decentdb dump`: the database as a SQL script. */
import type { Command } from 'commander';
import type { Database } from 'decentdb';
import { countRows, listTables } from '../catalog-queries.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { dumpScript } from '../dump/write-dump.ts';
import { withDatabase } from '../open-database.ts';
import { withOutput } from '../output.ts';
import { withProgress } from '../progress.ts';

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

/** A piece as long as this is worth a turn of the event loop, which hears of Ctrl-C. */
const TURN_BYTES = 1 << 15;

/** For the bar, where there is one. */
function rowsOf(db: Database, { terminal }: CommandContext): number {
  if (!terminal.canDraw) return 0;
  return listTables(db)
    .filter(({ kind }) => kind === 'table')
    .reduce((sum, table) => sum + countRows(db, table), 0);
}

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
          const isDone = await withProgress(context, { rows: 'dump' }, async ({ onProgress, signal }) => {
            await withOutput(options.output, context, async (output) => {
              const total = options.output === undefined ? 0 : rowsOf(db, context);
              let done = 0;
              const onRows = (rows: number): void => {
                done += rows;
                onProgress({ phase: 'rows', done, total });
              };
              for (const piece of dumpScript(db, { ...choices, onRows }, omitted)) {
                output.write(piece);
                if (piece.length < TURN_BYTES) continue;
                await new Promise((resolve) => setImmediate(resolve));
                signal.throwIfAborted();
              }
            });
            return true;
          });
          if (isDone !== true) return;
          for (const what of omitted) context.terminal.err(`WARNING:  not in the dump: ${what}\n`);
        }),
      );
  },
};
