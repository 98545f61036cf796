/** Where a command's text goes: standard output, or the file `--output` names. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { CommandContext } from './command.ts';
import { InputError } from './exit-code.ts';

export interface Output {
  write(text: string): void;
  close(): void;
}

export function openOutput(path: string | undefined, context: CommandContext): Output {
  if (path === undefined || path === '-')
    return { write: (text) => context.terminal.out(text), close: () => {} };
  try {
    const file = openSync(path, 'w');
    return { write: (text) => void writeSync(file, text), close: () => closeSync(file) };
  } catch (cause) {
    throw new InputError(`cannot write "${path}": ${(cause as Error).message}`, { cause });
  }
}
