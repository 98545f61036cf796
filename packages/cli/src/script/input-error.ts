/** Why an input file could not be read, in words. */
import { DecentDbError } from 'decentdb';
import { InputError } from '../exit-code.ts';

/** The name that means standard input. */
export const STDIN_NAME = '-';

/** Why a file could not be read, in words. */
export function inputError(path: string, cause: unknown): InputError {
  if (cause instanceof InputError || cause instanceof DecentDbError) return cause as InputError;
  const name = path === STDIN_NAME ? 'standard input' : `"${path}"`;
  if (cause instanceof TypeError) return new InputError(`${name} is not UTF-8 text`, { cause });
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new InputError(`cannot read ${name}: there is no such file`, { cause });
  if (code === 'EISDIR') return new InputError(`cannot read ${name}: it is a directory`, { cause });
  if (code === 'EACCES') return new InputError(`cannot read ${name}: permission denied`, { cause });
  return new InputError(`cannot read ${name}: ${message}`, { cause });
}
