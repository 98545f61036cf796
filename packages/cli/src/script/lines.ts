/**
 * Lines of a UTF-8 file or stream.
 *
 * I1  Only \n ends a line (Node's readline also cuts at U+2028 and at a lone \r, which may be data).
 * I2  Bytes that are not UTF-8 are an error, never a replacement character. A byte order mark is dropped.
 */
import { type ByteInput, openInput } from '../import/byte-input.ts';
import { inputError } from './input-error.ts';

/** The lines of the file at `path` (`-` is standard input), without their \n. `onRead` is told between pieces, and may throw. */
export async function* linesOf(
  path: string,
  onRead: (input: ByteInput) => void = () => {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  const input = openInput(path);
  try {
    for await (const chunk of input.bytes) {
      const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = pieces.pop() ?? '';
      yield* pieces;
      onRead(input);
    }
    rest += decoder.decode();
  } catch (cause) {
    throw inputError(path, cause);
  }
  if (rest !== '') yield rest;
}
