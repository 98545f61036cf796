/** Commands of the shell about variables, editing, plots, the system and the last error. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../exit-code.ts';
import { crosstab } from '../format/crosstab.ts';
import { refuseDatabase } from '../output.ts';
import { needed, switched, unquoted } from './arguments.ts';
import type { Shell } from './shell.ts';

export type Work = (shell: Shell, args: readonly string[], rest: string) => unknown;

export const MORE_COMMANDS: Readonly<Record<string, Work>> = {
  '\\set': (shell, [name, ...values]) => {
    if (name === undefined)
      for (const [key, value] of [...shell.variables.values].sort()) shell.write(`${key} = '${value}'\n`);
    else {
      if (!/^\w+$/.test(name)) throw new UsageError(`invalid variable name: "${name}"`);
      shell.variables.set(name, values.map((one) => valueOf(shell, one)).join(''));
    }
  },
  '\\unset': (shell, [name]) => shell.variables.unset(needed(name, '\\unset NAME')),
  '\\e': (shell, [file]) => edit(shell, file),
  '\\p': (shell) => shell.write(`${shell.buffer}\n`),
  '\\r': (shell) => {
    shell.cancel();
    shell.say('Query buffer reset (cleared).');
  },
  '\\w': (shell, [file]) => {
    const path = needed(file, '\\w FILE');
    refuseDatabase(path);
    writeFileSync(path, `${shell.buffer}\n`);
  },
  '\\plot': (shell, args) => {
    if (shell.lastResult === null) throw new UsageError('there is no result to plot yet');
    shell.plot(shell.lastResult, args);
  },
  '\\crosstabview': (shell, args) => {
    if (shell.lastResult === null) throw new UsageError('there is no result yet');
    shell.show(crosstab(shell.lastResult, args));
  },
  '\\errverbose': (shell) => {
    const { lastError } = shell;
    if (lastError === null) shell.say('There is no previous error.');
    else {
      const { schema, table, column, constraint } = lastError;
      const places = Object.entries({ schema, table, column, constraint }).filter(
        ([, value]) => value !== undefined,
      );
      shell.write(
        `${lastError.format()}\n${places.map(([name, value]) => `${name}: ${String(value)}\n`).join('')}`,
      );
    }
  },
  '\\!': (_, __, rest) => {
    spawnSync(rest === '' ? (process.env['SHELL'] ?? 'sh') : rest, { shell: true, stdio: 'inherit' });
  },
  '\\cd': (_, [folder]) => process.chdir(folder === undefined ? homedir() : unquoted(folder)),
  '\\qecho': (shell, _, rest) => shell.write(`${rest}\n`),
  '\\warn': (shell, _, rest) => shell.context.terminal.err(`${rest}\n`),
  '\\t': (shell, [word]) => {
    shell.settings.isTuplesOnly = switched(word, shell.settings.isTuplesOnly);
    shell.say(`Tuples only is ${shell.settings.isTuplesOnly ? 'on' : 'off'}.`);
  },
  '\\getenv': (shell, [name, variable]) => {
    const value = process.env[needed(variable, '\\getenv NAME VARIABLE')];
    if (value !== undefined) shell.variables.set(needed(name, '\\getenv NAME VARIABLE'), value);
  },
  '.headers': (shell, [word]) => {
    shell.settings.isTuplesOnly = !switched(word, !shell.settings.isTuplesOnly);
  },
  '.nullvalue': (shell, [text]) => {
    shell.settings.nullText = text === undefined ? undefined : unquoted(text);
  },
  '.once': (shell, [file]) => {
    shell.onceTo = unquoted(needed(file, '.once FILE'));
  },
  '.show': (shell) => {
    const { format, isExpanded, isTiming, showsPlans, nullText, isTuplesOnly } = shell.settings;
    shell.write(
      `${Object.entries({
        mode: format,
        expanded: isExpanded,
        timer: isTiming,
        eqp: showsPlans,
        nullvalue: nullText ?? '',
        headers: !isTuplesOnly,
      })
        .map(([name, value]) => `${name.padStart(10)}: ${String(value)}`)
        .join('\n')}\n`,
    );
  },
  '.databases': (shell) => shell.say(`main: ${shell.path} ${shell.db.readOnly ? 'r/o' : 'r/w'}`),
  '.save': async (shell, [path]) => {
    const { pages } = await shell.db.backup(unquoted(needed(path, '.save FILE')), { overwrite: true });
    shell.say(`${pages} pages, verified`);
  },
  '.eqp': (shell, [word]) => {
    if (word !== undefined) {
      shell.settings.showsPlans = switched(word, false);
      return;
    }
    if (shell.buffer === '') throw new UsageError('there is no statement to explain');
    shell.showPlan(shell.buffer);
  },
};

/** A word of \\set: quotes off, variables in. */
function valueOf(shell: Shell, word: string): string {
  if (word.startsWith("'")) return unquoted(word);
  return shell.variables.expand(word);
}

/** Opens the statement, or a file, in the editor; what is saved is typed in. */
export async function edit(
  shell: Shell,
  file: string | undefined,
  text: string = shell.buffer,
): Promise<void> {
  const editor = process.env['DECENTDB_EDITOR'] ?? process.env['VISUAL'] ?? process.env['EDITOR'] ?? 'vi';
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-edit-'));
  const path = file === undefined ? join(folder, 'statement.sql') : unquoted(file);
  try {
    if (file === undefined) writeFileSync(path, text === '' ? '' : `${text};\n`);
    const { status } = spawnSync('sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
    if (status !== 0) throw new UsageError(`the editor "${editor}" failed`);
    const edited = readFileSync(path, 'utf8');
    if (edited.trim() !== '') await shell.retype(edited);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
