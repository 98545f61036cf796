/** `decentdb describe`: columns, indexes and constraints of a table. */
import type { Command } from 'commander';
import { describeTable, listTables, type TableDescription } from '../catalog-queries.ts';
import type { CommandContext, CommandModule } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { boxLines } from '../format/table.ts';
import { withDatabase } from '../open-database.ts';
import type { Terminal } from '../terminal.ts';

const TEXT = 25;

function print(table: TableDescription, terminal: Terminal): void {
  terminal.out(`${terminal.paint('bold', `${table.kind} ${table.schema}.${table.name}`)}\n`);
  const [box] = boxLines(
    {
      command: 'SELECT',
      returnsRows: true,
      columns: ['column', 'type', 'null', 'default'].map((name) => ({ name, typeOid: TEXT })),
      rows: table.columns.map((one) => [
        one.name,
        one.type,
        one.nullable ? '' : 'not null',
        one.default ?? '',
      ]),
      rowCount: table.columns.length,
    },
    terminal,
  );
  terminal.out(box ?? '');
  for (const [label, list] of [
    ['Indexes', table.indexes],
    ['Constraints', table.constraints],
  ] as const) {
    if (list.length === 0) continue;
    terminal.out(`${terminal.paint('bold', label)}\n`);
    for (const { name, definition } of list) terminal.out(`  ${name}: ${definition}\n`);
  }
}

export const describeCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('describe')
      .description('show columns, indexes and constraints of a table')
      .argument('<database>', 'the database file')
      .argument('<table>', 'its name, or schema.name')
      .option('--json', 'print JSON')
      .action((path: string, name: string, options: { json?: boolean }) =>
        withDatabase(path, { readOnly: true }, (db) => {
          const table = describeTable(db, name);
          if (table === undefined) {
            const known = listTables(db).map((one) => one.name);
            context.terminal.err(
              `there is no table "${name}"; ${known.length === 0 ? 'there are none' : `there are ${known.join(', ')}`}\n`,
            );
            context.setExitCode(EXIT.statement);
          } else if (options.json === true) context.terminal.out(`${JSON.stringify(table, null, 1)}\n`);
          else print(table, context.terminal);
        }),
      );
  },
};
