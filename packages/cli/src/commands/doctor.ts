/** `decentdb doctor`: looks for damage, waste and risk; says what it saw and what to do. Changes nothing. */
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { type Diagnosis, diagnose } from '../doctor/diagnose.ts';
import { EXIT } from '../exit-code.ts';
import { withReader } from '../open-database.ts';
import { withProgress } from '../progress.ts';
import type { Style } from '../terminal.ts';

const STYLES: Readonly<Record<Diagnosis['severity'], Style>> = {
  error: 'red',
  warning: 'yellow',
  advice: 'cyan',
};

export const doctorCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('doctor')
      .description('look for damage, waste and risk: findings with evidence and remedy')
      .argument('<database>', 'the database file')
      .option('--json', 'print the findings as JSON')
      .action((path: string, options: { json?: boolean }) =>
        withReader(path, async (db) => {
          const { terminal } = context;
          const labels = { pages: 'reading', rows: 'checking' };
          const report = await withProgress(context, labels, (operation) => db.check(operation));
          if (report === undefined) return;
          const findings = diagnose(db.sync, path, report);
          if (findings.some(({ severity }) => severity === 'error')) context.setExitCode(EXIT.damaged);
          if (options.json === true) {
            terminal.out(`${JSON.stringify(findings, null, 1)}\n`);
            return;
          }
          for (const { severity, title, evidence, remedy } of findings)
            terminal.out(
              `${terminal.paint(STYLES[severity], severity)}: ${title}\n    seen: ${evidence}\n    do: ${remedy}\n`,
            );
          terminal.out(findings.length === 0 ? 'nothing to report\n' : `${findings.length} findings\n`);
        }),
      );
  },
};
