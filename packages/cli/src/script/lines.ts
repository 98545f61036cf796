/**
 * Lines of a UTF-8 file or stream.
 *
 * I1  Only \n ends a line (Node's readline also cuts at U+2028 and at a lone \r, which may be data).
 * I2  Bytes that are not UTF-8 are an error, never a replacement character. A byte order mark is dropped.
 */
import { openInput } from '../import/byte-input.ts';
import { inputError } from './input-error.ts';

/** The lines of the file at `path` (`-` is standard input), without their \n. */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  try {
    for await (const chunk of openInput(path).bytes) {
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
