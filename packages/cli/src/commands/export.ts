/** `decentdb export`: the rows of a table or query as CSV, TSV, JSON, NDJSON, Parquet or SQL. */
import { extname } from 'node:path';
import { type Command, Option } from 'commander';
import { describeTable } from '../catalog-queries.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { sqlLiteral } from '../dump/copy-text.ts';
import { UsageError } from '../exit-code.ts';
import { formatResult } from '../format/formats.ts';
import { parquetBytes } from '../format/parquet.ts';
import { queryTable, type ResultTable } from '../format/result-table.ts';
import { unpackedName } from '../import/byte-input.ts';
import { quoted } from '../import/identifier.ts';
import { withDatabase } from '../open-database.ts';
import { withOutput } from '../output.ts';

const FORMATS = ['csv', 'tsv', 'json', 'ndjson', 'parquet', 'sql'] as const;
type ExportFormat = (typeof FORMATS)[number];

interface ExportOptions {
  readonly format?: ExportFormat;
  readonly output?: string;
  readonly param: readonly string[];
  readonly into?: string;
}

const EXAMPLES = `
Without --format the name of the output file decides (.csv .tsv .json .ndjson .jsonl .parquet .sql), else it is csv.
A name that ends in .gz or .zst is packed.

Examples:
  decentdb export app.ddb customer -o customer.csv
  decentdb export app.ddb "SELECT * FROM orders WHERE made > \\$1" --param 2024-01-01 --format ndjson
  decentdb export app.ddb customer --format sql --into customer_copy
`;

function formatOf(options: ExportOptions): ExportFormat {
  if (options.format !== undefined) return options.format;
  const ending = extname(unpackedName(options.output ?? ''))
    .slice(1)
    .toLowerCase();
  if (ending === 'jsonl') return 'ndjson';
  return FORMATS.find((one) => one === ending) ?? 'csv';
}

/** Whether what was asked for is a query rather than a name. */
function isQuery(what: string): boolean {
  return /^\s*(select|with|values|table|show|explain|\()/i.test(what) && /\s/.test(what.trim());
}

function* insertLines(table: ResultTable, into: string): Generator<string> {
  const names = table.columns.map(({ name }) => quoted(name)).join(', ');
  for (const row of table.rows)
    yield `INSERT INTO ${into} (${names}) VALUES (${row.map(sqlLiteral).join(', ')});\n`;
}

/** Characters written at once. */
const PIECE_CHARACTERS = 1 << 16;

/** Lines joined to pieces worth a write each. */
function* gathered(pieces: Iterable<string | Uint8Array>): Generator<string | Uint8Array> {
  let text = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece;
    if (text.length >= PIECE_CHARACTERS || (typeof piece !== 'string' && text !== '')) {
      yield text;
      text = '';
    }
    if (typeof piece !== 'string') yield piece;
  }
  if (text !== '') yield text;
}

function exportRows(
  path: string,
  what: string,
  options: ExportOptions,
  context: CommandContext,
): Promise<void> {
  return withDatabase(path, { readOnly: true }, async (db) => {
    const table = isQuery(what) ? undefined : describeTable(db, what);
    if (table === undefined && !isQuery(what)) throw new UsageError(`there is no table "${what}"`);
    const name = table === undefined ? '' : `${quoted(table.schema)}.${quoted(table.name)}`;
    const result = queryTable(db, table === undefined ? what : `SELECT * FROM ${name}`, options.param);
    const format = formatOf(options);
    if (format === 'sql' && table === undefined && options.into === undefined)
      throw new UsageError('SQL of a query needs the name of a table: give --into');
    await withOutput(options.output, context, (output) => {
      const pieces: Iterable<string | Uint8Array> =
        format === 'parquet'
          ? [parquetBytes(result)]
          : format === 'sql'
            ? insertLines(result, options.into === undefined ? name : quoted(options.into))
            : formatResult(result, format, context.terminal);
      for (const piece of gathered(pieces)) output.write(piece);
    });
    if (options.output !== undefined)
      context.terminal.err(`${result.rows.length} rows to ${options.output}\n`);
  });
}

export const exportCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('export')
      .description('write a table or the result of a query to a file')
      .argument('<database>', 'the database file')
      .argument('<what>', 'a table, or a query')
      .addOption(new Option('-f, --format <format>', 'output format').choices(FORMATS))
      .option('-o, --output <file>', 'write to a file')
      .option(
        '-p, --param <value>',
        'value of $1, $2, ... (repeat it)',
        (one, all: string[]) => [...all, one],
        [],
      )
      .option('--into <table>', 'with --format sql: the table the statements fill')
      .addHelpText('after', EXAMPLES)
      .action((path: string, what: string, options: ExportOptions) =>
        exportRows(path, what, options, context),
      );
  },
};
