/** `decentdb check`: verifies pages, trees, indexes and constraints, and says what it found. It opens for reading and repairs nothing. */
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { withReader } from '../open-database.ts';
import { withProgress } from '../progress.ts';

export const checkCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('check')
      .description('verify every page, tree, index and constraint; exit code 3 when damage is found')
      .argument('<database>', 'the database file; it is only read')
      .option('--json', 'print the findings as JSON')
      .action((path: string, options: { json?: boolean }) =>
        withReader(path, async (db) => {
          const { terminal } = context;
          const started = performance.now();
          const labels = { pages: 'reading', rows: 'checking' };
          const report = await withProgress(context, labels, (operation) => db.check(operation));
          if (report === undefined) return;
          const ms = performance.now() - started;
          if (options.json === true) terminal.out(`${JSON.stringify(report, null, 1)}\n`);
          else if (report.ok) {
            const { pages, tables, indexes, rows } = report;
            const what = `${pages} pages, ${tables} tables, ${indexes} indexes, ${rows} rows`;
            terminal.out(
              `${terminal.paint('green', 'ok')}: nothing wrong found in ${ms.toFixed(0)} ms (${what})\n`,
            );
          } else {
            for (const finding of report.findings)
              terminal.out(`${terminal.paint('red', `damaged ${finding.kind}`)}: ${finding.message}\n`);
            terminal.out(
              'Nothing was changed. Copy the file before doing anything else; "decentdb recover" saves what is left.\n',
            );
          }
          if (!report.ok) context.setExitCode(EXIT.damaged);
        }),
      );
  },
};
