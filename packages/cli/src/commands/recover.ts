/** `decentdb recover`: what can be read of a damaged database, into a new file. The damaged one is only read. */
import type { Command } from 'commander';
import { type RecoverReport, recover } from 'decentdb';
import type { CommandContext, CommandModule } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { asOpenFailure } from '../open-database.ts';
import { type Operation, withProgress } from '../progress.ts';

interface RecoverOptions {
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

export const recoverCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('recover')
      .description(
        'salvage what a damaged database still holds into a new one; exit code 3 when rows are lost',
      )
      .argument('<source>', 'the damaged database; it is only read')
      .argument('<target>', 'the new file')
      .option('--overwrite', 'replace a file that is there')
      .option('--json', 'print the report as JSON')
      .action(async (source: string, target: string, options: RecoverOptions) => {
        const report = await withProgress(context, { pages: 'reading', rows: 'writing' }, (operation) =>
          run(source, target, options, operation),
        );
        if (report === undefined) return;
        if (options.json === true) context.terminal.out(`${JSON.stringify(report, null, 1)}\n`);
        else tell(report, context);
        if (!report.isComplete) context.setExitCode(EXIT.damaged);
      });
  },
};

async function run(
  source: string,
  target: string,
  options: RecoverOptions,
  operation: Operation,
): Promise<RecoverReport> {
  try {
    return await recover(source, target, { overwrite: options.overwrite === true, ...operation });
  } catch (error) {
    throw asOpenFailure(error);
  }
}

function tell(report: RecoverReport, { terminal }: CommandContext): void {
  for (const { message } of report.findings)
    terminal.out(`${terminal.paint('yellow', 'found')}: ${message}\n`);
  for (const table of report.tables) {
    const lost = table.rowsLost === null ? 'an unknown number' : `about ${table.rowsLost}`;
    const parts = [`${table.rows} rows`];
    if (table.rowsLost !== 0) parts.push(`${lost} lost with ${table.pagesLost.length} pages`);
    if (table.rowsIncomplete > 0) parts.push(`${table.rowsIncomplete} lack a large value`);
    if (table.rowsRefused > 0) parts.push(`${table.rowsRefused} refused by a key or a check`);
    terminal.out(`${table.schema}.${table.name}: ${parts.join(', ')}\n`);
  }
  if (report.lostAndFound !== null)
    terminal.out(
      `${report.lostAndFound.rows} rows that no table took are in "${report.lostAndFound.table}"\n`,
    );
  const verdict = report.isComplete
    ? `${terminal.paint('green', 'complete')}: nothing is missing`
    : `${terminal.paint('red', 'incomplete')}: something is lost; the lines above say what`;
  terminal.out(`${report.path}: ${verdict}\n`);
}
