/** What a sub-command is: one file in `commands/` that adds itself to the program. */
import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

export interface CommandContext {
  readonly terminal: Terminal;
  /** Sets the code the process leaves with, for a command that ends normally but has something to report. */
  setExitCode(code: ExitCode): void;
}

export interface CommandModule {
  register(program: Command, context: CommandContext): void;
}
