/** Prints an error the way a person can act on it, and says which exit code it leads to. */
import { AssertionFailure, DecentDbError } from 'decentdb';
import { type ExitCode, exitCodeOf, InputError, OpenFailure, UsageError, WriteFailure } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** Paints the severity, the caret and the labels of `DecentDbError.format()`. */
function painted(text: string, terminal: Terminal): string {
  return text
    .split('\n')
    .map((line) => {
      if (/^\s*\^$/.test(line)) return terminal.paintErr('red', line);
      const label = /^(ERROR|DETAIL|HINT|SQLSTATE):/.exec(line)?.[0];
      if (label === undefined) return line;
      return terminal.paintErr(label === 'ERROR:' ? 'red' : 'dim', label) + line.slice(label.length);
    })
    .join('\n');
}

/** Writes what went wrong to stderr, after `where`, and returns its exit code. */
export function report(reported: unknown, terminal: Terminal, where = ''): ExitCode {
  const error = reported instanceof OpenFailure ? reported.cause : reported;
  if (error instanceof AssertionFailure)
    terminal.err(`${where}${painted(error.format(), terminal)}\n${error.stack ?? ''}\n`);
  else if (error instanceof DecentDbError) terminal.err(`${where}${painted(error.format(), terminal)}\n`);
  else if (error instanceof UsageError || error instanceof InputError || error instanceof WriteFailure)
    terminal.err(`${where}${terminal.paintErr('red', 'error:')} ${error.message}\n`);
  else terminal.err(`${where}${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodeOf(reported);
}
