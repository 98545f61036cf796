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
  const { code } = cause as NodeJS.ErrnoException;
  const reason = code === 'ENOENT' ? 'there is no such file' : reasonOf(cause);
  return new InputError(`cannot read ${name}: ${reason}`, { cause });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOENT: 'there is no such folder',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of the path is not a folder',
  EROFS: 'the disk is read-only',
};

/** What the operating system said about a file, in words. */
export function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}
