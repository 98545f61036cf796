/** `decentdb explain`: how a statement would run, or ran. */
import { type Command, Option } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { queryTable } from '../format/result-table.ts';
import { withDatabase } from '../open-database.ts';

interface ExplainOptions {
  readonly analyze?: boolean;
  readonly format: 'text' | 'json';
  readonly json?: boolean;
  readonly param: readonly string[];
}

function explainStatement(sql: string, options: ExplainOptions): string {
  const parts = [
    ...(options.analyze === true ? ['ANALYZE'] : []),
    ...(options.json === true || options.format === 'json' ? ['FORMAT JSON'] : []),
  ];
  return parts.length === 0 ? `EXPLAIN ${sql}` : `EXPLAIN (${parts.join(', ')}) ${sql}`;
}

export const explainCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('explain')
      .description('show how a statement runs; with --analyze, run it and show what happened')
      .argument('<database>', 'the database file')
      .argument('<sql>', 'one statement')
      .option('--analyze', 'run the statement and show actual rows and times')
      .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
      .option('--json', 'the same as --format json')
      .option(
        '-p, --param <value>',
        'value of $1, $2, ... (repeat it)',
        (value, all: string[]) => [...all, value],
        [],
      )
      .action((path: string, sql: string, options: ExplainOptions) =>
        withDatabase(path, { readOnly: options.analyze !== true }, (db) => {
          const table = queryTable(db, explainStatement(sql, options), options.param);
          context.terminal.out(table.rows.map((row) => `${row[0] ?? ''}\n`).join(''));
        }),
      );
  },
};
