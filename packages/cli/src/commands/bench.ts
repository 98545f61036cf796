/** `decentdb bench`: how fast a query is, or this machine. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { InputError, UsageError } from '../exit-code.ts';
import { measureMachine } from '../measure/machine.ts';
import { type Measured, measure } from '../measure/measure.ts';
import { withDatabase } from '../open-database.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface BenchOptions {
  readonly seconds: number;
  readonly param: readonly string[];
  readonly folder?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
With a database and a query: runs the query again and again, reading only. Without: loads rows into a new file, commits, reads by key
and scans; --folder says on which disk. The file is removed afterwards.

Examples:
  decentdb bench
  decentdb bench --folder /mnt/data --seconds 5
  decentdb bench app.ddb "SELECT count(*) FROM orders WHERE made > \\$1" -p 2024-01-01
`;

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 3600)) throw new InvalidArgumentError('give seconds, up to 3600');
  return seconds;
}

function print(results: readonly Measured[], options: BenchOptions, context: CommandContext): void {
  const { terminal } = context;
  if (options.json === true) {
    terminal.out(`${JSON.stringify(results, null, 1)}\n`);
    return;
  }
  for (const { name, unit, perSecond, medianMs, p95Ms, slowestMs } of results) {
    const rate = Math.round(perSecond).toLocaleString('en-US');
    const times = [medianMs, p95Ms, slowestMs].map((ms) => ms.toFixed(3)).join(' / ');
    terminal.out(`${name}\n    ${rate} ${unit}/s; a run takes ${times} ms (median / 95% / slowest)\n`);
  }
}

function measureQuery(
  path: string,
  sql: string,
  options: BenchOptions,
  signal: AbortSignal,
): Promise<Measured> {
  return withDatabase(path, { readOnly: true }, (db) => {
    const statement = db.prepare(sql);
    const run = (): number => {
      statement.all(...options.param);
      return 1;
    };
    return measure(sql, 'runs', options.seconds, run, signal);
  });
}

async function measureHere(options: BenchOptions, signal: AbortSignal): Promise<readonly Measured[]> {
  const parent = options.folder ?? tmpdir();
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new InputError(`there is no folder "${parent}"`);
  const folder = mkdtempSync(join(parent, 'decentdb-bench-'));
  try {
    const results: Measured[] = [];
    for await (const one of measureMachine(join(folder, 'bench.ddb'), options.seconds, signal))
      results.push(one);
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bench(
  path: string | undefined,
  sql: string | undefined,
  options: BenchOptions,
  context: CommandContext,
): Promise<void> {
  if (path !== undefined && sql === undefined) throw new UsageError('give a query too: what is measured');
  if (path !== undefined && options.folder !== undefined)
    throw new UsageError('--folder goes without a database');
  const results = await untilInterrupted(context, async (signal) =>
    path === undefined || sql === undefined
      ? measureHere(options, signal)
      : [await measureQuery(path, sql, options, signal)],
  );
  if (results !== undefined) print(results, options, context);
}

export const benchCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('bench')
      .description('measure a query, or what this machine can do')
      .argument('[database]', 'the database file; it is only read')
      .argument('[sql]', 'the query')
      .option('--seconds <seconds>', 'for each measurement, at least', secondsOf, 1)
      .option(
        '-p, --param <value>',
        'value of $1, $2, ... (repeat it)',
        (one, all: string[]) => [...all, one],
        [],
      )
      .option('--folder <path>', 'where the new file is made (default: the folder of temporary files)')
      .option('--json', 'print the measurements as JSON')
      .addHelpText('after', EXAMPLES)
      .action((path: string | undefined, sql: string | undefined, options: BenchOptions) =>
        bench(path, sql, options, context),
      );
  },
};
