/** `decentdb info`: what kind of file this is, and where its bytes are. */
import type { Command } from 'commander';
import { listTables } from '../catalog-queries.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { bytesText, filesOf } from '../database-files.ts';
import { withDatabase } from '../open-database.ts';

export const infoCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('info')
      .description('show sizes, pages and log of a database')
      .argument('<database>', 'the database file')
      .option('--json', 'print JSON')
      .action((path: string, options: { json?: boolean }) =>
        withDatabase(path, { readOnly: true }, (db) => {
          const files = filesOf(path);
          const stats = db.stats();
          const tables = listTables(db).length;
          if (options.json === true) {
            context.terminal.out(`${JSON.stringify({ path, files, tables, stats }, null, 1)}\n`);
            return;
          }
          const facts: readonly (readonly [string, string])[] = [
            ['file', `${path}, ${bytesText(files.databaseBytes)}`],
            ['log', bytesText(files.logBytes)],
            ['pages', `${stats.pageCount} of ${bytesText(stats.pageBytes)}, ${stats.freePages} free`],
            ['tables', `${tables}`],
            ['durability', stats.durability],
          ];
          for (const [name, value] of facts) context.terminal.out(`${name.padEnd(12)}${value}\n`);
        }),
      );
  },
};
