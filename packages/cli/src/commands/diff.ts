/** `decentdb diff`: what two databases do not have in common, and the SQL that makes the first what the second is. */
import type { Command } from 'commander';
import type { Database } from 'decentdb';
import type { CommandContext, CommandModule } from '../command.ts';
import { compareSides, type DiffChoices, sideOf, tableChanges } from '../diff/compare.ts';
import { differenceJson, printDifference } from '../diff/print-difference.ts';
import { differenceScript } from '../diff/write-script.ts';
import { EXIT, UsageError } from '../exit-code.ts';
import { withDatabase } from '../open-database.ts';
import { withOutput } from '../output.ts';

interface DiffOptions {
  readonly schemaOnly?: boolean;
  readonly roles: boolean;
  readonly table: readonly string[];
  readonly limit: string;
  readonly json?: boolean;
  readonly sql?: boolean;
  readonly output?: string;
}

const EXAMPLES = `
Schemas are compared object by object, rows by primary key (by all their values where there is none), values as text. --sql writes
one transaction that makes the first database what the second is: columns are altered where that is possible, tables that
cannot be altered so are made anew with their rows. What it cannot do is named as a warning. Exit code 0: the same, 1: different.

Examples:
  decentdb diff old.ddb new.ddb
  decentdb diff old.ddb new.ddb --schema-only --sql -o migration.sql
  decentdb diff old.ddb new.ddb --table customer --json
`;

function choicesOf(options: DiffOptions): DiffChoices {
  const rowsMax = Number(options.limit);
  if (!Number.isInteger(rowsMax) || rowsMax < 0)
    throw new UsageError(`--limit takes a number of rows, not "${options.limit}"`);
  if (options.json === true && options.sql === true) throw new UsageError('give --json or --sql, not both');
  if (options.sql === true && options.table.length > 0)
    throw new UsageError('--sql is about whole databases: leave --table out');
  return { withRows: options.schemaOnly !== true, withRoles: options.roles, tables: options.table, rowsMax };
}

async function diff(
  first: Database,
  second: Database,
  options: DiffOptions,
  context: CommandContext,
): Promise<void> {
  const choices = choicesOf(options);
  const a = sideOf(first, choices);
  const b = sideOf(second, choices);
  for (const name of choices.tables)
    if (
      sideOf(first, { ...choices, tables: [name] }).objects.length +
        sideOf(second, { ...choices, tables: [name] }).objects.length ===
      0
    )
      throw new UsageError(`neither database has a table "${name}"`);
  const tables = tableChanges(a, b, choices.withRows);
  const difference = compareSides(a, b, tables, choices);
  const { objects, rows } = difference;
  const isSame = objects.length === 0 && rows.length === 0;
  if (!isSame) context.setExitCode(EXIT.different);
  await withOutput(options.output, context, (output) => {
    if (options.sql === true) {
      const left: string[] = [];
      const { withRows } = choices;
      const different = new Set(rows.map(({ relation }) => relation));
      if (!isSame)
        for (const piece of differenceScript({ a, b, tables, withRows, different }, left))
          output.write(piece);
      for (const what of left) context.terminal.err(`WARNING:  not in the script: ${what}\n`);
    } else if (options.json === true)
      output.write(`${JSON.stringify(differenceJson(difference), null, 1)}\n`);
    else {
      const out = (text: string): void => output.write(text);
      const { paint } = context.terminal;
      const plain: typeof paint = (_, text) => text;
      printDifference(difference, {
        ...context.terminal,
        out,
        paint: options.output === undefined ? paint : plain,
      });
      if (isSame) output.write('the same\n');
    }
  });
}

export const diffCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('diff')
      .description('compare two databases, schemas and rows; exit code 1 when they differ')
      .argument('<first>', 'a database file')
      .argument('<second>', 'another')
      .option('-s, --schema-only', 'no rows, no values of sequences')
      .option('--no-roles', 'no roles, owners and grants')
      .option('-t, --table <name>', 'only this table (repeat it)', (one, all: string[]) => [...all, one], [])
      .option('--limit <rows>', 'rows shown of each table', '10')
      .option('--json', 'print the differences as JSON')
      .option('--sql', 'write the statements that make the first what the second is')
      .option('-o, --output <file>', 'write to a file')
      .addHelpText('after', EXAMPLES)
      .action((first: string, second: string, options: DiffOptions) =>
        withDatabase(first, { readOnly: true }, (one) =>
          withDatabase(second, { readOnly: true }, (other) => diff(one, other, options, context)),
        ),
      );
  },
};
