/** Commands of psql that concern definitions, variables, parameters, and help with syntax. */
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { UsageError } from '../exit-code.ts';
import { sparkText } from '../format/plot.ts';
import { queryTable } from '../format/result-table.ts';
import { refuseDatabase } from '../output.ts';
import { needed, unquoted } from './arguments.ts';
import { edit, type Work } from './more-commands.ts';
import type { Shell } from './shell.ts';
import { syntaxHelp } from './syntax-help.ts';

export const PSQL_COMMANDS: Readonly<Record<string, Work>> = {
  '\\h': (shell, _, rest) => shell.showPage(syntaxHelp(rest)),
  '\\bind': (shell, args) => shell.bind(args.map(unquoted)),
  '\\sf': (shell, [name]) => showFunction(shell, needed(name, '\\sf FUNCTION')),
  '\\sv': (shell, [name]) => shell.write(`${viewText(shell, name)}\n`),
  '\\ef': (shell, [name]) =>
    edit(shell, undefined, functionText(shell, needed(name, '\\ef FUNCTION')).join(';\n')),
  '\\ev': (shell, [name]) => edit(shell, undefined, viewText(shell, name)),
  '\\prompt': prompt,
  '\\setenv': (_, [name, value]) => {
    const variable = needed(name, '\\setenv NAME [VALUE]');
    if (value === undefined) delete process.env[variable];
    else process.env[variable] = unquoted(value);
  },
  '\\encoding': (shell) => shell.say('UTF8'),
  '\\s': (shell, [file]) => {
    const text = shell.history().join('\n');
    if (file === undefined) shell.showPage(`${text}\n`);
    else {
      refuseDatabase(unquoted(file));
      writeFileSync(unquoted(file), `${text}\n`);
    }
  },
  '\\a': (shell) => {
    shell.settings.format = shell.settings.format === 'list' ? 'table' : 'list';
    shell.say(`Output format is ${shell.settings.format}.`);
  },
  '\\H': (shell) => {
    shell.settings.format = shell.settings.format === 'html' ? 'table' : 'html';
    shell.say(`Output format is ${shell.settings.format}.`);
  },
  '\\spark': (shell, [name]) => {
    if (shell.lastResult === null) throw new UsageError('there is no result yet');
    shell.write(sparkText(shell.lastResult, name ?? null, shell.context.terminal.columns));
  },
  '\\c': () => {
    throw new UsageError('one shell has one database open: leave with \\q, then "decentdb FILE"');
  },
  '\\copyright': (shell) => shell.say('DecentDB is free software under the Apache License, version 2.0.'),
};

function functionText(shell: Shell, name: string): string[] {
  const [, schema, plain] = /^(?:(\w+)\.)?(\w+)/.exec(name) ?? [];
  const { rows } = queryTable(
    shell.db,
    `SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.proname = $1 AND ($2::text IS NULL OR n.nspname = $2) AND p.prokind IN ('f', 'p')`,
    [plain ?? name, schema ?? null],
  );
  const found = rows.flatMap(([text]) => (text === null || text === undefined ? [] : [text.trimEnd()]));
  if (found.length === 0) throw new UsageError(`function "${name}" does not exist`);
  return found;
}

function showFunction(shell: Shell, name: string): void {
  for (const text of functionText(shell, name)) shell.write(`${text}\n`);
}

/** `name` in double quotes is taken as it is, as in SQL. */
function viewText(shell: Shell, name: string | undefined): string {
  if (name === undefined) throw new UsageError('usage: \\sv VIEW');
  const { rows } = queryTable(
    shell.db,
    "SELECT c.relkind::text, pg_get_viewdef(c.oid), c.oid::regclass::text FROM pg_class c WHERE c.oid = $1::regclass AND c.relkind IN ('v', 'm')",
    [name],
  );
  const [kind, text, shown] = rows[0] ?? [];
  if (text === undefined || text === null) throw new UsageError(`"${name}" is not a view`);
  const head = kind === 'm' ? 'CREATE MATERIALIZED VIEW' : 'CREATE OR REPLACE VIEW';
  return `${head} ${shown ?? name} AS\n${text.replace(/;\s*$/, '')}`;
}

/** `\\prompt [TEXT] NAME`: a line that is typed becomes a variable. */
async function prompt(shell: Shell, args: readonly string[]): Promise<void> {
  const name = needed(args.at(-1), '\\prompt [TEXT] NAME');
  const text = args.length > 1 ? unquoted(args[0] as string) : '';
  if (shell.ask !== null) {
    shell.variables.set(name, await shell.ask(text));
    return;
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    shell.variables.set(name, await reader.question(text));
  } finally {
    reader.close();
  }
}
