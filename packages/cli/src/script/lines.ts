/**
 * Lines of a UTF-8 file or stream.
 *
 * I1  Only \n ends a line (Node's readline also cuts at U+2028 and at a lone \r, which may be data).
 * I2  Bytes that are not UTF-8 are an error, never a replacement character. A byte order mark is dropped.
 */
import { createReadStream } from 'node:fs';
import { InputError } from '../exit-code.ts';

export const STDIN_NAME = '-';

function sourceOf(path: string): AsyncIterable<Uint8Array> {
  return path === STDIN_NAME ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 });
}

/** Why a file could not be read, in words. */
export function inputError(path: string, cause: unknown): InputError {
  if (cause instanceof InputError) return cause;
  const name = path === STDIN_NAME ? 'standard input' : `"${path}"`;
  if (cause instanceof TypeError) return new InputError(`${name} is not UTF-8 text`, { cause });
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new InputError(`cannot read ${name}: there is no such file`, { cause });
  if (code === 'EISDIR') return new InputError(`cannot read ${name}: it is a directory`, { cause });
  if (code === 'EACCES') return new InputError(`cannot read ${name}: permission denied`, { cause });
  return new InputError(`cannot read ${name}: ${message}`, { cause });
}

/** The lines of the file at `path` (`-` is standard input), without their \n. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  try {
    for await (const chunk of sourceOf(path)) {
      const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = pieces.pop() ?? '';
      yield* pieces;
    }
    rest += decoder.decode();
  } catch (cause) {
    throw inputError(path, cause);
  }
  if (rest !== '') yield rest;
}
