/** `decentdb restore`: runs a dump, whole or not at all. */
import type { Command } from 'commander';
import type { Database } from 'decentdb';
import type { CommandContext, CommandModule } from '../command.ts';
import { requireInput } from '../import/byte-input.ts';
import { withDatabaseToFill } from '../open-database.ts';
import { type Operation, withProgress } from '../progress.ts';
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

interface RestoreOptions {
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** Returns how many statements were left out; null when the script failed, which has been told of. */
async function runDump(
  db: Database,
  file: string,
  { onProgress, signal }: Operation,
  options: RestoreOptions,
  context: CommandContext,
): Promise<number | null> {
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
  const lines = linesOf(file, ({ read, total }) => {
    signal.throwIfAborted();
    onProgress({ phase: 'kB', done: Math.round(read() / 1000), total: Math.round(total / 1000) });
  });
  db.exec('BEGIN');
  const runner = new ScriptRunner(db, choices, context);
  const succeeded = await runner.run(lines);
  if (db.inTransaction) db.exec(succeeded ? 'COMMIT' : 'ROLLBACK');
  return succeeded ? runner.leftOut : null;
}

async function restore(
  path: string,
  file: string,
  options: RestoreOptions,
  context: CommandContext,
): Promise<void> {
  requireInput(file);
  const leftOut = await withDatabaseToFill(path, async (db, keep) => {
    const count = await withProgress(context, { kB: 'restore' }, (operation) =>
      runDump(db, file, operation, options, context),
    );
    if (typeof count === 'number') keep();
    return count;
  });
  if (typeof leftOut !== 'number') return;
  if (options.json === true) context.terminal.out(`${JSON.stringify({ path, leftOut })}\n`);
  else {
    const without = leftOut === 0 ? '' : `, without ${leftOut} statements (see the warnings)`;
    context.terminal.err(`restored ${path}${without}\n`);
  }
}

export const restoreCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('restore')
      .description('run a SQL dump, whole or not at all')
      .argument('<database>', 'the database file; made if it is not there')
      .argument('[file]', 'the script ("-" or nothing: standard input)', STDIN_NAME)
      .option('--strict', 'nothing is left out: what this database does not know is an error')
      .option('--json', 'print the result as JSON')
      .addHelpText('after', EXAMPLES)
      .action((path: string, file: string, options: RestoreOptions) => restore(path, file, options, context));
  },
};
