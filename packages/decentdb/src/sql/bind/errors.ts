/**
 * Binder errors: SQLSTATE, PostgreSQL's words, and where in the text.
 *
 * I1  Locations in trees are 0-based offsets, -1 unknown; `DecentDbError.position` is 1-based, absent when unknown.
 */
import { DecentDbError, type ErrorFields } from '../../base/errors.ts';

/** An error at a place in the statement. */
export function bindError(
  code: string,
  message: string,
  location: number,
  fields: ErrorFields = {},
): DecentDbError {
  return new DecentDbError(code, message, { ...fields, position: location < 0 ? undefined : location + 1 });
}

/** 0A000 at a place: `what` completes "... is not supported". */
export function bindNotSupported(what: string, location: number): DecentDbError {
  return bindError('0A000', `${what} is not supported`, location);
}

/** Runs `action`; an error without a position gets this one (input functions do not know where their literal stood). */
export function atLocation<T>(location: number, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof DecentDbError && error.position === undefined && location >= 0)
      error.position = location + 1;
    throw error;
  }
}
