/** `decentdb import`: loads CSV, TSV, JSON, NDJSON, Parquet and SQLite files, and databases of a PostgreSQL server. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Database, TextEncoding } from 'decentdb';
import type { CommandContext, CommandModule } from '../command.ts';
import { EXIT, UsageError } from '../exit-code.ts';
import { openInput, requireInput, unpackedName } from '../import/byte-input.ts';
import { tableNameOf } from '../import/identifier.ts';
import { type LoadReport, loadCsv } from '../import/load-csv.ts';
import { loadJson } from '../import/load-json.ts';
import { loadParquet } from '../import/load-parquet.ts';
import { withDatabaseToFill } from '../open-database.ts';
import { type Output, openOutput } from '../output.ts';
import { importPostgres, isPostgresUrl } from '../postgres/import-postgres.ts';
import { startProgress } from '../progress.ts';
import { STDIN_NAME } from '../script/input-error.ts';
import { importSqlite, type SqliteImportReport } from '../sqlite/import-sqlite.ts';
import { isSqliteFile } from '../sqlite/sqlite-file.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface ImportOptions {
  readonly table?: string;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly encoding?: TextEncoding;
  readonly header: boolean;
  readonly null: string;
  readonly type: readonly string[];
  readonly sniffRows: number;
  readonly keepNames?: boolean;
  readonly rejects?: string;
  readonly schema: readonly string[];
  readonly json?: boolean;
}

const EXAMPLES = `
Types are chosen from the first rows (--sniff-rows), or given: --type zip=text --type price=numeric(10,2).
An empty field is NULL, "" in quotes is the empty text. A file is loaded whole or not at all, unless --rejects names a file
for the rows that are refused. Files that end in .gz, .br or .zst are unpacked.

Examples:
  decentdb import app.ddb people.csv
  decentdb import app.ddb export.tsv.gz --table events --rejects bad.ndjson
  decentdb import app.ddb events.ndjson readings.parquet
  decentdb import app.ddb chinook.sqlite
  decentdb import app.ddb postgres://user:password@host/database --table customer
  mysqldump ... | decentdb import app.ddb - --table big --encoding latin1
`;

const ENCODINGS: readonly TextEncoding[] = ['utf-8', 'utf-16le', 'utf-16be', 'latin1', 'windows-1252'];

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

async function importFile(
  db: Database,
  file: string,
  options: ImportOptions,
  { signal, rejects }: { readonly signal: AbortSignal; readonly rejects: Output | null },
  context: CommandContext,
): Promise<void> {
  const started = performance.now();
  const total = isPostgresUrl(file) ? 0 : openInput(file).total;
  const bar = startProgress(context.terminal, isPostgresUrl(file) ? 'postgres' : file, total, 'bytes');
  const tables = options.table === undefined ? [] : [options.table];
  try {
    if (isPostgresUrl(file) || isSqliteFile(file)) {
      const imported = isPostgresUrl(file)
        ? await importPostgres(db, file, { tables, schemas: options.schema, signal })
        : importSqlite(db, file, { keepNames: options.keepNames === true, tables, onTable: () => {} });
      bar.stop();
      printImported(imported, options, context);
      return;
    }
    const report = await loadFile(db, file, options, signal, rejects, (done, all) => bar.update(done, all));
    bar.stop();
    printReport(report, (performance.now() - started) / 1000, options, context);
    if (report.rejected === undefined || report.rejected === 0) return;
    context.terminal.err(`WARNING:  ${report.rejected} rows were refused: see ${options.rejects}\n`);
    context.setExitCode(EXIT.statement);
  } finally {
    bar.stop();
  }
}

function loadFile(
  db: Database,
  file: string,
  options: ImportOptions,
  signal: AbortSignal,
  rejects: Output | null,
  onProgress: (done: number, total?: number) => void,
): Promise<LoadReport> {
  const name = unpackedName(file);
  const common = {
    table: options.table ?? tableNameOf(name),
    types: typesOf(options),
    sniffRows: options.sniffRows,
    keepNames: options.keepNames === true,
    onProgress,
    signal,
  };
  const isCsv = !/\.(json|ndjson|jsonl|parquet)$/i.test(name);
  if (rejects !== null && !isCsv) throw new UsageError('--rejects is for CSV and TSV files');
  if (/\.parquet$/i.test(name)) return loadParquet(db, file, common);
  if (!isCsv) return loadJson(db, file, common);
  return loadCsv(db, file, {
    ...common,
    delimiter: options.delimiter ?? (/\.(tsv|tab)$/i.test(name) ? '\t' : ','),
    hasHeader: options.header,
    nullText: options.null,
    ...(options.quote === undefined ? {} : { quote: options.quote }),
    ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
    ...(rejects === null ? {} : { rejects }),
  });
}

async function importFiles(
  path: string,
  files: readonly string[],
  options: ImportOptions,
  context: CommandContext,
): Promise<void> {
  if (files.includes(STDIN_NAME) && options.table === undefined)
    throw new UsageError('standard input has no name: give --table');
  for (const file of files) if (!isPostgresUrl(file)) requireInput(file);
  // Rows that were refused by all loads: a file that gets its name when the command ends. Loads that ended well stay, and so does
  // what they refused.
  const rejects = options.rejects === undefined ? null : openOutput(options.rejects, context);
  let isBegun = false;
  try {
    await withDatabaseToFill(path, (db, keep) =>
      untilInterrupted(context, async (signal) => {
        isBegun = true;
        for (const file of files) {
          await importFile(db, file, options, { signal, rejects }, context);
          keep();
        }
      }),
    );
  } finally {
    if (isBegun) rejects?.close();
    else rejects?.discard();
  }
}

const repeated = (value: string, all: string[]): string[] => [...all, value];

export const importCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('import')
      .description('load CSV, TSV, JSON, NDJSON, Parquet and SQLite files, or from PostgreSQL')
      .argument('<database>', 'the database file; made if it is not there')
      .argument(
        '<files...>',
        'files by their ending, SQLite files by their content, postgres:// addresses ("-" is CSV from standard input)',
      )
      .option('-t, --table <name>', 'the table to load into (default: the name of the file)')
      .option('-d, --delimiter <character>', 'between fields (default: a comma, a tab for .tsv)')
      .option('--quote <character>', 'around fields (default: ", an empty text for none)')
      .addOption(new Option('--encoding <name>', 'of the text (default: UTF-8)').choices(ENCODINGS))
      .option('--no-header', 'the first line is data; columns are called column_1, ...')
      .option('--null <text>', 'text that means NULL, besides the empty field', '')
      .option('--type <column=type>', 'the type of a column (repeat it)', repeated, [])
      .option('--sniff-rows <count>', 'rows looked at to choose types, or "all"', countOf, 10_000)
      .option('--keep-names', 'keep column names exactly as the header has them')
      .option('--rejects <file>', 'write rows that are refused there (NDJSON) and go on')
      .option(
        '--schema <name>',
        'of a PostgreSQL server: the schemas to load (repeat it; default: all)',
        repeated,
        [],
      )
      .option('--json', 'print what was loaded as JSON')
      .addHelpText('after', EXAMPLES)
      .action((path: string, files: string[], options: ImportOptions) =>
        importFiles(path, files, options, context),
      );
  },
};
