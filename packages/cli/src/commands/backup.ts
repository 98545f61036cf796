/** `decentdb backup` and `decentdb vacuum`: copies of a database file. */
import type { Command } from 'commander';
import { type VacuumIntoResult, vacuumFileAsync } from 'decentdb';
import type { CommandContext, CommandModule } from '../command.ts';
import { bytesText } from '../database-files.ts';
import { asOpenFailure, withDatabase, withReader } from '../open-database.ts';
import { type Operation, withProgress } from '../progress.ts';

interface BackupOptions {
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

export const backupCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('backup')
      .description('copy the database into a new file: one snapshot, synced and verified')
      .argument('<database>', 'the database file')
      .argument('<target>', 'the new file')
      .option('--overwrite', 'replace a file that is there')
      .option('--json', 'print the result as JSON')
      .action((path: string, target: string, options: BackupOptions) =>
        withDatabase(path, { readOnly: true }, async (db) => {
          const overwrite = options.overwrite === true;
          const result = await withProgress(context, { pages: 'backup' }, (operation) =>
            db.backup(target, { overwrite, ...operation }),
          );
          if (result === undefined) return;
          if (options.json === true) context.terminal.out(`${JSON.stringify(result)}\n`);
          else
            context.terminal.out(
              `${result.path}: ${result.pages} pages, ${bytesText(result.bytes)}, verified\n`,
            );
        }),
      );
  },
};

function printCopy(
  report: VacuumIntoResult,
  options: { readonly json?: boolean },
  context: CommandContext,
): void {
  const { path, bytesBefore, bytes } = report;
  if (options.json === true) context.terminal.out(`${JSON.stringify(report)}\n`);
  else context.terminal.out(`${path}: ${bytesText(bytesBefore)} -> ${bytesText(bytes)}\n`);
}

/** The file itself, when it is nobody's; what keeps it from being opened is told as for any command. */
async function vacuumClosed(path: string, operation: Operation): Promise<VacuumIntoResult> {
  try {
    return await vacuumFileAsync(path, operation);
  } catch (cause) {
    throw asOpenFailure(cause);
  }
}

export const vacuumCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('vacuum')
      .description('write the database anew, in key order and without free pages: the file becomes short')
      .argument('<database>', 'the database file; nobody may have it open')
      .option('--into <file>', 'write a compact copy into a new file; the database stays as it is')
      .option('--overwrite', 'with --into: replace a file that is there')
      .option('--json', 'print the result as JSON')
      .action(async (path: string, options: BackupOptions & { readonly into?: string }) => {
        const { into, overwrite = false } = options;
        const report = await withProgress(context, { rows: 'vacuum' }, (operation) =>
          into === undefined
            ? vacuumClosed(path, operation)
            : withReader(path, (db) => db.vacuumInto(into, { overwrite, ...operation })),
        );
        if (report !== undefined) printCopy(report, options, context);
      });
  },
};
