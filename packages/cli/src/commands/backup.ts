/** `decentdb backup` and `decentdb vacuum`: copies of a database file. */
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { bytesText, filesOf } from '../database-files.ts';
import { withDatabase } from '../open-database.ts';
import { startProgress } from '../progress.ts';

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
        withDatabase(path, {}, async (db) => {
          const bar = startProgress(context.terminal, 'backup', 0, 'pages');
          try {
            const result = await db.backup(target, {
              overwrite: options.overwrite === true,
              progress: ({ pages, pagesTotal }) => bar.update(pages, pagesTotal),
            });
            bar.stop();
            if (options.json === true) context.terminal.out(`${JSON.stringify(result)}\n`);
            else
              context.terminal.out(
                `${result.path}: ${result.pages} pages, ${bytesText(result.bytes)}, verified\n`,
              );
          } finally {
            bar.stop();
          }
        }),
      );
  },
};

export const vacuumCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('vacuum')
      .description('write tables and indexes anew: in place, or with --into as a short new file')
      .argument('<database>', 'the database file')
      .option('--into <file>', 'write a compact copy into a new file; the database stays as it is')
      .option('--overwrite', 'with --into: replace a file that is there')
      .option('--json', 'print the result as JSON')
      .action((path: string, options: BackupOptions & { readonly into?: string }) =>
        withDatabase(path, {}, (db) => {
          const before = filesOf(path).databaseBytes;
          let report: Record<string, unknown>;
          if (options.into === undefined) {
            db.exec('VACUUM');
            db.checkpoint();
            const { pages, freePages } = db.check();
            report = { path, bytesBefore: before, bytes: filesOf(path).databaseBytes, pages, freePages };
          } else report = { ...db.vacuumInto(options.into, { overwrite: options.overwrite === true }) };
          if (options.json === true) context.terminal.out(`${JSON.stringify(report)}\n`);
          else
            context.terminal.out(
              `${String(report['path'])}: ${bytesText(Number(report['bytesBefore']))} -> ${bytesText(Number(report['bytes']))}` +
                `${report['freePages'] === undefined ? '' : `, ${String(report['freePages'])} of ${String(report['pages'])} pages free for reuse`}\n`,
            );
        }),
      );
  },
};
