/** `decentdb import`: loads CSV, TSV, JSON, NDJSON and SQLite files. */
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { UsageError } from '../exit-code.ts';
import { tableNameOf } from '../import/identifier.ts';
import { inputBytes, type LoadReport, loadCsv } from '../import/load-csv.ts';
import { loadJson } from '../import/load-json.ts';
import { withDatabase } from '../open-database.ts';
import { startProgress } from '../progress.ts';
import { STDIN_NAME } from '../script/lines.ts';
import { importSqlite, type SqliteImportReport } from '../sqlite/import-sqlite.ts';
import { isSqliteFile } from '../sqlite/sqlite-file.ts';

interface ImportOptions {
  readonly table?: string;
  readonly delimiter?: string;
  readonly header: boolean;
  readonly null: string;
  readonly type: readonly string[];
  readonly sniffRows: number;
  readonly keepNames?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Types are chosen from the first rows (--sniff-rows), or given: --type zip=text --type price=numeric(10,2).
An empty field is NULL, "" in quotes is the empty text. A file is loaded whole or not at all.

Examples:
  decentdb import app.ddb people.csv
  decentdb import app.ddb export.tsv --table events
  decentdb import app.ddb events.ndjson
  decentdb import app.ddb chinook.sqlite
  gunzip -c big.csv.gz | decentdb import app.ddb - --table big
`;

function countOf(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError('give a number of rows, or "all"');
  return count;
}

function typesOf(options: ImportOptions): Map<string, string> {
  return new Map(
    options.type.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`--type takes COLUMN=TYPE, not "${text}"`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function printReport(
  report: LoadReport,
  seconds: number,
  options: ImportOptions,
  context: CommandContext,
): void {
  if (options.json === true) {
    context.terminal.out(`${JSON.stringify({ ...report, seconds })}\n`);
    return;
  }
  const shape = report.columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  if (report.created) context.terminal.out(`created table ${report.table} (${shape})\n`);
  const rate = Math.round(report.rows / Math.max(seconds, 1e-3)).toLocaleString('en-US');
  context.terminal.out(
    `${report.rows} rows into ${report.table} in ${seconds.toFixed(2)} s (${rate} rows/s)\n`,
  );
}

function printImported(report: SqliteImportReport, options: ImportOptions, context: CommandContext): void {
  if (options.json === true) context.terminal.out(`${JSON.stringify(report)}\n`);
  else
    for (const { name, rows, columns } of report.tables)
      context.terminal.out(`${rows} rows into ${name} (${columns.join(', ')})\n`);
  for (const text of report.warnings) context.terminal.err(`WARNING:  ${text}\n`);
}

async function importFiles(
  path: string,
  files: readonly string[],
  options: ImportOptions,
  context: CommandContext,
): Promise<void> {
  if (files.includes(STDIN_NAME) && options.table === undefined)
    throw new UsageError('standard input has no name: give --table');
  const types = typesOf(options);
  await withDatabase(path, { create: true }, async (db) => {
    for (const file of files) {
      const started = performance.now();
      const bar = startProgress(context.terminal, file, inputBytes(file), 'bytes');
      try {
        if (isSqliteFile(file)) {
          const choices = {
            keepNames: options.keepNames === true,
            tables: options.table === undefined ? [] : [options.table],
            onTable: () => {},
          };
          const imported = importSqlite(db, file, choices);
          bar.stop();
          printImported(imported, options, context);
          continue;
        }
        const common = {
          table: options.table ?? tableNameOf(file),
          types,
          sniffRows: options.sniffRows,
          keepNames: options.keepNames === true,
          onProgress: (bytes: number) => bar.update(bytes),
        };
        if (/\.(json|ndjson|jsonl)$/i.test(file)) {
          const loaded = await loadJson(db, file, common);
          bar.stop();
          printReport(loaded, (performance.now() - started) / 1000, options, context);
          continue;
        }
        const report = await loadCsv(db, file, {
          ...common,
          delimiter: options.delimiter ?? (/\.(tsv|tab)$/i.test(file) ? '\t' : ','),
          hasHeader: options.header,
          nullText: options.null,
        });
        bar.stop();
        printReport(report, (performance.now() - started) / 1000, options, context);
      } finally {
        bar.stop();
      }
    }
  });
}

export const importCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('import')
      .description('load CSV, TSV, JSON, NDJSON and SQLite files, choosing types from the data')
      .argument('<database>', 'the database file; made if it is not there')
      .argument(
        '<files...>',
        'files by their ending; SQLite files by their content ("-" is CSV from standard input)',
      )
      .option('-t, --table <name>', 'the table to load into (default: the name of the file)')
      .option('-d, --delimiter <character>', 'between fields (default: a comma, a tab for .tsv)')
      .option('--no-header', 'the first line is data; columns are called column_1, ...')
      .option('--null <text>', 'text that means NULL, besides the empty field', '')
      .option(
        '--type <column=type>',
        'the type of a column (repeat it)',
        (value, all: string[]) => [...all, value],
        [],
      )
      .option('--sniff-rows <count>', 'rows looked at to choose types, or "all"', countOf, 10_000)
      .option('--keep-names', 'keep column names exactly as the header has them')
      .option('--json', 'print what was loaded as JSON')
      .addHelpText('after', EXAMPLES)
      .action((path: string, files: string[], options: ImportOptions) =>
        importFiles(path, files, options, context),
      );
  },
};
