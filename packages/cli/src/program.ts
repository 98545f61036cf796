/** The command line as a whole: its commands, and what happens when one fails. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import type { CommandContext } from './command.ts';
import { COMMANDS } from './commands/all.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { report } from './report.ts';
import type { Terminal } from './terminal.ts';

function versionText(): string {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  return version;
}

const HELP_TAIL = `
Exit codes: 0 done, 1 a statement failed (diff: different), 2 wrong usage, 3 damage found, 4 cannot open, 5 I/O error, 70 a bug, 130 interrupted.
"decentdb help exec" shows one command with examples. "decentdb demo" shows everything at work.
`;

/** Builds the program with every command. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('decentdb')
    .description('DecentDB: an embedded PostgreSQL-dialect database in one file.')
    .version(versionText(), '-V, --version', 'print the version')
    .option('--no-color', 'never use colours (NO_COLOR does the same)')
    .showHelpAfterError('(add --help for what it takes)')
    .showSuggestionAfterError(true)
    .addHelpText('after', HELP_TAIL)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.out(text),
      writeErr: (text) => context.terminal.err(text),
    });
  for (const command of COMMANDS) command.register(program, context);
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

/** Whether the first word is a database rather than a command: it has the look of a file, or there is one. */
function namesFile(word: string, program: Command): boolean {
  if (word.startsWith('-') || word === 'help') return false;
  if (program.commands.some((command) => command.name() === word)) return false;
  return word === ':memory:' || /[./\\]/.test(word) || existsSync(word);
}

/** Runs one command line and returns the exit code. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const context: CommandContext = {
    terminal,
    setExitCode: (reported) => {
      code = reported;
    },
  };
  const program = createProgram(context);
  if (args.length === 0) {
    program.outputHelp();
    return EXIT.usage;
  }
  try {
    await program.parseAsync(namesFile(args[0] as string, program) ? ['repl', ...args] : args, {
      from: 'user',
    });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return report(error, terminal);
  }
  return code;
}
