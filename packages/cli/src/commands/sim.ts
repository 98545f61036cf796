/** `decentdb sim`: cuts the power at every moment of a SQL script of one's own, and looks at what is left. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { DecentDbError } from 'decentdb';
import { type CrashReport, crashTest, FaultyVfs, MemoryVfs } from 'decentdb/testing';
import type { CommandContext, CommandModule } from '../command.ts';
import { EXIT, InputError, UsageError } from '../exit-code.ts';
import { startProgress } from '../progress.ts';
import { reasonOf } from '../script/input-error.ts';
import { readScript } from '../script/statement-reader.ts';
import { countOperations, scriptWorkload } from '../simulate/script-workload.ts';

interface SimOptions {
  readonly seed: number;
  readonly states: number;
  readonly depth: number;
  readonly subsets: number;
  readonly kills?: boolean;
  readonly durability: 'full' | 'deferred';
  readonly pageSize: number;
  readonly only?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  decentdb sim orders.sql
  decentdb sim orders.sql --states 20000 --depth 1 --kills
  decentdb sim orders.sql --only "37: all dropped"         one state again, as a failure names it

The script runs once in memory, on files that record every write, sync, rename and deletion. Then each disk that a power cut could have
left is opened: what was acknowledged must be there, nothing half done may be, the check must be clean, and it must take writes again.
`;

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('must be a whole number.');
  return value;
}

function oneOf(text: string): 'full' | 'deferred' {
  if (text !== 'full' && text !== 'deferred') throw new InvalidArgumentError('must be full or deferred.');
  return text;
}

export const simCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('sim')
      .description('crash simulator: cut the power at every moment of a SQL script; exit code 1 on a failure')
      .argument('<script>', 'a file of SQL statements')
      .option('--seed <n>', 'seed of the random mixtures', whole, 1)
      .option('--states <n>', 'different crash states to open at most', whole, 2000)
      .option('--subsets <n>', 'random mixtures at each point', whole, 4)
      .option('--depth <n>', 'crash again inside recovery, so many levels deep', whole, 0)
      .option('--kills', 'kill the process too, and cut the power while the next one recovers')
      .option('--durability <mode>', 'full or deferred', oneOf, 'full')
      .option('--page-size <bytes>', 'bytes of a page', whole, 4096)
      .option('--only <id>', 'replay one state')
      .option('--json', 'print the report as JSON')
      .addHelpText('after', EXAMPLES)
      .action((path: string, options: SimOptions) => simulate(path, options, context));
  },
};

function statementsOf(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InputError(`cannot read "${path}": ${reasonOf(cause)}`, { cause });
  }
  return readScript(text).map((item) => {
    if (item.kind !== 'statement') throw new UsageError('a script to simulate holds SQL statements only');
    return item.text;
  });
}

function simulate(path: string, options: SimOptions, context: CommandContext): void {
  const { terminal } = context;
  const statements = statementsOf(path);
  const { durability, pageSize, seed, states, depth, subsets } = options;
  const workload = scriptWorkload(path, { statements, durability, pageSize });
  // Once without crashes: a statement that fails shows here, and the number of moments is known.
  const operations = countOperations(workload, new FaultyVfs(new MemoryVfs()));
  const bar = startProgress(terminal, 'simulating', states, 'states');
  const started = performance.now();
  let report: CrashReport;
  try {
    report = crashTest(workload, {
      seed,
      randomSubsets: subsets,
      nestedDepth: depth,
      statesMax: states,
      // Fewer states than moments would leave the end of the script out: rather some moments all over it.
      pointStride: Math.max(1, Math.floor((operations * STATES_PER_POINT) / Math.max(states, 1))),
      ...(options.kills === true ? { killStride: Math.max(1, Math.floor(operations / 50)) } : {}),
      ...(options.only === undefined ? {} : { only: options.only }),
      onProgress: ({ distinct }) => bar.update(Math.min(distinct, states), states),
    });
  } catch (error) {
    if (error instanceof DecentDbError) throw error;
    throw new InputError(`the simulation could not go on: ${String(error)}`, { cause: error });
  } finally {
    bar.stop();
  }
  const seconds = (performance.now() - started) / 1000;
  if (options.json === true)
    terminal.out(
      `${JSON.stringify({ ...report, statements: statements.length, operations, seed, seconds }, null, 1)}\n`,
    );
  else tell(report, { statements: statements.length, operations, seconds }, context);
  if (report.failures.length > 0) context.setExitCode(EXIT.statement);
}

/** Different states a point gives, about: what the stride is reckoned with. */
const STATES_PER_POINT = 4;

function tell(
  report: CrashReport,
  figures: { readonly statements: number; readonly operations: number; readonly seconds: number },
  { terminal }: CommandContext,
): void {
  for (const { oracle, detail, id } of report.failures)
    terminal.out(
      `${terminal.paint('red', `${oracle} broken`)}: ${detail}\n  replay: --only ${JSON.stringify(id)}\n`,
    );
  const { statements, operations, seconds } = figures;
  terminal.out(
    `${statements} statements, ${operations} file operations; ${report.points} moments, ${report.states} crash states, ` +
      `${report.distinct} different ones opened in ${seconds.toFixed(1)} s: ${
        report.failures.length === 0
          ? terminal.paint('green', 'nothing lost, nothing half done')
          : terminal.paint('red', `${report.failures.length} failures`)
      }\n`,
  );
}
