/** `decentdb [file]`: the interactive shell. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { CommandContext, CommandModule } from '../command.ts';
import { withDatabase } from '../open-database.ts';
import { completions } from '../repl/completion-words.ts';
import { type EditedReader, editWithColors } from '../repl/line-editor.ts';
import { Shell } from '../repl/shell.ts';
import { TerminalInterrupt } from '../repl/terminal-interrupt.ts';

const HISTORY_LINES = 2000;
const END_SIGNALS = ['SIGHUP', 'SIGTERM'] as const;
const CSI = String.fromCharCode(27);

function historyPath(): string {
  return process.env['DECENTDB_HISTORY'] ?? join(homedir(), '.decentdb_history');
}

function readHistory(): string[] {
  const path = historyPath();
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .reverse();
}

/** Keeps the newest lines; a history that cannot be written is no reason to stop. */
function keepHistory(lines: readonly string[], context: CommandContext): void {
  try {
    const newest = lines.slice(0, HISTORY_LINES).reverse();
    writeFileSync(historyPath(), `${newest.join('\n')}\n`, { mode: 0o600 });
  } catch (error) {
    context.terminal.err(`the history was not kept: ${(error as Error).message}\n`);
  }
}

/** Long results go through the pager, on a terminal only. */
function page(text: string, context: CommandContext): void {
  const rows = process.stdout.rows ?? 24;
  const pager = process.env['PAGER'] ?? 'less';
  if (!context.terminal.isInteractive || pager === '' || text.split('\n').length <= rows) {
    context.terminal.out(text);
    return;
  }
  const env = { LESS: '-SRFX', ...process.env };
  const { error } = spawnSync(pager, {
    input: text,
    stdio: ['pipe', 'inherit', 'inherit'],
    shell: true,
    env,
  });
  if (error !== undefined) context.terminal.out(text);
}

/** Reads lines until the end of the input or \q. */
export function converse(shell: Shell, context: CommandContext): Promise<void> {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  let lines: string[] = isTerminal ? readHistory() : [];
  const reader = createInterface({
    input: process.stdin,
    output: isTerminal ? process.stdout : undefined,
    terminal: isTerminal,
    history: lines,
    historySize: HISTORY_LINES,
    removeHistoryDuplicates: true,
    completer: (line: string) => completions(shell.db, line, shell.pendingText),
  });
  shell.history = () => [...lines].reverse();
  if (isTerminal) shell.ask = (question) => new Promise((resolve) => reader.question(question, resolve));
  const interrupt = isTerminal
    ? new TerminalInterrupt(shell.db, (bytes) => void process.stdin.unshift(bytes))
    : null;
  if (isTerminal) editWithColors(reader as EditedReader, () => lines, context);
  reader.on('history', (all: string[]) => {
    lines = all;
  });
  const prompt = (): void => {
    if (!isTerminal) return;
    reader.setPrompt(shell.prompt);
    reader.prompt();
  };
  reader.on('SIGINT', () => {
    shell.cancel();
    context.terminal.out(`^C${CSI}[K\n`);
    // The line being typed goes too.
    reader.write(null, { ctrl: true, name: 'e' });
    reader.write(null, { ctrl: true, name: 'u' });
    prompt();
  });
  // Lines wait for one another: a script piped in must not overtake its own statements.
  let turn: Promise<void> = Promise.resolve();
  prompt();
  // The window is closed, or the machine shuts down: what was typed is kept, and the database is closed as for \\q.
  let hasEnded = false;
  const onEnd = (why: unknown): void => {
    if (hasEnded) return;
    hasEnded = true;
    // As the signal would have it, once all is done. Node.js aborts where it cannot reset a terminal that has gone.
    process.once('exit', () => process.kill(process.pid, why === 'SIGTERM' ? 'SIGTERM' : 'SIGHUP'));
    shell.cancel();
    shell.isDone = true;
    reader.close();
  };
  if (isTerminal) for (const signal of END_SIGNALS) process.on(signal, onEnd);
  // A terminal that has gone, before SIGHUP tells: it can neither be read nor set.
  if (isTerminal) for (const one of [process.stdin, reader]) one.on('error', onEnd);
  return new Promise((resolve) => {
    reader.on('line', (line) => {
      turn = turn.then(async () => {
        if (shell.isDone || shell.hasStopped) return;
        await shell.line(line);
        interrupt?.giveBack();
        if (shell.isDone || shell.hasStopped) reader.close();
        else prompt();
      });
    });
    reader.on('close', () => {
      void turn.then(async () => {
        if (!shell.isDone && !shell.hasStopped) await shell.end();
        interrupt?.close();
        for (const signal of END_SIGNALS) process.removeListener(signal, onEnd);
        if (isTerminal) keepHistory(lines, context);
        resolve();
      });
    });
  });
}

export const replCommand: CommandModule = {
  register(program: Command, context: CommandContext): void {
    program
      .command('repl')
      .description('the interactive shell; "decentdb FILE" is the same')
      .argument('[database]', 'the database file; nothing: a database in memory', ':memory:')
      .option('--read-only', 'refuse to change anything')
      .action((path: string, options: { readOnly?: boolean }) =>
        withDatabase(path, { create: true, readOnly: options.readOnly === true }, async (db) => {
          const shell = new Shell(db, path === ':memory:' ? 'memory' : path, context);
          shell.showPage = (text) => {
            if (shell.settings.usesPager) page(text, context);
            else context.terminal.out(text);
          };
          if (process.stdin.isTTY === true) shell.say(`DecentDB shell. \\? for help, \\q to leave. ${path}`);
          try {
            await converse(shell, context);
          } finally {
            shell.close();
          }
        }),
      );
  },
};
