/** `decentdb check`: verifies every page, tree and index, and says what it found. It repairs nothing. */
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { withDatabase } from '../open-database.ts';

export const checkCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('check')
      .description('verify every page, tree and index; exit code 3 when damage is found')
      .argument('<database>', 'the database file')
      .option('--json', 'print the findings as JSON')
      .action((path: string, options: { json?: boolean }) =>
        withDatabase(path, {}, (db) => {
          const { terminal } = context;
          const started = performance.now();
          const report = db.check();
          const ms = performance.now() - started;
          if (options.json === true) terminal.out(`${JSON.stringify(report, null, 1)}\n`);
          else if (report.ok)
            terminal.out(`${terminal.paint('green', 'ok')}: nothing wrong found in ${ms.toFixed(0)} ms\n`);
          else {
            for (const finding of report.findings)
              terminal.out(`${terminal.paint('red', 'damaged')}: ${finding.message}\n`);
            terminal.out('Nothing was changed. Keep a copy of the file before doing anything else.\n');
          }
          if (!report.ok) context.setExitCode(EXIT.damaged);
        }),
      );
  },
};
