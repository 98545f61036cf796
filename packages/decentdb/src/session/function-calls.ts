/**
 * Calls from a statement into JavaScript of the application.
 *
 * I1  `functionDepth` is back at what it was when the call ends, however it ends.
 * I2  What is thrown becomes a DecentDbError with the thrown thing as cause; too deep a recursion is 54001.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Session } from './session.ts';

/**
 * Statements inside functions inside statements ...: each level takes some 4 kB of the JavaScript stack, which holds about 250
 * by default; the limit stays far from the end, where an overflow could strike anywhere.
 */
export const FUNCTION_DEPTH_MAX = 100;

/** Runs `call` for function `name`; with `mayWrite` statements it runs may change data. */
export function callFunction<T>(session: Session, name: string, call: () => T, mayWrite = false): T {
  const { mayFunctionWrite } = session;
  if (session.functionDepth >= FUNCTION_DEPTH_MAX) throw tooDeep();
  session.functionDepth++;
  session.mayFunctionWrite = mayWrite;
  try {
    const result = call();
    if (isThenable(result))
      throw new DecentDbError('22023', `function "${name}" returned a promise`, {
        hint: 'Functions called by SQL must return their value at once.',
      });
    return result;
  } catch (error) {
    throw asStatementError(error, name);
  } finally {
    session.functionDepth--;
    session.mayFunctionWrite = mayFunctionWrite;
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function asStatementError(error: unknown, name: string): unknown {
  if (error instanceof DecentDbError) return error;
  if (error instanceof RangeError && /call stack/i.test(error.message)) return tooDeep(error);
  const text = error instanceof Error ? error.message : String(error);
  return new DecentDbError('38000', `function "${name}" failed: ${text}`, { cause: error });
}

function tooDeep(cause?: unknown): DecentDbError {
  return new DecentDbError('54001', 'stack depth limit exceeded', {
    hint: `Functions and triggers may run statements that call functions and triggers, ${FUNCTION_DEPTH_MAX} levels deep.`,
    cause,
  });
}
