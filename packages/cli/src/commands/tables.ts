/** `decentdb tables`: what tables and views there are, and how many rows they hold. */
import type { Command } from 'commander';
import { countRows, listTables } from '../catalog-queries.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { boxLines } from '../format/table.ts';
import { withDatabase } from '../open-database.ts';

interface TablesOptions {
  readonly json?: boolean;
  readonly rows: boolean;
}

const TEXT = 25;
const BIGINT = 20;

export const tablesCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('tables')
      .description('list tables and views with their number of rows')
      .argument('<database>', 'the database file')
      .option('--no-rows', 'do not count the rows')
      .option('--json', 'print JSON')
      .action((path: string, options: TablesOptions) =>
        withDatabase(path, { readOnly: true }, (db) => {
          const tables = listTables(db).map((table) => ({
            ...table,
            rows: options.rows && table.kind === 'table' ? countRows(db, table) : null,
          }));
          if (options.json === true) {
            context.terminal.out(`${JSON.stringify(tables, null, 1)}\n`);
            return;
          }
          const lines = boxLines(
            {
              command: 'SELECT',
              returnsRows: true,
              columns: ['schema', 'name', 'kind', 'rows'].map((name) => ({
                name,
                typeOid: name === 'rows' ? BIGINT : TEXT,
              })),
              rows: tables.map((one) => [
                one.schema,
                one.name,
                one.kind,
                one.rows === null ? '' : `${one.rows}`,
              ]),
              rowCount: tables.length,
            },
            context.terminal,
          );
          for (const line of lines) context.terminal.out(line);
        }),
      );
  },
};
