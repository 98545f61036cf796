/**
 * Limits of the platform that a statement can run into, as errors of the catalogue.
 *
 * I1  Only what the platform throws when memory or stack is out is translated; the original stays as `cause`. Any other error is a
 *     bug and goes through as it is.
 */
import { DecentDbError } from './errors.ts';

const MEMORY =
  /allocation failed|^Invalid (?:array|typed array|string|array buffer|data view) length|maximum size exceeded|string longer than/i;

/** 53200 for memory, 54001 for the stack; anything else unchanged. */
export function platformError(error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  if (error.message.includes('call stack'))
    return new DecentDbError('54001', 'stack depth limit exceeded', { cause: error });
  if (!MEMORY.test(error.message)) return error;
  return new DecentDbError('53200', 'out of memory', {
    cause: error,
    detail: `${error.message}.`,
    hint: 'The statement was undone. Ask for less at once, or give the process more memory.',
  });
}
