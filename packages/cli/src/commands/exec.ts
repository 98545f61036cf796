/** `decentdb exec`: runs SQL from the command line, a file or standard input. */
import { type Command, Option } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { UsageError } from '../exit-code.ts';
import { defaultFormat, FORMAT_NAMES, type FormatName } from '../format/formats.ts';
import { withDatabase } from '../open-database.ts';
import { openOutput } from '../output.ts';
import { STDIN_NAME } from '../script/input-error.ts';
import { linesOf } from '../script/lines.ts';
import { type ScriptChoices, ScriptRunner } from '../script/run-script.ts';

interface ExecOptions {
  readonly file?: string;
  readonly format?: FormatName;
  readonly json?: boolean;
  readonly param: readonly string[];
  readonly timing?: boolean;
  readonly output?: string;
  readonly keepGoing?: boolean;
  readonly psql?: boolean;
  readonly singleTransaction?: boolean;
  readonly readOnly?: boolean;
}

const EXAMPLES = `
Examples:
  decentdb exec app.ddb "CREATE TABLE t (id integer PRIMARY KEY, name text)"
  decentdb exec app.ddb "SELECT * FROM t WHERE id = \\$1" --param 7 --format json
  decentdb exec app.ddb -f schema.sql
  decentdb exec app.ddb "COPY t FROM STDIN (FORMAT csv, HEADER)" < rows.csv
  decentdb exec app.ddb "COPY (SELECT * FROM t) TO STDOUT" > rows.tsv
  pg_dump --inserts mydb | decentdb exec app.ddb --psql --single-transaction
`;

/** The lines to run: the argument, the file, or what is piped in. */
function sourceLines(sql: readonly string[], options: ExecOptions): AsyncIterable<string> | Iterable<string> {
  if (sql.length > 0 && options.file !== undefined) throw new UsageError('give SQL or --file, not both');
  if (sql.length > 0) return sql.join('\n').split('\n');
  if (options.file === undefined && process.stdin.isTTY === true)
    throw new UsageError('nothing to run: give SQL, --file FILE, or pipe a script in');
  return linesOf(options.file ?? STDIN_NAME);
}

async function exec(
  path: string,
  sql: readonly string[],
  options: ExecOptions,
  context: CommandContext,
): Promise<void> {
  const lines = sourceLines(sql, options);
  const output = openOutput(options.output, context, { inPlace: true });
  const choices: ScriptChoices = {
    format: options.json === true ? 'json' : (options.format ?? defaultFormat(context.terminal)),
    params: options.param,
    timing: options.timing === true,
    keepGoing: options.keepGoing === true,
    psql: options.psql === true,
    write: (text) => output.write(text),
    ...(options.file === undefined ? {} : { name: options.file }),
  };
  try {
    await withDatabase(path, { create: true, readOnly: options.readOnly === true }, async (db) => {
      if (options.singleTransaction === true) db.exec('BEGIN');
      // "COPY t FROM STDIN" as an argument: the data is what is piped in.
      const data = sql.length > 0 && process.stdin.isTTY !== true ? linesOf(STDIN_NAME) : null;
      const succeeded = await new ScriptRunner(db, choices, context).run(lines, data);
      if (options.singleTransaction === true) db.exec(succeeded ? 'COMMIT' : 'ROLLBACK');
    });
  } finally {
    output.close();
  }
}

export const execCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('exec')
      .description('run SQL from the command line, a file or standard input')
      .argument('<database>', 'the database file; made if it is not there')
      .argument('[sql...]', 'statements, separated by semicolons')
      .option('-f, --file <file>', 'read the statements from a file ("-" is standard input)')
      .addOption(
        new Option('--format <format>', 'output format (a table on a terminal, else csv)').choices(
          FORMAT_NAMES,
        ),
      )
      .option('--json', 'the same as --format json')
      .option(
        '-p, --param <value>',
        'value of $1, $2, ... (repeat it)',
        (value, all: string[]) => [...all, value],
        [],
      )
      .option('--timing', 'print how long each statement took')
      .option('-o, --output <file>', 'write results to a file')
      .option('-k, --keep-going', 'go on after an error; the exit code still tells')
      .option('--psql', 'pass over what concerns a server in a PostgreSQL script, with a notice')
      .option('-1, --single-transaction', 'all or nothing')
      .option('--read-only', 'refuse to change anything')
      .addHelpText('after', EXAMPLES)
      .action((path: string, sql: string[], options: ExecOptions) => exec(path, sql, options, context));
  },
};
